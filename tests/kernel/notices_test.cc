// What a command would tell others is part of what it does: if that cannot be told, nothing is done.
// spec: 3.7
#include "services/kernel/limits.h"
#include "tests/kernel/rig.h"

namespace jar {
namespace {

constexpr int64_t kTooMany = static_cast<int64_t>(kernel::kNoticePayloadBytesMax) + 1;

TEST(Notice, AsLargeAsAllowedIsTold) {
  Rig rig;
  rig.Do("m1", "make { area: 'a' }");
  rig.Do("m1", "add { beans: " + std::to_string(kTooMany - 1) + " }");
  EXPECT_EQ(rig.Beans("m1"), kTooMany - 1);
}

TEST(Notice, ThatCouldNotBeStreamedRefusesItsCommand) {
  Rig rig;
  rig.Do("m1", "make { area: 'a' }");
  const auto before = rig.Events();
  const kernel::Outcome outcome = rig.Ask("m1", "add { beans: " + std::to_string(kTooMany) + " }");
  ASSERT_TRUE(outcome.refusal);
  EXPECT_EQ(outcome.refusal->reason, "NOTICE_TOO_LARGE");
  EXPECT_EQ(outcome.refusal->metadata.at("bytes"), std::to_string(kTooMany));
  EXPECT_EQ(rig.Events(), before);
  EXPECT_EQ(rig.Beans("m1"), 0);
  EXPECT_EQ(rig.Keys(storage::KeySpace::kRefusal).size(), 1u);
  rig.Do("m1", "add { beans: 7 }");  // the jar itself is as good as before
  EXPECT_EQ(rig.Beans("m1"), 7);
  rig.ExpectSound();
}

// The first event was applied already when the notice of the second turned out too large.
TEST(Notice, OfASecondAggregateTakesTheFirstBackToo) {
  Rig rig;
  rig.Do("m1", "make { area: 'a' }");
  rig.Do("m2", "make { area: 'a' }");
  rig.Do("m1", "add { beans: 200000 }");
  rig.Do("m1", "add { beans: 200000 }");  // full since the step before: no news
  const kernel::Outcome outcome =
      rig.Ask("m1", "pour { into: 'm2' beans: " + std::to_string(kTooMany) + " }");
  ASSERT_TRUE(outcome.refusal);
  EXPECT_EQ(outcome.refusal->reason, "NOTICE_TOO_LARGE");
  EXPECT_EQ(rig.Beans("m1"), 400000);
  EXPECT_EQ(rig.Beans("m2"), 0);
  rig.Do("m1", "pour { into: 'm2' beans: 5 }");
  EXPECT_EQ(rig.Beans("m2"), 5);
  rig.KillProcess();
  EXPECT_EQ(rig.Beans("m1"), 399995);
  rig.ExpectSound();
}

// A command of a notice or a timer has nobody who waits for the answer: it is recorded, and what follows goes
// on.
TEST(Notice, TooLargeInTheMiddleOfAGroupHoldsUpNobody) {
  Rig rig;
  rig.Do("m1", "make { area: 'a' }");
  const auto first = rig.Send("m1", "add { beans: 1 }");
  const auto large = rig.Send("m1", "add { beans: " + std::to_string(kTooMany) + " }");
  const auto last = rig.Send("m1", "add { beans: 2 }");
  rig.Run();
  EXPECT_FALSE((*first)->refusal);
  EXPECT_TRUE((*large)->refusal);
  EXPECT_FALSE((*last)->refusal);
  EXPECT_EQ(rig.Beans("m1"), 3);
  rig.ExpectSound();
}

}  // namespace
}  // namespace jar
