// What events mean, for ever. Reads no policy and no clock, cannot refuse: to change what happens, add an
// event.
#include <algorithm>
#include <string>

#include "services/directory/domain/directory.h"

namespace directory {
namespace {

void EndSession(const v1::Event::SessionEnded& e, v1::Session* session) {
  session->set_ended(true);
  session->set_end_reason(e.reason());
  session->set_issued_before_ms(e.at_ms() + 1);  // also tokens of this very millisecond
  session->clear_refresh_hash();
}

void CreateUser(const v1::Event::UserCreated& e, v1::User* user) {
  user->set_login(e.login());
  user->set_name(e.name());
  user->set_phone(e.phone());
  user->set_org_id(e.org_id());
  user->set_area_code(e.area_code());
}

void ChangeUser(const v1::Event::UserChanged& e, v1::User* user) {
  user->set_name(e.name());
  user->set_phone(e.phone());
  user->set_org_id(e.org_id());
  user->set_area_code(e.area_code());
}

void RevokeRole(const std::string& grant_id, v1::User* user) {
  auto* grants = user->mutable_grant();
  grants->erase(std::remove_if(grants->begin(), grants->end(),
                               [&](const v1::User::Grant& g) { return g.grant_id() == grant_id; }),
                grants->end());
}

void RetireArea(const v1::Event::AreaRetired& e, v1::Area* area) {
  area->set_valid_to(e.valid_to());
  area->set_successor(e.successor());
  area->set_successor_rule("stated");
  area->set_successor_inferred(false);
}

void Unlock(v1::User* user) {
  user->set_failures(0);
  user->set_locked_until_ms(0);
}

void ApplyToUser(const v1::Event& event, v1::User* user) {
  using Event = v1::Event;
  switch (event.body_case()) {
    case Event::kUserCreated:
      CreateUser(event.user_created(), user);
      break;
    case Event::kUserChanged:
      ChangeUser(event.user_changed(), user);
      break;
    case Event::kUserDisabled:
      user->set_disabled(true);
      break;
    case Event::kUserEnabled:
      user->set_disabled(false);
      break;
    case Event::kUserUnlocked:
      Unlock(user);
      break;
    case Event::kRoleGranted:
      *user->add_grant() = event.role_granted().grant();
      user->set_grants_made(user->grants_made() + 1);
      break;
    case Event::kRoleRevoked:
      RevokeRole(event.role_revoked().grant_id(), user);
      break;
    case Event::kPasswordStored:
      user->set_password_set_at_ms(event.password_stored().at_ms());
      user->set_must_change(event.password_stored().must_change());
      Unlock(user);
      break;
    case Event::kFailureCounted:
      user->set_failures(event.failure_counted().failures());
      user->set_locked_until_ms(event.failure_counted().locked_until_ms());
      break;
    case Event::kSignedIn:
      user->set_last_sign_in_ms(event.signed_in().at_ms());
      Unlock(user);
      break;
    default:
      break;
  }
}

void ApplyToSession(const v1::Event& event, v1::Session* session) {
  using Event = v1::Event;
  switch (event.body_case()) {
    case Event::kSessionStarted:
      *session = event.session_started().session();
      break;
    case Event::kSessionRotated:
      session->set_refresh_hash(event.session_rotated().refresh_hash());
      session->set_used_at_ms(event.session_rotated().used_at_ms());
      session->set_idle_expires_at_ms(event.session_rotated().idle_expires_at_ms());
      break;
    case Event::kSessionEnded:
      EndSession(event.session_ended(), session);
      break;
    case Event::kSessionRevoked:
      session->set_issued_before_ms(event.session_revoked().issued_before_ms());
      break;
    default:
      break;
  }
}

}  // namespace

void DirectoryDomain::Apply(const Event& event, int64_t, State* state) {
  switch (event.body_case()) {  // no default: a new event does not compile until it is applied here
    case Event::kAreaChanged:
      *state->mutable_area() = event.area_changed().area();
      state->set_by_hand(event.area_changed().by_hand());
      break;
    case Event::kAreaRetired:
      RetireArea(event.area_retired(), state->mutable_area());
      state->set_by_hand(event.area_retired().by_hand());
      break;
    case Event::kOrganisationChanged:
      *state->mutable_organisation() = event.organisation_changed().organisation();
      state->set_by_hand(event.organisation_changed().by_hand());
      break;
    case Event::kOrganisationClosed:
      state->mutable_organisation()->set_closed(true);
      state->mutable_organisation()->set_successor(event.organisation_closed().successor());
      state->set_by_hand(true);
      break;
    case Event::kUserCreated:
    case Event::kUserChanged:
    case Event::kUserDisabled:
    case Event::kUserEnabled:
    case Event::kUserUnlocked:
    case Event::kRoleGranted:
    case Event::kRoleRevoked:
    case Event::kPasswordStored:
    case Event::kFailureCounted:
    case Event::kSignedIn:
      ApplyToUser(event, state->mutable_user());
      break;
    case Event::kSessionStarted:
    case Event::kSessionRotated:
    case Event::kSessionEnded:
    case Event::kSessionRevoked:
      ApplyToSession(event, state->mutable_session());
      break;
    case Event::kCalendarLoaded:
      *state->mutable_calendar() = event.calendar_loaded().calendar();
      break;
    case Event::kPolicyChanged:
      *state->mutable_policy() = event.policy_changed().policy();
      break;
    case Event::kImportFinished:
      *state->mutable_import() = event.import_finished().import();
      break;
    case Event::kFirstAdminMade:
      state->mutable_first_admin()->set_user_id(event.first_admin_made().user_id());
      break;
    case Event::kStaffTold:  // others heard what the account already was
    case Event::BODY_NOT_SET:
      break;
  }
}

}  // namespace directory
