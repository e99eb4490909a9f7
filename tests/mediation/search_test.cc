// Full text over mediation cases: what the dispute is about, for whoever may see the case; what was said, for nobody.
#include <gmock/gmock.h>

#include "base/random.h"
#include "services/mediation/domain/rules.h"
#include "services/mediation/queries.h"
#include "services/mediation/searched.h"
#include "services/rpc/id_source.h"
#include "tests/mediation/case_world.h"
#include "tests/support/driven.h"
#include "tests/support/mem_kv.h"
#include "tests/support/temp_dir.h"

namespace mediation {
namespace {

using testing::ElementsAre, testing::IsEmpty;
using namespace kernel::v1;  // NOLINT: roles by their names alone

class SearchTest : public ::testing::Test {
 protected:
  SearchTest()
      : desk_(kMonday, tests::Learned()),
        vault_(rpc::CipherProfile::kAesGcm, std::string(32, 'm')),
        terms_(std::make_shared<search::Terms>(std::string(32, 'k'))) {
    auto opened = CaseSearch::Open({folder_ / "search", terms_, &desk_.log(), [this] { return desk_.Read(); },
                                    Describe(terms_, &vault_, &kept_), nullptr});
    EXPECT_TRUE(opened.ok()) << opened.status();
    search_ = *std::move(opened);
  }
  std::vector<std::string> Found(const Actor& who, const std::string& text) {
    while (*search_->follower().Step()) {
    }
    v1::SearchCasesRequest request;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &request)) << text;
    rpc::Caller caller;
    caller.actor = who;
    caller.now_ms = desk_.clock().NowMs();
    caller.note = &note_;
    const Queries queries({[this] { return desk_.Read(); }, &vault_, &kept_, nullptr, nullptr, search_.get()});
    v1::SearchCasesResponse response;
    EXPECT_TRUE(queries.SearchCases(caller, request, &response).ok()) << text;
    std::vector<std::string> ids;
    for (const auto& line : response.line()) ids.push_back(line.id());
    return ids;
  }

  tests::TempDir folder_;
  tests::Driven<MediationDomain> desk_;
  rpc::Vault vault_;
  tests::MemKv kept_;
  std::shared_ptr<const search::Terms> terms_;
  std::unique_ptr<CaseSearch> search_;
  rpc::AuditNote note_;
};

TEST_F(SearchTest, FindsByWordsPlaceCommitteeAndCode) {
  EXPECT_FALSE(desk_.Do("c1", ApplyText(), Registrar()).refusal);
  const auto state = desk_.Read().Get("c1").value()->state;
  ASSERT_GE(state.facts().size(), 6u) << "the test has nothing to look for";
  EXPECT_THAT(Found(Registrar(), "q: '" + state.facts().substr(0, 6) + "'"), ElementsAre("c1"));
  EXPECT_THAT(Found(Registrar(), "q: '" + state.matter_code() + "'"), ElementsAre("c1"));
  EXPECT_THAT(Found(Registrar(), "org_id: 'v-committee' open_only: true"), ElementsAre("c1"));
  EXPECT_THAT(Found(Registrar(), "area_code: '371403001'"), ElementsAre("c1"));
  EXPECT_THAT(Found(Registrar(), "q: '毫无关系'"), IsEmpty());
  EXPECT_EQ(search::CompareWithStates(search_->index(), *search_->ThisMoment()).value_or("?"), "");
}

TEST_F(SearchTest, IsBoundedByWhoAsks) {
  EXPECT_FALSE(desk_.Do("c1", ApplyText(), Registrar()).refusal);
  EXPECT_THAT(Found(ActorOf(ROLE_CD, "c-centre", "371403"), "area_code: '3714'"), ElementsAre("c1"));
  EXPECT_THAT(Found(ActorOf(ROLE_CD, "d-centre", "371422"), "area_code: '3714'"), IsEmpty());
  EXPECT_THAT(Found(ActorOf(ROLE_MR, "other", "371422001"), "area_code: '3714'"), IsEmpty());
  EXPECT_THAT(Found(Resident("stranger"), "area_code: '3714'"), IsEmpty());
}

