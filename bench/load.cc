#include "bench/load.h"

#include <grpc/support/time.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <mutex>
#include <sstream>
#include <thread>
#include <vector>

#include "base/check.h"
#include "base/clock.h"
#include "base/metrics.h"

namespace bench {
namespace {

constexpr int kDeadlineS = 20;  // real clients always set one

gpr_timespec InSeconds(int seconds) {
  return gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC), gpr_time_from_seconds(seconds, GPR_TIMESPAN));
}

std::string ReadAll(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  CHECK(in.good()) << "cannot read " << path;
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

// One order being carried out.
class Load {
 public:
  Load(const LoadProcess::Order& order, std::string body, const std::vector<std::string>& tokens)
      : order_(order), body_(std::move(body)), id_at_(body_.find(kRequestId)), tokens_(tokens) {
    CHECK(id_at_ != std::string::npos) << "the request has no " << kRequestId;
    for (int i = 0; i < kChannels; ++i) {
      grpc::ChannelArguments arguments;
      arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
      arguments.SetInt("bench.channel", i);
      auto channel = grpc::CreateCustomChannel("127.0.0.1:" + std::to_string(order.port),
                                               grpc::InsecureChannelCredentials(), arguments);
      CHECK(channel->WaitForConnected(InSeconds(10)));
      stubs_.push_back(std::make_unique<grpc::GenericStub>(channel));
    }
  }

  void Run() {
    running_ = order_.in_flight;
    for (int i = 0; i < order_.in_flight; ++i) Start();
    std::this_thread::sleep_for(std::chrono::milliseconds(order_.warm_ms));
    const int64_t from_us = clock_.SteadyUs();
    counting_ = true;
    std::this_thread::sleep_for(std::chrono::milliseconds(order_.measure_ms));
    counting_ = false;
    const double seconds = static_cast<double>(clock_.SteadyUs() - from_us) / 1e6;
    stopping_ = true;
    std::unique_lock lock(mutex_);
    ended_.wait(lock, [this] { return running_ == 0; });
    std::printf("%llu %.6f %lld %lld %ld\n", static_cast<unsigned long long>(calls_.load()), seconds,
                static_cast<long long>(times_.Quantile(0.5)), static_cast<long long>(times_.Quantile(0.99)),
                failed_.load());
    std::fflush(stdout);
  }

 private:
  struct Call {
    grpc::ClientContext context;
    grpc::ByteBuffer request, response;
    int64_t started_us = 0;
  };

  void Start() {
    const uint64_t number = next_++;
    auto* call = new Call();
    std::string body = body_;
    char id[sizeof(kRequestId)];
    std::snprintf(id, sizeof(id), "%08d-%016llx", static_cast<int>(getpid()),
                  static_cast<unsigned long long>(number + (static_cast<uint64_t>(order_.port) << 40)));
    body.replace(id_at_, sizeof(id) - 1, id);
    const grpc::Slice slice(body);
    call->request = grpc::ByteBuffer(&slice, 1);
    if (order_.with_token) {
      call->context.AddMetadata("authorization", "Bearer " + tokens_[number % tokens_.size()]);
    }
    call->context.set_deadline(InSeconds(kDeadlineS));
    call->started_us = clock_.SteadyUs();
    stubs_[number % kChannels]->UnaryCall(&call->context, order_.path, grpc::StubOptions(), &call->request,
                                          &call->response,
                                          [this, call](const grpc::Status& status) { Ended(call, status); });
  }

  void Ended(Call* call, const grpc::Status& status) {
    if (counting_.load(std::memory_order_relaxed)) {
      ++calls_;
      times_.Observe(clock_.SteadyUs() - call->started_us);
    }
    if (!status.ok() && failed_++ == 0) {
      std::cerr << "a call failed: " << status.error_code() << " " << status.error_message() << "\n";
    }
    delete call;
    if (!stopping_) return Start();
    const std::scoped_lock lock(mutex_);
    if (--running_ == 0) ended_.notify_all();
  }

  const LoadProcess::Order& order_;
  const std::string body_;
  const size_t id_at_;
  const std::vector<std::string>& tokens_;
  base::SystemClock clock_;
  base::Histogram times_;
  std::vector<std::unique_ptr<grpc::GenericStub>> stubs_;
  static inline std::atomic<uint64_t> next_{1};
  std::atomic<bool> counting_{false}, stopping_{false};
  std::atomic<uint64_t> calls_{0};
  std::atomic<long> failed_{0};
  std::mutex mutex_;
  std::condition_variable ended_;
  int running_ = 0;
};

}  // namespace

int RunLoad(const std::string& body_file, const std::string& tokens_file) {
  const std::string body = ReadAll(body_file);
  std::vector<std::string> tokens;
  std::istringstream lines(ReadAll(tokens_file));
  for (std::string line; std::getline(lines, line);) tokens.push_back(line);
  for (std::string line; std::getline(std::cin, line);) {
    LoadProcess::Order order;
    std::istringstream words(line);
    words >> order.port >> order.path >> order.in_flight >> order.warm_ms >> order.measure_ms >> order.with_token;
    CHECK(!words.fail()) << "not an order: " << line;
    Load(order, body, tokens).Run();
  }
  return 0;
}

LoadProcess::LoadProcess(const std::string& body_file, const std::string& tokens_file) {
  int down[2], up[2];
  CHECK(pipe(down) == 0 && pipe(up) == 0);
  pid_ = fork();
  CHECK(pid_ >= 0);
  if (pid_ == 0) {
    dup2(down[0], 0);
    dup2(up[1], 1);
    for (const int end : {down[0], down[1], up[0], up[1]}) close(end);
    execl("/proc/self/exe", "load", "--load", body_file.c_str(), tokens_file.c_str(), nullptr);
    _exit(127);
  }
  close(down[0]);
  close(up[1]);
  to_ = fdopen(down[1], "w");
  from_ = fdopen(up[0], "r");
}

LoadProcess::~LoadProcess() {
  std::fclose(to_);  // the child ends at the end of its input
  std::fclose(from_);
  waitpid(pid_, nullptr, 0);
}

LoadResult LoadProcess::Run(const Order& order) {
  std::fprintf(to_, "%d %s %d %d %d %d\n", order.port, order.path.c_str(), order.in_flight, order.warm_ms,
               order.measure_ms, order.with_token ? 1 : 0);
  std::fflush(to_);
  unsigned long long calls = 0;
  double seconds = 0;
  LoadResult result;
  CHECK(std::fscanf(from_, "%llu %lf %lf %lf %ld", &calls, &seconds, &result.p50_us, &result.p99_us,
                    &result.failed) == 5)
      << "the load process gave no answer";
  result.per_second = static_cast<double>(calls) / seconds;
  return result;
}

}  // namespace bench
