#pragma once
// Keys of what figures are counted from: written by views.cc, read by figures.cc and query_metrics.cc.
//
//   tallies  figure/<area>/<part>/m/<month>/<traits>  figure/<area>/<part>/d/<day>/<traits>
//            area: village, township, county or city. What only higher levels may know stands under "<area>@<level>"
//            instead, as that level knows it, of every area below the city and up to that level; of a county as its
//            own level knows it under "<area>" too, so that its own figure is one row.
//            month 202610, day 20261009; traits: contributions.h
//            part: a family by its first day; of b and l besides "<family>-", by the day it ended; of the others that
//            may end "<family>2", by both: …/m/<end month>/<month>/…  …/d/<end month>/<month>/<end day>/<day>/…
//            Of what falls due at a moment besides "<family>h" and "<family>i", by its hour and its minute, so that
//            what of a day lies ahead is read in one walk each: <day><hour>/<traits>  <day><hour><minute>/<traits>
//   index    figure: view township '/' family day(u32be) until(u32be) traits
//            view: '*' if every level sees the same, otherwise '3', '4', '5'. Of b and l until comes first: who reads
//            them asks what is still there. until: all ones if it goes on.
//            Besides: "merged/" code, of an area another has taken the place of; "outside/" metric '/' area '/'
//            month '/' recorded_at(u64be), of a figure from outside.

#include <string>
#include <string_view>
#include <vector>

#include "base/calendar.h"
#include "services/kernel/domain.h"
#include "services/oversight/domain/contributions.h"

namespace oversight {

// Families of which a figure asks how many there are at a moment.
constexpr bool IsStock(char family) { return family == 'b' || family == 'l'; }

// How a stock that goes on begins, behind FigureListPrefix.
inline constexpr std::string_view kGoesOnKey = "\xff\xff\xff\xff";
// Families of which only the index is kept: each of its contributions is a kind of its own.
constexpr bool IsListedOnly(char family) { return family == 'f'; }

std::string MonthText(base::Day day);   // "202610"
std::string CompactDay(base::Day day);  // "20261009"

inline constexpr char kDueHour = 'h', kDueMinute = 'i';  // parts of a family
inline constexpr size_t kHourDigits = 10;                // of DueMinuteText: its day and hour
std::string DueMinuteText(int64_t due_ms);               // "202610091730"; by the end of the day: "202610092400"

std::string PlaceSeenFrom(std::string_view area, int level);              // "371403001@4"
std::string FigurePrefix(std::string_view area, std::string_view part);  // "figure/371403/c/"
void AddFigureTallies(const v1::State& state, std::vector<kernel::TallyEntry>* tallies);

std::string FigureListPrefix(std::string_view township, char view, char family);
void AddFigureEntries(const v1::State& state, std::vector<kernel::IndexEntry>* entries);
inline constexpr std::string_view kMergedPrefix = "merged/";
std::string OutsidePrefix(std::string_view metric_id, std::string_view area);
struct Listed {
  base::Day day = 0;
  base::Day until = 0;
  std::string traits;
};
// `rest`: of a key behind FigureListPrefix. False: it is none of ours.
bool ReadListed(char family, std::string_view rest, Listed* listed);
// The first key of a family whose day (of a stock: whose end) is not before this one.
std::string FigureListFrom(std::string_view prefix, base::Day day);

}  // namespace oversight
