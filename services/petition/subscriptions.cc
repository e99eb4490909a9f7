#include "services/petition/subscriptions.h"

#include <string>
#include <utility>

#include "directory/v1/notices.pb.h"
#include "incident/v1/notices.pb.h"
#include "mediation/v1/notices.pb.h"
#include "petition/v1/petition.pb.h"
#include "services/kernel/heard.h"
#include "services/reference/notice_id.h"

namespace petition {
namespace {

using kernel::Commands, kernel::ReadNotice, kernel::CommandTo;

absl::StatusOr<Commands> FromIncident(const bus::v1::Event& event) {
  Commands commands;
  if (event.topic() != "incident.referred_to_petition") return commands;
  incident::v1::Notice notice;
  if (absl::Status status = ReadNotice(event, &notice); !status.ok()) return status;
  const std::string& referral_id = notice.referral().referral_id();
  if (referral_id.empty()) return commands;  // nothing to answer to
  v1::Command command;
  auto* take = command.mutable_take_referral();
  take->mutable_origin()->set_service("incident");
  take->mutable_origin()->set_aggregate_id(event.subject());
  take->mutable_origin()->set_matter_code(event.matter_code());
  take->mutable_origin()->set_referral_id(referral_id);
  take->set_area_code(event.division());
  commands.push_back(CommandTo("pt-" + referral_id, "take_referral", std::move(command)));
  return commands;
}

absl::StatusOr<Commands> FromMediation(const bus::v1::Event& event) {
  mediation::v1::Notice notice;
  if (absl::Status status = ReadNotice(event, &notice); !status.ok()) return status;
  Commands commands;
  if (notice.origin().service() != "petition" || notice.origin().aggregate_id().empty()) return commands;
  std::string id = notice.origin().aggregate_id();
  v1::Command command;
  auto* hear = command.mutable_hear_mediation();
  hear->set_topic(event.topic());
  hear->set_subject_id(event.subject());
  hear->set_version(event.subject_version());
  *hear->mutable_notice() = std::move(notice);
  commands.push_back(CommandTo(std::move(id), "hear_mediation", std::move(command)));
  return commands;
}

}  // namespace

kernel::Subscriptions Subscriptions() {
  return [](std::string_view source, const bus::v1::Event& event) -> absl::StatusOr<Commands> {
    if (source == "directory") return kernel::LearnCommand<v1::Command>(event, reference::IdOf);
    if (source == "incident") return FromIncident(event);
    if (source == "mediation") return FromMediation(event);
    return Commands();
  };
}

}  // namespace petition
