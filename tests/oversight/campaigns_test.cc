// Campaigns as leaders look at them: how far the asking has come, place by place, what came of it, what it cost; each
// area its own part, each figure with the list it counts.
#include "services/oversight/domain/campaigns.h"

#include "base/random.h"
#include "tests/oversight/campaign_world.h"

namespace oversight {
namespace {

using Ids = std::multiset<std::string>;

// spec: C5 C13
TEST_F(CampaignTest, CoverageIsCountedPlaceByPlaceDownToTheGrids) {
  Started("c1", "371403", "2026-11-30");
  Task("c1", kSouth, Done("all_normal: true"));
  Task("c1", kSouth2, Done("findings: 2"));
  Task("c1", kNorth);
  const auto county = Review("c1", "371403");
  EXPECT_EQ(Text(county.campaign().tasks()), "2/3 1+1 open 1 overdue 0 withdrawn 0");
  EXPECT_EQ(county.campaign().tasks().coverage(), "66.67");
  EXPECT_EQ(county.campaign().days_left(), 7);
  ASSERT_EQ(county.place_size(), 2);
  EXPECT_EQ(county.place(0).area_code(), "371403001");
  EXPECT_EQ(county.place(0).name(), "安德街道");
  EXPECT_EQ(Text(county.place(0).tasks()), "2/2 1+1 open 0 overdue 0 withdrawn 0");
  EXPECT_EQ(Text(county.place(1).tasks()), "0/1 0+0 open 1 overdue 0 withdrawn 0");
  EXPECT_EQ(Review("c1", "371403001").place(0).area_code(), "371403001002");
  const auto village = Review("c1", "371403001002");
  ASSERT_EQ(village.place_size(), 2);
  EXPECT_EQ(village.place(0).area_code(), kSouth);
  EXPECT_EQ(village.place(1).area_code(), kSouth2);
  EXPECT_EQ(Review("c1", "3714").place(0).area_code(), "371403");
  EXPECT_EQ(Behind("c1", "371403", v1::TASKS_DONE),
            (Ids{"c1-" + std::string(kSouth), "c1-" + std::string(kSouth2)}));
  EXPECT_EQ(Behind("c1", "371403100", v1::TASKS_DONE), Ids());
  EXPECT_EQ(Behind("c1", "3714", v1::TASKS_OPEN), Ids{"c1-" + std::string(kNorth)});
}

// Places stand by their codes: the one that has done nothing does not stand last.
// spec: R1 C5
TEST_F(CampaignTest, PlacesStandByTheirCodesWhateverTheyHaveDone) {
  Started("c1", "371403", "2026-11-30");
  Task("c1", kSouth);
  Task("c1", kNorth, Done("all_normal: true"));
  const auto county = Review("c1", "371403");
  ASSERT_EQ(county.place_size(), 2);
  EXPECT_EQ(county.place(0).area_code(), "371403001");
  EXPECT_EQ(county.place(0).tasks().coverage(), "0.00");
  EXPECT_EQ(county.place(1).tasks().coverage(), "100.00");
}

// What was withdrawn when the time was over had been due and was not done; what was withdrawn earlier was never due.
// spec: K-21 C5
TEST_F(CampaignTest, WhatIsNotDoneWhenItsTimeIsOverIsOverdueAndWhatIsWithdrawnEarlierIsNot) {
  Started("c1", "371403", "2026-11-30");
  Task("c1", kSouth, Done("all_normal: true"));
  Task("c1", kSouth2);
  Task("c1", kNorth, "withdrawn: true");
  EXPECT_EQ(Text(Review("c1", "371403").campaign().tasks()), "1/2 1+0 open 1 overdue 0 withdrawn 1");
  desk_.clock().AdvanceTo(EndOf("2026-11-30"));
  EXPECT_EQ(Review("c1", "371403").campaign().tasks().open(), 1) << "the last moment is still in time";
  desk_.clock().Advance(1);
  EXPECT_EQ(Text(Review("c1", "371403").campaign().tasks()), "1/2 1+0 open 0 overdue 1 withdrawn 1");
  EXPECT_EQ(Behind("c1", "371403", v1::TASKS_OVERDUE), Ids{"c1-" + std::string(kSouth2)});
  EXPECT_EQ(Behind("c1", "371403", v1::TASKS_OPEN), Ids());
  Task("c1", kSouth2, "withdrawn: true overdue: true");
  EXPECT_EQ(Text(Review("c1", "371403").campaign().tasks()), "1/2 1+0 open 0 overdue 1 withdrawn 1");
  EXPECT_EQ(Behind("c1", "371403", v1::TASKS_OVERDUE), Ids{"c1-" + std::string(kSouth2)});
  EXPECT_EQ(Behind("c1", "371403", v1::TASKS_WITHDRAWN), Ids{"c1-" + std::string(kNorth)});
  EXPECT_EQ(Of("K-21", "371403", "2026-11-01", "2026-12-01"), "1/2 = 50.00");
}

// Before, the places that were not looked at left with the end of the campaign, and what was left was covered wholly.
// spec: C5
TEST_F(CampaignTest, EndedEarlyIsCoveredByWhatWasAskedAndNotByWhatIsLeft) {
  Started("c1", "371403", "2026-11-30", 0, 0, "2026-11-20 09:00", "2026-11-25 09:00");
  Task("c1", kSouth, Done("all_normal: true"));
  Task("c1", kSouth2, "withdrawn: true");
  Task("c1", kNorth, "withdrawn: true");
  const auto county = Review("c1", "371403");
  EXPECT_EQ(Text(county.campaign().tasks()), "1/1 1+0 open 0 overdue 0 withdrawn 2");
  EXPECT_EQ(county.campaign().tasks().coverage(), "33.33");
  ASSERT_EQ(county.place_size(), 2);
  EXPECT_EQ(county.place(0).tasks().coverage(), "50.00");
  EXPECT_EQ(county.place(1).tasks().coverage(), "0.00") << "asked, and not looked at";
}

// Tasks that were recorded before it was told what came of them are done, and no more is known.
// spec: C5
TEST_F(CampaignTest, OfOlderRecordsADoneTaskIsDoneAndNoMoreIsKnown) {
  Started("c1", "371403", "2026-11-30");
  desk_.Do("task/c1-x",
           "hear_task { task { campaign_id: 'c1' area_code: '371403001002' due_ms: " +
               std::to_string(EndOf("2026-11-30")) + " " + Done("") + " } }",
           Platform());
  EXPECT_EQ(Text(Review("c1", "371403001002").campaign().tasks()), "1/1 0+0 open 0 overdue 0 withdrawn 0");
  EXPECT_EQ(Review("c1", "371403001002").place_size(), 0) << "its grid was not told";
}

// spec: C5
TEST_F(CampaignTest, FindingsAreFollowedToTheirEnd) {
  Started("c1", "371403", "2026-11-30");
  const std::string late = Due("2026-11-20", "2026-11-10 09:00");
  Found("c1", "A", "371403001002", "0701", "PROCESSING");
  Found("c1", "B", "371403001002", "0701", "PROCESSING", late);
  Found("c1", "C", "371403001002", "0102", "CLOSED", "substantively_resolved: true");
  Found("c1", "D", "371403100201", "0102", "CLOSED");
  Found("c1", "E", "371403100201", "0102", "REJECTED");
  Found("c1", "F", "371403100201", "0102", "MERGED");
  Found("c2", "G", "371403100201", "0102", "PROCESSING");
  const auto county = Review("c1", "371403");
  EXPECT_EQ(Text(county.campaign().matters()), "4: 1 1 2 (1)");
  EXPECT_EQ(Text(county.place(0).matters()), "3: 1 0 2 (1)");
  ASSERT_EQ(county.category_size(), 2);
  EXPECT_EQ(county.category(0).category(), "0102");
  EXPECT_EQ(Text(county.category(0).matters()), "2: 1 1 0 (0)");
  EXPECT_EQ(Text(county.category(1).matters()), "2: 0 0 2 (1)");
  EXPECT_EQ(Behind("c1", "371403", v1::MATTERS_FOUND), (Ids{"A", "B", "C", "D"}));
  EXPECT_EQ(Behind("c1", "371403", v1::MATTERS_FOUND, "0102"), (Ids{"C", "D"}));
  EXPECT_EQ(Behind("c1", "371403001", v1::MATTERS_OPEN), (Ids{"A", "B"}));
  EXPECT_EQ(Behind("c1", "371403", v1::MATTERS_OVERDUE), Ids{"B"});
  Found("c1", "A", "371403001002", "0701", "CLOSED", "substantively_resolved: true");
  EXPECT_EQ(Text(Review("c1", "371403").campaign().matters()), "4: 2 1 1 (1)");
}

// Grid by grid what was found stands beside what was done; a grid opens its lists, and so does what has no category.
// What was told before notices named the grid is of its village alone.
// spec: C5
TEST_F(CampaignTest, OfAGridItsFindingsAreShownAndOpened) {
  const std::string village = "371403001002", of_grid = "grid_code: '371403001002001'";
  Started("c1", "371403", "2026-11-30");
  Task("c1", kSouth, Done("findings: 2"));
  Task("c1", kSouth2, Done("all_normal: true"));
  Found("c1", "A", village, "0701", "PROCESSING", of_grid);
  Found("c1", "B", village, "", "PROCESSING", of_grid);
  Found("c1", "C", village, "0701", "CLOSED");
  const auto shown = Review("c1", village);
  EXPECT_EQ(shown.campaign().matters().found(), 3);
  ASSERT_EQ(shown.place_size(), 2);
  EXPECT_EQ(shown.place(0).area_code(), kSouth);
  EXPECT_EQ(Text(shown.place(0).matters()), "2: 0 0 2 (0)");
  EXPECT_EQ(shown.place(1).matters().found(), 0);
  for (const char* grid : {kSouth, kSouth2}) {
    v1::Command learn;
    *learn.mutable_learn_reference()->mutable_notice() = tests::AreaNotice(grid, "网格");
    ASSERT_FALSE(desk_.Do("ref/area/" + std::string(grid), learn, Platform()).refusal);
  }
  EXPECT_EQ(Text(Review("c1", kSouth).campaign().matters()), "2: 0 0 2 (0)");
  EXPECT_EQ(Review("c1", kSouth).campaign().tasks().all(), 1);
  EXPECT_EQ(Behind("c1", kSouth, v1::MATTERS_FOUND), (Ids{"A", "B"}));
  EXPECT_EQ(Behind("c1", kSouth2, v1::MATTERS_FOUND), Ids());
  EXPECT_EQ(Behind("c1", village, v1::MATTERS_FOUND), (Ids{"A", "B", "C"}));
  const auto county = Review("c1", "371403");
  ASSERT_EQ(county.category_size(), 2);
  EXPECT_EQ(county.category(0).category(), "-");
  EXPECT_EQ(county.category(0).matters().found(), 1);
  EXPECT_EQ(Behind("c1", "371403", v1::MATTERS_FOUND, "-"), Ids{"B"});
  EXPECT_EQ(Behind("c1", "371403", v1::MATTERS_FOUND, "0701"), (Ids{"A", "C"}));
}

// What was found and became a petition is counted by its incident alone: neither the petition's lateness nor its end
// shows, whoever reads.
// spec: R9 C5
TEST_F(CampaignTest, OfAPetitionNothingShows) {
  Started("c1", "371403", "2026-11-30");
  Found("c1", "A", "371403001002", "0102", "REFERRED");
  const auto before = Review("c1", "3714");
  Tell("petition", "A", "registered", "2026-11-23 10:00", kHandled + PetitionClock("DP-05", "2026-11-20"),
       "371403001002", 4);
  EXPECT_EQ(Review("c1", "3714").campaign().SerializeAsString(), before.campaign().SerializeAsString());
  v1::ListCampaignCountedRequest request;
  request.set_id("c1");
  request.set_area_code("3714");
  request.set_count(v1::MATTERS_OPEN);
  v1::ListCampaignCountedResponse response;
  ASSERT_TRUE(queries_.ListCampaignCounted(As(CityLeader()), request, &response).ok());
  ASSERT_EQ(response.counted_size(), 1);
  EXPECT_EQ(response.counted(0).service(), "incident");
  EXPECT_EQ(response.counted(0).light(), common::v1::LIGHT_UNSPECIFIED);
}

// spec: C5
TEST_F(CampaignTest, EachAreaSeesItsOwnPart) {
  Started("city", "3714", "2026-11-30", 100, 4, "2026-11-10 09:00");
  Started("south", "371403001", "2026-11-30", 20, 2, "2026-11-12 09:00");
  Started("north", "371403100", "2026-11-30", 10, 1, "2026-11-11 09:00");
  Started("over", "371403001", "2026-11-18", 10, 1, "2026-11-01 09:00", "2026-11-19 00:00");
  for (const char* grid : {kSouth, kSouth2, kNorth}) Task("city", grid);
  Task("city", "371482001001001");
  const auto listed = [&](const std::string& area, bool ended = false) {
    std::string text;
    v1::ListCampaignsRequest request;
    request.set_area_code(area);
    request.set_ended(ended);
    request.set_page_size(1);
    do {
      v1::ListCampaignsResponse response;
      EXPECT_TRUE(queries_.ListCampaigns(As(TownLeader()), request, &response).ok());
      for (const auto& row : response.campaign())
        text += row.id() + ":" + std::to_string(row.tasks().all()) + ":" +
                std::to_string(row.cost_minutes()) + " ";
      request.set_page_token(response.next_page_token());
    } while (!request.page_token().empty());
    return text;
  };
  EXPECT_EQ(listed("371403001"), "city:2:50 south:0:20 ");
  EXPECT_EQ(listed("371403001", true), "over:0:10 ");
  EXPECT_EQ(listed("371403"), "city:3:75 south:0:20 north:0:10 ");
  EXPECT_EQ(listed("3714"), "south:0:20 north:0:10 city:4:100 ");
  EXPECT_EQ(Review("city", "371403").campaign().tasks().all(), 3);
  v1::GetCampaignRequest elsewhere;
  elsewhere.set_id("north");
  elsewhere.set_area_code("371403001");
  v1::CampaignReview review;
  EXPECT_EQ(queries_.GetCampaign(As(TownLeader()), elsewhere, &review).refusal()->code,
            RefusalCode::kNotFound);
  elsewhere.set_id("nothing");
  EXPECT_EQ(queries_.GetCampaign(As(TownLeader()), elsewhere, &review).refusal()->code,
            RefusalCode::kNotFound);
}

TEST_F(CampaignTest, WhatCannotBeAskedIsRefusedByField) {
  Started("c1", "371403", "2026-11-30");
  v1::ListCampaignCountedRequest request;
  request.set_id("c1");
  request.set_area_code("371403");
  v1::ListCampaignCountedResponse response;
  EXPECT_EQ(queries_.ListCampaignCounted(As(CountyLeader()), request, &response).refusal()->field, "count");
  request.set_count(v1::TASKS_DONE);
  request.set_category("0102");
  EXPECT_EQ(queries_.ListCampaignCounted(As(CountyLeader()), request, &response).refusal()->field,
            "category");
  request.set_area_code(kSouth);
  EXPECT_EQ(queries_.ListCampaignCounted(As(CountyLeader()), request, &response).refusal()->field,
            "area_code");
  request.set_area_code("371403");
  request.clear_category();
  request.set_page_token("x");
  EXPECT_EQ(queries_.ListCampaignCounted(As(CountyLeader()), request, &response).refusal()->field,
            "page_token");
}

// spec: K-21
TEST_F(CampaignTest, WhatWasSaidOfATaskStaysSaid) {
  Task("c1", kSouth, Done("findings: 2"));
  Task("c1", kSouth);  // told again, after a restore
  const auto stored = desk_.Read().Get("task/c1-" + std::string(kSouth));
  EXPECT_EQ(TaskKind((*stored)->state.task()), 'f');
}

// What is known of tasks and findings besides oversight: random steps in any order, and a recount of where they led.
class Random : public CampaignTest {
 protected:
  enum TaskStand : size_t { kOpen, kNormal, kFound, kWithdrawn, kOverdue };
  enum MatterStand : size_t { kGoesOn, kLate, kEnded, kSettled, kMerged };
  struct Matter {
    std::string campaign, village, category;
    size_t stand = 0;
  };

