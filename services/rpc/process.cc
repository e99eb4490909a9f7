#include "services/rpc/process.h"

#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <google/protobuf/stubs/logging.h>
#include <grpc/support/log.h>
#include <signal.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <ctime>
#include <future>
#include <utility>

#include "base/check.h"
#include "base/log.h"
#include "base/status_macros.h"
#include "directory/v1/notices.pb.h"
#include "services/kernel/service.h"
#include "services/rpc/tls.h"

namespace rpc {
namespace {

constexpr std::string_view kSessionRevoked = "directory.session_revoked";
constexpr int64_t kDayMs = 24 * 3600 * 1000;  // longer than any access token lives

absl::Status MakeFolder(const std::string& path) {
  if (mkdir(path.c_str(), 0700) == 0 || errno == EEXIST) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat("cannot make ", path, ": ", std::strerror(errno)));
}

sigset_t StopSignals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  return set;
}

// The audit log files what it heard of ended sessions by day, so that a start reads two days of it and no more.
std::string RevocationsOfDay(int64_t at_ms) { return absl::StrCat("ended-sessions/", at_ms / kDayMs); }

// The audit log is small and written in groups: it needs little memory.
storage::RocksKv::Options AuditOptions() {
  storage::RocksKv::Options options;
  options.block_cache_bytes = size_t{2} << 20;
  options.memtables_bytes = size_t{8} << 20;
  options.wal_bytes = size_t{16} << 20;
  options.disk_failed = kernel::ExitOnFailure;
  return options;
}

CipherProfile ProfileOf(const v1::Process& config) {
  return config.vault_profile() == "sm4-sm3" ? CipherProfile::kSm4Sm3 : CipherProfile::kAesGcm;
}

absl::Status LaySealedVault(Foundation* out) {
  const std::string& file = out->config.sealing_key_file();
  if (out->vault == nullptr) return absl::InvalidArgumentError("sealing_key_file: needs a master_key_file beside it");
  ASSIGN_OR_RETURN(const std::string key, Vault::ReadKeyFile(file));
  out->vault->SetSealingKey(key);
  if (const absl::Status fits = out->vault->CheckSealingKey(*out->kv); !fits.ok()) {
    return absl::FailedPreconditionError(absl::StrCat("cannot use ", file, ": ", std::string(fits.message())));
  }
  out->sealed = std::make_unique<SealedVault>(*out->vault, ProfileOf(out->config), key);
  return absl::OkStatus();
}

}  // namespace

absl::Status LayFoundation(v1::Process config, Foundation* out) {
  out->config = std::move(config);
  if (const int64_t offset_ms = out->config.rehearsal_offset_ms(); offset_ms != 0) {
    out->clock.Shift(offset_ms);
    base::Log(base::kWarning, "this is a rehearsal: its clock is not the real one", {{"offset_ms", offset_ms}});
  }
  RETURN_IF_ERROR(MakeFolder(out->config.data_dir()));
  storage::RocksKv::Options options;
  options.disk_failed = kernel::ExitOnFailure;
  ASSIGN_OR_RETURN(out->kv, storage::RocksKv::Open(out->config.data_dir() + "/db", std::move(options)));
  ASSIGN_OR_RETURN(out->audit_kv, storage::RocksKv::Open(out->config.data_dir() + "/audit", AuditOptions()));
  ASSIGN_OR_RETURN(out->audit, AuditLog::Open(*out->audit_kv, kernel::ExitOnFailure));
  const v1::Tokens& tokens = out->config.tokens();
  out->tokens = std::make_unique<TokenVerifier>(
      out->clock, TokenRules{tokens.jwks_file(), tokens.issuer(), tokens.audience()});
  RETURN_IF_ERROR(out->tokens->LoadKeys());
  RETURN_IF_ERROR(RecallRevocations(out->clock.NowMs(), *out->audit, out->tokens.get()));
  if (!out->config.master_key_file().empty()) {
    ASSIGN_OR_RETURN(Vault vault, Vault::FromFile(ProfileOf(out->config), out->config.master_key_file()));
    out->vault = std::make_unique<Vault>(std::move(vault));
    if (const absl::Status fits = out->vault->CheckMasterKey(*out->kv); !fits.ok()) {
      return absl::FailedPreconditionError(
          absl::StrCat("cannot use ", out->config.master_key_file(), ": ", std::string(fits.message())));
    }
  }
  if (!out->config.sealing_key_file().empty()) RETURN_IF_ERROR(LaySealedVault(out));
  return absl::OkStatus();
}

ServerOptions ServerOptionsOf(const v1::Process& config) {
  ServerOptions options;
  options.listen = config.listen();
  if (config.has_tls()) {
    TlsFiles files{config.tls().key_file(), config.tls().certificate_file(), config.tls().ca_file()};
    if (config.tls().reload_seconds() > 0) files.reload_seconds = config.tls().reload_seconds();
    options.credentials = ServerCredentials(files);
  }
  const v1::Limits& limits = config.limits();
  if (limits.in_flight_max() > 0) options.in_flight_max = limits.in_flight_max();
  if (limits.query_threads() > 0) options.query_threads = limits.query_threads();
  if (limits.query_queue_max() > 0) options.query_queue_max = limits.query_queue_max();
  return options;
}

