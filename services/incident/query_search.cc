// Full text over the matters one may see.
#include "base/status_macros.h"
#include "services/incident/domain/refusal.h"
#include "services/incident/domain/rules.h"
#include "services/incident/queries.h"
#include "services/incident/searched.h"
#include "services/incident/show.h"
#include "services/search/answer.h"

namespace incident {

rpc::Answer Queries::SearchIncidents(const rpc::Caller& caller, const v1::SearchIncidentsRequest& request,
                                     v1::SearchIncidentsResponse* response) const {
  if (parts_.search == nullptr) return absl::FailedPreconditionError("this process has no search index");
  const IncidentSearch& search = *parts_.search;
  const bool by_phone = !request.phone_tail().empty();
  caller.note->field = by_phone ? "phone_tail" : "";
  const auto scope = ScopeOf(caller.actor, *parts_.read().Reference(), search.terms(), by_phone);
  auto refusal = search::FillPage(
      search, request, scope, caller.actor.user_id(),
      [&](const MatterReader& reader, const auto& known, const std::string& id) -> absl::StatusOr<bool> {
        ASSIGN_OR_RETURN(const auto stored, reader.Get(id));
        if (!stored || !stored->state.has_incident()) return false;
        const v1::Incident& matter = stored->state.incident();
        if (matter.intake().sealed() || !MaySee(matter, caller.actor, known)) return false;
        ShowRow(id, matter, stored->version, caller, known, response->add_row());
        return true;
      },
      response->mutable_row(), response);
  if (!refusal.ok()) return refusal.status();
  return *refusal ? rpc::Answer(**std::move(refusal)) : rpc::Answer();
}

}  // namespace incident
