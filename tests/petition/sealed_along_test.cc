// What is sealed with an accusation, and when it is over: Art. 30 knows neither copies nor ends. 不得将信访人的检举、揭发材料以及有关情况
// 透露或者转给被检举、揭发的人员或者单位.
#include <absl/strings/str_cat.h>

#include "services/petition/domain/keys.h"
#include "services/petition/domain/limits.h"
#include "services/petition/queries.h"
#include "services/rpc/id_source.h"
#include "tests/petition/petition_world.h"
#include "tests/support/driven.h"
#include "tests/support/mem_kv.h"
#include "tests/support/test_sealer.h"

namespace petition {
namespace {

const std::string kSeal = "retype { type: ACCUSATION reason: '反映干部问题' }";
const std::string kHand = "transfer_to_discipline { discipline_org: 'c-discipline' }";
const int64_t kLater = kMonday + 2 * base::kDayMs;

std::string Into(const std::string& id) { return "merge_copy { primary_id: '" + id + "' }"; }

std::string Received(const std::string& ids, const std::string& words = "vault:w") {
  return "record_reception { kind: RECEPTION_DAY leader_user_id: 'cl1' area_code: '371403' place: '接访大厅' record: '" +
         words + "' " + ids + " held_at_ms: " + std::to_string(kMonday) + " }";
}

// p1 with its copy p2, and a copy of that, p3.
struct Joint : Matter {
  Joint() : Matter(At::kRegistered) {
    for (const char* id : {"p2", "p3"}) As(Clerk()).WhenOn(id, RegisterText());
    WhenOn("p3", Into("p2")).WhenOn("p2", Into("p1"));
    EXPECT_FALSE(refusal());
  }
};

void ExpectSealed(const v1::State& state, int64_t since) {
  EXPECT_TRUE(Sealed(state));
  EXPECT_EQ(state.status(), v1::REGISTERED);
  EXPECT_EQ(state.ended_at_ms(), 0);
  EXPECT_EQ(state.office_org(), "c-petition");
  EXPECT_TRUE(PetitionDomain::Tallies(state).empty());
  for (const auto& entry : PetitionDomain::Indexes("p", state)) {
    EXPECT_TRUE(entry.index == "sealed" || entry.index == "provisional") << entry.index;
  }
  for (const Actor& nobody : {Handler(), Head(), Resident(), CityReviewer(), Leader(), Clerk(), CityOffice()}) {
    EXPECT_FALSE(MaySee(state, nobody)) << nobody.ShortDebugString();
  }
  for (const auto& clock : state.clock()) {
    EXPECT_EQ(reference::IsRunning(clock), clock.policy_id() == "DP-01") << clock.policy_id();
    if (clock.policy_id() != "DP-01") continue;
    EXPECT_EQ(clock.started_at_ms(), since);
    EXPECT_EQ(clock.holder_org(), "c-petition");
  }
}

// They say the same: each is from then on an accusation of its own beside the original.
// spec: P11 flow-5
TEST(SealedAlong, AreCopiesAndCopiesOfCopies) {
  Matter alone(At::kRegistered);
  alone.When(kSeal, Clerk(), kLater);
  Joint m;
  m.When(kSeal, Clerk(), kLater);
  ASSERT_FALSE(m.refusal());
  EXPECT_EQ(m.events().size(), 3u);
  ASSERT_EQ(m.notices().size(), 1u);  // the copies had left
  EXPECT_EQ(m.notices()[0].SerializeAsString(), alone.notices()[0].SerializeAsString());
  for (const char* id : {"p2", "p3"}) {
    ExpectSealed(m.StateOf(id), kLater);
    EXPECT_TRUE(m.StateOf(id).along_sealed());
    m.As(Office()).WhenOn(id, kHand);
    EXPECT_FALSE(m.refusal());
    m.As(Discipline()).WhenOn(id, "receive_sealed {}");
    EXPECT_FALSE(m.refusal());
    EXPECT_TRUE(PetitionDomain::Timers(m.StateOf(id)).empty());
  }
}

// So too when it is known for one as it is written down.
// spec: P11 flow-5
TEST(SealedAlong, AreCopiesOfWhatAnotherServiceHandedOver) {
  Matter m(City(), "p1");
  m.WithChance(7).When(
      "take_referral { origin { service: 'incident' aggregate_id: 'i1' matter_code: 'X' referral_id: 'r1' } "
      "area_code: '371403' }",
      Platform(), kMonday);
  m.As(Clerk()).WhenOn("p2", RegisterText()).WhenOn("p2", Into("p1"));
  m.When("complete_intake { type: ACCUSATION content_code: 'Q16' " + kPetitioner + kContent + "}", Clerk(), kLater);
  ExpectSealed(m.StateOf("p2"), kLater);
  EXPECT_TRUE(m.state().along_sealed());
}

// An original that says less is handled on: its petitioners have a right to their answer. Who reads it may seal it too.
// spec: P11 flow-5
TEST(SealedAlong, IsNoOriginalWithItsCopy) {
  Joint m;
  const std::string before = m.state().SerializeAsString();
  m.As(Clerk()).At(kLater).WhenOn("p2", kSeal);
  ASSERT_FALSE(m.refusal()) << m.refusal()->reason;
  m.AndNoNotice();
  ExpectSealed(m.StateOf("p2"), kLater);
  ExpectSealed(m.StateOf("p3"), kLater);
  EXPECT_EQ(m.state().SerializeAsString(), before);
  m.When(kSeal, Clerk(), kLater);
  EXPECT_EQ(m.events().size(), 1u);
}

// spec: P11 flow-5
TEST(SealedAlong, FollowsInStepsIfItIsMuch) {
  const size_t copies = kSealedAlongStep + 2;
  Matter m(At::kRegistered);
  for (size_t i = 0; i < copies; ++i) {
    const std::string id = absl::StrCat("q", i);
    m.As(Clerk()).WhenOn(id, RegisterText()).WhenOn(id, Into("p1"));
  }
  m.When(kSeal, Clerk(), kLater).AndTimer("seal_along", 1);
  EXPECT_EQ(m.events().size(), 1 + kSealedAlongStep);
  m.WhenTimerFires("seal_along").AndNoNotice().AndNoTimer("seal_along");
  for (size_t i = 0; i < copies; ++i) ExpectSealed(m.StateOf(absl::StrCat("q", i)), kLater);
}

// An older program sealed the original and let the copies lie.
// spec: P11 flow-5
TEST(SealedAlong, IsWhatAnOlderProgramLeftOpen) {
  Joint m;
  m.As(Leader()).WhenOn("r1", Received("petition_id: 'p1'"));
  m.At(kMonday).Given({"retyped { from: REQUEST to: ACCUSATION reason: '检举' office_org: 'c-petition' "
                       "office_area: '371403' office_level: 4 }"});
  EXPECT_FALSE(Sealed(m.StateOf("p2")));
  m.AndTimer("seal_along", 1).At(kLater).WhenTimerFires("seal_along").AndNoNotice().AndNoTimer("seal_along");
  ExpectSealed(m.StateOf("p2"), kLater);
  ExpectSealed(m.StateOf("p3"), kLater);
  EXPECT_TRUE(Sealed(m.StateOf("r1")));
  Matter born(City(), "p1");  // what was one from the beginning has nothing to look for
  born.WithChance(7).When(RegisterText("", "ACCUSATION"), Clerk(), kMonday).AndNoTimer("seal_along");
}

// ---- after its end

struct End {
  enum At from;
  std::string command;
  Actor by;
};
std::vector<End> Ends() {
  return {{At::kReceived, "refuse_acceptance { code: 'NA07' " + kNotice + "}", Handler()},
          {At::kReceived, "redirect { code: 'NA03' procedure: '诉讼' organ: '法院' " + kNotice + "}", Handler()},
          {At::kAccepted, "record_settlement { agreement: '补发' proof_sha256: '" + kScan + "' }", Handler()},
          {At::kAccepted, "withdraw { statement: '不再反映' }", Resident()},
          {At::kDelivered, "expire_clock { policy_id: 'DP-07' }", Platform()},
          {At::kReviewDelivered, "expire_clock { policy_id: 'DP-09' }", Platform()}};
}

// The unit it accuses refused it, and had its words for good.
// spec: P11 flow-5 DP-01
TEST(SealedAfterItsEnd, IsTakenFromWhoEndedIt) {
  for (const End& end : Ends()) {
    const int64_t over = end.command.starts_with("expire") ? kMonday + 40 * base::kDayMs : kMonday;
    Matter m(end.from);
    m.Upload();
    m.When(end.command, end.by, over);
    ASSERT_FALSE(m.refusal()) << end.command << m.refusal()->reason << m.refusal()->field;
    ASSERT_FALSE(IsOpen(m.state().status())) << end.command;
    const auto offered = AllowedCommands(m.state(), Handler());
    EXPECT_EQ(std::ranges::find(offered, "retype"), offered.end());
    m.When(kSeal, Handler("ph9"), over + 1).ThenRefused(RefusalCode::kNotAllowed);
    m.When("retype { type: SUGGESTION reason: '类型有误' }", Clerk(), over + 1).ThenRefused(RefusalCode::kWrongStatus);
    const auto of_clerk = AllowedCommands(m.state(), Clerk());
    EXPECT_NE(std::ranges::find(of_clerk, "retype"), of_clerk.end());
    m.When(kSeal, Clerk(), over + 1);
    ASSERT_FALSE(m.refusal()) << end.command << m.refusal()->reason;
    ASSERT_EQ(m.notices().size(), 1u);  // as it leaves while it is open
    EXPECT_EQ(m.notices()[0].topic(), "petition.removed");
    EXPECT_EQ(m.Payload().status(), v1::MERGED);
    EXPECT_TRUE(m.Payload().clock().empty());
    EXPECT_TRUE(m.Payload().holder_org().empty());
    EXPECT_TRUE(m.Payload().refusal_code().empty());
    ExpectSealed(m.state(), over + 1);
    m.When("evaluate { unit: 1 office: 1 }", Resident(), over + 1)
        .ThenRefused(RefusalCode::kNotFound, "NO_SUCH_MATTER");
    m.When(kHand, Office(), over + 1).AndNotice("petition.sealed").AndNoTimer();
    m.When("receive_sealed {}", Discipline(), over + 1);
    EXPECT_FALSE(m.refusal());
  }
}

// spec: P11 flow-5
TEST(SealedAfterItsEnd, IsCountedNoMore) {
  Matter m(At::kRegistered);
  m.When("refuse_acceptance { code: 'NA07' " + kNotice + "}", Office(), kMonday)
      .AndTally("status/371403001/4/NOT_ACCEPTED", 1);
  m.When(kSeal, Office(), kMonday)
      .AndTally("status/371403001/4/NOT_ACCEPTED", 0)
      .AndTally("content/371403001/4/Q05", 0);
}

// Whoever handed it over was told how it ended, and hears no second answer.
// spec: P11 flow-5
TEST(SealedAfterItsEnd, IsAnsweredOnce) {
  Matter m(City(), "p1");
  m.WithChance(7).When(
      "take_referral { origin { service: 'incident' aggregate_id: 'i1' matter_code: 'X' referral_id: 'r1' } "
      "area_code: '371403' }",
      Platform(), kMonday);
  m.When("complete_intake { type: REQUEST content_code: 'Q05' " + kPetitioner + kContent + "}", Clerk(), kMonday);
  m.When("refuse_acceptance { code: 'NA07' " + kNotice + "}", Office(), kMonday).AndNotice("petition.not_accepted");
  m.When(kSeal, Clerk(), kLater).AndNotice("petition.removed");
  ASSERT_EQ(m.notices().size(), 1u);
  EXPECT_EQ(m.Payload().status(), v1::MERGED);
}

// ---- receptions

struct Hall : ::testing::Test {
  Hall() : desk(kMonday, City(), &sealer), vault(rpc::CipherProfile::kAesGcm, std::string(32, 'm')) {
    Do("p1", RegisterText(), Clerk());
    Do("p2", RegisterText(), Clerk());
  }
  void Do(const std::string& id, const std::string& command, const Actor& actor) {
    const auto outcome = desk.Do(id, command, actor);
    ASSERT_FALSE(outcome.refusal) << command << outcome.refusal->reason;
  }
  // As the method does it: what was said goes into the vault first.
  void Receive(const std::string& id, const std::string& petitions, const std::string& words) {
    v1::Command command;
    const std::string text = Received(petitions, words);
    ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &command)) << text;
    std::vector<storage::Batch::Op> ops;
    ASSERT_TRUE(vault.Seal(kept, id, kMonday, ids, command.mutable_record_reception(), &ops).ok());
    storage::Batch batch;
    for (const auto& op : ops) batch.Put(op.space, op.key, *op.value);
    ASSERT_TRUE(kept.Commit(batch, storage::Durability::kSynced).ok());
    const auto outcome = desk.Do(id, std::move(command), Leader());
    ASSERT_FALSE(outcome.refusal) << outcome.refusal->reason;
  }
  rpc::Caller As(const Actor& actor) {
    rpc::Caller caller;
    caller.actor = actor;
    caller.now_ms = kMonday;
    caller.note = &note;
    return caller;
  }
  std::vector<std::string> Records(const Actor& actor, int page_size = 0) {
    const Queries queries({[this] { return desk.Read(); }, &vault, &kept});
    v1::ListReceptionsRequest request;
    request.set_area_code("371403");
    request.set_page_size(page_size);
    v1::ListReceptionsResponse list;
    EXPECT_TRUE(queries.ListReceptions(As(actor), request, &list).ok());
    std::vector<std::string> records;
    for (const auto& line : list.line()) records.push_back(line.reception().record());
    return records;
  }
  std::vector<std::string> Opened(const std::string& id, const Actor& actor) {
    const Queries queries({[this] { return desk.Read(); }, &vault, &kept});
    v1::OpenSealedRequest request;
    request.set_id(id);
    request.set_reason("初核");
    v1::OpenSealedResponse opened;
    if (!queries.OpenSealed(As(actor), request, &opened).ok()) return {"refused"};
    std::vector<std::string> records;
    for (const auto& reception : opened.reception()) records.push_back(reception.record());
    return records;
  }

