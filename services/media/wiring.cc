#include "services/media/wiring.h"

#include <absl/strings/str_cat.h>

#include <string>

#include "base/status_macros.h"
#include "services/rpc/case_calls.h"
#include "storage/space_guard.h"

namespace media {
namespace {

constexpr int64_t kHourMs = 3'600'000;
constexpr uint64_t kBytesMaxMax = 512 << 20;

absl::Status SetBytes(uint64_t configured, std::string_view field, uint64_t* bytes) {
  if (configured > kBytesMaxMax) {
    return absl::InvalidArgumentError(absl::StrCat("configuration, field `media.", std::string(field),
                                                   "`: at most ", kBytesMaxMax));
  }
  if (configured > 0) *bytes = configured;
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Terms> TermsOf(const rpc::v1::Media& config) {
  Terms terms;
  RETURN_IF_ERROR(SetBytes(config.photo_bytes_max(), "photo_bytes_max", &terms.photo_bytes_max));
  RETURN_IF_ERROR(SetBytes(config.voice_bytes_max(), "voice_bytes_max", &terms.voice_bytes_max));
  RETURN_IF_ERROR(SetBytes(config.paper_bytes_max(), "paper_bytes_max", &terms.paper_bytes_max));
  if (config.unlinked_hours() > kUnlinkedHoursMax) {
    return absl::InvalidArgumentError("configuration, field `media.unlinked_hours`: more than a year");
  }
  if (config.unlinked_hours() > 0) terms.unlinked_ms = config.unlinked_hours() * kHourMs;
  return terms;
}

absl::Status Wiring::Setup(rpc::Host<MediaDomain>& host) {
  const rpc::v1::Process& config = host.config();
  if (config.master_key_file().empty()) {
    return absl::InvalidArgumentError("configuration, field `master_key_file`: is missing");
  }
  const auto profile = config.vault_profile() == "sm4-sm3" ? rpc::CipherProfile::kSm4Sm3 : rpc::CipherProfile::kAesGcm;
  ASSIGN_OR_RETURN(const FileKeys keys, FileKeys::FromFile(profile, config.master_key_file()));
  ASSIGN_OR_RETURN(staging_, Staging::Make(config.data_dir() + "/staging", keys));
  ASSIGN_OR_RETURN(blobs_, BlobStore::Make(config.data_dir() + "/blobs", keys));
  door_ = std::make_unique<CaseDoor>(rpc::CallCases(config, config.media().case_service()));

  auto* service = &host.service();
  DeskParts parts;
  parts.read = [service] { return service->Read(); };
  parts.queue = service;
  parts.staging = staging_.get();
  parts.blobs = blobs_.get();
  parts.door = door_.get();
  ASSIGN_OR_RETURN(parts.terms, TermsOf(config.media()));
  parts.check_space = [directory = config.data_dir()] { return storage::CheckFreeSpace(directory); };
  desk_ = std::make_unique<Desk>(std::move(parts));
  janitor_ = std::make_unique<Janitor>([service] { return service->Read(); }, staging_.get(), blobs_.get(),
                                       door_.get(), service);
  service->AddWatch([this](uint64_t) { janitor_->Wake(); });

  const Desk* desk = desk_.get();
  using google::api::HttpBody;
  host.Query<v1::AppendUploadRequest, v1::Upload>(
      "AppendUpload", [desk](const auto& caller, const auto& request, auto* out) {
        return desk->Append(caller, request, out);
      });
  host.Query<v1::GetUploadRequest, v1::Upload>(
      "GetUpload", [desk](const auto& caller, const auto& request, auto* out) {
        return desk->Get(caller, request, out);
      });
  host.Stream<v1::ReadUploadRequest, HttpBody>(
      "ReadUpload", [desk](const auto& caller, const auto& request, auto* next) {
        return desk->ReadUpload(caller, request, next);
      });
  host.Stream<v1::ReadDocumentRequest, HttpBody>(
      "ReadDocument", [desk](const auto& caller, const auto& request, auto* next) {
        return desk->ReadDocument(caller, request, next);
      });
  return absl::OkStatus();
}

absl::Status Wiring::BeforeServing(rpc::Host<MediaDomain>&) {
  janitor_->Start();
  return absl::OkStatus();
}

void Wiring::BeforeStop() {
  if (janitor_) janitor_->Stop();
}

}  // namespace media
