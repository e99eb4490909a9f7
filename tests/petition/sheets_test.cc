// Tables over petitions that leave the platform.
#include "services/petition/sheets.h"

#include "tests/petition/petition_world.h"
#include "tests/support/driven.h"
#include "tests/support/sheet_text.h"
#include "tests/support/test_sealer.h"

namespace petition {
namespace {

class SheetsTest : public ::testing::Test {
 protected:
  SheetsTest() : desk_(kMonday, City(), &sealer_), sheets_([this] { return desk_.Read(); }) {}
  void Do(const std::string& id, const std::string& command, const Actor& actor) {
    const auto outcome = desk_.Do(id, command, actor);
    EXPECT_FALSE(outcome.refusal) << command << ": " << (outcome.refusal ? outcome.refusal->reason : "");
  }
  using Export = rpc::Answer (Sheets::*)(const rpc::Caller&, const common::v1::SheetRequest&, Sheets::Next*) const;
  nlohmann::json Json(Export run, const std::string& text) {
    common::v1::SheetRequest request;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text + " format: JSON", &request)) << text;
    rpc::Caller caller;
    caller.actor = ActorOf(reading_as_, "c-petition", looking_, "reader");
    caller.areas = {looking_};
    caller.now_ms = desk_.clock().NowMs();
    Sheets::Next next;
    EXPECT_TRUE((sheets_.*run)(caller, request, &next).ok());
    return tests::JsonOf(next);
  }
  static int64_t In(const nlohmann::json& sheet, const std::string& group, const std::string& code,
                    const char* column = "petitions") {
    for (const auto& row : sheet["rows"]) {
      if (row["group"] == group && row["code"] == code) return row[column];
    }
    return -1;
  }

  tests::TestSealer sealer_;
  tests::Driven<PetitionDomain> desk_;
  const Sheets sheets_;
  std::string looking_ = "3714";  // the area of whoever asks
  kernel::v1::Role reading_as_ = ROLE_PO;
};

// 信访工作条例 41: numbers, fields and units; forwarded and assigned; suggestions and their adoption.
TEST_F(SheetsTest, TheYearlyReportSaysWhatTheArticleAsks) {
  Do("p1", RegisterText("petitioner_count: 3"), Clerk());
  Do("p1", kForward, Office());
  Do("p1", kReceive, Handler());
  Do("p1", kAccept, Handler());
  Do("p2", RegisterText("", "SUGGESTION", "NET"), Resident());
  Do("p3", RegisterText(), Clerk());
  Do("p3", "forward { to_org: 'c-hrss' reason: '交办' assigned: true report_due_at_ms: " +
               std::to_string(kMonday + 20 * base::kDayMs) + " }",
     Office());
  const auto report = Json(&Sheets::ExportYearReport, "area_code: '371403'");
  EXPECT_EQ(In(report, "all", "all"), 3);
  EXPECT_EQ(In(report, "all", "all", "persons"), 5);
  EXPECT_EQ(In(report, "channel", "LETTER"), 2);
  EXPECT_EQ(In(report, "channel", "NET"), 1);
  EXPECT_EQ(In(report, "channel", "FAX"), 0) << "what did not happen is said too";
  EXPECT_EQ(In(report, "type", "SUGGESTION"), 1);
  EXPECT_EQ(In(report, "content", "Q05"), 3);
  EXPECT_EQ(In(report, "unit", "c-hrss"), 2);
  EXPECT_EQ(In(report, "sent", "forwarded"), 1);
  EXPECT_EQ(In(report, "sent", "assigned"), 1);
  EXPECT_EQ(In(report, "suggestion", "adopted"), 0);
  EXPECT_EQ(In(report, "route", "6"), 1);
  for (const auto& row : report["rows"]) EXPECT_TRUE(row["item"] >= 1 && row["item"] <= 4);
}

