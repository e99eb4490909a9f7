#pragma once
// A whole service process out of a domain. A main.cc says what is its own:
//
//   int main(int argc, char** argv) {
//     rpc::ServiceParts<IncidentDomain> parts;
//     parts.service = incident::v1::Incident::descriptor()->file()->FindServiceByName("Incidents");
//     parts.subscriptions = incident::Subscriptions();
//     parts.topics = {{"mediation", {"mediation."}}};
//     parts.setup = [](rpc::Host<IncidentDomain>& host) { return incident::AddQueries(host); };
//     return rpc::RunService(argc, argv, std::move(parts));
//   }
//
// Start: configuration, databases, kernel, before_serving, bus, gRPC, metrics page. Stop, by SIGINT or SIGTERM: not
// serving, drain, gRPC, bus, kernel, databases. An error before the end of the start ends the process with 1.

#include <absl/status/status.h>
#include <google/protobuf/descriptor.h>

#include <atomic>
#include <functional>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/lock_order.h"
#include "base/log.h"
#include "base/status_macros.h"
#include "services/kernel/service.h"
#include "services/rpc/config.h"
#include "services/rpc/following.h"
#include "services/rpc/metrics_page.h"
#include "services/rpc/process.h"
#include "services/rpc/server.h"
#include "storage/space_guard.h"

namespace rpc {

template <kernel::Domain D>
class Host;

template <kernel::Domain D>
struct ServiceParts {
  const google::protobuf::ServiceDescriptor* service = nullptr;
  typename D::Reference reference;
  // Instead of `reference`, where it is read from a file that the configuration names. May be empty.
  std::function<absl::StatusOr<typename D::Reference>(const v1::Process&)> read_reference;
  // Foreign notices -> own commands. May be empty where nothing is followed.
  kernel::Subscriptions subscriptions;
  Topics topics;
  FormerTopics topics_before;  // see BusOptionsOf
  // Registers the queries and preparations. The kernel does not run yet; its readers may be captured.
  std::function<absl::Status(Host<D>&)> setup;
  // With the kernel running and nobody let in yet: loads what must be there first. May be empty.
  std::function<absl::Status(Host<D>&)> before_serving;
  // After the last call was answered, with the kernel still running. May be empty.
  std::function<void(Host<D>&)> before_stop;
};

// What setup, before_serving and the queries they register may use. Lives as long as the process.
template <kernel::Domain D>
class Host {
 public:
  const v1::Process& config() const { return foundation_.config; }
  const base::Clock& clock() const { return foundation_.clock; }
  base::Metrics& metrics() { return foundation_.metrics; }
  TokenVerifier& tokens() { return *foundation_.tokens; }
  AuditLog& audit() { return *foundation_.audit; }
  const Vault* vault() const { return foundation_.vault.get(); }   // null without a master key
  const storage::View& vault_view() const { return *vault_view_; }
  kernel::Service<D>& service() { return *service_; }
  Server& server() { return *server_; }
  const bus::Bus* bus() const { return bus_.get(); }               // null before it is started and without one

  // Any thread; empty before the bus is started and after it has stopped.
  std::vector<Following> Heard() const {
    std::vector<Following> heard;
    const bus::Bus* bus = wake_.load(std::memory_order_acquire);
    if (bus == nullptr) return heard;
    for (const auto& state : bus->ConsumerStates()) {
      const bool connected = state.status.phase == bus::Phase::kStreaming;
      heard.push_back({state.source, connected, state.status.lag(), state.level_at_ms});
    }
    return heard;
  }

  template <class Request, class Response>
  void Query(std::string_view method, std::function<Answer(const Caller&, const Request&, Response*)> run) {
    server_->Query<Request, Response>(method, std::move(run));
  }
  template <class Request, class Response>
  void Stream(std::string_view method,
              std::function<Answer(const Caller&, const Request&, NextMessage<Response>*)> open) {
    server_->Stream<Request, Response>(method, std::move(open));
  }
  template <class Request>
  void Prepare(std::string_view method,
               std::function<std::optional<kernel::Refusal>(const Caller&, const Request&, kernel::Envelope*)> run) {
    server_->Prepare<Request>(method, std::move(run));
  }

  // For RunService and for tests that want the process without its signals.
  absl::Status Start(v1::Process config, ServiceParts<D> parts) {
    parts_ = std::move(parts);
    RETURN_IF_ERROR(LayFoundation(std::move(config), &foundation_));
    RETURN_IF_ERROR(OpenKernel());
    MakeServer();
    if (parts_.setup) RETURN_IF_ERROR(parts_.setup(*this));
    service_->Start();
    if (parts_.before_serving) RETURN_IF_ERROR(parts_.before_serving(*this));
    RETURN_IF_ERROR(StartBus());
    RETURN_IF_ERROR(server_->Start());
    if (!foundation_.config.metrics_listen().empty()) {
      ASSIGN_OR_RETURN(metrics_page_, MetricsPage::Open(foundation_.config.metrics_listen(), foundation_.metrics,
                                                        [this] { return Unhealthy(); }));
    }
    base::Log(base::kInfo, "ready", {{"port", server_->port()}, {"log_seq", service_->Head().seq}});
    return absl::OkStatus();
  }

