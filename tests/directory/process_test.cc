// The whole process over its port: TLS, tokens, access rules, vault, first start from the city's real files,
// restart.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>

#include "services/directory/wiring.h"
#include "services/rpc/client.h"
#include "services/rpc/tls.h"
#include "tests/support/temp_dir.h"
#include "tools/keygen/key_folder.h"

namespace directory {
namespace {

constexpr char kPassword[] = "correct horse battery";

class DirectoryProcess : public testing::Test {
 protected:
  DirectoryProcess() {
    std::ostringstream said;
    EXPECT_TRUE(keygen::FillKeyFolder(folder_ / "keys", {"directory", "gateway"}, clock_.NowMs(), said).ok());
    std::ofstream(folder_ / "keys/bootstrap") << "once\n";
    std::filesystem::permissions(folder_ / "keys/bootstrap", std::filesystem::perms::owner_read);
  }

  rpc::v1::Process Config() {
    const std::string keys = folder_ / "keys/";
    rpc::v1::Process config;
    config.set_service("directory");
    config.set_data_dir(folder_ / "data");
    config.set_listen("127.0.0.1:0");
    config.mutable_tls()->set_key_file(keys + "directory.key");
    config.mutable_tls()->set_certificate_file(keys + "directory.crt");
    config.mutable_tls()->set_ca_file(keys + "ca.crt");
    config.mutable_tokens()->set_jwks_file(keys + "jwks.json");
    config.mutable_tokens()->set_issuer("fengqiao-directory");
    config.mutable_tokens()->set_audience("fengqiao");
    config.set_master_key_file(keys + "directory.master");
    config.set_token_signing_key_file(keys + "token.key");
    config.set_bootstrap_secret_file(keys + "bootstrap");
    config.set_policy_dir("policy");
    config.set_area_dir("policy/areas");
    return config;
  }

  absl::Status Start(const rpc::v1::Process& config) {
    host_.reset();
    wiring_ = std::make_unique<Wiring>();
    host_ = std::make_unique<DirectoryHost>();
    rpc::ServiceParts<DirectoryDomain> parts;
    parts.service = v1::PutAreasRequest::descriptor()->file()->FindServiceByName("Directory");
    parts.setup = [this](DirectoryHost& host) { return wiring_->Setup(host); };
    parts.before_serving = [this](DirectoryHost& host) { return wiring_->BeforeServing(host); };
    return host_->Start(config, std::move(parts));
  }
  void Stop() {
    host_->Stop();
    host_.reset();
    wiring_.reset();
  }
  void TearDown() override {
    if (host_ != nullptr) Stop();
  }

  rpc::CallResult Call(const std::string& method, const google::protobuf::Message& request,
                       google::protobuf::Message* response, const std::string& token = "") {
    const std::string keys = folder_ / "keys/";
    const auto channel = rpc::MakeChannel(
        "127.0.0.1:" + std::to_string(host_->server().port()), "directory",
        rpc::ClientCredentials({keys + "gateway.key", keys + "gateway.crt", keys + "ca.crt", 30}));
    rpc::CallSettings settings;
    settings.token = token;
    settings.timeout_ms = 60'000;
    return rpc::CallUnary(channel, "/directory.v1.Directory/" + method, request, response, settings);
  }

  std::string SignIn(const std::string& login, const std::string& password, v1::TokenResponse* tokens) {
    v1::SignInRequest request;
    request.set_login(login);
    request.set_password(password);
    const auto result = Call("SignIn", request, tokens);
    EXPECT_TRUE(result.ok()) << result.error.ShortDebugString();
    return tokens->access_token();
  }

  // The first administrator's token, on an empty disk.
  std::string Bootstrap() {
    v1::BootstrapRequest bootstrap;
    bootstrap.set_secret("once");
    bootstrap.set_login("first-sa");
    bootstrap.set_password(kPassword);
    bootstrap.set_name("王建国");
    v1::BootstrapResponse made;
    const auto result = Call("Bootstrap", bootstrap, &made);
    EXPECT_TRUE(result.ok()) << result.error.ShortDebugString();
    v1::TokenResponse tokens;
    return SignIn("first-sa", kPassword, &tokens);
  }

  // An administrator gives a password, its owner replaces it. The token of the session after that.
  std::string FirstSignIn(const std::string& user, const std::string& login, const std::string& admin) {
    v1::ResetPasswordRequest reset;
    reset.set_user_id(user);
    v1::ResetPasswordResponse password;
    auto result = Call("ResetPassword", reset, &password, admin);
    EXPECT_TRUE(result.ok()) << result.error.ShortDebugString();
    v1::TokenResponse worker;
    v1::SignInRequest first;
    first.set_login(login);
    first.set_password(password.password());
    result = Call("SignIn", first, &worker);
    EXPECT_EQ(result.error.reason(), "PASSWORD_CHANGE_NEEDED");
    first.set_new_password("known to me alone");
    result = Call("SignIn", first, &worker);
    EXPECT_TRUE(result.ok()) << result.error.ShortDebugString();
    return SignIn(login, "known to me alone", &worker);
  }

