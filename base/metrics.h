#pragma once
// Counters, gauges and histograms, and their Prometheus text (exposition format 0.0.4).
// Updating a metric is one or two relaxed atomic operations, any thread. Adding takes a lock: do it at start
// and keep the reference, which is valid as long as the Metrics object. Durations are measured in
// microseconds and exported in seconds. Labels must come from small closed sets, never from user input: the
// number of series is bounded.

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace base {

inline constexpr size_t kMetricSeriesMax = 4096;  // crossing it is our mistake: CHECK

class Counter {
 public:
  void Add(uint64_t n = 1) { value_.fetch_add(n, std::memory_order_relaxed); }
  uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<uint64_t> value_{0};
};

class Gauge {
 public:
  void Set(int64_t value) { value_.store(value, std::memory_order_relaxed); }
  void Add(int64_t n) { value_.fetch_add(n, std::memory_order_relaxed); }
  int64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<int64_t> value_{0};
};

// Counts of values by powers of two, each split in four: a quantile is right to within 12.5 %. Unit:
// microseconds for durations, plain numbers for sizes.
class Histogram {
 public:
  static constexpr size_t kBuckets = 160;
  void Observe(int64_t value);
  uint64_t count() const;
  int64_t sum() const { return sum_.load(std::memory_order_relaxed); }
  int64_t Quantile(double q) const;  // upper bound of the bucket that holds it; 0 when empty

  static size_t BucketOf(int64_t value);
  static int64_t UpperBound(size_t bucket);  // largest value in the bucket
  uint64_t BucketCount(size_t bucket) const { return buckets_[bucket].load(std::memory_order_relaxed); }

 private:
  std::array<std::atomic<uint64_t>, kBuckets> buckets_{};
  std::atomic<int64_t> sum_{0};
};

using MetricLabels = std::vector<std::pair<std::string, std::string>>;

class Metrics {
 public:
  // The same name and labels give the same object. Names: letters, digits, '_'; a counter's ends in "_total",
  // a duration's in "_seconds".
  Counter& AddCounter(std::string_view name, std::string_view help, const MetricLabels& labels = {});
  Gauge& AddGauge(std::string_view name, std::string_view help, const MetricLabels& labels = {});
  Histogram& AddHistogram(std::string_view name, std::string_view help, const MetricLabels& labels = {});

  std::string Text() const;

 private:
  struct Series {
    std::unique_ptr<Counter> counter;
    std::unique_ptr<Gauge> gauge;
    std::unique_ptr<Histogram> histogram;
  };
  struct Family {
    std::string help;
    const char* type = "";
    std::map<std::string, Series> series;  // by rendered labels
  };
  Series& Find(std::string_view name, std::string_view help, const char* type, const MetricLabels& labels)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  mutable absl::Mutex mutex_;
  std::map<std::string, Family, std::less<>> families_ ABSL_GUARDED_BY(mutex_);
  size_t series_count_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace base
