#include "services/notify/domain/audience.h"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <set>

#include "base/area_code.h"
#include "services/notify/domain/limits.h"

namespace notify {
namespace {

using policy::v1::Circle, policy::v1::Whom;

// What notices call these units. Oversight names whom it reminds `to_org`: that is who has the matter.
std::vector<std::string_view> FieldsOf(Whom whom, std::string_view source) {
  const bool supervises = source == "oversight";
  switch (whom) {
    case policy::v1::HOLDER:
      return supervises ? std::vector<std::string_view>{"to_org"} : std::vector<std::string_view>{"holder_org"};
    case policy::v1::LEAD:
      return {"lead_org"};
    case policy::v1::TERRITORIAL:
      return {"territorial_org"};
    case policy::v1::COMMITTEE:
      return {"committee_org"};
    case policy::v1::ADDRESSEE:
      return {"to_org", "addressee"};
    case policy::v1::ISSUER:
      return {"issuer_org"};
    default:
      return {};
  }
}

std::vector<std::string> UnitsNamed(const v1::Heard& heard, Whom whom) {
  std::vector<std::string> units;
  for (std::string_view field : FieldsOf(whom, heard.source())) {
    for (const auto& unit : heard.unit()) {
      if (unit.field() == field && !unit.org_id().empty()) units.push_back(unit.org_id());
    }
  }
  return units;
}

std::string AreaOf(const v1::Heard& heard, Whom whom) {
  if (whom == policy::v1::OF_TOWNSHIP) return base::CutTo(heard.area_code(), common::v1::TOWNSHIP);
  if (whom == policy::v1::OF_COUNTY) return base::CutTo(heard.area_code(), common::v1::COUNTY);
  const int level = heard.level() + (whom == policy::v1::LEVEL_ABOVE ? 1 : 0);
  return base::CutTo(heard.area_code(), level);
}

}  // namespace

std::string UnitBox(std::string_view org, Circle circle) {
  return absl::StrCat("unit/", std::string(org), "/", Circle_Name(circle));
}
std::string AreaBox(std::string_view area, Circle circle) {
  return absl::StrCat("area/", std::string(area), "/", Circle_Name(circle));
}
std::string OwnBox(std::string_view service, std::string_view matter_code) {
  return absl::StrCat("own/", std::string(service), "/", std::string(matter_code));
}

std::vector<std::string> BoxesFor(const policy::v1::TopicRule& rule, const v1::Heard& heard) {
  const bool petition = heard.service() == "petition";
  std::vector<std::string> boxes;
  for (const auto& to : rule.to()) {
    if (!to.card().empty() && std::ranges::find(to.card(), heard.card()) == to.card().end()) continue;
    if (to.demanded() && !heard.demanded()) continue;
    if (to.pressing() && !heard.pressing()) continue;
    if (to.unsolved() && !heard.unsolved()) continue;
    if (to.whom() == policy::v1::CONCERNED) {
      if (!heard.matter_code().empty()) boxes.push_back(OwnBox(heard.service(), heard.matter_code()));
    } else if (IsUnitCircle(to.circle())) {
      // A petition's lead and territorial unit are no reason to know of it: who has it and who is asked are.
      if (petition && to.whom() != policy::v1::HOLDER && to.whom() != policy::v1::ADDRESSEE) continue;
      if (petition && to.circle() == policy::v1::DISCIPLINE) continue;  // a row would speak of an accusation
      for (const std::string& org : UnitsNamed(heard, to.whom())) boxes.push_back(UnitBox(org, to.circle()));
    } else {
      const std::string area = AreaOf(heard, to.whom());
      if (area.empty() || (petition && base::LevelOf(area) < heard.level())) continue;
      boxes.push_back(AreaBox(area, to.circle()));
    }
  }
  std::set<std::string> seen;
  std::erase_if(boxes, [&](const std::string& box) { return !seen.insert(box).second; });
  if (boxes.size() > kBoxesMax) boxes.resize(kBoxesMax);
  return boxes;
}

std::vector<std::string> BoxesOf(const Rules& rules, const kernel::v1::Actor& actor) {
  std::set<std::string> boxes;
  for (const auto& grant : actor.grant()) {
    for (const Circle circle : rules.CirclesOf(grant.role())) {
      if (!IsUnitCircle(circle)) {
        if (!grant.area_code().empty()) boxes.insert(AreaBox(grant.area_code(), circle));
      } else if (!grant.org_id().empty()) {
        boxes.insert(UnitBox(grant.org_id(), circle));
      }
    }
  }
  return {boxes.begin(), boxes.end()};
}

std::string UnitOf(const v1::Heard& heard) {
  for (std::string_view field : {"to_org", "holder_org", "committee_org", "lead_org"}) {
    for (const auto& unit : heard.unit()) {
      if (unit.field() == field && !unit.org_id().empty()) return unit.org_id();
    }
  }
  return "";
}

}  // namespace notify
