// Durable incident reports a second through gRPC beside the emptiest call gRPC can do. The incident service runs whole
// (token, access rule, field rules, vault, answer by request id, domain, database with one sync a group); the echo is a
// second server in the same process, so both share gRPC's threads, and takes the same number of bytes. The load comes
// from a process of its own over four connections. Pairs back to back, medians.
//
//   report_bench [pairs=5] [measure_ms=2000] [in flight: 64 256 1024 ...]
//
// Aims: 33, 45 and 55 % of the echo at 64, 256 and 1024 in flight.

#include <grpcpp/impl/codegen/server_callback_handlers.h>
#include <grpcpp/impl/service_type.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include "base/check.h"
#include "base/clock.h"
#include "base/lock_order.h"
#include "bench/county.h"
#include "bench/load.h"
#include "bench/measure.h"
#include "services/incident/subscriptions.h"
#include "services/incident/wiring.h"
#include "tools/keygen/key_folder.h"

namespace bench {
namespace {

using incident::IncidentDomain;

constexpr size_t kEchoReplyBytes = 40;

// The least a unary method can do: the request is there, a constant goes back.
class Echo final : public grpc::Service {
 public:
  Echo() {
    AddMethod(new grpc::internal::RpcServiceMethod("/bench.Echo/Echo", grpc::internal::RpcMethod::NORMAL_RPC,
                                                   nullptr));
    MarkMethodRawCallback(0, new grpc::internal::CallbackUnaryHandler<grpc::ByteBuffer, grpc::ByteBuffer>(
                                 [](grpc::CallbackServerContext* context, const grpc::ByteBuffer*,
                                    grpc::ByteBuffer* reply) {
      static const grpc::Slice kConstant(std::string(kEchoReplyBytes, 'e'));
      *reply = grpc::ByteBuffer(&kConstant, 1);
      grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
      reactor->Finish(grpc::Status::OK);
      return reactor;
    }));
  }
};

class Servers {
 public:
  explicit Servers(const std::string& directory) : directory_(directory) {
    std::ostringstream said;
    CHECK(keygen::FillKeyFolder(directory + "/keys", {"incident"}, clock_.NowMs(), said).ok());
    rpc::v1::Process config;
    config.set_service("incident");
    config.set_data_dir(directory + "/data");
    config.set_listen("127.0.0.1:0");
    config.mutable_tokens()->set_jwks_file(directory + "/keys/jwks.json");
    config.mutable_tokens()->set_issuer("fengqiao-directory");
    config.mutable_tokens()->set_audience("fengqiao");
    config.set_master_key_file(directory + "/keys/incident.master");
    rpc::ServiceParts<IncidentDomain> parts;
    parts.service = incident::v1::GetIncidentRequest::descriptor()->file()->FindServiceByName("Incidents");
    parts.subscriptions = incident::Subscriptions();
    parts.reference = County();
    parts.setup = [this](rpc::Host<IncidentDomain>& host) { return wiring_.Setup(host); };
    const absl::Status started = host_.Start(config, std::move(parts));
    CHECK(started.ok()) << started;
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &echo_port_);
    builder.RegisterService(&echo_);
    echo_server_ = builder.BuildAndStart();
    CHECK(echo_server_ != nullptr);
  }
  ~Servers() {
    echo_server_->Shutdown();
    host_.Stop();
  }

  // Grid workers of the townships in turn, one token each.
  void WriteTokens(const std::string& file) const {
    auto signer = rpc::TokenSigner::FromFile(directory_ + "/keys/token.key", "fengqiao-directory", "fengqiao");
    CHECK(signer.ok()) << signer.status();
    std::ofstream out(file);
    for (int i = 0; i < kWorkers; ++i) {
      out << signer->Sign(Worker(i), "t" + std::to_string(i), clock_.NowMs(), 3'600'000) << "\n";
    }
  }

  int report_port() { return host_.server().port(); }
  int echo_port() const { return echo_port_; }
  uint64_t events() { return host_.service().Head().seq; }

