#pragma once
// What operators see of the bus: metrics written from the status of the state machines, and their journal as
// log lines. Publish: one thread per object.

#include <map>
#include <string>
#include <string_view>

#include "base/metrics.h"
#include "services/bus/consumer.h"
#include "services/bus/journal.h"
#include "services/bus/source.h"

namespace bus {

class LogJournal final : public Journal {
 public:
  void Write(Weight weight, std::string_view who, std::string_view what, std::string_view detail) override;
};

class SourceMetrics {
 public:
  explicit SourceMetrics(base::Metrics* metrics);
  void Publish(const SourceStatus& status, const std::vector<SessionInfo>& sessions);

 private:
  base::Metrics* const metrics_;
  SourceStatus last_;
  base::Gauge& sessions_;
  base::Gauge& log_alarm_;
  base::Counter& malformed_;
  base::Counter& opened_;
  base::Counter& lost_;
  base::Counter& blocked_;
  base::Counter& batches_;
  base::Counter& events_;
  base::Counter& bytes_;
  std::map<std::string, base::Gauge*> lag_;  // by consumer; bounded: see Publish
};

class ConsumerMetrics {
 public:
  ConsumerMetrics(base::Metrics* metrics, const std::string& source);
  void Publish(const ConsumerStatus& status);

 private:
  ConsumerStatus last_;
  base::Gauge& streaming_;
  base::Gauge& halted_;
  base::Gauge& alarm_;
  base::Gauge& lag_;
  base::Counter& events_;
  base::Counter& apply_failures_;
  base::Counter& gaps_;
  base::Counter& silences_;
  base::Counter& rejects_;
  base::Counter& malformed_;
};

}  // namespace bus
