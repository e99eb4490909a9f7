#pragma once
// What everybody but the writer sees: the database as it was when the newest synced group had just been
// written. Readers,
// streams and answers never look past it, because what lies past it may vanish in a power failure.
// The writer takes the snapshot, the sync thread publishes it, any thread reads.

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <cstdint>
#include <memory>
#include <utility>

#include "storage/kv.h"

namespace kernel {

class Sealer;

struct Published {
  std::shared_ptr<const storage::View> view;
  std::shared_ptr<const void> reference;  // D::Reference as of then; null if it cannot be copied
  uint64_t seq = 0;                       // newest log entry in the view
  uint32_t digest = 0;                    // of that entry
  int64_t now_ms = 0;                     // of the group
  const Sealer* sealer = nullptr;         // opens what is sealed in the view; null: nothing is
};

class Publisher {
 public:
  std::shared_ptr<const Published> Get() const ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    return current_;
  }
  void Set(Published next) ABSL_LOCKS_EXCLUDED(mutex_) {
    auto fresh = std::make_shared<const Published>(std::move(next));
    absl::MutexLock lock(&mutex_);
    current_.swap(fresh);  // the old one is released outside: a snapshot may take a moment
  }

 private:
  mutable absl::Mutex mutex_;
  std::shared_ptr<const Published> current_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace kernel
