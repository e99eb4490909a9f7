// What was told reaches the receiving systems: signed, in order, at least once, whatever they do; and one that does not
// answer holds up no other. The real service and courier, real HTTP on this machine.
// spec: R9
#include "services/notify/courier.h"

#include <absl/strings/str_cat.h>

#include <atomic>
#include <optional>
#include <set>

#include "base/clock.h"
#include "base/crypto.h"
#include "nlohmann/json.hpp"
#include "services/rpc/ec_key.h"
#include "services/rpc/file.h"
#include "tests/notify/receiver.h"
#include "tests/notify/running.h"
#include "tests/support/temp_dir.h"
#include "tools/keygen/certificate.h"

namespace notify {
namespace {

using tests::Receiver;
namespace http = boost::beast::http;
using Request = Receiver::Request;

std::optional<Receiver::Reply> Take(const Request&) { return Receiver::Say(204); }
bool IsHandshake(const Request& request) { return request.method() == http::verb::options; }

// Quick to try again, and to systems on this machine.
Rules ImpatientRules() {
  auto policy = CityPolicy();
  policy.mutable_webhook()->set_retry_first_seconds(1);
  policy.mutable_webhook()->set_retry_max_seconds(1);
  policy.mutable_webhook()->set_timeout_seconds(1);
  policy.mutable_webhook()->set_per_minute(60'000);
  Rules rules = *Rules::From(policy);
  rules.Allow({true, {}});
  return rules;
}

class CourierTest : public RunningTest<base::SystemClock> {
 protected:
  CourierTest() : RunningTest(ImpatientRules()) {
    Start([this](uint64_t) {
      absl::MutexLock lock(&mutex_);
      if (courier_) courier_->Wake();
    });
    Restart();
  }
  ~CourierTest() override {
    End();
    service_->Stop();
  }

  void End() {
    std::unique_ptr<Courier> ended;
    {
      absl::MutexLock lock(&mutex_);
      ended = std::move(courier_);
    }
    if (ended) ended->Stop();
    ended_.push_back(std::move(ended));  // the service may still have an answer for it
  }
  void Restart() {
    End();
    auto courier = std::make_unique<Courier>([this] { return service_->Read(); }, service_.get(), &secrets_, &clock_,
                                             Courier::Settings{allowed_, ca_file_});
    ASSERT_TRUE(courier->Start().ok());
    absl::MutexLock lock(&mutex_);
    courier_ = std::move(courier);
  }

  void Open(const std::string& id, const Receiver& receiver) { Open(id, receiver.Url()); }
  void Open(const std::string& id, const std::string& url) {
    v1::Command command;
    auto* open = command.mutable_open_webhook();
    open->set_area_code("371403");
    open->set_url(url);
    open->add_topic("incident");
    MustDo(id, std::move(command), tests::ActorOf(kernel::v1::ROLE_SV, "c-" + id, "371403"));
  }
  void Tell(uint64_t seq, const std::string& matter) {
    auto heard = HeardOf("source: 'incident' topic: 'incident.closed' area_code: '371403001002' level: 3");
    heard.set_seq(seq);
    heard.set_matter_code(matter);
    heard.set_event_id(absl::StrCat("e", seq));
    v1::Command command;
    *command.mutable_hear_notice()->mutable_heard() = heard;
    MustDo(SubjectOf(heard), std::move(command), platform_);
  }
  v1::Webhook StateOf(const std::string& id) { return (*service_->Read().Get(id))->state.webhook(); }
  // Polls what the service publishes; the watch of the kernel is the courier's.
  bool Becomes(const std::string& id, const std::function<bool(const v1::Webhook&)>& holds) {
    const int64_t until = clock_.NowMs() + 30'000;
    absl::Mutex mutex;
    while (clock_.NowMs() < until) {
      if (holds(StateOf(id))) return true;
      absl::MutexLock lock(&mutex);
      const bool never = false;
      mutex.AwaitWithTimeout(absl::Condition(&never), absl::Milliseconds(20));
    }
    return false;
  }

  Allowed allowed_{true, {}};
  std::string ca_file_;
  absl::Mutex mutex_;
  std::unique_ptr<Courier> courier_;
  std::vector<std::unique_ptr<Courier>> ended_;
};

std::vector<std::string> Ids(const std::vector<Request>& requests) {
  std::vector<std::string> ids;
  for (const Request& request : requests) ids.emplace_back(request["webhook-id"]);
  return ids;
}

TEST_F(CourierTest, BringsEachNoticeOnceInOrderAndSigned) {
  Receiver receiver(Take);
  Open("w", receiver);
  for (uint64_t i = 1; i <= 40; ++i) Tell(i, absl::StrCat("M", i % 3));
  const auto notices = receiver.Notices(40);
  ASSERT_EQ(notices.size(), 40u);
  std::string before;
  for (size_t i = 0; i < notices.size(); ++i) {
    const Request& request = notices[i];
    EXPECT_EQ(request["webhook-id"], absl::StrCat("e", i + 1));
    EXPECT_EQ(request.target(), "/in?unit=3");
    EXPECT_EQ(request[http::field::content_type], "application/cloudevents+json; charset=utf-8");
    const auto body = nlohmann::json::parse(request.body());
    EXPECT_EQ(body["specversion"], "1.0");
    EXPECT_EQ(body["type"], "fengqiao.incident.closed.v1");
    EXPECT_GT(body["sequence"].get<std::string>(), before);
    before = body["sequence"].get<std::string>();
    const std::string key = *base::FromBase64(secrets_.Shown("w", 1).substr(6));
    const std::string signed_text = absl::StrCat(std::string(request["webhook-id"]), ".",
                                                 std::string(request["webhook-timestamp"]), ".", request.body());
    EXPECT_EQ(request["webhook-signature"], "v1," + base::Base64(base::HmacSha256(key, signed_text)));
  }
  EXPECT_TRUE(Becomes("w", [](const auto& webhook) { return webhook.delivered() == 40; }));
}

TEST_F(CourierTest, AsksBeforeItSendsAnything) {
  std::atomic<bool> consents = false;
  Receiver receiver([&](const Request& request) -> std::optional<Receiver::Reply> {
    auto reply = Receiver::Say(200);
    if (IsHandshake(request) && !consents) reply.erase("WebHook-Allowed-Origin");
    return reply;
  });
  Open("w", receiver);
  Tell(1, "M");
  ASSERT_TRUE(Becomes("w", [](const auto& webhook) { return webhook.failures() >= 2; }));
  EXPECT_EQ(StateOf("w").failure().code(), "NOT_CONSENTED");
  EXPECT_TRUE(receiver.requests(http::verb::post).empty());
  const auto asked = receiver.requests(http::verb::options);
  EXPECT_EQ(asked.at(0)["WebHook-Request-Origin"], "fengqiao");
  EXPECT_EQ(asked.at(0)["WebHook-Request-Rate"], "60000");
  consents = true;
  EXPECT_EQ(Ids(receiver.Notices(1)), std::vector<std::string>{"e1"});
}

TEST_F(CourierTest, KeepsTheOrderThroughFailures) {
  std::atomic<int> posts = 0;
  Receiver receiver([&](const Request& request) -> std::optional<Receiver::Reply> {
    if (IsHandshake(request)) return Receiver::Say(200);
    return Receiver::Say(++posts == 2 ? 500 : 200);
  });
  Open("w", receiver);
  for (uint64_t i = 1; i <= 4; ++i) Tell(i, "M");
  EXPECT_EQ(Ids(receiver.Notices(5)), (std::vector<std::string>{"e1", "e2", "e2", "e3", "e4"}));
  EXPECT_EQ(StateOf("w").failure().http_status(), 500);
}

TEST_F(CourierTest, DoesNotLetOneThatIsSilentHoldUpAnother) {
  Receiver silent([](const Request& request) -> std::optional<Receiver::Reply> {
    if (IsHandshake(request)) return Receiver::Say(200);
    return std::nullopt;
  });
  Receiver good(Take);
  Open("a", silent);
  ASSERT_TRUE(Becomes("a", [](const auto& webhook) { return webhook.status() == v1::WEBHOOK_ACTIVE; }));
  Tell(1, "M");
  ASSERT_EQ(silent.Notices(1).size(), 1u) << "it waits for its answer now";
  Open("b", good);
  ASSERT_TRUE(Becomes("b", [](const auto& webhook) { return webhook.status() == v1::WEBHOOK_ACTIVE; }));
  for (uint64_t i = 2; i <= 20; ++i) Tell(i, "M");
  EXPECT_GE(good.Notices(19).size(), 19u);
  EXPECT_TRUE(Becomes("a", [](const auto& webhook) { return webhook.failure().code() == "TIMED_OUT"; }));
}

TEST_F(CourierTest, WaitsAsLongAsItIsAskedTo) {
  Receiver receiver([&](const Request& request) -> std::optional<Receiver::Reply> {
    auto reply = Receiver::Say(IsHandshake(request) ? 200 : 429);
    if (!IsHandshake(request)) reply.set(http::field::retry_after, "3600");
    return reply;
  });
  Open("w", receiver);
  Tell(1, "M");
  ASSERT_TRUE(Becomes("w", [](const auto& webhook) { return webhook.failures() == 1; }));
  EXPECT_GE(StateOf("w").next_attempt_ms(), clock_.NowMs() + 3'500'000);
}

TEST_F(CourierTest, StopsWhenTheAddressSaysThatItIsGone) {
  Receiver receiver([&](const Request& request) -> std::optional<Receiver::Reply> {
    return Receiver::Say(IsHandshake(request) ? 200 : 410);
  });
  Open("w", receiver);
  Tell(1, "M");
  ASSERT_TRUE(Becomes("w", [](const auto& webhook) { return webhook.status() == v1::WEBHOOK_SUSPENDED; }));
  EXPECT_EQ(StateOf("w").suspended_reason(), "GONE");
  Tell(2, "M");
  EXPECT_EQ(receiver.requests(http::verb::post).size(), 1u);
}

TEST_F(CourierTest, DoesNotFollowRedirects) {
  Receiver elsewhere(Take);
  Receiver receiver([&](const Request& request) -> std::optional<Receiver::Reply> {
    if (IsHandshake(request)) return Receiver::Say(200);
    auto reply = Receiver::Say(307);
    reply.set(http::field::location, elsewhere.Url());
    return reply;
  });
  Open("w", receiver);
  Tell(1, "M");
  ASSERT_TRUE(Becomes("w", [](const auto& webhook) { return webhook.failures() >= 1; }));
  EXPECT_EQ(StateOf("w").failure().http_status(), 307);
  EXPECT_TRUE(elsewhere.requests(http::verb::post).empty());
}

TEST_F(CourierTest, GoesOnWhereItWasAfterARestartAndLeavesNothingOut) {
  Receiver receiver(Take);
  Open("w", receiver);
  std::set<std::string> wanted;
  for (uint64_t i = 1; i <= 60; ++i) {
    Tell(i, "M");
    wanted.insert(absl::StrCat("e", i));
    if (i % 10 == 0) Restart();
  }
  ASSERT_TRUE(Becomes("w", [](const auto& webhook) { return webhook.delivered() >= 60; }) ||
              receiver.Notices(60).size() >= 60);
  const auto ids = Ids(receiver.Notices(60));
  EXPECT_EQ(std::set<std::string>(ids.begin(), ids.end()), wanted);
  std::vector<std::string> first;
  std::set<std::string> seen;
  for (const std::string& id : ids) {
    if (seen.insert(id).second) first.push_back(id);
  }
  for (size_t i = 0; i < first.size(); ++i) EXPECT_EQ(first[i], absl::StrCat("e", i + 1)) << "the order of a matter";
}

TEST_F(CourierTest, SendsAgainFromWhereItIsAsked) {
  Receiver receiver(Take);
  Open("w", receiver);
  for (uint64_t i = 1; i <= 5; ++i) Tell(i, "M");
  const auto notices = receiver.Notices(5);
  ASSERT_EQ(notices.size(), 5u);
  ASSERT_TRUE(Becomes("w", [](const auto& webhook) { return webhook.delivered() == 5; }));
  const auto third = nlohmann::json::parse(notices[2].body())["sequence"].get<std::string>();
  v1::Command command;
  command.mutable_replay_webhook()->set_after_sequence(std::stoull(third));
  ASSERT_FALSE(Do("w", std::move(command), tests::ActorOf(kernel::v1::ROLE_SV, "c-w", "371403")).refusal);
  EXPECT_EQ(Ids(receiver.Notices(7)), (std::vector<std::string>{"e1", "e2", "e3", "e4", "e5", "e4", "e5"}));
}

// An authority, and a receiving system's papers signed by it; they name 127.0.0.1 and no other address.
class TlsCourierTest : public CourierTest {
 protected:
  TlsCourierTest() {
    EXPECT_TRUE(rpc::WriteFile(folder_ / "ca.crt", authority_pem_).ok());
    ca_file_ = folder_ / "ca.crt";
    Restart();
  }
  Receiver::Papers PapersOf(const std::string& authority_pem, const rpc::EcKey& authority) {
    const auto key = rpc::EcKey::Generate();
    auto certificate = keygen::MakeCertificate("receiver", key, authority_pem, authority, clock_.NowMs());
    EXPECT_TRUE(certificate.ok()) << certificate.status();
    return {*std::move(certificate), key.PrivatePem()};
  }
  Receiver::Papers Good() { return PapersOf(authority_pem_, authority_); }

  tests::TempDir folder_;
  const rpc::EcKey authority_ = rpc::EcKey::Generate();
  const std::string authority_pem_ = keygen::MakeAuthority(authority_, clock_.NowMs());
};
const auto kHere = boost::asio::ip::address_v4::loopback();

// A name says nothing of where it leads: it may lead elsewhere tomorrow.
TEST_F(TlsCourierTest, JudgesTheAddressThatANameHasWhenItConnects) {
  Receiver receiver(Take, kHere, Good());
  std::string url = receiver.Url();
  url.replace(url.find("127.0.0.1"), 9, "localhost");
  allowed_ = {false, *Networks::Parse({"10.20.0.0/16"})};
  Restart();
  Open("w", url);
  Tell(1, "M");
  ASSERT_TRUE(Becomes("w", [](const auto& webhook) { return webhook.failures() >= 2; }));
  EXPECT_EQ(StateOf("w").failure().code(), "ADDRESS_NOT_ALLOWED");
  EXPECT_TRUE(receiver.requests(http::verb::options).empty());
  allowed_ = {true, {}};
  Restart();
  EXPECT_EQ(Ids(receiver.Notices(1)), std::vector<std::string>{"e1"});
}

TEST_F(TlsCourierTest, BringsNoticesToWhoProvesItsName) {
  Receiver receiver(Take, kHere, Good());
  Open("w", receiver);
  for (uint64_t i = 1; i <= 3; ++i) Tell(i, "M");
  EXPECT_EQ(Ids(receiver.Notices(3)), (std::vector<std::string>{"e1", "e2", "e3"}));
}

TEST_F(TlsCourierTest, TellsNothingToWhomNobodyKnowsAndLosesNothing) {
  const auto stranger = rpc::EcKey::Generate();
  Receiver receiver(Take, kHere, PapersOf(keygen::MakeAuthority(stranger, clock_.NowMs()), stranger));
  Open("w", receiver);
  for (uint64_t i = 1; i <= 3; ++i) Tell(i, "M");
  ASSERT_TRUE(Becomes("w", [](const auto& webhook) { return webhook.failures() >= 2; }));
  EXPECT_EQ(StateOf("w").failure().code(), "TLS_FAILED");
  EXPECT_TRUE(receiver.requests(http::verb::options).empty()) << "not even a question";
  receiver.Show(Good());
  EXPECT_EQ(Ids(receiver.Notices(3)), (std::vector<std::string>{"e1", "e2", "e3"}));
}

TEST_F(TlsCourierTest, TellsNothingToWhoBearsAnotherName) {
  Receiver receiver(Take, boost::asio::ip::make_address_v4("127.0.0.2"), Good());
  Open("w", receiver);
  Tell(1, "M");
  ASSERT_TRUE(Becomes("w", [](const auto& webhook) { return webhook.failures() >= 2; }));
  EXPECT_EQ(StateOf("w").failure().code(), "TLS_FAILED");
  EXPECT_EQ(StateOf("w").delivered(), 0u);
  EXPECT_TRUE(receiver.requests(http::verb::post).empty());
}

}  // namespace
}  // namespace notify
