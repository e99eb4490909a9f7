// Law 5. No personal value in clear in any key or value of any database (the vault's are sealed, so not there
// either), any answer, refusal, line of the log or frame of the bus.

#include <absl/strings/str_cat.h>

#include "tests/sim/laws.h"

namespace sim {

void CheckSecrets(const Evidence& evidence, Broken* broken) {
  for (const Node* node : evidence.world.nodes) {
    for (size_t space = 0; space < storage::kKeySpaceNames.size(); ++space) {
      for (const auto& [key, value] : RowsOf(node->view(), static_cast<storage::KeySpace>(space))) {
        std::string_view mark = PersonalMarkIn(key);
        if (mark.empty()) mark = PersonalMarkIn(value);
        if (mark.empty()) continue;
        broken->push_back(absl::StrCat("law 5: '", std::string(mark), "' is in clear in ", node->name(), " ",
                                       std::string(storage::kKeySpaceNames[space])));
        break;
      }
    }
  }
  Ears& ears = evidence.city.ears();
  ears.OnText("the log of the process", evidence.log_lines);
  for (const std::string& leak : ears.leaks()) broken->push_back(absl::StrCat("law 5: ", leak));
  if (ears.frames() == 0) broken->push_back("law 5: no frame was looked at");
}

}  // namespace sim
