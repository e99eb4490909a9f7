#include "services/oversight/analysis.h"

#include "base/area_code.h"
#include "base/status_macros.h"
#include "services/oversight/domain/figure_keys.h"
#include "services/oversight/domain/trends.h"

namespace oversight {
namespace {

constexpr size_t kRowsMax = 200'000;  // kinds of one area in one month

bool Split(std::string_view rest, TrendRow* row) {
  const size_t dot = rest.rfind('.');
  if (rest.size() < 3 || rest[1] != '/' || dot == std::string_view::npos) return false;
  row->what = rest[0];
  row->of = rest.substr(2, dot - 2);
  row->kind = rest.substr(dot + 1);
  return true;
}

}  // namespace

absl::StatusOr<Trends> Trends::Of(const kernel::Reader<OversightDomain>& reader, int view) {
  ASSIGN_OR_RETURN(auto merged, MergedCodes(reader));
  return Trends(reader, view, std::move(merged));
}

absl::Status Trends::Rows(const std::string& area, Months months, const See& see) const {
  for (const auto& [code, sign] : PlacesOf(*reference_, merged_, area)) {
    const int level = base::LevelOf(code);
    for (const std::string& name : {code, PlaceSeenFrom(code, view_)}) {
      for (base::Day month = months.from; month < months.until; month = base::AddMonths(month, 1)) {
        const std::string prefix = TrendPrefix(level, name, month);
        ASSIGN_OR_RETURN(const auto rows, reader_.Tallies(prefix, kRowsMax));
        if (rows.size() == kRowsMax)
          return absl::ResourceExhaustedError("more kinds of matters than a table can sum");
        for (const auto& [key, count] : rows) {
          TrendRow row;
          if (!Split(std::string_view(key).substr(prefix.size()), &row)) continue;
          row.month = month;
          row.count = sign * static_cast<int64_t>(count);
          see(row);
        }
      }
    }
  }
  return absl::OkStatus();
}

std::vector<std::string> Trends::Below(const std::string& area) const {
  return reference_->AreasIn(area, base::LevelOf(area) - 1);
}

}  // namespace oversight
