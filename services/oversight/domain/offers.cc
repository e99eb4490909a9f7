// What is offered to whoever looks: what the table allows them now, without what the decision always refuses. A button
// that does nothing is none.
#include <algorithm>

#include "services/oversight/domain/rules.h"
#include "services/oversight/domain/standing.h"
#include "services/oversight/domain/tasks.h"

namespace oversight {
namespace {

using kernel::v1::Actor;
using v1::Command;

bool Waits(const v1::Matter& matter, v1::RequestKind kind) {
  return std::ranges::any_of(matter.asked(), [kind](const v1::Asked& asked) {
    return asked.kind() == kind && asked.answer() == v1::ANSWER_PENDING;
  });
}

// What cannot be moved as the matter stands: a petition by nobody, a mediation upwards alone, an incident downwards
// while it is accepted; and nothing twice before there is an answer.
bool CannotBeAsked(Command::BodyCase command, const v1::Matter& matter) {
  const v1::Part* holder = HolderPart(matter);
  if (holder == nullptr) return false;
  if (holder->has_petition()) return true;
  switch (command) {
    case Command::kAssignLead:
      return holder->has_mediation() || Waits(matter, v1::ASSIGN_LEAD);
    case Command::kSendDown:
      return holder->has_mediation() || holder->incident().status() != incident::v1::ACCEPTED ||
             CurrentLevel(matter) <= common::v1::VILLAGE || Waits(matter, v1::SEND_DOWN);
    default:
      return CurrentLevel(matter) >= common::v1::CITY || Waits(matter, v1::ESCALATE);
  }
}

// Whether any month of the task still takes what is done to an entry of this kind; the freeze closes it.
bool HasEntry(const v1::PlannedTask& task, bool (*of_kind)(const v1::MilestoneMonth&)) {
  return std::ranges::any_of(task.month(), [of_kind](const v1::TaskMonth& month) {
    return std::ranges::any_of(month.entry(), [of_kind](const v1::MilestoneMonth& entry) {
      return IsUngraded(entry) && of_kind(entry);
    });
  });
}

// What the table allows and the decision never does.
bool IsAlwaysRefused(Command::BodyCase command, const v1::State& state, const Actor& actor) {
  switch (command) {
    case Command::kAssignLead:
    case Command::kSendDown:
    case Command::kAskEscalation:
      return CannotBeAsked(command, state.matter());
    case Command::kIssueOrder:
    case Command::kIssueYellow:
      return IsItsOwnJudge(actor, state.order());
    case Command::kIssueRed:  // against a unit of the county's level it is the city leader's
      return IsItsOwnJudge(actor, state.order()) ||
             (state.order().sign_level() >= common::v1::CITY &&
              std::ranges::find(actor.grant(), kernel::v1::ROLE_CYL, &kernel::v1::Grant::role) == actor.grant().end());
    case Command::kReportTask:
      return !HasEntry(state.planned_task(), [](const v1::MilestoneMonth& entry) { return !entry.verified(); });
    case Command::kVerifyTaskReport:
      return !HasEntry(state.planned_task(),
                       [](const v1::MilestoneMonth& entry) { return Stands(entry) && !entry.verified(); });
    case Command::kSendBackTaskReport:
      return !HasEntry(state.planned_task(), Stands);
    default:
      return false;
  }
}

// Of a unit that has reported nothing more is asked.
bool HasReported(Command::BodyCase command, const v1::State& state, std::string_view org_id) {
  const auto& reports = state.instruction().report();
  return command == Command::kReport &&
         std::ranges::find(reports, org_id, &v1::UnitReport::org_id) != reports.end();
}

}  // namespace

std::vector<std::string> AllowedCommands(const v1::State& state, const Actor& actor) {
  std::vector<std::string> names;
  const Phase phase = PhaseOf(state);
  for (const Rule& rule : Rules()) {
    if (kernel::IsService(actor)) break;
    // An instruction, an order starts from its matter: offered there, although the table knows it as the start of a
    // new aggregate.
    const bool starts = rule.command == Command::kInstruct || rule.command == Command::kDraftOrder;
    const bool of_task = rule.command == Command::kDraftOrder && phase == Phase::kTaskActive;
    const bool from_matter = of_task || (starts && phase == Phase::kOpenMatter);
    const bool judges = rule.command == Command::kCancelOrder || rule.command == Command::kAcceptAnswer ||
                        rule.command == Command::kSendBackAnswer;
    if (judges && IsItsOwnJudge(actor, state.order())) continue;
    if (IsAlwaysRefused(rule.command, state, actor)) continue;
    const bool here = (rule.in >> static_cast<uint64_t>(phase) & 1) != 0;
    if (!from_matter && (!here || Permit(rule, phase, actor))) continue;
    const auto grounds = Bind(rule, state, actor);
    if (grounds && !HasReported(rule.command, state, grounds->org)) names.emplace_back(CommandVerb(rule.command));
  }
  return names;
}

}  // namespace oversight
