// Tables over mediation cases that leave the platform.
#include "services/mediation/sheets.h"

#include <algorithm>
#include <tuple>

#include "tests/mediation/case_world.h"
#include "tests/support/driven.h"
#include "tests/support/sheet_text.h"

namespace mediation {
namespace {

class SheetsTest : public ::testing::Test {
 protected:
  // Places of every kind.
  static reference::Reference Places() {
    reference::Reference reference = tests::Learned();
    for (const auto& [code, name, kind] :
         {std::tuple{"371403001", "安德街道", "街道"}, std::tuple{"371403001002", "一里社区", "社区"}}) {
      auto notice = tests::AreaNotice(code, name);
      notice.mutable_area_changed()->set_kind(kind);
      EXPECT_TRUE(reference.Learn(notice).ok());
    }
    return reference;
  }
  SheetsTest() : desk_(kMonday, Places()), sheets_([this] { return desk_.Read(); }) {}
  void Do(const std::string& id, const std::string& command, const Actor& actor) {
    const auto outcome = desk_.Do(id, command, actor);
    EXPECT_FALSE(outcome.refusal) << command << ": " << (outcome.refusal ? outcome.refusal->reason : "");
  }
  // A case with a written agreement over 800 yuan.
  void Settle(const std::string& id) {
    Do(id, ApplyText(), Registrar());
    Do(id, "record_consent { party_id: 'p2' answer: AGREED_TO_MEDIATE how: '当面' }", Registrar());
    Do(id, "serve_rights_notice { party_id: 'p1' party_id: 'p2' how: '当面' }", Registrar());
    Do(id, kAccept, Registrar());
    Do(id, kAssign, Chair());
    desk_.clock().Advance(base::kDayMs);
    Do(id, SessionText(desk_.clock().NowMs()), Mediator());
    Do(id, DraftText(kPay + kRepair), Mediator());
    Do(id, "sign { party_id: 'p1' kind: SIGNATURE }", Resident("ua"));
    Do(id, "sign { party_id: 'p2' kind: SIGNATURE }", Resident("ub"));
    Do(id, "sign { }", Mediator());
    Do(id, "seal { copies: 4 }", Chair());
  }
  using Export = rpc::Answer (Sheets::*)(const rpc::Caller&, const common::v1::SheetRequest&, Sheets::Next*) const;
  rpc::Answer Ask(Export run, const std::string& text, Sheets::Next* next) {
    common::v1::SheetRequest request;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &request)) << text;
    rpc::Caller caller;
    caller.actor = ActorOf(reading_as_, "city-centre", "3714", "reader");
    caller.now_ms = desk_.clock().NowMs();
    return (sheets_.*run)(caller, request, next);
  }
  nlohmann::json Json(Export run, const std::string& text) {
    Sheets::Next next;
    EXPECT_TRUE(Ask(run, text + " format: JSON", &next).ok());
    return tests::JsonOf(next);
  }
  std::string Refused(const std::string& text) {
    Sheets::Next next;
    const auto answer = Ask(&Sheets::ExportCases, text, &next);
    return answer.refusal() ? answer.refusal()->reason + " " + answer.refusal()->field : "";
  }

  tests::Driven<MediationDomain> desk_;
  const Sheets sheets_;
  kernel::v1::Role reading_as_ = kernel::v1::ROLE_CYL;
};

