// What the reporter or the enterprise answered, wherever it is told that a matter has ended: steps, track page, sheet,
// and what is still theirs to do.
#include <gmock/gmock.h>

#include <algorithm>
#include <string>

#include "services/incident/sheets.h"
#include "services/incident/show.h"
#include "tests/incident/rig.h"
#include "tests/support/sheet_text.h"

namespace incident {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kReport[] = "report { category: '0102' text: '两家为排水沟争吵' area_code: '371403001001001' }";
constexpr char kPublic[] = "public_report { category: '0102' text: '又在争吵' area_code: '371403001001' }";

void Close(Rig& rig, const std::string& id) {
  rig.Do(Td(), id, "accept {}");
  rig.Do(Td(), id, "dispatch { lead_org: '371403001-urban' }");
  rig.Do(Dh(), id, "take {}");
  rig.Do(Dh(), id, "complete { result: '已说和' resolved: YES }");
  rig.Do(Vf(), id, "verify_pass { record: '看过' resolved: YES }");
}

v1::TrackIncidentResponse Track(Rig& rig, const std::string& code) {
  v1::TrackIncidentRequest request;
  request.set_query_code(code);
  v1::TrackIncidentResponse track;
  EXPECT_TRUE(rig.Query().TrackIncident(rig.CallerOf(Anybody()), request, &track).ok());
  return track;
}

v1::IncidentView View(Rig& rig, const Actor& who, const std::string& id) {
  v1::GetIncidentRequest request;
  request.set_id(id);
  v1::IncidentView view;
  EXPECT_TRUE(rig.Query().GetIncident(rig.CallerOf(who), request, &view).ok());
  return view;
}

bool Offers(const v1::IncidentView& view, std::string_view command) {
  return std::ranges::find(view.allowed(), command) != view.allowed().end();
}

std::string Evaluate(const std::string& solved, const std::string& code) {
  return "evaluate { solved: " + solved + " satisfied: DISSATISFIED query_code: '" + code + "' }";
}

// The page said "solved" and "you evaluated it" to whoever had said that it is not solved.
// spec: I17 3.10
TEST(TrackIncident, SaysWhatTheCitizenAnswered) {
  Rig rig;
  const std::string code = rig.Do(Anybody(), "m1", kPublic).query_code();
  Close(rig, "m1");
  EXPECT_TRUE(Track(rig, code).substantively_resolved());
  rig.Do(Anybody(), "m1", Evaluate("NO", code));
  const auto track = Track(rig, code);
  EXPECT_FALSE(track.substantively_resolved());
  EXPECT_TRUE(track.procedural_closed());
  EXPECT_EQ(track.solved_by_reporter(), v1::NO);
  EXPECT_THAT(track.now_zh(), HasSubstr("您评价没有解决"));
  EXPECT_EQ(track.step(track.step_size() - 1).text_zh(), "您评价：没有解决");
  EXPECT_THAT(track.may(), IsEmpty()) << "evaluated once";
  EXPECT_EQ(View(rig, Td(), "m1").solved_by_reporter(), v1::NO);
}

// Thirty-nine of forty reporters followed the matter by their code and were asked for nothing.
// spec: I5 I17
TEST(TrackIncident, OfAMergedReportAsksForTheirOwnEvaluationOnce) {
  Rig rig;
  rig.Do(Gw(), "m1", kReport);
  const std::string code = rig.Do(Anybody(), "m2", kPublic).query_code();
  rig.Do(Td(), "m2", "merge { primary_id: 'm1' ground: '同一件事' }");
  EXPECT_THAT(Track(rig, code).may(), IsEmpty());
  Close(rig, "m1");
  auto track = Track(rig, code);
  EXPECT_EQ(track.status(), v1::CLOSED);
  EXPECT_EQ(track.result(), "已说和");
  EXPECT_EQ(track.now_zh(), "与您反映的同一件事已办结");
  EXPECT_THAT(track.may(), ElementsAre("evaluate"));
  rig.clock.Advance(1000);
  rig.Do(Gw(), "m1", "evaluate { solved: YES satisfied: SATISFIED }");
  track = Track(rig, code);
  EXPECT_EQ(track.step(track.step_size() - 1).text_zh(), "办结") << "what another said is not theirs";
  rig.Do(Anybody(), "m2", Evaluate("NO", code));
  track = Track(rig, code);
  EXPECT_THAT(track.may(), IsEmpty());
  EXPECT_EQ(track.solved_by_reporter(), v1::NO);
  EXPECT_EQ(track.step(track.step_size() - 1).text_zh(), "您评价：没有解决");
  const auto view = View(rig, Td(), "m1");
  EXPECT_EQ(view.others_evaluated(), 1);
  EXPECT_EQ(view.others_unsolved(), 1);
  EXPECT_THAT(view.whose_turn_zh(), HasSubstr("是否重新办理"));
  rig.ExpectSound();
}

// spec: I5 I17
TEST(GetIncident, OfAMergedReportShowsItsReporterTheResultAndOffersTheEvaluation) {
  Rig rig;
  rig.Do(Gw(), "m1", kReport);
  rig.Do(Pub(), "m2", kPublic);
  rig.Do(Td(), "m2", "merge { primary_id: 'm1' ground: '同一件事' }");
  EXPECT_FALSE(Offers(View(rig, Pub(), "m2"), "evaluate"));
  Close(rig, "m1");
  EXPECT_TRUE(Offers(View(rig, Pub(), "m2"), "evaluate"));
  EXPECT_EQ(View(rig, Pub(), "m2").result(), "已说和");
  rig.Do(Pub(), "m2", "evaluate { solved: YES satisfied: SATISFIED }");
  EXPECT_FALSE(Offers(View(rig, Pub(), "m2"), "evaluate"));
}

// It was offered, and refused: to whoever had evaluated, or handled it, and for what is no appeal.
// spec: I17
TEST(GetIncident, OffersAReporterNothingThatIsDoneAlreadyOrNotTheirs) {
  Rig rig;
  rig.Do(Gw(), "m1", kReport);
  Close(rig, "m1");
  EXPECT_TRUE(Offers(View(rig, Gw(), "m1"), "evaluate"));
  rig.Do(Gw(), "m1", "evaluate { solved: YES satisfied: SATISFIED }");
  EXPECT_FALSE(Offers(View(rig, Gw(), "m1"), "evaluate"));
  rig.Do(Gw(), "m2", "report { category: '0706' text: '小广告' }");
  rig.Do(Gw(), "m2", "self_handle { handling { measures: '清了' note: '好' } }");
  EXPECT_FALSE(Offers(View(rig, Gw(), "m2"), "evaluate")) << "who handled it does not evaluate it";
  rig.Do(Pub(), "m3", kPublic);
  rig.Do(Td(), "m3", "accept {}");
  rig.Do(Td(), "m3", "dispatch { lead_org: '371403001-urban' }");
  rig.Do(Dh(), "m3", "take {}");
  EXPECT_FALSE(Offers(View(rig, Pub(), "m3"), "confirmService"));
  rig.Do(Pub(), "m4", kPublic);
  rig.Do(Td(), "m4", "reject { reason: NO_CONTENT explanation: '空的' }");
  EXPECT_TRUE(Offers(View(rig, Pub(), "m4"), "appealRejection"));
  rig.Do(Pub(), "m4", "appeal_rejection { reason: '有内容' }");
  rig.Do(Cd(), "m4", "reject { reason: NO_CONTENT explanation: '空的' }");
  EXPECT_FALSE(Offers(View(rig, Pub(), "m4"), "appealRejection"));
}

// spec: I17 DA-03
TEST(StepWords, SayWhatWasAnswered) {
  v1::Event event;
  event.mutable_evaluated()->mutable_evaluation()->set_solved(v1::NO);
  EXPECT_EQ(StepWords(event).zh, "群众评价：没有解决");
  event.mutable_evaluated()->mutable_evaluation()->set_solved(v1::RESOLVED_UNSPECIFIED);
  event.mutable_evaluated()->mutable_evaluation()->set_expired(true);
  EXPECT_EQ(StepWords(event).zh, "没有评价");
  event.mutable_service_confirmed()->set_resolved(v1::NO);
  EXPECT_EQ(StepWords(event).zh, "企业答复：没有解决");
  EXPECT_EQ(StepWords(event).en, "The enterprise answers: not solved");
  event.mutable_service_confirmed()->set_resolved(v1::YES);
  EXPECT_EQ(StepWords(event).zh, "企业答复：已经解决");
}

// The sheet said of a dispute that it was settled after whoever reported it had said no.
// spec: I17 3.10
TEST(ExportDisputes, SaysWhatWhoeverReportedItAnswered) {
  Rig rig;
  rig.Do(Gw(), "m1", kReport);
  rig.Do(Gw(), "m2", kReport);
  for (const char* id : {"m1", "m2"}) Close(rig, id);
  rig.Do(Gw(), "m1", "evaluate { solved: NO satisfied: DISSATISFIED }");
  const Sheets sheets([&rig] { return rig.Read(); });
  common::v1::SheetRequest request;
  request.set_area_code(kCounty);
  request.set_format(common::v1::JSON);
  rpc::Caller caller;
  caller.now_ms = rig.clock.NowMs();
  Sheets::Next next;
  ASSERT_TRUE(sheets.ExportDisputes(caller, request, &next).ok());
  const auto sheet = tests::JsonOf(next);
  ASSERT_EQ(sheet["count"], 2);
  for (const auto& row : sheet["rows"]) {
    const bool evaluated = row.contains("satisfaction");
    EXPECT_EQ(row["succeeded"], !evaluated) << "the verifier's yes stands where nobody contradicted it";
    EXPECT_EQ(row.value("solvedByReporter", ""), evaluated ? "未解决" : "");
  }
}

}  // namespace
}  // namespace incident
