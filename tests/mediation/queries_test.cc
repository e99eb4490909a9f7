// What the mediation service answers, and to whom: over the real engine.
#include "services/mediation/queries.h"

#include <absl/strings/ascii.h>

#include <set>

#include "tests/mediation/case_world.h"
#include "tests/support/driven.h"

namespace mediation {
namespace {

class QueriesTest : public ::testing::Test {
 protected:
  QueriesTest()
      : desk_(kMonday, tests::Learned()), queries_({[this] { return desk_.Read(); }, nullptr, nullptr}) {
    EXPECT_FALSE(desk_.Do("c1", ApplyText(), Registrar()).refusal);
  }
  rpc::Caller As(const Actor& actor) {
    rpc::Caller caller;
    caller.actor = actor;
    caller.now_ms = desk_.clock().NowMs();
    for (const auto& grant : actor.grant()) {
      if (!grant.area_code().empty()) caller.areas.push_back(grant.area_code());
      if (!grant.org_id().empty()) caller.orgs.push_back(grant.org_id());
    }
    caller.note = &note_;
    return caller;
  }
  // Ids of the list, or "refused".
  std::vector<std::string> List(const Actor& actor, const std::string& text) {
    v1::ListCasesRequest request;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &request));
    v1::ListCasesResponse response;
    if (!queries_.ListCases(As(actor), request, &response).ok()) return {"refused"};
    std::vector<std::string> ids;
    for (const auto& line : response.line()) ids.push_back(line.id());
    return ids;
  }

  tests::Driven<MediationDomain> desk_;
  Queries queries_;
  rpc::AuditNote note_;
};
using Ids = std::vector<std::string>;

TEST_F(QueriesTest, CaseShowsItsClocksExplainedAndWhatMayBeDone) {
  v1::GetCaseRequest request;
  request.set_id("c1");
  v1::Case shown;
  ASSERT_TRUE(queries_.GetCase(As(Registrar()), request, &shown).ok());
  EXPECT_EQ(shown.status(), v1::REGISTERED);
  EXPECT_EQ(shown.version(), 1u);
  ASSERT_EQ(shown.deadline_size(), 1);
  EXPECT_EQ(shown.deadline(0).policy_id(), "DM-01");
  EXPECT_FALSE(shown.deadline(0).explanation_zh().empty());
  EXPECT_EQ(shown.query_code().size(), 9u);
  EXPECT_GT(shown.allowed_command_size(), 3);
  v1::Case for_leader;
  ASSERT_TRUE(queries_.GetCase(As(ActorOf(kernel::v1::ROLE_CL, "gov", "371403")), request, &for_leader).ok());
  EXPECT_TRUE(for_leader.query_code().empty());  // it is the citizen's
}

TEST_F(QueriesTest, CaseOfSomebodyElseDoesNotExist) {
  v1::GetCaseRequest request;
  for (const char* id : {"c1", "no-such", "ref/calendar"}) {
    request.set_id(id);
    v1::Case shown;
    const auto answer = queries_.GetCase(As(Resident("stranger")), request, &shown);
    ASSERT_TRUE(answer.refusal()) << id;
    EXPECT_EQ(answer.refusal()->code, RefusalCode::kNotFound);
  }
}

// 一案一码: what stands on every paper and screen finds the case as well as its id does.
TEST_F(QueriesTest, ACaseIsFoundByTheCodeOfItsMatter) {
  v1::GetCaseRequest request;
  request.set_id("37140320261123M000001");
  v1::Case shown;
  ASSERT_TRUE(queries_.GetCase(As(Registrar()), request, &shown).ok());
  EXPECT_EQ(shown.id(), "c1");
  EXPECT_EQ(shown.matter_code(), request.id());
  v1::Case hidden;
  EXPECT_EQ(queries_.GetCase(As(Resident("stranger")), request, &hidden).refusal()->code, RefusalCode::kNotFound);
  request.set_id("37140320261123M000009");
  EXPECT_EQ(queries_.GetCase(As(Registrar()), request, &hidden).refusal()->code, RefusalCode::kNotFound);
}

