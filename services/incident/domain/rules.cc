#include "services/incident/domain/rules.h"

#include <algorithm>
#include <vector>

#include "base/area_code.h"
#include "services/incident/domain/refusal.h"

namespace incident {
namespace {

using v1::Command;
using enum v1::Status;
using namespace kernel::v1;  // NOLINT: the role names are the table's vocabulary

constexpr uint32_t In(auto... status) { return ((1u << static_cast<unsigned>(status)) | ... | 0u); }
constexpr uint64_t R(auto... role) {
  return ((uint64_t{1} << static_cast<unsigned>(role)) | ... | uint64_t{0});
}

constexpr uint32_t kBeforeEnd =
    In(REPORTED, ACCEPTED, DISPATCHED, PROCESSING, SUSPENDED, PENDING_VERIFY, REFERRED);
constexpr uint32_t kEnded = In(REJECTED, CANCELLED, MERGED, CLOSED, EVALUATED, ARCHIVED);
constexpr uint32_t kAny = kBeforeEnd | kEnded;
constexpr uint64_t kDispatchers = R(ROLE_GH, ROLE_TD, ROLE_CD, ROLE_CC);
constexpr uint64_t kHandlers = R(ROLE_DH, ROLE_VT, ROLE_GW, ROLE_GH);
constexpr uint64_t kDepartment = R(ROLE_DH, ROLE_DM);
constexpr uint64_t kCentres = R(ROLE_TD, ROLE_CD, ROLE_CC);
constexpr uint64_t kReporters = R(ROLE_GW, ROLE_GH, ROLE_TD, ROLE_CD, ROLE_CC, ROLE_HA, ROLE_DH, ROLE_VT);
constexpr Subject kMatter = Subject::kMatter;

// The procedure. I-numbers are those of the domain model 3.3.3.
constexpr Rule kRules[] = {
    // command, subject, while the matter is, by the desk, by the unit, over the area, anywhere, by the
    // reporter, by itself
    {Command::kReport, Subject::kNewMatter, 0, 0, 0, 0, kReporters, false, false},
    {Command::kPublicReport, Subject::kNewMatter, 0, 0, 0, 0, 0, true, false},
    {Command::kSelfHandle, kMatter, In(REPORTED), R(ROLE_GW, ROLE_GH), 0, 0, 0, false, false},
    {Command::kSupplement, kMatter, kBeforeEnd, kDispatchers, kHandlers, R(ROLE_GW, ROLE_HA), 0, true, false},
    {Command::kAccept, kMatter, In(REPORTED), kDispatchers, 0, 0, 0, false, false},
    {Command::kReject, kMatter, In(REPORTED), R(ROLE_TD, ROLE_CD), 0, 0, 0, false, false},
    {Command::kProposeRejection, kMatter, In(REPORTED), R(ROLE_GH), 0, 0, 0, false, false},
    {Command::kAppealRejection, kMatter, In(REJECTED), 0, 0, 0, 0, true, false},
    {Command::kMerge, kMatter, In(REPORTED, ACCEPTED), R(ROLE_TD, ROLE_CD), 0, 0, 0, false, false},
    {Command::kDispatch, kMatter, In(ACCEPTED), kDispatchers, 0, 0, 0, false, false},
    {Command::kTake, kMatter, In(DISPATCHED), 0, kHandlers, 0, 0, false, false},
    {Command::kRequestReturn, kMatter, In(DISPATCHED), 0, kDepartment, 0, 0, false, false},
    {Command::kApproveReturn, kMatter, In(DISPATCHED), kDispatchers, 0, 0, 0, false, false},
    {Command::kRefuseReturn, kMatter, In(DISPATCHED), kDispatchers, 0, 0, 0, false, false},
    {Command::kProgress, kMatter, In(PROCESSING, SUSPENDED), 0, kHandlers, 0, 0, false, false},
    {Command::kRequestExtension, kMatter, In(PROCESSING), 0, kDepartment, 0, 0, false, false},
    {Command::kApproveExtension, kMatter, In(PROCESSING), kDispatchers, 0, 0, 0, false, false},
    {Command::kRefuseExtension, kMatter, In(PROCESSING), kDispatchers, 0, 0, 0, false, false},
    {Command::kRequestSuspension, kMatter, In(PROCESSING), 0, kDepartment, 0, 0, false, false},
    {Command::kApproveSuspension, kMatter, In(PROCESSING), kDispatchers, 0, 0, 0, false, false},
    {Command::kRefuseSuspension, kMatter, In(PROCESSING), kDispatchers, 0, 0, 0, false, false},
    {Command::kResume, kMatter, In(SUSPENDED), kDispatchers, kDepartment, 0, 0, false, false},
    {Command::kEscalate, kMatter, In(REPORTED, ACCEPTED, DISPATCHED, PROCESSING),
     R(ROLE_GW, ROLE_GH, ROLE_TD, ROLE_CD), kDepartment, 0, 0, false, false},
    {Command::kSendDown, kMatter, In(ACCEPTED), kCentres, 0, 0, 0, false, false},
    {Command::kComplete, kMatter, In(PROCESSING), 0, kHandlers, 0, 0, false, false},
    {Command::kVerifyFail, kMatter, In(PENDING_VERIFY), 0, 0, R(ROLE_VF, ROLE_GW, ROLE_GH), 0, false, false},
    {Command::kVerifyPass, kMatter, In(PENDING_VERIFY), R(ROLE_TD), 0, R(ROLE_VF), 0, false, false},
    {Command::kVerifySample, kMatter, In(CLOSED, EVALUATED), R(ROLE_TD), 0, R(ROLE_VF), 0, false, false},
    {Command::kEvaluate, kMatter, In(MERGED, CLOSED), 0, 0, 0, 0, true, false},
    {Command::kReopen, kMatter, In(CLOSED, EVALUATED), R(ROLE_TD, ROLE_CD), 0, R(ROLE_SV), 0, false, false},
    {Command::kReferToMediation, kMatter, In(ACCEPTED, PROCESSING), R(ROLE_GH, ROLE_TD, ROLE_CD), 0, 0, 0,
     false, false},
    {Command::kReferToPetition, kMatter, In(ACCEPTED, PROCESSING), R(ROLE_TD, ROLE_CD), 0, 0, 0, false,
     false},
    {Command::kCancel, kMatter, In(REPORTED), 0, 0, 0, 0, true, false},
    {Command::kArchive, kMatter, In(EVALUATED), R(ROLE_TD), 0, 0, 0, false, false},
    {Command::kClassifyComplex, kMatter, In(REPORTED, ACCEPTED, DISPATCHED, PROCESSING, PENDING_VERIFY),
     R(ROLE_CD), 0, 0, 0, false, false},
    {Command::kRecomputeClocks, kMatter, kBeforeEnd, R(ROLE_CD, ROLE_CC), 0, 0, 0, false, false},
    {Command::kConfirmService, kMatter, In(PROCESSING, PENDING_VERIFY), 0, 0, R(ROLE_HA), 0, true, false},
    {Command::kRecordAttempt, kMatter, In(PROCESSING, PENDING_VERIFY), 0, 0, R(ROLE_HA), 0, false, false},
    {Command::kCloseExplained, kMatter, In(PENDING_VERIFY), 0, 0, R(ROLE_HA), 0, false, false},
    {Command::kStartCampaign, Subject::kNewCampaign, 0, 0, 0, kCentres, 0, false, false},
    {Command::kEndCampaign, Subject::kCampaign, 0, 0, 0, kCentres, 0, false, false},
    {Command::kCompleteTask, Subject::kTask, 0, 0, 0, R(ROLE_GW, ROLE_GH), 0, false, false},
    {Command::kCheckClock, kMatter, kAny, 0, 0, 0, 0, false, true},
    {Command::kCheckLadder, kMatter, kAny, 0, 0, 0, 0, false, true},
    {Command::kReviewSuspension, kMatter, kAny, 0, 0, 0, 0, false, true},
    {Command::kCapReferral, kMatter, kAny, 0, 0, 0, 0, false, true},
    {Command::kInformFollowers, kMatter, kAny, 0, 0, 0, 0, false, true},
    {Command::kReviewLongTerm, kMatter, kAny, 0, 0, 0, 0, false, true},
    {Command::kContinueCampaign, Subject::kCampaign, 0, 0, 0, 0, 0, false, true},
    {Command::kRecomputeProvisional, Subject::kReference, 0, 0, 0, 0, 0, false, true},
    {Command::kLearnReference, Subject::kReference, 0, 0, 0, 0, 0, false, true},
    {Command::kHearMediation, kMatter, kAny, 0, 0, 0, 0, false, true},
    {Command::kHearPetition, kMatter, kAny, 0, 0, 0, 0, false, true},
    {Command::kHearOversight, kMatter, kAny, 0, 0, 0, 0, false, true},
    {Command::kReportForPetition, Subject::kNewMatter, 0, 0, 0, 0, 0, false, true},
    {Command::kReportForMediation, Subject::kNewMatter, 0, 0, 0, 0, 0, false, true},
};

bool Has(uint64_t roles, Role role) { return roles >> static_cast<unsigned>(role) & 1; }

bool IsReporter(const v1::Incident& matter, const Actor& actor, std::string_view query_code) {
  const v1::Reporter& reporter = matter.reporter();
  if (!actor.user_id().empty() && actor.user_id() == reporter.user_id()) return true;
  return !query_code.empty() && QueryCodeOf(query_code) == reporter.query_code();
}

bool IsInvolved(const v1::Incident& matter, std::string_view org) {
  if (org.empty()) return false;
  const v1::Standing& at = matter.standing();
  return org == at.lead_org() || std::ranges::find(at.co_handler_org(), org) != at.co_handler_org().end();
}

// A sealed matter is open to the units that answer for it and to nobody else of the area.
bool IsClosedTo(const v1::Incident& matter, std::string_view org) {
  if (!matter.intake().sealed() || IsInvolved(matter, org)) return false;
  return org.empty() || (org != matter.standing().holder_org() && org != matter.standing().territorial_org());
}

std::string_view AreaOf(const v1::State& state) {
  switch (state.body_case()) {
    case v1::State::kIncident:
      return state.incident().intake().area_code();
    case v1::State::kCampaign:
      return state.campaign().area_code();
    case v1::State::kTask:
      return state.task().grid_code();
    case v1::State::kReference:
    case v1::State::BODY_NOT_SET:
      break;
  }
  return {};
}

enum class Fit { kYes, kNoRole, kOutside, kLevelTooLow, kNotTheUnit };

Fit FitOf(const Rule& rule, const v1::State& state, const Grant& grant, const Knowledge& known) {
  const Role role = grant.role();
  if (Has(rule.anywhere, role)) return Fit::kYes;
  if (rule.subject == Subject::kNewCampaign) return Has(rule.area, role) ? Fit::kYes : Fit::kNoRole;
  const bool covers =
      AreaCovers(known, grant.area_code(), AreaOf(state)) && !IsClosedTo(state.incident(), grant.org_id());
  Fit fit = Fit::kNoRole;
  if (Has(rule.unit, role)) {
    if (!grant.org_id().empty() && grant.org_id() == state.incident().standing().lead_org()) return Fit::kYes;
    fit = Fit::kNotTheUnit;
  }
  if (Has(rule.area, role)) {
    if (covers || IsInvolved(state.incident(), grant.org_id())) return Fit::kYes;
    fit = Fit::kOutside;
  }
  if (Has(rule.desk, role)) {
    if (!covers) return Fit::kOutside;
    if (LevelOfGrant(grant) >= state.incident().standing().current_level()) return Fit::kYes;
    fit = Fit::kLevelTooLow;
  }
  return fit;
}

kernel::Refusal WhyNot(Fit best) {
  using kernel::RefusalCode;
  switch (best) {
    case Fit::kOutside:
      return Say(RefusalCode::kNotAllowed, "OUTSIDE_AREA", "这件事不在您的辖区。",
                 "This matter is outside your area.");
    case Fit::kLevelTooLow:
      return Say(RefusalCode::kNotAllowed, "LEVEL_TOO_LOW", "这件事已由上级掌握，请由上级办理或先下派。",
                 "A higher level holds this matter; it decides, or sends it down first.");
    case Fit::kNotTheUnit:
      return Say(RefusalCode::kNotAllowed, "NOT_THE_UNIT", "只有主办单位可以这样做。",
                 "Only the lead unit may do this.");
    case Fit::kYes:
    case Fit::kNoRole:
      break;
  }
  return Say(RefusalCode::kNotAllowed, "ROLE_MAY_NOT", "您的岗位没有这项权限。",
             "Your role has no right to do this.");
}

kernel::Refusal WrongStatus(v1::Status status) {
  auto refusal =
      Say(kernel::RefusalCode::kWrongStatus, "WRONG_STATUS", "这件事现在的状态不能这样处理，请刷新后再看。",
          "Not possible in the matter's present status; reload it.");
  refusal.metadata["status"] = v1::Status_Name(status);
  return refusal;
}

Acting ActingBy(const Grant& grant, const Actor& actor) {
  return {grant.role(), grant.org_id(), grant.area_code(), LevelOfGrant(grant), actor.user_id(),
          false,        false};
}

}  // namespace

std::span<const Rule> Rules() { return kRules; }

const Rule* FindRule(Command::BodyCase command) {
  const auto* rule = std::ranges::find(kRules, command, &Rule::command);
  return rule == std::end(kRules) ? nullptr : rule;
}

std::string_view CommandName(Command::BodyCase command) {
  const auto* field = Command::descriptor()->FindFieldByNumber(command);
  return field == nullptr ? std::string_view() : std::string_view(field->name());
}

int LevelOfGrant(const Grant& grant) {
  switch (grant.role()) {
    case ROLE_GW:
      return common::v1::GRID;
    case ROLE_GH:
      return common::v1::VILLAGE;
    case ROLE_TD:
    case ROLE_TL:
      return common::v1::TOWNSHIP;
    case ROLE_CD:
    case ROLE_CL:
      return common::v1::COUNTY;
    case ROLE_CC:
    case ROLE_CYL:
    case ROLE_HA:
      return common::v1::CITY;
    default:
      return base::LevelOf(grant.area_code());
  }
}

bool AreaCovers(const Knowledge& known, std::string_view grant_area, std::string_view matter_area) {
  if (base::Covers(grant_area, matter_area)) return true;
  // The village may have merged since the matter came in: who is responsible for its successor is responsible
  // for it.
  const std::string village = base::CutTo(matter_area, common::v1::VILLAGE);
  if (village.empty()) return false;
  const std::string successor = known.directory().ResolveSuccessor(village);
  return successor != village && base::Covers(grant_area, successor);
}

std::string QueryCodeOf(std::string_view typed) {
  std::string code;
  for (size_t i = 0; i < typed.size(); ++i) {
    auto c = static_cast<unsigned char>(typed[i]);
    if (c == 0xef && i + 2 < typed.size()) {  // U+FF01 … U+FF5E
      const unsigned point = (static_cast<unsigned char>(typed[i + 1]) & 0x3f) << 6 |
                             (static_cast<unsigned char>(typed[i + 2]) & 0x3f) | 0xf000;
      i += 2;
      if (point < 0xff01 || point > 0xff5e) continue;
      c = static_cast<unsigned char>(point - 0xff01 + '!');
    }
    if (c >= 'a' && c <= 'z') c = static_cast<unsigned char>(c - 'a' + 'A');
    if ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) code += static_cast<char>(c);
  }
  return code;
}

