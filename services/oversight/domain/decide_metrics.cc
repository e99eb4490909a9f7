// Figures from outside: what courts, police and the hotline count.

#include "base/area_code.h"
#include "base/calendar.h"
#include "services/oversight/domain/decide.h"
#include "services/oversight/domain/metrics.h"

namespace oversight {
namespace {

using kernel::RefusalCode;

int32_t Compact(const base::Date& date) { return date.year * 10'000 + date.month * 100 + date.day; }

Decision Unknown(std::string_view field) { return Refuse(RefusalCode::kInvalid, "UNKNOWN_CODE", field); }
Decision Impossible(std::string_view field) { return Refuse(RefusalCode::kInvalid, "OUT_OF_RANGE", field); }

}  // namespace

Decision DecideRecordFigure(const v1::RecordFigureRequest& request, const Ask& ask) {
  const Metric* metric = FindMetric(request.metric_id());
  if (metric == nullptr || metric->shape != Shape::kOutside) return Unknown("metric_id");
  const int level = base::LevelOf(request.area_code());
  if (level != common::v1::COUNTY && level != common::v1::CITY) return Unknown("area_code");
  const auto month = base::ParseDay(request.month() + "-01");
  const base::Day today = base::LocalDay(ask.ctx.now_ms);
  if (!month) return Refuse(RefusalCode::kInvalid, "NO_SUCH_MONTH", "month");
  if (base::AddMonths(*month, 1) > today) return Refuse(RefusalCode::kInvalid, "MONTH_NOT_OVER", "month");
  if (request.of() <= 0) return Impossible("of");
  // Neither are there more calls answered than calls, nor more lawsuits than people.
  if (request.counted() < 0 || request.counted() > request.of()) return Impossible("counted");
  const auto source_day = base::ParseDay(request.source_day());
  if (!source_day || *source_day > today || *source_day < *month)
    return Refuse(RefusalCode::kInvalid, "BAD_PAST_DAY", "source_day");
  Decision decision;
  auto* figure = decision.Emit()->mutable_figure_recorded()->mutable_figure();
  figure->set_metric_id(request.metric_id());
  figure->set_area_code(request.area_code());
  figure->set_month(Compact(base::DateOf(*month)) / 100);
  figure->set_counted(request.counted());
  figure->set_of(request.of());
  figure->set_source(request.source());
  figure->set_source_day(Compact(base::DateOf(*source_day)));
  figure->set_org_id(ask.who.org);
  figure->set_recorded_at_ms(ask.ctx.now_ms);
  return decision;
}

}  // namespace oversight
