#include "services/oversight/domain/partly.h"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <iterator>
#include <string>

#include "services/oversight/domain/metric_weights.h"

namespace oversight {
namespace {

using policy::v1::FigurePolicy;

constexpr int64_t kWhole = 1000;

int32_t OfScores(const FigurePolicy& policy) { return policy.fairly_satisfied_permille(); }
int32_t OfSolved(const FigurePolicy& policy) { return policy.partly_solved_permille(); }

constexpr Partly kPartly[] = {
    {"K-08", {'e', Of::kIn, weights::FairlySatisfied}, OfScores, "三分（基本满意）", "An answer of 3"},
    {"K-08u", {'j', Of::kIn, weights::UnitFairly}, OfScores, "三分（基本满意）", "An answer of 3"},
    {"K-08o", {'j', Of::kIn, weights::OfficeFairly}, OfScores, "三分（基本满意）", "An answer of 3"},
    {"K-10", {'e', Of::kIn, weights::SaidPartly}, OfSolved, "“部分解决”", "An answer of partly"},
};

}  // namespace

const Partly* FindPartly(std::string_view metric_id) {
  const auto* partly = std::ranges::find(kPartly, metric_id, &Partly::metric_id);
  return partly == std::end(kPartly) ? nullptr : partly;
}

int32_t PermilleOf(const Partly& partly, const reference::Reference& reference) {
  return partly.permille(reference.policies().figures());
}

void DefinePartly(const Partly& partly, int32_t permille, v1::Figure* figure) {
  std::string& zh = *figure->mutable_definition_zh();
  std::string& en = *figure->mutable_definition_en();
  zh += partly.what_zh;
  absl::StrAppend(&en, " ", std::string(partly.what_en));
  if (permille == 0) {
    zh += "按现行政策不计入。";
    en += " does not count, by the policy in force now.";
    return;
  }
  absl::StrAppend(&zh, "按现行政策每件计千分之", permille, "，不列入分子件数。");
  absl::StrAppend(&en, " counts ", permille, " thousandths, by the policy in force now, beside the numerator.");
}

void WeighPartly(v1::Figure* figure) {
  if (figure->partly_permille() == 0 || !figure->has_value()) return;
  const int64_t part = figure->numerator() * kWhole + figure->partly() * figure->partly_permille();
  const int64_t of = figure->denominator() * kWhole;
  figure->set_value(static_cast<double>(HundredthsOf(part, of, 100)) / 100.0);
  figure->set_shown(ShareText(part, of));
}

}  // namespace oversight
