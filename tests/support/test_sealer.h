#pragma once
// Seals with a key of its own; notes whose surroundings it was asked to bring along, and leaves them where they are.

#include <string>
#include <vector>

#include "base/crypto.h"
#include "services/kernel/sealer.h"

namespace tests {

class TestSealer final : public kernel::Sealer {
 public:
  explicit TestSealer(char key = 'k') : key_(32, key) {}

  std::string Seal(std::string_view place, std::string_view clear) const override {
    const std::string nonce = base::HmacSha256(key_, std::string(place) + '\0' + std::string(clear)).substr(0, 12);
    return base::Aead(key_).Seal(nonce, clear, place);
  }
  std::optional<std::string> Open(std::string_view place, std::string_view sealed) const override {
    return base::Aead(key_).Open(sealed, place);
  }
  absl::Status Follow(const storage::View&, std::string_view aggregate_id, storage::Batch*) const override {
    followed.emplace_back(aggregate_id);
    return absl::OkStatus();
  }

  mutable std::vector<std::string> followed;

 private:
  const std::string key_;
};

}  // namespace tests