  base::SystemClock clock_;
  tests::TempDir folder_;
  std::unique_ptr<Wiring> wiring_;
  std::unique_ptr<DirectoryHost> host_;
};

TEST_F(DirectoryProcess, GoesFromAnEmptyDiskToAWorkerWhoSignsIn) {
  ASSERT_TRUE(Start(Config()).ok());
  const std::string admin = Bootstrap();

  v1::CreateUserRequest create;
  create.set_login("worker-1");
  create.set_name("李小明");
  create.set_phone("19900001234");
  create.set_org_id("371403001201-centre");
  kernel::v1::Receipt receipt;
  EXPECT_FALSE(Call("CreateUser", create, &receipt).ok()) << "nobody signed in";
  auto result = Call("CreateUser", create, &receipt, admin);
  ASSERT_TRUE(result.ok()) << result.error.ShortDebugString();
  const std::string user = receipt.id();

  v1::GrantRoleRequest grant;
  grant.set_id(user);
  grant.set_role(kernel::v1::ROLE_GW);
  grant.set_org_id("371403001201-centre");
  grant.set_area_code("371403001201001");
  result = Call("GrantRole", grant, &receipt, admin);
  ASSERT_TRUE(result.ok()) << result.error.ShortDebugString();
  const std::string token = FirstSignIn(user, "worker-1", admin);
  v1::WhoAmIResponse me;
  ASSERT_TRUE(Call("WhoAmI", v1::WhoAmIRequest(), &me, token).ok());
  EXPECT_EQ(me.name(), "李小明");
  EXPECT_EQ(me.phone_masked(), "199****1234");
  ASSERT_EQ(me.grant_size(), 1);
  EXPECT_EQ(Call("CreateUser", create, &receipt, token).status.error_code(),
            grpc::StatusCode::PERMISSION_DENIED);

  v1::UserView view;
  v1::GetUserRequest get;
  get.set_user_id(user);
  ASSERT_TRUE(Call("GetUser", get, &view, admin).ok());
  EXPECT_EQ(view.name_masked(), "李**") << "masked on the way out";

  v1::DisableUserRequest disable;
  disable.set_id(user);
  disable.set_reason("离职");
  ASSERT_TRUE(Call("DisableUser", disable, &receipt, admin).ok());
  EXPECT_EQ(Call("WhoAmI", v1::WhoAmIRequest(), &me, token).status.error_code(),
            grpc::StatusCode::UNAUTHENTICATED)
      << "the token of an ended session is refused at once";

  Stop();
  ASSERT_TRUE(Start(Config()).ok());
  EXPECT_EQ(Call("WhoAmI", v1::WhoAmIRequest(), &me, token).status.error_code(),
            grpc::StatusCode::UNAUTHENTICATED)
      << "also after a restart";
  EXPECT_TRUE(Call("WhoAmI", v1::WhoAmIRequest(), &me, admin).ok());
  v1::AreaView area;
  v1::GetAreaRequest village;
  village.set_code("371403001201");
  ASSERT_TRUE(Call("GetArea", village, &area).ok()) << "areas are public";
  EXPECT_EQ(area.version(), 1u) << "a restart imports nothing";
  v1::Jwks jwks;
  ASSERT_TRUE(Call("GetJwks", v1::GetJwksRequest(), &jwks).ok());
  EXPECT_EQ(jwks.keys_size(), 1);
}

TEST_F(DirectoryProcess, AnswersWhoIsNobodyWithUnauthenticated) {
  ASSERT_TRUE(Start(Config()).ok());
  Bootstrap();
  const auto code = [this](const std::string& method, const google::protobuf::Message& request,
                           google::protobuf::Message* response, const std::string& token = "") {
    const auto result = Call(method, request, response, token);
    EXPECT_FALSE(result.error.message_zh().empty()) << method;
    EXPECT_FALSE(result.error.message_en().empty()) << method;
    return result.status.error_code();
  };
  v1::TokenResponse tokens;
  v1::SignInRequest wrong;
  wrong.set_login("first-sa");
  wrong.set_password("wrong password");
  EXPECT_EQ(code("SignIn", wrong, &tokens), grpc::StatusCode::UNAUTHENTICATED);
  v1::RefreshSessionRequest ended;
  ended.set_refresh_token("ended long ago");
  EXPECT_EQ(code("RefreshSession", ended, &tokens), grpc::StatusCode::UNAUTHENTICATED);
  v1::WhoAmIResponse me;
  EXPECT_EQ(code("WhoAmI", v1::WhoAmIRequest(), &me), grpc::StatusCode::UNAUTHENTICATED) << "no token";
  const auto signer = rpc::TokenSigner::FromFile(folder_ / "keys/token.key", "fengqiao-directory", "fengqiao");
  ASSERT_TRUE(signer.ok()) << signer.status();
  kernel::v1::Actor actor;
  actor.set_user_id("somebody");
  const std::string expired = signer->Sign(actor, "jti-1", clock_.NowMs() - 3'600'000, 60'000);
  EXPECT_EQ(code("WhoAmI", v1::WhoAmIRequest(), &me, expired), grpc::StatusCode::UNAUTHENTICATED);
  kernel::v1::Receipt receipt;
  v1::UnlockUserRequest command;
  command.set_id("x");
  EXPECT_EQ(code("UnlockUser", command, &receipt), grpc::StatusCode::UNAUTHENTICATED) << "a command, too";
}

TEST_F(DirectoryProcess, DoesNotStartOnAPolicyLongerThanTheLaw) {
  std::filesystem::copy("policy", folder_ / "policy", std::filesystem::copy_options::recursive);
  const std::string path = folder_ / "policy/deadlines.textproto";
  std::stringstream all;
  all << std::ifstream(path).rdbuf();
  std::string text = all.str();
  const size_t rule = text.find("id: \"DP-01\"");
  const size_t amount = text.find("amount: 15", rule);
  ASSERT_NE(amount, std::string::npos);
  text.replace(amount, 10, "amount: 16");
  std::filesystem::permissions(path, std::filesystem::perms::owner_write, std::filesystem::perm_options::add);
  std::ofstream(path) << text;
  auto config = Config();
  config.set_policy_dir(folder_ / "policy");
  const absl::Status status = Start(config);
  EXPECT_FALSE(status.ok());
  EXPECT_NE(status.message().find("DP-01"), std::string_view::npos) << status;
}

}  // namespace
}  // namespace directory
