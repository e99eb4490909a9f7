#pragma once
// A small county for the incident tests: one city, two counties, townships, villages, grids, their units and
// people, and the city's real policies and calendar (policy/). Steps() walks a matter to a status by the real
// commands.

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "base/area_code.h"
#include "base/calendar.h"
#include "base/check.h"
#include "services/incident/domain/incident.h"
#include "services/reference/policy_files.h"
#include "tests/support/scenario.h"

namespace incident {

using kernel::v1::Actor;
using tests::ActorOf;

inline constexpr char kCity[] = "3714";
inline constexpr char kCounty[] = "371403";
inline constexpr char kTownship[] = "371403001";
inline constexpr char kVillage[] = "371403001001";
inline constexpr char kGrid[] = "371403001001001";
inline constexpr char kOtherCounty[] = "371422";

// "2026-11-23 09:30", local time.
inline int64_t Ms(std::string_view local) {
  const auto day = base::ParseDay(local.substr(0, 10));
  CHECK(day.has_value() && local.size() == 16) << local;
  const int hour = (local[11] - '0') * 10 + (local[12] - '0');
  const int minute = (local[14] - '0') * 10 + (local[15] - '0');
  return base::StartOfDayMs(*day) + hour * base::kHourMs + minute * base::kMinuteMs;
}
inline constexpr char kMonday[] = "2026-11-23 09:00";  // a working day in office hours

inline directory::v1::Notice Area(std::string_view code, std::string_view name,
                                  std::string_view successor = "") {
  directory::v1::Notice notice;
  auto* area = notice.mutable_area_changed();
  area->set_code(std::string(code));
  area->set_name(std::string(name));
  area->set_level(base::LevelOf(code));
  area->set_parent(base::ParentOf(code));
  area->set_valid_from("2020-01-01");
  area->set_successor(std::string(successor));
  if (!successor.empty()) area->set_valid_to("2026-12-31");
  return notice;
}
inline directory::v1::Notice Org(std::string_view id, std::string_view area, int level,
                                 directory::v1::OrgKind kind, std::string_view duty = "") {
  directory::v1::Notice notice;
  auto* org = notice.mutable_org_changed();
  org->set_id(std::string(id));
  org->set_name(std::string(id));
  org->set_kind(kind);
  org->set_level(level);
  org->set_area_code(std::string(area));
  org->set_duty(std::string(duty));
  return notice;
}

inline std::vector<directory::v1::Notice> DirectoryNotices() {
  using namespace directory::v1;  // NOLINT
  return {Area("3714", "德州市"),
          Area("371403", "陵城区"),
          Area("371422", "宁津县"),
          Area("371403001", "安德街道"),
          Area("371422100", "宁津镇"),
          Area("371403001001", "东关社区"),
          Area("371403001002", "西关社区"),
          Area("371403001003", "南关村", "371403001001"),
          Area("371403001001001", "第一网格"),
          Area("371403001001002", "第二网格"),
          Area("371403001002001", "第一网格"),
          Org("3714-centre", "3714", 5, CENTRE),
          Org("371403-centre", "371403", 4, CENTRE),
          Org("371422-centre", "371422", 4, CENTRE),
          Org("371403001-centre", "371403001", 3, CENTRE),
          Org("371403-hrss", "371403", 4, DEPARTMENT, "hrss"),
          Org("371403001-urban", "371403001", 3, DEPARTMENT, "urban"),
          Org("371403001-water", "371403001", 3, DEPARTMENT, "water"),
          Org("371403001001-village", "371403001001", 2, GRID_TEAM),
          Org("371403001-committee", "371403001", 3, COMMITTEE, "village"),
          Org("371422-urban", "371422", 4, DEPARTMENT)};
}

inline const reference::PolicyFiles& Policies() {
  static const reference::PolicyFiles files = [] {
    auto read = reference::ReadPolicyFolder("policy");
    CHECK(read.ok()) << read.status();
    return *std::move(read);
  }();
  return files;
}

inline Knowledge Known() {
  Knowledge known;
  directory::v1::Notice notice;
  *notice.mutable_calendar_loaded() = Policies().calendar;
  CHECK(known.Learn(notice).ok());
  *notice.mutable_policy_changed() = Policies().policies;
  CHECK(known.Learn(notice).ok());
  for (const auto& each : DirectoryNotices()) CHECK(known.Learn(each).ok()) << each.ShortDebugString();
  return known;
}

// People, one each.
inline Actor Gw() { return ActorOf(kernel::v1::ROLE_GW, "371403001001-village", kGrid, "u-gw"); }
inline Actor Gh() { return ActorOf(kernel::v1::ROLE_GH, "371403001001-village", kVillage, "u-gh"); }
inline Actor Td() { return ActorOf(kernel::v1::ROLE_TD, "371403001-centre", kTownship, "u-td"); }
inline Actor Cd() { return ActorOf(kernel::v1::ROLE_CD, "371403-centre", kCounty, "u-cd"); }
inline Actor Cc() { return ActorOf(kernel::v1::ROLE_CC, "3714-centre", kCity, "u-cc"); }
inline Actor Dh() { return ActorOf(kernel::v1::ROLE_DH, "371403001-urban", kTownship, "u-dh"); }
inline Actor Dm() { return ActorOf(kernel::v1::ROLE_DM, "371403001-urban", kTownship, "u-dm"); }
inline Actor Vf() { return ActorOf(kernel::v1::ROLE_VF, "371403001-centre", kTownship, "u-vf"); }
inline Actor Sv() { return ActorOf(kernel::v1::ROLE_SV, "371403-supervision", kCounty, "u-sv"); }
inline Actor Ha() { return ActorOf(kernel::v1::ROLE_HA, "3714-hotline", kCity, "u-ha"); }
inline Actor Pub() { return ActorOf(kernel::v1::ROLE_PUB, "", "", "u-pub"); }
inline Actor Anybody() { return ActorOf(kernel::v1::ROLE_PUB, "", "", ""); }  // nobody signed in
inline Actor Service(std::string name) {
  Actor actor;
  actor.set_service(std::move(name));
  return actor;
}

// Illegal flyers: settled by the township's urban unit; limit 1 WD, no minimum above 1.
inline constexpr char kFlyers[] =
    "report { category: '0706' text: '墙上贴满小广告' area_code: '371403001001001' place { text: '东关路口' "
    "} }";

class Matter : public tests::Scenario<IncidentDomain> {
 public:
  explicit Matter(Knowledge known = Known(), std::string id = "m1", const char* file = __builtin_FILE(),
                  int line = __builtin_LINE())
      : Scenario(std::move(known), std::move(id), file, line) {
    At(Ms(kMonday));
  }
  const v1::Incident& incident() { return state().incident(); }
  v1::Status status() { return incident().standing().status(); }

