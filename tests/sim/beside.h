#pragma once
// notify, in a world of its own beside the city: the same time, other chance. It hears the city's services through
// doors, crashes and is cut off as they are, and fills the boxes of people; letters go from it to the systems of units,
// by webhooks whose owners open, suspend, resume, replay and delete them. Nobody in the city hears it, so nothing that
// happens here moves a draw there: the fixed seeds go where they went before.

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "services/notify/cloud_event.h"
#include "services/notify/domain/notify.h"
#include "services/notify/errand.h"
#include "tests/sim/city.h"
#include "tests/sim/ledger.h"
#include "tests/sim/receivers.h"
#include "tests/sim/world.h"

namespace sim {

extern template class DomainNode<notify::NotifyDomain>;

inline constexpr std::string_view kNotifyAnew = "notify-anew";

// The city's rows of who must know what, as they stand in its file.
policy::v1::NotificationPolicy ReadNotifications(const std::string& policy_dir);

class Beside {
 public:
  Beside(World& world, City& city, const CityOptions& options);
  Beside(const Beside&) = delete;
  Beside& operator=(const Beside&) = delete;

  // From now on units have webhooks, until `until_ms`; and in the middle of it a second notify begins, empty.
  void Live(int64_t until_ms);
  // Faults stop, receivers are good again, and everything that waits is told. The city stands still meanwhile. "" or
  // what is left.
  std::string Settle(int64_t patience_ms);

  const World& world() const { return world_; }
  const Ledger& ledger() const { return ledger_; }
  const DomainNode<notify::NotifyDomain>& notify() const { return notify_; }
  const DomainNode<notify::NotifyDomain>& anew() const { return anew_; }
  const std::map<std::string, Hook>& hooks() const { return hooks_; }
  const std::string& policy_dir() const { return options_.policy_dir; }

 private:
  using Node_ = DomainNode<notify::NotifyDomain>;
  // An errand under way, in this life of notify.
  struct Run {
    std::unique_ptr<notify::Errand> errand;
    uint64_t nap = 0;  // which sleep; 0: awake
  };

  Node_::Setup SetupOf(std::string_view name);
  void OpenDoors();

  // Of the couriers.
  void OnLife(bool up);
  void LookSoon();
  void Look();
  void Turn(const std::string& id);
  void Later(int64_t ms, const std::string& id, std::function<void()> what);
  void Tell(const std::string& id, notify::v1::Command command);
  void Send(const std::string& id, const notify::Letter& letter);
  bool AllTold() const;
  uint64_t LettersDone() const;

  // Of the owners.
  void Own(int64_t until_ms);
  void OpenHook();
  void LookAfter(Hook& hook);
  void Ask(Hook& hook, bool creates, const notify::v1::Command& command, std::function<void()> then);

  World& world_;
  City& city_;
  const CityOptions options_;
  const notify::WebhookSecrets secrets_;
  Ledger ledger_;
  Node_ notify_, anew_;
  std::vector<std::unique_ptr<Door>> doors_;
  std::map<std::string, Hook> hooks_;  // by webhook
  std::map<std::string, Run> runs_;    // by webhook
  std::map<std::string, notify::Letter> last_;  // by webhook, for a sabotage
  uint64_t life_ = 0, naps_ = 0;
  bool looks_soon_ = false;
};

}  // namespace sim
