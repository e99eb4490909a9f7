#include "services/bus/filter.h"

#include <algorithm>
#include <vector>

#include "base/crypto.h"
#include "services/bus/limits.h"

namespace bus {
namespace {

using Prefixes = google::protobuf::RepeatedPtrField<std::string>;

// After sorting, whatever a prefix covers stands behind it.
std::vector<std::string> Reduced(std::vector<std::string> prefixes) {
  std::ranges::sort(prefixes);
  std::vector<std::string> kept;
  for (std::string& prefix : prefixes) {
    if (prefix.empty()) return {};  // the empty prefix is everything, as is the empty list
    if (kept.empty() || !prefix.starts_with(kept.back())) kept.push_back(std::move(prefix));
  }
  return kept;
}

std::vector<std::string> Reduced(const Prefixes& prefixes) {
  return Reduced(std::vector<std::string>(prefixes.begin(), prefixes.end()));
}

bool Matches(const Prefixes& prefixes, std::string_view text) {
  return prefixes.empty() ||
         std::ranges::any_of(prefixes, [&](const std::string& prefix) { return text.starts_with(prefix); });
}

std::optional<std::vector<std::string>> Common(const Prefixes& left, const Prefixes& right) {
  const std::vector<std::string> a = Reduced(left), b = Reduced(right);
  if (a.empty()) return b;
  if (b.empty()) return a;
  std::vector<std::string> both;
  for (const std::string& x : a) {
    for (const std::string& y : b) {
      if (x.starts_with(y)) {
        both.push_back(x);
      } else if (y.starts_with(x)) {
        both.push_back(y);
      }
    }
  }
  if (both.empty()) return std::nullopt;
  return Reduced(std::move(both));
}

bool Short(const Prefixes& prefixes) {
  return static_cast<size_t>(prefixes.size()) <= limits::kFilterPrefixes &&
         std::ranges::all_of(prefixes, [](const std::string& p) { return p.size() <= limits::kPrefixBytes; });
}

}  // namespace

v1::Filter Canonical(const v1::Filter& filter) {
  v1::Filter out;
  for (std::string& p : Reduced(filter.topic_prefix())) out.add_topic_prefix(std::move(p));
  for (std::string& p : Reduced(filter.division_prefix())) out.add_division_prefix(std::move(p));
  return out;
}

std::string FilterHash(const v1::Filter& filter) {
  return base::Sha256(Canonical(filter).SerializeAsString());
}

std::optional<v1::Filter> Intersection(const v1::Filter& a, const v1::Filter& b) {
  auto topics = Common(a.topic_prefix(), b.topic_prefix());
  auto divisions = Common(a.division_prefix(), b.division_prefix());
  if (!topics || !divisions) return std::nullopt;
  v1::Filter out;
  for (std::string& p : *topics) out.add_topic_prefix(std::move(p));
  for (std::string& p : *divisions) out.add_division_prefix(std::move(p));
  return out;
}

bool IsNarrower(const v1::Filter& inner, const v1::Filter& outer) {
  const std::optional<v1::Filter> both = Intersection(inner, outer);
  return both && SameFilter(*both, inner);
}

bool SameFilter(const v1::Filter& a, const v1::Filter& b) {
  return Canonical(a).SerializeAsString() == Canonical(b).SerializeAsString();
}

bool MatchesTopic(const v1::Filter& filter, std::string_view topic) {
  return Matches(filter.topic_prefix(), topic);
}

bool MatchesDivision(const v1::Filter& filter, std::string_view division) {
  return Matches(filter.division_prefix(), division);
}

bool WithinLimits(const v1::Filter& filter) {
  return Short(filter.topic_prefix()) && Short(filter.division_prefix());
}

}  // namespace bus
