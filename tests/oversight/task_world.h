#pragma once
// A task of four-colour grading and the people around it. April 2026: its last working day is Thursday the 30th, the
// 10th of May a Sunday.

#include <string>

#include "services/oversight/domain/tasks.h"
#include "tests/oversight/matter_world.h"

namespace oversight {

inline constexpr char kTask[] = "t1";
inline constexpr char kAprilBoard[] = "sc-371403-202604";

inline Actor Supervisor() { return ActorOf(kernel::v1::ROLE_SV, "c-gov", "371403", "sv1"); }
inline Actor InCharge() { return ActorOf(kernel::v1::ROLE_CL, "c-gov", "371403", "leader1"); }
inline Actor OtherLeader() { return ActorOf(kernel::v1::ROLE_CL, "c-gov", "371403", "leader2"); }
inline Actor LeadUnit() { return Head("c-hrss"); }
inline Actor CityLeaderToSign() { return ActorOf(kernel::v1::ROLE_CYL, "city-gov", "3714", "cyl1"); }

inline std::string MilestoneText(const std::string& start, const std::string& end,
                                 std::initializer_list<std::pair<const char*, int>> plan) {
  std::string text = "milestone { name: '验收' planned_start: '" + start + "' planned_end: '" + end + "' ";
  for (const auto& [month, percent] : plan)
    text += std::string("plan { month: '") + month + "' percent: " + std::to_string(percent) + " } ";
  return text + "} ";
}
inline std::string AprilToJune() {
  return MilestoneText("2026-04-01", "2026-06-30", {{"2026-04", 30}, {"2026-05", 60}, {"2026-06", 100}});
}
inline std::string CreateText(const std::string& milestones, const std::string& org = "c-hrss") {
  return "create_task { area_code: '371403' title: '清欠' requirement: '年内清零' evidence_type: '验收报告' "
         "leader_user_id: 'leader1' lead_org: '" +
         org + "' " + milestones + "}";
}
inline std::string ReportText(const std::string& month, int progress, const std::string& more = "", int milestone = 1) {
  return "report_task { month: '" + month + "' milestone: " + std::to_string(milestone) +
         " progress: " + std::to_string(progress) + " evidence: '台账' " + more + " }";
}
inline std::string VerifyText(const std::string& month, int milestone = 1) {
  return "verify_task_report { month: '" + month + "' milestone: " + std::to_string(milestone) + " }";
}
inline std::string ChangeText(const char* command, const std::string& grade, const std::string& task = kTask) {
  return std::string(command) + " { task_id: '" + task + "' milestone: 1 grade: " + grade + " reason: '汛期停工' }";
}
inline std::string SignText(const char* command) { return std::string(command) + " { task_id: 't1' milestone: 1 }"; }

// Made and confirmed on Wednesday the 1st of April.
class Planned : public Desk {
 public:
  explicit Planned(const std::string& milestones = AprilToJune(), const char* file = __builtin_FILE(),
                   int line = __builtin_LINE())
      : Desk(tests::Learned(), kTask, file, line) {
    When(CreateText(milestones), Supervisor(), Local("2026-04-01 09:00"));
    When("confirm_task {}", InCharge(), Local("2026-04-01 10:00"));
    EXPECT_FALSE(refusal());
  }
  // The unit reports 20 of 30 for April, and supervision has seen it.
  Planned& Reported(int progress = 20, const std::string& more = "") {
    When(ReportText("2026-04", progress, more), LeadUnit(), Local("2026-04-28 09:00"));
    When(VerifyText("2026-04"), Supervisor(), Local("2026-05-06 09:00"));
    EXPECT_FALSE(refusal());
    return *this;
  }
  Planned& Frozen(const char* board = kAprilBoard) {
    WhenTimerFires("grade", board);
    return *this;
  }
  Planned& Published(const char* board = kAprilBoard) {
    WhenTimerFires("publish", board);
    WhenTimerFires("tell", board);
    return *this;
  }
  v1::Grade GradeIn(int32_t month, int milestone = 1) {
    const auto* of = MonthIn(state().planned_task(), month);
    const auto* entry = of == nullptr ? nullptr : EntryIn(*of, milestone);
    return entry == nullptr ? v1::GRADE_UNSPECIFIED : entry->grade();
  }
  const v1::Board& BoardOf(const char* board = kAprilBoard) { return StateOf(board).board(); }
};

}  // namespace oversight
