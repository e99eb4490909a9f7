// Law 4 for who comes late. Oversight that began empty in the middle of the run, while everybody went on, and heard all
// logs from their beginnings ends with the same matters, each at the same step, under the same lights, as the one that
// never stopped. What people asked of the one, and what came of it, is not asked of the other.

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/sim/laws.h"

namespace sim {
namespace {

// What oversight holds of other services' matters, and nothing of its own.
std::string Heard(const oversight::v1::Matter& matter) {
  std::vector<std::string> parts;
  for (oversight::v1::Part part : matter.part()) {
    for (auto& light : *part.mutable_light()) {
      light.clear_climbed_to();  // the ladder looks at cards, which people give
      light.clear_card_drafted();
      light.clear_check_at_ms();
    }
    parts.push_back(part.DebugString());
  }
  std::ranges::sort(parts);  // which service was heard first is chance
  std::string all = absl::StrCat(matter.matter_code(), " ", matter.area_code(), "\n");
  for (const std::string& part : parts) all += part;
  return all;
}

// Around the first place where they differ.
std::string Difference(const std::string& a, const std::string& b) {
  const auto at = static_cast<size_t>(std::ranges::mismatch(a, b).in1 - a.begin());
  const size_t from = at < 80 ? 0 : at - 80;
  return absl::StrCat("\"", a.substr(from, 160), "\" instead of \"", b.substr(std::min(from, b.size()), 160), "\"");
}

}  // namespace

void CheckNewcomer(const Books& books, Broken* broken) {
  size_t matters = 0, known = 0;
  for (const auto& [id, state] : books.anew.states) known += state.has_matter() ? 1 : 0;
  for (const auto& [id, state] : books.oversight.states) {
    if (!state.has_matter()) continue;
    ++matters;
    const auto at = books.anew.states.find(id);
    const std::string anew = at == books.anew.states.end() ? "" : Heard(at->second.matter());
    const std::string all_along = Heard(state.matter());
    if (anew != all_along) {
      broken->push_back(
          absl::StrCat("law 4: begun anew, oversight knows ", id, " otherwise: ", Difference(anew, all_along)));
    }
  }
  if (known != matters)
    broken->push_back(absl::StrCat("law 4: begun anew, oversight knows ", known, " matters of ", matters));
}

}  // namespace sim
