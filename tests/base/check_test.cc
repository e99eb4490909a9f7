#include "base/check.h"

#include <gtest/gtest.h>

#include "base/status_macros.h"

namespace base {
namespace {

TEST(CheckDeathTest, EndsTheProcessWithPlaceConditionAndMessage) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(CHECK(1 + 1 == 3) << "arithmetic",
               "check_test.cc:[0-9]+: CHECK failed: 1 \\+ 1 == 3 arithmetic");
  EXPECT_DEATH(CHECK_EQ(2, 3), "CHECK failed: 2 == 3 \\(2 vs 3\\)");
  EXPECT_DEATH(CHECK_LE(std::string("b"), std::string("a")), "\\(b vs a\\)");
}

TEST(Check, EvaluatesItsConditionOnceAndItsMessageOnlyOnFailure) {
  int evaluated = 0;
  int said = 0;
  const auto say = [&] { return ++said; };
  CHECK(++evaluated == 1) << say();
  CHECK_EQ(++evaluated, 2) << say();
  EXPECT_EQ(evaluated, 2);
  EXPECT_EQ(said, 0);
}

TEST(Check, IsOneStatementAfterIf) {
  bool otherwise = false;
  if (false)
    CHECK(false);
  else
    otherwise = true;
  EXPECT_TRUE(otherwise);
}

absl::StatusOr<int> Half(int n) {
  if (n % 2 != 0) return absl::InvalidArgumentError("cannot halve: odd");
  return n / 2;
}
absl::Status Quarter(int n, int* out) {
  ASSIGN_OR_RETURN(const int half, Half(n));
  ASSIGN_OR_RETURN(*out, Half(half));
  return absl::OkStatus();
}
absl::Status QuarterTwice(int n, int* out) {
  RETURN_IF_ERROR(Quarter(n, out));
  return Quarter(*out, out);
}

TEST(StatusMacros, PassTheFirstErrorOn) {
  int out = 0;
  EXPECT_TRUE(QuarterTwice(32, &out).ok());
  EXPECT_EQ(out, 2);
  EXPECT_EQ(QuarterTwice(6, &out).message(), "cannot halve: odd");
  EXPECT_FALSE(QuarterTwice(5, &out).ok());
}

}  // namespace
}  // namespace base
