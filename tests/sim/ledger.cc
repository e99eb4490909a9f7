#include "tests/sim/ledger.h"

#include <absl/strings/str_cat.h>

#include <memory>

#include "base/crypto.h"

namespace sim {
namespace {

constexpr int64_t kPatienceMs = 5 * 60'000;

}  // namespace

void Ledger::Ask(const std::string& service, std::function<kernel::Envelope()> make,
                 std::function<bool(kernel::Envelope)> submit,
                 std::function<void(const kernel::v1::Receipt&)> then, Refused refused) {
  auto request = std::make_shared<Request>();
  request->id = absl::StrCat("r-", ++next_);
  request->service = service;
  request->make = std::move(make);
  request->submit = std::move(submit);
  request->then = std::move(then);
  request->refused = std::move(refused);
  open_.emplace(request->id, request);
  Try(request);
}

void Ledger::Try(const std::shared_ptr<Request>& request) {
  if (request->answered) return;
  kernel::Envelope envelope = request->make();
  envelope.request_id = request->id;
  // The same words give the same fingerprint, at every attempt.
  if (request->fingerprint.empty())
    request->fingerprint = base::Sha256(envelope.command->SerializeAsString());
  envelope.fingerprint = request->fingerprint;
  const std::string command = envelope.command_name;
  request->command = command;
  envelope.done = [this, request, command](const kernel::Outcome& outcome) {
    OnAnswer(*request, command, outcome);
  };
  request->submit(std::move(envelope));
  world_.After(static_cast<int64_t>(1'000 + world_.random.Below(kPatienceMs)),
               [this, request] { Try(request); });
}

void Ledger::OnAnswer(Request& request, const std::string& command, const kernel::Outcome& outcome) {
  if (request.answered) return;
  request.last_said = outcome.status.ToString();
  if (!outcome.status.ok()) return;  // asked again when patience ends
  request.answered = true;
  open_.erase(request.id);
  if (outcome.refusal) {
    if (listener_) {
      const kernel::Refusal& why = *outcome.refusal;
      std::string text = why.reason + " " + why.field + " " + why.message_zh + " " + why.message_en;
      for (const auto& [key, value] : why.metadata) text += " " + key + "=" + value;
      listener_("a refusal", text);
    }
    ++refused_[absl::StrCat(request.service, ".", command, " ", outcome.refusal->reason)];
    if (request.refused) request.refused(*outcome.refusal);
    return;
  }
  if (listener_) listener_("a receipt", outcome.receipt.ShortDebugString());
  promises_.push_back({request.id, request.service, command, outcome.receipt});
  if (request.then) request.then(outcome.receipt);
}

std::vector<std::string> Ledger::Unanswered() const {
  std::vector<std::string> out;
  for (const auto& [id, request] : open_) {
    out.push_back(absl::StrCat(id, " ", request->service, ".", request->command, " was never answered; last said: ",
                               request->last_said.empty() ? "nothing" : request->last_said));
  }
  return out;
}

}  // namespace sim
