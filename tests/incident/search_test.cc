// Full text over incidents: what is found, by whom, and what is found by nobody.
#include <gmock/gmock.h>

#include "base/random.h"
#include "services/incident/domain/rules.h"
#include "services/incident/searched.h"
#include "services/rpc/id_source.h"
#include "tests/incident/rig.h"
#include "tests/support/temp_dir.h"

namespace incident {
namespace {

using testing::ElementsAre, testing::IsEmpty;
using Ids = std::vector<std::string>;

class SearchTest : public testing::Test {
 protected:
  SearchTest()
      : vault_(rpc::CipherProfile::kAesGcm, std::string(32, 'm')),
        terms_(std::make_shared<search::Terms>(std::string(32, 'k'))) {
    auto opened = IncidentSearch::Open({folder_ / "search", terms_, &rig_.engine->log(), [this] { return rig_.Read(); },
                                        Describe(terms_, &vault_, &kept_), nullptr});
    EXPECT_TRUE(opened.ok()) << opened.status();
    search_ = *std::move(opened);
  }
  void Report(const std::string& id, const std::string& text, const std::string& area = "371403001001001",
              const std::string& more = "") {
    rig_.Do(Gw(), id, "report { category: '0706' text: '" + text + "' area_code: '" + area + "' " + more + " }");
  }
  void CatchUp() {
    while (true) {
      const auto more = search_->follower().Step();
      ASSERT_TRUE(more.ok()) << more.status();
      if (!*more) return;
    }
  }
  v1::SearchIncidentsResponse Ask(const Actor& who, const std::string& text) {
    v1::SearchIncidentsRequest request;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &request)) << text;
    const Queries queries({[this] { return rig_.Read(); }, &vault_, &kept_, search_.get()});
    v1::SearchIncidentsResponse response;
    const auto answer = queries.SearchIncidents(rig_.CallerOf(who), request, &response);
    refused_ = answer.refusal() ? answer.refusal()->reason : "";
    EXPECT_TRUE(answer.ok() || answer.refusal()) << text;
    return response;
  }
  Ids Found(const Actor& who, const std::string& text) {
    CatchUp();
    Ids ids;
    const auto response = Ask(who, text);
    for (const auto& row : response.row()) ids.push_back(row.id());
    return ids;
  }
  // A telephone as it lies in a state.
  std::string Sealed(const std::string& id, const std::string& phone) {
    common::v1::Person person;
    person.set_phone(phone);
    std::vector<storage::Batch::Op> ops;
    rpc::IdSource ids{base::Random(7)};
    EXPECT_TRUE(vault_.Seal(kept_, id, Ms(kMonday), ids, &person, &ops).ok());
    storage::Batch batch;
    for (const auto& op : ops) batch.Put(op.space, op.key, *op.value);
    EXPECT_TRUE(kept_.Commit(batch, storage::Durability::kSynced).ok());
    return person.phone();
  }

  tests::TempDir folder_;
  Rig rig_;
  rpc::Vault vault_;
  tests::MemKv kept_;
  std::shared_ptr<const search::Terms> terms_;
  std::unique_ptr<IncidentSearch> search_;
  std::string refused_;
};

TEST_F(SearchTest, FindsByWordsPlaceUnitAndCode) {
  Report("m1", "楼上卫生间漏水，多次协商未果");
  Report("m2", "路灯不亮", "371403001002001");
  rig_.Do(Td(), "m2", "accept {}");
  rig_.Do(Td(), "m2", "dispatch { lead_org: '371403001-urban' }");
  EXPECT_THAT(Found(Td(), "q: '漏水'"), ElementsAre("m1"));
  EXPECT_THAT(Found(Td(), "q: '协商 漏水'"), ElementsAre("m1"));
  EXPECT_THAT(Found(Td(), "q: '西关社区'"), ElementsAre("m2"));
  EXPECT_THAT(Found(Td(), "q: '陵城区 路灯'"), ElementsAre("m2"));
  EXPECT_THAT(Found(Td(), "q: '安德街道'"), ElementsAre("m2", "m1")) << "the newest first";
  EXPECT_THAT(Found(Td(), "area_code: '371403001001'"), ElementsAre("m1"));
  EXPECT_THAT(Found(Td(), "org_id: '371403001-urban'"), ElementsAre("m2"));
  EXPECT_THAT(Found(Td(), "q: '37140320261123I000001'"), ElementsAre("m1"));
  EXPECT_THAT(Found(Td(), "q: '000002'"), ElementsAre("m2"));
  EXPECT_THAT(Found(Td(), "q: '噪声'"), IsEmpty());
}

