#include "services/kernel/replay.h"

#include "base/crypto.h"

namespace kernel {

std::string Difference::Text() const {
  const auto show = [](const std::optional<std::string>& value) {
    return value ? absl::StrCat(value->size(), " bytes ", base::Hex(value->substr(0, 64)))
                 : std::string("nothing");
  };
  return absl::StrCat(std::string(storage::kKeySpaceNames[static_cast<size_t>(space)]), " ", base::Hex(key),
                      " (", key, "): the log says ", show(expected), ", stored is ", show(stored));
}

absl::Status CompareSpace(const storage::View& view, storage::KeySpace space,
                          const std::map<std::string, std::string>& expected,
                          const std::function<bool(const Difference&)>& each) {
  auto at = expected.begin();
  bool go_on = true;
  const auto missing_before = [&](std::optional<std::string_view> key) {
    for (; go_on && at != expected.end() && (!key || at->first < *key); ++at) {
      go_on = each({space, at->first, at->second, std::nullopt});
    }
  };
  RETURN_IF_ERROR(view.Scan(space, "", "", [&](std::string_view key, std::string_view value) {
    missing_before(key);
    if (!go_on) return false;
    if (at == expected.end() || at->first != key) {
      go_on = each({space, std::string(key), std::nullopt, std::string(value)});
      return go_on;
    }
    if (at->second != value) go_on = each({space, at->first, at->second, std::string(value)});
    ++at;
    return go_on;
  }));
  missing_before(std::nullopt);
  return absl::OkStatus();
}

}  // namespace kernel
