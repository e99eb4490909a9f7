#pragma once
// Removes what has been kept long enough: answers to request ids (30 days), refusals (200 days). A round looks
// at all of it, a bounded piece at a time, in the batch of a group; then it rests. Writer thread only.

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
  int64_t last_ms_ = 0;         // of the last piece
  int64_t round_began_ms_ = 0;
  bool refusals_left_ = false;  // the last piece did not reach the end of what is old
  std::string answers_from_;    // where the next piece starts; keys are digests, so all of them have to be looked at
};

}  // namespace kernel
