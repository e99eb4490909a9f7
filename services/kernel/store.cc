#include "services/kernel/store.h"

#include <absl/strings/str_cat.h>

#include <filesystem>
#include <system_error>
#include <utility>

#include "base/status_macros.h"
#include "storage/rocks_kv.h"
#include "storage/space_guard.h"

namespace kernel {

absl::StatusOr<Store> OpenStore(const std::string& directory) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error)
    return absl::InternalError(absl::StrCat("cannot make the directory ", directory, ": ", error.message()));
  RETURN_IF_ERROR(storage::CheckFreeSpace(directory));
  ASSIGN_OR_RETURN(auto kv, storage::RocksKv::Open(directory + "/db", {}));
  Store store;
  store.checkpoint = [rocks = kv.get()](const std::string& to) { return rocks->Checkpoint(to); };
  store.crash_marker_path = directory + "/in_flight";
  store.check_space = [directory] { return storage::CheckFreeSpace(directory); };
  store.kv = std::move(kv);
  return store;
}

}  // namespace kernel
