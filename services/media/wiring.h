#pragma once
// Puts media together: the two folders of files, the desk, the janitor, and the channels to the case services. Lives as
// long as the process.

#include <absl/status/status.h>

#include <memory>

#include "services/media/blob_store.h"
#include "services/media/case_door.h"
#include "services/media/desk.h"
#include "services/media/janitor.h"
#include "services/media/staging.h"
#include "services/rpc/host.h"

namespace media {

class Wiring {
 public:
  absl::Status Setup(rpc::Host<MediaDomain>& host);
  absl::Status BeforeServing(rpc::Host<MediaDomain>& host);
  void BeforeStop();

 private:
  std::unique_ptr<Staging> staging_;
  std::unique_ptr<BlobStore> blobs_;
  std::unique_ptr<CaseDoor> door_;
  std::unique_ptr<Desk> desk_;
  std::unique_ptr<Janitor> janitor_;
};

// What the configuration says of sizes and times, over the defaults. An error names the field.
absl::StatusOr<Terms> TermsOf(const rpc::v1::Media& config);

}  // namespace media
