#pragma once
// The papers of a petition: those the service knows enough to write, filled from its record. What each says stands in
// documents/*.html. Pure; any thread. An accusation has no paper here: the queries do not find it.

#include <absl/status/statusor.h>

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "petition/v1/petition.pb.h"
#include "services/press/paper.h"
#include "services/press/template.h"
#include "services/reference/reference.h"

namespace petition {

// A petition as its papers see it: every name in clear.
struct PetitionFacts {
  struct Step {
    v1::Event event;
    int64_t at_ms = 0;
    std::string actor_id;
    std::string actor_org;
  };
  v1::State state;
  std::vector<Step> steps;
  const reference::Reference* reference = nullptr;
  std::map<std::string, std::string, std::less<>> staff;  // user id -> name, as far as told
};

class Documents {
 public:
  static absl::StatusOr<Documents> Make();

  struct Entry {
    std::string_view key;
    std::string_view title;
    int count = 0;
  };
  // The papers there are, in the order of the procedure.
  std::vector<Entry> List(const PetitionFacts& facts) const;
  // NOT_FOUND: there is no such paper, or not so many of them. `no` 0: all.
  absl::StatusOr<press::Paper> One(const PetitionFacts& facts, std::string_view key, int no) const;
  // All papers there are, behind their contents. `page_of`: where each begins, by anchor; empty while not known.
  absl::StatusOr<press::Paper> File(const PetitionFacts& facts, const std::map<std::string, int>& page_of) const;

 private:
  explicit Documents(press::Templates templates) : templates_(std::move(templates)) {}
  press::Templates templates_;
};

}  // namespace petition
