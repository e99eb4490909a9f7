// Full text over the cases one may see.
#include "services/mediation/queries.h"
#include "services/mediation/searched.h"
#include "services/mediation/shown_to_party.h"
#include "services/search/answer.h"

namespace mediation {

rpc::Answer Queries::SearchCases(const rpc::Caller& caller, const v1::SearchCasesRequest& request,
                                     v1::SearchCasesResponse* out) const {
  if (parts_.search == nullptr) return absl::FailedPreconditionError("this process has no search index");
  const CaseSearch& search = *parts_.search;
  const bool by_phone = !request.phone_tail().empty();
  caller.note->field = by_phone ? "phone_tail" : "";
  auto refusal = search::FillPage(
      search, request, ScopeOf(caller.actor, *parts_.read().Reference(), search.terms(), by_phone),
      caller.actor.user_id(),
      [&](const CaseReader& reader, const auto& reference, const std::string& id) -> absl::StatusOr<bool> {
        kernel::Stored<v1::State> stored;
        if (rpc::Answer answer = Find(reader, caller, id, &stored); !answer.ok()) return false;
        // Who is kept from the identities of a case would learn the other side's telephone by asking tail after tail.
        if (by_phone && WhyKeptFrom(stored.state, caller.actor)) return false;
        *out->add_line() = LineOf(id, stored, reference, caller.now_ms);
        return true;
      },
      out->mutable_line(), out);
  if (!refusal.ok()) return refusal.status();
  return *refusal ? rpc::Answer(**std::move(refusal)) : rpc::Answer();
}

}  // namespace mediation
