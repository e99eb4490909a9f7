// The gateway: wiring only. usage: gateway CONFIG
// SIGTERM and SIGINT: no new connections, finish what was begun, end within kDrainMs.
#include <absl/strings/str_cat.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/lock_order.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/status_macros.h"
#include "base/thread.h"
#include "gateway/config.h"
#include "gateway/gateway.h"
#include "gateway/limits.h"
#include "gateway/services.h"
#include "services/bus/bus.h"
#include "services/rpc/file.h"
#include "services/rpc/rehearsal_clock.h"

namespace gateway {
namespace {

namespace asio = boost::asio;

constexpr size_t kConfigBytesMax = 1 << 20;
constexpr int64_t kDrainLookMs = 50;
constexpr int64_t kAfterCloseLooks = 40;  // what was closed by force still has to notice

// The interfaces of the services this installation has.
absl::StatusOr<std::unique_ptr<Catalog>> MakeCatalog(const v1::Config& config) {
  std::vector<const google::protobuf::FileDescriptor*> files;
  for (const auto& service : config.service()) {
    for (const auto* file : LinkedServices()) {
      if (file->package().starts_with(service.name() + ".")) files.push_back(file);
    }
  }
  if (files.empty()) return absl::InvalidArgumentError("the configuration names no service of this gateway");
  return Catalog::FromFiles(files);
}

absl::StatusOr<std::unique_ptr<bus::Bus>> FollowStreams(const v1::Config& config, Gateway* gateway,
                                                        const base::Clock* clock, base::Metrics* metrics) {
  if (config.feed().empty()) return std::unique_ptr<bus::Bus>();
  bus::BusOptions options;
  options.secret_key_file = config.curve_key_file();
  for (const auto& feed : config.feed()) {
    bus::Subscription subscription;
    subscription.endpoint = feed.endpoint();
    subscription.server_key = feed.public_key();
    subscription.consumer.source = feed.source();
    subscription.consumer.consumer_id = "gateway/live";
    subscription.consumer.instance_epoch = static_cast<uint64_t>(clock->NowMs());
    subscription.consumer.from_now = true;
    subscription.consumer.take_what_is_allowed = true;
    options.subscriptions.push_back(std::move(subscription));
  }
  return bus::Bus::Start(options, nullptr, &gateway->inbox(), clock, metrics);
}

// Waits until every connection has ended, at most kDrainMs.
class Drain {
 public:
  Drain(asio::io_context& io, Gateway& gateway) : io_(io), gateway_(gateway), timer_(io) {}

  void Begin() {
    base::Log(base::kInfo, "draining", {{"connections", gateway_.server().connections()}});
    gateway_.BeginDrain();
    Look(kDrainMs / kDrainLookMs);
  }

 private:
  void Look(int64_t times_left) {
    if (gateway_.server().connections() == 0 || times_left <= -kAfterCloseLooks) return io_.stop();
    if (times_left == 0) gateway_.server().CloseAll();
    timer_.expires_after(std::chrono::milliseconds(kDrainLookMs));
    timer_.async_wait([this, times_left](const boost::system::error_code&) { Look(times_left - 1); });
  }

  asio::io_context& io_;
  Gateway& gateway_;
  asio::steady_timer timer_;
};

absl::Status Run(const std::string& path) {
  rpc::RehearsalClock clock;
  base::Metrics metrics;
  ASSIGN_OR_RETURN(const std::string text, rpc::ReadFile(path, kConfigBytesMax));
  ASSIGN_OR_RETURN(const v1::Config config, ParseConfig(text));
  base::Log(base::kInfo, "configuration", {{"text", config.ShortDebugString()}});
  clock.Shift(config.rehearsal_offset_ms());
  ASSIGN_OR_RETURN(std::unique_ptr<Catalog> catalog, MakeCatalog(config));
  ASSIGN_OR_RETURN(GatewayOptions options, OptionsOf(config, *catalog));

  asio::io_context io(1);
  MetricsPage page(metrics);
  HttpServer metrics_server(io, clock, page, {.listen = config.metrics_listen()});
  ASSIGN_OR_RETURN(std::unique_ptr<Gateway> gateway,
                   Gateway::Start(io, clock, metrics, std::move(catalog), std::move(options)));
  if (!config.metrics_listen().empty()) RETURN_IF_ERROR(metrics_server.Listen());
  ASSIGN_OR_RETURN(std::unique_ptr<bus::Bus> bus, FollowStreams(config, gateway.get(), &clock, &metrics));

  Drain drain(io, *gateway);
  asio::signal_set signals(io, SIGTERM, SIGINT);
  signals.async_wait([&](const boost::system::error_code& error, int) {
    if (!error) drain.Begin();
  });
  base::Log(base::kInfo, "ready",
            {{"address", gateway->server().address()}, {"methods", gateway->catalog().methods().size()}});
  io.run();
  if (bus != nullptr) bus->Stop();
  const size_t left = gateway->server().connections();
  base::Log(base::kInfo, "stopped", {{"connections_left", left}});
  // What still hangs refers to parts about to be taken down. Nothing here is durable, so the process just ends.
  if (left > 0) std::_Exit(0);
  return absl::OkStatus();
}

}  // namespace
}  // namespace gateway

int main(int argc, char** argv) {
  base::TrustLockOrder();
  std::signal(SIGPIPE, SIG_IGN);
  base::StartLog("gateway", base::kInfo);
  base::NameThisThread("gateway");
  if (argc != 2) {
    std::cerr << "usage: " << argv[0] << " CONFIG\n";
    return 2;
  }
  const absl::Status status = gateway::Run(argv[1]);
  if (!status.ok()) {
    base::Log(base::kError, "cannot run", {{"why", status.ToString()}});
    return 1;
  }
  return 0;
}
