#pragma once
// Reads the configuration of a process. Everything wrong is said with the place in the file, or the name of the field.

#include <absl/status/statusor.h>

#include <string>
#include <string_view>

#include "rpc/v1/config.pb.h"

namespace rpc {

// Parses and checks; `service` is the name this program was built for.
absl::StatusOr<v1::Process> LoadProcess(const std::string& path, std::string_view service);
absl::StatusOr<v1::Process> ParseProcess(const std::string& text, std::string_view service);

// The whole configuration as it is in force, for the log. It holds no secrets, only paths of them.
std::string Shown(const v1::Process& process);

}  // namespace rpc
