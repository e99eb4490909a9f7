#include "services/petition/subscriptions.h"

#include <string>
#include <utility>

#include "directory/v1/notices.pb.h"
#include "incident/v1/notices.pb.h"
#include "media/v1/notices.pb.h"
#include "mediation/v1/notices.pb.h"
#include "oversight/v1/notices.pb.h"
#include "petition/v1/petition.pb.h"
#include "services/kernel/heard.h"
#include "services/reference/kept.h"
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
  take->set_against_org(notice.referral().against_org());
  *take->mutable_handed_document() = notice.referral().handed_document();
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

// Reminders go to whoever is reminded; what moves a matter is not asked of a petition.
absl::StatusOr<Commands> FromOversight(const bus::v1::Event& event) {
  oversight::v1::Notice notice;
  if (absl::Status status = ReadNotice(event, &notice); !status.ok()) return status;
  Commands commands;
  if (notice.service() != "petition" || notice.subject_id().empty()) return commands;
  v1::Command command;
  auto* hear = command.mutable_hear_oversight();
  hear->set_topic(event.topic());
  const std::string_view topic = event.topic();
  if (topic == "oversight.order_issued" || topic == "oversight.order_closed" || topic == "oversight.listed" ||
      topic == "oversight.unlisted") {
    hear->mutable_order()->set_order_id(notice.order_id());
    hear->mutable_order()->set_card(notice.card());
    hear->mutable_order()->set_issuer_org(notice.issuer_org());
    hear->mutable_order()->set_to_org(notice.to_org());
    hear->mutable_order()->set_due_at_ms(notice.due_at_ms());
    hear->mutable_order()->set_listed(!notice.listing_id().empty());
  } else if (topic == "oversight.instruction_distributed" || topic == "oversight.instruction_withdrawn") {
    hear->mutable_instruction()->set_instruction_id(notice.instruction_id());
    hear->mutable_instruction()->set_issuer_org(notice.issuer_org());
    hear->mutable_instruction()->set_to_org(notice.to_org());
    hear->mutable_instruction()->set_due_at_ms(notice.due_at_ms());
  } else {
    return commands;
  }
  commands.push_back(CommandTo(notice.subject_id(), "hear_oversight", std::move(command)));
  return commands;
}

}  // namespace

kernel::Subscriptions Subscriptions() {
  return [](std::string_view source, const bus::v1::Event& event) -> absl::StatusOr<Commands> {
    if (source == "directory") return kernel::LearnCommand<v1::Command>(event, reference::IdOf);
    if (source == "incident") return FromIncident(event);
    if (source == "mediation") return FromMediation(event);
    if (source == "oversight") return FromOversight(event);
    if (source == "media") {
      return kernel::KeptCommand<v1::Command, media::v1::Notice>(event, "petition", reference::DocumentId);
    }
    return Commands();
  };
}

}  // namespace petition
