#include "base/metrics.h"

#include <bit>
#include <cstdio>
#include <cstring>

#include "base/check.h"

namespace base {
namespace {

constexpr size_t kSplit = 4;        // buckets a power of two
constexpr size_t kExportEvery = 4;  // Prometheus sees each power of two; finer ones are for Quantile

std::string Escaped(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c == '\\' || c == '"') out.push_back('\\');
    if (c == '\n') {
      out += "\\n";
    } else {
      out.push_back(c);
    }
  }
  return out;
}

std::string RenderLabels(const MetricLabels& labels) {
  std::string out;
  for (const auto& [key, value] : labels) {
    if (!out.empty()) out += ",";
    out += key + "=\"" + Escaped(value) + "\"";
  }
  return out;
}

void AppendSample(std::string* out, std::string_view name, std::string_view labels,
                  const std::string& value) {
  out->append(name);
  if (!labels.empty()) out->append("{").append(labels).append("}");
  out->append(" ").append(value).append("\n");
}

std::string Seconds(int64_t us) {
  std::array<char, 32> text;
  std::snprintf(text.data(), text.size(), "%.6f", static_cast<double>(us) / 1e6);
  return text.data();
}

void AppendHistogram(std::string* out, const std::string& name, const std::string& labels,
                     const Histogram& h) {
  const bool duration = name.ends_with("_seconds");
  const std::string comma = labels.empty() ? "" : labels + ",";
  uint64_t seen = 0;
  for (size_t b = 0; b < Histogram::kBuckets; ++b) {
    seen += h.BucketCount(b);
    const bool last = b + 1 == Histogram::kBuckets;
    if (last || (b + 1) % kExportEvery != 0) continue;
    const int64_t bound = Histogram::UpperBound(b);
    AppendSample(out, name + "_bucket",
                 comma + "le=\"" + (duration ? Seconds(bound) : std::to_string(bound)) + "\"",
                 std::to_string(seen));
  }
  AppendSample(out, name + "_bucket", comma + "le=\"+Inf\"", std::to_string(seen));
  AppendSample(out, name + "_sum", labels, duration ? Seconds(h.sum()) : std::to_string(h.sum()));
  AppendSample(out, name + "_count", labels, std::to_string(seen));
}

}  // namespace

// Values 0..3 have a bucket each; from there on the top bit and the two bits after it choose one.
size_t Histogram::BucketOf(int64_t value) {
  if (value < static_cast<int64_t>(kSplit)) return value < 0 ? 0 : static_cast<size_t>(value);
  const auto v = static_cast<uint64_t>(value);
  const auto top = static_cast<size_t>(std::bit_width(v)) - 1;
  const size_t bucket = (top - 1) * kSplit + (v >> (top - 2) & 3);
  return bucket < kBuckets ? bucket : kBuckets - 1;
}

int64_t Histogram::UpperBound(size_t bucket) {
  if (bucket < kSplit) return static_cast<int64_t>(bucket);
  const size_t top = bucket / kSplit + 1;
  const uint64_t low = (uint64_t{kSplit} + bucket % kSplit) << (top - 2);
  return static_cast<int64_t>(low + (uint64_t{1} << (top - 2)) - 1);
}

void Histogram::Observe(int64_t value) {
  buckets_[BucketOf(value)].fetch_add(1, std::memory_order_relaxed);
  sum_.fetch_add(value, std::memory_order_relaxed);
}

uint64_t Histogram::count() const {
  uint64_t total = 0;
  for (const auto& bucket : buckets_) total += bucket.load(std::memory_order_relaxed);
  return total;
}

int64_t Histogram::Quantile(double q) const {
  const uint64_t total = count();
  if (total == 0) return 0;
  const double wanted = q * static_cast<double>(total);
  uint64_t seen = 0;
  for (size_t b = 0; b < kBuckets; ++b) {
    seen += BucketCount(b);
    if (seen > 0 && static_cast<double>(seen) >= wanted) return UpperBound(b);
  }
  return UpperBound(kBuckets - 1);
}

Metrics::Series& Metrics::Find(std::string_view name, std::string_view help, const char* type,
                               const MetricLabels& labels) {
  auto it = families_.find(name);
  if (it == families_.end()) {
    it = families_.emplace(std::string(name), Family{std::string(help), type, {}}).first;
  }
  CHECK(std::strcmp(it->second.type, type) == 0) << name << " is already a " << it->second.type;
  const auto [series, added] = it->second.series.try_emplace(RenderLabels(labels));
  if (added) CHECK(++series_count_ <= kMetricSeriesMax) << "too many series at " << name;
  return series->second;
}

Counter& Metrics::AddCounter(std::string_view name, std::string_view help, const MetricLabels& labels) {
  absl::MutexLock lock(&mutex_);
  Series& series = Find(name, help, "counter", labels);
  if (series.counter == nullptr) series.counter = std::make_unique<Counter>();
  return *series.counter;
}

Gauge& Metrics::AddGauge(std::string_view name, std::string_view help, const MetricLabels& labels) {
  absl::MutexLock lock(&mutex_);
  Series& series = Find(name, help, "gauge", labels);
  if (series.gauge == nullptr) series.gauge = std::make_unique<Gauge>();
  return *series.gauge;
}

Histogram& Metrics::AddHistogram(std::string_view name, std::string_view help, const MetricLabels& labels) {
  absl::MutexLock lock(&mutex_);
  Series& series = Find(name, help, "histogram", labels);
  if (series.histogram == nullptr) series.histogram = std::make_unique<Histogram>();
  return *series.histogram;
}

std::string Metrics::Text() const {
  absl::MutexLock lock(&mutex_);
  std::string out;
  for (const auto& [name, family] : families_) {
    out += "# HELP " + name + " " + Escaped(family.help) + "\n# TYPE " + name + " " + family.type + "\n";
    for (const auto& [labels, series] : family.series) {
      if (series.counter != nullptr)
        AppendSample(&out, name, labels, std::to_string(series.counter->value()));
      if (series.gauge != nullptr) AppendSample(&out, name, labels, std::to_string(series.gauge->value()));
      if (series.histogram != nullptr) AppendHistogram(&out, name, labels, *series.histogram);
    }
  }
  return out;
}

}  // namespace base
