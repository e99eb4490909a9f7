#include "services/reference/boundary.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/area_code.h"
#include "base/status_macros.h"
#include "common/v1/common.pb.h"

namespace reference {
namespace {

using nlohmann::json;

constexpr double kCellDegrees = 0.02;     // about 2 km: a village or a few
constexpr size_t kCellsPerGridMax = 4'096;  // a grid wider than a county is a mistake in the data
constexpr size_t kRingPointsMin = 4;      // RFC 7946 3.1.6: closed, so a triangle has four

absl::Status Bad(std::string_view why) {
  return absl::InvalidArgumentError("boundary 边界：" + std::string(why));
}

absl::Status ReadRing(const json& text, size_t* points, Boundary* out) {
  if (!text.is_array() || text.size() < kRingPointsMin) return Bad("a ring needs four positions at least");
  if ((*points += text.size()) > kBoundaryPointsMax) return Bad("too many positions");
  std::vector<Position>& ring = out->emplace_back();
  for (const json& pair : text) {
    if (!pair.is_array() || pair.size() < 2 || !pair[0].is_number() || !pair[1].is_number()) {
      return Bad("a position is [longitude, latitude]");
    }
    const Position at{pair[0].get<double>(), pair[1].get<double>()};
    if (!(std::abs(at.lon) <= 180) || !(std::abs(at.lat) <= 90)) return Bad("a position is not on the earth");
    ring.push_back(at);
  }
  if (ring.front().lon != ring.back().lon || ring.front().lat != ring.back().lat) return Bad("a ring is not closed");
  return absl::OkStatus();
}

absl::Status ReadPolygon(const json& text, size_t* points, Boundary* out) {
  if (!text.is_array() || text.empty()) return Bad("a polygon needs a ring");
  for (const json& ring : text) RETURN_IF_ERROR(ReadRing(ring, points, out));
  return absl::OkStatus();
}

int32_t CellOf(double degrees) { return static_cast<int32_t>(std::floor(degrees / kCellDegrees)); }

}  // namespace

absl::StatusOr<Boundary> ParseBoundary(std::string_view geojson) {
  if (geojson.size() > kBoundaryBytesMax) return Bad("too long");
  const json text = json::parse(geojson, nullptr, false);
  if (!text.is_object() || !text.contains("type") || !text.contains("coordinates")) return Bad("not GeoJSON");
  const json& coordinates = text["coordinates"];
  Boundary out;
  size_t points = 0;
  if (text["type"] == "Polygon") {
    RETURN_IF_ERROR(ReadPolygon(coordinates, &points, &out));
  } else if (text["type"] == "MultiPolygon" && coordinates.is_array() && !coordinates.empty()) {
    for (const json& polygon : coordinates) RETURN_IF_ERROR(ReadPolygon(polygon, &points, &out));
  } else {
    return Bad("neither Polygon nor MultiPolygon");
  }
  return out;
}

bool Inside(const Boundary& boundary, Position at) {
  bool inside = false;
  for (const auto& ring : boundary) {
    for (size_t i = 0, j = ring.size() - 1; i < ring.size(); j = i++) {
      const Position& a = ring[i];
      const Position& b = ring[j];
      if ((a.lat > at.lat) == (b.lat > at.lat)) continue;
      const double crossing = a.lon + (b.lon - a.lon) * (at.lat - a.lat) / (b.lat - a.lat);
      if (at.lon < crossing) inside = !inside;
    }
  }
  return inside;
}

void GridMap::Learn(const directory::v1::Area& area) {
  if (area.level() != common::v1::GRID) return;
  Forget(area.code());
  if (!area.valid_to().empty() || area.boundary().empty()) return;
  absl::StatusOr<Boundary> boundary = ParseBoundary(area.boundary());
  if (!boundary.ok()) return;  // ValidateArea has refused it before
  Grid grid{*std::move(boundary), area.boundary_synthetic(), {}, {}};
  Position low{180, 90};
  Position high{-180, -90};
  for (const auto& ring : grid.boundary) {
    for (const Position& p : ring) {
      low = {std::min(low.lon, p.lon), std::min(low.lat, p.lat)};
      high = {std::max(high.lon, p.lon), std::max(high.lat, p.lat)};
    }
  }
  grid.middle = {(low.lon + high.lon) / 2, (low.lat + high.lat) / 2};
  const int64_t wide = CellOf(high.lon) - CellOf(low.lon) + 1;
  const int64_t tall = CellOf(high.lat) - CellOf(low.lat) + 1;
  if (static_cast<size_t>(wide * tall) > kCellsPerGridMax) return;
  for (int32_t x = CellOf(low.lon); x <= CellOf(high.lon); ++x) {
    for (int32_t y = CellOf(low.lat); y <= CellOf(high.lat); ++y) {
      grid.cells.emplace_back(x, y);
      in_cell_[{x, y}].push_back(area.code());
    }
  }
  grids_.emplace(area.code(), std::move(grid));
}

void GridMap::Forget(std::string_view code) {
  const auto at = grids_.find(code);
  if (at == grids_.end()) return;
  for (const Cell& cell : at->second.cells) {
    const auto there = in_cell_.find(cell);
    std::erase(there->second, at->first);
    if (there->second.empty()) in_cell_.erase(there);
  }
  grids_.erase(at);
}

std::optional<Position> GridMap::MiddleOf(std::string_view code) const {
  const auto at = grids_.find(code);
  return at == grids_.end() ? std::nullopt : std::optional(at->second.middle);
}

std::optional<GridMap::Found> GridMap::At(Position at) const {
  const auto there = in_cell_.find({CellOf(at.lon), CellOf(at.lat)});
  if (there == in_cell_.end()) return std::nullopt;
  std::optional<Found> best;
  for (const std::string& code : there->second) {
    const Grid& grid = grids_.find(code)->second;
    if (!Inside(grid.boundary, at)) continue;
    if (!best || std::pair(grid.synthetic, code) < std::pair(best->synthetic, best->code)) {
      best = Found{code, grid.synthetic};
    }
  }
  return best;
}

}  // namespace reference
