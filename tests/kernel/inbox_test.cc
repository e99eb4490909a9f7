// What other services say: the effect is once, together with the cursor.
// spec: 8.2
#include "services/kernel/inbox.h"

#include <gmock/gmock.h>

#include "tests/kernel/rig.h"

namespace jar {
namespace {

using storage::KeySpace;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

bus::v1::Event Event(uint64_t seq, std::string topic, std::string subject) {
  bus::v1::Event event;
  event.set_seq(seq);
  event.set_topic(std::move(topic));
  event.set_subject(std::move(subject));
  return event;
}

kernel::Cursor At(uint64_t seq, uint64_t epoch = 1) {
  return {.log_id = "abcdefghijklmnop",
          .epoch = epoch,
          .seq = seq,
          .digest = static_cast<uint32_t>(seq * 7),
          .filter_hash = "f"};
}

// "made" makes a jar, "added" puts two beans in with two commands, "odd" is of an unknown kind, the rest is
// of no interest.
absl::StatusOr<std::vector<kernel::Envelope>> Table(std::string_view, const bus::v1::Event& event) {
  std::vector<kernel::Envelope> commands;
  if (event.topic() == "made") commands.push_back(Envelope(event.subject(), "make { area: 'a' }"));
  if (event.topic() == "added") {
    commands.push_back(Envelope(event.subject(), "add { beans: 1 }"));
    commands.push_back(Envelope(event.subject(), "add { beans: 1 }"));
  }
  if (event.topic() == "odd") return absl::UnimplementedError("no such schema");
  for (auto& command : commands) command.actor.Clear();
  return commands;
}

struct Listening : Rig {
  Listening()
      : Rig([] {
          Engine::Options options;
          options.subscriptions = Table;
          return options;
        }()) {}

