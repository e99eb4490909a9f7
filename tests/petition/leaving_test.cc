// One of several leaves a petition: who withdraws alone, and who came with a copy that turns out to accuse somebody.
// 信访工作条例 30: 不得将信访人的检举、揭发材料以及有关情况透露或者转给被检举、揭发的人员或者单位.
#include <gmock/gmock.h>

#include <string>
#include <utility>
#include <vector>

#include "services/petition/queries.h"
#include "tests/petition/petition_world.h"
#include "tests/support/driven.h"
#include "tests/support/test_sealer.h"

namespace petition {
namespace {

using testing::ElementsAre, testing::IsEmpty;

const std::string kNeighbour = "petitioner { person { name: 'vault:c' address: 'vault:d' user_id: 'u2' } } ";
const std::string kThird = "petitioner { person { name: 'vault:e' address: 'vault:g' user_id: 'u3' } } ";
const std::string kMerge = "merge_copy { primary_id: 'p1' }";
const std::string kSeal = "retype { type: ACCUSATION reason: '反映干部问题' }";
const std::string kLeave = "withdraw { statement: '不再反映' }";

std::string Signed(const std::string& who) {
  return "withdraw { statement: '不再反映' proof_sha256: '" + kScan + "' " + who + " }";
}

std::vector<std::string> IdsOf(const v1::State& state) {
  std::vector<std::string> ids;
  for (const auto& one : state.petitioner()) ids.push_back(one.petitioner_id());
  return ids;
}

// What one of them gave up alone, the others went on asking; before, nobody could leave.
// spec: P27
TEST(Leaving, OfOneLetsTheOthersGoOn) {
  Matter m(At::kAccepted, kMonday, kPetitioner + kNeighbour);
  m.When(kLeave, Resident("u2"), kMonday);
  ASSERT_FALSE(m.refusal()) << m.refusal()->reason;
  EXPECT_EQ(m.state().status(), v1::ACCEPTED);
  EXPECT_TRUE(m.Runs("DP-05"));
  EXPECT_THAT(IdsOf(m.state()), ElementsAre("p1"));
  EXPECT_EQ(m.state().petitioner_count(), 1);
  EXPECT_FALSE(MaySee(m.state(), Resident("u2")));
  EXPECT_TRUE(MaySee(m.state(), Resident("u1")));
  m.When(kLeave, Resident("u1"), kMonday).AndNotice("petition.withdrawn");
  EXPECT_EQ(m.state().status(), v1::WITHDRAWN) << "the last one";
}

// spec: P27
TEST(Leaving, IsEachOnesOwnWord) {
  Matter m(At::kAccepted, kMonday, kPetitioner + kNeighbour);
  m.When("withdraw { statement: '不再反映' petitioner_id: 'p1' }", Resident("u2"), kMonday)
      .ThenRefused(RefusalCode::kInvalid, "UNKNOWN_PETITIONER");
  EXPECT_EQ(m.refusal()->field, "petitioner_id[0]");
  m.When("withdraw { statement: '不再反映' unnamed: 1 }", Resident("u2"), kMonday).ThenRefused("UNNAMED_LEAVE");
  m.When("withdraw { statement: '不再反映' petitioner_id: 'p2' }", Resident("u2"), kMonday);
  EXPECT_THAT(IdsOf(m.state()), ElementsAre("p1"));
}

// spec: P27 山东28
TEST(Leaving, ByAnAgentSaysOfWhom) {
  const std::string agent =
      "agent { person { name: 'vault:l' user_id: 'l1' } kind: LAWYER mandate_sha256: '" + kScan + "' }";
  Matter m(At::kAccepted, kMonday, kPetitioner + kNeighbour + agent);
  m.When(kLeave, Resident("l1"), kMonday).ThenRefused(RefusalCode::kInvalid, "VALUE_NEEDED");
  EXPECT_EQ(m.refusal()->field, "petitioner_id");
  m.When("withdraw { statement: '不再反映' petitioner_id: 'p2' }", Resident("l1"), kMonday);
  EXPECT_THAT(IdsOf(m.state()), ElementsAre("p1"));
  EXPECT_EQ(m.state().agent_size(), 1) << "who acts for the one that stays";
  m.When(kLeave, Resident("l1"), kMonday).AndNotice("petition.withdrawn");
}

// spec: P27
TEST(Leaving, IsEnteredByAClerkWithWhatTheyHaveSigned) {
  Matter m(At::kAccepted, kMonday, kPetitioner + kNeighbour + "petitioner_count: 9");
  m.When(Signed("petitioner_id: 'p2' unnamed: 8"), Clerk(), kMonday).ThenRefused("UNNAMED_LEAVE");
  EXPECT_EQ(m.refusal()->field, "unnamed");
  m.When(Signed("petitioner_id: 'p2' unnamed: 5"), Clerk(), kMonday).AndNotice("petition.document_referred");
  EXPECT_EQ(m.Mentioned(), std::vector<std::string>{kScan});
  EXPECT_EQ(m.state().petitioner_count(), 3);
  EXPECT_THAT(m.state().left_proof_sha256(), ElementsAre(kScan));
  EXPECT_TRUE(m.state().withdrawal_proof_sha256().empty());
  m.When(Signed("petitioner_id: 'p1' unnamed: 2"), Clerk(), kMonday).AndNotice("petition.withdrawn");
}

// Only those were left whom nobody names: a clerk could not enter it, so whoever saw it knew of a sealed copy.
// spec: P27 P11
TEST(Leaving, MayLeaveThoseWhomNobodyNames) {
  Matter m(At::kAccepted, kMonday, kPetitioner + kNeighbour + "petitioner_count: 9");
  m.When(Signed("petitioner_id: 'p1' petitioner_id: 'p2'"), Clerk(), kMonday).AndNotice("petition.document_referred");
  EXPECT_EQ(m.state().petitioner_size(), 0);
  EXPECT_EQ(m.state().petitioner_count(), 7);
  EXPECT_EQ(m.state().status(), v1::ACCEPTED);
}

// The one who came next got the number of the one who had left, and the log named two people by it.
// spec: P27 P3
TEST(Leaving, FreesNoNumber) {
  Matter m(At::kRegistered, kMonday, kPetitioner + kNeighbour);
  m.When(kLeave, Resident("u2"), kMonday);
  m.As(Clerk()).WhenOn("p2", RegisterText(kThird)).WhenOn("p2", kMerge);
  EXPECT_THAT(IdsOf(m.state()), ElementsAre("p1", "p3"));
}

// ---- by a copy that is sealed

// p1 with its copy p2, which a neighbour brought with two whom nobody names.
struct Joined : Matter {
  explicit Joined(enum At point = At::kAccepted) : Matter(point) { Join("p2", kNeighbour + "petitioner_count: 3"); }
  void Join(const std::string& id, const std::string& people) {
    As(Clerk()).WhenOn(id, RegisterText(people)).WhenOn(id, kMerge);
    EXPECT_FALSE(refusal());
  }
};

// The accused unit went on reading, and could reveal, who had come with the copy that accuses it.
// spec: P11 flow-5 P27
TEST(SealedCopy, TakesItsPeopleOutOfTheOriginal) {
  Joined m;
  EXPECT_EQ(m.state().petitioner_count(), 4);
  m.As(Office()).WhenOn("p2", kSeal);
  ASSERT_FALSE(m.refusal()) << m.refusal()->reason;
  EXPECT_THAT(IdsOf(m.state()), ElementsAre("p1"));
  EXPECT_EQ(m.state().petitioner_count(), 1);
  EXPECT_EQ(m.state().unnamed_size(), 0);
  EXPECT_FALSE(MaySee(m.state(), Resident("u2")));
  EXPECT_EQ(m.state().status(), v1::ACCEPTED);
  EXPECT_TRUE(Sealed(m.StateOf("p2")));
}

// As when a clerk enters that the same have withdrawn: state and notice are the same but for the paper.
// spec: P11 flow-5 P27
TEST(SealedCopy, LooksLikeAWithdrawal) {
  Joined sealed, withdrawn;
  sealed.As(Office()).WhenOn("p2", kSeal);
  ASSERT_EQ(sealed.notices().size(), 1u);
  withdrawn.When(Signed("petitioner_id: 'p2' unnamed: 2"), Clerk(), kMonday);
  ASSERT_EQ(withdrawn.notices().size(), 1u);
  EXPECT_EQ(sealed.notices()[0].topic(), withdrawn.notices()[0].topic());
  EXPECT_TRUE(sealed.notices()[0].anonymous() && withdrawn.notices()[0].anonymous());
  v1::State left = withdrawn.state();
  left.clear_left_proof_sha256();
  left.clear_unnamed();
  EXPECT_EQ(sealed.state().SerializeAsString(), left.SerializeAsString());
}

// spec: P11 flow-5 P3
TEST(SealedCopy, TakesAlongWhoCameByIt) {
  for (const auto& [sealed, stay] : {std::pair("p2", 1), std::pair("p3", 2)}) {
    Matter m(At::kRegistered);
    m.As(Clerk()).WhenOn("p3", RegisterText(kThird)).WhenOn("p2", RegisterText(kNeighbour));
    m.WhenOn("p3", "merge_copy { primary_id: 'p2' }").WhenOn("p2", kMerge);
    ASSERT_EQ(m.state().petitioner_size(), 3);
    m.As(Clerk()).WhenOn(sealed, kSeal);
    EXPECT_EQ(m.state().petitioner_size(), stay) << "those of the copy that p3 is a copy of stay with it";
  }
}

// spec: P11 flow-5 P27
TEST(SealedCopy, OfWhomAloneItWasEndsIt) {
  Joined m;
  m.When(kLeave, Resident("u1"), kMonday);
  m.As(Office()).WhenOn("p2", kSeal);
  EXPECT_EQ(m.state().status(), v1::WITHDRAWN);
  m.AndNoTimer("due/DP-05");
}

// Once it has been answered no clerk enters a withdrawal; so sealing changes nothing that anybody could see.
// spec: P11 flow-5
TEST(SealedCopy, LeavesNoTraceInWhatHasBeenAnswered) {
  Joined m;
  m.When(kHeard, Handler(), kMonday).When(kLooked, Handler(), kMonday).When(DraftText(), Handler(), kMonday);
  m.When(kIssue, Head(), kMonday);
  const std::string before = m.state().SerializeAsString();
  m.As(Office()).WhenOn("p2", kSeal);
  ASSERT_FALSE(m.refusal()) << m.refusal()->reason;
  EXPECT_EQ(m.state().SerializeAsString(), before);
  m.AndNoNotice();
}

// One of a copy had left before it was sealed: the two whom nobody names were forgotten, and went on being counted.
// spec: P11 P27
TEST(SealedCopy, TakesThoseNobodyNamesThoughWhoNamedThemHasLeft) {
  Joined m;
  m.When(kLeave, Resident("u2"), kMonday);
  ASSERT_FALSE(m.refusal()) << m.refusal()->reason;
  EXPECT_EQ(m.state().petitioner_count(), 3);
  m.As(Office()).WhenOn("p2", kSeal);
  EXPECT_EQ(m.state().petitioner_count(), 1);
  EXPECT_EQ(m.state().unnamed_size(), 0);
}

// A head ends it by sealing the copy of the last ones, and never withdraws: the stream said whose hand it was.
// spec: P11 flow-5
TEST(Withdrawal, WithoutAPaperIsAnonymous) {
  Matter online(At::kAccepted), signed_one(At::kAccepted);
  online.When(kLeave, Resident("u1"), kMonday).AndNotice("petition.withdrawn");
  EXPECT_TRUE(online.notices()[0].anonymous());
  signed_one.When(Signed(""), Clerk(), kMonday);
  EXPECT_FALSE(signed_one.notices()[0].anonymous());
}

class LeavingShown : public ::testing::Test {
 protected:
  LeavingShown() : desk_(kMonday, City(), &sealer_), queries_({[this] { return desk_.Read(); }, nullptr, nullptr}) {
    Do("p1", RegisterText(), Clerk());
    Do("p2", RegisterText(kNeighbour), Clerk());
    Do("p2", kMerge, Clerk());
    for (const auto& command : {kForward}) Do("p1", command, Office());
    for (const auto& command : {kReceive, kAccept}) Do("p1", command, Handler());
  }
  void Do(const std::string& id, const std::string& command, const Actor& actor) {
    const auto outcome = desk_.Do(id, command, actor);
    EXPECT_FALSE(outcome.refusal) << command << outcome.refusal->reason;
  }
  void Answer() {
    for (const auto& command : {kHeard, kLooked, DraftText()}) Do("p1", command, Handler());
    Do("p1", kIssue, Head());
  }
  rpc::Caller As(const Actor& actor) {
    rpc::Caller caller;
    caller.actor = actor;
    caller.now_ms = desk_.clock().NowMs();
    caller.note = &note_;
    return caller;
  }
  v1::Petition Shown(const Actor& actor) {
    v1::GetPetitionRequest request;
    request.set_id("p1");
    v1::Petition shown;
    EXPECT_TRUE(queries_.GetPetition(As(actor), request, &shown).ok());
    return shown;
  }
  std::vector<v1::PetitionStep> Left(const Actor& actor) {
    v1::ListPetitionStepsRequest request;
    request.set_id("p1");
    v1::ListPetitionStepsResponse response;
    EXPECT_TRUE(queries_.ListPetitionSteps(As(actor), request, &response).ok());
    std::vector<v1::PetitionStep> steps;
    for (const auto& step : response.step()) {
      if (step.event_type() == "people_left") steps.push_back(step);
    }
    return steps;
  }

