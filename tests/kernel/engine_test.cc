// Commands one after the other and in groups: order, repetition, versions, several jars at once, numbers,
// refusals. spec: 3.1.3 (1), (4)
#include "services/kernel/engine.h"

#include <gmock/gmock.h>

#include "services/kernel/limits.h"
#include "tests/kernel/rig.h"

namespace jar {
namespace {

using storage::KeySpace;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(Group, IsDecidedInOrderWithOneCommitAndOneSync) {
  Rig rig;
  const auto commits = rig.kv.commits();
  const auto syncs = rig.kv.syncs();
  const auto a = rig.Send("m1", "make { area: 'a' }");
  const auto b = rig.Send("m2", "make { area: 'a' }");
  const auto c = rig.Send("m1", "add { beans: 3 }");  // decided against what this group made
  EXPECT_TRUE(rig.Step());
  EXPECT_EQ(rig.kv.commits(), commits + 1);
  EXPECT_EQ(rig.kv.syncs(), syncs + 1);
  EXPECT_THAT(rig.Events(), ElementsAre("1 m1 made", "2 m2 made", "3 m1 added"));
  EXPECT_EQ((*a)->receipt.seq(), 1u);
  EXPECT_EQ((*b)->receipt.matter_code(), "a-2");
  EXPECT_EQ((*c)->receipt.version(), 2u);
  EXPECT_EQ((*c)->receipt.status(), "OPEN");
  rig.ExpectSound();
}

TEST(Group, AnswersNobodyBeforeTheSync) {
  Rig rig;
  const auto answer = rig.Send("m1", "make { area: 'a' }");
  const auto refused = rig.Send("m9", "add { beans: 1 }");
  kernel::Group group;
  ASSERT_TRUE(rig.engine->Take(&group));
  ASSERT_TRUE(rig.engine->Process(&group).ok());
  EXPECT_FALSE(answer->has_value());
  ASSERT_TRUE(rig.engine->Write(&group).ok());
  EXPECT_FALSE(answer->has_value());
  EXPECT_FALSE(refused->has_value()) << "a refusal may rest on something that is not durable yet";
  ASSERT_TRUE(rig.engine->Sync().ok());
  rig.engine->Finish(&group);
  EXPECT_TRUE(answer->has_value());
  EXPECT_TRUE(refused->has_value());
}

// spec: 8.1
TEST(Readers, SeeNothingBeyondTheSyncedSequence) {
  Rig rig;
  rig.Do("m1", "make { area: 'a' }");
  rig.Send("m1", "add { beans: 5 }");
  kernel::Group first;
  ASSERT_TRUE(rig.engine->Take(&first));
  ASSERT_TRUE(rig.engine->Process(&first).ok());
  ASSERT_TRUE(rig.engine->Write(&first).ok());
  rig.Send("m1", "add { beans: 7 }");
  kernel::Group second;  // the next group is written while the first one is synced
  ASSERT_TRUE(rig.engine->Take(&second));
  ASSERT_TRUE(rig.engine->Process(&second).ok());
  ASSERT_TRUE(rig.engine->Sync().ok());
  ASSERT_TRUE(rig.engine->Write(&second).ok());
  EXPECT_EQ(rig.Beans("m1"), 0);
  EXPECT_EQ(rig.engine->log().Head().seq, 1u);
  EXPECT_FALSE(rig.engine->log().DigestAt(2).ok());
  rig.engine->Finish(&first);
  EXPECT_EQ(rig.Beans("m1"), 5) << "the second group is in the database, but not synced";
  EXPECT_EQ(rig.engine->log().Head().seq, 2u);
  EXPECT_THAT(rig.Events(), SizeIs(2));
  ASSERT_TRUE(rig.engine->Sync().ok());
  rig.engine->Finish(&second);
  EXPECT_EQ(rig.Beans("m1"), 12);
}

TEST(Group, IsGoneAsAWholeWhenTheMachineDiesBeforeTheSync) {
  Rig rig;
  rig.Do("m1", "make { area: 'a' }");
  const auto lost = rig.Send("m1", "add { beans: 5 }");
  kernel::Group group;
  ASSERT_TRUE(rig.engine->Take(&group));
  ASSERT_TRUE(rig.engine->Process(&group).ok());
  ASSERT_TRUE(rig.engine->Write(&group).ok());
  rig.CrashMachine();
  EXPECT_FALSE(lost->has_value());
  EXPECT_EQ(rig.Beans("m1"), 0);
  rig.ExpectSound();
  rig.Do("m1", "add { beans: 2 }");
  EXPECT_THAT(rig.Events(), ElementsAre("1 m1 made", "2 m1 added"));
}

TEST(RequestId, GivesTheFirstAnswerAgain) {
  Rig rig;
  auto make = [] {
    auto envelope = Envelope("m1", "make { area: 'a' }");
    envelope.request_id = "r1";
    return envelope;
  };
  const auto first = rig.Ask(make());
  EXPECT_FALSE(first.receipt.repeated());
  rig.KillProcess();
  const auto again = rig.Ask(make());
  EXPECT_FALSE(again.refusal);
  EXPECT_TRUE(again.receipt.repeated());
  EXPECT_EQ(again.receipt.seq(), first.receipt.seq());
  EXPECT_EQ(again.receipt.matter_code(), "a-1");
  EXPECT_EQ(again.receipt.query_code(), "Q-a-1") << "what the domain put into the receipt is kept too";
  EXPECT_THAT(rig.Events(), SizeIs(1));
}

TEST(RequestId, IsRecognisedWithinOneGroup) {
  Rig rig;
  auto add = [] {
    auto envelope = Envelope("m1", "add { beans: 1 }");
    envelope.request_id = "r1";
    return envelope;
  };
  rig.Do("m1", "make { area: 'a' }");
  const auto a = rig.Send(add());
  const auto b = rig.Send(add());
  rig.Run();
  EXPECT_FALSE((*a)->receipt.repeated());
  EXPECT_TRUE((*b)->receipt.repeated());
  EXPECT_EQ(rig.Beans("m1"), 1);
}

TEST(RequestId, WithOtherContentIsRefused) {
  Rig rig;
  rig.Do("m1", "make { area: 'a' }");
  auto one = Envelope("m1", "add { beans: 1 }");
  one.request_id = "r1";
  rig.Ask(std::move(one));
  auto other = Envelope("m1", "add { beans: 2 }");
  other.request_id = "r1";
  const auto outcome = rig.Ask(std::move(other));
  ASSERT_TRUE(outcome.refusal);
  EXPECT_EQ(outcome.refusal->reason, "REQUEST_ID_REUSED");
  EXPECT_EQ(rig.Beans("m1"), 1);
}

TEST(RequestId, OfAnotherPersonIsAnotherRequest) {
  Rig rig;
  rig.Do("m1", "make { area: 'a' }");
  for (const char* who : {"w1", "w2"}) {
    auto envelope = Envelope("m1", "add { beans: 1 }");
    envelope.request_id = "r1";
    envelope.actor = Worker(who);
    EXPECT_FALSE(rig.Ask(std::move(envelope)).receipt.repeated());
  }
  EXPECT_EQ(rig.Beans("m1"), 2);
}

TEST(RequestId, IsForgottenAfterThirtyDaysAndSweptAway) {
  Rig rig;
  rig.Do("m1", "make { area: 'a' }");
  auto add = [] {
    auto envelope = Envelope("m1", "add { beans: 1 }");
    envelope.request_id = "r1";
    return envelope;
  };
  rig.Ask(add());
  rig.clock.Advance(29 * kernel::kDayMs);
  EXPECT_TRUE(rig.Ask(add()).receipt.repeated());
  rig.clock.Advance(2 * kernel::kDayMs);
  rig.Run();
  EXPECT_THAT(rig.Keys(KeySpace::kDedupe), IsEmpty());
  EXPECT_FALSE(rig.Ask(add()).receipt.repeated());
  EXPECT_EQ(rig.Beans("m1"), 2);
}

TEST(RequestId, OfARefusedCommandMayBeTriedAgain) {
  Rig rig;
  rig.Do("m1", "make { area: 'a' }");
  rig.Do("m2", "make { area: 'a' }");
  auto pour = [] {
    auto envelope = Envelope("m1", "pour { into: 'm2' beans: 3 }");
    envelope.request_id = "r1";
    return envelope;
  };
  EXPECT_EQ(rig.Ask(pour()).refusal->reason, "NOT_ENOUGH_BEANS");
  rig.Do("m1", "add { beans: 3 }");
  EXPECT_FALSE(rig.Ask(pour()).refusal);
}

TEST(Version, MustBeTheExpectedOne) {
  Rig rig;
  rig.Do("m1", "make { area: 'a' }");
  auto add = [](uint64_t expected) {
    auto envelope = Envelope("m1", "add { beans: 1 }");
    envelope.expected_version = expected;
    return envelope;
  };
  const auto first = rig.Send(add(1));
  const auto second = rig.Send(add(1));  // in the same group: the first one won
  rig.Run();
  EXPECT_FALSE((*first)->refusal);
  ASSERT_TRUE((*second)->refusal);
  EXPECT_EQ((*second)->refusal->reason, "VERSION_CHANGED");
  EXPECT_EQ((*second)->refusal->metadata.at("current_version"), "2");
  EXPECT_EQ(rig.Beans("m1"), 1);
}

TEST(Existence, IsCheckedBeforeTheRulesAreAsked) {
  Rig rig;
  EXPECT_EQ(rig.Ask("m1", "add { beans: 1 }").refusal->reason, "NO_SUCH_MATTER");
  rig.Do("m1", "make { area: 'a' }");
  EXPECT_EQ(rig.Ask("m1", "make { area: 'b' }").refusal->reason, "ALREADY_EXISTS");
  rig.ExpectSound();
}

TEST(Decision, MayChangeSeveralJarsTogether) {
  Rig rig;
  rig.Do("m1", "make { area: 'a' }");
  rig.Do("m2", "make { area: 'a' }");
  rig.Do("m1", "add { beans: 5 }");
  const auto receipt = rig.Do("m1", "pour { into: 'm2' beans: 3 }");
  EXPECT_EQ(rig.Beans("m1"), 2);
  EXPECT_EQ(rig.Beans("m2"), 3);
  EXPECT_EQ(receipt.version(), 3u);
  EXPECT_THAT(rig.Events(),
              ElementsAre("1 m1 made", "2 m2 made", "3 m1 added", "4 m1 poured", "5 m2 received"));
  rig.ExpectSound();
}

TEST(Lookup, SeesWhatThisGroupHasMadeAndShut) {
  Rig rig;
  for (const char* id : {"m1", "m2", "m3"}) rig.Send(id, "make { area: 'a' }");
  const auto full = rig.Send("m4", "make { area: 'a' }");
  rig.Run();
  ASSERT_TRUE((*full)->refusal);
  EXPECT_EQ((*full)->refusal->reason, "AREA_IS_FULL");
}

TEST(Numbers, OfARefusedCommandAreGivenOutAgain) {
  Rig rig;
  EXPECT_EQ(rig.Do("m1", "make { area: 'a' }").matter_code(), "a-1");
  EXPECT_EQ(rig.Ask("m2", "make { area: 'a' twice_refused: true }").refusal->reason, "AS_ASKED");
  EXPECT_EQ(rig.Do("m2", "make { area: 'a' }").matter_code(), "a-2");
  rig.KillProcess();
  EXPECT_EQ(rig.Do("m3", "make { area: 'a' }").matter_code(), "a-3");
  rig.ExpectSound();
}

// spec: A3
TEST(Refusal, IsRecordedOutsideTheLogAndKeptForHalfAYear) {
  Rig rig;
  rig.Ask("m1", "add { beans: 1 }");
  rig.Ask("m2", "add { beans: 1 }");
  EXPECT_THAT(rig.Events(), IsEmpty());
  const auto refusals = rig.Read().Refusals(0, rig.clock.NowMs() + 1, 10);
  ASSERT_TRUE(refusals.ok());
  ASSERT_THAT(*refusals, SizeIs(2));
  EXPECT_EQ(refusals->front().reason(), "NO_SUCH_MATTER");
  EXPECT_EQ(refusals->front().actor_id(), "w1");
  EXPECT_EQ(refusals->front().actor_role(), kernel::v1::ROLE_GW);
  rig.clock.Advance(180 * kernel::kDayMs);
  rig.Run();
  EXPECT_THAT(rig.Keys(KeySpace::kRefusal), SizeIs(2));
  rig.clock.Advance(21 * kernel::kDayMs);
  rig.Run();
  EXPECT_THAT(rig.Keys(KeySpace::kRefusal), IsEmpty());
}

TEST(Refusal, OfTwoStartsInOneMillisecondAreBothKept) {
  Rig rig;
  rig.Ask("m1", "add { beans: 1 }");
  rig.KillProcess();
  rig.Ask("m1", "add { beans: 1 }");
  EXPECT_THAT(rig.Keys(KeySpace::kRefusal), SizeIs(2));
}

TEST(Attached, IsWrittenWithAnAcceptedCommandOnly) {
  Rig rig;
  auto with = [](std::string id, const std::string& text) {
    auto envelope = Envelope(id, text);
    envelope.attached.push_back({KeySpace::kVault, storage::VaultKey(id, "name"), "sealed"});
    return envelope;
  };
  rig.Ask(with("m1", "add { beans: 1 }"));
  EXPECT_THAT(rig.Keys(KeySpace::kVault), IsEmpty());
  rig.Ask(with("m1", "make { area: 'a' }"));
  EXPECT_THAT(rig.Keys(KeySpace::kVault), ElementsAre("m1/name"));
}

TEST(Attached, CanComeWithoutACommand) {
  Rig rig;
  kernel::Envelope envelope;
  envelope.attached.push_back({KeySpace::kAudit, "1", "revealed"});
  EXPECT_TRUE(rig.Ask(std::move(envelope)).status.ok());
  EXPECT_THAT(rig.Keys(KeySpace::kAudit), ElementsAre("1"));
  EXPECT_THAT(rig.Events(), IsEmpty());
}

TEST(Time, NeverGoesBackInTheLogEvenAcrossARestart) {
  Rig rig;
  const auto first = rig.Do("m1", "make { area: 'a' }");
  rig.clock.SetBack(kernel::kHourMs);
  EXPECT_EQ(rig.Do("m1", "add { beans: 1 }").recorded_at_ms(), first.recorded_at_ms());
  rig.KillProcess();
  EXPECT_EQ(rig.Do("m1", "add { beans: 1 }").recorded_at_ms(), first.recorded_at_ms());
  rig.ExpectSound();
}

TEST(Reference, IsLearnedFromItsAggregatesAndAgainAtTheNextStart) {
  Rig rig;
  rig.Do("ref/word", "teach { word: 'spring' }");
  rig.Do("m1", "make { area: 'a' }");
  EXPECT_EQ(rig.Jar("m1")->word(), "spring");
  EXPECT_EQ(rig.Read().Reference()->word, "spring");
  rig.KillProcess();
  EXPECT_EQ(rig.Read().Reference()->word, "spring");
  rig.Do("m2", "make { area: 'a' }");
  EXPECT_EQ(rig.Jar("m2")->word(), "spring");
}

TEST(Tallies, AreWrittenOncePerGroup) {
  Rig rig;
  rig.Send("m1", "make { area: 'a' }");
  rig.Send("m2", "make { area: 'a' }");
  rig.Send("m1", "shut {}");
  rig.Step();
  const auto read = rig.Read();
  EXPECT_EQ(*read.Tally("a/OPEN"), 1u);
  EXPECT_EQ(*read.Tally("a/SHUT"), 1u);
  EXPECT_THAT(rig.Keys(KeySpace::kTally), ElementsAre("a/OPEN", "a/SHUT"));
  rig.Do("m2", "shut {}");
  EXPECT_THAT(rig.Keys(KeySpace::kTally), ElementsAre("a/SHUT"));
  rig.ExpectSound();
}

TEST(Puts, AreFewForOneCommand) {
  Rig rig;
  rig.Do("m0", "make { area: 'a' }");
  auto envelope = Envelope("m1", "make { area: 'b' }");
  envelope.request_id = "r1";
  const size_t before = rig.kv.puts();
  rig.Ask(std::move(envelope));
  // log, state, answer, two indexes, and for the whole group one tally, one counter and the first of one list
  EXPECT_EQ(rig.kv.puts() - before, 8u);
}

TEST(Notice, IsInTheLogWithItsHeader) {
  Rig rig;
  rig.Do("m1", "make { area: '371403' }");
  rig.Do("m1", "add { beans: 50 }");
  rig.Do("m1", "add { beans: 60 }");
  rig.Do("m1", "add { beans: 60 }");
  std::vector<std::string> topics;
  ASSERT_TRUE(rig.engine->log()
                  .Read(0,
                        [&](const kernel::LogEntry& entry) {
                          topics.emplace_back(std::string(entry.division) + " " + std::string(entry.topic));
                          return true;
                        })
                  .ok());
  EXPECT_THAT(topics, ElementsAre("371403 jar.made", " ", "371403 jar.full", " "));
}

TEST(Log, OfANewerProgramRefusesToOpen) {
  Rig rig;
  rig.Do("m1", "make { area: 'a' }");
  storage::Batch batch;
  batch.Put(KeySpace::kMeta, "event/exploded", std::string("\0\0\0\x63", 4));
  ASSERT_TRUE(rig.kv.Commit(batch, storage::Durability::kSynced).ok());
  Engine::Options options;
  options.sealer = &rig.sealer;
  const auto opened = Engine::Open(rig.clock, rig.kv, std::move(options));
  EXPECT_EQ(opened.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(opened.status().message()), ::testing::HasSubstr("exploded"));
}

TEST(History, GivesTheRecordsOfOneJar) {
  Rig rig;
  rig.Do("m1", "make { area: 'a' }");
  rig.Do("m2", "make { area: 'a' }");
  rig.Do("m1", "add { beans: 1 }");
  const auto history = rig.Read().History("m1");
  ASSERT_TRUE(history.ok());
  ASSERT_THAT(*history, SizeIs(2));
  EXPECT_EQ((*history)[1].event_type(), "added");
  EXPECT_EQ((*history)[1].actor_role(), kernel::v1::ROLE_GW);
  EXPECT_EQ((*history)[1].previous_hash(), (*history)[0].hash());
  EXPECT_THAT(*rig.Read().History("m1", 1), SizeIs(1));
}

TEST(List, IsPagedInKeyOrderAndStaysInItsRange) {
  Rig rig;
  for (const char* id : {"m1", "m2", "m3"}) rig.Do(id, "make { area: 'a' }");
  rig.Do("m4", "make { area: 'b' }");
  const auto ids = [](const kernel::Page& page) {
    std::vector<std::string> list;
    for (const auto& item : page.items) list.push_back(item.aggregate_id);
    return list;
  };
  const auto first = *rig.Read().List("area", "a/", 2);
  EXPECT_THAT(ids(first), ElementsAre("m1", "m2"));
  const auto second = *rig.Read().List("area", "a/", 2, first.next_page_token);
  EXPECT_THAT(ids(second), ElementsAre("m3"));
  EXPECT_TRUE(second.next_page_token.empty());
  EXPECT_THAT(ids(*rig.Read().List("area", "", 10)), ElementsAre("m1", "m2", "m3", "m4"));
  EXPECT_THAT(ids(*rig.Read().List("area", "b/", 10, first.next_page_token)), ElementsAre("m4"))
      << "a token of another list shows nothing outside this one";
  EXPECT_THAT(ids(*rig.Read().ListRange("area", "a0", "", 10)), ElementsAre("m4"));
}

}  // namespace
}  // namespace jar
