// Vectors: FIPS 180-4 examples, RFC 4231 case 2, RFC 4648 section 10, RFC 3720 B.4, McGrew/Viega GCM test
// case 14.
#include "base/crypto.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace base {
namespace {

TEST(Sha256, GivesThePublishedDigests) {
  EXPECT_EQ(Hex(Sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(Hex(Sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(HmacSha256, GivesThePublishedCode) {
  EXPECT_EQ(Hex(HmacSha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST(Hex, ReadsBackWhatItWroteAndNothingElse) {
  EXPECT_EQ(Hex(std::string_view("\x00\xff\x10", 3)), "00ff10");
  EXPECT_EQ(FromHex("00Ff10"), std::string("\x00\xff\x10", 3));
  EXPECT_FALSE(FromHex("0"));
  EXPECT_FALSE(FromHex("0g"));
}

TEST(Base64, GivesThePublishedTexts) {
  EXPECT_EQ(Base64(""), "");
  EXPECT_EQ(Base64("f"), "Zg==");
  EXPECT_EQ(Base64("fo"), "Zm8=");
  EXPECT_EQ(Base64("foo"), "Zm9v");
  EXPECT_EQ(Base64("foobar"), "Zm9vYmFy");
  EXPECT_EQ(Base64Url("f"), "Zg");
  EXPECT_EQ(Base64Url("\xfb\xff"), "-_8");
}

TEST(Base64, ReadsBackAnyBytes) {
  Random random(2);
  for (size_t n = 0; n < 200; ++n) {
    const std::string bytes = random.Bytes(n);
    EXPECT_EQ(FromBase64(Base64(bytes)), bytes);
    EXPECT_EQ(FromBase64Url(Base64Url(bytes)), bytes);
  }
}

TEST(Base64, RefusesSecondSpellingsOfTheSameBytes) {
  for (const char* bad : {"Zg", "Zg=", "Zh==", "Zg==\n", "Zm9=", "====", "Z===", "Zm9-", "Zg==Zg=="}) {
    EXPECT_FALSE(FromBase64(bad)) << bad;
  }
  for (const char* bad : {"Zg==", "Zh", "Z", "Zm9+", "Zm 9"}) EXPECT_FALSE(FromBase64Url(bad)) << bad;
}

TEST(Crc32c, GivesThePublishedSums) {
  EXPECT_EQ(Crc32c(std::string(32, '\0')), 0x8a9136aaU);
  EXPECT_EQ(Crc32c(std::string(32, '\xff')), 0x62a8ab43U);
  EXPECT_EQ(Crc32c("123456789"), 0xe3069283U);
}

TEST(Crc32c, IsTheSameByInstructionAndByTableAndInPieces) {
  Random random(3);
  for (size_t n = 0; n < 300; ++n) {
    const std::string data = random.Bytes(n);
    const auto cut = static_cast<size_t>(random.Below(n + 1));
    const std::string_view all = data;
    EXPECT_EQ(Crc32c(all), Crc32cExtendByTable(0, all));
    EXPECT_EQ(Crc32cExtend(Crc32c(all.substr(0, cut)), all.substr(cut)), Crc32c(all));
  }
}

TEST(EqualInConstantTime, ComparesLengthAndContent) {
  EXPECT_TRUE(EqualInConstantTime("abc", "abc"));
  EXPECT_FALSE(EqualInConstantTime("abc", "abd"));
  EXPECT_FALSE(EqualInConstantTime("abc", "ab"));
  EXPECT_TRUE(EqualInConstantTime("", ""));
}

TEST(Aead, GivesThePublishedCiphertext) {
  const Aead aead(std::string(32, '\0'));
  const std::string nonce(12, '\0');
  EXPECT_EQ(Hex(aead.Seal(nonce, std::string(16, '\0'), "")),
            Hex(nonce) + "cea7403d4d606b6e074ec5d3baf39d18" + "d0d1c8a799996bf0265b98b5d48ab919");
}

TEST(Aead, OpensOnlyTheSameBytesInTheSamePlace) {
  const Aead aead(SecureBytes(kAeadKeySize));
  const std::string sealed = aead.SealWithFreshNonce("王某", "matter/1/name");
  EXPECT_EQ(aead.Open(sealed, "matter/1/name"), "王某");
  EXPECT_FALSE(aead.Open(sealed, "matter/2/name"));
  EXPECT_FALSE(Aead(SecureBytes(kAeadKeySize)).Open(sealed, "matter/1/name"));
  EXPECT_FALSE(aead.Open(sealed.substr(0, 27), "matter/1/name"));
  for (size_t i = 0; i < sealed.size(); ++i) {
    std::string forged = sealed;
    forged[i] = static_cast<char>(forged[i] ^ 1);
    EXPECT_FALSE(aead.Open(forged, "matter/1/name")) << i;
  }
}

TEST(Aead, SealsTheSameTextDifferentlyEachTime) {
  const Aead aead(SecureBytes(kAeadKeySize));
  EXPECT_NE(aead.SealWithFreshNonce("x", ""), aead.SealWithFreshNonce("x", ""));
  EXPECT_EQ(aead.Open(aead.SealWithFreshNonce("", ""), ""), "");
}

}  // namespace
}  // namespace base
