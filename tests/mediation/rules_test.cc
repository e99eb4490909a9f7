// The rules table against an expectation written down independently, for every command, status and role; and
// the README, whose table is the code's own.
#include "services/mediation/domain/rules.h"

#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "tests/mediation/case_world.h"
#include "tests/support/gate.h"

namespace mediation {
namespace {

using namespace kernel::v1;  // NOLINT
using v1::Command;

struct Expectation {
  std::set<v1::CaseStatus> in;
  std::set<Role> who;
};
const std::set<v1::CaseStatus> kLive = {v1::REGISTERED, v1::SEEKING_CONSENT, v1::ACCEPTED, v1::ASSIGNED,
                                        v1::MEDIATING,  v1::PAUSED,          v1::AGREED,   v1::EFFECTIVE};
const std::set<v1::CaseStatus> kEverButArchived = {
    v1::REGISTERED, v1::SEEKING_CONSENT, v1::ACCEPTED,  v1::ASSIGNED, v1::MEDIATING, v1::PAUSED,
    v1::AGREED,     v1::EFFECTIVE,       v1::COMPLETED, v1::ENDED,    v1::REFUSED};

// From the procedure (transitions M1 to M25), not from the code.
const std::map<std::string, Expectation> kExpected = {
    {"apply", {{}, {ROLE_PUB, ROLE_MR}}},
    {"register_ex_officio", {{}, {ROLE_MD, ROLE_MC, ROLE_MR}}},
    {"receive_referral", {{}, {ROLE_CT, ROLE_MR, ROLE_PO}}},
    {"complete_intake", {{v1::REGISTERED}, {ROLE_MR, ROLE_MC}}},
    {"ask_consent", {{v1::REGISTERED, v1::SEEKING_CONSENT}, {ROLE_MR, ROLE_MC}}},
    {"record_consent", {{v1::REGISTERED, v1::SEEKING_CONSENT}, {ROLE_MR, ROLE_MC, ROLE_PUB}}},
    {"serve_rights_notice",
     {{v1::REGISTERED, v1::SEEKING_CONSENT, v1::ACCEPTED, v1::ASSIGNED, v1::MEDIATING, v1::PAUSED},
      {ROLE_MR, ROLE_MC, ROLE_MD}}},
    {"record_full_age", {kLive, {ROLE_MR, ROLE_MC, ROLE_MD}}},
    {"record_wish",
     {{v1::REGISTERED, v1::SEEKING_CONSENT, v1::ACCEPTED, v1::ASSIGNED, v1::MEDIATING, v1::PAUSED},
      {ROLE_PUB, ROLE_MR, ROLE_MD}}},
    {"accept", {{v1::REGISTERED, v1::SEEKING_CONSENT}, {ROLE_MR, ROLE_MC}}},
    {"refuse", {{v1::REGISTERED, v1::SEEKING_CONSENT}, {ROLE_MR, ROLE_MC}}},
    {"choose_mediator", {{v1::ACCEPTED}, {ROLE_PUB, ROLE_MR}}},
    {"assign", {{v1::ACCEPTED}, {ROLE_MC}}},
    {"hold_session", {{v1::ASSIGNED, v1::MEDIATING}, {ROLE_MD}}},
    {"investigate", {{v1::ASSIGNED, v1::MEDIATING}, {ROLE_MD}}},
    {"draft_agreement", {{v1::MEDIATING}, {ROLE_MD}}},
    {"sign", {{v1::AGREED}, {ROLE_PUB, ROLE_MD}}},
    {"seal", {{v1::AGREED}, {ROLE_MC}}},
    {"record_oral", {{v1::MEDIATING}, {ROLE_MD}}},
    {"end", {kLive, {ROLE_MC, ROLE_MD, ROLE_PUB}}},
    {"request_recusal", {{v1::ASSIGNED, v1::MEDIATING, v1::PAUSED}, {ROLE_PUB, ROLE_MD, ROLE_MR}}},
    {"decide_recusal", {{v1::ASSIGNED, v1::MEDIATING, v1::PAUSED}, {ROLE_MC}}},
    {"replace_mediator", {{v1::ASSIGNED, v1::MEDIATING, v1::PAUSED, v1::EFFECTIVE}, {ROLE_MC}}},
    {"pause", {{v1::MEDIATING}, {ROLE_MC}}},
    {"resume", {{v1::PAUSED}, {ROLE_MC}}},
    {"extend", {{v1::MEDIATING, v1::PAUSED}, {ROLE_MD}}},
    {"report_risk", {kLive, {ROLE_MD, ROLE_MC, ROLE_MR}}},
    {"reconsider", {{v1::AGREED}, {ROLE_PUB, ROLE_MD}}},
    {"perform", {{v1::EFFECTIVE}, {ROLE_MD, ROLE_PUB}}},
    {"follow_up", {{v1::EFFECTIVE}, {ROLE_MD, ROLE_GW}}},
    {"report_breach", {{v1::EFFECTIVE}, {ROLE_MD, ROLE_PUB}}},
    {"remediate", {{v1::EFFECTIVE}, {ROLE_MD}}},
    {"apply_confirmation", {{v1::EFFECTIVE}, {ROLE_PUB, ROLE_MR}}},
    {"record_confirmation", {{v1::EFFECTIVE}, {ROLE_CT, ROLE_MR}}},
    {"complete", {{v1::EFFECTIVE}, {ROLE_MC}}},
    {"file_document", {kEverButArchived, {ROLE_MR, ROLE_MC, ROLE_MD}}},
    {"archive", {{v1::COMPLETED, v1::ENDED, v1::REFUSED}, {ROLE_MC}}},
    {"transfer_up",
     {{v1::REGISTERED, v1::SEEKING_CONSENT, v1::ACCEPTED, v1::ASSIGNED, v1::MEDIATING, v1::PAUSED}, {ROLE_MC}}},
};

// An actor of this role who stands as near to the case as anybody can: of its committee, its mediator, its
// party.
Actor Nearest(Role role) {
  return ActorOf(role, "v-committee", "371403001002", role == ROLE_PUB ? "ua" : "md1");
}

v1::State CaseIn(v1::CaseStatus status) {
  v1::State state;
  state.set_status(status);
  state.set_committee_org("v-committee");
  state.set_committee_area("371403001002");
  state.set_area_code("371403001002");
  state.add_mediator_user_id("md1");
  state.add_party()->mutable_person()->set_user_id("ua");
  return state;
}

// spec: M1 M2 M3 M4 M5 M6 M7 M8 M9 M10 M11 M12 M13 M14 M15 M16 M17 M18 M19 M20 M21 M22 M23 M24 M25
TEST(Rules, AdmitExactlyWhoAndWhenTheProcedureSays) {
  const auto reference = tests::Learned();
  for (const Rule& rule : Rules()) {
    const std::string name(CommandName(rule.command));
    const auto expected = kExpected.find(name);
    Command command;
    const auto* field = Command::descriptor()->FindFieldByName(name);
    command.GetReflection()->MutableMessage(&command, field);
    for (int s = 0; s <= v1::ARCHIVED; ++s) {
      const auto status = static_cast<v1::CaseStatus>(s);
      for (int r = ROLE_PUB; r < ROLE_SYS; ++r) {
        const auto role = static_cast<Role>(r);
        const Actor actor = Nearest(role);
        const v1::State state = CaseIn(status);
        const bool permitted =
            !Permit(rule, state, actor) &&
            Bind(rule, {state.committee_org(), state.committee_area(), &state, reference}, actor).has_value();
        const bool creates = expected != kExpected.end() && expected->second.in.empty();
        const bool wanted =
            expected != kExpected.end() && expected->second.who.contains(role) &&
            (creates ? status == v1::CASE_STATUS_UNSPECIFIED : expected->second.in.contains(status));
        EXPECT_EQ(permitted, wanted) << name << " by " << Role_Name(role) << " while "
                                     << v1::CaseStatus_Name(status);
        kernel::CommandContext<v1::State> ctx;
        ctx.actor = &actor;
        if (!wanted) {
          EXPECT_TRUE(MediationDomain::Decide(state, command, ctx, reference).refusal) << name;
        }
      }
    }
  }
}

TEST(Rules, KnowEveryCommandOnce) {
  std::set<int> seen;
  for (const Rule& rule : Rules()) EXPECT_TRUE(seen.insert(rule.command).second) << CommandName(rule.command);
  EXPECT_EQ(seen.size(), static_cast<size_t>(Command::descriptor()->field_count()));
}

TEST(Rules, RefuseInAFixedOrder) {  // it exists, role, place, status
  const Actor nobody = ActorOf(ROLE_GW, "g", "371403001002");
  Case(tests::Learned(), "none").When("accept {}", nobody, kMonday).ThenRefused(RefusalCode::kNotFound);
  Case c = AcceptedCase();
  c.When("accept {}", nobody, kMonday)
      .ThenRefused(RefusalCode::kNotAllowed)
      .When(kAccept, ActorOf(ROLE_MR, "other-committee", "371482"), kMonday)
      .ThenRefused(RefusalCode::kNotAllowed)  // of the status an outsider hears nothing
      .When("assign {}", ActorOf(ROLE_MC, "other-committee", "371482"), kMonday)
      .ThenRefused(RefusalCode::kNotAllowed);
}

TEST(Rules, TellWhatTheCallerMayDoNow) {
  Case c = AcceptedCase();
  EXPECT_EQ(AllowedCommands(c.state(), Chair(), tests::Learned()),
            (std::vector<std::string>{"serveRightsNotice", "assign", "reportRisk", "end", "fileDocument",
                                      "transferUp"}));
  EXPECT_EQ(AllowedCommands(c.state(), Resident("ua"), tests::Learned()),
            (std::vector<std::string>{"recordWish", "chooseMediator", "end"}));
  EXPECT_TRUE(AllowedCommands(c.state(), Resident("stranger"), tests::Learned()).empty());
}

TEST(MaySee, IsForTheLineTheMediatorsAndTheParties) {
  Case c = AssignedCase();
  for (const Actor& actor : {Chair(), Mediator(), Resident("ub"), ActorOf(ROLE_CD, "c-centre", "371403"),
                             ActorOf(ROLE_TL, "", "371403001")}) {
    EXPECT_TRUE(MaySee(c.state(), actor, tests::Learned())) << actor.ShortDebugString();
  }
  for (const Actor& actor :
       {Resident("stranger"), ActorOf(ROLE_MC, "other-committee", "371482"),
        ActorOf(ROLE_TL, "", "371403100"), ActorOf(ROLE_SA, "", "3714"), ActorOf(ROLE_DH, "x", "371403")}) {
    EXPECT_FALSE(MaySee(c.state(), actor, tests::Learned())) << actor.ShortDebugString();
  }
}

// The chair of a county committee could read what was said in every village's mediation room, and reveal the parties.
TEST(MaySee, EndsForOtherCommitteesOfTheLineWhenMediationBegins) {
  Case c = AssignedCase();
  const Actor county = ActorOf(ROLE_MC, "c-committee", "371403");
  EXPECT_TRUE(MaySee(c.state(), county, tests::Learned()));  // may still help with the intake
  v1::State begun = c.state();
  for (const auto status : {v1::MEDIATING, v1::AGREED, v1::EFFECTIVE, v1::ENDED}) {
    begun.set_status(status);
    EXPECT_FALSE(MaySee(begun, county, tests::Learned())) << status;
    EXPECT_FALSE(MaySee(begun, ActorOf(ROLE_MR, "c-committee", "371403"), tests::Learned())) << status;
    EXPECT_TRUE(MaySee(begun, Chair(), tests::Learned())) << status;
  }
}

// spec: 3.2
TEST(Rules, AdmitWhomTheMethodsAdmit) {
  tests::ExpectGateAsTable("mediation.v1.Mediation", *Command::descriptor(), tests::RolesOf(Rules(), CommandName));
}

std::string Table() {
  static const char* const kPlaces[] = {"",          "anyone",   "own party", "line",
                                        "committee", "mediator", "village",   "platform"};
  std::ostringstream out;
  out << "| command | step | while the case is | asked by |\n| --- | --- | --- | --- |\n";
  for (const Rule& rule : Rules()) {
    out << "| " << CommandName(rule.command) << " | " << rule.transition << " | ";
    std::string in;
    for (int s = 0; rule.in != 0xffffffff && s <= v1::ARCHIVED; ++s) {
      if ((rule.in >> s & 1) == 0) continue;
      in += (in.empty() ? "" : ", ") + (s == 0 ? "new" : v1::CaseStatus_Name(static_cast<v1::CaseStatus>(s)));
    }
    out << (in.empty() ? "any" : in) << " | ";
    std::string who;
    for (const Asker& asker : rule.askers) {
      if (asker.where == Where::kNobody) continue;
      who += (who.empty() ? "" : ", ") + Role_Name(asker.role).substr(5) + " (" +
             kPlaces[static_cast<int>(asker.where)] + ")";
    }
    out << who << " |\n";
  }
  return out.str();
}

TEST(Readme, ShowsTheTableOfTheCode) {
  std::ifstream file("services/mediation/README.md");
  std::stringstream text;
  text << file.rdbuf();
  EXPECT_NE(text.str().find(Table()), std::string::npos)
      << "the table in services/mediation/README.md should read:\n"
      << Table();
}

}  // namespace
}  // namespace mediation
