#pragma once
// Two units with three milestones in April 2026, as people look them up: over the real engine.

#include <string>

#include "services/oversight/queries.h"
#include "tests/oversight/task_world.h"
#include "tests/support/caller.h"
#include "tests/support/driven.h"

namespace oversight {

class ScorecardTest : public ::testing::Test {
 protected:
  ScorecardTest() : desk_(Local("2026-04-01 09:00"), tests::Learned()), queries_([this] { return desk_.Read(); }) {}

  rpc::Caller As(const Actor& actor) { return tests::CallerOf(actor, desk_.clock().NowMs(), &note_); }
  void Do(const std::string& id, const std::string& command, const Actor& actor) {
    const auto outcome = desk_.Do(id, command, actor);
    EXPECT_TRUE(outcome.status.ok() && !outcome.refusal) << command;
  }
  void Until(const char* at) {
    desk_.clock().SetTo(Local(at));
    desk_.FireDue();
  }
  void Plan(const std::string& id, const std::string& org, const std::string& milestones = AprilToJune()) {
    Do(id, CreateText(milestones, org), Supervisor());
    Do(id, "confirm_task {}", InCharge());
  }
  // Two units, three milestones: a horse, an ox and a snail for April; frozen and published.
  void April() {
    Plan("a", "c-housing");
    Plan("b", "c-hrss", AprilToJune() + AprilToJune());
    Until("2026-04-28 09:00");
    Do("a", ReportText("2026-04", 100, "completed_day: '2026-04-27'"), Head("c-housing"));
    Do("b", ReportText("2026-04", 30), LeadUnit());
    Until("2026-05-06 09:00");
    Do("a", VerifyText("2026-04"), Supervisor());
    Until("2026-05-08 09:00");
  }
  v1::Scorecard Card(const Actor& actor, int version = 0) {
    v1::GetScorecardRequest request;
    request.set_id(kAprilBoard);
    request.set_version(version);
    v1::Scorecard card;
    found_ = queries_.GetScorecard(As(actor), request, &card).ok();
    return card;
  }
  static std::string Colours(const v1::Scorecard& card) {
    std::string text;
    for (const auto& unit : card.unit()) {
      text += unit.org_id() + ":";
      for (const auto& entry : unit.entry()) text += " " + v1::Grade_Name(entry.grade());
      text += "; ";
    }
    return text;
  }

  tests::Driven<OversightDomain> desk_;
  Queries queries_;
  rpc::AuditNote note_;
  bool found_ = false;
};

}  // namespace oversight
