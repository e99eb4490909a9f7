#pragma once
// An engine of jars over a database in memory, driven step by step on the test's own thread.

#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "services/kernel/engine.h"
#include "services/kernel/reader.h"
#include "services/kernel/replay.h"
#include "storage/log_check.h"
#include "tests/kernel/jar.h"
#include "tests/support/mem_kv.h"
#include "tests/support/sim_clock.h"
#include "tests/support/test_sealer.h"

namespace jar {

using Engine = kernel::Engine<JarDomain>;

inline kernel::v1::Actor Worker(std::string user_id = "w1") {
  kernel::v1::Actor actor;
  actor.set_user_id(std::move(user_id));
  auto* grant = actor.add_grant();
  grant->set_role(kernel::v1::ROLE_GW);
  grant->set_org_id("o1");
  return actor;
}

// A command as rpc would make it: a jar is made by `make`, taught by `teach` (reference data), everything
// else must exist.
inline kernel::Envelope Envelope(std::string id, const std::string& text) {
  auto command = std::make_unique<v1::Command>();
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, command.get())) << text;
  kernel::Envelope envelope;
  envelope.creates = command->has_make();
  envelope.upserts = command->has_teach();
  envelope.command_name = text.substr(0, text.find(' '));
  envelope.command = std::move(command);
  envelope.aggregate_id = std::move(id);
  envelope.actor = Worker();
  return envelope;
}

class Rig {
 public:
  explicit Rig(Engine::Options options = {}) : wanted_(std::move(options)) { Start(); }

  // Opens the engine on what is in the database.
  void Start() {
    Engine::Options options;
    options.reference = wanted_.reference;
    options.subscriptions = wanted_.subscriptions;
    options.watch = wanted_.watch;
    options.queue = wanted_.queue;
    options.group_commands_max = wanted_.group_commands_max;
    options.crash_marker_path = wanted_.crash_marker_path;
    options.sealer = &sealer;
    options.seed = 7;
    options.fresh_log_id = std::string(16, 'L');
    auto opened = Engine::Open(clock, kv, std::move(options));
    ASSERT_TRUE(opened.ok()) << opened.status();
    engine = *std::move(opened);
  }
  // The process dies and starts again; a machine that dies forgets what was not synced.
  void KillProcess() {
    engine.reset();
    Start();
  }
  void CrashMachine() {
    engine.reset();
    kv.Crash();
    Start();
  }

  // Puts it into the queue; the outcome is there when it is answered.
  std::shared_ptr<std::optional<kernel::Outcome>> Send(kernel::Envelope envelope) {
    auto answer = std::make_shared<std::optional<kernel::Outcome>>();
    envelope.done = [answer](const kernel::Outcome& outcome) {
      EXPECT_FALSE(answer->has_value()) << "answered twice";
      *answer = outcome;
    };
    engine->Submit(std::move(envelope));
    return answer;
  }
  std::shared_ptr<std::optional<kernel::Outcome>> Send(std::string id, const std::string& text) {
    return Send(Envelope(std::move(id), text));
  }

  // One group through all steps; false if there was nothing to do.
  bool Step() {
    kernel::Group group;
    if (!engine->Take(&group)) return false;
    EXPECT_TRUE(engine->Process(&group).ok());
    EXPECT_TRUE(engine->Write(&group).ok());
    EXPECT_TRUE(engine->Sync().ok());
    engine->Finish(&group);
    return true;
  }
  void Run() {
    while (Step()) {
    }
  }
  kernel::Outcome Ask(kernel::Envelope envelope) {
    const auto answer = Send(std::move(envelope));
    Run();
    EXPECT_TRUE(answer->has_value()) << "not answered";
    return answer->value_or(kernel::Outcome{});
  }
  kernel::Outcome Ask(std::string id, const std::string& text) { return Ask(Envelope(std::move(id), text)); }
  // For commands that must be accepted.
  kernel::v1::Receipt Do(std::string id, const std::string& text) {
    const kernel::Outcome outcome = Ask(std::move(id), text);
    EXPECT_TRUE(outcome.status.ok()) << outcome.status;
    EXPECT_FALSE(outcome.refusal) << text << ": " << outcome.refusal->reason;
    return outcome.receipt;
  }
  // The pump looks at the clock, and everything that follows is done.
  void Tick() {
    const auto next = engine->timers().Pump(clock.NowMs());
    EXPECT_TRUE(next.ok()) << next.status();
    Run();
  }

  kernel::Reader<JarDomain> Read() const { return kernel::Reader<JarDomain>(engine->published().Get()); }
  std::optional<v1::State> Jar(std::string_view id) const {
    const auto stored = Read().Get(id);
    EXPECT_TRUE(stored.ok()) << stored.status();
    if (!stored.ok() || !*stored) return std::nullopt;
    return (*stored)->state;
  }
  int64_t Beans(std::string_view id) const { return Jar(id).value_or(v1::State{}).beans(); }
  std::vector<std::string> Keys(storage::KeySpace space) const {
    std::vector<std::string> keys;
    EXPECT_TRUE(kv.Scan(space, "", "", [&](std::string_view key, std::string_view) {
                    keys.emplace_back(key);
                    return true;
                  }).ok());
    return keys;
  }
  std::vector<std::string> Events() const {  // "seq aggregate type"
    std::vector<std::string> events;
    EXPECT_TRUE(engine->log()
                    .Read(0,
                          [&](const kernel::LogEntry& entry) {
                            kernel::v1::LogRecord record;
                            record.ParseFromArray(entry.record.data(), static_cast<int>(entry.record.size()));
                            events.push_back(std::to_string(entry.seq) + " " + record.aggregate_id() + " " +
                                             record.event_type());
                            return true;
                          })
                    .ok());
    return events;
  }

  // What must always be true: what is stored is what the log says, and the log is whole.
  void ExpectSound() const {
    const auto replay = kernel::Replay<JarDomain>::Run(kv, &sealer);
    ASSERT_TRUE(replay.ok()) << replay.status();
    const auto difference = replay->Compare(kv);
    ASSERT_TRUE(difference.ok()) << difference.status();
    EXPECT_FALSE(difference->has_value()) << (*difference)->Text();
    const auto report = storage::CheckLog(kv);
    ASSERT_TRUE(report.ok()) << report.status();
    EXPECT_EQ(report->first_bad_seq, 0u) << report->problem;
  }

  tests::SimClock clock;
  tests::MemKv kv;
  tests::TestSealer sealer;
  std::unique_ptr<Engine> engine;

 private:
  Engine::Options wanted_;
};

}  // namespace jar
