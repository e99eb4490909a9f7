// The rules table against an expectation written down independently; and the README, whose table is the
// code's own.
#include "services/oversight/domain/rules.h"

#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "tests/oversight/matter_world.h"
#include "tests/support/gate.h"

namespace oversight {
namespace {

using namespace kernel::v1;  // NOLINT
using v1::Command;

struct Expectation {
  std::set<Phase> in;
  std::set<Role> who;
};
const std::set<Phase> kDrafts = {Phase::kOrdinaryDraft, Phase::kYellowDraft, Phase::kRedDraft};
const std::set<Role> kIssuers = {ROLE_TD, ROLE_CD, ROLE_CC, ROLE_PO, ROLE_SV, ROLE_CL, ROLE_CYL, ROLE_TL};
const std::set<Role> kDeciding = {ROLE_DM, ROLE_GH, ROLE_TD, ROLE_CD, ROLE_CC, ROLE_MC, ROLE_PO, ROLE_CT, ROLE_DI};
// From the procedure (O2 to O15, 3.6.3 and 3.6.6), not from the code. Everybody here is of the county and of the unit.
const std::multimap<std::string, Expectation> kExpected = {
    {"instruct", {{Phase::kOpenMatter}, {ROLE_TL, ROLE_CL, ROLE_CYL}}},
    {"distribute", {{Phase::kIssued}, {ROLE_TD, ROLE_CD, ROLE_CC, ROLE_SV}}},
    {"report", {{Phase::kDistributed}, kDeciding}},
    {"closeInstruction", {{Phase::kReported}, {ROLE_TL, ROLE_CL, ROLE_CYL, ROLE_SV}}},
    {"withdrawInstruction", {{Phase::kIssued, Phase::kDistributed}, {ROLE_TL, ROLE_CL, ROLE_CYL, ROLE_SV}}},
    {"assignLead", {{Phase::kOpenMatter}, {ROLE_TL, ROLE_CL, ROLE_CYL}}},
    {"sendDown", {{Phase::kOpenMatter}, {ROLE_TL, ROLE_CL, ROLE_CYL, ROLE_CD, ROLE_CC}}},
    {"askEscalation", {{Phase::kOpenMatter}, {ROLE_TL, ROLE_CL, ROLE_CYL, ROLE_TD, ROLE_CD, ROLE_CC}}},
    {"draftOrder", {{Phase::kOpenMatter}, {ROLE_SV, ROLE_TD, ROLE_CD, ROLE_CC, ROLE_PO}}},
    {"draftOrder", {{Phase::kTaskActive}, {ROLE_SV, ROLE_CD, ROLE_CC}}},
    {"issueOrder", {{Phase::kOrdinaryDraft}, {ROLE_TD, ROLE_CD, ROLE_CC, ROLE_PO}}},
    {"issueYellow", {{Phase::kYellowDraft}, {ROLE_CD, ROLE_CC, ROLE_SV}}},
    {"issueRed", {{Phase::kRedDraft}, {ROLE_CL, ROLE_CYL}}},
    // A draft is put away by who may sign it.
    {"cancelOrder", {{Phase::kOrdinaryDraft}, {ROLE_TD, ROLE_CD, ROLE_CC, ROLE_PO}}},
    {"cancelOrder", {{Phase::kYellowDraft}, {ROLE_CD, ROLE_CC, ROLE_SV}}},
    {"cancelOrder", {{Phase::kRedDraft}, {ROLE_CL, ROLE_CYL}}},
    {"cancelOrder", {{Phase::kOrderOut, Phase::kOrderAcknowledged, Phase::kOrderAnswered}, kIssuers}},
    {"acknowledgeOrder",
     {{Phase::kOrderOut},
      {ROLE_DM, ROLE_GH, ROLE_TD, ROLE_CD, ROLE_CC, ROLE_MC, ROLE_PO, ROLE_CT, ROLE_DI, ROLE_DH, ROLE_MR, ROLE_PC,
       ROLE_PH, ROLE_HA}}},
    {"answerOrder", {{Phase::kOrderOut, Phase::kOrderAcknowledged}, kDeciding}},
    {"acceptAnswer", {{Phase::kOrderAnswered}, kIssuers}},
    {"sendBackAnswer", {{Phase::kOrderAnswered}, kIssuers}},
    {"confirmTask", {{Phase::kTaskPlanned}, {ROLE_CL, ROLE_CYL}}},
    {"cancelTask", {{Phase::kTaskPlanned, Phase::kTaskActive}, {ROLE_SV}}},
    {"reportTask", {{Phase::kTaskActive}, kDeciding}},
    {"verifyTaskReport", {{Phase::kTaskActive}, {ROLE_SV}}},
    {"sendBackTaskReport", {{Phase::kTaskActive}, {ROLE_SV}}},
    {"askGradeOverride", {{Phase::kBoardFrozen}, {ROLE_SV}}},
    {"signGradeOverride", {{Phase::kBoardFrozen}, {ROLE_CL, ROLE_CYL}}},
    {"releaseScorecard", {{Phase::kBoardFrozen}, {ROLE_SV}}},
    {"askGradeCorrection", {{Phase::kBoardPublished}, {ROLE_SV}}},
    {"signGradeCorrection", {{Phase::kBoardPublished}, {ROLE_CYL}}},
    // A county's centre: the warning is addressed to the county.
    {"acknowledgeWarning", {{Phase::kWarningRaised}, {ROLE_TD, ROLE_CD, ROLE_CC}}},
    {"actOnWarning", {{Phase::kWarningAcknowledged, Phase::kWarningActioned}, {ROLE_TD, ROLE_CD, ROLE_CC}}},
    {"clearWarning", {{Phase::kWarningActioned}, {ROLE_TD, ROLE_CD, ROLE_CC}}},
    {"markWarningFalse", {{Phase::kWarningAcknowledged, Phase::kWarningActioned}, {ROLE_TD, ROLE_CD, ROLE_CC}}},
    {"sendSuggestion", {{Phase::kSuggestionDraft}, {ROLE_SV, ROLE_PO}}},
    {"withdrawSuggestion", {{Phase::kSuggestionDraft}, {ROLE_SV, ROLE_PO}}},
    {"answerSuggestion", {{Phase::kSuggestionSent}, {ROLE_DM, ROLE_DI, ROLE_SV, ROLE_PO}}},
    {"closeSuggestion", {{Phase::kSuggestionAnswered}, {ROLE_SV, ROLE_PO}}},
    {"endMeasure", {{Phase::kMeasureInForce}, {ROLE_PO}}},
    {"recordFinding", {{Phase::kInspectionPlanned}, {ROLE_SV, ROLE_DM}}},
    {"finishInspection", {{Phase::kInspectionPlanned}, {ROLE_SV, ROLE_DM}}},
    {"cancelInspection", {{Phase::kInspectionPlanned}, {ROLE_SV}}},
    {"strikeFinding", {{Phase::kInspectionPlanned, Phase::kInspectionDone, Phase::kInspectionFeedback}, {ROLE_SV}}},
    {"giveFeedback", {{Phase::kInspectionDone}, {ROLE_SV}}},
    {"reportRectification", {{Phase::kInspectionFeedback}, {ROLE_DM, ROLE_TD, ROLE_CD, ROLE_MC, ROLE_PO}}},
    {"acceptRectification", {{Phase::kInspectionFeedback}, {ROLE_SV}}},
    {"sendBackRectification", {{Phase::kInspectionFeedback}, {ROLE_SV}}},
};
constexpr Phase kLastPhase = Phase::kCampaign;

v1::OrderState OrderIn(Phase phase, const std::string& to_org) {
  v1::OrderState order;
  order.set_matter_area_code("371403001002");
  order.set_area_code("371403");
  order.set_to_org(to_org);
  order.set_issuer_org(to_org == "unit" ? "other" : "unit");
  order.set_level(3);
  order.set_card(phase == Phase::kRedDraft      ? common::v1::CARD_RED
                 : phase == Phase::kYellowDraft ? common::v1::CARD_YELLOW
                                                : common::v1::CARD_ORDINARY);
  order.set_status(kDrafts.contains(phase)              ? v1::ORDER_DRAFT
                   : phase == Phase::kOrderOut          ? v1::ORDER_SENT_BACK
                   : phase == Phase::kOrderAcknowledged ? v1::ORDER_ACKNOWLEDGED
                   : phase == Phase::kOrderAnswered     ? v1::ORDER_RESPONDED
                                                        : v1::ORDER_UPGRADED);
  if (order.status() != v1::ORDER_DRAFT) order.set_issued_at_ms(1);
  return order;
}

v1::State GradedIn(Phase phase) {
  v1::State state;
  if (phase >= Phase::kBoardDraft) {
    state.mutable_board()->set_area_code("371403");
    state.mutable_board()->set_status(phase == Phase::kBoardDraft    ? v1::BOARD_DRAFT
                                      : phase == Phase::kBoardFrozen ? v1::BOARD_FROZEN
                                                                     : v1::BOARD_PUBLISHED);
    return state;
  }
  auto* task = state.mutable_planned_task();
  task->set_area_code("371403");
  task->set_lead_org("unit");
  task->set_leader_user_id("u1");
  task->set_status(phase == Phase::kTaskPlanned  ? v1::TASK_PLANNED
                   : phase == Phase::kTaskActive ? v1::TASK_ACTIVE
                                                 : v1::TASK_DONE);
  auto* entry = task->add_month()->add_entry();  // a report waits to be looked at
  entry->set_milestone(1);
  entry->set_status(v1::MONTH_REPORTED);
  entry->set_reported(true);
  return state;
}

v1::State InspectionIn(Phase phase) {
  v1::State state;
  auto* inspection = state.mutable_inspection();
  inspection->set_by_area_code("371403");
  inspection->set_lead_org("unit");
  inspection->add_unit()->set_org_id("unit");
  inspection->set_status(phase == Phase::kInspectionPlanned    ? v1::INSPECTION_PLANNED
                         : phase == Phase::kInspectionDone     ? v1::INSPECTION_DONE
                         : phase == Phase::kInspectionFeedback ? v1::INSPECTION_FEEDBACK
                                                               : v1::INSPECTION_RECTIFIED);
  if (phase == Phase::kInspectionOver) inspection->set_ended_at_ms(1);
  return state;
}

// `to_org`: of an order; whoever has it did not give it.
v1::State StateIn(Phase phase, const std::string& to_org = "unit") {
  if (phase >= Phase::kInspectionPlanned && phase <= Phase::kInspectionOver) return InspectionIn(phase);
  if (phase >= Phase::kTaskPlanned && phase <= Phase::kBoardPublished) return GradedIn(phase);
  v1::State state;
  if (phase == Phase::kOpenMatter || phase == Phase::kEndedMatter) {
    auto* matter = state.mutable_matter();
    matter->set_area_code("371403001002");
    auto* part = matter->add_part();
    part->mutable_incident()->set_status(phase == Phase::kOpenMatter ? incident::v1::ACCEPTED
                                                                     : incident::v1::CLOSED);
    part->mutable_incident()->set_current_level(3);
  } else if (phase >= Phase::kWarningRaised && phase <= Phase::kWarningOver) {
    auto* warning = state.mutable_warning();
    warning->set_area_code("371403001002");
    warning->set_level(4);
    warning->set_first_level(3);
    warning->set_status(static_cast<v1::WarningStatus>(v1::WARNING_RAISED + static_cast<int>(phase) -
                                                       static_cast<int>(Phase::kWarningRaised)));
  } else if (phase == Phase::kWatch) {
    state.mutable_watch();
  } else if (phase >= Phase::kSuggestionDraft && phase <= Phase::kSuggestionClosed) {
    auto* suggestion = state.mutable_suggestion();
    suggestion->set_from_org("unit");
    suggestion->set_recipient_org("unit");
    suggestion->set_status(static_cast<v1::SuggestionStatus>(v1::SUGGESTION_DRAFT + static_cast<int>(phase) -
                                                             static_cast<int>(Phase::kSuggestionDraft)));
  } else if (phase == Phase::kMeasureInForce || phase == Phase::kMeasureEnded) {
    state.mutable_listing()->set_conference_org("unit");
    state.mutable_listing()->set_status(phase == Phase::kMeasureEnded ? v1::MEASURE_ENDED : v1::MEASURE_IN_FORCE);
  } else if (phase == Phase::kReference) {
    state.mutable_reference();
  } else if (phase == Phase::kTask) {
    state.mutable_task();
  } else if (phase == Phase::kCampaign) {
    state.mutable_campaign();
  } else if (phase == Phase::kOutsideFigure) {
    state.mutable_outside_figure();
  } else if (phase >= Phase::kOrdinaryDraft) {
    *state.mutable_order() = OrderIn(phase, to_org);
  } else if (phase != Phase::kNone) {
    auto* instruction = state.mutable_instruction();
    instruction->set_area_code("371403");
    instruction->set_issuer_user_id("u1");
    instruction->add_addressee_org("unit");
    instruction->set_status(
        static_cast<v1::InstructionStatus>(static_cast<int>(phase) - static_cast<int>(Phase::kIssued) + 1));
    if (phase != Phase::kIssued) instruction->set_distributed_at_ms(1);
  }
  return state;
}

// spec: O2 O3 O4 O5 O6 O7 O8 O9 O10 O11 O12 O13 O14 O15 3.6.1
TEST(Rules, OfferExactlyWhatTheProcedureSays) {
  for (int p = 0; p <= static_cast<int>(kLastPhase); ++p) {
    const v1::State state = StateIn(static_cast<Phase>(p));
    ASSERT_EQ(static_cast<int>(PhaseOf(state)), p);
    for (int r = ROLE_PUB; r < ROLE_SYS; ++r) {
      const Actor actor = ActorOf(static_cast<Role>(r), "unit", "371403");
      std::set<std::string> wanted;
      for (const auto& [name, expected] : kExpected) {
        if (expected.in.contains(static_cast<Phase>(p)) && expected.who.contains(static_cast<Role>(r)))
          wanted.insert(name);
      }
      std::set<std::string> offered;  // to who gave an order, and to whom it is given: nobody is both
      for (const char* to_org : {"unit", "other"}) {
        for (auto& name : AllowedCommands(StateIn(static_cast<Phase>(p), to_org), actor)) offered.insert(name);
      }
      EXPECT_EQ(offered, wanted)
          << Role_Name(static_cast<Role>(r)) << " on " << PhaseName(static_cast<Phase>(p));
    }
  }
}

TEST(Rules, KnowEveryCommandOnceAndRefuseTheRestToEverybody) {
  const auto reference = tests::Learned();
  std::set<int> seen;
  for (const Rule& rule : Rules()) {
    EXPECT_TRUE(seen.insert(rule.command).second);
    const std::string name(CommandName(rule.command));
    Command command;
    command.GetReflection()->MutableMessage(&command, Command::descriptor()->FindFieldByName(name));
    for (int p = 0; p <= static_cast<int>(kLastPhase); ++p) {
      const v1::State state = StateIn(static_cast<Phase>(p));
      const Actor nobody = ActorOf(ROLE_GW, "unit", "371403");
      kernel::CommandContext<v1::State> ctx;
      ctx.actor = &nobody;
      EXPECT_TRUE(OversightDomain::Decide(state, command, ctx, reference).refusal) << name;
    }
  }
  EXPECT_EQ(seen.size(), static_cast<size_t>(Command::descriptor()->field_count()));
}

TEST(MaySee, IsForLeadersOfTheAreaAndTheUnitThatHoldsTheMatter) {
  Desk d(tests::Learned(), kCode);
  d.When(Heard(1, kProcessing), Platform(), kMonday);
  for (const Actor& actor : {CountyLeader(), TownLeader(), CityLeader(), CountyCentre(), Head("c-hrss")}) {
    EXPECT_TRUE(MaySee(d.state(), actor)) << actor.ShortDebugString();
  }
  for (const Actor& actor :
       {Head("c-housing"), ActorOf(ROLE_CL, "x", "371482"), ActorOf(ROLE_TL, "x", "371403100"),
        ActorOf(ROLE_SA, "x", "3714"), ActorOf(ROLE_GW, "x", "371403001002")}) {
    EXPECT_FALSE(MaySee(d.state(), actor)) << actor.ShortDebugString();
  }
}

// spec: 3.2
TEST(Rules, AdmitWhomTheMethodsAdmit) {
  tests::ExpectGateAsTable("oversight.v1.Oversight", *Command::descriptor(), tests::RolesOf(Rules(), CommandName));
}

std::string Table() {
  static const char* const kPlaces[] = {"",       "over the matter", "holding",   "issuer's line",
                                        "issuer", "addressee",       "the order", "above the order",
                                        "order's line", "target",    "addressed", "warned",
                                        "suggester", "recipient", "conference", "platform",
                                        "the area", "in charge", "lead unit", "inspector", "inspection's lead",
                                        "inspected"};
  std::ostringstream out;
  out << "| command | step | on | asked by |\n| --- | --- | --- | --- |\n";
  for (const Rule& rule : Rules()) {
    out << "| " << CommandName(rule.command) << " | " << rule.transition << " | ";
    std::string in;
    for (int p = 0; rule.in != ~uint64_t{0} && p <= static_cast<int>(kLastPhase); ++p) {
      if ((rule.in >> p & 1) != 0)
        in += (in.empty() ? "" : ", ") + (p == 0 ? "new" : std::string(PhaseName(static_cast<Phase>(p))));
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
  std::ifstream file("services/oversight/README.md");
  std::stringstream text;
  text << file.rdbuf();
  EXPECT_NE(text.str().find(Table()), std::string::npos)
      << "the table in services/oversight/README.md should read:\n"
      << Table();
}

}  // namespace
}  // namespace oversight
