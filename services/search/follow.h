#pragma once
// Keeps the index of a service up to its log. Behind the writer, never in its way: a thread of low priority reads what
// is durable, looks at the present state of each aggregate that the log names, and writes documents and the place in
// the log together. What the index stands for is checked against the log when it is opened (log, epoch, digest). If it
// does not fit, or is damaged, it is built anew from the states, a portion at a time, while it answers with what it
// has. Step may be called without the thread.

#include <absl/base/thread_annotations.h>
#include <absl/status/statusor.h>
#include <absl/synchronization/mutex.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/metrics.h"
#include "services/kernel/link.h"
#include "services/search/index.h"

namespace search {

// One moment of the service.
class Moment {
 public:
  virtual ~Moment() = default;
  virtual uint64_t seq() const = 0;
  // Whose record it is; empty: none that is read here.
  virtual absl::StatusOr<std::string> AggregateAt(uint64_t seq) const = 0;
  // Ids after `after` in order, at most `limit`, without reference data.
  virtual absl::StatusOr<std::vector<std::string>> IdsAfter(std::string_view after, size_t limit) const = 0;
  // nullopt: does not belong into the index.
  virtual absl::StatusOr<std::optional<Document>> DocumentOf(const std::string& id) const = 0;
  // Documents with this token hold a name that this reference data ("ref/…") gives; nullopt: none do.
  virtual std::optional<Token> NamedBy(std::string_view reference_id) const = 0;
};

class Follower {
 public:
  struct Parts {
    Index* index = nullptr;
    const kernel::EventLog* log = nullptr;
    std::function<std::unique_ptr<Moment>()> moment;
    base::Metrics* metrics = nullptr;
  };
  explicit Follower(Parts parts);
  ~Follower();

  void Start();
  void Stop() ABSL_LOCKS_EXCLUDED(mutex_);
  // There is more in the log. Any thread; quick.
  void Wake() ABSL_LOCKS_EXCLUDED(mutex_);
  // True: the index holds everything up to `seq`. Waits a little for it, kAwaitMs at most.
  bool Await(uint64_t seq) const ABSL_LOCKS_EXCLUDED(mutex_);

  // One portion. True: there is more to do now.
  absl::StatusOr<bool> Step();

 private:
  absl::StatusOr<bool> Fits() const;
  absl::Status BeginAnew(const Moment& moment);
  absl::StatusOr<bool> Scan(const Moment& moment);
  absl::StatusOr<bool> Follow(const Moment& moment);
  absl::StatusOr<bool> Tidy();
  absl::Status Rename(const Moment& moment, Token token);
  Change ChangeOf(const Moment& moment, const std::string& id) const;
  absl::Status Commit(const std::vector<Change>& changes, Standing standing);
  void Run();
  void Publish() ABSL_LOCKS_EXCLUDED(mutex_);

  const Parts parts_;
  base::Gauge* lag_ = nullptr;
  base::Gauge* complete_gauge_ = nullptr;
  bool checked_ = false;
  bool built_ = false;  // just now
  bool tidy_ = false;   // since the last commit
  mutable absl::Mutex mutex_;
  uint64_t covered_ ABSL_GUARDED_BY(mutex_) = 0;
  bool complete_ ABSL_GUARDED_BY(mutex_) = false;
  bool woken_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::jthread thread_;
};

// Compares the index with the states of a moment. Empty: they agree. Else: the first difference, for people. What the
// log says after the place of the index is not looked at: it follows. FAILED_PRECONDITION: it cannot be compared.
absl::StatusOr<std::string> CompareWithStates(const Index& index, const Moment& moment);

}  // namespace search