  std::shared_ptr<std::optional<absl::Status>> Hear(std::vector<bus::v1::Event> events,
                                                    kernel::Cursor after) {
    auto applied = std::make_shared<std::optional<absl::Status>>();
    engine->inbox().Apply("other", std::move(events), std::move(after), [applied](absl::Status status) {
      EXPECT_FALSE(applied->has_value()) << "told twice";
      *applied = std::move(status);
    });
    return applied;
  }
  std::optional<kernel::Cursor> Cursor() {
    auto cursor = engine->inbox().LoadCursor("other");
    EXPECT_TRUE(cursor.ok());
    return *cursor;
  }
};

TEST(Inbox, AppliesABatchAndItsCursorInOneCommit) {
  Listening rig;
  EXPECT_EQ(rig.Cursor(), std::nullopt);
  const auto commits = rig.kv.commits();
  const auto applied = rig.Hear({Event(3, "made", "m1"), Event(5, "added", "m1")}, At(9));
  EXPECT_FALSE(applied->has_value());
  rig.Step();
  EXPECT_TRUE(applied->value().ok());
  EXPECT_EQ(rig.kv.commits(), commits + 1);
  EXPECT_EQ(rig.Cursor(), At(9));
  EXPECT_EQ(rig.Beans("m1"), 2);
  const auto record = *rig.Read().Record(2);
  EXPECT_EQ(record->cause(), "other/5");
  EXPECT_EQ(record->actor_id(), "service:other");
}

TEST(Inbox, IgnoresWhatItHasHeardBefore) {
  Listening rig;
  rig.Hear({Event(3, "made", "m1"), Event(5, "added", "m1")}, At(9));
  rig.Run();
  const auto again = rig.Hear({Event(3, "made", "m1"), Event(5, "added", "m1")}, At(9));
  rig.Run();
  EXPECT_TRUE(again->value().ok());
  const auto overlapping = rig.Hear({Event(5, "added", "m1"), Event(10, "added", "m1")}, At(11));
  rig.Run();
  EXPECT_TRUE(overlapping->value().ok());
  EXPECT_EQ(rig.Beans("m1"), 4);
  EXPECT_EQ(rig.Cursor(), At(11));
  EXPECT_THAT(rig.Keys(KeySpace::kRefusal), IsEmpty());
}

TEST(Inbox, AppliesABatchOnceThoughItWasQueuedTwice) {
  Listening rig;
  rig.Hear({Event(3, "made", "m1")}, At(3));
  rig.Run();
  rig.Hear({Event(5, "added", "m1")}, At(9));
  rig.Hear({Event(5, "added", "m1")}, At(9));  // a consumer that was replaced while its batch waited
  rig.Run();
  EXPECT_EQ(rig.Beans("m1"), 2);
}

TEST(Inbox, LosesOrKeepsEffectAndCursorTogether) {
  Listening rig;
  rig.Hear({Event(3, "made", "m1")}, At(3));
  rig.Run();
  const auto lost = rig.Hear({Event(5, "added", "m1")}, At(9));
  kernel::Group group;
  ASSERT_TRUE(rig.engine->Take(&group));
  ASSERT_TRUE(rig.engine->Process(&group).ok());
  ASSERT_TRUE(rig.engine->Write(&group).ok());
  rig.CrashMachine();
  EXPECT_FALSE(lost->has_value());
  EXPECT_EQ(rig.Cursor(), At(3));
  EXPECT_EQ(rig.Beans("m1"), 0);
  rig.Hear({Event(5, "added", "m1")}, At(9));
  rig.Run();
  EXPECT_EQ(rig.Beans("m1"), 2);
}

TEST(Inbox, MovesTheCursorWhenNothingWasOfInterest) {
  Listening rig;
  const auto applied = rig.Hear({Event(4, "weather", "x")}, At(40));
  rig.Run();
  EXPECT_TRUE(applied->value().ok());
  EXPECT_EQ(rig.Cursor(), At(40));
  EXPECT_THAT(rig.Events(), IsEmpty());
  rig.Hear({}, At(50));
  rig.Run();
  EXPECT_EQ(rig.Cursor(), At(50));
}

TEST(Inbox, MovesOnAfterACommandThatWasRefused) {
  Listening rig;
  const auto applied = rig.Hear({Event(4, "added", "nobody"), Event(5, "made", "m1")}, At(5));
  rig.Run();
  EXPECT_TRUE(applied->value().ok());
  EXPECT_EQ(rig.Cursor(), At(5));
  EXPECT_THAT(rig.Events(), ElementsAre("1 m1 made"));
  EXPECT_THAT(rig.Keys(KeySpace::kRefusal), SizeIs(2));
}

TEST(Inbox, HaltsAtASchemaItDoesNotKnow) {
  Listening rig;
  const auto applied = rig.Hear({Event(4, "made", "m1"), Event(5, "odd", "x")}, At(5));
  ASSERT_TRUE(applied->has_value());
  EXPECT_EQ((*applied)->code(), absl::StatusCode::kUnimplemented);
  rig.Run();
  EXPECT_THAT(rig.Events(), IsEmpty());
  EXPECT_EQ(rig.Cursor(), std::nullopt);
}

TEST(Inbox, FollowsASourceThatWasRestored) {
  Listening rig;
  rig.Hear({Event(4, "made", "m1")}, At(90));
  rig.Run();
  rig.Hear({Event(5, "added", "m1")}, At(5, 2));  // an operator decided to continue with the new history
  rig.Run();
  EXPECT_EQ(rig.Cursor(), At(5, 2));
  EXPECT_EQ(rig.Beans("m1"), 2);
}

TEST(Inbox, KeepsTheHashOfAChangedFilter) {
  Listening rig;
  rig.Hear({}, At(9));
  rig.Run();
  auto wider = At(9);
  wider.filter_hash = "wider";
  rig.Hear({}, wider);
  rig.Run();
  EXPECT_EQ(rig.Cursor(), wider);
}

TEST(Inbox, IsToldWhenTheQueueRefuses) {
  Listening rig;
  rig.engine->queue().Refuse(absl::ResourceExhaustedError("full"));
  const auto applied = rig.Hear({Event(4, "made", "m1")}, At(4));
  ASSERT_TRUE(applied->has_value());
  EXPECT_EQ((*applied)->code(), absl::StatusCode::kResourceExhausted);
}

// One sealed report stopped every service that followed its log: a sealed notice has no schema, and the
// subscription table took it for one of a later build. spec: 3.7
TEST(Notice, ThatIsSealedIsPassedOver) {
  Listening rig;
  bus::v1::Event sealed = Event(1, "odd", "m1");
  sealed.set_classification(kernel::v1::SEALED);
  const auto applied = rig.Hear({sealed, Event(2, "made", "m2")}, At(2));
  rig.Run();
  ASSERT_TRUE(applied->has_value());
  EXPECT_TRUE((*applied)->ok()) << **applied;
  EXPECT_THAT(rig.Events(), ElementsAre("1 m2 made"));
}

}  // namespace
}  // namespace jar
