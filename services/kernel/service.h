#pragma once
// One service of the platform: engine, database and threads. What main.cc, rpc, bus and queries hold:
//
//   ASSIGN_OR_RETURN(auto service, kernel::Service<D>::Open(clock, std::move(kv), &metrics, std::move(options)));
//   service->AddWatch(wake_the_bus);      // before Start
//   service->Start();
//   service->Submit(std::move(envelope)); // any thread; `done` is called on the sync thread, or at once if refused
//   service->Read().Get(id);              // any thread
//   service->Stop();                      // decides, syncs and answers what is queued
//
// It is the CommandQueue of rpc, the EventLog others read and the EventInbox of what others say.

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/metrics.h"
#include "base/random.h"
#include "services/kernel/engine.h"
#include "services/kernel/reader.h"
#include "services/kernel/service_threads.h"

namespace kernel {

// Logs and ends the process without cleaning up: nothing in memory may reach the disk any more.
void ExitOnFailure(absl::Status why);

template <Domain D>
class Service final : public CommandQueue, public EventLog, public EventInbox {
 public:
  struct Options {
    typename D::Reference reference;
    Subscriptions subscriptions;
    const Sealer* sealer = nullptr;                                             // of a domain that seals
    std::string crash_marker_path;                                              // beside the database; empty: none
    std::function<absl::Status()> check_space = [] { return absl::OkStatus(); };  // storage/space_guard.h
    std::function<void(absl::Status)> fatal = ExitOnFailure;
    Queue::Limits queue{kQueueCommandsMax, kQueueBytesMax};
    size_t group_commands_max = kGroupCommandsMax;  // decided between two syncs
  };

  // UNAVAILABLE and others: the disk. FAILED_PRECONDITION: a foreign or newer database; the text says which.
  static absl::StatusOr<std::unique_ptr<Service>> Open(const base::Clock& clock, std::unique_ptr<storage::Kv> kv,
                                                       base::Metrics* metrics, Options options) {
    std::unique_ptr<Service> service(new Service(std::move(kv)));
    Service* const self = service.get();
    typename Engine<D>::Options engine_options;
    engine_options.reference = std::move(options.reference);
    engine_options.subscriptions = std::move(options.subscriptions);
    engine_options.sealer = options.sealer;
    engine_options.crash_marker_path = std::move(options.crash_marker_path);
    engine_options.seed = base::EntropySeed();
    engine_options.fresh_log_id = base::SecureBytes(16);
    engine_options.queue = options.queue;
    engine_options.group_commands_max = options.group_commands_max;
    engine_options.watch = [self](uint64_t head) {
      for (const auto& watch : self->watches_) watch(head);
    };
    ASSIGN_OR_RETURN(service->engine_, Engine<D>::Open(clock, *service->kv_, std::move(engine_options)));
    service->threads_ = std::make_unique<ServiceThreads>(clock, self->StepsOf(std::move(options.check_space)), metrics,
                                                         std::move(options.fatal));
    return service;
  }
  ~Service() override { Stop(); }

  // Called with the newest sequence after each synced group, on the sync thread: be quick. Before Start.
  void AddWatch(std::function<void(uint64_t head_seq)> watch) { watches_.push_back(std::move(watch)); }
  void Start() { threads_->Start(); }
  void Stop() {
    if (threads_ != nullptr) threads_->Stop();
  }
  Health health() const { return threads_->health(); }

  Reader<D> Read() const { return Reader<D>(engine_->published().Get()); }
  size_t queue_length() { return engine_->queue().size(); }
  const v1::Format& format() const { return engine_->format(); }

  // CommandQueue
  void Submit(Envelope envelope) override { engine_->Submit(std::move(envelope)); }

  // EventLog
  Cursor Head() const override { return engine_->log().Head(); }
  uint64_t FirstSeq() const override { return engine_->log().FirstSeq(); }
  absl::StatusOr<uint32_t> DigestAt(uint64_t seq) const override { return engine_->log().DigestAt(seq); }
  absl::Status Read(uint64_t after_seq, const std::function<bool(const LogEntry&)>& each) const override {
    return engine_->log().Read(after_seq, each);
  }

  // EventInbox
  absl::StatusOr<std::optional<Cursor>> LoadCursor(std::string_view source) const override {
    return engine_->inbox().LoadCursor(source);
  }
  void Apply(std::string_view source, std::vector<bus::v1::Event> events, Cursor after,
             std::function<void(absl::Status)> applied) override {
    engine_->inbox().Apply(source, std::move(events), std::move(after), std::move(applied));
  }

 private:
  explicit Service(std::unique_ptr<storage::Kv> kv) : kv_(std::move(kv)) {}

  Steps StepsOf(std::function<absl::Status()> check_space) {
    Engine<D>* const engine = engine_.get();
    Steps steps;
    steps.take = [engine](Group* group, int64_t wait_us) { return engine->Take(group, wait_us); };
    steps.process = [engine](Group* group) { return engine->Process(group); };
    steps.write = [engine](Group* group) { return engine->Write(group); };
    steps.sync = [engine] { return engine->Sync(); };
    steps.finish = [engine](Group* group) { engine->Finish(group); };
    steps.fail = [](Group* group, const absl::Status& why) { Engine<D>::Fail(group, why); };
    steps.pump = [engine](int64_t now_ms) { return engine->timers().Pump(now_ms); };
    steps.close_queue = [engine](absl::Status why) { engine->queue().Close(std::move(why)); };
    steps.queue_empty = [engine] { return engine->queue().empty(); };
    steps.drain = [engine](std::vector<Envelope>* out) {
      while (!engine->queue().empty()) engine->queue().Take(kQueueCommandsMax, kQueueBytesMax, 0, out);
    };
    steps.check_space = std::move(check_space);
    steps.refuse_queue = [engine](absl::Status why) { engine->queue().Refuse(std::move(why)); };
    return steps;
  }

  std::unique_ptr<storage::Kv> kv_;
  std::unique_ptr<Engine<D>> engine_;
  std::vector<std::function<void(uint64_t)>> watches_;
  std::unique_ptr<ServiceThreads> threads_;  // ends before what it uses
};

}  // namespace kernel
