#include "services/oversight/listed.h"

#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>

#include <algorithm>
#include <tuple>
#include <utility>

#include "base/area_code.h"
#include "base/coding.h"
#include "base/status_macros.h"
#include "services/kernel/ranges.h"
#include "services/oversight/domain/contributions.h"
#include "services/oversight/domain/figure_keys.h"
#include "services/oversight/domain/standing.h"

namespace oversight {
namespace {

using base::Day;
using OversightReader = kernel::Reader<OversightDomain>;

constexpr size_t kListedMax = 200'000;  // entries of one family that one question reads
constexpr size_t kSecondDigits = 5;
constexpr int64_t kDaySeconds = 86'400;

// Townships of other areas with places that count for this one today.
absl::StatusOr<std::set<std::string>> Elsewhere(const OversightReader& reader, const std::string& area) {
  std::set<std::string> townships;
  ASSIGN_OR_RETURN(const auto merged, MergedCodes(reader));
  for (const auto& [place, sign] : PlacesOf(*reader.Reference(), merged, area)) {
    if (sign > 0 && !base::Covers(area, place)) townships.insert(TownshipOf(place));
  }
  return townships;
}

// What keys of the index begin with in which an area, or what counts for it today, may be listed; in their order.
absl::StatusOr<std::vector<std::string>> Beginnings(const OversightReader& reader, const std::string& area,
                                                    int looks) {
  ASSIGN_OR_RETURN(const auto elsewhere, Elsewhere(reader, area));
  std::vector<std::string> beginnings;
  for (const char view : {'*', static_cast<char>('0' + looks)}) {
    beginnings.push_back(view + area);
    for (const auto& township : elsewhere) {
      if (!base::Covers(area, township)) beginnings.push_back(absl::StrCat(std::string(1, view), township, "/"));
    }
  }
  std::ranges::sort(beginnings);
  return beginnings;
}

// Behind this entry and before every other.
std::string JustBehind(const kernel::Page::Item& item) {
  std::string key = item.key;
  key.push_back('\0');
  key += item.aggregate_id;
  key.push_back('\0');
  return key;
}

// Where a family lies in one township and view; `township` is how the keys of both begin.
struct Stretch {
  std::string township, prefix, from, to;
};

Stretch StretchAround(const std::string& key, char family, Days days) {
  Stretch stretch;
  stretch.township = key.substr(0, key.find('/') + 1);
  stretch.prefix = stretch.township + family;
  // A stock lies by its end: what goes on comes last, by the day it began.
  const std::string goes_on = IsStock(family) ? stretch.prefix + std::string(kGoesOnKey) : stretch.prefix;
  stretch.from = FigureListFrom(goes_on, days.from);
  stretch.to = FigureListFrom(goes_on, days.until);
  return stretch;
}

// Entries of a family that may lie on these days, in every township and view of the area: in one walk.
template <class See>
absl::Status EachListed(const OversightReader& reader, const std::string& area, int looks, char family, Days days,
                        See see) {
  ASSIGN_OR_RETURN(const auto beginnings, Beginnings(reader, area, looks));
  auto beginning = beginnings.begin();
  Stretch here;
  size_t seen = 0;
  const auto leap = [&](const kernel::Page::Item& item) -> std::string {
    if (here.township.empty() || !item.key.starts_with(here.township)) {
      while (beginning != beginnings.end() && base::PrefixEnd(*beginning) <= item.key) ++beginning;
      if (beginning == beginnings.end()) return "";
      if (item.key < *beginning) return *beginning;
      here = StretchAround(item.key, family, days);
    }
    if (item.key < here.from) return here.from;
    if (item.key >= here.to) return base::PrefixEnd(here.township);
    ++seen;
    Listed listed;
    const bool whole = ReadListed(family, std::string_view(item.key).substr(here.prefix.size()), &listed);
    if (whole && seen <= kListedMax) see(item, listed);
    return seen > kListedMax ? std::string() : JustBehind(item);
  };
  RETURN_IF_ERROR(kernel::Leap(reader, "figure", beginnings.front(), base::PrefixEnd(beginnings.back()), leap));
  if (seen > kListedMax) return absl::ResourceExhaustedError("more matters than a figure can look at one by one");
  return absl::OkStatus();
}

// A place that counts for another area today lies in one of its townships all the same.
absl::StatusOr<bool> LiesIn(const OversightReader& reader, const std::string& area, const std::string& id) {
  ASSIGN_OR_RETURN(const auto stored, reader.Get(id));
  return stored && CountsFor(*reader.Reference(), area, FigureArea(stored->state));
}

}  // namespace

absl::StatusOr<std::set<std::string>> TownshipsListed(const OversightReader& reader, const std::string& area,
                                                      char view) {
  std::set<std::string> townships;
  const std::string from = view + area;
  RETURN_IF_ERROR(kernel::Leap(reader, "figure", from, base::PrefixEnd(from), [&](const kernel::Page::Item& item) {
    const size_t slash = item.key.find('/');
    townships.insert(item.key.substr(1, slash - 1));
    return base::PrefixEnd(item.key.substr(0, slash + 1));
  }));
  ASSIGN_OR_RETURN(auto elsewhere, Elsewhere(reader, area));
  townships.merge(elsewhere);
  return townships;
}

std::vector<Settled> BurstsAmong(std::vector<Settled> settled) {
  std::ranges::sort(settled, {}, [](const Settled& s) { return std::tie(s.unit, s.second, s.id); });
  std::vector<Settled> bursts;
  size_t taken = 0;  // all before this one have been looked at
  for (size_t first = 0, end = 0; first < settled.size(); ++first) {
    end = std::max(end, first);
    while (end < settled.size() && settled[end].unit == settled[first].unit &&
           settled[end].second < settled[first].second + kBurstSeconds)
      ++end;
    if (end - first < kBurst) continue;
    for (taken = std::max(taken, first); taken < end; ++taken) bursts.push_back(settled[taken]);
  }
  std::ranges::sort(bursts, {}, [](const Settled& s) { return std::tie(s.id, s.second); });
  return bursts;
}

absl::StatusOr<std::vector<Settled>> Bursts(const OversightReader& reader, const std::string& area, Days days,
                                            int looks) {
  std::vector<Settled> settled;
  if (looks == 0) looks = base::LevelOf(area);
  RETURN_IF_ERROR(EachListed(reader, area, looks, 'f', days, [&](const auto& item, const Listed& listed) {
    int64_t second = 0;
    if (listed.traits.size() <= kSecondDigits ||
        !absl::SimpleAtoi(listed.traits.substr(0, kSecondDigits), &second))
      return;
    settled.push_back({item.aggregate_id, listed.traits.substr(kSecondDigits), listed.day * kDaySeconds + second});
  }));
  std::vector<Settled> bursts;
  for (auto& one : BurstsAmong(std::move(settled))) {
    ASSIGN_OR_RETURN(const bool here, LiesIn(reader, area, one.id));
    if (here) bursts.push_back(std::move(one));
  }
  return bursts;
}

}  // namespace oversight
