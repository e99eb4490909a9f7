#include "services/sheet/asked.h"

#include <absl/strings/str_cat.h>

#include "base/area_code.h"
#include "base/calendar.h"
#include "base/small_numbers.h"

namespace sheet {
namespace {

kernel::Refusal Wrong(std::string_view reason, std::string_view field, std::string_view zh, std::string_view en) {
  return {kernel::RefusalCode::kInvalid, std::string(reason), std::string(field), std::string(zh), std::string(en), {}};
}
kernel::Refusal WrongDay(std::string_view field) {
  return Wrong("BAD_DAY", field, "日期应如 2026-12-24，且止日不早于起日。",
               "A day is written like 2026-12-24, and the last is not before the first.");
}

}  // namespace

std::optional<kernel::Refusal> Understand(const common::v1::SheetRequest& request, int64_t now_ms, Asked* asked) {
  const int level = base::LevelOf(request.area_code());
  if (level < common::v1::TOWNSHIP || level > common::v1::CITY) {
    return Wrong("BAD_AREA", "area_code", "请给出市、县或乡镇的代码。", "Give the code of a city, county or township.");
  }
  if (!common::v1::SheetFormat_IsValid(request.format())) {
    return Wrong("BAD_FORMAT", "format", "格式为 CSV 或 JSON。", "The format is CSV or JSON.");
  }
  const base::Day today = base::LocalDay(now_ms);
  const auto from = request.from_day().empty() ? base::DayOf({base::DateOf(today).year, 1, 1})
                                               : base::ParseDay(request.from_day());
  const auto to = request.to_day().empty() ? today : base::ParseDay(request.to_day());
  if (!from) return WrongDay("from_day");
  if (!to || *to < *from) return WrongDay("to_day");
  asked->area_code = request.area_code();
  asked->period = {base::StartOfDayMs(*from), base::EndOfDayMs(*to)};
  asked->format = request.format() == common::v1::JSON ? Format::kJson : Format::kCsv;
  return std::nullopt;
}

About AboutOf(std::string_view name, const Asked& asked, int64_t now_ms) {
  const std::string from = base::DayText(base::LocalDay(asked.period.from_ms));
  const std::string to = base::DayText(base::LocalDay(asked.period.to_ms - 1));
  return {absl::StrCat(std::string(name), "-", asked.area_code, "-", from, "-", to),
          {{"areaCode", asked.area_code},
           {"registeredFrom", from},
           {"registeredTo", to},
           {"asOf", base::LocalText(now_ms)}}};
}

Cell RoundedCell(int64_t count) { return base::IsFew(count) ? Cell() : Cell(base::Rounded(count)); }

void SayRounded(About* about) {
  about->name += "-rounded";
  about->fact.emplace_back("rounded", "multiples of five; one to four are left empty 按五的倍数给出，一至四不列");
}

std::string_view ScaleWord(common::v1::Scale scale) {
  switch (scale) {
    case common::v1::S1_ONE: return "1人";
    case common::v1::S2_2_TO_4: return "2至4人";
    case common::v1::S3_5_TO_9: return "5至9人";
    case common::v1::S4_10_TO_49: return "10至49人";
    case common::v1::S5_50_OR_MORE: return "50人以上";
    default: return "";
  }
}

std::string_view LevelWord(int level) {
  switch (level) {
    case common::v1::GRID: return "网格";
    case common::v1::VILLAGE: return "村、社区";
    case common::v1::TOWNSHIP: return "乡镇、街道";
    case common::v1::COUNTY: return "县";
    case common::v1::CITY: return "市";
    case common::v1::PROVINCE: return "省";
    default: return "";
  }
}

std::string_view AmountWord(mediation::v1::AmountBand band) {
  switch (band) {
    case mediation::v1::NO_AMOUNT: return "不涉及金额";
    case mediation::v1::BELOW_10K: return "1万元以下";
    case mediation::v1::FROM_10K: return "1万至10万元";
    case mediation::v1::FROM_100K: return "10万至50万元";
    case mediation::v1::FROM_500K: return "50万元以上";
    default: return "";
  }
}

}  // namespace sheet
