// Alarms: they fire once, when due, in order, whatever moves or dies meanwhile.
// spec: 8.3
#include <gmock/gmock.h>

#include "services/kernel/limits.h"
#include "tests/kernel/rig.h"

namespace jar {
namespace {

using storage::KeySpace;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::string Alarm(const std::string& name, int64_t due_ms, bool stubborn = false) {
  return "set_alarm { name: '" + name + "' due_ms: " + std::to_string(due_ms) +
         (stubborn ? " stubborn: true" : "") + " }";
}

TEST(Timer, FiresWhenDueAndOnce) {
  Rig rig;
  rig.Do("m1", "make { area: 'a' }");
  const int64_t due = rig.clock.NowMs() + 1000;
  rig.Do("m1", Alarm("x", due));
  rig.Tick();
  EXPECT_THAT(rig.Events(), SizeIs(2));
  rig.clock.Advance(1000);
  rig.Tick();
  rig.Tick();
  EXPECT_THAT(rig.Events(), ElementsAre("1 m1 made", "2 m1 alarm_set", "3 m1 rang"));
  const auto record = *rig.Read().Record(3);
  EXPECT_EQ(record->actor_id(), "service:jar");
  EXPECT_EQ(record->actor_role(), kernel::v1::ROLE_SYS);
  EXPECT_EQ(record->cause(), "x");
  EXPECT_EQ(record->command(), "ring");
  EXPECT_THAT(rig.Keys(KeySpace::kTimer), IsEmpty());
  rig.ExpectSound();
}

TEST(Timer, OfWhichOnlyTheEarliestIsStored) {
  Rig rig;
  rig.Do("m1", "make { area: 'a' }");
  const int64_t now = rig.clock.NowMs();
  rig.Do("m1", Alarm("late", now + 3000));
  rig.Do("m1", Alarm("early", now + 1000));
  EXPECT_THAT(rig.Keys(KeySpace::kTimer), ElementsAre(storage::TimerKey(now + 1000, "m1")));
  rig.clock.Advance(1000);
  rig.Tick();
  EXPECT_THAT(rig.Keys(KeySpace::kTimer), ElementsAre(storage::TimerKey(now + 3000, "m1")));
  rig.ExpectSound();
}

TEST(Timer, OfOneJarThatAreDueTogetherFireInTheOrderOfTheirTime) {
  Rig rig;
  rig.Do("m1", "make { area: 'a' }");
  const int64_t now = rig.clock.NowMs();
  rig.Do("m1", Alarm("b", now + 2000));
  rig.Do("m1", Alarm("a", now + 1000));
  rig.clock.Advance(5000);
  rig.Tick();
  EXPECT_EQ((*rig.Read().Record(4))->cause(), "a");
  EXPECT_EQ((*rig.Read().Record(5))->cause(), "b");
  rig.ExpectSound();
}

TEST(Timer, ThatMovedWhileItsFiringWaitedInTheQueueDoesNothing) {
  Rig rig;
  rig.Do("m1", "make { area: 'a' }");
  const int64_t now = rig.clock.NowMs();
  rig.Do("m1", Alarm("x", now + 1000));
  rig.clock.Advance(1000);
  rig.Send("m1", Alarm("x", now + 9000));  // an extension arrives just before
  ASSERT_TRUE(rig.engine->timers().Pump(rig.clock.NowMs()).ok());
  rig.Run();
  EXPECT_THAT(rig.Events(), ElementsAre("1 m1 made", "2 m1 alarm_set", "3 m1 alarm_set"));
  EXPECT_THAT(rig.Keys(KeySpace::kTimer), ElementsAre(storage::TimerKey(now + 9000, "m1")));
  rig.clock.Advance(8000);
  rig.Tick();
  EXPECT_THAT(rig.Events(), SizeIs(4));
}

TEST(Timer, ThatWasWithdrawnDoesNothing) {
  Rig rig;
  rig.Do("m1", "make { area: 'a' }");
  rig.Do("m1", Alarm("x", rig.clock.NowMs() + 1000));
  rig.clock.Advance(1000);
  rig.Send("m1", "shut {}");
  rig.Tick();
  EXPECT_THAT(rig.Events(), ElementsAre("1 m1 made", "2 m1 alarm_set", "3 m1 was_shut"));
  EXPECT_THAT(rig.Keys(KeySpace::kTimer), IsEmpty());
  EXPECT_THAT(rig.Keys(KeySpace::kRefusal), IsEmpty());
}

TEST(Timer, SurvivesTheMachine) {
  Rig rig;
  rig.Do("m1", "make { area: 'a' }");
  rig.Do("m1", Alarm("x", rig.clock.NowMs() + 1000));
  rig.CrashMachine();
  rig.clock.Advance(60 * 1000);  // it was due while nobody ran
  rig.Tick();
  EXPECT_THAT(rig.Events(), SizeIs(3));
}

TEST(Timer, WhoseFiringWasLostWithTheMachineFiresAgain) {
  Rig rig;
  rig.Do("m1", "make { area: 'a' }");
  rig.Do("m1", Alarm("x", rig.clock.NowMs() + 1000));
  rig.clock.Advance(1000);
  ASSERT_TRUE(rig.engine->timers().Pump(rig.clock.NowMs()).ok());
  kernel::Group group;
  ASSERT_TRUE(rig.engine->Take(&group));
  ASSERT_TRUE(rig.engine->Process(&group).ok());
  ASSERT_TRUE(rig.engine->Write(&group).ok());
  rig.CrashMachine();
  rig.Tick();
  EXPECT_THAT(rig.Events(), ElementsAre("1 m1 made", "2 m1 alarm_set", "3 m1 rang"));
}

TEST(Timer, ThatItsCommandDoesNotTakeAwayIsTriedAgainLaterAndHoldsUpNoOther) {
  Rig rig;
  rig.Do("m1", "make { area: 'a' }");
  const int64_t now = rig.clock.NowMs();
  rig.Do("m1", Alarm("deaf", now + 1000, true));
  rig.Do("m1", Alarm("x", now + 2000));
  rig.clock.Advance(1000);
  rig.Tick();  // in vain
  rig.Tick();
  EXPECT_THAT(rig.Keys(KeySpace::kTimer), ElementsAre(storage::TimerKey(now + 2000, "m1")));
  rig.clock.Advance(1000);
  rig.Tick();
  EXPECT_THAT(rig.Events(), ElementsAre("1 m1 made", "2 m1 alarm_set", "3 m1 alarm_set", "4 m1 rang"));
  EXPECT_THAT(rig.Keys(KeySpace::kTimer),
              ElementsAre(storage::TimerKey(now + 2000 + kernel::kTimerRetryMs, "m1")));
  rig.ExpectSound();
  rig.KillProcess();
  rig.clock.Advance(kernel::kTimerRetryMs);
  rig.Tick();
  EXPECT_THAT(rig.Keys(KeySpace::kTimer),
              ElementsAre(storage::TimerKey(now + 2000 + 2 * kernel::kTimerRetryMs, "m1")));
  rig.ExpectSound();
}

TEST(Timer, PortionsAreBounded) {
  Rig rig;
  constexpr size_t kJars = kernel::kTimersInFlightMax + 100;
  const int64_t due = rig.clock.NowMs() + 1000;
  for (size_t i = 0; i < kJars; ++i) {
    const std::string id = "m" + std::to_string(i);
    rig.Send(id, "make { area: '" + id + "' }");
    rig.Send(id, Alarm("x", due));
    if (i % 500 == 0) rig.Run();
  }
  rig.Run();
  rig.clock.Advance(1000);
  ASSERT_TRUE(rig.engine->timers().Pump(rig.clock.NowMs()).ok());
  ASSERT_TRUE(rig.engine->timers().Pump(rig.clock.NowMs()).ok());
  EXPECT_EQ(rig.engine->timers().in_flight(), kernel::kTimersInFlightMax);
  EXPECT_EQ(rig.engine->queue().size(), kernel::kTimersInFlightMax);
  rig.Run();
  EXPECT_EQ(rig.engine->timers().in_flight(), 0u);
  rig.Tick();
  EXPECT_THAT(rig.Keys(KeySpace::kTimer), IsEmpty());
  EXPECT_THAT(rig.Events(), SizeIs(3 * kJars));
  rig.ExpectSound();
}

TEST(Timer, ManyOfOneJarFireInSeveralPortions) {
  Rig rig;
  rig.Do("m1", "make { area: 'a' }");
  constexpr size_t kAlarms = 2 * kernel::kTimersPerFiring + 1;
  for (size_t i = 0; i < kAlarms; ++i) rig.Do("m1", Alarm("x" + std::to_string(i), rig.clock.NowMs() + 1000));
  rig.clock.Advance(1000);
  rig.Tick();
  EXPECT_THAT(rig.Events(), SizeIs(1 + kAlarms + kernel::kTimersPerFiring));
  rig.Tick();
  rig.Tick();
  EXPECT_THAT(rig.Events(), SizeIs(1 + 2 * kAlarms));
}

TEST(Pump, SaysWhenTheNextTimerIsDue) {
  Rig rig;
  rig.Do("m1", "make { area: 'a' }");
  EXPECT_EQ(*rig.engine->timers().Pump(rig.clock.NowMs()), 0);
  const int64_t due = rig.clock.NowMs() + 1000;
  rig.Do("m1", Alarm("x", due));
  EXPECT_EQ(*rig.engine->timers().Pump(rig.clock.NowMs()), due);
}

}  // namespace
}  // namespace jar
