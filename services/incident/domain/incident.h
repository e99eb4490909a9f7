#pragma once
// The rules of a grid incident's life 网格事件, of screening campaigns 专项排查 and of what the directory
// taught us: one domain, four kinds of aggregate. Pure: no clock, no storage, no network, no randomness.
// Domain model 3.3.
//
//                  reject/appeal                     return approved, escalate, send down
//   REPORTED ◄──► REJECTED          ACCEPTED ◄─────────────┐
//     │ accept ───────────────────────► │ dispatch ► DISPATCHED │ take ► PROCESSING ◄──► SUSPENDED
//     │ self-handle ► CLOSED            │ refer ► REFERRED      │          │ complete
//     │ merge ► MERGED, cancel ► CANCELLED                      │   PENDING_VERIFY ─ verify ► CLOSED ►
//     EVALUATED ► ARCHIVED

#include <array>
#include <optional>
#include <string_view>
#include <vector>

#include "incident/v1/incident.pb.h"
#include "services/incident/domain/knowledge.h"
#include "services/kernel/domain.h"

namespace incident {

struct IncidentDomain {
  using State = v1::State;
  using Command = v1::Command;
  using Event = v1::Event;
  using Reference = Knowledge;
  using Context = kernel::CommandContext<State>;

  static constexpr std::string_view kService = "incident";
  // Positions are numbers on disk: append only.
  static constexpr std::array<std::string_view, 12> kIndexes = {
      "code", "query", "area", "holder", "leader", "reporter", "campaign", "merged", "task", "provisional", "county",
      "running"};

  static kernel::Decision<Event> Decide(const State& state, const Command& command, const Context& ctx,
                                        const Knowledge& known);
  static void Apply(const Event& event, int64_t now_ms, State* state);
  static std::vector<kernel::Timer> Timers(const State& state);
  static std::vector<kernel::IndexEntry> Indexes(std::string_view id, const State& state);
  static std::vector<kernel::TallyEntry> Tallies(const State& state);
  static std::optional<kernel::v1::Notice> Publish(std::string_view id, const Event& event,
                                                   const State& before, const State& after);
  static Command Fire(std::string_view timer, int64_t due_ms);
  static void Observe(std::string_view id, const State& state, Knowledge* known);
  static void Answer(const State& after, kernel::v1::Receipt* receipt);
};

static_assert(kernel::Domain<IncidentDomain>);
static_assert(kernel::AnswersWithState<IncidentDomain>);

}  // namespace incident
