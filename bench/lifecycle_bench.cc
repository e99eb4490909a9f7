// Does the incident service slow down as matters pile up? Whole lives through gRPC (report, accept, dispatch, take,
// complete, read; six calls, five of them durable) by a fixed number of clients, on an empty database and again with
// many open matters stored. The service is limited by itself: the ratio is stored over empty.
//
//   lifecycle_bench [stored=100000] [lives=2000] [rounds=3]
//
// Aim: at most a tenth lost (at a million).

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <sstream>
#include <thread>

#include "base/check.h"
#include "base/ids.h"
#include "base/lock_order.h"
#include "base/random.h"
#include "bench/county.h"
#include "bench/measure.h"
#include "services/incident/subscriptions.h"
#include "services/incident/wiring.h"
#include "services/rpc/client.h"
#include "tools/keygen/key_folder.h"

namespace bench {
namespace {

using incident::IncidentDomain;

constexpr int kClients = 16;
constexpr size_t kWaitingMax = 2000;  // while the database is filled

class Service {
 public:
  explicit Service(const std::string& directory) {
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
    auto signer = rpc::TokenSigner::FromFile(directory + "/keys/token.key", "fengqiao-directory", "fengqiao");
    CHECK(signer.ok()) << signer.status();
    for (int i = 0; i < kWorkers; ++i) {
      for (const auto& who : {Worker(i), Dispatcher(i), Handler(i)}) {
        tokens_.push_back(signer->Sign(who, "t" + std::to_string(tokens_.size()), clock_.NowMs(), 24 * 3'600'000));
      }
    }
  }
  ~Service() { host_.Stop(); }

  // Reports of many people, past the network: only the kernel sees them.
  void Fill(size_t count) {
    base::Random random(7);
    std::atomic<size_t> waiting{0}, refused{0};
    for (size_t i = 0; i < count; ++i) {
      while (waiting.load() >= kWaitingMax) std::this_thread::yield();
      kernel::Envelope envelope;
      auto command = std::make_unique<incident::v1::Command>();
      *command->mutable_report() = Report("", clock_.NowMs());
      envelope.command = std::move(command);
      envelope.command_name = "report";
      envelope.aggregate_id = base::NewUlid(clock_.NowMs(), random);
      envelope.creates = true;
      envelope.actor = Worker(static_cast<int>(i % kWorkers));
      envelope.done = [&](const kernel::Outcome& outcome) {
        refused += !outcome.status.ok() || outcome.refusal;
        --waiting;
      };
      ++waiting;
      host_.service().Submit(std::move(envelope));
    }
    while (waiting.load() > 0) std::this_thread::yield();
    CHECK(refused == 0) << "reports were refused while the database was filled";
  }

  // Lives a second.
  double Live(int lives) {
    std::atomic<int> next{0};
    const int64_t from_us = clock_.SteadyUs();
    {
      std::vector<std::jthread> clients;
      for (int c = 0; c < kClients; ++c) {
        clients.emplace_back([&] {
          const auto channel =
              rpc::MakeChannel("127.0.0.1:" + std::to_string(host_.server().port()), "incident", nullptr);
          for (int i = next++; i < lives; i = next++) One(channel, i % kWorkers);
        });
      }
    }
    return lives * 1e6 / static_cast<double>(clock_.SteadyUs() - from_us);
  }

 private:
  template <class Request, class Response>
  void Call(const std::shared_ptr<grpc::Channel>& channel, const char* method, const Request& request, int token,
            Response* response) const {
    rpc::CallSettings settings;
    settings.token = tokens_[static_cast<size_t>(token)];
    const auto result =
        rpc::CallUnary(channel, std::string("/incident.v1.Incidents/") + method, request, response, settings);
    CHECK(result.ok()) << method << ": " << result.status.error_message() << " " << result.error.ShortDebugString();
  }

  void One(const std::shared_ptr<grpc::Channel>& channel, int worker) {
    const int reporter = 3 * worker, dispatcher = reporter + 1, handler = reporter + 2;
    kernel::v1::Receipt receipt;
    Call(channel, "Report", Report("life-" + std::to_string(++serial_), clock_.NowMs()), reporter, &receipt);
    incident::v1::AcceptRequest accept;
    accept.set_id(receipt.id());
    Call(channel, "Accept", accept, dispatcher, &receipt);
    incident::v1::DispatchRequest dispatch;
    dispatch.set_id(receipt.id());
    dispatch.set_lead_org(UnitOf(worker));
    Call(channel, "Dispatch", dispatch, dispatcher, &receipt);
    incident::v1::TakeRequest take;
    take.set_id(receipt.id());
    Call(channel, "Take", take, handler, &receipt);
    incident::v1::CompleteRequest complete;
    complete.set_id(receipt.id());
    complete.set_result("已清理");
    complete.set_resolved(incident::v1::YES);
    Call(channel, "Complete", complete, handler, &receipt);
    incident::v1::GetIncidentRequest get;
    get.set_id(receipt.id());
    incident::v1::IncidentView view;
    Call(channel, "GetIncident", get, reporter, &view);
    CHECK(receipt.status() == "PENDING_VERIFY") << receipt.status();
  }

  base::SystemClock clock_;
  incident::Wiring wiring_;
  rpc::Host<IncidentDomain> host_;
  std::vector<std::string> tokens_;  // of each worker, its dispatcher, its handler
  std::atomic<uint64_t> serial_{0};
};

int Main(int argc, char** argv) {
  const size_t stored = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 100'000;
  const int lives = argc > 2 ? std::atoi(argv[2]) : 2000;
  const int rounds = argc > 3 ? std::atoi(argv[3]) : 3;
  CHECK(stored > 0 && lives > 0 && rounds > 0) << "usage: lifecycle_bench [stored] [lives] [rounds]";
  base::TrustLockOrder();
  base::StartLog("bench", base::kWarning);
  rpc::RouteLibraryLogs();
  Pairs rows("whole lives (six calls) with " + std::to_string(stored / 1000) + " k matters stored, 16 clients",
             "lives/s", "≥ 0.90");
  std::string directory = (std::filesystem::temp_directory_path() / "fengqiao-bench-XXXXXX").string();
  CHECK(mkdtemp(directory.data()) != nullptr);
  {
    // Both stay open, so that pairs can be taken back to back.
    std::filesystem::create_directories(directory + "/empty");
    std::filesystem::create_directories(directory + "/full");
    Service empty(directory + "/empty");
    Service full(directory + "/full");
    full.Fill(stored);
    empty.Live(lives / 10);
    full.Live(lives / 10);
    for (int i = 0; i < rounds; ++i) {
      ForeignMeter foreign;
      const double limit = empty.Live(lives);
      rows.Add(full.Live(lives), limit, foreign.Cores());
    }
  }
  PrintHead();
  rows.Print();
  std::filesystem::remove_all(directory);
  return 0;
}

}  // namespace
}  // namespace bench

int main(int argc, char** argv) { return bench::Main(argc, argv); }
