#include "base/ids.h"

#include <algorithm>

#include "base/check.h"

namespace base {
namespace {

constexpr std::string_view kCrockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::string_view kQueryAlphabet = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";
constexpr int64_t kUlidTimeMax = (int64_t{1} << 48) - 1;
constexpr size_t kUlidTimeChars = 10;

bool AllFrom(std::string_view alphabet, std::string_view text) {
  return text.find_first_not_of(alphabet) == std::string_view::npos;
}

}  // namespace

std::string NewUlid(int64_t now_ms, Random& random) {
  CHECK(now_ms >= 0 && now_ms <= kUlidTimeMax) << now_ms;
  std::string id(kUlidLength, '0');
  uint64_t time = static_cast<uint64_t>(now_ms);
  for (size_t i = kUlidTimeChars; i-- > 0; time >>= 5) id[i] = kCrockford[time & 31];
  uint64_t high = random.Next();
  uint64_t low = random.Next();
  for (size_t i = 0; i < 8; ++i, high >>= 5) id[kUlidTimeChars + i] = kCrockford[high & 31];
  for (size_t i = 0; i < 8; ++i, low >>= 5) id[kUlidTimeChars + 8 + i] = kCrockford[low & 31];
  return id;
}

bool IsUlid(std::string_view text) {
  return text.size() == kUlidLength && text[0] <= '7' && AllFrom(kCrockford, text);
}

int64_t UlidTimeMs(std::string_view ulid) {
  CHECK(IsUlid(ulid));
  int64_t time = 0;
  for (char c : ulid.substr(0, kUlidTimeChars)) {
    time = time << 5 | static_cast<int64_t>(kCrockford.find(c));
  }
  return time;
}

std::string NewQueryCode(Random& random) {
  std::string code(kQueryCodeLength, '\0');
  std::generate(code.begin(), code.end(),
                [&] { return kQueryAlphabet[random.Below(kQueryAlphabet.size())]; });
  return code;
}

bool IsQueryCode(std::string_view text) {
  return text.size() == kQueryCodeLength && AllFrom(kQueryAlphabet, text);
}

}  // namespace base
