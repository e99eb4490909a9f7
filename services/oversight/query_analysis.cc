// Analysis as people look it up: a table of months, and one month beside the twelve before it.
#include <absl/strings/str_cat.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>
#include <utility>

#include "base/area_code.h"
#include "base/status_macros.h"
#include "services/oversight/analysis.h"
#include "services/oversight/disclosure.h"
#include "services/oversight/domain/contributions.h"
#include "services/oversight/domain/limits.h"
#include "services/oversight/domain/refusals.h"
#include "services/oversight/domain/trends.h"
#include "services/oversight/queries.h"
#include "services/reference/names.h"

namespace oversight {
namespace {

using base::Day;
using kernel::RefusalCode;

constexpr int kMonthsMax = 120;        // ten years
constexpr int kMonthsBefore = 12;      // of the baseline
constexpr int kMonthsForMostEver = 6;  // fewer say little
constexpr size_t kCategoryDigits = 2;  // of the first level

Day FirstOfMonth(Day day) { return base::DayOf({base::DateOf(day).year, base::DateOf(day).month, 1}); }
std::optional<Day> ParseMonth(const std::string& text) { return base::ParseDay(text + "-01"); }
std::string MonthName(Day month) { return base::DayText(month).substr(0, 7); }

// "0105" is of the kind "01"; the types of disputes and petitions have one level.
std::string FirstLevel(std::string_view category) {
  const bool digits = std::ranges::all_of(category, [](unsigned char c) { return std::isdigit(c) != 0; });
  return std::string(digits ? category.substr(0, kCategoryDigits) : category);
}

struct Sum {
  int64_t came = 0, closed = 0, resolved = 0, in_time = 0;
  Took took;

  void Add(const TrendRow& row) {
    switch (row.what) {
      case kCame:
        came += row.count;
        return;
      case kClosed:  // level, resolved, in time
        return AddClosed(row.kind.substr(1), row.count);
      case kClosedByUnit:
        return AddClosed(row.kind, row.count);
      default:
        took[row.kind[0]][NumberIn(row.kind.substr(1))] += row.count;
    }
  }

