// The writer beside its limit: the kernel deciding commands, and RocksDB writing exactly the batches the kernel made of
// them. Groups of 64, one sync each, on one thread, in fresh directories; pairs back to back, medians. Two domains: the
// small one of the kernel's tests, which shows the kernel, and incident reports, which show the product.
//
//   writer_bench [commands=20000] [pairs=5] [jar|incident]
//
// The ratio is what is left of the raw speed after deciding, applying, hashing, indexing and remembering.
// Aim: at least 0.6 for the kernel.

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/clock.h"
#include "base/crypto.h"
#include "bench/county.h"
#include "bench/measure.h"
#include "services/incident/domain/incident.h"
#include "services/kernel/engine.h"
#include "storage/rocks_kv.h"
#include "tests/kernel/jar.h"
#include "tests/support/test_sealer.h"

namespace bench {
namespace {

constexpr size_t kGroup = 64;

// Keeps what is committed, so that it can be written again without the kernel.
class Recorder final : public storage::Kv {
 public:
  Recorder(storage::Kv& inner, std::vector<storage::Batch>* batches) : inner_(inner), batches_(*batches) {}
  absl::StatusOr<std::optional<std::string>> Get(storage::KeySpace space,
                                                 std::string_view key) const override {
    return inner_.Get(space, key);
  }
  absl::Status Scan(storage::KeySpace space, std::string_view from, std::string_view to,
                    const std::function<bool(std::string_view, std::string_view)>& each) const override {
    return inner_.Scan(space, from, to, each);
  }
  std::shared_ptr<const View> Snapshot() const override { return inner_.Snapshot(); }
  absl::Status Commit(const storage::Batch& batch, storage::Durability durability) override {
    if (!batch.empty()) batches_.push_back(batch);
    return inner_.Commit(batch, durability);
  }

 private:
  using View = storage::View;
  storage::Kv& inner_;
  std::vector<storage::Batch>& batches_;
};

struct Jars {
  using Domain = jar::JarDomain;
  static constexpr char kName[] = "kernel with the tests' domain";
  static Domain::Reference Reference() { return {}; }
  static std::unique_ptr<google::protobuf::Message> Command(const std::string& number) {
    auto command = std::make_unique<jar::v1::Command>();
    command->mutable_make()->set_area("3714" + number);
    return command;
  }
  static constexpr char kCommand[] = "make";
};

struct Reports {
  using Domain = incident::IncidentDomain;
  static constexpr char kName[] = "incident reports";
  static Domain::Reference Reference() { return County(); }
  static std::unique_ptr<google::protobuf::Message> Command(const std::string& number) {
    auto command = std::make_unique<incident::v1::Command>();
    *command->mutable_report() = Report("request-" + number, 1'764'000'000'000);
    return command;
  }
  static constexpr char kCommand[] = "report";
};

template <class Work>
std::vector<kernel::Envelope> Commands(size_t count) {
  std::vector<kernel::Envelope> commands(count);
  for (size_t i = 0; i < count; ++i) {
    const std::string number = std::to_string(1'000'000 + i);
    kernel::Envelope& envelope = commands[i];
    envelope.command = Work::Command(number);
    envelope.command_name = Work::kCommand;
    envelope.aggregate_id = "01JCZ0000000000000" + number;
    envelope.creates = true;
    envelope.request_id = "request-" + number;
    envelope.fingerprint = base::Sha256(number);  // computed before the queue, on gRPC's threads
    envelope.actor = Worker(static_cast<int>(i % kWorkers));
  }
  return commands;
}

template <class Work>
class Bench {
 public:
  Bench(std::string directory, size_t commands) : directory_(std::move(directory)), commands_(commands) {}

