#pragma once
// The small world behind a Scenario: aggregates folded by the domain's own Apply, a Lookup over them, counters.
// Checks on every command that Decide is pure and that a second fold of all events gives the same states.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "services/kernel/domain.h"

namespace tests {

template <kernel::Domain D>
class World : private kernel::Lookup<typename D::State> {
 public:
  using State = typename D::State;
  using Event = typename D::Event;

  struct Happened {
    std::string aggregate_id;
    Event event;
    int64_t at_ms = 0;
  };
  struct Outcome {
    std::string aggregate_id;
    std::vector<Happened> events;
    std::vector<kernel::v1::Notice> notices;
    std::optional<kernel::Refusal> refusal;
    kernel::v1::Role acted_as = kernel::v1::ROLE_UNSPECIFIED;
  };

  explicit World(typename D::Reference reference) : reference_(std::move(reference)) {}

  void set_chance(uint64_t chance) { chance_ = chance; }
  void set_device_at_ms(int64_t ms) { device_at_ms_ = ms; }

  std::optional<kernel::v1::Notice> Apply(std::string_view id, const Event& event, int64_t now_ms) {
    Aggregate& aggregate = AggregateOf(id);
    const State before = aggregate.state;
    D::Apply(event, now_ms, &aggregate.state);
    ++aggregate.version;
    history_.push_back({std::string(id), event, now_ms});
    if (id.starts_with(kernel::kReferencePrefix)) D::Observe(id, aggregate.state, &reference_);
    return D::Publish(id, event, before, aggregate.state);
  }

  Outcome Run(std::string_view id, const typename D::Command& command, const kernel::v1::Actor& actor, int64_t now_ms,
              std::string_view cause) {
    kernel::CommandContext<State> ctx;
    ctx.now_ms = now_ms;
    ctx.device_at_ms = device_at_ms_;
    ctx.actor = &actor;
    ctx.aggregate_id = id;
    ctx.request_id = "r1";
    ctx.cause = cause;
    ctx.version = VersionOf(id);
    ctx.chance = chance_;
    ctx.lookup = this;

    const auto counters = counters_;
    const auto first = D::Decide(StateOf(id), command, ctx, reference_);
    const auto after_first = counters_;
    counters_ = counters;
    auto decision = D::Decide(StateOf(id), command, ctx, reference_);
    ExpectSame(first, decision);
    EXPECT_EQ(after_first, counters_);

    Outcome outcome;
    outcome.aggregate_id = std::string(id);
    outcome.acted_as = decision.acted_as;
    if (decision.refusal) {
      EXPECT_TRUE(decision.events.empty()) << "a refusal has no events";
      counters_ = counters;
      outcome.refusal = std::move(decision.refusal);
      return outcome;
    }
    for (auto& emitted : decision.events) {
      const std::string whose = emitted.aggregate_id.empty() ? std::string(id) : emitted.aggregate_id;
      if (auto notice = Apply(whose, emitted.event, now_ms)) outcome.notices.push_back(std::move(*notice));
      outcome.events.push_back({whose, std::move(emitted.event), now_ms});
    }
    ExpectFoldAgrees();
    return outcome;
  }

  const State& StateOf(std::string_view id) { return AggregateOf(id).state; }
  uint64_t VersionOf(std::string_view id) { return AggregateOf(id).version; }
  uint64_t Tally(std::string_view key) const {
    uint64_t count = 0;
    for (const auto& [id, aggregate] : aggregates_) {
      for (const auto& entry : D::Tallies(aggregate.state)) count += entry.key == key;
    }
    return count;
  }

 private:
  struct Aggregate {
    State state;
    uint64_t version = 0;
  };

  Aggregate& AggregateOf(std::string_view id) {
    const auto at = aggregates_.find(id);
    return at != aggregates_.end() ? at->second : aggregates_[std::string(id)];
  }

  // kernel::Lookup
  const State* Find(std::string_view id) override {
    const auto at = aggregates_.find(id);
    return at == aggregates_.end() || at->second.version == 0 ? nullptr : &at->second.state;
  }
  std::vector<std::string> Scan(std::string_view index, std::string_view prefix, size_t limit) override {
    std::vector<std::pair<std::string, std::string>> found;  // by key, then id
    for (const auto& [id, aggregate] : aggregates_) {
      if (aggregate.version == 0) continue;
      for (const auto& entry : D::Indexes(id, aggregate.state)) {
        if (entry.index == index && entry.key.starts_with(prefix)) found.emplace_back(entry.key, id);
      }
    }
    std::ranges::sort(found);
    std::vector<std::string> ids;
    for (auto& [key, id] : found) {
      if (ids.size() == limit) break;
      ids.push_back(std::move(id));
    }
    return ids;
  }
  uint64_t Next(std::string_view counter) override { return ++counters_[std::string(counter)]; }

  static void ExpectSame(const kernel::Decision<Event>& a, const kernel::Decision<Event>& b) {
    EXPECT_EQ(a.refusal.has_value(), b.refusal.has_value()) << "Decide must give the same answer twice";
    ASSERT_EQ(a.events.size(), b.events.size()) << "Decide must give the same answer twice";
    for (size_t i = 0; i < a.events.size(); ++i) {
      EXPECT_EQ(a.events[i].aggregate_id, b.events[i].aggregate_id);
      EXPECT_EQ(a.events[i].event.SerializeAsString(), b.events[i].event.SerializeAsString());
    }
  }

  void ExpectFoldAgrees() {
    std::map<std::string, State> folded;
    for (const Happened& h : history_) D::Apply(h.event, h.at_ms, &folded[h.aggregate_id]);
    for (const auto& [id, state] : folded) {
      EXPECT_EQ(state.SerializeAsString(), StateOf(id).SerializeAsString()) << "a second fold of " << id << " differs";
    }
  }

  typename D::Reference reference_;
  std::map<std::string, Aggregate, std::less<>> aggregates_;
  std::map<std::string, uint64_t> counters_;
  std::vector<Happened> history_;
  uint64_t chance_ = 0;
  int64_t device_at_ms_ = 0;
};

}  // namespace tests
