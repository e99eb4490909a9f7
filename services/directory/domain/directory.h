#pragma once
// The rules of the directory: areas, organisations, accounts, sessions, calendar and policy. Pure: no clock,
// no storage, no network, no randomness; no password and no token ever gets here
// (proto/directory/v1/directory.proto).
//
// Decide asks the rules table first (rules.h: who may ask what of which kind of aggregate), then the function
// of the command. Aggregates of several kinds live side by side: State.body says which.

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "directory/v1/directory.pb.h"
#include "services/kernel/domain.h"

namespace directory {

struct DirectoryDomain {
  using State = v1::State;
  using Command = v1::Command;
  using Event = v1::Event;
  // Everything Decide needs is in aggregates it can look up: nothing is learned from elsewhere.
  struct Reference {};

  static constexpr std::string_view kService = "directory";
  // Keys (parts joined by '/', a part is never empty except the last):
  //   parent      parent area, "0" valid or "1" former, code
  //   area_name   city, county or township around it, name            valid areas above the grid, not
  //   functional zones listed      code an official list used instead of ours org_area    area, kind (2
  //   digits), duty org_kind    kind (2 digits), area org_duty    duty, area org_parent  parent organisation
  //   of those not closed login       login user_area   area of the account session_user  user, u64be started
  //   at ms                         of sessions not ended
  //   took_over   area that took over, code                       areas that have ended, grids excepted
  //   unit_staff  unit                                            accounts with a post in it, whenever it counts
  static constexpr std::array<std::string_view, 12> kIndexes = {
      "parent",   "area_name",  "listed", "org_area",  "org_kind",
      "org_duty", "org_parent", "login",  "user_area", "session_user", "took_over",
      "unit_staff"};

  static kernel::Decision<Event> Decide(const State& state, const Command& command,
                                        const kernel::CommandContext<State>& ctx, const Reference& reference);
  static void Apply(const Event& event, int64_t now_ms, State* state);
  static std::vector<kernel::Timer> Timers(const State& state);
  static std::vector<kernel::IndexEntry> Indexes(std::string_view id, const State& state);
  static std::vector<kernel::TallyEntry> Tallies(const State& state);
  static std::optional<kernel::v1::Notice> Publish(std::string_view id, const Event& event,
                                                   const State& before, const State& after);
  static Command Fire(std::string_view timer, int64_t due_ms);
  static void Observe(std::string_view id, const State& state, Reference* reference);
};
static_assert(kernel::Domain<DirectoryDomain>);

inline constexpr std::string_view kCalendarId = "ref/calendar";
inline constexpr std::string_view kPolicyId = "ref/policy";
inline constexpr std::string_view kBootstrapId = "bootstrap";
inline constexpr std::string_view kImportPrefix = "import/";

}  // namespace directory
