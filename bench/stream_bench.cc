// The event stream (ESP/1: log entries read and encoded, credit, cursor, decoded at the other end) beside bare ZeroMQ
// sockets that carry frames of the same size and number: ROUTER to DEALER over loopback TCP, CURVE on both. Source and
// consumer are the product's own threads; the log and the inbox are in memory, because disks are measured elsewhere.
// Timed from the first batch that arrives to the last; pairs back to back, medians.
//
//   stream_bench [events=300000] [pairs=5]
//
// Aim: at least 0.7 of the bare sockets.

#include <zmq.h>

#include <condition_variable>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <string>
#include <thread>

#include "base/check.h"
#include "base/clock.h"
#include "base/lock_order.h"
#include "base/log.h"
#include "bench/measure.h"
#include "services/bus/bus.h"
#include "services/bus/curve_keys.h"
#include "services/bus/limits.h"
#include "tests/support/memory_log.h"

namespace bench {
namespace {

constexpr size_t kPayloadBytes = 400;  // of a notice; about 500 bytes as an event
constexpr int64_t kPatienceS = 60;

// Counts and forgets.
class CountingInbox final : public kernel::EventInbox {
 public:
  explicit CountingInbox(uint64_t wanted) : wanted_(wanted) {}
  absl::StatusOr<std::optional<kernel::Cursor>> LoadCursor(std::string_view) const override {
    return std::optional<kernel::Cursor>();
  }
  void Apply(std::string_view, std::vector<bus::v1::Event> events, kernel::Cursor,
             std::function<void(absl::Status)> applied) override {
    {
      const std::scoped_lock lock(mutex_);
      if (got_ == 0) {
        first_us_ = clock_.SteadyUs();
        before_ = events.size();
      }
      got_ += events.size();
      if (got_ >= wanted_) {
        last_us_ = clock_.SteadyUs();
        all_.notify_all();
      }
    }
    applied(absl::OkStatus());
  }
  // Events a second after the first batch.
  double Rate() {
    std::unique_lock lock(mutex_);
    CHECK(all_.wait_for(lock, std::chrono::seconds(kPatienceS), [this] { return got_ >= wanted_; }))
        << "only " << got_ << " events of " << wanted_ << " came";
    return static_cast<double>(got_ - before_) * 1e6 / static_cast<double>(last_us_ - first_us_);
  }

