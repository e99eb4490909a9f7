#pragma once
// A mediation case at each point of its life, made by commands of the people who make it so.

#include <string>

#include "services/mediation/domain/mediation.h"
#include "tests/support/learned.h"
#include "tests/support/scenario.h"

namespace mediation {

using kernel::RefusalCode;
using kernel::v1::Actor;
using tests::ActorOf, tests::EndOf, tests::Local;

inline const int64_t kMonday = Local("2026-11-23 09:00");  // an ordinary week: no holiday until the new year

inline Actor Registrar() { return ActorOf(kernel::v1::ROLE_MR, "v-committee", "371403001002", "mr1"); }
inline Actor Chair() { return ActorOf(kernel::v1::ROLE_MC, "v-committee", "371403001002", "mc1"); }
inline Actor Mediator(std::string user = "md1") {
  return ActorOf(kernel::v1::ROLE_MD, "v-committee", "371403001002", std::move(user));
}
inline Actor Resident(std::string user) { return ActorOf(kernel::v1::ROLE_PUB, "", "", std::move(user)); }
inline Actor Platform() { return ActorOf(kernel::v1::ROLE_SYS); }

inline const std::string kParties =
    "party { applicant: true person { name: 'vault:a' side: SIDE_A user_id: 'ua' } } "
    "party { person { name: 'vault:b' side: SIDE_B user_id: 'ub' } } ";
inline const std::string kDispute = "area_code: '371403001002' dispute_type: 'D02' facts: '楼上漏水' ";

std::string ApplyText(const std::string& more = "");  // by the registrar
std::string OfType(std::string application, const std::string& dispute_type);  // instead of D02

// The other side (p2) agrees, by whoever acts for it, if its person is `person` and its party has `party`.
std::string AgreesAs(const std::string& person, const std::string& party);

enum class Stage { kRegistered, kAsked, kConsented, kAccepted, kAssigned, kMediating, kDrafted };

class Case : public tests::Scenario<MediationDomain> {
 public:
  using tests::Scenario<MediationDomain>::Scenario;
  // A case brought to this stage on Monday (sessions: Tuesday). `more`: what the application says besides.
  Case(Stage stage, const std::string& more, int64_t at, const char* file, int line);
  common::v1::ClockOutcome OutcomeOf(std::string_view policy_id);
};

#define CASE_AT(name, stage)                                                                                \
  inline Case name(const std::string& more = "", int64_t at = kMonday, const char* file = __builtin_FILE(), \
                   int line = __builtin_LINE()) {                                                           \
    return Case(stage, more, at, file, line);                                                               \
  }
CASE_AT(Registered, Stage::kRegistered)    // M1
CASE_AT(Asked, Stage::kAsked)              // M4
CASE_AT(Consented, Stage::kConsented)      // both agree, rights notice served
CASE_AT(AcceptedCase, Stage::kAccepted)    // M5
CASE_AT(AssignedCase, Stage::kAssigned)    // M7
CASE_AT(MediatingCase, Stage::kMediating)  // M9, both sides present
CASE_AT(DraftedCase, Stage::kDrafted)      // M13
#undef CASE_AT

inline constexpr char kAccept[] = "accept { jurisdiction_confirmed: true not_accepted_elsewhere: true }";
inline constexpr char kAssign[] = "assign { chair_user_id: 'md1' recusal_checked: true }";
// A session of yesterday's kind: half an hour long, ended when it is recorded.
std::string SessionText(int64_t now_ms, const std::string& more = "");
inline constexpr char kClause[] =
    "clause { obligor_party_id: 'p2' obligee_party_id: 'p1' kind: DO content: '修好漏水' place: '甲方家中' "
    "due_at_ms: 1798000000000 } ";
std::string DraftText(const std::string& clauses = kClause);

// Two promises: the repair by 10 December, 800 yuan by Christmas Eve.
inline const std::string kPay =
    "clause { obligor_party_id: 'p2' obligee_party_id: 'p1' kind: PAY content: '赔偿修理费' amount_fen: "
    "80000 place: '转入甲方账户' "
    "due_at_ms: " +
    std::to_string(Local("2026-12-24 12:00")) + " } ";
inline const std::string kRepair =
    "clause { obligor_party_id: 'p2' obligee_party_id: 'p1' kind: DO content: '修好漏水' place: '甲方家中' "
    "due_at_ms: " + std::to_string(Local("2026-12-10 12:00")) + " } ";
inline const std::string kRefrain =
    "clause { obligor_party_id: 'p2' obligee_party_id: 'p1' kind: REFRAIN content: '不再喧哗' } ";
inline const std::string kDigest(64, 'a');
inline const std::string kBothSign =
    "consent { party_id: 'p1' proof_sha256: '" + kDigest + "' } "
    "consent { party_id: 'p2' proof_sha256: '" + kDigest + "' } ";
// Media tells that the bytes of this paper are here; without more, of the one the tests name everywhere.
void Come(Case* c, const std::string& sha256 = kDigest);
// Application, register and the notice of rights are signed on paper, and the scans have come.
void SignIntake(Case* c);
inline const int64_t kTuesdayMs = kMonday + base::kDayMs;

// Of a case in MEDIATING: a written agreement with these clauses, signed and sealed now by everybody.
void Bind(Case* c, const std::string& clauses = kPay + kRepair);
// A case of this type of dispute, brought to its first session (Tuesday).
void BringToMediation(Case* c, const std::string& dispute_type);
// The joint application to a court with every paper. `unclear`: the item of the pre-check that stands in the way;
// `left_out`: the one nobody looked at.
std::string ApplicationText(const std::string& more = "", const std::string& unclear = "",
                            const std::string& left_out = "");
inline Actor Court() { return ActorOf(kernel::v1::ROLE_CT, "c-court", "371403", "ct1"); }
v1::Notice Told(const Case& c, size_t at = 0);

// The calendar once the next year has been announced, with a day off of its own.
policy::v1::Calendar NextYear();

}  // namespace mediation
