#pragma once
// What oversight 督导 makes of the others' notices: where each matter stands, whose clocks turn yellow and
// red, which matters stand before a leader, and what leaders ask. Pure. Called from the writer thread and
// from replay only.
//
// One aggregate a matter (id: its code, so that a matter that moves between services is counted once), one an
// instruction, one a supervision order, one a campaign, one a task of it, one a task and one a scorecard of four-colour
// grading, one a warning, one a watch (watch.h), one a suggestion, one a measure of the joint conference, one an
// inspection, one a figure from outside, one a piece of reference data. Here are O1 (reminder), O2 to O6 (orders and
// cards), O7 (instruction), O8 and O9 (accountability), O10 (early warnings), O11 to O15 (grading), inspections 3.6.1,
// the ladder 3.6.3, the lights DO-01, DO-02 and DO-06, the figures K-01 to K-28. Nothing here judges a person.

#include <array>
#include <optional>
#include <string_view>
#include <vector>

#include "oversight/v1/oversight.pb.h"
#include "services/kernel/domain.h"
#include "services/reference/reference.h"

namespace oversight {

struct OversightDomain {
  using State = v1::State;
  using Command = v1::Command;
  using Event = v1::Event;
  using Reference = reference::Reference;
  static constexpr std::string_view kService = "oversight";
  // Positions are numbers on disk: append only. Keys: keys.h.
  static constexpr std::array<std::string_view, 12> kIndexes = {
      "review", "stuck",  "light_holder", "light_area", "instruction",    "order",
      "figure", "task",   "warning",      "accountability", "campaign",   "appeal"};

  // 2: what trends are summed from. 3: the cards of a unit and month, suggestions that turn red, campaigns, appeals.
  // 4: by whom an evaluation was put down; what is stuck, list by list.
  // 5: what falls due, by the hour and the minute. 6: a county as the city knows it; the oldest of what is stuck, kept
  // beside its list. 7: what waits for verification, and what is on hold, wait for no department.
  static constexpr uint32_t kViewsRevision = 7;

  static kernel::Decision<Event> Decide(const State&, const Command&, const kernel::CommandContext<State>&,
                                        const Reference&);
  static void Apply(const Event&, int64_t now_ms, State*);
  static std::vector<kernel::Timer> Timers(const State&);
  static std::vector<kernel::IndexEntry> Indexes(std::string_view id, const State&);
  static std::vector<kernel::TallyEntry> Tallies(const State&);
  static size_t HeadedBytes(const kernel::IndexEntry&);
  static std::optional<kernel::v1::Notice> Publish(std::string_view id, const Event&, const State& before,
                                                   const State& after);
  static Command Fire(std::string_view timer, int64_t due_ms);
  static void Observe(std::string_view id, const State&, Reference*);
  static void Answer(const State& after, kernel::v1::Receipt* receipt);
};
static_assert(kernel::Domain<OversightDomain>);

}  // namespace oversight