// 41(2): 转送、交办、督办情况. What was supervised stood nowhere, and an order that was closed had never been.
// spec: O7
TEST_F(SheetsTest, TheYearlyReportSaysWhatBecameOfSupervision) {
  for (const char* id : {"p1", "p2", "p3"}) {
    Do(id, RegisterText(), Clerk());
    Do(id, kForward, Office());
  }
  const auto order = [](const std::string& topic, const std::string& id) {
    return "hear_oversight { topic: 'oversight." + topic + "' order { order_id: '" + id +
           "' card: CARD_YELLOW issuer_org: 'c-gov' to_org: 'c-hrss' due_at_ms: 9 } }";
  };
  Do("p1", order("order_issued", "o1"), Platform());
  Do("p1", order("order_closed", "o1"), Platform());
  Do("p2", order("order_issued", "o2"), Platform());
  Do("p2", order("order_issued", "o3"), Platform());
  Do("p2", order("order_closed", "o3"), Platform());
  const auto report = Json(&Sheets::ExportYearReport, "area_code: '371403'");
  EXPECT_EQ(In(report, "supervised", "supervised"), 2);
  EXPECT_EQ(In(report, "supervised", "orders"), 3);
  EXPECT_EQ(In(report, "supervised", "open"), 1);
  EXPECT_EQ(In(report, "supervised", "late"), 1) << "its day is long over";
  EXPECT_EQ(In(report, "supervised", "closed"), 1);
  EXPECT_EQ(In(report, "supervised", "ended"), 0);
}

// 41(3): what the office suggested counted what petitioners had suggested, and no answer of a unit ever.
// spec: DP-13 P12
TEST_F(SheetsTest, TheYearlyReportSaysHowSuggestionsWereTakenUp) {
  Do("p1", RegisterText(), Clerk());
  Do("p1", kForward, Office());
  Do("p1", "suggest { suggestion: '修订补贴办法' kind: IMPROVE_POLICY }", Office());
  Do("p1", "answer_suggestion { adoption: PART answer: '已列入修订计划' }", Head());
  Do("p1", "suggest { suggestion: '公开办理流程' }", Office());
  Do("p2", RegisterText("", "SUGGESTION"), Clerk());
  Do("p2", "study { " + kNotice + "}", ActorOf(ROLE_PO, "c-petition", "371403", "po1"));
  Do("p2", "reply_suggestion { adoption: FULL reply: '采纳' }", ActorOf(ROLE_PH, "c-petition", "371403", "ph9"));
  const auto report = Json(&Sheets::ExportYearReport, "area_code: '371403'");
  EXPECT_EQ(In(report, "suggestion", "policy"), 1);
  EXPECT_EQ(In(report, "suggestion", "policy.partly"), 1);
  EXPECT_EQ(In(report, "suggestion", "work.open"), 1);
  EXPECT_EQ(In(report, "suggestion", "adopted"), 0) << "that was a petitioner's";
  EXPECT_EQ(In(report, "proposal", "adopted"), 1);
}

// 41(1): 被投诉较多的机关、单位 are those that are complained of, not those that handle.
// spec: P1
TEST_F(SheetsTest, TheYearlyReportSaysWhoAndWhereIsComplainedOfMost) {
  for (const char* id : {"p1", "p2"}) Do(id, RegisterText("respondent_org: 'c-hrss'"), Clerk());
  Do("p3", RegisterText(), Clerk());
  const std::string area = "area_code: '371403'";
  EXPECT_EQ(In(Json(&Sheets::ExportYearReport, area), "respondent", "c-hrss"), 2);
  EXPECT_EQ(In(Json(&Sheets::ExportYearReport, area), "unit", "c-hrss"), -1);
  EXPECT_EQ(In(Json(&Sheets::ExportYearReport, area), "area", "371403001"), 3);
  reading_as_ = kernel::v1::ROLE_AN;
  const auto rounded = Json(&Sheets::ExportYearReport, area);
  for (const auto& row : rounded["rows"]) EXPECT_NE(row["group"], "respondent") << "of few not that there are any";
}

