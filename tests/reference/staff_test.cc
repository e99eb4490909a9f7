// Who can be named: what somebody holds, where and when. spec: M7, M8, P28, P30, O11
#include "services/reference/staff.h"

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>

#include "base/area_code.h"
#include "services/reference/notice_id.h"

namespace reference {
namespace {

using directory::v1::Notice;
using kernel::v1::ROLE_CL, kernel::v1::ROLE_MC, kernel::v1::ROLE_MD, kernel::v1::ROLE_TL;

constexpr int64_t kNow = 1'000'000;
constexpr char kVillage[] = "371403001201";
constexpr char kHeir[] = "371403001202";
constexpr char kCommittee[] = "371403001201-committee";

class StaffTest : public testing::Test {
 protected:
  StaffTest() {
    for (const char* code : {"3714", "371403", "371403001", kVillage, kHeir, "371403001203"}) Area(code);
    for (const char* village : {kVillage, kHeir}) Unit(std::string(village) + "-committee", village);
  }
  void Learn(const Notice& notice) {
    const absl::Status status = reference_.Learn(notice);
    ASSERT_TRUE(status.ok()) << status;
  }
  void Area(const std::string& code, const std::string& successor = "") {
    Notice notice;
    auto* area = notice.mutable_area_changed();
    area->set_code(code);
    area->set_name("某地");
    area->set_level(base::LevelOf(code));
    area->set_parent(base::ParentOf(code));
    area->set_valid_from("2020-06-30");
    if (!successor.empty()) area->set_valid_to("2026-11-20");
    area->set_successor(successor);
    Learn(notice);
  }
  void Unit(const std::string& id, const std::string& area) {
    Notice notice;
    auto* org = notice.mutable_org_changed();
    org->set_id(id);
    org->set_name("某单位");
    org->set_kind(directory::v1::COMMITTEE);
    org->set_level(base::LevelOf(area));
    org->set_area_code(area);
    Learn(notice);
  }
  static Notice Holding(kernel::v1::Role role, const std::string& org, const std::string& area) {
    Notice notice;
    notice.mutable_staff_changed()->set_user_id("u");
    auto* post = notice.mutable_staff_changed()->add_post();
    post->set_role(role);
    post->set_org_id(org);
    post->set_area_code(area);
    return notice;
  }
  std::string WhyNot(const PostWanted& wanted, int64_t now_ms = kNow, const std::string& user = "u") const {
    const auto no = WhyNotNamed(reference_, user, wanted, now_ms);
    EXPECT_EQ(no.has_value(), !Holds(reference_, user, wanted, now_ms));
    return no ? no->reason : "";
  }
  static PostWanted MediatorOf(std::string_view committee) {
    return {.roles = {ROLE_MD}, .org_id = committee, .zh = "调解员", .en = "a mediator"};
  }
  static PostWanted LeaderOver(std::string_view area) {
    return {.roles = {ROLE_CL, ROLE_TL}, .over_area = area, .zh = "领导", .en = "a leader"};
  }

