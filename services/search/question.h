#pragma once
// A question of a person, and the pages of its answer. Who may see what is part of the question to the engine, never a
// filter on its answer; the check at the end is a second line for what has changed since the index was written.
// Nothing is counted: an answer holds rows and whether there are more, both of what the asker may see.

#include <absl/status/statusor.h>

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/crypto.h"
#include "services/kernel/domain.h"
#include "services/search/index.h"
#include "services/search/terms.h"

namespace search {

struct Wish {
  std::string q = {};  // words with spaces between them, each a part of a text, a name of a place or unit, a code
  std::string area_code = {};
  std::string org_id = {};
  std::string phone_tail = {};
  bool open_only = false;
};

// The fields every search request has.
template <class Request>
Wish WishOf(const Request& request) {
  return {request.q(), request.area_code(), request.org_id(), request.phone_tail(), request.open_only()};
}

struct Question {
  Match match;        // empty: nothing can be found
  std::string bound;  // what page tokens belong to
  uint64_t after = 0;  // row of the last one shown
  std::optional<kernel::Refusal> refusal;
};

class Pages {
 public:
  explicit Pages(const Terms* terms) : terms_(*terms), seal_(terms->PageKey()) {}

  // `scope`: tokens of which a document must have one for the asker to see it.
  Question Ask(const Wish& wish, const std::vector<Token>& scope, std::string_view user_id,
               std::string_view page_token) const;

  // Calls `visit` with finds, newest first, until it has returned true `size` + 1 times: it adds a row if the asker may
  // see the document as it is now. The last row is then one too many (Cut takes it away), and the token of the next
  // page comes back. It says nothing to whoever has not the key.
  absl::StatusOr<std::string> Walk(const Index& index, const Question& question, size_t size,
                                   const std::function<absl::StatusOr<bool>(const std::string& id)>& visit) const;

 private:
  std::optional<kernel::Refusal> AddWords(std::string_view q, std::vector<std::string>* parts) const;

  const Terms& terms_;
  const base::Aead seal_;
};

size_t PageSize(int wanted);

template <class Rows>
void Cut(Rows* rows, size_t size) {
  while (static_cast<size_t>(rows->size()) > size) rows->RemoveLast();
}

}  // namespace search
