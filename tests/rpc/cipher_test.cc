// Both profiles keep secrets, notice changes and bind a text to its place.
#include "services/rpc/cipher.h"

#include <gtest/gtest.h>

#include "base/crypto.h"

namespace rpc {
namespace {

class Ciphers : public ::testing::TestWithParam<CipherProfile> {
 protected:
  const Cipher& cipher_ = *CipherFor(GetParam());
  const std::string key_ = std::string(32, 'k');
};

TEST_P(Ciphers, OpenWhatTheySealed) {
  for (const std::string& plain : {std::string(), std::string("张三"), std::string(1000, 'x')}) {
    const std::string sealed = cipher_.Seal(key_, plain, "place");
    EXPECT_EQ(cipher_.Open(key_, sealed, "place"), plain);
    EXPECT_TRUE(plain.empty() || sealed.find(plain) == std::string::npos);
    EXPECT_NE(cipher_.Seal(key_, plain, "place"), sealed);
  }
}

TEST_P(Ciphers, NoticeEveryChangedByte) {
  const std::string sealed = cipher_.Seal(key_, "13812345678", "place");
  for (size_t i = 0; i < sealed.size(); ++i) {
    std::string altered = sealed;
    altered[i] = static_cast<char>(altered[i] ^ 0x10);
    EXPECT_FALSE(cipher_.Open(key_, altered, "place")) << i;
    EXPECT_FALSE(cipher_.Open(key_, sealed.substr(0, i), "place")) << i;
  }
}

TEST_P(Ciphers, OpenOnlyInTheirPlaceAndWithTheirKey) {
  const std::string sealed = cipher_.Seal(key_, "13812345678", "place");
  EXPECT_FALSE(cipher_.Open(key_, sealed, "places"));
  EXPECT_FALSE(cipher_.Open(key_, sealed, ""));
  EXPECT_FALSE(cipher_.Open(std::string(32, 'l'), sealed, "place"));
}

TEST_P(Ciphers, MacDependsOnKeyAndData) {
  EXPECT_EQ(cipher_.Mac(key_, "a").size(), 32u);
  EXPECT_NE(cipher_.Mac(key_, "a"), cipher_.Mac(key_, "b"));
  EXPECT_NE(cipher_.Mac(key_, "a"), cipher_.Mac("other", "a"));
}

INSTANTIATE_TEST_SUITE_P(Profiles, Ciphers, ::testing::Values(CipherProfile::kAesGcm, CipherProfile::kSm4Sm3));

// What `printf abc | openssl dgst -sm3 -hmac key` prints.
TEST(Sm3, MacIsHmacOverSm3) {
  EXPECT_EQ(base::Hex(CipherFor(CipherProfile::kSm4Sm3)->Mac("key", "abc")),
            "28e63256e7c5a087b1f073265dc53092163f7b82729735d06f28f10af9d52393");
}

TEST(Profiles, OfAnUnknownNumberDoNotExist) {
  EXPECT_EQ(CipherFor(static_cast<CipherProfile>(0)), nullptr);
  EXPECT_EQ(CipherFor(static_cast<CipherProfile>(9)), nullptr);
}

}  // namespace
}  // namespace rpc
