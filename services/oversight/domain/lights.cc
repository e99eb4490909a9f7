#include "services/oversight/domain/lights.h"

#include <algorithm>

#include "base/check.h"
#include "services/reference/clocks.h"
#include "services/reference/deadline.h"

namespace oversight {
namespace {

constexpr std::string_view kTimerPrefix = "light/";
constexpr std::string_view kLatePrefix = "late/";

std::string Named(std::string_view prefix, const v1::Part& part, const v1::RunningLight& light) {
  return std::string(prefix) + part.service() + "/" + part.subject_id() + "/" + light.policy_id();
}

template <class Command>
Command Read(std::string_view prefix, std::string_view timer) {
  CHECK(timer.starts_with(prefix));
  timer.remove_prefix(prefix.size());
  const size_t first = timer.find('/');
  const size_t last = timer.rfind('/');
  CHECK(first != std::string_view::npos && last > first);
  Command command;
  command.set_service(std::string(timer.substr(0, first)));
  command.set_subject_id(std::string(timer.substr(first + 1, last - first - 1)));
  command.set_policy_id(std::string(timer.substr(last + 1)));
  return command;
}

}  // namespace

int64_t YellowAt(const common::v1::Clock& clock, const reference::Reference& reference) {
  CHECK(reference.HasCalendar());  // what comes before it waits: subscriptions.h
  return reference::YellowFromMs(clock, reference.light_rule(), reference.calendar());
}

std::vector<v1::RunningLight> LightsOf(const google::protobuf::RepeatedPtrField<common::v1::Clock>& clocks,
                                       const reference::Reference& reference, int64_t now_ms) {
  std::vector<v1::RunningLight> lights;
  for (const auto& clock : clocks) {
    if (!reference::IsRunning(clock) || clock.holder_org().empty() || reference::IsRight(clock.policy_id())) continue;
    v1::RunningLight light;
    light.set_policy_id(clock.policy_id());
    light.set_due_at_ms(clock.due_at_ms());
    light.set_yellow_at_ms(YellowAt(clock, reference));
    light.set_holder_org(clock.holder_org());
    light.set_started_at_ms(clock.started_at_ms());
    light.set_paused(reference::IsPaused(clock));
    const int64_t as_of = light.paused() ? clock.pause(clock.pause_size() - 1).from_ms() : now_ms;
    light.set_light(LightAt(light.yellow_at_ms(), light.due_at_ms(), as_of));
    lights.push_back(std::move(light));
  }
  return lights;
}

common::v1::Light LightAt(int64_t yellow_at_ms, int64_t due_at_ms, int64_t now_ms) {
  if (now_ms > due_at_ms) return common::v1::RED;
  return now_ms >= yellow_at_ms ? common::v1::YELLOW : common::v1::GREEN;
}

common::v1::Light ColourAt(const v1::RunningLight& light, int64_t now_ms) {
  return light.paused() ? light.light() : LightAt(light.yellow_at_ms(), light.due_at_ms(), now_ms);
}

std::optional<int64_t> TurnsAt(const v1::RunningLight& light) {
  if (light.paused() || light.light() == common::v1::RED) return std::nullopt;
  if (light.light() == common::v1::GREEN) return std::min(light.yellow_at_ms(), light.due_at_ms() + 1);
  return light.due_at_ms() + 1;
}

std::optional<int64_t> LooksAt(const v1::RunningLight& light) {
  if (light.paused() || light.light() != common::v1::RED || light.check_at_ms() == 0) return std::nullopt;
  return light.check_at_ms();
}

std::string TimerName(const v1::Part& part, const v1::RunningLight& light) {
  return Named(kTimerPrefix, part, light);
}
v1::TurnLight FromTimerName(std::string_view timer) { return Read<v1::TurnLight>(kTimerPrefix, timer); }
std::string LateTimerName(const v1::Part& part, const v1::RunningLight& light) {
  return Named(kLatePrefix, part, light);
}
v1::CheckLate FromLateTimerName(std::string_view timer) { return Read<v1::CheckLate>(kLatePrefix, timer); }

}  // namespace oversight
