#pragma once
// Given / when / then for any domain, with the real Decide, Apply, Timers, Indexes, Tallies and Publish.
// Nothing is mocked:
// what stands in for the kernel is a map of states, an index over them and counters that start at 1.
//
//   using Petition = tests::Scenario<PetitionDomain>;
//   Petition(reference).Given({"submitted { kind: 'complaint' }"})
//       .When("accept { office_id: 'o1' }", kernel::v1::ROLE_PC, Day(3))
//       .Then({"accepted { office_id: 'o1' due_ms: 5443200000 }"}).AndTimerAt(Day(63));
//
// Every When also checks what a domain promises: Decide gives the same answer twice and changes nothing, and
// folding the
// events again from the beginning gives the same state.

#include <google/protobuf/text_format.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "services/kernel/domain.h"
#include "tests/support/scenario_world.h"

namespace tests {

// An event expected on an aggregate other than the scenario's own.
struct On {
  std::string aggregate_id;
  std::string event;
};

struct Expected {
  Expected(const char* text) : event(text) {}         // NOLINT: lists of plain texts read best
  Expected(std::string text) : event(std::move(text)) {}  // NOLINT
  Expected(On on) : aggregate_id(std::move(on.aggregate_id)), event(std::move(on.event)) {}  // NOLINT
  std::string aggregate_id;
  std::string event;
};

// The actor most tests need: one role in one unit over one area.
inline kernel::v1::Actor ActorOf(kernel::v1::Role role, std::string org_id = "", std::string area_code = "",
                                 std::string user_id = "u1") {
  kernel::v1::Actor actor;
  if (role == kernel::v1::ROLE_SYS) {
    actor.set_service("self");
  } else {
    actor.set_user_id(std::move(user_id));
  }
  auto* grant = actor.add_grant();
  grant->set_role(role);
  grant->set_org_id(std::move(org_id));
  grant->set_area_code(std::move(area_code));
  return actor;
}

template <kernel::Domain D>
class Scenario {
 public:
  using State = typename D::State;
  using Command = typename D::Command;
  using Event = typename D::Event;

  explicit Scenario(typename D::Reference reference = {}, std::string id = "m1", const char* file = __builtin_FILE(),
                    int line = __builtin_LINE())
      : world_(std::move(reference)), id_(std::move(id)), trace_(file, line, "this scenario") {}

  // ---- given
  // Events that happened at the scenario's present time, on its own aggregate.
  Scenario& Given(std::initializer_list<std::string_view> events) { return GivenOn(id_, events); }
  Scenario& GivenAt(int64_t now_ms, std::initializer_list<std::string_view> events) {
    now_ms_ = now_ms;
    return GivenOn(id_, events);
  }
  Scenario& GivenOn(std::string_view id, std::initializer_list<std::string_view> events) {
    for (std::string_view text : events) world_.Apply(id, Parse<Event>(text), now_ms_);
    return *this;
  }
  // Who acts when When() is told nothing else.
  Scenario& As(kernel::v1::Actor actor) {
    actor_ = std::move(actor);
    return *this;
  }
  Scenario& As(kernel::v1::Role role, std::string org_id, std::string area_code, std::string user_id = "u1") {
    return As(ActorOf(role, std::move(org_id), std::move(area_code), std::move(user_id)));
  }
  Scenario& At(int64_t now_ms) {
    now_ms_ = now_ms;
    return *this;
  }
  Scenario& WithChance(uint64_t chance) {
    world_.set_chance(chance);
    return *this;
  }
  Scenario& WithDeviceTime(int64_t device_at_ms) {
    world_.set_device_at_ms(device_at_ms);
    return *this;
  }

