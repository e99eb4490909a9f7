#include "services/bus/bus.h"

#include <utility>

#include "base/random.h"
#include "base/status_macros.h"
#include "services/bus/curve_keys.h"

namespace bus {

absl::StatusOr<std::unique_ptr<Bus>> Bus::Start(const BusOptions& options, const kernel::EventLog* log,
                                                kernel::EventInbox* inbox, const base::Clock* clock,
                                                base::Metrics* metrics) {
  ASSIGN_OR_RETURN(const std::string secret_key, ReadSecretKeyFile(options.secret_key_file));
  std::unique_ptr<Bus> bus(new Bus());
  if (!options.listen.empty()) RETURN_IF_ERROR(bus->Serve(options, secret_key, log, clock, metrics));
  for (const Subscription& subscription : options.subscriptions) {
    const ZmqConsumerOptions consumer{subscription.endpoint, subscription.server_key, secret_key,
                                      subscription.consumer};
    ASSIGN_OR_RETURN(auto started,
                     ZmqConsumer::Start(bus->context_, consumer, inbox, clock, metrics, base::EntropySeed()));
    bus->consumers_.push_back(std::move(started));
  }
  return bus;
}

absl::Status Bus::Serve(const BusOptions& options, const std::string& secret_key, const kernel::EventLog* log,
                        const base::Clock* clock, base::Metrics* metrics) {
  ASSIGN_OR_RETURN(AccessFile access, AccessFile::Open(options.access_file, clock->NowMs()));
  access_ = std::make_unique<AccessFile>(std::move(access));
  zap_ = std::make_unique<ZapHandler>(context_, access_.get(), clock, metrics);
  const ZmqSourceOptions source{options.listen, secret_key, options.source};
  ASSIGN_OR_RETURN(
      source_, ZmqSource::Start(context_, source, log, access_.get(), clock, metrics, base::EntropySeed()));
  return absl::OkStatus();
}

void Bus::Wake() {
  if (source_ != nullptr) source_->Wake();
}

void Bus::Stop() {
  for (const auto& consumer : consumers_) consumer->Stop();
  if (source_ != nullptr) source_->Stop();
  if (zap_ != nullptr) zap_->Stop();
}

std::optional<ZmqSource::Snapshot> Bus::SourceState() const {
  if (source_ == nullptr) return std::nullopt;
  return source_->Status();
}

std::vector<ZmqConsumer::Snapshot> Bus::ConsumerStates() const {
  std::vector<ZmqConsumer::Snapshot> states;
  for (const auto& consumer : consumers_) states.push_back(consumer->Status());
  return states;
}

}  // namespace bus
