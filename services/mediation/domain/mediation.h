#pragma once
// The rules of a mediation case 调解案件, from the application to the archive.
// Pure: no clock, no storage, no network, no chance of its own. Called from the writer thread and from replay
// only.
//
// Law: 人民调解法 (cited as Art.), 人民调解工作若干规定. The transitions are M1 to M25 of the
// procedure:
//
//   REGISTERED ─► SEEKING_CONSENT ─► ACCEPTED ─► ASSIGNED ─► MEDIATING ⇄ PAUSED
//        └──────────────┴─► REFUSED                             ⇅
//                                    ENDED ◄── any open       AGREED ─► EFFECTIVE ─► COMPLETED
//                                    REFUSED, ENDED, COMPLETED ─► ARCHIVED

#include <array>
#include <optional>
#include <string_view>
#include <vector>

#include "mediation/v1/mediation.pb.h"
#include "services/kernel/domain.h"
#include "services/reference/reference.h"

namespace mediation {

struct MediationDomain {
  using State = v1::State;
  using Command = v1::Command;
  using Event = v1::Event;
  using Reference = reference::Reference;
  static constexpr std::string_view kService = "mediation";
  // Positions are numbers on disk: append only. Keys: views.cc.
  static constexpr std::array<std::string_view, 9> kIndexes = {
      "area",        "committee", "mediator",  "party_user", "matter_code", "query_code",
      "provisional", "promise",   "handed_up"};

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
  static void Answer(const State& after, kernel::v1::Receipt* receipt);
};
static_assert(kernel::Domain<MediationDomain>);

}  // namespace mediation
