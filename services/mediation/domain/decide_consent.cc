// M4 the other side is asked, M5 the case is accepted, M6 it is not. Consent is a fact with a date and a
// proof for every party, never a checkbox; a clear refusal ends the matter here at once (Art. 17).
#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/area_code.h"
#include "base/calendar.h"
#include "services/mediation/domain/capacity.h"
#include "services/mediation/domain/clocks.h"
#include "services/mediation/domain/decide.h"
#include "services/mediation/domain/limits.h"

namespace mediation {
namespace {

using kernel::RefusalCode;

// Why a case may be refused (若干规定 22, Art. 17).
constexpr std::string_view kPartyRefuses = "PARTY_REFUSES";
constexpr std::array<std::string_view, 5> kRefusalCodes = {
    kPartyRefuses, "SPECIAL_ORGAN", "ACCEPTED_ELSEWHERE", "NOT_CIVIL", "NO_IDENTIFIABLE_PARTY"};

constexpr std::string_view kRoadAccident = "D16";

// DM-04, by type or by the court. What a court has handed over counts from the day its papers were taken (特邀调解规定
// 27), a labour dispute from the application (劳动争议调解仲裁法 14), a road accident from the day the damage is fixed, if
// that comes later (as 道交法实施条例 94 has it for the police); and what a sender's own period leaves is the end of ours.
void StartPeriod(int64_t damage_fixed_at_ms, const Ask& ask, ClockChanges* clocks) {
  PeriodStart period = PeriodStartOf(ask.state, ask.reference, "accepted");
  const auto* type = ask.reference.FindDisputeType(ask.state.dispute_type());
  if (period.row != "DM-04") {
    period.start.at_ms = ask.state.application_received_at_ms();
    period.start.started_by = "papers_received";
  } else if (period.start.length && type != nullptr && type->period_from_application()) {
    period.start.at_ms = ask.state.application_received_at_ms();
    period.start.started_by = "registered";
  } else if (damage_fixed_at_ms > ask.ctx.now_ms) {
    period.start.at_ms = damage_fixed_at_ms;
    period.start.started_by = "damage_fixed";
  }
  clocks->Start("DM-04", period.start, period.row);
  const int64_t end_by_ms = ask.state.end_by_ms();
  if (end_by_ms > ask.ctx.now_ms && end_by_ms < clocks->Find("DM-04")->due_at_ms()) {
    period.start.due_at_ms = end_by_ms;
    clocks->Start("DM-04", period.start, period.row);
  }
}

bool HasAnswered(const v1::Party& party) {
  return party.consent() == v1::AGREED_TO_MEDIATE || party.consent() == v1::REFUSED_TO_MEDIATE;
}

// Both sides, whole. Who is missing is named: "p2 p3".
std::optional<kernel::Refusal> CheckEverySide(std::string_view reason, const v1::State& state, auto has) {
  std::string missing;
  for (const auto& party : state.party()) {
    if (IsSideParty(party) && !has(party)) absl::StrAppend(&missing, missing.empty() ? "" : " ", party.party_id());
  }
  if (missing.empty() && !state.party().empty()) return std::nullopt;
  auto refusal = Why(RefusalCode::kGuard, reason);
  refusal.metadata["party_id"] = missing;
  return refusal;
}

// The statutory number of the file 卷号: "（2026）陵人调字第0123号", by county and year.
std::string NewFileNo(const Ask& ask) {
  const std::string county = base::CutTo(ask.state.area_code(), common::v1::COUNTY);
  const int year = base::DateOf(base::LocalDay(ask.ctx.now_ms)).year;
  const auto* area = ask.reference.FindArea(county);
  const std::string name = area == nullptr ? county : area->name();
  // A county's short name is the first character of its name; three bytes in UTF-8.
  const std::string short_name = name.size() >= 3 && (name[0] & 0x80) != 0 ? name.substr(0, 3) : name;
  const uint64_t serial = ask.ctx.lookup->Next(absl::StrFormat("file/%s/%d", county, year));
  return absl::StrFormat("（%d）%s人调字第%04d号", year, short_name, serial);
}

// Who agrees can bind the party. Who refuses need not: nobody is mediated against their will, a child's or that of a
// clerk who speaks for a company (Art. 17); as what they spoke is kept when it was told.
std::optional<kernel::Refusal> CheckWhoAnswers(const v1::RecordConsentRequest& request, const v1::Party& party,
                                               const Ask& ask) {
  if (!v1::SignatureKind_IsValid(request.kind())) return Why(RefusalCode::kInvalid, "UNKNOWN_CODE", "kind");
  if (request.answer() == v1::REFUSED_TO_MEDIATE) return CheckCapacity(request.capacity(), party, "capacity");
  if (auto refusal = CheckWhoConsents(ConsentingOf(request), party, "")) return refusal;
  // From an account its owner answers; another's word has its paper.
  const bool anothers = request.capacity() == v1::GUARDIAN_OF_PARTY || request.capacity() == v1::ORDINARY_AGENT ||
                        request.capacity() == v1::SPECIAL_AGENT;
  if (ask.who.role == kernel::v1::ROLE_PUB && anothers && request.proof_sha256().empty()) {
    return Why(RefusalCode::kInvalid, "CONSENT_PROOF_NEEDED", "proof_sha256");
  }
  return std::nullopt;
}

// The refusal of one side: the case is over before it began.
void EmitRefusedBy(std::string_view party_id, const Ask& ask, Decision* decision) {
  auto* event = decision->Emit();
  auto* refused = event->mutable_refused();
  refused->set_code(std::string(kPartyRefuses));
  refused->set_refusing_party_id(std::string(party_id));
  *refused->mutable_notice() = FullRemedyNotice(ask.ctx.now_ms, kByPlatform);
  ClockChanges clocks(ask.state, ask.reference, ask.ctx.now_ms);
  for (std::string_view id : {"DM-01", "DM-02", "DM-08"}) clocks.Stop(id);
  clocks.WriteTo(event);
}

}  // namespace

Decision DecideAskConsent(const v1::AskConsentRequest& request, const Ask& ask) {
  if (!ask.state.intake_complete()) return Refuse(RefusalCode::kGuard, "INTAKE_INCOMPLETE");
  if (request.how().empty()) return Refuse(RefusalCode::kInvalid, "CONTENT_NEEDED", "how");
  Decision decision;
  auto* event = decision.Emit();
  auto* asked = event->mutable_consent_asked();
  for (const auto& id : request.party_id()) {
    const v1::Party* party = FindParty(ask.state, id);
    if (party == nullptr) return Refuse(RefusalCode::kInvalid, "UNKNOWN_PARTY", "party_id");
    if (!HasAnswered(*party)) asked->add_party_id(id);
  }
  if (request.party_id().empty()) {
    for (const auto& party : ask.state.party()) {
      if (!HasAnswered(party)) asked->add_party_id(party.party_id());
    }
  }
  if (asked->party_id().empty()) return Refuse(RefusalCode::kGuard, "NOBODY_TO_ASK");
  asked->set_how(request.how());
  ClockChanges clocks(ask.state, ask.reference, ask.ctx.now_ms);
  if (!clocks.Running("DM-02")) {
    reference::ClockStart start;
    start.started_by = "consent_asked";
    start.holder_org = ask.state.committee_org();
    clocks.Start("DM-02", start);
  }
  clocks.WriteTo(event);
  return decision;
}

Decision DecideRecordConsent(const v1::RecordConsentRequest& request, const Ask& ask) {
  const v1::Party* party = FindParty(ask.state, request.party_id());
  if (party == nullptr) return Refuse(RefusalCode::kInvalid, "UNKNOWN_PARTY", "party_id");
  if (ask.who.role == kernel::v1::ROLE_PUB && party != PartyOf(ask.state, *ask.ctx.actor)) {
    return Refuse(RefusalCode::kNotAllowed, "NOT_YOUR_PARTY", "party_id");
  }
  if (request.answer() != v1::AGREED_TO_MEDIATE && request.answer() != v1::REFUSED_TO_MEDIATE) {
    return Refuse(RefusalCode::kInvalid, "VALUE_NEEDED", "answer");
  }
  if (request.how().empty()) return Refuse(RefusalCode::kInvalid, "CONTENT_NEEDED", "how");
  if (auto refusal = CheckWhoAnswers(request, *party, ask)) return Decision::Refuse(*std::move(refusal));
  Decision decision;
  auto* event = decision.Emit();
  auto* recorded = event->mutable_consent_recorded();
  recorded->set_party_id(request.party_id());
  recorded->set_answer(request.answer());
  recorded->set_how(request.how());
  recorded->set_proof_sha256(request.proof_sha256());
  recorded->set_capacity(request.capacity());
  recorded->set_by_name(request.by_name());
  recorded->set_by_relation(request.by_relation());
  recorded->set_kind(request.kind());
  if (request.answer() == v1::REFUSED_TO_MEDIATE) {
    if (IsSideParty(*party)) EmitRefusedBy(request.party_id(), ask, &decision);
    return decision;
  }
  const bool last = std::ranges::all_of(ask.state.party(), [&](const v1::Party& other) {
    return !IsSideParty(other) || other.party_id() == request.party_id() ||
           other.consent() == v1::AGREED_TO_MEDIATE;
  });
  if (last) {
    ClockChanges clocks(ask.state, ask.reference, ask.ctx.now_ms);
    clocks.Stop("DM-02");
    clocks.WriteTo(event);
  }
  return decision;
}

Decision DecideServeRightsNotice(const v1::ServeRightsNoticeRequest& request, const Ask& ask) {
  if (auto refusal = CheckMayMediate(ask)) return Decision::Refuse(*std::move(refusal));
  if (request.how().empty()) return Refuse(RefusalCode::kInvalid, "CONTENT_NEEDED", "how");
  if (request.party_id().empty()) return Refuse(RefusalCode::kInvalid, "VALUE_NEEDED", "party_id");
  Decision decision;
  auto* served = decision.Emit()->mutable_rights_notice_served();
  for (const auto& id : request.party_id()) {
    if (FindParty(ask.state, id) == nullptr)
      return Refuse(RefusalCode::kInvalid, "UNKNOWN_PARTY", "party_id");
    served->add_party_id(id);
  }
  served->set_how(request.how());
  served->set_protection_information_given(request.protection_information_given());
  return decision;
}

bool OpenElsewhere(const Ask& ask) {
  const auto ids = ask.ctx.lookup->Scan("matter_code", ask.state.matter_code() + "/", kCasesOfMatterMax);
  return std::ranges::any_of(ids, [&](const std::string& id) {
    const v1::State* other = id == ask.ctx.aggregate_id ? nullptr : ask.ctx.lookup->Find(id);
    return other != nullptr && IsOpen(other->status()) && other->status() >= v1::ACCEPTED;
  });
}

Decision DecideAccept(const v1::AcceptRequest& request, const Ask& ask) {
  const v1::State& state = ask.state;
  if (!state.intake_complete()) return Refuse(RefusalCode::kGuard, "INTAKE_INCOMPLETE");
  if (auto refusal = CheckEverySide("CONSENT_MISSING", state, [](const v1::Party& party) {
        return party.consent() == v1::AGREED_TO_MEDIATE;
      })) {
    return Decision::Refuse(*std::move(refusal));
  }
  if (auto refusal = CheckEverySide("RIGHTS_NOTICE_MISSING", state,
                                    [](const v1::Party& party) { return party.rights_notice_at_ms() != 0; })) {
    return Decision::Refuse(*std::move(refusal));
  }
  if (!request.jurisdiction_confirmed()) {
    return Refuse(RefusalCode::kGuard, "JURISDICTION_NOT_CONFIRMED", "jurisdiction_confirmed");
  }
  if (!request.not_accepted_elsewhere()) {
    return Refuse(RefusalCode::kGuard, "NOT_ACCEPTED_ELSEWHERE_NOT_CONFIRMED", "not_accepted_elsewhere");
  }
  if (state.domestic_violence() && !state.protection_information_given()) {
    return Refuse(RefusalCode::kGuard, "PROTECTION_INFORMATION_MISSING");
  }
  const int64_t damage_fixed_at_ms = request.damage_fixed_at_ms();
  if (damage_fixed_at_ms != 0 && state.dispute_type() != kRoadAccident) {
    return Refuse(RefusalCode::kInvalid, "ROAD_ACCIDENTS_ONLY", "damage_fixed_at_ms");
  }
  if (damage_fixed_at_ms < 0 || damage_fixed_at_ms > ask.ctx.now_ms + kDamageFixedLatestMs) {
    return Refuse(RefusalCode::kInvalid, "BAD_TIME", "damage_fixed_at_ms");
  }
  if (OpenElsewhere(ask)) return Refuse(RefusalCode::kGuard, "ALREADY_OPEN_HERE");
  Decision decision;
  auto* event = decision.Emit();
  auto* accepted = event->mutable_accepted();
  accepted->set_file_no(NewFileNo(ask));
  accepted->set_policy_revision(ask.reference.policies().revision());
  ClockChanges clocks(state, ask.reference, ask.ctx.now_ms);
  for (std::string_view id : {"DM-01", "DM-02", "DM-08"}) clocks.Stop(id);
  reference::ClockStart start;
  start.started_by = "accepted";
  start.holder_org = state.committee_org();
  clocks.Start("DM-03", start);
  StartPeriod(request.damage_fixed_at_ms(), ask, &clocks);
  const v1::Period period = clocks.PeriodNow();
  accepted->set_period_end_ms(period.end_ms());
  accepted->set_period_warning_due_ms(period.warning_due_ms());
  clocks.WriteTo(event);
  return decision;
}

Decision DecideRefuse(const v1::RefuseRequest& request, const Ask& ask) {
  if (std::ranges::find(kRefusalCodes, request.code()) == kRefusalCodes.end()) {
    return Refuse(RefusalCode::kInvalid, "UNKNOWN_CODE", "code");
  }
  if (auto refusal = CheckLabourWay(request.remedy(), ask.state)) return Decision::Refuse(*std::move(refusal));
  if (request.where_to_go().empty()) return Refuse(RefusalCode::kInvalid, "CONTENT_NEEDED", "where_to_go");
  if (request.notice_how().empty()) return Refuse(RefusalCode::kInvalid, "CONTENT_NEEDED", "notice_how");
  if (!request.party_id().empty() && FindParty(ask.state, request.party_id()) == nullptr) {
    return Refuse(RefusalCode::kInvalid, "UNKNOWN_PARTY", "party_id");
  }
  // Whose no it is: a committee does not turn people away in nobody's name (Art. 17). A referral without parties has
  // nobody to name.
  if (request.code() == kPartyRefuses && !ask.state.party().empty()) {
    if (request.party_id().empty()) return Refuse(RefusalCode::kInvalid, "VALUE_NEEDED", "party_id");
    if (!IsSideParty(*FindParty(ask.state, request.party_id()))) {
      return Refuse(RefusalCode::kNotAllowed, "THIRD_PARTY_CANNOT_END", "party_id");
    }
  }
  Decision decision;
  auto* event = decision.Emit();
  auto* refused = event->mutable_refused();
  refused->set_code(request.code());
  refused->set_refusing_party_id(request.party_id());
  auto* notice = refused->mutable_notice();
  *notice->mutable_remedy() = request.remedy();
  notice->set_where_to_go(request.where_to_go());
  notice->set_how(request.notice_how());
  notice->set_served_at_ms(ask.ctx.now_ms);
  ClockChanges clocks(ask.state, ask.reference, ask.ctx.now_ms);
  for (std::string_view id : {"DM-01", "DM-02", "DM-08"}) clocks.Stop(id);
  clocks.WriteTo(event);
  return decision;
}

// ---- shared

const v1::Party* FindParty(const v1::State& state, std::string_view party_id) {
  const auto found = std::ranges::find(state.party(), party_id, &v1::Party::party_id);
  return found == state.party().end() ? nullptr : &*found;
}

const v1::Party* PartyOf(const v1::State& state, const kernel::v1::Actor& actor) {
  if (actor.user_id().empty()) return nullptr;
  for (const auto& party : state.party()) {
    if (party.person().user_id() == actor.user_id()) return &party;
  }
  return nullptr;
}

bool IsSideParty(const v1::Party& party) {
  return party.person().side() == common::v1::SIDE_A || party.person().side() == common::v1::SIDE_B;
}

bool EverySideAgreed(const v1::State& state) {
  return state.party_size() > 0 && std::ranges::all_of(state.party(), [](const v1::Party& party) {
           return !IsSideParty(party) || party.consent() == v1::AGREED_TO_MEDIATE;
         });
}

std::vector<const v1::Session*> SessionsSinceAgreement(const v1::State& state) {
  const auto& former = state.former_agreement();
  const int64_t since = former.empty() ? 0 : former.rbegin()->effective_at_ms();
  std::vector<const v1::Session*> sessions;
  for (const auto& session : state.session()) {
    if (session.started_at_ms() >= since) sessions.push_back(&session);
  }
  return sessions;
}

std::optional<kernel::Refusal> CheckBothSidesMet(const v1::State& state) {
  std::set<common::v1::PartySide> last_there;
  for (const v1::Session* session : SessionsSinceAgreement(state)) {
    last_there.clear();
    for (const auto& attendance : session->attendance()) {
      const v1::Party* party = FindParty(state, attendance.party_id());
      if (party == nullptr || !(attendance.present() || attendance.by_agent())) continue;
      last_there.insert(party->person().side());
    }
    if (last_there.contains(common::v1::SIDE_A) && last_there.contains(common::v1::SIDE_B)) return std::nullopt;
  }
  std::string away;  // at the last session; before the first, everybody
  for (const auto& party : state.party()) {
    if (!IsSideParty(party) || last_there.contains(party.person().side())) continue;
    absl::StrAppend(&away, away.empty() ? "" : " ", party.party_id());
  }
  auto refusal = Why(RefusalCode::kGuard, "JOINT_SESSION_NEEDED");
  refusal.metadata["party_id"] = away;
  refusal.message_zh += "未到场：" + away + "。";
  refusal.message_en += " Not there: " + away + ".";
  return refusal;
}

v1::RemedyNotice FullRemedyNotice(int64_t now_ms, std::string_view how) {
  v1::RemedyNotice notice;
  notice.add_remedy(v1::ARBITRATION);
  notice.add_remedy(v1::ADMINISTRATIVE_WAY);
  notice.add_remedy(v1::JUDICIAL);
  notice.set_how(std::string(how));
  notice.set_served_at_ms(now_ms);
  return notice;
}

}  // namespace mediation
