#pragma once
// Whole files under the SHA-256 of their content: `blobs/ab/cd/<64 hex>`, sealed (sealed_file.h). A file is written
// beside the store, synced, renamed into its place, and its folders are synced: under its name it is whole or not
// there. Any thread; the same content may be put by two at one time.

#include <absl/status/status.h>
#include <absl/status/statusor.h>
#include <absl/synchronization/mutex.h>

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.h"
#include "services/media/content/clean.h"
#include "services/media/content/source.h"
#include "services/media/sealed_file.h"

namespace media {

// Content in the order of its bytes. At the end the digest is compared: what was changed on the disk ends in DATA_LOSS,
// never in a file that looks whole.
class BlobReader {
 public:
  // About `at_least` bytes; empty: the end.
  absl::StatusOr<std::string> Next(size_t at_least);

 private:
  friend class BlobStore;
  BlobReader(std::unique_ptr<SealedFile> file, std::string sha256)
      : file_(std::move(file)), sha256_(std::move(sha256)) {}
  absl::Status Compare();

  const std::unique_ptr<SealedFile> file_;
  const std::string sha256_;
  base::Digest digest_;
  size_t frame_ = 0;
  bool done_ = false;
};

class BlobStore {
 public:
  static absl::StatusOr<std::unique_ptr<BlobStore>> Make(const std::string& folder, FileKeys keys);

  // Writes what `pieces` name of `source`; not yet under its name. The digest is of the bytes as written.
  struct Written {
    std::string sha256;
    uint64_t bytes = 0;
    std::string path;
  };
  absl::StatusOr<Written> Write(Source& source, const Pieces& pieces, std::string_view unique_name);
  // Gives it its name, then runs `record`. Nobody removes the blob meanwhile. On an error the file may stay: the sweep
  // finds it.
  absl::Status Keep(const Written& written, const std::function<absl::Status()>& record);
  void Discard(const Written& written);
  // Removes the blob if `is_gone`, asked while nobody keeps it anew, says so.
  absl::Status Remove(std::string_view sha256, const std::function<absl::StatusOr<bool>()>& is_gone);

  absl::StatusOr<std::unique_ptr<BlobReader>> Read(std::string_view sha256) const;  // NOT_FOUND

  // For the sweep: calls `each` with every digest whose file is older than `age_s`.
  absl::Status ForEachOlder(int64_t age_s, const std::function<absl::Status(const std::string& sha256)>& each) const;

 private:
  BlobStore(std::string folder, FileKeys keys) : folder_(std::move(folder)), keys_(std::move(keys)) {}
  std::string FolderOf(std::string_view sha256) const;
  absl::Mutex& LockOf(std::string_view sha256) { return locks_[static_cast<size_t>(sha256[0]) % locks_.size()]; }

  const std::string folder_;
  const FileKeys keys_;
  std::array<absl::Mutex, 64> locks_;
};

}  // namespace media
