#include "services/petition/domain/rules.h"

#include <algorithm>

#include "base/area_code.h"
#include "services/petition/domain/clocks.h"
#include "services/petition/domain/people.h"

namespace petition {
namespace {

using kernel::RefusalCode;
using kernel::v1::Actor, kernel::v1::Grant;
using namespace kernel::v1;  // NOLINT: the table below reads by role names alone
using v1::Command;

constexpr uint32_t In(auto... status) { return ((1u << static_cast<uint32_t>(status)) | ...); }
constexpr uint32_t kNone = 1;  // PETITION_STATUS_UNSPECIFIED: there is none yet
constexpr uint32_t kEver = 0xffffffff;
constexpr uint32_t kAtUnit = In(v1::REGISTERED, v1::RECEIVED_BY_UNIT);
constexpr uint32_t kOpen =
    kAtUnit | In(v1::FORWARDED, v1::OBJECTED, v1::ACCEPTED, v1::OPINION_ISSUED, v1::DELIVERED, v1::REVIEWING,
                 v1::REVIEW_DELIVERED, v1::RECHECKING, v1::SUGGESTION_HANDLING);
constexpr uint32_t kAnswered =
    In(v1::DELIVERED, v1::REVIEWING, v1::REVIEW_DELIVERED, v1::RECHECKING, v1::FINAL, v1::CLOSED,
       v1::NOT_ACCEPTED, v1::REDIRECTED, v1::REPLIED, v1::SETTLED);
constexpr uint32_t kLife = kOpen | kAnswered;
constexpr uint32_t kEnded = In(v1::FINAL, v1::CLOSED, v1::NOT_ACCEPTED, v1::REDIRECTED, v1::REPLIED, v1::SETTLED,
                              v1::WITHDRAWN, v1::MERGED);
constexpr uint32_t kUnderReview = In(v1::REVIEWING, v1::RECHECKING);
// From the delivery on. A withdrawal takes back what is asked, not what was promised.
constexpr uint32_t kPromised = In(v1::DELIVERED, v1::REVIEWING, v1::REVIEW_DELIVERED, v1::RECHECKING, v1::FINAL,
                                  v1::CLOSED, v1::WITHDRAWN);
constexpr Asker kSystem = {ROLE_SYS, Where::kService};

// clang-format off
constexpr Rule kRules[] = {
    // command                     step   while the petition is                    asked by (role, place)
    {Command::kRegister, "P1", kNone,
     {{{ROLE_PUB, Where::kAnyone}, {ROLE_PC, Where::kLine}, {ROLE_PH, Where::kOffice},
                                        {ROLE_LD, Where::kLine}}}},
    {Command::kTakeReferral, "P1", kEver, {{kSystem}}},
    {Command::kRetryReferral, "P1", kEver, {{kSystem}}},
    {Command::kCompleteIntake, "P1", In(v1::REGISTERED),
     {{{ROLE_PC, Where::kLine}, {ROLE_PO, Where::kLine}, {ROLE_PH, Where::kUnit}}}},
    {Command::kRetype, "P1", kOpen | kEnded,
     {{{ROLE_PC, Where::kLine}, {ROLE_PO, Where::kLine}, {ROLE_PH, Where::kHandling}}}},
    {Command::kConfirmType, "P1", In(v1::REGISTERED), {{{ROLE_PC, Where::kLine}, {ROLE_PO, Where::kLine}}}},
    {Command::kMarkUrgent, "P2", kAtUnit | In(v1::FORWARDED, v1::OBJECTED, v1::ACCEPTED),
     {{{ROLE_PC, Where::kLine}, {ROLE_PO, Where::kLine}, {ROLE_PH, Where::kUnit}}}},
    {Command::kLinkRepeat, "P3", kAtUnit,
     {{{ROLE_PC, Where::kLine}, {ROLE_PO, Where::kLine}, {ROLE_PH, Where::kUnit}}}},
    {Command::kMergeCopy, "P3", In(v1::REGISTERED), {{{ROLE_PC, Where::kLine}, {ROLE_PO, Where::kLine}}}},
    {Command::kForward, "P4", In(v1::REGISTERED), {{{ROLE_PO, Where::kDesk}, {ROLE_PH, Where::kDesk}}}},
    {Command::kExtendReport, "P4", kLife, {{{ROLE_PO, Where::kOffice}, {ROLE_DM, Where::kOffice}}}},
    {Command::kReportCompletion, "P4", kLife, {{{ROLE_PH, Where::kUnit}, {ROLE_DM, Where::kUnit}}}},
    {Command::kConfirmReceipt, "P5", In(v1::FORWARDED), {{{ROLE_PH, Where::kUnit}}}},
    {Command::kReceiveByDefault, "P5", kEver, {{kSystem}}},
    {Command::kObject, "P6", In(v1::RECEIVED_BY_UNIT), {{{ROLE_DM, Where::kUnit}}}},
    {Command::kDecideObjection, "P7", In(v1::OBJECTED), {{{ROLE_PO, Where::kOffice}, {ROLE_DM, Where::kOffice}}}},
    {Command::kRaiseDispute, "P7", kAtUnit, {{{ROLE_PH, Where::kUnit}, {ROLE_PO, Where::kDesk}}}},
    {Command::kDecideDispute, "P7", kAtUnit, {{{ROLE_PO, Where::kLine}}}},
    {Command::kAccept, "P8", kAtUnit, {{{ROLE_PH, Where::kUnit}, {ROLE_PO, Where::kDesk}}}},
    {Command::kRefuseAcceptance, "P9", kAtUnit, {{{ROLE_PH, Where::kUnit}, {ROLE_PO, Where::kDesk}}}},
    {Command::kRedirect, "P10", kAtUnit, {{{ROLE_PO, Where::kDesk}, {ROLE_PH, Where::kUnit}}}},
    {Command::kTransferToDiscipline, "P11", In(v1::REGISTERED), {{{ROLE_PO, Where::kOffice}}}},
    {Command::kReceiveSealed, "P11", In(v1::SEALED), {{{ROLE_DI, Where::kDiscipline}}}},
    {Command::kSealAlong, "P11", kEver, {{kSystem}}},
    {Command::kStudy, "P12", kAtUnit, {{{ROLE_PH, Where::kUnit}, {ROLE_PO, Where::kDesk}}}},
    {Command::kReplySuggestion, "P12", In(v1::SUGGESTION_HANDLING),
     {{{ROLE_PH, Where::kUnit}, {ROLE_PO, Where::kUnit}}}},
    {Command::kRecordProgress, "P13", In(v1::ACCEPTED), {{{ROLE_PH, Where::kUnit}}}},
    {Command::kCallHearing, "P14", In(v1::ACCEPTED, v1::RECHECKING),
     {{{ROLE_DM, Where::kUnit}, {ROLE_RV, Where::kReview}, {ROLE_PO, Where::kEntry}}}},
    {Command::kHoldHearing, "P14", In(v1::ACCEPTED), {{{ROLE_PH, Where::kUnit}, {ROLE_DM, Where::kUnit}}}},
    {Command::kExtend, "P15", In(v1::ACCEPTED), {{{ROLE_DM, Where::kUnit}}}},
    {Command::kReferToMediation, "P16", In(v1::ACCEPTED),
     {{{ROLE_PH, Where::kUnit}, {ROLE_PO, Where::kOffice}}}},
    {Command::kHearMediation, "P17", kEver, {{kSystem}}},
    {Command::kHearOversight, "O7", kEver, {{kSystem}}},
    {Command::kRecordSettlement, "P17", In(v1::ACCEPTED, v1::OPINION_ISSUED, v1::DELIVERED),
     {{{ROLE_PH, Where::kUnit}}}},
    {Command::kDraftOpinion, "P18", In(v1::ACCEPTED), {{{ROLE_PH, Where::kUnit}}}},
    {Command::kIssueOpinion, "P18", In(v1::ACCEPTED), {{{ROLE_DM, Where::kUnit}}}},
    {Command::kConcludeProcedure, "P18", In(v1::ACCEPTED),
     {{{ROLE_PH, Where::kUnit}, {ROLE_DM, Where::kUnit}}}},
    {Command::kDeliver, "P19", In(v1::OPINION_ISSUED) | kUnderReview,
     {{{ROLE_PC, Where::kServes}, {ROLE_PH, Where::kAnswers}, {ROLE_RV, Where::kReview}, {ROLE_PO, Where::kEntry}}}},
    {Command::kRecordExecution, "P19", kPromised, {{{ROLE_PH, Where::kUnit}, {ROLE_DM, Where::kUnit}}}},
    {Command::kRequestReview, "P21", In(v1::DELIVERED, v1::CLOSED),
     {{{ROLE_PUB, Where::kPetitioner}, {ROLE_PC, Where::kLine}}}},
    {Command::kDecideReviewRequest, "P21", kUnderReview,
     {{{ROLE_RV, Where::kReview}, {ROLE_PO, Where::kEntry}}}},
    {Command::kIssueReview, "P22", In(v1::REVIEWING), {{{ROLE_RV, Where::kReview}, {ROLE_PO, Where::kEntry}}}},
    {Command::kRequestRecheck, "P23", In(v1::REVIEW_DELIVERED, v1::CLOSED),
     {{{ROLE_PUB, Where::kPetitioner}, {ROLE_PC, Where::kLine}}}},
    {Command::kStartHearing, "P24", In(v1::RECHECKING),
     {{{ROLE_RV, Where::kReview}, {ROLE_PO, Where::kEntry}}}},
    {Command::kEndHearing, "P24", In(v1::RECHECKING), {{{ROLE_RV, Where::kReview}, {ROLE_PO, Where::kEntry}}}},
    {Command::kIssueRecheck, "P25", In(v1::RECHECKING),
     {{{ROLE_RV, Where::kReview}, {ROLE_PO, Where::kEntry}}}},
    {Command::kWithdraw, "P27", kOpen, {{{ROLE_PUB, Where::kPetitioner}, {ROLE_PC, Where::kLine}}}},
    {Command::kCorrectPeople, "", kOpen, {{{ROLE_PC, Where::kLine}, {ROLE_PH, Where::kUnit}}}},
    {Command::kRecordDeath, "", kOpen, {{{ROLE_PC, Where::kLine}}}},
    {Command::kRecordSuccessor, "", kOpen, {{{ROLE_PC, Where::kLine}}}},
    {Command::kTerminate, "", kOpen,
     {{{ROLE_PO, Where::kLine}, {ROLE_RV, Where::kReview}, {ROLE_PO, Where::kEntry}}}},
    {Command::kProposeLeader, "P28", kLife, {{{ROLE_PO, Where::kLine}}}},
    {Command::kAcceptLead, "P28", kLife,
     {{{ROLE_CL, Where::kProposed}, {ROLE_TL, Where::kProposed}, {ROLE_LD, Where::kProposed}}}},
    {Command::kRecordLead, "P28", kLife,
     {{{ROLE_LD, Where::kNamed}, {ROLE_CL, Where::kNamed}, {ROLE_TL, Where::kNamed}}}},
    {Command::kMissLeaderDuty, "P28", kEver, {{kSystem}}},
    {Command::kListBacklog, "P29", kLife, {{{ROLE_PO, Where::kLine}}}},
    {Command::kProposeWriteOff, "P29", kLife, {{{ROLE_PO, Where::kLine}}}},
    {Command::kConfirmWriteOff, "P29", kLife, {{{ROLE_PO, Where::kCity}}}},
    {Command::kRecordReception, "P30", kNone,
     {{{ROLE_LD, Where::kLine}, {ROLE_PC, Where::kLine}, {ROLE_CL, Where::kLine},
                                                {ROLE_TL, Where::kLine}}}},
    {Command::kEvaluate, "P31", kAnswered, {{{ROLE_PUB, Where::kPetitioner}}}},
    {Command::kSuggest, "", kLife, {{{ROLE_PO, Where::kLine}}}},
    {Command::kAnswerSuggestion, "", kLife, {{{ROLE_PH, Where::kUnit}, {ROLE_DM, Where::kUnit}}}},
    {Command::kHearKept, "", kEver, {{kSystem}}},
    {Command::kLearnReference, "", kEver, {{kSystem}}},
    {Command::kExpireClock, "P20", kEver, {{kSystem}}},
    {Command::kRecomputeProvisional, "", kEver, {{kSystem}}},
};
// clang-format on


// A grant without an organisation is of none, not of every petition that has no unit yet.
bool IsOrg(const Grant& grant, std::string_view org) { return !org.empty() && grant.org_id() == org; }

bool OfLine(const Grant& grant, const Subject& subject) {
  return IsOrg(grant, subject.office_org) || base::Covers(grant.area_code(), subject.office_area);
}

// The body that reviews now, if any.
const v1::Stage* ReviewStage(const v1::State* state) {
  if (state == nullptr || state->stage().empty()) return nullptr;
  const v1::Stage& stage = *state->stage().rbegin();
  return stage.kind() == v1::HANDLE ? nullptr : &stage;
}

bool Reviews(const Grant& grant, const Subject& subject) {
  const v1::Stage* stage = ReviewStage(subject.state);
  if (stage == nullptr) return false;
  if (stage->body_external()) {
    return base::LevelOf(grant.area_code()) == common::v1::CITY &&
           base::Covers(grant.area_code(), subject.office_area);
  }
  return IsOrg(grant, stage->body_org()) ||
         (!stage->body_area().empty() && grant.area_code() == stage->body_area());
}

bool IsUser(std::string_view user_id, const Actor& actor) {
  return !user_id.empty() && user_id == actor.user_id();
}

bool UnderReview(const v1::State* state) { return state != nullptr && (kUnderReview & In(state->status())) != 0; }

bool At(Where where, const Grant& grant, const Subject& subject, const Actor& actor) {
  const v1::State* state = subject.state;
  const bool office = IsOrg(grant, subject.office_org);
  switch (where) {
    case Where::kNobody:
      return false;
    case Where::kAnyone:
      return true;
    case Where::kPetitioner:
      return state != nullptr && IsPetitioner(*state, actor);
    case Where::kOffice:
      return office;
    case Where::kDesk:
      return office && state != nullptr && state->status() == v1::REGISTERED;
    case Where::kLine:
      return OfLine(grant, subject);
    case Where::kUnit:
      return state != nullptr && IsOrg(grant, state->unit_org());
    case Where::kHandling:
      return state != nullptr && IsOrg(grant, state->unit_org()) && IsOpen(state->status());
    case Where::kReview:
      return Reviews(grant, subject);
    case Where::kServes:
      return UnderReview(state) ? Reviews(grant, subject) : OfLine(grant, subject);
    case Where::kAnswers:
      return state != nullptr && !UnderReview(state) && IsOrg(grant, state->unit_org());
    case Where::kEntry:
      return ReviewStage(state) != nullptr && ReviewStage(state)->body_external() && Reviews(grant, subject);
    case Where::kDiscipline:
      return state != nullptr && IsOrg(grant, state->discipline_org());
    case Where::kCity:
      return base::LevelOf(grant.area_code()) == common::v1::CITY &&
             base::Covers(grant.area_code(), subject.office_area);
    case Where::kNamed:
      return state != nullptr && IsUser(state->leader().user_id(), actor);
    case Where::kProposed:
      return state != nullptr && IsUser(Proposed(*state).user_id(), actor);
    case Where::kService:
      return kernel::IsService(actor);
  }
  return false;
}

bool SeesByRole(const Grant& grant, const v1::State& state, const Subject& subject) {
  switch (grant.role()) {
    case ROLE_PC:
    case ROLE_PO:
    case ROLE_TL:
    case ROLE_CL:
    case ROLE_CYL:
    case ROLE_SV:
      return OfLine(grant, subject) || IsOrg(grant, state.unit_org());
    case ROLE_PH:
    case ROLE_DM:
    case ROLE_DH:
      return IsOrg(grant, state.unit_org()) || IsOrg(grant, subject.office_org);
    case ROLE_RV:
      return OfLine(grant, subject) || Reviews(grant, subject);
    default:
      return false;
  }
}

}  // namespace

std::span<const Rule> Rules() { return kRules; }

const Rule* FindRule(Command::BodyCase command) { return kernel::FindRow(kRules, command); }

std::optional<kernel::Refusal> Permit(const Rule& rule, const v1::State& state, const Actor& actor) {
  const bool creates = rule.in == kNone;
  const bool exists = state.status() != v1::PETITION_STATUS_UNSPECIFIED;
  // Nobody learns from a role, a status or a version what existence has not granted.
  if (exists && !kernel::IsService(actor) && !MaySee(state, actor)) return NoSuchMatter();
  if (!exists && !creates && rule.in != kEver) return NoSuchMatter();
  if (!kernel::HasRole(rule, actor)) return Why(RefusalCode::kNotAllowed, "NOT_ALLOWED");
  if (creates && exists) return Why(RefusalCode::kWrongStatus, "ALREADY_EXISTS");
  if ((rule.in & In(state.status())) == 0) return WrongStatus(state);
  return std::nullopt;
}

std::optional<Grounds> Bind(const Rule& rule, const Subject& subject, const Actor& actor) {
  for (const Asker& asker : rule.askers) {
    if (asker.where == Where::kService && kernel::IsService(actor)) return Grounds{ROLE_SYS, "", ""};
    for (const Grant& grant : actor.grant()) {
      if (grant.role() == asker.role && At(asker.where, grant, subject, actor)) {
        return Grounds{grant.role(), grant.org_id(), grant.area_code()};
      }
    }
  }
  return std::nullopt;
}

namespace {

// Whether the present stage was accepted: the petition itself, or the request for review.
bool Taken(const v1::State& state) {
  return !state.stage().empty() && state.stage().rbegin()->accepted_at_ms() != 0;
}

// Whether the opinion of the present stage is out: there is one a stage.
bool Issued(const v1::State& state) { return !state.stage().empty() && state.stage().rbegin()->issued_at_ms() != 0; }

bool HearingUnderWay(const v1::State& state) {
  const auto* clock = FindClock(state, "DP-10");
  return clock != nullptr && reference::IsPaused(*clock);
}

// A body outside the platform holds its hearings there, and they are entered afterwards.
bool MayBeHeldOutside(const v1::State& state) {
  return Taken(state) && !Issued(state) && state.stage().rbegin()->body_external() && Runs(state, "DP-10");
}

// Whether the command would be refused whatever is entered, because of what the petition is and has.
bool RuledOut(Command::BodyCase command, const v1::State& state) {
  const auto backlog = state.backlog().state();
  if (MayAccuse(state) && SendsOn(command)) return true;
  switch (command) {
    case Command::kConfirmType:
      return !state.type_unconfirmed();
    case Command::kReceiveSealed:
      return state.ended_at_ms() != 0;
    case Command::kExtendReport:
      return !Runs(state, "DP-12");
    case Command::kReportCompletion:
      return !Runs(state, "DP-12") || state.status() == v1::FORWARDED || state.status() == v1::OBJECTED;
    case Command::kExtend:
      return state.route() != 6 || state.stage_size() > 1 || state.extended() || !Runs(state, "DP-05");
    case Command::kRecordSettlement:
      return state.status() != v1::ACCEPTED && !MediationSettles(state);
    case Command::kDraftOpinion:
      return state.route() != 6 || MediationSettles(state);
    case Command::kIssueOpinion:
      return !state.has_draft() || MediationSettles(state);
    case Command::kConcludeProcedure:
      return state.route() == 6;
    case Command::kDecideReviewRequest:
      return Taken(state) || Issued(state);
    case Command::kDeliver:
      return !Issued(state);
    case Command::kRecordExecution:
      return !IsToBeExecuted(state);
    case Command::kIssueReview:
    case Command::kIssueRecheck:
      return !Taken(state) || Issued(state) || HearingUnderWay(state);
    case Command::kCallHearing:
      return state.status() == v1::RECHECKING && (!Taken(state) || Issued(state));
    case Command::kHoldHearing:
      return !state.has_called_hearing();
    case Command::kStartHearing:
      return !state.has_called_hearing() || Issued(state) || HearingUnderWay(state);
    case Command::kEndHearing:
      return !HearingUnderWay(state) && !MayBeHeldOutside(state);
    case Command::kTerminate:
      return state.type() != v1::REQUEST || !NobodyLeft(state);
    case Command::kAcceptLead:
      return Proposed(state).accepted();
    case Command::kRecordLead:
      return !state.leader().accepted();
    case Command::kListBacklog:
      return backlog == v1::LISTED || backlog == v1::WRITE_OFF_PROPOSED;
    case Command::kProposeWriteOff:
      return backlog != v1::LISTED;
    case Command::kConfirmWriteOff:
      return backlog != v1::WRITE_OFF_PROPOSED;
    default:
      return false;
  }
}

}  // namespace

std::vector<std::string> AllowedCommands(const v1::State& state, const Actor& actor) {
  std::vector<std::string> names;
  const Subject subject{state.office_org(), state.office_area(), &state};
  for (const Rule& rule : kRules) {
    if (rule.in == kEver || rule.in == kNone || Permit(rule, state, actor)) continue;
    const bool to_discipline =
        rule.command == Command::kTransferToDiscipline || rule.command == Command::kReceiveSealed;
    if (to_discipline != Sealed(state) || RuledOut(rule.command, state)) continue;
    if (Bind(rule, subject, actor)) names.emplace_back(CommandVerb(rule.command));
  }
  return names;
}

bool Sealed(const v1::State& state) { return state.type() == v1::ACCUSATION || !state.sealed_with().empty(); }

bool MayAccuse(const v1::State& state) {
  return state.type_unconfirmed() && state.content_code() == kDisciplineContent && !Sealed(state);
}

bool SendsOn(Command::BodyCase command) {
  switch (command) {
    case Command::kForward:
    case Command::kMergeCopy:
    case Command::kRaiseDispute:
    case Command::kAccept:
    case Command::kRefuseAcceptance:
    case Command::kRedirect:
    case Command::kStudy:
      return true;
    default:
      return false;
  }
}

bool HasSealedRight(const v1::State& state, const Actor& actor) {
  if (actor.user_id().empty()) return false;
  return std::ranges::any_of(actor.grant(), [&](const Grant& grant) {
    if (grant.role() == ROLE_DI) {
      return IsOrg(grant, state.discipline_org());
    }
    return grant.role() == ROLE_PO && state.discipline_org().empty() && IsOrg(grant, state.office_org());
  });
}

bool IsPetitioner(const v1::State& state, const Actor& actor) {
  return std::ranges::any_of(state.petitioner(),
                             [&](const v1::Petitioner& petitioner) {
                               return IsUser(petitioner.person().user_id(), actor);
                             }) ||
         std::ranges::any_of(state.agent(),
                             [&](const v1::Agent& agent) { return IsUser(agent.person().user_id(), actor); });
}

bool MaySee(const v1::State& state, const Actor& actor) {
  if (Sealed(state)) return HasSealedRight(state, actor);
  if (IsPetitioner(state, actor) || IsUser(state.leader().user_id(), actor)) return true;
  if (IsUser(state.proposed_leader().user_id(), actor)) return true;
  const Subject subject{state.office_org(), state.office_area(), &state};
  return std::ranges::any_of(actor.grant(),
                             [&](const Grant& grant) { return SeesByRole(grant, state, subject); });
}

bool IsOfUnit(const v1::State& state, const Actor& actor) {
  if (state.unit_org() == state.office_org() && !state.direct()) return false;
  return std::ranges::any_of(actor.grant(), [&](const Grant& grant) { return IsOrg(grant, state.unit_org()); });
}

bool IsInFirstHandling(const v1::State& state) {
  return IsOpen(state.status()) && !IsAnswered(state.status()) && state.stage_size() <= 1;
}

bool ReadsThoseOfCopies(const v1::State& state, const Actor& actor) {
  return IsInFirstHandling(state) || !IsOfUnit(state, actor);
}

void LeaveOutThoseOfCopies(const Actor& actor, v1::State* state) {
  if (ReadsThoseOfCopies(*state, actor)) return;
  for (int i = state->petitioner_size() - 1; i >= 0; --i) {
    if (!state->petitioner(i).copy_id().empty()) state->mutable_petitioner()->DeleteSubrange(i, 1);
  }
  for (int i = state->agent_size() - 1; i >= 0; --i) {
    if (!state->agent(i).copy_id().empty()) state->mutable_agent()->DeleteSubrange(i, 1);
  }
}

const v1::CaseLeader& Proposed(const v1::State& state) {
  return state.has_proposed_leader() ? state.proposed_leader() : state.leader();
}

bool IsToBeExecuted(const v1::State& state) {
  return state.has_execution() && state.execution().executed_at_ms() == 0;
}

bool MediationSettles(const v1::State& state) {
  return state.mediation() == v1::AGREEMENT_EFFECTIVE && state.settlement() != v1::BROKEN;
}

bool IsAnswered(v1::PetitionStatus status) {
  return (In(v1::OPINION_ISSUED, v1::DELIVERED, v1::REVIEWING, v1::REVIEW_DELIVERED, v1::RECHECKING) & In(status)) != 0;
}

bool IsOpen(v1::PetitionStatus status) {
  return status != v1::PETITION_STATUS_UNSPECIFIED && (kOpen & In(status)) != 0;
}

}  // namespace petition
