// The whole city through the kernel: import, restart, lists, successors, organisations.
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "base/area_code.h"
#include "common/v1/common.pb.h"
#include "tests/directory/running.h"

namespace directory {
namespace {

class City : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    running_ = std::make_unique<Running>();
    const auto report = running_->Load();
    ASSERT_TRUE(report.ok()) << report.status();
    EXPECT_TRUE(report->calendar_loaded);
    EXPECT_TRUE(report->policy_changed);
  }
  static void TearDownTestSuite() { running_.reset(); }
  static uint64_t Tally(const std::string& key) {
    const auto count = running_->service().Read().Tally(key);
    EXPECT_TRUE(count.ok());
    return *count;
  }
  static inline std::unique_ptr<Running> running_;
};

TEST_F(City, HasTheNumbersOfTheOfficialLists) {
  EXPECT_EQ(Tally("area/4"), 11u);
  EXPECT_EQ(Tally("area/3"), 134u);
  EXPECT_EQ(Tally("area/2"), 5307u);
  EXPECT_EQ(Tally("former/2"), 3996u);
  EXPECT_NEAR(static_cast<double>(Tally("area/1")), 11084, 111);
  EXPECT_EQ(Tally("org/03/2"), 5307u) << "a centre in every village";
  EXPECT_EQ(Tally("org/04/2"), 5307u) << "a committee in every village";
  EXPECT_EQ(Tally("org/03/4"), 11u);
}

TEST_F(City, IsNotImportedAgainByTheNextStart) {
  const uint64_t head = running_->service().Head().seq;
  const auto report = running_->Load();
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->areas_sent, 0);
  EXPECT_FALSE(report->policy_changed);
  EXPECT_EQ(running_->service().Head().seq, head);
}

TEST_F(City, TakesOnlyWhatDiffersFromAChangedList) {
  tests::TempDir folder;
  std::filesystem::copy("policy/areas", folder / "areas", std::filesystem::copy_options::recursive);
  const std::string path = folder / "areas/dezhou-2023/counties.csv";
  std::string text;
  {
    std::ifstream in(path);
    std::ostringstream all;
    all << in.rdbuf();
    text = all.str();
  }
  text.replace(text.find("庆云县"), std::string("庆云县").size(), "庆云区");
  std::ofstream(path) << text;
  const uint64_t head = running_->service().Head().seq;
  const auto report = running_->Load("", folder / "areas");
  ASSERT_TRUE(report.ok()) << report.status();
  // The county, and the organisations that carry its name; then the mark that the list is through.
  const auto counties = running_->service().Read().Get("371423");
  ASSERT_TRUE(counties.ok());
  EXPECT_EQ((*counties)->state.area().name(), "庆云区");
  EXPECT_LT(running_->service().Head().seq - head, 40u);
  ASSERT_TRUE(running_->Load().ok()) << "and back again";
}

// A city that has run on the list of 2020 is given that of 2023: the grids of a village end with it.
// spec: flow-12
TEST(Merger, EndsTheGridsOfVillagesThatTheNextListLeavesOut) {
  tests::TempDir folder;
  const auto add = [&](const std::string& name) {
    std::filesystem::copy("policy/areas/" + name, folder / "areas/" + name,
                          std::filesystem::copy_options::recursive);
  };
  std::filesystem::create_directories(folder / "areas");
  add("dezhou-2020");
  Running running;
  ASSERT_TRUE(running.Load("policy", folder / "areas").ok());
  const auto grids = [&](const std::string& village) {
    const auto page = running.service().Read().List("parent", village + "/0/", 1000);
    EXPECT_TRUE(page.ok());
    return page.ok() ? page->items.size() : 0;
  };
  const auto count = [&](const std::string& key) { return *running.service().Read().Tally(key); };
  EXPECT_EQ(count("area/2"), 8109u);
  EXPECT_EQ(grids("371403001213"), 1u);
  add("dezhou-2023");
  const auto report = running.Load("policy", folder / "areas");
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(count("area/2"), 5307u);
  EXPECT_NEAR(static_cast<double>(count("area/1")), 11084, 111) << "as in a city that began with both lists";
  EXPECT_EQ(grids("371403001213"), 0u);
  const auto grid = running.service().Read().Get("371403001213001");
  ASSERT_TRUE(grid.ok() && grid->has_value());
  EXPECT_EQ((*grid)->state.area().valid_to(), "2023-06-30");
  EXPECT_EQ((*grid)->state.area().successor(), "371403001");
  EXPECT_TRUE((*grid)->state.area().successor_inferred());
}

