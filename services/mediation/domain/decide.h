#pragma once
// The decisions of a mediation case, one function a command. Each may assume that its row of the rules table
// holds (role, status, place). Split by the part of the procedure: decide_intake.cc, decide_consent.cc,
// decide_work.cc, decide_investigation.cc, decide_course.cc, decide_transfer.cc, decide_agreement.cc,
// decide_promise.cc, decide_confirmation.cc, decide_closing.cc, decide_platform.cc.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

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
// A committee of a trade 行业性专业性人民调解委员会 takes the disputes of its trade, and a committee of an area every one.
std::optional<kernel::Refusal> CheckTrade(const directory::v1::Organisation& committee, std::string_view dispute_type,
                                          const reference::Reference& reference);

// ---- intake: M1, M2, M3. Creating commands bind the asker to the committee they found.
Decision DecideApply(const v1::ApplyRequest&, const Ask&, const directory::v1::Organisation& committee);
Decision DecideRegisterExOfficio(const v1::RegisterExOfficioRequest&, const Ask&,
                                 const directory::v1::Organisation& committee);
Decision DecideReceiveReferral(const v1::ReceiveReferralRequest&, const Ask&,
                               const directory::v1::Organisation& committee);
Decision DecideTakeReferral(const v1::TakeReferral&, const Ask&);
Decision DecideRetryReferral(const Ask&);
Decision DecideHearLapse(const v1::HearLapse&, const Ask&);
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
Decision DecideInvestigate(const v1::InvestigateRequest&, const Ask&);
Decision DecideEnd(const v1::EndRequest&, const Ask&);

// ---- agreement: M13, M14, M15
Decision DecideDraftAgreement(const v1::DraftAgreementRequest&, const Ask&);
Decision DecideSign(const v1::SignRequest&, const Ask&);
Decision DecideSeal(const v1::SealRequest&, const Ask&);
Decision DecideRecordOral(const v1::RecordOralRequest&, const Ask&);

// ---- the course: M8, M10, M11, M12, M16; M25 in decide_transfer.cc
Decision DecideRecordFullAge(const v1::RecordFullAgeRequest&, const Ask&);
Decision DecideRecordWish(const v1::RecordWishRequest&, const Ask&);
Decision DecideRequestRecusal(const v1::RequestRecusalRequest&, const Ask&);
Decision DecideDecideRecusal(const v1::DecideRecusalRequest&, const Ask&);
Decision DecideReplaceMediator(const v1::ReplaceMediatorRequest&, const Ask&);
Decision DecidePause(const v1::PauseRequest&, const Ask&);
Decision DecideResume(const v1::ResumeRequest&, const Ask&);
Decision DecideExtend(const v1::ExtendRequest&, const Ask&);
Decision DecideReportRisk(const v1::ReportRiskRequest&, const Ask&);
Decision DecideReconsider(const v1::ReconsiderRequest&, const Ask&);
Decision DecideTransferUp(const v1::TransferUpRequest&, const Ask&);

// ---- what follows an agreement: M18 to M24
Decision DecidePerform(const v1::PerformRequest&, const Ask&);
Decision DecideFollowUp(const v1::FollowUpRequest&, const Ask&);
Decision DecideReportBreach(const v1::ReportBreachRequest&, const Ask&);
Decision DecideRemediate(const v1::RemediateRequest&, const Ask&);
Decision DecideApplyConfirmation(const v1::ApplyConfirmationRequest&, const Ask&);
Decision DecideRecordConfirmation(const v1::RecordConfirmationRequest&, const Ask&);
Decision DecideComplete(const v1::CompleteRequest&, const Ask&);
Decision DecideFileDocument(const v1::FileDocumentRequest&, const Ask&);
Decision DecideArchive(const v1::ArchiveRequest&, const Ask&);

