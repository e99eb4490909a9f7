// Candidates for a repeat and for a joint petition, and why each is one.
#include "services/petition/repeats.h"

#include <gmock/gmock.h>

#include "tests/petition/searched_office.h"

namespace petition {
namespace {

using testing::HasSubstr;

policy::v1::PetitionPolicy Row() {
  policy::v1::PetitionPolicy row;
  row.set_revision(3);
  row.set_same_matter_permille(80);
  row.set_new_facts_permille(40);
  return row;
}

v1::State Registered() {
  v1::State state;
  state.set_status(v1::REGISTERED);
  state.set_office_org("c-petition");
  return state;
}

// The same person and matter, unless told otherwise.
v1::RepeatCandidate Agreeing(int permille = 500) {
  v1::RepeatCandidate candidate;
  candidate.set_same_id_number(true);
  candidate.set_same_respondent(true);
  candidate.set_same_content(true);
  candidate.set_likeness_permille(permille);
  return candidate;
}

v1::RepeatCandidate Suggested(v1::RepeatCandidate candidate, const v1::State& other,
                              const policy::v1::PetitionPolicy& row = Row()) {
  Suggest(Registered(), other, row, &candidate);
  return candidate;
}

// spec: P3 NA01
TEST(Suggest, TheSameInProcessWhileTheEarlierOneIsOpen) {
  v1::State earlier = Registered();
  earlier.set_status(v1::ACCEPTED);
  const auto candidate = Suggested(Agreeing(), earlier);
  EXPECT_EQ(candidate.suggested(), v1::SAME_IN_PROCESS);
  EXPECT_EQ(candidate.suggested_refusal(), "NA01");
  EXPECT_FALSE(candidate.merge_suggested());
}

// spec: P3 NA02
TEST(Suggest, TheSameAfterTheReReview) {
  v1::State earlier = Registered();
  earlier.set_status(v1::FINAL);
  earlier.set_final_guard(true);
  const auto candidate = Suggested(Agreeing(), earlier);
  EXPECT_EQ(candidate.suggested(), v1::SAME_AFTER_FINAL);
  EXPECT_EQ(candidate.suggested_refusal(), "NA02");
}

// spec: P3 K-07
TEST(Suggest, ARepeatOfWhatEndedOtherwiseRefusesNothing) {
  v1::State earlier = Registered();
  earlier.set_status(v1::CLOSED);
  const auto candidate = Suggested(Agreeing(), earlier);
  EXPECT_EQ(candidate.suggested(), v1::REPEAT);
  EXPECT_EQ(candidate.suggested_refusal(), "");
}

// spec: P3
TEST(Suggest, PerhapsNewFactsBetweenTheTwoFigures) {
  v1::State earlier = Registered();
  earlier.set_status(v1::CLOSED);
  EXPECT_EQ(Suggested(Agreeing(79), earlier).suggested(), v1::NEW_FACTS);
  EXPECT_EQ(Suggested(Agreeing(40), earlier).suggested(), v1::NEW_FACTS);
  EXPECT_EQ(Suggested(Agreeing(39), earlier).suggested(), v1::DIFFERENT);
  EXPECT_EQ(Suggested(Agreeing(80), earlier).suggested(), v1::REPEAT);
}

// spec: P3
TEST(Suggest, AnotherMatterOfTheSamePersonIsDifferent) {
  auto candidate = Agreeing();
  candidate.set_same_content(false);
  EXPECT_EQ(Suggested(candidate, Registered()).suggested(), v1::DIFFERENT);
  candidate = Agreeing();
  candidate.set_same_respondent(false);
  EXPECT_EQ(Suggested(candidate, Registered()).suggested(), v1::DIFFERENT);
  candidate.set_same_area(true);
  EXPECT_EQ(Suggested(candidate, Registered()).suggested(), v1::SAME_IN_PROCESS) << "the place will do for the unit";
}

TEST(Suggest, ATelephoneWithoutItsNameIsNobody) {
  auto candidate = Agreeing();
  candidate.set_same_id_number(false);
  candidate.set_same_phone(true);
  EXPECT_EQ(Suggested(candidate, Registered()).suggested(), v1::REPEAT_CLASS_UNSPECIFIED);
  EXPECT_TRUE(IsCandidate(candidate)) << "but is shown";
  candidate.set_same_name(true);
  EXPECT_EQ(Suggested(candidate, Registered()).suggested(), v1::SAME_IN_PROCESS);
}

// spec: P3
TEST(Suggest, OthersCopiesOfTheSameMatterMayBeMerged) {
  auto candidate = Agreeing();
  candidate.set_same_id_number(false);
  EXPECT_TRUE(Suggested(candidate, Registered()).merge_suggested());
  v1::State elsewhere = Registered();
  elsewhere.set_office_org("other-petition");
  EXPECT_FALSE(Suggested(candidate, elsewhere).merge_suggested()) << "as MergeCopy would refuse it";
  v1::State ended = Registered();
  ended.set_status(v1::CLOSED);
  EXPECT_FALSE(Suggested(candidate, ended).merge_suggested());
  candidate.set_likeness_permille(79);
  EXPECT_FALSE(IsCandidate(Suggested(candidate, Registered())));
}

TEST(Suggest, SaysInBothLanguagesWhatAgrees) {
  const auto candidate = Suggested(Agreeing(412), Registered());
  EXPECT_EQ(candidate.why_zh(), "身份证号相同、被反映单位相同、同一内容分类、内容相似度412‰");
  EXPECT_EQ(candidate.why_en(),
            "same identity number, same respondent, same kind of content, likeness of the texts 412‰");
}

TEST(Suggest, WithoutARowInThePolicyNothingIsSaidOfTexts) {
  const auto candidate = Suggested(Agreeing(), Registered(), {});
  EXPECT_FALSE(candidate.same_matter());
  EXPECT_EQ(candidate.suggested(), v1::REPEAT_CLASS_UNSPECIFIED);
}

const Told kFirst{.request = "请求汽车配件厂支付工伤赔偿",
                  .facts = "三月二十七日上班时左手小指被机器压伤，厂方推卸责任，医疗费用无力承担",
                  .id_number = "37142119800101123X"};
const Told kAgain{.request = "工伤赔偿",
                  .facts = "我的左手小指在汽车配件厂被机器压伤，医疗费用很高，厂方一直推卸责任",
                  .phone = "13900001111",
                  .id_number = "37142119800101123x"};

// Neighbours in the office, so that what everybody says weighs little.
void FillUp(SearchedOffice* office) {
  for (int i = 0; i < 12; ++i) {
    office->Register("n" + std::to_string(i), {.request = "请求解决问题",
                                               .facts = "多次反映没有答复，希望有关部门处理" + std::to_string(i),
                                               .name = "某" + std::to_string(i),
                                               .phone = "1370000000" + std::to_string(i % 10)});
  }
}

// spec: P3 NA01
TEST(FindRepeats, TellsTheSamePersonAndTheSameWordsApartFromTheRest) {
  SearchedOffice office;
  FillUp(&office);
  office.Register("p1", kFirst);
  office.Register("p2", kAgain);
  const auto found = office.Repeats("p2");
  ASSERT_EQ(found.candidate_size(), 1) << found.ShortDebugString();
  const auto& candidate = found.candidate(0);
  EXPECT_EQ(candidate.line().id(), "p1");
  EXPECT_TRUE(candidate.same_id_number());
  EXPECT_FALSE(candidate.same_phone());
  EXPECT_TRUE(candidate.same_area());
  EXPECT_GE(candidate.likeness_permille(), found.same_matter_permille());
  EXPECT_EQ(candidate.suggested(), v1::SAME_IN_PROCESS);
  EXPECT_THAT(candidate.why_zh(), HasSubstr("身份证号相同"));
  EXPECT_EQ(found.line_size(), 1);
  EXPECT_GT(found.policy_revision(), 0);
  EXPECT_TRUE(found.complete());
  const auto stored = office.desk.Read().Get("p2");
  EXPECT_EQ((*stored)->state.status(), v1::REGISTERED) << "nothing was decided by that";
  EXPECT_EQ((*stored)->state.repeat_class(), v1::REPEAT_CLASS_UNSPECIFIED);
}

// spec: P3
TEST(FindRepeats, SuggestsToMergeTheCopiesOfAJointPetition) {
  SearchedOffice office;
  FillUp(&office);
  const std::string facts = "和平小区三号楼供热管网老化，去冬室温不足十度，物业与热力公司互相推诿";
  office.Register("c1", {.request = "改造供热管网", .facts = facts, .name = "甲", .phone = "13600000001"});
  office.Register("c2", {.request = "改造供热管网", .facts = facts, .name = "乙", .phone = "13600000002"});
  const auto found = office.Repeats("c2");
  ASSERT_EQ(found.candidate_size(), 1) << found.ShortDebugString();
  EXPECT_TRUE(found.candidate(0).merge_suggested());
  EXPECT_EQ(found.candidate(0).suggested(), v1::REPEAT_CLASS_UNSPECIFIED) << "it is another person's";
  EXPECT_EQ(found.line_size(), 0);
  EXPECT_EQ(found.candidate(0).people_in_both(), 0);
  office.Do("c2", "merge_copy { primary_id: 'c1' }", Clerk());
  EXPECT_EQ(office.desk.Read().Get("c1").value()->state.petitioner_count(), 2);
}

// spec: P3
TEST(FindRepeats, SaysHowManyStandInBoth) {
  SearchedOffice office;
  FillUp(&office);
  office.Register("c1", {.name = "甲", .phone = "13600000001"});
  office.Register("c2", {.name = "甲 ", .phone = "136 0000 0001"});
  const auto found = office.Repeats("c2");
  ASSERT_EQ(found.candidate_size(), 1) << found.ShortDebugString();
  EXPECT_EQ(found.candidate(0).people_in_both(), 1);
}

// The unit was named with both, and what was compared were the words about it, and which office handled them.
// spec: P3
TEST(FindRepeats, ComparesTheUnitsThatWereNamed) {
  SearchedOffice office;
  office.Register("p1", {.respondent = "县人社局", .more = "respondent_org: 'c-hrss'"});
  office.Register("p2", {.respondent = "人力资源和社会保障局", .more = "respondent_org: 'c-hrss'"});
  office.Register("p3", {.respondent = "县人社局", .more = "respondent_org: 'c-housing'"});
  office.Register("p4", {.respondent = "县人社局"});
  office.Do("p1", kForward, Office());
  office.Do("p3", kForward, Office());
  const auto same = [&office](const std::string& id) {
    std::vector<std::string> ids;
    const auto found = office.Repeats(id);
    EXPECT_EQ(found.candidate_size(), 3) << "it is one person's";
    for (const auto& candidate : found.candidate()) {
      if (candidate.same_respondent()) ids.push_back(candidate.line().id());
    }
    return ids;
  };
  EXPECT_THAT(same("p2"), testing::ElementsAre("p1"));
  EXPECT_THAT(same("p3"), testing::ElementsAre("p4")) << "the words, where one of them names no unit";
}

// Two townships, two wordings, one unit: nothing but its name in the directory brings them together.
// spec: P3
TEST(FindRepeats, LooksForWhatIsAboutTheSameUnit) {
  const std::string facts = "和平小区三号楼供热管网老化，去冬室温不足十度，物业与热力公司互相推诿";
  SearchedOffice office;
  FillUp(&office);
  office.Register("c1", {.request = "改造供热管网", .facts = facts, .name = "甲", .phone = "13600000001",
                         .respondent = "住建局", .more = "respondent_org: 'c-housing'", .area = "371403100201"});
  office.Register("c2", {.request = "改造供热管网", .facts = facts, .name = "乙", .phone = "13600000002",
                         .respondent = "县房管部门", .more = "respondent_org: 'c-housing'"});
  const auto found = office.Repeats("c2");
  ASSERT_EQ(found.candidate_size(), 1) << found.ShortDebugString();
  EXPECT_EQ(found.candidate(0).line().id(), "c1");
  EXPECT_TRUE(found.candidate(0).same_respondent());
  EXPECT_FALSE(found.candidate(0).same_area());
  EXPECT_TRUE(found.candidate(0).merge_suggested());
}

// spec: P3 P11
TEST(FindRepeats, NeverNamesAnAccusation) {
  SearchedOffice office;
  FillUp(&office);
  office.Register("p1", kFirst);
  office.Register("p2", kAgain);
  office.CatchUp();
  office.Do("p1", "retype { type: ACCUSATION reason: '反映干部' }", Office());
  v1::FindRepeatsRequest request;
  request.set_id("p2");
  v1::FindRepeatsResponse behind;  // the index has not heard of it yet
  ASSERT_TRUE(office.Query().FindRepeats(office.As(Office()), request, &behind).ok());
  EXPECT_EQ(behind.candidate_size() + behind.line_size(), 0);
  const auto after = office.Repeats("p2", Office());
  EXPECT_EQ(after.candidate_size() + after.line_size(), 0);
  v1::FindRepeatsResponse of_sealed;
  request.set_id("p1");
  EXPECT_TRUE(office.Query().FindRepeats(office.As(Clerk()), request, &of_sealed).refusal());
}

// Flow 5: the same days in two offices; in one accusations came in, told in the same words, by the same person, of the
// same; in the other they never came. Nothing that is said of the others differs, by a figure or an order.
// spec: P3 P11
TEST(FindRepeats, SayTheSameWhetherAnAccusationCameInOrNot) {
  SearchedOffice with, without;
  for (SearchedOffice* office : {&with, &without}) {
    FillUp(office);
    office->Register("p1", kFirst);
    office->Register("p2", kAgain);
  }
  with.Register("s1", kAgain);
  with.Register("s2", {.request = kFirst.request, .facts = kFirst.facts, .phone = kAgain.phone, .type = "ACCUSATION"});
  with.CatchUp();
  with.Do("s1", "retype { type: ACCUSATION reason: '反映干部' }", Office());
  const Actor elsewhere = ActorOf(ROLE_PH, "t-gov", "371403001", "ph9");
  const std::vector<Actor> all{Clerk(),      Office(),     Handler(), Head(),     CityReviewer(),
                               CityOffice(), Discipline(), Leader(),  Resident(), elsewhere};
  for (const Actor& who : all) {
    for (const char* id : {"p1", "p2", "n3", "s1", "s2", "never was"}) {
      const auto ask = [&](SearchedOffice& office) {
        office.CatchUp();
        v1::FindRepeatsRequest request;
        request.set_id(id);
        v1::FindRepeatsResponse response;
        const rpc::Answer answer = office.Query().FindRepeats(office.As(who), request, &response);
        EXPECT_TRUE(answer.ok() || answer.refusal());
        return response.SerializeAsString() + (answer.refusal() ? answer.refusal()->reason : "");
      };
      EXPECT_EQ(ask(with), ask(without)) << id << who.ShortDebugString();
    }
  }
  EXPECT_EQ(with.Repeats("p2").candidate_size(), 1) << "there is something to tell";
}

// Somebody who writes every week: what is decided next is about the newest of it, too.
TEST(FindRepeats, LooksAtMoreOfOnePersonThanItShows) {
  SearchedOffice office;
  for (size_t i = 0; i < kRepeatsMax + 5; ++i) {
    const std::string number = std::to_string(100 + i);
    office.Register("p" + number, {.request = "另一件事" + number, .facts = "各不相同"});
  }
  office.Register("q1", {.request = kFirst.request, .facts = kFirst.facts});
  office.Register("q2", {.request = kFirst.request, .facts = kFirst.facts});
  const auto found = office.Repeats("q2");
  ASSERT_EQ(found.candidate_size(), static_cast<int>(kRepeatsMax));
  EXPECT_EQ(found.line_size(), static_cast<int>(kRepeatsMax));
  EXPECT_EQ(found.candidate(0).line().id(), "q1");
}

TEST(FindRepeats, NamesOnlyWhatTheClerkMaySee) {
  SearchedOffice office;
  FillUp(&office);
  office.Register("p1", kFirst, ActorOf(ROLE_PC, "city-petition", "3714", "pc9"));
  office.Register("p2", kAgain);
  EXPECT_EQ(office.Repeats("p2").candidate_size(), 0);
}

}  // namespace
}  // namespace petition
