#pragma once
// A list made of several ranges of one index, read one after the other. A page walks at most kScannedMax entries: where
// few of them are kept it is shorter than asked for, and says that there is more. Any thread.

#include <absl/status/statusor.h>

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/status_macros.h"
#include "services/kernel/reader.h"

namespace oversight {

inline constexpr size_t kScannedMax = 2000;  // entries walked for one page

// `position`: of the page before, empty: the beginning. A byte, which range; then where in it.
// `keep`: null keeps all.
template <class Reader>
absl::StatusOr<kernel::Page> ListChained(const Reader& reader, std::string_view index,
                                         const std::vector<std::string>& prefixes, size_t limit,
                                         std::string_view position,
                                         const std::function<bool(std::string_view key)>& keep = nullptr) {
  kernel::Page page;
  size_t range = position.empty() ? 0 : static_cast<unsigned char>(position[0]);
  std::string within(position.empty() ? position : position.substr(1));
  for (size_t scanned = 0; range < prefixes.size() && page.items.size() < limit && scanned < kScannedMax;) {
    ASSIGN_OR_RETURN(auto part, reader.List(index, prefixes[range], limit - page.items.size(), within));
    scanned += part.items.size();
    for (auto& item : part.items) {
      if (!keep || keep(item.key)) page.items.push_back(std::move(item));
    }
    within = std::move(part.next_page_token);
    if (within.empty()) ++range;
  }
  if (range < prefixes.size()) page.next_page_token = std::string(1, static_cast<char>(range)) + within;
  return page;
}

}  // namespace oversight
