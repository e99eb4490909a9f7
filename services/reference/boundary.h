#pragma once
// Boundaries of areas and which of them a position lies in. Pure memory, writer thread.
//
// A boundary is a GeoJSON Polygon or MultiPolygon (RFC 7946) in WGS 84, degrees, longitude first.

#include <absl/status/statusor.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "directory/v1/notices.pb.h"

namespace reference {

inline constexpr size_t kBoundaryBytesMax = 65'536;
inline constexpr size_t kBoundaryPointsMax = 4'096;

struct Position {
  double lon = 0;
  double lat = 0;
};

// All rings of all polygons of one area, outer ones and holes alike.
using Boundary = std::vector<std::vector<Position>>;

// INVALID_ARGUMENT says what is wrong with the text.
absl::StatusOr<Boundary> ParseBoundary(std::string_view geojson);

// Even-odd rule over all rings, so that holes are outside.
bool Inside(const Boundary& boundary, Position at);

// Which grid a position lies in.
class GridMap {
 public:
  struct Found {
    std::string code;
    bool synthetic = false;  // nobody surveyed this boundary
  };

  // Takes an open grid with a boundary in; forgets one that was closed or lost its boundary.
  void Learn(const directory::v1::Area& area);
  // Where surveyed and made-up boundaries, or two neighbours at their common edge, both hold the position: the
  // surveyed one, then the lower code.
  std::optional<Found> At(Position at) const;
  // The middle of the box around an open grid: one for whatever happens in it, so it tells no more than the code does.
  std::optional<Position> MiddleOf(std::string_view code) const;
  size_t size() const { return grids_.size(); }

 private:
  using Cell = std::pair<int32_t, int32_t>;
  struct Grid {
    Boundary boundary;
    bool synthetic = false;
    std::vector<Cell> cells;
    Position middle;
  };
  void Forget(std::string_view code);

  std::map<std::string, Grid, std::less<>> grids_;
  std::map<Cell, std::vector<std::string>> in_cell_;  // codes of the grids whose box touches the cell
};

}  // namespace reference
