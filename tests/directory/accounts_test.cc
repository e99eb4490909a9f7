// Accounts through the kernel: the first administrator, signing in, locks, rotation, passwords, scope, and
// what must never be written anywhere.
#include <filesystem>
#include <fstream>
#include <set>

#include "services/directory/domain/limits.h"
#include "services/directory/passwords.h"
#include "tests/directory/running.h"

namespace directory {
namespace {

constexpr char kPassword[] = "correct horse battery";

// One county, one town, one village, read from files as an installation would.
class AccountsTest : public testing::Test {
 protected:
  void SetUp() override {
    const std::string city = folder_ / "city";
    std::filesystem::create_directory(city);
    const auto write = [&](const std::string& name, const std::string& text) {
      std::ofstream(city + "/" + name) << text;
    };
    write("vintage.csv",
          "as_of,city_code,city_name,province_code,province_name\n2023-06-30,9901,示例市,99,示例省\n");
    write("counties.csv", "code,name,cityCode\n990102,甲县,9901\n990103,丙县,9901\n");
    write("townships.csv", "code,name,areaCode\n990102100,乙镇,990102\n990103100,丁镇,990103\n");
    write("townships_statutory.csv",
          "code,name,kind,statutory_county\n990102100,乙镇,town,990102\n990103100,丁镇,town,990103\n");
    write("villages.csv",
          "code,name,streetCode\n990102100201,戊村委会,990102100\n990103100201,己村委会,990103100\n");
    const auto report = running_.Load("policy", folder_.path());
    ASSERT_TRUE(report.ok()) << report.status();
    admin_ = running_.Bootstrap(kPassword);
  }

  kernel::v1::Actor AdminActor(kernel::v1::Role role = kernel::v1::ROLE_SA,
                               const std::string& area = "9901") {
    kernel::v1::Actor actor;
    actor.set_user_id(admin_);
    auto* grant = actor.add_grant();
    grant->set_role(role);
    grant->set_org_id(area + "-centre");
    grant->set_area_code(area);
    return actor;
  }

  std::string NewUser(const std::string& login, const std::string& org) {
    v1::CreateUserRequest request;
    request.set_login(login);
    request.set_name("李小明");
    request.set_phone("19900001234");
    request.set_org_id(org);
    const auto outcome = running_.Do(AdminActor(), "", request, true);
    EXPECT_FALSE(outcome.refusal.has_value()) << outcome.refusal->reason;
    return outcome.receipt.id();
  }

  void SetPassword(const std::string& user, const std::string& password) {
    v1::ResetPasswordRequest request;
    request.set_user_id(user);
    request.set_password(password);
    request.set_installation_secret(std::string(kBootstrapSecret));  // it lasts
    v1::ResetPasswordResponse response;
    const auto answer =
        running_.accounts().ResetPassword(running_.NewCaller(AdminActor()), request, &response);
    EXPECT_TRUE(answer.ok()) << Running::Why(answer);
    EXPECT_EQ(response.password(), "") << "a password that was given is not sent back";
  }

