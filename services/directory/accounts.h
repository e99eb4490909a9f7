#pragma once
// Signing in and everything else that touches a password or a token: compared and hashed here, on a query
// thread, never on the writer's; what follows from it goes through the queue like everything else.
//
// Every failed sign-in answers the same, whether the account is unknown, the password wrong, the account
// disabled or locked: who asks learns nothing. While an account is locked no password is looked at.
//
// A password that an administrator gave opens no session: whoever signs in with it chooses his own in the same call.

#include <absl/status/statusor.h>

#include <functional>
#include <string>

#include "base/clock.h"
#include "directory/v1/api.pb.h"
#include "services/directory/domain/directory.h"
#include "services/directory/passwords.h"
#include "services/directory/secrets.h"
#include "services/kernel/command.h"
#include "services/kernel/reader.h"
#include "services/rpc/access.h"
#include "services/rpc/errors.h"
#include "services/rpc/id_source.h"
#include "services/rpc/token.h"
#include "services/rpc/vault.h"

namespace directory {

using DirectoryReader = kernel::Reader<DirectoryDomain>;

// All outlive Accounts.
struct AccountParts {
  const base::Clock* clock = nullptr;
  kernel::CommandQueue* queue = nullptr;
  std::function<DirectoryReader()> read;
  const rpc::Vault* vault = nullptr;
  const rpc::TokenSigner* signer = nullptr;
  const Secrets* secrets = nullptr;
  std::string bootstrap_secret;  // empty: the first administrator cannot be made, and no password given lasts
};

class Accounts {
 public:
  explicit Accounts(AccountParts parts);

  rpc::Answer SignIn(const rpc::Caller& caller, const v1::SignInRequest& request,
                     v1::TokenResponse* response);
  rpc::Answer Refresh(const rpc::Caller& caller, const v1::RefreshSessionRequest& request,
                      v1::TokenResponse* response);
  rpc::Answer SignOut(const rpc::Caller& caller);
  rpc::Answer ChangePassword(const rpc::Caller& caller, const v1::ChangePasswordRequest& request);
  rpc::Answer ResetPassword(const rpc::Caller& caller, const v1::ResetPasswordRequest& request,
                            v1::ResetPasswordResponse* response);
  rpc::Answer Bootstrap(const rpc::Caller& caller, const v1::BootstrapRequest& request,
                        v1::BootstrapResponse* response);
  rpc::Answer Jwks(v1::Jwks* response) const;

 private:
  using StoredState = kernel::Stored<v1::State>;

  kernel::Envelope Internal(std::string aggregate_id) const;  // from the service itself
  rpc::Answer Submit(kernel::Envelope envelope, kernel::v1::Receipt* receipt = nullptr);
  absl::StatusOr<bool> PasswordFits(const DirectoryReader& reader, std::string_view user_id,
                                    std::string_view password);
  // Nothing to do, or done: ok.
  rpc::Answer ReplacePassword(const v1::User& user, const std::string& user_id, const v1::SignInRequest& request);
  bool IsInstallationSecret(std::string_view secret) const;
  rpc::Answer CountFailure(const std::string& user_id);
  // Hashes, seals and stores; `actor` is who does it.
  rpc::Answer StorePassword(const kernel::v1::Actor& actor, const std::string& user_id,
                            std::string_view password, bool must_change, const std::string& keep_session);
  absl::StatusOr<std::string> UserOf(const DirectoryReader& reader, std::string_view login) const;
  absl::StatusOr<StoredState> Load(const DirectoryReader& reader, std::string_view id) const;
  rpc::Answer FillTokens(const DirectoryReader& reader, const std::string& session_id,
                         std::string refresh_token, v1::TokenResponse* response);

  const AccountParts parts_;
  Passwords passwords_;
  rpc::IdSource ids_;
};

}  // namespace directory