// What a former village had was found under its own code alone.
// spec: flow-12
TEST_F(SearchTest, FindsTheCasesOfAFormerVillageUnderThePlaceThatTookItOver) {
  EXPECT_FALSE(desk_.Do("c1", ApplyText(), Registrar()).refusal);
  EXPECT_THAT(Found(Registrar(), "area_code: '371403002'"), IsEmpty());
  const auto learn = [this](const directory::v1::Notice& notice) {
    v1::Command command;
    *command.mutable_learn_reference()->mutable_notice() = notice;
    const std::string id = "ref/area/" + notice.area_changed().code();
    EXPECT_FALSE(desk_.Do(id, command, Platform()).refusal) << id;
  };
  learn(tests::AreaNotice("371403002001", "望湖新村"));
  directory::v1::Notice merged = tests::AreaNotice("371403001002", "某村");
  merged.mutable_area_changed()->set_valid_to("2026-11-23");
  merged.mutable_area_changed()->set_successor("371403002001");
  learn(merged);
  for (const char* ask : {"area_code: '371403002001'", "area_code: '371403002'", "q: '望湖新村'",
                          "area_code: '371403001002'"}) {
    EXPECT_THAT(Found(Registrar(), ask), ElementsAre("c1")) << ask;
    EXPECT_THAT(Found(ActorOf(ROLE_MR, "other", "371422001"), ask), IsEmpty()) << ask;
  }
  learn(tests::AreaNotice("371403002001", "望湖社区"));
  EXPECT_THAT(Found(Registrar(), "q: '望湖社区'"), ElementsAre("c1")) << "the name of today";
  EXPECT_EQ(search::CompareWithStates(search_->index(), *search_->ThisMoment()).value_or("?"), "");
}

// 人民调解法第十五条: what people said in mediation stays between them and their committee.
TEST_F(SearchTest, WhatWasSaidInASessionIsInNoIndex) {
  v1::State state;
  state.set_status(v1::MEDIATING);
  state.set_committee_org("v-committee");
  state.set_facts("楼上漏水");
  state.add_session()->set_record("男方承认隐瞒收入");
  state.add_visit()->set_finding("女方情绪低落");
  const auto tokens = Describe(terms_, &vault_, &kept_)("c", state, tests::Learned());
  ASSERT_TRUE(tokens.ok());
  EXPECT_EQ(std::ranges::count(*tokens, terms_->Of(search::Kind::kWord, "漏水")), 1);
  for (const char* word : {"隐瞒", "情绪"}) {
    EXPECT_EQ(std::ranges::count(*tokens, terms_->Of(search::Kind::kWord, word)), 0) << word;
  }
}

TEST_F(SearchTest, FindsATelephoneByItsTailForWhoMayRevealIt) {
  common::v1::Person person;
  person.set_phone("13812345678");
  std::vector<storage::Batch::Op> ops;
  rpc::IdSource ids{base::Random(7)};
  ASSERT_TRUE(vault_.Seal(kept_, "c", kMonday, ids, &person, &ops).ok());
  storage::Batch batch;
  for (const auto& op : ops) batch.Put(op.space, op.key, *op.value);
  ASSERT_TRUE(kept_.Commit(batch, storage::Durability::kSynced).ok());
  v1::State state;
  state.set_status(v1::MEDIATING);
  *state.add_party()->mutable_person() = person;
  const auto tokens = Describe(terms_, &vault_, &kept_)("c", state, tests::Learned());
  EXPECT_EQ(std::ranges::count(*tokens, terms_->Of(search::Kind::kPhone, "5678")), 1);
  EXPECT_FALSE(ScopeOf(Registrar(), tests::Learned(), *terms_, true).empty());
  EXPECT_TRUE(ScopeOf(ActorOf(ROLE_CL, "c-gov", "371403"), tests::Learned(), *terms_, true).empty());
}

