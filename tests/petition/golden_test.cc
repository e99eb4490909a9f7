// Recorded streams: what an event meant when it was written, it means for ever. Each file is a list of events
// with their times, and the state they folded to. A stream is added when an event is added, and never edited
// afterwards. FENGQIAO_RECORD=1 writes the files that are missing.
#include <google/protobuf/text_format.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "services/petition/domain/limits.h"
#include "tests/petition/petition_world.h"
#include "tests/support/golden.h"

namespace petition {
namespace {

constexpr char kFolder[] = "tests/golden/petition";

TEST(Golden, StreamsStillFoldToTheStatesTheyMeant) { tests::ExpectStreamsFold<PetitionDomain>(kFolder, 4); }

TEST(Golden, StreamsHoldEveryEvent) { tests::ExpectStreamsHoldEveryEvent<PetitionDomain>(kFolder); }

// ---- recording

struct Step {
  std::string command;  // or "timer <name>"
  Actor actor;
  int64_t at;
  std::string on = "";  // empty: the life's own
};

void Record(const std::string& name, const std::string& id, const std::vector<Step>& steps,
            reference::Reference reference = City()) {
  const std::string path = std::string(kFolder) + "/" + name + ".stream";
  if (std::filesystem::exists(path)) return;
  std::string stream, text;
  Matter m(std::move(reference), id);
  m.WithChance(7);
  for (const Step& step : steps) {
    const std::string on = step.on.empty() ? id : step.on;
    m.As(step.actor).At(step.at);
    if (step.command.starts_with("timer ")) {
      m.WhenTimerFires(step.command.substr(6), on);
    } else {
      m.WhenOn(on, step.command);
    }
    EXPECT_FALSE(m.refusal()) << name << ": " << step.command << ": " << m.refusal()->reason
                              << m.refusal()->field;
    for (const auto& happened : m.events()) {
      if (happened.aggregate_id != id) continue;
      google::protobuf::TextFormat::PrintToString(happened.event, &text);
      stream += "@" + std::to_string(happened.at_ms) + "\n" + text;
    }
  }
  google::protobuf::TextFormat::PrintToString(m.StateOf(id), &text);
  std::ofstream(path) << stream << "=\n" << text;
}

std::string HearingText(const char* command) {
  return std::string(command) +
         " { hearing { presider: 'vault:p' member: 'vault:m' notice_at_ms: " + std::to_string(kMonday) +
         " from_ms: " + std::to_string(kMonday) + " to_ms: " + std::to_string(kMonday) +
         " record: '笔录' conclusion: '结论' } }";
}

const std::vector<Step> kToAccepted = {{RegisterText(), Clerk(), kMonday},
                                       {kForward, Office(), kMonday},
                                       {kReceive, Handler(), kMonday},
                                       {kAccept, Handler(), kMonday}};

std::vector<Step> After(std::vector<Step> first, const std::vector<Step>& then) {
  first.insert(first.end(), then.begin(), then.end());
  return first;
}

void RecordSealed() {
  Record("sealed", "p1",
         {{RegisterText("", "ACCUSATION"), Clerk(), kMonday},
          {"transfer_to_discipline { discipline_org: 'c-discipline' }", Office(), kMonday},
          {"receive_sealed { external_ref: '1' }", Discipline(), kMonday}});
  Record("sealed_under_way", "p1",
         After(kToAccepted, {{"retype { type: ACCUSATION reason: '涉嫌违纪' }", Handler(), kMonday}}));
  const std::string accuses = "retype { type: ACCUSATION reason: '涉嫌违纪' }";
  Record("sealed_after_its_end", "p1",
         {{RegisterText(), Clerk(), kMonday},
          {"refuse_acceptance { code: 'NA07' " + kNotice + "}", Office(), kMonday},
          {accuses, Clerk(), kMonday + base::kDayMs}});
  Record("copy_sealed", "p2",
         {{RegisterText(), Clerk(), kMonday, "p1"},
          {RegisterText(), Clerk(), kMonday},
          {"merge_copy { primary_id: 'p1' }", Clerk(), kMonday},
          {accuses, Clerk(), kMonday + base::kDayMs, "p1"}});
}

void RecordIntakes() {
  Record("objected", "p1",
         {{RegisterText(), Clerk(), kMonday},
          {"mark_urgent { facts: '聚集' measures: '到场' reported: OWN_LEADERS }", Clerk(), kMonday},
          {"retype { type: SUGGESTION reason: '改类' }", Clerk(), kMonday},
          {"retype { type: REQUEST reason: '改回' }", Clerk(), kMonday},
          {"forward { to_org: 'c-hrss' reason: '交办' assigned: true report_due_at_ms: " +
               std::to_string(EndOf("2026-12-31")) + " }",
           Office(), kMonday},
          {"extend_report { reason: '复杂' report_due_at_ms: " + std::to_string(EndOf("2027-01-08")) + " }",
           Office(), kMonday},
          {"timer receipt", Platform(), kMonday},
          {"object { reason: '不属于' }", Head(), kMonday + 2 * base::kDayMs},
          {"decide_objection { agreed: true reason: '同意' }", Office(), kMonday + 2 * base::kDayMs},
          {kForward, Office(), kMonday + 2 * base::kDayMs},
          {kReceive, Handler(), kMonday + 2 * base::kDayMs},
          {"raise_dispute { other_org: 'other-hrss' reason: '两地' }", Handler(), kMonday + 2 * base::kDayMs},
          {"decide_dispute { to_org: 'other-hrss' reason: '由其办理' }", CityOffice(),
           kMonday + 2 * base::kDayMs},
          {"timer due/DP-03", Platform(), kMonday}});
  Record("refused", "p2",
         After({{RegisterText(), Clerk(), kMonday, "p1"}},
               {{RegisterText(), Clerk(), kMonday},
                {"link_repeat { earlier_id: 'p1' repeat_class: SAME_IN_PROCESS }", Clerk(), kMonday},
                {"refuse_acceptance { code: 'NA01' " + kNotice + "}", Office(), kMonday}}));
  Record("copies", "p1",
         {{RegisterText(), Clerk(), kMonday},
          {RegisterText(), Clerk(), kMonday, "p2"},
          {"merge_copy { primary_id: 'p1' }", Clerk(), kMonday, "p2"},
          {"redirect { code: 'NA03' procedure: '诉讼' organ: '法院' " + kNotice + "}", Office(), kMonday}});
  Record("copy", "p2",
         {{RegisterText(), Clerk(), kMonday, "p1"},
          {RegisterText(), Clerk(), kMonday},
          {"merge_copy { primary_id: 'p1' }", Clerk(), kMonday}});
  const std::string refer =
      "refer_to_mediation { bridge_code: 'BR1' both_consent: true consent_proof_sha256: '" + kScan +
      "' dispute_type: 'D10' party_count: 2 }";
  Record("lapsed", "p1",
         After(kToAccepted,
               {{refer, Handler(), kMonday}, {"withdraw { statement: '不再反映' }", Resident(), kMonday}}));
  Record("lapsed_sealed", "p1",
         After(kToAccepted,
               {{refer, Handler(), kMonday}, {"retype { type: ACCUSATION reason: '涉嫌违纪' }", Office(), kMonday}}));
  Record("withdrawn_at_the_desk", "p1",
         {{RegisterText(), Clerk(), kMonday},
          {"withdraw { statement: '不再反映' proof_sha256: '" + kScan + "' }", Clerk(), kMonday}});
  Record("suggestion", "p1",
         {{RegisterText("", "SUGGESTION"), Clerk(), kMonday},
          {"study { " + kNotice + "}", Office(), kMonday},
          {"reply_suggestion { adoption: PART reply: '部分采纳' }", ActorOf(ROLE_PH, "c-petition", "371403", "ph9"),
           kMonday}});
  Record("withdrawn", "p1",
         {{RegisterText(), Clerk(), kMonday}, {"withdraw { statement: '不再反映' }", Resident(), kMonday}});
  const std::string referral =
      "take_referral { origin { service: 'incident' aggregate_id: 'i1' matter_code: 'X' referral_id: 'r1' } "
      "area_code: '371403' }";
  Record("referred", "pt-r1",
         {{referral, Platform(), kMonday},
          {"complete_intake { type: REQUEST content_code: 'Q05' " + kPetitioner + kContent + "}", Clerk(),
           kMonday}});
  Record("parked", "pt-r1", {{referral, Platform(), kMonday}}, reference::Reference());
}

void RecordLives() {
  const int64_t later = kMonday + base::kDayMs;
  Record("final", "p1",
         After(kToAccepted, {{kHeard, Handler(), kMonday},
                             {kLooked, Handler(), kMonday},
                             {CallText(kMonday + 1), Head(), kMonday},
                             {HearingText("hold_hearing"), Head(), kMonday + 2},
                             {"extend { days: 20 reason: '复杂' " + kNotice + "}", Head(), kMonday},
                             {DraftText("SUPPORTED"), Handler(), kMonday},
                             {kIssue, Head(), kMonday},
                             {DeliverText(kMonday), Clerk(), kMonday},
                             {"evaluate { unit: 2 office: 5 }", Resident(), kMonday},
                             {kAskReview, Resident(), kMonday},
                             {kTakeRequest, CityReviewer(), kMonday},
                             {ReviewText(), CityReviewer(), kMonday},
                             {DeliverText(kMonday), CityReviewer(), kMonday},
                             {kAskRecheck, Resident(), kMonday},
                             {kTakeRequest, Rechecker(), kMonday},
                             {CallText(kMonday + 1), Rechecker(), kMonday},
                             {"start_hearing {}", Rechecker(), kMonday + 1},
                             {"end_hearing { hearing { presider: 'vault:p' member: 'vault:m' record: '笔录' "
                              "conclusion: '结论' } }",
                              Rechecker(), later},
                             {RecheckText(), Rechecker(), later},
                             {DeliverText(later), Rechecker(), later}}));
  Record("closed", "p1",
         After(kToAccepted, {{kHeard, Handler(), kMonday},
                             {kLooked, Handler(), kMonday},
                             {DraftText(), Handler(), kMonday},
                             {kIssue, Head(), kMonday},
                             {DeliverText(kMonday), Clerk(), kMonday},
                             {"timer due/DP-07", Platform(), kMonday}}));
  Record("procedure", "p1",
         {{RegisterText(), Clerk(), kMonday},
          {"accept { route: 5 recusal_checked: true procedure: '查处' " + kNotice + "}", Office(), kMonday},
          {"conclude_procedure { outcome: '已查处' }", ActorOf(ROLE_PH, "c-petition", "371403", "ph9"), kMonday}});
  Record("settled", "p1",
         After(kToAccepted,
               {{"refer_to_mediation { bridge_code: 'BR1' both_consent: true consent_proof_sha256: '" + kScan + "' "
                 "dispute_type: 'D10' party_count: 2 }",
                 Handler(), kMonday},
                {"hear_mediation { topic: 'mediation.effective' subject_id: 'c1' version: 9 notice { origin "
                 "{ service: 'petition' "
                 "aggregate_id: 'p1' referral_id: 'p1-5' } } }",
                 Platform(), kMonday},
                {"record_settlement { agreement: '补发' by_mediation: true }", Handler(), kMonday}}));
  Record("led", "p1",
         After({{RegisterText(), Clerk(), kMonday},
                {"forward { to_org: 'c-hrss' reason: '交办' assigned: true report_due_at_ms: " +
                     std::to_string(EndOf("2026-12-31")) + " }",
                 Office(), kMonday},
                {kReceive, Handler(), kMonday},
                {kAccept, Handler(), kMonday}},
               {{"report_completion { report: '办结' }", Handler(), kMonday},
                {"propose_leader { leader_user_id: 'cl1' target_at_ms: " +
                     std::to_string(EndOf("2027-01-29")) + " }",
                 Office(), kMonday},
                {"accept_lead {}", Leader(), kMonday},
                {"record_lead { work: PLAN text: '方案' }", Leader(), kMonday},
                {"timer leader", Platform(), kMonday},
                {"list_backlog { cause: '政策' plan: '一案一策' }", Office(), kMonday},
                {"propose_write_off { ground: RELIEF evidence: '救助' }", Office(), kMonday},
                {"confirm_write_off { confirmed: true reason: '属实' }", CityOffice(), kMonday},
                {"suggest { suggestion: '公开' }", Office(), kMonday},
                {"answer_suggestion { adoption: FULL answer: '已公开' }", Head(), kMonday}}));
}

// What comes after the end.
void RecordAfterwards() {
  const int64_t later = kMonday + base::kDayMs;
  const std::string of_it = "origin { service: 'petition' aggregate_id: 'p1' referral_id: 'p1-5' } ";
  Record("broken", "p1",
         After(kToAccepted,
               {{"refer_to_mediation { bridge_code: 'BR1' both_consent: true consent_proof_sha256: '" + kScan + "' "
                 "dispute_type: 'D10' party_count: 2 }",
                 Handler(), kMonday},
                {"hear_mediation { topic: 'mediation.effective' subject_id: 'c1' version: 9 notice { form: ORAL " +
                     of_it + "} }",
                 Platform(), kMonday},
                {"record_settlement { agreement: '补发' by_mediation: true proof_sha256: '" + kScan + "' }", Handler(),
                 kMonday},
                {"hear_mediation { topic: 'mediation.breached' subject_id: 'c1' version: 11 notice { " + of_it + "} }",
                 Platform(), later}}));
  Record("cared", "p1",
         After(kToAccepted, {{kHeard, Handler(), kMonday},
                             {kLooked, Handler(), kMonday},
                             {DraftText(), Handler(), kMonday},
                             {kIssue, Head(), kMonday},
                             {DeliverText(kMonday), Clerk(), kMonday},
                             {kAskReview, Resident(), kMonday},
                             {kTakeRequest, CityReviewer(), kMonday},
                             {ReviewText(), CityReviewer(), kMonday},
                             {DeliverText(kMonday), CityReviewer(), kMonday},
                             {kAskRecheck, Resident(), kMonday},
                             {kTakeRequest, Rechecker(), kMonday},
                             {RecheckText(), Rechecker(), later},
                             {DeliverText(later), Rechecker(), later}}));
}

// What was written down wrongly; a hearing that was called; a re-review that sends it back.
void RecordCorrections() {
  const int64_t later = kMonday + base::kDayMs;
  Record("corrected", "p1",
         {{RegisterText("name_or_address_unclear: true petitioner { person { name: 'vault:a' } } "), Clerk(), kMonday},
          {"correct_people { reason: '补充' petitioner { petitioner_id: 'p1' person { name: 'vault:a' address: "
           "'vault:b' } } agents_change: true agent { person { name: 'vault:g' } kind: GUARDIAN mandate_sha256: '" +
               kScan + "' } }",
           Clerk(), later}});
  Record("left", "p1",
         {{RegisterText(kPetitioner + "petitioner { person { name: 'vault:c' address: 'vault:d' user_id: 'u2' } } "),
           Clerk(), kMonday},
          {"withdraw { statement: '不再反映' petitioner_id: 'p2' proof_sha256: '" + kScan + "' }", Clerk(), later}});
  Record("called", "p1",
         After(kToAccepted, {{CallText(later), Head(), kMonday}}));
  Record("remanded", "p1",
         After(kToAccepted, {{kHeard, Handler(), kMonday},
                             {kLooked, Handler(), kMonday},
                             {DraftText(), Handler(), kMonday},
                             {kIssue, Head(), kMonday},
                             {DeliverText(kMonday), Clerk(), kMonday},
                             {kAskReview, Resident(), kMonday},
                             {kTakeRequest, CityReviewer(), kMonday},
                             {ReviewText(), CityReviewer(), kMonday},
                             {DeliverText(kMonday), CityReviewer(), kMonday},
                             {kAskRecheck, Resident(), kMonday},
                             {kTakeRequest, Rechecker(), kMonday},
                             {RecheckText("REVOKED", "redo_days: 20"), Rechecker(), later},
                             {DeliverText(later), Rechecker(), later}}));
}

// What a clerk has looked at; a request for review that was not taken, asked again; a leader by the clocks, to the end.
void RecordAnew() {
  std::string own = RegisterText("", "REQUEST", "NET");
  own.replace(own.find("Q05"), 3, "Q16");
  Record("confirmed", "p1",
         {{own, Resident(), kMonday}, {"confirm_type { not_accusation_reason: 'vault:w' }", Clerk(), kMonday}});
  const int64_t later = kMonday + base::kDayMs;
  const std::string decline = "decide_review_request { " + kNotice + "}";
  Record("declined", "p1",
         After(kToAccepted, {{kHeard, Handler(), kMonday},
                             {kLooked, Handler(), kMonday},
                             {DraftText(), Handler(), kMonday},
                             {kIssue, Head(), kMonday},
                             {DeliverText(kMonday), Clerk(), kMonday},
                             {kAskReview, Resident(), kMonday},
                             {decline, CityReviewer(), later},
                             {kAskReview, Resident(), later},
                             {decline, CityReviewer(), later + 60 * base::kDayMs}}));
  const std::string target = " target_at_ms: " + std::to_string(EndOf("2027-01-29")) + " }";
  Record("leader_changed", "p1",
         After(kToAccepted, {{"propose_leader { leader_user_id: 'cl1'" + target, Office(), kMonday},
                             {"accept_lead {}", Leader(), kMonday},
                             {"record_lead { work: PLAN text: '方案' }", Leader(), kMonday},
                             {"propose_leader { leader_user_id: 'tl1'" + target, Office(), later},
                             {"record_lead { work: CONTACT text: '见面' }", Leader(), later},
                             {"accept_lead {}", TownshipLeader(), later}}));
  Record("led_by_clocks", "p1",
         After(kToAccepted,
               {{"propose_leader { leader_user_id: 'cl1' leader_org: 'c-gov' target_at_ms: " +
                     std::to_string(EndOf("2027-01-29")) + " }",
                 Office(), kMonday},
                {"accept_lead {}", Leader(), kMonday},
                {"record_lead { work: PLAN text: '方案' }", Leader(), kMonday},
                {"timer due/DP-17", Platform(), kMonday},
                {kUploaded, Platform(), kMonday, "doc/" + kScan},
                {"record_settlement { agreement: '补发' proof_sha256: '" + kScan + "' }", Handler(),
                 kMonday + 40 * base::kDayMs}}));
}

// A death: somebody takes over, nobody does, nobody asks in time.
void RecordDeaths() {
  const std::string paper = " proof_sha256: '" + kScan + "' }";
  Record("kept_document", "doc/" + kScan, {{"hear_kept { kind: PAPER }", Platform(), kMonday}});
  const std::string died = "record_death { petitioner_id: 'p1' died_at_ms: " + std::to_string(kMonday) + paper;
  const std::string heir =
      "record_successor { petitioner_id: 'p1' person { name: 'vault:h' address: 'vault:i' user_id: 'u2' }" + paper;
  Record("succeeded", "p1",
         After(kToAccepted, {{died, Clerk(), kMonday},
                             {heir, Clerk(), kMonday + base::kDayMs}}));
  Record("terminated", "p1",
         After(kToAccepted, {{died, Clerk(), kMonday},
                             {kUploaded, Platform(), kMonday, "doc/" + kScan},
                             {"terminate {" + paper, Office(), kMonday + base::kDayMs}}));
  Record("silent", "p1",
         After(kToAccepted, {{died, Clerk(), kMonday},
                             {kUploaded, Platform(), kMonday, "doc/" + kScan},
                             {"timer due/DP-05", Platform(), kMonday}}));
}

// What an opinion supports is carried out; and what a review puts in its place.
void RecordExecuted() {
  const std::vector<Step> promised =
      After(kToAccepted, {{kHeard, Handler(), kMonday},
                          {kLooked, Handler(), kMonday},
                          {DraftText("SUPPORTED"), Handler(), kMonday},
                          {kIssue, Head(), kMonday},
                          {DeliverText(kMonday), Clerk(), kMonday}});
  const Step done = {"record_execution { record: '已落实' }", Handler(), kMonday + base::kDayMs};
  Record("executed", "p1", After(promised, {done}));
  Record("executed_as_changed", "p1",
         After(promised, {{kAskReview, Resident(), kMonday},
                          {kTakeRequest, CityReviewer(), kMonday},
                          {ReviewText("CHANGED"), CityReviewer(), kMonday},
                          {DeliverText(kMonday), CityReviewer(), kMonday},
                          done}));
}

// More copies than one command seals.
void RecordMuchSealed() {
  std::vector<Step> steps = {{RegisterText(), Clerk(), kMonday}};
  for (size_t i = 0; i <= kSealedAlongStep; ++i) {
    const std::string copy = "q" + std::to_string(i);
    steps.push_back({RegisterText(), Clerk(), kMonday, copy});
    steps.push_back({"merge_copy { primary_id: 'p1' }", Clerk(), kMonday, copy});
  }
  steps.push_back({"retype { type: ACCUSATION reason: '涉嫌违纪' }", Clerk(), kMonday});
  steps.push_back({"timer seal_along", Platform(), kMonday});
  Record("sealed_along", "p1", steps);
}

void RecordOthers() {
  Record("reception", "r1",
         {{"record_reception { kind: VISIT_DOWN leader_user_id: 'cl1' area_code: '371403001' place: '街道' "
           "record: '接待' held_at_ms: " +
               std::to_string(kMonday) + " }",
           Leader(), kMonday}});
  Record("reception_sealed", "r1",
         {{RegisterText(), Clerk(), kMonday, "p1"},
          {"record_reception { kind: VISIT_DOWN leader_user_id: 'cl1' area_code: '371403001' place: '街道' "
           "record: 'vault:w' petition_id: 'p1' held_at_ms: " +
               std::to_string(kMonday) + " }",
           Leader(), kMonday},
          {"retype { type: ACCUSATION reason: '涉嫌违纪' }", Clerk(), kMonday, "p1"}});
  const std::string ask = "hear_oversight { topic: 'oversight.";
  const std::string order = "order { order_id: 'or-1' card: CARD_RED to_org: 'c-hrss' due_at_ms: 9 } }";
  const std::string instruction = "instruction { instruction_id: 'in-1' to_org: 'c-hrss' } }";
  Record("overseen", "p1",
         After(kToAccepted, {{ask + "order_issued' " + order, Platform(), kMonday},
                             {ask + "instruction_distributed' " + instruction, Platform(), kMonday},
                             {ask + "order_closed' " + order, Platform(), kMonday}}));
  v1::Command learn;
  auto* calendar = learn.mutable_learn_reference()->mutable_notice()->mutable_calendar_loaded();
  *calendar = tests::Policies().calendar;
  calendar->set_revision(calendar->revision() + 1);
  calendar->set_horizon("2027-12-31");
  Record("recomputed", "p1",
         After(kToAccepted, {{learn.ShortDebugString(), Platform(), kMonday, "ref/calendar"},
                             {"recompute_provisional {}", Platform(), kMonday, "ref/calendar"}}));
  v1::Command small;
  small.mutable_learn_reference()->mutable_notice()->mutable_calendar_loaded()->set_revision(2);
  Record(
      "calendar", "ref/calendar",
      {{small.ShortDebugString(), Platform(), kMonday}, {"recompute_provisional {}", Platform(), kMonday}});
}

TEST(Golden, RecordsWhatIsMissingWhenAsked) {
  if (std::getenv("FENGQIAO_RECORD") == nullptr) GTEST_SKIP() << "FENGQIAO_RECORD is not set";
  std::filesystem::create_directories(kFolder);
  RecordIntakes();
  RecordLives();
  RecordAfterwards();
  RecordDeaths();
  RecordCorrections();
  RecordAnew();
  RecordExecuted();
  RecordSealed();
  RecordMuchSealed();
  RecordOthers();
}

}  // namespace
}  // namespace petition
