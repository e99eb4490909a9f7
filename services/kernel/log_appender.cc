#include "services/kernel/log_appender.h"

#include <absl/strings/str_cat.h>

#include <utility>

#include "base/coding.h"
#include "base/status_macros.h"
#include "storage/keys.h"
#include "storage/log_value.h"

namespace kernel {
namespace {

using storage::KeySpace;

// The largest stored seq. A log has no gaps, so a doubling search finds its end with a few lookups; kv.h has
// no reverse scan.
absl::StatusOr<uint64_t> FindLastSeq(const storage::View& view) {
  const auto any_after = [&](uint64_t seq) -> absl::StatusOr<bool> {
    bool any = false;
    RETURN_IF_ERROR(
        view.Scan(KeySpace::kLog, storage::LogKey(seq + 1), "", [&](std::string_view, std::string_view) {
          any = true;
          return false;
        }));
    return any;
  };
  uint64_t low = 0;  // there is something after every value below `low`
  uint64_t step = 1;
  for (;;) {
    ASSIGN_OR_RETURN(const bool more, any_after(low + step - 1));
    if (!more) break;
    low += step;
    step *= 2;
  }
  uint64_t high = low + step - 1;  // nothing after `high`
  while (low < high) {
    const uint64_t middle = low + (high - low) / 2;
    ASSIGN_OR_RETURN(const bool more, any_after(middle));
    if (more) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

}  // namespace

absl::StatusOr<LogHead> ReadLogHead(const storage::View& view) {
  LogHead head;
  ASSIGN_OR_RETURN(head.seq, FindLastSeq(view));
  if (head.seq == 0) return head;
  ASSIGN_OR_RETURN(const auto stored, view.Get(KeySpace::kLog, storage::LogKey(head.seq)));
  storage::LogValue value;
  v1::LogRecord record;
  if (!stored || !storage::DecodeLogValue(*stored, &value) ||
      !record.ParseFromArray(value.record.data(), static_cast<int>(value.record.size()))) {
    return absl::DataLossError(
        absl::StrCat("cannot open the log: its newest entry, ", head.seq, ", is damaged"));
  }
  head.digest = value.digest;
  head.recorded_at_ms = record.recorded_at_ms();
  return head;
}

absl::StatusOr<LogAppender> LogAppender::Open(const storage::View& view, const EventNames& names) {
  LogAppender appender;
  const std::string prefix(storage::kEventTypePrefix);
  absl::Status unknown;
  RETURN_IF_ERROR(view.Scan(
      KeySpace::kMeta, prefix, base::PrefixEnd(prefix), [&](std::string_view key, std::string_view value) {
        uint32_t number = 0;
        const std::string type(key.substr(prefix.size()));
        if (!base::ReadU32(&value, &number) || !names.Knows(type, static_cast<int>(number))) {
          unknown = absl::FailedPreconditionError(
              absl::StrCat("cannot open the log: it holds events '", type, "' (field ", number,
                           "), which this program does not know; a newer one wrote them"));
          return false;
        }
        appender.event_types_[type] = static_cast<int>(number);
        return true;
      }));
  RETURN_IF_ERROR(unknown);
  ASSIGN_OR_RETURN(appender.head_, ReadLogHead(view));
  return appender;
}

std::string LogAppender::Append(std::string_view previous_hash, int event_number, const Sealer* sealer,
                                v1::LogRecord* record, storage::Batch* batch) {
  if (event_types_.emplace(record->event_type(), event_number).second) {
    std::string number;
    base::AppendU32(&number, static_cast<uint32_t>(event_number));
    batch->Put(KeySpace::kMeta, std::string(storage::kEventTypePrefix) + record->event_type(),
               std::move(number));
  }
  record->set_seq(++head_.seq);
  record->set_previous_hash(std::string(previous_hash));
  if (sealer != nullptr) SealRecord(*sealer, record);
  auto encoded = storage::EncodeLogValue(*record, head_.digest);
  head_.digest = encoded.digest;
  head_.recorded_at_ms = record->recorded_at_ms();
  batch->Put(KeySpace::kLog, storage::LogKey(head_.seq), std::move(encoded.value));
  return std::move(encoded.hash);
}

}  // namespace kernel
