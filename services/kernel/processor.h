#pragma once
// Decides the commands of a group and builds its batch. For each command, in this order:
//
//   seen request id? answered before -> load state -> exists? -> Decide -> version? -> all events: Apply, notice
//   -> per event: log record; per aggregate: index and tally differences -> answer remembered, vault entries, or
//   the refusal recorded
//
// and at the end of the group, once per changed aggregate: its state and its earliest timer. Events of one
// command may be of several aggregates. Nothing is changed before the domain has accepted and every notice fits.
// Writer thread only. A Status from here is of the disk and final for the process.

#include <absl/status/status.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/crypto.h"
#include "base/random.h"
#include "services/kernel/books.h"
#include "services/kernel/group.h"
#include "services/kernel/group_lookup.h"
#include "services/kernel/heads.h"
#include "services/kernel/log_appender.h"
#include "services/kernel/quarantine.h"
#include "services/kernel/refusals.h"
#include "services/kernel/sealer.h"
#include "services/kernel/state_cache.h"
#include "services/kernel/views.h"

namespace kernel {

template <Domain D>
class Processor {
 public:
  using State = typename D::State;
  using Event = typename D::Event;
  using Command = typename D::Command;
  using Reference = typename D::Reference;

  struct Start {
    LogAppender log;
    EventNames names;
    uint64_t boots;
    uint64_t seed;
    Reference reference;
    Quarantine* quarantine;
    const Sealer* sealer;  // null unless the domain seals
  };

  Processor(const storage::Kv& kv, Start start)
      : kv_(kv),
        sealer_(start.sealer),
        cache_(kv, start.sealer),
        counters_(kv, storage::KeySpace::kCounter),
        tallies_(kv, storage::KeySpace::kTally),
        heads_(kv),
        answers_(kv),
        cursors_(kv),
        refusals_(start.boots),
        lookup_(kv, &cache_, &counters_),
        log_(std::move(start.log)),
        names_(start.names),
        receipt_fields_(State::descriptor()),
        random_(start.seed),
        reference_(std::move(start.reference)),
        quarantine_(*start.quarantine) {}

  absl::Status Process(Group* group) {
    group_ = group;
    lookup_.BeginGroup(&group->batch);
    for (Envelope& envelope : group->envelopes) RETURN_IF_ERROR(One(&envelope));
    return FlushGroup();
  }

  // The group is in the database: its overlay is no longer needed.
  void GroupWritten() {
    answers_.GroupWritten();
    cursors_.GroupWritten();
    cache_.Trim();
  }

  const LogAppender& log() const { return log_; }
  Reference* mutable_reference() { return &reference_; }
  bool TakeReferenceChanged() { return std::exchange(reference_changed_, false); }
  StateCache<State>& cache() { return cache_; }

 private:
  // An envelope and those that follow it. A bus batch that was applied before is dropped whole.
  absl::Status One(Envelope* envelope) {
    if (envelope->cursor) {
      ASSIGN_OR_RETURN(const bool moved, cursors_.Move(*envelope->cursor, &group_->batch));
      if (!moved) {
        Skip(envelope);
        return absl::OkStatus();
      }
    }
    RETURN_IF_ERROR(Run(envelope));
    for (Envelope& next : envelope->then) RETURN_IF_ERROR(Run(&next));
    return absl::OkStatus();
  }

  void Skip(Envelope* envelope) {
    Reply(envelope, {});
    for (Envelope& next : envelope->then) Skip(&next);
  }

  void Reply(Envelope* envelope, Outcome outcome) {
    if (envelope->done) group_->replies.push_back({std::exchange(envelope->done, nullptr), std::move(outcome)});
  }

  absl::Status Run(Envelope* envelope) {
    Outcome outcome;
    if (envelope->command != nullptr) {
      ASSIGN_OR_RETURN(outcome, Ask(envelope));
    } else if (envelope->timer_due_ms != 0) {
      RETURN_IF_ERROR(FireTimers(*envelope));
    } else {
      Attach(envelope);
    }
    Reply(envelope, std::move(outcome));
    return absl::OkStatus();
  }

