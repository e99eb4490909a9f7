// P19, P22, P25 delivery, from which the next period runs; P21 review 复查; P23 to P25 re-review 复核.
#include <absl/strings/str_cat.h>

#include <algorithm>
#include <utility>

#include "base/calendar.h"
#include "services/petition/domain/decide.h"
#include "services/petition/domain/hearings.h"
#include "services/petition/domain/limits.h"

namespace petition {
namespace {

using kernel::Refusal, kernel::RefusalCode;

const v1::Stage& Now(const v1::State& state) { return *state.stage().rbegin(); }

std::optional<Refusal> CheckDelivery(const v1::Delivery& delivery, const v1::Stage& stage, int64_t now_ms) {
  if (delivery.method() == v1::DELIVERY_METHOD_UNSPECIFIED) {
    return Why(RefusalCode::kInvalid, "VALUE_NEEDED", "delivery.method");
  }
  if (!Says(delivery.proof())) return Why(RefusalCode::kInvalid, "CONTENT_NEEDED", "delivery.proof");
  // From then the petitioner's thirty days run (Art. 35, 36), however it reached them: nobody guesses it.
  if (delivery.received_at_ms() == 0) {
    return Why(RefusalCode::kInvalid, "VALUE_NEEDED", "delivery.received_at_ms");
  }
  // A paper from outside the platform names its day, not its minute.
  const bool early = stage.body_external()
                         ? base::LocalDay(delivery.received_at_ms()) < base::LocalDay(stage.issued_at_ms())
                         : delivery.received_at_ms() < stage.issued_at_ms();
  if (early || delivery.received_at_ms() > now_ms) {
    return Why(RefusalCode::kInvalid, "BAD_TIME", "delivery.received_at_ms");
  }
  return std::nullopt;
}

// The next higher body of `body` (Art. 35, 36), from the organisation tree. The province is outside the
// platform.
const directory::v1::Organisation* HigherBody(std::string_view body, const reference::Reference& reference) {
  const auto* org = reference.FindOrg(body);
  return org == nullptr ? nullptr : LiveOrg(org->superior_for_review(), reference);
}

// Whom to ask next and until when, as the delivered paper says it.
std::string RemedyText(const v1::Stage& stage, int64_t due_at_ms, const reference::Reference& reference) {
  const auto* higher = HigherBody(stage.body_org(), reference);
  if (higher == nullptr) return "";
  const bool review = stage.kind() == v1::HANDLE;
  const base::Date last = base::DateOf(base::LocalDay(due_at_ms - 1));  // the period ends with this day
  return absl::StrCat("如不服本意见，可以自收到之日起30日内（至", last.year, "年", last.month, "月", last.day,
                      "日止）向", higher->name(), review ? "请求复查。" : "请求复核。");
}

// What the opinion in force supports is carried out by the unit (Art. 32). One that is upheld stays as it was; one that
// changes it is carried out in its place.
bool ExecutionBecomesDue(const v1::Stage& stage) {
  const bool says = stage.kind() == v1::HANDLE || stage.review_result() == v1::CHANGED;
  return says && stage.opinion().result() == v1::SUPPORTED;
}

// Within sixty days from when the unit is told (ours: the article sets no period). Its clock lies with the unit also
// while another body looks at the opinion.
void MakeExecutionDue(const v1::Stage& stage, const Ask& ask, Decision* decision) {
  auto* event = decision->Emit();
  auto* due = event->mutable_execution_due();
  due->set_unit_org(ask.state.unit_org());
  due->mutable_execution()->set_unit_org(ask.state.unit_org());
  due->mutable_execution()->set_document_no(stage.document_no());
  due->mutable_execution()->set_due_from_ms(ask.ctx.now_ms);
  ClockChanges clocks(ask.state, ask.reference, ask.ctx.now_ms);
  clocks.Start("DP-18", From("execution_due", ask.state.unit_org()));
  clocks.WriteTo(event);
}

// Starts what follows the delivery and says which status it leads to.
v1::PetitionStatus AfterDelivery(const v1::Stage& stage, const v1::DeliverRequest& request, const Ask& ask,
                                 v1::Delivered* delivered, ClockChanges* clocks) {
  const int64_t received = request.delivery().received_at_ms();
  switch (stage.kind()) {
    case v1::HANDLE:
      clocks->Start("DP-07", From("reply_received", "", received));
      delivered->set_remedy(RemedyText(stage, clocks->Find("DP-07")->due_at_ms(), ask.reference));
      return v1::DELIVERED;
    case v1::REVIEW:
      break;
    default:
      if (stage.review_result() != v1::REVOKED) return v1::FINAL;
  }
  if (stage.review_result() != v1::REVOKED) {
    clocks->Start("DP-09", From("review_reply_received", "", received));
    delivered->set_remedy(RemedyText(stage, clocks->Find("DP-09")->due_at_ms(), ask.reference));
    return v1::REVIEW_DELIVERED;
  }
  // Revoked: the unit handles it again within the period the reviewing body has set (山东 45).
  auto* redo = delivered->mutable_redo();
  redo->set_kind(v1::HANDLE);
  redo->set_body_org(ask.state.unit_org());
  redo->set_body_area(ask.state.unit_area());
  redo->set_body_level(ask.state.unit_level());
  redo->set_accepted_at_ms(ask.ctx.now_ms);
  auto start = From("review_revoked", ask.state.unit_org());
  common::v1::Length length;
  length.set_amount(stage.redo_days());
  length.set_unit(common::v1::D);
  start.length = length;
  start.article = "山东省信访条例第四十五条";
  clocks->Start("DP-05", start);
  return v1::ACCEPTED;
}

// A revocation says within how many days the matter is handled again (山东 45). What was found stands in the opinion, or
// its paper has lines above the seal for anybody to write on; only what the province found is on a paper of its own.
template <class Request>
std::optional<Refusal> CheckReviewOpinion(const Request& request, const Ask& ask) {
  const v1::Opinion& opinion = request.opinion();
  const v1::ReviewResult result = request.review_result();
  if (!Says(opinion.facts()) && !Now(ask.state).body_external()) {
    return Why(RefusalCode::kInvalid, "CONTENT_NEEDED", "opinion.facts");
  }
  if (!Says(opinion.opinion())) return Why(RefusalCode::kInvalid, "CONTENT_NEEDED", "opinion.opinion");
  if (!Says(opinion.basis())) return Why(RefusalCode::kInvalid, "CONTENT_NEEDED", "opinion.basis");
  if (result == v1::REVIEW_RESULT_UNSPECIFIED)
    return Why(RefusalCode::kInvalid, "VALUE_NEEDED", "review_result");
  if (result == v1::CHANGED && opinion.result() == v1::RESULT_UNSPECIFIED) {
    return Why(RefusalCode::kInvalid, "VALUE_NEEDED", "opinion.result");
  }
  // 维持: what is upheld is the result in force; another one beside it would be two answers to one request.
  const bool contrary = opinion.result() != v1::RESULT_UNSPECIFIED && opinion.result() != ask.state.result();
  if (result == v1::UPHELD && contrary) return Why(RefusalCode::kInvalid, "RESULT_NOT_UPHELD", "opinion.result");
  const int days = request.redo_days();
  if (result == v1::REVOKED ? days < 1 || days > kRedoDaysMax : days != 0) {
    return Why(RefusalCode::kInvalid, "REDO_DAYS", "redo_days");
  }
  return std::nullopt;
}

// Who handled it may not review it (回避); and there is one opinion a stage.
std::optional<Refusal> CheckReviewer(const Ask& ask) {
  if (IsHandler(ask.state, ask.ctx.actor->user_id())) return Why(RefusalCode::kNotAllowed, "RECUSAL");
  if (Now(ask.state).issued_at_ms() != 0) return Why(RefusalCode::kGuard, "ALREADY_ISSUED");
  return std::nullopt;
}

// 山东 43, 44: the body decides first whether it takes the request; it hears and decides what it has taken.
std::optional<Refusal> CheckTaken(const Ask& ask) {
  if (auto refusal = CheckReviewer(ask)) return refusal;
  if (Now(ask.state).accepted_at_ms() == 0) return Why(RefusalCode::kGuard, "REQUEST_NOT_TAKEN");
  return std::nullopt;
}

// What a body outside the platform did is entered when the city hears of it, with the day on its paper: from that day
// its periods count, and the petitioner's. What a body here does happens when it says so.
std::optional<Refusal> CheckOutside(int64_t said_at_ms, int64_t earliest_ms, std::string_view field, const Ask& ask) {
  if (said_at_ms == 0) return std::nullopt;
  if (!Now(ask.state).body_external()) return Why(RefusalCode::kInvalid, "NOT_FROM_OUTSIDE", field);
  const bool early = base::LocalDay(said_at_ms) < base::LocalDay(earliest_ms);  // by the day, as its papers are dated
  if (early || said_at_ms > ask.ctx.now_ms) return Why(RefusalCode::kInvalid, "BAD_TIME", field);
  return std::nullopt;
}

// Then, or now if nothing is said; never before what it follows.
int64_t OutsideAt(int64_t said_at_ms, int64_t earliest_ms, const Ask& ask) {
  return said_at_ms == 0 ? ask.ctx.now_ms : std::max(said_at_ms, earliest_ms);
}

// An opinion follows the taking of the request and whatever was heard.
int64_t OpinionEarliest(const v1::Stage& stage) {
  const int64_t heard_ms = stage.hearing().empty() ? 0 : stage.hearing().rbegin()->to_ms();
  return std::max(stage.accepted_at_ms(), heard_ms);
}

// P24 of a body outside the platform, which has held it already: from and to are all that is left to say.
std::optional<Refusal> CheckHeldOutside(const v1::Hearing& hearing, const common::v1::Clock& clock, const Ask& ask) {
  const v1::Stage& stage = Now(ask.state);
  if (hearing.from_ms() == 0) return Why(RefusalCode::kInvalid, "VALUE_NEEDED", "hearing.from_ms");
  if (hearing.to_ms() == 0) return Why(RefusalCode::kInvalid, "VALUE_NEEDED", "hearing.to_ms");
  if (auto refusal = CheckOutside(hearing.from_ms(), stage.accepted_at_ms(), "hearing.from_ms", ask)) return refusal;
  const bool amid = !stage.hearing().empty() && hearing.from_ms() < stage.hearing().rbegin()->to_ms();
  if (amid) return Why(RefusalCode::kInvalid, "BAD_TIME", "hearing.from_ms");
  if (hearing.to_ms() < hearing.from_ms() || hearing.to_ms() > ask.ctx.now_ms) {
    return Why(RefusalCode::kInvalid, "BAD_TIME", "hearing.to_ms");
  }
  if (hearing.from_ms() > clock.due_at_ms()) return Why(RefusalCode::kGuard, "HEARING_LATE", "hearing.from_ms");
  if (stage.hearing_size() >= kHearingsMax) return Why(RefusalCode::kLimit, "TOO_LONG", "hearing");
  return std::nullopt;
}

// Who heard, what was said, and what came of it.
std::optional<Refusal> CheckRecord(const v1::Hearing& hearing) {
  if (hearing.presider().empty()) return Why(RefusalCode::kInvalid, "CONTENT_NEEDED", "hearing.presider");
  if (hearing.member().empty()) return Why(RefusalCode::kInvalid, "VALUE_NEEDED", "hearing.member");
  if (!Says(hearing.record())) return Why(RefusalCode::kInvalid, "CONTENT_NEEDED", "hearing.record");
  if (!Says(hearing.conclusion())) return Why(RefusalCode::kInvalid, "CONTENT_NEEDED", "hearing.conclusion");
  return std::nullopt;
}

// What was not counted is what was held. It was called here only if it was called for that day.
Decision RecordHeldOutside(const v1::Hearing& hearing, const common::v1::Clock& clock, const Ask& ask) {
  Decision decision;
  auto* event = decision.Emit();
  *event->mutable_hearing_ended()->mutable_hearing() =
      CheckCalled(hearing.from_ms(), ask.state) ? hearing : HeldAsCalled(hearing, ask.state);
  common::v1::Clock paused = reference::Pause(clock, hearing.from_ms(), "HEARING");
  *event->add_clock() = reference::Resume(std::move(paused), hearing.to_ms(), ask.reference.calendar());
  return decision;
}

// A request that is not taken ends no right: what was delivered stands as before, and whoever got it may ask again
// while the thirty days run (Art. 35, 36), which the request did not stop for good. When they are over, so is it all.
void GiveBack(const Ask& ask, v1::Event* event) {
  const bool review = Now(ask.state).kind() == v1::REVIEW;
  auto* decided = event->mutable_review_request_decided();
  const std::string_view right = review ? "DP-07" : "DP-09";
  common::v1::Clock clock = *FindClock(ask.state, right);
  clock.set_stopped_at_ms(0);
  clock.set_outcome(common::v1::CLOCK_RUNNING);
  if (clock.provisional()) clock = reference::Recompute(std::move(clock), ask.reference.calendar());
  if (ask.ctx.now_ms >= reference::LateFromMs(clock)) {
    decided->set_next(v1::CLOSED);
    return decided->set_closed_reason(std::string(right));
  }
  decided->set_next(review ? v1::DELIVERED : v1::REVIEW_DELIVERED);
  *event->add_clock() = std::move(clock);
}

// When it was asked for, and when the reviewing body got it: a clerk may say so, by the postmark and the day it came
// in; who asks online asks now.
int64_t AskedAt(int64_t said_at_ms, const Ask& ask) {
  return said_at_ms == 0 || ask.who.role == kernel::v1::ROLE_PUB ? ask.ctx.now_ms : said_at_ms;
}

// Asked in time? Postal time does not count (民诉法 85): what was sent in time still opens a petition that the
// platform has closed because nobody asked.
template <class Request>
std::optional<Refusal> CheckInTime(std::string_view policy_id, const Request& request, const Ask& ask) {
  const v1::State& state = ask.state;
  const auto* clock = FindClock(state, policy_id);
  const bool closed = state.status() == v1::CLOSED;
  if (clock == nullptr || (closed && state.closed_reason() != policy_id)) {
    return WrongStatus(state);
  }
  const int64_t asked = AskedAt(request.requested_at_ms(), ask);
  if (asked > ask.ctx.now_ms || asked < clock->started_at_ms()) {
    return Why(RefusalCode::kInvalid, "BAD_TIME", "requested_at_ms");
  }
  const int64_t received = AskedAt(request.received_at_ms(), ask);
  if (received > ask.ctx.now_ms || received < asked) {
    return Why(RefusalCode::kInvalid, "BAD_TIME", "received_at_ms");
  }
  if (asked > clock->due_at_ms()) return Why(RefusalCode::kGuard, "ASKED_TOO_LATE", "requested_at_ms");
  return std::nullopt;
}

// The stage that a request opens, at the body above the one that decided last.
std::optional<Refusal> OpenStage(v1::StageKind kind, int64_t asked_at_ms, const Ask& ask, v1::Stage* stage) {
  const auto* body = HigherBody(Now(ask.state).body_org(), ask.reference);
  if (body == nullptr) return Why(RefusalCode::kGuard, "NO_HIGHER_BODY");
  if (ask.state.stage_size() >= kStagesMax) return Why(RefusalCode::kLimit, "TOO_LONG");
  stage->set_kind(kind);
  stage->set_body_org(body->id());
  stage->set_body_area(body->area_code());
  stage->set_body_level(body->level());
  stage->set_body_external(body->kind() == directory::v1::EXTERNAL);
  stage->set_requested_at_ms(asked_at_ms);
  return std::nullopt;
}

}  // namespace

Decision DecideDeliver(const v1::DeliverRequest& request, const Ask& ask) {
  const v1::State& state = ask.state;
  const v1::Stage& stage = Now(state);
  if (stage.issued_at_ms() == 0) return Refuse(RefusalCode::kGuard, "NOTHING_TO_DELIVER");
  if (auto refusal = CheckDelivery(request.delivery(), stage, ask.ctx.now_ms)) {
    return Decision::Refuse(*std::move(refusal));
  }
  ClockChanges clocks(state, ask.reference, ask.ctx.now_ms);
  Decision decision;
  auto* event = decision.Emit();
  auto* delivered = event->mutable_delivered();
  *delivered->mutable_delivery() = request.delivery();
  delivered->set_next(AfterDelivery(stage, request, ask, delivered, &clocks));
  const auto window = From("delivered", "", request.delivery().received_at_ms());
  delivered->set_evaluate_until_ms(
      reference::StartClock(*ask.reference.FindRule("DI-07"), window, ask.reference.calendar()).due_at_ms());
  if (stage.review_result() == v1::CHANGED || stage.review_result() == v1::REVOKED)
    clocks.End("DP-18");  // nobody carries out what is not in force any more
  clocks.WriteTo(event);
  const bool final = delivered->next() == v1::FINAL;
  if (ExecutionBecomesDue(stage)) MakeExecutionDue(stage, ask, &decision);
  if (final) decision.Emit()->mutable_care_due();
  return decision;
}

Decision DecideRecordExecution(const v1::RecordExecutionRequest& request, const Ask& ask) {
  if (!IsToBeExecuted(ask.state)) return Refuse(RefusalCode::kGuard, "NOTHING_TO_EXECUTE");
  if (!Says(request.record())) return Refuse(RefusalCode::kInvalid, "CONTENT_NEEDED", "record");
  Decision decision;
  decision.Emit()->mutable_executed()->set_record(request.record());
  ClockChanges clocks(ask.state, ask.reference, ask.ctx.now_ms);
  clocks.Stop("DP-18");
  return With(std::move(decision), clocks);
}

Decision DecideRequestReview(const v1::RequestReviewRequest& request, const Ask& ask) {
  if (auto refusal = CheckInTime("DP-07", request, ask)) {
    return Decision::Refuse(*std::move(refusal));
  }
  if (request.grounds().empty()) return Refuse(RefusalCode::kInvalid, "CONTENT_NEEDED", "grounds");
  Decision decision;
  auto* requested = decision.Emit()->mutable_review_requested();
  const int64_t asked = AskedAt(request.requested_at_ms(), ask);
  requested->set_grounds(request.grounds());
  if (auto refusal = OpenStage(v1::REVIEW, asked, ask, requested->mutable_stage())) {
    return Decision::Refuse(*std::move(refusal));
  }
  ClockChanges clocks(ask.state, ask.reference, ask.ctx.now_ms);
  clocks.Stop("DP-07");
  const auto start = From("review_requested", requested->stage().body_org(), AskedAt(request.received_at_ms(), ask));
  clocks.Start("DP-08", start);
  clocks.Start("DP-11", start);
  return With(std::move(decision), clocks);
}

Decision DecideDecideReviewRequest(const v1::DecideReviewRequestRequest& request, const Ask& ask) {
  if (auto refusal = CheckReviewer(ask)) return Decision::Refuse(*std::move(refusal));
  if (Now(ask.state).accepted_at_ms() != 0) return Refuse(RefusalCode::kGuard, "ALREADY_ACCEPTED");
  // Told in writing: why it is not taken (山东 43, 44), or that it is (33, of whatever a body takes).
  if (auto refusal = CheckNotice(request.notice(), ask.state)) return Decision::Refuse(*std::move(refusal));
  const auto* period = FindClock(ask.state, Now(ask.state).kind() == v1::REVIEW ? "DP-08" : "DP-10");
  const int64_t came_ms = period == nullptr ? 0 : period->started_at_ms();  // when that body got the request
  if (auto refusal = CheckOutside(request.decided_at_ms(), came_ms, "decided_at_ms", ask))
    return Decision::Refuse(*std::move(refusal));
  const int64_t decided_ms = OutsideAt(request.decided_at_ms(), came_ms, ask);
  Decision decision;
  auto* event = decision.Emit();
  auto* decided = event->mutable_review_request_decided();
  decided->set_accepted(request.accepted());
  if (request.decided_at_ms() != 0) decided->set_decided_at_ms(decided_ms);
  *decided->mutable_notice() = Served(request.notice(), decided_ms);
  ClockChanges clocks(ask.state, ask.reference, decided_ms);
  clocks.Stop("DP-11");
  if (!request.accepted()) {
    clocks.Cancel("DP-08");
    clocks.Cancel("DP-10");
    GiveBack(ask, event);
  }
  return With(std::move(decision), clocks);
}

Decision DecideIssueReview(const v1::IssueReviewRequest& request, const Ask& ask) {
  if (auto refusal = CheckTaken(ask)) return Decision::Refuse(*std::move(refusal));
  if (auto refusal = CheckReviewOpinion(request, ask)) {
    return Decision::Refuse(*std::move(refusal));
  }
  if (request.document_no().empty()) return Refuse(RefusalCode::kInvalid, "CONTENT_NEEDED", "document_no");
  const int64_t earliest_ms = OpinionEarliest(Now(ask.state));
  if (auto refusal = CheckOutside(request.issued_at_ms(), earliest_ms, "issued_at_ms", ask))
    return Decision::Refuse(*std::move(refusal));
  ClockChanges clocks(ask.state, ask.reference, OutsideAt(request.issued_at_ms(), earliest_ms, ask));
  Decision decision;
  auto* issued = decision.Emit()->mutable_review_issued();
  if (request.issued_at_ms() != 0) issued->set_issued_at_ms(OutsideAt(request.issued_at_ms(), earliest_ms, ask));
  issued->set_review_result(request.review_result());
  *issued->mutable_opinion() = request.opinion();
  issued->set_redo_days(request.redo_days());
  issued->set_document_no(request.document_no());
  issued->set_on_time(!clocks.Late("DP-08"));
  issued->set_by_user_id(ask.ctx.actor->user_id());
  clocks.Stop("DP-08");
  return With(std::move(decision), clocks);
}

Decision DecideRequestRecheck(const v1::RequestRecheckRequest& request, const Ask& ask) {
  if (auto refusal = CheckInTime("DP-09", request, ask)) {
    return Decision::Refuse(*std::move(refusal));
  }
  if (request.grounds().empty()) return Refuse(RefusalCode::kInvalid, "CONTENT_NEEDED", "grounds");
  Decision decision;
  auto* requested = decision.Emit()->mutable_recheck_requested();
  const int64_t asked = AskedAt(request.requested_at_ms(), ask);
  requested->set_grounds(request.grounds());
  if (auto refusal = OpenStage(v1::RECHECK, asked, ask, requested->mutable_stage())) {
    return Decision::Refuse(*std::move(refusal));
  }
  ClockChanges clocks(ask.state, ask.reference, ask.ctx.now_ms);
  clocks.Stop("DP-09");
  const auto start = From("recheck_requested", requested->stage().body_org(), AskedAt(request.received_at_ms(), ask));
  clocks.Start("DP-10", start);
  clocks.Start("DP-11", start);
  return With(std::move(decision), clocks);
}

Decision DecideStartHearing(const v1::StartHearingRequest& request, const Ask& ask) {
  if (auto refusal = CheckTaken(ask)) return Decision::Refuse(*std::move(refusal));
  const auto* clock = FindClock(ask.state, "DP-10");
  if (clock == nullptr || !reference::IsRunning(*clock)) return Refuse(RefusalCode::kGuard, "NOT_RUNNING");
  if (reference::IsPaused(*clock)) return Refuse(RefusalCode::kGuard, "HEARING_UNDER_WAY");
  if (ask.ctx.now_ms > clock->due_at_ms()) return Refuse(RefusalCode::kGuard, "HEARING_LATE");
  if (Now(ask.state).hearing_size() >= kHearingsMax) return Refuse(RefusalCode::kLimit, "TOO_LONG");
  if (auto refusal = CheckCalled(ask.ctx.now_ms, ask.state)) return Decision::Refuse(*std::move(refusal));
  const int64_t told = request.notice_at_ms() == 0 ? ask.state.called_hearing().notice_at_ms() : request.notice_at_ms();
  if (auto refusal = CheckTold(told, ask.ctx.now_ms, ask.state, "notice_at_ms"))
    return Decision::Refuse(*std::move(refusal));
  Decision decision;
  decision.Emit()->mutable_hearing_started()->set_notice_at_ms(told);
  ClockChanges clocks(ask.state, ask.reference, ask.ctx.now_ms);
  clocks.Pause("DP-10", "HEARING");
  return With(std::move(decision), clocks);
}

Decision DecideEndHearing(const v1::EndHearingRequest& request, const Ask& ask) {
  if (auto refusal = CheckReviewer(ask)) return Decision::Refuse(*std::move(refusal));
  const v1::Hearing& hearing = request.hearing();
  const auto* clock = FindClock(ask.state, "DP-10");
  const bool under_way = clock != nullptr && reference::IsPaused(*clock);
  const bool entered = hearing.from_ms() != 0 || hearing.to_ms() != 0;
  const bool held_outside = !under_way && entered && clock != nullptr && reference::IsRunning(*clock) &&
                            Now(ask.state).body_external() && Now(ask.state).accepted_at_ms() != 0;
  if (!under_way && !held_outside) return Refuse(RefusalCode::kGuard, "NO_HEARING");
  if (auto refusal = CheckRecord(hearing)) return Decision::Refuse(*std::move(refusal));
  if (held_outside) {
    if (auto refusal = CheckHeldOutside(hearing, *clock, ask)) return Decision::Refuse(*std::move(refusal));
  }
  // What was not counted is what was held.
  const int64_t from = held_outside ? hearing.from_ms() : clock->pause(clock->pause_size() - 1).from_ms();
  if (hearing.notice_at_ms() != 0) {
    if (auto refusal = CheckTold(hearing.notice_at_ms(), from, ask.state, "hearing.notice_at_ms"))
      return Decision::Refuse(*std::move(refusal));
  }
  if (held_outside) return RecordHeldOutside(hearing, *clock, ask);
  Decision decision;
  auto* ended = decision.Emit()->mutable_hearing_ended()->mutable_hearing();
  *ended = HeldAsCalled(hearing, ask.state);
  ended->set_from_ms(from);
  ended->set_to_ms(ask.ctx.now_ms);
  ClockChanges clocks(ask.state, ask.reference, ask.ctx.now_ms);
  clocks.Resume("DP-10");
  return With(std::move(decision), clocks);
}

Decision DecideIssueRecheck(const v1::IssueRecheckRequest& request, const Ask& ask) {
  if (auto refusal = CheckTaken(ask)) return Decision::Refuse(*std::move(refusal));
  const auto* clock = FindClock(ask.state, "DP-10");
  if (clock != nullptr && reference::IsPaused(*clock))
    return Refuse(RefusalCode::kGuard, "HEARING_UNDER_WAY");
  if (auto refusal = CheckNoneAhead(ask)) return Decision::Refuse(*std::move(refusal));
  if (auto refusal = CheckReviewOpinion(request, ask)) {
    return Decision::Refuse(*std::move(refusal));
  }
  if (request.document_no().empty()) return Refuse(RefusalCode::kInvalid, "CONTENT_NEEDED", "document_no");
  if (request.publish() && Now(ask.state).hearing().empty()) {
    return Refuse(RefusalCode::kGuard, "PUBLISH_AFTER_HEARING", "publish");  // Art. 36(2)
  }
  const int64_t earliest_ms = OpinionEarliest(Now(ask.state));
  if (auto refusal = CheckOutside(request.issued_at_ms(), earliest_ms, "issued_at_ms", ask))
    return Decision::Refuse(*std::move(refusal));
  ClockChanges clocks(ask.state, ask.reference, OutsideAt(request.issued_at_ms(), earliest_ms, ask));
  Decision decision;
  auto* issued = decision.Emit()->mutable_recheck_issued();
  if (request.issued_at_ms() != 0) issued->set_issued_at_ms(OutsideAt(request.issued_at_ms(), earliest_ms, ask));
  issued->set_review_result(request.review_result());
  *issued->mutable_opinion() = request.opinion();
  issued->set_document_no(request.document_no());
  issued->set_published(request.publish());
  issued->set_redo_days(request.redo_days());
  issued->set_on_time(!clocks.Late("DP-10"));
  clocks.Stop("DP-10");
  return With(std::move(decision), clocks);
}

}  // namespace petition
