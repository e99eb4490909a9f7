#pragma once
// What people may ask of media: to add to an upload, to know how it is, to have bytes. Runs on the query pool and waits
// for the disk. An upload that is whole is looked at, cleaned, kept under its digest and only then recorded; if the
// process ends in between, the next look at the upload does it again.

#include <absl/status/statusor.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "google/api/httpbody.pb.h"
#include "media/v1/api.pb.h"
#include "services/kernel/command.h"
#include "services/kernel/reader.h"
#include "services/media/blob_store.h"
#include "services/media/case_door.h"
#include "services/media/domain/media.h"
#include "services/media/staging.h"
#include "services/rpc/access.h"
#include "services/rpc/server.h"

namespace media {

struct DeskParts {
  std::function<kernel::Reader<MediaDomain>()> read;
  kernel::CommandQueue* queue = nullptr;
  Staging* staging = nullptr;
  BlobStore* blobs = nullptr;
  const CaseDoor* door = nullptr;
  Terms terms;
  std::function<absl::Status()> check_space = [] { return absl::OkStatus(); };
};

class Desk {
 public:
  explicit Desk(DeskParts parts) : parts_(std::move(parts)) {}

  rpc::Answer Append(const rpc::Caller& caller, const v1::AppendUploadRequest& request, v1::Upload* upload) const;
  rpc::Answer Get(const rpc::Caller& caller, const v1::GetUploadRequest& request, v1::Upload* upload) const;
  rpc::Answer ReadUpload(const rpc::Caller& caller, const v1::ReadUploadRequest& request,
                         rpc::NextMessage<google::api::HttpBody>* next) const;
  rpc::Answer ReadDocument(const rpc::Caller& caller, const v1::ReadDocumentRequest& request,
                           rpc::NextMessage<google::api::HttpBody>* next) const;

 private:
  // An upload of the caller's; to others it does not exist.
  absl::StatusOr<std::optional<v1::UploadState>> OwnUpload(const rpc::Caller& caller, const std::string& id) const;
  // One of these (naming.h) uploaded it, less than a week before the matter named it or at any time after.
  absl::StatusOr<bool> Uploaded(const std::vector<std::string>& marks, const std::string& sha256,
                                int64_t named_at_ms) const;
  rpc::Answer Show(const rpc::Caller& caller, const std::string& id, v1::Upload* upload) const;
  // Ends an upload that is whole.
  rpc::Answer Finish(const rpc::Caller& caller, const std::string& id) const;
  absl::StatusOr<std::optional<kernel::Refusal>> Take(const rpc::Caller& caller, const std::string& id,
                                                      Source& source) const;
  kernel::Outcome Tell(const rpc::Caller& caller, const std::string& id, v1::Command command) const;
  rpc::Answer Stream(const v1::Stored& stored, rpc::NextMessage<google::api::HttpBody>* next) const;

  const DeskParts parts_;
};

}  // namespace media
