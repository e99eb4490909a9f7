#pragma once
// One service in the simulator: the real engine over a database in memory, the real event stream over a
// network in memory. The scheduler calls Step; whatever stage the machine is in may be the last before a
// crash:
//
//   Take ─ Process ─ Write ─ | ─ Sync ─ Finish          writer and syncer take turns as chance has it
//
// The database outlives crashes: a dead process loses what was in memory, a dead machine also what was not
// synced. One thread, virtual time.

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/random.h"
#include "services/bus/access.h"
#include "services/bus/consumer.h"
#include "services/bus/memory_transport.h"
#include "services/bus/source.h"
#include "services/kernel/engine.h"
#include "services/kernel/reader.h"
#include "services/kernel/replay.h"
#include "tests/sim/fold.h"
#include "tests/sim/sabotage.h"
#include "tests/support/mem_kv.h"
#include "tests/support/sim_clock.h"

namespace sim {

inline constexpr int64_t kIdleTakeMs = 30 * 60'000;
inline constexpr std::string_view kNewcomer = "oversight-anew";

// What an alarm or a refused peer looks like is the tests' business; here it only must not happen.
class Alarms final : public bus::Journal {
 public:
  void Write(Weight weight, std::string_view who, std::string_view what, std::string_view detail) override {
    if (weight == Weight::kAlarm)
      seen.push_back(std::string(who) + ": " + std::string(what) + ": " + std::string(detail));
  }
  std::vector<std::string> seen;
};

// Whoever sends frames and hears them.
class Station {
 public:
  virtual ~Station() = default;
  virtual const std::string& name() const = 0;
  virtual bool up() const = 0;
  // Bus and timers; returns when it wants to be called next.
  virtual int64_t Tick() = 0;
  virtual kernel::Cursor Head() const = 0;

  bool woken = false;  // a frame came in: bus and timers want to look
};

// A second way to hear a service: its log, on the network of another world (world.h). It is there while the service is.
class Door final : public Station {
 public:
  // `peers`: who may hear it.
  Door(std::string service, tests::SimClock& clock, bus::MemoryNetwork& network, uint64_t seed,
       std::vector<std::string> peers)
      : name_(std::move(service)), clock_(clock), network_(network), random_(seed), peers_(std::move(peers)) {}

  const std::string& name() const override { return name_; }
  bool up() const override { return source_ != nullptr; }
  kernel::Cursor Head() const override { return log_->Head(); }
  int64_t Tick() override {
    woken = false;
    return source_ ? source_->OnTick(clock_.NowMs()) : INT64_MAX;
  }

  void Open(const kernel::EventLog* log) {
    log_ = log;
    bus::AccessList access;
    for (const std::string& peer : peers_) access.Allow(peer, {peer, {peer + "/*"}, {}});
    port_ = network_.Bind(name_, [this](const bus::Sender& sender, std::string_view bytes) {
      if (source_) source_->OnFrame(sender, bytes, clock_.NowMs());
      woken = true;
    });
    bus::SourceOptions options;
    options.heartbeat_ms_max = heartbeat_ms;
    source_ = std::make_unique<bus::Source>(options, log, port_.get(), std::move(access), random_.Next(), nullptr);
    opened();
  }
  void Close() {
    source_.reset();
    port_.reset();
  }

  int64_t heartbeat_ms = 60'000;
  std::function<void()> opened;  // the service is there again
  std::function<void()> grown;   // its log has grown

 private:
  const std::string name_;
  tests::SimClock& clock_;
  bus::MemoryNetwork& network_;
  base::Random random_;
  const std::vector<std::string> peers_;
  const kernel::EventLog* log_ = nullptr;  // of this life of the service
  std::unique_ptr<bus::Transport> port_;
  std::unique_ptr<bus::Source> source_;
};

class Node : public Station {
 public:
  virtual void Boot() = 0;
  virtual void Crash(bool machine) = 0;
  // One step of the engine; false: nothing to do.
  virtual bool Step(base::Random& random) = 0;
  // Nothing queued, nothing under way, every cursor at its source's head.
  virtual bool Drained(const std::function<kernel::Cursor(std::string_view source)>& head) const = 0;
  // What is not as the log says: by the product's own replay, and by the simulator's.
  virtual std::vector<std::string> CheckAgainstLog() const = 0;
  // Which lists and counters are not as its states are, at this moment.
  virtual std::vector<std::string> CheckAgainstStates() const = 0;
  // `source` is there again: the transport noticed, as a real one does.
  virtual void SourceIsBack(std::string_view source) = 0;
  virtual const storage::View& view() const = 0;
  virtual const std::vector<std::string>& alarms() const = 0;
  virtual std::vector<std::string> follows() const = 0;

