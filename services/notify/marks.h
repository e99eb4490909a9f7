#pragma once
// What somebody has read: a convenience of their own (product rules R1, R12). A mark is in no event, no state, no index
// and no audit record; it has no time; its key holds a keyed digest instead of the person, so that neither a superior
// at any screen nor who reads the disk or a backup without the master key can say who has read what, or how many have.
// It lies in the vault's key space, beside what else the log must not hold, and goes when the notice is no longer
// listed.
//
//   kVault   "read/" hex(16 bytes of HMAC(marks key, user)) '/' entry id -> ""
//
// Stateless but for its key; any thread.

#include <absl/status/statusor.h>

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "storage/kv.h"

namespace notify {

class Marks {
 public:
  explicit Marks(std::string_view master_key);  // REQUIRES: 32 bytes

  absl::StatusOr<std::set<std::string>> ReadBy(const storage::View& view, std::string_view user_id) const;
  // Marks these, and lets go of the marks on entries older than `oldest_ms`.
  absl::StatusOr<std::vector<storage::Batch::Op>> Mark(const storage::View& view, std::string_view user_id,
                                                       const std::vector<std::string>& entries,
                                                       int64_t oldest_ms) const;

 private:
  std::string PrefixOf(std::string_view user_id) const;
  const std::string key_;
};

}  // namespace notify
