#include "services/oversight/figures.h"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <charconv>

#include "base/area_code.h"
#include "base/status_macros.h"
#include "services/kernel/ranges.h"
#include "services/oversight/domain/figure_keys.h"
#include "services/oversight/domain/limits.h"
#include "services/oversight/listed.h"

namespace oversight {
namespace {

using base::Day;
using OversightReader = kernel::Reader<OversightDomain>;

constexpr size_t kRowsMax = 200'000;  // of one range: traits are few, days are bounded

// Where a place lies today: its successor, and if the township around that has gone too, that one's successor.
std::string Home(const reference::Reference& reference, std::string_view code) {
  const std::string own = reference.ResolveSuccessor(code);
  for (const int level : {common::v1::TOWNSHIP, common::v1::COUNTY}) {
    if (base::LevelOf(own) >= level) continue;
    const std::string around = base::CutTo(own, level);
    const std::string today = reference.ResolveSuccessor(around);
    if (today != around) return today;
  }
  return own;
}

Day FirstOfMonth(Day day) {
  base::Date date = base::DateOf(day);
  date.day = 1;
  return base::DayOf(date);
}

// The first part of "202610/rest", and the rest.
std::pair<std::string, std::string> Split(const std::string& text) {
  const size_t slash = text.find('/');
  return {text.substr(0, slash), slash == std::string::npos ? "" : text.substr(slash + 1)};
}

int64_t Weighed(const Counting::Sums& sums, int64_t (*weight)(std::string_view)) {
  int64_t total = 0;
  for (const auto& [traits, count] : sums) total += weight(traits) * count;
  return total;
}

double Decimals(int64_t hundredths) { return static_cast<double>(hundredths) / 100.0; }

// What it counts depends on who asks: matters that may be petitions, and orders about them.
bool CountsPetitions(const Metric& metric) {
  const auto of_petitions = [](const Term& term) {
    return term.family != 0 && std::string_view("culaogjbByzs").find(term.family) != std::string_view::npos;
  };
  return std::ranges::any_of(metric.numerator, of_petitions) || std::ranges::any_of(metric.denominator, of_petitions);
}

// Told to everybody below the city alike, whether there are any or not.
constexpr std::string_view kNoneFromAboveZh = "不含由更高层级信访机构办理的信访事项，有无此类事项不作说明。";
constexpr std::string_view kNoneFromAboveEn =
    " Without petitions that an office of a higher level has; whether there are any is not told.";

void SetAbout(const Metric& metric, const std::string& area, int looks, Days days, Day today, v1::Figure* figure) {
  figure->set_id(std::string(metric.id));
  figure->set_name_zh(std::string(metric.name_zh));
  figure->set_name_en(std::string(metric.name_en));
  const bool due = HasDueMoments(metric), below = looks < common::v1::CITY && CountsPetitions(metric);
  std::string zh(metric.definition_zh), en(metric.definition_en);
  if (below) {
    zh += kNoneFromAboveZh;
    en += kNoneFromAboveEn;
  }
  if (due) {
    zh += kUpToNowZh;
    en += kUpToNowEn;
  }
  figure->set_definition_zh(std::move(zh));
  figure->set_definition_en(std::move(en));
  figure->set_definition_version(metric.version);
  figure->set_unit(metric.unit);
  figure->set_area_code(area);
  figure->set_from_day(base::DayText(days.from));
  figure->set_until_day(base::DayText(days.until));
  const Day settled = days.until + metric.settles_in_days;
  if (today >= settled) return;
  figure->set_provisional(true);
  figure->set_settled_day(base::DayText(settled));
}

// What an office entered; `Shown`: what counts, or what stood there before.
template <class Shown>
void ShowEntered(const v1::OutsideFigure& entered, int32_t revision, Shown* out) {
  out->set_revision(revision);
  out->set_counted(entered.counted());
  out->set_of(entered.of());
  out->set_source(entered.source());
  const std::string day = absl::StrCat(entered.source_day());
  if (day.size() == 8) out->set_source_day(day.substr(0, 4) + "-" + day.substr(4, 2) + "-" + day.substr(6));
  out->set_org_id(entered.org_id());
  out->set_recorded_at_ms(entered.recorded_at_ms());
  out->set_reason(entered.reason());
}

void SetValue(const Metric& metric, int64_t numerator, int64_t denominator, v1::Figure* figure) {
  if (denominator <= 0) {
    figure->set_numerator(numerator);
    figure->set_denominator(0);
    figure->set_no_data(true);
    return;
  }
  if (metric.of_persons && denominator < kFew) {
    figure->set_hidden(true);
    return;
  }
  figure->set_numerator(numerator);
  figure->set_denominator(denominator);
  const int64_t times = metric.unit == v1::PER_10000_PERSONS ? 10'000 : 100;
  figure->set_value(Decimals(HundredthsOf(numerator, denominator, times)));
  if (metric.unit == v1::PERCENT) figure->set_shown(ShareText(numerator, denominator));
}

}  // namespace

bool CountsFor(const reference::Reference& reference, std::string_view area, std::string_view code) {
  // Asked by a code that has gone, an area is what it was.
  const bool gone = reference.ResolveSuccessor(area) != area;
  return base::Covers(area, gone ? std::string(code) : Home(reference, code));
}

absl::StatusOr<std::vector<std::string>> MergedCodes(const OversightReader& reader) {
  std::vector<std::string> codes;
  std::string position;
  do {
    ASSIGN_OR_RETURN(auto page, reader.List("figure", kMergedPrefix, kernel::kPageMax, position));
    for (const auto& item : page.items) codes.push_back(item.key.substr(kMergedPrefix.size()));
    position = std::move(page.next_page_token);
  } while (!position.empty());
  return codes;
}

Places PlacesOf(const reference::Reference& reference, const std::vector<std::string>& merged, std::string_view area) {
  Places places = {{std::string(area), 1}};
  if (reference.ResolveSuccessor(area) != area) return places;
  for (const std::string& code : merged) {
    const bool now = base::Covers(area, Home(reference, code));
    bool counted = base::Covers(area, code);  // by the row of the area, or by that of its township
    const std::string township = base::CutTo(code, common::v1::TOWNSHIP);
    const bool with_township =
        base::LevelOf(code) < common::v1::TOWNSHIP && reference.ResolveSuccessor(township) != township;
    if (with_township) counted = base::Covers(area, Home(reference, township));
    const int level = base::LevelOf(code);
    if (now != counted && (level == common::v1::VILLAGE || level == common::v1::TOWNSHIP))
      places.emplace_back(code, now ? 1 : -1);
  }
  return places;
}

absl::StatusOr<Places> FigurePlacesOf(const OversightReader& reader, std::string_view area, int looks) {
  ASSIGN_OR_RETURN(const auto merged, MergedCodes(reader));
  if (looks == 0) looks = base::LevelOf(area);
  Places places;
  for (auto& [place, sign] : PlacesOf(*reader.Reference(), merged, area)) {
    const int level = base::LevelOf(place);
    if (level <= common::v1::TOWNSHIP) {
      places.emplace_back(PlaceSeenFrom(place, looks), sign);
    } else if (looks > level) {
      // The row of a county has what its own level may know: taken out, and what is known from above put there.
      places.emplace_back(PlaceSeenFrom(place, level), -sign);
      places.emplace_back(PlaceSeenFrom(place, looks), sign);
    }
    places.emplace_back(std::move(place), sign);
  }
  return places;
}

void AddDurations(const Took& took, int64_t fewest, google::protobuf::RepeatedPtrField<v1::Figure::Duration>* out) {
  for (const auto& [unit, counts] : took) {
    int64_t total = 0, sum = 0;
    for (const auto& [length, count] : counts) {
      total += count;
      sum += length * count;
    }
    if (total < fewest || total == 0) continue;
    auto share = [&](int64_t percent) {
      int64_t seen = 0;
      for (const auto& [length, count] : counts) {
        seen += count;
        if (seen * 100 >= total * percent) return length;
      }
      return int64_t{0};
    };
    auto* duration = out->Add();
    duration->set_unit(unit == 'w' ? "WD" : unit == 'h' ? "UH" : unit == 'o' ? "WH" : "D");
    duration->set_count(total);
    duration->set_mean(Decimals(HundredthsOf(sum, total, 1)));
    duration->set_median(share(50));
    duration->set_p90(share(90));
  }
}

// Rows of [prefix + from, prefix + to): months and days that follow each other are read in one walk.
absl::Status Counting::Scan(const std::string& prefix, const std::string& from, const std::string& to,
                            const auto& see) {
  ASSIGN_OR_RETURN(const auto rows, kernel::TallyRange(reader_, prefix + from, prefix + to, kRowsMax));
  if (rows.size() == kRowsMax) return absl::ResourceExhaustedError("more kinds of matters than a figure can sum");
  for (const auto& row : rows) see(row.key.substr(prefix.size()), static_cast<int64_t>(row.count));
  return absl::OkStatus();
}

absl::Status Counting::Within(const std::string& part, Days days, int64_t times, Sums* sums) {
  const auto add = [&](const std::string& rest, int64_t count) { (*sums)[Split(rest).second] += times * count; };
  for (Day month = FirstOfMonth(days.from); month < days.until;) {
    Day end = base::AddMonths(month, 1);
    if (month < days.from || days.until < end) {
      const std::string from = CompactDay(std::max(days.from, month)), until = CompactDay(std::min(days.until, end));
      RETURN_IF_ERROR(Scan(part + "d/", from, until, add));
    } else {
      while (base::AddMonths(end, 1) <= days.until) end = base::AddMonths(end, 1);
      RETURN_IF_ERROR(Scan(part + "m/", MonthText(month), MonthText(end), add));
    }
    month = end;
  }
  return absl::OkStatus();
}

absl::Status Counting::Before(const std::string& part, Day day, int64_t times, Sums* sums) {
  const auto add = [&](const std::string& rest, int64_t count) { (*sums)[Split(rest).second] += times * count; };
  RETURN_IF_ERROR(Scan(part + "m/", "", MonthText(day), add));
  return Scan(part + "d/", MonthText(day), CompactDay(day), add);
}

// What began and ended in the period. Of a month that the period cuts, the days are looked at: of its last one those of
// every month in which something began, of the others those of its first one.
absl::Status Counting::GoneFrom(const std::string& place, char family, int64_t times, Sums* sums) {
  const std::string prefix = FigurePrefix(place, std::string{family, '2'});
  const std::string first = MonthText(days_.from), last = MonthText(days_.until);
  const std::string from = CompactDay(days_.from), until = CompactDay(days_.until);
  const bool start_whole = FirstOfMonth(days_.from) == days_.from;
  std::map<std::string, std::pair<std::string, std::string>> by_day;  // end month: first and last month of beginning
  const std::string beyond = MonthText(base::AddMonths(FirstOfMonth(days_.until - 1), 1));
  RETURN_IF_ERROR(Scan(prefix + "m/", first, beyond, [&](const std::string& rest, int64_t count) {
    const auto [end, more] = Split(rest);
    const auto [begin, traits] = Split(more);
    if (begin < first) return;
    if (end < last && (start_whole || begin > first)) {
      (*sums)[traits] += times * count;
    } else {
      by_day.try_emplace(end, begin, begin).first->second.second = begin;
    }
  }));
  for (const auto& [month, begun] : by_day) {
    const std::string days = absl::StrCat(prefix, "d/", month, "/");
    RETURN_IF_ERROR(Scan(days, begun.first, begun.second + "0", [&](const std::string& rest, int64_t count) {
      const auto [end, more] = Split(Split(rest).second);
      const auto [begin, traits] = Split(more);
      if (begin >= from && end < until) (*sums)[traits] += times * count;
    }));
  }
  return absl::OkStatus();
}

absl::Status Counting::GoneAgain(char family, int64_t times, Sums* sums) {
  for (const auto& [place, sign] : places_) RETURN_IF_ERROR(GoneFrom(place, family, times * sign, sums));
  return absl::OkStatus();
}

// What falls due today and later than now: a period that goes on has not come to it.
absl::Status Counting::Ahead(char family, int64_t times, Sums* sums) {
  const std::string now = DueMinuteText(days_.now_ms), hour = now.substr(0, kHourDigits);
  const std::string tomorrow = CompactDay(base::LocalDay(days_.now_ms) + 1);
  const std::string next_hour = absl::StrCat(hour, "a");  // behind all of its minutes
  const auto add = [&](int64_t sign) {
    return [=](const std::string& rest, int64_t count) { (*sums)[Split(rest).second] += times * sign * count; };
  };
  for (const auto& [place, sign] : places_) {
    RETURN_IF_ERROR(Scan(FigurePrefix(place, std::string{family, kDueMinute}), now, next_hour, add(sign)));
    RETURN_IF_ERROR(Scan(FigurePrefix(place, std::string{family, kDueHour}), next_hour, tomorrow, add(sign)));
  }
  return absl::OkStatus();
}

absl::StatusOr<const Counting::Sums*> Counting::SumsOf(char family, Of of) {
  const auto [at, fresh] = known_.try_emplace({family, of});
  Sums* sums = &at->second;
  if (!fresh) return sums;
  for (const auto& [place, sign] : places_) {
    const std::string began = FigurePrefix(place, std::string(1, family));
    const std::string ended = FigurePrefix(place, std::string{family, '-'});
    switch (of) {
      case Of::kIn:
      case Of::kStanding:
      case Of::kDone:
        RETURN_IF_ERROR(Within(began, days_, sign, sums));
        break;
      case Of::kAtStart:
      case Of::kAtEnd: {
        const Day day = of == Of::kAtStart ? days_.from : days_.until;
        RETURN_IF_ERROR(Before(began, day, sign, sums));
        RETURN_IF_ERROR(Before(ended, day, -sign, sums));
        break;
      }
      case Of::kEver:
        RETURN_IF_ERROR(Before(began, days_.until, sign, sums));
        break;
      case Of::kNone:
        break;
    }
  }
  if (of == Of::kStanding) RETURN_IF_ERROR(GoneAgain(family, -1, sums));
  if (of == Of::kDone) {  // what was not done by its day, and later: done all the same
    Sums later;
    RETURN_IF_ERROR(GoneAgain(family, 1, &later));
    for (const auto& [traits, count] : later) (*sums)["1"] += count;
  }
  // A period that goes on ends now, and nobody is late with what falls due tonight.
  if (days_.now_ms != 0 && FallsDue(family) && of != Of::kAtStart) RETURN_IF_ERROR(Ahead(family, -1, sums));
  return sums;
}

absl::StatusOr<int64_t> Counting::Total(const Term (&terms)[2]) {
  int64_t total = 0;
  for (const Term& term : terms) {
    if (term.of == Of::kNone) continue;
    ASSIGN_OR_RETURN(const Sums* sums, SumsOf(term.family, term.of));
    total += Weighed(*sums, term.weight);
  }
  return total;
}

// Each whole number of days or hours is a row of its own, so that median and percentile are those of the list: the
// smallest value that at least that share does not exceed.
absl::Status Counting::Durations(v1::Figure* figure) {
  ASSIGN_OR_RETURN(const Sums* sums, SumsOf('u', Of::kStanding));
  Took took;
  int64_t all = 0;
  for (const auto& [traits, count] : *sums) {
    if (count == 0 || traits.empty()) continue;
    took[traits[0]][NumberAfterDot(traits)] += count;
    all += count;
  }
  AddDurations(took, 1, figure->mutable_duration());
  figure->set_numerator(all);
  figure->set_denominator(all);
  figure->set_no_data(all == 0);
  return absl::OkStatus();
}

absl::Status Counting::InBursts(v1::Figure* figure) {
  ASSIGN_OR_RETURN(const Sums* settled, SumsOf('h', Of::kIn));
  int64_t all = 0;
  for (const auto& [traits, count] : *settled) all += count;
  std::vector<Settled> bursts;  // fewer make none, and need no look
  if (all >= static_cast<int64_t>(kBurst)) {
    ASSIGN_OR_RETURN(bursts, Bursts(reader_, area_, days_, looks_));
  }
  figure->set_numerator(static_cast<int64_t>(bursts.size()));
  figure->set_denominator(all);
  figure->set_no_data(all == 0);
  if (all == 0) return absl::OkStatus();
  figure->set_value(Decimals(HundredthsOf(figure->numerator(), all, 100)));
  figure->set_shown(ShareText(figure->numerator(), all));
  return absl::OkStatus();
}

// How many of each colour, altogether and of each unit; units by their ids.
absl::Status Counting::Grades(v1::Figure* figure) {
  ASSIGN_OR_RETURN(const Sums* sums, SumsOf('x', Of::kIn));
  std::map<std::pair<std::string, char>, int64_t> of_unit;
  int64_t all = 0;
  for (const auto& [traits, count] : *sums) {
    if (traits.empty() || count == 0) continue;
    of_unit[{traits.substr(1), traits[0]}] += count;
    all += count;
  }
  for (const v1::Grade grade : {v1::HORSE, v1::OX, v1::OSTRICH, v1::SNAIL}) {
    auto* bucket = figure->add_distribution();
    bucket->set_key(v1::Grade_Name(grade));
    for (const auto& [whose, count] : of_unit) {
      if (whose.second - '0' == grade) bucket->set_count(bucket->count() + count);
    }
  }
  for (const auto& [whose, count] : of_unit) {
    auto* row = figure->add_graded();
    row->set_org_id(whose.first);
    row->set_grade(static_cast<v1::Grade>(whose.second - '0'));
    row->set_count(count);
  }
  figure->set_numerator(all);
  figure->set_denominator(all);
  figure->set_no_data(all == 0);
  return absl::OkStatus();
}

// Only of whole months, each of which was entered: what is missing is not taken for nothing.
absl::Status Counting::Outside(const Metric& metric, v1::Figure* figure) {
  std::map<int32_t, std::vector<v1::OutsideFigure>> months;  // the newest last
  std::string position;
  do {
    ASSIGN_OR_RETURN(auto page,
                     reader_.List("figure", OutsidePrefix(metric.id, area_), kernel::kPageMax, position));
    for (const auto& item : page.items) {
      ASSIGN_OR_RETURN(const auto stored, reader_.Get(item.aggregate_id));
      if (stored) months[stored->state.outside_figure().month()].push_back(stored->state.outside_figure());
    }
    position = std::move(page.next_page_token);
  } while (!position.empty());
  const bool whole = FirstOfMonth(days_.from) == days_.from && FirstOfMonth(days_.until) == days_.until;
  bool all = whole;
  int64_t counted = 0, of = 0;
  for (Day month = FirstOfMonth(days_.from); month < days_.until; month = base::AddMonths(month, 1)) {
    const base::Date date = base::DateOf(month);
    const auto at = months.find(date.year * 100 + date.month);
    all &= at != months.end();
    if (at == months.end()) continue;
    const v1::OutsideFigure& newest = at->second.back();
    counted += newest.counted();
    of = metric.unit == v1::PER_10000_PERSONS ? newest.of() : of + newest.of();
    auto* row = figure->add_outside();
    row->set_month(base::DayText(month).substr(0, 7));
    auto revision = static_cast<int32_t>(at->second.size());
    ShowEntered(newest, revision, row);
    for (auto former = at->second.rbegin() + 1; former != at->second.rend(); ++former)
      ShowEntered(*former, --revision, row->add_former());
  }
  SetValue(metric, all ? counted : 0, all ? of : 0, figure);
  return absl::OkStatus();
}

absl::Status Counting::CountPartly(const Partly& partly, v1::Figure* figure) {
  const int32_t permille = PermilleOf(partly, *reader_.Reference());
  DefinePartly(partly, permille, figure);
  if (permille == 0 || !figure->has_value()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const Sums* sums, SumsOf(partly.term.family, partly.term.of));
  figure->set_partly(Weighed(*sums, partly.term.weight));
  figure->set_partly_permille(permille);
  WeighPartly(figure);
  return absl::OkStatus();
}

absl::StatusOr<v1::Figure> Counting::FigureOf(const Metric& metric, Day today) {
  v1::Figure figure;
  SetAbout(metric, area_, looks_ == 0 ? base::LevelOf(area_) : looks_, days_, today, &figure);
  if (metric.shape == Shape::kOutside) {
    RETURN_IF_ERROR(Outside(metric, &figure));
    return figure;
  }
  if (metric.shape == Shape::kDuration) {
    RETURN_IF_ERROR(Durations(&figure));
    return figure;
  }
  if (metric.shape == Shape::kGrades) {
    RETURN_IF_ERROR(Grades(&figure));
    return figure;
  }
  if (metric.shape == Shape::kBursts) {
    RETURN_IF_ERROR(InBursts(&figure));
    return figure;
  }
  ASSIGN_OR_RETURN(const int64_t numerator, Total(metric.numerator));
  ASSIGN_OR_RETURN(const int64_t denominator, Total(metric.denominator));
  SetValue(metric, numerator, denominator, &figure);
  if (const Partly* partly = FindPartly(metric.id)) RETURN_IF_ERROR(CountPartly(*partly, &figure));
  if (metric.id != "K-08" || figure.hidden()) return figure;
  ASSIGN_OR_RETURN(const Sums* scores, SumsOf('e', Of::kIn));
  for (char score = '1'; score <= '5'; ++score) {
    auto* bucket = figure.add_distribution();
    bucket->set_key(std::string(1, score));
    int64_t count = 0;
    for (const auto& [traits, times] : *scores) count += traits[0] == score ? times : 0;
    bucket->set_count(count);
  }
  return figure;
}

}  // namespace oversight
