#include "services/oversight/disclosure.h"

#include <algorithm>
#include <cmath>

#include "base/area_code.h"
#include "base/small_numbers.h"
#include "kernel/v1/options.pb.h"
#include "oversight/v1/api.pb.h"
#include "services/oversight/domain/metrics.h"
#include "services/oversight/domain/partly.h"
#include "services/rpc/standing_over.h"

namespace oversight {
namespace {

// Who may ask for a list: as the method itself says.
kernel::v1::AccessRule RuleOf(const std::string& method) {
  // The file holds the service alone: no message leads there.
  return google::protobuf::DescriptorPool::generated_pool()
      ->FindFileByName(descriptor_table_oversight_2fv1_2fapi_2eproto.filename)
      ->FindServiceByName("Oversight")
      ->FindMethodByName(method)
      ->options()
      .GetExtension(kernel::v1::access);
}

bool IsOpener(const kernel::v1::AccessRule& rule, int role) {
  return std::ranges::find(rule.role(), role) != rule.role().end();
}

int OpensFrom(const rpc::Caller& caller, std::string_view area) {
  static const kernel::v1::AccessRule rule = RuleOf("ListCounted");
  return rpc::LevelOver(caller, area, [](int role) { return IsOpener(rule, role); });
}

bool IsShown(const Counted& row) { return row.shown->has_count(); }

// Whoever subtracts knows how much the hidden ones are together, how many of them are few, and that the others are five
// or more. Safe: each small one may still be anything from one to four.
bool IsSafe(int64_t together, int64_t few, int64_t others) {
  if (few == 0) return true;
  if (others > 0) return together - (few - 1) - others * kFew >= kFew - 1;
  return together >= few + kFew - 2 && together <= (kFew - 1) * few - (kFew - 2);
}

int64_t WholePart(double value) { return static_cast<int64_t>(std::llround(value)); }

}  // namespace

bool MayOpenLists(const rpc::Caller& caller, std::string_view area) { return OpensFrom(caller, area) > 0; }

bool MayOpenWarnings(const rpc::Caller& caller, std::string_view area) {
  static const kernel::v1::AccessRule rule = RuleOf("ListWarnings");
  return rpc::LevelOver(caller, area, [](int role) { return IsOpener(rule, role); }) > 0;
}

int LooksFrom(const rpc::Caller& caller, std::string_view area) {
  if (const int level = OpensFrom(caller, area); level > 0) return level;
  int level = base::LevelOf(area);
  for (const auto& own : caller.areas) {
    if (base::Covers(own, area)) level = std::max(level, base::LevelOf(own));
  }
  return std::min<int>(level, common::v1::CITY);
}

int64_t Rounded(int64_t count) { return base::Rounded(count); }

void ShowCount(int64_t count, bool rounded, v1::Quantity* out) {
  if (count > 0 && count < kFew) {
    out->set_few(true);
  } else {
    out->set_count(rounded ? Rounded(count) : count);
  }
}

void Protect(std::vector<Counted> rows, v1::Quantity* total) {
  if (!total->has_count()) return;
  int64_t together = 0, few = 0, others = 0;
  for (const Counted& row : rows) {
    if (IsShown(row)) continue;
    together += row.count;
    ++few;
  }
  if (IsSafe(together, few, others)) return;
  std::erase_if(rows, [](const Counted& row) { return !IsShown(row) || row.count == 0; });
  std::ranges::stable_sort(rows, {}, &Counted::count);
  // The smallest that is enough by itself: as little as possible is taken from the reader.
  for (const Counted& row : rows) {
    if (!IsSafe(together + row.count, few, others + 1)) continue;
    row.shown->clear_count();
    row.shown->set_withheld(true);
    return;
  }
  total->clear_count();
  total->set_withheld(true);
}

void RoundFigure(v1::Figure* figure) {
  // What an office entered from outside, or a published scorecard shows, is known as it is.
  if (figure->hidden() || figure->outside_size() > 0 || figure->unit() == v1::COUNTS) return;
  figure->set_definition_zh(figure->definition_zh() + "数字按五的倍数给出。");
  figure->set_definition_en(figure->definition_en() + " Numbers are given in multiples of five.");
  if (figure->no_data()) return;
  const int64_t numerator = Rounded(figure->numerator()), denominator = Rounded(figure->denominator());
  const int64_t partly = Rounded(figure->partly());
  const bool few = figure->denominator() < kFew;
  figure->clear_partly();
  figure->clear_numerator();
  figure->clear_denominator();
  figure->clear_value();
  figure->clear_shown();
  for (auto& bucket : *figure->mutable_distribution()) bucket.set_count(Rounded(bucket.count()));
  google::protobuf::RepeatedPtrField<v1::Figure::Duration> durations;
  durations.Swap(figure->mutable_duration());
  if (few) {
    figure->clear_distribution();
    return figure->set_hidden(true);
  }
  figure->set_numerator(numerator);
  figure->set_denominator(denominator);
  if (figure->unit() == v1::PERCENT) {
    figure->set_value(static_cast<double>(HundredthsOf(numerator, denominator, 100)) / 100.0);
    figure->set_shown(ShareText(numerator, denominator));
  }
  if (figure->partly_permille() != 0) {
    figure->set_partly(std::min(partly, denominator - numerator));
    WeighPartly(figure);
  }
  for (auto& duration : durations) {
    if (duration.count() < kFew) continue;
    duration.set_count(Rounded(duration.count()));
    duration.set_mean(static_cast<double>(WholePart(duration.mean())));
    *figure->add_duration() = std::move(duration);
  }
}

}  // namespace oversight
