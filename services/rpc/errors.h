#pragma once
// The only place where a refusal of the domain, or a failure of the world, becomes a gRPC code and words for people.
// Any thread. Internal texts (paths, engine messages) are logged where they happen and never leave the process.

#include <absl/status/status.h>
#include <grpcpp/support/status.h>

#include <optional>
#include <string>
#include <utility>

#include "kernel/v1/error.pb.h"
#include "services/kernel/command.h"
#include "services/kernel/domain.h"

namespace rpc {

// Name of the trailer that carries a serialized kernel.v1.ErrorDetail.
inline constexpr char kErrorTrailer[] = "fengqiao-error-bin";

// What a query answers: fine, the domain's no, or the world's failure.
class Answer {
 public:
  Answer() = default;
  Answer(absl::Status status) : status_(std::move(status)) {}            // NOLINT(google-explicit-constructor)
  Answer(kernel::Refusal refusal) : refusal_(std::move(refusal)) {}      // NOLINT(google-explicit-constructor)
  bool ok() const { return status_.ok() && !refusal_; }
  const absl::Status& status() const { return status_; }
  const std::optional<kernel::Refusal>& refusal() const { return refusal_; }

 private:
  absl::Status status_;
  std::optional<kernel::Refusal> refusal_;
};

// A failed call, ready to be sent.
struct Failure {
  grpc::StatusCode code = grpc::StatusCode::UNKNOWN;
  kernel::v1::ErrorDetail detail;
};

Failure FailureOf(const kernel::Refusal& refusal);
// The message of `status` is shown only for codes that speak about the request (INVALID_ARGUMENT, NOT_FOUND, …).
Failure FailureOf(const absl::Status& status, int64_t retry_after_ms = 0);
Failure FailureOf(const Answer& answer);
Failure MakeFailure(grpc::StatusCode code, std::string reason, std::string message_zh, std::string message_en);
Failure Overloaded(int64_t retry_after_ms);

// The status line itself is English and short; people read the detail.
grpc::Status StatusOf(const Failure& failure);

// "PERMISSION_DENIED": the gRPC name, for logs and metrics.
std::string CodeName(grpc::StatusCode code);

}  // namespace rpc
