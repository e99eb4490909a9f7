// Views of a state: timers, indexes, tallies, and what others may hear. The kernel compares them before and
// after an event and writes the difference in the same batch.
#include <absl/strings/str_cat.h>

#include <algorithm>
#include <set>
#include <utility>

#include "base/area_code.h"
#include "base/check.h"
#include "base/coding.h"
#include "services/mediation/domain/clocks.h"
#include "services/mediation/domain/keys.h"
#include "services/mediation/domain/mediation.h"
#include "services/mediation/domain/rules.h"

namespace mediation {
namespace {

using v1::Event, v1::State;

constexpr std::string_view kDueTimer = "due/";

bool Expired(const State& state, std::string_view policy_id) {
  return std::ranges::find(state.expired_policy(), policy_id) != state.expired_policy().end();
}

// Topic of an event; empty: others need not hear of it.
std::string_view TopicOf(const Event& event) {
  switch (event.body_case()) {
    case Event::kRegistered:
      return event.registered().has_origin() ? "mediation.referral_received" : "mediation.registered";
    case Event::kIntakeCompleted:
      return "mediation.intake_completed";
    case Event::kConsentAsked:
      return "mediation.consent_asked";
    case Event::kConsentRecorded:
      return "mediation.consent_recorded";
    case Event::kAccepted:
      return "mediation.accepted";
    case Event::kRefused:
      return "mediation.refused";
    case Event::kAssigned:
      return "mediation.assigned";
    case Event::kSessionHeld:
      return "mediation.session_held";
    case Event::kAgreed:
      return "mediation.agreed";
    case Event::kEffective:
      return "mediation.effective";
    case Event::kEnded:
      return "mediation.ended";
    case Event::kPeriodWarned:
      return "mediation.period_warned";
    case Event::kWindowWarned:
      return "mediation.window_warned";
    case Event::kWindowExpired:
      return "mediation.window_expired";
    case Event::kClockExpired:
      return "mediation.overdue";
    case Event::kInstructionNoted:
      return "mediation.instructed";
    case Event::kOversightAnswered:
      return "mediation.oversight_answered";
    case Event::kClocksRecomputed:
      return "mediation.clocks_recomputed";
    case Event::kRightsNoticeServed:
    case Event::kMediatorChosen:
    case Event::kPartySigned:
    case Event::kMediatorSigned:
    case Event::kSealed:
    case Event::kReferenceLearned:
    case Event::kRecomputeStepped:
    case Event::kReferralParked:
    case Event::BODY_NOT_SET:
      break;
  }
  return {};
}

v1::Notice PayloadOf(const Event& event, const State& state) {
  v1::Notice notice;
  notice.set_kind(state.kind());
  notice.set_status(state.status());
  notice.set_dispute_type(state.dispute_type());
  notice.set_committee_org(state.committee_org());
  notice.set_level(state.committee_level());
  notice.set_end_reason(state.end_reason());
  notice.set_refusal_code(state.refusal_code());
  if (state.status() == v1::EFFECTIVE) {
    notice.set_form(state.agreement().form());
    notice.set_effective_at_ms(state.agreement().effective_at_ms());
    notice.set_amount_band(state.agreement().amount_band());
  }
  *notice.mutable_clock() = state.clock();
  if (state.has_origin()) *notice.mutable_origin() = state.origin();
  notice.set_failed_sessions(state.failed_sessions());
  notice.set_scale(state.scale());
  notice.set_party_count(state.party().empty() ? state.referred_party_count() : state.party_size());
  notice.set_registered_at_ms(state.registered_at_ms());
  notice.set_holder_org(state.committee_org());
  if (event.has_instruction_noted()) {
    notice.mutable_answer()->set_instruction_id(event.instruction_noted().instruction_id());
    notice.mutable_answer()->set_done(true);
  } else if (event.has_oversight_answered()) {
    notice.mutable_answer()->set_instruction_id(event.oversight_answered().instruction_id());
    notice.mutable_answer()->set_done(event.oversight_answered().done());
    notice.mutable_answer()->set_reason_code(event.oversight_answered().reason_code());
  }
  return notice;
}

}  // namespace

std::string ListPrefix(std::string_view whose, bool ended) {
  return std::string(whose) + (ended ? "/1" : "/0");
}

std::string ListKey(std::string_view whose, bool ended, int64_t registered_at_ms) {
  std::string key = ListPrefix(whose, ended);
  base::AppendU64(&key, ~static_cast<uint64_t>(registered_at_ms));
  return key;
}

std::string TownshipOf(std::string_view area_code) {
  const std::string township = base::CutTo(area_code, common::v1::TOWNSHIP);
  return township.empty() ? base::CutTo(area_code, common::v1::COUNTY) + "000" : township;
}

std::vector<kernel::Timer> MediationDomain::Timers(const State& state) {
  std::vector<kernel::Timer> timers;
  if (state.recompute_step() > 0) timers.push_back({"recompute", state.recompute_step()});  // at once
  if (state.has_parked()) timers.push_back({"retry_referral", state.parked().retry_at_ms()});
  const bool period_runs = Runs(state, "DM-04");
  if (period_runs && state.period_warning_due_ms() > 0) {
    timers.push_back({"warn_period", state.period_warning_due_ms()});
  } else if (period_runs && state.period_warned_at_ms() > 0) {
    timers.push_back({"period", state.period_end_ms() + 1});
  }
  if (Runs(state, "DM-05") && !state.window_warning_due_ms().empty()) {
    timers.push_back({"warn_window", state.window_warning_due_ms(0)});
  }
  for (const auto& clock : state.clock()) {
    if (!reference::IsRunning(clock) || reference::IsPaused(clock) || Expired(state, clock.policy_id()))
      continue;
    timers.push_back({std::string(kDueTimer) + clock.policy_id(), reference::LateFromMs(clock)});
  }
  return timers;
}

MediationDomain::Command MediationDomain::Fire(std::string_view timer, int64_t) {
  Command command;
  if (timer == "recompute") {
    command.mutable_recompute_provisional();
  } else if (timer == "retry_referral") {
    command.mutable_retry_referral();
  } else if (timer == "warn_period") {
    command.mutable_warn_period();
  } else if (timer == "period") {
    command.mutable_end_period();
  } else if (timer == "warn_window") {
    command.mutable_warn_window();
  } else {
    CHECK(timer.starts_with(kDueTimer));
    command.mutable_expire_clock()->set_policy_id(std::string(timer.substr(kDueTimer.size())));
  }
  return command;
}

std::vector<kernel::IndexEntry> MediationDomain::Indexes(std::string_view, const State& state) {
  if (state.status() == v1::CASE_STATUS_UNSPECIFIED) return {};
  std::vector<kernel::IndexEntry> entries;
  const bool ended = !IsOpen(state.status());
  const int64_t at = state.registered_at_ms();
  for (int level : {common::v1::CITY, common::v1::COUNTY, common::v1::TOWNSHIP, common::v1::VILLAGE}) {
    const std::string area = base::CutTo(state.area_code(), level);
    if (!area.empty()) entries.push_back({"area", ListKey(area, ended, at)});
  }
  entries.push_back({"committee", ListKey(state.committee_org(), ended, at)});
  for (const auto& user : state.mediator_user_id()) entries.push_back({"mediator", ListKey(user, ended, at)});
  std::set<std::string> users;  // one account may stand for two parties, and is listed once
  for (const auto& party : state.party()) {
    if (!party.person().user_id().empty()) users.insert(party.person().user_id());
  }
  for (const auto& user : users) entries.push_back({"party_user", ListKey(user, ended, at)});
  entries.push_back({"matter_code", state.matter_code() + "/"});
  entries.push_back({"query_code", state.query_code()});
  if (std::string key = ProvisionalKey(state); !key.empty())
    entries.push_back({"provisional", std::move(key)});
  return entries;
}

std::vector<kernel::TallyEntry> MediationDomain::Tallies(const State& state) {
  if (state.status() == v1::CASE_STATUS_UNSPECIFIED) return {};
  const std::string township = TownshipOf(state.area_code());
  return {{absl::StrCat("status/", township, "/", v1::CaseStatus_Name(state.status()))},
          {absl::StrCat("dispute/", township, "/", state.dispute_type())}};
}

std::optional<kernel::v1::Notice> MediationDomain::Publish(std::string_view, const Event& event, const State&,
                                                           const State& after) {
  const std::string_view topic = TopicOf(event);
  if (topic.empty()) return std::nullopt;
  kernel::v1::Notice notice;
  notice.set_topic(std::string(topic));
  notice.set_matter_code(after.matter_code());
  notice.set_correlation_id(after.matter_code());
  notice.set_area_code(after.area_code());
  notice.set_level(after.committee_level());
  notice.set_classification(after.domestic_violence() ? kernel::v1::SENSITIVE : kernel::v1::INTERNAL);
  const v1::Notice payload = PayloadOf(event, after);
  notice.set_schema(payload.GetDescriptor()->full_name());
  payload.SerializeToString(notice.mutable_payload());
  return notice;
}

void MediationDomain::Observe(std::string_view, const State& state, Reference* reference) {
  if (!state.has_reference()) return;
  // What does not validate is not taken: what was known stays. The directory validates before it publishes.
  const absl::Status learned = reference->Learn(state.reference());
  (void)learned;
}

void MediationDomain::Answer(const State& after, kernel::v1::Receipt* receipt) {
  receipt->set_matter_code(after.matter_code());
  receipt->set_status(v1::CaseStatus_Name(after.status()));
  // What its parties follow it with: told once, to whoever brought the case.
  if (receipt->recorded_at_ms() == after.registered_at_ms()) receipt->set_query_code(after.query_code());
}

}  // namespace mediation