  // ---- when
  Scenario& When(std::string_view command) { return WhenOn(id_, command); }
  Scenario& When(std::string_view command, int64_t now_ms) { return At(now_ms).WhenOn(id_, command); }
  Scenario& When(std::string_view command, kernel::v1::Role role, int64_t now_ms) {
    return As(ActorOf(role)).At(now_ms).WhenOn(id_, command);
  }
  Scenario& When(std::string_view command, const kernel::v1::Actor& actor, int64_t now_ms) {
    return As(actor).At(now_ms).WhenOn(id_, command);
  }
  Scenario& WhenOn(std::string_view id, std::string_view command) {
    outcome_ = world_.Run(id, Parse<Command>(command), actor_, now_ms_, "");
    return *this;
  }
  // The timer of this name fires at the moment it is due (or later, if the scenario is past it).
  Scenario& WhenTimerFires(std::string_view name, std::string_view id = {}) {
    const std::string whose(id.empty() ? std::string_view(id_) : id);
    for (const kernel::Timer& timer : D::Timers(world_.StateOf(whose))) {
      if (timer.name != name) continue;
      now_ms_ = std::max(now_ms_, timer.due_ms);
      outcome_ = world_.Run(whose, D::Fire(name, timer.due_ms), ActorOf(kernel::v1::ROLE_SYS), now_ms_, name);
      return *this;
    }
    ADD_FAILURE() << "no timer " << name << " is running; running: " << Timers(whose);
    return *this;
  }

  // ---- then
  // Exactly these events, each equal in every field.
  Scenario& Then(std::initializer_list<Expected> events) { return Compare(events, false); }
  // Exactly these events; only the fields written in the expectation are compared.
  Scenario& ThenPartly(std::initializer_list<Expected> events) { return Compare(events, true); }
  Scenario& ThenNothing() { return Compare({}, false); }
  Scenario& ThenRefused(std::string_view reason) {
    if (!outcome_.refusal) {
      ADD_FAILURE() << "expected refusal " << reason << ", got " << Describe();
    } else {
      EXPECT_EQ(outcome_.refusal->reason, reason);
      ExpectTextsInBothLanguages();
    }
    return *this;
  }
  Scenario& ThenRefused(kernel::RefusalCode code) {
    if (!outcome_.refusal) {
      ADD_FAILURE() << "expected a refusal, got " << Describe();
    } else {
      EXPECT_EQ(static_cast<int>(outcome_.refusal->code), static_cast<int>(code)) << outcome_.refusal->reason;
      ExpectTextsInBothLanguages();
    }
    return *this;
  }
  Scenario& ThenRefused(kernel::RefusalCode code, std::string_view reason) {
    return ThenRefused(code).ThenRefused(reason);
  }

  // ---- and
  Scenario& AndTimerAt(int64_t due_ms) {  // the earliest
    const auto timers = D::Timers(state());
    const auto first = std::ranges::min_element(timers, {}, &kernel::Timer::due_ms);
    EXPECT_TRUE(first != timers.end() && first->due_ms == due_ms)
        << "expected " << due_ms << ", running: " << Timers(id_);
    return *this;
  }
  Scenario& AndTimer(std::string_view name, int64_t due_ms) {
    const auto timers = D::Timers(state());
    EXPECT_NE(std::ranges::find(timers, kernel::Timer{std::string(name), due_ms}), timers.end())
        << "expected " << name << "@" << due_ms << ", running: " << Timers(id_);
    return *this;
  }
  Scenario& AndNoTimer(std::string_view name = {}) {
    for (const auto& timer : D::Timers(state())) EXPECT_FALSE(name.empty() || timer.name == name) << Timers(id_);
    return *this;
  }
  Scenario& AndTally(std::string_view key, uint64_t count) {  // over all aggregates of the scenario
    EXPECT_EQ(world_.Tally(key), count) << "tally " << key;
    return *this;
  }
  Scenario& AndIndex(std::string_view index, std::string_view key) {
    const auto entries = D::Indexes(id_, state());
    EXPECT_TRUE(std::ranges::any_of(entries, [&](const auto& e) { return e.index == index && e.key == key; }))
        << "no entry in index " << index;
    return *this;
  }
  Scenario& AndNotInIndex(std::string_view index) {
    for (const auto& entry : D::Indexes(id_, state())) EXPECT_NE(entry.index, index);
    return *this;
  }
  Scenario& AndState(std::string_view partly) {
    ExpectMatch(Parse<State>(partly), state(), true);
    return *this;
  }
  // The last command told others so.
  Scenario& AndNotice(std::string_view topic) {
    EXPECT_TRUE(std::ranges::any_of(outcome_.notices, [&](const auto& n) { return n.topic() == topic; }))
        << "no notice " << topic << "; published: " << Topics();
    return *this;
  }
  Scenario& AndNoNotice() {
    EXPECT_TRUE(outcome_.notices.empty()) << Topics();
    return *this;
  }
  Scenario& AndActedAs(kernel::v1::Role role) {
    EXPECT_EQ(outcome_.acted_as, role);
    return *this;
  }

