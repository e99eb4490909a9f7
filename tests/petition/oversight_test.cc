// What oversight says of a petition lies over it.
#include "services/petition/show.h"
#include "services/petition/subscriptions.h"
#include "media/v1/notices.pb.h"
#include "oversight/v1/notices.pb.h"
#include "tests/petition/petition_world.h"

namespace petition {
namespace {

std::string Said(const std::string& topic, const std::string& what) {
  return "hear_oversight { topic: 'oversight." + topic + "' " + what + " }";
}
const std::string kYellow =
    "order { order_id: 'or-1' card: CARD_YELLOW issuer_org: 'c-gov' to_org: 'c-hrss' due_at_ms: 9 }";
const std::string kWords = "instruction { instruction_id: 'in-1' issuer_org: 'c-gov' to_org: 'c-hrss' due_at_ms: 9 }";

// spec: O3 O4
TEST(Order, LiesOverThePetitionUntilItIsClosed) {
  Matter m(At::kAccepted);
  const int64_t due = m.DueOf("DP-05");
  m.When(Said("order_issued", kYellow), Platform(), kMonday).AndNotice("petition.order_set");
  EXPECT_EQ(m.Payload().card(), common::v1::CARD_YELLOW);
  EXPECT_EQ(m.state().order_size(), 1);
  EXPECT_EQ(m.state().status(), v1::ACCEPTED);  // its course is its own
  EXPECT_EQ(m.DueOf("DP-05"), due);
  m.When(Said("order_issued", kYellow)).ThenNothing();  // told twice
  m.When(Said("order_closed", kYellow)).AndNotice("petition.order_set");
  EXPECT_EQ(m.Payload().card(), common::v1::CARD_NONE);
  EXPECT_EQ(m.state().order_size(), 0);
  m.When(Said("order_closed", kYellow)).ThenNothing();
}

// An answer that was sent back is due on another day.
// spec: O6
TEST(Order, SentBackIsShownWithItsNewDay) {
  Matter m(At::kAccepted);
  m.When(Said("order_issued", kYellow), Platform(), kMonday)
      .When(Said("order_issued", "order { order_id: 'or-1' card: CARD_YELLOW due_at_ms: 99 }"));
  ASSERT_EQ(m.state().order_size(), 1);
  EXPECT_EQ(m.state().order(0).due_at_ms(), 99);
}

// The unit that handles a petition read that its leaders had written about it before they had it distributed.
// spec: O7
TEST(Instruction, IsNotedOnceItIsDistributedAndNotBefore) {
  Matter m(At::kAccepted);
  m.When(Said("instructed", "instruction { instruction_id: 'in-1' issuer_org: 'c-gov' due_at_ms: 9 }"), Platform(),
         kMonday)
      .ThenNothing()
      .AndNoNotice();
  m.When(Said("instruction_distributed", kWords), Platform(), kMonday + 1).AndNotice("petition.instructed");
  ASSERT_EQ(m.state().instruction_size(), 1);
  EXPECT_EQ(m.state().instruction(0).to_org(), "c-hrss");
  EXPECT_EQ(m.state().instruction(0).at_ms(), kMonday + 1);
  m.When(Said("instruction_distributed", kWords)).ThenNothing();
}

// spec: O7
TEST(Instruction, ThatWasWithdrawnBeforeAnybodyHadItIsNeverHeardOf) {
  Matter m(At::kAccepted);
  m.When(Said("instructed", kWords), Platform(), kMonday);
  m.When(Said("instruction_withdrawn", kWords), Platform(), kMonday).ThenNothing().AndNoNotice();
  EXPECT_TRUE(m.state().instruction().empty());
}

// What an earlier build noted when it was given is shown once it has gone to somebody.
// spec: O7
TEST(Instruction, NotedByAnEarlierBuildIsShownWhenItIsDistributed) {
  Matter m(At::kAccepted);
  m.Given({"instructed { instruction { instruction_id: 'in-1' issuer_org: 'c-gov' due_at_ms: 9 at_ms: 5 } }"});
  v1::Petition before, after;
  ShowPetition(m.state(), &before);
  EXPECT_TRUE(before.instruction().empty());
  m.When(Said("instruction_distributed", kWords), Platform(), kMonday).AndNoNotice();
  ShowPetition(m.state(), &after);
  ASSERT_EQ(after.instruction_size(), 1);
  EXPECT_EQ(after.instruction(0).to_org(), "c-hrss");
  EXPECT_EQ(after.instruction(0).at_ms(), 5);
}

// What became of it oversight tells whoever must hear: no second word here.
// spec: O7
TEST(Instruction, SaysThatItWasWithdrawn) {
  Matter m(At::kAccepted);
  m.When(Said("instruction_distributed", kWords), Platform(), kMonday);
  m.When(Said("instruction_withdrawn", kWords), Platform(), kMonday + 2).AndNoNotice();
  ASSERT_EQ(m.state().instruction_size(), 1);
  EXPECT_EQ(m.state().instruction(0).withdrawn_at_ms(), kMonday + 2);
  EXPECT_EQ(m.state().instruction(0).at_ms(), kMonday);
  m.When(Said("instruction_withdrawn", kWords), Platform(), kMonday + 3).ThenNothing();
  m.When(Said("instruction_withdrawn", "instruction { instruction_id: 'unheard' }")).ThenNothing();
}

// Who handles a petition, and where, is the law's to say.
TEST(Oversight, MovesNoPetition) {
  Matter m(At::kAccepted);
  for (const char* topic : {"assigned", "send_down_requested", "escalate_requested", "reminded"}) {
    m.When(Said(topic, kWords), Platform(), kMonday).ThenNothing();
  }
}

// A word would tell a merged copy from an accusation; and what lay over it before is gone with it (Art. 30).
// spec: P11 O3 O7
TEST(Oversight, IsSilentAboutWhatHasLeftTheLists) {
  for (const bool accusation : {false, true}) {
    Matter m(At::kRegistered);
    m.As(Clerk()).WhenOn("p2", RegisterText());
    m.When(Said("order_issued", kYellow), Platform(), kMonday).When(Said("instruction_distributed", kWords));
    EXPECT_EQ(m.state().instruction_size(), 1);
    const char* leaves = accusation ? "retype { type: ACCUSATION reason: '检举' }" : "merge_copy { primary_id: 'p2' }";
    m.When(leaves, Clerk(), kMonday);
    EXPECT_FALSE(m.refusal());
    EXPECT_EQ(m.state().order_size(), 0);
    m.When(Said("order_issued", kYellow), Platform(), kMonday).ThenNothing().AndNoNotice();
    m.When(Said("order_closed", kYellow)).ThenNothing().AndNoNotice();
    for (const char* topic : {"instructed", "instruction_distributed", "instruction_withdrawn"}) {
      m.When(Said(topic, kWords)).ThenNothing().AndNoNotice();
    }
  }
}

std::vector<kernel::Envelope> Heard(const oversight::v1::Notice& notice, const std::string& topic) {
  bus::v1::Event event;
  event.set_topic(topic);
  event.set_schema(notice.GetDescriptor()->full_name());
  event.set_data(notice.SerializeAsString());
  auto commands = Subscriptions()("oversight", event);
  EXPECT_TRUE(commands.ok()) << commands.status();
  return *std::move(commands);
}

// spec: A8
TEST(Subscription, HearsOfItsOwnPapersOnly) {
  media::v1::Notice notice;
  notice.set_service("petition");
  notice.set_sha256(kScan);
  bus::v1::Event event;
  event.set_topic("media.kept");
  event.set_schema(notice.GetDescriptor()->full_name());
  event.set_data(notice.SerializeAsString());
  const auto commands = Subscriptions()("media", event);
  ASSERT_TRUE(commands.ok()) << commands.status();
  ASSERT_EQ(commands->size(), 1u);
  EXPECT_EQ((*commands)[0].aggregate_id, "doc/" + kScan);
  EXPECT_EQ((*commands)[0].command_name, "hear_kept");
  notice.set_service("mediation");
  event.set_data(notice.SerializeAsString());
  EXPECT_TRUE(Subscriptions()("media", event)->empty());
}

// spec: A8
TEST(HearKept, IsRememberedOnceForADocumentAndNothingElse) {
  Matter m(City(), "doc/" + kScan);
  m.When("hear_kept { kind: PAPER }", Platform(), kMonday).Then({"document_kept { kind: PAPER }"}).AndNoNotice();
  m.When("hear_kept { kind: PAPER }", Platform(), kMonday).ThenNothing();
  EXPECT_TRUE(PetitionDomain::Indexes("doc/" + kScan, m.state()).empty());
  EXPECT_TRUE(PetitionDomain::Tallies(m.state()).empty());
  EXPECT_FALSE(PetitionDomain::Sealed(m.state()));
  Matter(reference::Reference(), "doc/" + kScan)  // before the directory was heard
      .When("hear_kept { kind: PHOTO }", Platform(), kMonday)
      .Then({"document_kept { kind: PHOTO }"});
  Matter(City(), "doc/x").When("hear_kept {}", Platform(), kMonday).ThenNothing();
  Matter(City(), "doc/" + kScan).When("hear_kept {}", Office(), kMonday).ThenRefused(RefusalCode::kNotAllowed);
}

TEST(Subscription, HearsOversightOfItsOwnPetitionsOnly) {
  oversight::v1::Notice notice;
  notice.set_service("mediation");
  notice.set_subject_id("p1");
  notice.set_order_id("or-1");
  EXPECT_TRUE(Heard(notice, "oversight.order_issued").empty());
  notice.set_service("petition");
  const auto commands = Heard(notice, "oversight.order_issued");
  ASSERT_EQ(commands.size(), 1u);
  EXPECT_EQ(commands[0].aggregate_id, "p1");
  EXPECT_TRUE(Heard(notice, "oversight.reminded").empty());  // asks for nothing
  EXPECT_TRUE(Heard(notice, "oversight.assigned").empty());
  notice.set_instruction_id("in-1");
  for (const char* topic : {"instruction_distributed", "instruction_withdrawn"}) {
    EXPECT_EQ(Heard(notice, absl::StrCat("oversight.", topic)).size(), 1u) << topic;
  }
  EXPECT_TRUE(Heard(notice, "oversight.instructed").empty());  // of an instruction that nobody has distributed yet
  EXPECT_TRUE(Heard(notice, "oversight.instruction_reported").empty());
}

}  // namespace
}  // namespace petition
