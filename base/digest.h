#pragma once
// Digests of what comes piece by piece. SHA-1 only where a protocol of others asks for it; nothing here relies on it.

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace base {

class Digest {
 public:
  enum class Algorithm { kSha1, kSha256 };
  explicit Digest(Algorithm algorithm = Algorithm::kSha256);
  ~Digest();
  Digest(Digest&&) noexcept;
  Digest& operator=(Digest&&) noexcept;

  void Update(std::string_view data);
  std::string Finish();  // 20 or 32 bytes; nothing may be added afterwards

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace base