// spec: flow-12
TEST_F(City, EveryFormerCodeResolvesToAnAreaOfToday) {
  const auto reader = running_->service().Read();
  int followed = 0;
  std::string token;
  do {
    const auto townships = reader.List("parent", "3714", 1000, token);
    ASSERT_TRUE(townships.ok());
    for (const auto& item : townships->items) {
      if (item.aggregate_id.size() != 12 || item.key.find("/1/") == std::string::npos) continue;
      v1::ResolveAreaRequest request;
      request.set_code(item.aggregate_id);
      v1::ResolveAreaResponse response;
      ASSERT_TRUE(running_->queries().ResolveArea(request, &response).ok()) << item.aggregate_id;
      EXPECT_TRUE(response.area().valid_to().empty());
      EXPECT_GE(response.area().level(), static_cast<int>(common::v1::VILLAGE));
      EXPECT_EQ(response.area().code().substr(0, 6), item.aggregate_id.substr(0, 6));
      ASSERT_GT(response.step_size(), 0);
      EXPECT_FALSE(response.step(0).rule().empty());
      ++followed;
    }
    token = townships->next_page_token;
  } while (!token.empty());
  EXPECT_EQ(followed, 3996);
}

TEST_F(City, CodesOfAFunctionalZoneResolveIntoTheCountyByLaw) {
  for (const auto& [code, to] : {std::pair<std::string, std::string>{"371471100", "371402103"},
                                 {"371471106", "371402103"},
                                 {"371472005", "371402009"},
                                 {"371471", "371402"}}) {
    v1::ResolveAreaRequest request;
    request.set_code(code);
    v1::ResolveAreaResponse response;
    ASSERT_TRUE(running_->queries().ResolveArea(request, &response).ok()) << code;
    EXPECT_EQ(response.area().code(), to);
  }
}

TEST_F(City, UnknownCodesAreNotFound) {
  v1::ResolveAreaRequest request;
  request.set_code("371499001001");
  v1::ResolveAreaResponse response;
  const auto answer = running_->queries().ResolveArea(request, &response);
  ASSERT_TRUE(answer.refusal().has_value());
  EXPECT_EQ(answer.refusal()->code, kernel::RefusalCode::kNotFound);
}

TEST_F(City, ListsTheVillagesOfATownshipPageByPage) {
  std::set<std::string> seen;
  v1::ListAreasRequest request;
  request.set_parent("371403002");
  request.set_page_size(50);
  int pages = 0;
  do {
    v1::ListAreasResponse response;
    ASSERT_TRUE(running_->queries().ListAreas(request, &response).ok());
    for (const auto& area : response.area()) {
      EXPECT_TRUE(seen.insert(area.code()).second);
      EXPECT_TRUE(area.boundary().empty());
    }
    request.set_page_token(response.next_page_token());
    ++pages;
  } while (!request.page_token().empty());
  EXPECT_EQ(seen.size(), 129u);
  EXPECT_EQ(pages, 3);
}

TEST_F(City, APageTokenOfAnotherQueryIsRefused) {
  v1::ListAreasRequest request;
  request.set_parent("371403002");
  request.set_page_size(5);
  v1::ListAreasResponse response;
  ASSERT_TRUE(running_->queries().ListAreas(request, &response).ok());
  request.set_page_token(response.next_page_token());
  request.set_parent("371403001");
  v1::ListAreasResponse other;
  const auto answer = running_->queries().ListAreas(request, &other);
  ASSERT_TRUE(answer.refusal().has_value());
  EXPECT_EQ(answer.refusal()->reason, "PAGE_TOKEN");
}

