// Who brought a merged copy petitions in the original: is named, told and heard there, and follows it by the own code.
// 信访工作条例 21 to 23, 32, 35: whoever petitions is told what becomes of it, and may ask for review of the answer.
#include <algorithm>
#include <string>
#include <vector>

#include "services/petition/domain/keys.h"
#include "services/petition/queries.h"
#include "tests/petition/petition_world.h"
#include "tests/support/driven.h"
#include "tests/support/test_sealer.h"

namespace petition {
namespace {

const std::string kNeighbour = "petitioner { person { name: 'vault:c' address: 'vault:d' user_id: 'u2' } } ";
const std::string kMerge = "merge_copy { primary_id: 'p1' }";
const std::string kSeal = "retype { type: ACCUSATION reason: '反映干部问题' }";

void MergeNeighbour(Matter& m, const std::string& more = "") {
  m.As(Clerk()).WhenOn("p2", RegisterText(kNeighbour + more)).WhenOn("p2", kMerge);
  ASSERT_FALSE(m.refusal()) << m.refusal()->reason;
}

// spec: P3
TEST(MergedPeople, PetitionInTheOriginal) {
  Matter m(At::kAccepted);
  MergeNeighbour(m);
  ASSERT_EQ(m.state().petitioner_size(), 2);
  EXPECT_EQ(m.state().petitioner_count(), 2);
  EXPECT_EQ(m.state().petitioner(1).petitioner_id(), "p2");
  EXPECT_EQ(m.state().petitioner(1).person().name(), "vault:c");
  EXPECT_TRUE(MaySee(m.state(), Resident("u2")));
  EXPECT_FALSE(MaySee(m.state(), Resident("u3")));
  const auto entries = PetitionDomain::Indexes("p1", m.state());
  EXPECT_TRUE(std::ranges::any_of(entries, [](const auto& entry) {
    return entry.index == "petitioner" && entry.key.starts_with(ListPrefix("u2", false));
  }));
}

// spec: P3 P21 P27 P31
TEST(MergedPeople, AreHeardThereAndToldSoOnTheCopy) {
  Matter m(At::kRegistered);
  MergeNeighbour(m);
  m.When(kForward, Office(), kMonday).When(kReceive, Handler(), kMonday).When(kAccept, Handler(), kMonday);
  m.When(kHeard, Handler(), kMonday).When(kLooked, Handler(), kMonday).When(DraftText(), Handler(), kMonday);
  m.When(kIssue, Head(), kMonday).When(DeliverText(kMonday), Clerk(), kMonday);
  ASSERT_EQ(m.state().status(), v1::DELIVERED);
  for (const std::string& command : {kAskReview, std::string("evaluate { unit: 4 }"),
                                     std::string("withdraw { statement: '不再反映' }")}) {
    m.As(Resident("u2")).WhenOn("p2", command).ThenRefused(RefusalCode::kWrongStatus, "MERGED_GO_THERE");
    EXPECT_EQ(m.refusal()->field, "id");
    EXPECT_NE(m.refusal()->message_zh.find(m.state().matter_code()), std::string::npos);
    EXPECT_EQ(m.refusal()->metadata.at("primary_id"), "p1");
  }
  m.When("evaluate { unit: 4 }", Resident("u2"), kMonday).AndNotice("petition.evaluated");
  m.When(kAskReview, Resident("u2"), kMonday).AndNotice("petition.review_requested");
}

// Art. 20: 代表人数不得超过5人.
// spec: P3
TEST(MergedPeople, HaveFiveRepresentativesTogether) {
  std::string three;
  for (int i = 0; i < 3; ++i) three += "petitioner { person { name: 'n' address: 'a' } representative: true } ";
  Matter m(City(), "p1");
  m.WithChance(7).When(RegisterText(three), Clerk(), kMonday);
  m.WhenOn("p2", RegisterText(three)).WhenOn("p2", kMerge);
  ASSERT_EQ(m.state().petitioner_size(), 6);
  EXPECT_EQ(std::ranges::count_if(m.state().petitioner(), &v1::Petitioner::representative), 5);
}

// Whom the clerk knows to be named there already needs no second entry; whoever follows by an account does.
// spec: P3
TEST(MergedPeople, AreNamedOnceIfTheClerkKnowsThem) {
  const std::string merge = "merge_copy { primary_id: 'p1' counted_already: 1 }";
  Matter m(At::kRegistered);
  m.As(Clerk()).WhenOn("p2", RegisterText("petitioner { person { name: 'n' address: 'a' } }")).WhenOn("p2", merge);
  EXPECT_EQ(m.state().petitioner_size(), 1);
  m.WhenOn("p3", RegisterText(kNeighbour)).WhenOn("p3", merge);
  ASSERT_EQ(m.state().petitioner_size(), 2);
  EXPECT_TRUE(MaySee(m.state(), Resident("u2")));
  EXPECT_EQ(m.state().petitioner_count(), 1);
  m.When("withdraw { statement: '不再反映' }", Resident("u2"), kMonday);
  EXPECT_EQ(m.state().petitioner_size(), 1);
  EXPECT_EQ(m.state().petitioner_count(), 1);
}

// Their thirty days would run from a day on which others were told.
// spec: P3 DP-07
TEST(MergedPeople, DoNotJoinWhatHasBeenAnswered) {
  for (const auto point : {At::kIssued, At::kDelivered, At::kReviewing, At::kReviewDelivered, At::kRechecking}) {
    Matter m(point);
    m.As(Clerk()).WhenOn("p2", RegisterText(kNeighbour)).WhenOn("p2", kMerge);
    m.ThenRefused(RefusalCode::kGuard, "ORIGINAL_ANSWERED");
    EXPECT_EQ(m.refusal()->field, "primary_id");
  }
}

// spec: P1 P3
TEST(MergedPeople, StayWhenThePeopleOfAHandOverAreEntered) {
  Matter m(City(), "p1");
  m.WithChance(7).When(
      "take_referral { origin { service: 'incident' aggregate_id: 'i1' matter_code: 'X' referral_id: 'r1' } "
      "area_code: '371403' }",
      Platform(), kMonday);
  MergeNeighbour(m);
  m.When("complete_intake { type: REQUEST content_code: 'Q05' " + kPetitioner + kContent + "}", Clerk(), kMonday);
  ASSERT_EQ(m.state().petitioner_size(), 2);
  EXPECT_EQ(m.state().petitioner(0).person().user_id(), "u1");
  EXPECT_EQ(m.state().petitioner(1).person().user_id(), "u2");
  EXPECT_EQ(m.state().petitioner(1).petitioner_id(), "p2");
  EXPECT_EQ(m.state().petitioner_count(), 2);
}

// spec: P3 山东28
TEST(MergedPeople, KeepWhoActsForThem) {
  Matter m(At::kRegistered);
  MergeNeighbour(m, "agent { person { name: 'vault:l' user_id: 'l1' } kind: LAWYER mandate_sha256: '" + kScan + "' }");
  EXPECT_TRUE(MaySee(m.state(), Resident("l1")));
  EXPECT_EQ(m.state().agent(0).mandate_sha256(), "") << "the mandate lies with the copy";
  m.When("correct_people { agents_change: true reason: '解除委托' }", Clerk(), kMonday);
  ASSERT_FALSE(m.refusal()) << m.refusal()->reason;
  EXPECT_TRUE(MaySee(m.state(), Resident("l1"))) << "the others' agents are not theirs to dismiss";
}

class MergedShown : public ::testing::Test {
 protected:
  MergedShown() : desk_(kMonday, City(), &sealer_), queries_({[this] { return desk_.Read(); }, nullptr, nullptr}) {
    Do("p1", RegisterText(), Clerk());
    Do("p2", RegisterText(kNeighbour), Clerk());
    code_ = desk_.Read().Get("p2").value()->state.query_code();
    Do("p2", kMerge, Clerk());
    Do("p1", kForward, Office());
  }
  void Do(const std::string& id, const std::string& command, const Actor& actor) {
    const auto outcome = desk_.Do(id, command, actor);
    EXPECT_FALSE(outcome.refusal) << command << outcome.refusal->reason;
  }
  rpc::Caller As(const Actor& actor) {
    rpc::Caller caller;
    caller.actor = actor;
    caller.now_ms = desk_.clock().NowMs();
    caller.note = &note_;
    return caller;
  }
  v1::Petition Shown(const std::string& id, const Actor& actor) {
    v1::GetPetitionRequest request;
    request.set_id(id);
    v1::Petition shown;
    EXPECT_TRUE(queries_.GetPetition(As(actor), request, &shown).ok());
    return shown;
  }
  bool Track(v1::PetitionTrack* track) {
    v1::TrackPetitionRequest request;
    request.set_query_code(code_);
    return queries_.TrackPetition(As(Resident("")), request, track).ok();
  }
  std::vector<std::string> Mine(const std::string& user, bool ended) {
    v1::ListPetitionsRequest request;
    request.set_mine(true);
    request.set_ended(ended);
    v1::ListPetitionsResponse response;
    EXPECT_TRUE(queries_.ListPetitions(As(Resident(user)), request, &response).ok());
    std::vector<std::string> ids;
    for (const auto& line : response.line()) ids.push_back(line.id());
    return ids;
  }
  std::string CodeOf(const std::string& id) { return desk_.Read().Get(id).value()->state.matter_code(); }

