#pragma once
// The decisions of oversight, one function a command. decide_projection.cc: what others said and what clocks
// do to it; decide_requests.cc: what leaders ask.

#include "services/oversight/domain/oversight.h"
#include "services/oversight/domain/refusals.h"
#include "services/oversight/domain/rules.h"

namespace oversight {

struct Ask {
  const v1::State& state;
  const Context& ctx;
  const reference::Reference& reference;
  Grounds who;
};

Decision DecideObserve(const v1::Observe&, const Ask&);
Decision DecideTurnLight(const v1::TurnLight&, const Ask&);
Decision DecideTurnInstructionLight(const Ask&);
Decision DecideLearnReference(const v1::LearnReference&, const Ask&);

// `matter`: the one the instruction is about, found before the place was checked.
Decision DecideInstruct(const v1::InstructRequest&, const Ask&, const v1::Matter& matter);
Decision DecideDistribute(const v1::DistributeRequest&, const Ask&);
Decision DecideReport(const v1::ReportRequest&, const Ask&);
Decision DecideCloseInstruction(const v1::CloseInstructionRequest&, const Ask&);
Decision DecideAssignLead(const v1::AssignLeadRequest&, const Ask&);
Decision DecideSendDown(const v1::SendDownRequest&, const Ask&);

}  // namespace oversight
