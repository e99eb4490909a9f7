#pragma once
// What a service's domain module supplies, and what the kernel gives it.
//
// A domain is a set of pure functions: no clock, no I/O, no randomness, no threads. Everything it may look at comes
// in as an argument. The kernel calls it from the writer thread only (and from replay, which is alone).
//
//   Decide   state + command + context -> events, or a refusal. Computes; changes nothing.
//   Apply    event -> state. Copies and counts; reads no policy and no clock, cannot refuse: old logs go through it
//            for ever, so what an event means never changes. New meaning is a new event.
//   Timers / Indexes / Tallies   views of a state. The kernel compares them before and after an event and writes the
//            difference in the same batch, so nobody can forget to withdraw one.
//   Publish  what other services may hear of an event; no personal data.
//   Fire     the command a due timer puts into the queue.
//   Observe  lets the domain keep decoded reference data (calendar, policies, organisations) of aggregates whose id
//            starts with kReferencePrefix. Called after Apply, and for each of them when a database is opened.
//
// A new aggregate's id is chosen by the caller (services/rpc mints it) or by the domain in Decision::EmitTo.

#include <concepts>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kernel/v1/actor.pb.h"
#include "kernel/v1/record.pb.h"

namespace kernel {

// Aggregates that hold reference data learned from the directory: "ref/calendar", "ref/org/371403-centre", …
inline constexpr std::string_view kReferencePrefix = "ref/";

// The domain says no. A value, not an error of the machine; text for people is made at the edge from these.
enum class RefusalCode {
  kNotFound,      // no such matter (also: not visible)
  kNotAllowed,    // the rules table gives this role, or this person here, no right (also recusal 回避)
  kWrongStatus,   // not while the matter is in this status
  kInvalid,       // a field is missing or wrong: `field` names it
  kConflict,      // expected_version is not the current version
  kGuard,         // a precondition of the rules does not hold: `reason` names it
  kLimit,         // a named limit would be crossed
};

struct Refusal {
  RefusalCode code = RefusalCode::kGuard;
  std::string reason;       // UPPER_SNAKE, stable: "SECOND_RETURN_NEEDS_DESIGNATION"
  std::string field;        // path in the request, when a field is at fault
  std::string message_zh;   // one sentence for people; never personal data
  std::string message_en;
  std::map<std::string, std::string> metadata;
};

// Reads other aggregates of the same service, including what this group has changed. Only where a rule needs it.
template <class State>
class Lookup {
 public:
  virtual ~Lookup() = default;
  // Null if there is none. Valid until Decide returns.
  virtual const State* Find(std::string_view aggregate_id) = 0;
  // Ids of aggregates with an entry in `index` whose key starts with `prefix`, in key order, at most `limit`.
  virtual std::vector<std::string> Scan(std::string_view index, std::string_view prefix, size_t limit) = 0;
  // The next value of a named counter, from 1. Taken back if the command is refused.
  virtual uint64_t Next(std::string_view counter) = 0;
};

template <class State>
struct CommandContext {
  int64_t now_ms = 0;             // stamped by the writer; never goes back
  int64_t device_at_ms = 0;       // as the device said; 0 if none. Clocks never start here
  const v1::Actor* actor = nullptr;
  std::string_view aggregate_id;  // what the command is about
  std::string_view request_id;
  std::string_view cause;         // "<source>/<seq>" for a notice, the timer's name for a timer
  uint64_t version = 0;           // of the state, 0 for a new one
  uint64_t chance = 0;            // 64 bits drawn by the writer from its seeded generator, for rules that sample
  Lookup<State>* lookup = nullptr;
};

template <class Event>
struct Decision {
  struct Emitted {
    std::string aggregate_id;  // empty: the aggregate the command is about
    Event event;
  };
  std::vector<Emitted> events;
  std::optional<Refusal> refusal;
  v1::Role acted_as = v1::ROLE_UNSPECIFIED;  // which of the actor's grants the rules table used: goes into the log
  std::string acted_for_org;

  Event* Emit() { return &events.emplace_back().event; }
  Event* EmitTo(std::string id) {
    events.emplace_back().aggregate_id = std::move(id);
    return &events.back().event;
  }
  static Decision Refuse(Refusal why) {
    Decision d;
    d.refusal = std::move(why);
    return d;
  }
};

// A moment at which the aggregate wants to be woken. Unique by name within an aggregate.
struct Timer {
  std::string name;
  int64_t due_ms = 0;
  bool operator==(const Timer&) const = default;
};

// Where lists find the aggregate: `key` is order-preserving bytes (base/coding.h); the kernel appends the id.
struct IndexEntry {
  std::string_view index;  // registered in D::kIndexes
  std::string key;
  bool operator==(const IndexEntry&) const = default;
  auto operator<=>(const IndexEntry&) const = default;
};

// Live counters: each entry counts 1 while the state has it. Always equal to a recount.
struct TallyEntry {
  std::string key;
  bool operator==(const TallyEntry&) const = default;
  auto operator<=>(const TallyEntry&) const = default;
};

// Static interface of a domain; services/incident/domain/incident.h is the fullest example.
template <class D>
concept Domain = requires(const typename D::State& state, typename D::State* mutable_state,
                          const typename D::Command& command, const typename D::Event& event,
                          const CommandContext<typename D::State>& ctx, const typename D::Reference& reference,
                          typename D::Reference* mutable_reference, std::string_view name) {
  { D::kService } -> std::convertible_to<std::string_view>;      // "incident"
  { D::kIndexes.size() } -> std::convertible_to<size_t>;         // std::array of names; positions are numbers on disk
  { D::Decide(state, command, ctx, reference) } -> std::same_as<Decision<typename D::Event>>;
  { D::Apply(event, ctx.now_ms, mutable_state) } -> std::same_as<void>;
  { D::Timers(state) } -> std::same_as<std::vector<Timer>>;
  { D::Indexes(name, state) } -> std::same_as<std::vector<IndexEntry>>;   // name: the aggregate id
  { D::Tallies(state) } -> std::same_as<std::vector<TallyEntry>>;
  { D::Publish(name, event, state, state) } -> std::same_as<std::optional<v1::Notice>>;  // id, event, before, after
  { D::Fire(name, ctx.now_ms) } -> std::same_as<typename D::Command>;     // timer name, due
  { D::Observe(name, state, mutable_reference) } -> std::same_as<void>;   // aggregate id, state
};

// A domain raises kViewsRevision (absent: 1) when Timers, Tallies or a known index say something else of a state that
// may be stored already; a new index at the end of kIndexes needs none. See view_filler.h.

// A domain may also fill what a receipt says of the aggregate: matter_code, status, query_code. The kernel
// calls it with
// the state after the command, before the receipt is stored for repeats.
template <class D>
concept AnswersWithState = requires(const typename D::State& after, v1::Receipt* receipt) {
  { D::Answer(after, receipt) } -> std::same_as<void>;
};

// A domain some of whose aggregates are sealed: kept apart, under a key of their own (sealer.h). What was once sealed
// stays so: no event may take a state back.
template <class D>
concept SealsStates = requires(const typename D::State& state) {
  { D::Sealed(state) } -> std::same_as<bool>;
};

template <class D>
bool IsSealed(const typename D::State& state) {
  if constexpr (SealsStates<D>) return D::Sealed(state);
  return false;
}

}  // namespace kernel