  Matter& Do(const Actor& who, std::string_view command) {
    As(who).When(command);
    EXPECT_FALSE(refusal().has_value()) << command << ": " << (refusal() ? refusal()->reason : "");
    return *this;
  }
  Matter& Chance(uint64_t chance) {
    WithChance(chance);
    return *this;
  }
  Matter& Later(int64_t ms) {
    At(now_ms() + ms);
    return *this;
  }
  Matter& OnDay(std::string_view local) {
    At(Ms(local));
    return *this;
  }
  // Walks on by real commands.
  Matter& Reported(std::string_view report = kFlyers, const Actor& by = Gw()) { return Do(by, report); }
  Matter& Accepted() { return Reported().Do(Td(), "accept { id: 'm1' }"); }
  Matter& Dispatched() { return Accepted().Do(Td(), "dispatch { lead_org: '371403001-urban' }"); }
  Matter& Taken() { return Dispatched().Do(Dh(), "take {}"); }
  Matter& Completed() { return Taken().Do(Dh(), "complete { result: '已清理' resolved: YES }"); }
  Matter& Closed() { return Completed().Do(Vf(), "verify_pass { record: '现场看过' resolved: YES }"); }
  Matter& Suspended() {
    Taken().Do(Dh(), "request_suspension { reason_code: 'S02' expected_resume_at_ms: " +
                         std::to_string(now_ms() + 10 * base::kDayMs) + " }");
    return Do(Td(), "approve_suspension {}");
  }
  Matter& Referred() {
    return Accepted().Do(Td(),
                         "refer_to_mediation { dispute_type: 'D02' party_count: 2 facts: '两家争墙根' }");
  }

  const common::v1::Clock* Clock(std::string_view policy_id) {
    const common::v1::Clock* found = nullptr;
    for (const auto& clock : incident().clock()) {
      if (clock.policy_id() == policy_id) found = &clock;
    }
    return found;
  }
  std::string Due(std::string_view policy_id) {
    const auto* clock = Clock(policy_id);
    return clock == nullptr ? "none" : base::LocalEndText(clock->due_at_ms());
  }
  common::v1::ClockOutcome Outcome(std::string_view policy_id) {
    const auto* clock = Clock(policy_id);
    EXPECT_NE(clock, nullptr) << policy_id;
    return clock == nullptr ? common::v1::CLOCK_RUNNING : clock->outcome();
  }
  v1::Notice Published(std::string_view topic) {
    v1::Notice payload;
    for (const auto& notice : notices()) {
      if (notice.topic() == topic) payload.ParseFromString(notice.payload());
    }
    return payload;
  }
};

// What mediation tells of the case of this matter's open referral.
inline std::string Mediation(Matter& m, std::string_view topic, int version, std::string_view more = "") {
  return "hear_mediation { topic: 'mediation." + std::string(topic) +
         "' subject_id: 'c1' matter_code: 'M1' version: " + std::to_string(version) + " notice { " +
         std::string(more) + " origin { service: 'incident' aggregate_id: 'm1' referral_id: '" +
         m.incident().referral().referral().referral_id() + "' } } }";
}

}  // namespace incident
