#pragma once
// Walks that leap. What is first in each of many neighbouring ranges takes one walk and not one each: opening a walk
// looks into every file of a large database.

#include <absl/status/status.h>

#include <functional>
#include <string>
#include <string_view>

#include "storage/kv.h"

namespace storage {

// Answers with the key to go on from, beyond the one it was given; empty: that was enough.
using Leaps = std::function<std::string(std::string_view key, std::string_view value)>;

// What a view can do besides when its engine can move a walk that is open.
class Leaping {
 public:
  virtual ~Leaping() = default;
  virtual absl::Status Leap(KeySpace space, std::string_view from, std::string_view to, const Leaps& each) const = 0;
};

// Through [from, to), from each key to the next that is asked for; a view that cannot leap is scanned anew each time.
// REQUIRES: `to` is not empty.
absl::Status Leap(const View& view, KeySpace space, std::string_view from, std::string_view to, const Leaps& each);

}  // namespace storage