TEST_F(QueriesTest, ListsAreBoundedByWhoAsks) {
  EXPECT_EQ(List(Registrar(), "committee_org: 'v-committee'"), Ids{"c1"});
  EXPECT_EQ(List(ActorOf(kernel::v1::ROLE_CD, "c-centre", "371403"), "area_code: '371403'"), Ids{"c1"});
  EXPECT_EQ(List(ActorOf(kernel::v1::ROLE_CD, "c-centre", "371403"), "committee_org: 'v-committee'"),
            Ids{"c1"});
  EXPECT_EQ(List(ActorOf(kernel::v1::ROLE_CD, "c-centre", "371403"), "area_code: '3714'"), Ids{"refused"});
  EXPECT_EQ(List(ActorOf(kernel::v1::ROLE_MC, "other-committee", "371482"), "committee_org: 'v-committee'"),
            Ids{"refused"});
  EXPECT_EQ(List(Resident("ua"), "mine: true"), Ids{"c1"});
  EXPECT_EQ(List(Resident("stranger"), "mine: true"), Ids{});
  EXPECT_EQ(List(Resident("ua"), "area_code: '371403'"), Ids{"refused"});
  EXPECT_EQ(List(Mediator(), "mediator_user_id: 'somebody-else'"), Ids{"refused"});
  EXPECT_EQ(List(Registrar(), "matter_code: '37140320261123M000001'"), Ids{"c1"});
  EXPECT_EQ(List(Resident("stranger"), "matter_code: '37140320261123M000001'"), Ids{});
}

TEST_F(QueriesTest, ListsStandNewestFirstAndKeepEndedCasesApart) {
  desk_.clock().Advance(base::kHourMs);
  desk_.Do("c2", ApplyText(), Registrar());
  EXPECT_EQ(List(Registrar(), "committee_org: 'v-committee'"), (Ids{"c2", "c1"}));
  desk_.Do("c1", "end { reason: E03_SETTLED_THEMSELVES }", Resident("ua"));
  EXPECT_EQ(List(Registrar(), "committee_org: 'v-committee'"), Ids{"c2"});
  EXPECT_EQ(List(Registrar(), "committee_org: 'v-committee' ended: true"), Ids{"c1"});
}

TEST_F(QueriesTest, StepsAreChained) {
  desk_.Do("c1", "ask_consent { how: '电话' }", Registrar());
  v1::ListStepsRequest request;
  request.set_id("c1");
  request.set_page_size(1);
  v1::ListStepsResponse first, second;
  ASSERT_TRUE(queries_.ListSteps(As(Registrar()), request, &first).ok());
  request.set_page_token(first.next_page_token());
  ASSERT_TRUE(queries_.ListSteps(As(Registrar()), request, &second).ok());
  ASSERT_EQ(first.step_size() + second.step_size(), 2);
  EXPECT_EQ(first.step(0).event_type(), "registered");
  EXPECT_EQ(second.step(0).event_type(), "consent_asked");
  EXPECT_EQ(second.step(0).previous_hash(), first.step(0).hash());
  EXPECT_TRUE(second.next_page_token().empty());
  EXPECT_FALSE(queries_.ListSteps(As(Resident("stranger")), request, &second).ok());
}

