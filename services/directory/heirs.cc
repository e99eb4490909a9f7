#include "services/directory/heirs.h"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "base/area_code.h"
#include "base/status_macros.h"
#include "common/v1/common.pb.h"
#include "services/directory/domain/limits.h"

namespace directory {
namespace {

using common::v1::VILLAGE;

struct Way {
  std::string today;  // the area at its end
  bool inferred = false;
};

absl::StatusOr<std::optional<v1::Area>> AreaAt(const DirectoryReader& reader, const std::string& code) {
  ASSIGN_OR_RETURN(const auto stored, reader.Get(code));
  if (!stored || !stored->state.has_area()) return std::optional<v1::Area>();
  return std::optional<v1::Area>(stored->state.area());
}

absl::StatusOr<Way> Follow(const DirectoryReader& reader, std::string code) {
  Way way{std::move(code), false};
  for (size_t step = 0; step < kSuccessorStepsMax; ++step) {
    ASSIGN_OR_RETURN(const auto area, AreaAt(reader, way.today));
    if (!area || area->valid_to().empty() || area->successor().empty()) return way;
    way.inferred |= area->successor_inferred();
    way.today = area->successor();
  }
  return absl::DataLossError("cannot resolve an area: its successors go round in a circle");
}

// Where a village went: its own successor, and those of its grids that went elsewhere, for then it was divided.
absl::StatusOr<std::set<std::string>> WhereTo(const DirectoryReader& reader, const std::string& village,
                                              const Way& way) {
  std::set<std::string> areas{way.today};
  ASSIGN_OR_RETURN(const auto grids, reader.List("parent", village + "/1/", kGridsPerVillageMax, ""));
  for (const auto& item : grids.items) {
    ASSIGN_OR_RETURN(const Way of_grid, Follow(reader, item.aggregate_id));
    const std::string to = base::LevelOf(of_grid.today) < VILLAGE ? base::CutTo(of_grid.today, VILLAGE) : of_grid.today;
    if (to != village) areas.insert(to);
  }
  return areas;
}

// The unit of the same short name in the area that took over; a unit of another area stays what it is.
absl::StatusOr<std::string> UnitThere(const DirectoryReader& reader, const std::string& org, const std::string& former,
                                      const std::string& today) {
  if (!org.starts_with(former + "-")) return org;
  std::string there = today + org.substr(former.size());
  ASSIGN_OR_RETURN(const auto stored, reader.Get(there));
  const bool stands = stored && stored->state.has_organisation() && !stored->state.organisation().closed();
  return stands ? there : std::string();
}

bool Has(const kernel::v1::Actor& actor, const kernel::v1::Grant& wanted) {
  return std::ranges::any_of(actor.grant(), [&](const kernel::v1::Grant& grant) {
    return grant.role() == wanted.role() && grant.org_id() == wanted.org_id() &&
           grant.area_code() == wanted.area_code();
  });
}

}  // namespace

bool InForce(const v1::User::Grant& grant, int64_t now_ms) {
  return grant.valid_from_ms() <= now_ms && (grant.valid_to_ms() == 0 || now_ms < grant.valid_to_ms());
}

absl::StatusOr<ActsFor> ActsForToday(const DirectoryReader& reader, const v1::User::Grant& grant) {
  ActsFor out;
  ASSIGN_OR_RETURN(const auto area, AreaAt(reader, grant.area_code()));
  if (!area || area->valid_to().empty()) return out;
  ASSIGN_OR_RETURN(const Way way, Follow(reader, grant.area_code()));
  std::set<std::string> areas{way.today};
  if (area->level() == VILLAGE) {
    ASSIGN_OR_RETURN(areas, WhereTo(reader, area->code(), way));
  }
  out.successors.assign(areas.begin(), areas.end());
  if (areas.size() > 1) {
    out.why = v1::SEVERAL_SUCCESSORS;
    return out;
  }
  // A grid goes into a village, because nobody has said which of its grids took it over.
  if (base::LevelOf(way.today) > std::max<int>(area->level(), VILLAGE)) {
    out.why = v1::SUCCESSOR_ABOVE;
    return out;
  }
  const std::string own = area->level() < VILLAGE ? base::CutTo(area->code(), VILLAGE) : area->code();
  const std::string there = base::LevelOf(way.today) < VILLAGE ? base::CutTo(way.today, VILLAGE) : way.today;
  ASSIGN_OR_RETURN(out.org, UnitThere(reader, grant.org_id(), own, there));
  if (out.org.empty() && !grant.org_id().empty()) {
    out.why = v1::NO_UNIT_THERE;
    return out;
  }
  out.area = way.today;
  if (way.inferred) out.why = v1::SUCCESSOR_INFERRED;
  return out;
}

absl::StatusOr<std::vector<std::string>> FormerOf(const DirectoryReader& reader, const std::string& area,
                                                  size_t limit) {
  std::vector<std::string> found;
  std::vector<std::string> open{base::LevelOf(area) < VILLAGE ? base::CutTo(area, VILLAGE) : area};
  while (!open.empty() && found.size() < limit) {
    const std::string at = std::move(open.back());
    open.pop_back();
    ASSIGN_OR_RETURN(const auto page, reader.List("took_over", at + "/", limit - found.size(), ""));
    for (const auto& item : page.items) {
      found.push_back(item.aggregate_id);
      open.push_back(item.aggregate_id);
    }
  }
  return found;
}

absl::StatusOr<rpc::Former> FollowMergers(const DirectoryReader& reader, const v1::User& user, int64_t now_ms,
                                          kernel::v1::Actor* actor) {
  for (const auto& grant : user.grant()) {
    if (!InForce(grant, now_ms)) continue;
    ASSIGN_OR_RETURN(const ActsFor today, ActsForToday(reader, grant));
    if (today.area.empty() || actor->grant_size() >= kGrantsPerTokenMax) continue;
    kernel::v1::Grant there;
    there.set_role(grant.role());
    there.set_org_id(today.org);
    there.set_area_code(today.area);
    if (!Has(*actor, there)) *actor->add_grant() = std::move(there);
  }
  rpc::Former former;
  size_t left = rpc::kTokenFormerMax;
  for (const auto& grant : actor->grant()) {
    const std::string area = base::LevelOf(grant.area_code()) < VILLAGE ? base::CutTo(grant.area_code(), VILLAGE)
                                                                        : grant.area_code();
    if (area.empty() || former.contains(area)) continue;
    ASSIGN_OR_RETURN(auto codes, FormerOf(reader, area, left));
    left -= codes.size();
    if (!codes.empty()) former[area] = std::move(codes);
  }
  return former;
}

}  // namespace directory
