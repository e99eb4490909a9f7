// What is due next to a webhook, whoever carries it and however long it was waited for.
// spec: R9
#include "services/notify/errand.h"

#include <absl/strings/str_cat.h>

#include <future>
#include <memory>
#include <string>
#include <utility>

#include "base/metrics.h"
#include "services/kernel/service.h"
#include "tests/notify/notices.h"
#include "tests/support/mem_kv.h"
#include "tests/support/scenario.h"
#include "tests/support/sim_clock.h"

namespace notify {
namespace {

using Kind = Errand::Step::Kind;
constexpr int64_t kMinute = 60'000;

class ErrandTest : public ::testing::Test {
 protected:
  ErrandTest() {
    kernel::Service<NotifyDomain>::Options options;
    options.reference = CityRules();
    auto service =
        kernel::Service<NotifyDomain>::Open(clock_, std::make_unique<tests::MemKv>(), &metrics_, std::move(options));
    EXPECT_TRUE(service.ok()) << service.status();
    service_ = *std::move(service);
    service_->Start();
    Do("w", "open_webhook { area_code: '371403' url: 'https://systems.example/in' topic: 'petition' topic: 'incident' }",
       kOwner);
  }
  ~ErrandTest() override { service_->Stop(); }

  void Do(const std::string& id, const std::string& text, const kernel::v1::Actor& actor) {
    v1::Command command;
    ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &command)) << text;
    const auto* body = v1::Command::descriptor()->FindFieldByNumber(static_cast<int>(command.body_case()));
    kernel::Envelope envelope;
    envelope.command_name = body->name();
    envelope.command = std::make_unique<v1::Command>(std::move(command));
    envelope.aggregate_id = id;
    envelope.upserts = true;
    envelope.actor = actor;
    std::promise<kernel::Outcome> promise;
    envelope.done = [&promise](const kernel::Outcome& outcome) { promise.set_value(outcome); };
    service_->Submit(std::move(envelope));
    const auto outcome = promise.get_future().get();
    EXPECT_TRUE(outcome.status.ok() && !outcome.refusal) << text;
  }
  void Hear(int seq, const std::string& petition, const std::string& more) {
    Do("matter/M" + petition,
       absl::StrCat("hear_notice { heard { source: 'petition' service: 'petition' event_id: 'e", seq, "' seq: ", seq,
                    " subject_id: '", petition, "' matter_code: 'M", petition,
                    "' area_code: '371403001002' level: 4 ", more, " } }"),
       kPlatform);
  }
  void Forwarded(int seq, const std::string& petition) {
    Hear(seq, petition, "topic: 'petition.forwarded' unit { field: 'holder_org' org_id: 'c-housing' }");
  }
  // Carries out what it says until it waits or is over.
  Errand::Step Go(Errand& errand, int64_t now_ms, const std::string& rate = "*") {
    while (true) {
      Errand::Step step = errand.Next(now_ms);
      if (step.kind == Kind::kTell) {
        Do("w", step.command.ShortDebugString(), kPlatform);
        errand.OnTold(true);
      } else if (step.kind == Kind::kSend) {
        if (!step.letter.asks) sent_ += step.letter.header.at(2).second + " ";
        errand.OnReply({.status = 204, .allowed_origin = "*", .allowed_rate = rate}, now_ms);
      } else {
        return step;
      }
    }
  }

  const kernel::v1::Actor kPlatform = tests::ActorOf(kernel::v1::ROLE_SYS);
  const kernel::v1::Actor kOwner = tests::ActorOf(kernel::v1::ROLE_SV, "c-centre", "371403");
  tests::SimClock clock_;
  base::Metrics metrics_;
  const WebhookSecrets secrets_{std::string(32, 'k')};
  std::unique_ptr<kernel::Service<NotifyDomain>> service_;
  std::string sent_;
};

// Once a notice was read, the wait for the agreed rate could last a minute, and then it went, whatever had happened.
TEST_F(ErrandTest, SendsNothingThatItWaitedForAfterTheWebhookHasEnded) {
  Errand errand([this] { return service_->Read(); }, &secrets_, "w");
  Forwarded(1, "p1");
  Forwarded(2, "p2");
  int64_t now = clock_.NowMs();
  EXPECT_EQ(Go(errand, now, "1").wait_ms, kMinute);
  EXPECT_EQ(sent_, "e1 ");
  Do("w", "suspend_webhook { id: 'w' }", kOwner);
  EXPECT_EQ(Go(errand, now + kMinute).kind, Kind::kOver);
  EXPECT_EQ(sent_, "e1 ");
}

TEST_F(ErrandTest, SendsNothingThatItWaitedForOfAPetitionThatHasLeft) {
  Errand errand([this] { return service_->Read(); }, &secrets_, "w");
  Forwarded(1, "p1");
  Forwarded(2, "p2");
  Forwarded(3, "p3");
  const int64_t now = clock_.NowMs();
  Go(errand, now, "1");
  Hear(4, "p2", "topic: 'petition.removed'");
  Go(errand, now + kMinute);
  EXPECT_EQ(sent_, "e1 e3 ");
}

// A matter that was handed over, came back and was handed over again keeps its code; the first petition was a copy.
TEST_F(ErrandTest, SendsWhatIsToldOfAnotherPetitionUnderTheSameCode) {
  Errand errand([this] { return service_->Read(); }, &secrets_, "w");
  Forwarded(1, "p1");
  Hear(2, "p1", "topic: 'petition.removed'");
  Do("matter/Mp1",
     "hear_notice { heard { source: 'petition' service: 'petition' event_id: 'e3' seq: 3 subject_id: 'p9' level: 4 "
     "matter_code: 'Mp1' area_code: '371403001002' topic: 'petition.forwarded' "
     "unit { field: 'holder_org' org_id: 'c-housing' } } }",
     kPlatform);
  Go(errand, clock_.NowMs());
  EXPECT_EQ(sent_, "e3 ");
}

}  // namespace
}  // namespace notify
