// Tasks and scorecards as people look them up, over the real engine; the file for 绩效考核.
#include <map>

#include "tests/oversight/scorecard_world.h"

namespace oversight {
namespace {

class ScorecardQueries : public ScorecardTest {};

// spec: C11
TEST_F(ScorecardQueries, ListTheColoursOfEachUnitAndCountThem) {
  April();
  EXPECT_EQ(Colours(Card(Supervisor())), "c-housing: HORSE; c-hrss: OX SNAIL; ");
  Card(LeadUnit());
  EXPECT_FALSE(found_);  // not yet published
  Until("2026-05-10 18:00");
  const auto card = Card(LeadUnit());
  ASSERT_TRUE(found_);
  EXPECT_EQ(card.status(), v1::BOARD_PUBLISHED);
  EXPECT_EQ(card.version(), 1);
  EXPECT_TRUE(card.published_unreleased());
  EXPECT_EQ(card.month(), "2026-04");
  EXPECT_EQ(card.freeze().policy_id(), "DO-04-FREEZE");
  EXPECT_EQ(card.publication().due_local(), "2026-05-10 24:00");
  EXPECT_NE(card.publication().explanation_zh(), "");
  std::map<v1::Grade, int64_t> counts;
  for (const auto& count : card.count()) counts[count.grade()] = count.count();
  EXPECT_EQ(counts, (std::map<v1::Grade, int64_t>{{v1::HORSE, 1}, {v1::OX, 1}, {v1::OSTRICH, 0}, {v1::SNAIL, 1}}));
  EXPECT_EQ(card.legend_size(), 4);
  EXPECT_EQ(card.legend(0).colour_zh(), "红");
}

// spec: O15
TEST_F(ScorecardQueries, ShowEveryVersion) {
  April();
  Until("2026-05-10 18:00");
  Do(kAprilBoard, "ask_grade_correction { task_id: 'b' milestone: 2 grade: OSTRICH reason: '漏报有据' }", Supervisor());
  EXPECT_EQ(Card(Supervisor()).waiting_size(), 1);
  EXPECT_EQ(Card(LeadUnit()).waiting_size(), 0);  // what is only asked for is for those who decide
  Do(kAprilBoard, "sign_grade_correction { task_id: 'b' milestone: 2 }", CityLeaderToSign());
  EXPECT_EQ(Colours(Card(LeadUnit())), "c-housing: HORSE; c-hrss: OX OSTRICH; ");
  EXPECT_EQ(Colours(Card(LeadUnit(), 1)), "c-housing: HORSE; c-hrss: OX SNAIL; ");
  const auto card = Card(LeadUnit(), 1);
  EXPECT_EQ(card.version(), 1);
  ASSERT_EQ(card.versions_size(), 2);
  EXPECT_EQ(card.versions(1).version(), 2);
  EXPECT_EQ(card.versions(1).reason(), "漏报有据");
  Card(LeadUnit(), 3);
  EXPECT_FALSE(found_);
}

TEST_F(ScorecardQueries, ListTasksOfAnAreaAndOfAUnit) {
  April();
  const auto ids = [&](const Actor& actor, const std::string& area, const std::string& org, bool ended) {
    v1::ListTasksRequest request;
    request.set_area_code(area);
    request.set_lead_org(org);
    request.set_ended(ended);
    v1::ListTasksResponse response;
    if (!queries_.ListTasks(As(actor), request, &response).ok()) return std::string("refused");
    std::string text;
    for (const auto& task : response.task()) text += task.id() + " ";
    return text;
  };
  EXPECT_EQ(ids(Supervisor(), "371403", "", false), "b ");
  EXPECT_EQ(ids(Supervisor(), "371403", "", true), "a ");  // done in April
  EXPECT_EQ(ids(LeadUnit(), "", "c-hrss", false), "b ");
  EXPECT_EQ(ids(LeadUnit(), "", "c-housing", false), "refused");
  EXPECT_EQ(ids(LeadUnit(), "371403", "", false), "refused");
  v1::GetTaskRequest request;
  request.set_id("b");
  v1::GradedTask task;
  ASSERT_TRUE(queries_.GetTask(As(LeadUnit()), request, &task).ok());
  EXPECT_EQ(task.month(0).report().due_local(), "2026-04-30 24:00");
  EXPECT_EQ(task.month(0).milestone(0).progress(), 30);
  EXPECT_FALSE(task.month(0).milestone(1).has_progress());  // nothing told is not zero
  EXPECT_FALSE(queries_.GetTask(As(Head("c-housing")), request, &task).ok());
  v1::ListScorecardsRequest list;
  list.set_area_code("371403");
  v1::ListScorecardsResponse lines;
  ASSERT_TRUE(queries_.ListScorecards(As(Supervisor()), list, &lines).ok());
  ASSERT_EQ(lines.line_size(), 2);
  EXPECT_EQ(lines.line(0).month(), "2026-05");
  EXPECT_EQ(lines.line(1).id(), kAprilBoard);
}

// spec: O14
TEST_F(ScorecardQueries, LeaveAsAFile) {
  April();
  const auto file = [&](v1::ScorecardFormat format) {
    v1::ExportScorecardRequest request;
    request.set_id(kAprilBoard);
    request.set_format(format);
    rpc::NextMessage<google::api::HttpBody> next;
    std::string text;
    if (!queries_.ExportScorecard(As(Supervisor()), request, &next).ok()) return std::string("refused");
    for (google::api::HttpBody body; *next(&body);) text += body.data();
    return text;
  };
  EXPECT_EQ(file(v1::SCORECARD_CSV), "refused");  // not yet published
  Until("2026-05-10 18:00");
  const std::string csv = file(v1::SCORECARD_CSV);
  for (const char* row : {R"("c-housing","a","清欠",1,"验收","骏马","红","提前完成",30,100,0,"2026-06-30","2026-04-27",是)",
                          R"("c-hrss","b","清欠",2,"验收","蜗牛","黄","工作无进展",30,,0,"2026-06-30",,否)"}) {
    EXPECT_NE(csv.find(row), std::string::npos) << csv;
  }
  EXPECT_NE(file(v1::SCORECARD_JSON).find("\"count\":3"), std::string::npos) << file(v1::SCORECARD_JSON);
}

}  // namespace
}  // namespace oversight
