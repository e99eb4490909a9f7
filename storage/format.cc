#include "storage/format.h"

#include <absl/strings/str_cat.h>

#include "base/status_macros.h"
#include "storage/keys.h"

namespace storage {
namespace {

absl::Status Write(Kv& kv, const kernel::v1::Format& format) {
  Batch batch;
  batch.Put(KeySpace::kMeta, std::string(kFormatKey), format.SerializeAsString());
  return kv.Commit(batch, Durability::kSynced);
}

absl::Status CheckEmpty(const View& view) {
  for (size_t i = 0; i < kKeySpaceNames.size(); ++i) {
    bool any = false;
    RETURN_IF_ERROR(view.Scan(static_cast<KeySpace>(i), "", "", [&](std::string_view, std::string_view) {
      any = true;
      return false;
    }));
    if (any) {
      return absl::DataLossError(absl::StrCat("cannot open the database: it holds records in '",
                                              std::string(kKeySpaceNames[i]), "' but no format record"));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<kernel::v1::Format> ReadFormat(const View& view) {
  ASSIGN_OR_RETURN(const auto stored, view.Get(KeySpace::kMeta, kFormatKey));
  if (!stored) {
    RETURN_IF_ERROR(CheckEmpty(view));
    return absl::NotFoundError("the database is empty");
  }
  kernel::v1::Format format;
  if (!format.ParseFromString(*stored)) {
    return absl::DataLossError("cannot open the database: its format record is damaged");
  }
  if (format.version() != kFormatVersion) {
    return absl::FailedPreconditionError(
        absl::StrCat("cannot open the database: it has format ", format.version(),
                     ", this program reads and writes format ", kFormatVersion,
                     "; start the program that wrote it, or migrate a copy (docs/ON_DISK.md)"));
  }
  return format;
}

absl::Status CheckFormat(const View& view, std::string_view service) {
  const auto format = ReadFormat(view);
  if (absl::IsNotFound(format.status())) return absl::OkStatus();
  if (format.ok() && format->service() != service) {
    return absl::FailedPreconditionError(absl::StrCat("cannot open the database: it belongs to the service '",
                                                      format->service(), "', this is '", std::string(service),
                                                      "'; check the configured data directory"));
  }
  return format.status();
}

absl::StatusOr<kernel::v1::Format> OpenFormat(Kv& kv, std::string_view service, const FormatTypes& types,
                                              std::string_view fresh_log_id) {
  RETURN_IF_ERROR(CheckFormat(kv, service));
  auto found = ReadFormat(kv);
  kernel::v1::Format format;
  if (found.ok()) {
    format = *std::move(found);
  } else if (!absl::IsNotFound(found.status())) {
    return found.status();
  } else {
    format.set_version(kFormatVersion);
    format.set_service(std::string(service));
    format.set_log_id(std::string(fresh_log_id));
    format.set_epoch(1);
  }
  format.set_state_type(types.state);
  format.set_event_type(types.event);
  format.set_command_type(types.command);
  format.set_boots(format.boots() + 1);
  RETURN_IF_ERROR(Write(kv, format));
  return format;
}

absl::StatusOr<kernel::v1::Format> RaiseEpoch(Kv& kv) {
  ASSIGN_OR_RETURN(auto format, ReadFormat(kv));
  format.set_epoch(format.epoch() + 1);
  RETURN_IF_ERROR(Write(kv, format));
  return format;
}

}  // namespace storage