// Who handed a case up sees it as it was then: what happens to it afterwards is neither theirs to know nor to do.
// spec: M25
TEST_F(QueriesTest, ACaseThatWasHandedUpIsReadAsItStoodThen) {
  const Actor above = ActorOf(kernel::v1::ROLE_MC, "t-committee", "371403001", "mc2");
  const Actor registrar_above = ActorOf(kernel::v1::ROLE_MR, "t-committee", "371403001", "mr2");
  desk_.Do("c1", "ask_consent { how: '电话' }", Registrar());
  desk_.clock().Advance(base::kHourMs);
  const int64_t then = desk_.clock().NowMs();
  ASSERT_FALSE(
      desk_.Do("c1", "transfer_up { committee_org: 't-committee' ground: DIFFICULT reason: '跨村' }", Chair()).refusal);
  desk_.clock().Advance(base::kDayMs);
  ASSERT_FALSE(desk_.Do("c1", "record_consent { party_id: 'p2' answer: REFUSED_TO_MEDIATE how: '电话' }", registrar_above)
                   .refusal);
  v1::GetCaseRequest request;
  request.set_id("c1");
  for (const Actor& former : {Registrar(), Chair(), Mediator()}) {
    v1::Case shown;
    ASSERT_TRUE(queries_.GetCase(As(former), request, &shown).ok());
    EXPECT_EQ(shown.as_of_ms(), then);
    EXPECT_EQ(shown.status(), v1::SEEKING_CONSENT) << "that a party refused came later";
    EXPECT_EQ(shown.party(1).consent(), v1::ASKED);
    EXPECT_EQ(shown.version(), 3u);
    EXPECT_EQ(shown.committee_org(), "v-committee");
    EXPECT_EQ(shown.holder_org(), "t-committee");
    ASSERT_EQ(shown.transfer_size(), 1) << "its own step";
    EXPECT_EQ(shown.transfer(0).reason(), "跨村");
    EXPECT_EQ(shown.allowed_command_size(), 0);
    EXPECT_TRUE(shown.query_code().empty()) << "it leads to what comes now";
  }
  v1::Case now;
  ASSERT_TRUE(queries_.GetCase(As(above), request, &now).ok());
  EXPECT_EQ(now.as_of_ms(), 0);
  EXPECT_EQ(now.status(), v1::REFUSED);
  v1::Case other;
  EXPECT_FALSE(queries_.GetCase(As(ActorOf(kernel::v1::ROLE_MC, "other-committee", "371482")), request, &other).ok());
  EXPECT_FALSE(queries_.GetCase(As(Resident("stranger")), request, &other).ok());
  const auto outcome = desk_.Do("c1", "end { reason: E05_TOO_FAR_APART }", Chair());
  ASSERT_TRUE(outcome.refusal);

  v1::ListStepsRequest steps;
  steps.set_id("c1");
  v1::ListStepsResponse shown_steps;
  ASSERT_TRUE(queries_.ListSteps(As(Registrar()), steps, &shown_steps).ok());
  ASSERT_EQ(shown_steps.step_size(), 3);
  EXPECT_EQ(shown_steps.step(2).event_type(), "transferred");
  EXPECT_TRUE(shown_steps.next_page_token().empty());
  v1::GetFileIndexRequest file;
  file.set_id("c1");
  v1::FileIndex index;
  ASSERT_TRUE(queries_.GetFileIndex(As(Registrar()), file, &index).ok());
  for (const auto& line : index.line()) {
    EXPECT_FALSE(line.form() == v1::F_END_NOTICE && line.present()) << "the refusal's notice came later";
  }
}

// spec: M25
TEST_F(QueriesTest, WhatWasHandedUpStandsInAListOfItsOwn) {
  const std::string own = "committee_org: 'v-committee' ";
  EXPECT_EQ(List(Registrar(), own + "handed_up: true"), Ids{});
  desk_.clock().Advance(base::kHourMs);
  desk_.Do("c2", ApplyText(), Registrar());
  for (const char* id : {"c1", "c2"}) {
    desk_.clock().Advance(base::kHourMs);
    ASSERT_FALSE(
        desk_.Do(id, "transfer_up { committee_org: 't-committee' ground: DIFFICULT reason: '跨村' }", Chair()).refusal);
  }
  desk_.Do("c1", "end { reason: E03_SETTLED_THEMSELVES }", Resident("ua"));
  EXPECT_EQ(List(Registrar(), own), Ids{});
  EXPECT_EQ(List(Registrar(), own + "ended: true"), Ids{});
  EXPECT_EQ(List(Registrar(), own + "handed_up: true"), (Ids{"c2", "c1"}));
  EXPECT_EQ(List(ActorOf(kernel::v1::ROLE_MC, "other-committee", "371482"), own + "handed_up: true"), Ids{"refused"});
  EXPECT_EQ(List(Registrar(), "handed_up: true"), Ids{"refused"});
  v1::ListCasesRequest request;
  request.set_committee_org("v-committee");
  request.set_handed_up(true);
  v1::ListCasesResponse response;
  ASSERT_TRUE(queries_.ListCases(As(Registrar()), request, &response).ok());
  for (const auto& line : response.line()) {
    EXPECT_EQ(line.status(), v1::REGISTERED) << "as it stood";
    EXPECT_GT(line.as_of_ms(), 0);
    EXPECT_EQ(line.committee_org(), "v-committee");
  }
}

