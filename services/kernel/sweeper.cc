#include "services/kernel/sweeper.h"

#include <utility>

#include "base/status_macros.h"
#include "kernel/v1/record.pb.h"
#include "services/kernel/limits.h"
#include "storage/keys.h"

namespace kernel {

using storage::KeySpace;

bool Sweeper::Due(int64_t now_ms) const {
  const bool in_round = refusals_left_ || !answers_from_.empty();
  return now_ms - last_ms_ >= kSweepEveryMs && (in_round || now_ms - round_began_ms_ >= kSweepRoundMs);
}

absl::Status Sweeper::Sweep(int64_t now_ms, storage::Batch* batch) {
  last_ms_ = now_ms;
  if (!refusals_left_ && answers_from_.empty()) round_began_ms_ = now_ms;
  RETURN_IF_ERROR(SweepAnswers(now_ms, batch));
  return SweepRefusals(now_ms, batch);
}

absl::Status Sweeper::SweepAnswers(int64_t now_ms, storage::Batch* batch) {
  size_t looked_at = 0;
  std::string next;
  v1::Answered answered;
  RETURN_IF_ERROR(
      kv_.Scan(KeySpace::kDedupe, answers_from_, "", [&](std::string_view key, std::string_view value) {
        if (looked_at++ == kSweepEntriesMax) {
          next = std::string(key);
          return false;
        }
        const bool readable = answered.ParseFromArray(value.data(), static_cast<int>(value.size()));
        if (readable && now_ms - answered.at_ms() > kAnswersKeptMs)
          batch->Delete(KeySpace::kDedupe, std::string(key));
        return true;
      }));
  answers_from_ = std::move(next);
  return absl::OkStatus();
}

absl::Status Sweeper::SweepRefusals(int64_t now_ms, storage::Batch* batch) {
  if (now_ms <= kRefusalsKeptMs) return absl::OkStatus();
  size_t removed = 0;
  RETURN_IF_ERROR(kv_.Scan(KeySpace::kRefusal, "", storage::RefusalKey(now_ms - kRefusalsKeptMs, 0),
                           [&](std::string_view key, std::string_view) {
                             batch->Delete(KeySpace::kRefusal, std::string(key));
                             return ++removed < kSweepEntriesMax;
                           }));
  refusals_left_ = removed == kSweepEntriesMax;
  return absl::OkStatus();
}

}  // namespace kernel
