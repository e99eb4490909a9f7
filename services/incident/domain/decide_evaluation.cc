// Evaluation 评价 (I17): by whoever reported the matter, and by each of those who reported the same and whose report was
// merged into it (I5). The first closes the window; the others are heard beside it.

#include <algorithm>

#include "services/incident/domain/deciding.h"
#include "services/incident/domain/evaluating.h"
#include "services/incident/domain/index_keys.h"
#include "services/incident/domain/limits.h"

namespace incident {
namespace {

bool Handled(const v1::Incident& m, std::string_view user) {
  return !user.empty() && std::ranges::find(m.handler(), user) != m.handler().end();
}

// What the matter was merged into, or itself. `id`: which that is.
const v1::Incident& EndedOf(const Deciding& d, std::string* id) {
  *id = std::string(d.ctx.aggregate_id);
  const v1::Incident* at = &d.matter();
  for (int hop = 0; hop < kMergeHopsMax && IsMerged(*at); ++hop) {
    const v1::State* primary = d.ctx.lookup->Find(at->primary_id());
    if (primary == nullptr || !primary->has_incident()) break;
    *id = at->primary_id();
    at = &primary->incident();
  }
  return *at;
}

// Whether the same account has evaluated it by another report of its own.
bool SaidByAnother(const Deciding& d, std::string_view ended_id, const v1::Incident& ended) {
  const std::string& user = d.matter().reporter().user_id();
  if (user.empty() || d.matter().reporter().on_behalf()) return false;
  for (const std::string& id : d.ctx.lookup->Scan("reporter", ReporterPrefix(user), kOwnReportsMax)) {
    const v1::State* found = id == d.ctx.aggregate_id ? nullptr : d.ctx.lookup->Find(id);
    if (found == nullptr || !found->has_incident()) continue;
    const v1::Incident& other = found->incident();
    const bool here = other.primary_id() == ended_id || other.primary_id() == d.matter().primary_id();
    if (here && IsMerged(other) && !other.reporter().on_behalf() && HasEvaluated(other, ended)) return true;
  }
  return false;
}

// Staff may have reported something themselves, or take down what a caller says: that is told apart from a citizen's
// own word, whichever way it came.
v1::EvaluatedBy WhoEvaluates(const v1::EvaluateRequest& c, const Deciding& d) {
  const auto& grants = d.ctx.actor->grant();
  const bool staff =
      std::ranges::any_of(grants, [](const auto& grant) { return grant.role() != kernel::v1::ROLE_PUB; });
  if (staff) return v1::BY_STAFF;
  const bool own = !d.acting.user.empty() && d.acting.user == d.matter().reporter().user_id();
  return own || c.query_code().empty() ? v1::BY_OWN_ACCOUNT : v1::BY_QUERY_CODE;
}

v1::Evaluation EvaluationOf(const v1::EvaluateRequest& c, const Deciding& d) {
  v1::Evaluation evaluation;
  evaluation.set_solved(c.solved());
  evaluation.set_satisfied(c.satisfied());
  evaluation.set_text(c.text());
  evaluation.set_at_ms(d.now());
  evaluation.set_by(WhoEvaluates(c, d));
  return evaluation;
}

// It stands with their own report. The matter hears how many said what: one matter is closed, and counted, once.
Decision EvaluateMerged(const v1::EvaluateRequest& c, const Deciding& d, const std::string& ended_id,
                        const v1::Incident& ended) {
  if (SaidByAnother(d, ended_id, ended)) {
    return NoGuard("EVALUATED_ALREADY", "您已经评价过这件事，每位反映人评价一次。",
                   "You have evaluated this matter; everybody who reported it does so once.");
  }
  Decision decision;
  *decision.Emit()->mutable_follower_evaluated()->mutable_evaluation() = EvaluationOf(c, d);
  auto* heard = decision.EmitTo(ended_id)->mutable_duplicate_evaluated();
  heard->set_duplicate_id(std::string(d.ctx.aggregate_id));
  heard->set_solved(c.solved());
  heard->set_evaluated(ended.others_evaluated() + 1);
  heard->set_unsolved(ended.others_unsolved() + (c.solved() == v1::NO ? 1 : 0));
  return decision;
}

}  // namespace

bool HasEvaluated(const v1::Incident& own, const v1::Incident& ended) {
  const v1::Evaluation& said = own.evaluation();
  return ended.procedural_closed() && said.at_ms() != 0 && !said.expired() && said.at_ms() >= ended.closed_at_ms();
}

std::optional<kernel::Refusal> EvaluationObjection(const v1::Incident& own, const v1::Incident& ended,
                                                   std::string_view user, int64_t now_ms) {
  if (Handled(own, user) || Handled(ended, user)) {
    return Say(RefusalCode::kNotAllowed, "RECUSED", "经办人不能评价自己办的事。",
               "Who handled a matter does not evaluate it.");
  }
  if (!IsMerged(own)) return std::nullopt;  // of a matter itself, its status says the rest
  if (!ended.procedural_closed()) {
    return Say(RefusalCode::kGuard, "NOT_CLOSED_YET", "并入的那件事还没有办结，办结后再评价。",
               "The matter it was merged into is not closed; evaluate it then.");
  }
  const auto* window = FindLast(ended, "DI-07");
  if (window == nullptr || now_ms > window->due_at_ms()) {
    return Say(RefusalCode::kGuard, "EVALUATION_WINDOW_OVER", "评价期(7天)已过。没有解决的，可以再反映。",
               "The seven days for evaluating are over. If it is not solved, report it again.");
  }
  if (HasEvaluated(own, ended)) {
    return Say(RefusalCode::kGuard, "EVALUATED_ALREADY", "您已经评价过这件事，每位反映人评价一次。",
               "You have evaluated this matter; everybody who reported it does so once.");
  }
  const std::string& first = ended.reporter().user_id();
  if (!first.empty() && !ended.reporter().on_behalf() && !own.reporter().on_behalf() &&
      first == own.reporter().user_id()) {
    return Say(RefusalCode::kGuard, "EVALUATE_THE_FIRST", "两件都是您反映的，请在并入的那件事上评价。",
               "You reported both: evaluate the one it was merged into.");
  }
  return std::nullopt;
}

bool IsOffered(v1::Command::BodyCase command, const v1::Incident& own, const v1::Incident& ended, std::string_view user,
               int64_t now_ms) {
  switch (command) {
    case v1::Command::kEvaluate:
      return !EvaluationObjection(own, ended, user, now_ms);
    case v1::Command::kConfirmService:
      return IsAppeal(own) && !own.enterprise_confirmed();
    case v1::Command::kAppealRejection:
      return !own.rejection_appealed();
    default:
      return true;
  }
}

bool CountsAsSolved(const v1::Incident& matter) {
  return matter.substantively_resolved() && matter.evaluation().solved() != v1::NO;
}

Decision DecideEvaluate(const v1::EvaluateRequest& c, const Deciding& d) {
  if (c.solved() == v1::RESOLVED_UNSPECIFIED || !v1::Resolved_IsValid(c.solved())) {
    return NoField("solved", "SOLVED_NEEDED", "请说明问题解决了没有。", "Say whether it is solved.");
  }
  if (!v1::Satisfaction_IsValid(c.satisfied())) {
    return NoField("satisfied", "SATISFACTION_INVALID", "满意度请在五档中选择。",
                   "Choose one of the five grades.");
  }
  std::string ended_id;
  const v1::Incident& ended = EndedOf(d, &ended_id);
  if (auto objection = EvaluationObjection(d.matter(), ended, d.acting.user, d.now())) return No(*std::move(objection));
  if (IsMerged(d.matter())) return EvaluateMerged(c, d, ended_id, ended);
  Decision decision;
  v1::Event* event = decision.Emit();
  *event->mutable_evaluated()->mutable_evaluation() = EvaluationOf(c, d);
  event->mutable_evaluated()->set_suggest_reopen(c.solved() == v1::NO);
  *event->mutable_standing() = With(d.matter().standing(), v1::EVALUATED);
  Clocks clocks = d.ClocksFor("evaluated");
  clocks.Stop("DI-07");
  clocks.Into(event);
  return decision;
}

}  // namespace incident