TEST_F(QueriesTest, CountsAddUpOverTownships) {
  v1::CountCasesRequest request;
  for (const char* area : {"371403001", "371403", "3714"}) {
    request.set_area_code(area);
    v1::CountCasesResponse response;
    ASSERT_TRUE(queries_.CountCases(As(ActorOf(kernel::v1::ROLE_CYL, "x", "3714")), request, &response).ok());
    ASSERT_EQ(response.by_status_size(), 1) << area;
    EXPECT_EQ(response.by_status(0).status(), v1::REGISTERED);
    EXPECT_EQ(response.by_status(0).count(), 1);
    EXPECT_EQ(response.by_dispute(0).dispute_type(), "D02");
  }
  request.set_area_code("371403001002");
  v1::CountCasesResponse none;
  const auto answer = queries_.CountCases(As(Registrar()), request, &none);
  ASSERT_TRUE(answer.refusal());
  EXPECT_EQ(answer.refusal()->reason, "FIGURES_AREA") << "a village has no figures, whatever the digits";
}

// Brings c1 to a written agreement that binds.
void BindOnDesk(tests::Driven<MediationDomain>* desk) {
  const std::pair<std::string, Actor> steps[] = {
      {"record_consent { party_id: 'p2' answer: AGREED_TO_MEDIATE how: '当面' }", Registrar()},
      {"serve_rights_notice { party_id: 'p1' party_id: 'p2' how: '当面' }", Registrar()},
      {kAccept, Registrar()},
      {kAssign, Chair()},
      {"", Mediator()},
      {DraftText(kPay + kRepair), Mediator()},
      {"sign { party_id: 'p1' kind: SIGNATURE }", Resident("ua")},
      {"sign { party_id: 'p2' kind: SIGNATURE }", Resident("ub")},
      {"sign { }", Mediator()},
      {"seal { copies: 3 }", Chair()},
  };
  for (const auto& [text, actor] : steps) {
    if (text.empty()) desk->clock().Advance(base::kDayMs);
    const auto outcome = desk->Do("c1", text.empty() ? SessionText(desk->clock().NowMs()) : text, actor);
    ASSERT_FALSE(outcome.refusal) << text << ": " << outcome.refusal->reason;
  }
}

// spec: M18
TEST_F(QueriesTest, PromiseCalendarListsOpenPromisesByCommitteeAndDay) {
  BindOnDesk(&desk_);
  auto list = [&](const Actor& actor, const std::string& text) {
    v1::ListPromisesRequest request;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &request));
    v1::ListPromisesResponse response;
    std::string seen;
    if (!queries_.ListPromises(As(actor), request, &response).ok()) return std::string("refused");
    for (const auto& line : response.line()) {
      seen +=
          line.day() + "#" + std::to_string(line.promise().no()) + (line.content().empty() ? "" : "+") + " ";
    }
    return seen;
  };
  const std::string own = "committee_org: 'v-committee' ";
  EXPECT_EQ(list(Registrar(), own), "2026-12-10#2+ 2026-12-24#1+ ");  // the oldest first: overdue on top
  EXPECT_EQ(list(Registrar(), own + "from_day: '2026-12-11'"), "2026-12-24#1+ ");
  EXPECT_EQ(list(Registrar(), own + "from_day: '2026-12-10' to_day: '2026-12-10'"), "2026-12-10#2+ ");
  EXPECT_EQ(list(Registrar(), own + "to_day: '2026-12-09'"), "");
  EXPECT_EQ(list(Registrar(), own + "to_day: 'tomorrow'"), "refused");
  EXPECT_EQ(list(Registrar(), own + "from_day: '2026-12-11' to_day: '2026-12-10'"), "refused");  // no day at all
  const Actor worker = ActorOf(kernel::v1::ROLE_GW, "grid", "371403001002003", "gw1");
  EXPECT_EQ(list(worker, "area_code: '371403001002'"), "2026-12-10#2 2026-12-24#1 ");  // when, not what
  EXPECT_EQ(list(worker, own), "refused");
  EXPECT_EQ(list(ActorOf(kernel::v1::ROLE_CD, "c-centre", "371403"), own), "2026-12-10#2 2026-12-24#1 ");
  EXPECT_EQ(list(ActorOf(kernel::v1::ROLE_GW, "grid", "371403100201001", "gw2"), "area_code: '371403001002'"),
            "refused");
  EXPECT_EQ(list(Registrar(), "area_code: '371403'"), "refused");
  desk_.Do("c1", "perform { clause_no: 2 remark: '修好了' }", Mediator());
  EXPECT_EQ(list(Registrar(), own), "2026-12-24#1+ ");
}

