#include "services/notify/domain/refusals.h"

#include <algorithm>
#include <string>

#include "base/check.h"

namespace notify {
namespace {

struct Text {
  std::string_view reason, zh, en;
};

constexpr Text kTexts[] = {
    {"ADDRESS_NOT_ALLOWED", "回调地址不能指向本机，也不能指向未开放的内部网络。",
     "A webhook cannot go to this machine, nor to an inner network that has not been opened."},
    {"HTTPS_NEEDED", "回调地址须使用 https。", "A webhook needs an https address."},
    {"NOT_ALLOWED", "您无权进行此项操作。", "You may not do this."},
    {"NO_ENTRY", "没有这条通知。", "There is no such notice."},
    {"NO_WEBHOOK", "没有这个回调。", "There is no such webhook."},
    {"PAGE_TOKEN", "翻页标记无效，请从头查询。", "The page token is not of this list; please start anew."},
    {"SEQUENCE", "只能从已送达的位置之前重新发送。", "It can only be sent again from before what was delivered."},
    {"TOO_MANY_WEBHOOKS", "回调数量已达上限，请先删除不用的。", "There are as many webhooks as there may be; delete one first."},
    {"TOPIC", "没有这个主题。", "There is no such topic."},
    {"URL", "回调地址无效。", "This is not an address a webhook can have."},
    {"WEBHOOK_STATUS", "该回调当前状态下不能进行此操作。", "Not in the status this webhook is in."},
};

}  // namespace

kernel::Refusal Why(kernel::RefusalCode code, std::string_view reason, std::string_view field) {
  const Text* text = std::ranges::find(kTexts, reason, &Text::reason);
  CHECK(text != std::end(kTexts)) << reason;
  return {code, std::string(reason), std::string(field), std::string(text->zh), std::string(text->en), {}};
}

}  // namespace notify
