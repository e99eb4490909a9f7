#include "tests/sim/coverage.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>

#include <string_view>

#include "tests/sim/books.h"
#include "tests/sim/transitions.h"

namespace sim {

namespace {

// Where one event leads to several places, which of them: so every status and every way into it is seen.
std::string HowOf(const petition::v1::Event& event) {
  using petition::v1::Event;
  switch (event.body_case()) {
    case Event::kRegistered:
      return petition::v1::PetitionType_Name(event.registered().type()) +
             (event.registered().direct() ? " direct" : "");
    case Event::kRetyped:
      return petition::v1::PetitionType_Name(event.retyped().to()) + (event.retyped().reason().empty() ? " along" : "");
    case Event::kRepeatLinked:
      return petition::v1::RepeatClass_Name(event.repeat_linked().repeat_class());
    case Event::kReceived:
      return event.received().by_default() ? "by default" : "";
    case Event::kObjectionDecided:
      return event.objection_decided().agreed() ? "agreed" : "refused";
    case Event::kAccepted:
      return absl::StrCat("route ", event.accepted().route());
    case Event::kNotAccepted:
      return event.not_accepted().code();
    case Event::kMediationAnswered:
      return petition::v1::MediationState_Name(event.mediation_answered().state());
    case Event::kSettlementNoted:
      return petition::v1::SettlementState_Name(event.settlement_noted().settlement());
    case Event::kSettled:
      return event.settled().by_mediation() ? "by mediation" : "by themselves";
    case Event::kDelivered:
      return petition::v1::PetitionStatus_Name(event.delivered().next());
    case Event::kReviewRequestDecided:
      if (event.review_request_decided().accepted()) return "accepted";
      return event.review_request_decided().next() == petition::v1::CLOSED ? "declined" : "declined, time left";
    case Event::kReviewIssued:
      return petition::v1::ReviewResult_Name(event.review_issued().review_result());
    case Event::kRecheckIssued:
      return petition::v1::ReviewResult_Name(event.recheck_issued().review_result());
    case Event::kLeaderProposed:
      return event.leader_proposed().beside() ? "beside another" : "";
    case Event::kLeaderDutyMissed:
      return event.leader_duty_missed().duty();
    case Event::kWriteOffDecided:
      return event.write_off_decided().confirmed() ? "confirmed" : "not confirmed";
    case Event::kTerminated:
      return petition::v1::TerminationGround_Name(event.terminated().ground());
    case Event::kClosed:
      return event.closed().reason();
    case Event::kClockExpired:
      return event.clock_expired().policy_id();
    default:
      return "";
  }
}

}  // namespace

Coverage CoverageOf(const City& city, const Beside& beside) {
  Coverage coverage;
  const auto add = [&](std::string_view service, const storage::View& view) {
    for (const auto& record : ReadLog(view, city.sealer())) {
      ++coverage[absl::StrCat(std::string(service), ".", record.command(), ">", record.event_type())];
    }
  };
  add("incident", city.incident().view());
  add("media", city.media().view());
  add("mediation", city.mediation().view());
  add("petition", city.petition().view());
  for (const auto& record : ReadLog(city.petition().view(), city.sealer())) {
    if (const std::string how = HowOf(EventOf<petition::v1::Event>(record)); !how.empty())
      ++coverage[absl::StrCat("petition.", record.command(), ">", record.event_type(), " ", how)];
  }
  add("oversight", city.oversight().view());
  add("notify", beside.notify().view());
  return coverage;
}

std::vector<std::string> Uncovered(const Coverage& coverage) {
  std::vector<std::string> missing;
  for (const Transition& row : kMustBeTaken) {
    if (!coverage.contains(std::string(row.name)))
      missing.push_back(absl::StrCat(std::string(row.step), " ", std::string(row.name)));
  }
  return missing;
}

std::string CoverageTable(const Coverage& coverage) {
  std::string text = "  step   times  transition\n";
  std::map<std::string, bool> told;
  for (const Transition& row : kMustBeTaken) {
    const auto at = coverage.find(std::string(row.name));
    const uint64_t times = at == coverage.end() ? 0 : at->second;
    absl::StrAppendFormat(&text, "  %-6s %5d  %s\n", std::string(row.step), times, std::string(row.name));
    told[std::string(row.name)] = true;
  }
  for (const auto& [transition, times] : coverage) {
    if (!told.contains(transition)) absl::StrAppendFormat(&text, "  %-6s %5d  %s\n", "", times, transition);
  }
  return text;
}

}  // namespace sim
