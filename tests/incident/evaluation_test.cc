// What reporters say of an ending: who brought the matter, and everybody whose report was merged into it.
#include <string>

#include "tests/incident/world.h"

namespace incident {
namespace {

using enum kernel::RefusalCode;

constexpr char kPublic[] = "public_report { text: '小广告又贴满了' category: '0706' area_code: '371403001001' }";

// Reports the same, and it is merged into m1.
void Join(Matter& m, const std::string& id, const Actor& by) {
  m.As(by).WhenOn(id, kPublic);
  m.As(Td()).WhenOn(id, "merge { primary_id: 'm1' ground: '同一面墙' }");
  EXPECT_EQ(m.StateOf(id).incident().standing().status(), v1::MERGED);
}

void HandleAndClose(Matter& m) {
  m.Do(Td(), "dispatch { lead_org: '371403001-urban' }").Do(Dh(), "take {}");
  m.Do(Dh(), "complete { result: '已清理' resolved: YES }").Do(Vf(), "verify_pass { record: '看过' resolved: YES }");
}

std::string ByCode(Matter& m, const std::string& id, const std::string& solved) {
  return "evaluate { solved: " + solved + " satisfied: SATISFIED query_code: '" +
         m.StateOf(id).incident().reporter().query_code() + "' }";
}

// Thirty-nine of forty reporters could not say that it was not solved for them.
// spec: I5 I17 flow-7
TEST(Evaluate, IsForEverybodyWhoseReportWasMergedOnceEach) {
  Matter m;
  m.Reported();
  Join(m, "d1", Anybody());
  Join(m, "d2", Pub());
  m.Do(Td(), "accept {}");
  m.As(Anybody()).WhenOn("d1", ByCode(m, "d1", "NO")).ThenRefused(kGuard, "NOT_CLOSED_YET");
  HandleAndClose(m);
  m.As(Anybody()).WhenOn("d1", ByCode(m, "d1", "NO"));
  EXPECT_FALSE(m.refusal().has_value());
  ASSERT_EQ(m.notices().size(), 1u) << "figures hear of one matter's evaluation only";
  EXPECT_EQ(m.Published("incident.duplicate_evaluated").solved(), v1::NO);
  EXPECT_EQ(m.Published("incident.duplicate_evaluated").territorial_org(), "371403001-centre");
  EXPECT_EQ(m.StateOf("d1").incident().standing().status(), v1::MERGED);
  EXPECT_EQ(m.StateOf("d1").incident().evaluation().solved(), v1::NO);
  EXPECT_EQ(m.StateOf("d1").incident().evaluation().by(), v1::BY_QUERY_CODE);
  EXPECT_EQ(m.status(), v1::CLOSED) << "the first reporter has not answered";
  m.As(Anybody()).WhenOn("d1", ByCode(m, "d1", "YES")).ThenRefused(kGuard, "EVALUATED_ALREADY");
  m.Do(Gw(), "evaluate { solved: YES satisfied: SATISFIED }");
  m.As(Pub()).WhenOn("d2", "evaluate { solved: YES satisfied: SATISFIED }");
  EXPECT_FALSE(m.refusal().has_value()) << "the seven days run, whoever has answered";
  EXPECT_EQ(m.incident().others_evaluated(), 2);
  EXPECT_EQ(m.incident().others_unsolved(), 1);
  EXPECT_EQ(m.incident().evaluation().solved(), v1::YES);
}

// spec: I5 I17
TEST(Evaluate, OfAMergedReportIsForWhoBroughtItAndNobodyWhoHandledIt) {
  Matter m;
  m.Reported();
  Join(m, "d1", Anybody());
  m.As(Dh()).WhenOn("d2", "report { category: '0706' text: '小广告' area_code: '371403001001' }");
  m.As(Td()).WhenOn("d2", "merge { primary_id: 'm1' ground: '同一面墙' }");
  m.Do(Td(), "accept {}");
  HandleAndClose(m);
  m.As(Pub()).WhenOn("d1", "evaluate { solved: YES }").ThenRefused(kNotAllowed, "NOT_THE_REPORTER");
  m.As(Dh()).WhenOn("d2", "evaluate { solved: YES }").ThenRefused(kNotAllowed, "RECUSED");
}

// spec: I5 I17 DI-07
TEST(Evaluate, OfAMergedReportEndsWithTheSevenDaysOfTheClosing) {
  Matter m;
  m.Reported();
  Join(m, "d1", Anybody());
  m.Do(Td(), "accept {}");
  HandleAndClose(m);
  m.WhenTimerFires("clock/DI-07");
  m.As(Anybody()).WhenOn("d1", ByCode(m, "d1", "NO")).ThenRefused(kGuard, "EVALUATION_WINDOW_OVER");
}

// spec: I5 I17
TEST(Evaluate, ByAnAccountThatReportedItTwiceCountsOnce) {
  Matter m;
  m.Reported();
  Join(m, "d1", Pub());
  Join(m, "d2", Pub());
  m.Do(Td(), "accept {}");
  HandleAndClose(m);
  m.As(Pub()).WhenOn("d1", "evaluate { solved: NO }");
  EXPECT_FALSE(m.refusal().has_value());
  m.WhenOn("d2", "evaluate { solved: NO }").ThenRefused(kGuard, "EVALUATED_ALREADY");
  EXPECT_EQ(m.incident().others_unsolved(), 1);
  Matter first;
  first.Reported(kPublic, Pub());
  Join(first, "d1", Pub());
  first.Do(Td(), "accept {}");
  HandleAndClose(first);
  first.As(Pub()).WhenOn("d1", "evaluate { solved: NO }").ThenRefused(kGuard, "EVALUATE_THE_FIRST");
  first.Do(Pub(), "evaluate { solved: NO }");
}

// spec: I5 I17 I18
TEST(Evaluate, OfAFormerEndingIsNoAnswerToTheNext) {
  Matter m;
  m.Reported();
  Join(m, "d1", Anybody());
  m.Do(Td(), "accept {}");
  HandleAndClose(m);
  m.As(Anybody()).WhenOn("d1", ByCode(m, "d1", "NO"));
  EXPECT_EQ(m.incident().others_unsolved(), 1);
  m.Later(base::kDayMs).Do(Td(), "reopen { reason: NOT_SOLVED explanation: '反映人说没有解决' }");
  EXPECT_EQ(m.incident().others_evaluated(), 0);
  EXPECT_EQ(m.incident().others_unsolved(), 0);
  m.As(Anybody()).WhenOn("d1", ByCode(m, "d1", "YES")).ThenRefused(kGuard, "NOT_CLOSED_YET");
  HandleAndClose(m);
  m.As(Anybody()).WhenOn("d1", ByCode(m, "d1", "YES"));
  EXPECT_FALSE(m.refusal().has_value());
  EXPECT_EQ(m.incident().others_evaluated(), 1);
  EXPECT_EQ(m.incident().others_unsolved(), 0);
}

// What was settled on the spot told nobody whose report had been merged into it.
// spec: I2 I5 I17
TEST(Followers, AreToldWhenItIsSettledOnTheSpot) {
  Matter m;
  m.Reported();
  Join(m, "d1", Anybody());
  m.Do(Gw(), "self_handle { handling { measures: '清了' note: '好' } }").WhenTimerFires("inform_followers");
  m.AndNotice("incident.follower_informed");
  EXPECT_TRUE(m.StateOf("d1").incident().follower_informed());
  m.As(Anybody()).WhenOn("d1", ByCode(m, "d1", "YES"));
  EXPECT_FALSE(m.refusal().has_value());
  Matter alone;
  alone.Reported().Do(Gw(), "self_handle { handling { measures: '清了' note: '好' } }").AndNoTimer("inform_followers");
}

}  // namespace
}  // namespace incident
