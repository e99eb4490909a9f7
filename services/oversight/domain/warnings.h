#pragma once
// Early warnings 预警 as the rules W1 to W9 see them in one matter: pure readings, used by decisions, views and queries.
// What is counted over places, units and months: watch.h. Nothing here is ever about a person.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/calendar.h"
#include "oversight/v1/oversight.pb.h"
#include "services/reference/reference.h"

namespace oversight {

bool IsOver(v1::WarningStatus status);
// Null: the city has no such rule, or has retired it, or nothing can be counted yet.
const policy::v1::WarningRule* FindWarningRule(const reference::Reference& reference, std::string_view id);
v1::WarningNote NoteOf(std::string_view id, const v1::WarningState& warning);
const v1::WarningNote* OpenWarning(const v1::Matter& matter, std::string_view rule);  // null: none
// A strong one not yet ended that `level` reads: addressed to it, or to the level below. Township and county read all.
bool HasHighWarning(const v1::Matter& matter, int level);

v1::WarningFact Fact(v1::WarningFactName name, int64_t value);

// The first moment after `days` whole days have passed since the day of `at_ms`, which is not counted.
int64_t PassedMs(int64_t at_ms, int days);

// The level a warning about the matter goes to first: who has it, as somebody of `level` knows it; never below.
int AddressOf(const v1::Matter& seen, int level);

// What a rule sees in a matter. `seen`: as somebody of `level` knows it (SeenAt).
struct Sight {
  std::vector<v1::WarningFact> facts;
  int64_t said_until_ms = 0;      // W2: of the newest that counts
  int64_t promised_until_ms = 0;  // W7: due moment of the newest that is overdue
  common::v1::Scale scale = common::v1::SCALE_UNSPECIFIED;  // W3
  int32_t police_calls = 0;                                 // W4
};
std::optional<Sight> SaidAgain(const v1::Matter& seen, int level, const policy::v1::WarningRule& rule, int64_t now_ms);
std::optional<Sight> ManyPeople(const v1::Matter& seen, const policy::v1::WarningRule& rule);
// W4: the police were called to one dispute again and again.
std::optional<Sight> PoliceCalls(const v1::Matter& seen, const policy::v1::WarningRule& rule,
                                 const reference::Reference& reference);
std::optional<Sight> Stuck(const v1::Matter& seen);
std::optional<Sight> PromisesOverdue(const v1::Matter& seen, const policy::v1::WarningRule& rule, int64_t now_ms);

// When a rule looks at the matter next; 0: not before something changes. Not before `from_ms`.
int64_t StuckLookMs(const v1::Matter& matter, const policy::v1::WarningRule& rule, int64_t from_ms);
int64_t PromiseLookMs(const v1::Matter& matter, const policy::v1::WarningRule& rule, int64_t from_ms);

// Nothing of it counts any more: refused, withdrawn, merged into another, gone from the lists.
bool HasLeft(const v1::Matter& matter);

}  // namespace oversight
