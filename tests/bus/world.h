#pragma once
// Sources and consumers over the network in memory, in virtual time: what happens next is always what is due
// next. Processes can be stopped, killed, frozen and started again; their databases stay.

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "services/bus/consumer.h"
#include "services/bus/memory_transport.h"
#include "services/bus/source.h"
#include "tests/support/memory_inbox.h"
#include "tests/support/memory_log.h"

namespace bus {

// What the machines had to say, for assertions.
class Notes final : public Journal {
 public:
  void Write(Weight weight, std::string_view, std::string_view what, std::string_view) override {
    if (weight == Weight::kAlarm) ++alarms;
    ++count[std::string(what)];
  }
  uint64_t alarms = 0;
  std::map<std::string, int> count;
};

class World {
 public:
  explicit World(uint64_t seed) : net(seed ^ 0x5eed), random(seed) {}

  class SourceNode {
   public:
    SourceNode(World* world, const std::string& name)
        : log("log-of-" + name + std::string(16, '.')), world_(world), name_(name) {}
    void Start();
    void Kill();  // kill -9: the log stays as far as it is synced
    bool up() const { return source != nullptr; }
    uint64_t Add(std::string topic, std::string division = "371400", std::string payload = "x");
    void AddMany(size_t n, const std::string& topic, const std::string& division = "371400");

    tests::MemoryLog log;
    AccessList access;
    SourceOptions options;
    Notes notes;
    bool frozen = false;  // neither reads nor ticks; what arrives waits in its kernel's buffers
    std::unique_ptr<Transport> port;
    std::unique_ptr<Source> source;
    int64_t due_ms = 0;

   private:
    struct Held {
      std::string route, user, bytes;
    };
    World* const world_;
    const std::string name_;
    uint64_t added_ = 0;
    std::deque<Held> held_;
    friend class World;
  };

  class ConsumerNode {
   public:
    ConsumerNode(World* world, std::string user, ConsumerOptions opts, bool at_once)
        : inbox(at_once), options(std::move(opts)), world_(world), user_(std::move(user)) {}
    void Start();  // a new start of the same database
    void Kill();
    bool up() const { return consumer != nullptr; }
    const ConsumerStatus& status() const { return consumer->status(); }
    std::vector<uint64_t> Seqs() const { return inbox.Seqs(options.source); }

    tests::MemoryInbox inbox;
    ConsumerOptions options;
    Notes notes;
    bool frozen = false;
    std::unique_ptr<Transport> port;
    std::unique_ptr<Consumer> consumer;
    int64_t due_ms = 0;

   private:
    World* const world_;
    const std::string user_;
    uint64_t generation_ = 0;
    std::deque<std::string> held_;
    friend class World;
  };

  SourceNode& AddSource(const std::string& name);
  // May hear everything of that source.
  ConsumerNode& AddConsumer(const std::string& source, const std::string& user, bool at_once = true);

  void Run(int64_t ms) {
    RunUntil([] { return false; }, ms);
  }
  // Runs until it holds, at most so long; whether it holds.
  bool RunUntil(const std::function<bool()>& holds, int64_t at_most_ms);
  int64_t now() const { return now_ms_; }

  MemoryNetwork net;
  base::Random random;
  std::map<std::string, std::unique_ptr<SourceNode>> sources;
  std::vector<std::unique_ptr<ConsumerNode>> consumers;

 private:
  struct Applied {
    ConsumerNode* node;
    uint64_t generation, token;
    absl::Status status;
  };
  void Step();
  int64_t NextDue() const;

  int64_t now_ms_ = 1'000;
  std::deque<Applied> applied_;
};

// Keeps the frames a machine sends.
class Recorder final : public Transport {
 public:
  SendResult Send(std::string_view route, std::string_view bytes) override;
  void Reconnect() override { ++reconnects; }
  v1::Frame Last() const { return frames.empty() ? v1::Frame() : frames.back(); }

  std::vector<v1::Frame> frames;
  std::vector<std::string> routes;
  std::map<std::string, SendResult> answer;  // by route; otherwise kSent
  int reconnects = 0;
};

AllowedPeer Everything(std::string service);
std::vector<uint64_t> UpTo(uint64_t last);  // 1, 2, … last

}  // namespace bus
