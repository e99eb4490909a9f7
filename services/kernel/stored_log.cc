#include "services/kernel/stored_log.h"

#include <absl/strings/str_cat.h>

#include "base/status_macros.h"
#include "storage/keys.h"
#include "storage/log_value.h"

namespace kernel {

using storage::KeySpace;

Cursor StoredLog::Head() const {
  const auto published = publisher_.Get();
  return {.log_id = format_.log_id(),
          .epoch = format_.epoch(),
          .seq = published->seq,
          .digest = published->digest,
          .filter_hash = {}};
}

uint64_t StoredLog::FirstSeq() const {
  uint64_t first = 1;
  const auto published = publisher_.Get();
  // An unreadable disk shows in Read, which has a status; the log starts at 1 unless something was cut off.
  (void)published->view->Scan(KeySpace::kLog, "", "", [&](std::string_view key, std::string_view) {
    (void)storage::ReadLogKey(key, &first);
    return false;
  });
  return first;
}

absl::StatusOr<uint32_t> StoredLog::DigestAt(uint64_t seq) const {
  if (seq == 0) return 0;
  const auto published = publisher_.Get();
  if (seq == published->seq) return published->digest;
  if (seq > published->seq)
    return absl::OutOfRangeError(absl::StrCat("cannot read log entry ", seq, ": not yet"));
  ASSIGN_OR_RETURN(const auto stored, published->view->Get(KeySpace::kLog, storage::LogKey(seq)));
  storage::LogValue value;
  if (!stored) return absl::NotFoundError(absl::StrCat("cannot read log entry ", seq, ": it was cut off"));
  if (!storage::DecodeLogValue(*stored, &value)) {
    return absl::DataLossError(absl::StrCat("cannot read log entry ", seq, ": it is damaged"));
  }
  return value.digest;
}

absl::Status StoredLog::Read(uint64_t after_seq, const std::function<bool(const LogEntry&)>& each) const {
  const auto published = publisher_.Get();
  absl::Status damaged;
  RETURN_IF_ERROR(published->view->Scan(
      KeySpace::kLog, storage::LogKey(after_seq + 1), storage::LogKey(published->seq + 1),
      [&](std::string_view key, std::string_view stored) {
        LogEntry entry;
        storage::LogValue value;
        if (!storage::ReadLogKey(key, &entry.seq) || !storage::DecodeLogValue(stored, &value)) {
          damaged = absl::DataLossError(
              absl::StrCat("cannot read the log entry after ", entry.seq, ": it is damaged"));
          return false;
        }
        entry.digest = value.digest;
        if ((value.flags & storage::kHasNotice) != 0) entry.topic = value.topic;
        entry.division = value.division;
        entry.record = value.record;
        return each(entry);
      }));
  return damaged;
}

}  // namespace kernel
