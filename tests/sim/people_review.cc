// Units, their heads and the bodies above them: work on an accepted petition, mediation on the way, the written
// opinion, its delivery, review and re-review; and petitioners who ask for them, in time or too late.

#include <absl/strings/str_cat.h>
#include <absl/strings/substitute.h>

#include <algorithm>

#include "base/calendar.h"
#include "services/reference/deadline.h"
#include "tests/sim/actors.h"
#include "tests/sim/city.h"

namespace sim {
namespace {

using absl::StrCat;
using absl::Substitute;
using kernel::v1::Actor;
using namespace petition::v1;  // NOLINT: names of statuses

constexpr int64_t kHourMs = 3'600'000;
constexpr int64_t kDayMs = 24 * kHourMs;

// With two opinions in five the petitioner is content, so that silence closes.
bool IsContent(const City::Petition& state) {
  return (std::hash<std::string>()(state.query_code()) + static_cast<size_t>(state.stage_size())) % 5 < 2;
}

// Who decides what was asked last; for the province the city enters what it decided.
Actor Reviewer(const City::Petition& state) {
  const Stage& stage = *state.stage().rbegin();
  if (stage.body_external()) return As(kernel::v1::ROLE_PO, "3714-petition", kCity, "po-city");
  return As(kernel::v1::ROLE_RV, stage.body_org(), stage.body_area(), "rv-" + stage.body_org());
}

std::string CallText(int64_t at_ms) {
  return Substitute("call_hearing { how: '邮寄' hearing { presider: '王$0' member: '赵$0' place: '听证室' from_ms: $1 } }",
                    std::string(kNameMark), at_ms);
}

// Whether the hearing that was called is to be held today.
bool CalledFor(int64_t now_ms, const City::Petition& state) {
  return state.has_called_hearing() && base::LocalDay(state.called_hearing().from_ms()) == base::LocalDay(now_ms);
}

}  // namespace

// By what the committee has reached, also when the opinion is out already.
City::Step City::SettleByMediation(const Petition& state) {
  return {Handler(state), Substitute("record_settlement { agreement: '$0' by_mediation: true $1 }", Words("和解"),
                                     state.mediation_oral() && Chance(0.8) ? Substitute("proof_sha256: '$0'", Scan())
                                                                           : std::string())};
}

// What the two sides have signed is named with a progress, and settles the petition once its scan has come; sometimes
// somebody tries too early.
City::Step City::Settle(const std::string& id, const Petition& state) {
  const std::string came = SignedPaper(id, state);
  if (came.empty() && (state.progress_sha256().empty() || Chance(0.5))) {
    return {Handler(state), Substitute("record_progress { kind: PROGRESS record: '$0' recusal_checked: true "
                                       "attachment_sha256: '$1' }",
                                       Words("协商"), Scan())};
  }
  return {Handler(state), Substitute("record_settlement { agreement: '$0' by_mediation: $1 proof_sha256: '$2' }",
                                     Words("和解"), Pick({"false", "false", "true"}), came.empty() ? Scan() : came)};
}

City::Maybe City::WhileHandled(const std::string& id, const Petition& state) {
  if (state.status() == OPINION_ISSUED) {
    if (state.mediation() == AGREEMENT_EFFECTIVE && Chance(0.5)) return SettleByMediation(state);
    return Deliver(Chance(0.5) ? Clerk(state) : Handler(state), *state.stage().rbegin());
  }
  const uint64_t die = world_.random.Below(100);
  if (die < 10) {
    return Step{
        Chance(0.7) ? Handler(state) : Office(state),
        Substitute("refer_to_mediation { bridge_code: '$0' both_consent: $1 consent_proof_sha256: '$2' "
                   "dispute_type: '$3' party_count: 2 }",
                   Pick({"BR1", "BR2", "BR3", "BR4", "BX3"}), Pick({"true", "true", "true", "false"}),
                   Scan(), Pick({"D02", "D06", "D10", "D15"}))};
  }
  if (state.mediation() == AGREEMENT_EFFECTIVE && die < 60) return SettleByMediation(state);
  const bool at_table = state.mediation() == REFERRED || state.mediation() == TAKEN;
  if (at_table && !Chance(0.2)) return std::nullopt;
  if (state.route() != 6 && die < 40) {
    return Step{Handler(state),
                Substitute("conclude_procedure { outcome: '$0' document_no: '1' }", Words("已裁决"))};
  }
  if (die < 14 || (die < 60 && !SignedPaper(id, state).empty())) return Settle(id, state);
  return Handle(state);
}

City::Maybe City::Handle(const Petition& state) {
  const int64_t now = world_.clock.NowMs();
  const uint64_t die = world_.random.Below(100);
  if (die < 10) {
    return Step{Head(state), Substitute("extend { days: $0 reason: '情况复杂' $1 }",
                                        1 + world_.random.Below(33), Notice())};
  }
  if (die < 16 && (!CalledFor(now, state) || Chance(0.1)))
    return Step{Chance(0.9) ? Head(state) : Handler(state), CallText(now + kHourMs)};
  if (die < 30 && (CalledFor(now, state) || die < 16)) {
    const int64_t from = std::max(now - kHourMs / 2, state.called_hearing().notice_at_ms());
    return Step{
        Chance(0.5) ? Head(state) : Handler(state),
        Substitute("hold_hearing { hearing { presider: '王$0' member: '赵$0' $4 from_ms: $1 "
                   "to_ms: $2 record: '$3' conclusion: '$3' } }",
                   std::string(kNameMark), from, now, Words("听证"),
                   Chance(0.5) ? StrCat("notice_at_ms: ", from) : std::string())};
  }
  if (die < 40 || !state.heard() || !state.investigated()) {
    return Step{Handler(state),
                Substitute("record_progress { kind: $0 record: '$1' recusal_checked: true }",
                           Pick({"INVESTIGATED", "HEARD_PETITIONER", "PROGRESS"}), Words("核实"))};
  }
  if (!state.has_draft() || die < 45) {
    const std::string other = Chance(0.7) ? StrCat("other_grounds: '", Words("新证据"), "'") : "";
    return Step{
        Handler(state),
        Substitute(
            "draft_opinion { opinion { request: '$0' facts: '$0' opinion: '$0' basis: '规定' result: $1 "
            "$2 } }",
            Words("意见"), Pick({"SUPPORTED", "EXPLAINED", "NOT_SUPPORTED"}), other)};
  }
  return Step{Head(state), "issue_opinion { document_no: '1号' sealed_by_unit: true }"};
}

// When the petitioner got it: now, or as the receipt says.
City::Step City::Deliver(const Actor& by, const Stage& stage) {
  const int64_t earlier = world_.clock.NowMs() - static_cast<int64_t>(world_.random.Below(2 * kDayMs));
  return {by, Substitute("deliver { delivery { method: $0 proof: '回证1号' received_at_ms: $1 } }",
                         Pick({"IN_PERSON", "POST", "ONLINE", "LEFT_WITH_WITNESS"}),
                         std::max(stage.issued_at_ms(), earlier))};
}

// DELIVERED, REVIEW_DELIVERED, and what has ended: who is not content asks, sometimes by a letter sent in time.
City::Maybe City::WhileDelivered(const Petition& state) {
  const bool answered = state.status() == DELIVERED || state.status() == REVIEW_DELIVERED;
  if (state.status() == DELIVERED && state.mediation() == AGREEMENT_EFFECTIVE && Chance(0.5))
    return SettleByMediation(state);
  const double silent = !answered ? 0.8 : state.status() == DELIVERED ? 0.15 : 0.3;
  if ((IsContent(state) && answered) || Chance(silent)) return std::nullopt;
  const bool review = state.stage().empty() || state.stage().rbegin()->kind() == HANDLE;
  int64_t postmark = 0;
  for (const auto& clock : state.clock()) {
    if (clock.policy_id() == (review ? "DP-07" : "DP-09") && Chance(0.4))
      postmark = clock.due_at_ms() - static_cast<int64_t>(world_.random.Below(kDayMs));
  }
  const Actor asker = state.status() == CLOSED ? Clerk(state) : Asker(state);
  const int64_t now = world_.clock.NowMs();
  const int64_t posted = postmark > now ? 0 : postmark;
  return Step{asker, Substitute("$0 { grounds: '$1' requested_at_ms: $2 received_at_ms: $3 }",
                                review ? "request_review" : "request_recheck", Words("不服"), posted,
                                posted != 0 && Chance(0.5) ? (posted + now) / 2 : 0)};
}

City::Maybe City::WhileReviewed(const Petition& state) {
  const Stage& stage = *state.stage().rbegin();
  const Actor reviewer = Reviewer(state);
  if (stage.issued_at_ms() != 0)  // which is not for the unit to do
    return Deliver(Chance(0.9) ? reviewer : Handler(state), stage);
  const uint64_t die = world_.random.Below(100);
  if (stage.accepted_at_ms() == 0 && die < 60) {
    return Step{reviewer,
                Substitute("decide_review_request { accepted: $0 $1 }",
                           Pick({"true", "true", "true", "true", "true", "true", "false"}), Notice())};
  }
  const bool heard_now = std::ranges::any_of(state.clock(), [](const common::v1::Clock& clock) {
    return clock.policy_id() == "DP-10" && reference::IsPaused(clock);
  });
  if (heard_now && die < 75) return std::nullopt;  // a hearing may take days
  if (heard_now) {
    return Step{reviewer,
                Substitute("end_hearing { hearing { presider: '王$0' member: '赵$0' record: '$1' conclusion: "
                           "'$1' } }",
                           std::string(kNameMark), Words("听证"))};
  }
  if (die < 15) return std::nullopt;  // files are read
  const int64_t now = world_.clock.NowMs();
  const bool hears = state.status() == RECHECKING && die < (stage.hearing().empty() ? 85u : 50u);
  if (hears && !CalledFor(now, state) && Chance(0.9)) return Step{reviewer, CallText(now + kHourMs)};
  if (hears)
    return Step{reviewer, Chance(0.6) ? "start_hearing {}" : Substitute("start_hearing { notice_at_ms: $0 }", now - 1)};
  return Decide(state, reviewer);
}

City::Step City::Decide(const Petition& state, const Actor& reviewer) {
  const bool review = state.status() == REVIEWING;
  const std::string result = review ? Pick({"UPHELD", "UPHELD", "CHANGED", "REVOKED"})
                                    : Pick({"UPHELD", "UPHELD", "CHANGED", "CHANGED", "REVOKED"});
  std::string decided = result == "CHANGED" ? "result: SUPPORTED" : "";
  if (result == "UPHELD" && Chance(0.2)) decided = Pick({"result: SUPPORTED", "result: NOT_SUPPORTED"});
  std::string more;
  if (result == "REVOKED") more = StrCat("redo_days: ", 5 + world_.random.Below(40));
  if (!review && Chance(0.3)) more = "publish: true";
  return {
      reviewer,
      Substitute("$0 { review_result: $1 document_no: '2号' opinion { opinion: '$2' facts: '查明' basis: '规定' $3 } $4 }",
                 review ? "issue_review" : "issue_recheck", result, Words("意见"),
                 decided, more)};
}

}  // namespace sim
