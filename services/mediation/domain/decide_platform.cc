// What clocks, the directory and oversight ask of a case.
#include <algorithm>
#include <utility>

#include "base/coding.h"
#include "services/kernel/document_mark.h"
#include "services/mediation/domain/clocks.h"
#include "services/mediation/domain/decide.h"
#include "services/mediation/domain/limits.h"
#include "services/reference/kept.h"

namespace mediation {
namespace {

using kernel::RefusalCode;

// The clocks of one case under the present calendar; nothing if none of them changes.
std::optional<v1::Event> Recomputed(const v1::State& state, const Ask& ask) {
  v1::Event event;
  bool period_moved = false;
  for (const auto& clock : state.clock()) {
    if (!clock.provisional() || !reference::IsRunning(clock)) continue;
    *event.add_clock() = reference::Recompute(clock, ask.reference.calendar());
    period_moved |= clock.policy_id() == "DM-04";
  }
  if (event.clock().empty()) return std::nullopt;
  auto* recomputed = event.mutable_clocks_recomputed();
  recomputed->set_period_warning_due_ms(state.period_warning_due_ms());
  recomputed->set_period_end_ms(state.period_end_ms());
  if (!period_moved) return event;
  const auto moved = std::ranges::find(event.clock(), "DM-04", &common::v1::Clock::policy_id);
  if (state.period_warned_at_ms() != 0) {  // who was warned keeps what was said, or gets more
    recomputed->set_period_end_ms(std::max(state.period_end_ms(), moved->due_at_ms()));
  } else {
    recomputed->set_period_end_ms(moved->due_at_ms());
    recomputed->set_period_warning_due_ms(
        PeriodWarningAt(moved->due_at_ms(), ask.ctx.now_ms, ask.reference.calendar()));
  }
  return event;
}

// A supervision order 督办单 lies over the case and changes nothing of its course.
Decision HearOrder(const oversight::v1::Notice& notice, bool closed, const Ask& ask) {
  const auto& known = ask.state.order();
  const auto at = std::ranges::find(known, notice.order_id(), &v1::SupervisionOrder::order_id);
  const bool told = at != known.end() && at->card() == notice.card() && at->due_at_ms() == notice.due_at_ms();
  if (notice.order_id().empty() || (closed ? at == known.end() : told)) return {};
  if (at == known.end() && known.size() >= kOrdersMax) return {};  // oversight keeps no more open either
  Decision decision;
  auto* set = decision.Emit()->mutable_order_set();
  set->mutable_order()->set_order_id(notice.order_id());
  set->mutable_order()->set_card(notice.card());
  set->mutable_order()->set_issuer_org(notice.issuer_org());
  set->mutable_order()->set_to_org(notice.to_org());
  set->mutable_order()->set_due_at_ms(notice.due_at_ms());
  set->mutable_order()->set_listed(!notice.listing_id().empty());
  set->set_closed(closed);
  return decision;
}

}  // namespace

Decision DecideExpireClock(const v1::ExpireClock& command, const Ask& ask) {
  const auto* clock = FindClock(ask.state, command.policy_id());
  const auto& expired = ask.state.expired_policy();
  if (clock == nullptr || !reference::IsRunning(*clock) || ask.ctx.now_ms < reference::LateFromMs(*clock) ||
      std::ranges::find(expired, command.policy_id()) != expired.end()) {
    return {};  // stopped or moved while this firing waited
  }
  Decision decision;
  auto* event = decision.Emit();
  if (command.policy_id() ==
      "DM-05") {  // a right not used is nobody's failure: the window closes, it is not missed
    event->mutable_window_expired();
    ClockChanges clocks(ask.state, ask.reference, ask.ctx.now_ms);
    clocks.Cancel("DM-05");
    clocks.WriteTo(event);
  } else {
    event->mutable_clock_expired()->set_policy_id(command.policy_id());
  }
  return decision;
}

Decision DecideOversee(const v1::Oversee& command, const Ask& ask) {
  const auto& notice = command.notice();
  if (ask.state.status() == v1::CASE_STATUS_UNSPECIFIED) return {};
  const std::string_view topic = command.topic();
  if (topic == "oversight.order_issued" || topic == "oversight.listed") return HearOrder(notice, false, ask);
  if (topic == "oversight.order_closed" || topic == "oversight.unlisted") return HearOrder(notice, true, ask);
  if (notice.instruction_id().empty()) return {};
  const auto& known = ask.state.instruction_id();
  if (std::ranges::find(known, notice.instruction_id()) != known.end()) return {};
  Decision decision;
  // Before it is distributed the committee hears of an instruction from nobody.
  const bool instructed = command.topic() == "oversight.instruction_distributed";
  if (instructed && IsOpen(ask.state.status()) && known.size() < kInstructionsMax) {
    auto* noted = decision.Emit()->mutable_instruction_noted();
    noted->set_instruction_id(notice.instruction_id());
    noted->set_due_at_ms(notice.due_at_ms());
    noted->set_issuer_org(notice.issuer_org());
    return decision;
  }
  if (!instructed && command.topic() != "oversight.assigned" &&
      command.topic() != "oversight.send_down_requested" &&
      command.topic() != "oversight.escalate_requested") {
    return {};
  }
  // Nobody assigns or sends down a mediation from outside: the parties chose it, the committee leads it.
  std::string refused;
  if (command.topic() == "oversight.escalate_requested") {
    refused = TransferAsOrdered(notice.to_level(), notice.instruction_id(), ask, &decision);
    if (refused.empty()) return decision;
  }
  auto* answered = decision.Emit()->mutable_oversight_answered();
  answered->set_instruction_id(notice.instruction_id());
  answered->set_asked(command.topic());
  if (!refused.empty()) {
    answered->set_reason_code(refused);
    return decision;
  }
  answered->set_reason_code(!IsOpen(ask.state.status()) ? "CASE_NOT_OPEN"
                            : instructed                ? "TOO_MANY_INSTRUCTIONS"
                                                        : "NOT_FOR_MEDIATION");
  return decision;
}

Decision DecideLearnReference(const v1::LearnReference& command, const Ask& ask) {
  if (!ask.ctx.aggregate_id.starts_with(kernel::kReferencePrefix) ||
      command.notice().body_case() == directory::v1::Notice::BODY_NOT_SET) {
    return Refuse(RefusalCode::kInvalid, "VALUE_NEEDED", "notice");
  }
  Decision decision;
  *decision.Emit()->mutable_reference_learned()->mutable_notice() = command.notice();
  return decision;
}

Decision DecideHearKept(const v1::HearKept& heard, const Ask& ask) {
  const v1::KeptDocument& kept = ask.state.kept_document();
  const bool known = ask.state.has_kept_document() &&
                     (heard.matter().empty() ? kept.matter().empty() : kernel::IsKeptFor(kept, heard.matter()));
  if (!reference::IsDocumentId(ask.ctx.aggregate_id) || known) return {};
  Decision decision;
  decision.Emit()->mutable_document_kept()->set_kind(heard.kind());
  decision.events.back().event.mutable_document_kept()->set_matter(heard.matter());
  return decision;
}

Decision DecideRecomputeProvisional(const Ask& ask) {
  if (ask.state.recompute_step() == 0) return {};
  std::string present;
  base::AppendU32(&present, static_cast<uint32_t>(ask.reference.calendar().revision()));
  Decision decision;
  size_t done = 0;
  for (const auto& id : ask.ctx.lookup->Scan("provisional", "", kRecomputeStep)) {  // oldest calendar first
    const v1::State* state = ask.ctx.lookup->Find(id);
    if (state == nullptr || reference::ProvisionalKey(state->clock()) >= present) break;
    if (auto event = Recomputed(*state, ask)) *decision.EmitTo(id) = *std::move(event);
    ++done;
  }
  decision.Emit()->mutable_recompute_stepped()->set_finished(done < kRecomputeStep);
  return decision;
}

}  // namespace mediation
