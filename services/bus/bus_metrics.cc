#include "services/bus/bus_metrics.h"

#include <set>

#include "base/log.h"

namespace bus {
namespace {
constexpr size_t kLagSeries = 256;
}  // namespace

void LogJournal::Write(Weight weight, std::string_view who, std::string_view what, std::string_view detail) {
  const base::LogLevel level = weight == Weight::kNote    ? base::kInfo
                               : weight == Weight::kAudit ? base::kWarning
                                                          : base::kError;
  base::Log(level, "event stream",
            {{"peer", who}, {"what", what}, {"detail", detail}, {"alarm", weight == Weight::kAlarm}});
}

SourceMetrics::SourceMetrics(base::Metrics* metrics)
    : metrics_(metrics),
      sessions_(metrics->AddGauge("esp_sessions", "open sessions of this source")),
      log_alarm_(metrics->AddGauge("esp_log_alarm", "1: the log cannot be streamed")),
      malformed_(metrics->AddCounter("esp_malformed_total", "messages dropped without an answer")),
      opened_(metrics->AddCounter("esp_opened_total", "sessions opened")),
      lost_(metrics->AddCounter("esp_lost_total", "sessions ended by silence or an unreachable peer")),
      blocked_(metrics->AddCounter("esp_blocked_total", "batches held back by a full pipe")),
      batches_(metrics->AddCounter("esp_batches_total", "batches sent")),
      events_(metrics->AddCounter("esp_events_total", "events sent")),
      bytes_(metrics->AddCounter("esp_event_bytes_total", "bytes of events sent")) {}

void SourceMetrics::Publish(const SourceStatus& status, const std::vector<SessionInfo>& sessions) {
  sessions_.Set(static_cast<int64_t>(sessions.size()));
  log_alarm_.Set(status.log_alarm ? 1 : 0);
  malformed_.Add(status.malformed - last_.malformed);
  opened_.Add(status.opened - last_.opened);
  lost_.Add(status.lost - last_.lost);
  blocked_.Add(status.blocked - last_.blocked);
  batches_.Add(status.batches - last_.batches);
  events_.Add(status.events - last_.events);
  bytes_.Add(status.event_bytes - last_.event_bytes);
  for (const auto& [code, count] : status.rejected) {
    metrics_
        ->AddCounter("esp_rejected_total", "refusals, by code",
                     {{"code", v1::RejectCode_Name(static_cast<v1::RejectCode>(code))}})
        .Add(count - last_.rejected[code]);
  }
  last_ = status;
  std::set<std::string> open;
  for (const SessionInfo& session : sessions) {
    open.insert(session.consumer_id);
    auto at = lag_.find(session.consumer_id);
    if (at == lag_.end()) {
      if (lag_.size() >= kLagSeries)
        continue;  // consumer ids come from the allow-list, which may use wildcards
      at = lag_.emplace(session.consumer_id,
                        &metrics_->AddGauge("esp_lag",
                                            "durable entries a consumer has not applied; -1: not connected",
                                            {{"consumer", session.consumer_id}}))
               .first;
    }
    at->second->Set(static_cast<int64_t>(session.lag));
  }
  for (const auto& [consumer, gauge] : lag_) {
    if (!open.contains(consumer)) gauge->Set(-1);
  }
}

ConsumerMetrics::ConsumerMetrics(base::Metrics* m, const std::string& source)
    : streaming_(m->AddGauge("esp_consumer_streaming", "1: a session is open", {{"source", source}})),
      halted_(m->AddGauge("esp_consumer_halted", "1: stands still until people have acted",
                          {{"source", source}})),
      alarm_(m->AddGauge("esp_consumer_alarm", "1: see the log", {{"source", source}})),
      lag_(m->AddGauge("esp_consumer_lag", "entries of the source not applied yet", {{"source", source}})),
      events_(m->AddCounter("esp_consumer_events_total", "events applied", {{"source", source}})),
      apply_failures_(
          m->AddCounter("esp_consumer_apply_failures_total", "failed applies", {{"source", source}})),
      gaps_(m->AddCounter("esp_consumer_gaps_total", "batches that did not follow", {{"source", source}})),
      silences_(m->AddCounter("esp_consumer_silences_total", "sessions given up", {{"source", source}})),
      rejects_(m->AddCounter("esp_consumer_rejects_total", "refusals received", {{"source", source}})),
      malformed_(m->AddCounter("esp_consumer_malformed_total", "messages dropped", {{"source", source}})) {}

void ConsumerMetrics::Publish(const ConsumerStatus& status) {
  streaming_.Set(status.phase == Phase::kStreaming ? 1 : 0);
  halted_.Set(status.phase == Phase::kHalted ? 1 : 0);
  alarm_.Set(status.alarm.empty() ? 0 : 1);
  lag_.Set(static_cast<int64_t>(status.lag()));
  events_.Add(status.events - last_.events);
  apply_failures_.Add(status.apply_failures - last_.apply_failures);
  gaps_.Add(status.gaps - last_.gaps);
  silences_.Add(status.silences - last_.silences);
  rejects_.Add(status.rejects - last_.rejects);
  malformed_.Add(status.malformed - last_.malformed);
  last_ = status;
}

}  // namespace bus