  tests::TestSealer sealer_;
  tests::Driven<PetitionDomain> desk_;
  Queries queries_;
  rpc::AuditNote note_;
  std::string code_;
};

// spec: P3
TEST_F(MergedShown, TheirOwnCodeFollowsTheOriginal) {
  v1::PetitionTrack track;
  ASSERT_TRUE(Track(&track));
  EXPECT_EQ(track.status(), v1::FORWARDED);
  EXPECT_EQ(track.holder_org(), "c-hrss");
  EXPECT_EQ(track.matter_code(), CodeOf("p2"));
  EXPECT_EQ(track.primary_code(), CodeOf("p1"));
  EXPECT_GT(track.deadline_size(), 0);
  std::string steps;
  for (const auto& milestone : track.milestone()) steps += milestone.event_type() + " ";
  EXPECT_EQ(steps, "registered merged forwarded ");
  EXPECT_EQ(track.ShortDebugString().find("vault:"), std::string::npos) << "no persons";
}

// spec: P3
TEST_F(MergedShown, TheCopySaysWhereItWentAndTheOriginalWhatCame) {
  for (const Actor& actor : {Resident("u2"), Clerk()}) {
    const v1::Petition copy = Shown("p2", actor);
    EXPECT_EQ(copy.status(), v1::MERGED);
    EXPECT_EQ(copy.primary_id(), "p1");
    EXPECT_EQ(copy.primary_code(), CodeOf("p1"));
    EXPECT_EQ(copy.primary().status(), v1::FORWARDED);
  }
  const v1::Petition original = Shown("p1", Clerk());
  ASSERT_EQ(original.copy_size(), 1);
  EXPECT_EQ(original.copy(0).id(), "p2");
  EXPECT_EQ(original.copy(0).matter_code(), CodeOf("p2"));
  EXPECT_FALSE(original.has_primary());
  EXPECT_EQ(Shown("p1", Handler()).copy_size(), 0) << "the unit may not open it";
  EXPECT_EQ(Mine("u2", false), std::vector<std::string>{"p1"});
  EXPECT_EQ(Mine("u2", true), std::vector<std::string>{"p2"});
}

// spec: P3
TEST_F(MergedShown, ThoseOfOneCopyReadNothingOfTheOthers) {
  const v1::Petition for_second = Shown("p1", Resident("u2"));
  ASSERT_EQ(for_second.petitioner_size(), 2);
  EXPECT_FALSE(for_second.petitioner(0).has_person());
  EXPECT_TRUE(for_second.petitioner(1).has_person());
  EXPECT_FALSE(for_second.has_content());
  EXPECT_EQ(for_second.query_code(), "");
  const v1::Petition for_first = Shown("p1", Resident("u1"));
  EXPECT_TRUE(for_first.petitioner(0).has_person());
  EXPECT_FALSE(for_first.petitioner(1).has_person());
  EXPECT_TRUE(for_first.has_content());
  const v1::Petition for_clerk = Shown("p1", Clerk());
  EXPECT_TRUE(for_clerk.petitioner(0).has_person() && for_clerk.petitioner(1).has_person());
  EXPECT_EQ(for_clerk.petitioner(1).copy_id(), "") << "who came with which is shown to nobody";
}

// spec: P11 flow-5
TEST_F(MergedShown, ACopyThatAccusesIsOnNoListOfCopies) {
  Do("p2", kSeal, Office());
  const v1::Petition original = Shown("p1", Clerk());
  EXPECT_EQ(original.copy_size(), 0);
  EXPECT_EQ(original.petitioner_size(), 1);
  v1::PetitionTrack track;
  EXPECT_FALSE(Track(&track));
}

}  // namespace
}  // namespace petition