bus::BusOptions BusOptionsOf(const v1::Process& config, const Topics& topics, const FormerTopics& before,
                             uint64_t boots) {
  bus::BusOptions options;
  options.secret_key_file = config.bus().curve_key_file();
  options.listen = config.bus().listen();
  options.access_file = config.bus().allow_file();
  for (const v1::Upstream& upstream : config.upstream()) {
    bus::Subscription subscription;
    subscription.endpoint = upstream.endpoint();
    subscription.server_key = upstream.public_key();
    subscription.consumer.source = upstream.source();
    subscription.consumer.consumer_id = config.service() + "/main";
    subscription.consumer.instance_epoch = boots;
    if (const auto at = topics.find(upstream.source()); at != topics.end()) {
      for (const std::string& prefix : at->second) subscription.consumer.filter.add_topic_prefix(prefix);
    }
    const auto [first, last] = before.equal_range(upstream.source());
    for (auto at = first; at != last; ++at) {
      auto& filter = subscription.consumer.narrower_before.emplace_back();
      for (const std::string& prefix : at->second) filter.add_topic_prefix(prefix);
    }
    options.subscriptions.push_back(std::move(subscription));
  }
  return options;
}

void HoldSignals() {
  const sigset_t set = StopSignals();
  CHECK(pthread_sigmask(SIG_BLOCK, &set, nullptr) == 0);
  signal(SIGPIPE, SIG_IGN);
}

void RouteLibraryLogs() {
  gpr_set_log_verbosity(GPR_LOG_SEVERITY_ERROR);
  gpr_set_log_function([](gpr_log_func_args* args) {
    const base::LogLevel level = args->severity == GPR_LOG_SEVERITY_ERROR ? base::kWarning : base::kDebug;
    base::Log(level, "grpc", {{"text", args->message}, {"line", args->line}});
  });
  google::protobuf::SetLogHandler([](google::protobuf::LogLevel severity, const char*, int line,
                                     const std::string& text) {
    const bool ours = severity >= google::protobuf::LOGLEVEL_FATAL;
    base::Log(ours ? base::kError : base::kWarning, "protobuf", {{"text", text}, {"line", line}});
  });
}

void WaitForStop() {
  const sigset_t set = StopSignals();
  int received = 0;
  while (sigwait(&set, &received) != 0) {
  }
  base::Log(base::kInfo, "asked to stop", {{"signal", received}});
}

void WaitForDrain(int64_t seconds) {
  if (seconds <= 0) return;
  const sigset_t set = StopSignals();
  const timespec wait = {static_cast<time_t>(seconds), 0};
  sigtimedwait(&set, nullptr, &wait);
}

absl::Status HearRevocation(const bus::v1::Event& event, int64_t now_ms, TokenVerifier* tokens, AuditLog* audit) {
  if (event.topic() != kSessionRevoked) return absl::OkStatus();
  directory::v1::Notice notice;
  if (!notice.ParseFromString(event.data()) || !notice.has_session_revoked()) return absl::OkStatus();
  const directory::v1::SessionRevoked& revoked = notice.session_revoked();
  const int64_t issued_before_ms = revoked.ended() ? TokenVerifier::kEnded : revoked.issued_before_ms();
  tokens->Revoke(revoked.session_id(), issued_before_ms);
  v1::AuditRecord record;
  record.set_at_ms(now_ms);
  record.set_method(std::string(kSessionRevoked));
  record.set_decision(v1::AuditRecord::ALLOWED);
  record.set_session_id(revoked.session_id());
  record.set_aggregate_id(RevocationsOfDay(now_ms));
  record.set_purpose(absl::StrCat(issued_before_ms));
  std::promise<absl::Status> recorded;
  if (!audit->Record(std::move(record), [&recorded](absl::Status status) { recorded.set_value(std::move(status)); })) {
    return absl::ResourceExhaustedError("the audit log's queue is full");
  }
  return recorded.get_future().get();
}

absl::Status RecallRevocations(int64_t now_ms, const AuditLog& audit, TokenVerifier* tokens) {
  for (const int64_t day_ms : {now_ms - kDayMs, now_ms}) {
    RETURN_IF_ERROR(audit.Each(RevocationsOfDay(day_ms), [tokens](const v1::AuditRecord& record) {
      int64_t issued_before_ms = 0;
      if (!absl::SimpleAtoi(record.purpose(), &issued_before_ms)) issued_before_ms = TokenVerifier::kEnded;
      tokens->Revoke(record.session_id(), issued_before_ms);
    }));
  }
  return absl::OkStatus();
}

int Fail(std::string_view what, const absl::Status& status) {
  base::Log(base::kError, what, {{"error", status.ToString()}});
  return 1;
}

}  // namespace rpc
