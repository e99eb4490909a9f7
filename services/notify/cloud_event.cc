#include "services/notify/cloud_event.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>
#include <absl/time/time.h>
#include <google/protobuf/util/json_util.h>

#include "base/check.h"
#include "base/crypto.h"
#include "services/notify/domain/audience.h"

namespace notify {
namespace {

std::string TimeText(int64_t at_ms) {
  if (at_ms == 0) return "";
  return absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", absl::FromUnixMillis(at_ms), absl::UTCTimeZone());
}

}  // namespace

std::string CloudEventJson(const v1::Told& told, uint64_t seq) {
  const v1::Heard& heard = told.heard();
  v1::CloudEvent event;
  event.set_specversion("1.0");
  event.set_id(heard.event_id());
  event.set_source("/services/" + heard.source());
  event.set_type(absl::StrCat("fengqiao.", heard.topic(), ".v1"));
  event.set_subject(heard.subject_id());
  event.set_time(TimeText(heard.recorded_at_ms()));
  event.set_datacontenttype("application/json");
  event.set_sequence(absl::StrFormat("%020d", seq));
  event.set_division(heard.area_code());
  event.set_mattercode(heard.matter_code());
  event.set_level(heard.level());
  auto* data = event.mutable_data();
  data->set_service(heard.service());
  data->set_category(heard.category());
  data->set_unit(UnitOf(heard));
  data->set_due_at(TimeText(heard.due_at_ms()));
  data->set_policy_id(heard.policy_id());
  data->set_light(heard.light());
  data->set_card(heard.card());
  data->set_reason_code(heard.reason_code());
  data->set_wording(told.wording());
  data->set_urgent(told.urgent());
  std::string json;
  const auto written = google::protobuf::util::MessageToJsonString(event, &json);
  CHECK(written.ok()) << written.ToString();
  return json;
}

WebhookSecrets::WebhookSecrets(std::string_view master_key) : key_(base::HmacSha256(master_key, "notify/webhooks")) {
  CHECK_EQ(master_key.size(), size_t{32});
}

std::string WebhookSecrets::Of(std::string_view webhook_id, uint32_t secret_no) const {
  return base::HmacSha256(key_, absl::StrCat(std::string(webhook_id), "/", secret_no));
}

std::string WebhookSecrets::Shown(std::string_view webhook_id, uint32_t secret_no) const {
  return "whsec_" + base::Base64(Of(webhook_id, secret_no));
}

std::string WebhookSecrets::Signature(std::string_view webhook_id, const v1::Webhook& webhook, int64_t now_ms,
                                      std::string_view event_id, std::string_view timestamp,
                                      std::string_view body) const {
  const std::string text = absl::StrCat(std::string(event_id), ".", std::string(timestamp), ".", std::string(body));
  const auto sign = [&](uint32_t secret_no) {
    return "v1," + base::Base64(base::HmacSha256(Of(webhook_id, secret_no), text));
  };
  std::string signature = sign(webhook.secret_no());
  const bool old_counts = webhook.secret_no() > 1 && now_ms < webhook.old_secret_until_ms();
  if (old_counts) absl::StrAppend(&signature, " ", sign(webhook.secret_no() - 1));
  return signature;
}

}  // namespace notify