  void Attach(Envelope* envelope) {
    for (auto& op : envelope->attached) {
      if (op.value) {
        group_->batch.Put(op.space, std::move(op.key), std::move(*op.value));
      } else {
        group_->batch.Delete(op.space, std::move(op.key));
      }
    }
  }

  // A command of a person or of a notice.
  absl::StatusOr<Outcome> Ask(Envelope* envelope) {
    Outcome outcome;
    std::string key;
    std::string fingerprint;
    if (!envelope->request_id.empty()) {
      key = AnswerBook::KeyOf(envelope->actor, envelope->command_name, envelope->request_id);
      fingerprint = FingerprintOf(*envelope);
      ASSIGN_OR_RETURN(auto answered, answers_.Find(key, group_->now_ms));
      if (answered && answered->fingerprint() == fingerprint) {
        outcome.receipt = std::move(*answered->mutable_receipt());
        outcome.receipt.set_repeated(true);
        return outcome;
      }
      if (answered) return Refused(*envelope, RequestIdReused(), v1::ROLE_UNSPECIFIED);
    }
    if (!quarantine_.Begin(*envelope)) return Refused(*envelope, InQuarantine(), v1::ROLE_UNSPECIFIED);
    ASSIGN_OR_RETURN(outcome, Decide(*envelope));
    quarantine_.Done(&group_->batch);
    if (outcome.refusal) return outcome;
    const bool attached = !envelope->attached.empty();
    Attach(envelope);
    RETURN_IF_ERROR(FollowSealed(attached));
    if (!key.empty()) {
      v1::Answered answered;
      answered.set_fingerprint(std::move(fingerprint));
      *answered.mutable_receipt() = outcome.receipt;
      answered.set_at_ms(group_->now_ms);
      answers_.Remember(std::move(key), std::move(answered), &group_->batch);
    }
    return outcome;
  }

  static std::string FingerprintOf(const Envelope& envelope) {
    if (!envelope.fingerprint.empty()) return envelope.fingerprint;
    return base::Sha256(envelope.command_name + "/" + envelope.aggregate_id + "/" +
                        envelope.command->SerializeAsString());
  }

  Outcome Refused(const Envelope& envelope, Refusal refusal, v1::Role acted_as) {
    refusals_.Record(envelope, acted_as, refusal, group_->now_ms, &group_->batch);
    Outcome outcome;
    outcome.refusal = std::move(refusal);
    return outcome;
  }

  // What is wrong before the rules are asked; nullopt: nothing.
  static std::optional<Refusal> CheckExistence(const Envelope& envelope, uint64_t version) {
    if (envelope.creates && version > 0) return MatterExists();
    if (!envelope.creates && !envelope.upserts && version == 0) return NoSuchMatter();
    return std::nullopt;
  }

  // The version is spoken of only to who has a right to the matter: whoever has none is told that and nothing else,
  // or a guess of the version would say whether it was right.
  static std::optional<Refusal> CheckVersion(const Envelope& envelope, uint64_t version,
                                             const std::optional<Refusal>& refused) {
    if (!envelope.expected_version || *envelope.expected_version == version) return std::nullopt;
    const bool outsider =
        refused && (refused->code == RefusalCode::kNotAllowed || refused->code == RefusalCode::kNotFound);
    return outsider ? std::nullopt : std::optional<Refusal>(VersionChanged(version));
  }

