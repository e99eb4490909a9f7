#pragma once
// The clocks of one matter, and what an event does to them. ClockChanges collects changes while a command is decided;
// WriteTo puts them into the event. Lengths come from the policy in force now; the event carries them, so that Apply
// never looks anything up. Pure; lives as long as one decision.

#include <google/protobuf/repeated_ptr_field.h>

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "services/reference/deadline.h"
#include "services/reference/reference.h"

namespace reference {

using ClockList = google::protobuf::RepeatedPtrField<common::v1::Clock>;

// Null if there is no such clock; it may be stopped.
const common::v1::Clock* FindClock(const ClockList& clocks, std::string_view policy_id);
bool Runs(const ClockList& clocks, std::string_view policy_id);
// What a unit or a petitioner may do by then and need not: an objection (DP-04), a review (DP-07), a re-review (DP-09).
// When its day has passed nobody is late.
constexpr bool IsRight(std::string_view policy_id) {
  return policy_id == "DP-04" || policy_id == "DP-07" || policy_id == "DP-09";
}
// The running duty of somebody that ends first; null if nobody has to do anything.
const common::v1::Clock* NextDue(const ClockList& clocks);

// The oldest calendar revision a running provisional clock was counted with, as bytes that sort like numbers; empty
// if every due date stands. Key of an index "provisional".
std::string ProvisionalKey(const ClockList& clocks);

// Null if calendar and catalogue are there with every one of these rows.
std::optional<Objection> RowsMissing(const Reference& reference, std::span<const std::string_view> ids,
                                     std::span<const std::string_view> more);

class ClockChanges {
 public:
  // REQUIRES: reference is ready and knows every row that is started.
  ClockChanges(const ClockList& clocks, const Reference& reference, int64_t now_ms)
      : clocks_(clocks), reference_(reference), now_ms_(now_ms) {}

  // `row`: of the catalogue, if not the one with the clock's own id.
  void Start(std::string_view policy_id, ClockStart start, std::string_view row = {});
  // Nothing comes of what follows for a clock that does not run.
  void Stop(std::string_view policy_id);  // MET or MISSED
  void Cancel(std::string_view policy_id);
  void End(std::string_view policy_id);  // MISSED if it is late (while it stands it is not), otherwise CANCELLED
  void Extend(std::string_view policy_id, const common::v1::Length& by);
  void Pause(std::string_view policy_id, std::string_view reason);
  void Resume(std::string_view policy_id);
  // A clock that had stopped runs on; the time since does not count, unless its day was named. Nothing if none.
  void Reopen(std::string_view policy_id, std::string_view reason);
  void Hand(std::string_view policy_id, std::string_view to_org);  // it binds another unit from now on

  bool Running(std::string_view policy_id) const;
  bool Late(std::string_view policy_id) const;                      // it runs, and its last moment has passed
  const common::v1::Clock* Find(std::string_view policy_id) const;  // with the changes

  template <class Event>
  void WriteTo(Event* event) const {
    for (const auto& [policy_id, clock] : changed_) *event->add_clock() = clock;
  }

 protected:
  int64_t now_ms() const { return now_ms_; }
  const Reference& reference() const { return reference_; }

 private:
  void Put(common::v1::Clock clock);

  const ClockList& clocks_;
  const Reference& reference_;
  const int64_t now_ms_;
  std::map<std::string, common::v1::Clock, std::less<>> changed_;
};

}  // namespace reference
