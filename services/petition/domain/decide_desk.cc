// P28 case leaders, P29 backlog, P30 receptions, P31 evaluation, DP-13 suggestions for
// improvement.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/area_code.h"
#include "base/calendar.h"
#include "services/kernel/guard.h"
#include "services/petition/domain/decide.h"
#include "services/petition/domain/limits.h"
#include "services/reference/staff.h"

namespace petition {
namespace {

using kernel::RefusalCode;

// Whether a case leader has anything to do: while it is open, or on the backlog; of what is sealed they know nothing.
bool LeadRuns(const v1::State& state) {
  const auto backlog = state.backlog().state();
  if (Sealed(state)) return false;
  return IsOpen(state.status()) || backlog == v1::LISTED || backlog == v1::WRITE_OFF_PROPOSED;
}

// P28: a plan within a week, and talks with the petitioner at least monthly. It binds the leader's unit; where none was
// named, the office that proposed the leader.
void StartLead(std::string_view policy_id, const char* event, const v1::State& state, const v1::CaseLeader& leader,
               ClockChanges* clocks) {
  if (!LeadRuns(state)) return;
  clocks->Start(policy_id, From(event, leader.org().empty() ? state.office_org() : leader.org()));
}
int64_t DueOf(std::string_view policy_id, const ClockChanges& clocks) {
  return clocks.Running(policy_id) ? clocks.Find(policy_id)->due_at_ms() : 0;
}
bool HasPlan(const v1::CaseLeader& leader) {
  return std::ranges::find(leader.record(), v1::PLAN, &v1::LeadRecord::work) != leader.record().end();
}

// P28: a leader whose area covers the place of the petition, and who can say yes to it.
std::optional<kernel::Refusal> CheckCaseLeader(const v1::ProposeLeaderRequest& request, const Ask& ask) {
  const v1::State& state = ask.state;
  const reference::PostWanted wanted{
      .roles = {kernel::v1::ROLE_CL, kernel::v1::ROLE_TL, kernel::v1::ROLE_LD},
      .org_id = request.leader_org(),
      .over_area = state.area_code().empty() ? state.office_area() : state.area_code(),
      .zh = request.leader_org().empty() ? "信访事项所在地的县、乡镇领导或包案领导"
                                         : "该单位中分管信访事项所在地的县、乡镇领导或包案领导",
      .en = request.leader_org().empty() ? "a county, township or case leader over the place of the petition"
                                         : "a leader of that unit over the place of the petition"};
  auto no = reference::WhyNotNamed(ask.reference, request.leader_user_id(), wanted, ask.ctx.now_ms);
  if (!no) return std::nullopt;
  return kernel::GuardOf(*std::move(no), "leader_user_id");
}

// P30: a leader of the party and the government receives; a clerk writes it down. What was held counts as of that day,
// so that a post which has ended since does not make it undone.
std::optional<kernel::Refusal> CheckReceivingLeader(const v1::RecordReceptionRequest& request, const Ask& ask) {
  const reference::PostWanted wanted{.roles = {kernel::v1::ROLE_LD, kernel::v1::ROLE_TL, kernel::v1::ROLE_CL,
                                               kernel::v1::ROLE_CYL},
                                     .over_area = request.area_code(),
                                     .zh = "该地区的市、县、乡镇领导或包案领导",
                                     .en = "a leader of that area"};
  if (reference::Holds(ask.reference, request.leader_user_id(), wanted, request.held_at_ms())) return std::nullopt;
  auto no = reference::WhyNotNamed(ask.reference, request.leader_user_id(), wanted, ask.ctx.now_ms);
  if (!no) return std::nullopt;
  return kernel::GuardOf(*std::move(no), "leader_user_id");
}

// P30: whether it can have been brought to a reception. Whoever receives hears of it from the petitioner and need not
// have been able to open it: of their own line they name what is on its lists. What has left them is for no such reader
// to tell apart, a copy, an accusation or none at all.
bool MayBeBrought(const std::string& id, const Ask& ask) {
  if (const v1::State* seen = FindVisible(id, ask)) return !Sealed(*seen);
  if (ask.who.role != kernel::v1::ROLE_LD || id.empty() || id.starts_with(kernel::kReferencePrefix)) return false;
  const v1::State* met = ask.ctx.lookup->Find(id);
  if (met == nullptr || met->status() == v1::PETITION_STATUS_UNSPECIFIED || met->status() == v1::MERGED) return false;
  return !Sealed(*met) && base::Covers(ask.who.area, met->office_area());
}

std::optional<kernel::Refusal> CheckTarget(int64_t target_ms, int64_t now_ms) {
  const auto no = [](std::string_view reason) { return Why(RefusalCode::kInvalid, reason, "target_at_ms"); };
  if (target_ms <= 0) return no("TARGET_DAY_NEEDED");
  if (IsOver(target_ms, now_ms)) return no("TARGET_DAY_PAST");
  if (target_ms > base::EndOfDayMs(base::LocalDay(now_ms) + kLeaderTargetDays)) return no("TARGET_DAY");
  return std::nullopt;
}

bool IsRating(int rating) { return rating >= 0 && rating <= 5; }

// Whose evaluation it is: of those the actor petitions as, or the one they act for, the first who has given none yet.
std::optional<kernel::Refusal> FindRater(const std::string& named, const Ask& ask, std::string* out) {
  std::vector<std::string> own, spoken_for;
  for (const auto& one : ask.state.petitioner()) {
    if (!SpeaksFor(one, ask) || (!named.empty() && one.petitioner_id() != named)) continue;
    spoken_for.push_back(one.petitioner_id());
    if (one.person().user_id() == ask.ctx.actor->user_id()) own.push_back(one.petitioner_id());
  }
  const std::vector<std::string>& raters = own.empty() ? spoken_for : own;
  if (raters.empty()) return Why(RefusalCode::kInvalid, "UNKNOWN_PETITIONER", "petitioner_id");
  if (own.empty() && raters.size() > 1) return Why(RefusalCode::kInvalid, "VALUE_NEEDED", "petitioner_id");
  const auto waits = std::ranges::find_if(raters, [&](const std::string& id) {
    return std::ranges::find(ask.state.given(), id, &v1::Evaluation::petitioner_id) == ask.state.given().end();
  });
  // Until 2026-11 one stood for all, and nobody knows whose it was.
  const bool for_all = ask.state.has_evaluation() && ask.state.evaluation().petitioner_id().empty();
  if (waits == raters.end() || for_all) return Why(RefusalCode::kGuard, "ALREADY_EVALUATED");
  *out = *waits;
  return std::nullopt;
}

}  // namespace

Decision DecideProposeLeader(const v1::ProposeLeaderRequest& request, const Ask& ask) {
  const auto& leader = ask.state.leader();
  if (leader.accepted() && leader.user_id() == request.leader_user_id()) {
    return Refuse(RefusalCode::kGuard, "ALREADY_LEADER", "leader_user_id");
  }
  if (request.leader_user_id().empty())
    return Refuse(RefusalCode::kInvalid, "VALUE_NEEDED", "leader_user_id");
  if (!request.leader_org().empty() && LiveOrg(request.leader_org(), ask.reference) == nullptr)
    return Refuse(RefusalCode::kInvalid, "UNKNOWN_ORG", "leader_org");
  if (auto refusal = CheckCaseLeader(request, ask)) return Decision::Refuse(*std::move(refusal));
  if (auto refusal = CheckTarget(request.target_at_ms(), ask.ctx.now_ms)) return Decision::Refuse(*std::move(refusal));
  if (leader.accepted() && ask.state.former_leader_size() >= kFormerLeadersMax)
    return Refuse(RefusalCode::kLimit, "TOO_LONG", "leader_user_id");
  Decision decision;
  auto* proposed = decision.Emit()->mutable_leader_proposed();
  proposed->set_user_id(request.leader_user_id());
  proposed->set_org(request.leader_org());
  proposed->set_target_at_ms(EndOfNamedDay(request.target_at_ms()));
  // Whoever leads goes on until the other one says yes: a case is never without a leader because somebody was asked.
  proposed->set_beside(leader.accepted());
  return decision;
}

Decision DecideAcceptLead(const Ask& ask) {
  const v1::CaseLeader& leader = Proposed(ask.state);
  if (leader.accepted()) return Refuse(RefusalCode::kGuard, "ALREADY_LEADER");
  Decision decision;
  auto* accepted = decision.Emit()->mutable_lead_accepted();
  ClockChanges clocks(ask.state, ask.reference, ask.ctx.now_ms);
  for (std::string_view id : kLeadPolicyIds) {
    clocks.End(id);  // what the leader before owed is theirs
    StartLead(id, "lead_accepted", ask.state, leader, &clocks);
  }
  accepted->set_plan_due_ms(DueOf("DP-16", clocks));
  accepted->set_contact_due_ms(DueOf("DP-17", clocks));
  return With(std::move(decision), clocks);
}

Decision DecideRecordLead(const v1::RecordLeadRequest& request, const Ask& ask) {
  const auto& leader = ask.state.leader();
  if (!leader.accepted()) return Refuse(RefusalCode::kGuard, "LEAD_NOT_ACCEPTED");
  if (request.work() == v1::LEAD_WORK_UNSPECIFIED)
    return Refuse(RefusalCode::kInvalid, "VALUE_NEEDED", "work");
  if (request.text().empty()) return Refuse(RefusalCode::kInvalid, "CONTENT_NEEDED", "text");
  const bool closes = request.work() == v1::CLOSE_PROPOSAL;
  if (closes && !HasPlan(leader)) return Refuse(RefusalCode::kGuard, "PLAN_NEEDED", "work");
  if (leader.record_size() >= kLeadRecordsMax) return Refuse(RefusalCode::kLimit, "TOO_LONG", "text");
  Decision decision;
  auto* recorded = decision.Emit()->mutable_lead_recorded();
  recorded->mutable_record()->set_work(request.work());
  recorded->mutable_record()->set_text(request.text());
  recorded->mutable_record()->set_at_ms(ask.ctx.now_ms);
  recorded->set_plan_due_ms(request.work() == v1::PLAN ? 0 : leader.plan_due_ms());
  recorded->set_contact_due_ms(leader.contact_due_ms());
  ClockChanges clocks(ask.state, ask.reference, ask.ctx.now_ms);
  if (request.work() == v1::PLAN) clocks.Stop("DP-16");
  if (request.work() == v1::CONTACT) {
    StartLead("DP-17", "contacted", ask.state, leader, &clocks);
    recorded->set_contact_due_ms(DueOf("DP-17", clocks));
  }
  return With(std::move(decision), clocks);
}

Decision EndLead(Decision decision, const Ask& ask) {
  const auto runs = [](const v1::State& state) { return Runs(state, "DP-16") || Runs(state, "DP-17"); };
  if (!runs(ask.state)) return decision;
  v1::State after = ask.state;
  for (auto& emitted : decision.events) {
    if (!emitted.aggregate_id.empty() && emitted.aggregate_id != ask.ctx.aggregate_id) continue;
    PetitionDomain::Apply(emitted.event, ask.ctx.now_ms, &after);
    if (LeadRuns(after)) continue;
    ClockChanges clocks(after, ask.reference, ask.ctx.now_ms);
    for (std::string_view id : kLeadPolicyIds) clocks.End(id);
    clocks.WriteTo(&emitted.event);
    break;
  }
  return decision;
}

Decision DecideMissLeaderDuty(const Ask& ask) {
  const auto& leader = ask.state.leader();
  Decision decision;
  v1::LeaderDutyMissed missed;
  missed.set_plan_due_ms(leader.plan_due_ms());
  missed.set_contact_due_ms(leader.contact_due_ms());
  missed.set_target_due_ms(leader.target_due_ms());
  auto late = [&](int64_t due) { return leader.accepted() && due != 0 && ask.ctx.now_ms > due; };
  const LeadDays days = LeadDaysOf(ask.state);
  if (late(days.plan_due_ms)) {
    missed.set_duty("plan");
    missed.set_plan_due_ms(0);
  } else if (late(days.contact_due_ms)) {
    missed.set_duty("contact");
    missed.set_contact_due_ms(base::EndOfDayMs(base::AddMonths(base::LocalDay(ask.ctx.now_ms), 1)));
  } else if (late(leader.target_due_ms())) {
    missed.set_duty("target");
    missed.set_target_due_ms(0);
  } else {
    return decision;
  }
  *decision.Emit()->mutable_leader_duty_missed() = missed;
  return decision;
}

namespace {

// P29: the county lists and proposes, the city confirms. No county has what came to the city in its line: that the city
// lists and proposes itself, and another person there confirms.
bool KeepsBacklog(const Ask& ask) {
  const int level = base::LevelOf(ask.who.area);
  return level == common::v1::COUNTY || (level == common::v1::CITY && ask.state.office_level() == common::v1::CITY);
}

}  // namespace

Decision DecideListBacklog(const v1::ListBacklogRequest& request, const Ask& ask) {
  const auto state = ask.state.backlog().state();
  if (!KeepsBacklog(ask)) return Refuse(RefusalCode::kNotAllowed, "COUNTY_LISTS");
  if (state == v1::LISTED || state == v1::WRITE_OFF_PROPOSED)
    return Refuse(RefusalCode::kGuard, "ALREADY_LISTED");
  if (request.cause().empty()) return Refuse(RefusalCode::kInvalid, "CONTENT_NEEDED", "cause");
  if (request.plan().empty()) return Refuse(RefusalCode::kInvalid, "CONTENT_NEEDED", "plan");
  Decision decision;
  auto* listed = decision.Emit()->mutable_backlog_listed();
  listed->set_cause(request.cause());
  listed->set_plan(request.plan());
  listed->set_by_user_id(ask.ctx.actor->user_id());
  if (!ask.state.leader().accepted()) return decision;
  v1::State after = ask.state;  // one that had ended is worked on again, by whoever leads it
  PetitionDomain::Apply(decision.events.back().event, ask.ctx.now_ms, &after);
  ClockChanges clocks(ask.state, ask.reference, ask.ctx.now_ms);
  const v1::CaseLeader& leader = after.leader();
  if (!clocks.Running("DP-16") && !HasPlan(leader)) StartLead("DP-16", "backlog_listed", after, leader, &clocks);
  if (!clocks.Running("DP-17")) StartLead("DP-17", "backlog_listed", after, leader, &clocks);
  return With(std::move(decision), clocks);
}

Decision DecideProposeWriteOff(const v1::ProposeWriteOffRequest& request, const Ask& ask) {
  if (!KeepsBacklog(ask)) return Refuse(RefusalCode::kNotAllowed, "COUNTY_LISTS");
  if (ask.state.backlog().state() != v1::LISTED) return Refuse(RefusalCode::kGuard, "NOT_LISTED");
  if (request.ground() == v1::WRITE_OFF_GROUND_UNSPECIFIED)
    return Refuse(RefusalCode::kInvalid, "VALUE_NEEDED", "ground");
  if (request.evidence().empty()) return Refuse(RefusalCode::kInvalid, "CONTENT_NEEDED", "evidence");
  if (request.ground() == v1::AGREEMENT && ask.state.status() != v1::SETTLED) {
    return Refuse(RefusalCode::kGuard, "NO_AGREEMENT_YET", "ground");
  }
  // 息诉罢访承诺: that they promised is theirs to say, over their own hands.
  if (request.ground() == v1::COMMITMENT && request.proof_sha256().empty()) {
    return Refuse(RefusalCode::kInvalid, "COMMITMENT_PAPER_NEEDED", "proof_sha256");
  }
  if (!request.proof_sha256().empty()) {
    if (auto bad = CheckDigest(request.proof_sha256(), "proof_sha256")) return Decision::Refuse(*std::move(bad));
  }
  Decision decision;
  auto* proposed = decision.Emit()->mutable_write_off_proposed();
  proposed->set_ground(request.ground());
  proposed->set_evidence(request.evidence());
  proposed->set_proof_sha256(request.proof_sha256());
  proposed->set_by_user_id(ask.ctx.actor->user_id());
  return decision;
}

Decision DecideConfirmWriteOff(const v1::ConfirmWriteOffRequest& request, const Ask& ask) {
  if (ask.state.backlog().state() != v1::WRITE_OFF_PROPOSED)
    return Refuse(RefusalCode::kGuard, "NOT_PROPOSED");
  if (ask.state.backlog().proposed_by() == ask.ctx.actor->user_id()) {
    return Refuse(RefusalCode::kNotAllowed, "RECUSAL");  // who proposes does not confirm
  }
  if (request.reason().empty()) return Refuse(RefusalCode::kInvalid, "CONTENT_NEEDED", "reason");
  Decision decision;
  auto* decided = decision.Emit()->mutable_write_off_decided();
  decided->set_confirmed(request.confirmed());
  decided->set_reason(request.reason());
  return decision;
}

Decision DecideRecordReception(const v1::RecordReceptionRequest& request, const Ask& ask) {
  if (request.kind() == v1::RECEPTION_KIND_UNSPECIFIED)
    return Refuse(RefusalCode::kInvalid, "VALUE_NEEDED", "kind");
  if (!ask.reference.AreaExists(request.area_code()))
    return Refuse(RefusalCode::kInvalid, "UNKNOWN_AREA", "area_code");
  if (request.leader_user_id().empty())
    return Refuse(RefusalCode::kInvalid, "VALUE_NEEDED", "leader_user_id");
  if (request.place().empty()) return Refuse(RefusalCode::kInvalid, "CONTENT_NEEDED", "place");
  if (request.record().empty()) return Refuse(RefusalCode::kInvalid, "CONTENT_NEEDED", "record");
  if (!IsEntryTime(request.held_at_ms(), ask.ctx.now_ms)) {
    return Refuse(RefusalCode::kInvalid, "BAD_TIME", "held_at_ms");
  }
  if (auto refusal = CheckReceivingLeader(request, ask)) return Decision::Refuse(*std::move(refusal));
  if (request.petitioner_count() < 0)
    return Refuse(RefusalCode::kInvalid, "VALUE_NEEDED", "petitioner_count");
  if (request.petitioner_count() > kPeopleMax)
    return Refuse(RefusalCode::kLimit, "TOO_MANY_PEOPLE", "petitioner_count");
  if (request.petition_id_size() > kReceptionRefsMax)
    return Refuse(RefusalCode::kLimit, "TOO_LONG", "petition_id");
  for (const auto& id : request.petition_id()) {
    if (!MayBeBrought(id, ask)) return Refuse(RefusalCode::kInvalid, "NO_SUCH_PETITION", "petition_id");
  }
  Decision decision;
  auto* reception = decision.Emit()->mutable_reception_recorded()->mutable_reception();
  reception->set_kind(request.kind());
  reception->set_leader_user_id(request.leader_user_id());
  reception->set_org(ask.who.org);
  reception->set_area_code(request.area_code());
  reception->set_place(request.place());
  reception->set_held_at_ms(request.held_at_ms());
  reception->set_petitioner_count(request.petitioner_count());
  *reception->mutable_petition_id() = request.petition_id();
  reception->set_record(request.record());
  return decision;
}

Decision DecideEvaluate(const v1::EvaluateRequest& request, const Ask& ask) {
  const v1::State& state = ask.state;
  if (!IsRating(request.unit())) return Refuse(RefusalCode::kInvalid, "RATING", "unit");
  if (!IsRating(request.office())) return Refuse(RefusalCode::kInvalid, "RATING", "office");
  if (request.unit() == 0 && request.office() == 0) return Refuse(RefusalCode::kInvalid, "RATING", "unit");
  std::string rater;
  if (auto refusal = FindRater(request.petitioner_id(), ask, &rater)) return Decision::Refuse(*std::move(refusal));
  if (state.evaluate_until_ms() != 0 && ask.ctx.now_ms > state.evaluate_until_ms()) {
    return Refuse(RefusalCode::kGuard, "EVALUATION_OVER");
  }
  Decision decision;
  auto* evaluation = decision.Emit()->mutable_evaluated()->mutable_evaluation();
  evaluation->set_unit(request.unit());
  evaluation->set_office(request.office());
  evaluation->set_text(request.text());
  evaluation->set_at_ms(ask.ctx.now_ms);
  evaluation->set_petitioner_id(rater);
  return decision;
}

Decision DecideSuggest(const v1::SuggestRequest& request, const Ask& ask) {
  if (ask.state.unit_org().empty()) return Refuse(RefusalCode::kGuard, "NO_UNIT_YET");
  if (!ask.state.improvement().empty()) return Refuse(RefusalCode::kGuard, "SUGGESTION_OPEN");
  if (request.suggestion().empty()) return Refuse(RefusalCode::kInvalid, "CONTENT_NEEDED", "suggestion");
  if (!v1::AdviceKind_IsValid(request.kind())) return Refuse(RefusalCode::kInvalid, "VALUE_NEEDED", "kind");
  if (ask.state.advice_size() >= kAdviceMax) return Refuse(RefusalCode::kLimit, "TOO_LONG", "suggestion");
  Decision decision;
  auto* suggested = decision.Emit()->mutable_improvement_suggested();
  suggested->set_suggestion(request.suggestion());
  suggested->set_kind(request.kind() == v1::ADVICE_KIND_UNSPECIFIED ? v1::IMPROVE_WORK : request.kind());
  ClockChanges clocks(ask.state, ask.reference, ask.ctx.now_ms);
  clocks.Start("DP-13", From("suggestion_received", ask.state.unit_org()));
  return With(std::move(decision), clocks);
}

Decision DecideAnswerSuggestion(const v1::AnswerSuggestionRequest& request, const Ask& ask) {
  if (ask.state.improvement().empty()) return Refuse(RefusalCode::kGuard, "NO_SUGGESTION");
  if (request.adoption() == v1::ADOPTION_UNSPECIFIED)
    return Refuse(RefusalCode::kInvalid, "VALUE_NEEDED", "adoption");
  if (request.answer().empty()) return Refuse(RefusalCode::kInvalid, "CONTENT_NEEDED", "answer");
  Decision decision;
  auto* answered = decision.Emit()->mutable_improvement_answered();
  answered->set_adoption(request.adoption());
  answered->set_answer(request.answer());
  ClockChanges clocks(ask.state, ask.reference, ask.ctx.now_ms);
  clocks.Stop("DP-13");
  return With(std::move(decision), clocks);
}

}  // namespace petition
