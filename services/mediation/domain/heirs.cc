#include "services/mediation/domain/heirs.h"

#include "base/area_code.h"
#include "common/v1/common.pb.h"

namespace mediation {

using directory::v1::Organisation;

std::string AreaToday(std::string_view area, const reference::Reference& reference) {
  std::string today = reference.ResolveSuccessor(area);
  if (today != area || base::LevelOf(area) != common::v1::GRID) return today;
  const std::string village = base::CutTo(area, common::v1::VILLAGE);
  const std::string village_today = reference.ResolveSuccessor(village);
  return village_today == village ? today : village_today;
}

std::string UnitToday(std::string_view org_id, const reference::Reference& reference) {
  const Organisation* own = reference.FindOrg(org_id);
  if (own == nullptr) return std::string(org_id);
  const std::string& area = own->area_code();
  const std::string today = AreaToday(area, reference);
  if (today == area) return own->id();
  const Organisation* same = own->id().starts_with(area + "-")
                                 ? reference.FindOrg(today + own->id().substr(area.size()))
                                 : nullptr;
  if (same != nullptr && !same->closed() && same->kind() == own->kind()) return same->id();
  const bool committee = own->kind() == directory::v1::COMMITTEE;
  const Organisation* nearest = committee ? NearestCommittee(today, reference) : nullptr;
  return nearest == nullptr ? own->id() : nearest->id();
}

const Organisation* NearestCommittee(std::string_view area, const reference::Reference& reference) {
  for (std::string at(area); base::LevelOf(at) != 0 && base::LevelOf(at) <= common::v1::COUNTY;
       at = base::ParentOf(at)) {
    for (const Organisation* org : reference.OrgsIn(at, directory::v1::COMMITTEE)) {
      if (!org->duty().starts_with("industry")) return org;
    }
  }
  return nullptr;
}

}  // namespace mediation
