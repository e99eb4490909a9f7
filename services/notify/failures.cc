#include "services/notify/failures.h"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <string>
#include <utility>

namespace notify {
namespace {

struct Row {
  std::string_view code, zh, en;
};

constexpr Row kRows[] = {
    {"ADDRESS_NOT_ALLOWED", "该地址指向本机或未开放的内部网络，未发送。",
     "The address leads to this machine or to an inner network that is not open: nothing was sent."},
    {"ANSWER_TOO_LARGE", "接收系统的应答过长。", "The receiving system answered at too great a length."},
    {"BROKEN_OFF", "连接中途断开，没有收到完整的应答。", "The connection broke off before the answer was complete."},
    {"CONNECT_FAILED", "无法连接到该地址。", "No connection could be made to the address."},
    {"NOT_CONSENTED", "接收系统没有同意接收（OPTIONS 应答中没有 WebHook-Allowed-Origin: fengqiao）。",
     "The receiving system has not agreed: its answer to OPTIONS lacks WebHook-Allowed-Origin: fengqiao."},
    {"NO_ADDRESS", "查不到该域名的地址。", "The name of the address could not be looked up."},
    {"STATUS", "接收系统没有接收", "The receiving system did not take it"},
    {"TIMED_OUT", "接收系统没有及时应答。", "The receiving system did not answer in time."},
    {"TLS_FAILED", "证书校验或加密连接失败。", "The certificate was not accepted, or the encrypted connection failed."},
};

}  // namespace

bool HasWords(std::string_view code) { return std::ranges::find(kRows, code, &Row::code) != std::end(kRows); }

void SayFailure(v1::WebhookFailure* failure) {
  const Row* row = std::ranges::find(kRows, failure->code(), &Row::code);
  const bool known = row != std::end(kRows);
  std::string zh(known ? row->zh : "发送失败。"), en(known ? row->en : "Sending failed.");
  if (failure->code() == "STATUS") {
    absl::StrAppend(&zh, "，应答状态码 ", failure->http_status(), "。");
    absl::StrAppend(&en, ": it answered with status ", failure->http_status(), ".");
  }
  failure->set_text_zh(std::move(zh));
  failure->set_text_en(std::move(en));
}

}  // namespace notify
