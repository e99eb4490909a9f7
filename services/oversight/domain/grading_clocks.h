#pragma once
// The dates of a month that is graded: reports by DO-03, verification by DO-04-FREEZE, publication by DO-04. Pure.

#include <string>

#include "services/oversight/domain/decide.h"

namespace oversight {

// The rows of the catalogue are there, with a length where one is counted. An installation whose policies are older
// than grading loads the new rows first.
bool GradingDatesKnown(const reference::Reference& reference);
// Nobody can report for that month any more. REQUIRES here and below: GradingDatesKnown.
bool ReportIsOver(int32_t month, const Ask& ask);
// The same of a month that was opened, whatever its clock waits for since something was sent back.
bool ReportsAreOver(const v1::TaskMonth& month, const Ask& ask);
// The clock of the month's reports, once they stand as in `month`: it stops when all are told and none is sent back.
// What is sent back may be told again until the freeze, and so long it runs.
common::v1::Clock ReportClockOf(const v1::TaskMonth& month, const std::string& lead_org, const Ask& ask);
// The month of the task, with the milestones due to be graded in it; and its scorecard, if this is its first task.
// A month in which nobody could report is passed over.
void EmitMonth(int32_t month, const Ask& ask, Decision* decision);

}  // namespace oversight
