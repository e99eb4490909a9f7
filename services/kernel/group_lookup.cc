#include "services/kernel/group_lookup.h"

namespace kernel {

absl::StatusOr<std::vector<std::string>> ScanWithOverlay(
    const storage::View& view, const std::string& prefix,
    const std::map<std::string, bool, std::less<>>& changes, size_t limit) {
  std::vector<std::string> ids;
  const auto take = [&](std::string_view key) {
    uint8_t index = 0;
    std::string_view bytes, id;
    if (ids.size() < limit && storage::ReadIndexKey(key, &index, &bytes, &id)) ids.emplace_back(id);
  };
  auto change = changes.lower_bound(prefix);
  const auto changes_before = [&](std::string_view key) {  // empty: all that are left
    for (;
         change != changes.end() && change->first.starts_with(prefix) && (key.empty() || change->first < key);
         ++change) {
      if (change->second) take(change->first);
    }
  };
  const absl::Status scanned = view.Scan(storage::KeySpace::kIndex, prefix, base::PrefixEnd(prefix),
                                         [&](std::string_view key, std::string_view) {
                                           changes_before(key);
                                           if (change != changes.end() && change->first == key) return true;
                                           take(key);
                                           return ids.size() < limit;
                                         });
  if (!scanned.ok()) return scanned;
  changes_before({});
  return ids;
}

}  // namespace kernel
