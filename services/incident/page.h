#pragma once
// Walks several ranges of one index as if they were one list in the order of what follows their prefixes;
// pages by an opaque token that fits only the request it came from. One thread, one moment (one Reader).

#include <absl/status/statusor.h>

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/incident/queries.h"

namespace incident {

struct Place {
  std::string order;  // key after the range's prefix
  std::string id;
};

// Token of a place, bound to `request` (its serialized filters). An empty token is the beginning: no place. False: not
// a token of this request.
std::string TokenOf(const Place& place, std::string_view request);
bool PlaceOf(std::string_view token, std::string_view request, std::optional<Place>* out);

class MergedRanges {
 public:
  MergedRanges(const MatterReader& reader, std::string_view index, const std::vector<std::string>& prefixes,
               std::optional<Place> after, size_t chunk);

  // The next entry in order; nullopt at the end.
  absl::StatusOr<std::optional<Place>> Next();

 private:
  struct Range {
    std::string prefix;
    std::deque<Place> ready;
    std::string token;
    size_t piece = 0;  // entries to read next
    bool ended = false;
  };
  absl::Status Fill(Range* range);

  const MatterReader& reader_;
  const std::string index_;
  const std::optional<Place> after_;
  const size_t chunk_;
  std::vector<Range> ranges_;
};

}  // namespace incident