// 18 types of dispute, 2 sources with 5 kinds of referral and the grid's own, agreements by their form.
TEST_F(SheetsTest, StatisticsNameEveryTypeAndSourceAndCountEachCaseOnce) {
  Settle("c1");
  Do("c2", ApplyText(), Registrar());
  Do("c3", ApplyText(), Registrar());
  Do("c3", "record_consent { party_id: 'p2' answer: REFUSED_TO_MEDIATE how: '电话' }", Registrar());
  const auto sheet = Json(&Sheets::ExportStatistics, "area_code: '371403'");
  int types = 0;
  for (const auto& row : sheet["rows"]) types += row["group"] == "type" ? 1 : 0;
  EXPECT_EQ(types, tests::Learned().policies().mediation().dispute_type_size());
  const auto type = tests::RowWith(sheet, "code", "D02");
  EXPECT_EQ(type["cases"], 3);
  EXPECT_EQ(type["parties"], 6);
  EXPECT_EQ(type["written"], 1);
  EXPECT_EQ(type["succeeded"], 1);
  EXPECT_EQ(type["oral"], 0);
  EXPECT_EQ(type["open"], 1);
  EXPECT_EQ(type["ended"].get<int>() + type["refused"].get<int>(), 1);
  EXPECT_FALSE(type.contains("amountYuan")) << "what one agreement was about is nobody's business";
  EXPECT_EQ(tests::RowWith(sheet, "code", "D01")["cases"], 0);
  EXPECT_EQ(tests::RowWith(sheet, "code", "ON_APPLICATION")["cases"], 3);
  EXPECT_EQ(tests::RowWith(sheet, "code", "FROM_COURT")["cases"], 0);
  EXPECT_EQ(tests::RowWith(sheet, "code", "all")["cases"], 3);
}

// The six kinds of committees of the ministry's table: 村, 居, 乡镇, 街道, 企事业单位, 社会团体和其他组织.
TEST_F(SheetsTest, StatisticsTellTheSixKindsOfCommittees) {
  Do("c1", ApplyText(), Registrar());
  Do("c2", ApplyText("committee_org: 't-committee'"), ActorOf(kernel::v1::ROLE_MR, "t-committee", "371403001", "mr2"));
  Do("c3", OfType(ApplyText("committee_org: 'medical-committee'"), "D15"),
     ActorOf(kernel::v1::ROLE_MR, "medical-committee", "371403", "mr3"));
  const auto sheet = Json(&Sheets::ExportStatistics, "area_code: '371403'");
  const auto cases = [&](const char* code) { return tests::RowWith(sheet, "code", code)["cases"].get<int>(); };
  EXPECT_EQ(cases("RESIDENTS"), 1);    // 一里社区
  EXPECT_EQ(cases("STREET"), 1);       // 安德街道
  EXPECT_EQ(cases("ASSOCIATION"), 1);  // 医疗纠纷
  EXPECT_EQ(cases("VILLAGERS") + cases("RURAL_TOWNSHIP") + cases("ENTERPRISE"), 0);
}

// 疑难复杂: the committee says so when it assigns the case or closes the file, or hands it up for that reason.
// spec: M7 M24 M25
TEST_F(SheetsTest, StatisticsTellTheDifficultCases) {
  for (const char* id : {"c1", "c2", "c3", "c4"}) {
    Do(id, ApplyText(), Registrar());
    if (std::string_view(id) == "c4") break;
    Do(id, "record_consent { party_id: 'p2' answer: AGREED_TO_MEDIATE how: '当面' }", Registrar());
    Do(id, "serve_rights_notice { party_id: 'p1' party_id: 'p2' how: '当面' }", Registrar());
    Do(id, kAccept, Registrar());
  }
  const auto difficult = [&] {
    const auto sheet = Json(&Sheets::ExportStatistics, "area_code: '371403'");
    return tests::RowWith(sheet, "code", "all")["difficult"].get<int>();
  };
  EXPECT_EQ(difficult(), 0);
  Do("c1", "assign { chair_user_id: 'md1' recusal_checked: true difficult: true }", Chair());
  Do("c2", kAssign, Chair());
  EXPECT_EQ(difficult(), 1);
  Do("c2", "transfer_up { committee_org: 't-committee' ground: CROSS_AREA reason: '跨村' }", Chair());
  EXPECT_EQ(difficult(), 1);
  Do("c3", "transfer_up { committee_org: 't-committee' ground: DIFFICULT reason: '疑难' }", Chair());
  EXPECT_EQ(difficult(), 2);
  const auto rows = Json(&Sheets::ExportCases, "area_code: '371403'")["rows"];
  EXPECT_EQ(std::ranges::count_if(rows, [](const auto& row) { return row["difficult"] == true; }), 2);
}

