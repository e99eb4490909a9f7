// Whole lives of a petition, and what the other services make of its notices.
#include "incident/v1/incident.pb.h"
#include "mediation/v1/mediation.pb.h"
#include "services/incident/subscriptions.h"
#include "services/mediation/subscriptions.h"
#include "services/petition/subscriptions.h"
#include "tests/petition/petition_world.h"

namespace petition {
namespace {

const std::string kRefer =
    "refer_to_mediation { bridge_code: 'BR1' both_consent: true consent_proof_sha256: '" + kScan + "' dispute_type: "
    "'D10' party_count: 2 }";

// flow-3: accepted on day 0, to mediation on day 5, failed on day 30, opinion on day 58, delivered, review
// requested 20 days after, upheld, re-review with a hearing of six days, final. Each due day computed by
// hand from the articles and the 2026 holiday notice. Only the last stage leaves the hearing out.
// spec: P8 P16 P18 P19 P21 P22 P23 P24 P25 DP-05 DP-07 DP-08 DP-09 DP-10 DP-11
TEST(Flow3, TellsItsClocksToTheDay) {
  Matter m(At::kReady, Local("2026-03-02 09:00"));
  EXPECT_EQ(m.DueOf("DP-05"), EndOf("2026-05-06"));  // 60 days: 05-01, the holiday to 05-05
  m.When(kRefer, Handler(), Local("2026-03-07 10:00"));
  EXPECT_EQ(m.Payload().referral().due_at_ms(), EndOf("2026-04-06"));
  m.When(
      "hear_mediation { topic: 'mediation.ended' subject_id: 'c1' version: 7 notice { end_reason: "
      "E05_TOO_FAR_APART origin { "
      "service: 'petition' aggregate_id: 'p1' referral_id: '" +
          m.state().mediation_referral_id() + "' } } }",
      Platform(), Local("2026-04-01 10:00"));
  EXPECT_EQ(m.DueOf("DP-05"), EndOf("2026-05-06"));  // nothing stopped it
  m.When(DraftText(), Handler(), Local("2026-04-28 10:00")).When(kIssue, Head(), Local("2026-04-29 10:00"));
  EXPECT_TRUE(m.Payload().on_time());
  m.When(DeliverText(Local("2026-04-30 10:00")), Clerk(), Local("2026-04-30 11:00"));
  EXPECT_EQ(m.DueOf("DP-07"), EndOf("2026-06-01"));  // 05-30 is a Saturday
  m.When(kAskReview, Resident(), Local("2026-05-20 10:00"));
  EXPECT_EQ(m.DueOf("DP-08"), EndOf("2026-06-22"));  // 06-19 to 06-21 Dragon Boat Festival
  EXPECT_EQ(m.DueOf("DP-11"), EndOf("2026-05-25"));
  m.When(kTakeRequest, CityReviewer(), Local("2026-05-21 10:00"));
  m.When(ReviewText(), CityReviewer(), Local("2026-06-18 09:00"))
      .When(DeliverText(Local("2026-06-18 10:00")), CityReviewer(), Local("2026-06-18 11:00"));
  EXPECT_EQ(m.DueOf("DP-09"), EndOf("2026-07-20"));  // 07-18 is a Saturday
  m.When(kAskRecheck, Resident(), Local("2026-07-10 10:00"));
  EXPECT_EQ(m.DueOf("DP-10"), EndOf("2026-08-10"));  // 08-09 is a Sunday
  m.When(kTakeRequest, Rechecker(), Local("2026-07-13 10:00"));
  m.When(CallText(Local("2026-07-20 09:00")), Rechecker(), Local("2026-07-13 11:00"));
  m.When("start_hearing {}", Rechecker(), Local("2026-07-20 09:00"));
  m.When(
      "end_hearing { hearing { presider: 'vault:p' member: 'vault:m' record: '笔录' conclusion: '结论' } }",
      Rechecker(), Local("2026-07-26 17:00"));
  EXPECT_EQ(m.DueOf("DP-10"), EndOf("2026-08-17"));  // 08-15 is a Saturday
  m.When(RecheckText(), Rechecker(), EndOf("2026-08-17"));
  EXPECT_TRUE(m.Payload().on_time());
  m.When(DeliverText(m.now_ms()), Rechecker(), m.now_ms()).AndNotice("petition.final").AndNoTimer();
  for (const char* met : {"DP-01", "DP-03", "DP-05", "DP-07", "DP-08", "DP-09", "DP-10", "DP-11"}) {
    EXPECT_EQ(m.OutcomeOf(met), common::v1::CLOCK_MET) << met;
  }
}

TEST(Clocks, BeyondTheAnnouncedHolidaysAreRecomputedWhenTheyAreAnnounced) {
  Matter m(At::kAccepted);  // 60 days from 2026-11-23 is 2027-01-22
  EXPECT_TRUE(m.ClockOf("DP-05").provisional());
  policy::v1::Calendar calendar = tests::Policies().calendar;
  calendar.set_revision(calendar.revision() + 1);
  calendar.set_horizon("2027-12-31");
  auto* off = calendar.add_off();  // made up for the test
  off->set_date("2027-01-22");
  off->set_name_zh("测试假日");
  v1::Command learn;
  *learn.mutable_learn_reference()->mutable_notice()->mutable_calendar_loaded() = calendar;
  m.As(Platform()).WhenOn("ref/calendar", learn.ShortDebugString());
  m.WhenTimerFires("recompute", "ref/calendar").AndNotice("petition.clocks_recomputed");
  EXPECT_EQ(m.DueOf("DP-05"), EndOf("2027-01-25"));
  EXPECT_FALSE(m.ClockOf("DP-05").provisional());
}

// ---- notices of other services, and others' ears for ours

bus::v1::Event EventOf(const kernel::v1::Notice& notice, std::string_view subject, uint64_t version) {
  bus::v1::Event event;
  event.set_topic(notice.topic());
  event.set_classification(notice.classification());
  event.set_level(notice.level());
  if (notice.classification() == SEALED) return event;  // as services/bus makes it
  event.set_subject(std::string(subject));
  event.set_subject_version(version);
  event.set_schema(notice.schema());
  event.set_data(notice.payload());
  event.set_matter_code(notice.matter_code());
  event.set_division(notice.area_code());
  return event;
}

// spec: P1
TEST(Hearing, AHandOverOfTheGridBecomesAPetitionOfItsOwnId) {
  incident::v1::Notice notice;
  notice.mutable_referral()->set_referral_id("r1");
  bus::v1::Event event;
  event.set_topic("incident.referred_to_petition");
  event.set_subject("i1");
  event.set_matter_code("X");
  event.set_division("371403001002");
  event.set_schema(notice.GetDescriptor()->full_name());
  event.set_data(notice.SerializeAsString());
  const auto commands = Subscriptions()("incident", event);
  ASSERT_TRUE(commands.ok());
  ASSERT_EQ(commands->size(), 1u);
  EXPECT_EQ(commands->front().aggregate_id, "pt-r1");
  const auto& take = static_cast<const v1::Command&>(*commands->front().command).take_referral();
  EXPECT_EQ(take.origin().aggregate_id(), "i1");
  event.set_topic("incident.reported");
  EXPECT_TRUE(Subscriptions()("incident", event)->empty());
}

// spec: P17
TEST(Hearing, OfMediationOnlyWhatAnswersAPetition) {
  mediation::v1::Notice notice;
  bus::v1::Event event;
  event.set_topic("mediation.ended");
  event.set_schema(notice.GetDescriptor()->full_name());
  event.set_data(notice.SerializeAsString());
  EXPECT_TRUE(Subscriptions()("mediation", event)->empty());
  notice.mutable_origin()->set_service("petition");
  notice.mutable_origin()->set_aggregate_id("p1");
  event.set_data(notice.SerializeAsString());
  const auto commands = Subscriptions()("mediation", event);
  ASSERT_EQ(commands->size(), 1u);
  EXPECT_EQ(commands->front().aggregate_id, "p1");
}

// The grid hears that its matter was registered and accepted. What a supported request asks for is no task of the grid:
// it would keep it when the petition leaves.
// spec: P8 P19
TEST(Told, TheGridUnderstandsWhatItHears) {
  Matter m(City(), "pt-r1");
  m.WithChance(7).When(
      "take_referral { origin { service: 'incident' aggregate_id: 'i1' matter_code: 'X' referral_id: 'r1' } "
      "area_code: '371403' }",
      Platform(), kMonday);
  const auto heard = incident::Subscriptions()("petition", EventOf(m.notices()[0], "pt-r1", 1));
  ASSERT_TRUE(heard.ok());
  ASSERT_EQ(heard->size(), 1u);
  EXPECT_EQ(heard->front().aggregate_id, "i1");
  const auto& command = static_cast<const incident::v1::Command&>(*heard->front().command);
  EXPECT_EQ(command.hear_petition().topic(), "petition.registered");

  Matter supported(At::kReady);
  supported.When(DraftText("SUPPORTED"), Handler(), kMonday)
      .When(kIssue, Head(), kMonday)
      .When(DeliverText(kMonday), Clerk(), kMonday);
  ASSERT_EQ(supported.notices().size(), 2u);
  const auto due = incident::Subscriptions()("petition", EventOf(supported.notices()[1], "p1", 9));
  ASSERT_TRUE(due.ok());
  EXPECT_TRUE(due->empty());
}

// 访调对接: what the committee gets to know, and the id by which its answer comes back.
// spec: P16
TEST(Told, MediationTakesThePetitionUnderItsOwnCode) {
  Matter m(At::kAccepted);
  m.When(kRefer, Handler(), kMonday);
  const auto heard = mediation::Subscriptions()("petition", EventOf(m.notices()[0], "p1", m.version()));
  ASSERT_TRUE(heard.ok()) << heard.status();
  ASSERT_EQ(heard->size(), 1u);
  EXPECT_EQ(heard->front().aggregate_id, "rf-" + m.state().mediation_referral_id());
  const auto& take = static_cast<const mediation::v1::Command&>(*heard->front().command).take_referral();
  EXPECT_EQ(take.origin().service(), "petition");
  EXPECT_EQ(take.origin().aggregate_id(), "p1");
  EXPECT_EQ(take.origin().referral_id(), m.state().mediation_referral_id());
  EXPECT_EQ(take.origin().matter_code(), m.state().matter_code());
  EXPECT_EQ(take.dispute_type(), "D10");
  EXPECT_TRUE(take.consent_known());
  EXPECT_EQ(take.end_by_ms(), m.Payload().referral().due_at_ms());  // not the committee's own thirty days
  EXPECT_EQ(m.notices()[0].payload().find("vault:"), std::string::npos);  // no petitioner, no word of theirs
}

TEST(Told, AnAccusationIsNothingToTheGrid) {
  Matter m(At::kRegistered);
  m.When("retype { type: ACCUSATION reason: '反映干部' }", Office(), kMonday)
      .When("transfer_to_discipline { discipline_org: 'c-discipline' }");
  const auto heard = incident::Subscriptions()("petition", EventOf(m.notices()[0], "p1", 3));
  ASSERT_TRUE(heard.ok()) << heard.status();
  EXPECT_TRUE(heard->empty());
  EXPECT_TRUE(mediation::Subscriptions()("petition", EventOf(m.notices()[0], "p1", 3))->empty());
}

}  // namespace
}  // namespace petition
