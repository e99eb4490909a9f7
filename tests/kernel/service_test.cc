// The threads of a service: who is answered when the queue is full, the disk fails, the process stops.
#include "services/kernel/service.h"

#include <absl/synchronization/notification.h>
#include <gmock/gmock.h>

#include <array>
#include <atomic>
#include <set>
#include <thread>

#include "tests/kernel/rig.h"

namespace jar {
namespace {

using Service = kernel::Service<JarDomain>;
using ::testing::HasSubstr;

// An outcome that can be waited for.
class Answer {
 public:
  std::function<void(const kernel::Outcome&)> Done() {
    return [this](const kernel::Outcome& outcome) {
      outcome_ = outcome;
      given_.Notify();
    };
  }
  const kernel::Outcome& Wait() {
    given_.WaitForNotification();
    return outcome_;
  }
  bool given() const { return given_.HasBeenNotified(); }

 private:
  absl::Notification given_;
  kernel::Outcome outcome_;
};

struct Running {
  explicit Running(bool start = true, kernel::Queue::Limits limits = {1000, 1 << 20},
                   size_t group_commands_max = kernel::kGroupCommandsMax) {
    auto database = std::make_unique<tests::MemKv>();
    kv = database.get();
    Service::Options options;
    options.fatal = [this](absl::Status why) {
      fatal = std::move(why);
      failed.Notify();
    };
    options.check_space = [this] {
      return disk_full ? absl::ResourceExhaustedError("full") : absl::OkStatus();
    };
    options.sealer = &sealer;
    options.queue = limits;
    options.group_commands_max = group_commands_max;
    auto opened = Service::Open(clock, std::move(database), &metrics, std::move(options));
    CHECK(opened.ok()) << opened.status().ToString();
    service = *std::move(opened);
    if (start) service->Start();
  }
  void Submit(std::string id, const std::string& text, Answer* answer) {
    auto envelope = Envelope(std::move(id), text);
    envelope.done = answer->Done();
    service->Submit(std::move(envelope));
  }
  kernel::Outcome Ask(std::string id, const std::string& text) {
    Answer answer;
    Submit(std::move(id), text, &answer);
    return answer.Wait();
  }

  base::SystemClock clock;
  base::Metrics metrics;
  std::atomic<bool> disk_full{false};
  absl::Notification failed;
  absl::Status fatal;
  tests::MemKv* kv = nullptr;
  tests::TestSealer sealer;
  std::unique_ptr<Service> service;
};

TEST(Service, AnswersAndShowsTheChangeToWhoWasAnswered) {
  Running running;
  EXPECT_EQ(running.service->health(), kernel::Health::kServing);
  const auto outcome = running.Ask("m1", "make { area: 'a' }");
  EXPECT_EQ(outcome.receipt.matter_code(), "a-1");
  EXPECT_TRUE((*running.service->Read().Get("m1")).has_value());
  EXPECT_EQ(running.service->Head().seq, 1u);
}

TEST(Service, GivesEachOfManyConcurrentCommandsItsOwnPlaceInTheLog) {
  Running running;
  running.Ask("m1", "make { area: 'a' }");
  constexpr int kThreads = 4, kEach = 200;
  std::vector<std::vector<uint64_t>> seqs(kThreads);
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < kThreads; ++t) {
      threads.emplace_back([&, t] {
        for (int i = 0; i < kEach; ++i)
          seqs[t].push_back(running.Ask("m1", "add { beans: 1 }").receipt.seq());
      });
    }
  }
  std::set<uint64_t> all;
  for (const auto& mine : seqs) {
    EXPECT_TRUE(std::ranges::is_sorted(mine)) << "who waits for the answer is ordered by it";
    all.insert(mine.begin(), mine.end());
  }
  EXPECT_EQ(all.size(), size_t{kThreads * kEach});
  EXPECT_EQ((*running.service->Read().Get("m1"))->state.beans(), kThreads * kEach);
}

