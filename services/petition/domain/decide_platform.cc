// What clocks and the directory ask of a petition, and what the decisions share.
#include <algorithm>
#include <utility>

#include "base/calendar.h"
#include "base/coding.h"
#include "services/kernel/document_mark.h"
#include "services/petition/domain/decide.h"
#include "services/petition/domain/hearings.h"
#include "services/petition/domain/limits.h"
#include "services/reference/kept.h"

namespace petition {
namespace {

using kernel::RefusalCode;

// The clocks of one petition under the present calendar; nothing if none of them changes.
std::optional<v1::Event> Recomputed(const v1::State& state, const Ask& ask) {
  v1::Event event;
  for (const auto& clock : state.clock()) {
    if (!clock.provisional() || !reference::IsRunning(clock)) continue;
    *event.add_clock() = reference::Recompute(clock, ask.reference.calendar());
  }
  if (event.clock().empty()) return std::nullopt;
  event.mutable_clocks_recomputed();
  return event;
}

}  // namespace

Decision DecideExpireClock(const v1::ExpireClock& command, const Ask& ask) {
  const auto* clock = FindClock(ask.state, command.policy_id());
  const auto& expired = ask.state.expired_policy();
  if (clock == nullptr || !reference::IsRunning(*clock) || ask.ctx.now_ms < reference::LateFromMs(*clock) ||
      std::ranges::find(expired, command.policy_id()) != expired.end()) {
    return {};  // stopped or moved while this firing waited
  }
  if (EndsInSilence(command.policy_id(), ask)) return EndInSilence(command.policy_id(), ask);
  Decision decision;
  auto* event = decision.Emit();
  const bool nobody_asked = command.policy_id() == "DP-07" || command.policy_id() == "DP-09";
  if (nobody_asked) {  // P20, P26: nobody asked for review within 30 days
    event->mutable_closed()->set_reason(command.policy_id());
  } else {
    event->mutable_clock_expired()->set_policy_id(command.policy_id());
  }
  ClockChanges clocks(ask.state, ask.reference, ask.ctx.now_ms);
  if (reference::IsRight(command.policy_id()))
    clocks.Cancel(command.policy_id());  // a right not used is nobody's failure
  return With(std::move(decision), clocks);
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

// ---- shared

bool HasCome(const v1::State* known, std::string_view sha256, std::string_view petition_id) {
  return known != nullptr && known->has_kept_document() &&
         kernel::IsKeptFor(known->kept_document(), kernel::MatterMark(sha256, "petition", petition_id));
}

const v1::State* FindVisible(std::string_view id, const Ask& ask) {
  if (id.empty() || id.starts_with(kernel::kReferencePrefix)) return nullptr;
  const v1::State* state = ask.ctx.lookup->Find(id);
  if (state == nullptr || state->status() == v1::PETITION_STATUS_UNSPECIFIED) return nullptr;
  return MaySee(*state, *ask.ctx.actor) ? state : nullptr;
}

bool IsEntryTime(int64_t at_ms, int64_t now_ms) {
  return at_ms > 0 && at_ms <= now_ms && base::LocalDay(at_ms) >= base::LocalDay(now_ms) - kEnteredLateDays;
}

int64_t EndOfNamedDay(int64_t at_ms) { return base::EndOfDayMs(base::LocalDay(at_ms - 1)); }

bool IsOver(int64_t named_ms, int64_t now_ms) { return named_ms <= 0 || EndOfNamedDay(named_ms) <= now_ms; }

std::optional<kernel::Refusal> CheckNotice(const v1::WrittenNotice& notice, const v1::State& state) {
  if (state.name_or_address_unclear()) return std::nullopt;
  if (!Says(notice.text())) return Why(RefusalCode::kInvalid, "NOTICE_NEEDED", "notice.text");
  if (!Says(notice.contact())) return Why(RefusalCode::kInvalid, "NOTICE_NEEDED", "notice.contact");
  if (!Says(notice.how())) return Why(RefusalCode::kInvalid, "NOTICE_NEEDED", "notice.how");
  return std::nullopt;
}

v1::WrittenNotice Served(v1::WrittenNotice notice, int64_t now_ms) {
  notice.set_served_at_ms(now_ms);
  return notice;
}

reference::ClockStart From(const char* event, std::string_view holder, int64_t at_ms) {
  reference::ClockStart start;
  start.at_ms = at_ms;
  start.started_by = event;
  start.holder_org = std::string(holder);
  return start;
}

const directory::v1::Organisation* LiveOrg(std::string_view id, const reference::Reference& reference) {
  const auto* org = id.empty() ? nullptr : reference.FindOrg(id);
  return org == nullptr || org->closed() ? nullptr : org;
}

void StopDeciding(ClockChanges* clocks) {
  for (std::string_view id : {"DP-01", "DP-02", "DP-03"}) clocks->Stop(id);
  clocks->Cancel("DP-04");
}

namespace {

// What was called while it was handled is not a hearing of the re-review.
bool HearingIsCalled(const v1::State& state) {
  return state.has_called_hearing() &&
         state.called_hearing().notice_at_ms() >= state.stage().rbegin()->accepted_at_ms();
}

}  // namespace

std::optional<kernel::Refusal> CheckNoneAhead(const Ask& ask) {
  const int64_t day = base::LocalDay(ask.state.called_hearing().from_ms());
  if (!HearingIsCalled(ask.state) || day < base::LocalDay(ask.ctx.now_ms)) return std::nullopt;
  return Why(RefusalCode::kGuard, "HEARING_AHEAD");
}

std::optional<kernel::Refusal> CheckCalled(int64_t begins_ms, const v1::State& state) {
  if (!HearingIsCalled(state)) return Why(RefusalCode::kGuard, "HEARING_NOT_CALLED");
  if (base::LocalDay(begins_ms) == base::LocalDay(state.called_hearing().from_ms())) return std::nullopt;
  return Why(RefusalCode::kGuard, "HEARING_ANOTHER_DAY");
}

std::optional<kernel::Refusal> CheckTold(int64_t told_ms, int64_t begins_ms, const v1::State& state,
                                         std::string_view field) {
  const int64_t taken_ms = state.stage().rbegin()->accepted_at_ms();  // by the day: nobody minds the minute of a letter
  if (told_ms <= begins_ms && base::LocalDay(told_ms) >= base::LocalDay(taken_ms)) return std::nullopt;
  return Why(RefusalCode::kInvalid, "BAD_TIME", field);
}

v1::Hearing HeldAsCalled(v1::Hearing held, const v1::State& state) {
  if (held.place().empty()) held.set_place(state.called_hearing().place());
  if (held.notice_at_ms() == 0) held.set_notice_at_ms(state.called_hearing().notice_at_ms());
  return held;
}

bool IsHandler(const v1::State& state, std::string_view user_id) {
  return std::ranges::find(state.handler(), user_id) != state.handler().end();
}

}  // namespace petition
