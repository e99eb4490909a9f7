#pragma once
// What the incident service knows besides its own matters: what the directory told it, and two orders of the
// areas that this service needs (grids of an area, villages that merged into another). Pure memory, writer
// thread.

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "services/reference/boundary.h"
#include "services/reference/reference.h"

namespace incident {

class Knowledge {
 public:
  absl::Status Learn(const directory::v1::Notice& notice);

  const reference::Reference& directory() const { return directory_; }
  const reference::GridMap& grid_map() const { return grid_map_; }

  // Open grids of an area after the code `after`, in order, at most `limit`.
  std::vector<std::string> GridsOf(std::string_view area, std::string_view after, size_t limit) const;
  size_t CountGrids(std::string_view area) const;
  // Townships of an area, in order; the area itself if it is a township or smaller.
  std::vector<std::string> TownshipsOf(std::string_view area) const;
  // Areas that were merged into `code` (合村并居), directly or in turn.
  std::vector<std::string> Predecessors(std::string_view code) const;
  // Areas outside `area` that were merged into a part of it, at most `limit`.
  std::vector<std::string> MergedFromOutside(std::string_view area, size_t limit) const;
  // The widest area learned: where a report goes that names no place.
  const std::string& root() const { return root_; }

 private:
  reference::Reference directory_;
  reference::GridMap grid_map_;
  std::set<std::string, std::less<>> grids_;
  std::set<std::string, std::less<>> townships_;
  std::map<std::string, std::set<std::string>, std::less<>> merged_into_;
  std::string root_;
};

}  // namespace incident
