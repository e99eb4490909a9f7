#pragma once
// What a process has that does not depend on its domain: configuration, databases, identity, vault, audit, bus options,
// signals. Used by host.h, which puts a domain into it.

#include <absl/status/statusor.h>

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/metrics.h"
#include "rpc/v1/config.pb.h"
#include "services/bus/bus.h"
#include "services/rpc/audit.h"
#include "services/rpc/rehearsal_clock.h"
#include "services/rpc/server.h"
#include "services/rpc/token.h"
#include "services/rpc/sealed_vault.h"
#include "services/rpc/vault.h"
#include "storage/rocks_kv.h"

namespace rpc {

// Topic prefixes a service wants of each source; no entry: everything it may hear.
using Topics = std::map<std::string, std::vector<std::string>>;
// What earlier programs wanted of a source, each of them an entry.
using FormerTopics = std::multimap<std::string, std::vector<std::string>>;

struct Foundation {
  RehearsalClock clock;
  base::Metrics metrics;
  v1::Process config;
  std::unique_ptr<storage::RocksKv> kv;        // handed to the kernel
  std::unique_ptr<storage::RocksKv> audit_kv;
  std::unique_ptr<AuditLog> audit;
  std::unique_ptr<TokenVerifier> tokens;
  std::unique_ptr<Vault> vault;                // null without a master key
  std::unique_ptr<SealedVault> sealed;         // null without a sealing key

  std::string CrashMarker() const { return config.data_dir() + "/crash"; }
};

// Makes the folders, opens both databases, reads keys. The error says what to mend.
absl::Status LayFoundation(v1::Process config, Foundation* out);

ServerOptions ServerOptionsOf(const v1::Process& config);
// `before`: what earlier programs wanted of a source, where this one wants something else and does without what was
// passed by.
bus::BusOptions BusOptionsOf(const v1::Process& config, const Topics& topics, const FormerTopics& before,
                             uint64_t boots);

// SIGINT and SIGTERM wait for WaitForStop from now on, in every thread started later. First thing in main.
void HoldSignals();
// What gRPC and protobuf have to say goes to our log, one JSON line each, warnings and worse.
void RouteLibraryLogs();
// Until somebody asks the process to stop.
void WaitForStop();
// Gives balancers time to notice; a second signal ends the wait.
void WaitForDrain(int64_t seconds);

// If the event says that a session has ended, tokens of it are refused from now on, and the audit log durably says so
// before this returns. An error: the event is to be heard again.
absl::Status HearRevocation(const bus::v1::Event& event, int64_t now_ms, TokenVerifier* tokens, AuditLog* audit);
// What was heard of ended sessions before this process was started, as far back as a token may live.
absl::Status RecallRevocations(int64_t now_ms, const AuditLog& audit, TokenVerifier* tokens);

// For main: logs why and gives the exit code.
int Fail(std::string_view what, const absl::Status& status);

}  // namespace rpc