  Reference reference_;
};

TEST_F(StaffTest, IsKnownByWhatIsHeldInWhichUnit) {
  EXPECT_EQ(WhyNot(MediatorOf(kCommittee)), "NO_SUCH_STAFF");
  Learn(Holding(ROLE_MD, kCommittee, kVillage));
  EXPECT_EQ(WhyNot(MediatorOf(kCommittee)), "");
  EXPECT_EQ(WhyNot(MediatorOf("371403001202-committee")), "POST_MISSING") << "another committee's";
  EXPECT_EQ(WhyNot(LeaderOver(kVillage)), "POST_MISSING");
  EXPECT_EQ(WhyNot(MediatorOf(kCommittee), kNow, "v"), "NO_SUCH_STAFF");
  EXPECT_EQ(reference_.staff_count(), 1u);
}

TEST_F(StaffTest, OfWhichTheRefusalSaysWhoIsWanted) {
  const auto no = WhyNotNamed(reference_, "u", MediatorOf(kCommittee), kNow);
  ASSERT_TRUE(no.has_value());
  EXPECT_NE(no->message_zh.find("调解员"), std::string::npos);
  EXPECT_NE(no->message_en.find("a mediator"), std::string::npos);
}

TEST_F(StaffTest, DoesNotCountBeforeOrAfterItsPeriodOrWhileDisabled) {
  Notice notice = Holding(ROLE_MD, kCommittee, kVillage);
  notice.mutable_staff_changed()->mutable_post(0)->set_valid_from_ms(kNow);
  notice.mutable_staff_changed()->mutable_post(0)->set_valid_to_ms(kNow + 10);
  Learn(notice);
  EXPECT_EQ(WhyNot(MediatorOf(kCommittee), kNow - 1), "POST_MISSING");
  EXPECT_EQ(WhyNot(MediatorOf(kCommittee), kNow), "");
  EXPECT_EQ(WhyNot(MediatorOf(kCommittee), kNow + 9), "");
  EXPECT_EQ(WhyNot(MediatorOf(kCommittee), kNow + 10), "POST_MISSING");
  notice.mutable_staff_changed()->set_disabled(true);
  Learn(notice);
  EXPECT_EQ(WhyNot(MediatorOf(kCommittee), kNow), "STAFF_DISABLED");
}

TEST_F(StaffTest, OfALeaderReachesAsFarAsTheArea) {
  Learn(Holding(ROLE_TL, "371403001-gov", "371403001"));
  EXPECT_EQ(WhyNot(LeaderOver(kVillage)), "");
  EXPECT_EQ(WhyNot(LeaderOver("371403001")), "");
  EXPECT_EQ(WhyNot(LeaderOver("371403")), "POST_MISSING") << "above";
  EXPECT_EQ(WhyNot(LeaderOver("371403002")), "POST_MISSING") << "another township";
  EXPECT_EQ(WhyNot({.roles = {ROLE_TL}, .org_id = "371403002-gov", .over_area = kVillage, .zh = "", .en = ""}),
            "POST_MISSING");
}

TEST_F(StaffTest, WhatIsToldLastIsWhatIsKnown) {
  Learn(Holding(ROLE_MD, kCommittee, kVillage));
  Learn(Holding(ROLE_MC, kCommittee, kVillage));
  EXPECT_EQ(WhyNot(MediatorOf(kCommittee)), "POST_MISSING");
}

// As the tokens of its holder do: directory/merger_test.cc.
TEST_F(StaffTest, OfAMergedVillageCountsInTheOneThatTookOver) {
  Learn(Holding(ROLE_MD, kCommittee, kVillage));
  EXPECT_EQ(WhyNot(MediatorOf("371403001202-committee")), "POST_MISSING");
  Area(kVillage, kHeir);
  EXPECT_EQ(WhyNot(MediatorOf("371403001202-committee")), "");
  EXPECT_EQ(WhyNot(MediatorOf("371403001203-committee")), "POST_MISSING");
  Area(std::string(kVillage) + "001", "371403001203");  // a grid of it went elsewhere: the village was divided
  EXPECT_EQ(WhyNot(MediatorOf("371403001202-committee")), "POST_MISSING");
}

TEST_F(StaffTest, OfAVillageDoesNotGrowWhenATownshipTakesOver) {
  Unit("371403001-committee", "371403001");
  Learn(Holding(ROLE_MD, kCommittee, kVillage));
  Area(kVillage, "371403001");
  EXPECT_EQ(WhyNot(MediatorOf("371403001-committee")), "POST_MISSING");
}

TEST_F(StaffTest, ThatReadsBadlyIsNotLearned) {
  Notice nobody = Holding(ROLE_MD, kCommittee, kVillage);
  nobody.mutable_staff_changed()->clear_user_id();
  EXPECT_FALSE(reference_.Learn(nobody).ok());
  EXPECT_FALSE(reference_.Learn(Holding(kernel::v1::ROLE_UNSPECIFIED, kCommittee, kVillage)).ok());
  EXPECT_FALSE(reference_.Learn(Holding(ROLE_MD, kCommittee, "village")).ok());
  EXPECT_EQ(reference_.staff_count(), 0u);
}

TEST_F(StaffTest, HasOneAggregateAnAccount) {
  EXPECT_EQ(IdOf(Holding(ROLE_MD, kCommittee, kVillage)), "ref/staff/u");
}

}  // namespace
}  // namespace reference
