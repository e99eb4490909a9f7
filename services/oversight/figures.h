#pragma once
// Figures of one area and period, summed from the tallies of one moment. What is read depends on the days and areas,
// not on how many matters there are. An area's figures are those of its code, without the villages and townships whose
// successor lies elsewhere, with those whose successor lies in it. One thread.

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/calendar.h"
#include "oversight/v1/metrics.pb.h"
#include "services/kernel/reader.h"
#include "services/oversight/domain/metrics.h"
#include "services/oversight/domain/oversight.h"
#include "services/oversight/domain/partly.h"

namespace oversight {

// Whole days: `from` counts, `until` does not. A period that goes on ends now, with the minute that has begun.
struct Days {
  base::Day from = 0;
  base::Day until = 0;
  int64_t now_ms = 0;  // the minute that has come; 0: it is over
};
inline constexpr int kPeriodDaysMax = 3660;  // ten years

// The places whose tallies make up an area: +1, or -1 where the area's own code covers what has gone elsewhere.
using Places = std::vector<std::pair<std::string, int>>;
// Codes of areas that have a successor.
absl::StatusOr<std::vector<std::string>> MergedCodes(const kernel::Reader<OversightDomain>& reader);
Places PlacesOf(const reference::Reference& reference, const std::vector<std::string>& merged, std::string_view area);
// The same as somebody who looks from this level (0: the area's own) may know them, under their names in figure_keys.h.
absl::StatusOr<Places> FigurePlacesOf(const kernel::Reader<OversightDomain>& reader, std::string_view area,
                                      int looks = 0);
// Whether a matter of `code` counts for `area` today.
bool CountsFor(const reference::Reference& reference, std::string_view area, std::string_view code);

// How often each whole number of a unit of time, by TimeUnitMark.
using Took = std::map<char, std::map<int64_t, int64_t>>;
// Units of which there are fewer than `fewest` are left out.
void AddDurations(const Took& took, int64_t fewest, google::protobuf::RepeatedPtrField<v1::Figure::Duration>* out);

class Counting {
 public:
  using Sums = std::map<std::string, int64_t>;  // by traits

  // `looks`: as for the places.
  Counting(const kernel::Reader<OversightDomain>& reader, std::string area, Places places, Days days, int looks = 0)
      : reader_(reader), area_(std::move(area)), places_(std::move(places)), days_(days), looks_(looks) {}

  absl::StatusOr<v1::Figure> FigureOf(const Metric& metric, base::Day today);

 private:
  absl::StatusOr<const Sums*> SumsOf(char family, Of of);
  absl::Status Within(const std::string& part, Days days, int64_t times, Sums* sums);
  absl::Status Before(const std::string& part, base::Day day, int64_t times, Sums* sums);
  absl::Status GoneAgain(char family, int64_t times, Sums* sums);
  absl::Status GoneFrom(const std::string& place, char family, int64_t times, Sums* sums);
  absl::Status Ahead(char family, int64_t times, Sums* sums);
  absl::Status Scan(const std::string& prefix, const std::string& from, const std::string& to, const auto& see);
  absl::StatusOr<int64_t> Total(const Term (&terms)[2]);
  absl::Status Outside(const Metric& metric, v1::Figure* figure);
  absl::Status Durations(v1::Figure* figure);
  absl::Status Grades(v1::Figure* figure);
  absl::Status InBursts(v1::Figure* figure);
  absl::Status CountPartly(const Partly& partly, v1::Figure* figure);

  const kernel::Reader<OversightDomain>& reader_;
  const std::string area_;
  const Places places_;
  const Days days_;
  const int looks_;
  std::map<std::pair<char, Of>, Sums> known_;
};

}  // namespace oversight