// Two villages became one, and one went to a township of another county: what they had was found under their own codes
// alone. The scope of who asks stays what it is.
TEST_F(SearchTest, FindsWhatAFormerVillageHadUnderThePlaceThatTookItOver) {
  const Actor beyond = ActorOf(kernel::v1::ROLE_TD, "371422100-centre", "371422100");
  Report("m1", "路灯不亮", "371403001002001");
  EXPECT_THAT(Found(Td(), "area_code: '371403001001'"), IsEmpty());
  rig_.Hear("directory", "directory.area", "ref", Area("371403001002", "西关社区", "371403001001"));
  for (const char* ask : {"area_code: '371403001001'", "q: '东关社区'", "area_code: '371403001002'", "q: '西关社区'"}) {
    EXPECT_THAT(Found(Td(), ask), ElementsAre("m1")) << ask;
    EXPECT_THAT(Found(beyond, ask), IsEmpty()) << ask;
  }
  rig_.Hear("directory", "directory.area", "ref", Area("371422100001", "前村"));
  rig_.Hear("directory", "directory.area", "ref", Area("371403001002", "西关社区", "371422100001"));
  EXPECT_THAT(Found(Td(), "area_code: '371403001001'"), IsEmpty()) << "the list was corrected";
  EXPECT_THAT(Found(beyond, "area_code: '371422100'"), ElementsAre("m1"));
  EXPECT_THAT(Found(beyond, "area_code: '371403'"), ElementsAre("m1")) << "by where it was, too";
  EXPECT_EQ(search::CompareWithStates(search_->index(), *search_->ThisMoment()).value_or("?"), "");
}

// It named a village that had gone already, and was recorded for the one that took over.
TEST_F(SearchTest, FindsAReportUnderTheFormerCodeItNamed) {
  Report("m1", "路灯不亮", "371403001003");
  EXPECT_THAT(Found(Td(), "area_code: '371403001003'"), ElementsAre("m1"));
  EXPECT_THAT(Found(Td(), "area_code: '371403001001' q: '南关村'"), ElementsAre("m1"));
}

TEST_F(SearchTest, FollowsAMatterThroughItsLife) {
  Report("m1", "楼上漏水");
  EXPECT_THAT(Found(Td(), "q: '漏水' open_only: true"), ElementsAre("m1"));
  rig_.Do(Td(), "m1", "reject { reason: STATUTORY_WAY explanation: '不属于' where_to_go: '法院' }");
  EXPECT_THAT(Found(Td(), "q: '漏水' open_only: true"), IsEmpty());
  EXPECT_THAT(Found(Td(), "q: '漏水'"), ElementsAre("m1"));
  const auto difference = search::CompareWithStates(search_->index(), *search_->ThisMoment());
  EXPECT_EQ(difference.value_or("?"), "");
}

TEST_F(SearchTest, SaysWhenTheIndexIsBehind) {
  Report("m1", "楼上漏水");
  CatchUp();
  EXPECT_TRUE(Ask(Td(), "q: '漏水'").complete());
  Report("m2", "楼上漏水");
  const auto behind = Ask(Td(), "q: '漏水'");
  EXPECT_FALSE(behind.complete());
  EXPECT_EQ(behind.row_size(), 1);
}

TEST_F(SearchTest, IsBoundedByWhoAsks) {
  Report("m1", "楼上漏水");
  EXPECT_THAT(Found(Gw(), "q: '漏水'"), ElementsAre("m1"));
  EXPECT_THAT(Found(ActorOf(kernel::v1::ROLE_TD, "371422100-centre", "371422100"), "q: '漏水'"), IsEmpty());
  EXPECT_THAT(Found(ActorOf(kernel::v1::ROLE_AN, "371403-centre", kCounty), "q: '漏水'"), IsEmpty());
  EXPECT_THAT(Found(ActorOf(kernel::v1::ROLE_DH, "371403001-urban", kTownship), "q: '漏水'"), IsEmpty());
  rig_.Do(Td(), "m1", "accept {}");
  rig_.Do(Td(), "m1", "dispatch { lead_org: '371403001-urban' }");
  EXPECT_THAT(Found(ActorOf(kernel::v1::ROLE_DH, "371403001-urban", kTownship), "q: '漏水'"), ElementsAre("m1"));
}