  void Stop(int64_t drain_seconds = 0) {
    if (serving()) {
      server_->SetServing(false);
      WaitForDrain(drain_seconds);
      server_->Stop();
    }
    if (parts_.before_stop && service_ != nullptr) parts_.before_stop(*this);
    wake_.store(nullptr);
    if (bus_ != nullptr) bus_->Stop();
    if (service_ != nullptr) service_->Stop();
    metrics_page_.reset();
    server_.reset();
    base::Log(base::kInfo, "stopped");
  }

 private:
  bool serving() const { return server_ != nullptr && server_->port() != 0; }

  std::string Unhealthy() const {
    return service_->health() == kernel::Health::kServing ? "" : "the writer does not serve";
  }

  absl::Status OpenKernel() {
    typename kernel::Service<D>::Options options;
    if (parts_.read_reference) {
      ASSIGN_OR_RETURN(parts_.reference, parts_.read_reference(foundation_.config));
    }
    options.reference = std::move(parts_.reference);
    options.crash_marker_path = foundation_.CrashMarker();
    options.sealer = foundation_.sealed.get();
    options.check_space = [directory = foundation_.config.data_dir()] { return storage::CheckFreeSpace(directory); };
    options.subscriptions = [this](std::string_view source, const bus::v1::Event& event)
        -> absl::StatusOr<std::vector<kernel::Envelope>> {
      RETURN_IF_ERROR(HearRevocation(event, foundation_.clock.NowMs(), foundation_.tokens.get(),
                                     foundation_.audit.get()));
      if (!parts_.subscriptions) return std::vector<kernel::Envelope>();
      return parts_.subscriptions(source, event);
    };
    const v1::Limits& limits = foundation_.config.limits();
    if (limits.command_queue_max() > 0) options.queue.commands = limits.command_queue_max();
    if (limits.group_max() > 0) options.group_commands_max = limits.group_max();
    vault_view_ = foundation_.kv.get();
    ASSIGN_OR_RETURN(service_, kernel::Service<D>::Open(foundation_.clock, std::move(foundation_.kv),
                                                        &foundation_.metrics, std::move(options)));
    service_->AddWatch([this](uint64_t) {
      if (bus::Bus* bus = wake_.load(std::memory_order_acquire)) bus->Wake();
    });
    return absl::OkStatus();
  }

  void MakeServer() {
    ServerParts parts;
    parts.clock = &foundation_.clock;
    parts.metrics = &foundation_.metrics;
    parts.tokens = foundation_.tokens.get();
    parts.audit = foundation_.audit.get();
    parts.queue = service_.get();
    parts.vault = foundation_.vault.get();
    parts.view = vault_view_;
    server_ = std::make_unique<Server>(parts, ServerOptionsOf(foundation_.config), parts_.service,
                                       D::Command::descriptor());
  }

  absl::Status StartBus() {
    const bus::BusOptions options =
        BusOptionsOf(foundation_.config, parts_.topics, parts_.topics_before, service_->format().boots());
    if (options.listen.empty() && options.subscriptions.empty()) return absl::OkStatus();
    ASSIGN_OR_RETURN(bus_, bus::Bus::Start(options, service_.get(), service_.get(), &foundation_.clock,
                                           &foundation_.metrics));
    wake_.store(bus_.get(), std::memory_order_release);
    return absl::OkStatus();
  }

  ServiceParts<D> parts_;
  Foundation foundation_;
  const storage::View* vault_view_ = nullptr;
  std::atomic<bus::Bus*> wake_{nullptr};
  std::unique_ptr<kernel::Service<D>> service_;
  std::unique_ptr<bus::Bus> bus_;
  std::unique_ptr<Server> server_;
  std::unique_ptr<MetricsPage> metrics_page_;
};

// `argv[1]` is the configuration file. Returns the exit code.
template <kernel::Domain D>
int RunService(int argc, char** argv, ServiceParts<D> parts) {
  if (argc != 2) {
    std::cerr << "usage: " << D::kService << " CONFIG_FILE   (text of rpc.v1.Process)\n";
    return 2;
  }
  base::TrustLockOrder();
  HoldSignals();
  base::StartLog(D::kService, base::kInfo);
  RouteLibraryLogs();
  auto config = LoadProcess(argv[1], D::kService);
  if (!config.ok()) return Fail("cannot start", config.status());
  base::Log(base::kInfo, "starting", {{"configuration", Shown(*config)}});
  const int64_t drain_seconds = config->drain_seconds();
  Host<D> host;
  if (const absl::Status status = host.Start(*std::move(config), std::move(parts)); !status.ok()) {
    host.Stop();
    return Fail("cannot start", status);
  }
  WaitForStop();
  host.Stop(drain_seconds);
  return 0;
}

}  // namespace rpc
