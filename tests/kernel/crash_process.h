#pragma once
// A process of its own for the tests of crashes: a database on disk, a marker beside it, one engine, no
// threads.

#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/check.h"
#include "services/kernel/engine.h"
#include "services/kernel/reader.h"
#include "storage/rocks_kv.h"
#include "tests/kernel/rig.h"

namespace jar {

class Process {
 public:
  explicit Process(const std::string& dir) {
    auto kv = storage::RocksKv::Open(dir + "/db", {});
    CHECK(kv.ok()) << kv.status().ToString();
    kv_ = *std::move(kv);
    Engine::Options options;
    options.reference.on_crash = [] { std::abort(); };
    options.crash_marker_path = dir + "/in_flight";
    options.fresh_log_id = std::string(16, 'L');
    options.sealer = &sealer_;
    options.subscriptions = [](std::string_view, const bus::v1::Event&) {
      std::vector<kernel::Envelope> commands;
      commands.push_back(Envelope("m1", "crash {}"));
      commands.push_back(Envelope("m1", "add { beans: 1 }"));
      return commands;
    };
    auto engine = Engine::Open(clock_, *kv_, std::move(options));
    CHECK(engine.ok()) << engine.status().ToString();
    engine_ = *std::move(engine);
  }
  Engine& engine() { return *engine_; }
  kernel::Reader<JarDomain> Read() { return kernel::Reader<JarDomain>(engine_->published().Get()); }
  void Run() {
    kernel::Group group;
    while (engine_->Take(&group)) {
      CHECK(engine_->Process(&group).ok());
      CHECK(engine_->Write(&group).ok());
      CHECK(engine_->Sync().ok());
      engine_->Finish(&group);
    }
  }
  kernel::Outcome Ask(std::string id, const std::string& text) {
    kernel::Outcome answer;
    auto envelope = Envelope(std::move(id), text);
    envelope.request_id = "r-" + text;
    envelope.done = [&](const kernel::Outcome& outcome) { answer = outcome; };
    engine_->Submit(std::move(envelope));
    Run();
    return answer;
  }
  void HearNotice() {
    bus::v1::Event event;
    event.set_seq(1);
    engine_->inbox().Apply("other", {event},
                           {.log_id = "x", .epoch = 1, .seq = 1, .digest = 0, .filter_hash = ""},
                           [](absl::Status status) { CHECK(status.ok()); });
    Run();
  }

 private:
  tests::SimClock clock_;
  tests::TestSealer sealer_;
  std::unique_ptr<storage::RocksKv> kv_;
  std::unique_ptr<Engine> engine_;
};

}  // namespace jar
