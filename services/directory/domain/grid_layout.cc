#include "services/directory/domain/grid_layout.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <numbers>
#include <numeric>
#include <span>
#include <utility>

#include "base/check.h"
#include "common/v1/common.pb.h"
#include "services/directory/domain/limits.h"

namespace directory {
namespace {

constexpr int kCutSteps = 40;  // halvings until a cut is in place: 2^-40 of the width

struct Box {
  double min_lon = 180, max_lon = -180, min_lat = 90, max_lat = -90;
};

Box BoxOf(const Ring& ring) {
  Box box;
  for (const Point& p : ring) {
    box.min_lon = std::min(box.min_lon, p.lon);
    box.max_lon = std::max(box.max_lon, p.lon);
    box.min_lat = std::min(box.min_lat, p.lat);
    box.max_lat = std::max(box.max_lat, p.lat);
  }
  return box;
}

// The half of the ring below `at` (or above it), cut at a meridian or a parallel (Sutherland and Hodgman,
// 1974).
Ring Half(const Ring& ring, bool meridian, double at, bool below) {
  Ring out;
  const auto side = [&](const Point& p) { return ((meridian ? p.lon : p.lat) - at) * (below ? 1 : -1); };
  for (size_t i = 0; i < ring.size(); ++i) {
    const Point& a = ring[i];
    const Point& b = ring[(i + 1) % ring.size()];
    const double sa = side(a);
    const double sb = side(b);
    if (sa <= 0) out.push_back(a);
    if ((sa < 0 && sb > 0) || (sa > 0 && sb < 0)) {
      const double t = sa / (sa - sb);
      out.push_back({a.lon + (b.lon - a.lon) * t, a.lat + (b.lat - a.lat) * t});
    }
  }
  return out;
}

void Cut(const Ring& ring, std::span<const double> weights, std::vector<Ring>* out) {
  if (weights.size() == 1) {
    out->push_back(ring);
    return;
  }
  const size_t middle = weights.size() / 2;
  const double total = std::accumulate(weights.begin(), weights.end(), 0.0);
  const double share =
      std::accumulate(weights.begin(), weights.begin() + static_cast<ptrdiff_t>(middle), 0.0) / total;
  const Box box = BoxOf(ring);
  const double stretch = std::cos((box.min_lat + box.max_lat) / 2 * std::numbers::pi / 180);
  const bool meridian = (box.max_lon - box.min_lon) * stretch >= box.max_lat - box.min_lat;
  double low = meridian ? box.min_lon : box.min_lat;
  double high = meridian ? box.max_lon : box.max_lat;
  const double wanted = AreaOf(ring) * share;
  for (int step = 0; step < kCutSteps; ++step) {
    const double at = (low + high) / 2;
    (AreaOf(Half(ring, meridian, at, true)) < wanted ? low : high) = at;
  }
  Cut(Half(ring, meridian, high, true), weights.first(middle), out);
  Cut(Half(ring, meridian, high, false), weights.subspan(middle), out);
}

std::string ChineseNumber(int n) {
  constexpr std::array<std::string_view, 10> kDigit = {"零", "一", "二", "三", "四",
                                                       "五", "六", "七", "八", "九"};
  std::string out;
  const int hundreds = n / 100;
  const int tens = n / 10 % 10;
  const int ones = n % 10;
  if (hundreds > 0) out.append(kDigit[static_cast<size_t>(hundreds)]).append("百");
  if (tens > 0) {
    if (tens > 1 || hundreds > 0) out.append(kDigit[static_cast<size_t>(tens)]);
    out.append("十");
  } else if (hundreds > 0 && ones > 0) {
    out.append(kDigit[0]);
  }
  if (ones > 0) out.append(kDigit[static_cast<size_t>(ones)]);
  return out;
}

using Children = std::map<std::string, std::vector<std::string>>;  // parent -> codes in order

// Current villages with the number of grids each gets.
std::map<std::string, int> CountGrids(const std::map<std::string, v1::Area>& areas,
                                      const Children& children) {
  std::map<std::string, int> count;
  std::map<std::string, int> unknown;  // township -> former villages of which no more is known
  for (const auto& [code, area] : areas) {
    if (area.level() != common::v1::VILLAGE) continue;
    if (area.valid_to().empty()) {
      count[code] += 1 + (area.kind() == "社区" ? kMoreGridsInACommunity : 0);
      continue;
    }
    const v1::Area* at = &area;
    for (size_t step = 0; step < kSuccessorStepsMax && !at->valid_to().empty(); ++step)
      at = &areas.at(at->successor());
    ++(at->level() == common::v1::VILLAGE ? count : unknown)[at->code()];
  }
  for (const auto& [township, left] : unknown) {
    const auto villages = children.find(township);
    if (villages == children.end()) continue;
    for (int i = 0; i < left; ++i)
      ++count[villages->second[static_cast<size_t>(i) % villages->second.size()]];
  }
  for (auto& [code, grids] : count) grids = std::min(grids, kGridsPerVillageMax);
  return count;
}

class Layout {
 public:
  Layout(const std::map<std::string, Ring>& outline, std::map<std::string, v1::Area>* areas)
      : outline_(outline), areas_(areas) {
    for (const auto& [code, area] : *areas) {
      if (area.valid_to().empty() &&
          (area.level() == common::v1::TOWNSHIP || area.level() == common::v1::VILLAGE)) {
        children_[area.parent()].push_back(code);
      }
    }
    grids_ = CountGrids(*areas, children_);
  }