  // ---- look for yourself
  const State& state() { return world_.StateOf(id_); }
  const State& StateOf(std::string_view id) { return world_.StateOf(id); }
  uint64_t version() { return world_.VersionOf(id_); }
  const std::optional<kernel::Refusal>& refusal() const { return outcome_.refusal; }
  const std::vector<typename World<D>::Happened>& events() const { return outcome_.events; }
  const std::vector<kernel::v1::Notice>& notices() const { return outcome_.notices; }
  int64_t now_ms() const { return now_ms_; }

 private:
  template <class M>
  static M Parse(std::string_view text) {
    M message;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(std::string(text), &message))
        << "not a " << M::descriptor()->full_name() << ": " << text;
    return message;
  }

  static void ExpectMatch(const google::protobuf::Message& expected, const google::protobuf::Message& actual,
                          bool partly) {
    google::protobuf::util::MessageDifferencer differencer;
    std::string difference;
    differencer.ReportDifferencesToString(&difference);
    if (partly) differencer.set_scope(google::protobuf::util::MessageDifferencer::PARTIAL);
    EXPECT_TRUE(differencer.Compare(expected, actual)) << difference << "actual: " << actual.ShortDebugString();
  }

  Scenario& Compare(std::initializer_list<Expected> expected, bool partly) {
    if (outcome_.refusal || outcome_.events.size() != expected.size()) {
      ADD_FAILURE() << "expected " << expected.size() << " events, got " << Describe();
      return *this;
    }
    size_t at = 0;
    for (const Expected& e : expected) {
      const auto& happened = outcome_.events[at++];
      EXPECT_EQ(happened.aggregate_id, e.aggregate_id.empty() ? outcome_.aggregate_id : e.aggregate_id);
      ExpectMatch(Parse<Event>(e.event), happened.event, partly);
    }
    return *this;
  }

  void ExpectTextsInBothLanguages() const {
    EXPECT_FALSE(outcome_.refusal->message_zh.empty()) << outcome_.refusal->reason << " says nothing in Chinese";
    EXPECT_FALSE(outcome_.refusal->message_en.empty()) << outcome_.refusal->reason << " says nothing in English";
  }
  std::string Describe() const {
    if (outcome_.refusal) return "refused: " + outcome_.refusal->reason + " " + outcome_.refusal->field;
    std::string text = std::to_string(outcome_.events.size()) + " events:";
    for (const auto& e : outcome_.events) text += "\n  " + e.aggregate_id + ": " + e.event.ShortDebugString();
    return text;
  }
  std::string Timers(std::string_view id) {
    std::string text;
    for (const auto& t : D::Timers(world_.StateOf(id))) text += t.name + "@" + std::to_string(t.due_ms) + " ";
    return text.empty() ? "none" : text;
  }
  std::string Topics() const {
    std::string text;
    for (const auto& notice : outcome_.notices) text += notice.topic() + " ";
    return text;
  }

  World<D> world_;
  const std::string id_;
  ::testing::ScopedTrace trace_;
  kernel::v1::Actor actor_ = ActorOf(kernel::v1::ROLE_SYS);
  int64_t now_ms_ = 0;
  typename World<D>::Outcome outcome_;
};

}  // namespace tests
