// Reports, settling on the spot, supplements, withdrawal.
#include <algorithm>
#include <string>
#include <utility>

#include "tests/incident/world.h"

namespace incident {
namespace {

using common::v1::CLOCK_CANCELLED;
using common::v1::CLOCK_MET;
using enum kernel::RefusalCode;

// spec: I1 DI-01
TEST(Report, StartsTheClockAtReceiptAndKeepsTheDeviceTime) {
  Matter m;
  m.WithDeviceTime(Ms("2026-11-20 18:05"));  // three days offline
  m.Reported();
  EXPECT_EQ(m.status(), v1::REPORTED);
  EXPECT_EQ(m.incident().device_reported_at_ms(), Ms("2026-11-20 18:05"));
  EXPECT_EQ(m.incident().reported_at_ms(), Ms(kMonday));
  EXPECT_EQ(m.Due("DI-01"), "2026-11-23 11:00");
  EXPECT_EQ(m.incident().matter_code(), "37140320261123I000001");
  EXPECT_EQ(m.incident().standing().holder_org(), "371403001-centre");
  m.AndNotice("incident.reported").AndTimer("clock/DI-01", Ms("2026-11-23 11:00") + 1);
}

// spec: I1 DI-01
TEST(Report, ThatIsUrgentHasHalfAnHourDayAndNight) {
  Matter m;
  m.OnDay("2026-11-22 22:00")
      .Reported(
          "report { category: '0402' text: '闻到燃气味' area_code: '371403001001001' urgency: CRITICAL }");
  EXPECT_EQ(m.Due("DI-01"), "2026-11-22 22:30");
  EXPECT_TRUE(m.incident().intake().emergency());
  EXPECT_EQ(m.incident().standing().current_level(), 3);
  EXPECT_EQ(m.Published("incident.reported").urgency(), common::v1::CRITICAL);
}

// Whoever reports a leak of gas need not know that there is a field for how urgent it is.
// spec: I1 3.6.3
TEST(Report, OfWhatBelongsToAnEmergencyLineIsToldAsCritical) {
  Matter m;
  m.Reported("report { category: '0402' text: '闻到燃气味' area_code: '371403001001001' }");
  EXPECT_EQ(m.Published("incident.reported").urgency(), common::v1::CRITICAL);
  EXPECT_EQ(m.incident().intake().urgency(), common::v1::NORMAL) << "what was said stays";
  Matter flyers;
  flyers.Reported();
  EXPECT_EQ(flyers.Published("incident.reported").urgency(), common::v1::NORMAL);
}

// Visits are paid when people are at home; a village without a signal sends on Monday what was seen on Friday.
// spec: I1 R5
TEST(Report, IsTakenAtAnyHourOfAnyDayAndInAnyOrder) {
  for (const char* at :
       {"2026-11-23 00:01", "2026-11-24 05:30", "2026-11-25 21:45", "2026-11-28 23:59", "2026-10-01 12:00"}) {
    Matter m;
    m.OnDay(at).Reported();
    EXPECT_EQ(m.status(), v1::REPORTED) << at;
    EXPECT_EQ(m.incident().reported_at_ms(), Ms(at)) << "the evening, the Saturday and the holiday count as they are";
    EXPECT_TRUE(m.incident().overdue().empty()) << at;
  }
  Matter m;
  m.WithDeviceTime(Ms("2026-11-20 21:30"));
  m.Reported();
  m.WithDeviceTime(Ms("2026-11-19 06:10"));  // written before, sent after
  m.Do(Gw(), "supplement { text: '前一天就有了' }");
  m.WithDeviceTime(Ms("2026-12-24 09:00"));  // a device that runs ahead
  m.Do(Gw(), "supplement { text: '又看了一次' }");
  EXPECT_EQ(m.incident().device_reported_at_ms(), Ms("2026-11-20 21:30"));
  EXPECT_EQ(m.status(), v1::REPORTED);
}

// spec: I1 R6
TEST(Report, FromTheFieldIsNeverBouncedForWhatIsMissing) {
  Matter m;
  m.Reported("report { }");
  EXPECT_EQ(m.status(), v1::REPORTED);
  const auto& need = m.incident().intake().need();
  EXPECT_EQ(std::vector<int>(need.begin(), need.end()),
            (std::vector<int>{v1::NEED_CONTENT, v1::NEED_CATEGORY}));
  EXPECT_EQ(m.incident().intake().area_code(), kGrid) << "the worker's own grid";
}

TEST(Report, OfAVoiceNoteOrTwoCharactersHasEnoughContent) {
  for (const char* report :
       {"report { category: '0706' text: '漏水' }",
        "report { category: '0706' attachment { sha256: 'ab' mime: 'audio/ogg' use: VOICE } }"}) {
    Matter m;
    m.Reported(report);
    EXPECT_TRUE(m.incident().intake().need().empty()) << report;
  }
}

// spec: R3
TEST(Report, DemandsAPhotoOnlyWhereThePolicyStatesWhy) {
  Knowledge known = Known();
  auto policies = Policies().policies;
  policies.set_revision(policies.revision() + 1);
  for (auto& category : *policies.mutable_categories()->mutable_category()) {
    if (category.code() == "0706") category.set_photo(true), category.set_photo_reason("行政处罚须固定证据");
    if (category.code() == "0701") category.clear_photo_reason();
  }
  directory::v1::Notice notice;
  *notice.mutable_policy_changed() = policies;
  ASSERT_TRUE(known.Learn(notice).ok());
  Matter with_reason(known);
  with_reason.Reported();
  EXPECT_EQ(with_reason.incident().intake().need(0), v1::NEED_PHOTO);
  Matter without(known);
  without.Reported("report { category: '0701' text: '垃圾成堆' }");
  EXPECT_TRUE(without.incident().intake().need().empty());
}

TEST(Report, OfADisputeAsksTheDeskForItsParties) {
  Matter m;
  m.Reported("report { category: '0102' text: '两家吵架' }");
  EXPECT_EQ(m.incident().intake().need(0), v1::NEED_PARTIES);
}

TEST(Report, FromAMergedVillageGoesToItsSuccessorAndKeepsWhatWasGiven) {
  Matter m;
  m.Reported("report { category: '0706' text: '小广告' area_code: '371403001003' }", Td());
  EXPECT_EQ(m.incident().intake().area_code(), "371403001001");
  EXPECT_EQ(m.incident().intake().reported_area_code(), "371403001003");
}

TEST(Report, OfAnUnknownGridStepsUpToWhatIsKnown) {
  Matter m;
  m.Reported("report { category: '0706' text: '小广告' area_code: '371403001001999' }", Td());
  EXPECT_EQ(m.incident().intake().area_code(), kVillage);
}

// The second grid of the east village lies between these meridians and parallels.
Knowledge KnownWithBoundary(bool synthetic) {
  Knowledge known = Known();
  directory::v1::Notice notice = Area("371403001001002", "第二网格");
  notice.mutable_area_changed()->set_boundary(
      R"({"type":"Polygon","coordinates":[[[116.5,37.3],[116.6,37.3],[116.6,37.4],[116.5,37.4],[116.5,37.3]]]})");
  notice.mutable_area_changed()->set_boundary_synthetic(synthetic);
  CHECK(known.Learn(notice).ok());
  return known;
}
constexpr char kPothole[] =
    "report { category: '0706' text: '路面有坑' place { lon: 116.55 lat: 37.35 has_position: true } }";
constexpr char kPotholeByAnybody[] =
    "public_report { text: '路面有坑' place { lon: 116.55 lat: 37.35 has_position: true } }";

bool NeedsPlace(Matter& m) {
  const auto& need = m.incident().intake().need();
  return std::ranges::find(need, v1::NEED_PLACE) != need.end();
}

// spec: I1
TEST(Report, WithAPositionAndNoAreaGoesToTheGridItLiesIn) {
  for (const Actor& by : {Gw(), Gh(), Cd(), Ha()}) {
    Matter m(KnownWithBoundary(false));
    m.Reported(kPothole, by);
    EXPECT_EQ(m.incident().intake().area_code(), "371403001001002");
    EXPECT_FALSE(NeedsPlace(m));
  }
  Matter m(KnownWithBoundary(false));
  m.Reported(kPotholeByAnybody, Anybody());
  EXPECT_EQ(m.incident().intake().area_code(), "371403001001002");
}

// One field of a supplement moved a report to another county, and nobody there or here could see it any more.
// spec: R6 I1
TEST(Supplement, MovesAMatterToNoOtherDesk) {
  Matter m;
  m.Reported();
  const std::string before = m.incident().intake().area_code();
  for (const char* elsewhere : {"371422001001", "371403002001", "999999999999"}) {
    m.As(Td()).When(std::string("supplement { area_code: '") + elsewhere + "' }").ThenRefused("PLACE_OF_ANOTHER_DESK");
  }
  m.As(Td()).When("supplement { category: '1303' }").ThenRefused("CATEGORY_OF_ANOTHER_KIND");
  EXPECT_EQ(m.incident().intake().area_code(), before);
  m.Do(Td(), "supplement { area_code: '371403001001002' }");
  EXPECT_EQ(m.incident().intake().area_code(), "371403001001002");
}

// Nor could the county, which has it then, put the place right any more.
// spec: R6 I1 I12
TEST(Supplement, ByWhoHasTheMatterPutsThePlaceRightInTheOwnArea) {
  Matter m;
  m.Reported("report { category: '0706' text: '路面有坑' area_code: '371403' place { text: '东关' } }", Cd());
  EXPECT_EQ(m.incident().standing().holder_org(), "371403-centre");
  m.Do(Cd(), "supplement { area_code: '371403001002001' }").Do(Cd(), "supplement { area_code: '371403001001' }");
  m.Do(Cd(), "supplement { area_code: '371403' }");
  m.As(Cd()).When("supplement { area_code: '371422100' }").ThenRefused("PLACE_OF_ANOTHER_DESK");
}

TEST(Report, KeepsTheAreaItNamesWhateverThePosition) {
  Matter m(KnownWithBoundary(false));
  m.Reported("report { category: '0706' text: '路面有坑' area_code: '371403001002001' "
             "place { lon: 116.55 lat: 37.35 has_position: true } }", Cd());
  EXPECT_EQ(m.incident().intake().area_code(), "371403001002001");
}

TEST(Report, ByABoundaryNobodySurveyedAsksTheDeskForThePlace) {
  Matter own(KnownWithBoundary(true));
  own.Reported(kPothole, Gw());
  EXPECT_EQ(own.incident().intake().area_code(), kGrid);  // who walks a grid knows it better than a drawing
  EXPECT_FALSE(NeedsPlace(own));
  Matter m(KnownWithBoundary(true));
  m.Reported(kPotholeByAnybody, Anybody());
  EXPECT_EQ(m.incident().intake().area_code(), "371403001001002");
  EXPECT_TRUE(NeedsPlace(m));
  m.Do(Td(), "supplement { area_code: '371403001001002' }");
  EXPECT_FALSE(NeedsPlace(m));
}

TEST(Report, CountsSerialsByCountyAndDay) {
  Matter m;
  m.Reported().WhenOn("m2", kFlyers);
  EXPECT_EQ(m.StateOf("m2").incident().matter_code(), "37140320261123I000002");
  m.OnDay("2026-11-24 09:00").WhenOn("m3", kFlyers);
  EXPECT_EQ(m.StateOf("m3").incident().matter_code(), "37140320261124I000001");
}

TEST(Report, CostsFourIndexEntriesAndThreeCounters) {
  Matter m;
  m.Reported();
  EXPECT_LE(IncidentDomain::Indexes("m1", m.state()).size(), 4u);
  EXPECT_EQ(IncidentDomain::Tallies(m.state()).size(), 3u);
  m.AndTally("s/3714/REPORTED", 1).AndTally("s/371403/REPORTED", 1).AndTally("s/371403001/REPORTED", 1);
  Matter anonymous;
  anonymous.Reported("public_report { text: '路灯坏了' area_code: '371403001' }", Anybody());
  EXPECT_LE(IncidentDomain::Indexes("m1", anonymous.state()).size(), 4u);
}

TEST(Report, WithoutAPolicyInForceIsRefusedNotGuessed) {
  Matter m{Knowledge()};
  m.As(Gw()).When(kFlyers).ThenRefused(kGuard);
}

// spec: I1
TEST(PublicReport, NeedsNoAccountAndGivesAQueryCode) {
  Matter m;
  m.Reported("public_report { text: '路灯不亮' category: '0802' area_code: '371403001001' }", Anybody());
  kernel::v1::Receipt receipt;
  receipt.set_recorded_at_ms(m.incident().reported_at_ms());
  IncidentDomain::Answer(m.state(), &receipt);
  EXPECT_EQ(receipt.query_code().size(), 9u);
  EXPECT_EQ(receipt.status(), "REPORTED");
  EXPECT_EQ(receipt.matter_code(), m.incident().matter_code());
  EXPECT_EQ(m.incident().standing().current_level(), 3);
}

TEST(PublicReport, OfNothingAtAllIsAskedForAWord) {
  Matter m;
  m.As(Anybody()).When("public_report { area_code: '371403001' }").ThenRefused(kInvalid, "CONTENT_NEEDED");
}

TEST(PublicReport, WithoutAPlaceGoesToTheCity) {
  Matter m;
  m.Reported("public_report { text: '公交太挤' }", Anybody());
  EXPECT_EQ(m.incident().intake().area_code(), kCity);
  EXPECT_EQ(m.incident().standing().current_level(), 5);
  EXPECT_EQ(m.incident().matter_code().substr(0, 6), "371400");
}

TEST(Report, OnBehalfOfAResidentGivesAQueryCodeForTheSlip) {
  Matter m;
  m.Reported("report { category: '0706' text: '小广告' on_behalf: true }");
  EXPECT_EQ(m.incident().reporter().query_code().size(), 9u);
}

// spec: I2 DI-01 DI-07
TEST(SelfHandle, ClosesOnTheSpotAndStartsTheEvaluation) {
  Matter m;
  m.Chance(1).Reported().Do(Gw(),
                            "self_handle { handling { measures: '当场清除' note: '已清' resolved: YES } }");
  EXPECT_EQ(m.status(), v1::CLOSED);
  EXPECT_EQ(m.incident().closure_type(), v1::SELF_HANDLED);
  EXPECT_EQ(m.Outcome("DI-01"), CLOCK_MET);
  EXPECT_EQ(m.Due("DI-07"), "2026-11-30 24:00");
  EXPECT_EQ(m.incident().resolved_level(), 1);
  EXPECT_TRUE(m.incident().substantively_resolved());
  m.AndNotice("incident.self_handled");
}

TEST(SelfHandle, InTheSameStepAsTheReport) {
  Matter m;
  m.Reported("report { category: '0706' text: '小广告' self_handled { measures: '清了' note: '干净了' } }");
  EXPECT_EQ(m.status(), v1::CLOSED);
}

TEST(SelfHandle, ThatIsNotAllowedStillStoresTheReportAndWhatWasDone) {
  Matter m;
  m.Reported(
      "report { category: '0504' text: '墙裂了' self_handled { measures: '拉了警戒线' note: '已离人' } }");
  EXPECT_EQ(m.status(), v1::REPORTED);
  EXPECT_NE(m.incident().last_note().find("拉了警戒线"), std::string::npos);
}

// spec: I2
TEST(SelfHandle, IsRefusedForCategoryUrgencyScaleAndMissingEvidence) {
  constexpr char kHandling[] = "self_handle { handling { measures: '劝开' note: '好了' } }";
  const auto refused = [&](std::string_view report, std::string_view handling, std::string_view reason) {
    Matter m;
    m.Reported(report);
    m.As(Gw()).When(handling).ThenRefused(reason);
  };
  refused("report { category: '0504' text: '墙裂了' }", kHandling, "CATEGORY_NOT_SELF_HANDLED");
  refused("report { category: '0706' text: '广告' urgency: URGENT }", kHandling,
          "TOO_SERIOUS_FOR_SELF_HANDLING");
  refused("report { category: '0706' text: '广告' scale: S3_5_TO_9 }", kHandling,
          "TOO_SERIOUS_FOR_SELF_HANDLING");
  refused(kFlyers, "self_handle { handling { measures: '清了' } }", "SELF_HANDLING_UNDOCUMENTED");
  refused("report { category: '0102' text: '吵架' }", kHandling, "PARTIES_DO_NOT_AGREE");
}

// spec: I2
TEST(SelfHandle, IsSampledForVerificationInAboutFivePercent) {
  int sampled = 0;
  for (uint64_t chance = 0; chance < 400; ++chance) {
    Matter m;
    m.Chance(chance * 7919).Reported().Do(Gw(), "self_handle { handling { measures: '清了' note: '好' } }");
    if (!m.incident().sample_open()) continue;
    ++sampled;
    EXPECT_NE(m.Clock("DI-06"), nullptr);
  }
  EXPECT_GE(sampled, 6);
  EXPECT_LE(sampled, 40);
}

// spec: I2 I18
TEST(VerifySample, ThatFailsReopensTheMatter) {
  for (uint64_t chance = 0; chance < 400; ++chance) {
    Matter m;
    m.Chance(chance).Reported().Do(Gw(), "self_handle { handling { measures: '清了' note: '好' } }");
    if (!m.incident().sample_open()) continue;
    m.As(Gh()).When("verify_sample { passed: false record: '广告还在' }").ThenRefused(kNotAllowed);
    m.Do(Td(), "verify_sample { passed: false record: '广告还在' }");
    EXPECT_EQ(m.status(), v1::ACCEPTED);
    EXPECT_EQ(m.incident().cycle(), 2);
    m.AndNotice("incident.reopened");
    return;
  }
  FAIL() << "nothing was sampled";
}

TEST(Supplement, FillsWhatWasMissing) {
  Matter m;
  m.Reported("report { text: '漏水' }");
  ASSERT_EQ(m.incident().intake().need(0), v1::NEED_CATEGORY);
  m.Do(Gw(), "supplement { category: '0403' text: '在东关路口' }");
  EXPECT_TRUE(m.incident().intake().need().empty());
  EXPECT_EQ(m.incident().last_note(), "在东关路口");
  m.AndNotice("incident.supplemented");
}

TEST(Supplement, ByTheCitizenNeedsTheRightCode) {
  Matter m;
  m.Reported("public_report { text: '路灯不亮' area_code: '371403001' }", Anybody());
  m.As(Anybody())
      .When("supplement { text: '还有一盏' query_code: 'AAAAAAAAA' }")
      .ThenRefused(kNotAllowed, "NOT_THE_REPORTER");
  m.Do(Anybody(),
       "supplement { text: '还有一盏' query_code: '" + m.incident().reporter().query_code() + "' }");
}

// spec: I23
TEST(Cancel, BeforeAcceptanceByTheReporter) {
  Matter m;
  m.Reported().Do(Gw(), "cancel { reason: '看错了' }");
  EXPECT_EQ(m.status(), v1::CANCELLED);
  EXPECT_EQ(m.Outcome("DI-01"), CLOCK_CANCELLED);
  m.AndNotice("incident.cancelled").AndNoTimer();
}

// spec: I23
TEST(Cancel, IsTooLateAfterAcceptanceAndNotForOthers) {
  Matter m;
  m.Accepted().As(Gw()).When("cancel {}").ThenRefused(kWrongStatus);
  Matter other;
  other.Reported().As(Td()).When("cancel {}").ThenRefused(kNotAllowed);
}

TEST(ReportForPetition, MakesAServiceRequestThatFollowsThePetition) {
  Matter m;
  m.Do(Service("petition"),
       "report_for_petition { matter_code: '37140320261101P000001' area_code: '371403001' }");
  EXPECT_EQ(m.incident().intake().kind(), v1::SERVICE_REQUEST);
  EXPECT_EQ(m.Published("incident.reported").derived_from(), "petition");
}

// 信访工作条例37(3): after the re-review the place looks after whoever asked. No word of the petition comes along.
// spec: P25
TEST(ReportForPetition, MakesATaskOfCareAfterTheReReview) {
  Matter m;
  m.Do(Service("petition"),
       "report_for_petition { matter_code: '37140320261101P000001' area_code: '371403001' care: true }");
  EXPECT_EQ(m.incident().intake().kind(), v1::SERVICE_REQUEST);
  EXPECT_EQ(m.incident().intake().title(), "终结信访人帮扶");
}

// The petition was sealed as an accusation (Art. 30), and the task went on telling everybody whose task it is which one
// there had been.
// spec: P25 P11 flow-5
TEST(ReportForPetition, DoesNotSayWhichOne) {
  Matter m;
  m.Do(Service("petition"),
       "report_for_petition { matter_code: '37140320261101P000001' area_code: '371403001' care: true }");
  EXPECT_EQ(m.incident().intake().derived_from(), "37140320261101P000001") << "the log says it";
  const auto told = m.Published("incident.reported");
  EXPECT_EQ(told.derived_from(), "petition");
  EXPECT_EQ(told.SerializeAsString().find("37140320261101P"), std::string::npos);
}

// A walk-in case was about to end in a brawl, and no grid heard of it. Who quarrels with whom stays with the mediators.
// spec: M12 I1
TEST(ReportForMediation, MakesAnUrgentMatterOfADangerToPublicOrder) {
  for (const auto& [order, category] : {std::pair{"ORDER_CROWD", "0407"}, std::pair{"ORDER_VIOLENCE", "0301"}}) {
    Matter m;
    m.Do(Service("mediation"), "report_for_mediation { matter_code: '37140320261101M000001' area_code: "
                               "'371403001001' public_order: " + std::string(order) + " }");
    const v1::Intake& intake = m.incident().intake();
    EXPECT_EQ(intake.category(), category);
    EXPECT_EQ(intake.source(), v1::MEDIATION);
    EXPECT_EQ(intake.urgency(), common::v1::URGENT);
    EXPECT_EQ(intake.risk(), common::v1::HIGH);
    EXPECT_TRUE(intake.emergency());
    EXPECT_EQ(m.status(), v1::REPORTED);
    EXPECT_EQ(m.incident().standing().holder_org(), "371403001-centre");
    EXPECT_NE(m.Clock("DI-01"), nullptr) << "somebody has to look at it, by a time";
    const auto told = m.Published("incident.reported");
    EXPECT_EQ(told.derived_from(), "mediation");
    EXPECT_EQ(told.SerializeAsString().find("37140320261101M"), std::string::npos);
  }
}

}  // namespace
}  // namespace incident
