#include "services/incident/subscriptions.h"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "base/crypto.h"
#include "incident/v1/incident.pb.h"
#include "services/kernel/heard.h"
#include "services/reference/notice_id.h"

namespace incident {
namespace {

using kernel::Commands, kernel::ReadNotice, kernel::CommandTo;

// Told twice, done once: the id follows from the notice. It does not lead back: a petition may turn out to be an
// accusation afterwards (信访工作条例 30), and what was made of it, or of its mediation, stays.
std::string IdFor(std::string_view prefix, std::string_view what, std::string_view subject_id, uint64_t version) {
  constexpr size_t kIdDigits = 24;
  const std::string told = absl::StrCat(std::string(what), " of ", std::string(subject_id), " ", version);
  return std::string(prefix) + base::Hex(base::Sha256(told)).substr(0, kIdDigits);
}

// A new matter, whatever else the notice says to one that is there.
kernel::Envelope Creating(std::string id, const char* name, v1::Command command) {
  kernel::Envelope envelope = CommandTo(std::move(id), name, std::move(command));
  envelope.upserts = false;
  envelope.creates = true;
  return envelope;
}

// Of a case that no incident was referred to. Violence at home is in no list of the area: it concerns no public order,
// and whom the mediator told (police, protection) looks after it.
Commands DangerReported(const bus::v1::Event& event, const mediation::v1::Notice& notice) {
  Commands commands;
  if (event.topic() != "mediation.risk_reported" || notice.public_order() == mediation::v1::PUBLIC_ORDER_UNSPECIFIED ||
      event.classification() >= kernel::v1::SENSITIVE) {
    return commands;
  }
  v1::Command command;
  auto* report = command.mutable_report_for_mediation();
  report->set_subject_id(event.subject());
  report->set_version(event.subject_version());
  report->set_matter_code(event.matter_code());
  report->set_area_code(event.division());
  report->set_public_order(notice.public_order());
  commands.push_back(Creating(IdFor("me-", "danger", event.subject(), event.subject_version()),
                              "report_for_mediation", std::move(command)));
  return commands;
}

absl::StatusOr<Commands> FromMediation(const bus::v1::Event& event) {
  mediation::v1::Notice notice;
  if (absl::Status status = ReadNotice(event, &notice); !status.ok()) return status;
  Commands commands;
  if (notice.origin().service() != "incident" || notice.origin().aggregate_id().empty()) {
    return DangerReported(event, notice);
  }
  std::string id = notice.origin().aggregate_id();
  v1::Command command;
  auto* hear = command.mutable_hear_mediation();
  hear->set_topic(event.topic());
  hear->set_subject_id(event.subject());
  hear->set_version(event.subject_version());
  hear->set_matter_code(event.matter_code());
  *hear->mutable_notice() = std::move(notice);
  commands.push_back(CommandTo(std::move(id), "hear_mediation", std::move(command)));
  return commands;
}

// What an opinion supports the unit carries out in the petition itself, by a clock of its own: the grid would keep a
// task of it when the petition leaves. Builds of before started no clock, and asked the grid.
bool CarriedOutThere(const petition::v1::Notice& notice) {
  return std::ranges::any_of(notice.clock(), [](const auto& clock) { return clock.policy_id() == "DP-18"; });
}

absl::StatusOr<Commands> FromPetition(const bus::v1::Event& event) {
  // Of an accusation there is nothing to hear but that there is one.
  if (event.classification() == kernel::v1::SEALED) return Commands();
  petition::v1::Notice notice;
  if (absl::Status status = ReadNotice(event, &notice); !status.ok()) return status;
  Commands commands;
  v1::Command command;
  if (event.topic() == "petition.execution_due" && CarriedOutThere(notice)) return commands;
  if (event.topic() == "petition.execution_due" || event.topic() == "petition.care_due") {
    auto* report = command.mutable_report_for_petition();
    report->set_subject_id(event.subject());
    report->set_version(event.subject_version());
    report->set_matter_code(event.matter_code());
    report->set_area_code(event.division());
    report->set_care(event.topic() == "petition.care_due");
    commands.push_back(Creating(IdFor("pe-", "task", event.subject(), event.subject_version()), "report_for_petition",
                                std::move(command)));
    return commands;
  }
  if (notice.origin().service() != "incident" || notice.origin().aggregate_id().empty()) return commands;
  std::string id = notice.origin().aggregate_id();
  auto* hear = command.mutable_hear_petition();
  hear->set_topic(event.topic());
  hear->set_subject_id(event.subject());
  hear->set_version(event.subject_version());
  hear->set_matter_code(event.matter_code());
  *hear->mutable_notice() = std::move(notice);
  commands.push_back(CommandTo(std::move(id), "hear_petition", std::move(command)));
  return commands;
}

absl::StatusOr<Commands> FromOversight(const bus::v1::Event& event) {
  oversight::v1::Notice notice;
  if (absl::Status status = ReadNotice(event, &notice); !status.ok()) return status;
  Commands commands;
  if (notice.service() != "incident" || notice.subject_id().empty()) return commands;
  std::string id = notice.subject_id();
  v1::Command command;
  auto* hear = command.mutable_hear_oversight();
  hear->set_topic(event.topic());
  hear->set_source_id(event.subject());
  hear->set_version(event.subject_version());
  *hear->mutable_notice() = std::move(notice);
  commands.push_back(CommandTo(std::move(id), "hear_oversight", std::move(command)));
  return commands;
}

// The grid names units, not people: the posts of a city's staff would only fill its memory.
std::string LearnedAs(const directory::v1::Notice& notice) {
  return notice.has_staff_changed() ? std::string() : reference::IdOf(notice);
}

}  // namespace

kernel::Subscriptions Subscriptions() {
  return [](std::string_view source, const bus::v1::Event& event) -> absl::StatusOr<Commands> {
    if (source == "directory") return kernel::LearnCommand<v1::Command>(event, LearnedAs);
    if (source == "mediation") return FromMediation(event);
    if (source == "petition") return FromPetition(event);
    if (source == "oversight") return FromOversight(event);
    return Commands();
  };
}

}  // namespace incident
