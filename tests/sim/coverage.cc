#include "tests/sim/coverage.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>

#include <string_view>

#include "tests/sim/books.h"
#include "tests/sim/transitions.h"

namespace sim {

Coverage CoverageOf(const City& city) {
  Coverage coverage;
  const auto add = [&](std::string_view service, const storage::View& view) {
    for (const auto& record : ReadLog(view)) {
      ++coverage[absl::StrCat(std::string(service), ".", record.command(), ">", record.event_type())];
    }
  };
  add("incident", city.incident().view());
  add("mediation", city.mediation().view());
  add("oversight", city.oversight().view());
  return coverage;
}

std::vector<std::string> Uncovered(const Coverage& coverage) {
  std::vector<std::string> missing;
  for (const Transition& row : kMustBeTaken) {
    if (!coverage.contains(std::string(row.name)))
      missing.push_back(absl::StrCat(std::string(row.step), " ", std::string(row.name)));
  }
  return missing;
}

std::string CoverageTable(const Coverage& coverage) {
  std::string text = "  step   times  transition\n";
  std::map<std::string, bool> told;
  for (const Transition& row : kMustBeTaken) {
    const auto at = coverage.find(std::string(row.name));
    const uint64_t times = at == coverage.end() ? 0 : at->second;
    absl::StrAppendFormat(&text, "  %-6s %5d  %s\n", std::string(row.step), times, std::string(row.name));
    told[std::string(row.name)] = true;
  }
  for (const auto& [transition, times] : coverage) {
    if (!told.contains(transition)) absl::StrAppendFormat(&text, "  %-6s %5d  %s\n", "", times, transition);
  }
  return text;
}

}  // namespace sim
