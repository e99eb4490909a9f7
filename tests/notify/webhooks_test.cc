// A unit's webhook: who may have one, of what, and what becomes of an address that does not answer.
// spec: R9
#include "services/notify/domain/webhooks.h"

#include <absl/strings/str_cat.h>

#include "base/crypto.h"
#include "google/protobuf/util/json_util.h"
#include "services/notify/cloud_event.h"
#include "services/notify/domain/notify.h"
#include "tests/notify/notices.h"
#include "tests/support/scenario.h"

namespace notify {
namespace {

using namespace kernel::v1;  // NOLINT: roles by their names alone
using tests::ActorOf, tests::Local, tests::On;
using Hook = tests::Scenario<NotifyDomain>;

const std::string kId = "webhook-1";
const Actor kOwner = ActorOf(ROLE_SV, "c-supervision", "371403", "s1");
const Actor kPlatform = ActorOf(ROLE_SYS);
const int64_t kNow = Local("2026-11-23 12:00");
const std::string kOpened =
    "webhook_opened { org_id: 'c-supervision' area_code: '371403' topic: 'incident' after_seq: 40 "
    "url: 'https://hooks.example/in' }";

std::string Open(const std::string& url, const std::string& rest = "area_code: '371403' topic: 'incident'") {
  return "open_webhook { url: '" + url + "' after_seq: 40 " + rest + " }";
}
Rules Demonstration() {
  Rules rules = CityRules();
  rules.Allow({true, {}});
  return rules;
}
struct ActiveHook : Hook {
  ActiveHook() : Hook(CityRules(), kId) { GivenAt(kNow, {kOpened, "webhook_accepted { per_minute: 600 }"}); }
};

TEST(Webhook, IsOpenedByTheUnitsSupervisionOrAdministratorOverTheirOwnArea) {
  Hook(CityRules(), kId).When(Open("https://hooks.example/in"), kOwner, kNow).Then({kOpened});
  Hook(CityRules(), kId).When(Open("https://hooks.example/in"), ActorOf(ROLE_SA, "c-it", "371403"), kNow)
      .ThenPartly({"webhook_opened { org_id: 'c-it' }"});
  Hook(CityRules(), kId).When(Open("https://hooks.example/in", "area_code: '371482' topic: 'incident'"), kOwner, kNow)
      .ThenRefused("NOT_ALLOWED");
  Hook(CityRules(), kId).When(Open("https://hooks.example/in", "area_code: '3714' topic: 'incident'"), kOwner, kNow)
      .ThenRefused("NOT_ALLOWED");
  for (const Role role : {ROLE_PUB, ROLE_GW, ROLE_TD, ROLE_CL, ROLE_DM, ROLE_DI, ROLE_AU, ROLE_SE}) {
    Hook(CityRules(), kId).When(Open("https://hooks.example/in"), ActorOf(role, "c-supervision", "371403"), kNow)
        .ThenRefused("NOT_ALLOWED");
  }
}

TEST(Webhook, GoesOutwardByHttpsOnly) {
  for (const char* url : {"https://10.0.0.1/", "https://169.254.169.254/latest", "https://127.0.0.1/", "https://[::1]/"}) {
    Hook(CityRules(), kId).When(Open(url), kOwner, kNow).ThenRefused("ADDRESS_NOT_ALLOWED");
  }
  Hook(CityRules(), kId).When(Open("http://hooks.example/in"), kOwner, kNow).ThenRefused("HTTPS_NEEDED");
  Hook(CityRules(), kId).When(Open("http://127.0.0.1:8000/"), kOwner, kNow).ThenRefused("ADDRESS_NOT_ALLOWED");
  for (const char* url : {"https://localhost/h", "https://LocalHost./h", "https://hooks.localhost:8443/h"}) {
    Hook(CityRules(), kId).When(Open(url), kOwner, kNow).ThenRefused("ADDRESS_NOT_ALLOWED");
  }
  for (const char* url : {"https://127.1/h", "https://2130706433/h", "https://0x7f.1/h", "https://127.0.0.1./h",
                          "https://127.0.0.0x1/h"}) {
    Hook(CityRules(), kId).When(Open(url), kOwner, kNow).ThenRefused("URL");
  }
  for (const char* url : {"https://hooks.example1/h", "https://0x7f.example/h", "https://localhost.example/h"}) {
    Hook(CityRules(), kId).When(Open(url), kOwner, kNow).ThenPartly({"webhook_opened {}"});
  }
  Hook(CityRules(), kId).When(Open("hooks.example"), kOwner, kNow).ThenRefused("URL");
  Hook(Demonstration(), kId).When(Open("http://127.0.0.1:8000/"), kOwner, kNow).ThenPartly({"webhook_opened {}"});
  Hook(Demonstration(), kId).When(Open("http://10.0.0.1/"), kOwner, kNow).ThenRefused("ADDRESS_NOT_ALLOWED");
  Hook(Demonstration(), kId).When(Open("http://hooks.example/"), kOwner, kNow).ThenRefused("HTTPS_NEEDED");
}

TEST(Webhook, EntersTheInnerNetworksThatTheInstallationNamesByHttps) {
  Rules rules = CityRules();
  rules.Allow({false, *Networks::Parse({"10.20.0.0/16"})});
  Hook(rules, kId).When(Open("https://10.20.3.4/in"), kOwner, kNow).ThenPartly({"webhook_opened {}"});
  Hook(rules, kId).When(Open("https://[::ffff:10.20.3.4]/in"), kOwner, kNow).ThenPartly({"webhook_opened {}"});
  Hook(rules, kId).When(Open("http://10.20.3.4/in"), kOwner, kNow).ThenRefused("HTTPS_NEEDED");
  Hook(rules, kId).When(Open("https://10.21.0.1/in"), kOwner, kNow).ThenRefused("ADDRESS_NOT_ALLOWED");
}

TEST(Webhook, AsksForTopicsThatThereAre) {
  Hook(CityRules(), kId).When(Open("https://a.example/", "area_code: '371403' topic: 'oversight.reminded' topic: 'gossip'"),
                              kOwner, kNow).ThenRefused("TOPIC");
  Hook(CityRules(), kId).When(Open("https://a.example/", "area_code: '371403' topic: 'incid'"), kOwner, kNow)
      .ThenRefused("TOPIC");
}

TEST(Webhook, IsOneOfNotTooManyOfOneUnit) {
  Hook hook(CityRules(), kId);
  for (int i = 0; i < 5; ++i) hook.GivenOn(absl::StrCat("webhook-x", i), {kOpened});
  hook.When(Open("https://a.example/"), kOwner, kNow).ThenRefused("TOO_MANY_WEBHOOKS");
  hook.GivenOn("webhook-x0", {"webhook_deleted {}"});
  hook.When(Open("https://a.example/"), kOwner, kNow).ThenPartly({"webhook_opened {}"});
}

TEST(Webhook, OfAnotherUnitDoesNotExist) {
  for (const char* command : {"suspend_webhook {}", "resume_webhook {}", "replay_webhook {}", "rotate_secret {}",
                              "delete_webhook {}"}) {
    ActiveHook().When(command, ActorOf(ROLE_SV, "o-supervision", "371403"), kNow).ThenRefused("NO_WEBHOOK");
    Hook(CityRules(), "webhook-none").When(command, kOwner, kNow).ThenRefused("NO_WEBHOOK");
    ActiveHook().Given({"webhook_deleted {}"}).When(command, kOwner, kNow).ThenRefused("NO_WEBHOOK");
  }
}

TEST(Webhook, IsSentNothingBeforeItsAddressConsents) {
  Hook hook(CityRules(), kId);
  hook.GivenAt(kNow, {kOpened});
  hook.When("report_delivered { through_seq: 50 count: 1 }", kPlatform, kNow).ThenNothing();
  hook.When("report_consent { per_minute: 60 }", kPlatform, kNow).Then({"webhook_accepted { per_minute: 60 }"});
  hook.When("report_delivered { through_seq: 50 count: 1 }", kPlatform, kNow)
      .Then({"webhook_delivered { through_seq: 50 count: 1 }"});
  hook.When("report_delivered { through_seq: 50 count: 1 }", kPlatform, kNow).ThenNothing();
  hook.When("report_delivered { through_seq: 60 }", kOwner, kNow).ThenRefused("NOT_ALLOWED");
}

TEST(Failure, IsTriedAgainEverLaterAndNotByAllAtOnce) {
  ActiveHook hook;
  int64_t now = kNow;
  for (const int64_t longest_s : {5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600}) {
    hook.WithChance(0).When("report_failure { failure { code: 'TIMED_OUT' sequence: 50 } }", kPlatform, now);
    const int64_t soonest = hook.state().webhook().next_attempt_ms() - now;
    EXPECT_EQ(soonest, longest_s * 500);
    now += soonest;
  }
  ActiveHook other;
  other.WithChance(2500).When("report_failure { failure { code: 'TIMED_OUT' } }", kPlatform, kNow);
  EXPECT_EQ(other.state().webhook().next_attempt_ms() - kNow, 5000);
}

TEST(Failure, WaitsAsLongAsTheAddressAsksButNotForEver) {
  ActiveHook hook;
  hook.WithChance(0).When("report_failure { failure { http_status: 429 code: 'STATUS' } retry_after_ms: 120000 }", kPlatform,
                          kNow);
  EXPECT_EQ(hook.state().webhook().next_attempt_ms(), kNow + 120'000);
  ActiveHook greedy;
  greedy.When("report_failure { failure { http_status: 429 } retry_after_ms: 999999999999 }", kPlatform, kNow);
  EXPECT_EQ(greedy.state().webhook().next_attempt_ms(), kNow + 86'400'000);
}

TEST(Failure, EndsWithASuccess) {
  ActiveHook hook;
  hook.When("report_failure { failure { code: 'TIMED_OUT' } }", kPlatform, kNow);
  hook.When("report_delivered { through_seq: 50 count: 1 }", kPlatform, kNow);
  EXPECT_EQ(hook.state().webhook().failures(), 0);
  EXPECT_EQ(hook.state().webhook().next_attempt_ms(), 0);
  EXPECT_EQ(hook.state().webhook().failure().code(), "TIMED_OUT") << "its owner can still read what went wrong";
}

TEST(Failure, ForThreeDaysSuspendsItAndItsOwnerIsTold) {
  ActiveHook hook;
  hook.When("report_failure { failure { code: 'TIMED_OUT' } }", kPlatform, kNow);
  hook.When("report_failure { failure { code: 'TIMED_OUT' } }", kPlatform, kNow + 3 * base::kDayMs - 1)
      .ThenPartly({"webhook_failed { failures: 2 }"});
  hook.When("report_failure { failure { code: 'TIMED_OUT' } }", kPlatform, kNow + 3 * base::kDayMs)
      .ThenPartly({"webhook_failed { failures: 3 }", "webhook_suspended { reason: 'UNREACHABLE' }",
                   On{"subject/notify/webhook-1", "told { wording: 'WEBHOOK_SUSPENDED' }"},
                   On{"unit/c-supervision/TECHNICAL", "window_counted {}"},
                   On{absl::StrCat(kNow + 3 * base::kDayMs, ".notify.4.0"), "item_shown {}"}});
  hook.AndNotInIndex("webhook_at_work");
}

TEST(Gone, SuspendsItAtOnce) {
  ActiveHook hook;
  hook.When("report_failure { failure { http_status: 410 code: 'STATUS' } }", kPlatform, kNow)
      .ThenPartly({"webhook_failed {}", "webhook_suspended { reason: 'GONE' }",
                   On{"subject/notify/webhook-1", "told {}"}, On{"unit/c-supervision/TECHNICAL", "window_counted {}"},
                   On{absl::StrCat(kNow, ".notify.2.0"), "item_shown {}"}});
}

TEST(Webhook, ThatIsResumedIsAskedAgainAndGoesOnWhereItWas) {
  ActiveHook hook;
  hook.When("suspend_webhook {}", kOwner, kNow).Then({"webhook_suspended { reason: 'BY_OWNER' }"});
  hook.When("suspend_webhook {}", kOwner, kNow).ThenRefused("WEBHOOK_STATUS");
  hook.When("report_delivered { through_seq: 99 count: 1 }", kPlatform, kNow).ThenNothing();
  hook.When("resume_webhook {}", kOwner, kNow).Then({"webhook_resumed {}"});
  hook.AndState("webhook { status: WEBHOOK_VALIDATING delivered_seq: 40 round: 2 }").AndIndex("webhook_at_work", "");
  hook.When("report_consent { round: 0 per_minute: 60 }", kPlatform, kNow).ThenNothing();
  hook.When("report_consent { round: 2 per_minute: 60 }", kPlatform, kNow).ThenPartly({"webhook_accepted {}"});
}

TEST(Replay, BeginsBehindAPlaceThatWasDelivered) {
  ActiveHook hook;
  hook.When("report_delivered { through_seq: 70 count: 9 }", kPlatform, kNow);
  hook.When("replay_webhook { after_sequence: 71 }", kOwner, kNow).ThenRefused("SEQUENCE");
  hook.When("replay_webhook { after_sequence: 55 }", kOwner, kNow).Then({"webhook_replayed { after_seq: 55 }"});
  hook.When("report_delivered { round: 0 through_seq: 80 count: 1 }", kPlatform, kNow).ThenNothing();
  hook.When("report_delivered { round: 1 through_seq: 60 count: 1 }", kPlatform, kNow)
      .ThenPartly({"webhook_delivered { through_seq: 60 }"});
}

TEST(Wants, ItsTopicsOfItsArea) {
  v1::Webhook webhook;
  webhook.set_area_code("371403");
  webhook.set_org_id("c-supervision");
  webhook.add_topic("incident");
  webhook.add_topic("petition");
  EXPECT_TRUE(Wants(webhook, HeardOf("source: 'incident' topic: 'incident.closed' area_code: '371403001'")));
  EXPECT_FALSE(Wants(webhook, HeardOf("source: 'incident' topic: 'incidental.x' area_code: '371403001'")));
  EXPECT_FALSE(Wants(webhook, HeardOf("source: 'mediation' topic: 'mediation.ended' area_code: '371403001'")));
  EXPECT_FALSE(Wants(webhook, HeardOf("source: 'incident' topic: 'incident.closed' area_code: '371482001'")));
  EXPECT_FALSE(Wants(webhook, HeardOf("source: 'incident' topic: 'incident.closed'")));
  EXPECT_TRUE(Wants(webhook, HeardOf("source: 'petition' topic: 'petition.accepted' level: 4 area_code: '371403001'")));
  EXPECT_FALSE(Wants(webhook, HeardOf("source: 'petition' topic: 'petition.accepted' level: 5 area_code: '371403001'")))
      << "of a higher office";
}

TEST(CloudEvent, HasItsAttributesAndNothingPersonal) {
  v1::Told told;
  *told.mutable_heard() = Reminder(9);
  told.mutable_heard()->set_event_id("01ab");
  told.mutable_heard()->set_recorded_at_ms(kNow);
  told.set_wording("REMINDED");
  EXPECT_EQ(CloudEventJson(told, 77),
            "{\"specversion\":\"1.0\",\"id\":\"01ab\",\"source\":\"/services/oversight\","
            "\"type\":\"fengqiao.oversight.reminded.v1\",\"subject\":\"i1\",\"time\":\"2026-11-23T04:00:00.000Z\","
            "\"datacontenttype\":\"application/json\",\"sequence\":\"00000000000000000077\","
            "\"division\":\"371403001002\",\"mattercode\":\"M1\",\"level\":3,\"data\":{\"service\":\"incident\","
            "\"unit\":\"t-housing\",\"policyId\":\"DI-05\",\"wording\":\"REMINDED\"}}");
}

TEST(Signature, IsThatOfStandardWebhooksAndSurvivesARotation) {
  const WebhookSecrets secrets(std::string(32, 'k'));
  v1::Webhook webhook;
  webhook.set_secret_no(1);
  const auto key_of = [&](uint32_t no) { return *base::FromBase64(secrets.Shown(kId, no).substr(6)); };
  const auto expected = [&](uint32_t no) {
    return "v1," + base::Base64(base::HmacSha256(key_of(no), "01ab.1800000000.{}"));
  };
  EXPECT_EQ(secrets.Signature(kId, webhook, kNow, "01ab", "1800000000", "{}"), expected(1));
  webhook.set_secret_no(2);
  webhook.set_old_secret_until_ms(kNow + 1);
  EXPECT_EQ(secrets.Signature(kId, webhook, kNow, "01ab", "1800000000", "{}"), expected(2) + " " + expected(1));
  EXPECT_EQ(secrets.Signature(kId, webhook, kNow + 1, "01ab", "1800000000", "{}"), expected(2));
  EXPECT_NE(key_of(1), key_of(2));
  EXPECT_NE(secrets.Shown("webhook-2", 1), secrets.Shown(kId, 1));
  EXPECT_NE(WebhookSecrets(std::string(32, 'x')).Shown(kId, 1), secrets.Shown(kId, 1));
}

}  // namespace
}  // namespace notify