// A petition that was led into arbitration stood among those refused.
// spec: P10 NA04
TEST_F(SheetsTest, TheYearlyReportCountsWhatIsLedIntoAProcedureApart) {
  for (const char* id : {"p1", "p2"}) {
    Do(id, RegisterText(), Clerk());
    Do(id, kForward, Office());
    Do(id, kReceive, Handler());
  }
  Do("p1", "redirect { code: 'NA04' procedure: '仲裁' organ: '劳动人事争议仲裁委员会' " + kNotice + "}", Handler());
  Do("p2", "refuse_acceptance { code: 'NA07' " + kNotice + "}", Handler());
  const auto report = Json(&Sheets::ExportYearReport, "area_code: '371403'");
  EXPECT_EQ(In(report, "redirect", "NA04"), 1);
  EXPECT_EQ(In(report, "refusal", "NA04"), -1);
  EXPECT_EQ(In(report, "refusal", "NA07"), 1);
}

TEST_F(SheetsTest, ACopyIsCountedWithThePetitionItBelongsTo) {
  Do("p1", RegisterText(), Clerk());
  Do("p2", RegisterText(), Clerk());
  Do("p2", "merge_copy { primary_id: 'p1' }", Clerk());
  EXPECT_EQ(In(Json(&Sheets::ExportYearReport, "area_code: '371403'"), "all", "all"), 1);
}

// 山东 46, 信访工作条例 33: how it ended, and whether what settled it is kept.
TEST_F(SheetsTest, TheYearlyReportSaysWhatDeathAndBreachMadeOfPetitions) {
  for (const char* id : {"p1", "p2"}) {
    Do(id, RegisterText(), Clerk());
    Do(id, kForward, Office());
    Do(id, kReceive, Handler());
    Do(id, kAccept, Handler());
  }
  Do("p1", "record_death { petitioner_id: 'p1' died_at_ms: 1 proof_sha256: '" + kScan + "' }", Clerk());
  Do("doc/" + kScan, kUploaded, Platform());
  Do("p1", "terminate { proof_sha256: '" + kScan + "' }", Office());
  Do("p2", "refer_to_mediation { bridge_code: 'BR1' both_consent: true consent_proof_sha256: '" + kScan +
               "' dispute_type: 'D10' party_count: 2 }",
     Handler());
  const std::string of = "origin { service: 'petition' aggregate_id: 'p2' referral_id: '" +
                         (*desk_.Read().Get("p2"))->state.mediation_referral_id() + "' } } }";
  Do("p2", "hear_mediation { topic: 'mediation.effective' subject_id: 'c1' version: 9 notice { " + of, Platform());
  Do("p2", "record_settlement { agreement: '补发' by_mediation: true }", Handler());
  Do("p2", "hear_mediation { topic: 'mediation.breached' subject_id: 'c1' version: 10 notice { " + of, Platform());
  const auto report = Json(&Sheets::ExportYearReport, "area_code: '371403'");
  EXPECT_EQ(In(report, "course", "terminated"), 1);
  EXPECT_EQ(In(report, "course", "settled"), 1);
  EXPECT_EQ(In(report, "course", "broken"), 1);
  EXPECT_EQ(In(report, "course", "late"), 0);
}

