#pragma once
// What an event does to the clocks of a petition. Collects changes while a command is decided; WriteTo puts
// them into the event. Lengths come from the policy in force now; the event carries them, so that Apply never
// looks anything up.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "petition/v1/petition.pb.h"
#include "services/reference/reference.h"

namespace petition {

// Every row of the deadline catalogue this service starts clocks of. DP-06 is no clock of its own: it is how
// long the one extension of DP-05 may be. DM-08 and DI-07 are read for a hand-over and for the evaluation.
inline constexpr std::string_view kPolicyIds[] = {"DP-01", "DP-02", "DP-03", "DP-04", "DP-05",
                                                  "DP-07", "DP-08", "DP-09", "DP-10", "DP-11",
                                                  "DP-12", "DP-13", "DP-14", "DP-15"};
inline constexpr std::string_view kOtherRows[] = {"DP-06", "DM-08", "DI-07"};

// A right of the asker, not a duty of an office: when its day has passed nobody is late.
constexpr bool IsRight(std::string_view policy_id) {
  return policy_id == "DP-04" || policy_id == "DP-07" || policy_id == "DP-09";
}

// Null if the state has no such clock; it may be stopped.
const common::v1::Clock* FindClock(const v1::State& state, std::string_view policy_id);
bool Runs(const v1::State& state, std::string_view policy_id);

// The oldest calendar revision a running provisional clock was counted with, as bytes that sort like numbers;
// empty if every due date stands. Key of the index "provisional".
std::string ProvisionalKey(const v1::State& state);

class ClockChanges {
 public:
  // REQUIRES: reference is ready and knows kPolicyIds.
  ClockChanges(const v1::State& state, const reference::Reference& reference, int64_t now_ms)
      : state_(state), reference_(reference), now_ms_(now_ms) {}

  void Start(std::string_view policy_id, reference::ClockStart start);
  void Stop(std::string_view policy_id);    // MET or MISSED; nothing if it does not run
  void Cancel(std::string_view policy_id);  // nothing if it does not run
  void Extend(std::string_view policy_id, const common::v1::Length& by);
  void Pause(std::string_view policy_id, std::string_view reason);
  void Resume(std::string_view policy_id);
  // What still runs: MISSED if it is late, otherwise CANCELLED. Clocks of the office itself (DP-13, DP-15)
  // go on.
  void EndAll();
  bool Running(std::string_view policy_id) const;
  bool Late(std::string_view policy_id) const;                      // it runs, and its last moment has passed
  const common::v1::Clock* Find(std::string_view policy_id) const;  // with the changes
  void WriteTo(v1::Event* event) const;

 private:
  const v1::State& state_;
  const reference::Reference& reference_;
  const int64_t now_ms_;
  std::map<std::string, common::v1::Clock, std::less<>> changed_;
};

}  // namespace petition
