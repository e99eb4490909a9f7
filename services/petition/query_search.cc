// Full text over the petitions one may see. Whether an accusation is stored cannot be told from here: it is in no
// index, and one that has just become one is judged by its present state like an id that never was.
#include "base/status_macros.h"
#include "services/petition/domain/rules.h"
#include "services/petition/queries.h"
#include "services/petition/searched.h"
#include "services/petition/show.h"

namespace petition {

rpc::Answer Queries::SearchPetitions(const rpc::Caller& caller, const v1::SearchPetitionsRequest& request,
                                     v1::SearchPetitionsResponse* out) const {
  if (parts_.search == nullptr) return absl::FailedPreconditionError("this process has no search index");
  const PetitionSearch& search = *parts_.search;
  const bool by_phone = !request.phone_tail().empty();
  caller.note->field = by_phone ? "phone_tail" : "";
  const search::Question question =
      search.pages().Ask(search::WishOf(request), ScopeOf(caller.actor, search.terms(), by_phone),
                         caller.actor.user_id(), request.page_token());
  if (question.refusal) return *question.refusal;
  out->set_complete(search.Await(parts_.read().seq()));
  const PetitionReader reader = parts_.read();  // no older than the index
  const auto reference = reader.Reference();
  const size_t size = search::PageSize(request.page_size());
  auto next = search.pages().Walk(search.index(), question, size, [&](const std::string& id) -> absl::StatusOr<bool> {
    StoredPetition stored;
    if (rpc::Answer answer = Find(reader, caller, id, false, &stored); !answer.ok()) return false;
    *out->add_line() = ShowLine(id, stored.version, stored.state, *reference, caller.now_ms);
    return true;
  });
  if (!next.ok()) return next.status();
  search::Cut(out->mutable_line(), size);
  out->set_next_page_token(*std::move(next));
  return {};
}

}  // namespace petition
