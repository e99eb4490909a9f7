// policy/notifications.textproto, and what a wrong one is told.
// spec: A1
#include <absl/strings/str_cat.h>

#include <fstream>
#include <functional>
#include <set>
#include <sstream>

#include "tests/notify/notices.h"

namespace notify {
namespace {

std::string Said(const std::function<void(policy::v1::NotificationPolicy*)>& change) {
  auto policy = CityPolicy();
  change(&policy);
  const auto rules = Rules::From(policy);
  return rules.ok() ? "" : std::string(rules.status().message());
}
bool Names(const std::string& said, std::string_view what) { return said.find(what) != std::string::npos; }

TEST(Policy, OfTheCityHolds) { EXPECT_EQ(CityRules().policy().revision(), 8); }

// An instruction nobody reads, an order nobody answers, a rejection nobody hears of: the procedure names these.
TEST(Policy, TellsWhatTheProcedureSaysMustBeTold) {
  const Rules rules = CityRules();
  for (const char* topic :
       {"incident.rejected", "incident.dispatched", "incident.rework", "incident.escalated",
        "mediation.risk_reported", "mediation.referral_received", "mediation.ended", "mediation.breached",
        "petition.forwarded", "petition.accepted", "petition.not_accepted", "petition.opinion_issued",
        "petition.execution_due", "petition.urgent_reported", "oversight.reminded", "oversight.order_issued",
        "oversight.instructed", "oversight.instruction_distributed", "oversight.order_drafted",
        "oversight.order_answered", "oversight.request_refused", "oversight.leaders_request_refused",
        "oversight.instruction_withdrawn"}) {
    const auto* rule = rules.Find(topic);
    ASSERT_NE(rule, nullptr) << topic;
    EXPECT_FALSE(rule->to().empty()) << topic;
  }
}

TEST(Policy, DisturbsTheNightOnlyForWhatPutsPeopleAtRisk) {
  std::set<std::string> at_once;
  const auto policy = CityPolicy();
  for (const auto& rule : policy.rule()) {
    if (rule.urgent() == policy::v1::AT_ONCE) at_once.insert(rule.topic());
  }
  EXPECT_EQ(at_once,
            (std::set<std::string>{"incident.risk_raised", "mediation.risk_reported", "petition.urgent_reported"}));
}

// What is critical and nobody takes must not wait for the morning at any of its steps.
// spec: O1 R12 I1 3.6.3
TEST(Policy, LetsWhatIsCriticalWaitForNoMorning) {
  const Rules rules = CityRules();
  for (const char* topic : {"incident.reported", "incident.dispatched", "incident.escalated", "incident.overdue",
                            "oversight.reminded", "oversight.escalated"}) {
    ASSERT_NE(rules.Find(topic), nullptr) << topic;
    EXPECT_EQ(rules.Find(topic)->urgent(), policy::v1::BY_MATTER) << topic;
  }
}

TEST(Policy, ThatIsWrongIsRefusedByItsRow) {
  EXPECT_TRUE(Names(Said([](auto* p) { p->mutable_rule(0)->set_wording("NOWHERE"); }), "incident.reported"));
  EXPECT_TRUE(Names(Said([](auto* p) { *p->add_rule() = p->rule(0); }), "is there twice"));
  EXPECT_TRUE(Names(Said([](auto* p) { *p->add_wording() = p->wording(0); }), "is there twice"));
  EXPECT_TRUE(Names(Said([](auto* p) { p->mutable_wording(0)->clear_en(); }), "zh, en"));
  EXPECT_TRUE(Names(Said([](auto* p) { p->set_quiet_from("20.00"); }), "quiet_from"));
  EXPECT_TRUE(Names(Said([](auto* p) { p->set_quiet_to("24:00"); }), "quiet_to"));
  EXPECT_TRUE(Names(Said([](auto* p) { p->set_digest_threshold(0); }), "digest_threshold"));
  EXPECT_TRUE(Names(Said([](auto* p) { p->set_kept_days(0); }), "kept_days"));
  EXPECT_TRUE(Names(Said([](auto* p) { p->clear_revision(); }), "revision"));
  EXPECT_TRUE(Names(Said([](auto* p) { p->mutable_webhook()->set_timeout_seconds(0); }), "webhook.timeout_seconds"));
  EXPECT_TRUE(Names(Said([](auto* p) { p->mutable_rule(0)->mutable_to(0)->clear_whom(); }), "to.whom"));
  EXPECT_TRUE(
      Names(Said([](auto* p) { p->mutable_rule(0)->mutable_to(0)->set_circle(policy::v1::DUTY); }), "to.circle"));
  EXPECT_TRUE(Names(Said([](auto* p) { p->mutable_rule(0)->mutable_to(0)->clear_circle(); }), "to.circle"));
  EXPECT_TRUE(
      Names(Said([](auto* p) { p->mutable_rule(0)->mutable_to(0)->set_whom(policy::v1::OF_COUNTY); }), "to.circle"));
}

// spec: O8
TEST(Policy, GivesTheDisciplineLiaisonNoOtherCircle) {
  EXPECT_TRUE(Names(Said([](auto* p) { p->mutable_circle(0)->add_role(kernel::v1::ROLE_DI); }), "DESK"));
}

// Its own circle hears what oversight addresses to the unit; a row about a petition would show an accusation.
// spec: O8
TEST(Policy, TellsTheDisciplineLiaisonNothingOfPetitions) {
  const auto told = [](std::string_view topic, policy::v1::Whom whom) {
    return Said([&](auto* p) {
      for (auto& rule : *p->mutable_rule()) {
        if (rule.topic() != topic) continue;
        rule.mutable_to(0)->set_whom(whom);
        rule.mutable_to(0)->set_circle(policy::v1::DISCIPLINE);
      }
    });
  };
  EXPECT_TRUE(Names(told("petition.forwarded", policy::v1::HOLDER), "DISCIPLINE"));
  EXPECT_TRUE(Names(told("petition.forwarded", policy::v1::ADDRESSEE), "DISCIPLINE"));
  EXPECT_TRUE(Names(told("incident.dispatched", policy::v1::HOLDER), "DISCIPLINE"));
  EXPECT_TRUE(Names(told("oversight.reminded", policy::v1::HOLDER), "DISCIPLINE"));
  EXPECT_EQ(told("oversight.listed", policy::v1::ADDRESSEE), "");
  const auto joined = Said([](auto* p) {
    for (auto& circle : *p->mutable_circle()) {
      if (circle.circle() == policy::v1::DISCIPLINE) circle.add_role(kernel::v1::ROLE_PO);
    }
  });
  EXPECT_TRUE(Names(joined, "DISCIPLINE"));
}

// The table in the README is the policy itself.
std::string Table() {
  std::string table = "| topic | told to | when |\n| --- | --- | --- |\n";
  const auto policy = CityPolicy();
  for (const auto& rule : policy.rule()) {
    std::string to;
    for (const auto& audience : rule.to()) {
      absl::StrAppend(&to, to.empty() ? "" : ", ", Whom_Name(audience.whom()));
      if (audience.circle() != policy::v1::CIRCLE_UNSPECIFIED) {
        absl::StrAppend(&to, " ", Circle_Name(audience.circle()));
      }
      for (const int card : audience.card()) {
        absl::StrAppend(&to, " of ", common::v1::Card_Name(static_cast<common::v1::Card>(card)));
      }
      if (audience.demanded()) absl::StrAppend(&to, " if demanded");
      if (audience.pressing()) absl::StrAppend(&to, " if critical");
      if (audience.unsolved()) absl::StrAppend(&to, " if not solved");
    }
    const char* when = rule.urgent() == policy::v1::AT_ONCE     ? "at once"
                       : rule.urgent() == policy::v1::BY_MATTER ? "at once if critical"
                                                                : "by day";
    std::string alone;
    for (const int card : rule.alone()) {
      absl::StrAppend(&alone, alone.empty() ? "; alone if " : ", ",
                      common::v1::Card_Name(static_cast<common::v1::Card>(card)));
    }
    absl::StrAppend(&table, "| `", rule.topic(), "` | ", to, " | ", when, alone, " |\n");
  }
  return table;
}

TEST(Policy, StandsInTheReadme) {
  std::ifstream file("services/notify/README.md");
  std::stringstream text;
  text << file.rdbuf();
  EXPECT_NE(text.str().find(Table()), std::string::npos) << "the table is now:\n" << Table();
}

}  // namespace
}  // namespace notify
