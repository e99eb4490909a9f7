// M21 the joint application, M22 its result. For a court: 人民调解法 33, 民事诉讼法 205 and 206, the pre-check of
// 解释 355 and 358; for a notary or an arbitration commission: 山东条例 40, 41. The court's own time is not ours
// to count: we remind, once, after thirty days.
#include <absl/strings/str_cat.h>

#include <algorithm>
#include <utility>

#include "base/calendar.h"
#include "services/mediation/domain/clocks.h"
#include "services/mediation/domain/decide.h"
#include "services/mediation/domain/limits.h"
#include "services/mediation/domain/promise.h"

namespace mediation {
namespace {

using kernel::RefusalCode;

int64_t ReminderAt(int64_t at_ms) {
  return base::StartOfDayMs(base::LocalDay(at_ms) + kConfirmationReminderDays) + kWarningHourMs;
}

bool IsPending(v1::ConfirmationState state) { return state == v1::APPLIED || state == v1::FILED; }

// Every item was looked at, and none stands in the way. What is missing, or found, is named.
std::optional<kernel::Refusal> CheckPreCheck(const v1::ApplyConfirmationRequest& request) {
  std::string missing, found;
  for (int item = v1::NOT_A_COURT_MATTER; item <= v1::UNCLEAR_CONTENT; ++item) {
    const auto looked_at = std::ranges::find(request.precheck(), item, &v1::PreCheck::item);
    std::string* list = looked_at == request.precheck().end() ? &missing
                        : looked_at->clear()                  ? nullptr
                                                              : &found;
    if (list == nullptr) continue;
    absl::StrAppend(list, list->empty() ? "" : " ",
                    v1::PreCheckItem_Name(static_cast<v1::PreCheckItem>(item)));
  }
  if (!missing.empty()) {
    auto refusal = Why(RefusalCode::kGuard, "PRECHECK_INCOMPLETE", "precheck");
    refusal.metadata["missing"] = missing;
    return refusal;
  }
  if (!found.empty()) {
    auto refusal = Why(RefusalCode::kGuard, "PRECHECK_FAILED", "precheck");
    refusal.metadata["found"] = found;
    return refusal;
  }
  return std::nullopt;
}

std::optional<kernel::Refusal> CheckCourt(const v1::ApplyConfirmationRequest& request, int64_t applied_at_ms,
                                          const Ask& ask) {
  const v1::State& state = ask.state;
  const auto* window = FindClock(state, "DM-05");
  if (window == nullptr || applied_at_ms > window->due_at_ms()) {
    return Why(RefusalCode::kGuard, "WINDOW_CLOSED", "applied_at_ms");
  }
  // What a court delegated goes back to that court (民事诉讼法 205).
  if (!state.sender_org().empty() && state.kind() == v1::COURT_DELEGATED &&
      request.forum_org() != state.sender_org()) {
    return Why(RefusalCode::kGuard, "NOT_THE_INVITING_COURT", "forum_org");
  }
  const auto* court = ask.reference.FindOrg(request.forum_org());  // none: one that is not on the platform, by its name
  const bool sent_it = request.forum_org() == state.sender_org();
  if (!request.forum_org().empty() && !sent_it &&
      (court == nullptr || court->closed() || court->kind() != directory::v1::COURT)) {
    return Why(RefusalCode::kInvalid, "UNKNOWN_COURT", "forum_org");
  }
  if (!request.oral() && request.application_sha256().empty()) {
    return Why(RefusalCode::kInvalid, "PAPER_NEEDED", "application_sha256");
  }
  if (request.presided_proof_sha256().empty()) {
    return Why(RefusalCode::kInvalid, "PAPER_NEEDED", "presided_proof_sha256");
  }
  if (!request.contacts_given()) return Why(RefusalCode::kInvalid, "CONTACTS_NEEDED", "contacts_given");
  return CheckPreCheck(request);
}

// The other ways, each for what the law lets it confirm.
std::optional<kernel::Refusal> CheckOtherForum(const v1::ApplyConfirmationRequest& request,
                                               const v1::State& state) {
  bool fits = true;
  switch (request.kind()) {
    case v1::NOTARY:  // 以给付为内容
      fits = std::ranges::any_of(state.agreement().clause(),
                                 [](const v1::Clause& clause) { return clause.kind() == v1::PAY; });
      break;
    case v1::LABOUR_ARBITRATION:
      fits = IsLabour(state);
      break;
    case v1::LAND_ARBITRATION:
      fits = state.dispute_type() == "D07";
      break;
    default:
      if (request.arbitration_clause_sha256().empty()) {
        return Why(RefusalCode::kInvalid, "PAPER_NEEDED", "arbitration_clause_sha256");
      }
  }
  if (!fits) return Why(RefusalCode::kGuard, "FORUM_DOES_NOT_FIT", "kind");
  return std::nullopt;
}

std::optional<kernel::Refusal> CheckApplication(const v1::ApplyConfirmationRequest& request,
                                                int64_t applied_at_ms, const Ask& ask) {
  const v1::State& state = ask.state;
  if (request.kind() == v1::CONFIRMATION_KIND_UNSPECIFIED || !v1::ConfirmationKind_IsValid(request.kind())) {
    return Why(RefusalCode::kInvalid, "VALUE_NEEDED", "kind");
  }
  if (request.forum().empty()) return Why(RefusalCode::kInvalid, "CONTENT_NEEDED", "forum");
  if (IsPending(state.confirmation())) return Why(RefusalCode::kGuard, "CONFIRMATION_PENDING");
  if (state.confirmation() == v1::CONFIRMED) return Why(RefusalCode::kGuard, "ALREADY_CONFIRMED");
  if (state.confirmation() == v1::REJECTED) return Why(RefusalCode::kGuard, "ALREADY_REJECTED");
  if (state.kind() == v1::COURT_ENTRUSTED) return Why(RefusalCode::kGuard, "COURT_MAKES_THE_DOCUMENT");
  // 司法确认若干规定 3: the court wants the agreement on paper. One that was oral may be confirmed as well (人民调解法 33
  // makes no difference), once it is put into writing; its thirty days run from when it was reached all the same.
  const bool oral = state.agreement().form() == v1::ORAL;
  if (oral && !request.put_in_writing()) {
    return Why(RefusalCode::kGuard, "WRITTEN_AGREEMENT_NEEDED", "put_in_writing");
  }
  if (!oral && request.put_in_writing()) return Why(RefusalCode::kInvalid, "AGREEMENT_IS_WRITTEN", "put_in_writing");
  if (applied_at_ms > ask.ctx.now_ms || applied_at_ms < state.agreement().effective_at_ms()) {
    return Why(RefusalCode::kInvalid, "BAD_TIME", "applied_at_ms");
  }
  if (auto refusal = CheckConsents(request.consent(), state)) return refusal;  // 共同: both, or nobody
  if (request.agreement_sha256().empty()) {
    return Why(RefusalCode::kInvalid, "PAPER_NEEDED", "agreement_sha256");
  }
  if (request.property_document_sha256_size() > kPropertyDocumentsMax) {
    return Why(RefusalCode::kLimit, "TOO_LONG", "property_document_sha256");
  }
  return request.kind() == v1::COURT ? CheckCourt(request, applied_at_ms, ask)
                                     : CheckOtherForum(request, state);
}

std::optional<kernel::Refusal> CheckResult(const v1::RecordConfirmationRequest& request, const Ask& ask) {
  const v1::State& state = ask.state;
  const bool decides = request.result() == v1::CONFIRMED || request.result() == v1::REJECTED;
  if (!decides && request.result() != v1::FILED && request.result() != v1::WITHDRAWN) {
    return Why(RefusalCode::kInvalid, "VALUE_NEEDED", "result");
  }
  if (!IsPending(state.confirmation())) return Why(RefusalCode::kGuard, "NOT_APPLIED_FOR");
  if (request.result() == v1::FILED && state.confirmation() == v1::FILED) {
    return Why(RefusalCode::kGuard, "ALREADY_FILED");
  }
  // What the court decided is told by its liaison; the registrar writes down the other forums' papers, and those of a
  // court that is not on the platform (民事诉讼法 205: the parties' domicile may lie anywhere), which has nobody here.
  const v1::Confirmation& record = state.confirmation_record();
  const bool has_nobody_here = record.forum_org().empty() && !request.document_sha256().empty();
  if (ask.who.role != kernel::v1::ROLE_CT && record.kind() == v1::COURT && !has_nobody_here) {
    return Why(RefusalCode::kNotAllowed, "THE_COURT_SAYS_SO", "result");
  }
  if (request.result() == v1::FILED && request.case_no().empty()) {
    return Why(RefusalCode::kInvalid, "CONTENT_NEEDED", "case_no");
  }
  if (decides && request.ruling_no().empty()) {
    return Why(RefusalCode::kInvalid, "CONTENT_NEEDED", "ruling_no");
  }
  if (request.result() == v1::REJECTED &&
      (request.ground() == v1::PRE_CHECK_ITEM_UNSPECIFIED || !v1::PreCheckItem_IsValid(request.ground()))) {
    return Why(RefusalCode::kInvalid, "VALUE_NEEDED", "ground");
  }
  if (request.at_ms() != 0 &&
      (request.at_ms() > ask.ctx.now_ms || request.at_ms() < state.confirmation_record().applied_at_ms())) {
    return Why(RefusalCode::kInvalid, "BAD_TIME", "at_ms");
  }
  return std::nullopt;
}

}  // namespace

Decision DecideApplyConfirmation(const v1::ApplyConfirmationRequest& request, const Ask& ask) {
  const int64_t applied_at_ms = request.applied_at_ms() == 0 ? ask.ctx.now_ms : request.applied_at_ms();
  if (auto refusal = CheckApplication(request, applied_at_ms, ask))
    return Decision::Refuse(*std::move(refusal));
  Decision decision;
  auto* event = decision.Emit();
  auto* applied = event->mutable_confirmation_applied();
  applied->set_reminder_due_ms(ReminderAt(applied_at_ms));
  auto* record = applied->mutable_confirmation();
  record->set_kind(request.kind());
  record->set_forum(request.forum());
  record->set_forum_org(request.forum_org());
  record->set_applied_at_ms(applied_at_ms);
  record->set_oral(request.oral());
  record->set_application_sha256(request.application_sha256());
  record->set_agreement_sha256(request.agreement_sha256());
  record->set_put_in_writing(request.put_in_writing());
  record->set_presided_proof_sha256(request.presided_proof_sha256());
  *record->mutable_property_document_sha256() = request.property_document_sha256();
  *record->mutable_consent() = request.consent();
  record->set_arbitration_clause_sha256(request.arbitration_clause_sha256());
  ClockChanges clocks(ask.state, ask.reference, ask.ctx.now_ms);
  if (request.kind() == v1::COURT) clocks.Stop("DM-05");
  clocks.Cancel("DM-05");
  clocks.WriteTo(event);
  return decision;
}

Decision DecideRecordConfirmation(const v1::RecordConfirmationRequest& request, const Ask& ask) {
  if (auto refusal = CheckResult(request, ask)) return Decision::Refuse(*std::move(refusal));
  const int64_t at_ms = request.at_ms() == 0 ? ask.ctx.now_ms : request.at_ms();
  Decision decision;
  auto* recorded = decision.Emit()->mutable_confirmation_recorded();
  recorded->set_state(request.result());
  auto* record = recorded->mutable_confirmation();
  *record = ask.state.confirmation_record();
  if (!request.case_no().empty()) record->set_case_no(request.case_no());
  if (!request.document_sha256().empty()) record->set_document_sha256(request.document_sha256());
  if (request.result() == v1::FILED) {
    record->set_filed_at_ms(at_ms);
    recorded->set_reminder_due_ms(ReminderAt(at_ms));
    return decision;
  }
  record->set_result(request.result());
  record->set_ruling_no(request.ruling_no());
  record->set_result_at_ms(at_ms);
  record->set_ground(request.ground());
  return decision;
}

Decision DecideRemindConfirmation(const Ask& ask) {
  const int64_t due_ms = ask.state.confirmation_reminder_due_ms();
  if (due_ms == 0 || due_ms > ask.ctx.now_ms || !IsPending(ask.state.confirmation())) return {};
  Decision decision;
  decision.Emit()->mutable_confirmation_reminded();
  return decision;
}

}  // namespace mediation
