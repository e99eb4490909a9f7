// What went wrong with a webhook, in the words of whoever looks after the receiving system.
// spec: R9
#include "services/notify/failures.h"

#include "services/notify/webhook_desk.h"
#include "tests/notify/notices.h"
#include "tests/support/codes.h"
#include "tests/support/driven.h"
#include "tests/support/scenario.h"

namespace notify {
namespace {

using namespace kernel::v1;  // NOLINT: roles by their names alone
using tests::ActorOf, tests::Local;

TEST(Failure, HasWordsForEveryCodeTheCourierGives) {
  std::set<std::string> codes = tests::CodesIn("services/notify/outlet.cc");
  codes.merge(tests::CodesIn("services/notify/courier.cc"));
  codes.merge(tests::CodesIn("services/notify/errand.cc"));
  for (const char* known : {"TIMED_OUT", "STATUS", "NOT_CONSENTED"}) EXPECT_TRUE(codes.contains(known)) << known;
  for (const std::string& code : codes) {
    EXPECT_TRUE(HasWords(code)) << code;
    v1::WebhookFailure failure;
    failure.set_code(code);
    SayFailure(&failure);
    EXPECT_TRUE(failure.text_zh().ends_with("。")) << failure.text_zh();
    EXPECT_TRUE(failure.text_en().ends_with(".")) << failure.text_en();
  }
  EXPECT_FALSE(HasWords("ANOTHER_BUILDS"));
}

// A code alone was what its owner saw.
TEST(Failure, IsShownInWordsAndStoredAsACode) {
  const Actor owner = ActorOf(ROLE_SV, "c-supervision", "371403", "s1"), platform = ActorOf(ROLE_SYS);
  tests::Driven<NotifyDomain> engine(Local("2026-11-23 12:00"), CityRules());
  engine.Do("webhook-1", "open_webhook { url: 'https://hooks.example/in' area_code: '371403' topic: 'incident' }", owner);
  engine.Do("webhook-1", "report_consent { per_minute: 60 }", platform);
  engine.Do("webhook-1", "report_failure { failure { code: 'STATUS' http_status: 503 sequence: 7 } }", platform);
  const WebhookDesk desk([&] { return engine.Read(); }, nullptr, nullptr, nullptr);
  rpc::Caller caller;
  caller.actor = owner;
  v1::GetWebhookRequest request;
  request.set_id("webhook-1");
  v1::WebhookView shown;
  ASSERT_TRUE(desk.Get(caller, request, &shown).ok());
  EXPECT_EQ(shown.last_failure().text_zh(), "接收系统没有接收，应答状态码 503。");
  EXPECT_EQ(shown.last_failure().text_en(), "The receiving system did not take it: it answered with status 503.");
  EXPECT_EQ(shown.last_failure().code(), "STATUS");
  EXPECT_EQ(engine.Read().Get("webhook-1")->value().state.webhook().failure().text_zh(), "");
}

}  // namespace
}  // namespace notify
