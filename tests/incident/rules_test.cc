// Who may ask what, and when: every command in every status by every role, against a table written from the
// domain model (3.3.3), not from the code.
#include "services/incident/domain/rules.h"

#include <fstream>
#include <iterator>
#include <set>
#include <sstream>

#include "incident/v1/api.pb.h"
#include "tests/incident/world.h"
#include "tests/support/gate.h"

namespace incident {
namespace {

// One line of 3.3.3 as prose has it: "status…" and "who". `reporter`: who reported it, whatever the role.
struct Line {
  const char* command;
  const char* in;
  const char* who;
};
// I-numbers: 1 2 3 4 4 4 5 6 7 8a 8b 8c 9 10 10 10 11 11 11 11 12 13 14 15 16 17 18 19 20 23 24.
constexpr char kOpen[] = "REPORTED ACCEPTED DISPATCHED PROCESSING SUSPENDED PENDING_VERIFY REFERRED";
const Line kModel[] = {
    {"self_handle", "REPORTED", "GW GH"},
    {"supplement", kOpen, "GW GH TD CD CC DH VT HA reporter"},
    {"accept", "REPORTED", "GH TD CD CC"},
    {"reject", "REPORTED", "TD CD"},
    {"propose_rejection", "REPORTED", "GH"},
    {"appeal_rejection", "REJECTED", "reporter"},
    {"merge", "REPORTED ACCEPTED", "TD CD"},
    {"dispatch", "ACCEPTED", "GH TD CD CC"},
    {"take", "DISPATCHED", "DH VT GW GH"},
    {"request_return", "DISPATCHED", "DH DM"},
    {"approve_return", "DISPATCHED", "GH TD CD CC"},
    {"refuse_return", "DISPATCHED", "GH TD CD CC"},
    {"progress", "PROCESSING SUSPENDED", "DH VT GW GH"},
    {"request_extension", "PROCESSING", "DH DM"},
    {"approve_extension", "PROCESSING", "GH TD CD CC"},
    {"refuse_extension", "PROCESSING", "GH TD CD CC"},
    {"request_suspension", "PROCESSING", "DH DM"},
    {"approve_suspension", "PROCESSING", "GH TD CD CC"},
    {"refuse_suspension", "PROCESSING", "GH TD CD CC"},
    {"resume", "SUSPENDED", "DH DM GH TD CD CC"},
    {"escalate", "REPORTED ACCEPTED DISPATCHED PROCESSING", "GW GH TD CD DH DM"},
    {"send_down", "ACCEPTED", "TD CD CC"},
    {"complete", "PROCESSING", "DH VT GW GH"},
    {"verify_fail", "PENDING_VERIFY", "VF GW GH"},
    {"verify_pass", "PENDING_VERIFY", "VF TD"},
    {"verify_sample", "CLOSED EVALUATED", "VF TD"},
    {"evaluate", "MERGED CLOSED", "reporter"},  // a merged report's: once what it was merged into is closed
    {"reopen", "CLOSED EVALUATED", "TD CD SV"},
    {"refer_to_mediation", "ACCEPTED PROCESSING", "GH TD CD"},
    {"refer_to_petition", "ACCEPTED PROCESSING", "TD CD"},
    {"cancel", "REPORTED", "reporter"},
    {"archive", "EVALUATED", "TD"},
    {"classify_complex", "REPORTED ACCEPTED DISPATCHED PROCESSING PENDING_VERIFY", "CD"},
    {"recompute_clocks", kOpen, "CD CC"},
    {"confirm_service", "PROCESSING PENDING_VERIFY", "HA reporter"},
    {"record_attempt", "PROCESSING PENDING_VERIFY", "HA"},
    {"close_explained", "PENDING_VERIFY", "HA"},
};

std::set<std::string> Words(const std::string& text) {
  std::istringstream in(text);
  return {std::istream_iterator<std::string>(in), {}};
}

v1::Command Empty(std::string_view name) {
  v1::Command command;
  const auto* field = v1::Command::descriptor()->FindFieldByName(std::string(name));
  EXPECT_NE(field, nullptr) << name;
  if (field != nullptr) command.GetReflection()->MutableMessage(&command, field);
  return command;
}

// A matter in the grid, held at level 1, whose lead unit is "unit".
v1::State At(v1::Status status) {
  v1::State state;
  auto* m = state.mutable_incident();
  m->mutable_intake()->set_area_code(kGrid);
  m->mutable_reporter()->set_user_id("u-reporter");
  m->mutable_reporter()->set_query_code("ABCDEFGHJ");
  m->mutable_standing()->set_status(status);
  m->mutable_standing()->set_current_level(1);
  m->mutable_standing()->set_lead_org("unit");
  return state;
}

std::string AreaFor(kernel::v1::Role role) {
  switch (role) {
    case kernel::v1::ROLE_GW:
      return kGrid;
    case kernel::v1::ROLE_GH:
      return kVillage;
    case kernel::v1::ROLE_TD:
    case kernel::v1::ROLE_TL:
      return kTownship;
    case kernel::v1::ROLE_CC:
    case kernel::v1::ROLE_CYL:
    case kernel::v1::ROLE_HA:
      return kCity;
    default:
      return kCounty;
  }
}

std::optional<kernel::Refusal> Ask(const Line& line, v1::Status status, const Actor& actor) {
  static const Knowledge known = Known();
  const Rule* rule = FindRule(Empty(line.command).body_case());
  EXPECT_NE(rule, nullptr) << line.command;
  return rule == nullptr ? std::nullopt : Authorise(*rule, At(status), actor, known, "").refusal;
}

// spec: I2 I3 I4 I5 I6 I7 I8a I8b I8c I9 I10 I11 I12 I13 I14 I15 I16 I17 I18 I19 I20 I23 I24
TEST(Rules, AllowEachCommandInTheStatusesAndToTheRolesOfTheModelAndNobodyElse) {
  for (const Line& line : kModel) {
    const auto who = Words(line.who);
    const auto in = Words(line.in);
    for (int status = 1; status <= v1::Status_MAX; ++status) {
      const std::string status_name = v1::Status_Name(static_cast<v1::Status>(status));
      for (int role = 1; role <= kernel::v1::Role_MAX; ++role) {
        const std::string role_name = kernel::v1::Role_Name(static_cast<kernel::v1::Role>(role)).substr(5);
        if (role_name == "SYS") continue;
        const auto as = static_cast<kernel::v1::Role>(role);
        const auto refusal = Ask(line, static_cast<v1::Status>(status), ActorOf(as, "unit", AreaFor(as)));
        const std::string expected = !who.contains(role_name)   ? "role"
                                     : in.contains(status_name) ? ""
                                                                : "WRONG_STATUS";
        const std::string got = !refusal                                            ? ""
                                : refusal->code == kernel::RefusalCode::kNotAllowed ? "role"
                                                                                    : refusal->reason;
        EXPECT_EQ(got, expected) << line.command << " in " << status_name << " by " << role_name;
      }
    }
  }
}

TEST(Rules, LetTheReporterActByAccountOrByCodeOnly) {
  static const Knowledge known = Known();
  for (const Line& line : kModel) {
    const bool may = Words(line.who).contains("reporter");
    const auto status = [&] {
      v1::Status found = v1::REPORTED;
      v1::Status_Parse(*Words(line.in).begin(), &found);
      return found;
    }();
    const Rule& rule = *FindRule(Empty(line.command).body_case());
    const Actor by_account = ActorOf(kernel::v1::ROLE_PUB, "", "", "u-reporter");
    EXPECT_EQ(!Authorise(rule, At(status), by_account, known, "").refusal, may) << line.command;
    EXPECT_EQ(!Authorise(rule, At(status), Anybody(), known, "ABCDEFGHJ").refusal, may) << line.command;
    EXPECT_TRUE(Authorise(rule, At(status), Anybody(), known, "ABCDEFGHK").refusal) << line.command;
  }
}

TEST(Rules, RefuseADeskThatIsLowerThanWhoHoldsTheMatter) {
  static const Knowledge known = Known();
  v1::State state = At(v1::ACCEPTED);
  state.mutable_incident()->mutable_standing()->set_current_level(4);
  const auto refusal = Authorise(*FindRule(v1::Command::kDispatch), state, Td(), known, "").refusal;
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->reason, "LEVEL_TOO_LOW");
}

TEST(Rules, RefuseADeskOfAnotherArea) {
  static const Knowledge known = Known();
  const Actor elsewhere = ActorOf(kernel::v1::ROLE_CD, "371422-centre", kOtherCounty);
  const auto refusal =
      Authorise(*FindRule(v1::Command::kDispatch), At(v1::ACCEPTED), elsewhere, known, "").refusal;
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->reason, "OUTSIDE_AREA");
}

