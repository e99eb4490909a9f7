#pragma once
// A whole service without threads, network or disk: the real engine over MemKv, each command driven through
// every step at once. For tests of queries and of what the kernel makes of a domain.

#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

#include "services/kernel/engine.h"
#include "services/kernel/reader.h"
#include "tests/support/mem_kv.h"
#include "tests/support/sim_clock.h"

namespace tests {

// Counts what a query touches, so that a test can say that it does not grow.
class CountingView final : public storage::View {
 public:
  explicit CountingView(std::shared_ptr<const storage::View> view) : view_(std::move(view)) {}
  absl::StatusOr<std::optional<std::string>> Get(storage::KeySpace space,
                                                 std::string_view key) const override {
    ++touched;
    return view_->Get(space, key);
  }
  absl::Status Scan(storage::KeySpace space, std::string_view from, std::string_view to,
                    const std::function<bool(std::string_view, std::string_view)>& each) const override {
    return view_->Scan(space, from, to, [&](std::string_view key, std::string_view value) {
      ++touched;
      return each(key, value);
    });
  }
  mutable size_t touched = 0;

 private:
  const std::shared_ptr<const storage::View> view_;
};

template <kernel::Domain D>
class Driven {
 public:
  // `sealer` outlives this.
  explicit Driven(int64_t now_ms, typename D::Reference reference, const kernel::Sealer* sealer = nullptr)
      : clock_(now_ms) {
    typename kernel::Engine<D>::Options options;
    options.reference = std::move(reference);
    options.fresh_log_id = std::string(16, 'L');
    options.seed = 7;
    options.sealer = sealer;
    auto engine = kernel::Engine<D>::Open(clock_, kv_, std::move(options));
    EXPECT_TRUE(engine.ok()) << engine.status();
    engine_ = *std::move(engine);
  }

  SimClock& clock() { return clock_; }
  const kernel::EventLog& log() const { return engine_->log(); }
  kernel::Outcome Do(std::string id, typename D::Command command, kernel::v1::Actor actor) {
    const auto* body = D::Command::descriptor()->FindOneofByName("body");
    kernel::Envelope envelope;
    envelope.command_name = command.GetReflection()->GetOneofFieldDescriptor(command, body)->name();
    envelope.command = std::make_unique<typename D::Command>(std::move(command));
    envelope.aggregate_id = std::move(id);
    envelope.upserts = true;
    envelope.actor = std::move(actor);
    return Do(std::move(envelope));
  }
  kernel::Outcome Do(kernel::Envelope envelope) {
    kernel::Outcome outcome;
    envelope.done = [&outcome](const kernel::Outcome& o) { outcome = o; };
    engine_->Submit(std::move(envelope));
    Drain();
    return outcome;
  }
  kernel::Outcome Do(std::string id, const std::string& command, kernel::v1::Actor actor) {
    typename D::Command parsed;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(command, &parsed)) << command;
    return Do(std::move(id), std::move(parsed), std::move(actor));
  }
  // Fires what is due by now, and what becomes due by that.
  void FireDue() {
    for (bool fired = true; fired;) {
      const auto next = engine_->timers().Pump(clock_.NowMs());
      EXPECT_TRUE(next.ok()) << next.status();
      fired = !engine_->queue().empty();
      Drain();
    }
  }
  kernel::Reader<D> Read() const { return kernel::Reader<D>(engine_->published().Get()); }
  // The newest moment, seen through a counter.
  kernel::Reader<D> ReadThrough(std::shared_ptr<CountingView>* counter) const {
    auto published = std::make_shared<kernel::Published>(*engine_->published().Get());
    *counter = std::make_shared<CountingView>(published->view);
    published->view = *counter;
    return kernel::Reader<D>(published);
  }

 private:
  void Drain() {
    kernel::Group group;
    while (engine_->Take(&group)) {
      EXPECT_TRUE(engine_->Process(&group).ok());
      EXPECT_TRUE(engine_->Write(&group).ok());
      EXPECT_TRUE(engine_->Sync().ok());
      engine_->Finish(&group);
      if (engine_->queue().empty()) return;
    }
  }

  SimClock clock_;
  MemKv kv_;
  std::unique_ptr<kernel::Engine<D>> engine_;
};

}  // namespace tests
