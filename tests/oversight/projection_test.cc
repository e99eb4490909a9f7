// Where matters stand, their lights, the lists of leaders.
#include "base/coding.h"
#include "services/oversight/domain/keys.h"
#include "services/oversight/domain/lights.h"
#include "services/oversight/domain/standing.h"
#include "tests/oversight/matter_world.h"

namespace oversight {
namespace {

// A matter is counted where it arose: its class in its village, its county's wages; the first one says since when the
// county is heard.
const tests::Expected kCountyHeard = tests::On{"watch-371403-since", "watch_set {}"};
const tests::Expected kCountedInVillage = tests::On{"watch-371403001002-01", "arrival_heard {}"};
const tests::Expected kCountedInCounty = tests::On{"watch-371403-wages", "month_heard {}"};

// spec: DO-01
TEST(Light, TurnsYellowThenRedByTimersOfItsOwn) {
  Desk d(tests::Learned(), kCode);
  d.When(Heard(1, kProcessing + ClockText()), Platform(), kMonday)
      .ThenPartly(
          {"standing_changed { part { light { policy_id: 'DI-05' light: GREEN holder_org: 'c-hrss' } } }",
           kCountyHeard, kCountedInVillage, kCountedInCounty})
      .AndNoNotice();
  // Yellow from the moment when no more than one working day is left: a fifth of five. The weekend before
  // does not count.
  d.AndTimer("light/incident/i1/DI-05", Local("2026-11-28 00:00"));
  d.WhenTimerFires("light/incident/i1/DI-05")
      .ThenPartly({"light_changed { policy_id: 'DI-05' light: YELLOW }",
                   "reminded { policy_id: 'DI-05' holder_org: 'c-hrss' light: YELLOW }"})
      .AndNotice("oversight.reminded")
      .AndTimer("light/incident/i1/DI-05", EndOf("2026-11-30") + 1)
      .WhenTimerFires("light/incident/i1/DI-05")
      .ThenPartly({"light_changed { light: RED }",
                   "late_checked { check { policy_id: 'DI-05' } }",
                   "order_noted { note { card: CARD_ORDINARY status: ORDER_DRAFT } drafted_by_rule: LIGHT_RED }",
                   tests::On{"or-37140320261123I000001-1", "order_drafted { order { to_org: 'c-hrss' } }"},
                   tests::On{"watch-unit-c-hrss", "late_heard { late { subject_id: 'i1' } }"}})
      .AndNoTimer("light/incident/i1/DI-05");
}

// spec: DO-01
TEST(Light, IsRedFromTheFirstMomentThatIsLate) {
  const int64_t yellow = kMonday, due = EndOf("2026-11-30");
  EXPECT_EQ(LightAt(yellow, due, yellow - 1), common::v1::GREEN);
  EXPECT_EQ(LightAt(yellow, due, yellow), common::v1::YELLOW);
  EXPECT_EQ(LightAt(yellow, due, due), common::v1::YELLOW);
  EXPECT_EQ(LightAt(yellow, due, due + 1), common::v1::RED);
}

// spec: O1
TEST(Reminder, GoesToTheHolderOfTheClockOnce) {
  Desk d(tests::Learned(), kCode);
  d.When(Heard(1, kProcessing + ClockText()), Platform(), kMonday).WhenTimerFires("light/incident/i1/DI-05");
  v1::Notice notice;
  ASSERT_EQ(d.notices().size(), 1u);
  ASSERT_TRUE(notice.ParseFromString(d.notices()[0].payload()));
  EXPECT_EQ(notice.to_org(), "c-hrss");
  EXPECT_EQ(notice.policy_id(), "DI-05");
  EXPECT_EQ(notice.service(), "incident");
  EXPECT_EQ(notice.subject_id(), "i1");
  EXPECT_TRUE(notice.instruction_id().empty());  // a reminder asks for nothing
  // The same clock told again while yellow reminds nobody again.
  d.When(Heard(2, kProcessing + ClockText(), "incident.progressed"), Platform(), d.now_ms() + 5)
      .AndNoNotice();
}

// A fire that nobody takes at night: whoever tells people of the reminder must know what it is about.
// spec: O1 R12 3.6.3
TEST(Reminder, SaysHowUrgentTheMatterIs) {
  Desk d(tests::Learned(), kCode);
  d.When(Heard(1, kProcessing + "urgency: CRITICAL " + ClockText()), Platform(), kMonday)
      .WhenTimerFires("light/incident/i1/DI-05");
  v1::Notice notice;
  ASSERT_EQ(d.notices().size(), 1u);
  ASSERT_TRUE(notice.ParseFromString(d.notices()[0].payload()));
  EXPECT_EQ(notice.urgency(), common::v1::CRITICAL);
}

// spec: O1 DO-01
TEST(Reminder, IsGivenForAClockFirstHeardOfWhenLate) {
  Desk d(tests::Learned(), kCode);
  d.When(Heard(1, kProcessing + ClockText()), Platform(), EndOf("2026-12-05"))
      .ThenPartly({"standing_changed { part { light { light: RED } } }", "reminded { light: RED }", "order_noted {}",
                   tests::On{"or-37140320261123I000001-1", "order_drafted {}"},
                   tests::On{"watch-unit-c-hrss", "late_heard { late { subject_id: 'i1' } }"}, kCountyHeard,
                   kCountedInVillage, kCountedInCounty})
      .AndNotice("oversight.reminded")
      .AndNoTimer("light/incident/i1/DI-05");
}

// spec: DO-01
TEST(Light, StandsStillWhileTheClockIsPaused) {
  Desk d(tests::Learned(), kCode);
  const std::string paused = "pause { from_ms: " + std::to_string(kMonday + 5) + " reason: 'S01' }";
  d.When(Heard(1, kProcessing + ClockText(kMonday, "c-hrss", "2026-11-30", paused)), Platform(),
         EndOf("2026-12-20"))
      .ThenPartly({"standing_changed { part { light { light: GREEN paused: true } } }", kCountyHeard, kCountedInVillage,
                   kCountedInCounty})
      .AndNoTimer("light/incident/i1/DI-05")
      .AndNoNotice();
}

TEST(Light, OfACitizensOwnWindowIsNobodys) {
  Desk d(tests::Learned(), kCode);
  d.When(Heard(1, kProcessing + ClockText(kMonday, "")), Platform(), EndOf("2026-12-20"))
      .AndNoTimer("light/incident/i1/DI-05")
      .AndNoNotice();
}

TEST(Light, GoesOutWithTheMatter) {
  Desk d(tests::Learned(), kCode);
  d.When(Heard(1, kProcessing + ClockText()), Platform(), kMonday)
      .When(Heard(2, kEnded + ClockText(), "incident.closed"), Platform(), kMonday + 5)
      .AndNoTimer()
      .AndNotInIndex("light_holder")
      .AndNotInIndex("review")
      .AndNotInIndex("stuck");
  EXPECT_FALSE(IsOpen(d.state().matter()));
}

TEST(Light, FiringThatLostTheRaceDoesNothing) {
  Desk d(tests::Learned(), kCode);
  d.When(Heard(1, kProcessing), Platform(), kMonday)
      .When("turn_light { service: 'incident' subject_id: 'i1' policy_id: 'DI-05' }")
      .ThenNothing();
}

// What was told already, or is older, changes nothing.
TEST(Notice, OlderThanWhatIsKnownIsIgnored) {
  Desk d(tests::Learned(), kCode);
  d.When(Heard(5, kProcessing), Platform(), kMonday)
      .ThenPartly({"standing_changed {}", kCountyHeard, kCountedInVillage, kCountedInCounty})
      .When(Heard(5, kEnded))
      .ThenNothing()
      .When(Heard(4, kEnded))
      .ThenNothing()
      .When(Heard(6, kEnded))
      .ThenPartly({"standing_changed {}", tests::On{"watch-unit-c-hrss", "month_heard {}"}});
}

// A matter that moves between services is one matter: the incident waits, the mediation holds it.
TEST(Matter, ReferredToMediationIsCountedOnce) {
  Desk d(tests::Learned(), kCode);
  d.When(
       Heard(
           1,
           "status: REFERRED category: '0102' current_level: 3 lead_org: 't-centre' holder_org: 't-centre'"),
       Platform(), kMonday)
      .When(std::string("observe { service: 'mediation' subject_id: 'rf-1' subject_version: 1 topic: "
                        "'mediation.accepted' matter_code: '") +
                kCode +
                "' area_code: '371403001002' level: 2 recorded_at_ms: 1 "
                "mediation { status: MEDIATING dispute_type: 'D02' committee_org: 'v-committee' holder_org: "
                "'v-committee' } }",
            Platform(), kMonday);
  const v1::Matter& matter = d.state().matter();
  EXPECT_EQ(matter.part_size(), 2);
  EXPECT_EQ(HolderOrg(matter), "v-committee");
  EXPECT_EQ(CurrentLevel(matter), 3);  // the township stays responsible while it waits
  EXPECT_EQ(CategoryOf(matter), "0102");
  d.AndTally("review/371403001/township/371403001", 1);
}

// spec: 3.6.6
TEST(Review, ShowsACountyLeaderWhatIsRedAtTheLevelOrOnceClimbedToIt) {
  Desk d(tests::Learned(), kCode);
  d.When(Heard(1, kProcessing + ClockText()), Platform(), kMonday);
  EXPECT_EQ(ReviewGroupAt(d.state().matter(), 4), v1::REVIEW_GROUP_UNSPECIFIED);
  d.AndTally("review/371403/group/1", 0);
  d.WhenTimerFires("light/incident/i1/DI-05").WhenTimerFires("light/incident/i1/DI-05");
  EXPECT_EQ(ReviewGroupAt(d.state().matter(), 4), v1::RED_LIGHT);
  EXPECT_EQ(ReviewGroupAt(d.state().matter(), 5),
            v1::REVIEW_GROUP_UNSPECIFIED);  // a city does not read every late village matter
  d.AndTally("review/371403/group/1", 1)
      .AndTally("review/371403/category/0105", 1)
      .AndTally("review/371403/township/371403001", 1)
      .AndIndex("review", ReviewKey("371403", v1::RED_LIGHT, static_cast<uint64_t>(kMonday)));
  d.When(Heard(2, kAtCounty + kClimbed, "incident.escalated", d.now_ms()), Platform(), d.now_ms());
  EXPECT_EQ(ReviewGroupAt(d.state().matter(), 4), v1::AT_LEVEL);
  d.When(Heard(3, kProcessing, "incident.sent_down", d.now_ms()), Platform(), d.now_ms());
  EXPECT_EQ(ReviewGroupAt(d.state().matter(), 4), v1::WAS_ESCALATED);
  d.When(Heard(4, kEnded, "incident.closed"), Platform(), d.now_ms());
  EXPECT_EQ(ReviewGroupAt(d.state().matter(), 4), v1::REVIEW_GROUP_UNSPECIFIED);
  d.AndTally("review/371403/group/1", 0)
      .AndTally("review/371403/group/2", 0)
      .AndTally("review/371403/group/3", 0);
}

// spec: 3.6.6
TEST(Stuck, SaysWhatItWaitsFor) {
  struct {
    std::string notice;
    bool late;
    v1::StuckReason reason;
  } rows[] = {
      {"status: DISPATCHED current_level: 3 ", true, v1::NO_TAKER},
      {"status: DISPATCHED current_level: 3 ", false, v1::STUCK_REASON_UNSPECIFIED},  // on time is not stuck
      {"status: ACCEPTED current_level: 3 return_count: 2 ", false, v1::RETURNED_TWICE},
      {"status: PROCESSING current_level: 3 ", true, v1::DEPARTMENT},
      {"status: PENDING_VERIFY current_level: 3 ", true, v1::VERIFIER},  // it is not the department's any more
      {"status: SUSPENDED current_level: 3 ", true, v1::ON_HOLD},
      {"status: ACCEPTED current_level: 4 level_path: 3 level_path: 4 ", false, v1::LEADER},
      {"status: ACCEPTED current_level: 5 level_path: 4 level_path: 5 ", true, v1::SUPERIOR},
      {"status: ACCEPTED current_level: 3 level_path: 4 level_path: 3 ", true,
       v1::NO_TAKER},  // sent down, not climbed
      {"status: CLOSED current_level: 3 ", true, v1::STUCK_REASON_UNSPECIFIED},
  };
  for (const auto& row : rows) {
    Desk d(tests::Learned(), kCode);
    d.When(Heard(1, row.notice + ClockText()), Platform(), row.late ? EndOf("2026-12-05") : kMonday);
    EXPECT_EQ(StuckReasonOf(d.state().matter()), row.reason) << row.notice;
    // The table is one of the list: what is on none stands in no cell.
    const bool listed = ReviewGroupAt(d.state().matter(), 4) != v1::REVIEW_GROUP_UNSPECIFIED;
    const bool stuck = row.reason != v1::STUCK_REASON_UNSPECIFIED && listed;
    d.AndTally("review/371403/stuck/" + std::to_string(row.reason) + "/371403001", stuck ? 1 : 0);
  }
  Desk party(tests::Learned(), "M");
  party.When(
      "observe { service: 'mediation' subject_id: 'c1' subject_version: 1 matter_code: 'M' area_code: "
      "'371403001002' "
      "mediation { status: SEEKING_CONSENT holder_org: 'v-committee' clock { policy_id: 'DM-02' "
      "started_at_ms: 1 due_at_ms: 2 "
      "length { amount: 3 unit: WD } holder_org: 'v-committee' } } }",
      Platform(), kMonday);
  EXPECT_EQ(StuckReasonOf(party.state().matter()), v1::PARTY);
}

TEST(Lights, StandRedFirstInTheListsOfHolderCountyAndTownship) {
  Desk d(tests::Learned(), kCode);
  d.When(Heard(1, kProcessing + ClockText()), Platform(), kMonday)
      .AndIndex("light_holder", LightKey("c-hrss", common::v1::GREEN, EndOf("2026-11-30")))
      .AndNotInIndex("light_area")
      .WhenTimerFires("light/incident/i1/DI-05")
      .AndIndex("light_area", LightKey("371403", common::v1::YELLOW, EndOf("2026-11-30")))
      .AndIndex("light_area", LightKey("371403001", common::v1::YELLOW, EndOf("2026-11-30")));
  EXPECT_LT(LightKey("x", common::v1::RED, 9), LightKey("x", common::v1::YELLOW, 1));
  EXPECT_LT(LightKey("x", common::v1::YELLOW, 9), LightKey("x", common::v1::GREEN, 1));
}

}  // namespace
}  // namespace oversight
