#pragma once
// What leaders are shown of enterprises' open appeals 接诉即办: what each waits for, which of its four periods counts, and
// the rows of tallies and indexes made of it. Pure.
//
//   tallies  appeal/<area>/<below>/<stage><light><listed><complex>   a digit each
//            area: the township, county and city it lies in; below: the area next below, "-": none
//   index    appeal: area '/' rank of the light(u8) stage(u8) not listed(u8) due(u64be)

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "oversight/v1/appeals.pb.h"
#include "oversight/v1/oversight.pb.h"
#include "services/kernel/domain.h"

namespace oversight {

// The incident part of an open appeal of an enterprise; null: it is none.
const v1::Part* AppealPart(const v1::Matter& matter);
v1::AppealStage AppealStageOf(const v1::Part& appeal);
bool IsComplex(const v1::Part& appeal);
// The one of its four periods that counts: red before yellow before green, then the earlier. Null: none runs.
const v1::RunningLight* AppealLight(const v1::Part& appeal);

// The prefix of a colour, or of a stage in it, or of those that are listed, or not.
std::string AppealPrefix(std::string_view area, common::v1::Light light, v1::AppealStage stage,
                         std::optional<bool> listed);
std::string AppealTallies(std::string_view area);

void AddAppealEntries(const v1::State& state, std::vector<kernel::IndexEntry>* entries);
void AddAppealTallies(const v1::State& state, std::vector<kernel::TallyEntry>* tallies);

}  // namespace oversight
