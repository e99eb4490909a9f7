#include "services/incident/subscriptions.h"

#include <absl/strings/str_cat.h>

#include <memory>
#include <utility>

#include "incident/v1/incident.pb.h"
#include "services/reference/notice_id.h"

namespace incident {
namespace {

using Commands = std::vector<kernel::Envelope>;

kernel::Envelope To(std::string aggregate_id, std::string name, v1::Command command) {
  kernel::Envelope envelope;
  envelope.command = std::make_unique<v1::Command>(std::move(command));
  envelope.command_name = std::move(name);
  envelope.aggregate_id = std::move(aggregate_id);
  envelope.upserts = true;  // whether there is such a matter is for the domain to say
  return envelope;
}

template <class Notice>
absl::Status Read(const bus::v1::Event& event, Notice* notice) {
  if (event.schema() == notice->GetDescriptor()->full_name() && notice->ParseFromString(event.data())) {
    return absl::OkStatus();
  }
  return absl::UnimplementedError(absl::StrCat("cannot read a notice of schema ", event.schema()));
}

absl::StatusOr<Commands> FromDirectory(const bus::v1::Event& event) {
  directory::v1::Notice notice;
  if (absl::Status status = Read(event, &notice); !status.ok()) return status;
  Commands commands;
  std::string id = reference::IdOf(notice);
  if (id.empty()) return commands;
  v1::Command command;
  *command.mutable_learn_reference()->mutable_notice() = std::move(notice);
  commands.push_back(To(std::move(id), "learn_reference", std::move(command)));
  return commands;
}

absl::StatusOr<Commands> FromMediation(const bus::v1::Event& event) {
  mediation::v1::Notice notice;
  if (absl::Status status = Read(event, &notice); !status.ok()) return status;
  Commands commands;
  if (notice.origin().service() != "incident" || notice.origin().aggregate_id().empty()) return commands;
  std::string id = notice.origin().aggregate_id();
  v1::Command command;
  auto* hear = command.mutable_hear_mediation();
  hear->set_topic(event.topic());
  hear->set_subject_id(event.subject());
  hear->set_version(event.subject_version());
  hear->set_matter_code(event.matter_code());
  *hear->mutable_notice() = std::move(notice);
  commands.push_back(To(std::move(id), "hear_mediation", std::move(command)));
  return commands;
}

absl::StatusOr<Commands> FromPetition(const bus::v1::Event& event) {
  // Of an accusation there is nothing to hear but that there is one.
  if (event.classification() == kernel::v1::SEALED) return Commands();
  petition::v1::Notice notice;
  if (absl::Status status = Read(event, &notice); !status.ok()) return status;
  Commands commands;
  v1::Command command;
  if (event.topic() == "petition.execution_due") {
    auto* report = command.mutable_report_for_petition();
    report->set_subject_id(event.subject());
    report->set_version(event.subject_version());
    report->set_matter_code(event.matter_code());
    report->set_area_code(event.division());
    // Told twice, done once: the id follows from the notice.
    kernel::Envelope envelope = To(absl::StrCat("pe-", event.subject(), "-", event.subject_version()),
                                   "report_for_petition", std::move(command));
    envelope.upserts = false;
    envelope.creates = true;
    commands.push_back(std::move(envelope));
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
  commands.push_back(To(std::move(id), "hear_petition", std::move(command)));
  return commands;
}

absl::StatusOr<Commands> FromOversight(const bus::v1::Event& event) {
  oversight::v1::Notice notice;
  if (absl::Status status = Read(event, &notice); !status.ok()) return status;
  Commands commands;
  if (notice.service() != "incident" || notice.subject_id().empty()) return commands;
  std::string id = notice.subject_id();
  v1::Command command;
  auto* hear = command.mutable_hear_oversight();
  hear->set_topic(event.topic());
  hear->set_source_id(event.subject());
  hear->set_version(event.subject_version());
  *hear->mutable_notice() = std::move(notice);
  commands.push_back(To(std::move(id), "hear_oversight", std::move(command)));
  return commands;
}

}  // namespace

kernel::Subscriptions Subscriptions() {
  return [](std::string_view source, const bus::v1::Event& event) -> absl::StatusOr<Commands> {
    if (source == "directory") return FromDirectory(event);
    if (source == "mediation") return FromMediation(event);
    if (source == "petition") return FromPetition(event);
    if (source == "oversight") return FromOversight(event);
    return Commands();
  };
}

}  // namespace incident
