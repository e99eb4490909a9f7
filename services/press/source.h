#pragma once
// A page template as it was written: its name and its text.

#include <string_view>

namespace press {

struct Source {
  std::string_view name;  // "f8_agreement"
  std::string_view text;
};

}  // namespace press