  void Step() {
    const std::string campaign = random_.Chance(0.7) ? "c1" : "c2";
    if (random_.Chance(0.4)) {
      const std::string& grid = Any(grids_);
      size_t& stand = tasks_[{campaign, grid}];
      if (stand == kOpen) stand = random_.Below(task_said_.size());
      return Task(campaign, grid, task_said_[stand]);
    }
    const std::string code = "M" + std::to_string(random_.Below(60));
    if (!matters_.contains(code))
      matters_[code] = {campaign, Any(villages_), random_.Chance(0.5) ? "0102" : "0701", kGoesOn};
    Matter& matter = matters_[code];
    matter.stand = random_.Below(matter_said_.size());
    const auto& [status, more] = matter_said_[matter.stand];
    Found(matter.campaign, code, matter.village, matter.category, status, more);
  }
  std::string TasksOf(const std::string& campaign, const std::string& area) const {
    int64_t count[5] = {};
    for (const auto& [key, stand] : tasks_) count[stand] += key.first == campaign && base::Covers(area, key.second);
    v1::CampaignTasks wanted;
    wanted.set_open(count[kOpen]);
    wanted.set_all_normal(count[kNormal]);
    wanted.set_with_findings(count[kFound]);
    wanted.set_withdrawn(count[kWithdrawn]);
    wanted.set_overdue(count[kOverdue]);
    wanted.set_done(count[kNormal] + count[kFound]);
    wanted.set_all(wanted.done() + count[kOpen] + count[kOverdue]);
    return Text(wanted);
  }
  std::string MattersOf(const std::string& campaign, const std::string& area) const {
    int64_t count[5] = {};
    for (const auto& [code, m] : matters_) count[m.stand] += m.campaign == campaign && base::Covers(area, m.village);
    v1::CampaignMatters wanted;
    wanted.set_open(count[kGoesOn] + count[kLate]);
    wanted.set_overdue(count[kLate]);
    wanted.set_not_settled(count[kEnded]);
    wanted.set_settled(count[kSettled]);
    wanted.set_found(wanted.open() + count[kEnded] + count[kSettled]);
    return Text(wanted);
  }
  // The parts add up to the whole, and each figure opens as many as it counts.
  void Agrees(const std::string& id, const std::string& area) {
    const auto shown = Review(id, area);
    EXPECT_EQ(Text(shown.campaign().tasks()), TasksOf(id, area)) << id << " " << area;
    EXPECT_EQ(Text(shown.campaign().matters()), MattersOf(id, area)) << id << " " << area;
    int64_t of_places = 0, of_categories = 0;
    for (const auto& place : shown.place()) of_places += place.tasks().done();
    for (const auto& category : shown.category()) of_categories += category.matters().open();
    EXPECT_EQ(of_places, shown.campaign().tasks().done()) << area;
    EXPECT_EQ(of_categories, shown.campaign().matters().open()) << area;
    const auto& tasks = shown.campaign().tasks();
    const auto& matters = shown.campaign().matters();
    for (const auto& [count, wanted] : std::map<v1::CampaignCount, int64_t>{
             {v1::TASKS_ALL, tasks.all()}, {v1::TASKS_DONE, tasks.done()}, {v1::TASKS_OVERDUE, tasks.overdue()},
             {v1::MATTERS_FOUND, matters.found()}, {v1::MATTERS_OPEN, matters.open()}}) {
      EXPECT_EQ(static_cast<int64_t>(Behind(id, area, count).size()), wanted) << v1::CampaignCount_Name(count);
    }
  }

