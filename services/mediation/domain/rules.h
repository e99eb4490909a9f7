#pragma once
// Who may ask what, and while the case is what: the procedure as a table. A test prints it into README.md.
// Checked in this order, which tests hold fixed: the case exists, the role, the status, the place (`Where`),
// the guards.

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mediation/v1/mediation.pb.h"
#include "services/kernel/domain.h"
#include "services/kernel/rule_table.h"
#include "services/mediation/domain/refusals.h"
#include "services/reference/reference.h"

namespace mediation {

// What binds an asker to this case, beyond the role.
enum class Where : uint8_t {
  kNobody,     // the slot of the row is empty
  kAnyone,     // whoever has the role
  kOwnParty,   // is a party of the case
  kLine,       // the committee's own people, or those above it in its line (see Reach)
  kCommittee,  // the committee's own people
  kMediator,   // is assigned to the case
  kVillage,    // a grid worker of the village or community the case lies in
  kService,    // the platform itself: a timer or another service's notice
};

struct Asker {
  kernel::v1::Role role = kernel::v1::ROLE_UNSPECIFIED;
  Where where = Where::kNobody;
};

struct Rule {
  v1::Command::BodyCase command;
  std::string_view transition;  // of the procedure: "M5"
  uint32_t in;                  // bits of v1::CaseStatus; bit 0: there is no case yet
  std::array<Asker, 3> askers;
};

std::span<const Rule> Rules();
const Rule* FindRule(v1::Command::BodyCase command);

// What the place of an asker is measured against: of the case, or of the case a creating command asks for.
struct Subject {
  std::string_view committee_org;
  std::string_view committee_area;
  const v1::State* state = nullptr;  // null for a creating command
  const reference::Reference& reference;
};

// Whose cases the registrars, chairs and mediators of an organisation reach beyond their own committee's. A committee
// of an industry 行业性专业性人民调解委员会 stands beside the committees of the areas: neither is above the other.
enum class Reach : uint8_t {
  kOwn,
  kAreas,  // of every committee of an area that its own area covers
  kEvery,  // of committees of industries too: the centre of an area takes in for all of them
};
Reach ReachOf(std::string_view org_id, const reference::Reference& reference);
bool IsOfIndustry(std::string_view committee_org, const reference::Reference& reference);

// The grant the actor may use for this row, or why not. `Permit` checks role and status, `Bind` the place.
struct Grounds {
  kernel::v1::Role role = kernel::v1::ROLE_UNSPECIFIED;
  std::string org;
};
std::optional<kernel::Refusal> Permit(const Rule& rule, const v1::State& state,
                                      const kernel::v1::Actor& actor);
std::optional<Grounds> Bind(const Rule& rule, const Subject& subject, const kernel::v1::Actor& actor);

// Names of the commands ("record_consent") whose row admits the actor now, without those that a guard refuses whatever
// is asked. Other guards may still refuse.
std::vector<std::string> AllowedCommands(const v1::State& state, const kernel::v1::Actor& actor,
                                         const reference::Reference& reference);
// Whether the actor may see the case: of its line, one of its mediators, one of its parties.
bool MaySee(const v1::State& state, const kernel::v1::Actor& actor, const reference::Reference& reference);
bool HasBegun(const v1::State& state);  // the mediators have met the parties

bool IsOpen(v1::CaseStatus status);  // REGISTERED … AGREED, PAUSED too
// 疑难复杂: the committee said so, or handed it up for that reason (若干规定 21).
bool IsDifficult(const v1::State& state);
// Whether the actor works in a grid of exactly this village or community.
bool WorksInVillage(const kernel::v1::Grant& grant, std::string_view area_code);
inline std::string_view CommandName(v1::Command::BodyCase command) { return kernel::NameOf<v1::Command>(command); }
// As paths and answers name it: "askConsent".
inline std::string_view CommandVerb(v1::Command::BodyCase command) { return kernel::VerbOf<v1::Command>(command); }

}  // namespace mediation
