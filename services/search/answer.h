#pragma once
// One page of an answer to a person's question: what queries of every service do alike.

#include <absl/status/statusor.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "services/kernel/domain.h"
#include "services/kernel/reader.h"
#include "services/search/question.h"
#include "services/search/search.h"

namespace search {

// `see` gets a reader that is no older than the index, and an id; it adds a row to `rows` and says so, if the asker may
// see the document as it is now. A refusal names what is wrong with the question.
template <kernel::Domain D, class Request, class Response, class Rows, class See>
absl::StatusOr<std::optional<kernel::Refusal>> FillPage(const Search<D>& search, const Request& request,
                                                        const std::vector<Token>& scope, std::string_view user_id,
                                                        See see, Rows* rows, Response* out) {
  Question question = search.pages().Ask(WishOf(request), scope, user_id, request.page_token());
  if (question.refusal) return std::move(question.refusal);
  out->set_complete(search.Await(search.Read().seq()));
  const kernel::Reader<D> reader = search.Read();
  const auto reference = reader.Reference();
  const size_t size = PageSize(request.page_size());
  ASSIGN_OR_RETURN(std::string next, search.pages().Walk(search.index(), question, size, [&](const std::string& id) {
    return see(reader, *reference, id);
  }));
  Cut(rows, size);
  out->set_next_page_token(std::move(next));
  return std::optional<kernel::Refusal>();
}

}  // namespace search