  tests::TempDir folder_;
  Running running_;
  std::string admin_;
};

TEST_F(AccountsTest, TheFirstAdministratorIsMadeOnceAndOnlyWithTheSecret) {
  v1::BootstrapRequest request;
  request.set_secret(std::string(kBootstrapSecret));
  request.set_login("second");
  request.set_password("another long password");
  request.set_name("某人");
  v1::BootstrapResponse response;
  EXPECT_EQ(Running::Why(running_.accounts().Bootstrap(running_.NewCaller(), request, &response)),
            "ALREADY_DONE");

  Running fresh;
  ASSERT_TRUE(fresh.Load("policy", folder_.path()).ok());
  request.set_secret("guessed");
  EXPECT_EQ(Running::Why(fresh.accounts().Bootstrap(fresh.NewCaller(), request, &response)), "WRONG_SECRET");
}

TEST_F(AccountsTest, SignInBringsATokenThatEverybodyCanVerify) {
  v1::TokenResponse tokens;
  const auto answer = running_.SignIn("first-sa", kPassword, &tokens);
  ASSERT_TRUE(answer.ok()) << Running::Why(answer);
  EXPECT_EQ(tokens.access_expires_at_ms() - running_.clock().NowMs(), 10 * kMinuteMs);
  EXPECT_EQ(running_.note().actor_id, admin_) << "the audit record says who it was";

  tests::TempDir keys;
  std::ofstream(keys / "jwks.json") << running_.signer().Jwks();
  rpc::TokenVerifier verifier(running_.clock(),
                              {keys / "jwks.json", std::string(kIssuer), std::string(kAudience)});
  ASSERT_TRUE(verifier.LoadKeys().ok());
  const auto identity = verifier.Verify(tokens.access_token());
  ASSERT_TRUE(identity.ok()) << identity.status();
  EXPECT_EQ(identity->actor.user_id(), admin_);
  EXPECT_EQ(identity->actor.session_id(), tokens.session_id());
  ASSERT_EQ(identity->actor.grant_size(), 1);
  EXPECT_EQ(identity->actor.grant(0).role(), kernel::v1::ROLE_SA);

  v1::Jwks jwks;
  ASSERT_TRUE(running_.accounts().Jwks(&jwks).ok());
  ASSERT_EQ(jwks.keys_size(), 1);
  EXPECT_EQ(jwks.keys(0).alg(), "ES256");
  EXPECT_EQ(jwks.keys(0).kid(), running_.signer().key_id());
}

TEST_F(AccountsTest, WrongPasswordUnknownLoginAndDisabledAccountAnswerTheSame) {
  const std::string user = NewUser("worker-1", "990102100201-centre");
  SetPassword(user, "a long enough password");
  v1::TokenResponse tokens;
  EXPECT_EQ(Running::Why(running_.SignIn("worker-1", "wrong password", &tokens)), "SIGN_IN_FAILED");
  EXPECT_EQ(Running::Why(running_.SignIn("nobody-here", "wrong password", &tokens)), "SIGN_IN_FAILED");
  v1::DisableUserRequest disable;
  disable.set_id(user);
  disable.set_reason("离职");
  ASSERT_FALSE(running_.Do(AdminActor(), user, disable).refusal.has_value());
  EXPECT_EQ(Running::Why(running_.SignIn("worker-1", "a long enough password", &tokens)), "SIGN_IN_FAILED");
}

// Not 403: who cannot say who he is has no rights to be looked up, and clients send him to the sign-in.
TEST_F(AccountsTest, CredentialsThatAreNotAcceptedAreUnauthenticatedInBothLanguages) {
  v1::TokenResponse tokens;
  v1::BootstrapRequest bootstrap;
  bootstrap.set_secret("guessed");
  v1::BootstrapResponse made;
  Running fresh;
  ASSERT_TRUE(fresh.Load("policy", folder_.path()).ok());
  for (const auto& answer : {running_.SignIn("first-sa", "wrong password", &tokens),
                             running_.SignIn("nobody-here", kPassword, &tokens),
                             running_.Refresh("not a token", &tokens),
                             fresh.accounts().Bootstrap(fresh.NewCaller(), bootstrap, &made)}) {
    const rpc::Failure failure = rpc::FailureOf(answer);
    EXPECT_EQ(failure.code, grpc::StatusCode::UNAUTHENTICATED) << failure.detail.reason();
    EXPECT_FALSE(failure.detail.message_zh().empty());
    EXPECT_FALSE(failure.detail.message_en().empty());
    EXPECT_NE(failure.detail.message_zh(), failure.detail.message_en());
  }
}

// He is signed in, so it may be said; UNAUTHENTICATED would look as if the session were over.
TEST_F(AccountsTest, WhoGuessesTheOldPasswordTooOftenIsToldThatItIsLocked) {
  v1::ChangePasswordRequest request;
  request.set_old_password("wrong password");
  request.set_new_password("an entirely new one");
  const auto caller = running_.NewCaller(AdminActor());
  for (int i = 0; i < kFailuresBeforeLock; ++i) running_.accounts().ChangePassword(caller, request);
  EXPECT_EQ(Running::Why(running_.accounts().ChangePassword(caller, request)), "ACCOUNT_LOCKED");
}

TEST_F(AccountsTest, AfterFiveWrongPasswordsTheRightOneWaits) {
  v1::TokenResponse tokens;
  for (int i = 0; i < kFailuresBeforeLock; ++i) running_.SignIn("first-sa", "wrong password", &tokens);
  EXPECT_EQ(Running::Why(running_.SignIn("first-sa", kPassword, &tokens)), "SIGN_IN_FAILED");
  running_.clock().Advance(kFirstLockMs);
  EXPECT_TRUE(running_.SignIn("first-sa", kPassword, &tokens).ok());
}

TEST_F(AccountsTest, ARefreshTokenIsGoodOnceAndItsReuseEndsTheSession) {
  v1::TokenResponse first, second, third;
  ASSERT_TRUE(running_.SignIn("first-sa", kPassword, &first).ok());
  ASSERT_TRUE(running_.Refresh(first.refresh_token(), &second).ok());
  EXPECT_NE(second.refresh_token(), first.refresh_token());
  EXPECT_EQ(second.session_id(), first.session_id());
  EXPECT_EQ(Running::Why(running_.Refresh(first.refresh_token(), &third)), "SESSION_ENDED");
  EXPECT_EQ(Running::Why(running_.Refresh(second.refresh_token(), &third)), "SESSION_ENDED")
      << "who has a copy and who has the original are told apart by nobody: both sign in again";
  EXPECT_TRUE(third.access_token().empty());
}

TEST_F(AccountsTest, AForgedRefreshTokenEndsNobodysSession) {
  v1::TokenResponse tokens, none;
  ASSERT_TRUE(running_.SignIn("first-sa", kPassword, &tokens).ok());
  const uint64_t head = running_.service().Head().seq;
  std::string forged = tokens.refresh_token();
  forged[30] = forged[30] == 'A' ? 'B' : 'A';
  EXPECT_EQ(Running::Why(running_.Refresh(forged, &none)), "SESSION_ENDED");
  EXPECT_EQ(Running::Why(running_.Refresh(tokens.session_id() + ".x.y", &none)), "SESSION_ENDED");
  EXPECT_EQ(running_.service().Head().seq, head);
  EXPECT_TRUE(running_.Refresh(tokens.refresh_token(), &none).ok());
}

TEST_F(AccountsTest, ASessionIsOverAfterFourteenIdleDays) {
  v1::TokenResponse tokens, none;
  ASSERT_TRUE(running_.SignIn("first-sa", kPassword, &tokens).ok());
  running_.clock().Advance(kSessionIdleMs + 1);
  EXPECT_EQ(Running::Why(running_.Refresh(tokens.refresh_token(), &none)), "SESSION_ENDED");
}

TEST_F(AccountsTest, SignOutEndsTheSession) {
  v1::TokenResponse tokens, none;
  ASSERT_TRUE(running_.SignIn("first-sa", kPassword, &tokens).ok());
  auto actor = AdminActor();
  actor.set_session_id(tokens.session_id());
  ASSERT_TRUE(running_.accounts().SignOut(running_.NewCaller(actor)).ok());
  EXPECT_EQ(Running::Why(running_.Refresh(tokens.refresh_token(), &none)), "SESSION_ENDED");
}

TEST_F(AccountsTest, ChangingThePasswordNeedsTheOldOneAndKeepsOnlyThisSession) {
  v1::TokenResponse here, elsewhere, none;
  ASSERT_TRUE(running_.SignIn("first-sa", kPassword, &here).ok());
  ASSERT_TRUE(running_.SignIn("first-sa", kPassword, &elsewhere).ok());
  auto actor = AdminActor();
  actor.set_session_id(here.session_id());
  v1::ChangePasswordRequest request;
  request.set_old_password("wrong password");
  request.set_new_password("an entirely new one");
  EXPECT_EQ(Running::Why(running_.accounts().ChangePassword(running_.NewCaller(actor), request)),
            "WRONG_PASSWORD");
  request.set_old_password(kPassword);
  request.set_new_password("aaaaaaaaaaaa");
  EXPECT_EQ(Running::Why(running_.accounts().ChangePassword(running_.NewCaller(actor), request)),
            "PASSWORD_TOO_EASY");
  request.set_new_password("an entirely new one");
  ASSERT_TRUE(running_.accounts().ChangePassword(running_.NewCaller(actor), request).ok());
  EXPECT_EQ(Running::Why(running_.Refresh(elsewhere.refresh_token(), &none)), "SESSION_ENDED");
  EXPECT_TRUE(running_.Refresh(here.refresh_token(), &none).ok());
  EXPECT_EQ(Running::Why(running_.SignIn("first-sa", kPassword, &none)), "SIGN_IN_FAILED");
  EXPECT_TRUE(running_.SignIn("first-sa", "an entirely new one", &none).ok());
}

TEST_F(AccountsTest, AnAdministratorOfAnotherCountyResetsNoPassword) {
  const std::string user = NewUser("worker-1", "990102100201-centre");
  v1::ResetPasswordRequest request;
  request.set_user_id(user);
  v1::ResetPasswordResponse response;
  auto other = AdminActor(kernel::v1::ROLE_SA, "990103");
  other.set_user_id("other");
  EXPECT_EQ(Running::Why(running_.accounts().ResetPassword(running_.NewCaller(other), request, &response)),
            "NO_RIGHT");
  EXPECT_EQ(response.password(), "");
  auto near = AdminActor(kernel::v1::ROLE_SA, "990102");
  near.set_user_id("near");
  ASSERT_TRUE(running_.accounts().ResetPassword(running_.NewCaller(near), request, &response).ok());
  v1::TokenResponse tokens;
  EXPECT_EQ(Running::Why(running_.SignIn("worker-1", response.password(), &tokens)), "PASSWORD_CHANGE_NEEDED");
}

// An administrator who had set a password could sign in as its owner for ever.
TEST_F(AccountsTest, APasswordThatAnAdministratorGaveOnlyLetsItsOwnerReplaceIt) {
  const std::string user = NewUser("worker-1", "990102100201-centre");
  v1::ResetPasswordRequest reset;
  reset.set_user_id(user);
  v1::ResetPasswordResponse given;
  const auto admin = running_.NewCaller(AdminActor());
  ASSERT_TRUE(running_.accounts().ResetPassword(admin, reset, &given).ok());
  v1::TokenResponse tokens;
  v1::SignInRequest request;
  request.set_login("worker-1");
  request.set_password(given.password());
  const auto sign_in = [&] { return running_.accounts().SignIn(running_.NewCaller(), request, &tokens); };
  const rpc::Failure asked = rpc::FailureOf(sign_in());
  EXPECT_EQ(asked.detail.reason(), "PASSWORD_CHANGE_NEEDED");
  EXPECT_EQ(asked.detail.field(), "new_password");
  EXPECT_TRUE(tokens.access_token().empty()) << "no session is opened by it";
  request.set_new_password("short");
  EXPECT_EQ(Running::Why(sign_in()), "PASSWORD_TOO_SHORT");
  request.set_new_password(given.password());
  EXPECT_EQ(Running::Why(sign_in()), "PASSWORD_UNCHANGED");
  request.set_new_password("known to me alone");
  ASSERT_TRUE(sign_in().ok());
  EXPECT_FALSE(tokens.access_token().empty());
  EXPECT_EQ(Running::Why(running_.SignIn("worker-1", given.password(), &tokens)), "SIGN_IN_FAILED");
  EXPECT_TRUE(running_.SignIn("worker-1", "known to me alone", &tokens).ok());
  request.set_password("known to me alone");
  EXPECT_EQ(Running::Why(sign_in()), "PASSWORD_CHANGE_NOT_DUE");
  request.set_password("wrong password");
  EXPECT_EQ(Running::Why(sign_in()), "SIGN_IN_FAILED") << "what is due is told only to who knows the password";
}

TEST_F(AccountsTest, OnlyWhoSetsUpTheInstallationGivesPasswordsThatLast) {
  const std::string user = NewUser("worker-1", "990102100201-centre");
  v1::ResetPasswordRequest reset;
  reset.set_user_id(user);
  reset.set_password("a long enough password");
  reset.set_installation_secret("guessed");
  v1::ResetPasswordResponse response;
  const auto admin = running_.NewCaller(AdminActor());
  EXPECT_EQ(Running::Why(running_.accounts().ResetPassword(admin, reset, &response)), "WRONG_SECRET");
  reset.set_installation_secret(std::string(kBootstrapSecret));
  ASSERT_TRUE(running_.accounts().ResetPassword(admin, reset, &response).ok());
  v1::TokenResponse tokens;
  EXPECT_TRUE(running_.SignIn("worker-1", "a long enough password", &tokens).ok());
}

TEST_F(AccountsTest, AdministratorsSeeTheAccountsOfTheirAreaOnly) {
  NewUser("worker-a", "990102100201-centre");
  NewUser("worker-b", "990103100201-centre");
  v1::ListUsersRequest request;
  v1::ListUsersResponse all, county;
  ASSERT_TRUE(running_.queries().ListUsers(running_.NewCaller(AdminActor()), request, &all).ok());
  EXPECT_EQ(all.user_size(), 3);
  const auto caller = running_.NewCaller(AdminActor(kernel::v1::ROLE_SE, "990102"));
  ASSERT_TRUE(running_.queries().ListUsers(caller, request, &county).ok());
  ASSERT_EQ(county.user_size(), 1);
  EXPECT_EQ(county.user(0).login(), "worker-a");
  request.set_area_code("990103");
  v1::ListUsersResponse none;
  EXPECT_EQ(Running::Why(running_.queries().ListUsers(caller, request, &none)), "NO_RIGHT");
  v1::GetUserRequest get;
  get.set_user_id(all.user(2).user_id());
  v1::UserView view;
  EXPECT_EQ(Running::Why(running_.queries().GetUser(caller, get, &view)), "NOT_FOUND");
}

TEST_F(AccountsTest, PagesOfAccountsCoverEveryAreaOfTheCallerOnce) {
  for (int i = 0; i < 5; ++i) {
    NewUser("a-" + std::to_string(i), "990102100201-centre");
    NewUser("b-" + std::to_string(i), "990103100201-centre");
  }
  auto actor = AdminActor(kernel::v1::ROLE_SA, "990102");
  *actor.add_grant() = AdminActor(kernel::v1::ROLE_SA, "990103").grant(0);
  std::set<std::string> seen;
  v1::ListUsersRequest request;
  request.set_page_size(3);
  do {
    v1::ListUsersResponse response;
    ASSERT_TRUE(running_.queries().ListUsers(running_.NewCaller(actor), request, &response).ok());
    EXPECT_LE(response.user_size(), 3);
    for (const auto& user : response.user()) EXPECT_TRUE(seen.insert(user.login()).second);
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(seen.size(), 10u);
}

TEST_F(AccountsTest, OnesOwnNameIsShownInFullAndOthersMasked) {
  const std::string user = NewUser("worker-1", "990102100201-centre");
  kernel::v1::Actor self;
  self.set_user_id(user);
  v1::WhoAmIResponse me;
  ASSERT_TRUE(running_.queries().WhoAmI(running_.NewCaller(self), &me).ok());
  EXPECT_EQ(me.name(), "李小明");
  EXPECT_EQ(me.org_name(), "戊村综治中心");
  v1::GetUserRequest request;
  request.set_user_id(user);
  v1::UserView view;
  ASSERT_TRUE(running_.queries().GetUser(running_.NewCaller(AdminActor()), request, &view).ok());
  EXPECT_TRUE(rpc::IsVaultToken(view.name_masked()));
  const auto reader = running_.service().Read();
  ASSERT_TRUE(running_.vault().Present(reader.view(), &view).ok());
  EXPECT_EQ(view.name_masked(), "李**");
  EXPECT_EQ(view.phone_masked(), "199****1234");
}

TEST_F(AccountsTest, ARoleTakenAwayIsMissingInTheNextToken) {
  const std::string user = NewUser("worker-1", "990102100201-centre");
  SetPassword(user, "a long enough password");
  v1::GrantRoleRequest grant;
  grant.set_id(user);
  grant.set_role(kernel::v1::ROLE_GW);
  grant.set_org_id("990102100201-centre");
  grant.set_area_code("990102100201");
  ASSERT_FALSE(running_.Do(AdminActor(), user, grant).refusal.has_value());
  v1::TokenResponse before, after;
  ASSERT_TRUE(running_.SignIn("worker-1", "a long enough password", &before).ok());
  v1::RevokeRoleRequest revoke;
  revoke.set_id(user);
  revoke.set_grant_id("g1");
  revoke.set_reason("调岗");
  ASSERT_FALSE(running_.Do(AdminActor(), user, revoke).refusal.has_value());
  ASSERT_TRUE(running_.Refresh(before.refresh_token(), &after).ok());
  const auto claims = [](const std::string& token) {
    const size_t from = token.find('.') + 1;
    return base::FromBase64Url(token.substr(from, token.rfind('.') - from)).value_or("");
  };
  EXPECT_NE(claims(before.access_token()).find("990102100201-centre"), std::string::npos);
  EXPECT_EQ(claims(after.access_token()).find("990102100201-centre"), std::string::npos);
}

// spec: R9
TEST_F(AccountsTest, NoNamePhonePasswordOrTokenIsInAnyRecordOfTheLog) {
  const std::string user = NewUser("worker-1", "990102100201-centre");
  SetPassword(user, "a long enough password");
  v1::TokenResponse tokens;
  ASSERT_TRUE(running_.SignIn("worker-1", "a long enough password", &tokens).ok());
  int records = 0;
  ASSERT_TRUE(running_.service()
                  .Read(0,
                        [&](const kernel::LogEntry& entry) {
                          ++records;
                          for (const std::string& secret :
                               {std::string("李小明"), std::string("19900001234"), std::string("王建国"),
                                std::string("long enough"), std::string(kPassword), std::string("argon2"),
                                tokens.refresh_token(), tokens.access_token()}) {
                            EXPECT_EQ(entry.record.find(secret), std::string_view::npos) << secret;
                          }
                          return true;
                        })
                  .ok());
  EXPECT_GT(records, 50);
  int stored = 0;
  const auto reader = running_.service().Read();
  for (const auto space : {storage::KeySpace::kState, storage::KeySpace::kIndex, storage::KeySpace::kVault}) {
    ASSERT_TRUE(reader.view()
                    .Scan(space, "", "",
                          [&](std::string_view key, std::string_view value) {
                            ++stored;
                            EXPECT_EQ(value.find("argon2"), std::string_view::npos) << "hashes lie sealed";
                            EXPECT_EQ(value.find("李小明"), std::string_view::npos);
                            EXPECT_EQ(key.find("李小明"), std::string_view::npos);
                            return true;
                          })
                    .ok());
  }
  EXPECT_GT(stored, 50);
}

TEST(Passwords, AreHashedWithTheNamedParametersAndASaltOfTheirOwn) {
  Passwords passwords;
  const auto a = passwords.Hash("one password");
  const auto b = passwords.Hash("one password");
  ASSERT_TRUE(a.ok() && b.ok());
  EXPECT_TRUE(a->starts_with("$argon2id$v=19$m=19456,t=2,p=1$")) << *a;
  EXPECT_NE(*a, *b);
  EXPECT_TRUE(*passwords.Verify("one password", *a));
  EXPECT_FALSE(*passwords.Verify("One password", *a));
  EXPECT_FALSE(*passwords.Verify("one password", "")) << "nothing fits an account that is not there";
  EXPECT_FALSE(*passwords.Verify("one password", "damaged"));
}

TEST(Passwords, MadeHereAreLongAndDiffer) {
  std::set<std::string> made;
  for (int i = 0; i < 50; ++i) EXPECT_TRUE(made.insert(Passwords::Make()).second);
  EXPECT_EQ(made.begin()->size(), 20u);
  for (const std::string& one : made) EXPECT_EQ(one.find_first_of("0O1Il"), std::string::npos);
}

}  // namespace
}  // namespace directory
