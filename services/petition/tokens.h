#pragma once
// Under whose key a person of a petition lies in the vault: names stay where they were written down, also when a copy
// is merged and its people petition in the original. A copy that turns out to accuse takes them along as its own.

#include <string_view>

#include "base/ids.h"
#include "services/rpc/vault.h"

namespace petition {

// The petition that a token was made for; `own` if the text is no token.
inline std::string_view OwnerOf(std::string_view text, std::string_view own) {
  if (!rpc::IsVaultToken(text)) return own;
  text.remove_prefix(rpc::kVaultPrefix.size());
  if (text.size() < base::kUlidLength + 2) return own;
  const std::string_view owner = text.substr(0, text.size() - base::kUlidLength - 1);
  return text[owner.size()] == '/' ? owner : own;
}

}  // namespace petition
