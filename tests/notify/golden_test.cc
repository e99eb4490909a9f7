// Recorded streams: what an event meant when it was written, it means for ever. Each file is a list of events
// with their times, and the state they folded to. A stream is added when an event is added, and never edited
// afterwards. FENGQIAO_RECORD=1 writes the files that are missing.
#include "tests/support/golden.h"

#include <google/protobuf/text_format.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>

#include "services/notify/domain/notify.h"
#include "tests/notify/notices.h"
#include "tests/support/scenario.h"

namespace notify {
namespace {

constexpr char kFolder[] = "tests/golden/notify";
using Told = tests::Scenario<NotifyDomain>;

TEST(Golden, StreamsStillFoldToTheStatesTheyMeant) { tests::ExpectStreamsFold<NotifyDomain>(kFolder, 3); }

TEST(Golden, StreamsHoldEveryEvent) { tests::ExpectStreamsHoldEveryEvent<NotifyDomain>(kFolder); }

// ---- recording

// Writes what happened to each aggregate of a story, one file each.
class Recorder {
 public:
  void Add(const Told& story) {
    for (const auto& happened : story.events()) {
      std::string text;
      google::protobuf::TextFormat::PrintToString(happened.event, &text);
      streams_[happened.aggregate_id] += "@" + std::to_string(happened.at_ms) + "\n" + text;
    }
  }
  void Write(Told& story, const std::string& name, const std::string& id) const {
    const std::string path = std::string(kFolder) + "/" + name + ".stream";
    if (std::filesystem::exists(path)) return;
    std::string text;
    google::protobuf::TextFormat::PrintToString(story.StateOf(id), &text);
    std::ofstream(path) << streams_.at(id) << "=\n" << text;
  }
  std::string IdOf(std::string_view prefix) const {
    for (const auto& [id, stream] : streams_) {
      if (id.starts_with(prefix)) return id;
    }
    return "";
  }

 private:
  std::map<std::string, std::string> streams_;
};

TEST(Golden, Recording) {
  if (std::getenv("FENGQIAO_RECORD") == nullptr) GTEST_SKIP() << "FENGQIAO_RECORD=1 writes missing streams";
  const auto platform = tests::ActorOf(kernel::v1::ROLE_SYS);
  const int64_t evening = tests::Local("2026-11-23 19:00"), night = tests::Local("2026-11-23 21:00");
  const std::string forwarded =
      "hear_notice { heard { source: 'petition' service: 'petition' topic: 'petition.forwarded' "
      "level: 4 matter_code: 'M1' area_code: '371403001002' event_id: '01ab' subject_id: 'p1' "
      "unit { field: 'holder_org' org_id: 'c-hrss' } seq: ";
  Recorder recorder;
  Told story(CityRules(), "matter/M1");
  const auto step = [&] { recorder.Add(story); };
  story.When(forwarded + "5 } }", platform, evening);
  step();
  story.When(forwarded + "6 } }", platform, night);
  step();
  story.WhenTimerFires("release_digest", "unit/c-hrss/DESK");
  step();
  story.When("hear_notice { heard { source: 'petition' service: 'petition' topic: 'petition.removed' matter_code: 'M1' "
             "subject_id: 'p1' seq: 9 } }", platform, tests::Local("2026-11-24 09:00"));
  step();
  recorder.Write(story, "petition", "matter/M1");
  recorder.Write(story, "box", "unit/c-hrss/DESK");
  recorder.Write(story, "shown_item", std::to_string(evening) + ".petition.5.0");
  recorder.Write(story, "held_item", std::to_string(night) + ".petition.6.0");
  const std::string digest = recorder.IdOf(std::to_string(tests::Local("2026-11-24 07:00")) + ".digest.");
  recorder.Write(story, "digest", digest);
  // Since digests are counted by their items.
  recorder.Write(story, "box_without_lines", "unit/c-hrss/DESK");
  recorder.Write(story, "digest_without_lines", digest);
}

TEST(Golden, RecordingOfAWebhook) {
  if (std::getenv("FENGQIAO_RECORD") == nullptr) GTEST_SKIP() << "FENGQIAO_RECORD=1 writes missing streams";
  const auto platform = tests::ActorOf(kernel::v1::ROLE_SYS);
  const auto owner = tests::ActorOf(kernel::v1::ROLE_SV, "c-supervision", "371403");
  const int64_t now = tests::Local("2026-11-23 12:00");
  Recorder recorder;
  Told story(CityRules(), "webhook-1");
  const auto step = [&](const char* command, const kernel::v1::Actor& actor, int64_t after_ms) {
    story.WithChance(0).When(command, actor, now + after_ms);
    EXPECT_FALSE(story.refusal()) << command;
    recorder.Add(story);
  };
  step("open_webhook { area_code: '371403' url: 'https://hooks.example/in' topic: 'incident' after_seq: 40 }", owner, 0);
  step("report_consent { per_minute: 60 }", platform, 1000);
  step("report_delivered { through_seq: 70 count: 9 }", platform, 2000);
  step("rotate_secret {}", owner, 3000);
  step("report_failure { failure { http_status: 500 code: 'STATUS' sequence: 71 } }", platform, 4000);
  step("replay_webhook { after_sequence: 55 }", owner, 5000);
  step("report_failure { round: 1 failure { http_status: 410 code: 'STATUS' sequence: 56 } }", platform, 6000);
  step("resume_webhook {}", owner, 7000);
  step("delete_webhook {}", owner, 8000);
  recorder.Write(story, "webhook", "webhook-1");
}

}  // namespace
}  // namespace notify
