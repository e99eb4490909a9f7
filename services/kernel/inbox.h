#pragma once
// Notices of other services -> own commands, by the service's subscription table. All commands of one bus batch and the
// move of the cursor go into one batch of the database: the effect is once, whatever is repeated or cut. A
// command that is
// refused by the rules is recorded and the cursor moves on: a notice is news, not a request. A sealed notice
// says too little to lead to anything and is passed over. Any thread.

#include <absl/status/statusor.h>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "services/kernel/link.h"
#include "services/kernel/published.h"
#include "services/kernel/queue.h"

namespace kernel {

// The commands a notice leads to; none if it is of no interest. UNIMPLEMENTED: this build does not know its schema.
// actor and cause are filled in by the inbox where they are empty.
using Subscriptions =
    std::function<absl::StatusOr<std::vector<Envelope>>(std::string_view source, const bus::v1::Event& event)>;

class Inbox final : public EventInbox {
 public:
  Inbox(const Publisher& publisher, Queue* queue, Subscriptions subscriptions)
      : publisher_(publisher), queue_(*queue), subscriptions_(std::move(subscriptions)) {}

  absl::StatusOr<std::optional<Cursor>> LoadCursor(std::string_view source) const override;
  void Apply(std::string_view source, std::vector<bus::v1::Event> events, Cursor after,
             std::function<void(absl::Status)> applied) override;

 private:
  absl::StatusOr<std::vector<Envelope>> CommandsOf(std::string_view source, const std::vector<bus::v1::Event>& events,
                                                   const Cursor& after) const;
  const Publisher& publisher_;
  Queue& queue_;
  const Subscriptions subscriptions_;
};

}  // namespace kernel
