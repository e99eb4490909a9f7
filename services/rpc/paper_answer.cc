#include "services/rpc/paper_answer.h"

#include <memory>
#include <utility>

#include "common/v1/download.pb.h"
#include "services/rpc/limits.h"
#include "services/rpc/told.h"

namespace rpc {

NextMessage<google::api::HttpBody> PiecesOf(PaperBytes paper) {
  const auto shared = std::make_shared<const PaperBytes>(std::move(paper));
  return [shared, at = size_t{0}](google::api::HttpBody* out) mutable -> absl::StatusOr<bool> {
    if (at >= shared->bytes.size()) return false;
    if (at == 0) {
      common::v1::Download download;
      download.set_file_name(shared->file_name);
      download.set_inline_(true);
      out->set_content_type(shared->content_type);
      out->add_extensions()->PackFrom(download);
    }
    out->set_data(shared->bytes.substr(at, kStreamChunkBytes));
    at += kStreamChunkBytes;
    return true;
  };
}

absl::Status PrintFailure(const absl::Status& status) {
  if (absl::IsUnavailable(status)) {
    return Told(status.code(), "PRINTER_MISSING", "服务器未安装打印组件（chromium），不能生成PDF；请改用网页格式打印。",
                "There is no chromium on this server, so no PDF can be made; print the HTML instead.");
  }
  if (absl::IsDeadlineExceeded(status)) {
    return Told(absl::StatusCode::kUnavailable, "PRINTER_TOO_SLOW", "生成PDF超时，请稍后再试，或者改用网页格式打印。",
                "Making the PDF took too long; try again later, or print the HTML.");
  }
  return status;
}

}  // namespace rpc
