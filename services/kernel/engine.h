#pragma once
// The machine of one service, without a thread of its own. Every command, whoever it comes from, takes these
// steps; each
// may be called by itself, so that a simulator can crash between any two:
//
//   Submit ─► queue ─► Take ─► Process ─► Write ─► Sync ─► Finish
//                      stamp   decide,    one      fsync   publish the view, answer,
//                      now_ms  one batch  batch            wake who watches
//
// Take, Process, Write: the writer thread. Sync, Finish: the sync thread, groups in the order they were written; Sync
// covers every group written before it was called. Submit, published(), log(), inbox(): any thread.
// A Status from Process, Write or Sync is final: answer with Fail, exit, start again (docs/ON_DISK.md).

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <memory>
#include <string>
#include <utility>

#include "base/clock.h"
#include "base/status_macros.h"
#include "services/kernel/command.h"
#include "services/kernel/group.h"
#include "services/kernel/inbox.h"
#include "services/kernel/limits.h"
#include "services/kernel/processor.h"
#include "services/kernel/queue.h"
#include "services/kernel/stored_log.h"
#include "services/kernel/sweeper.h"
#include "services/kernel/timer_pump.h"
#include "services/kernel/view_filler.h"
#include "storage/format.h"

namespace kernel {

template <Domain D>
class Engine final : public CommandQueue {
 public:
  struct Options {
    typename D::Reference reference;  // as configured; aggregates under "ref/" are observed on top
    Subscriptions subscriptions;      // none: this service listens to nobody
    const Sealer* sealer = nullptr;   // must be there for a domain that seals; outlives the engine
    std::string crash_marker_path;    // empty: crashes are not counted
    uint64_t seed = 0;                // of ctx.chance
    std::string fresh_log_id;         // 16 bytes, for a new database
    Queue::Limits queue{kQueueCommandsMax, kQueueBytesMax};
    size_t group_commands_max = kGroupCommandsMax;
    std::function<void(uint64_t head_seq)> watch;  // after each published group, on the sync thread
  };

  static absl::StatusOr<std::unique_ptr<Engine>> Open(const base::Clock& clock, storage::Kv& kv, Options options) {
    const storage::FormatTypes types{D::State::descriptor()->full_name(), D::Event::descriptor()->full_name(),
                                     D::Command::descriptor()->full_name()};
    if (SealsStates<D> && options.sealer == nullptr) {
      return absl::FailedPreconditionError("sealing_key_file is missing: this service keeps sealed matters");
    }
    const EventNames names(D::Event::descriptor());
    // Checked before anything is written: a foreign database or one of a newer build is left as it is.
    RETURN_IF_ERROR(storage::CheckFormat(kv, D::kService));
    ASSIGN_OR_RETURN(const ViewsMade made, ReadViewsMade(kv, {D::kIndexes.size(), ViewsRevision<D>()}));
    ASSIGN_OR_RETURN(auto log, LogAppender::Open(kv, names));
    ASSIGN_OR_RETURN(const auto format, storage::OpenFormat(kv, D::kService, types, options.fresh_log_id));
    RETURN_IF_ERROR(FillNewViews<D>(kv, options.sealer, made));
    ASSIGN_OR_RETURN(auto quarantine, Quarantine::Open(kv, options.crash_marker_path, clock.NowMs()));
    typename Processor<D>::Start start{std::move(log),  names, format.boots(), options.seed,
                                       std::move(options.reference), quarantine.get(), options.sealer};
    std::unique_ptr<Engine> engine(new Engine(clock, kv, std::move(options), format, std::move(start)));
    engine->quarantine_ = std::move(quarantine);
    RETURN_IF_ERROR(engine->ObserveReference());
    engine->publisher_.Set(engine->Present(engine->now_ms_));
    return engine;
  }

  void Submit(Envelope envelope) override { queue_.Submit(std::move(envelope), Queue::From::kClient); }

  // False: nothing to do. Waits up to wait_us for a command.
  bool Take(Group* group, int64_t wait_us = 0) {
    group->Clear();
    queue_.Take(group_commands_max_, kGroupBytesMax, wait_us, &group->envelopes);
    now_ms_ = std::max(now_ms_, clock_.NowMs());
    group->now_ms = now_ms_;
    return !group->envelopes.empty() || sweeper_.Due(now_ms_);
  }

