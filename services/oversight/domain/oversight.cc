#include "services/oversight/domain/oversight.h"

#include <utility>

#include "services/oversight/domain/decide.h"

namespace oversight {
namespace {

using kernel::RefusalCode;
using v1::Command;

// Matters are named by their codes, which anybody can count through: who may not see one hears what is said of one that
// does not exist.
Decision NotTheirs(const v1::State& state, const kernel::v1::Actor& actor, std::string_view reason,
                   std::string_view field) {
  if (MaySee(state, actor)) return Refuse(RefusalCode::kNotAllowed, "NOT_ALLOWED");
  return Refuse(RefusalCode::kNotFound, reason, field);
}

// An instruction is a new aggregate about a matter: the matter is what the asker's place is measured against.
Decision Instruct(const Rule& rule, const v1::InstructRequest& request, Ask ask) {
  const v1::State* subject = ask.ctx.lookup->Find(request.matter_id());
  if (subject == nullptr || !subject->has_matter())
    return Refuse(RefusalCode::kNotFound, "NOT_FOUND", "matter_id");
  auto grounds = Bind(rule, *subject, *ask.ctx.actor);
  if (!grounds) return NotTheirs(*subject, *ask.ctx.actor, "NOT_FOUND", "matter_id");
  if (PhaseOf(*subject) != Phase::kOpenMatter)
    return Refuse(RefusalCode::kWrongStatus, "MATTER_ENDED", "matter_id");
  ask.who = *std::move(grounds);
  Decision decision = DecideInstruct(request, ask, subject->matter());
  decision.acted_as = ask.who.role;
  decision.acted_for_org = ask.who.org;
  return decision;
}

Decision DecideBound(const Command& command, const Ask& ask) {
  switch (command.body_case()) {  // no default: a new command does not compile until it is decided here
    case Command::kDistribute:
      return DecideDistribute(command.distribute(), ask);
    case Command::kReport:
      return DecideReport(command.report(), ask);
    case Command::kCloseInstruction:
      return DecideCloseInstruction(command.close_instruction(), ask);
    case Command::kAssignLead:
      return DecideAssignLead(command.assign_lead(), ask);
    case Command::kSendDown:
      return DecideSendDown(command.send_down(), ask);
    case Command::kObserve:
      return DecideObserve(command.observe(), ask);
    case Command::kLearnReference:
      return DecideLearnReference(command.learn_reference(), ask);
    case Command::kTurnLight:
      return DecideTurnLight(command.turn_light(), ask);
    case Command::kTurnInstructionLight:
      return DecideTurnInstructionLight(ask);
    case Command::kInstruct:
    case Command::BODY_NOT_SET:
      break;  // an instruction was decided before
  }
  return Refuse(RefusalCode::kNotAllowed, "NOT_ALLOWED");
}

}  // namespace

Decision OversightDomain::Decide(const State& state, const Command& command, const Context& ctx,
                                 const Reference& reference) {
  const Rule* rule = FindRule(command.body_case());
  if (rule == nullptr) return Refuse(RefusalCode::kNotAllowed, "NOT_ALLOWED");
  if (auto refusal = Permit(*rule, PhaseOf(state), *ctx.actor)) {
    // Of the status only those hear whose matter it is.
    const bool outsider = refusal->code == RefusalCode::kWrongStatus && !command.has_instruct() &&
                          !Bind(*rule, state, *ctx.actor);
    if (outsider) return NotTheirs(state, *ctx.actor, "NO_SUCH_MATTER", "id");
    return Decision::Refuse(*std::move(refusal));
  }
  const Ask unbound{state, ctx, reference, {}};
  if (command.has_instruct()) return Instruct(*rule, command.instruct(), unbound);
  auto grounds = Bind(*rule, state, *ctx.actor);
  if (!grounds) return NotTheirs(state, *ctx.actor, "NO_SUCH_MATTER", "id");
  const Ask ask{state, ctx, reference, *std::move(grounds)};
  Decision decision = DecideBound(command, ask);
  decision.acted_as = ask.who.role;
  decision.acted_for_org = ask.who.org;
  return decision;
}

}  // namespace oversight
