#pragma once
// Who may ask what, and when: one row per command, read before anything else is decided. A clerk can read it;
// a test prints it into services/incident/README.md and fails when they differ. Pure.
//
// Rights come in five kinds (domain model 3.2):
//   desk      the level that holds the matter, or a higher one in the same line: the role's area covers the
//   matter's
//             area and its level is not below the current level
//   unit      the unit that has to handle it: the role was given in the lead unit
//   area      anybody with this role whose area covers the matter, or whose unit is lead or co-handler
//   anywhere  the role alone is enough
//   reporter  who brought the matter, by account or by query code, whatever the role
// `system`: timers and notices of other services.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "incident/v1/incident.pb.h"
#include "kernel/v1/actor.pb.h"
#include "services/incident/domain/knowledge.h"
#include "services/kernel/domain.h"

namespace incident {

enum class Subject : uint8_t { kMatter, kNewMatter, kCampaign, kNewCampaign, kTask, kReference };

struct Rule {
  v1::Command::BodyCase command;
  Subject subject;
  uint32_t in;                          // statuses of the matter, as bits
  uint64_t desk, unit, area, anywhere;  // roles, as bits
  bool reporter, system;
};

std::span<const Rule> Rules();
const Rule* FindRule(v1::Command::BodyCase command);          // null for an empty command
std::string_view CommandName(v1::Command::BodyCase command);  // "self_handle"
std::string_view CommandVerb(v1::Command::BodyCase command);  // "selfHandle": as paths and answers have it
std::string RulesAsMarkdown();

// In what capacity somebody acts on this matter.
struct Acting {
  kernel::v1::Role role = kernel::v1::ROLE_UNSPECIFIED;
  std::string org;
  std::string area;
  int level = 0;
  std::string user;
  bool as_reporter = false;
  bool system = false;
};

// The level a role given over this area speaks for: fixed for desk roles, otherwise the area's.
int LevelOfGrant(const kernel::v1::Grant& grant);
bool AreaCovers(const Knowledge& known, std::string_view grant_area, std::string_view matter_area);

struct Permission {
  std::optional<kernel::Refusal> refusal;
  Acting acting;
};
// Role and relation first, then status: an outsider learns nothing about the matter. `query_code` as the
// caller gave it.
Permission Authorise(const Rule& rule, const v1::State& state, const kernel::v1::Actor& actor,
                     const Knowledge& known, std::string_view query_code);

// A query code as people type it ("abc-def 234", lower case, full-width) as it is kept.
std::string QueryCodeOf(std::string_view typed);

// May this actor see the matter: own area and role, own unit involved, or reporter (domain model 3.2, scope
// rule).
bool MaySee(const v1::Incident& matter, const kernel::v1::Actor& actor, const Knowledge& known);
// Roles that see the matters of their whole area, not only those of their unit.
bool SeesItsArea(kernel::v1::Role role);

}  // namespace incident
