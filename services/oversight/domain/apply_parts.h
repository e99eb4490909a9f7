#pragma once
// Parts of Apply that stand in a file of their own: apply_warnings.cc.

#include "oversight/v1/oversight.pb.h"

namespace oversight {

void ApplyWarning(const v1::Event& event, int64_t now_ms, v1::WarningState* warning);
void ApplyWatch(const v1::Event& event, v1::Watch* watch);
void ApplySuggestion(const v1::Event& event, int64_t now_ms, v1::SuggestionState* suggestion);
void ApplyMeasure(const v1::Event& event, int64_t now_ms, v1::MeasureState* measure);
// What a matter notes of its warnings and listings.
void ApplyToMatter(const v1::Event& event, int64_t now_ms, v1::Matter* matter);

}  // namespace oversight
