#pragma once
// Page tokens: where a list went on, bound to the question it belongs to, so that a token of one list cannot
// be used in another. The position is a key the caller has seen; readers hold it inside the range of the
// query anyway. Pure.
//
//   base64url( first 8 bytes of SHA-256(question) , raw position )

#include <optional>
#include <string>
#include <string_view>

#include "base/crypto.h"

namespace rpc {

inline constexpr size_t kPageTokenBinding = 8;

inline std::string PageToken(std::string_view question, std::string_view position) {
  if (position.empty()) return "";
  return base::Base64Url(base::Sha256(question).substr(0, kPageTokenBinding) + std::string(position));
}

// Empty token: the beginning. nullopt: not a token of this question.
inline std::optional<std::string> PagePosition(std::string_view question, std::string_view token) {
  if (token.empty()) return std::string();
  const auto raw = base::FromBase64Url(token);
  if (!raw || raw->size() <= kPageTokenBinding) return std::nullopt;
  if (raw->substr(0, kPageTokenBinding) != base::Sha256(question).substr(0, kPageTokenBinding))
    return std::nullopt;
  return raw->substr(kPageTokenBinding);
}

}  // namespace rpc
