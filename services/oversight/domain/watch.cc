#include "services/oversight/domain/watch.h"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <set>
#include <utility>

#include "base/calendar.h"
#include "services/oversight/domain/limits.h"
#include "services/reference/month.h"

namespace oversight {
namespace {

constexpr int kWeek = 7;

base::Day NewestDay(const v1::Watch& watch) {
  base::Day newest = 0;
  for (const auto& arrival : watch.arrival()) newest = std::max(newest, base::LocalDay(arrival.at_ms()));
  return newest;
}

// The window, and the weeks before it.
struct Counted {
  std::vector<std::string> matters;
  std::optional<int64_t> before;  // absent: not all of these weeks were heard, and they have no mean
};

// The weeks before count when all of them lie after the day on which the county was heard of first.
bool HeardAllWeeks(const v1::Watch& watch, base::Day first) {
  return watch.heard_since_ms() != 0 && base::LocalDay(watch.heard_since_ms()) < first;
}

Counted CountAt(const v1::Watch& watch, const policy::v1::WarningRule& rule, int level) {
  Counted counted;
  const base::Day from = NewestDay(watch) - rule.days();
  const base::Day weeks_from = from - kWeek * rule.mean_weeks();  // the day before them
  if (rule.mean_weeks() > 0 && HeardAllWeeks(watch, weeks_from + 1)) counted.before = 0;
  for (const auto& arrival : watch.arrival()) {
    if (arrival.seen_from() > level) continue;
    const base::Day day = base::LocalDay(arrival.at_ms());
    if (day > from) {
      if (!arrival.dealt()) counted.matters.push_back(arrival.matter_code());
    } else if (counted.before && day > weeks_from) {
      ++*counted.before;
    }
  }
  return counted;
}

std::vector<v1::WarningFact> FactsOf(const Counted& counted, const policy::v1::WarningRule& rule) {
  std::vector<v1::WarningFact> facts = {Fact(v1::FACT_MATTERS, static_cast<int64_t>(counted.matters.size())),
                                        Fact(v1::FACT_WINDOW_DAYS, rule.days())};
  if (counted.before) facts.push_back(Fact(v1::FACT_WEEKLY_MEAN, *counted.before * 100 / rule.mean_weeks()));
  return facts;
}

// What never came before has no mean.
bool AboveTheMean(int64_t now, std::optional<int64_t> before, const policy::v1::WarningRule& rule) {
  if (rule.times_the_mean() == 0 || before.value_or(0) == 0 || now < rule.matters_at_least()) return false;
  return now * kWeek * rule.mean_weeks() >= rule.times_the_mean() * *before * rule.days();
}

}  // namespace

std::string ClusterWatch(std::string_view village, std::string_view category) {
  return absl::StrCat(std::string(kWatchPrefix), std::string(village), "-", std::string(category));
}
std::string WageWatch(std::string_view county) {
  return absl::StrCat(std::string(kWatchPrefix), std::string(county), "-wages");
}
std::string SinceWatch(std::string_view county) {
  return absl::StrCat(std::string(kWatchPrefix), std::string(county), "-since");
}
std::string UnitWatch(std::string_view org_id) {
  return absl::StrCat(std::string(kWatchPrefix), "unit-", std::string(org_id));
}
std::string TermWatch(std::string_view org_id) {
  return absl::StrCat(std::string(kWatchPrefix), "term-", std::string(org_id));
}

std::string CategoryOf(const v1::Observe& heard) {
  if (heard.has_incident()) return heard.incident().category();
  return heard.has_mediation() ? heard.mediation().dispute_type() : heard.petition().content();
}

std::string ClassOf(const v1::Observe& heard) {
  return heard.has_incident() ? heard.incident().category().substr(0, 2) : CategoryOf(heard);
}

bool IsOfPetitions(std::string_view category) { return category.starts_with('Q'); }

int64_t KeepFromMs(int64_t at_ms, const policy::v1::WarningRule& rule) {
  return base::StartOfDayMs(base::LocalDay(at_ms) - rule.days() - kWeek * rule.mean_weeks());
}

std::optional<Cluster> FindCluster(const v1::Watch& watch, const policy::v1::WarningRule& rule,
                                   int64_t now_ms, int from_level) {
  if (base::LocalDay(now_ms) - NewestDay(watch) >= rule.days()) return std::nullopt;  // heard long after
  for (int level = from_level; level <= common::v1::CITY; ++level) {
    Counted counted = CountAt(watch, rule, level);
    const auto now = static_cast<int64_t>(counted.matters.size());
    if (now < rule.matters() && !AboveTheMean(now, counted.before, rule)) continue;
    Cluster cluster{level, {}, FactsOf(counted, rule)};
    cluster.matters = std::move(counted.matters);
    return cluster;
  }
  return std::nullopt;
}

std::vector<v1::WarningFact> ClusterFacts(const v1::Watch& watch, const policy::v1::WarningRule& rule,
                                          int level) {
  return FactsOf(CountAt(watch, rule, level), rule);
}

bool StillHolds(const v1::Watch& watch, const policy::v1::WarningRule& rule, const v1::WarningState& open,
                std::string_view left) {
  const auto& named = open.matter_code();
  const int64_t others = std::ranges::count_if(named, [&](const std::string& code) { return code != left; });
  if (others == named.size() || others >= rule.matters()) return true;
  const Counted counted = CountAt(watch, rule, open.seen_from());
  return AboveTheMean(static_cast<int64_t>(counted.matters.size()), counted.before, rule);
}

const v1::MonthCount* FindMonth(const v1::Watch& watch, int32_t month) {
  const auto at = std::ranges::find(watch.month(), month, &v1::MonthCount::month);
  return at == watch.month().end() ? nullptr : &*at;
}

std::vector<v1::WarningFact> WageFacts(const v1::Watch& watch, int32_t month) {
  const v1::MonthCount* now = FindMonth(watch, month);
  const v1::MonthCount* last = FindMonth(watch, reference::MonthBefore(month));
  return {Fact(v1::FACT_MONTH, month), Fact(v1::FACT_MATTERS, now == nullptr ? 0 : now->counted()),
          Fact(v1::FACT_MONTH_BEFORE, last == nullptr ? 0 : last->counted())};
}

bool AreMoreWages(const v1::Watch& watch, const policy::v1::WarningRule& rule, int32_t month) {
  const v1::MonthCount* now = FindMonth(watch, month);
  const v1::MonthCount* last = FindMonth(watch, reference::MonthBefore(month));
  const int64_t before = last == nullptr ? 0 : last->counted();
  return now != nullptr && now->counted() >= rule.matters() && now->counted() * 100 >= before * (100 + rule.percent());
}

std::optional<std::vector<v1::WarningFact>> MoreWages(const v1::Watch& watch,
                                                      const policy::v1::WarningRule& rule, int32_t month) {
  const v1::MonthCount* now = FindMonth(watch, month);
  const bool season = std::ranges::find(rule.month(), month % 100) != rule.month().end();
  if (!season || now == nullptr || now->looked() || !AreMoreWages(watch, rule, month)) return std::nullopt;
  return WageFacts(watch, month);
}

int64_t MonthLookMs(int32_t month) { return base::EndOfDayMs(reference::LastDayOf(month)) + base::kDayMs; }

std::vector<std::string> OpenLate(const v1::Watch& watch, int32_t month) {
  const int64_t end_ms = base::EndOfDayMs(reference::LastDayOf(month));
  std::set<std::pair<std::string, std::string>> known;
  std::vector<std::string> codes;
  for (const auto& late : watch.late()) {
    if (late.due_ms() > end_ms || (late.until_ms() != 0 && late.until_ms() < end_ms)) continue;
    if (known.emplace(late.service(), late.subject_id()).second) codes.push_back(late.matter_code());
  }
  return codes;
}

std::optional<std::vector<v1::WarningFact>> ClosesLate(const v1::MonthCount& month, int64_t open_late,
                                                       const policy::v1::WarningRule& rule) {
  const int64_t all = month.counted() + open_late;
  if (all < rule.matters() || month.on_time() * 100 >= all * rule.percent()) return std::nullopt;
  std::vector<v1::WarningFact> facts = {Fact(v1::FACT_MONTH, month.month()), Fact(v1::FACT_CLOSED, month.counted()),
                                        Fact(v1::FACT_ON_TIME, month.on_time())};
  if (open_late > 0) facts.push_back(Fact(v1::FACT_OPEN_LATE, open_late));
  return facts;
}

}  // namespace oversight