// spec: M18
TEST_F(QueriesTest, PromiseCalendarIsReadPageByPage) {
  BindOnDesk(&desk_);
  v1::ListPromisesRequest request;
  request.set_committee_org("v-committee");
  request.set_page_size(1);
  v1::ListPromisesResponse first, second;
  ASSERT_TRUE(queries_.ListPromises(As(Registrar()), request, &first).ok());
  ASSERT_EQ(first.line_size(), 1);
  request.set_page_token(first.next_page_token());
  ASSERT_TRUE(queries_.ListPromises(As(Registrar()), request, &second).ok());
  ASSERT_EQ(second.line_size(), 1);
  EXPECT_EQ(second.line(0).promise().no(), 1);
  EXPECT_TRUE(second.next_page_token().empty());
  request.set_to_day("2026-12-11");  // a token of another question
  EXPECT_FALSE(queries_.ListPromises(As(Registrar()), request, &second).ok());
}

TEST_F(QueriesTest, StatisticsCountTypesSourcesAndOutcomes) {
  desk_.Do("c2",
           "apply { voluntary: true area_code: '371403001002' dispute_type: 'D04' facts: '借款' " + kParties +
               " }",
           Registrar());
  desk_.Do("c2", "end { reason: E03_SETTLED_THEMSELVES }", Resident("ua"));
  desk_.Do("c3", ApplyText(), Registrar());
  desk_.Do("c3", "refuse { code: 'NOT_CIVIL' where_to_go: '派出所' notice_how: '书面' }", Registrar());
  BindOnDesk(&desk_);
  v1::CountStatisticsRequest request;
  request.set_year(2026);
  const Actor leader = ActorOf(kernel::v1::ROLE_CYL, "x", "3714");
  for (const char* area : {"371403001", "371403", "3714"}) {
    request.set_area_code(area);
    v1::CountStatisticsResponse counted;
    ASSERT_TRUE(queries_.CountStatistics(As(leader), request, &counted).ok());
    std::string types;
    for (const auto& row : counted.by_type()) {
      if (row.cases() == 0) continue;
      types += row.dispute_type() + ":" + std::to_string(row.cases()) + "/" + std::to_string(row.written()) +
               "/" + std::to_string(row.ended()) + "/" + std::to_string(row.refused()) + " ";
    }
    EXPECT_EQ(types, "D02:2/1/0/1 D04:1/0/1/0 ") << area;
    ASSERT_EQ(counted.by_source_size(), 1);
    EXPECT_EQ(counted.by_source(0).source(), v1::ON_APPLICATION);
    EXPECT_EQ(counted.by_source(0).count(), 3);
    int64_t not_due = 0, open_windows = 0;
    for (const auto& row : counted.by_performance()) not_due += row.state() == v1::NOT_DUE ? row.count() : 0;
    for (const auto& row : counted.by_confirmation()) {
      open_windows += row.state() == v1::WINDOW_OPEN ? row.count() : 0;
    }
    EXPECT_EQ(not_due, 1);
    EXPECT_EQ(open_windows, 1);
  }
  request.set_year(2025);
  v1::CountStatisticsResponse none;
  ASSERT_TRUE(queries_.CountStatistics(As(leader), request, &none).ok());
  EXPECT_EQ(none.by_type_size(), 0);
}

