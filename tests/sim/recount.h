#pragma once
// What a law recounts and compares: tallies as they lie there, and lists page by page as a client reads them.

#include <absl/strings/str_cat.h>

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "tests/sim/laws.h"

namespace sim {

using Counts = std::map<std::string, uint64_t>;
using Ids = std::multiset<std::string>;

class Recount {
 public:
  explicit Recount(Broken* broken) : broken_(*broken) {}

  void Break(std::string text) { broken_.push_back(absl::StrCat("law 4: ", std::move(text))); }

  void CompareTallies(std::string_view service, const storage::View& view, const Counts& recount) {
    Rows expected;
    for (const auto& [key, count] : recount) expected[key] = BigEndian(count);
    const std::string difference = RowDifference("tally", expected, RowsOf(view, storage::KeySpace::kTally));
    if (!difference.empty()) Break(absl::StrCat(std::string(service), " counts otherwise: ", difference));
  }

  template <class D>
  void CompareList(const DomainNode<D>& node, std::string_view index, const std::string& prefix,
                   const Ids& expected) {
    if (Listed(node, index, prefix) == expected) return;
    Break(absl::StrCat("list ", std::string(index), " '", prefix, "' of ", node.name(),
                       " does not show what is there"));
  }

 private:
  template <class D>
  static Ids Listed(const DomainNode<D>& node, std::string_view index, std::string_view prefix) {
    Ids ids;
    if (!node.up()) return ids;
    const auto reader = node.Read();
    std::string token;
    do {
      const auto page = reader.List(index, prefix, 37, token);
      CHECK(page.ok()) << page.status();
      for (const auto& item : page->items) ids.insert(item.aggregate_id);
      token = page->next_page_token;
    } while (!token.empty());
    return ids;
  }

  Broken& broken_;
};

inline std::string TownshipOf(const std::string& area) {
  return area.size() >= 9 ? area.substr(0, 9) : area.size() >= 6 ? area.substr(0, 6) + "000" : area + "00000";
}

}  // namespace sim