 private:
  const std::string directory_;
  base::SystemClock clock_;
  incident::Wiring wiring_;
  rpc::Host<IncidentDomain> host_;
  Echo echo_;
  std::unique_ptr<grpc::Server> echo_server_;
  int echo_port_ = 0;
};

const char* AimAt(int in_flight) {
  if (in_flight >= 1024) return "≥ 0.55";
  return in_flight >= 256 ? "≥ 0.45" : "≥ 0.33";
}

void Measure(Servers& servers, LoadProcess& load, int in_flight, int pairs, int measure_ms) {
  LoadProcess::Order echo{servers.echo_port(), "/bench.Echo/Echo", in_flight, 500, measure_ms, false};
  LoadProcess::Order report{servers.report_port(), "/incident.v1.Incidents/Report", in_flight, 500, measure_ms, true};
  Pairs rows("durable reports, unary, " + std::to_string(in_flight) + " in flight", "/s", AimAt(in_flight));
  std::vector<double> p50, p99, own_us, echo_us;
  for (int i = 0; i < pairs; ++i) {
    ForeignMeter foreign({load.pid()});
    const auto server_cpu = [] { return CpuSecondsOf(getpid()); };
    const double at_start = server_cpu();
    const LoadResult limit = load.Run(echo);
    const double at_middle = server_cpu();
    const uint64_t before = servers.events();
    const LoadResult product = load.Run(report);
    const double seconds = (echo.warm_ms + echo.measure_ms) / 1e3;
    CHECK(product.failed == 0 && limit.failed == 0) << "calls failed";
    CHECK(static_cast<double>(servers.events() - before) >= product.per_second * measure_ms / 1e3)
        << "fewer events in the log than calls answered";
    rows.Add(product.per_second, limit.per_second, foreign.Cores());
    p50.push_back(product.p50_us / 1e3);
    p99.push_back(product.p99_us / 1e3);
    own_us.push_back((server_cpu() - at_middle) / seconds / product.per_second * 1e6);
    echo_us.push_back((at_middle - at_start) / seconds / limit.per_second * 1e6);
  }
  char note[160];
  std::snprintf(note, sizeof(note), "p50 %.1f ms, p99 %.1f ms, server CPU %.0f µs a call (echo %.0f)", Median(p50),
                Median(p99), Median(own_us), Median(echo_us));
  rows.Print(note);
}

int Main(int argc, char** argv) {
  const int pairs = argc > 1 ? std::atoi(argv[1]) : 5;
  const int measure_ms = argc > 2 ? std::atoi(argv[2]) : 2000;
  CHECK(pairs > 0 && measure_ms > 0) << "usage: report_bench [pairs] [measure_ms] [in flight ...]";
  std::vector<int> depths;
  for (int i = 3; i < argc; ++i) depths.push_back(std::atoi(argv[i]));
  if (depths.empty()) depths = {64, 256, 1024};
  base::StartLog("bench", base::kWarning);
  rpc::RouteLibraryLogs();
  std::string directory = (std::filesystem::temp_directory_path() / "fengqiao-bench-XXXXXX").string();
  CHECK(mkdtemp(directory.data()) != nullptr);
  {
    Servers servers(directory);
    servers.WriteTokens(directory + "/tokens");
    const std::string body = Report(kRequestId, base::SystemClock().NowMs()).SerializeAsString();
    std::ofstream(directory + "/body", std::ios::binary) << body;
    LoadProcess load(directory + "/body", directory + "/tokens");
    PrintHead();
    for (const int depth : depths) Measure(servers, load, depth, pairs, measure_ms);
  }
  std::filesystem::remove_all(directory);
  return 0;
}

}  // namespace
}  // namespace bench

int main(int argc, char** argv) {
  base::TrustLockOrder();  // as the product does; the load too
  if (argc == 4 && std::string_view(argv[1]) == "--load") return bench::RunLoad(argv[2], argv[3]);
  return bench::Main(argc, argv);
}
