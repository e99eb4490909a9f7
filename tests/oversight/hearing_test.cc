// Notices of other services become commands of oversight and of mediation, once each.
#include "directory/v1/notices.pb.h"
#include "incident/v1/notices.pb.h"
#include "mediation/v1/mediation.pb.h"
#include "services/mediation/subscriptions.h"
#include "services/oversight/subscriptions.h"
#include "tests/oversight/matter_world.h"

namespace oversight {
namespace {

template <class Notice>
bus::v1::Event EventOf(std::string topic, const Notice& notice) {
  bus::v1::Event event;
  event.set_topic(std::move(topic));
  event.set_schema(notice.GetDescriptor()->full_name());
  event.set_data(notice.SerializeAsString());
  event.set_subject("i1");
  event.set_subject_version(4);
  event.set_matter_code(kCode);
  event.set_division("371403001002");
  event.set_level(3);
  event.set_recorded_at_us(kMonday * 1000 + 7);
  return event;
}

incident::v1::Notice Referred() {
  incident::v1::Notice notice;
  notice.set_status(incident::v1::REFERRED);
  notice.mutable_referral()->set_referral_id("r1");
  notice.mutable_referral()->set_dispute_type("D02");
  notice.mutable_referral()->set_party_count(3);
  notice.mutable_referral()->set_answer_due_ms(99);
  return notice;
}

// Oversight that began empty beside full services heard of matters before it heard of the calendar, and their lights
// turned yellow at other moments than elsewhere.
TEST(Hearing, OfMattersWaitsForCalendarAndPolicies) {
  int32_t known = -1;
  const auto hear = Subscriptions([&known](int32_t calendar) { return known >= calendar; });
  const auto event = EventOf("incident.referred_to_mediation", Referred());
  EXPECT_TRUE(absl::IsUnavailable(hear("incident", event).status()));
  EXPECT_TRUE(hear("directory", EventOf("directory.area_changed", directory::v1::Notice())).ok());
  known = 1;
  EXPECT_EQ(hear("incident", event)->size(), 1u);
}

// It heard of a period that the next year's calendar had moved before it heard of that calendar, and kept a moment for
// yellow that nobody else would have computed.
TEST(Hearing, OfAPeriodWaitsForTheCalendarItWasComputedWith) {
  int32_t known = 1;
  const auto hear = Subscriptions([&known](int32_t calendar) { return known >= calendar; });
  auto notice = Referred();
  notice.add_clock()->set_calendar_revision(1);
  notice.add_clock()->set_calendar_revision(2);
  const auto event = EventOf("incident.referred_to_mediation", notice);
  EXPECT_TRUE(absl::IsUnavailable(hear("incident", event).status()));
  known = 2;
  EXPECT_EQ(hear("incident", event)->size(), 1u);
}

TEST(Oversight, HearsOfAMatterUnderItsCode) {
  const auto commands = Subscriptions()("incident", EventOf("incident.referred_to_mediation", Referred()));
  ASSERT_TRUE(commands.ok());
  ASSERT_EQ(commands->size(), 1u);
  const auto& envelope = commands->front();
  EXPECT_EQ(envelope.aggregate_id, kCode);
  EXPECT_TRUE(envelope.upserts);
  const auto& observe = static_cast<const v1::Command&>(*envelope.command).observe();
  EXPECT_EQ(observe.subject_version(), 4u);
  EXPECT_EQ(observe.recorded_at_ms(), kMonday);
  EXPECT_EQ(observe.incident().referral().referral_id(), "r1");
}

// 信访工作条例 30: whom a hand-over is about is between the grid and the petition office.
TEST(Oversight, KeepsNothingOfWhomAHandOverNamesOrWhatItGivesAlong) {
  auto notice = Referred();
  notice.mutable_referral()->set_against_org("c-hrss");
  notice.mutable_referral()->add_handed_document(std::string(64, 'a'));
  const auto commands = Subscriptions()("incident", EventOf("incident.referred_to_petition", notice));
  ASSERT_TRUE(commands.ok() && commands->size() == 1);
  const auto& observe = static_cast<const v1::Command&>(*commands->front().command).observe();
  EXPECT_EQ(observe.incident().referral().referral_id(), "r1");
  EXPECT_TRUE(observe.incident().referral().against_org().empty());
  EXPECT_TRUE(observe.incident().referral().handed_document().empty());
}

// spec: C5 R13
TEST(Oversight, HearsOfACampaignAndOfItsTasksAsSuch) {
  incident::v1::Notice started;
  started.set_kind(incident::v1::SCREENING_FINDING);
  started.set_campaign_id("c1");
  started.set_category("1201");
  started.set_reported_at_ms(kMonday);
  started.set_task_due_at_ms(kMonday + 9);
  started.set_cost_minutes(90);
  started.set_cost_grids(152);
  auto event = EventOf("campaign.started", started);
  event.set_subject("c1");
  event.clear_matter_code();
  const auto commands = Subscriptions()("incident", event);
  ASSERT_EQ(commands->size(), 1u);
  EXPECT_EQ(commands->front().aggregate_id, "campaign/c1");
  const auto& campaign = static_cast<const v1::Command&>(*commands->front().command).hear_campaign().campaign();
  EXPECT_EQ(campaign.due_at_ms(), kMonday + 9);
  EXPECT_EQ(campaign.cost_minutes(), 90);
  EXPECT_EQ(campaign.cost_grids(), 152u);
  EXPECT_EQ(campaign.area_code(), "371403001002");
  event.set_topic("campaign.data_expired");  // what was collected is destroyed; its counts are of nobody
  EXPECT_TRUE(Subscriptions()("incident", event)->empty());
  incident::v1::Notice done;
  done.set_campaign_id("c1");
  done.set_findings(2);
  done.set_grid_code("371403001002001");
  done.set_closed_at_ms(kMonday + 3);
  auto of_task = EventOf("campaign.task_done", done);
  of_task.clear_matter_code();
  const auto told = Subscriptions()("incident", of_task);
  ASSERT_EQ(told->size(), 1u);
  const auto& task = static_cast<const v1::Command&>(*told->front().command).hear_task().task();
  EXPECT_EQ(task.findings(), 2);
  EXPECT_EQ(task.grid_code(), "371403001002001");
  EXPECT_EQ(task.done_ms(), kMonday + 3);
}

TEST(Oversight, WaitsForABuildThatKnowsTheSchema) {
  auto event = EventOf("incident.reported", Referred());
  event.set_schema("incident.v2.Notice");
  EXPECT_EQ(Subscriptions()("incident", event).status().code(), absl::StatusCode::kUnimplemented);
  EXPECT_EQ(mediation::Subscriptions()("incident", EventOf("incident.referred_to_mediation", v1::Notice()))
                .status()
                .code(),
            absl::StatusCode::kUnimplemented);
}

TEST(BothServices, KeepReferenceDataOnePerThing) {
  const auto event =
      EventOf("directory.org", tests::OrgNotice("c-hrss", directory::v1::DEPARTMENT, "371403"));
  for (const auto& hear : {Subscriptions(), mediation::Subscriptions()}) {
    const auto commands = hear("directory", event);
    ASSERT_TRUE(commands.ok());
    ASSERT_EQ(commands->size(), 1u);
    EXPECT_EQ(commands->front().aggregate_id, "ref/org/c-hrss");
    EXPECT_TRUE(hear("directory", EventOf("directory.session_revoked", directory::v1::Notice()))->empty());
  }
}

// spec: M3
TEST(Mediation, MakesTheCasesIdOfTheReferralsId) {
  const auto hear = mediation::Subscriptions();
  const auto commands = hear("incident", EventOf("incident.referred_to_mediation", Referred()));
  ASSERT_EQ(commands->size(), 1u);
  EXPECT_EQ(commands->front().aggregate_id, "rf-r1");
  const auto& take = static_cast<const mediation::v1::Command&>(*commands->front().command).take_referral();
  EXPECT_EQ(take.origin().aggregate_id(), "i1");
  EXPECT_EQ(take.origin().matter_code(), kCode);
  EXPECT_EQ(take.party_count(), 3);
  EXPECT_EQ(take.answer_due_ms(), 99);
  EXPECT_TRUE(hear("incident", EventOf("incident.accepted", Referred()))->empty());
}

// spec: O7
TEST(Mediation, HearsOversightOfItsOwnCasesOnly) {
  const auto hear = mediation::Subscriptions();
  v1::Notice notice;
  notice.set_service("incident");
  notice.set_subject_id("c1");
  EXPECT_TRUE(hear("oversight", EventOf("oversight.instructed", notice))->empty());
  notice.set_service("mediation");
  const auto commands = hear("oversight", EventOf("oversight.instructed", notice));
  ASSERT_EQ(commands->size(), 1u);
  EXPECT_EQ(commands->front().aggregate_id, "c1");
}

}  // namespace
}  // namespace oversight
