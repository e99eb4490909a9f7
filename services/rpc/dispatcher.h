#pragma once
// Holds the methods of a server and what every call of them needs. One per server; read-only while it serves, but
// for its counters. Any thread.

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>
#include <grpcpp/support/status.h>

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/metrics.h"
#include "services/kernel/command.h"
#include "services/rpc/audit.h"
#include "services/rpc/id_source.h"
#include "services/rpc/method.h"
#include "services/rpc/query_pool.h"
#include "services/rpc/token.h"
#include "services/rpc/vault.h"
#include "storage/kv.h"

namespace rpc {

struct ServerParts {
  const base::Clock* clock = nullptr;
  base::Metrics* metrics = nullptr;
  TokenVerifier* tokens = nullptr;
  AuditLog* audit = nullptr;
  kernel::CommandQueue* queue = nullptr;   // null: no commands
  const storage::View* view = nullptr;     // for the vault; null: no vault
  const Vault* vault = nullptr;            // null: no personal data may come in
};

class Dispatcher {
 public:
  Dispatcher(const ServerParts& parts, std::vector<std::unique_ptr<Method>> methods, size_t in_flight_max,
             size_t query_threads, size_t query_queue_max);

  const std::vector<std::unique_ptr<Method>>& methods() const { return methods_; }

  // Fills actor and times of `caller` from a token (empty: none) and the peer's name, which is set already.
  std::optional<Failure> Identify(std::string_view token, const Method& method, Caller* caller) const;

  bool TryEnter();   // false: too many calls at one time
  void Leave();
  void WaitUntilEmpty();
  size_t in_flight() const { return in_flight_.load(std::memory_order_relaxed); }

  void Count(const Method& method, grpc::StatusCode code, int64_t started_us);
  void CountRefusedEarly() { refused_early_.Add(); }

  const ServerParts& parts() const { return parts_; }
  IdSource& ids() { return ids_; }
  QueryPool& pool() { return *pool_; }
  // No query runs after this.
  void StopPool() { pool_.reset(); }

 private:
  const ServerParts parts_;
  std::vector<std::unique_ptr<Method>> methods_;
  IdSource ids_;
  const size_t in_flight_max_;
  std::atomic<size_t> in_flight_{0};
  base::Counter& refused_early_;
  absl::Mutex empty_mutex_;
  absl::CondVar empty_ ABSL_GUARDED_BY(empty_mutex_);
  std::unique_ptr<QueryPool> pool_;
};

}  // namespace rpc
