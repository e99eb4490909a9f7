// Verification, closing, reopening, archive (I15, I16, I18, I24). 办结 and 解决 stay two facts:
// closing says the procedure has ended, `resolved` whether the thing is solved, the reporter's evaluation
// (decide_evaluation.cc) what they say of it.

#include <algorithm>

#include "base/calendar.h"
#include "services/incident/domain/deciding.h"
#include "services/incident/domain/limits.h"

namespace incident {
namespace {

constexpr std::string_view kRework = "rework";

// 回避: who handled a matter may not verify it.
std::optional<kernel::Refusal> Recusal(const Deciding& d) {
  const auto& handlers = d.matter().handler();
  if (std::ranges::find(handlers, d.acting.user) == handlers.end()) return std::nullopt;
  return Say(RefusalCode::kNotAllowed, "RECUSED", "您经办过这件事，须由他人核查。",
             "You handled this matter; somebody else verifies it.");
}

base::Counting CountingOf(const common::v1::Length& length) {
  switch (length.unit()) {
    case common::v1::WD:
      return base::Counting::kWorkingDays;
    case common::v1::WH:
      return base::Counting::kOfficeHours;
    default:
      return base::Counting::kAll;
  }
}

// The new due moment of a rework: what was left of `last`, at least 30 % of the original period in its own counted
// time. The original is the period of the last dispatch, however often there was rework since.
int64_t ReworkDueMs(const Deciding& d, const common::v1::Clock& last) {
  const common::v1::Clock* original = &last;
  for (const common::v1::Clock& clock : d.matter().clock()) {
    if (clock.policy_id() == last.policy_id() && clock.started_by() != kRework) original = &clock;
  }
  const base::Calendar& calendar = d.known.directory().calendar();
  const base::Counting counting = CountingOf(original->length());
  const int64_t whole = calendar.Between(counting, original->started_at_ms(), original->due_at_ms());
  const int64_t at_least = calendar.Forward(counting, d.now(), whole * 3 / 10);
  return std::max(last.due_at_ms(), at_least);
}

}  // namespace

Decision DecideVerifyFail(const v1::VerifyFailRequest& c, const Deciding& d) {
  if (auto recusal = Recusal(d)) return No(*std::move(recusal));
  Decision decision;
  v1::Event* event = decision.Emit();
  auto* reworked = event->mutable_reworked();
  reworked->set_finding(c.finding());
  *reworked->mutable_attachment() = c.attachment();
  reworked->set_rework_count(d.matter().rework_count() + 1);
  v1::Standing* standing = event->mutable_standing();
  *standing = With(d.matter().standing(), v1::PROCESSING);
  standing->set_holder_org(standing->lead_org());
  Clocks clocks = d.ClocksFor(kRework);
  clocks.Stop("DI-06");
  for (const char* id : {"DI-05", "DA-05"}) {
    const auto* last = FindLast(d.matter(), id);
    if (last == nullptr) continue;
    clocks.Begin(id, {.holder = standing->lead_org(),
                      .due_at_ms = ReworkDueMs(d, *last),
                      .article = "返工：剩余期限，至少原期限的30%"});
  }
  clocks.Into(event);
  return decision;
}

void EmitClosed(const Deciding& d, v1::ClosureType type, bool resolved, v1::Event* event) {
  auto* closed = event->mutable_closed();
  closed->set_closure_type(type);
  closed->set_resolved(resolved);
  closed->set_resolved_level(ResolvedLevel(d.matter()));
  closed->set_on_time(!d.matter().ever_late() && !AnyMissed(d.matter(), d.now()));
  *event->mutable_standing() = With(d.matter().standing(), v1::CLOSED);
  Clocks clocks = d.ClocksFor("closed");
  for (const char* id : {"DI-05", "DI-06", "DA-01", "DA-02", "DA-03", "DA-04", "DA-05"}) clocks.Stop(id);
  clocks.CancelAll();
  clocks.Begin("DI-07", {});
  clocks.Begin("DI-08", {});
  clocks.Into(event);
}

Decision DecideVerifyPass(const v1::VerifyPassRequest& c, const Deciding& d) {
  if (auto recusal = Recusal(d)) return No(*std::move(recusal));
  const v1::ClosureType type =
      c.closure_type() == v1::CLOSURE_TYPE_UNSPECIFIED ? v1::HANDLED : c.closure_type();
  if (type != v1::HANDLED && type != v1::NOT_FOUND && type != v1::LONG_TERM) {
    return NoField("closure_type", "CLOSURE_TYPE_INVALID", "办结方式只能是已处置、查无此事或长期化解。",
                   "Closing here is as handled, not found or long-term.");
  }
  if (c.resolved() == v1::RESOLVED_UNSPECIFIED || !v1::Resolved_IsValid(c.resolved())) {
    return NoField("resolved", "RESOLVED_NEEDED", "办结不等于解决，请说明是否解决。",
                   "Closing is not solving: say whether it is solved.");
  }
  // Solved is what the enterprise confirms (DA-03, DA-04): nobody else's yes stands against its no.
  if (c.resolved() == v1::YES && d.matter().handling_denied()) {
    return NoField("resolved", "ENTERPRISE_SAYS_OTHERWISE",
                   "企业答复没有解决：请退回承办单位重新办理，或者按未解决、部分解决办结，并写明情况。",
                   "The enterprise says it is not solved: have it handled again, or close it as partly or not solved.");
  }
  if (type == v1::LONG_TERM && (c.resolved() == v1::YES || c.review_at_ms() <= d.now())) {
    return NoField("review_at_ms", "REVIEW_DATE_NEEDED", "长期事项须写明复查日期，并且不算解决。",
                   "A long-term matter has a date of review and does not count as solved.");
  }
  Decision decision;
  v1::Event* event = decision.Emit();
  EmitClosed(d, type, c.resolved() == v1::YES, event);
  auto* closed = event->mutable_closed();
  closed->set_record(c.record());
  closed->set_by_user(d.acting.user);
  if (type == v1::LONG_TERM) closed->set_review_at_ms(c.review_at_ms());
  return decision;
}

Decision DecideVerifySample(const v1::VerifySampleRequest& c, const Deciding& d) {
  if (!d.matter().sample_open()) {
    return NoGuard("NOT_SAMPLED", "这件事没有被抽中核查。", "This matter was not drawn for verification.");
  }
  if (auto recusal = Recusal(d)) return No(*std::move(recusal));
  Decision decision;
  v1::Event* event = decision.Emit();
  event->mutable_sample_verified()->set_passed(c.passed());
  event->mutable_sample_verified()->set_record(c.record());
  Clocks clocks = d.ClocksFor("sample_verified");
  clocks.Stop("DI-06");
  clocks.Into(event);
  if (c.passed()) return decision;
  v1::State after = d.state;
  IncidentDomain::Apply(*event, d.now(), &after);
  EmitReopened({after, d.ctx, d.known, d.acting}, v1::FALSE_COMPLETION, c.record(), decision.Emit());
  return decision;
}

void EmitReopened(const Deciding& d, v1::ReopenReason reason, std::string explanation, v1::Event* event) {
  auto* reopened = event->mutable_reopened();
  reopened->set_reason(reason);
  reopened->set_explanation(std::move(explanation));
  reopened->set_cycle(d.matter().cycle() + 1);
  reopened->set_was_late(d.matter().ever_late() || !d.matter().on_time());
  v1::Standing* standing = event->mutable_standing();
  *standing = With(d.matter().standing(), v1::ACCEPTED);
  standing->set_current_level(
      std::max(standing->current_level(), std::min<int>(d.acting.level, common::v1::CITY)));
  standing->set_current_level(std::max<int>(standing->current_level(), common::v1::VILLAGE));
  standing->set_lead_org(d.CentreAt(standing->current_level()));
  standing->set_holder_org(standing->lead_org());
  standing->clear_co_handler_org();
  // A new cycle has clocks of its own: the former ones stay in the history.
  const v1::Incident fresh;
  Clocks clocks(fresh, d.known, d.now(), "reopened");
  clocks.Begin("DI-02", {.holder = standing->holder_org(), .urgent = IsUrgent(d.matter().intake())});
  if (IsAppeal(d.matter())) BeginAppealPeriods(standing->holder_org(), &clocks);
  clocks.Into(event);
}

Decision DecideReopen(const v1::ReopenRequest& c, const Deciding& d) {
  if (c.reason() == v1::REOPEN_REASON_UNSPECIFIED || !v1::ReopenReason_IsValid(c.reason())) {
    return NoField("reason", "REASON_NEEDED", "请选择重开的理由。", "Choose the reason.");
  }
  const auto* window = FindLast(d.matter(), "DI-08");
  if (c.reason() == v1::RECURRED && (window == nullptr || d.now() > window->due_at_ms())) {
    return NoGuard("REOPEN_WINDOW_OVER", "复发重开期(30天)已过，请作为新事项登记。",
                   "The 30 days for reopening are over; register it as a new matter.");
  }
  Decision decision;
  EmitReopened(d, c.reason(), c.explanation(), decision.Emit());
  return decision;
}

Decision DecideArchive(const v1::ArchiveRequest& c, const Deciding& d) {
  const auto* window = FindLast(d.matter(), "DI-08");
  if (window != nullptr && d.now() <= window->due_at_ms()) {
    return NoGuard("REOPEN_WINDOW_OPEN", "重开期还没有结束，不能归档。",
                   "The time for reopening is not over.");
  }
  if (d.matter().sample_open()) {
    return NoGuard("SAMPLE_IS_OPEN", "抽查还没有完成，不能归档。", "The random check is still open.");
  }
  Decision decision;
  v1::Event* event = decision.Emit();
  event->mutable_archived()->set_file_check(c.file_check());
  *event->mutable_standing() = With(d.matter().standing(), v1::ARCHIVED);
  Clocks clocks = d.ClocksFor("archived");
  clocks.CancelAll();
  clocks.Into(event);
  return decision;
}

Decision DecideReviewLongTerm(const Deciding& d) {
  Decision decision;
  if (d.matter().review_at_ms() == 0 || d.now() < d.matter().review_at_ms()) return decision;
  decision.Emit()->mutable_long_term_review_due();
  return decision;
}

// ---- Enterprise appeals 企业诉求 (DA-01 to DA-04)

Decision DecideClassifyComplex(const v1::ClassifyComplexRequest& c, const Deciding& d) {
  if (!IsAppeal(d.matter())) {
    return NoGuard("NOT_AN_APPEAL", "只有企业诉求可以认定为复杂事项。",
                   "Only enterprise appeals are classified so.");
  }
  const auto* known = FindLast(d.matter(), "DA-03");
  if (known != nullptr && known->outcome() == common::v1::CLOCK_CANCELLED) {
    return NoGuard("COMPLEX_ALREADY", "这件诉求已经认定为复杂事项。", "This appeal was classified as complex already.");
  }
  const auto* ordinary = FindRunning(d.matter(), "DA-03");
  if (ordinary == nullptr || d.now() > ordinary->due_at_ms()) {
    return NoGuard("TOO_LATE_FOR_COMPLEX", "复杂事项须在15个工作日的期限届满前认定。",
                   "It has to be classified before the 15 working days end.");
  }
  Decision decision;
  v1::Event* event = decision.Emit();
  event->mutable_classified_complex()->set_reason(c.reason());
  Clocks clocks = d.ClocksFor("classified_complex");
  clocks.Cancel("DA-03");
  clocks.Into(event);
  return decision;
}

Decision DecideConfirmService(const v1::ConfirmServiceRequest& c, const Deciding& d) {
  if (!IsAppeal(d.matter())) {
    return NoGuard("NOT_AN_APPEAL", "只有企业诉求需要服务确认。", "Only enterprise appeals are confirmed.");
  }
  if (d.matter().enterprise_confirmed()) {
    return NoGuard("CONFIRMED_ALREADY", "企业已经确认过。", "The enterprise has confirmed already.");
  }
  if (c.resolved() == v1::RESOLVED_UNSPECIFIED || !v1::Resolved_IsValid(c.resolved())) {
    return NoField("resolved", "RESOLVED_NEEDED", "请说明是否解决。", "Say whether it is solved.");
  }
  if (!d.acting.as_reporter && c.note().empty()) {
    return NoField("note", "NOTE_NEEDED", "请写明回访了谁、对方怎么说。", "Say who was asked, and what they said.");
  }
  Decision decision;
  v1::Event* event = decision.Emit();
  auto* confirmed = event->mutable_service_confirmed();
  confirmed->set_binds(true);
  confirmed->set_note(c.note());
  confirmed->set_resolved(c.resolved());
  confirmed->set_by_enterprise(d.acting.as_reporter);
  confirmed->set_declined(c.resolved() != v1::YES);
  Clocks clocks = d.ClocksFor("service_confirmed");
  if (!confirmed->declined()) {  // 3.4.2: solved and confirmed
    for (const std::string_view id : kAppealPeriods) clocks.Stop(id);
  }
  clocks.Into(event);
  return decision;
}

Decision DecideRecordAttempt(const v1::RecordAttemptRequest& c, const Deciding& d) {
  if (!IsAppeal(d.matter())) {
    return NoGuard("NOT_AN_APPEAL", "只有企业诉求需要记录回访。",
                   "Attempts are recorded for enterprise appeals only.");
  }
  // Whoever was called twice within a minute was called once: what is tried again on the same day is on record and is
  // no second attempt. That a day must lie between is our reading.
  const int64_t last = d.matter().attempt_counted_at_ms();
  const bool counts = last == 0 || base::LocalDay(last) != base::LocalDay(d.now());
  Decision decision;
  auto* attempted = decision.Emit()->mutable_contact_attempted();
  attempted->set_note(c.note());
  attempted->set_attempts(d.matter().contact_attempts() + (counts ? 1 : 0));
  attempted->set_counted_at_ms(counts ? d.now() : last);
  return decision;
}

Decision DecideCloseExplained(const v1::CloseExplainedRequest& c, const Deciding& d) {
  if (!IsAppeal(d.matter())) {
    return NoGuard("NOT_AN_APPEAL", "只有企业诉求可以这样办结。", "Only enterprise appeals are closed so.");
  }
  if (d.matter().contact_attempts() < kAttemptsToExplain) {
    return NoGuard("TWO_ATTEMPTS_NEEDED", "须有不在同一天的两次回访记录才能以“已解释”办结。",
                   "Two documented attempts on different days are needed before it is closed as explained.");
  }
  Decision decision;
  v1::Event* event = decision.Emit();
  EmitClosed(d, v1::EXPLAINED, false, event);
  event->mutable_closed()->set_record(c.explanation());
  event->mutable_closed()->set_by_user(d.acting.user);
  return decision;
}

}  // namespace incident