  tests::TestSealer sealer_;
  tests::Driven<PetitionDomain> desk_;
  Queries queries_;
  rpc::AuditNote note_;
};

// The unit reads that somebody left, and not by which command or whose it was; a head of the office seals, a clerk
// enters a withdrawal.
// spec: P11 flow-5 P27
TEST_F(LeavingShown, IsAStepThatDoesNotSayWhy) {
  Do("p2", kSeal, Office());
  const auto of_unit = Left(Handler());
  ASSERT_EQ(of_unit.size(), 1u);
  EXPECT_EQ(of_unit[0].command(), "");
  EXPECT_EQ(of_unit[0].actor_id(), "");
  EXPECT_EQ(of_unit[0].actor_org(), "");
  EXPECT_EQ(of_unit[0].actor_role(), kernel::v1::ROLE_UNSPECIFIED);
  EXPECT_EQ(Left(Clerk())[0].actor_id(), "po1");
  EXPECT_THAT(Left(Resident("u1")), IsEmpty()) << "what the others do is their own affair";
  EXPECT_EQ(Shown(Handler()).petitioner_size(), 1);
}

// Nobody was shown the paper of those who left, so nobody could read its bytes; the unit is not told of it.
// spec: P27 P11
TEST_F(LeavingShown, ThePaperIsTheOfficesAlone) {
  Do("p1", Signed("petitioner_id: 'p2'"), Clerk());
  EXPECT_THAT(Shown(Clerk()).left_proof_sha256(), ElementsAre(kScan));
  EXPECT_THAT(Shown(Handler()).left_proof_sha256(), IsEmpty());
  EXPECT_THAT(Shown(Resident("u1")).left_proof_sha256(), IsEmpty());
}

// What one of them thinks the others do not read; the offices read each, and not whose it is.
// spec: P31
TEST_F(LeavingShown, EvaluationsAreReadByWhoGaveThem) {
  Answer();
  Do("p1", DeliverText(kMonday), Clerk());
  Do("p1", "evaluate { unit: 1 office: 5 text: '慢' }", Resident("u1"));
  Do("p1", "evaluate { unit: 4 }", Resident("u2"));
  EXPECT_EQ(Shown(Resident("u1")).evaluation().text(), "慢");
  EXPECT_EQ(Shown(Resident("u2")).evaluation().unit(), 4);
  EXPECT_EQ(Shown(Resident("u2")).given_size(), 0);
  const v1::Petition staff = Shown(Handler());
  EXPECT_EQ(staff.evaluation().unit(), 3) << "two and a half";
  EXPECT_EQ(staff.evaluation().office(), 5) << "of the one who rated it";
  EXPECT_EQ(staff.evaluation().text(), "");
  ASSERT_EQ(staff.given_size(), 2);
  for (const auto& one : staff.given()) EXPECT_EQ(one.petitioner_id(), "");
}

// From its answer on the unit reads nobody who came with a copy: a copy that is sealed then looks like all of them.
// spec: P11 flow-5
TEST_F(LeavingShown, AfterTheAnswerTheUnitReadsNobodyWhoCameWithACopy) {
  EXPECT_TRUE(Shown(Handler()).petitioner(1).has_person());
  Answer();
  const std::string before = Shown(Handler()).SerializeAsString();
  EXPECT_FALSE(Shown(Handler()).petitioner(1).has_person());
  EXPECT_TRUE(Shown(Handler()).petitioner(0).has_person());
  EXPECT_TRUE(Shown(Clerk()).petitioner(1).has_person());
  EXPECT_TRUE(Shown(Resident("u2")).petitioner(1).has_person());
  Do("p2", kSeal, Office());
  EXPECT_EQ(Shown(Handler()).SerializeAsString(), before);
  EXPECT_THAT(Left(Handler()), IsEmpty());
}

}  // namespace
}  // namespace petition