  absl::Status Process(Group* group) {
    RETURN_IF_ERROR(processor_.Process(group));
    if (sweeper_.Due(group->now_ms)) RETURN_IF_ERROR(sweeper_.Sweep(group->now_ms, &group->batch));
    return absl::OkStatus();
  }

  absl::Status Write(Group* group) {
    if (!group->batch.empty()) {
      RETURN_IF_ERROR(kv_.Commit(group->batch, storage::Durability::kWritten));
      group->written = true;
    }
    processor_.GroupWritten();
    group->published = Present(group->now_ms);
    return absl::OkStatus();
  }

  absl::Status Sync() { return kv_.Commit({}, storage::Durability::kSynced); }

  void Finish(Group* group) {
    const uint64_t head = group->published.seq;
    publisher_.Set(std::move(group->published));
    for (const Group::Reply& reply : group->replies) reply.done(reply.outcome);
    if (watch_ && group->written) watch_(head);
    group->Clear();
  }

  // Instead of the remaining steps: nobody learns that anything was done.
  static void Fail(Group* group, const absl::Status& why) {
    const Outcome outcome = FailedOutcome(why);
    for (const Group::Reply& reply : group->replies) reply.done(outcome);
    for (const Envelope& envelope : group->envelopes) Answer(envelope, outcome);
    group->Clear();
  }

  Queue& queue() { return queue_; }
  TimerPump& timers() { return timers_; }
  Inbox& inbox() { return inbox_; }
  const StoredLog& log() const { return log_; }
  const Publisher& published() const { return publisher_; }
  const v1::Format& format() const { return format_; }

 private:
  Engine(const base::Clock& clock, storage::Kv& kv, Options options, const v1::Format& format,
         typename Processor<D>::Start start)
      : clock_(clock),
        kv_(kv),
        format_(format),
        group_commands_max_(options.group_commands_max),
        sealer_(options.sealer),
        watch_(std::move(options.watch)),
        now_ms_(start.log.recorded_at_ms()),
        queue_(clock, options.queue),
        processor_(kv, std::move(start)),
        sweeper_(kv),
        timers_(std::string(D::kService), publisher_, &queue_),
        inbox_(publisher_, &queue_, std::move(options.subscriptions)),
        log_(format, publisher_) {}

  // The domain's decoded reference data, from the aggregates that hold it.
  absl::Status ObserveReference() {
    absl::Status damaged;
    const std::string prefix(kReferencePrefix);
    RETURN_IF_ERROR(kv_.Scan(storage::KeySpace::kState, prefix, base::PrefixEnd(prefix),
                             [&](std::string_view id, std::string_view stored) {
                               v1::StateRecord record;
                               typename D::State state;
                               if (!record.ParseFromArray(stored.data(), static_cast<int>(stored.size())) ||
                                   !state.ParseFromString(record.state())) {
                                 damaged = absl::DataLossError("cannot read reference data: a state is damaged");
                                 return false;
                               }
                               D::Observe(id, state, processor_.mutable_reference());
                               return true;
                             }));
    return damaged;
  }

  // What readers will see once this moment is synced. Writer thread (or nobody else yet).
  Published Present(int64_t now_ms) {
    if constexpr (std::is_copy_constructible_v<typename D::Reference>) {
      if (processor_.TakeReferenceChanged()) {
        reference_ = std::make_shared<const typename D::Reference>(*processor_.mutable_reference());
      }
    }
    return {kv_.Snapshot(), reference_, processor_.log().seq(), processor_.log().digest(), now_ms, sealer_};
  }

  const base::Clock& clock_;
  storage::Kv& kv_;
  const v1::Format format_;
  const size_t group_commands_max_;
  const Sealer* const sealer_;
  const std::function<void(uint64_t)> watch_;
  int64_t now_ms_;  // of the newest group; survives restarts through the log
  Publisher publisher_;
  Queue queue_;
  std::unique_ptr<Quarantine> quarantine_;
  Processor<D> processor_;
  Sweeper sweeper_;
  TimerPump timers_;
  Inbox inbox_;
  StoredLog log_;
  std::shared_ptr<const void> reference_;
};

}  // namespace kernel
