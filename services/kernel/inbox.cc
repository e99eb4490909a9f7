#include "services/kernel/inbox.h"

#include <absl/strings/str_cat.h>

#include <memory>
#include <utility>

#include "base/check.h"
#include "base/status_macros.h"
#include "services/kernel/books.h"
#include "services/kernel/limits.h"

namespace kernel {

absl::StatusOr<std::optional<Cursor>> Inbox::LoadCursor(std::string_view source) const {
  return CursorBook::Load(*publisher_.Get()->view, source);
}

absl::StatusOr<std::vector<Envelope>> Inbox::CommandsOf(std::string_view source,
                                                        const std::vector<bus::v1::Event>& events,
                                                        const Cursor& after) const {
  ASSIGN_OR_RETURN(const auto stored, LoadCursor(source));
  const bool same_history = stored && stored->log_id == after.log_id && stored->epoch == after.epoch;
  std::vector<Envelope> commands;
  for (const bus::v1::Event& event : events) {
    if (same_history && event.seq() <= stored->seq) continue;  // a repetition
    if (!subscriptions_) continue;
    if (event.classification() == v1::SEALED) continue;  // a topic and a level: nobody can act on that, nor may
    ASSIGN_OR_RETURN(auto led_to, subscriptions_(source, event));
    for (Envelope& envelope : led_to) {
      if (envelope.cause.empty()) envelope.cause = absl::StrCat(std::string(source), "/", event.seq());
      if (envelope.actor.user_id().empty() && envelope.actor.service().empty()) {
        envelope.actor.set_service(std::string(source));
        envelope.actor.add_grant()->set_role(v1::ROLE_SYS);
      }
      commands.push_back(std::move(envelope));
    }
  }
  CHECK_LE(commands.size(), kInboxCommandsMax)
      << "one bus batch of " << std::string(source) << " leads to too much";
  return commands;
}

void Inbox::Apply(std::string_view source, std::vector<bus::v1::Event> events, Cursor after,
                  std::function<void(absl::Status)> applied) {
  auto commands = CommandsOf(source, events, after);
  if (!commands.ok()) {
    applied(commands.status());
    return;
  }
  Envelope batch;
  batch.command_name = "cursor";
  batch.cursor = CursorMove{std::string(source), std::move(after)};
  batch.then = *std::move(commands);
  batch.done = [applied = std::move(applied)](const Outcome& outcome) { applied(outcome.status); };
  queue_.Submit(std::move(batch), Queue::From::kKernel);
}

}  // namespace kernel
