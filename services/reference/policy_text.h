#pragma once
// Reads one file of a city's policies. What is wrong is said with file and line. Reads files; any thread.

#include <absl/status/status.h>
#include <google/protobuf/message.h>

#include <string>

namespace reference {

absl::Status ReadPolicyText(const std::string& path, google::protobuf::Message* message);

}  // namespace reference
