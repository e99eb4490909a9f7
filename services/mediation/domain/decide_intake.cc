// M1 application, M2 ex officio, M3 referral: how a case comes to be.
#include <absl/strings/ascii.h>
#include <absl/strings/str_format.h>

#include <algorithm>
#include <utility>

#include "base/area_code.h"
#include "base/calendar.h"
#include "base/ids.h"
#include "base/random.h"
#include "services/mediation/domain/capacity.h"
#include "services/mediation/domain/clocks.h"
#include "services/mediation/domain/decide.h"
#include "services/mediation/domain/heirs.h"
#include "services/mediation/domain/limits.h"

namespace mediation {
namespace {

using directory::v1::Organisation;
using kernel::Refusal, kernel::RefusalCode;
using PartyList = google::protobuf::RepeatedPtrField<v1::Party>;

std::string Path(std::string_view list, int at, std::string_view field) {
  return absl::StrFormat("%s[%d].%s", std::string(list), at, std::string(field));
}

std::optional<Refusal> CheckParties(const PartyList& parties, bool applicant_needed) {
  if (parties.size() > kPartiesMax) return Why(RefusalCode::kLimit, "TOO_LONG", "party");
  bool side_a = false, side_b = false, applicant = false;
  for (int i = 0; i < parties.size(); ++i) {
    const auto& person = parties[i].person();
    if (person.name().empty()) {
      return Why(RefusalCode::kInvalid, "PARTY_NAME_NEEDED", Path("party", i, "person.name"));
    }
    if (person.side() == common::v1::PARTY_SIDE_UNSPECIFIED) {
      return Why(RefusalCode::kInvalid, "VALUE_NEEDED", Path("party", i, "person.side"));
    }
    if (auto refusal = CheckWhoActs(parties[i], absl::StrFormat("party[%d]", i))) return refusal;
    side_a |= person.side() == common::v1::SIDE_A;
    side_b |= person.side() == common::v1::SIDE_B;
    applicant |= parties[i].applicant();
  }
  if (!side_a || !side_b) return Why(RefusalCode::kInvalid, "BOTH_SIDES_NEEDED", "party");
  if (applicant_needed && !applicant) return Why(RefusalCode::kInvalid, "APPLICANT_NEEDED", "party");
  return std::nullopt;
}

// Parties as the event keeps them: numbered, without anything a client may not say. Who applies agrees by that; for a
// child or an organisation whoever is on record as acting for it. Is nobody on record, the case is taken all the same,
// and whose consent it is will be asked.
void TakeParties(const PartyList& parties, int64_t now_ms, PartyList* out) {
  for (const auto& party : parties) {
    auto* taken = out->Add();
    *taken->mutable_person() = party.person();
    taken->set_party_id("p" + std::to_string(out->size()));
    taken->set_applicant(party.applicant());
    taken->set_wants_writing(party.wants_writing());
    taken->set_objects_to_public(party.objects_to_public());
    taken->set_ethnic_group(party.ethnic_group());
    taken->set_occupation(party.occupation());
    taken->set_sex(party.sex());
    taken->set_birth_date(party.birth_date());
    if (party.has_guardian()) *taken->mutable_guardian() = party.guardian();
    if (party.has_head()) *taken->mutable_head() = party.head();
    taken->set_needs_protection(party.needs_protection());
    const v1::Capacity acts = ActsOnRecord(*taken);
    const bool alone = !taken->person().is_organisation() && !ActsByGuardian(*taken);
    if (!party.applicant() || (!alone && acts == v1::CAPACITY_UNSPECIFIED)) continue;
    taken->set_consent(v1::AGREED_TO_MEDIATE);
    taken->set_consent_at_ms(now_ms);
    taken->set_consent_how("application");
    taken->set_consent_as(acts);
  }
}

template <class Request>
std::optional<Refusal> CheckDispute(const Request& request, const Organisation* committee,
                                    const reference::Reference& reference) {
  const auto* type = reference.FindDisputeType(request.dispute_type());
  if (type == nullptr || type->retired()) {
    return Why(RefusalCode::kInvalid, "UNKNOWN_DISPUTE_TYPE", "dispute_type");
  }
  if (request.facts().empty()) return Why(RefusalCode::kInvalid, "CONTENT_NEEDED", "facts");
  if (request.amount_fen() < 0) return Why(RefusalCode::kInvalid, "BAD_AMOUNT", "amount_fen");
  return committee == nullptr ? std::nullopt : CheckTrade(*committee, request.dispute_type(), reference);
}

std::string NewMatterCode(std::string_view county, const Ask& ask) {
  const base::Date date = base::DateOf(base::LocalDay(ask.ctx.now_ms));
  const std::string day =
      absl::StrFormat("%s%04d%02d%02d", std::string(county), date.year, date.month, date.day);
  return absl::StrFormat("%sM%06d", day, ask.ctx.lookup->Next("matter/" + day + "M"));
}

std::string NewQueryCode(const Ask& ask) {
  base::Random random(ask.ctx.chance);
  std::string code = base::NewQueryCode(random);
  for (int i = 1; i < kQueryCodeTries && !ask.ctx.lookup->Scan("query_code", code, 1).empty(); ++i) {
    code = base::NewQueryCode(random);
  }
  return code;
}

// What every registration carries. `matter_code`: of the root matter; empty: a new one.
v1::Registered* Register(Decision* decision, const Ask& ask, const Organisation& committee,
                         std::string_view given_area, std::string_view matter_code) {
  auto* registered = decision->Emit()->mutable_registered();
  const std::string area_code = AreaToday(given_area, ask.reference);
  const int level = base::LevelOf(area_code);
  registered->set_area_code(level == common::v1::GRID ? base::CutTo(area_code, common::v1::VILLAGE)
                                                      : area_code);
  registered->set_matter_code(matter_code.empty()
                                  ? NewMatterCode(base::CutTo(area_code, common::v1::COUNTY), ask)
                                  : std::string(matter_code));
  registered->set_query_code(NewQueryCode(ask));
  registered->set_committee_org(committee.id());
  registered->set_committee_level(committee.level());
  registered->set_committee_area(committee.area_code());
  registered->set_registered_by(ask.ctx.actor->user_id());
  const bool industry = committee.duty().starts_with("industry");
  registered->set_kind(industry ? v1::INDUSTRY : v1::PEOPLE);
  registered->set_in_statistics(true);
  return registered;
}

template <class Request>
void TakeDispute(const Request& request, const Ask& ask, v1::Registered* registered) {
  registered->set_dispute_type(request.dispute_type());
  registered->set_dispute_detail(request.dispute_detail());
  registered->set_scale(request.scale());
  registered->set_facts(request.facts());
  registered->set_amount_fen(request.amount_fen());
  registered->set_jurisdiction_ground(request.jurisdiction_ground());
  registered->set_domestic_violence(request.domestic_violence());
  registered->set_civil_rights_and_duties(request.civil_rights_and_duties() || request.amount_fen() > 0);
  registered->set_intake_complete(true);
  TakeParties(request.party(), ask.ctx.now_ms, registered->mutable_party());
}

// The row DM-01 names the article of a court's case; what was applied for, or taken up, has the platform's own period.
constexpr std::string_view kOwnPeriod = "平台默认";
constexpr std::string_view kCourtsPeriod = "人民法院在线调解规则第十二条";

reference::ClockStart From(const char* event, std::string holder, std::string_view article = "") {
  reference::ClockStart start;
  start.started_by = event;
  start.holder_org = std::move(holder);
  start.article = std::string(article);
  return start;
}

std::optional<Refusal> CheckClaims(const google::protobuf::RepeatedPtrField<std::string>& claims) {
  if (claims.size() > kClaimsMax) return Why(RefusalCode::kLimit, "TOO_LONG", "claim");
  for (const auto& claim : claims) {
    if (claim.size() > kClaimCharactersMax * 4) return Why(RefusalCode::kLimit, "TOO_LONG", "claim");
  }
  return std::nullopt;
}

// A dispute belongs to the committee of the place where it arose, or where a party lives or works (若干规定 21): elsewhere
// whoever enters it says which. A court picks from its own list who mediates (特邀调解规定 11, 12), wherever that is.
template <class Request>
std::optional<Refusal> CheckJurisdiction(const Request& request, const Ask& ask, const Organisation& committee) {
  const v1::JurisdictionGround ground = request.jurisdiction_ground();
  if (!v1::JurisdictionGround_IsValid(ground)) {
    return Why(RefusalCode::kInvalid, "UNKNOWN_CODE", "jurisdiction_ground");
  }
  const bool said = ground != v1::JURISDICTION_GROUND_UNSPECIFIED;
  if (said || base::Covers(committee.area_code(), AreaToday(request.area_code(), ask.reference))) return std::nullopt;
  return Why(RefusalCode::kGuard, "OUTSIDE_THE_AREA", "area_code");
}

// A court's liaison hands over in the name of the house it is of; a registrar enters any paper.
bool SpeaksForAHouse(const Ask& ask) { return ask.who.role == kernel::v1::ROLE_CT; }
bool MaySpeakFor(std::string_view org_id, const Ask& ask) {
  return std::ranges::any_of(ask.ctx.actor->grant(), [&](const kernel::v1::Grant& grant) {
    return grant.role() == ask.who.role && grant.org_id() == org_id;
  });
}

// "37140320261101P000009": a matter of this platform has its county, its day, a letter and a number.
bool IsCodeOfThePlatform(std::string_view no, const reference::Reference& reference) {
  constexpr size_t kLetterAt = 14, kLength = 21;
  if (no.size() != kLength || !absl::ascii_isupper(static_cast<unsigned char>(no[kLetterAt]))) return false;
  for (size_t i = 0; i < kLength; ++i) {
    if (i != kLetterAt && !absl::ascii_isdigit(static_cast<unsigned char>(no[i]))) return false;
  }
  return reference.AreaExists(base::CutTo(no.substr(0, 6), common::v1::COUNTY));
}

// 访调对接 (司法部、国家信访局 2025). A petition that is on the platform comes from the petition itself, so that one dispute
// has one code and the petition hears what becomes of it. Of one that is kept elsewhere the paper says what the
// petition service would have asked: the code of the bridge, the number it has there, and that both sides agreed.
std::optional<Refusal> CheckPetitionsPaper(const v1::ReceiveReferralRequest& request, const Ask& ask) {
  const std::string& code = request.bridge_code();
  if (request.sender() != v1::FROM_PETITION_OFFICE) {
    const bool said = !code.empty() || !request.petition_no().empty() || !request.consent_proof_sha256().empty();
    return said ? std::optional(Why(RefusalCode::kInvalid, "NO_PETITION_HERE", "sender")) : std::nullopt;
  }
  const auto* office = ask.reference.FindOrg(request.sender_org());
  if (office != nullptr && office->kind() == directory::v1::PETITION_OFFICE) {
    return Why(RefusalCode::kGuard, "PETITION_COMES_BY_ITS_SERVICE", "sender_org");
  }
  if (IsCodeOfThePlatform(request.petition_no(), ask.reference)) {
    return Why(RefusalCode::kGuard, "PETITION_COMES_BY_ITS_SERVICE", "petition_no");
  }
  if (code.starts_with("BX")) return Why(RefusalCode::kGuard, "NOT_FOR_MEDIATION", "bridge_code");
  if (code != "BR1" && code != "BR2" && code != "BR3" && code != "BR4") {
    return Why(RefusalCode::kInvalid, code.empty() ? "VALUE_NEEDED" : "UNKNOWN_CODE", "bridge_code");
  }
  if (request.petition_no().empty()) return Why(RefusalCode::kInvalid, "CONTENT_NEEDED", "petition_no");
  if (request.consent_proof_sha256().empty()) {
    return Why(RefusalCode::kInvalid, "SIGNED_CONSENT_MISSING", "consent_proof_sha256");
  }
  return std::nullopt;
}

// A counter stamp, a postmark, the committee's own signature for papers: what it says is a day that was. 0: now.
std::optional<Refusal> CheckReceived(int64_t received_at_ms, std::string_view field, const Ask& ask) {
  const int64_t now_ms = ask.ctx.now_ms;
  if (received_at_ms == 0 || (received_at_ms <= now_ms && received_at_ms >= now_ms - kReceivedOldestMs)) {
    return std::nullopt;
  }
  return Why(RefusalCode::kInvalid, "BAD_RECEIVED", field);
}

// What a court entrusts after filing 委托 has a number already; and a day that has passed can no longer be kept.
std::optional<Refusal> CheckSender(const v1::ReceiveReferralRequest& request, const Ask& ask) {
  if (request.sender() == v1::FROM_COURT && request.court_entrusted() && request.court_case_no().empty()) {
    return Why(RefusalCode::kInvalid, "COURT_CASE_NO_NEEDED", "court_case_no");
  }
  if (request.sender_due_ms() != 0 && request.sender_due_ms() <= ask.ctx.now_ms) {
    return Why(RefusalCode::kInvalid, "SENDER_DUE_PAST", "sender_due_ms");
  }
  return CheckReceived(request.received_at_ms(), "received_at_ms", ask);
}

// The petition's own period had cut that of the committee. With the petition the cut falls away, unless it is over.
void FreePeriod(const Ask& ask, v1::Event* event) {
  const v1::State& state = ask.state;
  const auto* cut = Ticks(state, "DM-04") ? FindClock(state, "DM-04") : nullptr;
  if (cut == nullptr || cut->set_due_at_ms() == 0 || ask.ctx.now_ms >= reference::LateFromMs(*cut)) return;
  PeriodStart whole = PeriodStartOf(state, ask.reference, cut->started_by());
  whole.start.at_ms = cut->started_at_ms();
  ClockChanges clocks(state, ask.reference, ask.ctx.now_ms);
  clocks.Start("DM-04", whole.start, whole.row);
  *event->mutable_hand_over_lapsed()->mutable_period() = clocks.PeriodNow();
  clocks.WriteTo(event);
}

// Whether anybody has been asked, has agreed, or has been told of their rights.
bool AnybodyAsked(const v1::State& state) {
  if (state.status() != v1::REGISTERED || state.consent_asked_at_ms() != 0) return true;
  return std::ranges::any_of(state.party(), [](const v1::Party& party) {
    return party.consent() != v1::CONSENT_ANSWER_UNSPECIFIED || party.rights_notice_at_ms() != 0;
  });
}

// A notice is told once and cannot be sent back: what cannot be registered yet waits, and is tried again.
Decision Park(const v1::TakeReferral& referral, std::string_view reason, const Ask& ask) {
  const int64_t waited = ask.state.has_parked() ? 2 * ask.state.parked().wait_ms() : kParkedFirstMs;
  Decision decision;
  auto* parked = decision.Emit()->mutable_referral_parked();
  *parked->mutable_referral() = referral;
  parked->set_reason(std::string(reason));
  parked->set_wait_ms(std::min(waited, kParkedLongestMs));
  parked->set_retry_at_ms(ask.ctx.now_ms + parked->wait_ms());
  return decision;
}

Decision RegisterOrPark(const v1::TakeReferral& referral, const Ask& ask) {
  if (const auto not_ready = NotReady(ask.reference)) return Park(referral, not_ready->reason, ask);
  Committee committee = FindCommittee(referral.committee_org(), referral.area_code(), ask.reference);
  const bool taken = !committee.refusal && !CheckTrade(*committee.org, referral.dispute_type(), ask.reference);
  if (!taken && !referral.committee_org().empty()) {  // gone, or not of its trade: the nearest
    committee = FindCommittee("", referral.area_code(), ask.reference);
  }
  if (committee.refusal) return Park(referral, committee.refusal->reason, ask);
  Decision decision;
  auto* registered =
      Register(&decision, ask, *committee.org, referral.area_code(), referral.origin().matter_code());
  registered->set_source(referral.origin().service() == "petition" ? v1::FROM_PETITION_OFFICE
                                                                   : v1::FROM_GRID);
  *registered->mutable_origin() = referral.origin();
  *registered->mutable_handed_sha256() = referral.handed_document();
  registered->set_dispute_type(referral.dispute_type());
  registered->set_scale(referral.scale());
  registered->set_party_count(referral.party_count());
  registered->set_end_by_ms(referral.end_by_ms());
  registered->set_application_received_at_ms(ask.ctx.now_ms);
  ClockChanges clocks(ask.state, ask.reference, ask.ctx.now_ms);
  auto start = From("registered", committee.org->id());
  if (referral.answer_due_ms() > ask.ctx.now_ms) start.due_at_ms = referral.answer_due_ms();
  clocks.Start("DM-08", start);
  clocks.WriteTo(&decision.events.back().event);
  return decision;
}

}  // namespace

Committee FindCommittee(std::string_view org_id, std::string_view area_code,
                        const reference::Reference& reference) {
  const int level = base::LevelOf(area_code);
  if (level == 0 || level > common::v1::COUNTY)
    return {nullptr, Why(RefusalCode::kInvalid, "BAD_AREA", "area_code")};
  if (!reference.AreaExists(base::CutTo(area_code, common::v1::COUNTY)) ||
      (level > common::v1::GRID && !reference.AreaExists(area_code))) {
    return {nullptr, Why(RefusalCode::kInvalid, "UNKNOWN_AREA", "area_code")};
  }
  if (!org_id.empty()) {  // one whose village has ended no longer takes anything on: who took over does
    const auto* org = reference.FindOrg(UnitToday(org_id, reference));
    if (org == nullptr || org->closed() || org->kind() != directory::v1::COMMITTEE) {
      return {nullptr, Why(RefusalCode::kInvalid, "UNKNOWN_COMMITTEE", "committee_org")};
    }
    return {org, std::nullopt};
  }
  if (const auto* org = NearestCommittee(AreaToday(area_code, reference), reference)) return {org, std::nullopt};
  return {nullptr, Why(RefusalCode::kGuard, "NO_COMMITTEE", "committee_org")};
}

Decision DecideApply(const v1::ApplyRequest& request, const Ask& ask, const Organisation& committee) {
  if (auto refusal = CheckDispute(request, &committee, ask.reference)) return Decision::Refuse(*std::move(refusal));
  if (auto refusal = CheckParties(request.party(), true)) return Decision::Refuse(*std::move(refusal));
  if (auto refusal = CheckClaims(request.claim())) return Decision::Refuse(*std::move(refusal));
  if (!request.voluntary()) return Refuse(RefusalCode::kInvalid, "VOLUNTARY_NEEDED", "voluntary");
  if (auto refusal = CheckJurisdiction(request, ask, committee)) return Decision::Refuse(*std::move(refusal));
  if (auto refusal = CheckReceived(request.application_received_at_ms(), "application_received_at_ms", ask)) {
    return Decision::Refuse(*std::move(refusal));
  }
  Decision decision;
  auto* registered = Register(&decision, ask, committee, request.area_code(), "");
  TakeDispute(request, ask, registered);
  *registered->mutable_claim() = request.claim();
  registered->set_source(v1::ON_APPLICATION);
  const bool by_party = ask.who.role == kernel::v1::ROLE_PUB;
  // A counter stamp or postmark is the registrar's word; an applicant online applies now.
  registered->set_application_received_at_ms(by_party || request.application_received_at_ms() == 0
                                                 ? ask.ctx.now_ms
                                                 : request.application_received_at_ms());
  if (by_party) {  // an account can only be linked by its own holder, or by the registrar who saw the papers
    for (auto& party : *registered->mutable_party()) party.mutable_person()->clear_user_id();
    const auto self = std::ranges::find_if(*registered->mutable_party(), &v1::Party::applicant);
    self->mutable_person()->set_user_id(ask.ctx.actor->user_id());
  }
  ClockChanges clocks(ask.state, ask.reference, ask.ctx.now_ms);
  clocks.Start("DM-01", From("registered", committee.id(), kOwnPeriod));
  clocks.WriteTo(&decision.events.back().event);
  return decision;
}

Decision DecideRegisterExOfficio(const v1::RegisterExOfficioRequest& request, const Ask& ask,
                                 const Organisation& committee) {
  if (auto refusal = CheckDispute(request, &committee, ask.reference)) return Decision::Refuse(*std::move(refusal));
  if (auto refusal = CheckParties(request.party(), false)) return Decision::Refuse(*std::move(refusal));
  if (request.why().empty()) return Refuse(RefusalCode::kInvalid, "CONTENT_NEEDED", "why");
  if (auto refusal = CheckJurisdiction(request, ask, committee)) return Decision::Refuse(*std::move(refusal));
  Decision decision;
  auto* registered = Register(&decision, ask, committee, request.area_code(), "");
  TakeDispute(request, ask, registered);
  for (auto& party : *registered->mutable_party()) {  // nobody applied, so nobody has agreed yet
    party.clear_applicant();
    party.clear_consent();
    party.clear_consent_at_ms();
    party.clear_consent_how();
    party.clear_consent_as();
  }
  registered->set_source(v1::EX_OFFICIO);
  registered->set_why_ex_officio(request.why());
  registered->set_application_received_at_ms(ask.ctx.now_ms);
  ClockChanges clocks(ask.state, ask.reference, ask.ctx.now_ms);
  clocks.Start("DM-01", From("registered", committee.id(), kOwnPeriod));
  clocks.Start("DM-02", From("registered", committee.id()));
  clocks.WriteTo(&decision.events.back().event);
  return decision;
}

Decision DecideReceiveReferral(const v1::ReceiveReferralRequest& request, const Ask& ask,
                               const Organisation& committee) {
  if (ask.who.role == kernel::v1::ROLE_PO) {  // whoever has the role has the petition here
    return Refuse(RefusalCode::kNotAllowed, "PETITION_COMES_BY_ITS_SERVICE", "sender");
  }
  if (request.sender() < v1::FROM_COURT || request.sender() > v1::FROM_DEPARTMENT) {
    return Refuse(RefusalCode::kInvalid, "VALUE_NEEDED", "sender");
  }
  // A court liaison speaks for the court; the registrar takes any paper.
  if (ask.who.role == kernel::v1::ROLE_CT && request.sender() != v1::FROM_COURT) {
    return Refuse(RefusalCode::kNotAllowed, "NOT_ALLOWED", "sender");
  }
  if (SpeaksForAHouse(ask) && !request.sender_org().empty() && !MaySpeakFor(request.sender_org(), ask)) {
    return Refuse(RefusalCode::kNotAllowed, "NOT_YOUR_HOUSE", "sender_org");
  }
  if (request.document().empty()) return Refuse(RefusalCode::kInvalid, "CONTENT_NEEDED", "document");
  if (auto refusal = CheckSender(request, ask)) return Decision::Refuse(*std::move(refusal));
  if (auto refusal = CheckPetitionsPaper(request, ask)) return Decision::Refuse(*std::move(refusal));
  if (auto refusal = CheckDispute(request, &committee, ask.reference)) return Decision::Refuse(*std::move(refusal));
  if (auto refusal = CheckParties(request.party(), false)) return Decision::Refuse(*std::move(refusal));
  if (request.sender() != v1::FROM_COURT) {
    if (auto refusal = CheckJurisdiction(request, ask, committee)) return Decision::Refuse(*std::move(refusal));
  }
  Decision decision;
  auto* registered = Register(&decision, ask, committee, request.area_code(), "");
  TakeDispute(request, ask, registered);
  registered->set_source(request.sender());
  registered->set_referral_document(request.document());
  const bool own_house = SpeaksForAHouse(ask) && request.sender_org().empty();
  registered->set_sender_org(own_house ? ask.who.org : request.sender_org());
  registered->set_bridge_code(request.bridge_code());
  registered->set_petition_no(request.petition_no());
  const int64_t received_ms = request.received_at_ms() == 0 ? ask.ctx.now_ms : request.received_at_ms();
  registered->set_application_received_at_ms(received_ms);
  if (request.sender() == v1::FROM_COURT) {
    registered->set_kind(request.court_entrusted() ? v1::COURT_ENTRUSTED : v1::COURT_DELEGATED);
    registered->set_court_case_no(request.court_case_no());
    registered->set_summary_procedure(request.summary_procedure());
  }
  ClockChanges clocks(ask.state, ask.reference, ask.ctx.now_ms);
  const bool courts = request.sender() == v1::FROM_COURT;
  auto start = From("registered", committee.id(), courts ? kCourtsPeriod : "");
  start.at_ms = received_ms;  // whoever handed it over has waited since then
  clocks.Start("DM-08", start);
  if (request.sender_due_ms() != 0 && request.sender_due_ms() < clocks.Find("DM-08")->due_at_ms()) {
    start.article.clear();
    start.due_at_ms = request.sender_due_ms();
    clocks.Start("DM-08", start);
  }
  clocks.WriteTo(&decision.events.back().event);
  return decision;
}

Decision DecideTakeReferral(const v1::TakeReferral& referral, const Ask& ask) {
  // The case's id is made of the referral's id, so a referral told twice finds its case and changes nothing.
  if (ask.state.status() != v1::CASE_STATUS_UNSPECIFIED || ask.state.has_parked()) return {};
  if (ask.state.hand_over_lapsed_at_ms() != 0) return {};  // before it was heard of
  return RegisterOrPark(referral, ask);
}

Decision DecideRetryReferral(const Ask& ask) {
  if (!ask.state.has_parked() || ask.state.parked().retry_at_ms() > ask.ctx.now_ms) return {};
  return RegisterOrPark(ask.state.parked().referral(), ask);
}

// 移送失效: whoever handed it over waits for no answer any more. What nobody has been asked about yet ends; what people
// have been asked or have agreed to is theirs, and the committee is told. Heard before the case is there, it keeps
// the case from being opened.
Decision DecideHearLapse(const v1::HearLapse& heard, const Ask& ask) {
  const v1::State& state = ask.state;
  const bool opened = state.status() != v1::CASE_STATUS_UNSPECIFIED;
  if (state.hand_over_lapsed_at_ms() != 0 || (opened && !IsOpen(state.status()))) return {};
  Decision decision;
  auto* event = decision.Emit();
  if (!opened || AnybodyAsked(state)) {
    event->mutable_hand_over_lapsed()->set_referral_id(heard.referral_id());
    FreePeriod(ask, event);
    return decision;
  }
  event->mutable_ended()->set_reason(v1::E13_HAND_OVER_LAPSED);
  if (!state.party().empty()) {  // Art. 26, for those who see it among their own
    *event->mutable_ended()->mutable_notice() = FullRemedyNotice(ask.ctx.now_ms, kByPlatform);
  }
  StopForEnd(ask, event);
  return decision;
}

Decision DecideCompleteIntake(const v1::CompleteIntakeRequest& request, const Ask& ask) {
  if (ask.state.intake_complete()) return Refuse(RefusalCode::kGuard, "INTAKE_ALREADY_COMPLETE");
  v1::CompleteIntakeRequest whole = request;
  if (whole.dispute_type().empty()) whole.set_dispute_type(ask.state.dispute_type());
  // What a referral named stays with whom it has come to; another type is one this committee takes.
  const bool changed = whole.dispute_type() != ask.state.dispute_type();
  const std::string unit = UnitToday(ask.state.committee_org(), ask.reference);
  const Organisation* committee = changed ? ask.reference.FindOrg(unit) : nullptr;
  if (auto refusal = CheckDispute(whole, committee, ask.reference)) {
    if (refusal->reason == "NOT_OF_ITS_TRADE") refusal->field = "dispute_type";
    return Decision::Refuse(*std::move(refusal));
  }
  if (auto refusal = CheckParties(whole.party(), false)) return Decision::Refuse(*std::move(refusal));
  if (auto refusal = CheckClaims(whole.claim())) return Decision::Refuse(*std::move(refusal));
  Decision decision;
  auto* event = decision.Emit();
  auto* completed = event->mutable_intake_completed();
  TakeParties(whole.party(), ask.ctx.now_ms, completed->mutable_party());
  completed->set_facts(whole.facts());
  *completed->mutable_claim() = whole.claim();
  completed->set_amount_fen(whole.amount_fen());
  completed->set_dispute_type(whole.dispute_type());
  completed->set_dispute_detail(whole.dispute_detail());
  completed->set_domestic_violence(whole.domestic_violence());
  completed->set_civil_rights_and_duties(whole.civil_rights_and_duties() || whole.amount_fen() > 0);
  ClockChanges clocks(ask.state, ask.reference, ask.ctx.now_ms);
  clocks.Start("DM-01", From("intake_completed", ask.state.committee_org(), kOwnPeriod));
  clocks.WriteTo(event);
  return decision;
}

}  // namespace mediation
