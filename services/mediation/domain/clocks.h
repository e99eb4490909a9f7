#pragma once
// What an event does to the clocks of a case. Collects changes while a command is decided; WriteTo puts them
// into the event. Lengths come from the policy in force now; the event carries them, so that Apply never
// looks anything up.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "mediation/v1/mediation.pb.h"
#include "services/reference/reference.h"

namespace mediation {

// Every row of the deadline catalogue this service starts clocks of.
inline constexpr std::string_view kPolicyIds[] = {"DM-01", "DM-02", "DM-03", "DM-04",
                                                  "DM-05", "DM-06", "DM-07", "DM-08"};
// Rows that take the place of DM-04 and DM-06 in some cases. The clock keeps the plain id: it is the same
// duty.
inline constexpr std::string_view kOtherRows[] = {"DM-04-COURT-DELEGATED", "DM-04-COURT-ENTRUSTED",
                                                  "DM-04-COURT-SUMMARY", "DM-06-EFFECT"};

// Null if the state has no such clock; it may be stopped.
const common::v1::Clock* FindClock(const v1::State& state, std::string_view policy_id);
bool Runs(const v1::State& state, std::string_view policy_id);

// The row that says how long mediation may take; "DM-04" leaves it to the dispute type.
std::string_view PeriodRow(const v1::State& state);
// Whether the clock runs and does not stand still.
bool Ticks(const v1::State& state, std::string_view policy_id);
// When the warning before the end of a period that is over at `due_at_ms` goes out.
int64_t PeriodWarningAt(int64_t due_at_ms, int64_t now_ms, const base::Calendar& calendar);

// The oldest calendar revision a running provisional clock of the case was counted with, as bytes that sort
// like numbers; empty if every due date stands. Key of the index "provisional".
std::string ProvisionalKey(const v1::State& state);

// How the period of mediation (DM-04) starts for this case: its length by type, or the court's row. The second
// is the row's id.
struct PeriodStart {
  reference::ClockStart start;
  std::string_view row;
};
PeriodStart PeriodStartOf(const v1::State& state, const reference::Reference& reference,
                          std::string_view started_by);

class ClockChanges {
 public:
  // REQUIRES: reference is ready and knows kPolicyIds.
  ClockChanges(const v1::State& state, const reference::Reference& reference, int64_t now_ms)
      : state_(state), reference_(reference), now_ms_(now_ms) {}

  // `row`: of the catalogue, if not the one with the clock's own id.
  void Start(std::string_view policy_id, reference::ClockStart start, std::string_view row = {});
  void Stop(std::string_view policy_id);    // MET or MISSED; nothing if it does not run
  void Cancel(std::string_view policy_id);  // nothing if it does not run
  // REQUIRES: it runs; Pause: and is not paused; Resume: and is.
  void Pause(std::string_view policy_id, std::string_view reason);
  void Resume(std::string_view policy_id);
  void Extend(std::string_view policy_id, const common::v1::Length& by);
  // A clock that had stopped runs on; the time since does not count, unless its day was named. Nothing if none.
  void Reopen(std::string_view policy_id, std::string_view reason);
  // The clocks of the former holder bind another unit from now on.
  void Hand(std::string_view from_org, std::string_view to_org);
  // What still runs: MISSED if it is late, otherwise CANCELLED.
  void EndAll();
  bool Running(std::string_view policy_id) const;
  const common::v1::Clock* Find(std::string_view policy_id) const;  // with the changes
  void WriteTo(v1::Event* event) const;
  // Warning and end of the period as the clocks are now. REQUIRES: DM-04 is there.
  v1::Period PeriodNow() const;

 private:
  const v1::State& state_;
  const reference::Reference& reference_;
  const int64_t now_ms_;
  std::map<std::string, common::v1::Clock, std::less<>> changed_;
};

}  // namespace mediation