  uint64_t crashes = 0, steps = 0;
  int64_t heartbeat_ms = 60'000;
};

template <kernel::Domain D>
class DomainNode final : public Node {
 public:
  struct Setup {
    std::vector<std::string> follows;
    kernel::Subscriptions subscriptions;
    const kernel::Sealer* sealer = nullptr;  // of a service that keeps sealed matters
    size_t group_max = 8;
    std::string name = std::string(D::kService);  // as others know it
    std::function<typename D::Reference()> reference = {};  // as configured; none: nothing is
    std::function<void(bool up)> on_life = {};               // it is there; it died
    std::function<void()> on_growth = {};                    // its log has grown
  };

  DomainNode(tests::SimClock& clock, bus::MemoryNetwork& network, uint64_t seed, Setup setup)
      : name_(setup.name), clock_(clock), network_(network), random_(seed), setup_(std::move(setup)) {}

  const std::string& name() const override { return name_; }
  bool up() const override { return engine_ != nullptr; }
  std::vector<std::string> follows() const override { return setup_.follows; }

  void Boot() override {
    CHECK(engine_ == nullptr);
    typename kernel::Engine<D>::Options options;
    options.subscriptions = setup_.subscriptions;
    options.seed = random_.Next();
    options.fresh_log_id = random_.Bytes(16);
    options.group_commands_max = setup_.group_max;
    options.sealer = setup_.sealer;
    if (setup_.reference) options.reference = setup_.reference();
    auto engine = kernel::Engine<D>::Open(clock_, hands_, std::move(options));
    CHECK(engine.ok()) << engine.status();
    engine_ = *std::move(engine);
    alive_ = std::make_shared<bool>(true);
    BootBus();
    for (Door* door : doors_) door->Open(&engine_->log());
    if (setup_.on_life) setup_.on_life(true);
  }

  // Others hear it there too, from now on.
  void AddDoor(Door* door) {
    doors_.push_back(door);
    if (up()) door->Open(&engine_->log());
  }

  void Crash(bool machine) override {
    if (!up()) return;
    ++crashes;
    *alive_ = false;
    for (Door* door : doors_) door->Close();
    if (setup_.on_life) setup_.on_life(false);
    consumers_.clear();
    source_.reset();
    source_port_.reset();
    current_.reset();
    written_.clear();
    synced_ = 0;
    applied_.clear();
    engine_.reset();
    machine ? kv_.Crash() : kv_.KillProcess();
  }

  bool Step(base::Random& random) override {
    if (!up()) return false;
    ++steps;
    const bool syncer_first = random.Chance(0.5);
    return syncer_first ? StepSyncer() || StepWriter() : StepWriter() || StepSyncer();
  }

  int64_t Tick() override {
    if (!up()) return INT64_MAX;
    woken = false;
    int64_t next = INT64_MAX;
    for (auto& applied : std::exchange(applied_, {})) {
      for (auto& c : consumers_) {
        if (c->number == applied.consumer)
          c->consumer->OnApplied(applied.token, applied.status, clock_.NowMs());
      }
    }
    next = std::min(next, source_->OnTick(clock_.NowMs()));
    for (auto& c : consumers_) next = std::min(next, c->consumer->OnTick(clock_.NowMs()));
    const auto timer = engine_->timers().Pump(clock_.NowMs());
    CHECK(timer.ok()) << timer.status();
    if (*timer > 0) next = std::min(next, std::max(*timer, clock_.NowMs()));
    return next;
  }

  // A command of a person, or of whoever works beside the engine. `done` is not called if the node dies first: the
  // caller finds out by itself.
  void Submit(kernel::Envelope envelope) {
    CHECK(up());
    auto done = std::move(envelope.done);
    envelope.done = [alive = alive_, done = std::move(done)](const kernel::Outcome& outcome) {
      if (*alive && done) done(outcome);
    };
    engine_->Submit(std::move(envelope));
  }

  kernel::Reader<D> Read() const {
    CHECK(up());
    return kernel::Reader<D>(engine_->published().Get());
  }

  bool Drained(const std::function<kernel::Cursor(std::string_view)>& head) const override {
    if (!up() || !engine_->queue().empty() || current_ || !written_.empty()) return false;
    for (const auto& c : consumers_) {
      const auto cursor = engine_->inbox().LoadCursor(c->source);
      CHECK(cursor.ok()) << cursor.status();
      const kernel::Cursor want = head(c->source);
      if (want.seq != 0 && (!*cursor || (*cursor)->seq != want.seq)) return false;
    }
    return true;
  }

  kernel::Cursor Head() const override { return engine_->log().Head(); }

  std::vector<std::string> CheckAgainstLog() const override {
    const auto replay = kernel::Replay<D>::Run(kv_, setup_.sealer);
    if (!replay.ok()) return {std::string(replay.status().message())};
    const auto difference = replay->Compare(kv_);
    if (!difference.ok()) return {std::string(difference.status().message())};
    std::vector<std::string> differences = FoldDifferences<D>(kv_, setup_.sealer);
    if (*difference) differences.push_back((*difference)->Text());
    return differences;
  }

  std::vector<std::string> CheckAgainstStates() const override { return ViewDifferences<D>(kv_, setup_.sealer); }

