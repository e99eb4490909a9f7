#pragma once
// How a matter as a whole went: the courses of its parts laid over each other. A spell is a time during which it was
// closed, or open and late; figures ask in which spell a matter was at the end of a period. Pure, and the same in
// whatever order the services were heard.

#include <cstdint>
#include <vector>

#include "oversight/v1/oversight.pb.h"

namespace oversight {

// What a closing may lose by what comes after it.
inline constexpr int64_t kContradictedMs = 7LL * 86'400'000;  // 群众说没解决: then it does not count as resolved
inline constexpr int64_t kOnceOnlyMs = 90LL * 86'400'000;     // reopened or said again: then not settled at once

struct Spell {
  int64_t from_ms = 0;
  int64_t to_ms = 0;    // 0: it goes on
  bool by_due = false;  // it began because its day passed, not because of a step
  int level = 0;        // the highest that has held lead responsibility so far
  // Of an open, late one:
  bool suspended = false;
  // Of a closed one:
  bool resolved = false;
  bool in_time = false;     // every cycle so far was closed by its due moment
  bool first_time = false;  // in the first cycle, without rework, and nobody came again
  int rework = 0;
  bool extended = false;
  bool evaluated = false;
  bool reachable = false;
  bool evidence = false;
  int took = 0;
  common::v1::TimeUnit took_in = common::v1::TIME_UNIT_UNSPECIFIED;
};

struct Story {
  int origin = 0;
  int64_t began_ms = 0;  // 0: there is nothing to tell
  bool out = false;      // by now refused, cancelled, merged or withdrawn as a whole
  std::vector<Spell> closed;
  std::vector<Spell> late;
};

// Of a matter that follows from another one, nothing: that one is counted.
// As somebody of `level` may know it; the parts they may not see are taken out before (SeenAt).
Story StoryOf(const v1::Matter& matter, int level);

}  // namespace oversight
