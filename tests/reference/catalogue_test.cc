// The shipped catalogue, row by row, against the specification: length, urgent length, statutory or not,
// extension.
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "tests/reference/fixtures.h"

namespace reference {
namespace {

struct Row {
  const char* id;
  const char* length;  // "15 D"; empty: the caller says
  bool fixed;
  const char* article;  // a part of it that must be there
  const char* urgent = "";
  const char* extension = "";  // "30 D", "=" for up to its own length
};

// spec: DP-01 DP-02 DP-03 DP-04 DP-05 DP-06 DP-07 DP-08 DP-09 DP-10 DP-11 DP-12 DP-13 DP-14 DP-15 DP-16 DP-17 DP-18
// spec: DM-01 DM-02 DM-03 DM-04 DM-05 DM-06 DM-07 DM-08 DI-01 DI-02 DI-03 DI-04 DI-05 DI-06 DI-07 DI-08
// spec: DA-01 DA-02 DA-03 DA-04 DA-05 DO-01 DO-02 DO-03 DO-04 DO-05 DO-06
constexpr Row kRows[] = {
    {"DP-01", "15 D", true, "信访工作条例第二十二条"},
    {"DP-02", "15 D", true, "信访工作条例第二十三条第二款"},
    {"DP-03", "15 D", true, "信访工作条例第二十三条第三款"},
    {"DP-04", "5 WD", true, "信访工作条例第二十三条第三款"},
    {"DP-05", "60 D", true, "信访工作条例第三十四条", "", "30 D"},
    {"DP-06", "30 D", true, "信访工作条例第三十四条"},
    {"DP-07", "30 D", true, "信访工作条例第三十五条"},
    {"DP-08", "30 D", true, "信访工作条例第三十五条"},
    {"DP-09", "30 D", true, "信访工作条例第三十六条"},
    {"DP-10", "30 D", true, "信访工作条例第三十六条"},
    {"DP-11", "3 WD", false, "山东省信访条例"},
    {"DP-12", "", false, "信访工作条例第二十二条第三项", "", "30 D"},
    {"DP-13", "30 D", false, "山东省信访条例第五十九条"},
    {"DP-14", "60 D", false, "平台默认"},
    {"DP-15", "1 UH", false, "信访工作条例第二十五条"},
    {"DP-16", "7 D", false, "平台默认"},
    {"DP-17", "1 MO", false, "平台默认"},
    {"DP-18", "60 D", false, "平台默认"},
    {"DM-01", "3 WD", false, "人民法院在线调解规则第十二条"},
    {"DM-02", "3 WD", false, "人民法院在线调解规则第十五条"},
    {"DM-03", "2 WD", false, "平台默认"},
    {"DM-04", "", false, "mediation.textproto", "", "="},
    {"DM-04-COURT-DELEGATED", "30 D", false, "特邀调解的规定第二十七条", "", "="},
    {"DM-04-COURT-ENTRUSTED", "15 D", false, "特邀调解的规定第二十七条", "", "="},
    {"DM-04-COURT-SUMMARY", "7 D", false, "特邀调解的规定第二十七条", "", "="},
    {"DM-05", "30 D", true, "人民调解法第三十三条"},
    {"DM-06", "7 D", false, "人民调解工作若干规定第三十六条"},
    {"DM-06-EFFECT", "30 D", false, "人民调解工作若干规定第三十六条"},
    {"DM-07", "15 WD", false, "平台默认"},
    {"DM-08", "3 WD", false, "平台默认"},
    {"DI-01", "2 WH", false, "平台默认", "30 UM"},
    {"DI-02", "4 WH", false, "平台默认", "1 UH"},
    {"DI-03", "1 WD", false, "平台默认", "2 UH"},
    {"DI-04", "2 WD", false, "山东省政务服务热线管理办法"},
    {"DI-05", "7 D", false, "平台默认", "", "="},
    {"DI-05-SIMPLE", "1 D", false, "平台默认", "", "="},
    {"DI-05-COMPLEX", "20 D", false, "平台默认", "", "="},
    {"DI-06", "2 WD", false, "平台默认"},
    {"DI-07", "7 D", false, "平台默认"},
    {"DI-08", "30 D", false, "平台默认"},
    {"DA-01", "1 WD", true, "1个工作日核实"},
    {"DA-02", "3 WD", true, "3个工作日回应"},
    {"DA-03", "15 WD", true, "15个工作日办结"},
    {"DA-04", "30 WD", true, "30个工作日办结"},
    {"DA-05", "5 WD", false, "山东省政务服务热线管理办法", "", "10 WD"},
    {"DO-01", "", false, "yellow_percent"},
    {"DO-02", "3 WD", false, "平台默认"},
    {"DO-02-YELLOW", "2 WD", false, "平台默认"},
    {"DO-02-RED", "1 WD", false, "平台默认"},
    {"DO-03", "", false, "最后一个工作日"},
    {"DO-04", "10 D", false, "10日"},
    {"DO-04-FREEZE", "7 D", false, "8日零时冻结"},
    {"DO-05", "1 WD", false, "平台默认", "2 UH"},
    {"DO-06", "30 D", false, "信访工作条例第四十条"},
};

std::string Text(const common::v1::Length& length) {
  if (length.amount() == 0) return "";
  return std::to_string(length.amount()) + " " + common::v1::TimeUnit_Name(length.unit());
}

TEST(Catalogue, HasEveryRowOfTheSpecificationWithItsLengthAndArticle) {
  const PolicyFiles files = ShippedPolicies();
  for (const Row& row : kRows) {
    const policy::v1::DeadlineRule& rule = RuleIn(files.policies, row.id);
    EXPECT_EQ(Text(rule.length()), row.length) << row.id;
    EXPECT_EQ(Text(rule.urgent()), row.urgent) << row.id;
    EXPECT_EQ(rule.fixed(), row.fixed) << row.id;
    EXPECT_NE(rule.article().find(row.article), std::string::npos) << row.id << " " << rule.article();
    EXPECT_EQ(rule.extension_up_to_length() ? "=" : Text(rule.extension_max()), row.extension) << row.id;
    EXPECT_EQ(rule.extensions_at_most() > 0, *row.extension != '\0') << row.id;
    EXPECT_FALSE(rule.retired()) << row.id;
  }
}

TEST(Catalogue, HasNoRowTheSpecificationDoesNotKnow) {
  std::set<std::string> known;
  for (const Row& row : kRows) known.insert(row.id);
  const PolicyFiles files = ShippedPolicies();
  for (const auto& rule : files.policies.deadlines().rule())
    EXPECT_TRUE(known.contains(rule.id())) << rule.id();
}

TEST(Catalogue, RollsNaturalPeriodsForwardAndOnlyThose) {
  const PolicyFiles files = ShippedPolicies();
  for (const auto& rule : files.policies.deadlines().rule()) {
    if (rule.length().amount() == 0) continue;
    const bool natural = rule.length().unit() == common::v1::D || rule.length().unit() == common::v1::MO;
    const bool named = rule.id().starts_with("DO-04");  // the 8th and the 10th, whatever day that is
    EXPECT_EQ(rule.roll_forward(), natural && !named) << rule.id();
  }
}

TEST(Catalogue, ExtendsAPetitionOnceAndMediationByConsent) {
  const PolicyFiles files = ShippedPolicies();
  EXPECT_EQ(RuleIn(files.policies, "DP-05").extensions_at_most(), 1);
  EXPECT_EQ(RuleIn(files.policies, "DI-05").extensions_at_most(), 1);
  EXPECT_GT(RuleIn(files.policies, "DM-04").extensions_at_most(), 1);
}

TEST(Categories, AreAllThereWithTheirLanes) {
  const PolicyFiles files = ShippedPolicies();
  std::set<std::string> classes;
  int kinds = 0;
  for (const auto& category : files.policies.categories().category()) {
    if (category.code().size() == 2) {
      classes.insert(category.code());
    } else {
      ++kinds;
    }
    if (category.code().starts_with("13")) {
      EXPECT_EQ(category.lane(), policy::v1::APPEAL) << category.code();
    }
    if (category.code().starts_with("04")) {
      EXPECT_EQ(category.lane(), policy::v1::EMG) << category.code();
    }
  }
  EXPECT_EQ(classes.size(), 14u);
  EXPECT_EQ(kinds, 110);
}

TEST(Categories, DemandAPhotoOnlyForAStatedReasonAndNeverInAnEmergency) {
  const PolicyFiles files = ShippedPolicies();
  int asking = 0;
  int demanding = 0;
  for (const auto& category : files.policies.categories().category()) {
    asking += category.photo() ? 1 : 0;
    if (category.photo_reason().empty()) continue;
    ++demanding;
    EXPECT_TRUE(category.photo()) << category.code();
    EXPECT_NE(category.lane(), policy::v1::EMG) << category.code();
  }
  EXPECT_GT(asking, 40);
  EXPECT_EQ(demanding, 4);
}

TEST(Ladder, ClimbsOneLevelAtATimeFromGridToCity) {
  const PolicyFiles files = ShippedPolicies();
  ASSERT_EQ(files.policies.ladder().step_size(), 4);
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(files.policies.ladder().step(i).from_level(), i + 1);
    EXPECT_EQ(files.policies.ladder().step(i).to_level(), i + 2);
  }
  EXPECT_EQ(Text(files.policies.ladder().step(0).open_longer_than()), "1 D");
  EXPECT_EQ(Text(files.policies.ladder().step(1).open_longer_than()), "3 D");
  EXPECT_EQ(Text(files.policies.ladder().step(2).overdue_longer_than()), "3 WD");
  EXPECT_EQ(Text(files.policies.ladder().step(3).overdue_longer_than()), "7 WD");
}

// The defaults of 3.6.4. spec: O10
TEST(Warnings, AreRaisedFromTheseFiguresOn) {
  const PolicyFiles files = ShippedPolicies();
  const auto& rules = files.policies.warning().rule();
  ASSERT_EQ(rules.size(), 9);
  for (int i = 0; i < 9; ++i) {
    EXPECT_EQ(rules[i].id(), "W" + std::to_string(i + 1));
    EXPECT_EQ(rules[i].high(), rules[i].id() == "W4");
  }
  EXPECT_EQ(rules[0].matters(), 5);
  EXPECT_EQ(rules[0].days(), 7);
  EXPECT_EQ(rules[0].times_the_mean(), 3);
  EXPECT_EQ(rules[0].mean_weeks(), 8);
  EXPECT_EQ(rules[1].times(), 3);
  EXPECT_EQ(rules[1].days(), 30);
  EXPECT_EQ(rules[2].scale(), common::v1::S4_10_TO_49);
  EXPECT_EQ(rules[2].joint(), common::v1::S3_5_TO_9);
  EXPECT_EQ(rules[4].days(), 15);
  EXPECT_EQ(rules[5].percent(), 85);
  EXPECT_EQ(rules[5].matters(), 20);
  EXPECT_EQ(rules[6].days(), 7);
  EXPECT_EQ(rules[7].percent(), 50);
  EXPECT_EQ(rules[8].days(), 60);
  for (const auto& rule : files.policies.deadlines().rule()) {
    if (rule.id() != "DO-05") continue;
    EXPECT_EQ(Text(rule.urgent()), "2 UH");
  }
}

TEST(Incident, SuspendsForSixReasons) {
  const policy::v1::IncidentPolicy incident = ShippedPolicies().policies.incident();
  ASSERT_EQ(incident.suspend_reason_size(), 6);
  for (int i = 0; i < 6; ++i) EXPECT_EQ(incident.suspend_reason(i).code(), "S0" + std::to_string(i + 1));
  EXPECT_EQ(incident.self_handle_sample_percent(), 5);
  EXPECT_EQ(Text(incident.referral_pause_cap()), "45 D");
}

// Official statistics types with the periods of their laws.
TEST(DisputeTypes, HaveThePeriodOfTheirLaw) {
  const PolicyFiles files = ShippedPolicies();
  std::set<std::string> codes;
  for (const auto& type : files.policies.mediation().dispute_type()) {
    codes.insert(type.code());
    const std::string period = Text(type.period());
    if (type.code() == "D15") {
      EXPECT_EQ(period, "30 WD");
    } else if (type.code() == "D10" || type.code() == "D11") {
      EXPECT_EQ(period, "15 D");
    } else {
      EXPECT_EQ(period, "1 MO") << type.code();
    }
    EXPECT_EQ(type.pause_allowed(), type.code() == "D15") << type.code();
    EXPECT_GE(type.detail_zh_size(), 3) << type.code();
  }
  EXPECT_EQ(codes.size(), 18u);
  EXPECT_TRUE(codes.contains("D01") && codes.contains("D17") && codes.contains("D99"));
}

}  // namespace
}  // namespace reference
