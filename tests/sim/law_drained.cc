// Law 6. After the faults stop everything drains: queues, cursors, requests of people, and what one service
// asked of another: a referral has its case or its answer, a request of a leader was answered.

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

#include "tests/sim/laws.h"

namespace sim {
namespace {

void CheckReferrals(const Books& books, Broken* broken) {
  std::set<std::string> cases;
  for (const auto& [id, state] : books.mediation.states) {
    if (state.has_parked()) broken->push_back(absl::StrCat("law 6: referral ", id, " is still parked"));
    if (state.status() <= mediation::v1::AGREED) cases.insert(state.origin().referral_id());
  }
  for (const auto& [id, state] : books.incident.states) {
    const auto& referral = state.incident().referral();
    if (state.incident().standing().status() != incident::v1::REFERRED || referral.service() != "mediation")
      continue;
    if (state.incident().intake().sealed()) continue;
    if (!cases.contains(referral.referral().referral_id())) {
      broken->push_back(
          absl::StrCat("law 6: ", state.incident().matter_code(), " waits for a case that is not open"));
    }
    if (referral.subject_id().empty()) {
      broken->push_back(absl::StrCat("law 6: ", state.incident().matter_code(), " never heard of its case"));
    }
  }
}

bool HasEnded(petition::v1::PetitionStatus status) {
  using namespace petition::v1;  // NOLINT: statuses
  const PetitionStatus ends[] = {FINAL, CLOSED, NOT_ACCEPTED, REDIRECTED, SEALED, REPLIED, WITHDRAWN, SETTLED, MERGED};
  return std::ranges::find(ends, status) != std::end(ends);
}

// What was handed over to or by a petition: somebody has it, and both sides know.
void CheckPetitionReferrals(const Books& books, Broken* broken) {
  std::map<std::string, petition::v1::PetitionStatus> taken;  // by referral
  std::map<std::string, bool> at_table;
  for (const auto& [id, state] : books.petition.states) {
    if (state.has_parked()) broken->push_back(absl::StrCat("law 6: petition ", id, " is still parked"));
    if (state.has_origin()) taken[state.origin().referral_id()] = state.status();
  }
  for (const auto& [id, state] : books.incident.states) {
    const auto& referral = state.incident().referral();
    if (state.incident().standing().status() != incident::v1::REFERRED || referral.service() != "petition") continue;
    const std::string& code = state.incident().matter_code();
    const auto at = taken.find(referral.referral().referral_id());
    if (at == taken.end() || at->second > petition::v1::OBJECTED)
      broken->push_back(absl::StrCat("law 6: ", code, " waits for a petition that is not open"));
    if (referral.subject_id().empty())
      broken->push_back(absl::StrCat("law 6: ", code, " never heard of its petition"));
  }
  for (const auto& [id, state] : books.mediation.states) {
    if (state.origin().service() == "petition")
      at_table[state.origin().referral_id()] = state.status() <= mediation::v1::EFFECTIVE;
  }
  for (const auto& [id, state] : books.petition.states) {
    const bool handed_over = state.mediation() == petition::v1::REFERRED || state.mediation() == petition::v1::TAKEN;
    if (handed_over && (HasEnded(state.status()) || state.type() == petition::v1::ACCUSATION))
      broken->push_back(absl::StrCat("law 6: the hand-over of petition ", id, " to mediation outlives it"));
    if (state.mediation() == petition::v1::REFERRED)
      broken->push_back(absl::StrCat("law 6: petition ", id, " never heard of its mediation"));
    if (state.mediation() == petition::v1::TAKEN && !at_table[state.mediation_referral_id()])
      broken->push_back(absl::StrCat("law 6: petition ", id, " waits for a mediation that is over"));
  }
}

}  // namespace

void CheckDrained(const Evidence& evidence, const Books& books, Broken* broken) {
  if (!evidence.did_not_drain.empty()) broken->push_back(absl::StrCat("law 6: ", evidence.did_not_drain));
  for (const std::string& request : evidence.ledger.Unanswered()) broken->push_back(absl::StrCat("law 6: ", request));
  for (const Node* node : evidence.world.nodes) {
    for (const std::string& alarm : node->alarms()) {
      broken->push_back(absl::StrCat("law 6: the stream raised an alarm in ", node->name(), ": ", alarm));
    }
  }
  for (const auto& [id, state] : books.oversight.states) {
    for (const auto& asked : state.matter().asked()) {
      // Of an instruction nobody has distributed the case service has not heard.
      const auto given = books.oversight.states.find(asked.instruction_id());
      const bool heard_of = asked.kind() != oversight::v1::INSTRUCTION || given == books.oversight.states.end() ||
                            given->second.instruction().distributed_at_ms() != 0;
      if (heard_of && asked.answer() == oversight::v1::ANSWER_PENDING) {
        broken->push_back(absl::StrCat("law 6: ", asked.instruction_id(), " was never answered"));
      }
    }
  }
  CheckReferrals(books, broken);
  CheckPetitionReferrals(books, broken);
}

}  // namespace sim