// spec: M24
TEST_F(QueriesTest, FileIndexSaysWhatIsMissing) {
  BindOnDesk(&desk_);
  v1::GetFileIndexRequest request;
  request.set_id("c1");
  v1::FileIndex index;
  ASSERT_TRUE(queries_.GetFileIndex(As(Chair()), request, &index).ok());
  EXPECT_FALSE(index.complete());
  const std::string photo(64, 'a');
  const std::string file = "file_document { form: F6_EVIDENCE title: '照片' sha256: '" + photo + "' }";
  ASSERT_FALSE(desk_.Do("c1", file, Mediator()).refusal);
  const auto awaited = [&] {
    index.Clear();
    EXPECT_TRUE(queries_.GetFileIndex(As(Chair()), request, &index).ok());
    const auto line = std::ranges::find(index.line(), v1::F6_EVIDENCE, &v1::FileLine::form);
    EXPECT_EQ(line->sha256_size(), 1);
    return line->awaited_sha256_size();
  };
  EXPECT_EQ(awaited(), 1);
  desk_.Do("doc/" + photo, "hear_kept { kind: PHOTO }", Platform());
  EXPECT_EQ(awaited(), 0);
  v1::GetCaseRequest get;
  get.set_id("doc/" + photo);
  v1::Case none;
  EXPECT_FALSE(queries_.GetCase(As(Chair()), get, &none).ok());  // it is no case
  EXPECT_FALSE(queries_.GetFileIndex(As(Resident("stranger")), request, &index).ok());
}

// spec: M12 M19
TEST_F(QueriesTest, APartyReadsNothingThatWasWrittenAboutTheOthers) {
  BindOnDesk(&desk_);
  desk_.clock().Advance(base::kDayMs);
  for (const char* text : {"report_risk { ground: CROWD facts: '扬言聚众' measures: '劝解' informed { kind: "
                           "POLICE how: '110' } }",
                           "follow_up { visit { mode: BY_PHONE party_id: 'p2' finding: '情绪激动' } }",
                           "file_document { form: F6_EVIDENCE title: '照片' sha256: "
                           "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' }"}) {
    ASSERT_FALSE(desk_.Do("c1", text, Mediator()).refusal) << text;
  }
  v1::GetCaseRequest request;
  request.set_id("c1");
  v1::Case for_party, for_staff;
  ASSERT_TRUE(queries_.GetCase(As(Resident("ua")), request, &for_party).ok());
  ASSERT_TRUE(queries_.GetCase(As(Mediator()), request, &for_staff).ok());
  EXPECT_EQ(for_party.promise_size(), 2);
  EXPECT_EQ(for_party.performance(), v1::NOT_DUE);
  EXPECT_EQ(for_staff.risk_report_size(), 1);
  EXPECT_EQ(for_staff.document_size(), 1);
  const std::string bytes = for_party.SerializeAsString();
  for (const char* secret : {"扬言", "情绪激动", "照片"})
    EXPECT_EQ(bytes.find(secret), std::string::npos) << secret;
}

// That oversight had said something about a case, and that danger was reported, stood among the steps its parties read.
// spec: M12 O3 O7
TEST_F(QueriesTest, APartyReadsNoStepThatAuthoritiesTakeAmongThemselves) {
  BindOnDesk(&desk_);
  for (const char* text :
       {"oversee { topic: 'oversight.order_issued' notice { order_id: 'o1' card: CARD_YELLOW } }",
        "oversee { topic: 'oversight.instruction_distributed' notice { instruction_id: 'i1' } }"}) {
    ASSERT_FALSE(desk_.Do("c1", text, Platform()).refusal) << text;
  }
  ASSERT_FALSE(desk_.Do("c1",
                        "report_risk { ground: CROWD facts: '扬言聚众' measures: '劝解' informed { kind: POLICE how: "
                        "'110' } }",
                        Mediator())
                   .refusal);
  const auto steps = [this](const Actor& actor) {
    v1::ListStepsRequest request;
    request.set_id("c1");
    request.set_page_size(100);
    v1::ListStepsResponse response;
    EXPECT_TRUE(queries_.ListSteps(As(actor), request, &response).ok());
    std::set<std::string> types;
    for (const auto& step : response.step()) types.insert(step.event_type());
    return types;
  };
  const std::set<std::string> staff = steps(Mediator()), party = steps(Resident("ua"));
  for (const char* type : {"order_set", "oversight_answered", "risk_reported"}) {
    EXPECT_TRUE(staff.contains(type)) << type;
    EXPECT_FALSE(party.contains(type)) << type;
  }
  EXPECT_EQ(party.size() + 3, staff.size());  // the course of the case they read whole
}

