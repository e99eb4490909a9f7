#include "services/notify/marks.h"

#include "base/check.h"
#include "base/coding.h"
#include "base/crypto.h"
#include "base/status_macros.h"
#include "services/notify/domain/notify.h"

namespace notify {

using storage::KeySpace;

Marks::Marks(std::string_view master_key) : key_(base::HmacSha256(master_key, "notify/marks")) {
  CHECK_EQ(master_key.size(), size_t{32});
}

std::string Marks::PrefixOf(std::string_view user_id) const {
  return "read/" + base::Hex(base::HmacSha256(key_, user_id).substr(0, 16)) + "/";
}

absl::StatusOr<std::set<std::string>> Marks::ReadBy(const storage::View& view, std::string_view user_id) const {
  std::set<std::string> read;
  const std::string prefix = PrefixOf(user_id);
  RETURN_IF_ERROR(view.Scan(KeySpace::kVault, prefix, base::PrefixEnd(prefix),
                            [&](std::string_view key, std::string_view) {
                              read.emplace(key.substr(prefix.size()));
                              return true;
                            }));
  return read;
}

absl::StatusOr<std::vector<storage::Batch::Op>> Marks::Mark(const storage::View& view, std::string_view user_id,
                                                            const std::vector<std::string>& entries,
                                                            int64_t oldest_ms) const {
  std::vector<storage::Batch::Op> ops;
  const std::string prefix = PrefixOf(user_id);
  ASSIGN_OR_RETURN(const auto read, ReadBy(view, user_id));
  for (const std::string& entry : read) {
    if (TimeOfEntry(entry) < oldest_ms) ops.push_back({KeySpace::kVault, prefix + entry, std::nullopt});
  }
  for (const std::string& entry : entries) {
    if (!read.contains(entry)) ops.push_back({KeySpace::kVault, prefix + entry, std::string()});
  }
  return ops;
}

}  // namespace notify