Permission Authorise(const Rule& rule, const v1::State& state, const Actor& actor, const Knowledge& known,
                     std::string_view query_code) {
  Permission out;
  const bool creates = rule.subject == Subject::kNewMatter || rule.subject == Subject::kNewCampaign;
  bool may = false;
  if (rule.system && !actor.service().empty()) {
    out.acting.role = ROLE_SYS;
    out.acting.system = true;
    may = true;
  }
  Fit best = Fit::kNoRole;
  for (const Grant& grant : actor.grant()) {
    if (out.acting.system || !actor.service().empty()) break;
    const Fit fit = FitOf(rule, state, grant, known);
    best = std::max(best, fit == Fit::kYes ? Fit::kNoRole : fit);
    // Of several that fit, the highest: who may dispatch for the county is not held to the township's limits.
    if (fit != Fit::kYes || (may && LevelOfGrant(grant) <= out.acting.level)) continue;
    out.acting = ActingBy(grant, actor);
    may = true;
  }
  if (!may && rule.reporter && actor.service().empty() &&
      (creates || IsReporter(state.incident(), actor, query_code))) {
    if (actor.grant_size() > 0) out.acting = ActingBy(actor.grant(0), actor);
    if (actor.grant_size() == 0) out.acting = {ROLE_PUB, "", "", 0, actor.user_id(), true, false};
    out.acting.as_reporter = true;
    may = true;
  }
  if (!may) {
    out.refusal = rule.reporter && best == Fit::kNoRole
                      ? Say(kernel::RefusalCode::kNotAllowed, "NOT_THE_REPORTER",
                            "只有反映人本人可以这样做。", "Only who reported the matter may do this.")
                      : WhyNot(best);
    return out;
  }
  if (rule.subject == Subject::kMatter) {
    const v1::Status status = state.incident().standing().status();
    if ((rule.in >> static_cast<unsigned>(status) & 1) == 0) out.refusal = WrongStatus(status);
  }
  return out;
}

