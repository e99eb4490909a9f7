// The rules table against an expectation written down independently, for every command, status and role; and
// the README, whose table is the code's own.
#include "services/petition/domain/rules.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "services/kernel/refusals.h"
#include "tests/petition/petition_world.h"
#include "tests/support/gate.h"

namespace petition {
namespace {

using v1::Command;
using Statuses = std::set<v1::PetitionStatus>;

struct Expectation {
  Statuses in;
  std::set<Role> who;
  std::set<Role> at_desk = {};  // these only while it lies undecided at the office
  std::set<Role> handled = {};  // these only while no body above reviews it
  std::set<Role> until_the_end = {};
};
const Statuses kAtDesk = {v1::REGISTERED, v1::RECEIVED_BY_UNIT};
const Statuses kOpenOnes = {v1::REGISTERED,       v1::FORWARDED,      v1::RECEIVED_BY_UNIT,   v1::OBJECTED,
                            v1::ACCEPTED,         v1::OPINION_ISSUED, v1::DELIVERED,          v1::REVIEWING,
                            v1::REVIEW_DELIVERED, v1::RECHECKING,     v1::SUGGESTION_HANDLING};
const Statuses kAnsweredOnes = {v1::DELIVERED, v1::REVIEWING, v1::REVIEW_DELIVERED, v1::RECHECKING,
                                v1::FINAL,     v1::CLOSED,    v1::NOT_ACCEPTED,     v1::REDIRECTED,
                                v1::REPLIED,   v1::SETTLED};
Statuses Both(Statuses a, const Statuses& b) {
  a.insert(b.begin(), b.end());
  return a;
}
const Statuses kAny = Both(kOpenOnes, kAnsweredOnes);
const Statuses kEndedOnes = {v1::FINAL,   v1::CLOSED,  v1::NOT_ACCEPTED, v1::REDIRECTED,
                             v1::REPLIED, v1::SETTLED, v1::WITHDRAWN,    v1::MERGED};

// From the procedure (transitions P1 to P31), not from the code.
const std::map<std::string, Expectation> kExpected = {
    {"register", {{}, {ROLE_PUB, ROLE_PC, ROLE_PH, ROLE_LD}}},
    {"complete_intake", {{v1::REGISTERED}, {ROLE_PC, ROLE_PO, ROLE_PH}}},
    {"retype", {Both(kOpenOnes, kEndedOnes), {ROLE_PC, ROLE_PO, ROLE_PH}, {}, {}, {ROLE_PH}}},
    {"confirm_type", {{v1::REGISTERED}, {ROLE_PC, ROLE_PO}}},
    {"mark_urgent",
     {Both(kAtDesk, {v1::FORWARDED, v1::OBJECTED, v1::ACCEPTED}), {ROLE_PC, ROLE_PO, ROLE_PH}}},
    {"link_repeat", {kAtDesk, {ROLE_PC, ROLE_PO, ROLE_PH}}},
    {"merge_copy", {{v1::REGISTERED}, {ROLE_PC, ROLE_PO}}},
    {"forward", {{v1::REGISTERED}, {ROLE_PO, ROLE_PH}}},
    {"extend_report", {kAny, {ROLE_PO, ROLE_DM}}},
    {"report_completion", {kAny, {ROLE_PH, ROLE_DM}}},
    {"confirm_receipt", {{v1::FORWARDED}, {ROLE_PH}}},
    {"object", {{v1::RECEIVED_BY_UNIT}, {ROLE_DM}}},
    {"decide_objection", {{v1::OBJECTED}, {ROLE_PO, ROLE_DM}}},
    {"raise_dispute", {kAtDesk, {ROLE_PH, ROLE_PO}, {ROLE_PO}}},
    {"decide_dispute", {kAtDesk, {ROLE_PO}}},
    {"accept", {kAtDesk, {ROLE_PH, ROLE_PO}, {ROLE_PO}}},
    {"refuse_acceptance", {kAtDesk, {ROLE_PH, ROLE_PO}, {ROLE_PO}}},
    {"redirect", {kAtDesk, {ROLE_PH, ROLE_PO}, {ROLE_PO}}},
    {"transfer_to_discipline", {{v1::REGISTERED}, {ROLE_PO}}},
    {"receive_sealed", {{v1::SEALED}, {ROLE_DI}}},
    {"study", {kAtDesk, {ROLE_PH, ROLE_PO}, {ROLE_PO}}},
    {"reply_suggestion", {{v1::SUGGESTION_HANDLING}, {ROLE_PH, ROLE_PO}}},
    {"record_progress", {{v1::ACCEPTED}, {ROLE_PH}}},
    {"call_hearing", {{v1::ACCEPTED, v1::RECHECKING}, {ROLE_DM, ROLE_RV, ROLE_PO}}},
    {"hold_hearing", {{v1::ACCEPTED}, {ROLE_PH, ROLE_DM}}},
    {"extend", {{v1::ACCEPTED}, {ROLE_DM}}},
    {"refer_to_mediation", {{v1::ACCEPTED}, {ROLE_PH, ROLE_PO}}},
    {"record_settlement", {{v1::ACCEPTED, v1::OPINION_ISSUED, v1::DELIVERED}, {ROLE_PH}}},
    {"draft_opinion", {{v1::ACCEPTED}, {ROLE_PH}}},
    {"issue_opinion", {{v1::ACCEPTED}, {ROLE_DM}}},
    {"conclude_procedure", {{v1::ACCEPTED}, {ROLE_PH, ROLE_DM}}},
    {"deliver",
     {{v1::OPINION_ISSUED, v1::REVIEWING, v1::RECHECKING}, {ROLE_PC, ROLE_PH, ROLE_RV, ROLE_PO}, {}, {ROLE_PH}}},
    {"record_execution",
     {{v1::DELIVERED, v1::REVIEWING, v1::REVIEW_DELIVERED, v1::RECHECKING, v1::FINAL, v1::CLOSED, v1::WITHDRAWN},
      {ROLE_PH, ROLE_DM}}},
    {"request_review", {{v1::DELIVERED, v1::CLOSED}, {ROLE_PUB, ROLE_PC}}},
    {"decide_review_request", {{v1::REVIEWING, v1::RECHECKING}, {ROLE_RV, ROLE_PO}}},
    {"issue_review", {{v1::REVIEWING}, {ROLE_RV, ROLE_PO}}},
    {"request_recheck", {{v1::REVIEW_DELIVERED, v1::CLOSED}, {ROLE_PUB, ROLE_PC}}},
    {"start_hearing", {{v1::RECHECKING}, {ROLE_RV, ROLE_PO}}},
    {"end_hearing", {{v1::RECHECKING}, {ROLE_RV, ROLE_PO}}},
    {"issue_recheck", {{v1::RECHECKING}, {ROLE_RV, ROLE_PO}}},
    {"withdraw", {kOpenOnes, {ROLE_PUB, ROLE_PC}}},
    {"correct_people", {kOpenOnes, {ROLE_PC, ROLE_PH}}},
    {"record_death", {kOpenOnes, {ROLE_PC}}},
    {"record_successor", {kOpenOnes, {ROLE_PC}}},
    {"terminate", {kOpenOnes, {ROLE_PO, ROLE_RV}}},
    {"propose_leader", {kAny, {ROLE_PO}}},
    {"accept_lead", {kAny, {ROLE_CL, ROLE_TL, ROLE_LD}}},
    {"record_lead", {kAny, {ROLE_CL, ROLE_TL, ROLE_LD}}},
    {"list_backlog", {kAny, {ROLE_PO}}},
    {"propose_write_off", {kAny, {ROLE_PO}}},
    {"confirm_write_off", {kAny, {ROLE_PO}}},
    {"suggest", {kAny, {ROLE_PO}}},
    {"answer_suggestion", {kAny, {ROLE_PH, ROLE_DM}}},
    {"evaluate", {kAnsweredOnes, {ROLE_PUB}}},
    {"record_reception", {{}, {ROLE_LD, ROLE_PC, ROLE_CL, ROLE_TL}}},
};

// An actor of this role who stands as near to the petition as anybody can: of its office, its unit, its
// discipline organ, the city's reviewer, its petitioner and its case leader at once.
Actor Nearest(Role role) {
  Actor actor = ActorOf(role, "c-petition", "3714", "u1");
  *actor.add_grant() = ActorOf(role, "c-hrss", "371403").grant(0);
  *actor.add_grant() = ActorOf(role, "c-discipline", "371403").grant(0);
  return actor;
}

v1::State PetitionIn(v1::PetitionStatus status) {
  v1::State state;
  state.set_status(status);
  state.set_type(status == v1::SEALED ? v1::ACCUSATION : v1::REQUEST);
  state.set_office_org("c-petition");
  state.set_office_area("371403");
  state.set_unit_org("c-hrss");
  if (status == v1::SEALED) state.set_discipline_org("c-discipline");
  state.add_petitioner()->mutable_person()->set_user_id("u1");
  state.mutable_leader()->set_user_id("u1");
  auto* stage = state.add_stage();
  stage->set_kind(v1::REVIEW);
  stage->set_body_external(true);
  return state;
}

// spec: P1 P2 P3 P4 P5 P6 P7 P8 P9 P10 P11 P12 P13 P14 P15 P16 P17 P18 P19 P21 P22 P23 P24 P25 P27 P28 P29
// P30 P31
TEST(Rules, AdmitExactlyWhoAndWhenTheProcedureSays) {
  const auto reference = City();
  for (const Rule& rule : Rules()) {
    const std::string name(CommandName(rule.command));
    const auto expected = kExpected.find(name);
    Command command;
    command.GetReflection()->MutableMessage(&command, Command::descriptor()->FindFieldByName(name));
    for (int s = 0; s <= v1::MERGED; ++s) {
      const auto status = static_cast<v1::PetitionStatus>(s);
      const v1::State state = PetitionIn(status);
      for (int r = ROLE_PUB; r < ROLE_SYS; ++r) {
        const auto role = static_cast<Role>(r);
        const Actor actor = Nearest(role);
        const bool permitted =
            !Permit(rule, state, actor) &&
            Bind(rule, {state.office_org(), state.office_area(), &state}, actor).has_value();
        const bool creates = expected != kExpected.end() && expected->second.in.empty();
        const bool wanted =
            expected != kExpected.end() && expected->second.who.contains(role) &&
            (creates ? status == v1::PETITION_STATUS_UNSPECIFIED : expected->second.in.contains(status)) &&
            (status == v1::REGISTERED || !expected->second.at_desk.contains(role)) &&
            ((status != v1::REVIEWING && status != v1::RECHECKING) || !expected->second.handled.contains(role)) &&
            !(kEndedOnes.contains(status) && expected->second.until_the_end.contains(role));
        EXPECT_EQ(permitted, wanted) << name << " by " << Role_Name(role) << " while "
                                     << v1::PetitionStatus_Name(status);
        kernel::CommandContext<v1::State> ctx;
        ctx.actor = &actor;
        if (!wanted) {
          EXPECT_TRUE(PetitionDomain::Decide(state, command, ctx, reference).refusal) << name;
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

// An outsider was told the version of a petition, and by the order of refusals its status.
TEST(Rules, RefuseInAFixedOrder) {  // existence, role, status, place
  const Actor nobody = ActorOf(ROLE_GW, "g", "371403001002", "gw1");
  Matter(City(), "none").When("accept {}", nobody, kMonday).ThenRefused("NO_SUCH_MATTER");
  Matter m(At::kAccepted);
  const Actor housing = ActorOf(ROLE_PH, "c-housing", "371403", "ph2");
  for (const Actor& outsider : {nobody, housing, Resident("stranger")}) {
    for (const std::string& command : {kAccept, kHeard, std::string("confirm_receipt {}")}) {
      m.When(command, outsider, kMonday).ThenRefused(RefusalCode::kNotFound, "NO_SUCH_MATTER");
    }
  }
  m.When(kAccept, Leader(), kMonday).ThenRefused(RefusalCode::kNotAllowed);
  m.When(kAccept, Handler(), kMonday).ThenRefused(RefusalCode::kWrongStatus);
  m.When(kHeard, ActorOf(ROLE_PH, "c-petition", "371403", "ph3"), kMonday)
      .ThenRefused(RefusalCode::kNotAllowed);
}

// "Not in the present status": which one that was, nobody was told.
TEST(Rules, NameTheStatusThatDoesNotFit) {
  Matter m(At::kAccepted);
  m.When(kReceive, Handler(), kMonday).ThenRefused(RefusalCode::kWrongStatus, "WRONG_STATUS");
  EXPECT_EQ(m.refusal()->metadata.at("status"), "ACCEPTED");
  m.When("retype { type: SUGGESTION reason: '类型有误' }", Office(), kMonday).ThenRefused("WRONG_STATUS");
  EXPECT_EQ(m.refusal()->metadata.at("status"), "ACCEPTED");
}

TEST(Rules, TellWhatTheCallerMayDoNow) {
  Matter m(At::kDelivered);
  EXPECT_EQ(AllowedCommands(m.state(), Resident()),
            (std::vector<std::string>{"requestReview", "withdraw", "evaluate"}));
  EXPECT_TRUE(AllowedCommands(m.state(), Resident("stranger")).empty());
}

// What was done already was still offered, and refused to whoever tried.
TEST(Rules, OfferNothingTwice) {
  const auto offered = [](Matter& m, const Actor& actor, const char* verb) {
    return std::ranges::count(AllowedCommands(m.state(), actor), verb) > 0;
  };
  Matter review(At::kReviewing);
  EXPECT_TRUE(offered(review, CityReviewer(), "issueReview"));
  EXPECT_FALSE(offered(review, CityReviewer(), "deliver"));
  review.When(ReviewText(), CityReviewer(), kMonday);
  EXPECT_FALSE(offered(review, CityReviewer(), "issueReview"));
  EXPECT_TRUE(offered(review, CityReviewer(), "deliver"));
  EXPECT_FALSE(offered(review, Handler(), "deliver"));
  Matter recheck(At::kRechecking);
  EXPECT_TRUE(offered(recheck, Rechecker(), "endHearing"));  // the province holds it there: it is entered afterwards
  EXPECT_FALSE(offered(review, Rechecker(), "endHearing"));
  recheck.When(CallText(kMonday + 1), Rechecker(), kMonday).When("start_hearing {}", Rechecker(), kMonday + 1);
  EXPECT_TRUE(offered(recheck, Rechecker(), "endHearing"));
  EXPECT_FALSE(offered(recheck, Rechecker(), "startHearing"));
  EXPECT_FALSE(offered(recheck, Rechecker(), "issueRecheck"));
  recheck.When("end_hearing { hearing { presider: 'vault:p' member: 'vault:m' record: '听证' conclusion: '结论' } }",
               Rechecker(), kMonday + 2);
  EXPECT_TRUE(offered(recheck, Rechecker(), "issueRecheck"));
  recheck.When(RecheckText(), Rechecker(), kMonday + 2);
  ASSERT_FALSE(recheck.refusal());
  for (const char* verb : {"endHearing", "startHearing", "callHearing", "issueRecheck"})
    EXPECT_FALSE(offered(recheck, Rechecker(), verb)) << verb;
}

TEST(Refusals, OfNothingAreTheKernelsOwn) {
  const kernel::Refusal ours = NoSuchMatter(), theirs = kernel::NoSuchMatter();
  EXPECT_EQ(ours.code, theirs.code);
  EXPECT_EQ(ours.reason, theirs.reason);
  EXPECT_EQ(ours.field, theirs.field);
  EXPECT_EQ(ours.message_zh, theirs.message_zh);
  EXPECT_EQ(ours.message_en, theirs.message_en);
  EXPECT_EQ(ours.metadata, theirs.metadata);
}

TEST(MaySee, IsForTheLineTheUnitsTheReviewersAndThePetitioners) {
  Matter m(At::kReviewing);
  for (const Actor& actor :
       {Clerk(), Office(), Handler(), Head(), CityReviewer(), CityOffice(), Resident(), Leader()}) {
    EXPECT_TRUE(MaySee(m.state(), actor)) << actor.ShortDebugString();
  }
  for (const Actor& actor : {Resident("stranger"), ActorOf(ROLE_PO, "other-petition", "371482", "x"),
                             ActorOf(ROLE_PH, "c-housing", "371403", "x"), ActorOf(ROLE_SA, "", "3714", "x"),
                             Discipline(), ActorOf(ROLE_CD, "c-centre", "371403", "x")}) {
    EXPECT_FALSE(MaySee(m.state(), actor)) << actor.ShortDebugString();
  }
}

// A leader of another county whose account names no unit saw every petition that had none yet.
TEST(MaySee, OfAGrantWithoutAUnitIsByItsAreaOnly) {
  Matter m(At::kRegistered);
  ASSERT_TRUE(m.state().unit_org().empty());
  for (const auto role : {ROLE_PC, ROLE_PO, ROLE_TL, ROLE_CL, ROLE_CYL, ROLE_SV, ROLE_PH, ROLE_DM, ROLE_RV}) {
    EXPECT_FALSE(MaySee(m.state(), ActorOf(role, "", "371482", "x"))) << Role_Name(role);
  }
  EXPECT_TRUE(MaySee(m.state(), ActorOf(ROLE_CL, "", "371403", "x")));
}

// A handler was offered to seal what turned out to be an accusation, and refused at the gate.
// spec: 3.2
TEST(Rules, AdmitWhomTheMethodsAdmit) {
  tests::ExpectGateAsTable("petition.v1.Petitions", *Command::descriptor(), tests::RolesOf(Rules(), CommandName));
}

std::string Table() {
  static const char* const kPlaces[] = {
      "",     "anyone", "own petition",   "office",           "desk",
      "line", "unit",   "unit, until the end", "reviewing body", "for the province", "discipline organ",
      "city", "named",  "platform",            "line; of a review, the body", "unit; of a review, nobody",
      "asked"};
  std::ostringstream out;
  out << "| command | step | while the petition is | asked by |\n| --- | --- | --- | --- |\n";
  for (const Rule& rule : Rules()) {
    out << "| " << CommandName(rule.command) << " | " << rule.transition << " | ";
    std::string in;
    int count = 0;
    for (int s = 0; rule.in != 0xffffffff && s <= v1::MERGED; ++s) {
      if ((rule.in >> s & 1) == 0) continue;
      in += (in.empty() ? "" : ", ") +
            (s == 0 ? "new" : v1::PetitionStatus_Name(static_cast<v1::PetitionStatus>(s)));
      ++count;
    }
    if (count == 19) in = "open or ended";
    if (count == 17) in = "open or answered";
    if (count == 11) in = "open";
    if (count == 10) in = "answered";
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
  std::ifstream file("services/petition/README.md");
  std::stringstream text;
  text << file.rdbuf();
  EXPECT_NE(text.str().find(Table()), std::string::npos)
      << "the table in services/petition/README.md should read:\n"
      << Table();
}

}  // namespace
}  // namespace petition
