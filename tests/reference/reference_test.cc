// What a service knows after it has heard the directory.
#include "services/reference/reference.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/reference/names.h"
#include "services/reference/places.h"
#include "tests/reference/fixtures.h"

namespace reference {
namespace {

using directory::v1::Area;
using directory::v1::Notice;
using directory::v1::Organisation;

Notice AreaNotice(std::string_view code, std::string_view parent, std::string_view successor = "",
                  std::string_view valid_to = "") {
  Notice notice;
  Area* area = notice.mutable_area_changed();
  area->set_code(std::string(code));
  area->set_name("区域" + std::string(code));
  area->set_level(code.size() == 15   ? 1
                  : code.size() == 12 ? 2
                  : code.size() == 9  ? 3
                  : code.size() == 6  ? 4
                                      : 5);
  area->set_parent(std::string(parent));
  area->set_successor(std::string(successor));
  area->set_valid_from("2020-06-30");
  area->set_valid_to(std::string(valid_to));
  return notice;
}

Notice OrgNotice(std::string_view id, directory::v1::OrgKind kind, std::string_view area,
                 std::string_view duty = "") {
  Notice notice;
  Organisation* org = notice.mutable_org_changed();
  org->set_id(std::string(id));
  org->set_name("单位" + std::string(id));
  org->set_kind(kind);
  org->set_area_code(std::string(area));
  org->set_duty(std::string(duty));
  return notice;
}

class Learned : public testing::Test {
 protected:
  void Learn(const Notice& notice) {
    const absl::Status status = reference_.Learn(notice);
    ASSERT_TRUE(status.ok()) << status;
  }
  void LearnPolicies() {
    const PolicyFiles files = ShippedPolicies();
    Notice calendar;
    *calendar.mutable_calendar_loaded() = files.calendar;
    Learn(calendar);
    Notice policies;
    *policies.mutable_policy_changed() = files.policies;
    Learn(policies);
  }
  void LearnTown() {
    Learn(AreaNotice("3714", ""));
    Learn(AreaNotice("371403", "3714"));
    Learn(AreaNotice("371403001", "371403"));
    Learn(AreaNotice("371403001002", "371403001"));
    Learn(AreaNotice("371403001002003", "371403001002"));
    Learn(OrgNotice("3714-centre", directory::v1::CENTRE, "3714"));
    Learn(OrgNotice("371403-centre", directory::v1::CENTRE, "371403"));
    Learn(OrgNotice("371403001-centre", directory::v1::CENTRE, "371403001"));
  }
  Reference reference_;
};

TEST_F(Learned, RefusesWithAReasonUntilCalendarAndPoliciesAreThere) {
  EXPECT_FALSE(reference_.Ready());
  EXPECT_EQ(reference_.NotReady()->reason, "CALENDAR_MISSING");
  Notice calendar;
  *calendar.mutable_calendar_loaded() = ShippedPolicies().calendar;
  Learn(calendar);
  EXPECT_EQ(reference_.NotReady()->reason, "POLICY_MISSING");
  EXPECT_FALSE(reference_.NotReady()->message_zh.empty());
  LearnPolicies();
  EXPECT_TRUE(reference_.Ready());
  EXPECT_FALSE(reference_.NotReady());
}

TEST_F(Learned, FindsRowsOfThePolicies) {
  EXPECT_EQ(reference_.FindRule("DI-01"), nullptr);
  LearnPolicies();
  ASSERT_NE(reference_.FindRule("DI-01"), nullptr);
  EXPECT_EQ(reference_.FindRule("DI-01")->length().amount(), 2);
  EXPECT_EQ(reference_.FindRule("DI-99"), nullptr);
  EXPECT_EQ(reference_.FindCategory("0701")->limit().unit(), common::v1::WH);
  EXPECT_EQ(reference_.FindCategory("0700"), nullptr);
  EXPECT_EQ(reference_.FindSuspendReason("S05")->code(), "S05");
  EXPECT_EQ(reference_.FindDisputeType("D15")->period().amount(), 30);
  EXPECT_EQ(reference_.FindLadderStep(3)->to_level(), 4);
  EXPECT_EQ(reference_.FindLadderStep(5), nullptr);
  EXPECT_EQ(reference_.FindLadderStep(3, "0706"), reference_.FindLadderStep(3));
  EXPECT_EQ(reference_.light_rule().percent, 20);
  EXPECT_EQ(reference_.calendar().horizon(), D("2026-12-31"));
}

TEST_F(Learned, KeepsWhatItKnewWhenNewsIsWrongOrOld) {
  LearnPolicies();
  Notice wrong;
  *wrong.mutable_policy_changed() = ShippedPolicies().policies;
  wrong.mutable_policy_changed()->set_revision(ShippedPolicies().policies.revision() + 1);
  wrong.mutable_policy_changed()->mutable_deadlines()->mutable_rule(0)->clear_article();
  EXPECT_FALSE(reference_.Learn(wrong).ok());
  EXPECT_EQ(reference_.policies().revision(), ShippedPolicies().policies.revision());
  Notice old;
  *old.mutable_policy_changed() = ShippedPolicies().policies;
  old.mutable_policy_changed()->set_revision(4);
  EXPECT_FALSE(reference_.Learn(old).ok());
  Notice spoilt;
  *spoilt.mutable_calendar_loaded() = ShippedPolicies().calendar;
  spoilt.mutable_calendar_loaded()->clear_office_hours();
  EXPECT_FALSE(reference_.Learn(spoilt).ok());
  EXPECT_FALSE(reference_.Learn(Notice()).ok());
  EXPECT_TRUE(reference_.Ready());
}

TEST_F(Learned, HearsTheSameTwiceWithoutHarm) {
  LearnPolicies();
  LearnPolicies();
  LearnTown();
  LearnTown();
  EXPECT_EQ(reference_.area_count(), 5u);
  EXPECT_EQ(reference_.org_count(), 3u);
  EXPECT_EQ(reference_.OrgsIn("371403", directory::v1::CENTRE).size(), 1u);
}

TEST_F(Learned, KnowsTheCentreOfAnAreaAndTheOneAbove) {
  LearnTown();
  EXPECT_EQ(reference_.CentreOf("371403001")->id(), "371403001-centre");
  EXPECT_EQ(reference_.CentreOf("371403001002"), nullptr);
  EXPECT_EQ(reference_.NearestCentre("371403001002003")->id(), "371403001-centre");
  EXPECT_EQ(reference_.CentreAbove("371403001")->id(), "371403-centre");
  EXPECT_EQ(reference_.CentreAbove("371403")->id(), "3714-centre");
  EXPECT_EQ(reference_.CentreAbove("3714"), nullptr);
  EXPECT_EQ(reference_.CentreAbove("not an area"), nullptr);
}

TEST_F(Learned, SkipsALevelWithoutACentre) {
  LearnTown();
  Notice closed = OrgNotice("371403-centre", directory::v1::CENTRE, "371403");
  closed.mutable_org_changed()->set_closed(true);
  Learn(closed);
  EXPECT_EQ(reference_.CentreOf("371403"), nullptr);
  EXPECT_EQ(reference_.CentreAbove("371403001")->id(), "3714-centre");
  EXPECT_NE(reference_.FindOrg("371403-centre"), nullptr);  // old matters still name it
}

// A functional zone is listed under itself but answers to its county.
TEST_F(Learned, ClimbsToTheStatutoryParentNotToTheListedOne) {
  LearnTown();
  Learn(AreaNotice("371471001", "371403"));
  EXPECT_EQ(reference_.StatutoryParent("371471001"), "371403");
  EXPECT_EQ(reference_.CentreAbove("371471001")->id(), "371403-centre");
}

TEST_F(Learned, ClimbsByTheCodeWhenTheAreaIsUnknown) {
  LearnTown();
  EXPECT_EQ(reference_.NearestCentre("371403001099")->id(), "371403001-centre");
}

TEST_F(Learned, FollowsMergedVillagesToTheOneThatStandsToday) {
  Learn(AreaNotice("371403001001", "371403001", "371403001002", "2023-06-30"));
  Learn(AreaNotice("371403001002", "371403001", "371403001003", "2024-06-30"));
  Learn(AreaNotice("371403001003", "371403001"));
  EXPECT_EQ(reference_.ResolveSuccessor("371403001001"), "371403001003");
  EXPECT_EQ(reference_.ResolveSuccessor("371403001003"), "371403001003");
  EXPECT_EQ(reference_.ResolveSuccessor("371499001001"), "371499001001");
  EXPECT_TRUE(reference_.AreaIsValidOn("371403001001", D("2023-06-30")));
  EXPECT_FALSE(reference_.AreaIsValidOn("371403001001", D("2023-07-01")));
  EXPECT_FALSE(reference_.AreaIsValidOn("371403001001", D("2020-06-29")));
  EXPECT_FALSE(reference_.AreaIsValidOn("371499001001", D("2023-06-30")));
}

// Units of villages that merged, as tokens name them, are one unit today; whether it took over the township's name too.
// spec: R9
TEST_F(Learned, KnowsTheUnitOfTodayOfAVillageThatMerged) {
  LearnTown();
  Learn(AreaNotice("371403001001", "371403001", "371403001002", "2023-06-30"));
  Learn(AreaNotice("371403001003", "371403001", "371403001", "2023-06-30"));
  Learn(OrgNotice("371403001002-centre", directory::v1::CENTRE, "371403001002"));
  EXPECT_EQ(OrgToday(reference_, "371403001001-centre"), "371403001002-centre");
  EXPECT_EQ(OrgToday(reference_, "371403001002-centre"), "371403001002-centre");
  EXPECT_EQ(OrgToday(reference_, "371403001003-centre"), "371403001-centre");
  EXPECT_EQ(OrgToday(reference_, "371403001001-gov"), "371403001001-gov") << "nothing took it over";
  EXPECT_EQ(OrgToday(reference_, "hospital"), "hospital");
}

TEST_F(Learned, IsNotCaughtInARingOfSuccessors) {
  Learn(AreaNotice("371403001001", "371403001", "371403001002", "2023-06-30"));
  Learn(AreaNotice("371403001002", "371403001", "371403001001", "2023-06-30"));
  EXPECT_EQ(reference_.ResolveSuccessor("371403001001"), "371403001001");
}

// What a former village had was found under its own code alone.
TEST_F(Learned, LooksForAFormerVillageInThePlaceThatTookItOverAndInItsOwn) {
  const std::set<std::string> own{"37", "3714", "371403", "371403001", "371403001001"};
  EXPECT_EQ(PlacesOf("371403001001", reference_), own);
  Learn(AreaNotice("371403001001", "371403001", "371403001002", "2023-06-30"));
  Learn(AreaNotice("371403001002", "371403001", "371422100005", "2024-06-30"));
  Learn(AreaNotice("371422100005", "371422100"));
  std::set<std::string> all = own;
  all.insert({"371403001002", "371422", "371422100", "371422100005"});
  EXPECT_EQ(PlacesOf("371403001001", reference_), all);
  all.insert("371403001001002");
  EXPECT_EQ(PlacesOf("371403001001002", reference_), all) << "a grid without a successor goes with its village";
  EXPECT_FALSE(PlacesOf("371422100005", reference_).contains("371403")) << "nothing goes back";
  Learn(AreaNotice("371403001001003", "371403001001", "371403001009", "2023-06-30"));
  EXPECT_FALSE(PlacesOf("371403001001003", reference_).contains("371422")) << "its own successor, not the village's";
  EXPECT_TRUE(PlacesOf("", reference_).empty());
  Learn(AreaNotice("371422100005", "371422100", "371403001001", "2024-06-30"));
  EXPECT_EQ(PlacesOf("371403001002", reference_).size(), own.size() + 4) << "a ring ends";
}

TEST_F(Learned, KnowsGridsThatAreNotClosed) {
  LearnTown();
  EXPECT_TRUE(reference_.GridExists("371403001002003"));
  EXPECT_FALSE(reference_.GridExists("371403001002004"));
  EXPECT_FALSE(reference_.GridExists("371403001002"));  // a village is no grid
  Learn(AreaNotice("371403001002003", "371403001002", "", "2026-01-01"));
  EXPECT_FALSE(reference_.GridExists("371403001002003"));
}

TEST_F(Learned, ListsOrganisationsOfAnAreaByIdWhateverTheOrderOfLearning) {
  Learn(OrgNotice("b", directory::v1::DEPARTMENT, "371403", "housing"));
  Learn(OrgNotice("a", directory::v1::DEPARTMENT, "371403", "hrss"));
  Learn(OrgNotice("c", directory::v1::DEPARTMENT, "371403001", "hrss"));
  const auto departments = reference_.OrgsIn("371403", directory::v1::DEPARTMENT);
  ASSERT_EQ(departments.size(), 2u);
  EXPECT_EQ(departments[0]->id(), "a");
  EXPECT_EQ(departments[1]->id(), "b");
  EXPECT_EQ(reference_.DepartmentFor("371403", "housing")->id(), "b");
  EXPECT_EQ(reference_.DepartmentFor("371403", "forestry"), nullptr);
}

TEST_F(Learned, MovesAnOrganisationToItsNewArea) {
  Learn(OrgNotice("a", directory::v1::DEPARTMENT, "371403", "hrss"));
  Learn(OrgNotice("a", directory::v1::DEPARTMENT, "371402", "hrss"));
  EXPECT_TRUE(reference_.OrgsIn("371403", directory::v1::DEPARTMENT).empty());
  EXPECT_EQ(reference_.OrgsIn("371402", directory::v1::DEPARTMENT).size(), 1u);
}

TEST_F(Learned, RefusesWrongAreasAndOrganisations) {
  EXPECT_FALSE(reference_.Learn(AreaNotice("37140300", "371403")).ok());
  EXPECT_FALSE(reference_.Learn(OrgNotice("", directory::v1::CENTRE, "371403")).ok());
  EXPECT_EQ(reference_.area_count(), 0u);
  EXPECT_EQ(reference_.org_count(), 0u);
}

}  // namespace
}  // namespace reference
