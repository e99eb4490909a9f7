#pragma once
// What the case services say of matters in which early warnings see something, and people who answer for a place.

#include <string>

#include "services/oversight/domain/keys.h"
#include "services/oversight/domain/rules.h"
#include "services/oversight/domain/standing.h"
#include "services/oversight/domain/warnings.h"
#include "tests/oversight/matter_world.h"

namespace oversight {

inline constexpr int64_t kDayMs = 86'400'000;
inline constexpr char kVillage[] = "371403001002";
inline constexpr char kCluster[] = "wa-W1-371403001002-01-1";

inline Actor TownCentre(const std::string& area = "371403001") {
  return ActorOf(kernel::v1::ROLE_TD, "t-centre", area, "td1");
}
inline Actor CityCentre() { return ActorOf(kernel::v1::ROLE_CC, "city-centre", "3714", "cc1"); }

// "observe" of any service about the matter `code`; told when it happened.
inline std::string Told(const std::string& service, const std::string& code, int version,
                        const std::string& topic, const std::string& notice, int64_t at, int level = 3,
                        const std::string& area = kVillage) {
  return "observe { service: '" + service + "' subject_id: '" + service + code +
         "' subject_version: " + std::to_string(version) + " topic: '" + service + "." + topic +
         "' matter_code: '" + code + "' area_code: '" + area + "' level: " + std::to_string(level) +
         " recorded_at_ms: " + std::to_string(at) + " " + service + " { " + notice + " } }";
}
inline std::string Report(const std::string& code, int64_t at, const std::string& category = "0105",
                          const std::string& area = kVillage) {
  return Told("incident", code, 1, "reported",
              "status: REPORTED category: '" + category + "' current_level: 2 origin_level: 2 scale: S1_ONE",
              at, 2, area);
}
inline std::string Petition(const std::string& code, int64_t at, int office_level,
                            const std::string& more = "") {
  return Told("petition", code, 1, "registered",
              "status: REGISTERED holder_org: 'c-hrss' content: 'Q05' scale: S1_ONE " + more, at,
              office_level);
}

inline std::string Risk(const std::string& code, int64_t at, int version = 1) {
  return Told(
      "mediation", code, version, "risk_reported",
      "status: MEDIATING dispute_type: 'D01' committee_org: 'v-committee' holder_org: 'v-committee' level: 2 "
      "risk: HIGH police_informed: true",
      at, 2);
}

class Warnings : public ::testing::Test {
 protected:
  Warnings() : d_(tests::Learned(), "none") {}
  void Hear(const std::string& code, const std::string& observe, int64_t at) {
    d_.As(Platform()).At(at).WhenOn(code, observe);
    EXPECT_FALSE(d_.refusal()) << observe;
  }
  // Reports on consecutive days from `at` on.
  void ReportSome(int count, const std::string& prefix, int64_t at, const std::string& category = "0105",
                  const std::string& area = kVillage) {
    for (int i = 0; i < count; ++i) {
      const std::string code = prefix + std::to_string(i);
      Hear(code, Report(code, at + i * kDayMs, category, area), at + i * kDayMs);
    }
  }
  bool IsRaised(const std::string& id) { return d_.StateOf(id).has_warning(); }
  const v1::WarningState& Of(const std::string& id) { return d_.StateOf(id).warning(); }
  int64_t FactOf(const std::string& id, v1::WarningFactName name) {
    for (const auto& fact : Of(id).fact()) {
      if (fact.name() == name) return fact.value();
    }
    ADD_FAILURE() << id << " does not say " << v1::WarningFactName_Name(name);
    return -1;
  }
  // Each in another village, so that none is a cluster.
  void ReportWages(int count, const std::string& prefix, const std::string& day, const std::string& category = "0105") {
    for (int i = 0; i < count; ++i) {
      const int64_t at = Local(day) + i;
      const std::string code = prefix + std::to_string(i);
      Hear(code, Report(code, at, category, "3714031002" + std::to_string(10 + i)), at);
    }
  }
  // What c-hrss has closed in a month, in time and late.
  void CloseInNovember(int in_time, int late) {
    const int64_t november = Local("2026-11-05 09:00");
    for (int i = 0; i < in_time + late; ++i) {
      const std::string code = "C" + std::to_string(i);
      const std::string clock = ClockText(november, "c-hrss", i < in_time ? "2026-11-30" : "2026-11-04");
      Hear(code, Told("incident", code, 1, "dispatched", kProcessing + clock, november, 3, "371403001"), november);
      Hear(code,
           Told("incident", code, 2, "closed", kEnded + std::string(i < in_time ? "on_time: true " : "") + clock,
                november + 1, 3, "371403001"),
           november + 1);
    }
  }
  // What c-hrss was to close by the 20th of November, and did not: their lights turn red.
  void LeaveOpen(int count) {
    const int64_t november = Local("2026-11-05 09:00");
    const auto each = [&](auto what) {
      for (int i = 0; i < count; ++i) what("L" + std::to_string(i));
    };
    each([&](const std::string& code) {
      const std::string clock = ClockText(november, "c-hrss", "2026-11-20");
      Hear(code, Told("incident", code, 1, "dispatched", kProcessing + clock, november, 3, "371403001"), november);
    });
    for (int turn = 0; turn < 2; ++turn) {
      each([&](const std::string& code) { d_.WhenTimerFires("light/incident/incident" + code + "/DI-05", code); });
    }
  }
  void End(const std::string& id,
           const std::string& command = "mark_warning_false { reason: '同一批农户' }") {
    d_.As(TownCentre()).WhenOn(id, "acknowledge_warning {}");
    EXPECT_FALSE(d_.refusal());
    d_.WhenOn(id, command);
    EXPECT_FALSE(d_.refusal());
  }

  Desk d_;
};

}  // namespace oversight
