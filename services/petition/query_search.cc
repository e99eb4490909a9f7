// Full text over the petitions one may see. Whether an accusation is stored cannot be told from here: it is in no
// index, and one that has just become one is judged by its present state like an id that never was.
#include "services/petition/domain/rules.h"
#include "services/petition/queries.h"
#include "services/petition/searched.h"
#include "services/petition/show.h"
#include "services/search/answer.h"

namespace petition {

rpc::Answer Queries::SearchPetitions(const rpc::Caller& caller, const v1::SearchPetitionsRequest& request,
                                     v1::SearchPetitionsResponse* out) const {
  if (parts_.search == nullptr) return absl::FailedPreconditionError("this process has no search index");
  const PetitionSearch& search = *parts_.search;
  const bool by_phone = !request.phone_tail().empty();
  caller.note->field = by_phone ? "phone_tail" : "";
  auto refusal = search::FillPage(
      search, request, ScopeOf(caller.actor, search.terms(), by_phone), caller.actor.user_id(),
      [&](const PetitionReader& reader, const auto& reference, const std::string& id) -> absl::StatusOr<bool> {
        StoredPetition stored;
        if (rpc::Answer answer = Find(reader, caller, id, false, &stored); !answer.ok()) return false;
        *out->add_line() = ShowLine(id, stored.version, stored.state, reference, caller.now_ms);
        return true;
      },
      out->mutable_line(), out);
  if (!refusal.ok()) return refusal.status();
  return *refusal ? rpc::Answer(**std::move(refusal)) : rpc::Answer();
}

}  // namespace petition