  absl::StatusOr<Outcome> Decide(const Envelope& envelope) {
    ASSIGN_OR_RETURN(Entry<State>* const entry, cache_.Load(envelope.aggregate_id));
    if (auto wrong = CheckExistence(envelope, entry->version)) {
      return Refused(envelope, *std::move(wrong), v1::ROLE_UNSPECIFIED);
    }
    CommandContext<State> ctx;
    ctx.now_ms = group_->now_ms;
    ctx.device_at_ms = envelope.device_at_ms;
    ctx.actor = &envelope.actor;
    ctx.aggregate_id = entry->id;
    ctx.request_id = envelope.request_id;
    ctx.cause = envelope.cause;
    ctx.version = entry->version;
    ctx.chance = random_.Next();
    ctx.lookup = &lookup_;
    CHECK(envelope.command->GetDescriptor() == Command::descriptor()) << "a command of another service";
    lookup_.BeginCommand();
    auto decision = D::Decide(entry->state, static_cast<const Command&>(*envelope.command), ctx, reference_);
    RETURN_IF_ERROR(lookup_.status());
    if (auto changed = CheckVersion(envelope, entry->version, decision.refusal)) decision.refusal = std::move(changed);
    if (decision.refusal) {
      RETURN_IF_ERROR(lookup_.TakeBack());
      return Refused(envelope, *std::move(decision.refusal), decision.acted_as);
    }
    CHECK_LE(decision.events.size(), kEmittedMax) << "too many events of one command";
    if (decision.events.empty()) RETURN_IF_ERROR(lookup_.TakeBack());  // nothing carries the numbers
    ASSIGN_OR_RETURN(const size_t too_large, Foresee(decision, entry));
    if (too_large > 0) {
      RETURN_IF_ERROR(lookup_.TakeBack());
      return Refused(envelope, NoticeTooLarge(too_large), decision.acted_as);
    }
    Outcome outcome;
    for (size_t i = 0; i < decision.events.size(); ++i) {
      RETURN_IF_ERROR(Happen(envelope, decision, i, &outcome.receipt));
    }
    outcome.receipt.set_id(entry->id);
    outcome.receipt.set_version(entry->version);
    outcome.receipt.set_recorded_at_ms(group_->now_ms);
    receipt_fields_.Fill(entry->state, &outcome.receipt);
    if constexpr (AnswersWithState<D>) D::Answer(entry->state, &outcome.receipt);
    return outcome;
  }

  // What one event of the present decision does: computed for all of them before the first is a fact.
  struct Happening {
    Entry<State>* entry = nullptr;
    State before;
    std::optional<v1::Notice> notice;
  };

  // Applies the events to the cached states and collects the notices. The size of a notice that is too large to be
  // streamed, with everything as it was; otherwise 0.
  absl::StatusOr<size_t> Foresee(const Decision<Event>& decision, Entry<State>* asked) {
    happenings_.clear();
    for (const auto& emitted : decision.events) {
      Happening& now = happenings_.emplace_back();
      now.entry = asked;
      if (!emitted.aggregate_id.empty() && emitted.aggregate_id != asked->id) {
        ASSIGN_OR_RETURN(now.entry, cache_.Load(emitted.aggregate_id));
      }
      Entry<State>& entry = *now.entry;
      if (!entry.views) entry.views = entry.version == 0 ? Views{} : ViewsOf<D>(entry.id, entry.state);
      now.before = entry.state;
      D::Apply(emitted.event, group_->now_ms, &entry.state);
      now.notice = D::Publish(entry.id, emitted.event, now.before, entry.state);
      if (!now.notice || now.notice->payload().size() <= kNoticePayloadBytesMax) continue;
      const size_t size = now.notice->payload().size();
      for (auto back = happenings_.rbegin(); back != happenings_.rend(); ++back) {
        back->entry->state = std::move(back->before);
      }
      return size;
    }
    return 0;
  }

  // One event: from now on a fact.
  absl::Status Happen(const Envelope& envelope, const Decision<Event>& decision, size_t which,
                      v1::Receipt* receipt) {
    const Event& event = decision.events[which].event;
    Happening& now = happenings_[which];
    Entry<State>* const entry = now.entry;
    ++entry->version;
    FillRecord(envelope, decision, event, *entry);
    if (now.notice) *record_.mutable_notice() = *std::move(now.notice);
    if (which == 0) {
      for (const auto& use : lookup_.drawn()) *record_.add_counter() = use;
    }
    entry->hash = log_.Append(entry->hash, names_.TypeOf(event)->number(),
                              IsSealed<D>(entry->state) ? sealer_ : nullptr, &record_, &group_->batch);
    entry->seqs.push_back(log_.seq());
    receipt->set_seq(log_.seq());
    for (size_t later = which + 1; later < happenings_.size(); ++later) {
      if (happenings_[later].entry == entry) return absl::OkStatus();  // its last event settles the rest
    }

    Views after = ViewsOf<D>(entry->id, entry->state);
    RETURN_IF_ERROR(WriteDifference<D>(entry->id, *entry->views, after, &group_->batch, &tallies_));
    if constexpr (KeepsHeads<D>) RETURN_IF_ERROR(heads_.template Follow<D>(entry->id, *entry->views, after));
    entry->views = std::move(after);
    entry->wake_at_ms.reset();
    MarkDirty(entry);
    if (entry->id.starts_with(kReferencePrefix)) {
      D::Observe(entry->id, entry->state, &reference_);
      reference_changed_ = true;
    }
    return absl::OkStatus();
  }

