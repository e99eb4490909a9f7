#include "services/oversight/domain/keys.h"

#include "base/coding.h"

namespace oversight {
namespace {

uint8_t Rank(common::v1::Light light) {
  return light == common::v1::RED ? 0 : light == common::v1::YELLOW ? 1 : 2;
}

}  // namespace

std::string ReviewPrefix(std::string_view area) { return std::string(area) + "/"; }

std::string ReviewKey(std::string_view area, int group, uint64_t order) {
  std::string key = ReviewPrefix(area);
  base::AppendU8(&key, static_cast<uint8_t>(group));
  base::AppendU64(&key, order);
  return key;
}

std::string StuckPrefix(std::string_view township, int reason) {
  std::string key = std::string(township) + "/";
  base::AppendU8(&key, static_cast<uint8_t>(reason));
  return key;
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

std::string InstructionPrefix(char list, std::string_view whose, bool closed) {
  return std::string(1, list) + "/" + std::string(whose) + (closed ? "/1" : "/0");
}

}  // namespace oversight
