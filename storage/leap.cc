#include "storage/leap.h"

#include <utility>

#include "base/check.h"
#include "base/status_macros.h"

namespace storage {

absl::Status Leap(const View& view, KeySpace space, std::string_view from, std::string_view to, const Leaps& each) {
  CHECK(!to.empty()) << "a walk that leaps has an end";
  if (const auto* leaping = dynamic_cast<const Leaping*>(&view)) return leaping->Leap(space, from, to, each);
  std::string at(from);
  while (!at.empty() && at < to) {
    std::string next;
    RETURN_IF_ERROR(view.Scan(space, at, to, [&](std::string_view key, std::string_view value) {
      next = each(key, value);
      return false;
    }));
    at = std::move(next);
  }
  return absl::OkStatus();
}

}  // namespace storage
