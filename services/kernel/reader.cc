#include "services/kernel/reader.h"

#include "services/kernel/sealer.h"

namespace kernel {

using storage::KeySpace;

absl::StatusOr<std::optional<v1::LogRecord>> BasicReader::Record(uint64_t seq) const {
  ASSIGN_OR_RETURN(const auto stored, view().Get(KeySpace::kLog, storage::LogKey(seq)));
  if (!stored) return std::optional<v1::LogRecord>();
  storage::LogValue value;
  v1::LogRecord record;
  if (!storage::DecodeLogValue(*stored, &value) ||
      !record.ParseFromArray(value.record.data(), static_cast<int>(value.record.size()))) {
    return absl::DataLossError(absl::StrCat("cannot read log entry ", seq, ": it is damaged"));
  }
  RETURN_IF_ERROR(OpenRecord(published_->sealer, &record));
  return std::optional<v1::LogRecord>(std::move(record));
}

absl::StatusOr<uint64_t> BasicReader::Tally(std::string_view key) const {
  ASSIGN_OR_RETURN(const auto stored, view().Get(KeySpace::kTally, key));
  uint64_t count = 0;
  if (stored && !storage::ReadNumberValue(*stored, &count))
    return absl::DataLossError("cannot read a tally: damaged");
  return count;
}

absl::StatusOr<std::vector<Tallied>> BasicReader::Tallies(std::string_view prefix, size_t limit) const {
  std::vector<Tallied> tallies;
  RETURN_IF_ERROR(view().Scan(KeySpace::kTally, prefix, base::PrefixEnd(prefix),
                              [&](std::string_view key, std::string_view value) {
                                if (tallies.size() == limit) return false;
                                Tallied& tallied = tallies.emplace_back();
                                tallied.key = std::string(key);
                                return storage::ReadNumberValue(value, &tallied.count);
                              }));
  return tallies;
}

absl::StatusOr<std::vector<v1::RefusalRecord>> BasicReader::Refusals(int64_t from_ms, int64_t to_ms,
                                                                     size_t limit) const {
  std::vector<v1::RefusalRecord> refusals;
  RETURN_IF_ERROR(view().Scan(KeySpace::kRefusal, storage::RefusalKey(from_ms, 0),
                              storage::RefusalKey(to_ms, 0), [&](std::string_view, std::string_view value) {
                                if (refusals.size() == limit) return false;
                                refusals.emplace_back().ParseFromArray(value.data(),
                                                                       static_cast<int>(value.size()));
                                return true;
                              }));
  return refusals;
}

absl::StatusOr<std::vector<v1::QuarantineRecord>> BasicReader::Quarantined() const {
  std::vector<v1::QuarantineRecord> records;
  RETURN_IF_ERROR(view().Scan(KeySpace::kQuarantine, "", "", [&](std::string_view, std::string_view value) {
    records.emplace_back().ParseFromArray(value.data(), static_cast<int>(value.size()));
    return true;
  }));
  return records;
}

absl::StatusOr<Page> BasicReader::ListKeys(uint8_t index, std::string_view from, std::string_view to,
                                           size_t limit, std::string_view page_token) const {
  Page page;
  limit = std::clamp<size_t>(limit, 1, kPageMax);
  std::string start = storage::IndexPrefix(index, from);
  // A token names the first entry of the next page; one of another list cannot lead out of this list's range.
  if (!page_token.empty() && page_token > start) start = std::string(page_token);
  const std::string end =
      to.empty() ? base::PrefixEnd(storage::IndexPrefix(index, "")) : storage::IndexPrefix(index, to);
  if (start >= end) return page;
  RETURN_IF_ERROR(view().Scan(KeySpace::kIndex, start, end, [&](std::string_view stored, std::string_view) {
    if (page.items.size() == limit) {
      page.next_page_token = std::string(stored);
      return false;
    }
    uint8_t number = 0;
    std::string_view key, id;
    if (storage::ReadIndexKey(stored, &number, &key, &id))
      page.items.push_back({std::string(key), std::string(id)});
    return true;
  }));
  return page;
}

absl::StatusOr<std::optional<v1::StateRecord>> BasicReader::StateOf(std::string_view id) const {
  return ReadState(view(), published_->sealer, id);
}

}  // namespace kernel
