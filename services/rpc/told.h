#pragma once
// A status that brings its own reason and words, for what is neither the domain's no nor a fault of the machine: a
// credential that is not accepted. FailureOf (errors.h) tells them as they are. The words travel as the status'
// payload, under the type URL of kernel.v1.ErrorDetail. Any thread.

#include <absl/status/status.h>

#include <string>

namespace rpc {

// `reason` is stable, UPPER_SNAKE; the words are one sentence each, for people, without personal data.
absl::Status Told(absl::StatusCode code, std::string reason, std::string message_zh, std::string message_en);

}  // namespace rpc
