#include "tests/sim/tampering.h"

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/check.h"
#include "incident/v1/incident.pb.h"
#include "kernel/v1/record.pb.h"
#include "mediation/v1/mediation.pb.h"
#include "oversight/v1/notices.pb.h"
#include "oversight/v1/oversight.pb.h"
#include "petition/v1/petition.pb.h"
#include "services/oversight/domain/oversight.h"
#include "services/petition/domain/petition.h"
#include "storage/keys.h"
#include "storage/log_value.h"
#include "tests/sim/fold.h"

namespace sim {
namespace {

using storage::KeySpace;
using Op = storage::Batch::Op;

constexpr int kVictimNotice = 120;  // late enough to have company
constexpr size_t kUlidSize = 26;

// Calls `change` on the incident a state record holds, if it holds one.
template <class F>
void ChangeIncident(Op* op, F change) {
  kernel::v1::StateRecord record;
  incident::v1::State state;
  if (op->space != KeySpace::kState || !op->value || !record.ParseFromString(*op->value) ||
      !state.ParseFromString(record.state()) || !state.has_incident()) {
    return;
  }
  change(state.mutable_incident());
  record.set_state(state.SerializeAsString());
  op->value = record.SerializeAsString();
}

// Every third matter, from its first record on: some of them stay open, and late.
class Victims {
 public:
  bool Has(const std::string& id) {
    if (id.size() != kUlidSize) return false;  // reference data, campaigns
    const auto [at, fresh] = hit_.try_emplace(id, hit_.size() % 3 == 2);
    return at->second;
  }

