#include "services/kernel/group_lookup.h"

#include "base/status_macros.h"

namespace kernel {
namespace {

absl::StatusOr<std::vector<std::string>> KeysWithOverlay(const storage::View& view, const std::string& prefix,
                                                         const std::map<std::string, bool, std::less<>>& changes,
                                                         size_t limit) {
  std::vector<std::string> keys;
  const auto take = [&](std::string_view key) {
    if (keys.size() < limit) keys.emplace_back(key);
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
                                           return keys.size() < limit;
                                         });
  if (!scanned.ok()) return scanned;
  changes_before({});
  return keys;
}

}  // namespace

absl::StatusOr<std::vector<std::string>> ScanWithOverlay(
    const storage::View& view, const std::string& prefix,
    const std::map<std::string, bool, std::less<>>& changes, size_t limit) {
  ASSIGN_OR_RETURN(const auto keys, KeysWithOverlay(view, prefix, changes, limit));
  std::vector<std::string> ids;
  for (const std::string& key : keys) {
    uint8_t index = 0;
    std::string_view bytes, id;
    if (storage::ReadIndexKey(key, &index, &bytes, &id)) ids.emplace_back(id);
  }
  return ids;
}

absl::StatusOr<std::string> FirstWithOverlay(const storage::View& view, const std::string& prefix,
                                             const std::map<std::string, bool, std::less<>>& changes) {
  ASSIGN_OR_RETURN(auto keys, KeysWithOverlay(view, prefix, changes, 1));
  return keys.empty() ? std::string() : std::move(keys.front());
}

}  // namespace kernel
