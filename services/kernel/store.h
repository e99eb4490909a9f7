#pragma once
// A service's data directory, opened the one way all services open it:
//
//   DIRECTORY/db          the database
//   DIRECTORY/in_flight   what is being decided (quarantine.h)

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <functional>
#include <memory>
#include <string>

#include "storage/kv.h"

namespace kernel {

struct Store {
  std::unique_ptr<storage::Kv> kv;
  std::string crash_marker_path;
  std::function<absl::Status()> check_space;                              // storage/space_guard.h
  std::function<absl::Status(const std::string& directory)> checkpoint;  // while the service runs; valid while kv is
};

// Makes the directory if it is not there.
absl::StatusOr<Store> OpenStore(const std::string& directory);

}  // namespace kernel
