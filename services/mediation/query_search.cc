// Full text over the cases one may see.
#include "base/status_macros.h"
#include "services/mediation/queries.h"
#include "services/mediation/searched.h"

namespace mediation {

rpc::Answer Queries::SearchCases(const rpc::Caller& caller, const v1::SearchCasesRequest& request,
                                     v1::SearchCasesResponse* out) const {
  if (parts_.search == nullptr) return absl::FailedPreconditionError("this process has no search index");
  const CaseSearch& search = *parts_.search;
  const bool by_phone = !request.phone_tail().empty();
  caller.note->field = by_phone ? "phone_tail" : "";
  const search::Question question =
      search.pages().Ask(search::WishOf(request), ScopeOf(caller.actor, search.terms(), by_phone),
                         caller.actor.user_id(), request.page_token());
  if (question.refusal) return *question.refusal;
  out->set_complete(search.Await(parts_.read().seq()));
  const CaseReader reader = parts_.read();  // no older than the index
  const auto reference = reader.Reference();
  const size_t size = search::PageSize(request.page_size());
  auto next = search.pages().Walk(search.index(), question, size, [&](const std::string& id) -> absl::StatusOr<bool> {
    kernel::Stored<v1::State> stored;
    if (rpc::Answer answer = Find(reader, caller, id, &stored); !answer.ok()) return false;
    *out->add_line() = LineOf(id, stored, *reference, caller.now_ms);
    return true;
  });
  if (!next.ok()) return next.status();
  search::Cut(out->mutable_line(), size);
  out->set_next_page_token(*std::move(next));
  return {};
}

}  // namespace mediation
