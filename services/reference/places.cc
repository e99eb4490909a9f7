#include "services/reference/places.h"

#include "base/area_code.h"
#include "common/v1/common.pb.h"

namespace reference {
namespace {

constexpr int kLinksMax = 16;  // as ResolveSuccessor: more is a ring in the data

}  // namespace

std::set<std::string> PlacesOf(std::string_view area, const Reference& reference) {
  std::set<std::string> places;
  std::string at(area);
  for (int link = 0; link <= kLinksMax && !at.empty(); ++link) {
    std::string next;
    for (int level = base::LevelOf(at); level != 0 && level <= common::v1::PROVINCE; ++level) {
      std::string around = base::CutTo(at, level);
      const auto* known = reference.FindArea(around);
      if (next.empty() && known != nullptr) next = known->successor();
      places.insert(std::move(around));
    }
    at = std::move(next);
  }
  return places;
}

}  // namespace reference
