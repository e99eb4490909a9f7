#pragma once
// The rules of a petition 信访事项, from registration to the end that binds everybody. Pure: no clock, no
// storage, no network, no chance of its own. Called from the writer thread and from replay only.
//
// Law: 信访工作条例 2022 (cited as Art.), 山东省信访条例 2015 (山东). Transitions P1 to P31 of the procedure;
// clocks DP-01 to DP-18. Times: deadline.h. An accusation 检举控告 is sealed from the moment its type is
// known: see Sealed() in rules.h, and Publish, Indexes, Tallies in views.cc, which say nothing of it.

#include <array>
#include <optional>
#include <string_view>
#include <vector>

#include "petition/v1/petition.pb.h"
#include "services/kernel/domain.h"
#include "services/reference/reference.h"

namespace petition {

struct PetitionDomain {
  using State = v1::State;
  using Command = v1::Command;
  using Event = v1::Event;
  using Reference = reference::Reference;
  static constexpr std::string_view kService = "petition";
  // Positions are numbers on disk: append only. Keys: keys.h.
  static constexpr std::array<std::string_view, 13> kIndexes = {
      "area",        "office", "unit",   "petitioner", "matter_code", "query_code",
      "provisional", "sealed", "leader", "reception",  "backlog",    "copy",       "met"};

  // 2: tallies know the level of the office. 3: what was sealed by an older program looks for what says the same.
  static constexpr uint32_t kViewsRevision = 3;

  static kernel::Decision<Event> Decide(const State&, const Command&, const kernel::CommandContext<State>&,
                                        const Reference&);
  static void Apply(const Event&, int64_t now_ms, State*);
  static std::vector<kernel::Timer> Timers(const State&);
  static std::vector<kernel::IndexEntry> Indexes(std::string_view id, const State&);
  static std::vector<kernel::TallyEntry> Tallies(const State&);
  static std::optional<kernel::v1::Notice> Publish(std::string_view id, const Event&, const State& before,
                                                   const State& after);
  static Command Fire(std::string_view timer, int64_t due_ms);
  static void Observe(std::string_view id, const State&, Reference*);
  static bool Sealed(const State&);
  static void Answer(const State& after, kernel::v1::Receipt* receipt);
};
static_assert(kernel::Domain<PetitionDomain> && kernel::SealsStates<PetitionDomain>);

}  // namespace petition