// limits.group_max of the configuration was read and had no effect.
TEST(Service, DecidesNoMoreAtOnceThanConfigured) {
  Running running(/*start=*/false, {1000, 1 << 20}, /*group_commands_max=*/2);
  const uint64_t commits = running.kv->commits();
  std::array<Answer, 10> answers;
  for (size_t i = 0; i < answers.size(); ++i) {
    running.Submit("m" + std::to_string(i), "make { area: 'a" + std::to_string(i) + "' }", &answers[i]);
  }
  running.service->Start();
  for (Answer& answer : answers) EXPECT_TRUE(answer.Wait().status.ok());
  EXPECT_GE(running.kv->commits(), commits + answers.size() / 2);
}

TEST(Service, TellsWatchersOfEachSyncedGroup) {
  Running running(false);
  std::atomic<uint64_t> head{0};
  absl::Notification told;
  running.service->AddWatch([&](uint64_t seq) {
    head = seq;
    if (seq == 1) told.Notify();
  });
  running.service->Start();
  running.Ask("m1", "make { area: 'a' }");
  told.WaitForNotification();
  EXPECT_EQ(head, 1u);
}

TEST(Service, RefusesAtOnceWhenTheQueueIsFull) {
  Running running(false, {2, 1 << 20});  // nobody takes yet
  Answer first, second, third;
  running.Submit("m1", "make { area: 'a' }", &first);
  running.Submit("m2", "make { area: 'a' }", &second);
  running.Submit("m3", "make { area: 'a' }", &third);
  ASSERT_TRUE(third.given());
  EXPECT_EQ(third.Wait().status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_GE(third.Wait().retry_after_ms, kernel::kRetryAfterMinMs);
  EXPECT_LE(third.Wait().retry_after_ms, kernel::kRetryAfterMaxMs);
  EXPECT_FALSE(first.given());
  running.service->Start();
  EXPECT_TRUE(first.Wait().status.ok());
  EXPECT_TRUE(second.Wait().status.ok());
}

TEST(Service, RefusesByBytesToo) {
  Running running(false, {1000, 4000});
  Answer big, small;
  auto envelope = Envelope("m1", "make { area: 'a' }");
  envelope.attached.push_back({storage::KeySpace::kVault, "m1/x", std::string(5000, 'x')});
  envelope.done = big.Done();
  running.service->Submit(std::move(envelope));
  EXPECT_EQ(big.Wait().status.code(), absl::StatusCode::kResourceExhausted);
  running.Submit("m1", "make { area: 'a' }", &small);
  running.service->Start();
  EXPECT_TRUE(small.Wait().status.ok());
}

TEST(Service, DecidesAndAnswersWhatIsQueuedBeforeItStops) {
  Running running(false);
  std::vector<std::unique_ptr<Answer>> answers;
  for (int i = 0; i < 700; ++i) {
    answers.push_back(std::make_unique<Answer>());
    running.Submit("m" + std::to_string(i), "make { area: 'a" + std::to_string(i) + "' }",
                   answers.back().get());
  }
  running.service->Start();
  running.service->Stop();
  for (auto& answer : answers) {
    ASSERT_TRUE(answer->given());
    EXPECT_TRUE(answer->Wait().status.ok());
  }
  EXPECT_EQ(running.service->health(), kernel::Health::kStopping);
  EXPECT_EQ(running.Ask("m1", "add { beans: 1 }").status.code(), absl::StatusCode::kUnavailable);
}

// A21
TEST(Service, EndsTheProcessWhenACommitFailsAndAcknowledgesNothing) {
  Running running;
  running.Ask("m1", "make { area: 'a' }");
  running.kv->FailCommits(absl::InternalError("disk gone"));
  const auto outcome = running.Ask("m1", "add { beans: 1 }");
  EXPECT_EQ(outcome.status.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(outcome.status.message()), HasSubstr("request id"));
  running.failed.WaitForNotification();
  EXPECT_THAT(std::string(running.fatal.message()), HasSubstr("disk gone"));
  EXPECT_EQ(running.service->health(), kernel::Health::kFailed);
  running.kv->FailCommits(absl::OkStatus());
  EXPECT_EQ(running.Ask("m1", "add { beans: 1 }").status.code(), absl::StatusCode::kUnavailable)
      << "no second chance";
  EXPECT_EQ((*running.service->Read().Get("m1"))->state.beans(), 0);
}

TEST(Service, EndsTheProcessWhenASyncFailsAndAcknowledgesNothing) {
  Running running;
  running.Ask("m1", "make { area: 'a' }");
  running.kv->FailSyncs(absl::InternalError("disk gone"));
  EXPECT_EQ(running.Ask("m1", "add { beans: 1 }").status.code(), absl::StatusCode::kUnavailable);
  running.failed.WaitForNotification();
  EXPECT_EQ(running.service->health(), kernel::Health::kFailed);
  EXPECT_EQ((*running.service->Read().Get("m1"))->state.beans(), 0)
      << "written, not synced: nobody may see it";
  EXPECT_EQ(running.service->Head().seq, 1u);
}

TEST(Service, EndsTheProcessWhenAReadFails) {
  Running running;
  running.kv->FailReads(absl::DataLossError("bad block"));
  EXPECT_EQ(running.Ask("m1", "make { area: 'a' }").status.code(), absl::StatusCode::kUnavailable);
  running.failed.WaitForNotification();
}

TEST(Service, EndsTheProcessWhenTheDiskIsFullAfterAll) {
  Running running;
  running.kv->LimitBytes(2000);
  absl::Status answer;
  for (int i = 0; answer.ok(); ++i) {
    answer = running.Ask("m" + std::to_string(i), "make { area: 'a" + std::to_string(i) + "' }").status;
    ASSERT_LT(i, 1000);
  }
  EXPECT_EQ(answer.code(), absl::StatusCode::kUnavailable);
  running.failed.WaitForNotification();  // The answer comes first, the end of the process after it.
  EXPECT_EQ(running.fatal.code(), absl::StatusCode::kResourceExhausted);
}

TEST(Service, RefusesCommandsWhileTheDiskIsNearlyFull) {
  Running running(false);
  running.disk_full = true;
  running.service->Start();
  kernel::Outcome outcome;
  do {  // until the pump has looked
    outcome = running.Ask("m1", "make { area: 'a' }");
    if (outcome.refusal) outcome.status = absl::OkStatus();
  } while (outcome.status.ok());
  EXPECT_EQ(outcome.status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_GT(outcome.retry_after_ms, 0);
  EXPECT_EQ(running.service->health(), kernel::Health::kServing) << "reading goes on";
}

TEST(Service, FiresTimers) {
  Running running(false);
  absl::Notification rang;
  running.service->AddWatch([&](uint64_t seq) {
    if (seq == 3) rang.Notify();
  });
  running.service->Start();
  running.Ask("m1", "make { area: 'a' }");
  running.Ask("m1", "set_alarm { name: 'x' due_ms: 1 }");
  rang.WaitForNotification();
  EXPECT_EQ((*running.service->Read().Record(3))->event_type(), "rang");
}

TEST(Service, RefusesTheDatabaseOfAnother) {
  auto kv = std::make_unique<tests::MemKv>();
  ASSERT_TRUE(storage::OpenFormat(*kv, "cup", {}, "0123456789abcdef").ok());
  base::SystemClock clock;
  base::Metrics metrics;
  const tests::TestSealer sealer;
  Service::Options options;
  options.sealer = &sealer;
  const auto opened = Service::Open(clock, std::move(kv), &metrics, std::move(options));
  EXPECT_EQ(opened.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(opened.status().message()), HasSubstr("'cup'"));
}

}  // namespace
}  // namespace jar
