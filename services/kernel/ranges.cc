#include "services/kernel/ranges.h"

#include "base/coding.h"
#include "base/status_macros.h"
#include "storage/keys.h"
#include "storage/leap.h"

namespace kernel {

using storage::KeySpace;

absl::StatusOr<std::vector<Tallied>> TallyRange(const BasicReader& reader, std::string_view from, std::string_view to,
                                                size_t limit) {
  std::vector<Tallied> tallies;
  bool whole = true;
  RETURN_IF_ERROR(reader.view().Scan(KeySpace::kTally, from, to, [&](std::string_view key, std::string_view value) {
    if (tallies.size() == limit) return false;
    Tallied& tallied = tallies.emplace_back();
    tallied.key = std::string(key);
    whole = storage::ReadNumberValue(value, &tallied.count);
    return whole;
  }));
  if (!whole) return absl::DataLossError("cannot read a tally: damaged");
  return tallies;
}

absl::StatusOr<std::vector<Headed>> HeadsOf(const BasicReader& reader, uint8_t index, std::string_view prefix,
                                            size_t limit) {
  std::vector<Headed> heads;
  bool whole = true;
  const std::string from = storage::IndexPrefix(index, prefix);
  const auto see = [&](std::string_view range, std::string_view first) {
    if (heads.size() == limit) return false;
    uint8_t number = 0;
    std::string_view key, id;
    whole = storage::ReadIndexKey(first, &number, &key, &id);
    range.remove_prefix(sizeof number);
    heads.push_back({std::string(range), {std::string(key), std::string(id)}});
    return whole;
  };
  RETURN_IF_ERROR(reader.view().Scan(KeySpace::kDerived, from, base::PrefixEnd(from), see));
  if (!whole) return absl::DataLossError("cannot read the first of a list: damaged");
  return heads;
}

absl::Status LeapKeys(const BasicReader& reader, uint8_t index, std::string_view from, std::string_view to,
                      const IndexLeaps& each) {
  const auto leap = [&](std::string_view stored, std::string_view) -> std::string {
    uint8_t number = 0;
    std::string_view key, id;
    if (!storage::ReadIndexKey(stored, &number, &key, &id)) return "";
    const std::string next = each({std::string(key), std::string(id)});
    return next.empty() ? next : storage::IndexPrefix(index, next);
  };
  return storage::Leap(reader.view(), KeySpace::kIndex, storage::IndexPrefix(index, from),
                       storage::IndexPrefix(index, to), leap);
}

}  // namespace kernel
