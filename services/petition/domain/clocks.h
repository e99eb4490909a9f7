#pragma once
// The clocks of a petition, and what an event does to them (services/reference/clocks.h): what is petitions' own.

#include <cstdint>
#include <string_view>

#include "petition/v1/petition.pb.h"
#include "services/reference/clocks.h"

namespace petition {

// Every row of the deadline catalogue this service starts clocks of. DP-06 is no clock of its own: it is how
// long the one extension of DP-05 may be. DM-08 and DI-07 are read for a hand-over and for the evaluation.
inline constexpr std::string_view kPolicyIds[] = {"DP-01", "DP-02", "DP-03", "DP-04", "DP-05",
                                                  "DP-07", "DP-08", "DP-09", "DP-10", "DP-11",
                                                  "DP-12", "DP-13", "DP-14", "DP-15",
                                                  "DP-16", "DP-17", "DP-18"};
// Of them, what a case leader owes: a plan, and talks with the petitioner.
inline constexpr std::string_view kLeadPolicyIds[] = {"DP-16", "DP-17"};
inline constexpr std::string_view kOtherRows[] = {"DP-06", "DM-08", "DI-07"};

inline const common::v1::Clock* FindClock(const v1::State& state, std::string_view policy_id) {
  return reference::FindClock(state.clock(), policy_id);
}
inline bool Runs(const v1::State& state, std::string_view policy_id) {
  return reference::Runs(state.clock(), policy_id);
}

// Until 2026-11 a leader's plan and talks had days without a clock: these, of a lead taken then; 0 where one counts.
struct LeadDays {
  int64_t plan_due_ms = 0, contact_due_ms = 0;
};
inline LeadDays LeadDaysOf(const v1::State& state) {
  const v1::CaseLeader& leader = state.leader();
  return {FindClock(state, "DP-16") == nullptr ? leader.plan_due_ms() : 0,
          FindClock(state, "DP-17") == nullptr ? leader.contact_due_ms() : 0};
}

class ClockChanges : public reference::ClockChanges {
 public:
  // REQUIRES: reference is ready and knows kPolicyIds.
  ClockChanges(const v1::State& state, const reference::Reference& reference, int64_t now_ms)
      : reference::ClockChanges(state.clock(), reference, now_ms) {}

  // What still runs: a duty is MISSED if it is late, otherwise CANCELLED, a right is CANCELLED. Clocks of the office
  // itself (DP-13, DP-15) go on, and so does what an opinion has promised (DP-18).
  void EndAll();
};

}  // namespace petition
