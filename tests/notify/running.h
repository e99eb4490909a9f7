#pragma once
// notify as it runs, with its threads and over the real kernel: for tests of what carries its word further.

#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <functional>
#include <future>
#include <memory>
#include <string>
#include <utility>

#include "base/clock.h"
#include "base/metrics.h"
#include "services/kernel/service.h"
#include "services/notify/cloud_event.h"
#include "tests/notify/notices.h"
#include "tests/support/mem_kv.h"
#include "tests/support/scenario.h"

namespace notify {

template <class Clock>
class RunningTest : public ::testing::Test {
 protected:
  explicit RunningTest(Rules rules) {
    kernel::Service<NotifyDomain>::Options options;
    options.reference = std::move(rules);
    auto service =
        kernel::Service<NotifyDomain>::Open(clock_, std::make_unique<tests::MemKv>(), &metrics_, std::move(options));
    EXPECT_TRUE(service.ok()) << service.status();
    service_ = *std::move(service);
  }
  ~RunningTest() override { service_->Stop(); }

  // When all that `watch` needs is there: it is called on a thread of the service.
  void Start(std::function<void(uint64_t)> watch = nullptr) {
    if (watch) service_->AddWatch(std::move(watch));
    service_->Start();
  }

  kernel::Outcome Do(const std::string& id, v1::Command command, const kernel::v1::Actor& actor) {
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
    return promise.get_future().get();
  }
  void MustDo(const std::string& id, v1::Command command, const kernel::v1::Actor& actor) {
    const std::string text = command.ShortDebugString();
    const auto outcome = Do(id, std::move(command), actor);
    EXPECT_TRUE(outcome.status.ok() && !outcome.refusal) << text;
  }
  void MustDo(const std::string& id, const std::string& text, const kernel::v1::Actor& actor) {
    v1::Command command;
    ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &command)) << text;
    MustDo(id, std::move(command), actor);
  }

  const kernel::v1::Actor platform_ = tests::ActorOf(kernel::v1::ROLE_SYS);
  Clock clock_;
  base::Metrics metrics_;
  const WebhookSecrets secrets_{std::string(32, 'k')};
  std::unique_ptr<kernel::Service<NotifyDomain>> service_;
};

}  // namespace notify
