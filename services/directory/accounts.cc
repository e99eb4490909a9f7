#include "services/directory/accounts.h"

#include <algorithm>
#include <iterator>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/crypto.h"
#include "base/random.h"
#include "base/status_macros.h"
#include "base/utf8.h"
#include "common/v1/common.pb.h"
#include "services/directory/domain/limits.h"
#include "services/directory/domain/refusals.h"
#include "services/directory/heirs.h"
#include "services/rpc/limits.h"
#include "services/rpc/server.h"
#include "services/rpc/told.h"

namespace directory {
namespace {

// Who these come from is nobody yet: UNAUTHENTICATED, so that clients ask for a sign-in, not for a right.
absl::Status WrongSignIn() {
  return rpc::Told(absl::StatusCode::kUnauthenticated, "SIGN_IN_FAILED",
                   "登录名或口令不正确，或账号因多次失败暂时锁定、已停用。",
                   "Login or password is wrong, or the account is locked for a while or disabled.");
}

absl::Status SessionOver() {
  return rpc::Told(absl::StatusCode::kUnauthenticated, "SESSION_ENDED", "登录已失效，请重新登录。",
                   "This session is over; please sign in again.");
}

std::optional<kernel::Refusal> WeakPassword(std::string_view password, std::string_view login,
                                            std::string field) {
  if (base::CodePoints(password) < kPasswordCharactersMin) {
    return Invalid("PASSWORD_TOO_SHORT", std::move(field), "口令至少10个字符。",
                   "A password has at least 10 characters.");
  }
  const std::string text(password);
  const bool one_character = text.find_first_not_of(text.front()) == std::string::npos;
  if (one_character || (!login.empty() && text.find(std::string(login)) != std::string::npos)) {
    return Invalid("PASSWORD_TOO_EASY", std::move(field), "口令不得包含登录名，也不得只由同一字符组成。",
                   "A password does not contain the login and is not one character repeated.");
  }
  return std::nullopt;
}

}  // namespace

Accounts::Accounts(AccountParts parts) : parts_(std::move(parts)), ids_(base::Random::FromEntropy()) {}

kernel::Envelope Accounts::Internal(std::string aggregate_id) const {
  kernel::Envelope envelope;
  envelope.aggregate_id = std::move(aggregate_id);
  envelope.actor.set_service(std::string(DirectoryDomain::kService));
  return envelope;
}

rpc::Answer Accounts::Submit(kernel::Envelope envelope, kernel::v1::Receipt* receipt) {
  kernel::Outcome outcome = rpc::Ask(*parts_.queue, std::move(envelope));
  if (!outcome.status.ok()) return outcome.status;
  if (outcome.refusal) return *std::move(outcome.refusal);
  if (receipt != nullptr) *receipt = std::move(outcome.receipt);
  return {};
}

absl::StatusOr<std::string> Accounts::UserOf(const DirectoryReader& reader, std::string_view login) const {
  ASSIGN_OR_RETURN(const auto page, reader.List("login", std::string(login) + "/", 1));
  return page.items.empty() ? std::string() : page.items.front().aggregate_id;
}

absl::StatusOr<Accounts::StoredState> Accounts::Load(const DirectoryReader& reader,
                                                     std::string_view id) const {
  ASSIGN_OR_RETURN(auto stored, reader.Get(id));
  if (!stored) return absl::NotFoundError("没有找到该记录 / there is no such record");
  return *std::move(stored);
}

absl::StatusOr<bool> Accounts::PasswordFits(const DirectoryReader& reader, std::string_view user_id,
                                            std::string_view password) {
  std::string hash;
  if (!user_id.empty()) {
    ASSIGN_OR_RETURN(const auto sealed,
                     reader.view().Get(storage::KeySpace::kVault, Secrets::PasswordKey(user_id)));
    if (sealed) {
      auto opened = parts_.secrets->OpenPassword(user_id, *sealed);
      if (!opened) return absl::DataLossError("cannot open a password hash: wrong key or damaged");
      hash = *std::move(opened);
    }
  }
  return passwords_.Verify(password, hash);
}

rpc::Answer Accounts::CountFailure(const std::string& user_id) {
  kernel::Envelope envelope = Internal(user_id);
  auto command = std::make_unique<v1::Command>();
  command->mutable_count_failure();
  envelope.command = std::move(command);
  envelope.command_name = "count_failure";
  return Submit(std::move(envelope));
}

rpc::Answer Accounts::SignIn(const rpc::Caller& caller, const v1::SignInRequest& request,
                             v1::TokenResponse* response) {
  const DirectoryReader reader = parts_.read();
  auto user_id = UserOf(reader, request.login());
  if (!user_id.ok()) return user_id.status();
  v1::User user;
  if (!user_id->empty()) {
    auto stored = Load(reader, *user_id);
    if (!stored.ok()) return stored.status();
    user = stored->state.user();
    caller.note->actor_id = *user_id;
    caller.note->aggregate_id = *user_id;
  }
  if (user.locked_until_ms() > parts_.clock->NowMs()) return WrongSignIn();
  const auto fits = PasswordFits(reader, *user_id, request.password());
  if (!fits.ok()) return fits.status();
  if (!*fits) {
    if (!user_id->empty()) {
      if (auto counted = CountFailure(*user_id); !counted.ok()) return counted;
    }
    return WrongSignIn();
  }
  if (user.disabled()) return WrongSignIn();
  if (auto answer = ReplacePassword(user, *user_id, request); !answer.ok()) return answer;

  const std::string session_id = ids_.NewUlid(parts_.clock->NowMs());
  std::string token = parts_.secrets->NewRefreshToken(session_id);
  kernel::Envelope envelope = Internal(session_id);
  envelope.creates = true;
  auto command = std::make_unique<v1::Command>();
  command->mutable_start_session()->set_user_id(*user_id);
  command->mutable_start_session()->set_refresh_hash(Secrets::HashOf(token));
  command->mutable_start_session()->set_device_id(request.device_id());
  envelope.command = std::move(command);
  envelope.command_name = "start_session";
  if (auto answer = Submit(std::move(envelope)); !answer.ok()) return answer;
  return FillTokens(parts_.read(), session_id, std::move(token), response);
}

// A password that an administrator gave is known to two people. It is good for one thing: for its owner to replace it.
rpc::Answer Accounts::ReplacePassword(const v1::User& user, const std::string& user_id,
                                      const v1::SignInRequest& request) {
  const std::string& next = request.new_password();
  if (!user.must_change()) {
    if (next.empty()) return {};
    return Guard("PASSWORD_CHANGE_NOT_DUE", "new_password", "该口令不需要在登录时更换，请登录后修改。",
                 "This password need not be replaced now; sign in and change it.");
  }
  if (next.empty()) {
    return Guard("PASSWORD_CHANGE_NEEDED", "new_password", "此口令由管理员设置，只能用来更换口令，请设置新口令。",
                 "An administrator set this password; it is only good for choosing one of your own.");
  }
  if (auto weak = WeakPassword(next, user.login(), "new_password")) return *std::move(weak);
  if (next == request.password()) {
    return Invalid("PASSWORD_UNCHANGED", "new_password", "新口令不得与原口令相同。",
                   "The new password is not the old one.");
  }
  kernel::v1::Actor owner;
  owner.set_user_id(user_id);
  return StorePassword(owner, user_id, next, false, "");
}

rpc::Answer Accounts::Refresh(const rpc::Caller& caller, const v1::RefreshSessionRequest& request,
                              v1::TokenResponse* response) {
  const auto session_id = parts_.secrets->SessionOf(request.refresh_token());
  if (!session_id) return SessionOver();
  std::string next = parts_.secrets->NewRefreshToken(*session_id);
  const std::string next_hash = Secrets::HashOf(next);
  kernel::Envelope envelope = Internal(*session_id);
  auto command = std::make_unique<v1::Command>();
  command->mutable_rotate_session()->set_presented_hash(Secrets::HashOf(request.refresh_token()));
  command->mutable_rotate_session()->set_next_hash(next_hash);
  envelope.command = std::move(command);
  envelope.command_name = "rotate_session";
  if (auto answer = Submit(std::move(envelope)); !answer.ok()) {
    return answer.refusal() ? rpc::Answer(SessionOver()) : answer;
  }
  const DirectoryReader reader = parts_.read();
  auto stored = Load(reader, *session_id);
  if (!stored.ok()) return stored.status();
  caller.note->actor_id = stored->state.session().user_id();
  // Ended by this very call (a token seen before, or too late), or overtaken by another refresh.
  if (stored->state.session().ended() || stored->state.session().refresh_hash() != next_hash)
    return SessionOver();
  return FillTokens(reader, *session_id, std::move(next), response);
}

rpc::Answer Accounts::FillTokens(const DirectoryReader& reader, const std::string& session_id,
                                 std::string refresh_token, v1::TokenResponse* response) {
  auto session = Load(reader, session_id);
  if (!session.ok()) return session.status();
  const v1::Session& s = session->state.session();
  auto stored = Load(reader, s.user_id());
  if (!stored.ok()) return stored.status();
  const v1::User& user = stored->state.user();
  if (user.disabled()) return SessionOver();
  const int64_t now_ms = parts_.clock->NowMs();
  int64_t until_ms = std::min(now_ms + kAccessTokenMs, s.expires_at_ms());
  kernel::v1::Actor actor;
  actor.set_user_id(s.user_id());
  actor.set_session_id(session_id);
  actor.set_device_id(s.device_id());
  for (const auto& grant : user.grant()) {
    if (!InForce(grant, now_ms)) continue;
    auto* said = actor.add_grant();
    said->set_role(grant.role());
    said->set_org_id(grant.org_id());
    said->set_area_code(grant.area_code());
    if (grant.valid_to_ms() != 0) until_ms = std::min(until_ms, grant.valid_to_ms());
  }
  auto former = FollowMergers(reader, user, now_ms, &actor);
  if (!former.ok()) return former.status();
  const std::string token_id = ids_.NewUlid(now_ms);
  std::string token = parts_.signer->Sign(actor, token_id, now_ms, until_ms - now_ms, *former);
  while (token.size() > rpc::kTokenBytesMax && !former->empty()) {  // their own grants come first
    former->erase(std::prev(former->end()));
    token = parts_.signer->Sign(actor, token_id, now_ms, until_ms - now_ms, *former);
  }
  response->set_access_token(std::move(token));
  response->set_access_expires_at_ms(until_ms);
  response->set_refresh_token(std::move(refresh_token));
  response->set_refresh_expires_at_ms(std::min(s.idle_expires_at_ms(), s.expires_at_ms()));
  response->set_session_id(session_id);
  response->set_user_id(s.user_id());
  return {};
}

rpc::Answer Accounts::SignOut(const rpc::Caller& caller) {
  kernel::Envelope envelope = Internal(caller.actor.session_id());
  envelope.actor = caller.actor;
  auto command = std::make_unique<v1::Command>();
  command->mutable_end_session()->set_reason("signed-out");
  envelope.command = std::move(command);
  envelope.command_name = "end_session";
  return Submit(std::move(envelope));
}

rpc::Answer Accounts::StorePassword(const kernel::v1::Actor& actor, const std::string& user_id,
                                    std::string_view password, bool must_change,
                                    const std::string& keep_session) {
  auto hash = passwords_.Hash(password);
  if (!hash.ok()) return hash.status();
  kernel::Envelope envelope = Internal(user_id);
  envelope.actor = actor;
  auto command = std::make_unique<v1::Command>();
  command->mutable_store_password()->set_must_change(must_change);
  command->mutable_store_password()->set_keep_session(keep_session);
  envelope.command = std::move(command);
  envelope.command_name = "store_password";
  envelope.attached.push_back(parts_.secrets->SealPassword(user_id, *hash));
  return Submit(std::move(envelope));
}

rpc::Answer Accounts::ChangePassword(const rpc::Caller& caller, const v1::ChangePasswordRequest& request) {
  const DirectoryReader reader = parts_.read();
  auto stored = Load(reader, caller.actor.user_id());
  if (!stored.ok()) return stored.status();
  const v1::User& user = stored->state.user();
  if (user.locked_until_ms() > parts_.clock->NowMs()) {  // known who it is: the reason may be told
    return Guard("ACCOUNT_LOCKED", "", "原口令多次不正确，请过一会儿再试。",
                 "The old password was wrong too often; try again in a while.");
  }
  if (auto weak = WeakPassword(request.new_password(), user.login(), "new_password")) return *std::move(weak);
  const auto fits = PasswordFits(reader, caller.actor.user_id(), request.old_password());
  if (!fits.ok()) return fits.status();
  if (!*fits) {
    if (auto counted = CountFailure(caller.actor.user_id()); !counted.ok()) return counted;
    return Invalid("WRONG_PASSWORD", "old_password", "原口令不正确。", "The old password is wrong.");
  }
  return StorePassword(caller.actor, caller.actor.user_id(), request.new_password(), false,
                       caller.actor.session_id());
}

rpc::Answer Accounts::ResetPassword(const rpc::Caller& caller, const v1::ResetPasswordRequest& request,
                                    v1::ResetPasswordResponse* response) {
  const DirectoryReader reader = parts_.read();
  auto stored = Load(reader, request.user_id());
  if (!stored.ok()) return stored.status();
  if (!stored->state.has_user()) return NotFound("user_id", "没有找到该账号。", "There is no such account.");
  if (request.user_id() == caller.actor.user_id()) {
    return NotAllowed("NOT_ONESELF", "请使用“修改口令”修改自己的口令。",
                      "Change your own password by changing it.");
  }
  const bool lasting = !request.installation_secret().empty();
  if (lasting && !IsInstallationSecret(request.installation_secret())) {
    return NotAllowed("WRONG_SECRET", "安装密钥不正确。", "The installation's secret is wrong.");
  }
  caller.note->aggregate_id = request.user_id();
  std::string password = request.password();
  if (password.empty()) {
    password = Passwords::Make();
  } else if (auto weak = WeakPassword(password, stored->state.user().login(), "password")) {
    return *std::move(weak);
  }
  auto answer = StorePassword(caller.actor, request.user_id(), password, !lasting, "");
  if (answer.ok() && request.password().empty()) response->set_password(password);
  return answer;
}

bool Accounts::IsInstallationSecret(std::string_view secret) const {
  return !parts_.bootstrap_secret.empty() &&
         base::EqualInConstantTime(base::Sha256(secret), base::Sha256(parts_.bootstrap_secret));
}

rpc::Answer Accounts::Bootstrap(const rpc::Caller& caller, const v1::BootstrapRequest& request,
                                v1::BootstrapResponse* response) {
  const DirectoryReader reader = parts_.read();
  const auto done = reader.Get(kBootstrapId);
  if (!done.ok()) return done.status();
  if (*done)
    return Guard("ALREADY_DONE", "", "首位管理员已经创建。",
                 "The first administrator has been made already.");
  if (!IsInstallationSecret(request.secret())) {
    return rpc::Told(absl::StatusCode::kUnauthenticated, "WRONG_SECRET", "安装密钥不正确。",
                     "The installation's secret is wrong.");
  }
  if (auto weak = WeakPassword(request.password(), request.login(), "password")) return *std::move(weak);
  const auto centres =
      reader.List("org_kind", "03/", 1);  // v1::CENTRE; the city's code is the shortest and comes first
  if (!centres.ok()) return centres.status();
  if (centres->items.empty())
    return absl::UnavailableError("区划尚未导入完成 / the areas are not imported yet");
  auto centre = Load(reader, centres->items.front().aggregate_id);
  if (!centre.ok()) return centre.status();

  auto hash = passwords_.Hash(request.password());
  if (!hash.ok()) return hash.status();
  const int64_t now_ms = parts_.clock->NowMs();
  const std::string user_id = ids_.NewUlid(now_ms);
  kernel::Envelope envelope = Internal(std::string(kBootstrapId));
  envelope.creates = true;
  v1::CreateUserRequest person;  // its name field is marked, so the vault seals it
  person.set_name(request.name());
  if (auto sealed = parts_.vault->Seal(reader.view(), user_id, now_ms, ids_, &person, &envelope.attached);
      !sealed.ok()) {
    return sealed;
  }
  auto command = std::make_unique<v1::Command>();
  auto* first = command->mutable_create_first_admin();
  first->set_user_id(user_id);
  first->set_login(request.login());
  first->set_name(person.name());
  first->set_org_id(centre->state.organisation().id());
  first->set_area_code(centre->state.organisation().area_code());
  envelope.command = std::move(command);
  envelope.command_name = "create_first_admin";
  envelope.attached.push_back(parts_.secrets->SealPassword(user_id, *hash));
  if (auto answer = Submit(std::move(envelope)); !answer.ok()) return answer;
  caller.note->actor_id = user_id;
  caller.note->aggregate_id = user_id;
  response->set_user_id(user_id);
  return {};
}

rpc::Answer Accounts::Jwks(v1::Jwks* response) const {
  const auto set = nlohmann::json::parse(parts_.signer->Jwks());
  for (const auto& key : set.at("keys")) {
    auto* said = response->add_keys();
    said->set_kty(key.value("kty", ""));
    said->set_crv(key.value("crv", ""));
    said->set_x(key.value("x", ""));
    said->set_y(key.value("y", ""));
    said->set_kid(key.value("kid", ""));
    said->set_alg(key.value("alg", ""));
    said->set_use(key.value("use", ""));
  }
  return {};
}

}  // namespace directory
