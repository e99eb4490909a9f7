// The service whole but for its sockets: notices in, commands, timers, queries, and what is stored.
#include <gmock/gmock.h>

#include <cctype>

#include "services/incident/show.h"
#include "tests/incident/rig.h"

namespace incident {
namespace {

constexpr char kReport[] =
    "report { category: '0706' text: '墙上贴满小广告' area_code: '371403001001001' place { text: '东关路口' "
    "} }";

void Handle(Rig& rig, const std::string& id) {
  rig.Do(Td(), id, "accept {}");
  rig.Do(Td(), id, "dispatch { lead_org: '371403001-urban' }");
  rig.Do(Dh(), id, "take {}");
  rig.Do(Dh(), id, "complete { result: '已清理' resolved: YES }");
  rig.Do(Vf(), id, "verify_pass { record: '看过' resolved: YES }");
}

TEST(Service, CarriesAMatterFromReportToArchiveAndEqualsItsReplay) {
  Rig rig;
  const auto receipt = rig.Do(Gw(), "m1", kReport);
  EXPECT_EQ(receipt.matter_code(), "37140320261123I000001");
  EXPECT_EQ(receipt.status(), "REPORTED");
  Handle(rig, "m1");
  rig.Until("2026-12-26 09:00");
  EXPECT_EQ(rig.Matter("m1").standing().status(), v1::ARCHIVED);
  rig.ExpectSound();
}

TEST(Service, AnswersARepeatedReportOfATabletAsBefore) {
  Rig rig;
  const auto first = rig.Ask(Gw(), "m1", kReport, "r-1");
  const auto again = rig.Ask(Gw(), "m1", kReport, "r-1");
  EXPECT_TRUE(again.receipt.repeated());
  EXPECT_EQ(again.receipt.matter_code(), first.receipt.matter_code());
}

TEST(Service, OpensAllTasksOfACampaignWithoutWaiting) {
  Rig rig;
  for (int i = 1; i <= 200; ++i) {
    char code[20];
    std::snprintf(code, sizeof(code), "371403001002%03d", i);
    rig.Hear("directory", "directory.area", "ref", Area(code, "网格"));
  }
  rig.Do(Cd(), "c1",
         "start_campaign { title: '防汛' category: '1203' area_code: '371403' due_at_ms: " +
             std::to_string(Ms("2026-11-30 18:00")) + " seen_cost_minutes: 202 }");
  rig.clock.AdvanceTo(rig.clock.NowMs() + 1000);
  rig.Tick();
  v1::GetCampaignRequest request;
  request.set_id("c1");
  v1::CampaignView view;
  ASSERT_TRUE(rig.Query().GetCampaign(rig.CallerOf(Cd()), request, &view).ok());
  EXPECT_EQ(view.tasks(), 202u);
  EXPECT_EQ(view.tasks_open(), 202u);
  EXPECT_FALSE(view.expanding());
  v1::ListTasksResponse tasks;
  v1::ListTasksRequest mine;
  ASSERT_TRUE(rig.Query().ListTasks(rig.CallerOf(Gw()), mine, &tasks).ok());
  ASSERT_EQ(tasks.task_size(), 1);
  EXPECT_EQ(tasks.task(0).grid_code(), kGrid);
  v1::ListCampaignsResponse campaigns;
  ASSERT_TRUE(rig.Query().ListCampaigns(rig.CallerOf(Gw()), {}, &campaigns).ok());
  EXPECT_EQ(campaigns.campaign_size(), 1) << "a campaign of the county is the worker's too";
  rig.ExpectSound();
}

TEST(Service, HearsMediationAndOversightOnTheMatterTheyMean) {
  Rig rig;
  rig.Do(Gw(), "m1", kReport);
  rig.Do(Td(), "m1", "accept {}");
  rig.Do(Td(), "m1", "refer_to_mediation { dispute_type: 'D02' party_count: 2 facts: 'x' }");
  mediation::v1::Notice ended;
  ended.set_end_reason(mediation::v1::E04_PARTY_REFUSES);
  ended.mutable_origin()->set_service("incident");
  ended.mutable_origin()->set_aggregate_id("m1");
  ended.mutable_origin()->set_referral_id(rig.Matter("m1").referral().referral().referral_id());
  rig.Hear("mediation", "mediation.ended", "c1", ended);
  EXPECT_EQ(rig.Matter("m1").standing().status(), v1::ACCEPTED);
  oversight::v1::Notice order;
  order.set_service("incident");
  order.set_subject_id("m1");
  order.set_order_id("o1");
  order.set_card(common::v1::CARD_YELLOW);
  rig.Hear("oversight", "oversight.order_issued", "o1", order);
  EXPECT_EQ(rig.Matter("m1").order_size(), 1);
  petition::v1::Notice due;
  rig.Hear("petition", "petition.execution_due", "p1", due);
  EXPECT_EQ(rig.Matter("pe-68b73dcf633f6cd358cda082").intake().source(), v1::PETITION);
}

bus::v1::Event RiskReported(uint64_t version, const mediation::v1::Notice& notice) {
  bus::v1::Event event;
  event.set_topic("mediation.risk_reported");
  event.set_subject("c9");
  event.set_subject_version(version);
  event.set_classification(kernel::v1::INTERNAL);
  event.set_schema(notice.GetDescriptor()->full_name());
  event.set_data(notice.SerializeAsString());
  return event;
}
std::string HeardAs(const bus::v1::Event& event) {
  const auto commands = Subscriptions()("mediation", event);
  EXPECT_TRUE(commands.ok()) << commands.status();
  return commands.ok() && !commands->empty() ? commands->front().aggregate_id : "";
}

// spec: M12
TEST(Service, HearsOfADangerOnceHoweverOftenItIsTold) {
  mediation::v1::Notice risk;
  risk.set_public_order(mediation::v1::ORDER_CROWD);
  const std::string id = HeardAs(RiskReported(1, risk));
  EXPECT_EQ(id, HeardAs(RiskReported(1, risk)));
  EXPECT_NE(id, HeardAs(RiskReported(2, risk))) << "another danger, another day";
  EXPECT_EQ(id.find("c9"), std::string::npos) << "it does not lead back to the case";
  Rig rig;
  rig.Hear("mediation", "mediation.risk_reported", "c9", risk);
  EXPECT_EQ(rig.Matter(id).intake().category(), "0407");
  EXPECT_EQ(rig.Matter(id).standing().holder_org(), "3714-centre") << "nobody said where: the widest place";
  rig.ExpectSound();
}

// spec: M12
TEST(Service, MakesNoMatterOfADangerThatIsNotOfPublicOrderOrIsKnownToTheGrid) {
  mediation::v1::Notice risk;
  EXPECT_EQ(HeardAs(RiskReported(1, risk)), "") << "self-harm, or from before it was told";
  risk.set_public_order(mediation::v1::ORDER_VIOLENCE);
  auto at_home = RiskReported(1, risk);
  at_home.set_classification(kernel::v1::SENSITIVE);
  EXPECT_EQ(HeardAs(at_home), "") << "violence at home is in no list of the area";
  risk.mutable_origin()->set_service("incident");
  risk.mutable_origin()->set_aggregate_id("m1");
  EXPECT_EQ(HeardAs(RiskReported(1, risk)), "m1") << "the matter it came from is told";
}

TEST(GetIncident, ExplainsItsClocksAndSaysWhoseTurnItIs) {
  Rig rig;
  const auto receipt = rig.Do(Gw(), "m1", kReport);
  rig.Do(Td(), "m1", "accept {}");
  v1::GetIncidentRequest request;
  request.set_id(receipt.matter_code());
  v1::IncidentView view;
  ASSERT_TRUE(rig.Query().GetIncident(rig.CallerOf(Td()), request, &view).ok());
  EXPECT_EQ(view.id(), "m1");
  ASSERT_EQ(view.deadline_size(), 2);
  EXPECT_EQ(view.deadline(1).policy_id(), "DI-02");
  EXPECT_FALSE(view.deadline(1).explanation_zh().empty());
  EXPECT_EQ(view.whose_turn_zh(), "371403001-centre派单");
  EXPECT_NE(std::ranges::find(view.allowed(), "dispatch"), view.allowed().end());
  EXPECT_EQ(std::ranges::find(view.allowed(), "take"), view.allowed().end());
}

TEST(GetIncident, NamesWhatMayBeDoneAsThePathsDo) {
  Rig rig;
  rig.Do(Gw(), "m1", kReport);
  v1::GetIncidentRequest request;
  request.set_id("m1");
  v1::IncidentView view;
  ASSERT_TRUE(rig.Query().GetIncident(rig.CallerOf(Gw()), request, &view).ok());
  EXPECT_NE(std::ranges::find(view.allowed(), "selfHandle"), view.allowed().end());
}

// Every receipt carried it: a dispatcher who accepted a matter could evaluate it in the citizen's place.
TEST(QueryCode, IsToldToWhoReportsAndToNobodyWhoWorksOnIt) {
  Rig rig;
  constexpr char kLamp[] = "public_report { text: '路灯不亮' category: '0802' area_code: '371403001001' }";
  EXPECT_EQ(rig.Ask(Anybody(), "m1", kLamp, "r-1").receipt.query_code().size(), 9u);
  rig.clock.AdvanceTo(rig.clock.NowMs() + 1000);
  EXPECT_EQ(rig.Do(Td(), "m1", "accept {}").query_code(), "");
  EXPECT_EQ(rig.Ask(Anybody(), "m1", kLamp, "r-1").receipt.query_code().size(), 9u) << "a repeat is answered as before";
}

// Whoever guessed the version of a matter that is not theirs was told whether the guess was right, and the version.
TEST(ExpectedVersion, SaysNothingToWhoHasNoRightToTheMatter) {
  Rig rig;
  rig.Do(Gw(), "m1", kReport);
  const auto ask = [&](const Actor& who, uint64_t version) {
    kernel::Envelope envelope;
    auto command = std::make_unique<v1::Command>();
    command->mutable_accept();
    envelope.command_name = "accept";
    envelope.command = std::move(command);
    envelope.aggregate_id = "m1";
    envelope.actor = who;
    envelope.expected_version = version;
    std::string reason;
    envelope.done = [&](const kernel::Outcome& outcome) { reason = outcome.refusal ? outcome.refusal->reason : "OK"; };
    rig.engine->Submit(std::move(envelope));
    rig.Run();
    return reason;
  };
  const Actor elsewhere = ActorOf(kernel::v1::ROLE_CD, "371422-centre", kOtherCounty);
  EXPECT_EQ(ask(elsewhere, 77), "OUTSIDE_AREA");
  EXPECT_EQ(ask(elsewhere, 1), "OUTSIDE_AREA");
  EXPECT_EQ(ask(Td(), 77), "VERSION_CHANGED");
  EXPECT_EQ(ask(Td(), 1), "OK");
}

// A citizen who typed the code in small letters could look, but neither add nor evaluate.
TEST(QueryCode, CountsAsItIsTypedAlsoForCommands) {
  Rig rig;
  const auto receipt = rig.Do(
      Anybody(), "m1", "public_report { text: '路灯不亮' category: '0802' area_code: '371403001001' }");
  std::string typed = receipt.query_code();
  typed.insert(3, "-");
  for (char& c : typed) c = static_cast<char>(std::tolower(c));
  rig.Do(Anybody(), "m1", "supplement { text: '还是不亮' query_code: '" + typed + "' }");
  EXPECT_EQ(rig.Ask(Anybody(), "m1", "supplement { text: 'x' query_code: 'abc-def-234' }").refusal->reason,
            "NOT_THE_REPORTER");
  EXPECT_EQ(rig.Ask(Anybody(), "m1", "supplement { text: 'x' query_code: '---' }").refusal->reason, "NOT_THE_REPORTER");
}

TEST(Report, OfADeviceWithoutADateOrAPlaceOnEarthSaysNothingAboutThem) {
  Rig rig;
  for (const char* at : {"-5", "99999999999999999", "0"}) {
    const std::string id = std::string("m") + at;
    rig.Do(Gw(), id, "report { category: '0706' text: '小广告很多' occurred_at_ms: " + std::string(at) +
                         " place { lon: 999 lat: -999 has_position: true } }");
    EXPECT_EQ(rig.Matter(id).intake().occurred_at_ms(), rig.clock.NowMs());
    EXPECT_FALSE(rig.Matter(id).intake().place().has_position());
  }
}

TEST(GetIncident, SaysThereIsNoneToWhoMayNotSeeIt) {
  Rig rig;
  rig.Do(Gw(), "m1", kReport);
  v1::GetIncidentRequest request;
  request.set_id("m1");
  v1::IncidentView view;
  const auto elsewhere = ActorOf(kernel::v1::ROLE_CD, "371422-centre", kOtherCounty);
  const auto answer = rig.Query().GetIncident(rig.CallerOf(elsewhere), request, &view);
  ASSERT_TRUE(answer.refusal());
  EXPECT_EQ(answer.refusal()->code, kernel::RefusalCode::kNotFound);
}

TEST(ListSteps, ChainsEveryStepToTheOneBefore) {
  Rig rig;
  rig.Do(Gw(), "m1", kReport);
  Handle(rig, "m1");
  v1::ListStepsRequest request;
  request.set_id("m1");
  v1::ListStepsResponse response;
  ASSERT_TRUE(rig.Query().ListSteps(rig.CallerOf(Td()), request, &response).ok());
  ASSERT_EQ(response.step_size(), 6);
  for (int i = 1; i < response.step_size(); ++i)
    EXPECT_EQ(response.step(i).previous_hash(), response.step(i - 1).hash());
  EXPECT_EQ(response.step(1).text_zh(), "受理");
  EXPECT_EQ(response.step(4).note(), "已清理");
}

// Cards and orders were shown to whoever had reported the matter: in it, in their list, and among its steps.
// spec: I22 O3
TEST(Reporter, ReadsNothingOfWhatAuthoritiesSayToEachOther) {
  Rig rig;
  rig.Do(Pub(), "m1", "public_report { category: '0706' text: '墙上贴满小广告' area_code: '371403001001001' place { text: "
                      "'东关路口' } }");
  oversight::v1::Notice said;
  said.set_service("incident");
  said.set_subject_id("m1");
  said.set_order_id("o1");
  said.set_instruction_id("b1");
  said.set_card(common::v1::CARD_YELLOW);
  rig.Hear("oversight", "oversight.order_issued", "o1", said);
  rig.Hear("oversight", "oversight.instruction_distributed", "b1", said);
  v1::GetIncidentRequest request;
  request.set_id("m1");
  v1::ListIncidentsRequest own;
  own.set_mine(true);
  v1::ListStepsRequest of;
  of.set_id("m1");
  v1::IncidentView for_reporter, for_desk;
  v1::ListStepsResponse reporters, desks;
  v1::ListIncidentsResponse list;
  ASSERT_TRUE(rig.Query().GetIncident(rig.CallerOf(Pub()), request, &for_reporter).ok());
  ASSERT_TRUE(rig.Query().GetIncident(rig.CallerOf(Td()), request, &for_desk).ok());
  ASSERT_TRUE(rig.Query().ListSteps(rig.CallerOf(Pub()), of, &reporters).ok());
  ASSERT_TRUE(rig.Query().ListSteps(rig.CallerOf(Td()), of, &desks).ok());
  ASSERT_TRUE(rig.Query().ListIncidents(rig.CallerOf(Pub()), own, &list).ok());
  EXPECT_EQ(for_desk.card(), common::v1::CARD_YELLOW);
  EXPECT_EQ(for_desk.order_size(), 1);
  EXPECT_EQ(desks.step_size(), 3);
  EXPECT_EQ(for_reporter.card(), common::v1::CARD_NONE);
  EXPECT_TRUE(for_reporter.order().empty());
  ASSERT_EQ(reporters.step_size(), 1);
  EXPECT_EQ(reporters.step(0).event(), "reported");
  ASSERT_EQ(list.row_size(), 1);
  EXPECT_EQ(list.row(0).card(), common::v1::CARD_NONE);
}

// What a desk had noted of a neighbour, the instruction to the unit and its reasons for giving it back stood word
// for word in the reporter's steps, and the desk's papers were the reporter's to open.
// spec: I3 I8
TEST(Reporter, ReadsTheOwnWordsAndNoneOfTheNotesOfAuthorities) {
  Rig rig;
  const std::string own(64, 'a'), desks(64, 'b');
  rig.Do(Pub(), "m1", "public_report { category: '0706' text: '楼上夜里吵闹' area_code: '371403001001001' place { "
                      "text: '东关路口' } attachment { sha256: '" + own + "' } }");
  rig.Do(Td(), "m1", "supplement { text: '该户曾多次报警' party { name: '李四' } attachment { sha256: '" + desks +
                     "' } }");
  rig.Do(Pub(), "m1", "supplement { text: '昨晚又吵' party { name: '张三' } }");
  Handle(rig, "m1");
  v1::GetIncidentRequest request;
  request.set_id("m1");
  v1::ListStepsRequest of;
  of.set_id("m1");
  v1::IncidentView for_reporter, for_desk;
  v1::ListStepsResponse reporters, all;
  ASSERT_TRUE(rig.Query().GetIncident(rig.CallerOf(Pub()), request, &for_reporter).ok());
  ASSERT_TRUE(rig.Query().GetIncident(rig.CallerOf(Td()), request, &for_desk).ok());
  ASSERT_TRUE(rig.Query().ListSteps(rig.CallerOf(Pub()), of, &reporters).ok());
  ASSERT_TRUE(rig.Query().ListSteps(rig.CallerOf(Td()), of, &all).ok());
  EXPECT_EQ(for_desk.attachment_size(), 2);
  EXPECT_EQ(for_desk.party_size(), 2);
  ASSERT_EQ(for_reporter.attachment_size(), 1);
  EXPECT_EQ(for_reporter.attachment(0).sha256(), own);
  ASSERT_EQ(for_reporter.party_size(), 1);
  EXPECT_EQ(for_reporter.party(0).index(), 1) << "the second: the first is the desk's";
  EXPECT_EQ(for_reporter.text(), "楼上夜里吵闹");
  EXPECT_EQ(reporters.step_size(), all.step_size()) << "whom it lies with is theirs to know";
  std::vector<std::string> notes;
  for (const auto& step : reporters.step()) {
    EXPECT_TRUE(step.event() == "reported" || step.attachment().empty());
    if (!step.note().empty()) notes.push_back(step.note());
  }
  EXPECT_THAT(notes, ::testing::ElementsAre("楼上夜里吵闹", "昨晚又吵"));
}

TEST(ListSteps, HasWordsForEveryEventOfAMatter) {
  const auto* event = v1::Event::descriptor();
  for (int i = 0; i < event->field_count(); ++i) {
    if (event->field(i)->real_containing_oneof() == nullptr || event->field(i)->number() >= 80) continue;
    v1::Event each;
    each.GetReflection()->MutableMessage(&each, event->field(i));
    EXPECT_FALSE(StepWords(each).zh.empty()) << event->field(i)->name();
    EXPECT_FALSE(StepWords(each).en.empty()) << event->field(i)->name();
  }
}

// A reply to an enterprise stopped its period, and the enterprise could read it nowhere.
// spec: I9 DA-02
TEST(Reporter, ReadsTheReplyThatIsGivenToThem) {
  Rig rig;
  rig.Do(Pub(), "m1", "public_report { category: '0706' text: '小广告' area_code: '371403001001' }");
  rig.Do(Td(), "m1", "accept {}");
  rig.Do(Td(), "m1", "dispatch { lead_org: '371403001-urban' }");
  rig.Do(Dh(), "m1", "take {}");
  rig.Do(Dh(), "m1", "progress { text: '材料不齐，内部研究' }");
  rig.Do(Dh(), "m1", "progress { text: '清单已寄给您' interim_reply: true }");
  v1::ListStepsRequest of;
  of.set_id("m1");
  v1::ListStepsResponse steps;
  ASSERT_TRUE(rig.Query().ListSteps(rig.CallerOf(Pub()), of, &steps).ok());
  ASSERT_EQ(steps.step_size(), 6);
  EXPECT_EQ(steps.step(4).note(), "");
  EXPECT_EQ(steps.step(5).note(), "清单已寄给您");
}

// A citizen's "not solved" went nowhere: nobody's turn, and no desk heard of it.
// spec: I17 I18
TEST(Evaluation, ThatItIsNotSolvedIsTheDesksToAnswer) {
  v1::Incident m;
  m.mutable_standing()->set_status(v1::EVALUATED);
  m.mutable_evaluation()->set_solved(v1::YES);
  const std::string nobody = TurnOf(m, Knowledge()).en;
  m.mutable_evaluation()->set_solved(v1::NO);
  EXPECT_EQ(nobody, "nothing to do");
  EXPECT_NE(TurnOf(m, Knowledge()).en, nobody);
}

TEST(TrackIncident, TellsTheCitizenWhatWhoAndWhenButNoNames) {
  Rig rig;
  const auto receipt = rig.Do(Anybody(), "m1",
                              "public_report { text: '路灯不亮' category: '0802' area_code: '371403001001' "
                              "contact { name: 'vault:m1/x' } }");
  rig.Do(Td(), "m1", "accept {}");
  v1::TrackIncidentRequest request;
  std::string typed = receipt.query_code();
  typed.insert(3, "-");
  for (char& c : typed) c = static_cast<char>(std::tolower(c));
  request.set_query_code(typed);
  v1::TrackIncidentResponse response;
  ASSERT_TRUE(rig.Query().TrackIncident(rig.CallerOf(Anybody()), request, &response).ok());
  EXPECT_EQ(response.who_zh(), "371403001-centre");
  EXPECT_EQ(response.by_when(), "2026-11-23 14:30");
  EXPECT_EQ(response.ShortDebugString().find("vault:"), std::string::npos);
  EXPECT_EQ(std::vector<std::string>(response.may().begin(), response.may().end()),
            std::vector<std::string>{"supplement"});
}

// Whoever picks a fire from the list is told what that means, and whom to call.
// spec: I1 3.6.3
TEST(TrackIncident, TellsThatItIsTakenAsAnEmergency) {
  Rig rig;
  const auto fire =
      rig.Do(Anybody(), "m1", "public_report { text: '着火了' category: '0401' area_code: '371403001001' }");
  const auto lamp =
      rig.Do(Anybody(), "m2", "public_report { text: '路灯不亮' category: '0802' area_code: '371403001001' }");
  const auto now = [&](const std::string& code) {
    v1::TrackIncidentRequest request;
    request.set_query_code(code);
    v1::TrackIncidentResponse track;
    EXPECT_TRUE(rig.Query().TrackIncident(rig.CallerOf(Anybody()), request, &track).ok());
    return track.now_zh();
  };
  EXPECT_THAT(now(fire.query_code()), ::testing::HasSubstr("119"));
  EXPECT_EQ(now(lamp.query_code()), "已收到，等待受理");
}

TEST(TrackIncident, FollowsTheMatterItWasMergedInto) {
  Rig rig;
  const auto receipt =
      rig.Do(Anybody(), "m1", "public_report { text: '漏水' category: '0403' area_code: '371403001001' }");
  rig.Do(Gw(), "p1", "report { category: '0403' text: '水管爆了' }");
  rig.Do(Td(), "m1", "merge { primary_id: 'p1' ground: '同一处' }");
  Handle(rig, "p1");
  rig.Tick();
  v1::TrackIncidentRequest request;
  request.set_query_code(receipt.query_code());
  v1::TrackIncidentResponse response;
  ASSERT_TRUE(rig.Query().TrackIncident(rig.CallerOf(Anybody()), request, &response).ok());
  EXPECT_EQ(response.status(), v1::CLOSED);
  EXPECT_EQ(response.result(), "已清理");
  EXPECT_TRUE(rig.Matter("m1").follower_informed());
}

TEST(TrackIncident, AnswersAWrongAndAnUnknownCodeAlike) {
  Rig rig;
  for (const char* code : {"ABCDEFGHJ", "????"}) {
    v1::TrackIncidentRequest request;
    request.set_query_code(code);
    v1::TrackIncidentResponse response;
    const auto answer = rig.Query().TrackIncident(rig.CallerOf(Anybody()), request, &response);
    ASSERT_TRUE(answer.refusal());
    EXPECT_EQ(answer.refusal()->reason, "NO_SUCH_MATTER");
  }
}

TEST(SuggestDuplicates, OffersTheSameThingNearbyAndNothingSealedOrOld) {
  Rig rig;
  constexpr char kPlace[] = "place { has_position: true lon: 116.5762 lat: 37.3351 }";
  const std::string pipe = "report { category: '0403' text: '东关路口水管爆裂' " + std::string(kPlace);
  rig.Do(Gw(), "old", pipe + " }");
  rig.Until("2026-12-03 09:00");
  rig.Do(Gw(), "same", pipe + " }");
  rig.Do(Gw(), "sealed", pipe + " sealed: true }");
  rig.Do(Gw(), "other",
         "report { category: '0706' text: '小广告' place { has_position: true lon: 116.7 lat: 37.4 } }");
  rig.Do(Gw(), "m1",
         "report { category: '0403' text: '东关路口爆水管了' place { has_position: true lon: 116.5763 lat: "
         "37.3352 } }");
  v1::SuggestDuplicatesRequest request;
  request.set_id("m1");
  v1::SuggestDuplicatesResponse response;
  ASSERT_TRUE(rig.Query().SuggestDuplicates(rig.CallerOf(Td()), request, &response).ok());
  ASSERT_EQ(response.candidate_size(), 1);
  EXPECT_EQ(response.candidate(0).row().id(), "same");
  EXPECT_LT(response.candidate(0).distance_m(), 50);
  EXPECT_FALSE(response.candidate(0).why_zh().empty());
}

TEST(RevealParty, WithoutAVaultShowsNothing) {
  Rig rig;
  rig.Do(Gw(), "m1", "report { category: '0102' text: '吵架' party { name: 'vault:m1/a' } }");
  v1::RevealPartyRequest request;
  request.set_id("m1");
  request.set_reason("电话回访");
  v1::RevealPartyResponse response;
  EXPECT_EQ(rig.Query().RevealParty(rig.CallerOf(Td()), request, &response).status().code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(rig.note.aggregate_id, "m1");
  EXPECT_EQ(rig.note.purpose, "电话回访");
  request.set_index(7);
  EXPECT_TRUE(rig.Query().RevealParty(rig.CallerOf(Td()), request, &response).refusal());
}

}  // namespace
}  // namespace incident
