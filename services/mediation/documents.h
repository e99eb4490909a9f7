#pragma once
// The papers of a case: each form of the file 卷宗 filled from what the case knows, nothing typed twice. Which forms a
// case has is said by domain/file_index.h; what each says stands in documents/*.html. Pure; any thread.
//
// What nobody told stays an empty place for a pen. Of a party who needs protection, address and telephone are on no
// paper: copies go to the other side.

#include <absl/status/statusor.h>

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "mediation/v1/api.pb.h"
#include "mediation/v1/mediation.pb.h"
#include "services/mediation/domain/file_index.h"
#include "services/press/paper.h"
#include "services/press/template.h"
#include "services/reference/reference.h"

namespace mediation {

// A case as its papers see it: every name in clear.
struct CaseFacts {
  struct Step {
    v1::Event event;
    int64_t at_ms = 0;
    std::string actor_id;
  };
  v1::State state;
  std::vector<Step> steps;
  const reference::Reference* reference = nullptr;
  std::map<std::string, std::string, std::less<>> staff;  // user id -> name, as far as told
  std::set<std::string, std::less<>> received;            // digests of documents whose bytes are here

  Received HasCome() const {
    return [this](std::string_view sha256) { return received.contains(sha256); };
  }
};

class Documents {
 public:
  static absl::StatusOr<Documents> Make();

  // NOT_FOUND: the file of this case has no such form, or no such session or visit, or what the form says has not come
  // about. `no` 0: all of them.
  absl::StatusOr<press::Paper> One(const CaseFacts& facts, std::string_view key, int no) const;
  // The forms this case has a reason to print.
  static std::vector<std::string> KeysOf(const CaseFacts& facts);
  // The whole file. `page_of`: where each paper begins, by anchor; empty while that is not known.
  absl::StatusOr<press::Paper> File(const CaseFacts& facts, const std::map<std::string, int>& page_of) const;

 private:
  explicit Documents(press::Templates templates) : templates_(std::move(templates)) {}
  absl::StatusOr<std::vector<press::Section>> Sections(const CaseFacts& facts, const v1::FileLine& line, int no) const;

  press::Templates templates_;
};

}  // namespace mediation
