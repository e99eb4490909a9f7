#pragma once
// Removes files that nothing stands for any more: of uploads that ended, of blobs that expired. The log says so first;
// a file follows. Of a blob that is doubted it asks those who refer to documents in silence, and tells the domain what
// they said; when they cannot be asked, the blob's timer brings the question again. At start everything is looked at
// once, for what a crash left between the two: a blob without its record is only removed when it is old enough that
// nobody can be about to record it. The same look tells the services of blobs that lay here, referred to, before media
// told such things: once, since the blob then says so itself. One thread.

#include <absl/base/thread_annotations.h>
#include <absl/status/status.h>
#include <absl/synchronization/mutex.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "services/kernel/command.h"
#include "services/kernel/reader.h"
#include "services/media/blob_store.h"
#include "services/media/case_door.h"
#include "services/media/domain/media.h"
#include "services/media/staging.h"

namespace media {

inline constexpr int64_t kUnrecordedAgeS = 3600;
inline constexpr int64_t kAnyAgeS = -366 * int64_t{86'400};  // also of a file whose time lies ahead

class Janitor {
 public:
  using Read = std::function<kernel::Reader<MediaDomain>()>;
  Janitor(Read read, Staging* staging, BlobStore* blobs, const CaseDoor* door, kernel::CommandQueue* queue)
      : read_(std::move(read)), staging_(staging), blobs_(blobs), door_(door), queue_(queue) {}
  ~Janitor() { Stop(); }

  // Looks at everything, then follows the log from where it stands.
  void Start();
  void Wake();  // the log has grown; any thread
  void Stop();

  // The two halves of its work, for tests.
  absl::Status Sweep(int64_t unrecorded_age_s = kUnrecordedAgeS);
  absl::Status Follow(uint64_t* seq);  // up to the newest record

 private:
  void Run();
  absl::Status LookAt(const std::string& aggregate_id);
  absl::Status LookAtBlob(const std::string& aggregate_id, const std::string& sha256);
  absl::Status Decide(const std::string& blob_id, const std::string& sha256);
  absl::Status TellLate(const std::string& blob_id);
  absl::Status Submit(const std::string& blob_id, std::string name, std::unique_ptr<v1::Command> command);
  bool IsStopping();

  const Read read_;
  Staging* const staging_;
  BlobStore* const blobs_;
  const CaseDoor* const door_;
  kernel::CommandQueue* const queue_;
  absl::Mutex mutex_;
  bool woken_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;
  std::jthread thread_;
};

}  // namespace media
