#pragma once
// What a matter's notices add up to: pure readings of the projected state, used by decisions, views and
// queries alike.

#include <cstdint>
#include <string>
#include <string_view>

#include "oversight/v1/oversight.pb.h"

namespace oversight {

// From then on the units addressed may open it, whatever became of it.
inline bool WasDistributed(const v1::InstructionState& instruction) { return instruction.distributed_at_ms() != 0; }

// The notice of whichever service said it, of a part or of what was just heard.
template <class Said>
const google::protobuf::RepeatedPtrField<common::v1::Clock>& ClocksIn(const Said& said) {
  if (said.has_incident()) return said.incident().clock();
  return said.has_petition() ? said.petition().clock() : said.mediation().clock();
}

// From which level up a matter may be looked at: a petition is its office's and of whoever stands above, nobody
// below hears of it. 0: from anywhere.
int SeenFrom(const v1::Part& part);
int SeenFrom(const v1::Matter& matter);
// The matter as a leader of `level` may see it: itself, or, in `scratch`, without the parts that are not theirs.
const v1::Matter& SeenAt(const v1::Matter& matter, int level, v1::Matter* scratch);

// A petition that left the lists of its service, as a copy or as an accusation (信访工作条例 Art. 30): others cannot
// tell which. It names nobody who has it, and of what was said and asked about it nothing is shown to anybody.
bool LeftTheLists(const v1::Part& part);
bool LeftTheLists(const v1::Matter& matter);  // with every part: to people it does not exist
// This part of it has.
bool LeftTheLists(const v1::Matter& matter, std::string_view service, std::string_view subject_id);
// What an order or an instruction is about has left; `matter` null: it is about none.
bool SubjectHasLeft(const v1::State& asked, const v1::State* matter);

// Whether a notice tells of a step of whoever has the matter, or of what puts it into their hands. That a period has
// passed, that oversight asks, that whoever waits says it again moves nothing.
bool IsStep(std::string_view topic);
// The newest step of the part. Parts that an earlier build heard name none: there every notice was one.
int64_t StepAtMs(const v1::Part& part);
const std::string& StepTopic(const v1::Part& part);

bool IsOpen(const v1::Part& part);
bool IsOpen(const v1::Matter& matter);
// The part that holds the matter now: the open one that is not waiting for another. Null for a matter without
// parts.
const v1::Part* HolderPart(const v1::Matter& matter);
int CurrentLevel(const v1::Matter& matter);
std::string CategoryOf(const v1::Matter& matter);
inline constexpr std::string_view kNoCategory = "-";  // as counts name it, and lists are asked for it
std::string HolderOrg(const v1::Matter& matter);
std::string LeadOrg(const v1::Matter& matter);
// Holds it, leads in it, or has a duty of it: who else is of no concern to a petition, and hears of it by nobody.
bool HasToDoWith(const v1::Part& part, std::string_view org_id);
// Whether the unit may be told of the matter, or spoken of under its code: there is no petition in it and never was, or
// the unit has to do with what is there. Of a petition that left it has not.
bool IsTheirs(const v1::Matter& matter, std::string_view org_id);
// A petition in it lies with its office and with no unit yet: it was not forwarded, or came back with an objection.
bool AwaitsItsUnit(const v1::Matter& matter);
// What was said of the unit under this code may be of a petition that has left since.
bool MayBeOfWhatLeft(const v1::Matter& matter, std::string_view org_id);
// It was first heard of as a petition that has left since: what it was counted for was that, and not what goes on.
bool AroseAsWhatLeft(const v1::Matter& matter);
std::string TownshipOf(std::string_view area_code);  // 9 digits; of a county's own matter "<county>000"
// As people are shown it: the township, or the county or city it is of.
std::string PlaceIn(std::string_view area_code);

// The light that counts: red before yellow before green, then the earlier due date. Null if no clock runs.
// `holder_org` empty: of any holder.
const v1::RunningLight* WorstLight(const v1::Matter& matter, std::string_view holder_org = {});
common::v1::Light WorstColour(const v1::Matter& matter);

// Why it does not move; UNSPECIFIED while nothing says that it does not.
v1::StuckReason StuckReasonOf(const v1::Matter& matter);

// On the review list of `level` (3 township, 4 county, 5 city)? Leaders see what is red, what their level
// holds, and what once climbed to them.
v1::ReviewGroup ReviewGroupAt(const v1::Matter& matter, int level);
int64_t EscalatedAt(const v1::Matter& matter, int level);  // newest; 0: never

}  // namespace oversight
