#include "services/oversight/domain/appeals.h"

#include <absl/strings/str_cat.h>

#include <algorithm>

#include "base/area_code.h"
#include "base/coding.h"
#include "services/oversight/domain/keys.h"
#include "services/oversight/domain/standing.h"
#include "services/reference/deadline.h"

namespace oversight {
namespace {

using absl::StrCat;
using common::v1::Light;

constexpr int kReviewLevels[] = {common::v1::TOWNSHIP, common::v1::COUNTY, common::v1::CITY};

uint8_t Rank(Light light) {
  return light == common::v1::RED ? 0 : light == common::v1::YELLOW ? 1 : light == common::v1::GREEN ? 2 : 3;
}

bool Runs(const v1::Part& appeal, std::string_view policy_id) {
  return std::ranges::any_of(appeal.incident().clock(), [&](const common::v1::Clock& clock) {
    return clock.policy_id() == policy_id && reference::IsRunning(clock);
  });
}

bool IsPeriod(std::string_view policy_id) { return policy_id.starts_with("DA-") && policy_id < "DA-05"; }

// What an appeal is to leaders of one area.
struct Shown {
  std::string area;
  v1::AppealStage stage = v1::APPEAL_STAGE_UNSPECIFIED;
  Light light = common::v1::LIGHT_UNSPECIFIED;
  int64_t due_ms = 0;
  bool listed = false;
  bool complex = false;
};
std::vector<Shown> ShownOf(const v1::State& state) {
  std::vector<Shown> all;
  const v1::Part* appeal = AppealPart(state.matter());
  if (appeal == nullptr) return all;
  const v1::RunningLight* running = AppealLight(*appeal);
  for (const int level : kReviewLevels) {
    Shown shown{base::CutTo(state.matter().area_code(), level), AppealStageOf(*appeal)};
    if (shown.area.empty()) continue;
    if (running != nullptr) {
      shown.light = running->light();
      shown.due_ms = running->due_at_ms();
    }
    v1::Matter scratch;
    shown.listed = !SeenAt(state.matter(), level, &scratch).listing().empty();
    shown.complex = IsComplex(*appeal);
    all.push_back(std::move(shown));
  }
  return all;
}

}  // namespace

const v1::Part* AppealPart(const v1::Matter& matter) {
  const auto appeal = std::ranges::find_if(matter.part(), [](const v1::Part& part) {
    return part.has_incident() && part.incident().kind() == incident::v1::ENTERPRISE_APPEAL && IsOpen(part);
  });
  return appeal == matter.part().end() ? nullptr : &*appeal;
}

v1::AppealStage AppealStageOf(const v1::Part& appeal) {
  if (!Runs(appeal, "DA-03") && !Runs(appeal, "DA-04")) return v1::AWAITS_CLOSING;
  if (appeal.incident().status() == incident::v1::PENDING_VERIFY) return v1::AWAITS_CONFIRMATION;
  if (Runs(appeal, "DA-01")) return v1::AWAITS_CONTACT;
  return Runs(appeal, "DA-02") ? v1::AWAITS_REPLY : v1::AWAITS_SOLUTION;
}

bool IsComplex(const v1::Part& appeal) {
  bool given_up = false, thirty = false;  // the newest of each: a rejection cancels both, its appeal begins them anew
  for (const auto& clock : appeal.incident().clock()) {
    const bool cancelled = clock.outcome() == common::v1::CLOCK_CANCELLED;
    if (clock.policy_id() == "DA-03") given_up = cancelled;
    if (clock.policy_id() == "DA-04") thirty = !cancelled;
  }
  return given_up && thirty;
}

const v1::RunningLight* AppealLight(const v1::Part& appeal) {
  const v1::RunningLight* counts = nullptr;
  for (const auto& light : appeal.light()) {
    if (!IsPeriod(light.policy_id())) continue;
    const bool first = counts == nullptr || Rank(light.light()) < Rank(counts->light()) ||
                       (light.light() == counts->light() && light.due_at_ms() < counts->due_at_ms());
    if (first) counts = &light;
  }
  return counts;
}

std::string AppealPrefix(std::string_view area, Light light, v1::AppealStage stage,
                         std::optional<bool> listed) {
  std::string key = StrCat(std::string(area), "/");
  base::AppendU8(&key, Rank(light));
  if (stage == v1::APPEAL_STAGE_UNSPECIFIED) return key;
  base::AppendU8(&key, static_cast<uint8_t>(stage));
  if (listed) base::AppendU8(&key, *listed ? 0 : 1);
  return key;
}

std::string AppealTallies(std::string_view area) { return StrCat("appeal/", std::string(area), "/"); }

void AddAppealEntries(const v1::State& state, std::vector<kernel::IndexEntry>* entries) {
  for (const Shown& shown : ShownOf(state)) {
    std::string key = AppealPrefix(shown.area, shown.light, shown.stage, shown.listed);
    base::AppendU64(&key, static_cast<uint64_t>(shown.due_ms));
    entries->push_back({"appeal", std::move(key)});
  }
}

void AddAppealTallies(const v1::State& state, std::vector<kernel::TallyEntry>* tallies) {
  for (const Shown& shown : ShownOf(state)) {
    tallies->push_back(
        {StrCat(AppealTallies(shown.area), BelowIn(state.matter().area_code(), base::LevelOf(shown.area)),
                "/", static_cast<int>(shown.stage), static_cast<int>(shown.light), shown.listed ? "1" : "0",
                shown.complex ? "1" : "0")});
  }
}

}  // namespace oversight
