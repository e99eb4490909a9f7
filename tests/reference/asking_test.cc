// The cost of asking 填报成本, where a change of the policies makes reports ask for more.
#include "services/reference/asking.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/reference/fixtures.h"

namespace reference {
namespace {

using policy::v1::Category;
using policy::v1::PolicySet;
using testing::ElementsAre;
using testing::IsEmpty;

// Of three categories: without a photo, with one that is asked for, and with one that is demanded.
PolicySet Before() {
  PolicySet set;
  set.mutable_incident()->mutable_asking_cost()->set_photo_seconds(45);
  for (const char* code : {"0201", "0601", "0605"}) set.mutable_categories()->add_category()->set_code(code);
  set.mutable_categories()->mutable_category(1)->set_photo(true);
  set.mutable_categories()->mutable_category(2)->set_photo(true);
  set.mutable_categories()->mutable_category(2)->set_photo_reason("应急");
  return set;
}

Category* Row(int number, PolicySet* set) { return set->mutable_categories()->mutable_category(number); }

// spec: R13
TEST(AskedMore, IsAPhotoWhereNoneWasAskedForAndOneThatIsDemanded) {
  PolicySet after = Before();
  Row(0, &after)->set_photo(true);
  Row(1, &after)->set_photo_reason("依法留存");
  const AskedMore more = AskedMoreBy(Before(), after);
  EXPECT_THAT(more.categories, ElementsAre("0201", "0601"));
  EXPECT_EQ(more.seconds_per_report, 45);
  EXPECT_EQ(more.minutes, 150) << "2 x 100 x 45 s";
  EXPECT_EQ(AskedMoreZh(more), "每件约多 45 秒，× 2 类 × 各 100 件 ≈ 共 2 小时 30 分（0201、0601）。");
  EXPECT_EQ(AskedMoreEn(more),
            "about 45 s more a report, x 2 categories x 100 reports of each = 2 h 30 min in all (0201, 0601).");
}

TEST(AskedMore, IsAlsoWhatANewOrAnOpenedCategoryAsksFor) {
  PolicySet before = Before(), after = Before();
  Row(1, &before)->set_retired(true);
  auto* added = after.mutable_categories()->add_category();
  added->set_code("0999");
  added->set_photo(true);
  EXPECT_THAT(AskedMoreBy(before, after).categories, ElementsAre("0601", "0999"));
}

TEST(AskedMore, IsNothingWhereLessIsAskedFor) {
  PolicySet after = Before();
  Row(1, &after)->set_photo(false);
  Row(2, &after)->clear_photo_reason();
  const AskedMore more = AskedMoreBy(Before(), after);
  EXPECT_THAT(more.categories, IsEmpty());
  EXPECT_EQ(more.minutes, 0);
}

TEST(AskedMore, IsNotMadeCheapByTheSameChange) {
  PolicySet after = Before();
  Row(0, &after)->set_photo(true);
  after.mutable_incident()->mutable_asking_cost()->set_photo_seconds(1);
  EXPECT_EQ(AskedMoreBy(Before(), after).minutes, 75) << "100 x 45 s, as it was in force";
}

TEST(AskedMore, OfAPolicyOlderThanTheRowIsReckonedByTheShippedOne) {
  PolicySet before = Before(), after = Before();
  before.mutable_incident()->clear_asking_cost();
  Row(0, &after)->set_photo(true);
  EXPECT_EQ(AskedMoreBy(before, after).seconds_per_report,
            ShippedPolicies().policies.incident().asking_cost().photo_seconds());
}

}  // namespace
}  // namespace reference
