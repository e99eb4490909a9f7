#pragma once
// The clocks of one matter while a command is decided: starts, stops, pauses and extends them
// (services/reference computes), remembers what changed, and puts it into the event. Pure.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "incident/v1/incident.pb.h"
#include "services/incident/domain/knowledge.h"

namespace incident {

// The duties of an authority: late is a fact that is recorded. DI-04, DI-07 and DI-08 are rights of others.
bool IsDuty(std::string_view policy_id);
// The clocks that say whether the matter itself was handled in time.
bool IsHandling(std::string_view policy_id);

const common::v1::Clock* FindRunning(const v1::Incident& matter, std::string_view policy_id);
// The newest of this policy, running or ended; null if none.
const common::v1::Clock* FindLast(const v1::Incident& matter, std::string_view policy_id);
int64_t NextDueMs(const v1::Incident& matter);  // earliest running, unpaused duty; 0: none
bool AnyMissed(const v1::Incident& matter,
               int64_t now_ms);  // a handling clock of this cycle was missed or is late
// The first moment at which `length` has passed since `from_ms`.
int64_t MomentAfter(int64_t from_ms, const common::v1::Length& length, const Knowledge& known);

class Clocks {
 public:
  Clocks(const v1::Incident& matter, const Knowledge& known, int64_t now_ms, std::string_view event);

  struct Start {
    std::string holder = {};
    bool urgent = false;
    common::v1::Length length = {};  // amount 0: the row's
    int64_t due_at_ms = 0;           // named moment
    std::string article = {};
  };
  void Begin(std::string_view policy_id,
             const Start& start);         // a running one of the same policy is cancelled first
  void Stop(std::string_view policy_id);  // nothing if it does not run; so the next four
  void Cancel(std::string_view policy_id);
  void Pause(std::string_view policy_id, std::string_view reason);
  void Resume(std::string_view policy_id);
  void Extend(std::string_view policy_id, const common::v1::Length& by);
  // What runs until the matter is done binds from now on whoever has it now.
  void BindHandling(const std::string& holder);
  // Counted again by the rows now in force; false: it does not run, or nothing comes of it. What is late already stays
  // late, and nothing becomes late by this: a new rule does not reach back.
  bool Renew(std::string_view policy_id, const Start& start);
  void CancelAll();
  bool Runs(std::string_view policy_id) const { return Running(policy_id) != nullptr; }
  const common::v1::Clock* Running(std::string_view policy_id) const;
  const std::vector<common::v1::Clock>& all() const { return clocks_; }

  void Into(v1::Event* event) const;

 private:
  template <class F>
  void Change(std::string_view policy_id, F change);

  const Knowledge& known_;
  const int64_t now_ms_;
  const std::string event_;
  std::vector<common::v1::Clock> clocks_;
  std::vector<bool> changed_;
};

// Of an enterprise appeal 企业诉求: contact, reply, solution, solution of what is complex. They begin together when it is
// registered, and anew when it is taken up again: after a rejection that was appealed, and when it is reopened.
inline constexpr std::array<std::string_view, 4> kAppealPeriods = {"DA-01", "DA-02", "DA-03", "DA-04"};
void BeginAppealPeriods(const std::string& holder, Clocks* clocks);

}  // namespace incident
