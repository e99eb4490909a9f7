// Databases from before media told who waits for a document that its bytes are here.
// spec: A8
#include <gtest/gtest.h>

#include <utility>

#include "media/v1/notices.pb.h"
#include "services/kernel/engine.h"
#include "services/media/janitor.h"
#include "tests/media/pictures.h"
#include "tests/support/mem_kv.h"
#include "tests/support/scenario.h"
#include "tests/support/sim_clock.h"
#include "tests/support/temp_dir.h"

namespace media {
namespace {

constexpr int64_t kNow = 1'800'000'000'000;

// As media decided before: it took down who refers to a blob, and told nobody.
struct TellsNobody : MediaDomain {
  static kernel::Decision<Event> Decide(const State& state, const Command& command,
                                        const kernel::CommandContext<State>& ctx, const Terms& terms) {
    auto decision = MediaDomain::Decide(state, command, ctx, terms);
    std::erase_if(decision.events, [](const auto& emitted) { return emitted.event.has_blob_told(); });
    return decision;
  }
};

template <class D>
class Life final : public kernel::CommandQueue {
 public:
  Life(tests::SimClock& clock, tests::MemKv& kv) {
    typename kernel::Engine<D>::Options options;
    options.fresh_log_id = std::string(16, 'L');
    options.seed = 7;
    auto engine = kernel::Engine<D>::Open(clock, kv, std::move(options));
    EXPECT_TRUE(engine.ok()) << engine.status();
    engine_ = *std::move(engine);
  }
  void Submit(kernel::Envelope envelope) override {
    envelope.upserts = true;
    engine_->Submit(std::move(envelope));
    kernel::Group group;
    while (!engine_->queue().empty() && engine_->Take(&group)) {
      EXPECT_TRUE(engine_->Process(&group).ok());
      EXPECT_TRUE(engine_->Write(&group).ok());
      EXPECT_TRUE(engine_->Sync().ok());
      engine_->Finish(&group);
    }
  }
  void Do(const std::string& id, const std::string& text, kernel::v1::Actor actor) {
    auto command = std::make_unique<v1::Command>();
    ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(text, command.get())) << text;
    kernel::Envelope envelope;
    envelope.command = std::move(command);
    envelope.command_name = "test";
    envelope.aggregate_id = id;
    envelope.actor = std::move(actor);
    envelope.done = [](const kernel::Outcome& outcome) { EXPECT_FALSE(outcome.refusal); };
    Submit(std::move(envelope));
  }
  kernel::Reader<MediaDomain> Read() const { return kernel::Reader<MediaDomain>(engine_->published().Get()); }

 private:
  std::unique_ptr<kernel::Engine<D>> engine_;
};

class ToldLate : public ::testing::Test {
 protected:
  static FileKeys Keys() { return FileKeys(rpc::CipherProfile::kAesGcm, std::string(32, 'k')); }
  static kernel::v1::Actor Service(const std::string& name) {
    kernel::v1::Actor actor;
    actor.set_service(name);
    return actor;
  }
  // A blob of the old days; `said_by`: who made media take down that petition refers to it.
  std::string Blob(Life<TellsNobody>& life, const std::string& text, const std::string& said_by) {
    TextSource source(text);
    const auto written = blobs_->Write(source, {{0, source.size(), ""}}, "w");
    EXPECT_TRUE(blobs_->Keep(*written, [] { return absl::OkStatus(); }).ok());
    const std::string id = "01JDB00000000000000000000" + std::to_string(uploads_++);
    const auto owner = tests::ActorOf(kernel::v1::ROLE_GW, "o1", "371403001001001", "u1");
    life.Do(id, "create_upload { length: 9 }", owner);
    life.Do(id, "store_upload { stored { sha256: '" + written->sha256 + "' kind: PAPER bytes: 9 } }", owner);
    life.Do(BlobId(written->sha256), "hear_mention { service: 'petition' }", Service(said_by));
    return written->sha256;
  }
  std::vector<std::string> Told(const kernel::Reader<MediaDomain>& reader) {
    std::vector<std::string> told;
    for (uint64_t seq = 1; seq <= reader.seq(); ++seq) {
      const auto record = reader.Record(seq);
      v1::Notice notice;
      if (!*record || (*record)->notice().topic() != "media.kept") continue;
      EXPECT_TRUE(notice.ParseFromString((*record)->notice().payload()));
      told.push_back(notice.service() + " " + notice.sha256());
    }
    return told;
  }

  tests::TempDir directory_;
  tests::SimClock clock_{kNow};
  tests::MemKv kv_;
  std::unique_ptr<Staging> staging_ = Staging::Make(directory_ / "staging", Keys()).value();
  std::unique_ptr<BlobStore> blobs_ = BlobStore::Make(directory_ / "blobs", Keys()).value();
  CaseDoor door_{[](const auto&...) { return rpc::CallResult(); }};
  int uploads_ = 0;
};

TEST_F(ToldLate, WhatWasReferredToIsToldOnceAtTheNextStart) {
  std::string spoken_of;
  {
    Life<TellsNobody> before(clock_, kv_);
    spoken_of = Blob(before, "a scan", "petition");
    Blob(before, "of an accusation", "media");  // it was asked, and told what it must not say
    EXPECT_TRUE(Told(before.Read()).empty());
  }
  Life<MediaDomain> now(clock_, kv_);
  for (int start = 0; start < 2; ++start) {
    Janitor janitor([&now] { return now.Read(); }, staging_.get(), blobs_.get(), &door_, &now);
    ASSERT_TRUE(janitor.Sweep().ok());
    EXPECT_EQ(Told(now.Read()), std::vector<std::string>{"petition " + spoken_of}) << "start " << start;
  }
}

}  // namespace
}  // namespace media
