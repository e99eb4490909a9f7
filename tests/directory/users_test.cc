// Accounts and roles: separation of duties, scope, periods.
#include "services/directory/domain/limits.h"
#include "services/directory/domain/roles.h"
#include "tests/directory/world.h"

namespace directory {
namespace {

using kernel::RefusalCode;
using kernel::v1::ROLE_AU;
using kernel::v1::ROLE_SA;
using kernel::v1::ROLE_SE;

std::string Grant(const std::string& role, const std::string& org, const std::string& area,
                  const std::string& more = "") {
  return "grant_role { id: 'x' role: " + role + " org_id: '" + org + "' area_code: '" + area + "' " + more +
         " }";
}
const std::string kGridWorker = Grant("ROLE_GW", "371403001201-centre", "371403001201001", "post: FULL_TIME");

TEST(CreateUser, KeepsTokensOfTheVaultAndTheAreaOfItsOrganisation) {
  World(kUser)
      .As(Admin(ROLE_SA, "371403"))
      .When("create_user { login: 'li-4' name: 'vault:a' phone: 'vault:b' org_id: '371403-hrss' }")
      .Then({"user_created { login: 'li-4' name: 'vault:a' phone: 'vault:b' org_id: '371403-hrss' area_code: "
             "'371403' }"})
      .AndNoNotice()
      .AndTally("user", 1);
}

TEST(CreateUser, IsRefusedOutsideTheAdministratorsCounty) {
  World(kUser)
      .As(Admin(ROLE_SA, "371422"))
      .When("create_user { login: 'li-4' name: 'vault:a' org_id: '371403-hrss' }")
      .ThenRefused(RefusalCode::kNotAllowed, "NO_RIGHT");
}

TEST(CreateUser, WantsAPlainAndFreeLogin) {
  AccountWorld s;
  s.As(Admin(ROLE_SA));
  const auto with = [](const std::string& login) {
    return "create_user { login: '" + login + "' name: 'vault:a' org_id: '371403-hrss' }";
  };
  s.WhenOn("u2", with("张三")).ThenRefused("LOGIN_FORM");
  s.WhenOn("u2", with("ab")).ThenRefused("LOGIN_FORM");
  s.WhenOn("u2", with("zhang-gw")).ThenRefused("LOGIN_TAKEN");
  s.WhenOn("u2", with("zhang-g")).ThenPartly({"user_created { login: 'zhang-g' }"});
}

TEST(CreateUser, OfAResidentNeedsAnAreaOnly) {
  World(kUser)
      .As(Admin(ROLE_SA))
      .When("create_user { login: 'resident-1' name: 'vault:a' area_code: '371403001201' }")
      .ThenPartly({"user_created { org_id: '' area_code: '371403001201' }"})
      .When(Grant("ROLE_PUB", "", "371403001201"))
      .ThenPartly({"role_granted { grant { role: ROLE_PUB } }"});
}

TEST(GrantRole, MakesAGridWorkerOfSeveralGrids) {
  AccountWorld s;
  s.As(Admin(ROLE_SA, "371403"));
  s.When(kGridWorker)
      .Then({"role_granted { grant { grant_id: 'g1' role: ROLE_GW org_id: '371403001201-centre' area_code: "
             "'371403001201001' valid_from_ms: 1790000000000 post: FULL_TIME } }"})
      .AndActedAs(ROLE_SA);
  s.When(kGridWorker).ThenRefused("GRANTED_ALREADY");
  s.When(Grant("ROLE_GW", "371403001201-centre", "371403001201", "post: PART_TIME"))
      .ThenPartly({"role_granted { grant { grant_id: 'g2' } }"});
}

TEST(GrantRole, KeepsToLevelKindAndAreaOfTheRole) {
  AccountWorld s;
  s.As(Admin(ROLE_SA));
  s.When(Grant("ROLE_TD", "371403-centre", "371403")).ThenRefused("LEVEL_OF_ROLE");
  s.When(Grant("ROLE_DH", "371403001201-committee", "371403001")).ThenRefused("KIND_OF_ORGANISATION");
  s.When(Grant("ROLE_GW", "371403001201-centre", "371403001202")).ThenRefused("AREA_OUTSIDE_ORGANISATION");
  s.When(Grant("ROLE_CD", "371403-none", "371403")).ThenRefused("NO_SUCH_ORGANISATION");
  s.When(Grant("ROLE_CD", "371403-centre", "371499")).ThenRefused("NO_SUCH_AREA");
  s.When(Grant("ROLE_SYS", "371403-centre", "371403")).ThenRefused("NO_SUCH_ROLE");
}

TEST(GrantRole, HasAPeriodThatEndsLaterThanItBegins) {
  AccountWorld s;
  s.As(Admin(ROLE_SA));
  s.When(Grant("ROLE_CD", "371403-centre", "371403", "valid_to_ms: 1789999999999")).ThenRefused("PERIOD");
  s.When(Grant("ROLE_CD", "371403-centre", "371403", "valid_to_ms: 1790000000001"))
      .ThenPartly({"role_granted { grant { valid_to_ms: 1790000000001 } }"});
}

TEST(GrantRole, IsNeverToOneself) {
  AccountWorld().As(Admin(ROLE_SA, "3714", std::string(kUser))).When(kGridWorker).ThenRefused("NOT_ONESELF");
}

TEST(SeparationOfDuties, NoAdministratorMakesHisOwnKind) {
  auto s = AccountWorld();
  s.As(Admin(ROLE_SA))
      .When(Grant("ROLE_SA", "3714-centre", "3714"))
      .ThenRefused("OTHER_ADMINISTRATOR_NEEDED");
  s.As(Admin(ROLE_SE))
      .When(Grant("ROLE_SE", "3714-centre", "3714"))
      .ThenRefused("OTHER_ADMINISTRATOR_NEEDED");
  s.As(Admin(ROLE_SE)).When(kGridWorker).ThenRefused("OTHER_ADMINISTRATOR_NEEDED");
  s.As(Admin(ROLE_SE)).When(Grant("ROLE_SA", "3714-centre", "3714")).ThenPartly({"role_granted {}"});
}

TEST(SeparationOfDuties, AnAdministratorHoldsNoOtherRole) {
  auto s = AccountWorld();
  s.As(Admin(ROLE_SA)).When(Grant("ROLE_SE", "3714-centre", "3714")).ThenPartly({"role_granted {}"});
  s.When(Grant("ROLE_AU", "3714-centre", "3714")).ThenRefused("SEPARATION_OF_DUTIES");
  s.When(kGridWorker).ThenRefused("SEPARATION_OF_DUTIES");
  auto worker = AccountWorld();
  worker.As(Admin(ROLE_SA)).When(kGridWorker);
  worker.When(Grant("ROLE_AU", "3714-centre", "3714")).ThenRefused("SEPARATION_OF_DUTIES");
}

TEST(SeparationOfDuties, AnAuditAdministratorChangesNothing) {
  AccountWorld s;
  s.As(Admin(ROLE_AU));
  s.When(kGridWorker).ThenRefused(RefusalCode::kNotAllowed);
  s.When("disable_user { id: 'x' reason: 'r' }").ThenRefused(RefusalCode::kNotAllowed);
}

TEST(RevokeRole, MakesTheTokensOfRunningSessionsStale) {
  auto s = AccountWorld();
  s.As(Admin(ROLE_SA)).When(kGridWorker);
  s.GivenOn(kSession, {"session_started { session { user_id: '01J0000000000000000000USER' refresh_hash: 'h' "
                       "started_at_ms: 5 idle_expires_at_ms: 99 expires_at_ms: 100 } }"});
  s.When("revoke_role { id: 'x' grant_id: 'g9' reason: '调岗' }").ThenRefused(RefusalCode::kNotFound);
  s.When("revoke_role { id: 'x' grant_id: 'g1' reason: '调岗' }")
      .Then({"role_revoked { grant_id: 'g1' reason: '调岗' }",
             tests::On{std::string(kSession),
                       "session_revoked { user_id: '01J0000000000000000000USER' "
                       "issued_before_ms: 1790000000001 }"}})
      .AndNotice("directory.session_revoked");
  EXPECT_EQ(s.state().user().grant_size(), 0);
  EXPECT_FALSE(s.StateOf(kSession).session().ended()) << "a refresh brings a token with the new rights";
}

TEST(DisableUser, EndsEverySession) {
  auto s = AccountWorld();
  s.GivenOn(kSession, {"session_started { session { user_id: '01J0000000000000000000USER' refresh_hash: 'h' "
                       "started_at_ms: 5 idle_expires_at_ms: 99 expires_at_ms: 100 } }"});
  s.As(Admin(ROLE_SE, "371403"))
      .When("disable_user { id: 'x' reason: '离职' }")
      .ThenPartly({"user_disabled { reason: '离职' }",
                   tests::On{std::string(kSession), "session_ended { reason: 'disabled' }"}})
      .AndNotice("directory.session_revoked");
  s.When("disable_user { id: 'x' reason: '离职' }").ThenRefused("ALREADY_DISABLED");
  s.As(Admin(ROLE_SA)).When(kGridWorker).ThenRefused("ALREADY_DISABLED");
  s.When("enable_user { id: 'x' }").Then({"user_enabled {}"});
}

TEST(ChangeUser, MovesTheAccountToAnotherOrganisationOfTheSameAdministrator) {
  auto s = AccountWorld();
  s.As(Admin(ROLE_SA, "371403"))
      .When("change_user { id: 'x' phone: 'vault:q' org_id: '371403-hrss' }")
      .Then({"user_changed { name: 'vault:n' phone: 'vault:q' org_id: '371403-hrss' area_code: '371403' }"});
  s.When("change_user { id: 'x' org_id: '371422-centre' }").ThenRefused("NO_RIGHT");
}

TEST(FirstAdmin, IsMadeOnce) {
  const std::string make =
      "create_first_admin { user_id: '01J0000000000000000000USER' login: 'root-sa' name: 'vault:n' "
      "area_code: '3714' "
      "org_id: '3714-centre' }";
  World s(kBootstrapId);
  s.As(tests::ActorOf(kernel::v1::ROLE_SYS));
  s.When(make).ThenPartly(
      {"first_admin_made {}", tests::On{std::string(kUser), "user_created { login: 'root-sa' }"},
       tests::On{std::string(kUser), "role_granted { grant { role: ROLE_SA area_code: '3714' } }"},
       tests::On{std::string(kUser), "password_stored {}"}});
  s.When(make).ThenRefused("ALREADY_DONE");
  World(kBootstrapId).As(Admin(ROLE_SA)).When(make).ThenRefused(RefusalCode::kNotAllowed);
}

TEST(Roles, AllButTheSystemItselfCanBeGranted) {
  const auto* roles = google::protobuf::GetEnumDescriptor<Role>();
  for (int i = 0; i < roles->value_count(); ++i) {
    const auto role = static_cast<Role>(roles->value(i)->number());
    const bool grantable = role != kernel::v1::ROLE_UNSPECIFIED && role != kernel::v1::ROLE_SYS;
    ASSERT_EQ(FindRole(role) != nullptr, grantable) << roles->value(i)->name();
    if (grantable) {
      EXPECT_EQ("ROLE_" + std::string(FindRole(role)->code), roles->value(i)->name());
    }
  }
}

}  // namespace
}  // namespace directory
