#include "services/oversight/domain/rules.h"

#include <algorithm>

#include "base/area_code.h"
#include "services/oversight/domain/inspections.h"
#include "services/oversight/domain/orders.h"
#include "services/oversight/domain/standing.h"
#include "services/oversight/domain/tasks.h"

namespace oversight {
namespace {

using kernel::RefusalCode;
using kernel::v1::Actor, kernel::v1::Grant;
using namespace kernel::v1;  // NOLINT: the table below reads by role names alone
using v1::Command;

constexpr uint64_t In(auto... phase) { return ((uint64_t{1} << static_cast<uint64_t>(phase)) | ...); }
constexpr uint64_t kEver = ~uint64_t{0};

// Whoever decides for a unit answers what is addressed to it; whoever handles its matters may read and take it too.
constexpr Role kDeciding[] = {ROLE_DM, ROLE_GH, ROLE_TD, ROLE_CD, ROLE_CC, ROLE_MC, ROLE_PO, ROLE_CT, ROLE_DI};
constexpr Role kHandling[] = {ROLE_DH, ROLE_MR, ROLE_PC, ROLE_PH, ROLE_HA};

constexpr std::array<Asker, kAskersMax> OfUnit(Where place, bool handlers = false) {
  std::array<Asker, kAskersMax> askers;
  size_t count = 0;
  for (const Role role : kDeciding) askers[count++] = {role, place};
  if (!handlers) return askers;
  for (const Role role : kHandling) askers[count++] = {role, place};
  return askers;
}

// clang-format off
constexpr Rule kRules[] = {
    // command                      step  while it is                 asked by (role, place)
    {Command::kInstruct, "O7", In(Phase::kNone),
     {{{ROLE_TL, Where::kOverMatter}, {ROLE_CL, Where::kOverMatter}, {ROLE_CYL, Where::kOverMatter}}}},
    {Command::kDistribute, "O7", In(Phase::kIssued),
     {{{ROLE_TD, Where::kIssuerLine}, {ROLE_CD, Where::kIssuerLine}, {ROLE_CC, Where::kIssuerLine},
       {ROLE_SV, Where::kIssuerLine}}}},
    {Command::kReport, "O7", In(Phase::kDistributed), OfUnit(Where::kAddressee)},
    {Command::kCloseInstruction, "O7", In(Phase::kReported),
     {{{ROLE_TL, Where::kIssuer}, {ROLE_CL, Where::kIssuer}, {ROLE_CYL, Where::kIssuer},
       {ROLE_SV, Where::kIssuerLine}}}},
    {Command::kWithdrawInstruction, "O7", In(Phase::kIssued, Phase::kDistributed),
     {{{ROLE_TL, Where::kIssuer}, {ROLE_CL, Where::kIssuer}, {ROLE_CYL, Where::kIssuer},
       {ROLE_SV, Where::kIssuerLine}}}},
    {Command::kAssignLead, "3.6.6", In(Phase::kOpenMatter),
     {{{ROLE_TL, Where::kHolding}, {ROLE_CL, Where::kHolding}, {ROLE_CYL, Where::kHolding}}}},
    {Command::kSendDown, "3.6.6", In(Phase::kOpenMatter),
     {{{ROLE_TL, Where::kHolding}, {ROLE_CL, Where::kHolding}, {ROLE_CYL, Where::kHolding}, {ROLE_CD, Where::kHolding},
       {ROLE_CC, Where::kHolding}}}},
    {Command::kAskEscalation, "3.6.3", In(Phase::kOpenMatter),
     {{{ROLE_TL, Where::kHolding}, {ROLE_CL, Where::kHolding}, {ROLE_CYL, Where::kHolding}, {ROLE_TD, Where::kHolding},
       {ROLE_CD, Where::kHolding}, {ROLE_CC, Where::kHolding}}}},
    {Command::kDraftOrder, "O2", In(Phase::kNone),
     {{{ROLE_SV, Where::kOverMatter}, {ROLE_TD, Where::kOverMatter}, {ROLE_CD, Where::kOverMatter},
       {ROLE_CC, Where::kOverMatter}, {ROLE_PO, Where::kOverMatter}, {ROLE_SV, Where::kOverTask},
       {ROLE_CD, Where::kOverTask}, {ROLE_CC, Where::kOverTask}}}},
    {Command::kIssueOrder, "O3", In(Phase::kOrdinaryDraft),
     {{{ROLE_TD, Where::kOverOrder}, {ROLE_CD, Where::kOverOrder}, {ROLE_CC, Where::kOverOrder},
       {ROLE_PO, Where::kOverOrder}}}},
    {Command::kIssueYellow, "O4", In(Phase::kYellowDraft),
     {{{ROLE_CD, Where::kAboveOrder}, {ROLE_CC, Where::kAboveOrder}, {ROLE_SV, Where::kOverOrder}}}},
    {Command::kIssueRed, "O5", In(Phase::kRedDraft), {{{ROLE_CL, Where::kOverOrder}, {ROLE_CYL, Where::kOverOrder}}}},
    {Command::kCancelOrder, "O6",
     In(Phase::kOrdinaryDraft, Phase::kYellowDraft, Phase::kRedDraft, Phase::kOrderOut, Phase::kOrderAcknowledged,
        Phase::kOrderAnswered),
     {{{ROLE_TD, Where::kOrderLine}, {ROLE_CD, Where::kOrderLine}, {ROLE_CC, Where::kOrderLine},
       {ROLE_PO, Where::kOrderLine}, {ROLE_SV, Where::kOrderLine}, {ROLE_CL, Where::kOrderLine},
       {ROLE_CYL, Where::kOrderLine}, {ROLE_TL, Where::kOrderLine}}}},
    {Command::kAcknowledgeOrder, "O6", In(Phase::kOrderOut), OfUnit(Where::kTarget, true)},
    {Command::kAnswerOrder, "O6", In(Phase::kOrderOut, Phase::kOrderAcknowledged), OfUnit(Where::kTarget)},
    {Command::kAcceptAnswer, "O6", In(Phase::kOrderAnswered),
     {{{ROLE_TD, Where::kOrderLine}, {ROLE_CD, Where::kOrderLine}, {ROLE_CC, Where::kOrderLine},
       {ROLE_PO, Where::kOrderLine}, {ROLE_SV, Where::kOrderLine}, {ROLE_CL, Where::kOrderLine},
       {ROLE_CYL, Where::kOrderLine}, {ROLE_TL, Where::kOrderLine}}}},
    {Command::kSendBackAnswer, "O6", In(Phase::kOrderAnswered),
     {{{ROLE_TD, Where::kOrderLine}, {ROLE_CD, Where::kOrderLine}, {ROLE_CC, Where::kOrderLine},
       {ROLE_PO, Where::kOrderLine}, {ROLE_SV, Where::kOrderLine}, {ROLE_CL, Where::kOrderLine},
       {ROLE_CYL, Where::kOrderLine}, {ROLE_TL, Where::kOrderLine}}}},
    {Command::kAcknowledgeWarning, "O10", In(Phase::kWarningRaised),
     {{{ROLE_TD, Where::kAddressed}, {ROLE_CD, Where::kAddressed}, {ROLE_CC, Where::kAddressed}}}},
    {Command::kActOnWarning, "O10", In(Phase::kWarningAcknowledged, Phase::kWarningActioned),
     {{{ROLE_TD, Where::kWarned}, {ROLE_CD, Where::kWarned}, {ROLE_CC, Where::kWarned}}}},
    {Command::kClearWarning, "O10", In(Phase::kWarningActioned),
     {{{ROLE_TD, Where::kAddressed}, {ROLE_CD, Where::kAddressed}, {ROLE_CC, Where::kAddressed}}}},
    {Command::kMarkWarningFalse, "O10", In(Phase::kWarningAcknowledged, Phase::kWarningActioned),
     {{{ROLE_TD, Where::kAddressed}, {ROLE_CD, Where::kAddressed}, {ROLE_CC, Where::kAddressed}}}},
    {Command::kPassWarningUp, "O10", kEver, {{{ROLE_SYS, Where::kService}}}},
    {Command::kLookAtMatter, "3.6.4", kEver, {{{ROLE_SYS, Where::kService}}}},
    {Command::kLookAtWatch, "3.6.4", kEver, {{{ROLE_SYS, Where::kService}}}},
    {Command::kDraftSuggestion, "O8", In(Phase::kNone),
     {{{ROLE_SV, Where::kOverMatter}, {ROLE_PO, Where::kOverMatter}}}},
    {Command::kSendSuggestion, "O8", In(Phase::kSuggestionDraft),
     {{{ROLE_SV, Where::kSuggester}, {ROLE_PO, Where::kSuggester}}}},
    {Command::kWithdrawSuggestion, "O8", In(Phase::kSuggestionDraft),
     {{{ROLE_SV, Where::kSuggester}, {ROLE_PO, Where::kSuggester}}}},
    {Command::kAnswerSuggestion, "O8", In(Phase::kSuggestionSent),
     {{{ROLE_DM, Where::kRecipient}, {ROLE_DI, Where::kRecipient}, {ROLE_SV, Where::kSuggester},
       {ROLE_PO, Where::kSuggester}}}},
    {Command::kCloseSuggestion, "O8", In(Phase::kSuggestionAnswered),
     {{{ROLE_SV, Where::kSuggester}, {ROLE_PO, Where::kSuggester}}}},
    {Command::kRecordMeasure, "O9", In(Phase::kNone), {{{ROLE_PO, Where::kOverMatter}}}},
    {Command::kEndMeasure, "O9", In(Phase::kMeasureInForce), {{{ROLE_PO, Where::kConference}}}},
    {Command::kRecordFigure, "3.10", In(Phase::kNone),
     {{{ROLE_SV, Where::kOverMatter}, {ROLE_CD, Where::kOverMatter}, {ROLE_CC, Where::kOverMatter}}}},
    {Command::kHearCampaign, "3.10", In(Phase::kNone, Phase::kCampaign), {{{ROLE_SYS, Where::kService}}}},
    {Command::kHearTask, "3.10", In(Phase::kNone, Phase::kTask), {{{ROLE_SYS, Where::kService}}}},
    {Command::kCreateTask, "O11", In(Phase::kNone), {{{ROLE_SV, Where::kOverTask}}}},
    {Command::kConfirmTask, "O11", In(Phase::kTaskPlanned),
     {{{ROLE_CL, Where::kInCharge}, {ROLE_CYL, Where::kInCharge}}}},
    {Command::kCancelTask, "O11", In(Phase::kTaskPlanned, Phase::kTaskActive), {{{ROLE_SV, Where::kOverTask}}}},
    {Command::kReportTask, "O12", In(Phase::kTaskActive), OfUnit(Where::kLeadUnit)},
    {Command::kVerifyTaskReport, "O12", In(Phase::kTaskActive), {{{ROLE_SV, Where::kOverTask}}}},
    {Command::kSendBackTaskReport, "O12", In(Phase::kTaskActive), {{{ROLE_SV, Where::kOverTask}}}},
    {Command::kAskGradeOverride, "O13", In(Phase::kBoardFrozen), {{{ROLE_SV, Where::kOverTask}}}},
    {Command::kSignGradeOverride, "O13", In(Phase::kBoardFrozen),
     {{{ROLE_CL, Where::kOverTask}, {ROLE_CYL, Where::kOverTask}}}},
    {Command::kReleaseScorecard, "O14", In(Phase::kBoardFrozen), {{{ROLE_SV, Where::kOverTask}}}},
    {Command::kAskGradeCorrection, "O15", In(Phase::kBoardPublished), {{{ROLE_SV, Where::kOverTask}}}},
    {Command::kSignGradeCorrection, "O15", In(Phase::kBoardPublished), {{{ROLE_CYL, Where::kOverTask}}}},
    {Command::kPlanInspection, "3.6.1", In(Phase::kNone), {{{ROLE_SV, Where::kOverMatter}}}},
    {Command::kRecordFinding, "3.6.1", In(Phase::kInspectionPlanned),
     {{{ROLE_SV, Where::kInspector}, {ROLE_SV, Where::kInspectionLead}, {ROLE_DM, Where::kInspectionLead}}}},
    {Command::kFinishInspection, "3.6.1", In(Phase::kInspectionPlanned),
     {{{ROLE_SV, Where::kInspector}, {ROLE_SV, Where::kInspectionLead}, {ROLE_DM, Where::kInspectionLead}}}},
    {Command::kGiveFeedback, "3.6.1", In(Phase::kInspectionDone), {{{ROLE_SV, Where::kInspector}}}},
    {Command::kReportRectification, "3.6.1", In(Phase::kInspectionFeedback),
     {{{ROLE_DM, Where::kInspected}, {ROLE_TD, Where::kInspected}, {ROLE_CD, Where::kInspected},
       {ROLE_MC, Where::kInspected}, {ROLE_PO, Where::kInspected}}}},
    {Command::kAcceptRectification, "3.6.1", In(Phase::kInspectionFeedback), {{{ROLE_SV, Where::kInspector}}}},
    {Command::kSendBackRectification, "3.6.1", In(Phase::kInspectionFeedback), {{{ROLE_SV, Where::kInspector}}}},
    {Command::kCancelInspection, "3.6.1", In(Phase::kInspectionPlanned), {{{ROLE_SV, Where::kInspector}}}},
    {Command::kStrikeFinding, "3.6.1",
     In(Phase::kInspectionPlanned, Phase::kInspectionDone, Phase::kInspectionFeedback),
     {{{ROLE_SV, Where::kInspector}}}},
    {Command::kOpenMonth, "O12", kEver, {{{ROLE_SYS, Where::kService}}}},
    {Command::kGradeBoard, "O13", kEver, {{{ROLE_SYS, Where::kService}}}},
    {Command::kPublishBoard, "O14", kEver, {{{ROLE_SYS, Where::kService}}}},
    {Command::kTellBoard, "O14", kEver, {{{ROLE_SYS, Where::kService}}}},
    {Command::kObserve, "DO-01", In(Phase::kNone, Phase::kOpenMatter, Phase::kEndedMatter),
     {{{ROLE_SYS, Where::kService}}}},
    {Command::kTurnLight, "O1", kEver, {{{ROLE_SYS, Where::kService}}}},
    {Command::kTurnInstructionLight, "O1", kEver, {{{ROLE_SYS, Where::kService}}}},
    {Command::kTurnOrderLight, "DO-02", kEver, {{{ROLE_SYS, Where::kService}}}},
    {Command::kTurnSuggestionLight, "DO-06", kEver, {{{ROLE_SYS, Where::kService}}}},
    {Command::kTurnRectificationLight, "3.6.1", kEver, {{{ROLE_SYS, Where::kService}}}},
    {Command::kCheckRedCard, "O5", kEver, {{{ROLE_SYS, Where::kService}}}},
    {Command::kCheckLate, "3.6.3", kEver, {{{ROLE_SYS, Where::kService}}}},
    {Command::kLearnReference, "", In(Phase::kNone, Phase::kReference), {{{ROLE_SYS, Where::kService}}}},
};
// clang-format on

bool Contains(const auto& list, std::string_view value) {
  return std::ranges::find(list, value) != list.end();
}

// Their area covers the matter, and every part of it is for their level to see.
bool IsOver(const Grant& grant, const v1::State& subject) {
  return subject.has_matter() && base::Covers(grant.area_code(), subject.matter().area_code()) &&
         base::LevelOf(grant.area_code()) >= SeenFrom(subject.matter());
}

bool IsOverOrder(const Grant& grant, const v1::State& subject) {
  const int level = base::LevelOf(grant.area_code());
  return subject.has_order() && base::Covers(grant.area_code(), subject.order().matter_area_code()) &&
         level >= subject.order().seen_from() && level >= subject.order().level();
}

bool IsOf(const Actor& actor, const std::string& org_id) {
  return !org_id.empty() && std::ranges::find(actor.grant(), org_id, &Grant::org_id) != actor.grant().end();
}

// Who gave the order, their unit, or supervision over it.
bool OfIssuer(const Grant& grant, const v1::OrderState& order, const Actor& actor) {
  if (!actor.user_id().empty() && actor.user_id() == order.issuer_user_id()) return true;
  if (!grant.org_id().empty() && grant.org_id() == order.issuer_org()) return true;
  return grant.role() == ROLE_SV && base::Covers(grant.area_code(), order.area_code());
}

bool Inspects(const Grant& grant, const v1::State& subject) {
  return subject.has_inspection() && base::Covers(grant.area_code(), subject.inspection().by_area_code());
}

bool LeadsInspection(const Grant& grant, const v1::State& subject) {
  return subject.has_inspection() && !grant.org_id().empty() && grant.org_id() == subject.inspection().lead_org();
}

bool IsInspected(const Grant& grant, const v1::State& subject) {
  return !grant.org_id().empty() && UnitIn(subject.inspection(), grant.org_id()) != nullptr;
}

bool IsLeader(Role role) { return role == ROLE_TL || role == ROLE_CL || role == ROLE_CYL; }

// Who may sign a draft of its card (O3, O4, O5) may also put it away.
bool MayIssue(const Grant& grant, const v1::State& subject) {
  const Role role = grant.role();
  const bool above = base::LevelOf(grant.area_code()) > subject.order().level();
  if (!IsOverOrder(grant, subject)) return false;
  switch (subject.order().card()) {
    case common::v1::CARD_RED:
      return role == ROLE_CL || role == ROLE_CYL;
    case common::v1::CARD_YELLOW:
      return role == ROLE_SV || ((role == ROLE_CD || role == ROLE_CC) && above);
    default:
      return role == ROLE_TD || role == ROLE_CD || role == ROLE_CC || role == ROLE_PO;
  }
}

// Who proposed it takes it back.
bool Drafted(const Actor& actor, const v1::OrderState& order) {
  return !actor.user_id().empty() && actor.user_id() == order.drafter_user_id();
}

// A unit that gave an order to itself: the level above looks at the answer, or the leader of that level.
bool IsAboveOwnOrder(const Grant& grant, const v1::State& subject) {
  const v1::OrderState& order = subject.order();
  if (order.issuer_org() != order.to_org() || !IsOverOrder(grant, subject)) return false;
  const int level = base::LevelOf(grant.area_code());
  return level > order.issuer_level() || (IsLeader(grant.role()) && level == order.issuer_level());
}

bool IsOverTask(const Grant& grant, const v1::State& subject) {
  if (!subject.has_board() && !subject.has_planned_task()) return false;
  const std::string& area = subject.has_board() ? subject.board().area_code() : subject.planned_task().area_code();
  return base::Covers(grant.area_code(), area);
}

bool IsInCharge(const v1::State& subject, const Actor& actor) {
  return !actor.user_id().empty() && actor.user_id() == subject.planned_task().leader_user_id();
}

bool LeadsTask(const Grant& grant, const v1::State& subject) {
  return subject.has_planned_task() && !grant.org_id().empty() && grant.org_id() == subject.planned_task().lead_org();
}

// Supervision, leaders and centres over it; of a task its leader in charge and the lead unit; of a scorecard, once it
// is published, everybody of its area.
bool SeesTask(const Grant& grant, const v1::State& subject, const Actor& actor) {
  const Role role = grant.role();
  const bool leads = role == ROLE_SV || role == ROLE_CL || role == ROLE_CYL;
  if (subject.has_planned_task()) {
    if (LeadsTask(grant, subject) || IsInCharge(subject, actor)) return true;
    return (leads || role == ROLE_CD || role == ROLE_CC) && IsOverTask(grant, subject);
  }
  if (subject.board().status() != v1::BOARD_PUBLISHED) return leads && IsOverTask(grant, subject);
  return IsOverTask(grant, subject) || base::Covers(subject.board().area_code(), grant.area_code());
}

// Of a level from `from` up to the one it is addressed to.
bool IsWarned(const Grant& grant, const v1::WarningState& warning, int from) {
  const int level = base::LevelOf(grant.area_code());
  return level >= from && level <= warning.level() && base::Covers(grant.area_code(), warning.area_code());
}

bool At(Where where, const Grant& grant, const v1::State& subject, const Actor& actor) {
  const auto& instruction = subject.instruction();
  switch (where) {
    case Where::kNobody:
      return false;
    case Where::kOverMatter:
      return IsOver(grant, subject);
    case Where::kHolding:
      return IsOver(grant, subject) && base::LevelOf(grant.area_code()) >= CurrentLevel(subject.matter());
    case Where::kIssuerLine:
      return subject.has_instruction() && base::Covers(grant.area_code(), instruction.area_code());
    case Where::kIssuer:
      return subject.has_instruction() && !actor.user_id().empty() &&
             actor.user_id() == instruction.issuer_user_id();
    case Where::kAddressee:
      return WasDistributed(instruction) && Contains(instruction.addressee_org(), grant.org_id());
    case Where::kOverOrder:
      return IsOverOrder(grant, subject);
    case Where::kAboveOrder:
      return IsOverOrder(grant, subject) && base::LevelOf(grant.area_code()) > subject.order().level();
    case Where::kOrderLine:
      if (!subject.has_order()) return false;
      if (subject.order().status() == v1::ORDER_DRAFT)
        return MayIssue(grant, subject) || Drafted(actor, subject.order());
      return OfIssuer(grant, subject.order(), actor) || IsAboveOwnOrder(grant, subject);
    case Where::kTarget:
      return subject.order().issued_at_ms() != 0 && !grant.org_id().empty() &&
             grant.org_id() == subject.order().to_org();
    case Where::kAddressed:
      return IsWarned(grant, subject.warning(), subject.warning().level());
    case Where::kWarned:
      return IsWarned(grant, subject.warning(), subject.warning().first_level());
    case Where::kSuggester:
      return !grant.org_id().empty() && grant.org_id() == subject.suggestion().from_org();
    case Where::kRecipient:
      return !grant.org_id().empty() && grant.org_id() == subject.suggestion().recipient_org();
    case Where::kConference:
      return !grant.org_id().empty() && grant.org_id() == subject.listing().conference_org();
    case Where::kService:
      return kernel::IsService(actor);
    case Where::kOverTask:
      return IsOverTask(grant, subject);
    case Where::kInCharge:
      return IsOverTask(grant, subject) && IsInCharge(subject, actor);
    case Where::kLeadUnit:
      return LeadsTask(grant, subject);
    case Where::kInspector:
      return Inspects(grant, subject);
    case Where::kInspectionLead:
      return LeadsInspection(grant, subject);
    case Where::kInspected:
      return IsInspected(grant, subject);
  }
  return false;
}

bool SeesMatters(Role role) {
  switch (role) {
    case ROLE_TL:
    case ROLE_CL:
    case ROLE_CYL:
    case ROLE_CD:
    case ROLE_CC:
    case ROLE_SV:
    case ROLE_TD:
      return true;
    default:
      return false;
  }
}

// Whoever is over the matter or of the petition office; the unit once it is out; who gave it.
bool SeesOrder(const Grant& grant, const v1::OrderState& order, const Actor& actor) {
  if (IsSecretFrom(actor, NoteOf("", order))) return false;
  const int level = base::LevelOf(grant.area_code());
  const bool over = base::Covers(grant.area_code(), order.matter_area_code()) && level >= order.seen_from();
  if (over && (SeesMatters(grant.role()) || grant.role() == ROLE_PO)) return true;
  const bool was_out = order.issued_at_ms() != 0;
  const std::string& org = grant.org_id();
  return was_out && !org.empty() && (org == order.to_org() || org == order.issuer_org());
}

bool SeesWarning(const Grant& grant, const v1::WarningState& warning) {
  return SeesMatters(grant.role()) && base::Covers(grant.area_code(), warning.area_code()) &&
         base::LevelOf(grant.area_code()) >= warning.seen_from();
}

bool SeesAccountability(Role role) {
  return role == ROLE_SV || role == ROLE_PO || role == ROLE_CL || role == ROLE_CYL;
}

// Where it is made; once it is sent, the body it goes to. The unit hears of it from that body.
bool SeesSuggestion(const Grant& grant, const v1::SuggestionState& suggestion) {
  if (SeesAccountability(grant.role()) && base::Covers(grant.area_code(), suggestion.area_code())) return true;
  return suggestion.sent_at_ms() != 0 && (grant.role() == ROLE_DM || grant.role() == ROLE_DI) &&
         !grant.org_id().empty() && grant.org_id() == suggestion.recipient_org();
}

// Supervision and leaders over it, who leads it, and from the feedback on the units it is about.
bool SeesInspection(const Grant& grant, const v1::State& state) {
  const Role role = grant.role();
  if ((role == ROLE_SV || role == ROLE_CL || role == ROLE_CYL) && Inspects(grant, state)) return true;
  return LeadsInspection(grant, state) || IsInspected(grant, state);
}

bool SeesMeasure(const Grant& grant, const v1::MeasureState& measure) {
  if (SeesAccountability(grant.role()) && base::Covers(grant.area_code(), measure.area_code())) return true;
  return !grant.org_id().empty() && grant.org_id() == measure.org_id();
}

}  // namespace

std::span<const Rule> Rules() { return kRules; }

const Rule* FindRule(Command::BodyCase command) { return kernel::FindRow(kRules, command); }

std::optional<kernel::Refusal> Permit(const Rule& rule, Phase phase, const Actor& actor) {
  const bool creates = (rule.in & In(Phase::kNone)) != 0;
  if (!creates && phase == Phase::kNone) return Why(RefusalCode::kNotFound, "NO_SUCH_MATTER", "id");
  if (!kernel::HasRole(rule, actor)) return Why(RefusalCode::kNotAllowed, "NOT_ALLOWED");
  if ((rule.in & In(phase)) != 0) return std::nullopt;
  return Why(RefusalCode::kWrongStatus, phase == Phase::kEndedMatter ? "MATTER_ENDED"
                                        : creates                    ? "ALREADY_EXISTS"
                                                                     : "WRONG_STATUS");
}

std::optional<Grounds> Bind(const Rule& rule, const v1::State& subject, const Actor& actor) {
  for (const Asker& asker : rule.askers) {
    if (asker.where == Where::kService && kernel::IsService(actor)) return Grounds{ROLE_SYS, "", "", 0};
    for (const Grant& grant : actor.grant()) {
      if (grant.role() == asker.role && At(asker.where, grant, subject, actor)) {
        return Grounds{grant.role(), grant.org_id(), grant.area_code(), base::LevelOf(grant.area_code())};
      }
    }
  }
  return std::nullopt;
}

bool IsItsOwnJudge(const Actor& actor, const v1::OrderState& order) { return IsOf(actor, order.to_org()); }

bool IsSecretFrom(const Actor& actor, const v1::OrderNote& note) {
  return note.status() == v1::ORDER_DRAFT && note.card() >= common::v1::CARD_YELLOW && IsOf(actor, note.to_org());
}

bool MaySee(const v1::State& state, const Actor& actor) {
  for (const Grant& grant : actor.grant()) {
    if (state.has_matter()) {
      if (LeftTheLists(state.matter())) return false;
      const auto& parts = state.matter().part();
      const int level = base::LevelOf(grant.area_code());
      const bool theirs = parts.empty() || std::ranges::any_of(parts, [&](const auto& part) {
                            return SeenFrom(part) <= level;
                          });
      if (SeesMatters(grant.role()) && theirs && base::Covers(grant.area_code(), state.matter().area_code()))
        return true;
      if (grant.role() == ROLE_DM && !grant.org_id().empty() &&
          (grant.org_id() == HolderOrg(state.matter()) || grant.org_id() == LeadOrg(state.matter()))) {
        return true;
      }
    } else if (state.has_planned_task() || state.has_board()) {
      if (SeesTask(grant, state, actor)) return true;
    } else if (state.has_order()) {
      if (SeesOrder(grant, state.order(), actor)) return true;
    } else if (state.has_warning()) {
      if (SeesWarning(grant, state.warning())) return true;
    } else if (state.has_suggestion()) {
      if (SeesSuggestion(grant, state.suggestion())) return true;
    } else if (state.has_listing()) {
      if (SeesMeasure(grant, state.listing())) return true;
    } else if (state.has_inspection()) {
      if (SeesInspection(grant, state)) return true;
    } else if (state.has_instruction()) {
      const auto& instruction = state.instruction();
      if (SeesMatters(grant.role()) && base::Covers(grant.area_code(), instruction.area_code())) return true;
      if (WasDistributed(instruction) && !grant.org_id().empty() &&
          Contains(instruction.addressee_org(), grant.org_id())) {
        return true;
      }
      if (!actor.user_id().empty() && actor.user_id() == instruction.issuer_user_id()) return true;
    }
  }
  return false;
}

}  // namespace oversight