TEST_F(SheetsTest, SumsAreToldFromFiveAgreementsOn) {
  for (const char* id : {"c1", "c2", "c3", "c4"}) Settle(id);
  const auto all = [&] { return tests::RowWith(Json(&Sheets::ExportStatistics, "area_code: '3714'"), "code", "all"); };
  EXPECT_FALSE(all().contains("amountYuan"));
  Settle("c5");
  EXPECT_EQ(all()["amountYuan"], "4000.00");
}

// Whoever may open none of the cases reads multiples of five, of one to four nothing, and no sum of money.
// spec: 3.2 3.10
TEST_F(SheetsTest, TheAnalystReadsTheStatisticsInMultiplesOfFive) {
  for (const char* id : {"c1", "c2", "c3", "c4", "c5"}) Settle(id);
  for (const char* id : {"c6", "c7", "c8"}) Do(id, ApplyText(), Registrar());
  reading_as_ = kernel::v1::ROLE_AN;
  const auto sheet = Json(&Sheets::ExportStatistics, "area_code: '371403'");
  EXPECT_TRUE(sheet["about"].contains("rounded"));
  const auto all = tests::RowWith(sheet, "code", "all");
  EXPECT_EQ(all["cases"], 10) << "eight";
  EXPECT_EQ(all["parties"], 15) << "sixteen";
  EXPECT_EQ(all["written"], 5);
  EXPECT_EQ(all["oral"], 0);
  EXPECT_FALSE(all.contains("open")) << "three are few";
  EXPECT_FALSE(all.contains("amountYuan")) << "a sum tells more than its cases";
  EXPECT_EQ(tests::RowWith(sheet, "code", "D01")["cases"], 0);
}

TEST_F(SheetsTest, ACaseIsARowWithoutNamesAndWords) {
  Settle("c1");
  const auto sheet = Json(&Sheets::ExportCases, "area_code: '371403001'");
  ASSERT_EQ(sheet["count"], 1);
  const auto& row = sheet["rows"][0];
  EXPECT_EQ(row["disputeTypeName"], "邻里");
  EXPECT_EQ(row["sourceName"], "当事人申请");
  EXPECT_EQ(row["parties"], 2);
  EXPECT_EQ(row["succeeded"], true);
  EXPECT_EQ(row["amountBand"], "1万元以下");
  EXPECT_EQ(row["performance"], "未到期");
  const std::string text = sheet.dump();
  for (const char* word : {"vault:", "漏水", "赔偿", "ua", "md1", "80000"}) {
    EXPECT_EQ(text.find(word), std::string::npos) << word;
  }
}

TEST_F(SheetsTest, OnlyWhatWasRegisteredInTheAreaAndOnTheDays) {
  Do("c1", ApplyText(), Registrar());
  desk_.clock().Advance(base::kDayMs);
  Do("c2", ApplyText(), Registrar());
  const auto count = [&](const std::string& text) { return Json(&Sheets::ExportCases, text)["count"].get<int>(); };
  EXPECT_EQ(count("area_code: '371403'"), 2);
  EXPECT_EQ(count("area_code: '371403' to_day: '2026-11-23'"), 1);
  EXPECT_EQ(count("area_code: '371403' from_day: '2026-11-24'"), 1);
  EXPECT_EQ(count("area_code: '371403' from_day: '2026-11-23' to_day: '2026-11-24'"), 2);
  EXPECT_EQ(count("area_code: '371403' to_day: '2026-11-22'"), 0);
  EXPECT_EQ(count("area_code: '371422'"), 0);
}

TEST_F(SheetsTest, WhatCannotBeMeantIsNamed) {
  EXPECT_EQ(Refused("area_code: '371403001002'"), "BAD_AREA area_code");
  EXPECT_EQ(Refused("area_code: '37'"), "BAD_AREA area_code");
  EXPECT_EQ(Refused("area_code: '371403' from_day: '2026-13-01'"), "BAD_DAY from_day");
  EXPECT_EQ(Refused("area_code: '371403' to_day: 'today'"), "BAD_DAY to_day");
  EXPECT_EQ(Refused("area_code: '371403' from_day: '2026-11-02' to_day: '2026-11-01'"), "BAD_DAY to_day");
  EXPECT_EQ(Refused("area_code: '371403' format: 9"), "BAD_FORMAT format");
}

}  // namespace
}  // namespace mediation
