#include "services/incident/own_words.h"

#include <algorithm>

#include "services/incident/show.h"

namespace incident {

using v1::Event;

const google::protobuf::RepeatedPtrField<v1::Attachment>* AttachmentsOf(const Event& event) {
  switch (event.body_case()) {
    case Event::kReported:
      return &event.reported().intake().attachment();
    case Event::kSelfHandled:
      return &event.self_handled().handling().attachment();
    case Event::kSupplemented:
      return &event.supplemented().attachment();
    case Event::kProgressed:
      return &event.progressed().attachment();
    case Event::kCompleted:
      return &event.completed().completion().attachment();
    case Event::kReworked:
      return &event.reworked().attachment();
    default:
      return nullptr;
  }
}

bool IsToldToReporter(const Event& event) {
  switch (event.body_case()) {
    // What one unit asks of another, and is answered.
    case Event::kRejectionProposed:
    case Event::kReturnRequested:
    case Event::kReturnRefused:
    case Event::kExtensionRequested:
    case Event::kExtensionRefused:
    case Event::kSuspensionRequested:
    case Event::kSuspensionRefused:
    case Event::kSuspensionReviewDue:
    // What they keep an eye on.
    case Event::kLadderChecked:
    case Event::kRiskRaised:
    case Event::kSampleVerified:
    case Event::kLongTermReviewDue:
    case Event::kOrderSet:
    case Event::kInstructed:
    case Event::kRequestDeclined:
      return false;
    default:
      return true;
  }
}

bool IsSaidWithReporter(const kernel::v1::LogRecord& record, const Event& event, std::string_view user) {
  return record.actor_id() == user || event.supplemented().by_reporter() || event.has_rejected() ||
         event.progressed().interim_reply();
}

void OwnWords::ReadIntake(const v1::Intake& intake, bool own) {
  for (; parties_ < intake.party_size(); ++parties_) {
    if (own) own_party_.insert(parties_);
  }
  if (!has_text_ && !intake.text().empty()) own_text_ = own;
  has_text_ = !intake.text().empty();
}

void OwnWords::Read(std::span<const kernel::v1::LogRecord> records) {
  for (const kernel::v1::LogRecord& record : records) {
    Event event;
    event.ParseFromString(record.event());
    const bool own = IsSaidWithReporter(record, event, user_);
    if (event.has_reported()) ReadIntake(event.reported().intake(), own);
    if (event.has_supplemented()) ReadIntake(event.supplemented().intake(), own);
    const auto* files = AttachmentsOf(event);
    if (files == nullptr || !own) continue;
    for (const v1::Attachment& file : *files) own_file_.insert(file.sha256());
  }
}

void OwnWords::LeaveIn(const v1::Incident& matter, const Knowledge& known, v1::IncidentView* view) const {
  const auto is_others = [&](const v1::PartyView& party) {
    return party.index() >= 0 && !own_party_.contains(party.index());
  };
  const auto is_others_file = [&](const v1::Attachment& file) { return !own_file_.contains(file.sha256()); };
  auto* party = view->mutable_party();
  party->erase(std::remove_if(party->begin(), party->end(), is_others), party->end());
  auto* file = view->mutable_attachment();
  file->erase(std::remove_if(file->begin(), file->end(), is_others_file), file->end());
  if (!own_text_) view->clear_text();
  if (!matter.procedural_closed()) {  // until then it is what a unit says to whoever verifies it
    view->clear_result();
    view->clear_resolved_claim();
  }
  view->clear_instruction();
  view->clear_risk();
  view->clear_return_requested();
  view->clear_extension_requested();
  view->clear_suspension_requested();
  v1::Incident unasked = matter;
  unasked.clear_return_request();
  unasked.clear_extension_request();
  unasked.clear_suspension_request();
  const Words turn = TurnOf(unasked, known);
  view->set_whose_turn_zh(turn.zh);
  view->set_whose_turn_en(turn.en);
}

}  // namespace incident
