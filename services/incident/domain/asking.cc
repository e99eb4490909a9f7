#include "services/incident/domain/asking.h"

#include <cstdlib>

#include "base/calendar.h"
#include "services/incident/domain/limits.h"
#include "services/incident/domain/refusal.h"
#include "services/reference/asking.h"

namespace incident {
namespace {

using kernel::RefusalCode;

constexpr int64_t kMinuteSeconds = 60;

bool IsCount(int count) { return count >= 0 && count <= kAskedMax; }

std::optional<kernel::Refusal> AskedObjection(const v1::StartCampaignRequest& c) {
  const v1::Asked& asked = c.asked();
  if (!IsCount(asked.questions()) || !IsCount(asked.fields()) || !IsCount(asked.photos())) {
    const std::string most = std::to_string(kAskedMax);
    return Say(RefusalCode::kInvalid, "ASKED_OUT_OF_RANGE", "题目、填空、照片各应为0至" + most + "项。",
               "Questions, fields and photos are 0 to " + most + " each.", "asked");
  }
  if (asked.photos() > 0 && asked.photo_ground().empty()) {
    return Say(RefusalCode::kInvalid, "PHOTO_GROUND_NEEDED",
               "要求拍照须写明法律依据或应急理由，网格员看得到。",
               "Photos are asked for only with their legal or emergency ground, which the worker reads.",
               "asked.photo_ground");
  }
  if (c.minutes_per_task() < 0 || c.minutes_per_task() > kMinutesPerTaskMax) {
    const std::string most = std::to_string(kMinutesPerTaskMax);
    return Say(RefusalCode::kInvalid, "MINUTES_OUT_OF_RANGE", "每格现场用时应为0至" + most + "分钟。",
               "Time on the spot is 0 to " + most + " minutes a grid.", "minutes_per_task");
  }
  return std::nullopt;
}

}  // namespace

v1::AskingCost CostOf(const v1::StartCampaignRequest& asked, const Knowledge& known) {
  const policy::v1::IncidentPolicy& policy = known.directory().policies().incident();
  const policy::v1::AskingCost row = reference::AskingRowOf(policy);
  v1::AskingCost cost;
  cost.set_grids(known.CountGrids(asked.area_code()));
  cost.set_fills(cost.grids());
  cost.set_seconds_per_fill(row.base_seconds() + asked.asked().questions() * row.question_seconds() +
                            asked.asked().fields() * row.field_seconds() +
                            asked.asked().photos() * row.photo_seconds());
  cost.set_minutes_per_task(asked.minutes_per_task());
  const int64_t of_one = cost.seconds_per_fill() + cost.minutes_per_task() * kMinuteSeconds;
  const int64_t of_all = static_cast<int64_t>(cost.fills()) * of_one;
  cost.set_minutes(reference::MinutesOf(of_all));
  if (policy.has_asking_cost()) cost.set_policy_revision(policy.revision());
  return cost;
}

std::string CostTextZh(const v1::AskingCost& cost) {
  std::string text = "填一次约 " + std::to_string(cost.seconds_per_fill()) + " 秒";
  if (cost.minutes_per_task() > 0) text += "，现场约 " + std::to_string(cost.minutes_per_task()) + " 分钟";
  return text + "，× " + std::to_string(cost.grids()) + " 个网格 × 1 次 ≈ 共 " +
         reference::MinutesZh(cost.minutes()) + "。";
}

std::string CostTextEn(const v1::AskingCost& cost) {
  std::string text = "About " + std::to_string(cost.seconds_per_fill()) + " s to fill it in";
  if (cost.minutes_per_task() > 0)
    text += " and " + std::to_string(cost.minutes_per_task()) + " min on the spot";
  return text + ", x " + std::to_string(cost.grids()) + " grids x once = " +
         reference::MinutesEn(cost.minutes()) + " in all.";
}

std::optional<kernel::Refusal> CampaignObjection(const v1::StartCampaignRequest& c, const Knowledge& known,
                                                 int64_t now_ms) {
  const auto* category = known.directory().FindCategory(c.category());
  if (category == nullptr || category->retired() || category->lane() != policy::v1::TSK) {
    return Say(RefusalCode::kInvalid, "CATEGORY_NEEDED", "请选择专项排查的分类(12xx)。",
               "Choose a screening category (12xx).", "category");
  }
  if (known.GridsOf(c.area_code(), {}, 1).empty()) {
    return Say(RefusalCode::kGuard, "NO_GRIDS", "这个区域没有网格。", "This area has no grids.", "area_code");
  }
  if (c.due_at_ms() <= now_ms) {
    return Say(RefusalCode::kInvalid, "DUE_OUT_OF_RANGE", "截止时间应在现在以后。",
               "The due date lies in the past.", "due_at_ms");
  }
  if (c.emergency() && c.retain_until_ms() <= c.due_at_ms()) {
    return Say(RefusalCode::kInvalid, "RETENTION_NEEDED", "应急排查须写明数据保存到哪一天(晚于截止时间)。",
               "An emergency campaign states until when its data are kept, later than its due date.",
               "retain_until_ms");
  }
  return AskedObjection(c);
}

std::optional<kernel::Refusal> CostObjection(int64_t seen_minutes, const v1::AskingCost& cost) {
  const bool seen = seen_minutes > 0 && seen_minutes <= kSeenMinutesMax;
  if (seen && std::abs(seen_minutes - cost.minutes()) * kCostSlackPart <= cost.minutes()) return std::nullopt;
  const std::string minutes = std::to_string(cost.minutes());
  return Say(RefusalCode::kGuard, "COST_NOT_SEEN",
             "请先看这次排查要花网格员多少时间，再决定是否布置：" + CostTextZh(cost) +
                 "确定布置时请填 seen_cost_minutes: " + minutes + "。",
             "See first what this costs the grids, then decide: " + CostTextEn(cost) +
                 " To start it, send seen_cost_minutes: " + minutes + ".",
             "seen_cost_minutes");
}

kernel::Refusal RunsAlready(std::string_view id, const v1::Campaign& running) {
  const std::string named(id), area = running.area_code(), until = base::LocalText(running.due_at_ms());
  kernel::Refusal refusal = Say(
      RefusalCode::kGuard, "CAMPAIGN_RUNS_ALREADY",
      "这里的网格已在做同类排查（编号 " + named + "，范围 " + area + "，" + until +
          " 截止），请先核对是否重复。确需另外布置的，请填 seen_campaign_id: " + named + "。",
      "Grids here are being asked for the same already (campaign " + named + " of " + area + ", until " + until +
          "). If another one is meant beside it, send seen_campaign_id: " + named + ".",
      "seen_campaign_id");
  refusal.metadata["campaign_id"] = named;
  return refusal;
}

}  // namespace incident
