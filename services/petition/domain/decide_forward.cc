// P4 forwarding and assigning, P5 receipt, P6 and P7 objection, disputes about competence (Art. 24).
#include <algorithm>
#include <utility>
#include <vector>

#include "base/area_code.h"
#include "base/calendar.h"
#include "services/petition/domain/decide.h"
#include "services/petition/domain/limits.h"

namespace petition {
namespace {

using directory::v1::Organisation;
using kernel::RefusalCode;

// A unit that handles petitions: not one outside the platform, not a committee, not a team.
const Organisation* UnitOrg(std::string_view id, const reference::Reference& reference) {
  const Organisation* org = LiveOrg(id, reference);
  if (org == nullptr) return nullptr;
  switch (org->kind()) {
    case directory::v1::EXTERNAL:
    case directory::v1::COMMITTEE:
    case directory::v1::VOLUNTEER_TEAM:
    case directory::v1::GRID_TEAM:
      return nullptr;
    default:
      return org;
  }
}

// 本系统: whether the unit stands below `head` in the organisation tree, by who reviews it or by whom it belongs to.
bool IsOfSystem(const Organisation& unit, std::string_view head, const reference::Reference& reference) {
  std::vector<const Organisation*> line = {&unit};
  for (size_t i = 0; i < line.size() && i < kSystemMax; ++i) {
    for (const std::string* above : {&line[i]->superior_for_review(), &line[i]->parent()}) {
      if (*above == head) return true;
      const Organisation* org = reference.FindOrg(*above);
      if (org != nullptr && std::ranges::find(line, org) == line.end()) line.push_back(org);
    }
  }
  return false;
}

// A forwarded file counts as received at the end of the next working day, if nobody says when it came.
int64_t ReceiptDue(const Ask& ask) {
  const auto& calendar = ask.reference.calendar();
  return base::EndOfDayMs(calendar.AddWorkingDays(base::LocalDay(ask.ctx.now_ms), 1));
}

Decision Receive(int64_t received_at_ms, bool by_default, const Ask& ask) {
  const v1::State& state = ask.state;
  Decision decision;
  auto* received = decision.Emit()->mutable_received();
  received->set_received_at_ms(received_at_ms);
  received->set_by_default(by_default);
  ClockChanges clocks(state, ask.reference, ask.ctx.now_ms);
  // Both periods of Art. 23(3) start when this unit has it, not when the office sent it.
  const auto start = From("received_by_unit", state.unit_org(), received_at_ms);
  if (!state.name_or_address_unclear()) clocks.Start("DP-03", start);
  clocks.Start("DP-04", start);
  return With(std::move(decision), clocks);
}

}  // namespace

Decision DecideForward(const v1::ForwardRequest& request, const Ask& ask) {
  const v1::State& state = ask.state;
  if (!state.intake_complete()) return Refuse(RefusalCode::kGuard, "INTAKE_INCOMPLETE");
  if (state.in_dispute()) return Refuse(RefusalCode::kGuard, "ALREADY_IN_DISPUTE");
  const Organisation* unit = UnitOrg(request.to_org(), ask.reference);
  if (unit == nullptr) return Refuse(RefusalCode::kInvalid, "UNKNOWN_ORG", "to_org");
  if (unit->id() == state.office_org()) return Refuse(RefusalCode::kInvalid, "ALREADY_HERE", "to_org");
  if (request.reason().empty()) return Refuse(RefusalCode::kInvalid, "CONTENT_NEEDED", "reason");
  // A unit that received it directly forwards within its own system only: below itself (Art. 23).
  if (state.direct() &&
      !IsOfSystem(*unit, state.office_org(), ask.reference)) {
    return Refuse(RefusalCode::kGuard, "ONLY_OWN_SYSTEM", "to_org");
  }
  if (!state.direct() && unit->level() > state.office_level()) {
    return Refuse(RefusalCode::kGuard, "ONLY_OWN_LEVEL_OR_BELOW", "to_org");
  }
  // And it tells the petitioner in writing where it went; its fifteen days are for nothing else (Art. 23).
  if (state.direct()) {
    if (auto refusal = CheckNotice(request.notice(), state)) return Decision::Refuse(*std::move(refusal));
  }
  if (request.assigned() && IsOver(request.report_due_at_ms(), ask.ctx.now_ms)) {
    return Refuse(RefusalCode::kInvalid, "REPORT_DAY_NEEDED", "report_due_at_ms");
  }
  Decision decision;
  auto* forwarded = decision.Emit()->mutable_forwarded();
  forwarded->set_unit_org(unit->id());
  forwarded->set_unit_area(unit->area_code());
  forwarded->set_unit_level(unit->level());
  forwarded->set_reason(request.reason());
  forwarded->set_assigned(request.assigned());
  forwarded->set_letter_no(request.letter_no());
  forwarded->set_receipt_due_ms(ReceiptDue(ask));
  if (!request.notice().text().empty()) *forwarded->mutable_notice() = Served(request.notice(), ask.ctx.now_ms);
  ClockChanges clocks(state, ask.reference, ask.ctx.now_ms);
  clocks.Stop("DP-01");
  clocks.Stop("DP-02");
  if (request.assigned()) {
    auto start = From("assigned", unit->id());
    start.due_at_ms = EndOfNamedDay(request.report_due_at_ms());
    clocks.Start("DP-12", start);
  }
  return With(std::move(decision), clocks);
}

Decision DecideExtendReport(const v1::ExtendReportRequest& request, const Ask& ask) {
  const auto* clock = FindClock(ask.state, "DP-12");
  if (!Runs(ask.state, "DP-12")) return Refuse(RefusalCode::kGuard, "NO_REPORT_DUE");
  if (clock->extended_from_ms() != 0 || ask.ctx.now_ms > clock->due_at_ms()) {
    return Refuse(RefusalCode::kGuard, "EXTENSION_USED", "report_due_at_ms");
  }
  const auto* rule = ask.reference.FindRule("DP-12");
  const int64_t due = EndOfNamedDay(request.report_due_at_ms());
  const int64_t longest = rule->extension_max().amount() * base::kDayMs;  // in days, as the row says
  if (request.report_due_at_ms() <= 0 || due <= clock->due_at_ms()) {
    return Refuse(RefusalCode::kInvalid, "REPORT_DAY_EARLIER", "report_due_at_ms");
  }
  if (due > EndOfNamedDay(clock->due_at_ms()) + longest) {
    return Refuse(RefusalCode::kInvalid, "EXTENSION_TOO_LONG", "report_due_at_ms");
  }
  if (request.reason().empty()) return Refuse(RefusalCode::kInvalid, "CONTENT_NEEDED", "reason");
  Decision decision;
  auto* event = decision.Emit();
  event->mutable_report_extended()->set_reason(request.reason());
  common::v1::Clock later = *clock;  // a day named by a letter is put off by another letter
  later.set_extended_from_ms(clock->due_at_ms());
  later.set_due_at_ms(due);
  later.set_set_due_at_ms(due);
  *event->add_clock() = later;
  return decision;
}

Decision DecideReportCompletion(const v1::ReportCompletionRequest& request, const Ask& ask) {
  if (!Runs(ask.state, "DP-12")) return Refuse(RefusalCode::kGuard, "NO_REPORT_DUE");
  // Art. 22(3): what is reported is how it was handled, by a unit that has it.
  const auto status = ask.state.status();
  if (status == v1::REGISTERED || status == v1::FORWARDED || status == v1::OBJECTED) {
    return Refuse(RefusalCode::kGuard, "NOT_RECEIVED_YET");
  }
  if (request.report().empty()) return Refuse(RefusalCode::kInvalid, "CONTENT_NEEDED", "report");
  Decision decision;
  decision.Emit()->mutable_completion_reported()->set_report(request.report());
  ClockChanges clocks(ask.state, ask.reference, ask.ctx.now_ms);
  clocks.Stop("DP-12");
  return With(std::move(decision), clocks);
}

Decision DecideConfirmReceipt(const v1::ConfirmReceiptRequest& request, const Ask& ask) {
  const int64_t received = request.received_at_ms() == 0 ? ask.ctx.now_ms : request.received_at_ms();
  if (received < ask.state.forwarded_at_ms() || received > ask.ctx.now_ms) {
    return Refuse(RefusalCode::kInvalid, "BAD_TIME", "received_at_ms");
  }
  return Receive(received, false, ask);
}

Decision DecideReceiveByDefault(const Ask& ask) {
  const v1::State& state = ask.state;
  if (state.status() != v1::FORWARDED || state.receipt_due_ms() == 0 ||
      ask.ctx.now_ms <= state.receipt_due_ms()) {
    return {};
  }
  return Receive(state.receipt_due_ms() - 1, true, ask);  // within that working day
}

Decision DecideObject(const v1::ObjectRequest& request, const Ask& ask) {
  if (ask.state.in_dispute()) return Refuse(RefusalCode::kGuard, "ALREADY_IN_DISPUTE");
  ClockChanges clocks(ask.state, ask.reference, ask.ctx.now_ms);
  if (!clocks.Running("DP-04") || clocks.Late("DP-04")) return Refuse(RefusalCode::kGuard, "OBJECTION_LATE");
  if (request.reason().empty()) return Refuse(RefusalCode::kInvalid, "CONTENT_NEEDED", "reason");
  Decision decision;
  auto* objected = decision.Emit()->mutable_objected();
  objected->set_reason(request.reason());
  objected->set_suggested_org(request.suggested_org());
  clocks.Stop("DP-04");  // the duty to tell the petitioner (DP-03) stays until the sender agrees
  return With(std::move(decision), clocks);
}

Decision DecideDecideObjection(const v1::DecideObjectionRequest& request, const Ask& ask) {
  if (request.reason().empty()) return Refuse(RefusalCode::kInvalid, "CONTENT_NEEDED", "reason");
  Decision decision;
  auto* decided = decision.Emit()->mutable_objection_decided();
  decided->set_agreed(request.agreed());
  decided->set_reason(request.reason());
  ClockChanges clocks(ask.state, ask.reference, ask.ctx.now_ms);
  if (request.agreed()) {  // the file comes back, and whoever sent it has received a petition again
    clocks.Cancel("DP-03");
    clocks.Cancel("DP-12");
    const auto start = From("objection_agreed", ask.state.office_org());
    if (!ask.state.direct()) {
      clocks.Start("DP-01", start);
    } else if (!ask.state.name_or_address_unclear()) {
      clocks.Start("DP-02", start);  // Art. 23(2): what the petitioner was told was not so
    }
  }
  return With(std::move(decision), clocks);
}

Decision DecideRaiseDispute(const v1::RaiseDisputeRequest& request, const Ask& ask) {
  if (ask.state.in_dispute()) return Refuse(RefusalCode::kGuard, "ALREADY_IN_DISPUTE");
  const Organisation* other = UnitOrg(request.other_org(), ask.reference);
  if (other == nullptr || other->id() == ask.state.unit_org()) {
    return Refuse(RefusalCode::kInvalid, "UNKNOWN_ORG", "other_org");
  }
  if (request.reason().empty()) return Refuse(RefusalCode::kInvalid, "CONTENT_NEEDED", "reason");
  Decision decision;
  auto* raised = decision.Emit()->mutable_dispute_raised();
  raised->set_other_org(other->id());
  raised->set_reason(request.reason());
  return decision;
}

Decision DecideDecideDispute(const v1::DecideDisputeRequest& request, const Ask& ask) {
  const v1::State& state = ask.state;
  if (!state.in_dispute()) return Refuse(RefusalCode::kGuard, "NOT_IN_DISPUTE");
  const Organisation* unit = UnitOrg(request.to_org(), ask.reference);
  if (unit == nullptr) return Refuse(RefusalCode::kInvalid, "UNKNOWN_ORG", "to_org");
  // Art. 24: the common superior of those who disagree; without one, the joint conference, which is common to both too.
  const std::string& present = state.unit_area().empty() ? state.office_area() : state.unit_area();
  if (!(base::Covers(ask.who.area, unit->area_code()) && base::Covers(ask.who.area, present))) {
    return Refuse(RefusalCode::kNotAllowed, "NOT_COMMON_SUPERIOR");
  }
  if (request.reason().empty()) return Refuse(RefusalCode::kInvalid, "CONTENT_NEEDED", "reason");
  Decision decision;
  auto* decided = decision.Emit()->mutable_dispute_decided();
  decided->set_unit_org(unit->id());
  decided->set_unit_area(unit->area_code());
  decided->set_unit_level(unit->level());
  decided->set_reason(request.reason());
  decided->set_by_joint_conference(request.by_joint_conference());
  ClockChanges clocks(state, ask.reference, ask.ctx.now_ms);
  for (std::string_view id : {"DP-01", "DP-02"}) clocks.Stop(id);
  for (std::string_view id : {"DP-03", "DP-04"}) clocks.Cancel(id);
  // Whoever handles it from now on reports; who let the day pass was late.
  if (clocks.Running("DP-12") && !clocks.Late("DP-12")) clocks.Hand("DP-12", unit->id());
  const auto start = From("dispute_decided", unit->id());
  if (!state.name_or_address_unclear())
    clocks.Start("DP-03", start);  // nothing to object to any more: no DP-04
  return With(std::move(decision), clocks);
}

}  // namespace petition
