#pragma once
// Mints sortable ids for whoever is on a thread of gRPC. Any thread.

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <cstdint>
#include <string>
#include <utility>

#include "base/ids.h"
#include "base/random.h"

namespace rpc {

class IdSource {
 public:
  explicit IdSource(base::Random random) : random_(std::move(random)) {}
  std::string NewUlid(int64_t now_ms) {
    absl::MutexLock lock(&mutex_);
    return base::NewUlid(now_ms, random_);
  }

 private:
  absl::Mutex mutex_;
  base::Random random_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace rpc
