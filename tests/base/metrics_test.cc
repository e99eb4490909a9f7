#include "base/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/random.h"
#include "base/thread.h"

namespace base {
namespace {

using testing::HasSubstr;

TEST(Metrics, AreExportedInPrometheusText) {
  Metrics metrics;
  metrics.AddCounter("commands_total", "commands", {{"command", "accept"}, {"result", "ok"}}).Add(3);
  metrics.AddGauge("queue_length", "waiting commands").Set(-2);
  EXPECT_EQ(metrics.Text(),
            "# HELP commands_total commands\n# TYPE commands_total counter\n"
            "commands_total{command=\"accept\",result=\"ok\"} 3\n"
            "# HELP queue_length waiting commands\n# TYPE queue_length gauge\nqueue_length -2\n");
}

TEST(Metrics, GiveTheSameObjectForTheSameLabels) {
  Metrics metrics;
  Counter& a = metrics.AddCounter("a_total", "a", {{"k", "v"}});
  EXPECT_EQ(&a, &metrics.AddCounter("a_total", "a", {{"k", "v"}}));
  EXPECT_NE(&a, &metrics.AddCounter("a_total", "a", {{"k", "w"}}));
}

TEST(Metrics, EscapeLabelValues) {
  Metrics metrics;
  metrics.AddGauge("g", "line\nbreak", {{"k", "a\"b\\c\nd"}}).Set(1);
  EXPECT_THAT(metrics.Text(), HasSubstr("g{k=\"a\\\"b\\\\c\\nd\"} 1\n"));
  EXPECT_THAT(metrics.Text(), HasSubstr("# HELP g line\\nbreak\n"));
}

TEST(MetricsDeathTest, OneNameIsOneKindOfMetric) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  Metrics metrics;
  metrics.AddCounter("x_total", "x");
  EXPECT_DEATH(metrics.AddGauge("x_total", "x"), "already a counter");
}

TEST(Histogram, PutsEveryValueUnderTheBoundOfItsBucket) {
  Random random(7);
  for (int i = 0; i < 20'000; ++i) {
    const auto value = static_cast<int64_t>(random.Next() >> (24 + random.Below(40)));
    const size_t bucket = Histogram::BucketOf(value);
    if (bucket + 1 == Histogram::kBuckets) continue;
    EXPECT_LE(value, Histogram::UpperBound(bucket));
    if (bucket > 0) {
      EXPECT_GT(value, Histogram::UpperBound(bucket - 1)) << value;
    }
  }
  EXPECT_EQ(Histogram::BucketOf(-5), 0u);
}

TEST(Histogram, KnowsItsQuantilesToAFewPercent) {
  Histogram histogram;
  EXPECT_EQ(histogram.Quantile(0.5), 0);
  for (int64_t v = 1; v <= 10'000; ++v) histogram.Observe(v);
  EXPECT_EQ(histogram.count(), 10'000u);
  EXPECT_EQ(histogram.sum(), 50'005'000);
  for (double q : {0.5, 0.9, 0.99}) {
    const double exact = q * 10'000;
    EXPECT_GE(static_cast<double>(histogram.Quantile(q)), exact);
    EXPECT_LE(static_cast<double>(histogram.Quantile(q)), exact * 1.26);
  }
}

TEST(Histogram, IsExportedCumulativeInSeconds) {
  Metrics metrics;
  Histogram& h = metrics.AddHistogram("sync_seconds", "sync", {{"kv", "rocks"}});
  h.Observe(1);
  h.Observe(5'000'000'000'000'000);
  const std::string text = metrics.Text();
  EXPECT_THAT(text, HasSubstr("sync_seconds_bucket{kv=\"rocks\",le=\"0.000003\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("sync_seconds_bucket{kv=\"rocks\",le=\"+Inf\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("sync_seconds_count{kv=\"rocks\"} 2\n"));
}

TEST(Counter, LosesNothingBetweenThreads) {
  Metrics metrics;
  Counter& counter = metrics.AddCounter("n_total", "n");
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.push_back(StartThread("adder", [&] {
        for (int i = 0; i < 10'000; ++i) counter.Add();
      }));
    }
  }
  EXPECT_EQ(counter.value(), 40'000u);
}

}  // namespace
}  // namespace base
