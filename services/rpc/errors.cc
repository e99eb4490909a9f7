#include "services/rpc/errors.h"

#include <array>
#include <string_view>

#include "services/rpc/limits.h"
#include "services/rpc/told.h"
#include "storage/space_guard.h"

namespace rpc {
namespace {

struct Words {
  absl::StatusCode code;
  grpc::StatusCode grpc;
  std::string_view reason;
  std::string_view zh;
  std::string_view en;
  bool speaks_of_request;  // the status message may be shown
};

// Codes without a line are faults of ours and are told as INTERNAL.
constexpr std::array<Words, 14> kWords = {{
    {absl::StatusCode::kInvalidArgument, grpc::StatusCode::INVALID_ARGUMENT, "INVALID_ARGUMENT", "请求内容有误。",
     "The request is not valid.", true},
    {absl::StatusCode::kOutOfRange, grpc::StatusCode::OUT_OF_RANGE, "OUT_OF_RANGE", "请求的范围有误。",
     "The request is out of range.", true},
    {absl::StatusCode::kNotFound, grpc::StatusCode::NOT_FOUND, "NOT_FOUND", "没有找到，或您无权查看。",
     "Not found, or not visible to you.", true},
    {absl::StatusCode::kAlreadyExists, grpc::StatusCode::ALREADY_EXISTS, "ALREADY_EXISTS", "已经存在。",
     "It exists already.", true},
    {absl::StatusCode::kPermissionDenied, grpc::StatusCode::PERMISSION_DENIED, "PERMISSION_DENIED", "您没有这项权限。",
     "You are not allowed to do this.", true},
    {absl::StatusCode::kUnauthenticated, grpc::StatusCode::UNAUTHENTICATED, "UNAUTHENTICATED", "请先登录。",
     "Please sign in.", true},
    {absl::StatusCode::kFailedPrecondition, grpc::StatusCode::FAILED_PRECONDITION, "FAILED_PRECONDITION",
     "当前状态下不能这样做。", "This cannot be done in the present state.", true},
    {absl::StatusCode::kAborted, grpc::StatusCode::ABORTED, "CONFLICT", "内容已被他人修改，请刷新后再试。",
     "It was changed meanwhile; reload and try again.", true},
    {absl::StatusCode::kResourceExhausted, grpc::StatusCode::RESOURCE_EXHAUSTED, "OVERLOADED",
     "系统繁忙，请稍后再试，内容不会丢失。", "The system is busy; try again shortly, nothing is lost.", false},
    {absl::StatusCode::kUnavailable, grpc::StatusCode::UNAVAILABLE, "UNAVAILABLE", "服务暂时不可用，请稍后再试。",
     "The service is not available at the moment; try again shortly.", false},
    {absl::StatusCode::kDeadlineExceeded, grpc::StatusCode::DEADLINE_EXCEEDED, "DEADLINE_EXCEEDED",
     "处理超时，请用同一请求编号重试。", "It took too long; repeat it with the same request id.", false},
    {absl::StatusCode::kCancelled, grpc::StatusCode::CANCELLED, "CANCELLED", "请求已取消。", "The call was cancelled.",
     false},
    {absl::StatusCode::kUnimplemented, grpc::StatusCode::UNIMPLEMENTED, "UNIMPLEMENTED", "没有这项功能。",
     "There is no such method.", false},
    {absl::StatusCode::kInternal, grpc::StatusCode::INTERNAL, "INTERNAL", "系统内部错误，已记录。",
     "Internal error; it has been recorded.", false},
}};

const Words& WordsOf(absl::StatusCode code) {
  for (const Words& words : kWords) {
    if (words.code == code) return words;
  }
  return kWords.back();
}

grpc::StatusCode CodeOf(kernel::RefusalCode code) {
  switch (code) {
    case kernel::RefusalCode::kNotFound: return grpc::StatusCode::NOT_FOUND;
    case kernel::RefusalCode::kNotAllowed: return grpc::StatusCode::PERMISSION_DENIED;
    case kernel::RefusalCode::kInvalid: return grpc::StatusCode::INVALID_ARGUMENT;
    case kernel::RefusalCode::kConflict: return grpc::StatusCode::ABORTED;
    case kernel::RefusalCode::kWrongStatus:
    case kernel::RefusalCode::kGuard:
    case kernel::RefusalCode::kLimit: return grpc::StatusCode::FAILED_PRECONDITION;
  }
  return grpc::StatusCode::INTERNAL;
}

const Words& WordsOf(grpc::StatusCode code) {
  for (const Words& words : kWords) {
    if (words.grpc == code) return words;
  }
  return kWords.back();
}

// Under which a status carries the words it is told with.
std::string DetailUrl() { return "type.googleapis.com/" + kernel::v1::ErrorDetail::descriptor()->full_name(); }

}  // namespace

absl::Status Told(absl::StatusCode code, std::string reason, std::string message_zh, std::string message_en) {
  kernel::v1::ErrorDetail detail;
  absl::Status status(code, reason);
  detail.set_reason(std::move(reason));
  detail.set_message_zh(std::move(message_zh));
  detail.set_message_en(std::move(message_en));
  status.SetPayload(DetailUrl(), absl::Cord(detail.SerializeAsString()));
  return status;
}

Failure MakeFailure(grpc::StatusCode code, std::string reason, std::string message_zh, std::string message_en) {
  Failure failure;
  failure.code = code;
  failure.detail.set_reason(std::move(reason));
  failure.detail.set_message_zh(std::move(message_zh));
  failure.detail.set_message_en(std::move(message_en));
  return failure;
}

Failure FailureOf(const kernel::Refusal& refusal) {
  const grpc::StatusCode code = CodeOf(refusal.code);
  const Words& words = WordsOf(code);
  Failure failure = MakeFailure(code, refusal.reason.empty() ? std::string(words.reason) : refusal.reason,
                                refusal.message_zh.empty() ? std::string(words.zh) : refusal.message_zh,
                                refusal.message_en.empty() ? std::string(words.en) : refusal.message_en);
  failure.detail.set_field(refusal.field);
  failure.detail.mutable_metadata()->insert(refusal.metadata.begin(), refusal.metadata.end());
  if (!refusal.field.empty()) {
    auto* field = failure.detail.add_field_error();
    field->set_pointer(refusal.field);
    field->set_message_zh(failure.detail.message_zh());
    field->set_message_en(failure.detail.message_en());
    field->set_code(failure.detail.reason());
  }
  return failure;
}

Failure FailureOf(const absl::Status& status, int64_t retry_after_ms) {
  if (status.GetPayload(std::string(storage::kDiskNearlyFull))) {
    Failure failure = MakeFailure(grpc::StatusCode::UNAVAILABLE, "DISK_NEARLY_FULL",
                                  "服务器磁盘空间不足，暂不接收新的操作，查询不受影响，请稍后再试。",
                                  "The server's disk is nearly full: nothing new is accepted, reading goes on; try "
                                  "again later.");
    failure.detail.set_retry_after_ms(retry_after_ms > 0 ? retry_after_ms : kOverloadRetryMs);
    return failure;
  }
  const Words& words = WordsOf(status.code());
  if (const auto said = status.GetPayload(DetailUrl())) {
    Failure told{.code = words.grpc, .detail = {}};
    if (told.detail.ParseFromString(std::string(*said))) return told;
  }
  Failure failure =
      MakeFailure(words.grpc, std::string(words.reason), std::string(words.zh), std::string(words.en));
  if (words.speaks_of_request && !status.message().empty()) {
    failure.detail.set_message_en(std::string(status.message()));
  }
  if (words.grpc == grpc::StatusCode::RESOURCE_EXHAUSTED || words.grpc == grpc::StatusCode::UNAVAILABLE) {
    failure.detail.set_retry_after_ms(retry_after_ms > 0 ? retry_after_ms : kOverloadRetryMs);
  }
  return failure;
}

Failure FailureOf(const Answer& answer) {
  return answer.refusal() ? FailureOf(*answer.refusal()) : FailureOf(answer.status());
}

Failure Overloaded(int64_t retry_after_ms) {
  return FailureOf(absl::ResourceExhaustedError(""), retry_after_ms);
}

grpc::Status StatusOf(const Failure& failure) {
  return grpc::Status(failure.code, failure.detail.reason() + ": " + failure.detail.message_en());
}

std::string CodeName(grpc::StatusCode code) {
  static constexpr std::array<const char*, 17> kNames = {
      "OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS",
      "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED",
      "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED"};
  const auto at = static_cast<size_t>(code);
  return at < kNames.size() ? kNames[at] : "UNKNOWN";
}

}  // namespace rpc
