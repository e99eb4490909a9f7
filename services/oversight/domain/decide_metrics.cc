// Figures from outside: what courts, police and the hotline count.

#include <string>

#include "base/area_code.h"
#include "base/calendar.h"
#include "services/oversight/domain/decide.h"
#include "services/oversight/domain/figure_keys.h"
#include "services/oversight/domain/limits.h"
#include "services/oversight/domain/metrics.h"

namespace oversight {
namespace {

using kernel::RefusalCode;

int32_t Compact(const base::Date& date) { return date.year * 10'000 + date.month * 100 + date.day; }

Decision Unknown(std::string_view field) { return Refuse(RefusalCode::kInvalid, "UNKNOWN_CODE", field); }
Decision Impossible(std::string_view field) { return Refuse(RefusalCode::kInvalid, "OUT_OF_RANGE", field); }

// Each figure is an aggregate of its own: a month's newest counts, and those before it stay.
size_t EnteredBefore(const v1::RecordFigureRequest& request, int32_t month, const Ask& ask) {
  const std::string prefix = OutsidePrefix(request.metric_id(), request.area_code()) + std::to_string(month) + "/";
  return ask.ctx.lookup->Scan("figure", prefix, kRevisionsMax).size();
}

}  // namespace

Decision DecideRecordFigure(const v1::RecordFigureRequest& request, const Ask& ask) {
  const Metric* metric = FindMetric(request.metric_id());
  if (metric == nullptr || metric->shape != Shape::kOutside) return Unknown("metric_id");
  const int level = base::LevelOf(request.area_code());
  if (level != common::v1::COUNTY && level != common::v1::CITY) return Unknown("area_code");
  const auto month = base::ParseDay(request.month() + "-01");
  const base::Day today = base::LocalDay(ask.ctx.now_ms);
  if (!month) return Refuse(RefusalCode::kInvalid, "NO_SUCH_MONTH", "month");
  const base::Day over = base::AddMonths(*month, 1);
  if (over > today) return Refuse(RefusalCode::kInvalid, "MONTH_NOT_OVER", "month");
  if (base::AddMonths(*month, kOutsideMonthsBack) < today)
    return Refuse(RefusalCode::kInvalid, "MONTH_TOO_OLD", "month");
  if (request.of() <= 0) return Impossible("of");
  // Neither are there more calls answered than calls, nor more lawsuits than people.
  if (request.counted() < 0 || request.counted() > request.of()) return Impossible("counted");
  const auto source_day = base::ParseDay(request.source_day());
  // Nobody has counted a month before its last day.
  if (!source_day || *source_day > today || *source_day < over - 1)
    return Refuse(RefusalCode::kInvalid, "BAD_SOURCE_DAY", "source_day");
  const int32_t number = Compact(base::DateOf(*month)) / 100;
  const size_t before = EnteredBefore(request, number, ask);
  if (before > 0 && request.reason().empty()) return Refuse(RefusalCode::kInvalid, "REASON_NEEDED", "reason");
  if (before >= kRevisionsMax) return Refuse(RefusalCode::kLimit, "REVISIONS_MAX", "month");
  Decision decision;
  auto* figure = decision.Emit()->mutable_figure_recorded()->mutable_figure();
  figure->set_metric_id(request.metric_id());
  figure->set_area_code(request.area_code());
  figure->set_month(number);
  figure->set_counted(request.counted());
  figure->set_of(request.of());
  figure->set_source(request.source());
  figure->set_source_day(Compact(base::DateOf(*source_day)));
  figure->set_org_id(ask.who.org);
  figure->set_recorded_at_ms(ask.ctx.now_ms);
  if (before > 0) figure->set_reason(request.reason());
  return decision;
}

}  // namespace oversight
