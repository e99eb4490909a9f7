#pragma once
// Questions over several neighbouring ranges of one moment, in one walk.

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "services/kernel/reader.h"

namespace kernel {

// Keys in [from, to).
absl::StatusOr<std::vector<Tallied>> TallyRange(const BasicReader& reader, std::string_view from, std::string_view to,
                                                size_t limit);

// The first entry of each headed range of `index` (heads.h) that begins with `prefix`.
struct Headed {
  std::string range;
  Page::Item first;
};
absl::StatusOr<std::vector<Headed>> HeadsOf(const BasicReader& reader, uint8_t index, std::string_view prefix,
                                            size_t limit);

// Answers with the key of the index to go on from, beyond that of its entry; empty: that was enough.
using IndexLeaps = std::function<std::string(const Page::Item&)>;
absl::Status LeapKeys(const BasicReader& reader, uint8_t index, std::string_view from, std::string_view to,
                      const IndexLeaps& each);

// Entries of `index` in [from, to), in leaps.
template <Domain D>
absl::Status Leap(const Reader<D>& reader, std::string_view index, std::string_view from, std::string_view to,
                  const IndexLeaps& each) {
  return LeapKeys(reader, IndexNumber<D>(index), from, to, each);
}

template <Domain D>
absl::StatusOr<std::vector<Headed>> Firsts(const Reader<D>& reader, std::string_view index, std::string_view prefix,
                                           size_t limit) {
  return HeadsOf(reader, IndexNumber<D>(index), prefix, limit);
}

}  // namespace kernel
