// Full text over the matters one may see.
#include "base/status_macros.h"
#include "services/incident/domain/refusal.h"
#include "services/incident/domain/rules.h"
#include "services/incident/queries.h"
#include "services/incident/searched.h"
#include "services/incident/show.h"

namespace incident {

rpc::Answer Queries::SearchIncidents(const rpc::Caller& caller, const v1::SearchIncidentsRequest& request,
                                     v1::SearchIncidentsResponse* response) const {
  if (parts_.search == nullptr) return absl::FailedPreconditionError("this process has no search index");
  const IncidentSearch& search = *parts_.search;
  const bool by_phone = !request.phone_tail().empty();
  caller.note->field = by_phone ? "phone_tail" : "";
  const auto scope = ScopeOf(caller.actor, *parts_.read().Reference(), search.terms(), by_phone);
  const search::Question question =
      search.pages().Ask(search::WishOf(request), scope, caller.actor.user_id(), request.page_token());
  if (question.refusal) return *question.refusal;
  response->set_complete(search.Await(parts_.read().seq()));
  const MatterReader reader = parts_.read();  // no older than the index
  const auto known = reader.Reference();
  const size_t size = search::PageSize(request.page_size());
  auto next = search.pages().Walk(search.index(), question, size, [&](const std::string& id) -> absl::StatusOr<bool> {
    ASSIGN_OR_RETURN(const auto stored, reader.Get(id));
    if (!stored || !stored->state.has_incident()) return false;
    const v1::Incident& matter = stored->state.incident();
    if (matter.intake().sealed() || !MaySee(matter, caller.actor, *known)) return false;
    ShowRow(id, matter, stored->version, caller.now_ms, *known, response->add_row());
    return true;
  });
  if (!next.ok()) return next.status();
  search::Cut(response->mutable_row(), size);
  response->set_next_page_token(*std::move(next));
  return {};
}

}  // namespace incident