// spec: M18 M21
TEST_F(QueriesTest, TrackShowsThePromisesWithoutWordsAndSums) {
  v1::GetCaseRequest get;
  get.set_id("c1");
  v1::Case shown;
  ASSERT_TRUE(queries_.GetCase(As(Registrar()), get, &shown).ok());
  BindOnDesk(&desk_);
  desk_.Do("c1", "perform { clause_no: 1 amount_fen: 30000 }", Resident("ua"));
  v1::TrackCaseRequest request;
  request.set_query_code(shown.query_code());
  v1::CaseTrack track;
  ASSERT_TRUE(queries_.TrackCase(rpc::Caller(), request, &track).ok());
  ASSERT_EQ(track.promise_size(), 2);
  EXPECT_EQ(track.promise(0).kind(), v1::PAY);
  EXPECT_EQ(track.promise(0).state(), v1::PARTLY);
  EXPECT_EQ(track.performance(), v1::PARTLY);
  EXPECT_EQ(track.confirmation(), v1::WINDOW_OPEN);
  EXPECT_EQ(track.milestone(track.milestone_size() - 1).event_type(), "performed");
  EXPECT_EQ(track.SerializeAsString().find("修理费"), std::string::npos);
}

TEST_F(QueriesTest, TrackShowsTheStepsAndNothingThatWasSaid) {
  v1::GetCaseRequest get;
  get.set_id("c1");
  v1::Case shown;
  ASSERT_TRUE(queries_.GetCase(As(Registrar()), get, &shown).ok());
  desk_.Do("c1", "record_consent { party_id: 'p2' answer: REFUSED_TO_MEDIATE how: '电话' }", Registrar());
  v1::TrackCaseRequest request;
  request.set_query_code(shown.query_code());
  v1::CaseTrack track;
  ASSERT_TRUE(queries_.TrackCase(rpc::Caller(), request, &track).ok());
  EXPECT_EQ(track.status(), v1::REFUSED);
  ASSERT_EQ(track.milestone_size(), 2);
  EXPECT_EQ(track.milestone(1).event_type(), "refused");
  EXPECT_EQ(track.remedy_notice().remedy_size(), 3);
  const std::string bytes = track.SerializeAsString();
  for (const char* secret : {"vault:", "漏水", "电话", "mr1"})
    EXPECT_EQ(bytes.find(secret), std::string::npos) << secret;
  v1::CaseTrack typed;  // in small letters, as a telephone types them
  request.set_query_code(absl::AsciiStrToLower(shown.query_code()));
  ASSERT_TRUE(queries_.TrackCase(rpc::Caller(), request, &typed).ok());
  EXPECT_EQ(typed.matter_code(), shown.matter_code());
  request.set_query_code("AAAAAAAAA");
  EXPECT_FALSE(queries_.TrackCase(rpc::Caller(), request, &track).ok());
  request.set_query_code(shown.query_code().substr(0, 8));  // a part of a code is no code
  EXPECT_FALSE(queries_.TrackCase(rpc::Caller(), request, &track).ok());
}

// What two neighbours said to each other stood in the case as the county's leaders, the court and supervision read it.
TEST_F(QueriesTest, RecordsOfSessionsStayWithTheCommitteeAndTheParties) {
  desk_.Do("c1", "ask_consent { how: '电话' }", Registrar());
  desk_.Do("c1", "record_consent { party_id: 'p2' answer: AGREED_TO_MEDIATE how: '电话' }", Registrar());
  desk_.Do("c1", "serve_rights_notice { party_id: 'p1' party_id: 'p2' how: '当面' }", Registrar());
  desk_.Do("c1", kAccept, Registrar());
  desk_.Do("c1", kAssign, Chair());
  desk_.clock().Advance(base::kHourMs);
  desk_.Do("c1", SessionText(desk_.clock().NowMs()), Mediator());
  v1::GetCaseRequest request;
  request.set_id("c1");
  v1::Case own, above;
  ASSERT_TRUE(queries_.GetCase(As(Mediator()), request, &own).ok());
  ASSERT_TRUE(queries_.GetCase(As(ActorOf(kernel::v1::ROLE_CL, "gov", "371403")), request, &above).ok());
  ASSERT_EQ(own.session_size(), 1);
  EXPECT_FALSE(own.session(0).record().empty());
  ASSERT_EQ(above.session_size(), 1) << "that they met is no secret";
  EXPECT_TRUE(above.session(0).record().empty());
}

}  // namespace
}  // namespace mediation
