#include "services/media/domain/refusals.h"

#include <algorithm>
#include <string>

#include "base/check.h"

namespace media {
namespace {

struct Text {
  std::string_view reason, zh, en;
};

constexpr Text kTexts[] = {
    {"CHECKSUM_MISMATCH", "收到的数据与校验值不符，请重新发送这一段。",
     "What arrived does not match its checksum; please send this part again."},
    {"CHECKSUM_UNKNOWN", "校验算法只能是 sha1 或 sha256，且校验值长度须相符。",
     "The checksum must be of sha1 or sha256 and of its length."},
    {"DAMAGED", "文件已损坏，无法读取其结构。", "The file is damaged: its structure cannot be read."},
    {"LENGTH_NEEDED", "须说明文件大小，且大于零。", "The size of the file must be said and be above zero."},
    {"NOT_ALLOWED", "您无权进行此项操作。", "You may not do this."},
    {"NO_DOCUMENT", "没有这个文件，或者您无权查看。", "There is no such document, or you may not see it."},
    {"NO_UPLOAD", "没有这次上传。", "There is no such upload."},
    {"OFFSET_CONFLICT", "起始位置与已收到的数据不一致。", "The offset is not where the upload stands."},
    {"TOO_LARGE", "文件太大。", "The file is too large."},
    {"TOO_MANY_UPLOADS", "未完成的上传过多，请先完成或取消。",
     "Too many uploads are unfinished; finish or cancel some first."},
    {"TYPE_NOT_ALLOWED", "只接收照片（JPEG、PNG、WebP）、录音（AMR、MP3、M4A、OGG、WAV）和 PDF。",
     "Only photographs (JPEG, PNG, WebP), voice (AMR, MP3, M4A, OGG, WAV) and PDF are taken."},
    {"UPLOAD_ENDED", "这次上传已结束。", "This upload has ended."},
    {"UPLOAD_TOO_LONG", "发送的数据超出了说明的文件大小。", "More was sent than the size that was said."},
};

}  // namespace

kernel::Refusal Why(kernel::RefusalCode code, std::string_view reason, std::string_view field) {
  const Text* text = std::ranges::find(kTexts, reason, &Text::reason);
  CHECK(text != std::end(kTexts)) << reason;
  return {code, std::string(reason), std::string(field), std::string(text->zh), std::string(text->en), {}};
}

}  // namespace media
