#pragma once
// The parts of Apply that several events share, and the folds of campaigns, tasks and reference entries.

#include <string_view>

#include "base/check.h"
#include "services/incident/domain/incident.h"

namespace incident {

void ApplyClocks(const v1::Event& event, v1::Incident* m);
void NoteApplied(const v1::Applied& applied, v1::Incident* m);
void AddHandler(const std::string& user, v1::Incident* m);
void ClearRequests(v1::Incident* m);  // what somebody had asked for is void once responsibility moves or ends

bool IsOfCampaigns(const v1::Event& event);  // or of reference data: not of a matter
void ApplyToOthers(const v1::Event& event, int64_t now_ms, v1::State* state);

}  // namespace incident