// ---- the platform: timers, oversight, reference data
Decision DecideWarnPeriod(const Ask&);
Decision DecideEndPeriod(const Ask&);
Decision DecideWarnWindow(const Ask&);
Decision DecideWakePromise(const v1::WakePromise&, const Ask&);
Decision DecideRemindPause(const Ask&);
Decision DecideRemindConfirmation(const Ask&);
Decision DecideExpireClock(const v1::ExpireClock&, const Ask&);
Decision DecideOversee(const v1::Oversee&, const Ask&);
Decision DecideLearnReference(const v1::LearnReference&, const Ask&);
Decision DecideHearKept(const v1::HearKept&, const Ask&);
Decision DecideRecomputeProvisional(const Ask&);

// ---- shared
// Without calendar and deadline rows no clock can start.
std::optional<kernel::Refusal> NotReady(const reference::Reference& reference);
// What every end does to the clocks of a case.
void StopForEnd(const Ask& ask, v1::Event* event);
const v1::Party* FindParty(const v1::State& state, std::string_view party_id);
// The party the actor is, if any.
const v1::Party* PartyOf(const v1::State& state, const kernel::v1::Actor& actor);
bool IsSideParty(const v1::Party& party);  // side A or B: whose consent and signature count
// Whose signature the agreement needs: both sides, and a third party who owes or is owed something.
bool MustSign(const v1::Party& party, const v1::Agreement& agreement);
bool IsOfACourt(const v1::State& state);  // 委派, 委托: a court has delegated or entrusted it
bool IsLabour(const v1::State& state);  // 劳动争议: the way to the court leads through arbitration
// Whoever turns a labour dispute away, or ends it, tells of arbitration (劳动争议调解仲裁法 5, 14).
std::optional<kernel::Refusal> CheckLabourWay(const google::protobuf::RepeatedField<int>& remedy,
                                              const v1::State& state);
// Where the law wants the agreement in writing: 劳动争议调解仲裁法 14, 医疗纠纷条例 39.
bool MustBeWritten(const v1::State& state);
bool EverySideAgreed(const v1::State& state);
// Whether another committee, or this one, mediates the same matter now.
bool OpenElsewhere(const Ask& ask);
// Both sides were at one session, in person or by agent; since the last agreement took effect, if there was one before.
// If not: who has to come.
std::optional<kernel::Refusal> CheckBothSidesMet(const v1::State& state);
// The sessions that led to the present agreement, or would lead to one: none of them was held before the last one that
// another has taken the place of took effect.
std::vector<const v1::Session*> SessionsSinceAgreement(const v1::State& state);
// Every side has signed, by somebody whose word is the party's; a consent without its paper is none.
std::optional<kernel::Refusal> CheckConsents(
    const google::protobuf::RepeatedPtrField<v1::PartyConsent>& consents, const v1::State& state);
// Whether somebody asked this mediator to stand aside, and the committee has not acted on it yet.
bool AskedToStandAside(const v1::State& state, std::string_view user_id);
// Why somebody who was asked to stand aside does nothing in the case meanwhile that can wait (若干规定 25).
std::optional<kernel::Refusal> WhyStandsAside(const v1::State& state, const std::string& user_id);
// The same of the asker. A report of danger (M12) does not wait.
std::optional<kernel::Refusal> CheckMayMediate(const Ask& ask);
// What binds is kept, not ended; only what a court has rejected may be ended, by its committee (M22).
bool AgreementBinds(const v1::State& state, kernel::v1::Role asker);
// Why this account is none of the mediators of the committee that has the case today (人民调解法 13, 14). Whoever else
// helps is invited and takes part (Art. 20), and does not mediate.
std::optional<kernel::Refusal> CheckIsMediator(std::string_view user_id, std::string_view field, const Ask& ask);
// Who may mediate this case together.
std::optional<kernel::Refusal> CheckMediators(std::string_view chair_user_id,
                                              const google::protobuf::RepeatedPtrField<std::string>& others,
                                              bool recusal_checked, const Ask& ask);
// Takes the case up to the committee of that level; if it cannot, the reason.
std::string TransferAsOrdered(int to_level, std::string_view instruction_id, const Ask& ask,
                              Decision* decision);
// How a notice was given that the platform wrote by itself: who has no account has not seen it.
inline constexpr std::string_view kByPlatform = "platform";
// The notice of Art. 26 with every way in it.
v1::RemedyNotice FullRemedyNotice(int64_t now_ms, std::string_view how);

}  // namespace mediation