  // Commands a second through the kernel; records its batches if asked.
  double Kernel(std::vector<storage::Batch>* record) {
    auto rocks = Fresh();
    std::vector<storage::Batch> unused;
    Recorder recorder(*rocks, record == nullptr ? &unused : record);
    storage::Kv& kv = record == nullptr ? static_cast<storage::Kv&>(*rocks) : recorder;
    typename kernel::Engine<typename Work::Domain>::Options options;
    options.reference = Work::Reference();
    options.sealer = &sealer_;  // the tests' domain asks for one, and seals nothing here
    options.crash_marker_path = directory_ + "/in_flight";
    options.fresh_log_id = std::string(16, 'L');
    options.queue = {commands_, size_t{1} << 30};
    options.group_commands_max = kGroup;
    auto engine = kernel::Engine<typename Work::Domain>::Open(clock_, kv, std::move(options));
    CHECK(engine.ok()) << engine.status().ToString();
    size_t accepted = 0;
    for (auto& envelope : Commands<Work>(commands_)) {
      envelope.done = [&](const kernel::Outcome& outcome) {
        accepted += outcome.status.ok() && !outcome.refusal;
      };
      (*engine)->Submit(std::move(envelope));
    }
    const int64_t start_us = clock_.SteadyUs();
    kernel::Group group;
    while (accepted < commands_) {
      CHECK((*engine)->Take(&group));
      CHECK((*engine)->Process(&group).ok());
      CHECK((*engine)->Write(&group).ok());
      CHECK((*engine)->Sync().ok());
      (*engine)->Finish(&group);
    }
    return PerSecond(start_us);
  }

  double Raw(const std::vector<storage::Batch>& batches) {
    auto rocks = Fresh();
    const int64_t start_us = clock_.SteadyUs();
    for (const auto& batch : batches) {
      CHECK(rocks->Commit(batch, storage::Durability::kWritten).ok());
      CHECK(rocks->Commit({}, storage::Durability::kSynced).ok());
    }
    return PerSecond(start_us);
  }

 private:
  std::unique_ptr<storage::RocksKv> Fresh() const {
    std::filesystem::remove_all(directory_);
    std::filesystem::create_directories(directory_);
    auto kv = storage::RocksKv::Open(directory_ + "/db", {});
    CHECK(kv.ok()) << kv.status().ToString();
    return *std::move(kv);
  }
  double PerSecond(int64_t start_us) const {
    return static_cast<double>(commands_) * 1e6 / static_cast<double>(clock_.SteadyUs() - start_us);
  }

  const std::string directory_;
  const size_t commands_;
  base::SystemClock clock_;
  tests::TestSealer sealer_;
};

template <class Work>
void Measure(const std::string& directory, size_t commands, size_t pairs) {
  Bench<Work> bench(directory, commands);
  std::vector<storage::Batch> batches;
  bench.Kernel(&batches);
  size_t puts = 0, bytes = 0;
  for (const auto& batch : batches) {
    puts += batch.ops().size();
    bytes += batch.bytes();
  }
  Pairs rows(std::string("writer beside raw RocksDB, groups of 64, ") + Work::kName, "/s", "≥ 0.60");
  for (size_t i = 0; i < pairs; ++i) {
    ForeignMeter foreign;
    const double raw = bench.Raw(batches);
    const double kernel = bench.Kernel(nullptr);
    rows.Add(kernel, raw, foreign.Cores());
  }
  char note[80];
  std::snprintf(note, sizeof(note), "%.1f puts and %.0f bytes a command",
                static_cast<double>(puts) / static_cast<double>(commands),
                static_cast<double>(bytes) / static_cast<double>(commands));
  rows.Print(note);
}

}  // namespace
}  // namespace bench

int main(int argc, char** argv) {
  const size_t commands = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 20'000;
  const size_t pairs = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 5;
  const std::string_view which = argc > 3 ? argv[3] : "";
  CHECK(commands > 0 && pairs > 0) << "usage: writer_bench [commands] [pairs] [jar|incident]";
  std::string directory = (std::filesystem::temp_directory_path() / "fengqiao-bench-XXXXXX").string();
  CHECK(mkdtemp(directory.data()) != nullptr);
  bench::PrintHead();
  if (which != "incident") bench::Measure<bench::Jars>(directory, commands, pairs);
  if (which != "jar") bench::Measure<bench::Reports>(directory, commands, pairs);
  std::filesystem::remove_all(directory);
  return 0;
}
