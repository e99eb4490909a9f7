#pragma once
// Matters as the case services tell of them, and the people who look at them.

#include <string>

#include "oversight/v1/notices.pb.h"
#include "services/oversight/domain/oversight.h"
#include "tests/support/learned.h"
#include "tests/support/scenario.h"

namespace oversight {

using Desk = tests::Scenario<OversightDomain>;
using kernel::RefusalCode;
using kernel::v1::Actor;
using tests::ActorOf, tests::EndOf, tests::Local;

inline const int64_t kMonday = Local("2026-11-23 09:00");
inline constexpr char kCode[] = "37140320261123I000001";

inline Actor CountyLeader() { return ActorOf(kernel::v1::ROLE_CL, "c-gov", "371403", "cl1"); }
inline Actor TownLeader() { return ActorOf(kernel::v1::ROLE_TL, "t-gov", "371403001", "tl1"); }
inline Actor CityLeader() { return ActorOf(kernel::v1::ROLE_CYL, "city-gov", "3714", "cyl1"); }
inline Actor CountyCentre() { return ActorOf(kernel::v1::ROLE_CD, "c-centre", "371403", "cd1"); }
inline Actor Head(std::string org) { return ActorOf(kernel::v1::ROLE_DM, std::move(org), "371403", "dm1"); }
inline Actor Platform() { return ActorOf(kernel::v1::ROLE_SYS); }

// A clock of an incident: five working days from Monday, held by the county's department.
inline std::string ClockText(int64_t started = kMonday, const std::string& holder = "c-hrss",
                             const std::string& due = "2026-11-30", const std::string& more = "") {
  return "clock { policy_id: 'DI-05' started_at_ms: " + std::to_string(started) +
         " due_at_ms: " + std::to_string(EndOf(due)) + " length { amount: 5 unit: WD } holder_org: '" +
         holder + "' " + more + " } ";
}
// "observe" of the incident service; `notice` is the text of its notice.
inline std::string Heard(int version, const std::string& notice,
                         const std::string& topic = "incident.dispatched", int64_t at = kMonday) {
  return "observe { service: 'incident' subject_id: 'i1' subject_version: " + std::to_string(version) +
         " topic: '" + topic + "' matter_code: '" + kCode +
         "' area_code: '371403001002' level: 3 recorded_at_ms: " + std::to_string(at) + " incident { " +
         notice + " } }";
}
inline const std::string kProcessing =
    "status: PROCESSING category: '0105' current_level: 3 lead_org: 'c-hrss' holder_org: 'c-hrss' "
    "level_path: 2 level_path: 3 ";
inline const std::string kAtCounty =
    "status: ACCEPTED category: '0105' current_level: 4 lead_org: 'c-centre' holder_org: 'c-centre' "
    "level_path: 3 level_path: 4 ";
inline const std::string kClimbed = "escalation { from: 3 to: 4 reason: 'OVERDUE' automatic: true } ";
// "observe" of the petition service: an office of the county has it, `notice` is the text of its notice.
inline constexpr char kPetitionCode[] = "37140320261123P000001";
inline std::string HeardPetition(int version, const std::string& notice, const std::string& topic = "petition.accepted",
                                 const std::string& code = kPetitionCode, int office_level = 4) {
  return "observe { service: 'petition' subject_id: 'p1' subject_version: " + std::to_string(version) + " topic: '" +
         topic + "' matter_code: '" + code + "' area_code: '371403001002' level: " + std::to_string(office_level) +
         " recorded_at_ms: " + std::to_string(kMonday) + " petition { " + notice + " } }";
}
inline const std::string kHandled =
    "petition_type: 'REQUEST' level: 4 status: ACCEPTED holder_org: 'c-hrss' content: 'Q05' scale: S1_ONE ";
inline std::string PetitionClock(const std::string& policy = "DP-05", const std::string& due = "2026-11-30",
                                 const std::string& holder = "c-hrss") {
  return "clock { policy_id: '" + policy + "' started_at_ms: " + std::to_string(kMonday) + " due_at_ms: " +
         std::to_string(EndOf(due)) + " length { amount: 60 unit: D } holder_org: '" + holder + "' } ";
}
inline const std::string kEnded = "status: CLOSED category: '0105' current_level: 3 lead_org: 'c-hrss' ";

}  // namespace oversight
