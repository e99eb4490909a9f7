#pragma once
// Who may ask what, and while the matter or instruction is what. A test prints the table into README.md.
// Checked in this order: it exists, the role, the status, the place (`Where`), the guards.

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "oversight/v1/oversight.pb.h"
#include "services/kernel/domain.h"
#include "services/kernel/rule_table.h"
#include "services/oversight/domain/refusals.h"

namespace oversight {

enum class Where : uint8_t {
  kNobody,
  kOverMatter,  // their area covers the matter
  kHolding,     // the same, and their level is the one that holds it now, or higher (level rule)
  kIssuerLine,  // their area covers the one the instruction was issued for
  kIssuer,      // wrote the instruction
  kAddressee,   // of a unit the instruction is addressed to
  kOverOrder,   // their area covers the order's matter, and its level is not above theirs
  kAboveOrder,  // the same, and theirs is above the level that holds the matter
  kOrderLine,   // of a draft: who may issue it; of an order: who gave it, their unit, supervision over it; of an
                // order to the issuer's own unit: the level above, or the leader of that level
  kTarget,      // of the unit the order is addressed to
  kAddressed,   // of the level and area a warning is addressed to
  kWarned,      // of a level and area it has been addressed to
  kSuggester,   // of the unit that suggests accountability
  kRecipient,   // of the body it was sent to
  kConference,  // of the office of the joint conference that decided
  kService,     // the platform itself: a timer or another service's notice
  kOverTask,    // their area covers that of the task or the scorecard
  kInCharge,    // the same, and they are the task's leader in charge
  kLeadUnit,    // of the unit that leads the task
  kInspector,   // their area covers that of the supervision that inspects
  kInspectionLead,  // of the unit that leads the inspection
  kInspected,   // of a unit that was told what to put right
};

// What an aggregate is, for the table.
enum class Phase : uint8_t {
  kNone,
  kOpenMatter,
  kEndedMatter,
  kIssued,
  kDistributed,
  kReported,
  kClosed,
  kOrdinaryDraft,
  kYellowDraft,
  kRedDraft,
  kOrderOut,
  kOrderAcknowledged,
  kOrderAnswered,
  kOrderEnded,
  kTask,
  kOutsideFigure,
  kWarningRaised,
  kWarningAcknowledged,
  kWarningActioned,
  kWarningOver,
  kWatch,
  kSuggestionDraft,
  kSuggestionSent,
  kSuggestionAnswered,
  kSuggestionClosed,
  kMeasureInForce,
  kMeasureEnded,
  kReference,
  kTaskPlanned,
  kTaskActive,
  kTaskEnded,
  kBoardDraft,
  kBoardFrozen,
  kBoardPublished,
  kInspectionPlanned,
  kInspectionDone,
  kInspectionFeedback,
  kInspectionOver,
  kCampaign
};
Phase PhaseOf(const v1::State& state);
std::string_view PhaseName(Phase phase);

struct Asker {
  kernel::v1::Role role = kernel::v1::ROLE_UNSPECIFIED;
  Where where = Where::kNobody;
};

inline constexpr int kAskersMax = 16;  // of one rule

struct Rule {
  v1::Command::BodyCase command;
  std::string_view transition;
  uint64_t in;  // bits of Phase
  std::array<Asker, kAskersMax> askers;
};

std::span<const Rule> Rules();
const Rule* FindRule(v1::Command::BodyCase command);

struct Grounds {
  kernel::v1::Role role = kernel::v1::ROLE_UNSPECIFIED;
  std::string org;
  std::string area;
  int level = 0;  // of the grant's area
};
std::optional<kernel::Refusal> Permit(const Rule& rule, Phase phase, const kernel::v1::Actor& actor);
// `subject`: the matter or the instruction the place is measured against.
std::optional<Grounds> Bind(const Rule& rule, const v1::State& subject, const kernel::v1::Actor& actor);

// 回避 (3.1.3(3)): of the unit the order is about, in whatever role: they neither sign it, whoever proposed it, people or
// a rule, nor judge it nor take it back. The one above does.
bool IsItsOwnJudge(const kernel::v1::Actor& actor, const v1::OrderState& order);
// A card that nobody has signed is not for its unit to know of, whatever else its people are.
bool IsSecretFrom(const kernel::v1::Actor& actor, const v1::OrderNote& note);
std::vector<std::string> AllowedCommands(const v1::State& state, const kernel::v1::Actor& actor);
bool MaySee(const v1::State& state, const kernel::v1::Actor& actor);
inline std::string_view CommandName(v1::Command::BodyCase command) { return kernel::NameOf<v1::Command>(command); }
// As answers name it: "askConsent".
inline std::string_view CommandVerb(v1::Command::BodyCase command) { return kernel::VerbOf<v1::Command>(command); }

}  // namespace oversight
