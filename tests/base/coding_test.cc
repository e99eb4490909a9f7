#include "base/coding.h"

#include <gtest/gtest.h>

#include <limits>

#include "base/random.h"

namespace base {
namespace {

TEST(Coding, WritesBigEndian) {
  std::string out;
  AppendU8(&out, 1);
  AppendU16(&out, 0x0203);
  AppendU32(&out, 0x04050607);
  AppendU64(&out, 0x08090a0b0c0d0e0fULL);
  EXPECT_EQ(out, "\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f");
}

TEST(Coding, ReadsBackAndTakesNothingFromWhatIsTooShort) {
  std::string out;
  AppendU64(&out, std::numeric_limits<uint64_t>::max());
  AppendU32(&out, 7);
  AppendU8(&out, 255);
  std::string_view in = out;
  uint64_t a = 0;
  uint32_t b = 0;
  uint16_t c = 0;
  uint8_t d = 0;
  ASSERT_TRUE(ReadU64(&in, &a));
  ASSERT_TRUE(ReadU32(&in, &b));
  EXPECT_FALSE(ReadU16(&in, &c));
  EXPECT_EQ(in.size(), 1u);
  ASSERT_TRUE(ReadU8(&in, &d));
  EXPECT_EQ(a, std::numeric_limits<uint64_t>::max());
  EXPECT_EQ(b, 7u);
  EXPECT_EQ(d, 255);
  EXPECT_FALSE(ReadU8(&in, &d));
}

TEST(Coding, BytesSortLikeTheirNumbers) {
  Random random(1);
  for (int i = 0; i < 10'000; ++i) {
    const uint64_t x = random.Next() >> random.Below(64);
    const uint64_t y = random.Next() >> random.Below(64);
    std::string a;
    std::string b;
    AppendU64(&a, x);
    AppendU64(&b, y);
    EXPECT_EQ(a < b, x < y);
  }
}

TEST(PrefixEnd, IsTheSmallestKeyAfterAllWithThePrefix) {
  EXPECT_EQ(PrefixEnd("abc"), "abd");
  EXPECT_EQ(PrefixEnd("a\xff"), "b");
  EXPECT_EQ(PrefixEnd("\xff\xff"), "");
  EXPECT_EQ(PrefixEnd(""), "");
  EXPECT_EQ(PrefixEnd(std::string_view("a\0", 2)), std::string_view("a\1", 2));
  EXPECT_EQ(PrefixEnd("\x7f"), "\x80");
}

}  // namespace
}  // namespace base
