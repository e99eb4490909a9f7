// Villages merge 合村并居, and nobody rewrites a grant: who had a village acts for the one that took over, who has that one
// has what went into it, and where an administrator has to decide, the directory says so.
#include <gmock/gmock.h>

#include <fstream>

#include "services/rpc/token.h"
#include "tests/directory/running.h"

namespace directory {
namespace {

using ::testing::ElementsAre, ::testing::IsEmpty, ::testing::UnorderedElementsAre;
using kernel::v1::ROLE_GH, kernel::v1::ROLE_GW, kernel::v1::ROLE_MC, kernel::v1::Role;

constexpr char kPassword[] = "a long enough password";
constexpr char kFormer[] = "990102100201";
constexpr char kHome[] = "990102100202";
constexpr char kOther[] = "990102100203";

class MergerTest : public testing::Test {
 protected:
  MergerTest() {
    WriteCity(folder_.path(), {{kFormer, "戊村委会"}, {kHome, "己村委会"}, {kOther, "庚村委会"}});
    EXPECT_TRUE(running_.Load("policy", folder_.path()).ok());
    admin_ = running_.Bootstrap();
    std::ofstream(keys_ / "jwks.json") << running_.signer().Jwks();
    EXPECT_TRUE(verifier_.LoadKeys().ok());
  }
  kernel::v1::Actor Admin() {
    kernel::v1::Actor actor;
    actor.set_user_id(admin_);
    auto* grant = actor.add_grant();
    grant->set_role(kernel::v1::ROLE_SA);
    grant->set_org_id("9901-centre");
    grant->set_area_code("9901");
    return actor;
  }
  // An account with one grant and a password; its login is its id's name in the lists.
  std::string Person(const std::string& login, Role role, const std::string& org, const std::string& area) {
    v1::CreateUserRequest create;
    create.set_login(login);
    create.set_name("某人");
    create.set_org_id(org);
    const std::string user = running_.Do(Admin(), "", create, true).receipt.id();
    Grant(user, role, org, area);
    v1::ResetPasswordRequest reset;
    reset.set_user_id(user);
    reset.set_password(kPassword);
    reset.set_installation_secret(std::string(kBootstrapSecret));
    v1::ResetPasswordResponse response;
    EXPECT_TRUE(running_.accounts().ResetPassword(running_.NewCaller(Admin()), reset, &response).ok());
    return user;
  }
  void Grant(const std::string& user, Role role, const std::string& org, const std::string& area) {
    v1::GrantRoleRequest grant;
    grant.set_id(user);
    grant.set_role(role);
    grant.set_org_id(org);
    grant.set_area_code(area);
    if (role == ROLE_GW) grant.set_post(v1::FULL_TIME);
    const auto outcome = running_.Do(Admin(), user, grant);
    EXPECT_FALSE(outcome.refusal.has_value()) << outcome.refusal->reason;
  }
  void Retire(const std::string& area, const std::string& successor) {
    v1::RetireAreaRequest retire;
    retire.set_id(area);
    retire.set_successor(successor);
    retire.set_valid_to("2026-11-23");
    retire.set_source("批复1号");
    const auto outcome = running_.Do(Admin(), area, retire);
    EXPECT_FALSE(outcome.refusal.has_value()) << outcome.refusal->reason;
  }
  // "GH 990102100202 990102100202-centre" of each grant that a service sees.
  std::vector<std::string> ActsFor(const std::string& login) {
    v1::TokenResponse tokens;
    const auto answer = running_.SignIn(login, kPassword, &tokens);
    EXPECT_TRUE(answer.ok()) << Running::Why(answer);
    const auto identity = verifier_.Verify(tokens.access_token());
    EXPECT_TRUE(identity.ok()) << identity.status();
    std::vector<std::string> out;
    for (const auto& grant : identity->actor.grant()) {
      out.push_back(kernel::v1::Role_Name(grant.role()).substr(5) + " " + grant.area_code() + " " + grant.org_id());
    }
    return out;
  }
  std::vector<std::string> Unsettled() {
    v1::ListUnsettledGrantsResponse response;
    EXPECT_TRUE(running_.queries().ListUnsettledGrants(running_.NewCaller(Admin()), {}, &response).ok());
    std::vector<std::string> out;
    for (const auto& row : response.grant()) {
      std::string text = row.login() + " " + v1::Unsettled_Name(row.why());
      for (const std::string& area : row.successor()) text += " " + area;
      out.push_back(text);
    }
    return out;
  }
  static std::string Centre(const std::string& area) { return area + "-centre"; }
  static std::string Of(const std::string& role, const std::string& area, const std::string& unit = "-centre") {
    return role + " " + area + " " + area + unit;
  }

