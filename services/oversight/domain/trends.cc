#include "services/oversight/domain/trends.h"

#include <absl/strings/str_cat.h>

#include "base/area_code.h"
#include "services/oversight/domain/contributions.h"
#include "services/oversight/domain/figure_keys.h"
#include "services/oversight/domain/spells.h"
#include "services/oversight/domain/standing.h"

namespace oversight {
namespace {

using common::v1::CITY, common::v1::COUNTY, common::v1::TOWNSHIP, common::v1::VILLAGE;

char Bit(bool is) { return is ? '1' : '0'; }

// What one matter is, as somebody of a level may know it.
class Trend {
 public:
  Trend(const v1::Matter& matter, int view)
      : story_(StoryOf(matter, view)), category_(CategoryOf(matter)), unit_(HolderOrg(matter)) {
    if (category_.empty()) category_.push_back(kNoCategory.front());
  }

  void At(int level, const std::string& place, std::vector<kernel::TallyEntry>* tallies) const {
    if (story_.began_ms == 0 || story_.out) return;
    auto add = [&](int64_t at_ms, char what, const std::string& of, const std::string& kind) {
      const std::string prefix = TrendPrefix(level, place, base::LocalDay(at_ms));
      tallies->push_back({absl::StrCat(prefix, std::string(1, what), "/", of, ".", kind)});
    };
    add(story_.began_ms, kCame, category_, absl::StrCat(story_.origin));
    if (story_.closed.empty() || story_.closed.back().to_ms != 0) return;
    const Spell& closed = story_.closed.back();
    const std::string how = {Bit(closed.resolved), Bit(closed.in_time)};
    add(closed.from_ms, kClosed, category_, absl::StrCat(closed.level, how));
    add(closed.from_ms, kClosedByUnit, unit_, how);
    if (closed.took_in == common::v1::TIME_UNIT_UNSPECIFIED) return;
    const std::string took = absl::StrCat(std::string(1, TimeUnitMark(closed.took_in)), closed.took);
    add(closed.from_ms, kTook, category_, took);
    if (level < CITY) add(closed.from_ms, kTookByUnit, unit_, took);
  }

 private:
  Story story_;
  std::string category_, unit_;
};

}  // namespace

std::string TrendPrefix(int level, std::string_view place, base::Day month) {
  return absl::StrCat("trend/", level, "/", std::string(place), "/", MonthText(month), "/");
}

void AddTrendTallies(const v1::State& state, std::vector<kernel::TallyEntry>* tallies) {
  if (!state.has_matter()) return;
  const v1::Matter& matter = state.matter();
  const bool alike = FiguresSeenFrom(state) <= TOWNSHIP;
  v1::Matter scratch;
  for (const int view : {TOWNSHIP, COUNTY, CITY}) {
    const Trend trend(SeenAt(matter, view, &scratch), view);
    for (const int level : {VILLAGE, TOWNSHIP, COUNTY, CITY}) {
      const std::string place = base::CutTo(matter.area_code(), level);
      if (place.empty() || (!alike && level > view)) continue;
      trend.At(level, alike ? place : PlaceSeenFrom(place, view), tallies);
    }
    if (alike) return;
  }
}

}  // namespace oversight
