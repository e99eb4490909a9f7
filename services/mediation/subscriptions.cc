#include "services/mediation/subscriptions.h"

#include <absl/strings/str_cat.h>

#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "directory/v1/notices.pb.h"
#include "incident/v1/notices.pb.h"
#include "media/v1/notices.pb.h"
#include "mediation/v1/mediation.pb.h"
#include "oversight/v1/notices.pb.h"
#include "petition/v1/notices.pb.h"
#include "services/kernel/heard.h"
#include "services/reference/kept.h"
#include "services/reference/notice_id.h"

namespace mediation {
namespace {

using kernel::Commands, kernel::ReadNotice, kernel::CommandTo;

// The case's id is made of the hand-over's, so what is told twice finds it.
std::string CaseOf(const std::string& referral_id) { return "rf-" + referral_id; }

// A dispute that another service handed over, as its notice tells it.
template <class Notice>
absl::StatusOr<Commands> FromReferral(std::string_view service, const bus::v1::Event& event) {
  Commands commands;
  if (event.topic() != absl::StrCat(std::string(service), ".referred_to_mediation")) return commands;
  Notice notice;
  if (absl::Status status = ReadNotice(event, &notice); !status.ok()) return status;
  const auto& referral = notice.referral();
  if (referral.referral_id().empty()) return commands;  // nothing to answer to
  v1::Command command;
  auto* take = command.mutable_take_referral();
  take->mutable_origin()->set_service(std::string(service));
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
  *take->mutable_handed_document() = referral.handed_document();
  // 访调对接: the petition's own period runs on meanwhile, so it says by when the committee has to end.
  if constexpr (std::is_same_v<Notice, petition::v1::Notice>) take->set_end_by_ms(referral.due_at_ms());
  commands.push_back(CommandTo(CaseOf(referral.referral_id()), "take_referral", std::move(command)));
  return commands;
}

// A hand-over of a petition that lapsed: of its id alone the case is known, and nothing else is told.
absl::StatusOr<Commands> FromPetition(const bus::v1::Event& event) {
  if (event.topic() != "petition.hand_over_lapsed") return FromReferral<petition::v1::Notice>("petition", event);
  petition::v1::Notice notice;
  if (absl::Status status = ReadNotice(event, &notice); !status.ok()) return status;
  const std::string& referral_id = notice.referral().referral_id();
  Commands commands;
  if (referral_id.empty()) return commands;
  v1::Command command;
  command.mutable_hear_lapse()->set_referral_id(referral_id);
  commands.push_back(CommandTo(CaseOf(referral_id), "hear_lapse", std::move(command)));
  return commands;
}

absl::StatusOr<Commands> FromOversight(const bus::v1::Event& event) {
  oversight::v1::Notice notice;
  if (absl::Status status = ReadNotice(event, &notice); !status.ok()) return status;
  Commands commands;
  if (notice.service() != "mediation" || notice.subject_id().empty()) return commands;
  std::string case_id = notice.subject_id();
  v1::Command command;
  command.mutable_oversee()->set_topic(event.topic());
  *command.mutable_oversee()->mutable_notice() = std::move(notice);
  commands.push_back(CommandTo(std::move(case_id), "oversee", std::move(command)));
  return commands;
}

}  // namespace

kernel::Subscriptions Subscriptions() {
  return [](std::string_view source, const bus::v1::Event& event) -> absl::StatusOr<Commands> {
    if (source == "directory") return kernel::LearnCommand<v1::Command>(event, reference::IdOf);
    if (source == "incident") return FromReferral<incident::v1::Notice>(source, event);
    if (source == "petition") return FromPetition(event);
    if (source == "oversight") return FromOversight(event);
    if (source == "media") {
      return kernel::KeptCommand<v1::Command, media::v1::Notice>(event, "mediation", reference::DocumentId);
    }
    return Commands();
  };
}

}  // namespace mediation
