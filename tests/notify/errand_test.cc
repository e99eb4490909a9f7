// What is due next to a webhook, whoever carries it and however long it was waited for.
// spec: R9
#include "services/notify/errand.h"

#include <absl/strings/str_cat.h>

#include <string>

#include "tests/notify/running.h"
#include "tests/support/sim_clock.h"

namespace notify {
namespace {

using Kind = Errand::Step::Kind;
constexpr int64_t kMinute = 60'000;

class ErrandTest : public RunningTest<tests::SimClock> {
 protected:
  ErrandTest() : RunningTest(CityRules()) {
    Start();
    MustDo("w",
           "open_webhook { area_code: '371403' url: 'https://systems.example/in' topic: 'petition' topic: 'incident' }",
           owner_);
  }

  void Hear(int seq, const std::string& petition, const std::string& more) {
    MustDo("matter/M" + petition,
           absl::StrCat("hear_notice { heard { source: 'petition' service: 'petition' event_id: 'e", seq, "' seq: ",
                        seq, " subject_id: '", petition, "' matter_code: 'M", petition,
                        "' area_code: '371403001002' level: 4 ", more, " } }"),
           platform_);
  }
  void Forwarded(int seq, const std::string& petition) {
    Hear(seq, petition, "topic: 'petition.forwarded' unit { field: 'holder_org' org_id: 'c-housing' }");
  }
  // Carries out what it says until it waits or is over.
  Errand::Step Go(Errand& errand, int64_t now_ms, const std::string& rate = "*") {
    while (true) {
      Errand::Step step = errand.Next(now_ms);
      if (step.kind == Kind::kTell) {
        MustDo("w", step.command, platform_);
        errand.OnTold(true);
      } else if (step.kind == Kind::kSend) {
        if (!step.letter.asks) sent_ += step.letter.header.at(2).second + " ";
        errand.OnReply({.status = 204, .allowed_origin = "*", .allowed_rate = rate}, now_ms);
      } else {
        return step;
      }
    }
  }

  const kernel::v1::Actor owner_ = tests::ActorOf(kernel::v1::ROLE_SV, "c-centre", "371403");
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
  MustDo("w", "suspend_webhook { id: 'w' }", owner_);
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
  MustDo("matter/Mp1",
         "hear_notice { heard { source: 'petition' service: 'petition' event_id: 'e3' seq: 3 subject_id: 'p9' level: 4 "
         "matter_code: 'Mp1' area_code: '371403001002' topic: 'petition.forwarded' "
         "unit { field: 'holder_org' org_id: 'c-housing' } } }",
         platform_);
  Go(errand, clock_.NowMs());
  EXPECT_EQ(sent_, "e3 ");
}

}  // namespace
}  // namespace notify
