#include "services/directory/domain/directory.h"

#include "services/directory/domain/decide.h"
#include "services/directory/domain/refusals.h"

namespace directory {
namespace {

Decision Dispatch(const v1::State& s, const v1::Command& c, const Ctx& ctx) {
  using Command = v1::Command;
  switch (c.body_case()) {  // no default: a new command does not compile until it is decided here
    case Command::kPutAreas:
      return DecidePutAreas(c.put_areas(), ctx);
    case Command::kRetireArea:
      return DecideRetireArea(s.area(), c.retire_area(), ctx);
    case Command::kPutOrganisations:
      return DecidePutOrganisations(c.put_organisations(), ctx);
    case Command::kCloseOrganisation:
      return DecideCloseOrganisation(s.organisation(), c.close_organisation(), ctx);
    case Command::kCreateUser:
      return DecideCreateUser(c.create_user(), ctx);
    case Command::kChangeUser:
      return DecideChangeUser(s.user(), c.change_user(), ctx);
    case Command::kDisableUser:
      return DecideDisableUser(s.user(), c.disable_user(), ctx);
    case Command::kEnableUser:
      return DecideEnableUser(s.user());
    case Command::kUnlockUser:
      return DecideUnlockUser(s.user());
    case Command::kGrantRole:
      return DecideGrantRole(s.user(), c.grant_role(), ctx);
    case Command::kRevokeRole:
      return DecideRevokeRole(s.user(), c.revoke_role(), ctx);
    case Command::kRevokeSession:
      return DecideRevokeSession(s.session(), c.revoke_session(), ctx);
    case Command::kLoadCalendar:
      return DecideLoadCalendar(s, c.load_calendar(), ctx);
    case Command::kChangePolicy:
      return DecideChangePolicy(s, c.change_policy(), ctx);
    case Command::kFinishImport:
      return DecideFinishImport(s, c.finish_import(), ctx);
    case Command::kCreateFirstAdmin:
      return DecideCreateFirstAdmin(s, c.create_first_admin(), ctx);
    case Command::kStorePassword:
      return DecideStorePassword(s.user(), c.store_password(), ctx);
    case Command::kCountFailure:
      return DecideCountFailure(s.user(), ctx);
    case Command::kStartSession:
      return DecideStartSession(c.start_session(), ctx);
    case Command::kRotateSession:
      return DecideRotateSession(s.session(), c.rotate_session(), ctx);
    case Command::kEndSession:
      return DecideEndSession(s.session(), c.end_session(), ctx);
    case Command::kTellStaff:
      return DecideTellStaff(s.user());
    case Command::BODY_NOT_SET:
      break;
  }
  return Decision::Refuse(Invalid("NO_COMMAND", "body", "命令为空。", "The command is empty."));
}

}  // namespace

Decision DirectoryDomain::Decide(const State& state, const Command& command,
                                 const kernel::CommandContext<State>& ctx, const Reference&) {
  const Rule* rule = FindRule(command.body_case());
  if (rule == nullptr) {
    return Decision::Refuse(Invalid("NO_COMMAND", "body", "命令为空。", "The command is empty."));
  }
  Decision right;
  if (auto refusal = Authorise(*rule, state, ctx, &right)) return Decision::Refuse(*std::move(refusal));
  Decision decision = Dispatch(state, command, ctx);
  decision.acted_as = right.acted_as;
  decision.acted_for_org = std::move(right.acted_for_org);
  return decision;
}

}  // namespace directory
