#include "storage/backup.h"

#include <absl/strings/str_cat.h>

#include <filesystem>
#include <system_error>

#include "base/status_macros.h"
#include "storage/format.h"
#include "storage/rocks_kv.h"

namespace storage {
namespace {

absl::Status CheckNew(const std::string& directory) {
  std::error_code error;
  if (!std::filesystem::exists(directory, error)) return absl::OkStatus();
  return absl::AlreadyExistsError(
      absl::StrCat("cannot write to ", directory, ": it exists; name a new directory"));
}

// A database that is not there must not come into being because somebody wanted to copy it.
absl::Status CheckThere(const std::string& directory) {
  std::error_code error;
  if (std::filesystem::exists(directory + "/CURRENT", error)) return absl::OkStatus();
  return absl::NotFoundError(absl::StrCat("cannot open ", directory, ": there is no database"));
}

}  // namespace

absl::Status Backup(const std::string& from, const std::string& to) {
  RETURN_IF_ERROR(CheckThere(from));
  RETURN_IF_ERROR(CheckNew(to));
  ASSIGN_OR_RETURN(const auto kv, RocksKv::Open(from, {}));
  ASSIGN_OR_RETURN(const auto format, ReadFormat(*kv));
  return kv->Checkpoint(to);
}

absl::StatusOr<LogReport> VerifyDatabase(const std::string& directory) {
  RETURN_IF_ERROR(CheckThere(directory));
  RocksKv::Options options;
  options.read_only = true;
  ASSIGN_OR_RETURN(const auto kv, RocksKv::Open(directory, options));
  ASSIGN_OR_RETURN(const auto format, ReadFormat(*kv));
  RETURN_IF_ERROR(kv->VerifyChecksums());
  ASSIGN_OR_RETURN(auto report, CheckLog(*kv));
  if (report.first_bad_seq != 0) {
    return absl::DataLossError(absl::StrCat("the log of ", directory, " does not hold at entry ",
                                            report.first_bad_seq, ": ", report.problem));
  }
  return report;
}

absl::StatusOr<kernel::v1::Format> Restore(const std::string& backup, const std::string& to) {
  RETURN_IF_ERROR(CheckNew(to));
  ASSIGN_OR_RETURN(const auto report, VerifyDatabase(backup));
  std::error_code error;
  std::filesystem::create_directories(to, error);
  if (!error) std::filesystem::copy(backup, to, std::filesystem::copy_options::recursive, error);
  if (error)
    return absl::InternalError(absl::StrCat("cannot copy ", backup, " to ", to, ": ", error.message()));
  ASSIGN_OR_RETURN(const auto kv, RocksKv::Open(to, {}));
  return RaiseEpoch(*kv);
}

}  // namespace storage
