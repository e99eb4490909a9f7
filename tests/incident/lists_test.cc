// Lists and counts: whose, in which order, page by page.
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "services/incident/domain/index_keys.h"
#include "services/incident/page.h"
#include "tests/incident/rig.h"

namespace incident {
namespace {

constexpr char kReport[] =
    "report { category: '0706' text: '墙上贴满小广告' area_code: '371403001001001' place { text: '东关路口' "
    "} }";

// Every request of a person carries the gateway's certificate; it opened the lists of other areas.
TEST(Lists, AreNotWidenedByTheGatewaysCertificate) {
  Rig rig;
  rig.Do(Cd(), "c1",
         "start_campaign { title: '防汛' category: '1203' area_code: '371403' due_at_ms: " +
             std::to_string(Ms("2026-11-30 18:00")) + " seen_cost_minutes: 3 }");
  rig.clock.AdvanceTo(rig.clock.NowMs() + 1000);
  rig.Tick();
  rpc::Caller elsewhere = rig.CallerOf(ActorOf(kernel::v1::ROLE_CD, "371422-centre", kOtherCounty));
  elsewhere.service = "gateway";
  v1::ListTasksRequest tasks;
  tasks.set_area_code(kCounty);
  v1::ListTasksResponse task_list;
  EXPECT_TRUE(rig.Query().ListTasks(elsewhere, tasks, &task_list).refusal());
  v1::ListCampaignsRequest campaigns;
  campaigns.set_area_code(kCounty);
  v1::ListCampaignsResponse campaign_list;
  EXPECT_TRUE(rig.Query().ListCampaigns(elsewhere, campaigns, &campaign_list).refusal());
  v1::ListIncidentsRequest incidents;
  incidents.set_area_code(kCounty);
  v1::ListIncidentsResponse incident_list;
  EXPECT_TRUE(rig.Query().ListIncidents(elsewhere, incidents, &incident_list).refusal());
  v1::GetCampaignRequest one;
  one.set_id("c1");
  v1::CampaignView view;
  EXPECT_TRUE(rig.Query().GetCampaign(elsewhere, one, &view).refusal());
  rpc::Caller worker = rig.CallerOf(Gw());
  worker.service = "gateway";
  EXPECT_TRUE(rig.Query().GetCampaign(worker, one, &view).ok());
}

TEST(PageToken, OfSomethingElseIsNamedInBothLanguages) {
  Rig rig;
  v1::ListIncidentsRequest request;
  request.set_page_token("abc");
  v1::ListIncidentsResponse response;
  const auto answer = rig.Query().ListIncidents(rig.CallerOf(Td()), request, &response);
  ASSERT_TRUE(answer.refusal());
  EXPECT_EQ(answer.refusal()->reason, "PAGE_TOKEN");
  EXPECT_EQ(answer.refusal()->field, "page_token");
  EXPECT_FALSE(answer.refusal()->message_zh.empty());
}

TEST(ListIncidents, ShowsAnAreaNewestFirstAcrossItsTownshipsAndPages) {
  Rig rig;
  for (int i = 0; i < 5; ++i) {
    rig.clock.AdvanceTo(rig.clock.NowMs() + 1000);
    rig.Do(Cd(), "a" + std::to_string(i), "report { category: '0706' text: 'xx' area_code: '371403001001' }");
    rig.clock.AdvanceTo(rig.clock.NowMs() + 1000);
    rig.Do(Cd(), "b" + std::to_string(i), "report { category: '0706' text: 'xx' area_code: '371422100' }");
  }
  v1::ListIncidentsRequest request;
  request.set_page_size(3);
  std::string ids;
  do {
    v1::ListIncidentsResponse response;
    ASSERT_TRUE(rig.Query().ListIncidents(rig.CallerOf(Cc()), request, &response).ok());
    for (const auto& row : response.row()) ids += row.id() + " ";
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(ids, "b4 a4 b3 a3 b2 a2 b1 a1 b0 a0 ");
}

TEST(ListIncidents, RefusesAnAreaThatIsNotTheCallersAndATokenOfAnotherList) {
  Rig rig;
  v1::ListIncidentsRequest request;
  request.set_area_code(kOtherCounty);
  v1::ListIncidentsResponse response;
  ASSERT_TRUE(rig.Query().ListIncidents(rig.CallerOf(Cd()), request, &response).refusal());
  for (const char* id : {"a", "b"}) rig.Do(Gw(), id, kReport);
  request.set_area_code(kCounty);
  request.set_page_size(1);
  ASSERT_TRUE(rig.Query().ListIncidents(rig.CallerOf(Cd()), request, &response).ok());
  request.set_page_token(response.next_page_token());
  request.set_category("07");
  const auto refusal = rig.Query().ListIncidents(rig.CallerOf(Cd()), request, &response).refusal();
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->reason, "PAGE_TOKEN");
  EXPECT_EQ(refusal->field, "page_token");
}

TEST(ListIncidents, GivesAVillageItsOwnAndThoseOfVillagesThatMergedIntoIt) {
  Rig rig;
  rig.Do(Cd(), "east", "report { category: '0706' text: 'xx' area_code: '371403001001' }");
  rig.Do(Cd(), "west", "report { category: '0706' text: 'xx' area_code: '371403001002' }");
  v1::ListIncidentsResponse before, after;
  ASSERT_TRUE(rig.Query().ListIncidents(rig.CallerOf(Gh()), {}, &before).ok());
  EXPECT_EQ(before.row_size(), 1);
  rig.Hear("directory", "directory.area", "ref", Area("371403001002", "西关社区", "371403001001"));
  ASSERT_TRUE(rig.Query().ListIncidents(rig.CallerOf(Gh()), {}, &after).ok());
  EXPECT_EQ(after.row_size(), 2);
}

// A village here beside a county there: the narrower place does not hide what lies in the wider one.
TEST(ListIncidents, OfTwoPlacesGivesAllOfBoth) {
  Rig rig;
  rig.Do(Cc(), "here", "report { category: '0706' text: 'xx' area_code: '371403001001' }");
  rig.Do(Cc(), "beside", "report { category: '0706' text: 'xx' area_code: '371403001002' }");
  rig.Do(Cc(), "there", "report { category: '0706' text: 'xx' area_code: '371422100' }");
  Actor both = Gh();
  *both.add_grant() = ActorOf(kernel::v1::ROLE_SV, "371422-centre", kOtherCounty).grant(0);
  v1::ListIncidentsResponse response;
  ASSERT_TRUE(rig.Query().ListIncidents(rig.CallerOf(both), {}, &response).ok());
  std::set<std::string> ids;
  for (const auto& row : response.row()) ids.insert(row.id());
  EXPECT_EQ(ids, (std::set<std::string>{"here", "there"}));
}

TEST(ListIncidents, GivesAUnitItsOpenMattersDueFirst) {
  Rig rig;
  for (const char* id : {"m1", "m2"}) {
    rig.Do(Gw(), id, kReport);
    rig.Do(Td(), id, "accept {}");
  }
  rig.Do(Td(), "m1", "dispatch { lead_org: '371403001-urban' }");
  rig.Do(
      Td(), "m2",
      "dispatch { lead_org: '371403001-urban' due_at_ms: " + std::to_string(Ms("2026-11-23 12:00")) + " }");
  v1::ListIncidentsRequest request;
  request.set_holder_org("371403001-urban");
  v1::ListIncidentsResponse response;
  ASSERT_TRUE(rig.Query().ListIncidents(rig.CallerOf(Dh()), request, &response).ok());
  ASSERT_EQ(response.row_size(), 2);
  EXPECT_EQ(response.row(0).id(), "m2");
}

// What a scan was given to look at.
class CountingView final : public storage::View {
 public:
  explicit CountingView(std::shared_ptr<const storage::View> view) : view_(std::move(view)) {}
  absl::StatusOr<std::optional<std::string>> Get(storage::KeySpace space, std::string_view key) const override {
    return view_->Get(space, key);
  }
  absl::Status Scan(storage::KeySpace space, std::string_view from, std::string_view to,
                    const std::function<bool(std::string_view, std::string_view)>& each) const override {
    return view_->Scan(space, from, to, [&](std::string_view key, std::string_view value) {
      ++entries;
      return each(key, value);
    });
  }
  mutable size_t entries = 0;