  tests::TempDir folder_, keys_;
  Running running_;
  rpc::TokenVerifier verifier_{running_.clock(), {keys_ / "jwks.json", std::string(kIssuer), std::string(kAudience)}};
  std::string admin_;
};

// spec: flow-12
TEST_F(MergerTest, WhoHadAVillageActsForTheOneThatTookOverAndForNoOther) {
  Person("former", ROLE_GH, Centre(kFormer), kFormer);
  Person("other", ROLE_GH, Centre(kOther), kOther);
  EXPECT_THAT(ActsFor("former"), ElementsAre(Of("GH", kFormer)));
  Retire(kFormer, kHome);
  EXPECT_THAT(ActsFor("former"), UnorderedElementsAre(Of("GH", kFormer), Of("GH", kHome)));
  EXPECT_THAT(ActsFor("other"), ElementsAre(Of("GH", kOther)));
  EXPECT_THAT(Unsettled(), IsEmpty());
}

// spec: flow-12
TEST_F(MergerTest, WhoHasTheVillageThatTookOverHasWhatWentIntoItInTurn) {
  Person("chair", ROLE_MC, std::string(kHome) + "-committee", kHome);
  Retire(kOther, kFormer);
  Retire(kFormer, kHome);
  EXPECT_THAT(ActsFor("chair"), UnorderedElementsAre(Of("MC", kHome, "-committee"), Of("MC", kFormer, "-committee"),
                                                     Of("MC", kOther, "-committee")));
}

// spec: flow-12
TEST_F(MergerTest, AGridWorkerOfAVillageThatHasEndedWorksInTheVillageThatTookOver) {
  const std::string grid = std::string(kFormer) + "001";
  Person("worker", ROLE_GW, Centre(kFormer), grid);
  Retire(kFormer, kHome);
  EXPECT_THAT(ActsFor("worker"), UnorderedElementsAre("GW " + grid + " " + Centre(kFormer), Of("GW", kHome),
                                                      Of("GW", kFormer)));
}

// spec: flow-12
TEST_F(MergerTest, OfAVillageThatWasDividedAnAdministratorDecides) {
  const std::string user = Person("former", ROLE_GH, Centre(kFormer), kFormer);
  Retire(std::string(kFormer) + "001", kOther);
  Retire(kFormer, kHome);
  EXPECT_THAT(ActsFor("former"), ElementsAre(Of("GH", kFormer))) << "no more than it had";
  EXPECT_THAT(Unsettled(), ElementsAre(std::string("former SEVERAL_SUCCESSORS ") + kHome + " " + kOther));
  Grant(user, ROLE_GH, Centre(kOther), kOther);
  v1::GetUserRequest get;
  get.set_user_id(user);
  v1::UserView view;
  ASSERT_TRUE(running_.queries().GetUser(running_.NewCaller(Admin()), get, &view).ok());
  v1::RevokeRoleRequest revoke;
  revoke.set_id(user);
  revoke.set_grant_id(view.grant(0).grant_id());
  revoke.set_reason("已划归庚村");
  EXPECT_FALSE(running_.Do(Admin(), user, revoke).refusal.has_value());
  EXPECT_THAT(Unsettled(), IsEmpty());
}

// spec: flow-12
TEST_F(MergerTest, NoGrantGrowsToAHigherLevel) {
  Person("former", ROLE_GH, Centre(kFormer), kFormer);
  Retire(kFormer, "990102100");
  EXPECT_THAT(ActsFor("former"), ElementsAre(Of("GH", kFormer)));
  EXPECT_THAT(Unsettled(), ElementsAre("former SUCCESSOR_ABOVE 990102100"));
}

// spec: flow-12
TEST_F(MergerTest, NobodyActsForAUnitThatIsNotThere) {
  v1::CloseOrganisationRequest close;
  close.set_id(Centre(kHome));
  close.set_reason("撤销");
  EXPECT_FALSE(running_.Do(Admin(), Centre(kHome), close).refusal.has_value());
  Person("former", ROLE_GH, Centre(kFormer), kFormer);
  Retire(kFormer, kHome);
  EXPECT_THAT(ActsFor("former"), ElementsAre(Of("GH", kFormer)));
  EXPECT_THAT(Unsettled(), ElementsAre(std::string("former NO_UNIT_THERE ") + kHome));
}

// spec: flow-12
TEST_F(MergerTest, WhatAGrantCountsForIsShownBesideIt) {
  const std::string user = Person("former", ROLE_GH, Centre(kFormer), kFormer);
  Retire(kFormer, kHome);
  v1::GetUserRequest get;
  get.set_user_id(user);
  v1::UserView view;
  ASSERT_TRUE(running_.queries().GetUser(running_.NewCaller(Admin()), get, &view).ok());
  EXPECT_EQ(view.grant(0).area_code(), kFormer) << "what was granted stays as it was";
  EXPECT_EQ(view.grant(0).acts_for_area(), kHome);
  EXPECT_EQ(view.grant(0).acts_for_org(), Centre(kHome));
}

}  // namespace
}  // namespace directory
