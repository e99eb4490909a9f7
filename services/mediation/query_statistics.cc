// What the official statistics 统计报表 count, from live counters: the eighteen types of dispute, the sources, the
// outcomes, of the cases registered in one year. Always equal to a recount; costs what an area has townships.
#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "base/area_code.h"
#include "base/calendar.h"
#include "services/mediation/domain/keys.h"
#include "services/mediation/domain/refusals.h"
#include "services/mediation/exactly.h"
#include "services/mediation/queries.h"

namespace mediation {
namespace {

using kernel::RefusalCode;

// What follows the township in a key: "D02/oral", "FROM_COURT".
std::string ValueOf(std::string_view key, size_t prefix_without_area) {
  const size_t slash = key.find('/', prefix_without_area);
  return slash == std::string_view::npos ? std::string() : std::string(key.substr(slash + 1));
}

using Counts = std::map<std::string, int64_t>;

void FillTypes(const Counts& counts, v1::CountStatisticsResponse* out) {
  std::map<std::string, v1::CountStatisticsResponse::TypeCount> by_type;
  for (const auto& [value, count] : counts) {
    const size_t slash = value.find('/');
    if (slash == std::string::npos) continue;
    auto& row = by_type[value.substr(0, slash)];
    row.set_cases(row.cases() + count);
    const std::string course = value.substr(slash + 1);
    if (course == "open") row.set_open(count);
    if (course == "written") row.set_written(count);
    if (course == "oral") row.set_oral(count);
    if (course == "ended") row.set_ended(count);
    if (course == "refused") row.set_refused(count);
  }
  for (auto& [type, row] : by_type) {
    row.set_dispute_type(type);
    *out->add_by_type() = std::move(row);
  }
}

// Kinds of which there are fewer than five are left out; of the others 0 is anything below five.
template <class Rows>
void CoarsenRows(Rows* rows) {
  for (auto& row : *rows) row.set_count(base::Coarse(row.count()));
  const auto none = [](const auto& row) { return row.count() == 0; };
  rows->erase(std::remove_if(rows->begin(), rows->end(), none), rows->end());
}

void Coarsen(v1::CountStatisticsResponse* out) {
  for (auto& row : *out->mutable_by_type()) {
    row.set_cases(base::Coarse(row.cases()));
    row.set_open(base::Coarse(row.open()));
    row.set_written(base::Coarse(row.written()));
    row.set_oral(base::Coarse(row.oral()));
    row.set_ended(base::Coarse(row.ended()));
    row.set_refused(base::Coarse(row.refused()));
  }
  auto* types = out->mutable_by_type();
  const auto none = [](const auto& row) { return row.cases() == 0; };
  types->erase(std::remove_if(types->begin(), types->end(), none), types->end());
  CoarsenRows(out->mutable_by_source());
  CoarsenRows(out->mutable_by_band());
  CoarsenRows(out->mutable_by_confirmation());
  CoarsenRows(out->mutable_by_performance());
  out->set_rounded(true);
}

}  // namespace

rpc::Answer Queries::CountStatistics(const rpc::Caller& caller, const v1::CountStatisticsRequest& request,
                                     v1::CountStatisticsResponse* out) const {
  const int level = base::LevelOf(request.area_code());
  if (level < common::v1::TOWNSHIP || level > common::v1::CITY) {
    return Why(RefusalCode::kInvalid, "FIGURES_AREA", "area_code");
  }
  if (request.year() < 0 || request.year() > 9999) return Why(RefusalCode::kInvalid, "BAD_YEAR", "year");
  const int year = request.year() == 0 ? base::DateOf(base::LocalDay(caller.now_ms)).year : request.year();
  const CaseReader reader = parts_.read();
  auto count = [&](std::string_view what, Counts* counts) -> absl::Status {
    const std::string prefix = StatisticsPrefix(what, year, request.area_code());
    auto tallies = reader.Tallies(prefix, kTalliesMax);
    if (!tallies.ok()) return tallies.status();
    const size_t area_at = prefix.size() - request.area_code().size();
    for (const auto& tally : *tallies) {
      (*counts)[ValueOf(tally.key, area_at)] += static_cast<int64_t>(tally.count);
    }
    return absl::OkStatus();
  };
  Counts type, source, band, confirmation, performance;
  for (auto& [what, counts] : std::vector<std::pair<const char*, Counts*>>{{"type", &type},
                                                                           {"source", &source},
                                                                           {"band", &band},
                                                                           {"confirmation", &confirmation},
                                                                           {"performance", &performance}}) {
    if (auto status = count(what, counts); !status.ok()) return status;
  }
  out->set_year(year);
  FillTypes(type, out);
  for (const auto& [name, number] : source) {
    v1::SourceKind value = v1::SOURCE_KIND_UNSPECIFIED;
    v1::SourceKind_Parse(name, &value);
    auto* row = out->add_by_source();
    row->set_source(value);
    row->set_count(number);
  }
  for (const auto& [name, number] : band) {
    v1::AmountBand value = v1::AMOUNT_BAND_UNSPECIFIED;
    v1::AmountBand_Parse(name, &value);
    auto* row = out->add_by_band();
    row->set_band(value);
    row->set_count(number);
  }
  for (const auto& [name, number] : confirmation) {
    v1::ConfirmationState value = v1::CONFIRMATION_NONE;
    v1::ConfirmationState_Parse(name, &value);
    auto* row = out->add_by_confirmation();
    row->set_state(value);
    row->set_count(number);
  }
  for (const auto& [name, number] : performance) {
    v1::PromiseState value = v1::PROMISE_STATE_UNSPECIFIED;
    v1::PromiseState_Parse(name, &value);
    auto* row = out->add_by_performance();
    row->set_state(value);
    row->set_count(number);
  }
  if (!ReadsExactly(caller, request.area_code())) Coarsen(out);
  return {};
}

}  // namespace mediation
