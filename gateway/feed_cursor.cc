#include "gateway/feed_cursor.h"

#include "base/check.h"
#include "base/coding.h"
#include "gateway/limits.h"

namespace gateway {
namespace {

constexpr uint8_t kVersion = 1;
constexpr size_t kTagBytes = 8;

std::string BoundTo(std::string_view user_id) { return "feed/" + std::string(user_id); }

}  // namespace

std::string FeedCursorSeal::Seal(std::string_view user_id, std::string_view filter_hash,
                                 const std::vector<FeedPosition>& positions) const {
  CHECK_EQ(filter_hash.size(), kTagBytes);
  std::string plain;
  base::AppendU8(&plain, kVersion);
  plain += filter_hash;
  base::AppendU8(&plain, static_cast<uint8_t>(positions.size()));
  for (const FeedPosition& position : positions) {
    plain += position.history.empty() ? std::string(kTagBytes, '\0') : position.history;
    base::AppendU64(&plain, position.seq);
  }
  return base::Base64Url(aead_.SealWithFreshNonce(plain, BoundTo(user_id)));
}

std::optional<std::vector<FeedPosition>> FeedCursorSeal::Open(std::string_view id, std::string_view user_id,
                                                              std::string_view filter_hash) const {
  if (id.size() > kMaxCursorBytes) return std::nullopt;
  const auto sealed = base::FromBase64Url(id);
  if (!sealed) return std::nullopt;
  const auto plain = aead_.Open(*sealed, BoundTo(user_id));
  if (!plain) return std::nullopt;
  std::string_view in = *plain;
  uint8_t version = 0, count = 0;
  if (!base::ReadU8(&in, &version) || version != kVersion || in.substr(0, kTagBytes) != filter_hash)
    return std::nullopt;
  in.remove_prefix(kTagBytes);
  if (!base::ReadU8(&in, &count) || in.size() != count * (kTagBytes + 8)) return std::nullopt;
  std::vector<FeedPosition> positions(count);
  for (FeedPosition& position : positions) {
    const std::string_view history = in.substr(0, kTagBytes);
    if (history != std::string(kTagBytes, '\0')) position.history = history;
    in.remove_prefix(kTagBytes);
    if (!base::ReadU64(&in, &position.seq)) return std::nullopt;
  }
  return positions;
}

}  // namespace gateway
