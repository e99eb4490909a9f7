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
    {"NOT_ALLOWED", "您无权进行此项操作。", "You may not do this."},
    {"NO_ENTRY", "没有这条通知。", "There is no such notice."},
    {"PAGE_TOKEN", "翻页标记无效，请从头查询。", "The page token is not of this list; please start anew."},
};

}  // namespace

kernel::Refusal Why(kernel::RefusalCode code, std::string_view reason, std::string_view field) {
  const Text* text = std::ranges::find(kTexts, reason, &Text::reason);
  CHECK(text != std::end(kTexts)) << reason;
  return {code, std::string(reason), std::string(field), std::string(text->zh), std::string(text->en), {}};
}

}  // namespace notify
