// M25 the committee above: who may take the case over, and what goes with it.
#include <absl/strings/str_cat.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "base/area_code.h"
#include "base/calendar.h"
#include "base/utf8.h"
#include "services/mediation/domain/clocks.h"
#include "services/mediation/domain/decide.h"
#include "services/mediation/domain/limits.h"
#include "services/reference/clocks.h"

namespace mediation {
namespace {

using kernel::RefusalCode;

// What the committees of trades mediate, by the duty the directory publishes.
struct Trade {
  std::string_view duty;
  std::array<std::string_view, 3> dispute_type;
};
constexpr Trade kTrades[] = {{"industry-medical", {"D15"}},
                             {"industry-traffic", {"D16"}},
                             {"industry-consumer", {"D12", "D13", "D14"}},  // 旅游、电子商务、其他消费
                             {"industry-labour", {"D10", "D11"}},
                             {"industry-property", {"D17"}}};

// Whether the case may go to this committee: above the present one, and the dispute lies in its area.
bool IsAbove(const directory::v1::Organisation& org, const v1::State& state) {
  return org.kind() == directory::v1::COMMITTEE && !org.closed() && org.level() > state.committee_level() &&
         base::Covers(org.area_code(), state.area_code());
}

// What decides who of the committee may look at the case once it is gone, and the line of their list (handed_up.h).
v1::Left LeftOf(const v1::State& state, uint64_t version) {
  v1::Left left;
  left.set_status(state.status());
  left.set_committee_area(state.committee_area());
  left.set_chair_user_id(state.chair_user_id());
  *left.mutable_mediator_user_id() = state.mediator_user_id();
  left.set_file_no(state.file_no());
  left.set_dispute_type(state.dispute_type());
  left.set_party_count(state.party().empty() ? state.referred_party_count() : state.party_size());
  if (const auto* next = reference::NextDue(state.clock())) *left.mutable_next_due() = *next;
  left.set_version(version);
  return left;
}

v1::Transferred* EmitTransfer(const directory::v1::Organisation& to, const Ask& ask, Decision* decision) {
  const v1::State& state = ask.state;
  auto* event = decision->Emit();
  auto* transferred = event->mutable_transferred();
  auto* transfer = transferred->mutable_transfer();
  transfer->set_from_org(state.committee_org());
  transfer->set_from_level(state.committee_level());
  transfer->set_to_org(to.id());
  transfer->set_to_level(to.level());
  transfer->set_at_ms(ask.ctx.now_ms);
  transferred->set_to_area(to.area_code());
  *transferred->mutable_left() = LeftOf(state, ask.ctx.version + decision->events.size());
  // What stands still goes on standing still; who mediates is asked when it goes on (see DecideResume).
  const bool assigned = state.status() == v1::ASSIGNED || state.status() == v1::MEDIATING;
  transferred->set_status(assigned ? v1::ACCEPTED : state.status());
  ClockChanges clocks(state, ask.reference, ask.ctx.now_ms);
  clocks.HandAll(state.committee_org(), to.id());  // the period is not put back
  if (assigned) {
    reference::ClockStart start;
    start.started_by = "transferred";
    start.holder_org = to.id();
    clocks.Start("DM-03", start);
  }
  clocks.WriteTo(event);
  for (const auto& clock : event->clock()) {
    const auto* before = FindClock(state, clock.policy_id());
    const bool goes_on = before != nullptr && before->started_at_ms() == clock.started_at_ms();
    const auto& told = state.expired_policy();
    if (goes_on && std::ranges::find(told, clock.policy_id()) != told.end()) {
      transferred->add_told_late(clock.policy_id());
    }
  }
  return transferred;
}

// A draft that waits for its signatures does not move: it is the parties', who sign it or take it back first (M16).
bool MayMove(v1::CaseStatus status) { return status >= v1::REGISTERED && status <= v1::PAUSED; }

// The court picked who mediates what it delegated or entrusted, from its own list (特邀调解规定 11, 12): another committee
// takes the case over when the court has agreed, on paper or by word. Nobody else's case has a court to ask.
std::optional<kernel::Refusal> CheckCourtConsent(const v1::TransferUpRequest& request, const Ask& ask) {
  const v1::CourtConsent& consent = request.court_consent();
  if (!IsOfACourt(ask.state)) {
    if (request.has_court_consent()) return Why(RefusalCode::kInvalid, "NO_COURT_TO_ASK", "court_consent");
    return std::nullopt;
  }
  if (consent.document_sha256().empty() && consent.word().empty()) {
    return Why(RefusalCode::kGuard, "COURT_NOT_ASKED", "court_consent");
  }
  if (consent.document_sha256().empty() && base::CodePoints(consent.word()) < kCourtWordCharactersMin) {
    return Why(RefusalCode::kInvalid, "COURT_WORD_TOO_SHORT", "court_consent.word");
  }
  const int64_t from_ms = base::StartOfDayMs(base::LocalDay(ask.state.registered_at_ms()));
  if (consent.at_ms() < from_ms || consent.at_ms() > ask.ctx.now_ms) {
    return Why(RefusalCode::kInvalid, "BAD_CONSENT_TIME", "court_consent.at_ms");
  }
  return std::nullopt;
}

}  // namespace

std::optional<kernel::Refusal> CheckTrade(const directory::v1::Organisation& committee, std::string_view dispute_type,
                                          const reference::Reference& reference) {
  const auto* trade = std::ranges::find(kTrades, committee.duty(), &Trade::duty);
  if (trade == std::end(kTrades)) return std::nullopt;  // an area's, or of a trade that is not told apart here
  if (std::ranges::find(trade->dispute_type, dispute_type) != trade->dispute_type.end()) return std::nullopt;
  auto refusal = Why(RefusalCode::kGuard, "NOT_OF_ITS_TRADE", "committee_org");
  const auto* type = reference.FindDisputeType(dispute_type);
  const std::string name(type == nullptr ? dispute_type : std::string_view(type->name_zh()));
  refusal.metadata["dispute_type"] = std::string(dispute_type);
  refusal.message_zh = absl::StrCat(committee.name(), "不受理“", name, "”纠纷，", refusal.message_zh);
  return refusal;
}

Decision DecideTransferUp(const v1::TransferUpRequest& request, const Ask& ask) {
  const auto* to = ask.reference.FindOrg(request.committee_org());
  if (to == nullptr || to->closed() || to->kind() != directory::v1::COMMITTEE) {
    return Refuse(RefusalCode::kInvalid, "UNKNOWN_COMMITTEE", "committee_org");
  }
  if (!IsAbove(*to, ask.state)) return Refuse(RefusalCode::kGuard, "COMMITTEE_NOT_ABOVE", "committee_org");
  if (auto refusal = CheckTrade(*to, ask.state.dispute_type(), ask.reference)) {
    return Decision::Refuse(*std::move(refusal));
  }
  if (request.ground() != v1::DIFFICULT && request.ground() != v1::CROSS_AREA) {
    return Refuse(RefusalCode::kInvalid, "VALUE_NEEDED", "ground");
  }
  if (request.reason().empty()) return Refuse(RefusalCode::kInvalid, "CONTENT_NEEDED", "reason");
  if (auto refusal = CheckCourtConsent(request, ask)) return Decision::Refuse(*std::move(refusal));
  if (ask.state.transfer_size() >= kTransfersMax) return Refuse(RefusalCode::kLimit, "TOO_LONG");
  Decision decision;
  auto* transfer = EmitTransfer(*to, ask, &decision)->mutable_transfer();
  transfer->set_ground(request.ground());
  transfer->set_reason(request.reason());
  if (request.has_court_consent()) *transfer->mutable_court_consent() = request.court_consent();
  return decision;
}

std::string TransferAsOrdered(int to_level, std::string_view instruction_id, const Ask& ask,
                              Decision* decision) {
  if (!MayMove(ask.state.status())) return "CASE_NOT_OPEN";
  if (IsOfACourt(ask.state)) return "COURT_NOT_ASKED";  // oversight is not the court: the committee asks it
  if (ask.state.transfer_size() >= kTransfersMax) return "TOO_LONG";
  const std::string area = base::CutTo(ask.state.area_code(), to_level);
  for (const auto* org : ask.reference.OrgsIn(area, directory::v1::COMMITTEE)) {
    if (org->duty().starts_with("industry") || !IsAbove(*org, ask.state)) continue;
    auto* transferred = EmitTransfer(*org, ask, decision);
    transferred->mutable_transfer()->set_ground(v1::ORDERED_ABOVE);
    transferred->set_instruction_id(std::string(instruction_id));
    return "";
  }
  return "NO_COMMITTEE";
}

}  // namespace mediation