 private:
  std::map<std::string, bool> hit_;
};

TamperedKv::Tamper ForgetTimer() {
  return [victims = Victims()](Op* op) mutable {
    if (op->space != KeySpace::kTimer || !op->value) return true;
    return !victims.Has(op->key.substr(8));
  };
}

TamperedKv::Tamper LoseHolder() {
  return [victims = Victims()](Op* op) mutable {
    if (op->space != KeySpace::kState || !victims.Has(op->key)) return true;
    ChangeIncident(op,
                   [](incident::v1::Incident* matter) { matter->mutable_standing()->clear_holder_org(); });
    return true;
  };
}

TamperedKv::Tamper ShareCode() {
  return [victims = Victims(), code = std::string()](Op* op) mutable {
    const bool hit = op->space == KeySpace::kState && victims.Has(op->key);
    ChangeIncident(op, [&](incident::v1::Incident* matter) {
      if (code.empty()) code = matter->matter_code();
      if (hit) matter->set_matter_code(code);
    });
    return true;
  };
}

TamperedKv::Tamper DropFromLists() {
  return [victims = Victims()](Op* op) mutable {
    if (op->space != KeySpace::kIndex || !op->value) return true;
    return !victims.Has(op->key.substr(op->key.rfind('\0') + 1));
  };
}

TamperedKv::Tamper CountOneMore() {
  return [key = std::string()](Op* op) mutable {
    if (op->space != KeySpace::kTally) return true;
    if (key.empty()) key = op->key;
    if (op->key != key) return true;
    uint64_t count = 0;
    if (op->value) CHECK(storage::ReadNumberValue(*op->value, &count));
    op->value = BigEndian(count + 1);
    return true;
  };
}

// The 200th record says another actor than it was decided by; neither hash nor digest fit any more.
TamperedKv::Tamper ChangeRecord() {
  return [](Op* op) {
    uint64_t seq = 0;
    if (op->space != KeySpace::kLog || !storage::ReadLogKey(op->key, &seq) || seq != 200) return true;
    const size_t at = op->value->find("gw-");
    if (at != std::string::npos) (*op->value)[at] = 'x';
    if (at == std::string::npos) op->value->back() ^= 1;
    return true;
  };
}

// Calls `change` on a state of oversight; true: it changed it.
template <class F>
void ChangeOverseen(Op* op, F change) {
  kernel::v1::StateRecord record;
  oversight::v1::State state;
  if (op->space != KeySpace::kState || !op->value || !record.ParseFromString(*op->value) ||
      !state.ParseFromString(record.state()) || !change(&state)) {
    return;
  }
  record.set_state(state.SerializeAsString());
  op->value = record.SerializeAsString();
}

TamperedKv::Tamper ForgetAnswer() {
  return [](Op* op) {
    ChangeOverseen(op, [](oversight::v1::State* state) {
      if (!state->has_matter() || state->matter().asked().empty()) return false;
      state->mutable_matter()->mutable_asked(0)->set_answer(oversight::v1::ANSWER_PENDING);
      return true;
    });
    return true;
  };
}

TamperedKv::Tamper ReportTwice() {
  return [](Op* op) {
    ChangeOverseen(op, [](oversight::v1::State* state) {
      if (!state->has_instruction() || state->instruction().report().empty()) return false;
      const auto first = state->instruction().report(0);
      *state->mutable_instruction()->add_report() = first;
      return true;
    });
    return true;
  };
}

TamperedKv::Tamper HideInstructions() {
  const auto& names = oversight::OversightDomain::kIndexes;
  const auto list = std::find(names.begin(), names.end(), "instruction") - names.begin();
  return [list](Op* op) {
    return op->space != KeySpace::kIndex || !op->value || op->key[0] != static_cast<char>(list);
  };
}

// Whoever was the first of a list once stays it for ever.
TamperedKv::Tamper StayTheOldest() {
  return [known = std::set<std::string>()](Op* op) mutable {
    return op->space != KeySpace::kDerived || (op->value && known.insert(op->key).second);
  };
}

// Calls `change` on the record and the event of a log entry; true: it changed them.
template <class Event, class F>
void ChangeEvent(Op* op, F change) {
  kernel::v1::LogRecord record;
  Event event;
  if (op->space != KeySpace::kLog || !op->value) return;
  const std::string_view stored = RecordIn(*op->value);
  if (!record.ParseFromString(std::string(stored)) || !event.ParseFromString(record.event())) return;
  if (!change(&record, &event)) return;
  record.set_event(event.SerializeAsString());
  op->value = op->value->substr(0, op->value->size() - stored.size()) + record.SerializeAsString();
}

TamperedKv::Tamper TellTooEarly() {
  return [](Op* op) {
    ChangeEvent<oversight::v1::Event>(op, [](kernel::v1::LogRecord* record, oversight::v1::Event* event) {
      if (!event->has_instruction_issued()) return false;
      oversight::v1::Notice notice;
      CHECK(notice.ParseFromString(record->notice().payload()));
      notice.add_addressee("371403-hrss");
      record->mutable_notice()->set_payload(notice.SerializeAsString());
      return true;
    });
    return true;
  };
}

TamperedKv::Tamper StandStill() {
  return [](Op* op) {
    ChangeEvent<petition::v1::Event>(op, [](kernel::v1::LogRecord* record, petition::v1::Event* event) {
      if (!event->has_accepted()) return false;
      for (auto& clock : *event->mutable_clock()) {
        if (clock.policy_id() != "DP-05" || clock.length().amount() == 0) continue;
        auto* pause = clock.add_pause();
        pause->set_from_ms(record->recorded_at_ms());
        pause->set_reason("MEDIATION");
      }
      return true;
    });
    return true;
  };
}

TamperedKv::Tamper TellOfSealed() {
  return [](Op* op) {
    ChangeEvent<petition::v1::Event>(op, [](kernel::v1::LogRecord* record, petition::v1::Event* event) {
      if (record->sealed().empty() || record->version() != 1 || event->body_case() != 0) return false;
      record->mutable_notice()->set_topic("petition.registered");
      return true;
    });
    return true;
  };
}

TamperedKv::Tamper ListSealed() {
  return [](Op* op) {
    const auto& names = petition::PetitionDomain::kIndexes;
    if (op->space == KeySpace::kIndex && op->value && names.at(static_cast<size_t>(op->key[0])) == "sealed")
      op->key[0] = static_cast<char>(std::find(names.begin(), names.end(), "office") - names.begin());
    return true;
  };
}

TamperedKv::Tamper StayHandedOver() {
  return [](Op* op) {
    kernel::v1::StateRecord record;
    petition::v1::State state;
    if (op->space != KeySpace::kState || !op->value || !record.ParseFromString(*op->value) ||
        !state.ParseFromString(record.state()) || state.status() != petition::v1::WITHDRAWN) {
      return true;
    }
    state.set_mediation(petition::v1::TAKEN);
    record.set_state(state.SerializeAsString());
    op->value = record.SerializeAsString();
    return true;
  };
}

// What the directory says about how long a period is arrives a day longer.
template <class Command>
kernel::Subscriptions WithLongerRow(std::string row, kernel::Subscriptions honest) {
  return [row = std::move(row), honest = std::move(honest)](
             std::string_view source,
             const bus::v1::Event& event) -> absl::StatusOr<std::vector<kernel::Envelope>> {
    auto commands = honest(source, event);
    if (!commands.ok() || source != "directory") return commands;
    for (auto& envelope : *commands) {
      auto& command = static_cast<Command&>(*envelope.command);
      if (!command.learn_reference().notice().has_policy_changed()) continue;
      auto* rules = command.mutable_learn_reference()->mutable_notice()->mutable_policy_changed()->mutable_deadlines();
      for (auto& rule : *rules->mutable_rule()) {
        if (rule.id() == row) rule.mutable_length()->set_amount(rule.length().amount() + 1);
      }
    }
    return commands;
  };
}

// Nobody's account is ever disabled, as the mediators' service hears it: who has left is named again.
kernel::Subscriptions WithMediatorsBack(kernel::Subscriptions honest) {
  return [honest = std::move(honest)](
             std::string_view source,
             const bus::v1::Event& event) -> absl::StatusOr<std::vector<kernel::Envelope>> {
    auto commands = honest(source, event);
    if (!commands.ok() || event.topic() != "directory.staff") return commands;
    for (kernel::Envelope& envelope : *commands) {
      auto& command = static_cast<mediation::v1::Command&>(*envelope.command);
      command.mutable_learn_reference()->mutable_notice()->mutable_staff_changed()->set_disabled(false);
    }
    return commands;
  };
}

}  // namespace

TamperedKv::Tamper TamperIncident(Sabotage sabotage) {
  switch (sabotage) {
    case Sabotage::kForgottenTimer:
      return ForgetTimer();
    case Sabotage::kNobodyResponsible:
      return LoseHolder();
    case Sabotage::kSameCode:
      return ShareCode();
    case Sabotage::kMissingFromList:
      return DropFromLists();
    case Sabotage::kCountedTwice:
      return CountOneMore();
    case Sabotage::kChangedRecord:
      return ChangeRecord();
    default:
      return nullptr;
  }
}

TamperedKv::Tamper TamperPetition(Sabotage sabotage) {
  switch (sabotage) {
    case Sabotage::kPausedByMediation:
      return StandStill();
    case Sabotage::kSealedNotice:
      return TellOfSealed();
    case Sabotage::kSealedInList:
      return ListSealed();
    case Sabotage::kOutlivesPetition:
      return StayHandedOver();
    default:
      return nullptr;
  }
}

TamperedKv::Tamper TamperOversight(Sabotage sabotage) {
  switch (sabotage) {
    case Sabotage::kForgottenAnswer:
      return ForgetAnswer();
    case Sabotage::kToldTooEarly:
      return TellTooEarly();
    case Sabotage::kReportedTwice:
      return ReportTwice();
    case Sabotage::kLostInstruction:
      return HideInstructions();
    case Sabotage::kNotTheOldest:
      return StayTheOldest();
    default:
      return nullptr;
  }
}

// The stream is followed, and nothing of it is heard.
static kernel::Subscriptions WithoutSource(std::string_view deaf_to, kernel::Subscriptions honest) {
  return [deaf_to, honest = std::move(honest)](
             std::string_view source,
             const bus::v1::Event& event) -> absl::StatusOr<std::vector<kernel::Envelope>> {
    if (source == deaf_to) return std::vector<kernel::Envelope>();
    return honest(source, event);
  };
}

kernel::Subscriptions TamperedCase(Sabotage sabotage, kernel::Subscriptions honest) {
  if (sabotage == Sabotage::kWindowTooLong) return WithLongerRow<mediation::v1::Command>("DM-05", std::move(honest));
  if (sabotage == Sabotage::kOutsiderNamed) return WithMediatorsBack(std::move(honest));
  if (sabotage == Sabotage::kDeafToMedia) return WithoutSource("media", std::move(honest));
  if (sabotage != Sabotage::kSecondEffect) return honest;
  return [honest = std::move(honest)](
             std::string_view source,
             const bus::v1::Event& event) -> absl::StatusOr<std::vector<kernel::Envelope>> {
    auto commands = honest(source, event);
    if (!commands.ok() || event.topic() != "incident.referred_to_mediation" || commands->empty())
      return commands;
    kernel::Envelope again;
    again.command = std::make_unique<mediation::v1::Command>(
        static_cast<const mediation::v1::Command&>(*commands->front().command));
    again.command_name = commands->front().command_name;
    again.aggregate_id = commands->front().aggregate_id + "-again";
    again.upserts = true;
    commands->push_back(std::move(again));
    return commands;
  };
}

kernel::Subscriptions TamperedPetition(Sabotage sabotage, kernel::Subscriptions honest) {
  if (sabotage == Sabotage::kDayTooLate) return WithLongerRow<petition::v1::Command>("DP-05", std::move(honest));
  if (sabotage != Sabotage::kUnheardMediation) return honest;
  return WithoutSource("mediation", std::move(honest));
}

kernel::Subscriptions TamperedNewcomer(Sabotage sabotage, kernel::Subscriptions honest) {
  if (sabotage != Sabotage::kForgetfulNewcomer && sabotage != Sabotage::kNewcomerSkipsSteps) return honest;
  const std::string deaf_to = sabotage == Sabotage::kForgetfulNewcomer ? "incident.closed" : "incident.dispatched";
  return [honest = std::move(honest), deaf_to](std::string_view source, const bus::v1::Event& event)
             -> absl::StatusOr<std::vector<kernel::Envelope>> {
    if (event.topic() == deaf_to) return std::vector<kernel::Envelope>();
    return honest(source, event);
  };
}

kernel::Subscriptions TamperedOversight(Sabotage sabotage, kernel::Subscriptions honest) {
  if (sabotage == Sabotage::kFrozenTooLate)
    return WithLongerRow<oversight::v1::Command>("DO-04-FREEZE", std::move(honest));
  if (sabotage != Sabotage::kLostNotice && sabotage != Sabotage::kOtherNews) return honest;
  return [honest = std::move(honest), sabotage, heard = std::make_shared<int>(0)](
             std::string_view source,
             const bus::v1::Event& event) -> absl::StatusOr<std::vector<kernel::Envelope>> {
    if (source != "incident" || ++*heard != kVictimNotice) return honest(source, event);
    if (sabotage == Sabotage::kLostNotice) return std::vector<kernel::Envelope>();
    auto commands = honest(source, event);
    if (commands.ok() && !commands->empty()) {
      static_cast<oversight::v1::Command&>(*commands->front().command)
          .mutable_observe()
          ->mutable_incident()
          ->set_holder_org("371403-nobody");
    } else {
      --*heard;  // no matter: the next one then
    }
    return commands;
  };
}

}  // namespace sim
