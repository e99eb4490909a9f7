#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "notify/v1/notify.pb.h"
#include "services/notify/domain/notify.h"
#include "tests/sim/ears.h"
#include "tests/sim/tampering.h"

namespace sim {
namespace {

using storage::KeySpace;
using Op = storage::Batch::Op;

constexpr int kVictims = 20;  // every so manieth

// Digests are made, and stand in no list.
TamperedKv::Tamper HideDigests() {
  const auto& names = notify::NotifyDomain::kIndexes;
  const auto inbox = std::find(names.begin(), names.end(), "inbox") - names.begin();
  return [inbox](Op* op) {
    const bool hit = op->space == KeySpace::kIndex && op->value && op->key[0] == static_cast<char>(inbox) &&
                     op->key.find(".digest.") != std::string::npos;
    return !hit;
  };
}

// What is heard of incidents, now and then otherwise: `change` may empty it.
template <class F>
kernel::Subscriptions WithVictims(kernel::Subscriptions honest, std::string topic, F change) {
  return [honest = std::move(honest), topic = std::move(topic), change, heard = std::make_shared<int>(0)](
             std::string_view source,
             const bus::v1::Event& event) -> absl::StatusOr<std::vector<kernel::Envelope>> {
    auto commands = honest(source, event);
    if (!commands.ok() || event.topic() != topic || commands->empty() || ++*heard % kVictims != 1) return commands;
    change(&*commands);
    return commands;
  };
}

kernel::Subscriptions WithoutTopics(kernel::Subscriptions honest, std::vector<std::string> topics) {
  return [honest = std::move(honest), topics = std::move(topics)](
             std::string_view source,
             const bus::v1::Event& event) -> absl::StatusOr<std::vector<kernel::Envelope>> {
    if (std::ranges::find(topics, event.topic()) != topics.end()) return std::vector<kernel::Envelope>();
    return honest(source, event);
  };
}

}  // namespace

TamperedKv::Tamper TamperNotify(Sabotage sabotage) {
  if (sabotage == Sabotage::kHiddenDigest) return HideDigests();
  if (sabotage != Sabotage::kForgottenDigest) return nullptr;
  return [](Op* op) { return op->space != KeySpace::kTimer || !op->value; };
}

kernel::Subscriptions TamperedTold(Sabotage sabotage, kernel::Subscriptions honest) {
  switch (sabotage) {
    case Sabotage::kToldToAnother:
      return WithVictims(std::move(honest), "incident.dispatched", [](std::vector<kernel::Envelope>* commands) {
        auto& command = static_cast<notify::v1::Command&>(*commands->front().command);
        for (auto& unit : *command.mutable_hear_notice()->mutable_heard()->mutable_unit())
          unit.set_org_id("371403-another");
      });
    case Sabotage::kToldToNobody:
      return WithVictims(std::move(honest), "incident.dispatched",
                         [](std::vector<kernel::Envelope>* commands) { commands->clear(); });
    case Sabotage::kSealedInBox:
      return WithoutTopics(std::move(honest), {"petition.removed"});
    default:
      return honest;
  }
}

kernel::Subscriptions TamperedToldAnew(Sabotage sabotage, kernel::Subscriptions honest) {
  if (sabotage != Sabotage::kToldAnewOtherwise) return honest;
  return WithoutTopics(std::move(honest), {"incident.closed"});
}

policy::v1::NotificationPolicy TamperedRows(Sabotage sabotage, policy::v1::NotificationPolicy rows) {
  if (sabotage == Sabotage::kWokenAtNight) rows.set_quiet_from("23:00");
  return rows;
}

notify::Letter TamperedLetter(Sabotage sabotage, notify::Letter letter) {
  if (letter.asks) return letter;
  if (sabotage == Sabotage::kLetterChanged) letter.body += " ";
  if (sabotage == Sabotage::kLeakIntoLetter) letter.body += std::string(kNameMark);
  return letter;
}

Fate TamperedFate(Sabotage sabotage, const notify::Letter& letter, Fate fate) {
  if (sabotage != Sabotage::kLetterLost || letter.asks) return fate;
  fate.arrives = false;
  fate.reply = {.status = 204};
  return fate;
}

}  // namespace sim
