#pragma once
// Where a live feed stands, as the client holds it: the id of each SSE message. Sealed (AES-256-GCM), so that
// it is neither readable nor forgeable, and bound to the person; carries no right: scope is checked again on
// every event.
//
//   id = base64url( seal( version:1 filter_hash:8 count:1 { history:8 seq:8 }… ) )

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/crypto.h"

namespace gateway {

struct FeedPosition {
  std::string history;  // 8 bytes, empty: nothing heard of this source
  uint64_t seq = 0;
  bool operator==(const FeedPosition&) const = default;
};

class FeedCursorSeal {
 public:
  explicit FeedCursorSeal(std::string_view key) : aead_(key) {}  // 32 bytes

  std::string Seal(std::string_view user_id, std::string_view filter_hash,
                   const std::vector<FeedPosition>& positions) const;
  // nullopt: not ours, another person's, another filter's.
  std::optional<std::vector<FeedPosition>> Open(std::string_view id, std::string_view user_id,
                                                std::string_view filter_hash) const;

 private:
  base::Aead aead_;
};

}  // namespace gateway