  void SourceIsBack(std::string_view source) override {
    if (!up()) return;
    for (auto& c : consumers_) {
      if (c->source == source) c->consumer->Probe(clock_.NowMs());
    }
    woken = true;
  }

  const storage::View& view() const override { return kv_; }
  const std::vector<std::string>& alarms() const override { return alarms_.seen; }
  tests::MemKv& kv() { return kv_; }
  TamperedKv& hands() { return hands_; }

 private:
  struct Following {
    uint64_t number = 0;
    std::string source;
    std::unique_ptr<bus::Transport> port;
    std::unique_ptr<bus::Consumer> consumer;
  };
  struct Applied {
    uint64_t consumer;
    uint64_t token;
    absl::Status status;
  };

  void BootBus() {
    bus::AccessList access;
    for (const std::string_view peer : {std::string_view("directory"), std::string_view("incident"),
                                        std::string_view("media"), std::string_view("mediation"),
                                        std::string_view("petition"), std::string_view("oversight"), kNewcomer}) {
      access.Allow(std::string(peer), {std::string(peer), {std::string(peer) + "/*"}, {}});
    }
    source_port_ = network_.Bind(name_, [this](const bus::Sender& sender, std::string_view bytes) {
      if (source_) source_->OnFrame(sender, bytes, clock_.NowMs());
      woken = true;
    });
    bus::SourceOptions source_options;
    source_options.heartbeat_ms_max = heartbeat_ms;
    source_ = std::make_unique<bus::Source>(source_options, &engine_->log(), source_port_.get(),
                                            std::move(access), random_.Next(), &alarms_);
    for (const std::string& source : setup_.follows) Follow(source);
  }

  void Follow(const std::string& source) {
    auto following = std::make_unique<Following>();
    Following* const self = following.get();
    self->number = ++consumer_numbers_;
    self->source = source;
    self->port = network_.Connect(source, name_, [this, self](std::string_view bytes) {
      if (self->consumer) self->consumer->OnFrame(bytes, clock_.NowMs());
      woken = true;
    });
    bus::ConsumerOptions options;
    options.source = source;
    options.consumer_id = name_ + "/inbox";
    options.instance_epoch = engine_->format().boots();
    options.heartbeat_ms = options.heartbeat_ms_max = heartbeat_ms;
    auto notify = [this, alive = alive_, number = self->number](uint64_t token, absl::Status status) {
      if (*alive) applied_.push_back({number, token, std::move(status)});
    };
    self->consumer = std::make_unique<bus::Consumer>(std::move(options), &engine_->inbox(), self->port.get(),
                                                     std::move(notify), random_.Next(), &alarms_);
    consumers_.push_back(std::move(following));
  }

  bool StepWriter() {
    if (!current_) {
      // An idle engine only sweeps; once in a while is enough, or a virtual month would be nothing but
      // sweeping.
      const bool idle = engine_->queue().empty();
      if (idle && clock_.NowMs() - idle_take_ms_ < kIdleTakeMs) return false;
      if (idle) idle_take_ms_ = clock_.NowMs();
      kernel::Group group;
      if (!engine_->Take(&group)) return false;
      current_ = std::move(group);
      processed_ = false;
      return true;
    }
    if (!processed_) {
      const auto status = engine_->Process(&*current_);
      CHECK(status.ok()) << status;
      processed_ = true;
      return true;
    }
    const auto status = engine_->Write(&*current_);
    CHECK(status.ok()) << status;
    written_.push_back(*std::move(current_));
    current_.reset();
    return true;
  }

  bool StepSyncer() {
    if (written_.empty()) return false;
    if (synced_ == 0) {
      const auto status = engine_->Sync();
      CHECK(status.ok()) << status;
      synced_ = written_.size();
      return true;
    }
    kernel::Group group = std::move(written_.front());
    written_.pop_front();
    --synced_;
    const bool grown = group.written;
    engine_->Finish(&group);
    if (grown && setup_.on_growth) setup_.on_growth();
    for (Door* door : doors_) {
      if (grown) door->grown();
    }
    return true;
  }

  const std::string name_;
  tests::SimClock& clock_;
  bus::MemoryNetwork& network_;
  base::Random random_;
  const Setup setup_;
  tests::MemKv kv_;
  TamperedKv hands_{kv_};
  Alarms alarms_;
  std::vector<Door*> doors_;
  uint64_t consumer_numbers_ = 0;

  // Of one life.
  std::shared_ptr<bool> alive_;
  std::unique_ptr<kernel::Engine<D>> engine_;
  std::unique_ptr<bus::Transport> source_port_;
  std::unique_ptr<bus::Source> source_;
  std::vector<std::unique_ptr<Following>> consumers_;
  std::vector<Applied> applied_;
  std::optional<kernel::Group> current_;
  bool processed_ = false;
  int64_t idle_take_ms_ = 0;
  std::deque<kernel::Group> written_;
  size_t synced_ = 0;  // of written_, from the front
};

}  // namespace sim
