#pragma once
// The decisions of a mediation case, one function a command. Each may assume that its row of the rules table
// holds (role, status, place). Split by the part of the procedure: decide_intake.cc, decide_consent.cc,
// decide_work.cc, decide_agreement.cc, decide_platform.cc.

#include <optional>
#include <string>
#include <string_view>

#include "services/mediation/domain/mediation.h"
#include "services/mediation/domain/refusals.h"
#include "services/mediation/domain/rules.h"

namespace mediation {

// Everything a decision may look at.
struct Ask {
  const v1::State& state;
  const Context& ctx;
  const reference::Reference& reference;
  Grounds who;
};

// A committee as a creating command names it, or the nearest one of the area.
struct Committee {
  const directory::v1::Organisation* org = nullptr;
  std::optional<kernel::Refusal> refusal;
};
Committee FindCommittee(std::string_view org_id, std::string_view area_code,
                        const reference::Reference& reference);

// ---- intake: M1, M2, M3. Creating commands bind the asker to the committee they found.
Decision DecideApply(const v1::ApplyRequest&, const Ask&, const directory::v1::Organisation& committee);
Decision DecideRegisterExOfficio(const v1::RegisterExOfficioRequest&, const Ask&,
                                 const directory::v1::Organisation& committee);
Decision DecideReceiveReferral(const v1::ReceiveReferralRequest&, const Ask&,
                               const directory::v1::Organisation& committee);
Decision DecideTakeReferral(const v1::TakeReferral&, const Ask&);
Decision DecideRetryReferral(const Ask&);
Decision DecideCompleteIntake(const v1::CompleteIntakeRequest&, const Ask&);

// ---- consent and acceptance: M4, M5, M6
Decision DecideAskConsent(const v1::AskConsentRequest&, const Ask&);
Decision DecideRecordConsent(const v1::RecordConsentRequest&, const Ask&);
Decision DecideServeRightsNotice(const v1::ServeRightsNoticeRequest&, const Ask&);
Decision DecideAccept(const v1::AcceptRequest&, const Ask&);
Decision DecideRefuse(const v1::RefuseRequest&, const Ask&);

// ---- work: M7, M9, M17
Decision DecideChooseMediator(const v1::ChooseMediatorRequest&, const Ask&);
Decision DecideAssign(const v1::AssignRequest&, const Ask&);
Decision DecideHoldSession(const v1::HoldSessionRequest&, const Ask&);
Decision DecideEnd(const v1::EndRequest&, const Ask&);

// ---- agreement: M13, M14, M15
Decision DecideDraftAgreement(const v1::DraftAgreementRequest&, const Ask&);
Decision DecideSign(const v1::SignRequest&, const Ask&);
Decision DecideSeal(const v1::SealRequest&, const Ask&);
Decision DecideRecordOral(const v1::RecordOralRequest&, const Ask&);

// ---- the platform: timers, oversight, reference data
Decision DecideWarnPeriod(const Ask&);
Decision DecideEndPeriod(const Ask&);
Decision DecideWarnWindow(const Ask&);
Decision DecideExpireClock(const v1::ExpireClock&, const Ask&);
Decision DecideOversee(const v1::Oversee&, const Ask&);
Decision DecideLearnReference(const v1::LearnReference&, const Ask&);
Decision DecideRecomputeProvisional(const Ask&);

// ---- shared
// Without calendar and deadline rows no clock can start.
std::optional<kernel::Refusal> NotReady(const reference::Reference& reference);
const v1::Party* FindParty(const v1::State& state, std::string_view party_id);
// The party the actor is, if any.
const v1::Party* PartyOf(const v1::State& state, const kernel::v1::Actor& actor);
bool IsSideParty(const v1::Party& party);  // side A or B: whose consent and signature count
bool EverySideAgreed(const v1::State& state);
bool BothSidesMet(const v1::State& state);  // at one session, in person or by agent
// The notice of Art. 26 with every way in it.
v1::RemedyNotice FullRemedyNotice(int64_t now_ms, std::string_view how);

}  // namespace mediation
