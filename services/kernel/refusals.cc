#include "services/kernel/refusals.h"

#include <string>

#include "services/kernel/limits.h"

namespace kernel {

Refusal NoSuchMatter() {
  return {RefusalCode::kNotFound,
          "NO_SUCH_MATTER",
          "id",
          "没有这个事项，或者您无权查看。",
          "There is no such matter, or you may not see it.",
          {}};
}

Refusal MatterExists() {
  return {RefusalCode::kConflict, "ALREADY_EXISTS", "id", "该编号已经存在。", "This id exists already.", {}};
}

Refusal VersionChanged(uint64_t current) {
  return {RefusalCode::kConflict,
          "VERSION_CHANGED",
          "expected_version",
          "您查看之后，该事项已有新的变化。请刷新后再操作。",
          "The matter has changed since you looked at it. Reload it and try again.",
          {{"current_version", std::to_string(current)}}};
}

Refusal RequestIdReused() {
  return {RefusalCode::kConflict,
          "REQUEST_ID_REUSED",
          "request_id",
          "该请求编号已用于另一项内容不同的操作。",
          "This request id was used before for something else.",
          {}};
}

Refusal InQuarantine() {
  return {RefusalCode::kGuard,
          "QUARANTINED",
          "",
          "该操作曾多次导致系统故障，已被隔离，管理员正在处理。",
          "This command made the service fail several times and is set aside; the operators know.",
          {}};
}

Refusal NoticeTooLarge(size_t bytes) {
  return {RefusalCode::kLimit,
          "NOTICE_TOO_LARGE",
          "",
          "该操作要通知其他服务的内容超过上限，没有执行，请联系管理员。",
          "What this command would tell other services is larger than allowed; nothing was done. Tell the operators.",
          {{"bytes", std::to_string(bytes)}, {"bytes_max", std::to_string(kNoticePayloadBytesMax)}}};
}

}  // namespace kernel
