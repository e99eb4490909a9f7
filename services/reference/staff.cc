#include "services/reference/staff.h"

#include <algorithm>
#include <string>

#include "base/area_code.h"
#include "common/v1/common.pb.h"

namespace reference {
namespace {

using common::v1::VILLAGE;

constexpr int kGridsPerVillageMax = 999;  // the serial has three digits

struct Place {
  std::string org_id;
  std::string area_code;
};

std::string VillageOf(std::string_view area) {
  return std::string(base::LevelOf(area) < VILLAGE ? base::CutTo(area, VILLAGE) : area);
}

std::string GridCode(std::string_view village, int serial) {
  const std::string digits = std::to_string(serial);
  return std::string(village) + std::string(3 - digits.size(), '0') + digits;
}

// A village some of whose grids went elsewhere was divided: nobody has said for which part a post on it counts.
bool WasDivided(const Reference& reference, std::string_view village, std::string_view today) {
  for (int serial = 1; serial <= kGridsPerVillageMax; ++serial) {
    const std::string grid = GridCode(village, serial);
    if (!reference.AreaExists(grid)) continue;
    const std::string to = VillageOf(reference.ResolveSuccessor(grid));
    if (to != village && to != today) return true;
  }
  return false;
}

// The post as it counts in the area that took over; nullopt where its own area stands, or nothing follows.
std::optional<Place> PlaceToday(const Reference& reference, const Post& post) {
  const std::string today = reference.ResolveSuccessor(post.area_code);
  const int level = base::LevelOf(post.area_code);
  if (today == post.area_code || base::LevelOf(today) > std::max<int>(level, VILLAGE)) return std::nullopt;
  if (level == VILLAGE && WasDivided(reference, post.area_code, today)) return std::nullopt;
  const std::string own = VillageOf(post.area_code);
  if (!post.org_id.starts_with(own + "-")) return Place{post.org_id, today};
  const directory::v1::Organisation* there = reference.FindOrg(VillageOf(today) + post.org_id.substr(own.size()));
  if (there == nullptr || there->closed()) return std::nullopt;
  return Place{there->id(), today};
}

bool InForce(const Post& post, int64_t now_ms) {
  return post.valid_from_ms <= now_ms && (post.valid_to_ms == 0 || now_ms < post.valid_to_ms);
}

bool Fits(const Reference& reference, const Place& place, const PostWanted& wanted) {
  if (!wanted.org_id.empty() && place.org_id != wanted.org_id) return false;
  if (wanted.over_area.empty() || base::Covers(place.area_code, wanted.over_area)) return true;
  return base::Covers(place.area_code, reference.ResolveSuccessor(wanted.over_area));
}

bool HasPost(const Reference& reference, const Staff& staff, const PostWanted& wanted, int64_t now_ms) {
  return std::ranges::any_of(staff.posts, [&](const Post& post) {
    if (!InForce(post, now_ms) || std::ranges::find(wanted.roles, post.role) == wanted.roles.end()) return false;
    if (Fits(reference, {post.org_id, post.area_code}, wanted)) return true;
    const std::optional<Place> today = PlaceToday(reference, post);
    return today && Fits(reference, *today, wanted);
  });
}

}  // namespace

bool Holds(const Reference& reference, std::string_view user_id, const PostWanted& wanted, int64_t now_ms) {
  const Staff* staff = reference.FindStaff(user_id);
  return staff != nullptr && !staff->disabled && HasPost(reference, *staff, wanted, now_ms);
}

std::optional<Objection> WhyNotNamed(const Reference& reference, std::string_view user_id, const PostWanted& wanted,
                                     int64_t now_ms) {
  const std::string zh(wanted.zh);
  const std::string en(wanted.en);
  const Staff* staff = reference.FindStaff(user_id);
  if (staff == nullptr) {
    return Objection{"NO_SUCH_STAFF", "没有这个工作人员账号，应为" + zh + "。",
                     "There is no such account of staff; wanted is " + en + "."};
  }
  if (staff->disabled) {
    return Objection{"STAFF_DISABLED", "该工作人员账号已停用，应为" + zh + "。",
                     "This account of staff is disabled; wanted is " + en + "."};
  }
  if (!HasPost(reference, *staff, wanted, now_ms)) {
    return Objection{"POST_MISSING", "该工作人员现在不是" + zh + "。", "This person is not " + en + " at present."};
  }
  return std::nullopt;
}

}  // namespace reference
