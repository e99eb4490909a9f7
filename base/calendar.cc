#include "base/calendar.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "base/check.h"

namespace base {
namespace {

constexpr int64_t kShanghaiOffsetMs = 8 * kHourMs;
constexpr int kMinutesOfDay = 24 * 60;
constexpr std::array<std::string_view, 8> kWeekdayNames = {"",     "周一", "周二", "周三",
                                                           "周四", "周五", "周六", "周日"};

// No official schedule has ever had this many days off in a row; a walk that needs more has no calendar under
// it.
constexpr int kStepsMax = 400'000;

absl::Status Bad(const std::string& why) { return absl::InvalidArgumentError("calendar: " + why); }

bool IsWeekend(Day day) { return WeekdayOf(day) >= 6; }

std::chrono::year_month_day Civil(Day day) {
  return std::chrono::year_month_day(std::chrono::sys_days(std::chrono::days(day)));
}

absl::Status CheckOfficeHours(const std::vector<Calendar::Span>& spans) {
  if (spans.empty()) return Bad("office_hours: none given");
  int last = 0;
  for (const Calendar::Span& span : spans) {
    if (span.from_minute < last || span.to_minute <= span.from_minute || span.to_minute > kMinutesOfDay) {
      return Bad("office_hours: " + std::to_string(span.from_minute) + "-" + std::to_string(span.to_minute) +
                 " is empty, overlaps or is out of order");
    }
    last = span.to_minute;
  }
  return absl::OkStatus();
}

absl::Status CheckFixed(const std::vector<Calendar::Fixed>& fixed) {
  if (fixed.size() > Calendar::kFixedMax) return Bad("fixed: too many days");
  for (const Calendar::Fixed& f : fixed) {
    if (f.month < 1 || f.month > 12 || f.day < 1 || f.day > DaysInMonth(2024, f.month)) {
      return Bad("fixed: no such day " + std::to_string(f.month) + "-" + std::to_string(f.day));
    }
  }
  return absl::OkStatus();
}

}  // namespace

Day DayOf(const Date& date) {
  const std::chrono::year_month_day civil{std::chrono::year(date.year),
                                          std::chrono::month(static_cast<unsigned>(date.month)),
                                          std::chrono::day(static_cast<unsigned>(date.day))};
  CHECK(civil.ok()) << date.year << "-" << date.month << "-" << date.day;
  return static_cast<Day>(std::chrono::sys_days(civil).time_since_epoch().count());
}

Date DateOf(Day day) {
  const std::chrono::year_month_day civil = Civil(day);
  return {static_cast<int>(civil.year()), static_cast<int>(static_cast<unsigned>(civil.month())),
          static_cast<int>(static_cast<unsigned>(civil.day()))};
}

int DaysInMonth(int year, int month) {
  const std::chrono::year_month_day_last last(
      std::chrono::year(year), std::chrono::month_day_last(std::chrono::month(static_cast<unsigned>(month))));
  return static_cast<int>(static_cast<unsigned>(last.day()));
}

std::optional<Day> ParseDay(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto number = [&](size_t from, size_t length) {
    int value = 0;
    for (char c : text.substr(from, length)) {
      if (c < '0' || c > '9') return -1;
      value = value * 10 + (c - '0');
    }
    return value;
  };
  const Date date{number(0, 4), number(5, 2), number(8, 2)};
  if (date.year < 1 || date.month < 1 || date.month > 12 || date.day < 1) return std::nullopt;
  if (date.day > DaysInMonth(date.year, date.month)) return std::nullopt;
  return DayOf(date);
}

std::string DayText(Day day) {
  const Date date = DateOf(day);
  std::array<char, 48> text;
  std::snprintf(text.data(), text.size(), "%04d-%02d-%02d", date.year, date.month, date.day);
  return text.data();
}

int WeekdayOf(Day day) {
  return static_cast<int>(std::chrono::weekday(std::chrono::sys_days(std::chrono::days(day))).iso_encoding());
}

Day AddMonths(Day day, int months) {
  const Date date = DateOf(day);
  const int index = date.year * 12 + date.month - 1 + months;
  const int year = index / 12;
  const int month = index % 12 + 1;
  return DayOf({year, month, std::min(date.day, DaysInMonth(year, month))});
}

Day LocalDay(int64_t at_ms) {
  const int64_t local = at_ms + kShanghaiOffsetMs;
  const int64_t day = local >= 0 ? local / kDayMs : -((-local + kDayMs - 1) / kDayMs);
  return static_cast<Day>(day);
}

int64_t StartOfDayMs(Day day) { return int64_t{day} * kDayMs - kShanghaiOffsetMs; }

std::string LocalText(int64_t at_ms) {
  const Day day = LocalDay(at_ms);
  const auto minute = static_cast<int>((at_ms - StartOfDayMs(day)) / kMinuteMs);
  std::array<char, 32> clock;
  std::snprintf(clock.data(), clock.size(), " %02d:%02d", minute / 60, minute % 60);
  return DayText(day) + clock.data();
}

std::string LocalEndText(int64_t at_ms) {
  const Day day = LocalDay(at_ms);
  return at_ms == StartOfDayMs(day) ? DayText(day - 1) + " 24:00" : LocalText(at_ms);
}

absl::StatusOr<Calendar> Calendar::Make(const Contents& contents) {
  if (contents.horizon < contents.first_day) return Bad("horizon is before first_day");
  if (contents.horizon - contents.first_day > kYearsMax * 366)
    return Bad("horizon is too far from first_day");
  if (absl::Status status = CheckOfficeHours(contents.office_hours); !status.ok()) return status;
  if (absl::Status status = CheckFixed(contents.fixed); !status.ok()) return status;

  Calendar calendar;
  calendar.revision_ = contents.revision;
  calendar.first_day_ = contents.first_day;
  calendar.horizon_ = contents.horizon;
  calendar.fixed_ = contents.fixed;
  calendar.office_hours_ = contents.office_hours;
  for (Day day = contents.first_day; day <= contents.horizon; ++day) {
    calendar.kinds_.push_back(IsWeekend(day) ? DayKind::kWeekend : DayKind::kWorking);
  }
  for (const Named& off : contents.off) {
    if (!calendar.Knows(off.day)) return Bad("off: " + DayText(off.day) + " is outside first_day … horizon");
    if (!calendar.name_of_.emplace(off.day, off.name_zh).second) {
      return Bad("off: " + DayText(off.day) + " is given twice");
    }
    calendar.kinds_[calendar.At(off.day)] = DayKind::kHoliday;
  }
  for (Day day : contents.make_up) {
    if (!calendar.Knows(day)) return Bad("work: " + DayText(day) + " is outside first_day … horizon");
    DayKind& kind = calendar.kinds_[calendar.At(day)];
    if (kind == DayKind::kHoliday) return Bad("work: " + DayText(day) + " is also off");
    if (kind == DayKind::kMakeUp) return Bad("work: " + DayText(day) + " is given twice");
    if (kind == DayKind::kWorking) return Bad("work: " + DayText(day) + " is not a weekend");
    kind = DayKind::kMakeUp;
  }
  return calendar;
}

const Calendar::Fixed* Calendar::AssumedHoliday(Day day) const {
  const Date date = DateOf(day);
  for (const Fixed& f : fixed_) {
    if (f.month == date.month && f.day == date.day) return &f;
  }
  return nullptr;
}

DayKind Calendar::KindOf(Day day) const {
  if (Knows(day)) return kinds_[At(day)];
  if (AssumedHoliday(day) != nullptr) return DayKind::kHoliday;
  return IsWeekend(day) ? DayKind::kWeekend : DayKind::kWorking;
}

bool Calendar::IsWorkingDay(Day day) const {
  const DayKind kind = KindOf(day);
  return kind == DayKind::kWorking || kind == DayKind::kMakeUp;
}

std::string Calendar::NameOf(Day day) const {
  switch (KindOf(day)) {
    case DayKind::kWorking:
    case DayKind::kMakeUp:
      return {};
    case DayKind::kHoliday:
      return Knows(day) ? name_of_.at(day) : AssumedHoliday(day)->name_zh;
    case DayKind::kWeekend:
      return std::string(kWeekdayNames[static_cast<size_t>(WeekdayOf(day))]);
  }
  return {};
}

Day Calendar::AddWorkingDays(Day from, int count) const {
  const Day step = count < 0 ? -1 : 1;
  int left = std::abs(count);
  CHECK_LT(left, kStepsMax);
  Day day = from;
  for (int walked = 0; left > 0; ++walked) {
    CHECK_LT(walked, 2 * kStepsMax);
    day += step;
    if (IsWorkingDay(day)) --left;
  }
  return day;
}

int Calendar::WorkingDaysIn(Day after, Day until) const {
  int count = 0;
  for (Day day = after + 1; day <= until; ++day) count += IsWorkingDay(day) ? 1 : 0;
  return count;
}

Day Calendar::WorkingDayFrom(Day day) const { return IsWorkingDay(day) ? day : AddWorkingDays(day, 1); }

Day Calendar::LastWorkingDayOfMonth(int year, int month) const {
  const Day last = DayOf({year, month, DaysInMonth(year, month)});
  return IsWorkingDay(last) ? last : AddWorkingDays(last, -1);
}

const std::vector<Calendar::Span>& Calendar::SpansOf(Counting counting, Day day) const {
  static const std::vector<Span> kNone;
  static const std::vector<Span> kWholeDay = {{0, kMinutesOfDay}};
  if (!IsWorkingDay(day)) return kNone;
  return counting == Counting::kOfficeHours ? office_hours_ : kWholeDay;
}

int64_t Calendar::Between(Counting counting, int64_t from_ms, int64_t to_ms) const {
  if (to_ms <= from_ms) return 0;
  if (counting == Counting::kAll) return to_ms - from_ms;
  int64_t total = 0;
  for (Day day = LocalDay(from_ms); day <= LocalDay(to_ms); ++day) {
    for (const Span& span : SpansOf(counting, day)) {
      const int64_t begin = std::max(from_ms, StartOfDayMs(day) + span.from_minute * kMinuteMs);
      const int64_t end = std::min(to_ms, StartOfDayMs(day) + span.to_minute * kMinuteMs);
      total += std::max<int64_t>(0, end - begin);
    }
  }
  return total;
}

int64_t Calendar::Forward(Counting counting, int64_t from_ms, int64_t amount_ms) const {
  CHECK(amount_ms >= 0);
  if (counting == Counting::kAll || amount_ms == 0) return from_ms + amount_ms;
  int64_t left = amount_ms;
  for (Day day = LocalDay(from_ms), walked = 0;; ++day, ++walked) {
    CHECK_LT(walked, 2 * kStepsMax);
    for (const Span& span : SpansOf(counting, day)) {
      const int64_t begin = std::max(from_ms, StartOfDayMs(day) + span.from_minute * kMinuteMs);
      const int64_t end = StartOfDayMs(day) + span.to_minute * kMinuteMs;
      if (end <= begin) continue;
      if (end - begin >= left) return begin + left;
      left -= end - begin;
    }
  }
}

int64_t Calendar::Backward(Counting counting, int64_t to_ms, int64_t amount_ms) const {
  CHECK(amount_ms >= 0);
  if (counting == Counting::kAll) return to_ms - amount_ms;
  int64_t left = amount_ms;
  for (Day day = LocalDay(to_ms), walked = 0;; --day, ++walked) {
    CHECK_LT(walked, 2 * kStepsMax);
    const std::vector<Span>& spans = SpansOf(counting, day);
    for (auto span = spans.rbegin(); span != spans.rend(); ++span) {
      const int64_t begin = StartOfDayMs(day) + span->from_minute * kMinuteMs;
      const int64_t end = std::min(to_ms, StartOfDayMs(day) + span->to_minute * kMinuteMs);
      if (end <= begin) continue;
      // Only a span that holds more than is left ends the walk: rest before a used-up span costs nothing.
      if (end - begin > left) return end - left;
      left -= end - begin;
    }
  }
}

}  // namespace base