TEST_F(City, HasElevenCountiesInItsListAndNotTheZone) {
  v1::ListAreasRequest request;
  request.set_parent("3714");
  v1::ListAreasResponse response;
  ASSERT_TRUE(running_->queries().ListAreas(request, &response).ok());
  EXPECT_EQ(response.area_size(), 11);
}

TEST_F(City, FindsVillagesByTheBeginningOfTheirName) {
  v1::SearchAreasRequest request;
  request.set_name_prefix("张");
  request.set_within("371403");
  v1::ListAreasResponse response;
  ASSERT_TRUE(running_->queries().SearchAreas(request, &response).ok());
  ASSERT_GT(response.area_size(), 3);
  for (const auto& area : response.area()) {
    EXPECT_TRUE(area.name().starts_with("张"));
    EXPECT_TRUE(base::Covers("371403", area.code()));
  }
  request.set_within("");
  v1::ListAreasResponse city;
  ASSERT_TRUE(running_->queries().SearchAreas(request, &city).ok());
  EXPECT_GT(city.area_size(), response.area_size());
}

TEST_F(City, ListsGridsOfAVillageWithTheirPolygons) {
  v1::ListGridsRequest request;
  request.set_village("371402001001");
  request.set_include_boundary(true);
  v1::ListAreasResponse response;
  ASSERT_TRUE(running_->queries().ListGrids(request, &response).ok());
  ASSERT_EQ(response.area_size(), 9) << "eight of a community, one of a former village of the township";
  EXPECT_TRUE(response.area(0).boundary_synthetic());
  EXPECT_TRUE(response.area(0).boundary().starts_with("{\"type\":\"Polygon\""));
}

TEST_F(City, ListsOrganisationsByPlaceKindAndDuty) {
  v1::ListOrganisationsRequest request;
  request.set_area_code("371403");
  request.set_kind(v1::CENTRE);
  v1::ListOrganisationsResponse one;
  ASSERT_TRUE(running_->queries().ListOrganisations(request, &one).ok());
  ASSERT_EQ(one.organisation_size(), 1);
  EXPECT_EQ(one.organisation(0).id(), "371403-centre");

  request.set_below(true);
  request.set_page_size(500);
  v1::ListOrganisationsResponse below;
  ASSERT_TRUE(running_->queries().ListOrganisations(request, &below).ok());
  EXPECT_EQ(below.organisation_size(), 500);
  EXPECT_FALSE(below.next_page_token().empty());

  v1::ListOrganisationsRequest duty;
  duty.set_area_code("3714");
  duty.set_duty("hrss");
  duty.set_below(true);
  v1::ListOrganisationsResponse bureaus;
  ASSERT_TRUE(running_->queries().ListOrganisations(duty, &bureaus).ok());
  EXPECT_EQ(bureaus.organisation_size(), 12) << "the city's and eleven counties'";
}

TEST_F(City, ShowsCalendarAndPolicyInForce) {
  v1::CalendarView calendar;
  ASSERT_TRUE(running_->queries().GetCalendar(&calendar).ok());
  EXPECT_EQ(calendar.calendar().horizon(), "2026-12-31");
  v1::PolicyView policy;
  ASSERT_TRUE(running_->queries().GetPolicy(&policy).ok());
  EXPECT_GT(policy.policy().deadlines().rule_size(), 20);
  EXPECT_FALSE(policy.etag().empty());
}

// What leaves by the bus: areas, organisations, calendar, policy. Never an account.
TEST_F(City, ToldEverybodyOfEachAreaAndOrganisation) {
  int areas = 0, orgs = 0, others = 0;
  ASSERT_TRUE(running_->service()
                  .Read(0,
                        [&](const kernel::LogEntry& entry) {
                          areas += entry.topic == "directory.area";
                          orgs += entry.topic == "directory.org";
                          others += !entry.topic.empty() && entry.topic != "directory.area" &&
                                    entry.topic != "directory.org";
                          EXPECT_LE(entry.division.size(), 12u);
                          return true;
                        })
                  .ok());
  EXPECT_GT(areas, 20'000);
  EXPECT_GT(orgs, 11'000);
  EXPECT_EQ(others, 2) << "calendar and policy";
}

}  // namespace
}  // namespace directory
