#include "services/mediation/subscriptions.h"

#include <absl/strings/str_cat.h>

#include <memory>
#include <utility>

#include "directory/v1/notices.pb.h"
#include "incident/v1/notices.pb.h"
#include "mediation/v1/mediation.pb.h"
#include "oversight/v1/notices.pb.h"
#include "petition/v1/notices.pb.h"
#include "services/reference/notice_id.h"

namespace mediation {
namespace {

using Commands = std::vector<kernel::Envelope>;

absl::Status Unreadable(const bus::v1::Event& event) {
  return absl::UnimplementedError(absl::StrCat("cannot read a notice of schema ", event.schema()));
}

kernel::Envelope To(std::string aggregate_id, std::string name, v1::Command command) {
  kernel::Envelope envelope;
  envelope.command = std::make_unique<v1::Command>(std::move(command));
  envelope.command_name = std::move(name);
  envelope.aggregate_id = std::move(aggregate_id);
  envelope.upserts = true;
  return envelope;
}

absl::StatusOr<Commands> FromDirectory(const bus::v1::Event& event) {
  directory::v1::Notice notice;
  if (event.schema() != notice.GetDescriptor()->full_name() || !notice.ParseFromString(event.data())) {
    return Unreadable(event);
  }
  Commands commands;
  std::string id = reference::IdOf(notice);
  if (id.empty()) return commands;
  v1::Command command;
  *command.mutable_learn_reference()->mutable_notice() = std::move(notice);
  commands.push_back(To(std::move(id), "learn_reference", std::move(command)));
  return commands;
}

absl::StatusOr<Commands> FromIncident(const bus::v1::Event& event) {
  Commands commands;
  if (event.topic() != "incident.referred_to_mediation") return commands;
  incident::v1::Notice notice;
  if (event.schema() != notice.GetDescriptor()->full_name() || !notice.ParseFromString(event.data())) {
    return Unreadable(event);
  }
  const auto& referral = notice.referral();
  if (referral.referral_id().empty()) return commands;  // nothing to answer to
  v1::Command command;
  auto* take = command.mutable_take_referral();
  take->mutable_origin()->set_service("incident");
  take->mutable_origin()->set_aggregate_id(event.subject());
  take->mutable_origin()->set_matter_code(event.matter_code());
  take->mutable_origin()->set_referral_id(referral.referral_id());
  take->set_area_code(event.division());
  take->set_dispute_type(referral.dispute_type());
  take->set_scale(referral.scale());
  take->set_party_count(referral.party_count());
  take->set_consent_known(referral.consent_known());
  take->set_answer_due_ms(referral.answer_due_ms());
  take->set_committee_org(referral.committee_org());
  commands.push_back(To("rf-" + referral.referral_id(), "take_referral", std::move(command)));
  return commands;
}

// 访调对接: a petition whose parties both agreed to mediation. The petition's own period runs on meanwhile.
absl::StatusOr<Commands> FromPetition(const bus::v1::Event& event) {
  Commands commands;
  if (event.topic() != "petition.referred_to_mediation") return commands;
  petition::v1::Notice notice;
  if (event.schema() != notice.GetDescriptor()->full_name() || !notice.ParseFromString(event.data())) {
    return Unreadable(event);
  }
  const auto& referral = notice.referral();
  if (referral.referral_id().empty()) return commands;  // nothing to answer to
  v1::Command command;
  auto* take = command.mutable_take_referral();
  take->mutable_origin()->set_service("petition");
  take->mutable_origin()->set_aggregate_id(event.subject());
  take->mutable_origin()->set_matter_code(event.matter_code());
  take->mutable_origin()->set_referral_id(referral.referral_id());
  take->set_area_code(event.division());
  take->set_dispute_type(referral.dispute_type());
  take->set_scale(referral.scale());
  take->set_party_count(referral.party_count());
  take->set_consent_known(referral.consent_known());
  take->set_answer_due_ms(referral.answer_due_ms());
  take->set_committee_org(referral.committee_org());
  take->set_end_by_ms(referral.due_at_ms());
  commands.push_back(To("rf-" + referral.referral_id(), "take_referral", std::move(command)));
  return commands;
}

absl::StatusOr<Commands> FromOversight(const bus::v1::Event& event) {
  oversight::v1::Notice notice;
  if (event.schema() != notice.GetDescriptor()->full_name() || !notice.ParseFromString(event.data())) {
    return Unreadable(event);
  }
  Commands commands;
  if (notice.service() != "mediation" || notice.subject_id().empty()) return commands;
  const std::string case_id = notice.subject_id();
  v1::Command command;
  command.mutable_oversee()->set_topic(event.topic());
  *command.mutable_oversee()->mutable_notice() = std::move(notice);
  commands.push_back(To(case_id, "oversee", std::move(command)));
  return commands;
}

}  // namespace

kernel::Subscriptions Subscriptions() {
  return [](std::string_view source, const bus::v1::Event& event) -> absl::StatusOr<Commands> {
    if (source == "directory") return FromDirectory(event);
    if (source == "incident") return FromIncident(event);
    if (source == "petition") return FromPetition(event);
    if (source == "oversight") return FromOversight(event);
    return Commands();
  };
}

}  // namespace mediation
