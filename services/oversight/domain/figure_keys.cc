#include "services/oversight/domain/figure_keys.h"

#include <absl/strings/str_cat.h>

#include "base/area_code.h"
#include "base/coding.h"
#include "services/oversight/domain/standing.h"

namespace oversight {
namespace {

constexpr int kLevels[] = {common::v1::VILLAGE, common::v1::TOWNSHIP, common::v1::COUNTY, common::v1::CITY};
constexpr uint32_t kGoesOn = 0xffffffff;

std::string OfMonth(base::Day day) { return absl::StrCat("m/", MonthText(day), "/"); }
std::string OfDay(base::Day day) { return absl::StrCat("d/", CompactDay(day), "/"); }

void AddTallies(const std::string& area, const Contribution& c, std::vector<kernel::TallyEntry>* tallies) {
  const std::string family(1, c.family);
  auto add = [&](const std::string& part, const std::string& when) {
    tallies->push_back({absl::StrCat(FigurePrefix(area, part), when, c.traits)});
  };
  add(family, OfMonth(c.day));
  add(family, OfDay(c.day));
  if (c.due_ms != 0) {
    add(std::string{c.family, kDueHour}, DueMinuteText(c.due_ms).substr(0, kHourDigits) + "/");
    add(std::string{c.family, kDueMinute}, DueMinuteText(c.due_ms) + "/");
  }
  if (c.until == 0) return;
  if (IsStock(c.family)) {
    add(family + "-", OfMonth(c.until));
    add(family + "-", OfDay(c.until));
    return;
  }
  const std::string months = absl::StrCat(MonthText(c.until), "/", MonthText(c.day), "/");
  add(family + "2", "m/" + months);
  add(family + "2", absl::StrCat("d/", months, CompactDay(c.until), "/", CompactDay(c.day), "/"));
}

}  // namespace

std::string MonthText(base::Day day) {
  const base::Date date = base::DateOf(day);
  return absl::StrCat(date.year, date.month < 10 ? "0" : "", date.month);
}

std::string CompactDay(base::Day day) {
  const int number = base::DateOf(day).day;
  return absl::StrCat(MonthText(day), number < 10 ? "0" : "", number);
}

std::string DueMinuteText(int64_t due_ms) {
  const base::Day day = DueDay(due_ms);
  const int64_t minute = (due_ms - base::StartOfDayMs(day)) / base::kMinuteMs;
  return absl::StrCat(CompactDay(day), absl::Dec(minute / 60, absl::kZeroPad2),
                      absl::Dec(minute % 60, absl::kZeroPad2));
}

std::string FigurePrefix(std::string_view area, std::string_view part) {
  return absl::StrCat("figure/", std::string(area), "/", std::string(part), "/");
}

std::string PlaceSeenFrom(std::string_view area, int level) { return absl::StrCat(std::string(area), "@", level); }

void AddFigureTallies(const v1::State& state, std::vector<kernel::TallyEntry>* tallies) {
  const std::string whole = FigureArea(state);
  if (whole.empty()) return;
  auto add = [&](const std::vector<Contribution>& known, const std::string& place) {
    for (const Contribution& c : known) {
      if (!IsListedOnly(c.family)) AddTallies(place, c, tallies);
    }
  };
  const bool alike = FiguresSeenFrom(state) <= common::v1::TOWNSHIP;
  for (const int view : {common::v1::TOWNSHIP, common::v1::COUNTY, common::v1::CITY}) {
    const auto known = ContributionsAt(state, view);
    for (const int level : kLevels) {
      const std::string area = base::CutTo(whole, level);
      if (area.empty()) continue;
      if (alike) {
        add(known, area);
        continue;
      }
      if (level <= view && level < common::v1::CITY) add(known, PlaceSeenFrom(area, view));
      if (level == view && level > common::v1::TOWNSHIP) add(known, area);
    }
    if (alike) return;
  }
}

std::string FigureListPrefix(std::string_view township, char view, char family) {
  return absl::StrCat(std::string(1, view), std::string(township), "/", std::string(1, family));
}

std::string OutsidePrefix(std::string_view metric_id, std::string_view area) {
  return absl::StrCat("outside/", std::string(metric_id), "/", std::string(area), "/");
}

void AddFigureEntries(const v1::State& state, std::vector<kernel::IndexEntry>* entries) {
  if (!state.reference().area_changed().successor().empty())
    entries->push_back(
        {"figure", absl::StrCat(std::string(kMergedPrefix), state.reference().area_changed().code())});
  if (state.has_outside_figure()) {
    const auto& figure = state.outside_figure();
    std::string key = absl::StrCat(OutsidePrefix(figure.metric_id(), figure.area_code()), figure.month(), "/");
    base::AppendU64(&key, static_cast<uint64_t>(figure.recorded_at_ms()));
    entries->push_back({"figure", std::move(key)});
  }
  const std::string whole = FigureArea(state);
  if (whole.empty()) return;
  const std::string township = TownshipOf(whole);
  auto add = [&](char view, int level) {
    for (const Contribution& c : ContributionsAt(state, level)) {
      std::string key = FigureListPrefix(township, view, c.family);
      const uint32_t until = c.until == 0 ? kGoesOn : static_cast<uint32_t>(c.until);
      base::AppendU32(&key, IsStock(c.family) ? until : static_cast<uint32_t>(c.day));
      base::AppendU32(&key, IsStock(c.family) ? static_cast<uint32_t>(c.day) : until);
      key += c.traits;
      entries->push_back({"figure", std::move(key)});
    }
  };
  if (FiguresSeenFrom(state) <= common::v1::TOWNSHIP) return add('*', common::v1::TOWNSHIP);
  for (const int level : {common::v1::TOWNSHIP, common::v1::COUNTY, common::v1::CITY})
    add(static_cast<char>('0' + level), level);
}

bool ReadListed(char family, std::string_view rest, Listed* listed) {
  uint32_t first = 0, second = 0;
  if (!base::ReadU32(&rest, &first) || !base::ReadU32(&rest, &second)) return false;
  if (IsStock(family)) std::swap(first, second);
  listed->day = static_cast<base::Day>(first);
  listed->until = second == kGoesOn ? 0 : static_cast<base::Day>(second);
  listed->traits = std::string(rest);
  return true;
}

std::string FigureListFrom(std::string_view prefix, base::Day day) {
  std::string key(prefix);
  base::AppendU32(&key, static_cast<uint32_t>(day));
  return key;
}

}  // namespace oversight
