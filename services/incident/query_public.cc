// What a citizen sees with a query code: what is happening, who has it, by when; no name, no number, no text
// of others.

#include <algorithm>

#include "base/calendar.h"
#include "base/ids.h"
#include "base/status_macros.h"
#include "services/incident/domain/clocks.h"
#include "services/incident/domain/evaluating.h"
#include "services/incident/domain/limits.h"
#include "services/incident/domain/rules.h"
#include "services/incident/queries.h"
#include "services/incident/show.h"

namespace incident {
namespace {

// What whoever asks said of the ending, as they said it: "evaluated" alone would be read as a yes.
Words SaidBy(const v1::Incident& mine) {
  switch (mine.evaluation().solved()) {
    case v1::YES:
      return {"您评价：已经解决", "You said it is solved"};
    case v1::PARTLY:
      return {"您评价：部分解决", "You said it is solved in part"};
    case v1::NO:
      return {"您评价：没有解决", "You said it is not solved"};
    default:
      return {"您已评价", "You evaluated it"};
  }
}

// `m`: the matter; `mine`: what whoever asks reported, the same or merged into it.
void ShowSteps(const v1::Incident& mine, const v1::Incident& m, v1::TrackIncidentResponse* out) {
  const auto add = [&](const char* zh, const char* en, int64_t at_ms) {
    auto* step = out->add_step();
    step->set_text_zh(zh);
    step->set_text_en(en);
    step->set_at_ms(at_ms);
    step->set_done(at_ms != 0);
  };
  add("收到", "Received", m.reported_at_ms());
  if (m.standing().status() == v1::REJECTED || m.standing().status() == v1::CANCELLED) return;
  add("受理", "Accepted", m.accepted_at_ms());
  const auto* handling = FindLast(m, "DI-05");
  if (handling == nullptr) handling = FindLast(m, "DI-03");
  add("派给承办单位", "Given to a unit", handling == nullptr ? 0 : handling->started_at_ms());
  add("办完", "Done", m.completion().at_ms());
  add("办结", "Closed", m.closed_at_ms());
  if (HasEvaluated(mine, m)) {
    const Words said = SaidBy(mine);
    add(said.zh.c_str(), said.en.c_str(), mine.evaluation().at_ms());
  } else if (mine.evaluation().expired()) {
    add("没有评价", "Not evaluated", mine.evaluation().at_ms());
  }
}

void ShowPause(const v1::Incident& m, const Knowledge& known, v1::TrackIncidentResponse* out) {
  if (m.standing().status() == v1::SUSPENDED) {
    const auto* reason = known.directory().FindSuspendReason(m.suspension().reason_code());
    const std::string until = base::DayText(base::LocalDay(m.suspension().expected_resume_at_ms()));
    out->set_paused_zh((reason == nullptr ? "" : reason->name_zh() + "，") + "预计" + until + "恢复");
    out->set_paused_en((reason == nullptr ? "" : reason->name_en() + "; ") + "expected to go on " + until);
  }
  if (m.standing().status() == v1::REFERRED && m.referral().cap_at_ms() != 0) {
    out->set_paused_zh("转办期间暂停计时，最多45天");
    out->set_paused_en("The period waits while another service has it, at most 45 days");
  }
}

Words NowFor(const v1::Incident& mine, const v1::Incident& m) {
  if (HasEvaluated(mine, m) && mine.evaluation().solved() == v1::NO) {
    if (m.standing().status() == v1::ARCHIVED) return {"已归档；您评价没有解决", "Archived; you said it is not solved"};
    return {"已办结；您评价没有解决，由属地中心决定是否重新办理",
            "Closed; you said it is not solved, and the centre of the place decides whether to open it again"};
  }
  if (IsMerged(mine) && m.procedural_closed())
    return {"与您反映的同一件事已办结", "The same matter, reported by others too, is closed"};
  return NowOf(m);
}

Words NextFor(const v1::Incident& mine, const v1::Incident& m, bool may_evaluate) {
  if (!IsMerged(mine) || !m.procedural_closed()) return NextOf(m);
  if (may_evaluate)
    return {"您可以评价；没有解决的，也可以再反映", "You may evaluate it; if it is not solved for you, report it again"};
  return {"没有解决的，可以再反映", "If it is not solved for you, report it again"};
}

// Answers whether they may evaluate it.
bool ShowRights(const v1::State& state, const v1::Incident& ended, const rpc::Caller& caller, const std::string& code,
                const Knowledge& known, v1::TrackIncidentResponse* out) {
  bool may_evaluate = false;
  kernel::v1::Actor nobody;
  nobody.add_grant()->set_role(kernel::v1::ROLE_PUB);
  for (const Rule& rule : Rules()) {
    if (!rule.reporter || rule.subject != Subject::kMatter) continue;
    if (!IsOffered(rule.command, state.incident(), ended, {}, caller.now_ms)) continue;
    if (Authorise(rule, state, nobody, known, code).refusal) continue;
    out->add_may(std::string(CommandVerb(rule.command)));
    may_evaluate = may_evaluate || rule.command == v1::Command::kEvaluate;
  }
  return may_evaluate;
}

}  // namespace

absl::StatusOr<StoredState> Followed(const MatterReader& reader, StoredState stored) {
  for (int hop = 0; hop < kMergeHopsMax && IsMerged(stored.state.incident()); ++hop) {
    ASSIGN_OR_RETURN(auto primary, reader.Get(stored.state.incident().primary_id()));
    if (!primary || !primary->state.has_incident()) break;
    stored = *std::move(primary);
  }
  return stored;
}

rpc::Answer Queries::TrackIncident(const rpc::Caller& caller, const v1::TrackIncidentRequest& request,
                                   v1::TrackIncidentResponse* out) const {
  const std::string code = QueryCodeOf(request.query_code());
  if (!base::IsQueryCode(code)) return NoSuchMatter();  // the same words for a wrong and an unknown code
  const MatterReader reader = parts_.read();
  ASSIGN_OR_RETURN(const auto page, reader.List("query", code, 1));
  if (page.items.empty()) return NoSuchMatter();
  ASSIGN_OR_RETURN(auto own, reader.Get(page.items.front().aggregate_id));
  if (!own || !own->state.has_incident()) return NoSuchMatter();
  ASSIGN_OR_RETURN(const StoredState shown, Followed(reader, *own));
  const auto known = reader.Reference();
  const v1::Incident& m = shown.state.incident();
  const v1::Incident& mine = own->state.incident();
  out->set_id(page.items.front().aggregate_id);
  out->set_matter_code(mine.matter_code());
  out->set_status(m.standing().status());
  out->set_category_name(mine.intake().category_name());
  out->set_reported_at_ms(mine.reported_at_ms());
  const bool may_evaluate = ShowRights(own->state, m, caller, code, *known, out);
  const Words now = NowFor(mine, m);
  const Words next = NextFor(mine, m, may_evaluate);
  out->set_now_zh(now.zh);
  out->set_now_en(now.en);
  out->set_next_zh(next.zh);
  out->set_next_en(next.en);
  out->set_who_zh(UnitOf(*known, m.standing().holder_org()).name());
  out->set_due_at_ms(NextDueMs(m));
  if (out->due_at_ms() != 0) out->set_by_when(base::LocalEndText(out->due_at_ms()));
  ShowPause(m, *known, out);
  ShowSteps(mine, m, out);
  out->set_procedural_closed(m.procedural_closed());
  const bool denied = HasEvaluated(mine, m) && mine.evaluation().solved() == v1::NO;
  out->set_substantively_resolved(m.substantively_resolved() && !denied);  // what another said is not theirs
  if (HasEvaluated(mine, m)) out->set_solved_by_reporter(mine.evaluation().solved());
  out->set_enterprise_answer(m.enterprise_answer());
  if (m.procedural_closed()) out->set_result(m.completion().result());
  if (mine.standing().status() == v1::REJECTED) {
    out->set_result(mine.rejection().explanation());
    out->set_where_to_go(mine.rejection().where_to_go());
  }
  return {};
}

}  // namespace incident
