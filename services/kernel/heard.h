#pragma once
// What subscriptions are made of: a foreign notice read, and the own command that comes of it. Pure.

#include <absl/status/status.h>
#include <absl/strings/str_cat.h>
#include <google/protobuf/unknown_field_set.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bus/v1/stream.pb.h"
#include "services/kernel/command.h"
#include "services/kernel/document_mark.h"

namespace kernel {

using Commands = std::vector<Envelope>;

// UNIMPLEMENTED: this build does not know the schema; the consumer waits for one that does.
template <class Notice>
absl::Status ReadNotice(const bus::v1::Event& event, Notice* notice) {
  if (event.schema() == notice->GetDescriptor()->full_name() && notice->ParseFromString(event.data())) {
    auto* unknown = notice->GetReflection()->MutableUnknownFields(notice);
    unknown->DeleteByNumber(kNamedByField);  // for media alone to compare; nobody else keeps it
    unknown->DeleteByNumber(kByPlatformField);
    unknown->DeleteByNumber(kHandedFromField);
    unknown->DeleteByNumber(kHandedBackField);
    return absl::OkStatus();
  }
  return absl::UnimplementedError(absl::StrCat("cannot read a notice of schema ", event.schema()));
}

// Whether there is such an aggregate is for the domain to say.
template <class Command>
Envelope CommandTo(std::string aggregate_id, std::string name, Command command) {
  Envelope envelope;
  envelope.command = std::make_unique<Command>(std::move(command));
  envelope.command_name = std::move(name);
  envelope.aggregate_id = std::move(aggregate_id);
  envelope.upserts = true;
  return envelope;
}

// Reference data of the directory; nothing for a notice without any. `id_of`: reference::IdOf.
template <class Command, class Notice>
absl::StatusOr<Commands> LearnCommand(const bus::v1::Event& event, std::string (*id_of)(const Notice&)) {
  Notice notice;
  if (absl::Status status = ReadNotice(event, &notice); !status.ok()) return status;
  Commands commands;
  std::string id = id_of(notice);
  if (id.empty()) return commands;
  Command command;
  *command.mutable_learn_reference()->mutable_notice() = std::move(notice);
  commands.push_back(CommandTo(std::move(id), "learn_reference", std::move(command)));
  return commands;
}

// A document of a matter of this service lies in media's store; nothing for one of another's. Notice: media's.
template <class Command, class Notice>
absl::StatusOr<Commands> KeptCommand(const bus::v1::Event& event, std::string_view service,
                                     std::string (*id_of)(std::string_view sha256)) {
  Notice notice;
  if (absl::Status status = ReadNotice(event, &notice); !status.ok()) return status;
  Commands commands;
  if (notice.service() != service) return commands;
  Command command;
  command.mutable_hear_kept()->set_kind(notice.kind());
  command.mutable_hear_kept()->set_matter(notice.matter());
  commands.push_back(CommandTo(id_of(notice.sha256()), "hear_kept", std::move(command)));
  return commands;
}

}  // namespace kernel