 private:
  const uint64_t wanted_;
  base::SystemClock clock_;
  std::mutex mutex_;
  std::condition_variable all_;
  uint64_t got_ = 0, before_ = 0;
  int64_t first_us_ = 0, last_us_ = 0;
};

struct Keys {
  std::string folder;
  bus::CurveKeyPair source, consumer;
};

Keys MakeKeys(const std::string& folder) {
  Keys keys{folder, bus::NewCurveKeyPair(), bus::NewCurveKeyPair()};
  CHECK(bus::WriteKeyFiles(keys.source, folder + "/incident").ok());
  CHECK(bus::WriteKeyFiles(keys.consumer, folder + "/oversight").ok());
  std::ofstream(folder + "/allow") << "peer { service: 'oversight' public_key: \"" << keys.consumer.public_key
                                   << "\" consumer: 'oversight/*' }\n";
  return keys;
}

struct Streamed {
  double per_second = 0;
  uint64_t frames = 0;
  uint64_t frame_bytes = 0;  // of a mean frame
};

Streamed Product(const Keys& keys, const tests::MemoryLog& log, uint64_t events) {
  base::SystemClock clock;
  base::Metrics source_metrics, consumer_metrics;
  bus::BusOptions serve;
  serve.secret_key_file = keys.folder + "/incident";
  serve.access_file = keys.folder + "/allow";
  serve.listen = "tcp://127.0.0.1:*";
  auto source = bus::Bus::Start(serve, &log, nullptr, &clock, &source_metrics);
  CHECK(source.ok()) << source.status();
  bus::Subscription subscription;
  subscription.endpoint = (*source)->endpoint();
  subscription.server_key = keys.source.public_key;
  subscription.consumer.source = "incident";
  subscription.consumer.consumer_id = "oversight/main";
  subscription.consumer.instance_epoch = 1;
  bus::BusOptions follow;
  follow.secret_key_file = keys.folder + "/oversight";
  follow.subscriptions = {subscription};
  CountingInbox inbox(events);
  auto consumer = bus::Bus::Start(follow, nullptr, &inbox, &clock, &consumer_metrics);
  CHECK(consumer.ok()) << consumer.status();
  Streamed streamed;
  streamed.per_second = inbox.Rate();
  (*consumer)->Stop();
  (*source)->Stop();
  const auto status = (*source)->SourceState()->status;
  streamed.frames = status.batches;
  streamed.frame_bytes = status.event_bytes / std::max<uint64_t>(1, status.batches);
  return streamed;
}

void SetText(void* socket, int option, const std::string& text) {
  CHECK_EQ(zmq_setsockopt(socket, option, text.data(), text.size()), 0) << zmq_strerror(errno);
}
void SetNumber(void* socket, int option, int number) {
  CHECK_EQ(zmq_setsockopt(socket, option, &number, sizeof(number)), 0) << zmq_strerror(errno);
}

// Frames a second through bare sockets; one I/O thread at each end, as in the product.
double Bare(const Keys& keys, uint64_t frames, uint64_t frame_bytes) {
  base::SystemClock clock;
  void* const source_context = zmq_ctx_new();
  void* const router = zmq_socket(source_context, ZMQ_ROUTER);
  SetNumber(router, ZMQ_CURVE_SERVER, 1);
  SetText(router, ZMQ_CURVE_SECRETKEY, keys.source.secret_key);
  SetNumber(router, ZMQ_ROUTER_MANDATORY, 1);
  SetNumber(router, ZMQ_SNDHWM, bus::limits::kSendPipeMessages);
  CHECK_EQ(zmq_bind(router, "tcp://127.0.0.1:*"), 0) << zmq_strerror(errno);
  char endpoint[256];
  size_t size = sizeof(endpoint);
  CHECK_EQ(zmq_getsockopt(router, ZMQ_LAST_ENDPOINT, endpoint, &size), 0);
  std::jthread sender([&] {
    char route[256], hello[16];
    const int route_size = zmq_recv(router, route, sizeof(route), 0);
    CHECK(route_size > 0 && zmq_recv(router, hello, sizeof(hello), 0) >= 0) << zmq_strerror(errno);
    const std::string frame(frame_bytes, 'f');
    for (uint64_t i = 0; i < frames; ++i) {
      CHECK(zmq_send(router, route, static_cast<size_t>(route_size), ZMQ_SNDMORE) >= 0) << zmq_strerror(errno);
      CHECK(zmq_send(router, frame.data(), frame.size(), 0) >= 0) << zmq_strerror(errno);
    }
  });
  void* const consumer_context = zmq_ctx_new();
  void* const dealer = zmq_socket(consumer_context, ZMQ_DEALER);
  SetText(dealer, ZMQ_CURVE_SERVERKEY, keys.source.public_key);
  SetText(dealer, ZMQ_CURVE_PUBLICKEY, keys.consumer.public_key);
  SetText(dealer, ZMQ_CURVE_SECRETKEY, keys.consumer.secret_key);
  SetNumber(dealer, ZMQ_RCVHWM, bus::limits::kReceivePipeAtConsumer);
  CHECK_EQ(zmq_connect(dealer, endpoint), 0) << zmq_strerror(errno);
  CHECK(zmq_send(dealer, "hello", 5, 0) == 5);
  std::string buffer(frame_bytes, '\0');
  int64_t first_us = 0;
  for (uint64_t i = 0; i < frames; ++i) {
    CHECK(zmq_recv(dealer, buffer.data(), buffer.size(), 0) >= 0) << zmq_strerror(errno);
    if (i == 0) first_us = clock.SteadyUs();
  }
  const double rate = static_cast<double>(frames - 1) * 1e6 / static_cast<double>(clock.SteadyUs() - first_us);
  sender.join();
  for (void* socket : {dealer, router}) {
    SetNumber(socket, ZMQ_LINGER, 0);
    zmq_close(socket);
  }
  for (void* context : {consumer_context, source_context}) zmq_ctx_term(context);
  return rate;
}

int Main(int argc, char** argv) {
  const uint64_t events = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 300'000;
  const int pairs = argc > 2 ? std::atoi(argv[2]) : 5;
  CHECK(events > 10'000 && pairs > 0) << "usage: stream_bench [events above 10000] [pairs]";
  base::TrustLockOrder();
  base::StartLog("bench", base::kError);
  std::string folder = (std::filesystem::temp_directory_path() / "fengqiao-bench-XXXXXX").string();
  CHECK(mkdtemp(folder.data()) != nullptr);
  const Keys keys = MakeKeys(folder);
  tests::MemoryLog log(std::string(16, 'L'));
  for (uint64_t i = 0; i < events; ++i) {
    log.Append(tests::NoticeRecord("incident.reported", "371402001001", "01JCZ00000000000000000000A", 1,
                                   std::string(kPayloadBytes, 'p')));
  }
  log.Sync();
  Pairs rows("event stream ESP/1 with CURVE beside bare ROUTER/DEALER with CURVE", "events/s", "≥ 0.70");
  Streamed product;
  for (int i = 0; i < pairs; ++i) {
    ForeignMeter foreign;
    product = Product(keys, log, events);
    const double bare = Bare(keys, product.frames, product.frame_bytes) * static_cast<double>(events) /
                        static_cast<double>(product.frames);
    rows.Add(product.per_second, bare, foreign.Cores());
  }
  PrintHead();
  char note[80];
  std::snprintf(note, sizeof(note), "%.0f events a frame, %llu bytes an event",
                static_cast<double>(events) / static_cast<double>(product.frames),
                static_cast<unsigned long long>(product.frame_bytes * product.frames / events));
  rows.Print(note);
  std::filesystem::remove_all(folder);
  return 0;
}

}  // namespace
}  // namespace bench

int main(int argc, char** argv) { return bench::Main(argc, argv); }
