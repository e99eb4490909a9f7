#pragma once
// What trends.h tallies, summed for areas and months: for the tables of analysis. What is read depends on the months,
// areas and kinds, not on how many matters there are. One thread.

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/calendar.h"
#include "services/kernel/reader.h"
#include "services/oversight/domain/oversight.h"
#include "services/oversight/figures.h"

namespace oversight {

// First days of months: `from` counts, `until` does not.
struct Months {
  base::Day from = 0;
  base::Day until = 0;
};

// One kind of matters in one month; `count` is negative where a place has gone to another area.
struct TrendRow {
  base::Day month = 0;
  char what = 0;          // kCame …
  std::string_view of;    // category or unit
  std::string_view kind;  // what stands behind it, see trends.h
  int64_t count = 0;
};

class Trends {
 public:
  using See = std::function<void(const TrendRow&)>;

  // As somebody of level `view` may know it.
  static absl::StatusOr<Trends> Of(const kernel::Reader<OversightDomain>& reader, int view);

  absl::Status Rows(const std::string& area, Months months, const See& see) const;
  // The areas next below that stand today.
  std::vector<std::string> Below(const std::string& area) const;
  const reference::Reference& reference() const { return *reference_; }

 private:
  Trends(const kernel::Reader<OversightDomain>& reader, int view, std::vector<std::string> merged)
      : reader_(reader), reference_(reader.Reference()), view_(view), merged_(std::move(merged)) {}

  const kernel::Reader<OversightDomain>& reader_;
  const std::shared_ptr<const reference::Reference> reference_;
  const int view_;
  const std::vector<std::string> merged_;
};

}  // namespace oversight