  tests::TestSealer sealer;
  tests::Driven<PetitionDomain> desk;
  rpc::Vault vault;
  tests::MemKv kept;
  rpc::IdSource ids{base::Random(7)};
  rpc::AuditNote note;
};
using Texts = std::vector<std::string>;

// What people said of others stood in the log, and in every list, as it was written.
// spec: P30 flow-5
TEST_F(Hall, KeepsWhatWasSaidInTheVault) {
  Receive("r1", "petition_id: 'p1'", "邵某电话13900030771，反映某局长收钱");
  EXPECT_TRUE(rpc::IsVaultToken(desk.Read().Get("r1").value()->state.reception().record()));
  EXPECT_EQ(Records(Leader()), Texts{"邵某电话139****0771，反映某局长收钱"});
}

// The record named who accused whom, to every leader of the area, after the petition was gone.
// spec: P30 P11 flow-5
TEST_F(Hall, ARecordGoesWithWhatWasBroughtThere) {
  Receive("r1", "petition_id: 'p1' petition_id: 'p2'", "反映某局长收钱");
  Receive("r2", "", "反映供热");
  Receive("r3", "petition_id: 'p2'", "又来反映供热");
  EXPECT_EQ(Records(Leader()).size(), 3u);
  Do("p1", kSeal, Clerk());
  for (const Actor& actor : {Leader(), Clerk(), Office(), CityOffice(), Discipline()}) {
    EXPECT_EQ(Records(actor), (Texts{"反映供热", "又来反映供热"}));
    EXPECT_EQ(Records(actor, 1), Texts{"反映供热"});  // a page of one has one
  }
  EXPECT_FALSE(desk.Read().view().Get(storage::KeySpace::kState, "r1").value());
  EXPECT_EQ(Opened("p1", Office()), Texts{"反映某局长收钱"});
  EXPECT_EQ(Opened("p1", Leader()), Texts{"refused"});
  EXPECT_EQ(Opened("p2", Office()), Texts{"refused"});
  Do("p1", kHand, Office());
  EXPECT_EQ(Opened("p1", Discipline()), Texts{"反映某局长收钱"});
  Do("p2", kSeal, Clerk());  // the other one that was brought there
  EXPECT_EQ(Records(Leader()), Texts{"反映供热"});
  EXPECT_EQ(Opened("p2", Office()).size(), 2u);
}

// Brought there was the copy; the original is what is sealed.
// spec: P30 P11 flow-5
TEST_F(Hall, ARecordGoesWithTheOriginalOfWhatWasBroughtThere) {
  Receive("r1", "petition_id: 'p1' petition_id: 'p2'", "反映某局长收钱");
  Receive("r2", "petition_id: 'p2'", "再次反映某局长");
  Do("p2", Into("p1"), Clerk());
  Do("p1", kSeal, Clerk());
  EXPECT_EQ(Records(Leader()), Texts{});
  EXPECT_EQ(Opened("p2", Office()).size(), 2u);
}

}  // namespace
}  // namespace petition
