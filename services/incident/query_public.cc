// What a citizen sees with a query code: what is happening, who has it, by when; no name, no number, no text
// of others.

#include <algorithm>

#include "base/calendar.h"
#include "base/ids.h"
#include "base/status_macros.h"
#include "services/incident/domain/clocks.h"
#include "services/incident/domain/rules.h"
#include "services/incident/queries.h"
#include "services/incident/show.h"

namespace incident {
namespace {

void ShowSteps(const v1::Incident& m, v1::TrackIncidentResponse* out) {
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
  if (m.standing().status() == v1::EVALUATED || m.standing().status() == v1::ARCHIVED) {
    add(m.evaluation().expired() ? "没有评价" : "您已评价",
        m.evaluation().expired() ? "Not evaluated" : "You evaluated it", m.evaluation().at_ms());
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

// The primary of a merged matter: what became of it is what became of this.
absl::StatusOr<StoredState> Followed(const MatterReader& reader, StoredState stored) {
  for (int hop = 0; hop < kMergeHopsMax && stored.state.incident().standing().status() == v1::MERGED; ++hop) {
    ASSIGN_OR_RETURN(auto primary, reader.Get(stored.state.incident().primary_id()));
    if (!primary || !primary->state.has_incident()) break;
    stored = *std::move(primary);
  }
  return stored;
}

void ShowRights(const v1::State& state, const std::string& code, const Knowledge& known,
                v1::TrackIncidentResponse* out) {
  kernel::v1::Actor nobody;
  nobody.add_grant()->set_role(kernel::v1::ROLE_PUB);
  for (const Rule& rule : Rules()) {
    if (!rule.reporter || rule.subject != Subject::kMatter) continue;
    const bool appeal = state.incident().intake().kind() == v1::ENTERPRISE_APPEAL;
    if (rule.command == v1::Command::kConfirmService && !appeal) continue;
    if (rule.command == v1::Command::kAppealRejection && state.incident().rejection_appealed()) continue;
    if (!Authorise(rule, state, nobody, known, code).refusal)
      out->add_may(std::string(CommandVerb(rule.command)));
  }
}

}  // namespace

rpc::Answer Queries::TrackIncident(const rpc::Caller&, const v1::TrackIncidentRequest& request,
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
  // One evaluation closes the one matter: who is not asked for theirs is told what they can do instead.
  const bool followed = mine.standing().status() == v1::MERGED && m.procedural_closed();
  const Words now = followed ? Words{"与您反映的同一件事已办结", "The same matter, reported by others too, is closed"} : NowOf(m);
  const Words next =
      followed ? Words{"没有解决的，可以再反映", "If it is not solved for you, report it again"} : NextOf(m);
  out->set_now_zh(now.zh);
  out->set_now_en(now.en);
  out->set_next_zh(next.zh);
  out->set_next_en(next.en);
  out->set_who_zh(UnitOf(*known, m.standing().holder_org()).name());
  out->set_due_at_ms(NextDueMs(m));
  if (out->due_at_ms() != 0) out->set_by_when(base::LocalEndText(out->due_at_ms()));
  ShowPause(m, *known, out);
  ShowSteps(m, out);
  out->set_procedural_closed(m.procedural_closed());
  out->set_substantively_resolved(m.substantively_resolved());
  if (m.procedural_closed()) out->set_result(m.completion().result());
  if (mine.standing().status() == v1::REJECTED) {
    out->set_result(mine.rejection().explanation());
    out->set_where_to_go(mine.rejection().where_to_go());
  }
  ShowRights(own->state, code, *known, out);
  return {};
}

}  // namespace incident