TEST(Rules, LetOnlyThePlatformItselfFireTimersAndHearNotices) {
  static const Knowledge known = Known();
  for (const Rule& rule : Rules()) {
    if (!rule.system) continue;
    EXPECT_TRUE(Authorise(rule, At(v1::ACCEPTED), Cc(), known, "").refusal) << CommandName(rule.command);
    EXPECT_FALSE(Authorise(rule, At(v1::ACCEPTED), Service("incident"), known, "").refusal)
        << CommandName(rule.command);
  }
}

TEST(Rules, HaveOneRowForEachCommandAndEveryCommandIsInTheModel) {
  std::set<std::string> rows,
      model{"report", "public_report", "start_campaign", "end_campaign", "complete_task"};
  for (const Rule& rule : Rules()) {
    EXPECT_TRUE(rows.insert(std::string(CommandName(rule.command))).second)
        << "two rows of " << CommandName(rule.command);
    if (rule.system) model.insert(std::string(CommandName(rule.command)));
  }
  for (const Line& line : kModel) model.insert(line.command);
  EXPECT_EQ(rows, model);
  const auto* command = v1::Command::descriptor();
  for (int i = 0; i < command->field_count(); ++i)
    EXPECT_TRUE(rows.contains(command->field(i)->name())) << command->field(i)->name();
}