// Art. 30. An accusation is in no table and no sum, whatever it was taken for before: the sheets are those of a city
// without it.
// spec: P11 flow-5
TEST_F(SheetsTest, KnowNothingOfAnAccusation) {
  Do("p1", RegisterText(), Clerk());
  const std::string area = "area_code: '371403'";
  const std::string report = Json(&Sheets::ExportYearReport, area).dump();
  const std::string list = Json(&Sheets::ExportPetitions, area).dump();
  Do("s1", RegisterText("", "ACCUSATION"), Clerk());
  Do("s2", RegisterText(), Clerk());
  EXPECT_EQ(Json(&Sheets::ExportPetitions, area)["count"], 2);
  Do("s2", "retype { type: ACCUSATION reason: '反映干部问题' }", Office());
  Do("s2", "transfer_to_discipline { discipline_org: 'c-discipline' }", Office());
  EXPECT_EQ(Json(&Sheets::ExportYearReport, area).dump(), report);
  EXPECT_EQ(Json(&Sheets::ExportPetitions, area).dump(), list);
}

// What the city's office has about a place in the county is in no row and no sum of the county's.
// spec: P1
TEST_F(SheetsTest, LeaveOutWhatAHigherOfficeHas) {
  Do("p1", RegisterText(), ActorOf(ROLE_PC, "city-petition", "3714", "pw9"));
  const std::string area = "area_code: '371403'";
  EXPECT_EQ(Json(&Sheets::ExportPetitions, area)["count"], 1);
  EXPECT_EQ(In(Json(&Sheets::ExportYearReport, area), "channel", "LETTER"), 1);
  looking_ = "371403";
  EXPECT_EQ(Json(&Sheets::ExportPetitions, area)["count"], 0);
  EXPECT_EQ(In(Json(&Sheets::ExportYearReport, area), "channel", "LETTER"), 0);
}

// Whoever may open none of them reads multiples of five, and of one to four nothing, nor of their persons.
// spec: 3.2 3.10
TEST_F(SheetsTest, TheAnalystReadsTheYearlyReportInMultiplesOfFive) {
  for (const char* id : {"p1", "p2", "p3", "p4", "p5", "p6"}) Do(id, RegisterText("petitioner_count: 3"), Clerk());
  for (const char* id : {"p7", "p8"}) Do(id, RegisterText("", "SUGGESTION", "NET"), Resident());
  const std::string area = "area_code: '371403'";
  EXPECT_EQ(In(Json(&Sheets::ExportYearReport, area), "channel", "NET"), 2);
  reading_as_ = kernel::v1::ROLE_AN;
  const auto report = Json(&Sheets::ExportYearReport, area);
  EXPECT_TRUE(report["about"].contains("rounded"));
  EXPECT_EQ(In(report, "all", "all"), 10) << "eight";
  EXPECT_EQ(In(report, "channel", "LETTER"), 5) << "six";
  EXPECT_EQ(In(report, "channel", "LETTER", "persons"), 20) << "eighteen";
  EXPECT_EQ(In(report, "channel", "FAX"), 0);
  for (const auto& row : report["rows"]) {
    if (row["code"] != "NET") continue;
    EXPECT_FALSE(row.contains("petitions") || row.contains("persons")) << "two are few";
  }
}

TEST_F(SheetsTest, APetitionIsARowWithoutNamesAndWords) {
  Do("p1", RegisterText(), Clerk());
  Do("p1", kForward, Office());
  const auto sheet = Json(&Sheets::ExportPetitions, "area_code: '3714' from_day: '2026-11-23' to_day: '2026-11-23'");
  ASSERT_EQ(sheet["count"], 1);
  const auto& row = sheet["rows"][0];
  EXPECT_EQ(row["channelName"], "来信");
  EXPECT_EQ(row["typeName"], "申诉求决");
  EXPECT_EQ(row["contentName"], "劳动和社会保障");
  EXPECT_EQ(row["status"], "FORWARDED");
  const std::string text = sheet.dump();
  for (const char* word : {"vault:", "u1", "属于该单位职责"}) EXPECT_EQ(text.find(word), std::string::npos) << word;
  const std::string before = "area_code: '3714' from_day: '2026-11-01' to_day: '2026-11-22'";
  EXPECT_EQ(Json(&Sheets::ExportPetitions, before)["count"], 0);
}

}  // namespace
}  // namespace petition
