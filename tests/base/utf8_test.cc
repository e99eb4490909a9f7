#include "base/utf8.h"

#include <gtest/gtest.h>

namespace base {
namespace {

TEST(Utf8, AcceptsWhatIsWellFormed) {
  for (const char* good :
       {"", "abc", "枫桥", "é", "\xed\x9f\xbf", "\xee\x80\x80", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"}) {
    EXPECT_TRUE(IsValidUtf8(good)) << good;
  }
  EXPECT_TRUE(IsValidUtf8(std::string_view("\0", 1)));
}

TEST(Utf8, RefusesOverlongFormsSurrogatesAndCutCharacters) {
  for (const char* bad :
       {"\x80", "\xc0\x80", "\xc1\xbf", "\xe0\x80\x80", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xf0\x8f\xbf\xbf",
        "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "\xe6\x9e", "\xe6", "a\xe6\x9e!", "\xf0\x90\x80"}) {
    EXPECT_FALSE(IsValidUtf8(bad));
  }
}

TEST(Utf8, CountsCharactersNotBytes) {
  EXPECT_EQ(CodePoints(""), 0u);
  EXPECT_EQ(CodePoints("枫桥 a"), 4u);
  EXPECT_EQ(CodePoints("\xf0\x9f\x98\x80"), 1u);
}

TEST(Utf8, CutsAtACharacter) {
  EXPECT_EQ(CutCodePoints("枫桥经验", 2), "枫桥");
  EXPECT_EQ(CutCodePoints("枫桥", 5), "枫桥");
  EXPECT_EQ(CutCodePoints("枫桥", 0), "");
}

TEST(Utf8, TrimsEveryKindOfBlankAndNothingElse) {
  EXPECT_EQ(Trimmed(" \t\u3000\u00a0\u200b\u202e枫 桥\u2060\ufeff\n"), "枫 桥");
  EXPECT_EQ(Trimmed("\u3000 \u200d"), "");
  EXPECT_EQ(Trimmed("𠮷"), "𠮷");
  EXPECT_EQ(Trimmed(""), "");
}

}  // namespace
}  // namespace base
