// M23 the end of a binding agreement, M24 the file 卷宗: papers are put into it, and it is archived when nothing
// it must hold is missing.
#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>

#include <algorithm>
#include <utility>

#include "base/calendar.h"
#include "base/utf8.h"
#include "services/mediation/domain/clocks.h"
#include "services/mediation/domain/decide.h"
#include "services/mediation/domain/file_index.h"
#include "services/mediation/domain/limits.h"
#include "services/mediation/domain/papers.h"
#include "services/mediation/domain/promise.h"

namespace mediation {
namespace {

using kernel::RefusalCode;

// The numbers of the clauses not kept yet: "1 3".
std::string OpenClauses(const v1::State& state) {
  std::string open;
  for (const auto& promise : PromisesOf(state)) {
    if (IsOpenPromise(promise)) absl::StrAppend(&open, open.empty() ? "" : " ", promise.no());
  }
  return open;
}

// A number of a court or of an arbitration commission 案号: a year, and at the end 号: "（2026）鲁1403民初12号".
bool IsCaseNo(std::string_view text) {
  constexpr std::string_view kEnd = "号";
  if (!text.ends_with(kEnd)) return false;
  text.remove_suffix(kEnd.size());
  if (text.empty() || text.back() < '0' || text.back() > '9') return false;
  size_t digits = 0;  // four in a row that are no longer number: the year stands in brackets before the rest
  for (size_t i = 0; i < text.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    if (!digit && digits == 4 && (text.substr(i - 4, 2) == "19" || text.substr(i - 4, 2) == "20")) return true;
    digits = digit ? digits + 1 : 0;
  }
  return false;
}

std::optional<kernel::Refusal> CheckTakenOver(const v1::CompleteRequest& request) {
  if (request.taken_over_case_no().empty()) {
    return Why(RefusalCode::kInvalid, "CONTENT_NEEDED", "taken_over_case_no");
  }
  if (!IsCaseNo(request.taken_over_case_no())) return Why(RefusalCode::kInvalid, "BAD_CASE_NO", "taken_over_case_no");
  return std::nullopt;
}

// Art. 32: a suit is about how the agreement is kept or about what it says. What has been confirmed is enforced instead
// (Art. 33, 民事诉讼法 206).
std::optional<kernel::Refusal> CheckLawsuit(const v1::CompleteRequest& request, const v1::State& state) {
  if (state.confirmation() == v1::CONFIRMED) return Why(RefusalCode::kGuard, "CONFIRMED_IS_ENFORCED", "outcome");
  if (auto refusal = CheckTakenOver(request)) return refusal;
  if (PerformanceOf(state) != v1::BREACHED && request.remark().empty()) {
    return Why(RefusalCode::kInvalid, "DISPUTE_NEEDED", "remark");
  }
  return std::nullopt;
}

// Both sides say that nothing is owed any more. That gives rights up, so an agent needs the authority to.
std::optional<kernel::Refusal> CheckDeclarations(const v1::CompleteRequest& request, const v1::State& state) {
  if (auto refusal = CheckConsents(request.consent(), state)) return refusal;
  for (int i = 0; i < request.consent_size(); ++i) {
    if (request.consent(i).capacity() != v1::ORDINARY_AGENT) continue;
    const std::string field = absl::StrFormat("consent[%d].capacity", i);
    return Why(RefusalCode::kGuard, "SPECIAL_AUTHORITY_TO_SETTLE", field);
  }
  return std::nullopt;
}

std::optional<kernel::Refusal> CheckOutcome(const v1::CompleteRequest& request, const v1::State& state) {
  switch (request.outcome()) {
    case v1::ALL_PERFORMED:
      if (const std::string open = OpenClauses(state); !open.empty()) {
        auto refusal = Why(RefusalCode::kGuard, "PROMISES_OPEN", "outcome");
        refusal.metadata["clause_no"] = open;
        return refusal;
      }
      return std::nullopt;
    case v1::BY_ENFORCEMENT:
      if (state.confirmation() != v1::CONFIRMED) return Why(RefusalCode::kGuard, "NOT_CONFIRMED", "outcome");
      return CheckTakenOver(request);
    case v1::BY_LAWSUIT:
      return CheckLawsuit(request, state);
    case v1::DECLARED_SETTLED:
      return CheckDeclarations(request, state);
    default:
      return Why(RefusalCode::kInvalid, "VALUE_NEEDED", "outcome");
  }
}

// What only people can bring: their own papers, and what they have signed. Covers and contents are only printed.
bool IsPaper(v1::FormKind form) {
  switch (form) {
    case v1::F1_APPLICATION_OR_REGISTER:
    case v1::F1B_REGISTER:
    case v1::F2_RIGHTS_NOTICE:
    case v1::F_END_NOTICE:
    case v1::F_COURT_REPORT:
    case v1::F3_IDENTITY:
    case v1::F4_AUTHORITY:
    case v1::F5_INVESTIGATION:
    case v1::F6_EVIDENCE:
    case v1::F7_SESSION_RECORD:
    case v1::F8_AGREEMENT:
    case v1::F8B_ORAL_REGISTER:
    case v1::F9_RECEIPTS:
    case v1::F10_VISITS:
    case v1::F11_CONFIRMATION:
    case v1::F12_STATEMENT:
      return true;
    default:
      return false;
  }
}

// The whole file; or a written reason for what others hold and cannot be had. What the law wants from the committee
// itself (notice, agreement, register) no reason replaces.
std::optional<kernel::Refusal> CheckComplete(const v1::ArchiveRequest& request, const v1::FileIndex& index,
                                             const std::string& missing) {
  const bool explained = !request.why_incomplete().empty();
  if (!missing.empty() && explained && base::CodePoints(request.why_incomplete()) < kWhyIncompleteCharactersMin) {
    return Why(RefusalCode::kInvalid, "REASON_TOO_SHORT", "why_incomplete");
  }
  if (missing.empty() || (explained && MissesOnlyExcusable(index))) return std::nullopt;
  auto refusal = Why(RefusalCode::kGuard, explained ? "CANNOT_BE_EXCUSED" : "FILE_INCOMPLETE");
  refusal.metadata["missing"] = missing;
  refusal.message_zh += "缺：" + missing;
  refusal.message_en += " Missing: " + missing;
  for (const auto& line : index.line()) {  // who has to do what next
    for (const auto& task : line.task()) {
      refusal.message_zh += "\n" + task.text_zh();
      refusal.message_en += "\n" + task.text_en();
    }
  }
  return refusal;
}

}  // namespace

Decision DecideComplete(const v1::CompleteRequest& request, const Ask& ask) {
  const v1::State& state = ask.state;
  if (state.confirmation() == v1::APPLIED || state.confirmation() == v1::FILED) {
    return Refuse(RefusalCode::kGuard, "CONFIRMATION_PENDING");
  }
  if (auto refusal = CheckOutcome(request, state)) return Decision::Refuse(*std::move(refusal));
  Decision decision;
  auto* event = decision.Emit();
  auto* completed = event->mutable_completed();
  completed->set_outcome(request.outcome());
  completed->set_performed(OpenClauses(state).empty());
  completed->set_taken_over_case_no(request.taken_over_case_no());
  completed->set_remark(request.remark());
  ClockChanges clocks(state, ask.reference, ask.ctx.now_ms);
  clocks.Cancel("DM-05");  // a right not used
  clocks.EndAll();
  reference::ClockStart start;
  start.started_by = "completed";
  start.holder_org = state.committee_org();
  clocks.Start("DM-07", start);
  clocks.WriteTo(event);
  return decision;
}

Decision DecideFileDocument(const v1::FileDocumentRequest& request, const Ask& ask) {
  if (auto refusal = CheckMayMediate(ask)) return Decision::Refuse(*std::move(refusal));
  const v1::State& state = ask.state;
  if (!IsPaper(request.form())) return Refuse(RefusalCode::kInvalid, "NOT_A_PAPER", "form");
  if (request.sha256().empty()) return Refuse(RefusalCode::kInvalid, "BAD_DIGEST", "sha256");
  if (request.title().empty()) return Refuse(RefusalCode::kInvalid, "CONTENT_NEEDED", "title");
  const bool personal = request.form() == v1::F3_IDENTITY || request.form() == v1::F4_AUTHORITY;
  if (personal && request.party_id().empty())
    return Refuse(RefusalCode::kInvalid, "VALUE_NEEDED", "party_id");
  if (!request.party_id().empty() && FindParty(state, request.party_id()) == nullptr) {
    return Refuse(RefusalCode::kInvalid, "UNKNOWN_PARTY", "party_id");
  }
  if (request.pages() < 0) return Refuse(RefusalCode::kInvalid, "VALUE_NEEDED", "pages");
  if (state.document_size() >= kDocumentsMax) return Refuse(RefusalCode::kLimit, "TOO_LONG");
  if (std::ranges::any_of(state.document(), [&](const v1::FiledDocument& filed) {
        return filed.form() == request.form() && filed.sha256() == request.sha256() &&
               filed.party_id() == request.party_id();
      })) {
    return Refuse(RefusalCode::kGuard, "ALREADY_IN_FILE", "sha256");
  }
  Decision decision;
  auto* document = decision.Emit()->mutable_document_filed()->mutable_document();
  document->set_form(request.form());
  document->set_sha256(request.sha256());
  document->set_title(request.title());
  document->set_party_id(request.party_id());
  document->set_pages(request.pages());
  document->set_by_user_id(ask.ctx.actor->user_id());
  document->set_at_ms(ask.ctx.now_ms);
  return decision;
}

Decision DecideArchive(const v1::ArchiveRequest& request, const Ask& ask) {
  if (request.volume_title().empty()) return Refuse(RefusalCode::kInvalid, "CONTENT_NEEDED", "volume_title");
  if (!v1::Retention_IsValid(request.retention())) {
    return Refuse(RefusalCode::kInvalid, "VALUE_NEEDED", "retention");
  }
  const v1::FileIndex index = FileIndexOf(ask.state, ReceivedBy(*ask.ctx.lookup, std::string(ask.ctx.aggregate_id)));
  const std::string missing = MissingForms(index);
  if (auto refusal = CheckComplete(request, index, missing)) return Decision::Refuse(*std::move(refusal));
  // Ten years, unless said otherwise.
  const v1::Retention retention =
      request.retention() == v1::RETENTION_UNSPECIFIED ? v1::TEN_YEARS : request.retention();
  const int years = kRetentionYears[retention];
  Decision decision;
  auto* event = decision.Emit();
  auto* archived = event->mutable_archived();
  archived->set_volume_title(request.volume_title());
  archived->set_retention(retention);
  if (years > 0) {
    const base::Day today = base::LocalDay(ask.ctx.now_ms);
    archived->set_retained_until_ms(base::EndOfDayMs(base::AddMonths(today, 12 * years)));
  }
  archived->set_remark(request.remark());
  archived->set_difficult(request.difficult());
  if (!missing.empty()) {
    archived->set_why_incomplete(request.why_incomplete());
    archived->set_missing(missing);
  }
  ClockChanges clocks(ask.state, ask.reference, ask.ctx.now_ms);
  clocks.Stop("DM-07");
  clocks.WriteTo(event);
  return decision;
}

}  // namespace mediation
