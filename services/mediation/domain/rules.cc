#include "services/mediation/domain/rules.h"

#include <algorithm>

#include "base/area_code.h"
#include "services/mediation/domain/decide.h"

namespace mediation {
namespace {

using kernel::RefusalCode;
using kernel::v1::Actor, kernel::v1::Grant;
using namespace kernel::v1;  // NOLINT: the table below reads by role names alone
using v1::Command;

constexpr uint32_t In(auto... status) { return ((1u << static_cast<uint32_t>(status)) | ...); }
constexpr uint32_t kNone = 1;  // CASE_STATUS_UNSPECIFIED: no case yet
constexpr uint32_t kIntake = In(v1::REGISTERED, v1::SEEKING_CONSENT);
constexpr uint32_t kOpen = kIntake | In(v1::ACCEPTED, v1::ASSIGNED, v1::MEDIATING, v1::PAUSED, v1::AGREED);
constexpr uint32_t kOver = In(v1::COMPLETED, v1::ENDED, v1::REFUSED);
constexpr uint32_t kEver = 0xffffffff;

// clang-format off
constexpr Rule kRules[] = {
    // command                    step   while the case is                           asked by (role, place)
    {Command::kApply, "M1", kNone, {{{ROLE_PUB, Where::kAnyone}, {ROLE_MR, Where::kLine}}}},
    {Command::kRegisterExOfficio, "M2", kNone,
     {{{ROLE_MD, Where::kLine}, {ROLE_MC, Where::kLine}, {ROLE_MR, Where::kLine}}}},
    {Command::kReceiveReferral, "M3", kNone,
     {{{ROLE_CT, Where::kLine}, {ROLE_MR, Where::kLine}, {ROLE_PO, Where::kLine}}}},
    {Command::kTakeReferral, "M3", kEver, {{{ROLE_SYS, Where::kService}}}},
    {Command::kCompleteIntake, "M3", In(v1::REGISTERED), {{{ROLE_MR, Where::kLine}, {ROLE_MC, Where::kLine}}}},
    {Command::kAskConsent, "M4", kIntake, {{{ROLE_MR, Where::kLine}, {ROLE_MC, Where::kLine}}}},
    {Command::kRecordConsent, "M5", kIntake,
     {{{ROLE_MR, Where::kLine}, {ROLE_MC, Where::kLine}, {ROLE_PUB, Where::kOwnParty}}}},
    {Command::kServeRightsNotice, "M5", kIntake | In(v1::ACCEPTED, v1::ASSIGNED, v1::MEDIATING, v1::PAUSED),
     {{{ROLE_MR, Where::kLine}, {ROLE_MC, Where::kLine}, {ROLE_MD, Where::kCommittee}}}},
    {Command::kRecordFullAge, "M5", kOpen | In(v1::EFFECTIVE),
     {{{ROLE_MR, Where::kLine}, {ROLE_MC, Where::kCommittee}, {ROLE_MD, Where::kMediator}}}},
    {Command::kRecordWish, "M5", kIntake | In(v1::ACCEPTED, v1::ASSIGNED, v1::MEDIATING, v1::PAUSED),
     {{{ROLE_PUB, Where::kOwnParty}, {ROLE_MR, Where::kLine}, {ROLE_MD, Where::kMediator}}}},
    {Command::kAccept, "M5", kIntake, {{{ROLE_MR, Where::kLine}, {ROLE_MC, Where::kLine}}}},
    {Command::kRefuse, "M6", kIntake, {{{ROLE_MR, Where::kLine}, {ROLE_MC, Where::kLine}}}},
    {Command::kChooseMediator, "M7", In(v1::ACCEPTED), {{{ROLE_PUB, Where::kOwnParty}, {ROLE_MR, Where::kLine}}}},
    {Command::kAssign, "M7", In(v1::ACCEPTED), {{{ROLE_MC, Where::kCommittee}}}},
    {Command::kRequestRecusal, "M8", In(v1::ASSIGNED, v1::MEDIATING, v1::PAUSED),
     {{{ROLE_PUB, Where::kOwnParty}, {ROLE_MD, Where::kMediator}, {ROLE_MR, Where::kLine}}}},
    {Command::kDecideRecusal, "M8", In(v1::ASSIGNED, v1::MEDIATING, v1::PAUSED), {{{ROLE_MC, Where::kCommittee}}}},
    {Command::kReplaceMediator, "M8", In(v1::ASSIGNED, v1::MEDIATING, v1::PAUSED, v1::EFFECTIVE),
     {{{ROLE_MC, Where::kCommittee}}}},
    {Command::kHoldSession, "M9", In(v1::ASSIGNED, v1::MEDIATING), {{{ROLE_MD, Where::kMediator}}}},
    {Command::kInvestigate, "M9", In(v1::ASSIGNED, v1::MEDIATING), {{{ROLE_MD, Where::kMediator}}}},
    {Command::kPause, "M10", In(v1::MEDIATING), {{{ROLE_MC, Where::kCommittee}}}},
    {Command::kResume, "M10", In(v1::PAUSED), {{{ROLE_MC, Where::kCommittee}}}},
    {Command::kExtend, "M11", In(v1::MEDIATING, v1::PAUSED), {{{ROLE_MD, Where::kMediator}}}},
    {Command::kReportRisk, "M12", kOpen | In(v1::EFFECTIVE),
     {{{ROLE_MD, Where::kMediator}, {ROLE_MC, Where::kCommittee}, {ROLE_MR, Where::kLine}}}},
    {Command::kDraftAgreement, "M13", In(v1::MEDIATING), {{{ROLE_MD, Where::kMediator}}}},
    {Command::kSign, "M14", In(v1::AGREED), {{{ROLE_PUB, Where::kOwnParty}, {ROLE_MD, Where::kMediator}}}},
    {Command::kSeal, "M14", In(v1::AGREED), {{{ROLE_MC, Where::kCommittee}}}},
    {Command::kRecordOral, "M15", In(v1::MEDIATING), {{{ROLE_MD, Where::kMediator}}}},
    {Command::kReconsider, "M16", In(v1::AGREED), {{{ROLE_PUB, Where::kOwnParty}, {ROLE_MD, Where::kMediator}}}},
    {Command::kEnd, "M17", kOpen | In(v1::EFFECTIVE),
     {{{ROLE_MC, Where::kCommittee}, {ROLE_MD, Where::kMediator}, {ROLE_PUB, Where::kOwnParty}}}},
    {Command::kPerform, "M18", In(v1::EFFECTIVE), {{{ROLE_MD, Where::kMediator}, {ROLE_PUB, Where::kOwnParty}}}},
    {Command::kFollowUp, "M19", In(v1::EFFECTIVE), {{{ROLE_MD, Where::kMediator}, {ROLE_GW, Where::kVillage}}}},
    {Command::kReportBreach, "M20", In(v1::EFFECTIVE), {{{ROLE_MD, Where::kMediator}, {ROLE_PUB, Where::kOwnParty}}}},
    {Command::kRemediate, "M20", In(v1::EFFECTIVE), {{{ROLE_MD, Where::kMediator}}}},
    {Command::kApplyConfirmation, "M21", In(v1::EFFECTIVE), {{{ROLE_PUB, Where::kOwnParty}, {ROLE_MR, Where::kLine}}}},
    {Command::kRecordConfirmation, "M22", In(v1::EFFECTIVE), {{{ROLE_CT, Where::kLine}, {ROLE_MR, Where::kLine}}}},
    {Command::kComplete, "M23", In(v1::EFFECTIVE), {{{ROLE_MC, Where::kCommittee}}}},
    {Command::kFileDocument, "M24", kOpen | kOver | In(v1::EFFECTIVE),
     {{{ROLE_MR, Where::kLine}, {ROLE_MC, Where::kCommittee}, {ROLE_MD, Where::kMediator}}}},
    {Command::kArchive, "M24", kOver, {{{ROLE_MC, Where::kCommittee}}}},
    {Command::kTransferUp, "M25", kIntake | In(v1::ACCEPTED, v1::ASSIGNED, v1::MEDIATING, v1::PAUSED),
     {{{ROLE_MC, Where::kCommittee}}}},
    {Command::kHearLapse, "M3", kEver, {{{ROLE_SYS, Where::kService}}}},
    {Command::kOversee, "O7", kEver, {{{ROLE_SYS, Where::kService}}}},
    {Command::kHearKept, "M24", kEver, {{{ROLE_SYS, Where::kService}}}},
    {Command::kLearnReference, "", kEver, {{{ROLE_SYS, Where::kService}}}},
    {Command::kWarnPeriod, "M17", kEver, {{{ROLE_SYS, Where::kService}}}},
    {Command::kEndPeriod, "M17", kEver, {{{ROLE_SYS, Where::kService}}}},
    {Command::kWarnWindow, "M14", kEver, {{{ROLE_SYS, Where::kService}}}},
    {Command::kExpireClock, "", kEver, {{{ROLE_SYS, Where::kService}}}},
    {Command::kRetryReferral, "M3", kEver, {{{ROLE_SYS, Where::kService}}}},
    {Command::kWakePromise, "M18", kEver, {{{ROLE_SYS, Where::kService}}}},
    {Command::kRemindPause, "M10", kEver, {{{ROLE_SYS, Where::kService}}}},
    {Command::kRemindConfirmation, "M22", kEver, {{{ROLE_SYS, Where::kService}}}},
    {Command::kRecomputeProvisional, "", kEver, {{{ROLE_SYS, Where::kService}}}},
};
// clang-format on


bool IsOwnParty(const v1::State& state, const Actor& actor) {
  return !actor.user_id().empty() && std::ranges::any_of(state.party(), [&](const v1::Party& party) {
    return party.person().user_id() == actor.user_id();
  });
}

bool IsOfACommittee(Role role) { return role == ROLE_MR || role == ROLE_MC || role == ROLE_MD; }

bool OfLine(const Grant& grant, const Subject& subject) {
  if (!subject.committee_org.empty() && grant.org_id() == subject.committee_org) return true;
  if (!base::Covers(grant.area_code(), subject.committee_area)) return false;
  if (!IsOfACommittee(grant.role())) return true;
  const Reach reach = ReachOf(grant.org_id(), subject.reference);
  return reach == Reach::kEvery ||
         (reach == Reach::kAreas && !IsOfIndustry(subject.committee_org, subject.reference));
}

bool At(Where where, const Grant& grant, const Subject& subject, const Actor& actor) {
  switch (where) {
    case Where::kNobody:
      return false;
    case Where::kAnyone:
      return true;
    case Where::kOwnParty:
      return subject.state != nullptr && IsOwnParty(*subject.state, actor);
    case Where::kLine:
      return OfLine(grant, subject);
    case Where::kCommittee:
      return !subject.committee_org.empty() && grant.org_id() == subject.committee_org;
    case Where::kMediator:
      return subject.state != nullptr && !actor.user_id().empty() &&
             std::ranges::find(subject.state->mediator_user_id(), actor.user_id()) !=
                 subject.state->mediator_user_id().end();
    case Where::kVillage:
      return subject.state != nullptr && WorksInVillage(grant, subject.state->area_code());
    case Where::kService:
      return kernel::IsService(actor);
  }
  return false;
}

}  // namespace

bool HasBegun(const v1::State& state) {
  constexpr uint32_t kBefore = kNone | kIntake | In(v1::REFUSED, v1::ACCEPTED, v1::ASSIGNED);
  return (kBefore & In(state.status())) == 0;
}

bool IsOfIndustry(std::string_view committee_org, const reference::Reference& reference) {
  const auto* org = reference.FindOrg(committee_org);
  return org != nullptr && org->duty().starts_with("industry");
}

Reach ReachOf(std::string_view org_id, const reference::Reference& reference) {
  const auto* org = reference.FindOrg(org_id);
  if (org == nullptr) return Reach::kOwn;
  if (org->kind() == directory::v1::CENTRE) return Reach::kEvery;
  const bool of_an_area = org->kind() == directory::v1::COMMITTEE && !IsOfIndustry(org_id, reference);
  return of_an_area ? Reach::kAreas : Reach::kOwn;
}

std::span<const Rule> Rules() { return kRules; }

const Rule* FindRule(Command::BodyCase command) { return kernel::FindRow(kRules, command); }

std::optional<kernel::Refusal> Permit(const Rule& rule, const v1::State& state, const Actor& actor) {
  if (rule.in != kEver && rule.in != kNone && state.status() == v1::CASE_STATUS_UNSPECIFIED) {
    return Why(RefusalCode::kNotFound, "NOT_FOUND");
  }
  if (!kernel::HasRole(rule, actor)) return Why(RefusalCode::kNotAllowed, "NOT_ALLOWED");
  if (rule.in == kNone && state.status() != v1::CASE_STATUS_UNSPECIFIED) {
    return Why(RefusalCode::kWrongStatus, "ALREADY_EXISTS");
  }
  if ((rule.in & In(state.status())) == 0) {
    auto refusal = Why(RefusalCode::kWrongStatus, "WRONG_STATUS");
    refusal.metadata["status"] = v1::CaseStatus_Name(state.status());
    return refusal;
  }
  return std::nullopt;
}

namespace {

// What is refused whatever is asked, as long as the case stands as it does.
bool RefusedAnyway(Command::BodyCase command, const v1::State& state, const Grounds& grounds, const Actor& actor) {
  switch (command) {
    case Command::kHoldSession:
    case Command::kInvestigate:
    case Command::kDraftAgreement:
    case Command::kRecordOral:
    case Command::kExtend:
    case Command::kServeRightsNotice:
    case Command::kFileDocument:
      return AskedToStandAside(state, actor.user_id());
    case Command::kRecordWish:
    case Command::kPerform:
    case Command::kFollowUp:
    case Command::kReportBreach:
    case Command::kRemediate:
      return grounds.role == ROLE_MD && AskedToStandAside(state, actor.user_id());
    case Command::kDecideRecusal:
      return state.recusal().empty();
    case Command::kRecordFullAge:
      return AskedToStandAside(state, actor.user_id()) ||
             std::ranges::none_of(state.party(), [](const v1::Party& party) { return party.person().minor(); });
    case Command::kEnd:
      return AgreementBinds(state, grounds.role) ||
             (grounds.role == ROLE_MD && AskedToStandAside(state, actor.user_id()));
    default:
      return false;
  }
}

}  // namespace

std::optional<Grounds> Bind(const Rule& rule, const Subject& subject, const Actor& actor) {
  for (const Asker& asker : rule.askers) {
    if (asker.where == Where::kService && kernel::IsService(actor)) return Grounds{ROLE_SYS, ""};
    for (const Grant& grant : actor.grant()) {
      if (grant.role() == asker.role && At(asker.where, grant, subject, actor)) {
        return Grounds{grant.role(), grant.org_id()};
      }
    }
  }
  return std::nullopt;
}

std::vector<std::string> AllowedCommands(const v1::State& state, const Actor& actor,
                                         const reference::Reference& reference) {
  std::vector<std::string> names;
  const Subject subject{state.committee_org(), state.committee_area(), &state, reference};
  for (const Rule& rule : kRules) {
    if (rule.in == kEver || rule.in == kNone || Permit(rule, state, actor)) continue;
    const auto grounds = Bind(rule, subject, actor);
    if (grounds && !RefusedAnyway(rule.command, state, *grounds, actor)) {
      names.emplace_back(CommandVerb(rule.command));
    }
  }
  return names;
}

bool MaySee(const v1::State& state, const Actor& actor, const reference::Reference& reference) {
  const Subject subject{state.committee_org(), state.committee_area(), &state, reference};
  if (IsOwnParty(state, actor)) return true;
  for (const Grant& grant : actor.grant()) {
    switch (grant.role()) {
      case ROLE_MR:
      case ROLE_MC:
        // Other committees of the line help with the intake; what is said in mediation stays with its own committee.
        if (At(Where::kCommittee, grant, subject, actor)) return true;
        if (!HasBegun(state) && OfLine(grant, subject)) return true;
        break;
      case ROLE_CT:
      case ROLE_TD:
      case ROLE_TL:
      case ROLE_CD:
      case ROLE_CL:
      case ROLE_CC:
      case ROLE_CYL:
      case ROLE_SV:
        if (OfLine(grant, subject)) return true;
        break;
      case ROLE_MD:
        if (At(Where::kMediator, grant, subject, actor) || grant.org_id() == state.committee_org())
          return true;
        break;
      default:
        break;
    }
  }
  return false;
}

bool WorksInVillage(const Grant& grant, std::string_view area_code) {
  return base::LevelOf(area_code) == common::v1::VILLAGE && base::Covers(area_code, grant.area_code());
}

bool IsDifficult(const v1::State& state) {
  return state.difficult() || std::ranges::any_of(state.transfer(), [](const v1::Transfer& transfer) {
    return transfer.ground() == v1::DIFFICULT;
  });
}

bool IsOpen(v1::CaseStatus status) {
  return status != v1::CASE_STATUS_UNSPECIFIED && (kOpen & In(status)) != 0;
}

}  // namespace mediation
