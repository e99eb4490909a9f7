#include "base/area_code.h"

#include <array>

namespace base {
namespace {

constexpr std::array<size_t, 7> kLengthOfLevel = {0, 15, 12, 9, 6, 4, 2};
constexpr int kHighestLevel = 6;

}  // namespace

int LevelOf(std::string_view code) {
  if (code.empty() || code.find_first_not_of("0123456789") != std::string_view::npos) return 0;
  for (int level = 1; level <= kHighestLevel; ++level) {
    if (kLengthOfLevel[static_cast<size_t>(level)] == code.size()) return level;
  }
  return 0;
}

std::string ParentOf(std::string_view code) {
  const int level = LevelOf(code);
  return level == 0 ? std::string() : CutTo(code, level + 1);
}

bool Covers(std::string_view prefix, std::string_view code) {
  return LevelOf(prefix) != 0 && LevelOf(code) != 0 && code.substr(0, prefix.size()) == prefix;
}

std::string CutTo(std::string_view code, int level) {
  const int own = LevelOf(code);
  if (own == 0 || level < own || level > kHighestLevel) return {};
  return std::string(code.substr(0, kLengthOfLevel[static_cast<size_t>(level)]));
}

}  // namespace base
