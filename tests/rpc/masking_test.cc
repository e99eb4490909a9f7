// What somebody sees who has no reason to see more. spec: R9
#include "services/rpc/masking.h"

#include <gtest/gtest.h>

namespace rpc {
namespace {

using kernel::v1::PERSONAL_ADDRESS;
using kernel::v1::PERSONAL_ID_NUMBER;
using kernel::v1::PERSONAL_NAME;
using kernel::v1::PERSONAL_PHONE;

TEST(Masked, NamesKeepTheFirstCharacterAndHideTheirLength) {
  EXPECT_EQ(Masked(PERSONAL_NAME, "张三"), "张**");
  EXPECT_EQ(Masked(PERSONAL_NAME, "欧阳建国"), "欧**");
  EXPECT_EQ(Masked(PERSONAL_NAME, "𠮷田"), "𠮷**");
  EXPECT_EQ(Masked(PERSONAL_NAME, "Li Lei"), "L**");
}

TEST(Masked, PhonesKeepBothEnds) {
  EXPECT_EQ(Masked(PERSONAL_PHONE, "13812341234"), "138****1234");
  EXPECT_EQ(Masked(PERSONAL_PHONE, "+86 138-1234-1234"), "138****1234");
  EXPECT_EQ(Masked(PERSONAL_PHONE, "0534-2312345"), "053****2345");
  EXPECT_EQ(Masked(PERSONAL_PHONE, "2312345"), "231****");
  EXPECT_EQ(Masked(PERSONAL_PHONE, "110"), "****");
  EXPECT_EQ(Masked(PERSONAL_PHONE, "没有"), "****");
}

TEST(Masked, IdentityNumbersHideTheDateOfBirth) {
  EXPECT_EQ(Masked(PERSONAL_ID_NUMBER, "371402198001011234"), "371***********1234");
  EXPECT_EQ(Masked(PERSONAL_ID_NUMBER, "37140219800101123x"), "371***********123X");
  EXPECT_EQ(Masked(PERSONAL_ID_NUMBER, "1234567"), "****");
}

TEST(Masked, AddressesEndAtTheTownship) {
  EXPECT_EQ(Masked(PERSONAL_ADDRESS, "山东省德州市陵城区糜镇王家村12号"), "山东省德州市陵城区糜镇****");
  EXPECT_EQ(Masked(PERSONAL_ADDRESS, "德城区新湖街道东方红西路1号"), "德城区新湖街道****");
  EXPECT_EQ(Masked(PERSONAL_ADDRESS, "东方红西路1号楼2单元301室"), "东方红西路1****");
  EXPECT_EQ(Masked(PERSONAL_ADDRESS, "王家村5"), "王家****");
}

TEST(Masked, NothingStaysNothing) {
  for (const auto kind : {PERSONAL_NAME, PERSONAL_PHONE, PERSONAL_ID_NUMBER, PERSONAL_ADDRESS}) {
    EXPECT_EQ(Masked(kind, ""), "");
  }
}

TEST(Normalised, OneSpellingForEachValue) {
  EXPECT_EQ(Normalised(PERSONAL_PHONE, "+86 138-1234-5678"), "13812345678");
  EXPECT_EQ(Normalised(PERSONAL_PHONE, "0086 13812345678"), "13812345678");
  EXPECT_EQ(Normalised(PERSONAL_PHONE, "１３８１２３４５６７８"), "13812345678");
  EXPECT_EQ(Normalised(PERSONAL_ID_NUMBER, "37140219800101123ｘ"), "37140219800101123X");
  EXPECT_EQ(Normalised(PERSONAL_ID_NUMBER, "37140219800101123Ｘ"), "37140219800101123X");
  EXPECT_EQ(Normalised(PERSONAL_NAME, " 张　三 "), "张三");
}

}  // namespace
}  // namespace rpc
