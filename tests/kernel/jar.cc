#include "tests/kernel/jar.h"

#include <utility>

namespace jar {
namespace {

using v1::Command, v1::Event, v1::State;
using Decision = kernel::Decision<Event>;
using Context = kernel::CommandContext<State>;

Decision Refuse(kernel::RefusalCode code, std::string reason) {
  return Decision::Refuse({code, std::move(reason), "", "不行。", "No.", {}});
}

Decision DecideMake(const v1::Make& make, const Context& ctx, const Reference& reference) {
  const uint64_t number = ctx.lookup->Next("jars/" + make.area());
  if (make.twice_refused()) return Refuse(kernel::RefusalCode::kGuard, "AS_ASKED");
  if (ctx.lookup->Scan("area", make.area() + "/", 3).size() == 3) {
    return Refuse(kernel::RefusalCode::kLimit, "AREA_IS_FULL");
  }
  Decision d;
  auto* made = d.Emit()->mutable_made();
  made->set_area(make.area());
  made->set_matter_code(make.area() + "-" + std::to_string(number));
  made->set_word(reference.word);
  return d;
}

Decision DecidePour(const State& state, const v1::Pour& pour, const Context& ctx) {
  if (state.beans() < pour.beans()) return Refuse(kernel::RefusalCode::kGuard, "NOT_ENOUGH_BEANS");
  const State* into = ctx.lookup->Find(pour.into());
  if (into == nullptr || into->status() != State::OPEN)
    return Refuse(kernel::RefusalCode::kNotFound, "NO_SUCH_JAR");
  Decision d;
  auto* poured = d.Emit()->mutable_poured();
  poured->set_into(pour.into());
  poured->set_beans(pour.beans());
  auto* received = d.EmitTo(pour.into())->mutable_received();
  received->set_from(std::string(ctx.aggregate_id));
  received->set_beans(pour.beans());
  return d;
}

Decision DecideRing(const State& state, const v1::Ring& ring) {
  Decision d;
  for (const auto& alarm : state.alarm()) {
    if (alarm.name() == ring.name() && alarm.due_ms() == ring.due_ms() && !alarm.stubborn()) {
      d.Emit()->mutable_rang()->set_name(ring.name());
    }
  }
  return d;
}

}  // namespace

Decision JarDomain::Decide(const State& state, const Command& command, const Context& ctx,
                           const Reference& reference) {
  if (state.status() == State::SHUT) return Refuse(kernel::RefusalCode::kWrongStatus, "JAR_IS_SHUT");
  Decision d;
  d.acted_as = ctx.actor->grant_size() > 0 ? ctx.actor->grant(0).role() : kernel::v1::ROLE_SYS;
  switch (command.body_case()) {
    case Command::kMake:
      return DecideMake(command.make(), ctx, reference);
    case Command::kAdd:
      d.Emit()->mutable_added()->set_beans(command.add().beans());
      return d;
    case Command::kPour:
      return DecidePour(state, command.pour(), ctx);
    case Command::kSetAlarm: {
      auto* set = d.Emit()->mutable_alarm_set();
      set->set_name(command.set_alarm().name());
      set->set_due_ms(command.set_alarm().due_ms());
      set->set_stubborn(command.set_alarm().stubborn());
      return d;
    }
    case Command::kShut:
      d.Emit()->mutable_was_shut();
      return d;
    case Command::kRing:
      return DecideRing(state, command.ring());
    case Command::kCrash:
      reference.on_crash();
      return d;
    case Command::kTeach:
      d.Emit()->mutable_taught()->set_word(command.teach().word());
      return d;
    case Command::kIdle:
      return d;
    case Command::kBury:
      d.Emit()->mutable_buried()->set_where(command.bury().where());
      return d;
    case Command::BODY_NOT_SET:
      break;
  }
  return Refuse(kernel::RefusalCode::kInvalid, "NO_COMMAND");
}

void JarDomain::Apply(const Event& event, int64_t, State* state) {
  switch (event.body_case()) {
    case Event::kMade:
      state->set_status(State::OPEN);
      state->set_area(event.made().area());
      state->set_matter_code(event.made().matter_code());
      state->set_word(event.made().word());
      break;
    case Event::kAdded:
      state->set_beans(state->beans() + event.added().beans());
      break;
    case Event::kPoured:
      state->set_beans(state->beans() - event.poured().beans());
      break;
    case Event::kReceived:
      state->set_beans(state->beans() + event.received().beans());
      break;
    case Event::kAlarmSet: {
      for (auto& alarm : *state->mutable_alarm()) {
        if (alarm.name() == event.alarm_set().name()) {
          alarm.set_due_ms(event.alarm_set().due_ms());
          return;
        }
      }
      auto* alarm = state->add_alarm();
      alarm->set_name(event.alarm_set().name());
      alarm->set_due_ms(event.alarm_set().due_ms());
      alarm->set_stubborn(event.alarm_set().stubborn());
      break;
    }
    case Event::kWasShut:
      state->set_status(State::SHUT);
      state->clear_alarm();
      break;
    case Event::kRang:
      for (int i = 0; i < state->alarm_size(); ++i) {
        if (state->alarm(i).name() == event.rang().name()) {
          state->mutable_alarm()->DeleteSubrange(i, 1);
          break;
        }
      }
      break;
    case Event::kTaught:
      state->set_word(event.taught().word());
      break;
    case Event::kBuried:
      state->set_buried(true);
      state->set_word(event.buried().where());
      break;
    case Event::BODY_NOT_SET:
      break;
  }
}

bool JarDomain::Sealed(const State& state) { return state.buried(); }

std::vector<kernel::Timer> JarDomain::Timers(const State& state) {
  std::vector<kernel::Timer> timers;
  for (const auto& alarm : state.alarm()) timers.push_back({alarm.name(), alarm.due_ms()});
  return timers;
}

std::vector<kernel::IndexEntry> JarDomain::Indexes(std::string_view, const State& state) {
  if (state.area().empty() || state.buried()) return {};
  return {{"area", state.area() + "/"}, {"status", State::Status_Name(state.status())}};
}

// The first jar of an area, by its id.
size_t JarDomain::HeadedBytes(const kernel::IndexEntry& entry) {
  return entry.index == "area" ? entry.key.size() : 0;
}

std::vector<kernel::TallyEntry> JarDomain::Tallies(const State& state) {
  if (state.area().empty()) return {};
  return {{state.area() + "/" + State::Status_Name(state.status())}};
}

std::optional<kernel::v1::Notice> JarDomain::Publish(std::string_view, const Event& event,
                                                     const State& before, const State& after) {
  kernel::v1::Notice notice;
  notice.set_area_code(after.area());
  notice.set_matter_code(after.matter_code());
  if (event.has_made()) {
    notice.set_topic("jar.made");
  } else if (after.beans() >= 100 && before.beans() < 100) {
    notice.set_topic("jar.full");  // only the step across the line is news
    notice.set_payload(std::string(static_cast<size_t>(after.beans()), 'b'));
  } else {
    return std::nullopt;
  }
  return notice;
}

Command JarDomain::Fire(std::string_view timer, int64_t due_ms) {
  Command command;
  command.mutable_ring()->set_name(std::string(timer));
  command.mutable_ring()->set_due_ms(due_ms);
  return command;
}

void JarDomain::Answer(const State& state, kernel::v1::Receipt* receipt) {
  if (state.beans() == 0) receipt->set_query_code("Q-" + state.matter_code());
}

void JarDomain::Observe(std::string_view id, const State& state, Reference* reference) {
  if (id == "ref/word") reference->word = state.word();
}

}  // namespace jar
