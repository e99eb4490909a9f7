#include "services/bus/batch_builder.h"

#include "base/status_macros.h"
#include "services/bus/event.h"
#include "services/bus/filter.h"
#include "services/bus/frame.h"

namespace bus {

BatchBuilder::BatchBuilder(const kernel::EventLog* log) : log_(log), log_id_(log->Head().log_id) {}

absl::StatusOr<BuiltBatch> BatchBuilder::Build(uint64_t after_seq, uint32_t after_digest,
                                               const v1::Filter& filter, const BatchBounds& bounds) {
  BuiltBatch built;
  built.through = after_seq;
  built.digest = after_digest;
  fault_ = absl::OkStatus();
  RETURN_IF_ERROR(log_->Read(after_seq, [&](const kernel::LogEntry& entry) {
    if (!Take(entry, filter, bounds, &built)) return false;
    built.through = entry.seq;
    built.digest = entry.digest;
    return ++built.scanned < bounds.scanned;
  }));
  // What was encoded before the fault is still good: it goes out first, and the fault is met again right
  // after it.
  if (!fault_.ok() && built.scanned == 0) return fault_;
  return built;
}

bool BatchBuilder::Take(const kernel::LogEntry& entry, const v1::Filter& filter, const BatchBounds& bounds,
                        BuiltBatch* built) {
  if (entry.topic.empty() || !MatchesTopic(filter, entry.topic) || !MatchesDivision(filter, entry.division)) {
    return true;
  }
  if (built->count >= bounds.events || built->count >= bounds.credit_events ||
      built->bytes >= bounds.credit_bytes) {
    return false;
  }
  bool sealed = false;
  fault_ = EncodeEvent(log_id_, entry, &encoded_, &sealed);
  if (!fault_.ok()) return false;
  if (sealed && !filter.division_prefix().empty()) return true;
  if (built->count > 0 && built->bytes + encoded_.size() > bounds.bytes) return false;
  AppendEncodedEvent(encoded_, &built->events);
  built->bytes += encoded_.size();
  ++built->count;
  return true;
}

}  // namespace bus
