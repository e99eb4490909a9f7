// A thread that reads frames comes back to its timers. spec: ESP/1
#include "services/bus/read_turn.h"

#include <gtest/gtest.h>

namespace bus {
namespace {

TEST(ReadTurn, EndsAfterItsFrames) {
  ReadTurn turn(1'000);
  for (size_t i = 0; i < limits::kFramesPerTurn; ++i) EXPECT_TRUE(turn.Next(1'000)) << i;
  EXPECT_FALSE(turn.Next(1'000));
}

// Frames that are slow to digest ended no turn before: a flood of them kept heartbeats from being sent.
TEST(ReadTurn, EndsInTimeHoweverFewItsFrames) {
  ReadTurn turn(1'000);
  EXPECT_TRUE(turn.Next(1'000));
  EXPECT_TRUE(turn.Next(1'000 + limits::kReadTurnMs - 1));
  EXPECT_FALSE(turn.Next(1'000 + limits::kReadTurnMs));
}

}  // namespace
}  // namespace bus
