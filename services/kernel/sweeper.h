#pragma once
// Removes what has been kept long enough: answers to request ids (30 days), refusals (200 days). A bounded
// piece at a time,
// in the batch of a group. Writer thread only.

#include <absl/status/status.h>

#include <cstdint>
#include <string>

#include "storage/kv.h"

namespace kernel {

class Sweeper {
 public:
  explicit Sweeper(const storage::Kv& kv) : kv_(kv) {}
  bool Due(int64_t now_ms) const;
  absl::Status Sweep(int64_t now_ms, storage::Batch* batch);

 private:
  absl::Status SweepAnswers(int64_t now_ms, storage::Batch* batch);
  absl::Status SweepRefusals(int64_t now_ms, storage::Batch* batch);

  const storage::Kv& kv_;
  int64_t last_ms_ = 0;
  std::string answers_from_;  // where the next piece starts; keys are digests, so all of them have to be looked at
};

}  // namespace kernel