// A mediator who was a party of a case could not read the other side's telephone, but asked tail after tail for it.
// spec: R9
TEST_F(SearchTest, AMediatorWhoIsAPartyFindsTheCaseByNoTelephone) {
  common::v1::Person other;
  other.set_phone("13812345678");
  std::vector<storage::Batch::Op> ops;
  rpc::IdSource ids{base::Random(7)};
  ASSERT_TRUE(vault_.Seal(kept_, "c1", kMonday, ids, &other, &ops).ok());
  storage::Batch batch;
  for (const auto& op : ops) batch.Put(op.space, op.key, *op.value);
  ASSERT_TRUE(kept_.Commit(batch, storage::Durability::kSynced).ok());
  std::string apply = ApplyText();
  const std::string user = "user_id: 'ua'", side = "side: SIDE_B";
  apply.replace(apply.find(user), user.size(), "user_id: 'md1'");
  apply.replace(apply.find(side), side.size(), side + " phone: '" + other.phone() + "'");
  EXPECT_FALSE(desk_.Do("c1", apply, Registrar()).refusal);
  EXPECT_THAT(Found(Registrar(), "phone_tail: '5678'"), ElementsAre("c1"));
  EXPECT_THAT(Found(Mediator("md1"), "q: '漏水'"), ElementsAre("c1"));
  EXPECT_THAT(Found(Mediator("md1"), "phone_tail: '5678'"), IsEmpty());
}

// The index knows a case as it is now: who handed it up reads it as it was, and finds it in the list of such cases.
// spec: M25
TEST_F(SearchTest, WhatWasHandedUpIsFoundByThoseWhoHaveIt) {
  EXPECT_FALSE(desk_.Do("c1", ApplyText(), Registrar()).refusal);
  EXPECT_THAT(Found(Registrar(), "q: '漏水'"), ElementsAre("c1"));
  EXPECT_FALSE(
      desk_.Do("c1", "transfer_up { committee_org: 't-committee' ground: DIFFICULT reason: '跨村' }", Chair()).refusal);
  EXPECT_THAT(Found(Registrar(), "q: '漏水'"), IsEmpty());
  EXPECT_THAT(Found(ActorOf(ROLE_MR, "t-committee", "371403001", "mr2"), "q: '漏水'"), ElementsAre("c1"));
  const Queries queries({[this] { return desk_.Read(); }, &vault_, &kept_, nullptr, nullptr, search_.get()});
  v1::RevealPartyRequest reveal;
  reveal.set_id("c1");
  reveal.set_party_id("p1");
  v1::RevealPartyResponse person;
  rpc::Caller caller;
  caller.actor = Registrar();
  caller.note = &note_;
  const auto answer = queries.RevealParty(caller, reveal, &person);
  ASSERT_TRUE(answer.refusal());
  EXPECT_EQ(answer.refusal()->reason, "HANDED_UP") << "to read, not to use";
  EXPECT_TRUE(note_.aggregate_id.empty()) << "nothing was revealed";
}

// The scope is asked of the index; it must be the rule that everything else is judged by, no more and no less.
TEST_F(SearchTest, ScopeIsTheRuleOfWhoMaySee) {
  base::Random random(5);
  const auto reference = tests::Learned();
  const auto describe = Describe(terms_, nullptr, nullptr);
  const std::vector<std::string> areas{"3714", "371403", "371403001", "371403001002", "371422", ""};
  const std::vector<std::string> orgs{"v-committee", "t-committee", "c-centre", "medical-committee", "c-hrss"};
  const std::vector<std::string> users{"md1", "md2", "u1"};
  const auto pick = [&random](const auto& list) { return list[random.Below(list.size())]; };
  int seen = 0;
  for (int i = 0; i < 6000; ++i) {
    v1::State state;
    state.set_status(static_cast<v1::CaseStatus>(1 + random.Below(v1::CaseStatus_MAX)));
    state.set_committee_org(pick(orgs));
    state.set_committee_area(areas[random.Below(5)]);
    if (random.Chance(0.3)) state.add_mediator_user_id(pick(users));
    if (random.Chance(0.3)) state.add_party()->mutable_person()->set_user_id(pick(users));
    const Actor actor =
        ActorOf(static_cast<Role>(1 + random.Below(Role_MAX - 1)), pick(orgs), pick(areas), pick(users));
    const auto document = describe("c", state, reference);
    const auto scope = ScopeOf(actor, reference, *terms_, false);
    const bool found = std::ranges::any_of(
        scope, [&](search::Token token) { return std::ranges::count(*document, token) > 0; });
    EXPECT_EQ(found, MaySee(state, actor, reference)) << state.ShortDebugString() << " / " << actor.ShortDebugString();
    seen += found ? 1 : 0;
  }
  EXPECT_GT(seen, 500);
  EXPECT_LT(seen, 5500);
}

}  // namespace
}  // namespace mediation