  void FillRecord(const Envelope& envelope, const Decision<Event>& decision, const Event& event,
                  const Entry<State>& entry) {
    const auto* type = names_.TypeOf(event);
    CHECK(type != nullptr) << "an event that says nothing, of command " << envelope.command_name;
    record_.Clear();
    record_.set_aggregate_id(entry.id);
    record_.set_version(entry.version);
    record_.set_recorded_at_ms(group_->now_ms);
    record_.set_device_at_ms(envelope.device_at_ms);
    record_.set_actor_id(envelope.actor.service().empty() ? envelope.actor.user_id()
                                                          : "service:" + envelope.actor.service());
    // Who holds one grant only can have acted on no other.
    const bool obvious = decision.acted_as == v1::ROLE_UNSPECIFIED && envelope.actor.grant_size() == 1;
    record_.set_actor_role(obvious ? envelope.actor.grant(0).role() : decision.acted_as);
    record_.set_actor_org(obvious ? envelope.actor.grant(0).org_id() : decision.acted_for_org);
    record_.set_command(envelope.command_name);
    record_.set_request_id(envelope.request_id);
    record_.set_cause(envelope.cause);
    record_.set_event_type(type->name());
    CHECK(event.SerializeToString(record_.mutable_event())) << "cannot serialize an event";
  }

  // The rest of what is stored of an aggregate that was sealed just now, or that something was attached to.
  absl::Status FollowSealed(bool attached) {
    for (const Happening& happening : happenings_) {
      const Entry<State>& entry = *happening.entry;
      if (!IsSealed<D>(entry.state) || (IsSealed<D>(happening.before) && !attached)) continue;
      RETURN_IF_ERROR(sealer_->Follow(kv_, entry.id, &group_->batch));
    }
    return absl::OkStatus();
  }

  void MarkDirty(Entry<State>* entry) {
    if (entry->dirty) return;
    entry->dirty = true;
    dirty_.push_back(entry);
  }

  // The timers of one aggregate that are due now, each as a command of its own. One that its command does not take away
  // would be due for ever: the aggregate is woken again later, and at its next timer.
  absl::Status FireTimers(const Envelope& firing) {
    ASSIGN_OR_RETURN(Entry<State>* const entry, cache_.Load(firing.aggregate_id));
    if (entry->timer_at_ms != firing.timer_due_ms) {  // moved or withdrawn since; make sure it is gone
      group_->batch.Delete(storage::KeySpace::kTimer, storage::TimerKey(firing.timer_due_ms, firing.aggregate_id));
      return absl::OkStatus();
    }
    std::vector<Timer> due = D::Timers(entry->state);
    std::erase_if(due, [&](const Timer& timer) { return timer.due_ms <= 0 || timer.due_ms > group_->now_ms; });
    std::ranges::sort(due, [](const Timer& a, const Timer& b) {
      return a.due_ms != b.due_ms ? a.due_ms < b.due_ms : a.name < b.name;
    });
    std::vector<Timer> fired;
    for (const Timer& timer : due) {
      if (fired.size() == kTimersPerFiring) break;
      const auto now_set = D::Timers(entry->state);
      if (std::ranges::find(now_set, timer) == now_set.end()) continue;  // an earlier one of them took it away
      RETURN_IF_ERROR(FireOne(firing, timer));
      fired.push_back(timer);
    }
    SetWake(entry, fired);
    return absl::OkStatus();
  }

