#pragma once
// Uploads while they grow: one sealed file each (`staging/<upload id>`). How far an upload is, is what its file says:
// the bytes before its last mark. Acknowledged means synced. What comes without a mark (the parts of one request,
// before its checksum was compared) is forgotten when the process ends or the next part does not fit.
//
// Any thread; calls about one upload wait for each other, those about different ones do not.

#include <absl/base/thread_annotations.h>
#include <absl/status/statusor.h>
#include <absl/synchronization/mutex.h>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.h"
#include "services/kernel/domain.h"
#include "services/media/content/source.h"
#include "services/media/sealed_file.h"

namespace media {

inline constexpr size_t kStagedOpenMax = 256;  // files held open

struct StagedPart {
  uint64_t offset = 0;
  std::string_view data;
  bool more = false;
  std::string_view checksum_algorithm;
  std::string_view checksum;
};

class Staging {
 public:
  // One upload, held by whoever works on it.
  struct Open {
    absl::Mutex mutex;
    std::unique_ptr<SealedFile> file ABSL_GUARDED_BY(mutex);  // null: nothing has come yet
    uint64_t counted ABSL_GUARDED_BY(mutex) = 0;              // bytes before the last mark
    std::optional<base::Digest> digest ABSL_GUARDED_BY(mutex);  // of what came since
    std::string algorithm ABSL_GUARDED_BY(mutex);
  };

  // Makes the folder. `folder` must be on the same file system as the store.
  static absl::StatusOr<std::unique_ptr<Staging>> Make(const std::string& folder, FileKeys keys);

  // What has arrived of upload `id`, after `part` was added. A refusal leaves everything as it was counted.
  struct Added {
    uint64_t offset = 0;
    std::optional<kernel::Refusal> refusal;
  };
  absl::StatusOr<Added> Add(const std::string& id, uint64_t length, const StagedPart& part);
  absl::StatusOr<uint64_t> OffsetOf(const std::string& id);
  // Runs `work` with the whole upload as a source, while nobody else touches it. NOT_FOUND if nothing has come.
  absl::Status With(const std::string& id, const std::function<absl::Status(Source&)>& work);
  absl::Status Remove(const std::string& id);
  absl::StatusOr<std::vector<std::string>> Ids() const;  // that have a file

 private:
  Staging(std::string folder, FileKeys keys) : folder_(std::move(folder)), keys_(std::move(keys)) {}
  absl::StatusOr<std::shared_ptr<Open>> Hold(const std::string& id);
  absl::Status Load(const std::string& id, Open* open) ABSL_EXCLUSIVE_LOCKS_REQUIRED(open->mutex);
  static absl::Status Forget(Open* open) ABSL_EXCLUSIVE_LOCKS_REQUIRED(open->mutex);
  absl::StatusOr<std::optional<kernel::Refusal>> Write(const std::string& id, const StagedPart& part, Open* open)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(open->mutex);
  std::string PathOf(const std::string& id) const { return folder_ + "/" + id; }

  const std::string folder_;
  const FileKeys keys_;
  absl::Mutex mutex_;
  std::map<std::string, std::shared_ptr<Open>> open_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace media
