#pragma once
// Small files: keys, certificates, configuration. Any thread. Contents never appear in an error text.

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <string>
#include <string_view>

namespace rpc {

absl::StatusOr<std::string> ReadFile(const std::string& path, size_t bytes_max);

// The same, and refuses a file that the group or the world may read.
absl::StatusOr<std::string> ReadSecretFile(const std::string& path, size_t bytes_max);

// Writes beside it and renames, mode 0600, so that a reader never sees half a file.
absl::Status WriteFile(const std::string& path, std::string_view content, int mode = 0600);

}  // namespace rpc