 private:
  const std::shared_ptr<const storage::View> view_;
};

// A page in the middle of ten thousand matters that were due at the same hour read all that stood before it.
TEST(ListIncidents, OfManyDueAtTheSameMomentReadsOnlyThePage) {
  Rig rig;
  for (int i = 0; i < 90; ++i) {
    const std::string id = "m" + std::to_string(100 + i);
    rig.Do(Gw(), id, kReport);
    rig.Do(Td(), id, "accept {}");
  }
  const std::vector<std::string> range = {HolderPrefix(rig.Matter("m100").standing().holder_org())};
  kernel::Published moment = *rig.engine->published().Get();
  const auto counting = std::make_shared<CountingView>(moment.view);
  moment.view = counting;
  const MatterReader reader(std::make_shared<const kernel::Published>(std::move(moment)));
  std::optional<Place> last;
  for (int page = 0; page < 9; ++page) {
    MergedRanges entries(reader, "holder", range, last, 10);
    counting->entries = 0;
    for (int i = 0; i < 10; ++i) {
      const auto next = entries.Next();
      ASSERT_TRUE(next.ok() && *next);
      EXPECT_EQ((*next)->id, "m" + std::to_string(100 + 10 * page + i));
      EXPECT_TRUE(i == 0 || (*next)->order == last->order) << "all are due at the same moment";
      last = **next;
    }
    EXPECT_LE(counting->entries, 24u) << "page " << page;
  }
}

TEST(ListIncidents, GivesTheReporterTheirOwn) {
  Rig rig;
  rig.Do(Gw(), "m1", kReport);
  rig.Do(Gh(), "m2", kReport);
  v1::ListIncidentsRequest request;
  request.set_mine(true);
  v1::ListIncidentsResponse response;
  ASSERT_TRUE(rig.Query().ListIncidents(rig.CallerOf(Gw()), request, &response).ok());
  ASSERT_EQ(response.row_size(), 1);
  EXPECT_EQ(response.row(0).id(), "m1");
}

TEST(ListIncidents, GivesLeadersWhatClimbedToTheirLevel) {
  Rig rig;
  for (const char* id : {"m1", "m2"}) rig.Do(Gw(), id, kReport);
  rig.Do(Td(), "m1", "accept {}");
  rig.Do(Td(), "m1", "escalate { reason: 'x' measures_tried: '试过' }");
  v1::ListIncidentsRequest request;
  request.set_min_level(4);
  v1::ListIncidentsResponse response;
  ASSERT_TRUE(rig.Query().ListIncidents(rig.CallerOf(Cc()), request, &response).ok());
  ASSERT_EQ(response.row_size(), 1);
  EXPECT_EQ(response.row(0).id(), "m1");
}

TEST(CountIncidents, CountsByStatusAndLeavesOutWhatWasMerged) {
  Rig rig;
  for (const char* id : {"m1", "m2", "m3"}) rig.Do(Gw(), id, kReport);
  rig.Do(Td(), "m2", "merge { primary_id: 'm1' ground: '同一处' }");
  rig.Do(Td(), "m3", "accept {}");
  v1::CountIncidentsRequest request;
  request.set_area_code(kCounty);
  v1::CountIncidentsResponse response;
  ASSERT_TRUE(rig.Query().CountIncidents(rig.CallerOf(Cd()), request, &response).ok());
  EXPECT_EQ(response.open(), 2u);
  EXPECT_EQ(response.count_size(), 2);
  EXPECT_FALSE(response.rounded());
}

// The analyst opens no matter, and a department only its own: they read multiples of five, without what is fewer.
// spec: 3.2 3.10
TEST(CountIncidents, RoundsForWhoeverMayNotOpenTheMattersOfTheArea) {
  Rig rig;
  for (const char* id : {"m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8"}) rig.Do(Gw(), id, kReport);
  rig.Do(Td(), "m1", "accept {}");
  v1::CountIncidentsRequest request;
  request.set_area_code(kCounty);
  for (const auto role : {kernel::v1::ROLE_AN, kernel::v1::ROLE_DH}) {
    v1::CountIncidentsResponse response;
    const auto reader = ActorOf(role, "371403-urban", kCounty);
    ASSERT_TRUE(rig.Query().CountIncidents(rig.CallerOf(reader), request, &response).ok());
    EXPECT_TRUE(response.rounded());
    ASSERT_EQ(response.count_size(), 1) << "one accepted is few";
    EXPECT_EQ(response.count(0).status(), v1::REPORTED);
    EXPECT_EQ(response.count(0).count(), 5u) << "seven";
    EXPECT_EQ(response.open(), 10u) << "eight";
  }
}

}  // namespace
}  // namespace incident
