#pragma once
// The dates of a month that is graded: reports by DO-03, verification by DO-04-FREEZE, publication by DO-04. Pure.

#include "services/oversight/domain/decide.h"

namespace oversight {

// The rows of the catalogue are there, with a length where one is counted. An installation whose policies are older
// than grading loads the new rows first.
bool GradingDatesKnown(const reference::Reference& reference);
// Nobody can report for that month any more. REQUIRES here and below: GradingDatesKnown.
bool ReportIsOver(int32_t month, const Ask& ask);
// The month of the task, with the milestones due to be graded in it; and its scorecard, if this is its first task.
// A month in which nobody could report is passed over.
void EmitMonth(int32_t month, const Ask& ask, Decision* decision);

}  // namespace oversight
