#pragma once
// Rows of a sheet from what a service stores: ranges of one index, entry by entry, at one moment. A page of entries is
// in memory, never the range. One thread; the reader keeps its moment until the sheet ends.

#include <absl/status/statusor.h>

#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/coding.h"
#include "base/status_macros.h"
#include "services/kernel/reader.h"
#include "services/sheet/asked.h"

namespace sheet {

struct KeyRange {
  std::string from;
  std::string to;  // not included; empty: to the end of the index
};

// The keys of a range that ends in `~at_ms` (newest first), within a period.
inline KeyRange NewestFirstRange(const std::string& prefix, const Period& period) {
  KeyRange range{prefix, prefix};
  base::AppendU64(&range.from, ~static_cast<uint64_t>(period.to_ms - 1));
  base::AppendU64(&range.to, ~static_cast<uint64_t>(period.from_ms - 1));
  return range;
}
inline std::vector<KeyRange> NewestFirstRanges(std::initializer_list<std::string> prefixes, const Period& period) {
  std::vector<KeyRange> ranges;
  for (const std::string& prefix : prefixes) ranges.push_back(NewestFirstRange(prefix, period));
  return ranges;
}
inline bool Every(const kernel::Page::Item&) { return true; }

// `see` is called once for each entry that `wanted` does not pass over. Entries are judged by their key before the
// state is read.
template <kernel::Domain D>
absl::Status ForEach(const kernel::Reader<D>& reader, std::string_view index, const std::vector<KeyRange>& ranges,
                     const std::function<bool(const kernel::Page::Item&)>& wanted,
                     const std::function<void(const std::string& id, const typename D::State&)>& see) {
  for (const KeyRange& range : ranges) {
    std::string position;
    do {
      ASSIGN_OR_RETURN(auto page, reader.ListRange(index, range.from, range.to, kernel::kPageMax, position));
      for (const auto& item : page.items) {
        if (!wanted(item)) continue;
        ASSIGN_OR_RETURN(const auto stored, reader.Get(item.aggregate_id));
        if (stored) see(item.aggregate_id, stored->state);
      }
      position = std::move(page.next_page_token);
    } while (!position.empty());
  }
  return absl::OkStatus();
}

// The same as rows; nullopt of `row`: not of this sheet. What `row` cannot read ends the sheet.
template <kernel::Domain D>
using RowOfStored = std::function<absl::StatusOr<std::optional<Row>>(const std::string& id,
                                                                     const kernel::Stored<typename D::State>&)>;
template <kernel::Domain D>
NextRow WalkStored(kernel::Reader<D> reader, std::string index, std::vector<KeyRange> ranges,
                   std::function<bool(const kernel::Page::Item&)> wanted, RowOfStored<D> row) {
  struct Place {
    size_t range = 0;
    kernel::Page page;
    size_t item = 0;
    bool listed = false;  // `page` is of this range
  };
  return [=, place = Place()]() mutable -> absl::StatusOr<std::optional<Row>> {
    while (place.range < ranges.size()) {
      if (place.item < place.page.items.size()) {
        const auto& item = place.page.items[place.item++];
        if (!wanted(item)) continue;
        ASSIGN_OR_RETURN(const auto stored, reader.Get(item.aggregate_id));
        if (!stored) continue;
        ASSIGN_OR_RETURN(auto made, row(item.aggregate_id, *stored));
        if (made) return made;
        continue;
      }
      if (place.listed && place.page.next_page_token.empty()) {
        ++place.range;
        place.page = {};
        place.item = 0;
        place.listed = false;
        continue;
      }
      const KeyRange& range = ranges[place.range];
      const std::string position = place.page.next_page_token;
      ASSIGN_OR_RETURN(place.page, reader.ListRange(index, range.from, range.to, kernel::kPageMax, position));
      place.item = 0;
      place.listed = true;
    }
    return std::optional<Row>();
  };
}

// For rows that the state alone says.
template <kernel::Domain D>
NextRow Walk(kernel::Reader<D> reader, std::string index, std::vector<KeyRange> ranges,
             std::function<bool(const kernel::Page::Item&)> wanted,
             std::function<std::optional<Row>(const std::string& id, const typename D::State&)> row) {
  return WalkStored<D>(std::move(reader), std::move(index), std::move(ranges), std::move(wanted),
                       [row = std::move(row)](const std::string& id, const kernel::Stored<typename D::State>& stored)
                           -> absl::StatusOr<std::optional<Row>> { return row(id, stored.state); });
}

}  // namespace sheet