  void Run() {
    AddGrids();
    for (const auto& [county, ring] : outline_) {
      const auto at = areas_->find(county);
      if (at == areas_->end()) continue;
      at->second.set_boundary(ToGeoJson(ring));
      Share(county, ring);
    }
  }

 private:
  void AddGrids() {
    for (const auto& [village, count] : grids_) {
      const v1::Area& around = areas_->at(village);
      for (int serial = 1; serial <= count; ++serial) {
        std::array<char, 12> digits{};
        std::snprintf(digits.data(), digits.size(), "%03d", serial);
        v1::Area grid;
        grid.set_code(village + digits.data());
        grid.set_name(GridName(serial));
        grid.set_level(common::v1::GRID);
        grid.set_parent(village);
        grid.set_kind("basic");
        grid.set_valid_from(around.valid_from());
        children_[village].push_back(grid.code());
        (*areas_)[grid.code()] = std::move(grid);
      }
    }
  }

  double Weight(const std::string& code) const {
    const v1::Area& area = areas_->at(code);
    if (area.level() == common::v1::GRID) return 1;
    if (area.level() == common::v1::VILLAGE) return grids_.at(code);
    const auto below = children_.find(code);
    if (below == children_.end()) return 1;
    double sum = 0;
    for (const std::string& child : below->second) sum += Weight(child);
    return sum;
  }

  void Share(const std::string& parent, const Ring& ring) {
    const auto below = children_.find(parent);
    if (below == children_.end()) return;
    std::vector<double> weights;
    for (const std::string& code : below->second) weights.push_back(Weight(code));
    const std::vector<Ring> parts = CutByWeights(ring, weights);
    for (size_t i = 0; i < parts.size(); ++i) {
      v1::Area& area = areas_->at(below->second[i]);
      area.set_boundary(ToGeoJson(parts[i]));
      area.set_boundary_synthetic(true);
      Share(area.code(), parts[i]);
    }
  }

  const std::map<std::string, Ring>& outline_;
  std::map<std::string, v1::Area>* areas_;
  Children children_;
  std::map<std::string, int> grids_;
};

}  // namespace

double AreaOf(const Ring& ring) {
  double twice = 0;
  for (size_t i = 0; i < ring.size(); ++i) {
    const Point& a = ring[i];
    const Point& b = ring[(i + 1) % ring.size()];
    twice += a.lon * b.lat - b.lon * a.lat;
  }
  return twice / 2;
}

std::vector<Ring> CutByWeights(const Ring& ring, const std::vector<double>& weights) {
  CHECK(!weights.empty());
  std::vector<Ring> out;
  Cut(ring, weights, &out);
  return out;
}

std::string GridName(int serial) { return "第" + ChineseNumber(serial) + "网格"; }

std::string ToGeoJson(const Ring& ring) {
  std::string out = R"({"type":"Polygon","coordinates":[[)";
  std::array<char, 48> pair{};
  for (size_t i = 0; i <= ring.size(); ++i) {
    const Point& p = ring[i % ring.size()];
    std::snprintf(pair.data(), pair.size(), "%s[%.5f,%.5f]", i == 0 ? "" : ",", p.lon, p.lat);
    out.append(pair.data());
  }
  return out + "]]}";
}

void LayOutGrids(const std::map<std::string, Ring>& outline, std::map<std::string, v1::Area>* areas) {
  Layout(outline, areas).Run();
}

}  // namespace directory
