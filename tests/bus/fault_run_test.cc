// Everything at once, from a seed: a wire that drops, doubles, delays, reorders and is cut; sources and
// consumers that die with and without their last writes; filters. After each run every consumer's effects are
// exactly the entries its filter passes: once each, in order. A failing seed is printed and fails again.
#include <gtest/gtest.h>

#include "services/bus/filter.h"
#include "tests/bus/world.h"

namespace bus {
namespace {

constexpr int kSeeds = 200;
constexpr int kRounds = 120;

class FaultRun {
 public:
  explicit FaultRun(uint64_t seed) : world_(seed), random_(seed * 7919 + 1) {
    for (const char* name : {"incident", "petition"})
      world_.AddSource(name).options.open_burst_of_peer = 1'000;
    AddReader("incident", "mediation", {}, {});
    AddReader("incident", "oversight", {"incident.closed"}, {});
    AddReader("incident", "gateway", {}, {"371402"});
    AddReader("petition", "oversight", {"petition.f", "petition.c"}, {"3714"});
    for (auto& [name, node] : world_.sources) node->Start();
    for (auto& node : world_.consumers) node->Start();
  }

  void Storm() {
    for (int round = 0; round < kRounds; ++round) {
      NewWeather();
      for (int i = static_cast<int>(random_.Below(3)); i >= 0; --i) Mishap();
      Write();
      world_.RunUntil([&] { return FinishSome(); }, 1 + static_cast<int64_t>(random_.Below(4'000)));
    }
  }

  // The faults stop; whatever is left must drain.
  testing::AssertionResult Drains() {
    world_.net.SetWeather({});
    world_.net.HealAll();
    for (auto& [name, node] : world_.sources) {
      node->frozen = false;
      if (!node->up()) node->Start();
      node->log.Sync();
    }
    for (auto& node : world_.consumers) {
      node->frozen = false;
      node->inbox.FailWith(absl::OkStatus());
      if (!node->up()) node->Start();
    }
    const auto done = [&] {
      FinishSome(/*all=*/true);
      for (auto& node : world_.consumers) {
        if (node->inbox.Position(node->options.source) != Head(*node).seq) return false;
      }
      return true;
    };
    if (!world_.RunUntil(done, 300'000)) return testing::AssertionFailure() << "it did not drain";
    for (auto& node : world_.consumers) {
      if (testing::AssertionResult right = IsRight(*node); !right) return right;
    }
    return testing::AssertionSuccess();
  }

  uint64_t kills = 0, power_losses = 0, gaps = 0;

 private:
  void AddReader(const std::string& source, const std::string& user, std::vector<std::string> topics,
                 std::vector<std::string> divisions) {
    auto& node = world_.AddConsumer(source, user, false);
    for (std::string& t : topics) node.options.filter.add_topic_prefix(std::move(t));
    for (std::string& d : divisions) node.options.filter.add_division_prefix(std::move(d));
    node.options.window_events = 20 + random_.Below(200);
    node.options.window_bytes = 500 + random_.Below(20'000);
  }
  kernel::Cursor Head(const World::ConsumerNode& node) {
    return world_.sources.at(node.options.source)->log.Head();
  }

  void NewWeather() {
    Weather weather;
    if (random_.Chance(0.7)) {
      weather.drop = random_.Chance(0.5) ? 0.05 : 0;
      weather.duplicate = random_.Chance(0.5) ? 0.1 : 0;
      weather.reorder = random_.Chance(0.5) ? 0.1 : 0;
      weather.delay_ms_max = static_cast<int64_t>(random_.Below(100));
      weather.pipe_frames = 2 + random_.Below(64);
      weather.deliver_stale = random_.Chance(0.5);
    }
    world_.net.SetWeather(weather);
  }

  void Mishap() {
    auto& source = random_.Chance(0.5) ? *world_.sources.at("incident") : *world_.sources.at("petition");
    auto& reader = *world_.consumers[random_.Below(world_.consumers.size())];
    switch (random_.Below(9)) {
      case 0:
        world_.net.Cut(reader.options.source,
                       reader.options.consumer_id.substr(0, reader.options.consumer_id.find('/')));
        break;
      case 1:
        world_.net.HealAll();
        break;
      case 2:
        KillSource(&source);
        break;
      case 3:
        if (!source.up()) source.Start();
        break;
      case 4:
        KillReader(&reader);
        break;
      case 5:
        if (!reader.up()) reader.Start();
        break;
      case 6:
        source.frozen = !source.frozen;
        break;
      case 7:
        reader.frozen = !reader.frozen;
        break;
      case 8:
        reader.inbox.FailWith(random_.Chance(0.5) ? absl::InternalError("disk") : absl::OkStatus());
        break;
    }
  }
  void KillSource(World::SourceNode* source) {
    if (!source->up()) return;
    ++kills;
    source->Kill();
    if (random_.Chance(0.5)) {
      ++power_losses;
      source->log.LosePower();  // what was appended and not synced was never streamed
    }
  }
  void KillReader(World::ConsumerNode* reader) {
    if (!reader->up()) return;
    ++kills;
    gaps += reader->status().gaps;
    if (random_.Chance(0.5)) reader->inbox.Finish(/*tell=*/false);  // the write made it, the news did not
    reader->Kill();
    if (random_.Chance(0.5)) reader->inbox.FailWith(absl::OkStatus());
    reader->inbox.LosePower();
    ++power_losses;
  }
  void Write() {
    static constexpr const char* kTopics[] = {"reported", "closed", "filed", ""};
    static constexpr const char* kDivisions[] = {"371402", "371402001", "371403", "37", ""};
    for (auto& [name, node] : world_.sources) {
      for (uint64_t n = random_.Below(40); n > 0; --n) {
        const std::string topic = kTopics[random_.Below(4)];
        node->log.Append(tests::NoticeRecord(
            topic.empty() ? "" : name + "." + topic, kDivisions[random_.Below(5)],
            "a" + std::to_string(random_.Below(9)), n, std::string(random_.Below(300), 'x')));
      }
      if (random_.Chance(0.7)) node->log.Sync();
      node->due_ms = world_.now();
    }
  }
  // Lets some writes of the inboxes through. Never ends a run by itself.
  bool FinishSome(bool all = false) {
    for (auto& node : world_.consumers) {
      if (node->inbox.Waits() && (all || random_.Chance(0.5))) node->inbox.Finish();
    }
    return false;
  }
  testing::AssertionResult IsRight(const World::ConsumerNode& node) {
    const tests::MemoryLog& log = world_.sources.at(node.options.source)->log;
    std::vector<uint64_t> expected;
    const absl::Status read = log.Read(0, [&](const kernel::LogEntry& entry) {
      if (!entry.topic.empty() && MatchesTopic(node.options.filter, entry.topic) &&
          MatchesDivision(node.options.filter, entry.division)) {
        expected.push_back(entry.seq);
      }
      return true;
    });
    if (!read.ok() || node.Seqs() != expected) {
      return testing::AssertionFailure()
             << node.options.consumer_id << " of " << node.options.source << ": " << node.Seqs().size()
             << " effects, " << expected.size() << " expected";
    }
    return testing::AssertionSuccess();
  }

  World world_;
  base::Random random_;
};

TEST(FaultRun, EveryEventHasItsEffectExactlyOnceInOrder) {
  uint64_t kills = 0, power_losses = 0, gaps = 0;
  for (uint64_t seed = 1; seed <= kSeeds; ++seed) {
    FaultRun run(seed);
    run.Storm();
    ASSERT_TRUE(run.Drains()) << "seed " << seed;
    kills += run.kills;
    power_losses += run.power_losses;
    gaps += run.gaps;
  }
  EXPECT_GT(kills, 1'000u) << "a run without faults proves nothing";
  EXPECT_GT(power_losses, 500u);
  EXPECT_GT(gaps, 100u);
}

}  // namespace
}  // namespace bus
