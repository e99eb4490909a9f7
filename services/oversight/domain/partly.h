#pragma once
// What a city may let count partly in a rate of what citizens say (3.10, K-08 and K-10): 基本满意, 部分解决. The tallies keep
// it apart from what counts whole, so the weight is that of the policy in force when the figure is read. Pure.

#include <cstdint>
#include <string_view>

#include "oversight/v1/metrics.pb.h"
#include "policy/v1/policy.pb.h"
#include "services/oversight/domain/metrics.h"
#include "services/reference/reference.h"

namespace oversight {

struct Partly {
  std::string_view metric_id;
  Term term;
  int32_t (*permille)(const policy::v1::FigurePolicy& policy) = nullptr;
  std::string_view what_zh, what_en;
};

const Partly* FindPartly(std::string_view metric_id);  // null: all of it counts whole
int32_t PermilleOf(const Partly& partly, const reference::Reference& reference);
// The definition says how much counts, also when it is nothing.
void DefinePartly(const Partly& partly, int32_t permille, v1::Figure* figure);
// Value and share anew from numerator, denominator and what counts partly; of a figure without a value nothing.
void WeighPartly(v1::Figure* figure);

}  // namespace oversight