bool SeesItsArea(Role role) {
  constexpr uint64_t kByArea =
      R(ROLE_GW, ROLE_GH, ROLE_TD, ROLE_TL, ROLE_CD, ROLE_CL, ROLE_CC, ROLE_CYL, ROLE_VF, ROLE_SV, ROLE_HA);
  return Has(kByArea, role);
}

bool MaySee(const v1::Incident& matter, const Actor& actor, const Knowledge& known) {
  if (!actor.service().empty() || IsReporter(matter, actor, {})) return true;
  constexpr uint64_t kNoContent = R(ROLE_AN, ROLE_SA, ROLE_SE, ROLE_AU);  // not even of their own unit
  return std::ranges::any_of(actor.grant(), [&](const Grant& grant) {
    if (Has(kNoContent, grant.role())) return false;
    if (IsInvolved(matter, grant.org_id())) return true;
    return SeesItsArea(grant.role()) && !IsClosedTo(matter, grant.org_id()) &&
           AreaCovers(known, grant.area_code(), matter.intake().area_code());
  });
}

namespace {

std::string RolesText(uint64_t roles) {
  std::string text;
  for (int role = 1; role <= Role_MAX; ++role) {
    if (!Role_IsValid(role) || !Has(roles, static_cast<Role>(role))) continue;
    if (!text.empty()) text += ' ';
    text += Role_Name(static_cast<Role>(role)).substr(5);
  }
  return text;
}

std::string StatusText(const Rule& rule) {
  switch (rule.subject) {
    case Subject::kNewMatter:
    case Subject::kNewCampaign:
      return "(new)";
    case Subject::kCampaign:
      return "(campaign)";
    case Subject::kTask:
      return "(task)";
    case Subject::kReference:
      return "(reference)";
    case Subject::kMatter:
      break;
  }
  if (rule.in == kAny) return "(any)";
  if (rule.in == kBeforeEnd) return "(open)";
  std::string text;
  for (int status = v1::Status_MIN; status <= v1::Status_MAX; ++status) {
    if ((rule.in >> status & 1) == 0) continue;
    if (!text.empty()) text += ' ';
    text += v1::Status_Name(static_cast<v1::Status>(status));
  }
  return text;
}

}  // namespace

std::string_view CommandVerb(Command::BodyCase command) {
  const auto* field = Command::descriptor()->FindFieldByNumber(command);
  return field == nullptr ? std::string_view() : std::string_view(field->json_name());
}

std::string RulesAsMarkdown() {
  std::string out =
      "| command | while the matter is | by its desk | by the unit | over the area | anywhere | by the "
      "reporter | by "
      "itself |\n| --- | --- | --- | --- | --- | --- | --- | --- |\n";
  for (const Rule& rule : kRules) {
    out += "| " + std::string(CommandName(rule.command)) + " | " + StatusText(rule) + " | " +
           RolesText(rule.desk) + " | " + RolesText(rule.unit) + " | " + RolesText(rule.area) + " | " +
           RolesText(rule.anywhere) + " | " + (rule.reporter ? "yes" : "") + " | " +
           (rule.system ? "yes" : "") + " |\n";
  }
  return out;
}

}  // namespace incident
