// A merged copy and its original: who brought the copy follows the original from then on, by their own query code too.
#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/status_macros.h"
#include "services/petition/domain/limits.h"
#include "services/petition/domain/refusals.h"
#include "services/petition/domain/rules.h"
#include "services/petition/queries.h"
#include "services/petition/show.h"

namespace petition {
namespace {

using Milestone = v1::PetitionTrack::Milestone;

struct Original {
  std::string id;
  v1::State state;
};

// What became of the original is what became of its copy; of any other petition it is that petition itself.
absl::StatusOr<Original> OriginalOf(const PetitionReader& reader, const std::string& id, const v1::State& own) {
  Original at{id, own};
  for (int hop = 0; hop < kMergeHopsMax && at.state.status() == v1::MERGED; ++hop) {
    const std::string primary_id = at.state.primary_id();
    ASSIGN_OR_RETURN(auto primary, reader.Get(primary_id));
    if (!primary || Sealed(primary->state)) break;
    at.id = primary_id;
    at.state = std::move(primary->state);
  }
  return at;
}

// What a petitioner is shown: the steps of the procedure, nothing of what was said in it.
absl::Status AddMilestones(const PetitionReader& reader, const std::string& id, bool own,
                           std::vector<Milestone>* milestones) {
  static const std::set<std::string, std::less<>> kMilestones = {"registered",
                                                                 "merged",
                                                                 "forwarded",
                                                                 "received",
                                                                 "accepted",
                                                                 "not_accepted",
                                                                 "redirected",
                                                                 "study_started",
                                                                 "extended",
                                                                 "suggestion_replied",
                                                                 "opinion_issued",
                                                                 "delivered",
                                                                 "review_requested",
                                                                 "review_issued",
                                                                 "recheck_requested",
                                                                 "recheck_issued",
                                                                 "referred_to_mediation",
                                                                 "settled",
                                                                 "closed",
                                                                 "terminated",
                                                                 "withdrawn",
                                                                 "procedure_concluded"};
  ASSIGN_OR_RETURN(const auto records, reader.History(id));
  for (const auto& record : records) {
    if (!kMilestones.contains(record.event_type())) continue;
    if (!own && record.event_type() == "registered") continue;  // when others brought theirs is their own affair
    Milestone& milestone = milestones->emplace_back();
    milestone.set_event_type(record.event_type());
    milestone.set_at_ms(record.recorded_at_ms());
  }
  return absl::OkStatus();
}

// What the others think is between them and the offices. Whose an evaluation of before was nobody knows.
void ShowOwnEvaluation(const v1::State& state, const kernel::v1::Actor& actor, v1::Petition* out) {
  out->clear_given();
  if (state.evaluation().petitioner_id().empty()) return;
  out->clear_evaluation();
  for (const auto& given : state.given()) {
    const auto& people = state.petitioner();
    const auto whose = std::ranges::find(people, given.petitioner_id(), &v1::Petitioner::petitioner_id);
    if (whose == people.end() || whose->person().user_id() != actor.user_id()) continue;
    *out->mutable_evaluation() = given;
  }
}

}  // namespace

void HideOthers(const v1::State& state, const kernel::v1::Actor& actor, v1::Petition* out) {
  ShowOwnEvaluation(state, actor, out);
  std::set<std::string> own;  // what the actor came with: copies, or "" for the petition itself
  const auto note = [&](const auto& people) {
    for (const auto& one : people) {
      if (!actor.user_id().empty() && one.person().user_id() == actor.user_id()) own.insert(one.copy_id());
    }
  };
  note(state.petitioner());
  note(state.agent());
  for (int i = 0; i < state.petitioner_size(); ++i) {
    if (!own.contains(state.petitioner(i).copy_id())) out->mutable_petitioner(i)->clear_person();
  }
  for (int i = state.agent_size() - 1; i >= 0; --i) {
    if (!own.contains(state.agent(i).copy_id())) out->mutable_agent()->DeleteSubrange(i, 1);
  }
  if (own.contains("")) return;
  out->clear_content();  // theirs stands in the copy
  out->clear_external_no();
  out->clear_query_code();
}

absl::Status Queries::Track(const PetitionReader& reader, int64_t now_ms, const std::string& id, const v1::State& own,
                            v1::PetitionTrack* out) const {
  ASSIGN_OR_RETURN(const Original original, OriginalOf(reader, id, own));
  const v1::State& state = original.state;
  const bool merged = original.id != id;
  out->set_matter_code(own.matter_code());
  if (merged) out->set_primary_code(state.matter_code());
  out->set_status(state.status());
  out->set_holder_org(HolderOf(state));
  out->set_registered_at_ms(own.registered_at_ms());
  out->set_refusal_code(state.refusal_code());
  out->set_result(state.result());
  ShowDeadlines(state, *reader.Reference(), now_ms, false, out->mutable_deadline());
  std::vector<Milestone> milestones;
  RETURN_IF_ERROR(AddMilestones(reader, id, true, &milestones));
  if (merged) RETURN_IF_ERROR(AddMilestones(reader, original.id, false, &milestones));
  std::ranges::stable_sort(milestones, {}, [](const Milestone& milestone) { return milestone.at_ms(); });
  for (Milestone& milestone : milestones) *out->add_milestone() = std::move(milestone);
  return absl::OkStatus();
}

rpc::Answer Queries::TrackPetition(const rpc::Caller& caller, const v1::TrackPetitionRequest& request,
                                   v1::PetitionTrack* out) const {
  const PetitionReader reader = parts_.read();
  auto page = reader.List("query_code", request.query_code(), 1);
  if (!page.ok()) return page.status();
  if (page->items.empty() || page->items[0].key != request.query_code()) return NoSuchMatter();
  const std::string& id = page->items[0].aggregate_id;
  auto stored = reader.Get(id);
  if (!stored.ok()) return stored.status();
  if (!*stored || Sealed((*stored)->state)) return NoSuchMatter();
  return Track(reader, caller.now_ms, id, (*stored)->state, out);
}

absl::Status Queries::ShowMerged(const PetitionReader& reader, const rpc::Caller& caller, const std::string& id,
                                 const v1::State& state, v1::Petition* out) const {
  ASSIGN_OR_RETURN(const Original original, OriginalOf(reader, id, state));
  if (original.id != id) {
    if (MaySee(original.state, caller.actor)) out->set_primary_id(original.id);
    out->set_primary_code(original.state.matter_code());
    RETURN_IF_ERROR(Track(reader, caller.now_ms, id, state, out->mutable_primary()));
  }
  ASSIGN_OR_RETURN(const auto copies, reader.List("copy", id + "/", kPageSizeMax));
  for (const auto& item : copies.items) {
    ASSIGN_OR_RETURN(const auto copy, reader.Get(item.aggregate_id));
    if (!copy || Sealed(copy->state) || !MaySee(copy->state, caller.actor)) continue;
    auto* line = out->add_copy();
    line->set_id(item.aggregate_id);
    line->set_matter_code(copy->state.matter_code());
    line->set_registered_at_ms(copy->state.registered_at_ms());
  }
  return absl::OkStatus();
}

}  // namespace petition