 private:
  const std::string& Any(const std::vector<std::string>& of) { return of[random_.Below(of.size())]; }

  base::Random random_{26};
  const std::vector<std::string> grids_ = {kSouth, kSouth2, kNorth, "371403001003001", "371403100202001",
                                           "371482001001001", "371482001001002"};
  const std::vector<std::string> villages_ = {"371403001002", "371403001003", "371403100201", "371482001001"};
  const std::vector<std::string> task_said_ = {"", Done("all_normal: true"), Done("findings: 1"), "withdrawn: true",
                                               "withdrawn: true overdue: true"};
  const std::vector<std::pair<std::string, std::string>> matter_said_ = {
      {"PROCESSING", ""},
      {"PROCESSING", Due("2026-11-20", "2026-11-10 09:00")},
      {"CLOSED", ""},
      {"CLOSED", "substantively_resolved: true"},
      {"MERGED", ""}};
  std::map<std::pair<std::string, std::string>, size_t> tasks_;  // campaign, grid
  std::map<std::string, Matter> matters_;
};

// spec: C5 C13
TEST_F(Random, FiguresEqualARecountInEveryArea) {
  for (const char* id : {"c1", "c2"}) Started(id, "3714", "2026-11-30");
  for (int step = 0; step < 400; ++step) Step();
  for (const char* id : {"c1", "c2"}) {
    for (const char* area : {"3714", "371403", "371482", "371403001", "371403100201"}) Agrees(id, area);
  }
}

}  // namespace
}  // namespace oversight
