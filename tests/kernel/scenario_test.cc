// The given/when/then of tests/support works on the test domain as it will on every other.
#include "tests/support/scenario.h"

#include <gtest/gtest-spi.h>

#include "tests/kernel/jar.h"

namespace jar {
namespace {

using Jar = tests::Scenario<JarDomain>;
constexpr auto kMade = "made { area: 'a' matter_code: 'a-1' }";

TEST(Scenario, ComparesEventsTimersTalliesAndNotices) {
  Jar()
      .When("make { area: 'a' }", kernel::v1::ROLE_GW, 5)
      .Then({kMade})
      .AndTally("a/OPEN", 1)
      .AndIndex("area", "a/")
      .AndNotice("jar.made")
      .When("set_alarm { name: 'x' due_ms: 90 }")
      .Then({"alarm_set { name: 'x' due_ms: 90 }"})
      .AndTimerAt(90)
      .AndTimer("x", 90)
      .AndNoNotice()
      .WhenTimerFires("x")
      .Then({"rang { name: 'x' }"})
      .AndNoTimer();
}

TEST(Scenario, KnowsSeveralAggregates) {
  Jar()
      .Given({kMade, "added { beans: 5 }"})
      .GivenOn("m2", {kMade})
      .When("pour { into: 'm2' beans: 3 }")
      .Then({"poured { into: 'm2' beans: 3 }", tests::On{"m2", "received { from: 'm1' beans: 3 }"}})
      .AndState("beans: 2")
      .AndTally("a/OPEN", 2);
}

TEST(Scenario, ComparesRefusals) {
  Jar()
      .Given({kMade, "was_shut {}"})
      .When("add { beans: 1 }")
      .ThenRefused("JAR_IS_SHUT")
      .ThenRefused(kernel::RefusalCode::kWrongStatus);
}

TEST(Scenario, FailsWhenSomethingElseHappened) {
  EXPECT_NONFATAL_FAILURE(Jar().Given({kMade}).When("add { beans: 1 }").Then({"added { beans: 2 }"}),
                          "added.beans");
  EXPECT_NONFATAL_FAILURE(Jar().Given({kMade}).When("add { beans: 1 }").ThenRefused("X"),
                          "expected refusal X");
}

}  // namespace
}  // namespace jar
