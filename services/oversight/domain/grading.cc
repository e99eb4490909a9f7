#include "services/oversight/domain/grading.h"

#include <algorithm>

#include "base/check.h"

namespace oversight {
namespace {

constexpr GradeWord kWords[] = {
    {v1::HORSE, "骏马", "红", "red", "提前完成", "done ahead of plan"},
    {v1::OX, "黄牛", "绿", "green", "正常推进", "going as planned"},
    {v1::OSTRICH, "鸵鸟", "蓝", "blue", "进展缓慢", "slow"},
    {v1::SNAIL, "蜗牛", "黄", "yellow", "工作无进展", "no progress"},
};

}  // namespace

v1::Grade GradeOf(const MonthFacts& f) {
  if (f.completed && *f.completed < f.planned) return v1::HORSE;
  if (f.completed && *f.completed == f.planned) return v1::OX;
  if (f.completed) return v1::OSTRICH;
  if (!f.reported) return v1::SNAIL;
  if (f.progress >= f.plan && f.month_end < f.planned) return v1::OX;
  if (f.progress <= f.before) return v1::SNAIL;
  // Behind the plan; or its day has come, all is said to be done, and no completion is verified.
  return v1::OSTRICH;
}

std::span<const GradeWord> GradeWords() { return kWords; }

const GradeWord& WordOf(v1::Grade grade) {
  const auto* word = std::ranges::find(kWords, grade, &GradeWord::grade);
  CHECK(word != std::end(kWords));
  return *word;
}

}  // namespace oversight
