#pragma once
// The cost of asking 填报成本 (R13): what a mass task costs the grids is computed before anybody is asked, said in
// both languages, and kept with the task. Nothing here knows who does it: the sum is of grids. Pure.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "incident/v1/incident.pb.h"
#include "services/incident/domain/knowledge.h"
#include "services/kernel/domain.h"

namespace incident {

v1::AskingCost CostOf(const v1::StartCampaignRequest& asked, const Knowledge& known);

// "填一次约 1 分 20 秒，现场约 20 分钟，× 152 个网格 × 1 次 ≈ 共 54 小时 3 分。"
std::string CostTextZh(const v1::AskingCost& cost);
std::string CostTextEn(const v1::AskingCost& cost);

// What is wrong with a mass task, whoever asks for it; nothing of areas.
std::optional<kernel::Refusal> CampaignObjection(const v1::StartCampaignRequest& c, const Knowledge& known,
                                                 int64_t now_ms);
// Whoever asks has seen the cost, and it is still that, or at most a tenth from it.
std::optional<kernel::Refusal> CostObjection(int64_t seen_minutes, const v1::AskingCost& cost);
// The same is asked of the same grids already: sent twice, or not known of. Whoever means it names what runs.
kernel::Refusal RunsAlready(std::string_view id, const v1::Campaign& running);

}  // namespace incident
