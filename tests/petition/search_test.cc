// Full text over petitions: what is found, by whom; and that of an accusation nothing is, before, while and after it
// becomes one.
#include <gmock/gmock.h>

#include "base/random.h"
#include "services/petition/domain/rules.h"
#include "tests/petition/searched_office.h"

namespace petition {
namespace {

using testing::ElementsAre, testing::IsEmpty;

const std::vector<Actor>& Everybody() {
  static const std::vector<Actor> all{
      Clerk(), Office(), Handler(), Head(), CityReviewer(), CountyReviewer(), CityOffice(), Discipline(), Leader(),
      Resident(), ActorOf(ROLE_TL, "t-gov", "371403001", "tl1"), ActorOf(ROLE_CYL, "city-gov", "3714", "cyl"),
      ActorOf(ROLE_SV, "city-gov", "3714", "sv1"), ActorOf(ROLE_PH, "t-gov", "371403001", "ph9")};
  return all;
}

TEST(SearchPetitions, FindsByWordsPlaceUnitAndCode) {
  SearchedOffice office;
  office.Register("p1", {.request = "补发拖欠的工资", .facts = "汽车配件厂停产，电话13987654321"});
  office.Register("p2", {.request = "要求供热", .facts = "小区暖气不热"});
  office.Do("p1", kForward, Office());
  office.CatchUp();
  EXPECT_THAT(office.Found(Office(), "q: '拖欠工资'"), IsEmpty()) << "words that stand together are looked for together";
  EXPECT_THAT(office.Found(Office(), "q: '拖欠 工资'"), ElementsAre("p1"));
  EXPECT_THAT(office.Found(Office(), "q: '配件厂'"), ElementsAre("p1"));
  EXPECT_THAT(office.Found(Office(), "area_code: '371403001'"), ElementsAre("p2", "p1"));
  EXPECT_THAT(office.Found(Office(), "org_id: 'c-hrss'"), ElementsAre("p1"));
  const auto code = office.desk.Read().Get("p2").value()->state.matter_code();
  EXPECT_THAT(office.Found(Office(), "q: '" + code + "'"), ElementsAre("p2"));
  EXPECT_THAT(office.Found(Office(), "q: '" + code.substr(code.size() - 6) + "'"), ElementsAre("p2"));
  EXPECT_THAT(office.Found(Office(), "q: '暖气' open_only: true"), ElementsAre("p2"));
  EXPECT_THAT(office.Found(Office(), "q: '13987654321'"), IsEmpty()) << "a number inside the words is no word";
  EXPECT_THAT(office.Found(Office(), "q: '张三'"), IsEmpty()) << "nobody is looked for by name";
}

// What a former village had was found under its own code alone.
TEST(SearchPetitions, FindsWhatAFormerVillageHadUnderThePlaceThatTookItOver) {
  SearchedOffice office;
  office.Register("p1", {.request = "要求供热"});
  office.CatchUp();
  EXPECT_THAT(office.Found(Office(), "area_code: '371403002'"), IsEmpty());
  directory::v1::Notice merged = tests::AreaNotice("371403001002", "某村");
  merged.mutable_area_changed()->set_valid_to("2026-11-23");
  merged.mutable_area_changed()->set_successor("371403002001");
  v1::Command learn;
  *learn.mutable_learn_reference()->mutable_notice() = merged;
  EXPECT_FALSE(office.desk.Do("ref/area/371403001002", learn, Platform()).refusal);
  office.CatchUp();
  for (const char* ask : {"area_code: '371403002001'", "area_code: '371403002'", "area_code: '371403001002'"}) {
    EXPECT_THAT(office.Found(Office(), ask), ElementsAre("p1")) << ask;
    EXPECT_THAT(office.Found(ActorOf(ROLE_PC, "other-petition", "371482"), ask), IsEmpty()) << ask;
  }
}

TEST(SearchPetitions, IsBoundedByWhoAsks) {
  SearchedOffice office;
  office.Register("p1", {.request = "补发拖欠的工资"});
  office.Do("p1", kForward, Office());
  office.CatchUp();
  for (const Actor& who : {Clerk(), Office(), Handler(), CityOffice(), Leader()}) {
    EXPECT_THAT(office.Found(who, "q: '工资'"), ElementsAre("p1")) << who.ShortDebugString();
  }
  for (const Actor& who : {ActorOf(ROLE_PH, "t-gov", "371403001", "ph9"), ActorOf(ROLE_PC, "other-petition", "371482"),
                           ActorOf(ROLE_TL, "t-gov", "371403001", "tl1"), Discipline(), Resident("stranger")}) {
    EXPECT_THAT(office.Found(who, "q: '工资'"), IsEmpty()) << who.ShortDebugString();
    EXPECT_THAT(office.Found(who, "area_code: '3714'"), IsEmpty());
  }
}

// spec: G36
TEST(SearchPetitions, FindsATelephoneByItsTailForWhoMayRevealIt) {
  SearchedOffice office;
  office.Register("p1", {});
  office.CatchUp();
  EXPECT_THAT(office.Found(Clerk(), "phone_tail: '5678'"), ElementsAre("p1"));
  EXPECT_EQ(office.note.field, "phone_tail") << "the audit log says what was looked for, not whom";
  EXPECT_THAT(office.Found(Clerk(), "phone_tail: '8765'"), IsEmpty());
  EXPECT_THAT(office.Found(Leader(), "phone_tail: '5678'"), IsEmpty());
}

// Flow 5. The same days in two offices: in one a petition came in and turned out to be an accusation; in the other it
// never came. Whoever asks whatever, the answers are the same to the byte.
// spec: P11
TEST(SearchPetitions, AnAccusationAndNothingAtAllAnswerAlike) {
  SearchedOffice with, without;
  for (SearchedOffice* office : {&with, &without}) office->Register("p1", {.request = "道路破损", .facts = "没人修"});
  with.Register("s1", {.request = "严惩侵占", .facts = "村干部侵占集体资产", .phone = "13800004444", .respondent = "村委会"});
  with.CatchUp();
  EXPECT_THAT(with.Found(Office(), "q: '侵占'"), ElementsAre("s1")) << "while it was thought to be a request";
  with.Do("s1", "retype { type: ACCUSATION reason: '反映干部' }", Office());
  without.CatchUp();
  const auto compare = [&](const std::string& when) {
    for (const Actor& who : Everybody()) {
      for (const char* ask : {"q: '侵占'", "q: '集体资产' page_size: 1", "area_code: '371403'",
                              "area_code: '371403' page_size: 1", "phone_tail: '4444'", "org_id: 'c-petition'",
                              "q: '村委会'"}) {
        auto one = with.Search(who, ask);
        auto other = without.Search(who, ask);
        one.clear_complete();  // says that something was written, as after every command of anybody
        other.clear_complete();
        EXPECT_EQ(one.SerializeAsString(), other.SerializeAsString()) << when << who.ShortDebugString() << ask;
      }
    }
  };
  compare("before the index has heard of it ");
  with.CatchUp();
  compare("after it ");
  EXPECT_EQ(*with.search->index().Size(), *without.search->index().Size());
  EXPECT_FALSE(with.search->index().Get("s1")->has_value());
  EXPECT_EQ(*with.search->index().Frequency(with.terms->Of(search::Kind::kWord, "侵占"), 10), 0u);
  EXPECT_EQ(search::CompareWithStates(with.search->index(), *with.search->ThisMoment()).value_or("?"), "");
}

// spec: P11
TEST(SearchPetitions, WhatCameInAsAnAccusationIsInNoIndexEver) {
  SearchedOffice office;
  office.Register("s1", {.request = "严惩侵占", .facts = "村干部侵占集体资产", .type = "ACCUSATION"});
  office.CatchUp();
  EXPECT_EQ(*office.search->index().Size(), 0u);
  for (const Actor& who : Everybody()) EXPECT_THAT(office.Found(who, "q: '侵占'"), IsEmpty());
}

// Their names stay under the key of the copy they came with, and are opened and found with the original.
// spec: P3
TEST(SearchPetitions, FindTheOriginalByThoseWhoCameWithACopy) {
  SearchedOffice office;
  office.Register("p1", {.request = "改造管网"});
  office.Register("p2", {.request = "改造管网", .name = "李四", .phone = "13800000002"});
  office.Do("p2", "merge_copy { primary_id: 'p1' }", Clerk());
  office.CatchUp();
  EXPECT_THAT(office.Found(Clerk(), "phone_tail: '0002'"), testing::UnorderedElementsAre("p1", "p2"));
  v1::RevealPetitionerRequest request;
  request.set_id("p1");
  request.set_petitioner_id("p2");
  request.set_reason("送达处理意见");
  v1::RevealPetitionerResponse revealed;
  ASSERT_TRUE(office.Query().RevealPetitioner(office.As(Clerk()), request, &revealed).ok());
  EXPECT_EQ(revealed.person().name(), "李四");
  EXPECT_EQ(revealed.person().phone(), "13800000002");
}

// A copy says the same, and was found by its words when the original had become an accusation.
// spec: P11 flow-5
TEST(SearchPetitions, ACopyOfAnAccusationIsFoundNoMore) {
  SearchedOffice office;
  office.Register("p1", {.request = "严惩侵占"});
  office.Register("p2", {.request = "严惩侵占", .phone = "13800000002"});
  office.Register("p3", {.request = "严惩侵占", .phone = "13800000002"});
  office.Do("p2", "merge_copy { primary_id: 'p1' }", Clerk());
  EXPECT_GE(office.Repeats("p3").candidate_size(), 1);  // by the telephone: p2
  EXPECT_THAT(office.Found(Clerk(), "q: '侵占'"), testing::UnorderedElementsAre("p3", "p2", "p1"));
  office.Do("p1", "retype { type: ACCUSATION reason: '反映干部' }", Office());
  office.CatchUp();
  EXPECT_EQ(*office.search->index().Size(), 1u);
  for (const Actor& who : Everybody()) {
    EXPECT_THAT(office.Found(who, "phone_tail: '0002'"), testing::Not(testing::Contains("p2")));
    EXPECT_THAT(office.Found(who, "q: '侵占'"), testing::Not(testing::Contains("p2")));
  }
  EXPECT_EQ(office.Repeats("p3").candidate_size(), 0);
}

// The index is thrown away and built anew: an accusation does not come back with it.
TEST(SearchPetitions, AnAccusationDoesNotComeBackWhenTheIndexIsBuiltAnew) {
  SearchedOffice office;
  office.Register("p1", {.request = "道路破损"});
  office.Register("s1", {.request = "严惩侵占"});
  office.Do("s1", "retype { type: ACCUSATION reason: '反映干部' }", Office());
  office.CatchUp();
  EXPECT_EQ(*office.search->index().Size(), 1u);
  EXPECT_FALSE(office.search->index().Get("s1")->has_value());
}

TEST(SearchPetitions, WhatWasErasedIsNotFoundByItsWords) {
  SearchedOffice office;
  office.Register("p1", {.request = "补发拖欠的工资"});
  storage::Batch batch;
  const auto shredded = office.vault.Shred(office.kept, "p1");
  for (const auto& op : *shredded) batch.Delete(op.space, op.key);
  ASSERT_TRUE(office.kept.Commit(batch, storage::Durability::kSynced).ok());
  office.Do("p1", kForward, Office());
  office.CatchUp();
  EXPECT_THAT(office.Found(Office(), "q: '工资'"), IsEmpty());
  EXPECT_THAT(office.Found(Office(), "org_id: 'c-hrss'"), ElementsAre("p1"));
}

// The scope is asked of the index; it must be the rule that everything else is judged by, no more and no less.
TEST(SearchPetitions, ScopeIsTheRuleOfWhoMaySee) {
  base::Random random(5);
  SearchedOffice office;
  const auto reference = City();
  const auto describe = Describe(office.terms, &office.vault, &office.kept);
  const std::vector<std::string> areas{"3714", "371403", "371403001", "371482", ""};
  const std::vector<std::string> orgs{"c-petition", "c-hrss", "t-gov", "city-petition", ""};
  const std::vector<std::string> users{"u1", "u2", "cl1"};
  const auto pick = [&random](const auto& list) { return list[random.Below(list.size())]; };
  int seen = 0;
  for (int i = 0; i < 6000; ++i) {
    v1::State state;
    state.set_status(v1::ACCEPTED);
    state.set_type(v1::REQUEST);
    state.set_office_org(orgs[random.Below(4)]);
    state.set_office_area(areas[random.Below(4)]);
    state.set_unit_org(pick(orgs));
    if (random.Chance(0.3)) state.add_petitioner()->mutable_person()->set_user_id(pick(users));
    if (random.Chance(0.2)) state.mutable_leader()->set_user_id(pick(users));
    if (random.Chance(0.5)) {
      state.set_status(v1::REVIEWING);
      auto* stage = state.add_stage();
      stage->set_kind(v1::REVIEW);
      stage->set_body_external(random.Chance(0.2));
      stage->set_body_org(pick(orgs));
      stage->set_body_area(pick(areas));
    }
    const Actor actor =
        ActorOf(static_cast<Role>(1 + random.Below(Role_MAX - 1)), pick(orgs), pick(areas), pick(users));
    const auto document = describe("p", state, reference);
    ASSERT_TRUE(document.ok());
    const auto scope = ScopeOf(actor, *office.terms, false);
    const bool found = std::ranges::any_of(
        scope, [&](search::Token token) { return std::ranges::count(*document, token) > 0; });
    EXPECT_EQ(found, MaySee(state, actor)) << state.ShortDebugString() << " / " << actor.ShortDebugString();
    seen += found ? 1 : 0;
  }
  EXPECT_GT(seen, 500);
  EXPECT_LT(seen, 5500);
}

}  // namespace
}  // namespace petition
