#pragma once
// Who may ask what, and while the petition is what: the procedure as a table. A test prints it into
// README.md. Checked in this order, which tests hold fixed: the petition exists for the asker, the role, the
// status, the place (`Where`), the guards; the version by the kernel, for who is not an outsider by these.

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "petition/v1/petition.pb.h"
#include "services/kernel/domain.h"
#include "services/kernel/rule_table.h"
#include "services/petition/domain/refusals.h"

namespace petition {

// 纪检监察 of the content list: what is registered under it may accuse somebody (Art. 30).
inline constexpr std::string_view kDisciplineContent = "Q16";

// What binds an asker to this petition, beyond the role.
enum class Where : uint8_t {
  kNobody,      // the slot of the row is empty
  kAnyone,      // whoever has the role
  kPetitioner,  // is a petitioner, or an agent of one
  kOffice,      // of the office that registered it
  kDesk,        // the same, while the petition lies there undecided
  kLine,        // of that office, or of an area that covers the office's: same level or higher in the line
  kUnit,        // of the unit that has it
  kHandling,    // the same, until it ends
  kReview,      // of the body that reviews it now, or of its area; of the city for the province
  kEntry,       // of the city's petition office, for a decision of the province
  kDiscipline,  // of the discipline organ it was sent to
  kCity,        // a grant for the whole city
  kNamed,       // is the leader who was named
  kService,     // the platform itself: a timer or another service's notice
  kServes,      // of the line; of the body that reviews it, once one does
  kAnswers,     // of the unit that has it, while nobody reviews what it did
  kProposed,    // is the leader who was asked, and has not said yes
};

struct Asker {
  kernel::v1::Role role = kernel::v1::ROLE_UNSPECIFIED;
  Where where = Where::kNobody;
};

struct Rule {
  v1::Command::BodyCase command;
  std::string_view transition;  // of the procedure: "P8"
  uint32_t in;                  // bits of v1::PetitionStatus; bit 0: there is none yet
  std::array<Asker, 4> askers;
};

std::span<const Rule> Rules();
const Rule* FindRule(v1::Command::BodyCase command);

// What the place of an asker is measured against: of the petition, or of the one a creating command asks for.
struct Subject {
  std::string_view office_org;
  std::string_view office_area;
  const v1::State* state = nullptr;  // null for a creating command
};

// The grant the actor may use for this row.
struct Grounds {
  kernel::v1::Role role = kernel::v1::ROLE_UNSPECIFIED;
  std::string org;
  std::string area;
};
// Existence, role and status; `Bind` checks the place.
std::optional<kernel::Refusal> Permit(const Rule& rule, const v1::State& state,
                                      const kernel::v1::Actor& actor);
std::optional<Grounds> Bind(const Rule& rule, const Subject& subject, const kernel::v1::Actor& actor);

// The commands as paths name them ("issueOpinion") whose row admits the actor now. Guards may still refuse.
std::vector<std::string> AllowedCommands(const v1::State& state, const kernel::v1::Actor& actor);

// An accusation, from the moment its type is known, for ever; and the record of a reception at which it was brought.
bool Sealed(const v1::State& state);
// What petitioners registered themselves under discipline, and no clerk has looked at: nobody else is shown it before
// one has sealed it or said why it is none.
bool MayAccuse(const v1::State& state);
// Whether the command takes a petition from the desk it lies at undecided.
bool SendsOn(v1::Command::BodyCase command);
// Whether the actor has the right to a sealed petition: the discipline organ; before the transfer the head
// of the office that has it. Nobody else, whatever area the grant is for; the petitioner hears from the
// discipline organ.
bool HasSealedRight(const v1::State& state, const kernel::v1::Actor& actor);
// Whether the petition exists for the actor. Sealed: by right only. Otherwise: its line, its units, its
// reviewers, its leader, its petitioners.
bool MaySee(const v1::State& state, const kernel::v1::Actor& actor);
// A petitioner, or an agent of one.
bool IsPetitioner(const v1::State& state, const kernel::v1::Actor& actor);

// Of the unit that has it, if that is not the petition office itself: what it asks for may be about them.
bool IsOfUnit(const v1::State& state, const kernel::v1::Actor& actor);
// Until its first answer is out, in which time a clerk may enter that somebody withdraws.
bool IsInFirstHandling(const v1::State& state);
// Whether the actor may read who came with merged copies. The unit may while it handles the petition for the first
// time; from then on it reads those who brought the petition itself, whatever becomes of a copy (Art. 30).
bool ReadsThoseOfCopies(const v1::State& state, const kernel::v1::Actor& actor);
// As that actor reads it: without those who came with copies, unless they may be read.
void LeaveOutThoseOfCopies(const kernel::v1::Actor& actor, v1::State* state);

// Who is asked to lead the case: beside the one who leads it, or the only one there is.
const v1::CaseLeader& Proposed(const v1::State& state);
// What the opinion in force supports is still to be carried out by the unit (Art. 32).
bool IsToBeExecuted(const v1::State& state);
// An agreement binds both sides and is not broken: that settles it (Art. 33, 山东 46(1)), and no opinion says otherwise.
bool MediationSettles(const v1::State& state);

bool IsOpen(v1::PetitionStatus status);
bool IsAnswered(v1::PetitionStatus status);  // the opinion on it is out and the petition not at its end
std::string HolderOf(const v1::State& state);  // who has to move next
inline std::string_view CommandName(v1::Command::BodyCase command) { return kernel::NameOf<v1::Command>(command); }
inline std::string_view CommandVerb(v1::Command::BodyCase command) { return kernel::VerbOf<v1::Command>(command); }

}  // namespace petition