// spec: G36
TEST_F(SearchTest, FindsATelephoneByItsTailForWhoMayRevealIt) {
  Report("m1", "漏水", "371403001001001", "party { name: 'vault:n' phone: '" + Sealed("m1", "13812345678") + "' }");
  EXPECT_THAT(Found(Td(), "phone_tail: '5678'"), ElementsAre("m1"));
  EXPECT_THAT(Found(Td(), "phone_tail: '1234'"), IsEmpty());
  EXPECT_THAT(Found(Gw(), "phone_tail: '5678'"), IsEmpty()) << "a grid worker reveals nobody";
  EXPECT_THAT(Found(Td(), "q: '13812345678'"), IsEmpty());
  EXPECT_THAT(Found(Td(), "q: '5678'"), IsEmpty()) << "not as a word";
}

// A sealed matter was never in the index, so nothing about it can be asked of it.
TEST_F(SearchTest, ASealedMatterIsFoundByNobody) {
  Report("m1", "举报某干部侵占", "371403001001001", "sealed: true");
  Report("m2", "楼上漏水");
  for (const Actor& who : {Gw(), Td(), Cd()}) EXPECT_THAT(Found(who, "q: '侵占'"), IsEmpty());
  EXPECT_THAT(Found(Cd(), "area_code: '371403'"), ElementsAre("m2"));
  EXPECT_EQ(*search_->index().Size(), 1u);
  EXPECT_FALSE(search_->index().Get("m1")->has_value());
}

TEST_F(SearchTest, RefusesWhatCannotBeLookedFor) {
  Ask(Td(), "q: ' '");
  EXPECT_EQ(refused_, "NOTHING_ASKED");
  Ask(Td(), "q: '漏'");
  EXPECT_EQ(refused_, "TOO_SHORT");
  Ask(Td(), "phone_tail: '12'");
  EXPECT_EQ(refused_, "BAD_PHONE_TAIL");
}

// The scope is asked of the index; it must be the rule that everything else is judged by, no more and no less.
TEST_F(SearchTest, ScopeIsTheRuleOfWhoMaySee) {
  base::Random random(5);
  const auto& known = *rig_.Read().Reference();
  const std::vector<std::string> areas{kCity, kCounty, kTownship, kVillage, kGrid, "371403001002", "371403001003",
                                       kOtherCounty, ""};
  const std::vector<std::string> orgs{"371403001-urban", "371403001-centre", "371403-centre", ""};
  const auto pick = [&random](const auto& list) { return list[random.Below(list.size())]; };
  const auto describe = Describe(terms_, nullptr, nullptr);
  int seen = 0;
  for (int i = 0; i < 4000; ++i) {
    v1::State state;
    v1::Incident& matter = *state.mutable_incident();
    matter.mutable_intake()->set_area_code(areas[random.Below(8)]);
    matter.mutable_standing()->set_lead_org(pick(orgs));
    matter.mutable_standing()->set_territorial_org(pick(orgs));
    matter.mutable_standing()->set_holder_org(pick(orgs));
    if (random.Chance(0.3)) matter.mutable_standing()->add_co_handler_org(pick(orgs));
    if (random.Chance(0.3)) matter.mutable_reporter()->set_user_id("u1");
    const Actor actor = ActorOf(static_cast<kernel::v1::Role>(1 + random.Below(kernel::v1::Role_MAX - 1)), pick(orgs),
                                pick(areas), random.Chance(0.5) ? "u1" : "u2");
    const auto document = describe("m", state, known);
    const auto scope = ScopeOf(actor, known, *terms_, false);
    const bool found = std::ranges::any_of(
        scope, [&](search::Token token) { return std::ranges::count(*document, token) > 0; });
    EXPECT_EQ(found, MaySee(matter, actor, known)) << state.ShortDebugString() << actor.ShortDebugString();
    seen += found ? 1 : 0;
  }
  EXPECT_GT(seen, 300);
  EXPECT_LT(seen, 3700);
}

}  // namespace
}  // namespace incident
