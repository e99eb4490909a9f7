#pragma once
// One function a command; each may assume that its row of the rules table holds. Private to the domain.

#include "services/directory/domain/rules.h"

namespace directory {

// areas and organisations (decide_places.cc)
Decision DecidePutAreas(const v1::PutAreasRequest& c, const Ctx& ctx);
Decision DecideRetireArea(const v1::Area& area, const v1::RetireAreaRequest& c, const Ctx& ctx);
Decision DecidePutOrganisations(const v1::PutOrganisationsRequest& c, const Ctx& ctx);
Decision DecideCloseOrganisation(const v1::Organisation& org, const v1::CloseOrganisationRequest& c,
                                 const Ctx& ctx);
Decision DecideFinishImport(const v1::State& state, const v1::Command::FinishImport& c, const Ctx& ctx);

// accounts (decide_users.cc)
Decision DecideCreateUser(const v1::CreateUserRequest& c, const Ctx& ctx);
Decision DecideChangeUser(const v1::User& user, const v1::ChangeUserRequest& c, const Ctx& ctx);
Decision DecideDisableUser(const v1::User& user, const v1::DisableUserRequest& c, const Ctx& ctx);
Decision DecideEnableUser(const v1::User& user);
Decision DecideUnlockUser(const v1::User& user);
Decision DecideGrantRole(const v1::User& user, const v1::GrantRoleRequest& c, const Ctx& ctx);
Decision DecideRevokeRole(const v1::User& user, const v1::RevokeRoleRequest& c, const Ctx& ctx);
Decision DecideTellStaff(const v1::User& user);
Decision DecideCreateFirstAdmin(const v1::State& state, const v1::Command::CreateFirstAdmin& c,
                                const Ctx& ctx);

// signing in (decide_sessions.cc)
Decision DecideStorePassword(const v1::User& user, const v1::Command::StorePassword& c, const Ctx& ctx);
Decision DecideCountFailure(const v1::User& user, const Ctx& ctx);
Decision DecideStartSession(const v1::Command::StartSession& c, const Ctx& ctx);
Decision DecideRotateSession(const v1::Session& session, const v1::Command::RotateSession& c, const Ctx& ctx);
Decision DecideEndSession(const v1::Session& session, const v1::Command::EndSession& c, const Ctx& ctx);
Decision DecideRevokeSession(const v1::Session& session, const v1::RevokeSessionRequest& c, const Ctx& ctx);

// calendar and policy (decide_policy.cc)
Decision DecideLoadCalendar(const v1::State& state, const v1::LoadCalendarRequest& c, const Ctx& ctx);
Decision DecideChangePolicy(const v1::State& state, const v1::ChangePolicyRequest& c, const Ctx& ctx);

// Ends every live session of a user but `keep`, adding to `decision`.
void EndSessions(std::string_view user_id, std::string_view keep, std::string_view reason, const Ctx& ctx,
                 Decision* decision);

}  // namespace directory