  absl::Status FireOne(const Envelope& firing, const Timer& timer) {
    Envelope envelope;
    envelope.aggregate_id = firing.aggregate_id;
    envelope.actor = firing.actor;
    envelope.cause = timer.name;
    envelope.timer_due_ms = timer.due_ms;
    auto command = std::make_unique<Command>(D::Fire(timer.name, timer.due_ms));
    envelope.command_name = CommandNameOf(*command);
    envelope.command = std::move(command);
    if (!quarantine_.Begin(envelope)) {
      Refused(envelope, InQuarantine(), v1::ROLE_SYS);
      return absl::OkStatus();
    }
    ASSIGN_OR_RETURN(const Outcome outcome, Decide(envelope));
    quarantine_.Done(&group_->batch);
    return outcome.refusal ? absl::OkStatus() : FollowSealed(false);  // a refusal is recorded; nobody waits for it
  }

  static std::string CommandNameOf(const Command& command) {
    const auto* body = Command::descriptor()->FindOneofByName("body");
    const auto* set = body == nullptr ? nullptr : command.GetReflection()->GetOneofFieldDescriptor(command, body);
    return set == nullptr ? "" : set->name();
  }

  void SetWake(Entry<State>* entry, const std::vector<Timer>& fired) {
    int64_t wake = 0;
    bool in_vain = false;
    for (const Timer& timer : D::Timers(entry->state)) {
      int64_t at = timer.due_ms;
      if (at <= 0) continue;
      if (std::ranges::find(fired, timer) != fired.end()) {
        at = group_->now_ms + kTimerRetryMs;
        in_vain = true;
      }
      if (wake == 0 || at < wake) wake = at;
    }
    if (in_vain) entry->wake_at_ms = wake;
    MarkDirty(entry);
  }

  absl::Status FlushGroup() {
    for (Entry<State>* entry : dirty_) {
      entry->dirty = false;
      const int64_t timer = entry->wake_at_ms ? *entry->wake_at_ms : EarliestTimer<D>(entry->state);
      if (timer != entry->timer_at_ms) {
        if (entry->timer_at_ms != 0) {
          group_->batch.Delete(storage::KeySpace::kTimer, storage::TimerKey(entry->timer_at_ms, entry->id));
        }
        if (timer != 0) group_->batch.Put(storage::KeySpace::kTimer, storage::TimerKey(timer, entry->id), "");
        entry->timer_at_ms = timer;
      }
      state_record_.Clear();
      CHECK(entry->state.SerializeToString(state_record_.mutable_state())) << "cannot serialize a state";
      const bool sealed = IsSealed<D>(entry->state);
      state_record_.set_version(entry->version);
      state_record_.set_hash(entry->hash);
      state_record_.mutable_seq()->Add(entry->seqs.begin(), entry->seqs.end());
      state_record_.set_timer_at_ms(timer);
      state_record_.set_timer_postponed(entry->wake_at_ms.has_value());
      if (sealed) SealState(*sealer_, entry->id, &state_record_);
      std::string stored = state_record_.SerializeAsString();
      cache_.SetSize(entry, stored.size());
      if (sealed) group_->batch.Delete(storage::KeySpace::kState, entry->id);
      group_->batch.Put(sealed ? storage::KeySpace::kSealedState : storage::KeySpace::kState, entry->id,
                        std::move(stored));
    }
    dirty_.clear();
    counters_.Flush(&group_->batch);
    tallies_.Flush(&group_->batch);
    return heads_.Flush([this](const std::string& range) { return lookup_.FirstOf(range); }, &group_->batch);
  }

  const storage::Kv& kv_;
  const Sealer* const sealer_;
  StateCache<State> cache_;
  NumberBook counters_;
  NumberBook tallies_;
  HeadBook heads_;
  AnswerBook answers_;
  CursorBook cursors_;
  RefusalBook refusals_;
  GroupLookup<D> lookup_;
  LogAppender log_;
  const EventNames names_;
  const ReceiptFields receipt_fields_;
  base::Random random_;
  Reference reference_;
  bool reference_changed_ = true;
  Quarantine& quarantine_;
  Group* group_ = nullptr;
  std::vector<Happening> happenings_;  // of the command being decided
  std::vector<Entry<State>*> dirty_;
  v1::LogRecord record_;           // reused
  v1::StateRecord state_record_;   // reused
};

}  // namespace kernel