 private:
  void AddClosed(std::string_view how, int64_t count) {
    closed += count;
    if (how[0] == '1') resolved += count;
    if (how[1] == '1') in_time += count;
  }
  static int64_t NumberIn(std::string_view digits) {
    int64_t number = 0;
    for (const char c : digits) number = number * 10 + (c - '0');
    return number;
  }
};
using Sums = std::map<std::string, Sum>;

void Fill(const Sum& sum, bool with_came, bool rounded, v1::AnalysisRow* row) {
  if (with_came) ShowCount(sum.came, rounded, row->mutable_came());
  ShowCount(sum.closed, rounded, row->mutable_closed());
  // Beside a hidden number of closed ones a zero would still say something of each of them.
  const bool hidden = sum.closed > 0 && sum.closed < kFew;
  for (const auto& [count, quantity] :
       {std::pair(sum.resolved, row->mutable_resolved()), std::pair(sum.in_time, row->mutable_in_time())}) {
    if (hidden) {
      quantity->set_few(true);
    } else {
      ShowCount(count, rounded, quantity);
    }
  }
  AddDurations(sum.took, kFew, row->mutable_duration());
  if (!rounded) return;
  for (auto& duration : *row->mutable_duration()) {
    duration.set_count(Rounded(duration.count()));
    duration.set_mean(static_cast<double>(std::llround(duration.mean())));
  }
}

// Column by column: a small number must not be had from the total and the other rows.
void ProtectRows(const Sums& sums, const Sum& total, bool with_came, v1::AnalyseResponse* out) {
  auto column = [&](int64_t Sum::*count, v1::Quantity* (*of)(v1::AnalysisRow*)) {
    std::vector<Counted> rows;
    int at = 0;
    int64_t together = 0;
    for (const auto& [key, sum] : sums) {
      rows.push_back({sum.*count, of(out->mutable_row(at++))});
      together += sum.*count;
    }
    // What lies in none of the rows is as good as a row that is not shown.
    if (together == total.*count) Protect(std::move(rows), of(out->mutable_total()));
  };
  if (with_came) column(&Sum::came, [](v1::AnalysisRow* row) { return row->mutable_came(); });
  column(&Sum::closed, [](v1::AnalysisRow* row) { return row->mutable_closed(); });
  column(&Sum::resolved, [](v1::AnalysisRow* row) { return row->mutable_resolved(); });
  column(&Sum::in_time, [](v1::AnalysisRow* row) { return row->mutable_in_time(); });
}

rpc::Answer Understand(const v1::AnalyseRequest& request, int64_t now_ms, Months* months) {
  if (!v1::Grouping_IsValid(request.by())) return Why(RefusalCode::kInvalid, "VALUE_NEEDED", "by");
  if (request.by() == v1::BY_UNIT && !request.category().empty())
    return Why(RefusalCode::kInvalid, "NOT_TOGETHER", "category");
  const Day next = base::AddMonths(FirstOfMonth(base::LocalDay(now_ms)), 1);
  const auto until = request.until_month().empty() ? next : ParseMonth(request.until_month());
  if (!until || *until > next) return Why(RefusalCode::kInvalid, "BAD_MONTH", "until_month");
  const auto from = request.from_month().empty() ? base::AddMonths(*until, -kMonthsBefore)
                                                 : ParseMonth(request.from_month());
  if (!from || *from >= *until) return Why(RefusalCode::kInvalid, "BAD_MONTH", "from_month");
  if (base::AddMonths(*from, kMonthsMax) < *until)
    return Why(RefusalCode::kInvalid, "PERIOD_TOO_LONG", "from_month");
  *months = {*from, *until};
  return {};
}

// What a row is counted under, empty: not in this table.
std::string KeyOf(const TrendRow& row, const v1::AnalyseRequest& request) {
  const bool of_unit = row.what == kClosedByUnit || row.what == kTookByUnit;
  if (of_unit != (request.by() == v1::BY_UNIT)) return "";
  if (!of_unit && !row.of.starts_with(request.category())) return "";
  switch (request.by()) {
    case v1::BY_MONTH:
      return MonthName(row.month);
    case v1::BY_CATEGORY:
      return request.category().empty() ? FirstLevel(row.of) : std::string(row.of);
    case v1::BY_LEVEL:
      return row.what == kTook ? "" : std::string(row.kind.substr(0, 1));
    case v1::BY_UNIT:
      return std::string(row.of);
    default:
      return "area";
  }
}

absl::Status SumUp(const Trends& trends, const v1::AnalyseRequest& request, Months months, Sums* sums) {
  if (request.by() != v1::BY_AREA) {
    return trends.Rows(request.area_code(), months, [&](const TrendRow& row) {
      if (const std::string key = KeyOf(row, request); !key.empty()) (*sums)[key].Add(row);
    });
  }
  for (const std::string& area : trends.Below(request.area_code())) {
    Sum* sum = &(*sums)[area];
    RETURN_IF_ERROR(trends.Rows(area, months, [&](const TrendRow& row) {
      if (!KeyOf(row, request).empty()) sum->Add(row);
    }));
  }
  return absl::OkStatus();
}

absl::Status Analyse(const Trends& trends, const v1::AnalyseRequest& request, Months months, bool rounded,
                     v1::AnalyseResponse* out) {
  Sums sums;
  if (request.by() == v1::BY_MONTH) {
    for (Day month = months.from; month < months.until; month = base::AddMonths(month, 1))
      sums[MonthName(month)];
  }
  RETURN_IF_ERROR(SumUp(trends, request, months, &sums));
  for (const auto& [key, sum] : sums) {
    auto* row = out->add_row();
    row->set_key(key);
    const auto* area = request.by() == v1::BY_AREA ? trends.reference().FindArea(key) : nullptr;
    if (area != nullptr) row->set_name(area->name());
    if (request.by() == v1::BY_UNIT) row->set_name(reference::OrgName(trends.reference(), key));
    Fill(sum, request.by() != v1::BY_UNIT, rounded, row);
  }
  // Of the area itself: what lies in none below is counted here all the same.
  Sum total;
  RETURN_IF_ERROR(trends.Rows(request.area_code(), months, [&](const TrendRow& row) {
    const bool by_category = row.what == kCame || row.what == kClosed || row.what == kTook;
    if (by_category && row.of.starts_with(request.category())) total.Add(row);
  }));
  Fill(total, true, rounded, out->mutable_total());
  if (!rounded) ProtectRows(sums, total, request.by() != v1::BY_UNIT, out);
  return absl::OkStatus();
}

// ---- one month beside those before it

// How many came, by month.
using Course = std::map<Day, int64_t>;

void Compare(const Course& came, Day month, Day known_from, bool rounded, v1::MonthCompared* out) {
  auto in = [&](Day at) {
    const auto found = came.find(at);
    return found == came.end() ? int64_t{0} : found->second;
  };
  const int64_t now = in(month);
  ShowCount(now, rounded, out->mutable_came());
  std::vector<int64_t> before;
  int64_t sum = 0;
  for (Day at = known_from; at < month; at = base::AddMonths(at, 1)) {
    before.push_back(in(at));
    sum += before.back();
  }
  if (before.empty() || sum < kFew) return;
  std::ranges::sort(before);
  const auto months = static_cast<int64_t>(before.size());
  out->set_mean(static_cast<double>(HundredthsOf(sum, months, 1)) / 100.0);
  const size_t half = before.size() / 2;
  const int64_t twice = before.size() % 2 == 1 ? 2 * before[half] : before[half - 1] + before[half];
  out->set_median(static_cast<double>(twice) / 2.0);
  out->set_most(before.back());
  if (now >= kFew) out->set_percent_of_mean((now * months * 100 + sum / 2) / sum);
  out->set_more_than_ever(now >= kFew && months >= kMonthsForMostEver && now > before.back());
  if (!rounded) return;
  out->set_mean(static_cast<double>(Rounded(std::llround(out->mean()))));
  out->set_median(static_cast<double>(Rounded(std::llround(out->median()))));
  out->set_most(Rounded(out->most()));
  out->clear_percent_of_mean();
  if (now >= kFew && out->mean() > 0)
    out->set_percent_of_mean(std::llround(static_cast<double>(Rounded(now)) * 100 / out->mean()));
}

struct Grouped {
  std::string category;  // asked for
  std::string Key(std::string_view of) const { return category.empty() ? FirstLevel(of) : std::string(of); }
};

// Where five or more of them are; what is shown must not give away what is not.
void AddPlaces(const std::map<std::string, int64_t>& counts, const reference::Reference& known, bool rounded,
               v1::MonthCompared* row) {
  std::map<std::string, v1::Quantity> shown;
  std::vector<Counted> rows;
  for (const auto& [place, count] : counts) {
    if (count <= 0) continue;
    ShowCount(count, rounded, &shown[place]);
    rows.push_back({count, &shown[place]});
  }
  v1::Quantity total = row->came();
  if (!rounded) Protect(std::move(rows), &total);
  if (!total.has_count()) return;
  for (const auto& [place, quantity] : shown) {
    if (!quantity.has_count()) continue;
    auto* at = row->add_place();
    at->set_area_code(place);
    if (const auto* area = known.FindArea(place); area != nullptr) at->set_name(area->name());
    at->set_count(quantity.count());
  }
}

absl::Status CompareAll(const Trends& trends, const std::string& area, const Grouped& grouped, Day month,
                        bool rounded, v1::CompareMonthResponse* out) {
  const Months window{base::AddMonths(month, -kMonthsBefore), base::AddMonths(month, 1)};
  std::map<std::string, Course> courses;
  Course all, of_any_kind;
  RETURN_IF_ERROR(trends.Rows(area, window, [&](const TrendRow& row) {
    if (row.what != kCame) return;
    of_any_kind[row.month] += row.count;
    if (!row.of.starts_with(grouped.category)) return;
    courses[grouped.Key(row.of)][row.month] += row.count;
    all[row.month] += row.count;
  }));
  const auto first = std::ranges::find_if(of_any_kind, [](const auto& entry) { return entry.second > 0; });
  const Day known_from = first == of_any_kind.end() ? month : first->first;
  std::map<std::string, std::map<std::string, int64_t>> below;  // by category, by area
  for (const std::string& place : trends.Below(area)) {
    RETURN_IF_ERROR(trends.Rows(place, {month, window.until}, [&](const TrendRow& row) {
      if (row.what == kCame && row.of.starts_with(grouped.category))
        below[grouped.Key(row.of)][place] += row.count;
    }));
  }
  std::vector<Counted> numbers;
  numbers.reserve(courses.size());
  for (const auto& [category, came] : courses) {
    auto* row = out->add_category();
    row->set_category(category);
    Compare(came, month, known_from, rounded, row);
    numbers.push_back({came.contains(month) ? came.at(month) : 0, row->mutable_came()});
    AddPlaces(below[category], trends.reference(), rounded, row);
  }
  Compare(all, month, known_from, rounded, out->mutable_all());
  if (!rounded) Protect(std::move(numbers), out->mutable_all()->mutable_came());
  for (auto& row : *out->mutable_category()) {
    if (row.came().withheld()) row.clear_percent_of_mean();  // it would say the number
  }
  if (out->all().came().withheld()) out->mutable_all()->clear_percent_of_mean();
  for (Day at = known_from; at < month; at = base::AddMonths(at, 1)) out->set_months(out->months() + 1);
  return absl::OkStatus();
}

}  // namespace

v1::Freshness Queries::FreshnessAt(int64_t now_ms) const {
  v1::Freshness freshness;
  if (heard_ == nullptr) return freshness;
  for (const rpc::Following& heard : heard_()) {
    auto* source = freshness.add_source();
    source->set_service(heard.service);
    source->set_connected(heard.connected);
    source->set_entries_behind(heard.entries_behind);
    source->set_level_at_ms(heard.level_at_ms);
    if (now_ms - heard.level_at_ms > kBehindAfterMs) freshness.set_behind(true);
  }
  return freshness;
}

rpc::Answer Queries::GetFreshness(const rpc::Caller& caller, const v1::GetFreshnessRequest&,
                                  v1::Freshness* out) const {
  *out = FreshnessAt(caller.now_ms);
  return {};
}

rpc::Answer Queries::Analyse(const rpc::Caller& caller, const v1::AnalyseRequest& request,
                             v1::AnalyseResponse* out) const {
  Months months;
  const OversightReader reader = read_();
  if (auto wrong = CheckArea(reader, request.area_code()); !wrong.ok()) return wrong;
  if (auto wrong = Understand(request, caller.now_ms, &months); !wrong.ok()) return wrong;
  auto trends = Trends::Of(reader, LooksFrom(caller, request.area_code()));
  if (!trends.ok()) return trends.status();
  const bool rounded = !MayOpenLists(caller, request.area_code());
  if (auto status = oversight::Analyse(*trends, request, months, rounded, out); !status.ok()) return status;
  out->set_area_code(request.area_code());
  out->set_from_month(MonthName(months.from));
  out->set_until_month(MonthName(months.until));
  out->set_as_of_ms(reader.now_ms());
  *out->mutable_freshness() = FreshnessAt(caller.now_ms);
  return {};
}

rpc::Answer Queries::CompareMonth(const rpc::Caller& caller, const v1::CompareMonthRequest& request,
                                  v1::CompareMonthResponse* out) const {
  const OversightReader reader = read_();
  if (auto wrong = CheckArea(reader, request.area_code()); !wrong.ok()) return wrong;
  const Day this_month = FirstOfMonth(base::LocalDay(caller.now_ms));
  const auto month = request.month().empty() ? this_month : ParseMonth(request.month());
  if (!month || *month > this_month) return Why(RefusalCode::kInvalid, "BAD_MONTH", "month");
  auto trends = Trends::Of(reader, LooksFrom(caller, request.area_code()));
  if (!trends.ok()) return trends.status();
  const Grouped grouped{request.category()};
  if (auto status = CompareAll(*trends, request.area_code(), grouped, *month,
                               !MayOpenLists(caller, request.area_code()), out); !status.ok())
    return status;
  out->set_area_code(request.area_code());
  out->set_month(MonthName(*month));
  out->set_month_goes_on(*month == this_month);
  out->set_as_of_ms(reader.now_ms());
  *out->mutable_freshness() = FreshnessAt(caller.now_ms);
  return {};
}

}  // namespace oversight
