#pragma once
// How official papers call what the protocol numbers. Pure.

#include <string>
#include <string_view>

#include "mediation/v1/mediation.pb.h"

namespace mediation {

std::string_view SideWord(common::v1::PartySide side);
std::string_view SourceWord(v1::SourceKind source);
std::string_view RefusalWord(std::string_view code);
std::string_view EndWord(v1::EndReason reason);
std::string_view RemedyWord(v1::Remedy remedy);
std::string_view SessionWord(v1::SessionResult result);
std::string_view CapacityWord(v1::Capacity capacity);
std::string_view VisitWord(v1::VisitMode mode);
std::string_view ConfirmationWord(v1::ConfirmationState state);
std::string_view ConfirmationWord(v1::ConfirmationState state, v1::ConfirmationKind kind);  // as its forum says it
// How an agreement is asked to be made enforceable, by the forum that is asked.
struct ConfirmationWay {
  std::string_view title;   // of the application
  std::string_view verb;    // "请求依法<verb>申请人……达成的人民调解协议<effect>"
  std::string_view effect;
  std::string_view basis;
  std::string_view paper;   // what comes of it
};
const ConfirmationWay& WayOf(v1::ConfirmationKind kind);
std::string_view PerformanceWord(v1::PromiseState state);
std::string_view OutcomeWord(v1::CompletionOutcome outcome);
std::string_view RetentionWord(v1::Retention retention);
std::string_view FormWord(v1::AgreementForm form);
// Of a course that must be explained on paper; empty for the ordinary ones.
std::string_view MilestoneWord(v1::Event::BodyCase body);

}  // namespace mediation