// spec: 3.2
TEST(Rules, AdmitWhomTheMethodsAdmit) {
  tests::AskedBy table;
  for (const Rule& rule : Rules()) {
    table[std::string(CommandName(rule.command))] =
        tests::RolesIn(rule.desk | rule.unit | rule.area | rule.anywhere);
  }
  tests::ExpectGateAsTable("incident.v1.Incidents", *v1::Command::descriptor(), table);
}

// The README shows the rules as they are. After a change of the table, copy what this prints.
TEST(Rules, StandInTheReadmeAsTheyRun) {
  std::ifstream file("services/incident/README.md");
  const std::string readme{std::istreambuf_iterator<char>(file), {}};
  EXPECT_NE(readme.find(RulesAsMarkdown()), std::string::npos) << RulesAsMarkdown();
}

// Registry: a command is an RPC, a timer or a notice; and some test gives it.
TEST(Registry, EveryCommandHasAWayInAndATest) {
  const auto* service = v1::GetIncidentRequest::descriptor()->file()->FindServiceByName("Incidents");
  ASSERT_NE(service, nullptr);
  std::set<std::string> by_rpc;
  for (int i = 0; i < service->method_count(); ++i)
    by_rpc.insert(service->method(i)->input_type()->full_name());
  std::string tests;
  for (const char* name : {"campaign_test.cc", "closing_test.cc", "desk_test.cc", "dispatch_test.cc",
                           "handling_test.cc", "intake_test.cc", "overlay_test.cc", "world.h"}) {
    std::ifstream file("tests/incident/" + std::string(name));
    tests.append(std::istreambuf_iterator<char>(file), {});
  }
  const std::set<std::string> by_timer = {"check_clock",       "check_ladder",         "review_suspension",
                                          "cap_referral",      "inform_followers",     "review_long_term",
                                          "continue_campaign", "recompute_provisional"};
  const std::set<std::string> fired = {"clock/",       "\"ladder\"",       "suspension_review",
                                       "referral_cap", "inform_followers", "long_term_review",
                                       "\"campaign\"", "\"recompute\""};
  for (const std::string& timer : fired)
    EXPECT_NE(tests.find(timer), std::string::npos) << "no test fires " << timer;
  const auto* command = v1::Command::descriptor();
  for (int i = 0; i < command->field_count(); ++i) {
    const auto* field = command->field(i);
    const bool system = FindRule(static_cast<v1::Command::BodyCase>(field->number()))->system;
    EXPECT_NE(by_rpc.contains(field->message_type()->full_name()), system) << field->name();
    if (by_timer.contains(field->name())) continue;
    EXPECT_NE(tests.find(field->name() + " {"), std::string::npos) << "no test gives " << field->name();
  }
}

// Analysts and administrators work with numbers and accounts: a matter that their own unit leads is not theirs to read.
TEST(MaySee, IsNeverForWhoseWorkNeedsNoContent) {
  v1::Incident matter;
  matter.mutable_intake()->set_area_code("371403001001001");
  matter.mutable_standing()->set_lead_org("371403-centre");
  for (const auto role : {kernel::v1::ROLE_AN, kernel::v1::ROLE_SA, kernel::v1::ROLE_SE, kernel::v1::ROLE_AU}) {
    EXPECT_FALSE(MaySee(matter, ActorOf(role, "371403-centre", "371403"), Known())) << role;
  }
  EXPECT_TRUE(MaySee(matter, ActorOf(kernel::v1::ROLE_DH, "371403-centre", "371403"), Known()));
}

}  // namespace
}  // namespace incident
