// The four colours: every vector of 3.6.5, and what lies between them. Red is the best, and no light.
#include "services/oversight/domain/grading.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <type_traits>

#include "common/v1/common.pb.h"

namespace oversight {
namespace {

base::Day D(const char* text) { return *base::ParseDay(std::string("2026-") + text); }

struct Vector {
  const char* month_end;
  const char* planned;
  const char* completed;  // null: not
  bool reported;
  int plan, progress, before;
  v1::Grade grade;
};

v1::Grade Graded(const Vector& v) {
  MonthFacts facts{D(v.month_end), D(v.planned), std::nullopt, v.reported, v.plan, v.progress, v.before};
  if (v.completed != nullptr) facts.completed = D(v.completed);
  return GradeOf(facts);
}

// spec: O13 DO-03 3.6.5
TEST(Grade, FollowsTheNineVectors) {
  constexpr Vector kVectors[] = {
      {"10-31", "10-31", "10-20", true, 100, 100, 60, v1::HORSE},
      {"10-31", "10-31", "10-31", true, 100, 100, 60, v1::OX},
      {"10-31", "10-15", "10-28", true, 100, 100, 60, v1::OSTRICH},
      {"10-31", "12-31", nullptr, true, 40, 40, 30, v1::OX},
      {"10-31", "12-31", nullptr, true, 40, 35, 30, v1::OSTRICH},
      {"10-31", "12-31", nullptr, true, 40, 30, 30, v1::SNAIL},
      {"10-31", "12-31", nullptr, true, 40, 45, 45, v1::OX},  // worked ahead earlier
      {"10-31", "10-31", nullptr, true, 100, 90, 70, v1::OSTRICH},
      {"10-31", "12-31", nullptr, false, 40, 0, 30, v1::SNAIL},  // no report
  };
  for (const Vector& v : kVectors) EXPECT_EQ(Graded(v), v.grade) << &v - kVectors;
}

// spec: O13 3.6.5
TEST(Grade, IsNeverAHorseByAHighPercentage) {
  EXPECT_EQ(Graded({"10-31", "12-31", nullptr, true, 40, 100, 30, v1::OX}), v1::OX);
}

// spec: O13 3.6.5
TEST(Grade, OfWhatIsDueAndSaidToBeDoneButNotVerifiedIsSlow) {
  EXPECT_EQ(Graded({"10-31", "10-31", nullptr, true, 100, 100, 70, v1::OSTRICH}), v1::OSTRICH);
  EXPECT_EQ(Graded({"11-30", "10-31", nullptr, true, 100, 100, 100, v1::SNAIL}), v1::SNAIL);
}

TEST(Grade, OfAStepBackIsNoProgress) {
  EXPECT_EQ(Graded({"10-31", "12-31", nullptr, true, 40, 20, 30, v1::SNAIL}), v1::SNAIL);
}

// spec: C11
TEST(GradeWords, CallTheBestRedAndAreNoLights) {
  EXPECT_EQ(WordOf(v1::HORSE).name_zh, "骏马");
  EXPECT_EQ(WordOf(v1::HORSE).colour_zh, "红");
  EXPECT_EQ(WordOf(v1::OX).colour_zh, "绿");
  EXPECT_EQ(WordOf(v1::OSTRICH).colour_zh, "蓝");
  EXPECT_EQ(WordOf(v1::SNAIL).colour_zh, "黄");
  EXPECT_FALSE((std::is_convertible_v<v1::Grade, common::v1::Light>));
  EXPECT_FALSE((std::is_convertible_v<common::v1::Light, v1::Grade>));
  // Nor does any message of grading have a field of that type.
  const auto* file = v1::Scorecard::descriptor()->file();
  for (int m = 0; m < file->message_type_count(); ++m) {
    for (int f = 0; f < file->message_type(m)->field_count(); ++f) {
      const auto* of = file->message_type(m)->field(f)->enum_type();
      EXPECT_FALSE(of != nullptr && of->full_name() == "common.v1.Light")
          << file->message_type(m)->field(f)->full_name();
    }
  }
}

}  // namespace
}  // namespace oversight
