// Recorded streams: what an event meant when it was written, it means for ever. Each file is a list of events
// with their times, and the state they folded to. A stream is added when an event is added, and never edited
// afterwards. FENGQIAO_RECORD=1 writes the files that are missing.
#include <google/protobuf/text_format.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "tests/mediation/case_world.h"
#include "tests/support/golden.h"

namespace mediation {
namespace {

constexpr char kFolder[] = "tests/golden/mediation";

TEST(Golden, StreamsStillFoldToTheStatesTheyMeant) { tests::ExpectStreamsFold<MediationDomain>(kFolder, 4); }

TEST(Golden, StreamsHoldEveryEvent) { tests::ExpectStreamsHoldEveryEvent<MediationDomain>(kFolder); }

// ---- recording

class Recorder {
 public:
  explicit Recorder(std::string name) : path_(std::string(kFolder) + "/" + std::move(name) + ".stream") {}
  void Add(const Case& c, std::string_view id = "c1") {
    for (const auto& happened : c.events()) {
      if (happened.aggregate_id != id) continue;
      std::string text;
      google::protobuf::TextFormat::PrintToString(happened.event, &text);
      stream_ += "@" + std::to_string(happened.at_ms) + "\n" + text;
    }
  }
  void Finish(const v1::State& state) {
    if (std::filesystem::exists(path_)) return;
    std::string text;
    google::protobuf::TextFormat::PrintToString(state, &text);
    std::ofstream(path_) << stream_ << "=\n" << text;
  }

