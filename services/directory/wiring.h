#pragma once
// Puts the directory's parts together and gives every method of api.proto its function. Lives as long as the
// process.

#include <absl/status/status.h>

#include <atomic>
#include <memory>

#include "services/directory/accounts.h"
#include "services/directory/queries.h"
#include "services/directory/secrets.h"
#include "services/rpc/host.h"

namespace directory {

using DirectoryHost = rpc::Host<DirectoryDomain>;

class Wiring {
 public:
  // Reads keys, registers methods. Needs master_key_file and token_signing_key_file; without
  // bootstrap_secret_file the first administrator cannot be made.
  absl::Status Setup(DirectoryHost& host);
  // Areas, organisations, calendar, policies; and the sessions that ended shortly before the last stop.
  absl::Status BeforeServing(DirectoryHost& host);

 private:
  void AddCommands(DirectoryHost& host);
  void AddPlaceQueries(DirectoryHost& host);
  void AddAccountQueries(DirectoryHost& host);
  // This process hears its own revocations from its log, as the others do from the bus.
  void HearOwnRevocations(DirectoryHost& host);

  std::unique_ptr<Secrets> secrets_;
  std::unique_ptr<rpc::TokenSigner> signer_;
  std::unique_ptr<Accounts> accounts_;
  std::unique_ptr<Queries> queries_;
  std::atomic<uint64_t> heard_{0};  // log entry up to which revocations were heard
};

}  // namespace directory
