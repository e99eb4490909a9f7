#include "services/oversight/domain/keys.h"

#include "base/area_code.h"
#include "base/coding.h"
#include "services/oversight/domain/warnings.h"

namespace oversight {
namespace {

uint8_t Rank(common::v1::Light light) {
  return light == common::v1::RED ? 0 : light == common::v1::YELLOW ? 1 : 2;
}

// Where a group stands: a byte, and within one byte groups that came later are folded in behind the first, so that what
// is on disk keeps its key.
struct Place {
  uint8_t byte = 0;
  uint64_t fold = 0;
  bool last = true;  // of its byte
};
constexpr int kFoldShift = 60;

Place PlaceOf(v1::ReviewGroup group) {
  switch (group) {
    case v1::RED_LIGHT:
      return {1, 0, false};
    case v1::RED_CARD:
      return {1, 1, false};
    case v1::HIGH_WARNING:
      return {1, 2, false};
    case v1::JOINT_OR_URGENT:
      return {1, 3, false};
    case v1::BACKLOG_WITHOUT_LEADER:
      return {1, 4, true};
    case v1::AT_LEVEL:
      return {2, 0, true};
    case v1::WAS_ESCALATED:
      return {3, 0, true};
    default:
      return {};
  }
}

}  // namespace

std::string ReviewPrefix(std::string_view area) { return std::string(area) + "/"; }

std::string ReviewKey(std::string_view area, v1::ReviewGroup group, uint64_t order) {
  const Place place = PlaceOf(group);
  std::string key = ReviewPrefix(area);
  base::AppendU8(&key, place.byte);
  base::AppendU64(&key, place.fold << kFoldShift | order);
  return key;
}

std::string ReviewEnd(std::string_view area, v1::ReviewGroup group) {
  const Place place = PlaceOf(group);
  std::string key = ReviewPrefix(area);
  base::AppendU8(&key, place.last ? static_cast<uint8_t>(place.byte + 1) : place.byte);
  base::AppendU64(&key, place.last ? 0 : (place.fold + 1) << kFoldShift);
  return key;
}

std::string StuckPrefix(std::string_view area, int reason, std::string_view place) {
  std::string key = std::string(area) + "/";
  base::AppendU8(&key, static_cast<uint8_t>(reason));
  return place.empty() ? key : key + std::string(place) + "/";
}

std::string LightPrefix(std::string_view whose) { return std::string(whose) + "/"; }

std::string LightColourPrefix(std::string_view whose, common::v1::Light light) {
  std::string key = LightPrefix(whose);
  base::AppendU8(&key, Rank(light));
  return key;
}

std::string LightKey(std::string_view whose, common::v1::Light light, int64_t due_at_ms) {
  std::string key = LightColourPrefix(whose, light);
  base::AppendU64(&key, static_cast<uint64_t>(due_at_ms));
  return key;
}

std::string OrderPrefix(char list, std::string_view whose) {
  return std::string(1, list) + "/" + std::string(whose) + "/";
}

std::string CardsPrefix(std::string_view org, int32_t month) {
  std::string key = OrderPrefix('c', org);
  base::AppendU32(&key, static_cast<uint32_t>(month));
  return key;
}

std::string WarningPrefix(std::string_view area, bool over) {
  std::string key = std::string(area) + "/";
  base::AppendU8(&key, over ? 1 : 0);
  return key;
}

std::string WarningKey(std::string_view area, const v1::WarningState& warning) {
  const bool over = IsOver(warning.status());
  std::string key = WarningPrefix(area, over);
  if (!over) base::AppendU8(&key, warning.high() ? 0 : 1);
  const auto at_ms = static_cast<uint64_t>(over ? warning.ended_at_ms() : warning.raised_at_ms());
  base::AppendU64(&key, over ? ~at_ms : at_ms);
  return key;
}

std::string WarningTallies(std::string_view area) { return "warning/" + std::string(area) + "/"; }

std::string AccountabilityPrefix(char list, std::string_view whose, bool closed) {
  return std::string(1, list) + "/" + std::string(whose) + (closed ? "/1" : "/0");
}

std::string BelowIn(std::string_view place, int level) {
  const std::string below = base::CutTo(place, level - 1);
  return below.empty() ? "-" : below;
}

std::string InstructionPrefix(char list, std::string_view whose, bool closed) {
  return std::string(1, list) + "/" + std::string(whose) + (closed ? "/1" : "/0");
}

}  // namespace oversight