 private:
  const std::string path_;
  std::string stream_;
};

struct Step {
  std::string command;
  Actor actor;
  int64_t at;
};

void Record(const std::string& name, const std::string& id, const std::vector<Step>& steps,
            reference::Reference reference = tests::Learned()) {
  Recorder recorder(name);
  Case c(std::move(reference), id);
  c.WithChance(7);
  for (const Step& step : steps) {
    if (step.command.starts_with("timer ")) {
      c.At(step.at).WhenTimerFires(step.command.substr(6));
    } else {
      c.When(step.command, step.actor, step.at);
    }
    EXPECT_FALSE(c.refusal()) << step.command << ": " << c.refusal()->reason;
    recorder.Add(c, id);
  }
  recorder.Finish(c.state());
}

// Learning the next year's calendar, as the calendar and as a case with a provisional clock live it.
void RecordRecomputed() {
  Recorder of_case("recomputed");
  Case c(tests::Learned(), "c1");
  auto step = [&](const std::string& id, const std::string& command, const Actor& actor) {
    c.As(actor).WhenOn(id, command);
    EXPECT_FALSE(c.refusal()) << command;
    of_case.Add(c, "c1");
  };
  std::string text = ApplyText();
  text.replace(text.find("'D02'"), 5, "'D15'");
  c.WithChance(7).At(kMonday);
  step("c1", text, Registrar());
  step("c1", "record_consent { party_id: 'p2' answer: AGREED_TO_MEDIATE how: 'x' }", Registrar());
  step("c1", "serve_rights_notice { party_id: 'p1' party_id: 'p2' how: 'x' }", Registrar());
  step("c1", kAccept, Registrar());
  v1::Command learn;
  auto* calendar = learn.mutable_learn_reference()->mutable_notice()->mutable_calendar_loaded();
  *calendar = NextYear();
  step("ref/calendar", learn.ShortDebugString(), Platform());
  step("ref/calendar", "recompute_provisional {}", Platform());
  of_case.Finish(c.state());
  v1::Command small;
  small.mutable_learn_reference()->mutable_notice()->mutable_calendar_loaded()->set_revision(2);
  Record(
      "calendar", "ref/calendar",
      {{small.ShortDebugString(), Platform(), kMonday}, {"recompute_provisional {}", Platform(), kMonday}});
}

std::vector<Step> operator+(std::vector<Step> first, const std::vector<Step>& then) {
  first.insert(first.end(), then.begin(), then.end());
  return first;
}

void RecordCourse(const std::vector<Step>& accepted) {
  const int64_t at = EndOf("2026-11-29");
  const std::string both = kBothSign;
  Record("course", "c1",
         accepted + std::vector<Step>{
                        {"request_recusal { party_id: 'p2' mediator_user_id: 'md1' ground: KINSHIP }",
                         Resident("ub"), at},
                        {"replace_mediator { chair_user_id: 'md2' recusal_checked: true reason: '回避' }",
                         Chair(), at},
                        {"pause { ground: BOTH_ASK expected_end_at_ms: " + std::to_string(at + base::kDayMs) +
                             " " + both + "}",
                         Chair(), at},
                        {"timer remind_pause", Platform(), 0},
                        {"resume {}", Chair(), EndOf("2026-12-01")},
                        {"extend { by { amount: 1 unit: MO } reason: '检测' " + both + "}", Mediator("md2"),
                         EndOf("2026-12-01")},
                        {"report_risk { ground: VIOLENCE facts: '扬言动手' measures: '分开' informed { kind: "
                         "POLICE how: '110' } }",
                         Mediator("md2"), EndOf("2026-12-01")},
                        {DraftText(), Mediator("md2"), EndOf("2026-12-02")},
                        {"reconsider { party_id: 'p1' }", Resident("ua"), EndOf("2026-12-03")},
                        {"transfer_up { committee_org: 't-committee' ground: DIFFICULT reason: '跨村' }",
                         Chair(), EndOf("2026-12-03")}});
}

// A court's case goes up with the court's word.
void RecordHandedUp() {
  Record("handed_up", "c1",
         {{"receive_referral { sender: FROM_COURT document: '委派函' " + kDispute + kParties + " }", Registrar(),
           kMonday},
          {"transfer_up { committee_org: 't-committee' ground: DIFFICULT reason: '跨村' court_consent { "
           "document_sha256: '" + kDigest + "' word: '立案庭电话同意' at_ms: " + std::to_string(kMonday) + " } }",
           Chair(), EndOf("2026-11-24")}});
}

// The same with how it left: its status, its mediators, its line (Left); and a guardian who is named when signing.
void RecordLeft(const std::vector<Step>& accepted) {
  Record("left", "c1",
         accepted + std::vector<Step>{{"transfer_up { committee_org: 't-committee' ground: DIFFICULT reason: '跨村' }",
                                       Chair(), EndOf("2026-11-28")}});
  const int64_t at = kMonday + 3 * base::kHourMs;
  const std::vector<Step> guardian = {
          {"apply { voluntary: true " + kDispute +
               "party { applicant: true person { name: 'vault:a' side: SIDE_A minor: true } } "
               "party { person { name: 'vault:b' side: SIDE_B } } }",
           Registrar(), kMonday},
          {"record_consent { party_id: 'p1' answer: AGREED_TO_MEDIATE how: '当面' capacity: GUARDIAN_OF_PARTY by_name: "
           "'vault:g' by_relation: '父亲' }",
           Registrar(), kMonday},
          {"record_consent { party_id: 'p2' answer: AGREED_TO_MEDIATE how: '当面' }", Registrar(), kMonday},
          {"serve_rights_notice { party_id: 'p1' party_id: 'p2' how: '当面' }", Registrar(), kMonday},
          {kAccept, Registrar(), kMonday},
          {kAssign, Chair(), kMonday},
          {SessionText(at), Mediator(), at},
          {DraftText(), Mediator(), at},
          {"sign { party_id: 'p1' kind: SIGNATURE capacity: GUARDIAN_OF_PARTY signed_name: 'vault:g' signed_relation: "
           "'父亲' proof_sha256: '" + kDigest + "' }",
           Mediator(), at}};
  Record("guardian", "c1", guardian);
  Record("full_age", "c1",
         guardian + std::vector<Step>{{"record_full_age { party_id: 'p1' how: '核对身份证' }", Mediator(), at}});
}

// Who acts for whom: a child by a guardian, a company by its head, a neighbour invited.
void RecordPeople() {
  const std::string parties =
      "party { applicant: true person { name: 'vault:a' side: SIDE_A minor: true } "
      "birth_date: 'vault:d' sex: 'vault:s' "
      "guardian { name: 'vault:g' relation: '母亲' phone: 'vault:p' id_number: 'vault:i' } } "
      "party { person { name: 'vault:b' side: SIDE_B is_organisation: true } head { name: 'vault:h' post: '经理' } } ";
  const std::string span = "started_at_ms: " + std::to_string(kMonday + base::kHourMs) +
                           " ended_at_ms: " + std::to_string(kMonday + 2 * base::kHourMs);
  const int64_t at = kMonday + 3 * base::kHourMs;
  const std::string proof = " proof_sha256: '" + kDigest + "' ";
  Record("people", "c1",
         {{"apply { voluntary: true " + kDispute + parties + "}", Registrar(), kMonday},
          {"record_consent { party_id: 'p2' answer: AGREED_TO_MEDIATE how: '当面' capacity: HEAD_OF_ORGANISATION }",
           Registrar(), kMonday},
          {"serve_rights_notice { party_id: 'p1' party_id: 'p2' how: '当面' }", Registrar(), kMonday},
          {kAccept, Registrar(), kMonday},
          {kAssign, Chair(), kMonday},
          {"hold_session { session { " + span + " place: '室' mode: ONSITE record: '谈' result: CONTINUES "
               "attendance { party_id: 'p1' present: true capacity: GUARDIAN_OF_PARTY came_name: 'vault:g' came_post: "
               "'母亲' } attendance { party_id: 'p2' by_agent: true capacity: SPECIAL_AGENT came_name: 'vault:l' } "
               "invited { name: 'vault:n' standing: '邻居' signed_record: true } invited_agreed: true } }",
           Mediator(), at},
          {DraftText(), Mediator(), at},
          {"sign { party_id: 'p1' kind: FINGERPRINT capacity: GUARDIAN_OF_PARTY signed_name: 'vault:g'" + proof + "}",
           Mediator(), at},
          {"sign { party_id: 'p2' kind: PARTY_SEAL capacity: HEAD_OF_ORGANISATION signed_name: 'vault:h'" + proof + "}",
           Mediator(), at}});
}

// Who said yes for a child and for a company, to mediation and on the way; of a dispute that arose elsewhere.
void RecordWhoAgreed() {
  const std::string parties =
      "party { applicant: true person { name: 'vault:a' side: SIDE_A minor: true } guardian { name: 'vault:g' } } "
      "party { person { name: 'vault:b' side: SIDE_B is_organisation: true } } ";
  const std::string proof = " proof_sha256: '" + kDigest + "' ";
  const int64_t at = kMonday + 3 * base::kHourMs;
  Record("who_agreed", "c1",
         {{"apply { voluntary: true area_code: '371403100201' committee_org: 'v-committee' dispute_type: 'D02' facts: "
           "'界址' jurisdiction_ground: A_PARTY_LIVES_HERE " + parties + "}",
           Registrar(), kMonday},
          {"record_consent { party_id: 'p2' answer: AGREED_TO_MEDIATE how: '当面' capacity: ORDINARY_AGENT by_name: "
           "'vault:l' }",
           Registrar(), kMonday},
          {"record_consent { party_id: 'p2' answer: AGREED_TO_MEDIATE how: '函' kind: PARTY_SEAL" + proof + "}",
           Registrar(), kMonday},
          {"serve_rights_notice { party_id: 'p1' party_id: 'p2' how: '当面' }", Registrar(), kMonday},
          {kAccept, Registrar(), kMonday},
          {kAssign, Chair(), kMonday},
          {SessionText(at), Mediator(), at},
          {"pause { ground: BOTH_ASK expected_end_at_ms: " + std::to_string(at + base::kDayMs) +
               " consent { party_id: 'p1' capacity: GUARDIAN_OF_PARTY" + proof + "} consent { party_id: 'p2' capacity: "
               "HEAD_OF_ORGANISATION by_name: 'vault:h'" + proof + "} }",
           Chair(), at}});
}

// What follows an agreement: broken and mediated anew; confirmed, kept, completed and archived.
void RecordAfterwards(const std::vector<Step>& accepted) {
  const int64_t at = EndOf("2026-11-29");
  const std::string both = kBothSign;
  const auto bound =
      accepted + std::vector<Step>{{DraftText(kPay + kRepair), Mediator(), at},
                                   {"sign { party_id: 'p1' kind: SIGNATURE }", Resident("ua"), at},
                                   {"sign { party_id: 'p2' kind: SIGNATURE }", Resident("ub"), at},
                                   {"sign {}", Mediator(), at},
                                   {"seal { copies: 3 }", Chair(), at}};
  Record("broken", "c1",
         bound + std::vector<Step>{
                     {"timer promise/2", Platform(), 0},
                     {"timer promise/2", Platform(), 0},
                     {"perform { clause_no: 1 amount_fen: 30000 }", Resident("ua"), EndOf("2026-12-11")},
                     {"follow_up { visit { mode: AT_HOME party_id: 'p1' finding: '仍漏' } }", Mediator(),
                      EndOf("2026-12-11")},
                     {"report_breach { clause_no: 2 finding: '仍漏' persuasion: '督促' way_told: LAWSUIT }",
                      Mediator(), EndOf("2026-12-11")},
                     {"remediate { reason: '改期' " + both + "}", Mediator(), EndOf("2026-12-12")}});
  Record("repudiated", "c1",
         bound + std::vector<Step>{
                     {"report_breach { clause_no: 1 finding: '不再付款' persuasion: '督促' way_told: LAWSUIT repudiation { "
                      "party_id: 'p2' kind: SAID_PLAINLY how_known: '当面' proof_sha256: '" + kDigest + "' } }",
                      Mediator(), EndOf("2026-12-01")},
                     {"perform { clause_no: 1 amount_fen: 80000 }", Resident("ua"), EndOf("2026-12-02")}});
  Record(
      "archived", "c1",
      bound +
          std::vector<Step>{
              {ApplicationText(both), Registrar(), at},
              {"timer remind_confirmation", Platform(), 0},
              {"record_confirmation { result: FILED case_no: '12号' }", Court(), EndOf("2027-01-10")},
              {"record_confirmation { result: CONFIRMED ruling_no: '裁1号' document_sha256: '" + kDigest + "' }", Court(),
               EndOf("2027-01-10")},
              {"perform { clause_no: 2 remark: '修好' }", Mediator(), EndOf("2027-01-11")},
              {"perform { clause_no: 1 amount_fen: 80000 receipt_sha256: '" + kDigest + "' }", Mediator(),
               EndOf("2027-01-11")},
              {"complete { outcome: ALL_PERFORMED }", Chair(), EndOf("2027-01-11")},
              {"file_document { form: F3_IDENTITY party_id: 'p1' title: '身份证' sha256: '" + kDigest + "' }",
               Registrar(), EndOf("2027-01-11")},
              {"file_document { form: F3_IDENTITY party_id: 'p2' title: '身份证' sha256: '" + kDigest + "' }",
               Registrar(), EndOf("2027-01-11")},
              {"archive { volume_title: '卷一' why_incomplete: '当事人未再到场签名' }", Chair(), EndOf("2027-01-12")}});
  // The scans that steps rest on, and that one of them came.
  Record("papers", "c1",
         accepted + std::vector<Step>{
                        {DraftText(), Mediator(), at},
                        {"sign { party_id: 'p1' kind: SIGNATURE }", Resident("ua"), at},
                        {"sign { party_id: 'p2' kind: FINGERPRINT proof_sha256: '" + kDigest + "' }", Mediator(), at}});
  Record("kept_document", "doc/" + kDigest, {{"hear_kept { kind: PAPER }", Platform(), at}});
}

// Cases that other services have handed over: registered, waiting for what they need, and handed over in vain.
void RecordReferred() {
  const int64_t tue = kMonday + base::kDayMs;
  const std::string referral =
      "take_referral { origin { service: 'incident' aggregate_id: 'i1' matter_code: 'X' referral_id: 'r1' } "
      "area_code: '371403001002' dispute_type: 'D02' party_count: 2 }";
  Record("referred", "rf-r1",
         {{referral, Platform(), kMonday},
          {"complete_intake { facts: '漏水' " + kParties + " }", Registrar(), tue},
          {"end { reason: E03_SETTLED_THEMSELVES }", Resident("ua"), tue}});
  const std::string of_petition =
      "take_referral { origin { service: 'petition' aggregate_id: 'p1' matter_code: 'X' referral_id: 'p1-6' } "
      "area_code: '371403001002' dispute_type: 'D02' party_count: 2 end_by_ms: " +
      std::to_string(EndOf("2026-12-07")) + " }";
  const std::string intake = "complete_intake { facts: '漏水' " + kParties + " }";
  const std::string lapse = "hear_lapse { referral_id: 'p1-6' }";
  Record("lapsed", "rf-p1-6",
         {{of_petition, Platform(), kMonday},
          {intake, Registrar(), kMonday},
          {"record_consent { party_id: 'p2' answer: AGREED_TO_MEDIATE how: '当面' }", Registrar(), kMonday},
          {"serve_rights_notice { party_id: 'p1' party_id: 'p2' how: '当面' }", Registrar(), kMonday},
          {kAccept, Registrar(), kMonday},
          {lapse, Platform(), tue}});
  Record("lapsed_unasked", "rf-p1-6", {{of_petition, Platform(), kMonday}, {lapse, Platform(), tue}});
  Record("parked", "rf-r1", {{referral, Platform(), kMonday}}, reference::Reference());
}

TEST(Golden, RecordsWhatIsMissingWhenAsked) {
  if (std::getenv("FENGQIAO_RECORD") == nullptr) GTEST_SKIP() << "FENGQIAO_RECORD is not set";
  const int64_t tue = kMonday + base::kDayMs;
  const std::vector<Step> accepted = {
      {ApplyText(), Registrar(), kMonday},
      {"timer due/DM-01", Platform(), EndOf("2026-11-26") + 1},
      {"ask_consent { how: '电话' }", Registrar(), EndOf("2026-11-27")},
      {"record_consent { party_id: 'p2' answer: AGREED_TO_MEDIATE how: '当面' proof_sha256: '" + kDigest + "' }",
       Registrar(), EndOf("2026-11-27")},
      {"serve_rights_notice { party_id: 'p1' party_id: 'p2' how: '当面' }", Registrar(), EndOf("2026-11-27")},
      {kAccept, Registrar(), EndOf("2026-11-27")},
      {"choose_mediator { party_id: 'p1' mediator_user_id: 'md1' }", Resident("ua"), EndOf("2026-11-27")},
      {kAssign, Chair(), EndOf("2026-11-27")},
      {SessionText(EndOf("2026-11-28")), Mediator(), EndOf("2026-11-28")},
      {"oversee { topic: 'oversight.instruction_distributed' notice { instruction_id: 'in1' issuer_org: 'gov' "
       "due_at_ms: 9 } }",
       Platform(), EndOf("2026-11-28")},
  };
  auto written = accepted;
  for (const Step& step :
       std::vector<Step>{{DraftText(), Mediator(), EndOf("2026-11-28")},
                         {"sign { party_id: 'p1' kind: SIGNATURE }", Resident("ua"), EndOf("2026-11-28")},
                         {"sign { party_id: 'p2' kind: SIGNATURE }", Resident("ub"), EndOf("2026-11-28")},
                         {"sign {}", Mediator(), EndOf("2026-11-28")},
                         {"seal { copies: 3 }", Chair(), EndOf("2026-11-29")},
                         {"timer warn_window", Platform(), 0},
                         {"timer due/DM-05", Platform(), EndOf("2027-01-10")},
                         {"oversee { topic: 'oversight.assigned' notice { instruction_id: 'in2' } }",
                          Platform(), EndOf("2027-01-11")}}) {
    written.push_back(step);
  }
  Record("written", "c1", written);
  const std::string order = "' notice { order_id: 'or-1' card: CARD_YELLOW issuer_org: 'gov' due_at_ms: 9 } }";
  auto supervised = accepted;
  supervised.push_back({"oversee { topic: 'oversight.order_issued" + order, Platform(), EndOf("2026-11-28")});
  supervised.push_back({"oversee { topic: 'oversight.order_closed" + order, Platform(), EndOf("2026-11-29")});
  Record("supervised", "c1", supervised);
  auto kept = accepted;
  kept.push_back({"request_recusal { party_id: 'p2' mediator_user_id: 'md1' ground: KINSHIP }", Resident("ub"),
                  EndOf("2026-11-28")});
  kept.push_back({"decide_recusal { mediator_user_id: 'md1' outcome: WAIVED " + kBothSign + "}",
                  Chair(), EndOf("2026-11-29")});
  Record("kept", "c1", kept);
  auto expired = accepted;
  expired.push_back({"timer warn_period", Platform(), 0});
  expired.push_back({"timer period", Platform(), 0});
  Record("expired", "c1", expired);
  Record("refused", "c1",
         {{ApplyText(), Registrar(), kMonday},
          {"record_consent { party_id: 'p2' answer: REFUSED_TO_MEDIATE how: '电话' }", Registrar(), tue}});
  RecordReferred();
  RecordRecomputed();
  RecordCourse(accepted);
  RecordHandedUp();
  RecordLeft(accepted);
  RecordAfterwards(accepted);
  RecordPeople();
  RecordWhoAgreed();
  v1::Command learn;
  *learn.mutable_learn_reference()->mutable_notice() = tests::AreaNotice("371403", "陵城区");
  Record("reference", "ref/area/371403", {{learn.ShortDebugString(), Platform(), kMonday}});
}

}  // namespace
}  // namespace mediation
