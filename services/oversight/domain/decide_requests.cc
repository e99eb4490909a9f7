// What leaders ask: instructions O7, a lead unit, sending down. Each is a request to the case service, which
// decides by its own rules; the matter remembers what was asked and what was answered.
#include <absl/strings/str_cat.h>

#include <algorithm>
#include <set>
#include <utility>

#include "base/area_code.h"
#include "services/oversight/domain/checks.h"
#include "services/oversight/domain/decide.h"
#include "services/oversight/domain/lights.h"
#include "services/oversight/domain/limits.h"
#include "services/oversight/domain/standing.h"
#include "services/reference/deadline.h"

namespace oversight {
namespace {

using kernel::Refusal, kernel::RefusalCode;
using OrgList = google::protobuf::RepeatedPtrField<std::string>;

std::optional<Refusal> CheckOrgs(const OrgList& orgs, const Ask& ask, std::string_view within_area) {
  if (orgs.size() > kAddresseesMax) return Why(RefusalCode::kLimit, "TOO_LONG", "addressee_org");
  for (const auto& id : orgs) {
    const auto* org = ask.reference.FindOrg(id);
    if (org == nullptr || org->closed() || !base::Covers(within_area, org->area_code())) {
      return Why(RefusalCode::kInvalid, "UNKNOWN_ORG", "addressee_org");
    }
  }
  return std::nullopt;
}

// A petition is told to those who have to do with it, by an instruction as little as by an order.
std::optional<Refusal> CheckTold(const OrgList& orgs, const v1::Matter& matter) {
  const bool theirs = std::ranges::all_of(orgs, [&](const std::string& id) { return IsTheirs(matter, id); });
  if (theirs) return std::nullopt;
  return Why(RefusalCode::kGuard, AwaitsItsUnit(matter) ? "NOT_FORWARDED_YET" : "MATTER_NOT_THEIRS", "addressee_org");
}

void AddOnce(const OrgList& from, OrgList* to) {
  std::set<std::string> seen(to->begin(), to->end());
  for (const auto& id : from) {
    if (seen.insert(id).second) *to->Add() = id;
  }
}

// What may be asked of a matter at all: it has room for it, and the same does not wait for an answer already.
std::optional<Refusal> CheckAsk(const v1::Matter& matter, v1::RequestKind kind, int64_t due_at_ms,
                                int64_t now_ms) {
  if (matter.asked_size() >= kAskedMax) return Why(RefusalCode::kLimit, "TOO_LONG");
  if (due_at_ms != 0 && due_at_ms <= now_ms) return Why(RefusalCode::kInvalid, "BAD_TIME", "due_at_ms");
  if (due_at_ms > now_ms + kAheadMaxMs) return Why(RefusalCode::kInvalid, "TOO_FAR", "due_at_ms");
  for (const auto& asked : matter.asked()) {
    if (kind != v1::INSTRUCTION && asked.kind() == kind && asked.answer() == v1::ANSWER_PENDING) {
      return Why(RefusalCode::kGuard, "ALREADY_ASKED");
    }
  }
  return std::nullopt;
}

// Of a request on the matter itself; an instruction and an order have ids of their own.
std::string NextRequest(const Ask& ask) {
  return absl::StrCat(std::string(ask.ctx.aggregate_id), "-", ask.ctx.version + 1);
}

// The report clock of an instruction: the leader names the moment, no policy row counts it.
common::v1::Clock ReportClock(int64_t due_at_ms, std::string_view holder, const Ask& ask) {
  policy::v1::DeadlineRule rule;
  rule.set_id("O7");
  rule.set_article("批示要求的报告期限");
  reference::ClockStart start;
  start.at_ms = ask.ctx.now_ms;
  start.started_by = "instruction_issued";
  start.holder_org = std::string(holder);
  start.due_at_ms = due_at_ms;
  return reference::StartClock(rule, start, ask.reference.calendar());
}

}  // namespace

v1::Asked NewAsked(v1::RequestKind kind, std::string instruction_id, const Ask& ask) {
  v1::Asked asked;
  asked.set_instruction_id(std::move(instruction_id));
  asked.set_kind(kind);
  asked.set_asked_at_ms(ask.ctx.now_ms);
  asked.set_issuer_org(ask.who.org);
  asked.set_issuer_level(ask.who.level);
  asked.set_by_leader(ask.who.role == kernel::v1::ROLE_TL || ask.who.role == kernel::v1::ROLE_CL ||
                      ask.who.role == kernel::v1::ROLE_CYL);
  return asked;
}

Decision DecideInstruct(const v1::InstructRequest& request, const Ask& ask, const v1::Matter& matter) {
  if (!ask.reference.HasCalendar()) return Refuse(RefusalCode::kGuard, "CALENDAR_MISSING");
  if (auto refusal = CheckText(request.text(), "text")) return Decision::Refuse(*std::move(refusal));
  if (request.due_at_ms() == 0) return Refuse(RefusalCode::kInvalid, "VALUE_NEEDED", "due_at_ms");
  if (auto refusal = CheckAsk(matter, v1::INSTRUCTION, request.due_at_ms(), ask.ctx.now_ms)) {
    return Decision::Refuse(*std::move(refusal));
  }
  if (auto refusal = CheckOrgs(request.addressee_org(), ask, ask.who.area)) {
    return Decision::Refuse(*std::move(refusal));
  }
  // A leader may say who is to handle a petition that lies with its office. Nobody is told before it is distributed,
  // which waits until the office has forwarded it there (信访工作条例 22).
  if (!AwaitsItsUnit(matter)) {
    if (auto refusal = CheckTold(request.addressee_org(), matter)) return Decision::Refuse(*std::move(refusal));
  }
  // Nobody named: whoever has it, if they are below the leader; a township does not instruct the county's bureau (O7),
  // and names a unit of its own.
  const auto* has_it = request.addressee_org().empty() ? ask.reference.FindOrg(HolderOrg(matter)) : nullptr;
  if (has_it != nullptr && !base::Covers(ask.who.area, has_it->area_code()))
    return Refuse(RefusalCode::kInvalid, "VALUE_NEEDED", "addressee_org");
  if (has_it != nullptr && has_it->closed()) return Refuse(RefusalCode::kGuard, "UNIT_CLOSED", "addressee_org");
  const v1::Part* holder = HolderPart(matter);
  Decision decision;
  auto* issued = decision.Emit()->mutable_instruction_issued()->mutable_instruction();
  issued->set_matter_id(request.matter_id());
  issued->set_matter_code(matter.matter_code());
  issued->set_matter_area_code(matter.area_code());
  issued->set_area_code(ask.who.area);
  issued->set_status(v1::ISSUED);
  issued->set_text(request.text());
  issued->set_issuer_user_id(ask.ctx.actor->user_id());
  issued->set_issuer_org(ask.who.org);
  issued->set_issuer_level(ask.who.level);
  AddOnce(request.addressee_org(), issued->mutable_addressee_org());
  if (issued->addressee_org().empty()) issued->add_addressee_org(HolderOrg(matter));
  issued->set_issued_at_ms(ask.ctx.now_ms);
  issued->set_service(holder->service());
  issued->set_subject_id(holder->subject_id());
  *issued->mutable_clock() = ReportClock(request.due_at_ms(), issued->addressee_org(0), ask);
  issued->set_yellow_at_ms(YellowAt(issued->clock(), ask.reference));
  issued->set_light(ask.ctx.now_ms >= issued->yellow_at_ms() ? common::v1::YELLOW : common::v1::GREEN);

  v1::Asked asked = NewAsked(v1::INSTRUCTION, std::string(ask.ctx.aggregate_id), ask);
  asked.set_due_at_ms(request.due_at_ms());
  asked.set_to_org(issued->addressee_org(0));
  if (holder->has_petition()) {  // nobody is asked: how a petition is handled is the law's, and the words stay here
    asked.set_answer(v1::ANSWER_DONE);
    asked.set_answered_at_ms(ask.ctx.now_ms);
  }
  *decision.EmitTo(request.matter_id())->mutable_instruction_noted()->mutable_asked() = std::move(asked);
  return decision;
}

Decision DecideDistribute(const v1::DistributeRequest& request, const Ask& ask) {
  const v1::State* matter = ask.ctx.lookup->Find(ask.state.instruction().matter_id());
  if (matter != nullptr && !IsOpen(matter->matter())) return Refuse(RefusalCode::kWrongStatus, "MATTER_ENDED");
  if (auto refusal = CheckOrgs(request.addressee_org(), ask, ask.state.instruction().area_code())) {
    return Decision::Refuse(*std::move(refusal));
  }
  if (matter != nullptr) {
    for (const OrgList* told : {&request.addressee_org(), &ask.state.instruction().addressee_org()}) {
      if (auto refusal = CheckTold(*told, matter->matter())) return Decision::Refuse(*std::move(refusal));
    }
  }
  // Whom the leader named may have been closed since: there nobody would read it.
  const bool closed = std::ranges::any_of(ask.state.instruction().addressee_org(),
                                          [&](const std::string& id) { return IsClosed(id, ask); });
  if (closed) return Refuse(RefusalCode::kGuard, "UNIT_CLOSED");
  Decision decision;
  auto* distributed = decision.Emit()->mutable_instruction_distributed();
  // The centre may name the units that do the work; whom the leader named stays addressed.
  *distributed->mutable_addressee_org() = ask.state.instruction().addressee_org();
  AddOnce(request.addressee_org(), distributed->mutable_addressee_org());
  if (distributed->addressee_org_size() > kAddresseesMax) {
    return Refuse(RefusalCode::kLimit, "TOO_LONG", "addressee_org");
  }
  *distributed->mutable_clock() = ask.state.instruction().clock();
  return decision;
}

Decision DecideReport(const v1::ReportRequest& request, const Ask& ask) {
  if (auto refusal = CheckText(request.text(), "text")) return Decision::Refuse(*std::move(refusal));
  const auto& instruction = ask.state.instruction();
  if (std::ranges::find(instruction.report(), ask.who.org, &v1::UnitReport::org_id) !=
      instruction.report().end()) {
    return Refuse(RefusalCode::kGuard, "ALREADY_REPORTED");
  }
  Decision decision;
  auto* reported = decision.Emit()->mutable_instruction_reported();
  reported->mutable_report()->set_org_id(ask.who.org);
  reported->mutable_report()->set_text(request.text());
  reported->mutable_report()->set_at_ms(ask.ctx.now_ms);
  reported->set_complete(instruction.report_size() + 1 >= instruction.addressee_org_size());
  *reported->mutable_clock() =
      reported->complete() ? reference::Stop(instruction.clock(), ask.ctx.now_ms, ask.reference.calendar())
                           : instruction.clock();
  return decision;
}

Decision DecideCloseInstruction(const v1::CloseInstructionRequest& request, const Ask&) {
  if (request.text().size() > kTextBytesMax) return Refuse(RefusalCode::kLimit, "TOO_LONG", "text");
  Decision decision;
  decision.Emit()->mutable_instruction_closed()->set_text(request.text());
  return decision;
}

// Whoever reports has done so in vain, and nobody else is asked any more: the reports that came stay, and so does why.
Decision DecideWithdrawInstruction(const v1::WithdrawInstructionRequest& request, const Ask& ask) {
  if (auto refusal = CheckText(request.reason(), "reason")) return Decision::Refuse(*std::move(refusal));
  const auto& instruction = ask.state.instruction();
  Decision decision;
  auto* withdrawn = decision.Emit()->mutable_instruction_withdrawn();
  withdrawn->set_reason(request.reason());
  *withdrawn->mutable_clock() = reference::Cancel(instruction.clock(), ask.ctx.now_ms);
  auto* noted = decision.EmitTo(instruction.matter_id())->mutable_instruction_withdrawn();
  noted->set_instruction_id(std::string(ask.ctx.aggregate_id));
  return decision;
}

Decision DecideAssignLead(const v1::AssignLeadRequest& request, const Ask& ask) {
  const v1::Matter& matter = ask.state.matter();
  if (auto refusal = CheckAsk(matter, v1::ASSIGN_LEAD, request.due_at_ms(), ask.ctx.now_ms)) {
    return Decision::Refuse(*std::move(refusal));
  }
  if (HolderPart(matter)->has_petition()) return Refuse(RefusalCode::kGuard, "NOT_FOR_PETITION");
  const auto* org = ask.reference.FindOrg(request.to_org());
  if (org == nullptr || org->closed() || !base::Covers(ask.who.area, org->area_code())) {
    return Refuse(RefusalCode::kInvalid, "UNKNOWN_ORG", "to_org");
  }
  if (request.to_org() == LeadOrg(matter)) return Refuse(RefusalCode::kGuard, "NO_CHANGE", "to_org");
  const v1::Part* holder = HolderPart(matter);
  Decision decision;
  auto* event = decision.Emit()->mutable_lead_assignment_asked();
  *event->mutable_asked() = NewAsked(v1::ASSIGN_LEAD, NextRequest(ask), ask);
  event->mutable_asked()->set_to_org(request.to_org());
  event->mutable_asked()->set_due_at_ms(request.due_at_ms());
  event->mutable_asked()->set_reason_code(request.reason_code());
  event->set_service(holder->service());
  event->set_subject_id(holder->subject_id());
  event->set_issuer_level(ask.who.level);
  return decision;
}

Decision DecideSendDown(const v1::SendDownRequest& request, const Ask& ask) {
  const v1::Matter& matter = ask.state.matter();
  if (auto refusal = CheckAsk(matter, v1::SEND_DOWN, request.due_at_ms(), ask.ctx.now_ms)) {
    return Decision::Refuse(*std::move(refusal));
  }
  if (HolderPart(matter)->has_petition()) return Refuse(RefusalCode::kGuard, "NOT_FOR_PETITION");
  if (request.reason_code().empty()) return Refuse(RefusalCode::kInvalid, "VALUE_NEEDED", "reason_code");
  if (request.to_level() < common::v1::VILLAGE || request.to_level() >= CurrentLevel(matter)) {
    return Refuse(RefusalCode::kInvalid, "LEVEL_NOT_LOWER", "to_level");
  }
  if (request.to_level() != CurrentLevel(matter) - 1)
    return Refuse(RefusalCode::kInvalid, "ONE_LEVEL_AT_A_TIME", "to_level");
  const v1::Part* holder = HolderPart(matter);
  Decision decision;
  auto* event = decision.Emit()->mutable_send_down_asked();
  *event->mutable_asked() = NewAsked(v1::SEND_DOWN, NextRequest(ask), ask);
  event->mutable_asked()->set_to_level(request.to_level());
  event->mutable_asked()->set_due_at_ms(request.due_at_ms());
  event->mutable_asked()->set_reason_code(request.reason_code());
  event->set_service(holder->service());
  event->set_subject_id(holder->subject_id());
  event->set_issuer_level(ask.who.level);
  return decision;
}

}  // namespace oversight
