#pragma once
// Files whose bytes are sealed frame by frame, so that a file of any size is written and read in portions. Every file
// has its own key, wrapped by a key derived from the master key of the process; a frame is bound to its kind and its
// place, so none can be moved, doubled or left out unseen, and the last one says that it is the last.
//
//   file    "FQM1" profile(1) size(u16be) wrapped key; bound: "media file key"
//           frame*
//   frame   kind(1) size(u32be) sealed bytes; bound: kind number(u64be)
//           'd' up to 64 KiB of the content   'c' what came before counts (of an upload); seals nothing
//           'e' the end (of a blob); seals the size of the content, u64be
//
// One thread a file. Sealing: services/rpc/cipher.h.

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "services/rpc/cipher.h"

namespace media {

inline constexpr size_t kFrameBytes = 64 << 10;

// What wraps the keys of files.
class FileKeys {
 public:
  // REQUIRES: a master key of 32 bytes.
  FileKeys(rpc::CipherProfile profile, std::string_view master_key);
  static absl::StatusOr<FileKeys> FromFile(rpc::CipherProfile profile, const std::string& master_key_file);

  struct Fresh {
    std::string header;
    std::string key;
  };
  Fresh Make() const;
  // DATA_LOSS: not a header, or of another master key.
  struct Opened {
    const rpc::Cipher* cipher = nullptr;
    std::string key;
    size_t header_size = 0;
  };
  absl::StatusOr<Opened> Open(std::string_view start) const;
  const rpc::Cipher& cipher() const { return *cipher_; }

 private:
  static std::string Derived(const rpc::Cipher& cipher, std::string_view master_key);
  std::string master_key_;
  const rpc::Cipher* cipher_;
};

// An open file descriptor.
class File {
 public:
  File() = default;
  explicit File(int fd) : fd_(fd) {}
  ~File();
  File(File&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  File& operator=(File&& other) noexcept;

  static absl::StatusOr<File> Open(const std::string& path, int flags);
  absl::Status WriteAt(uint64_t offset, std::string_view bytes);
  absl::StatusOr<std::string> ReadAt(uint64_t offset, size_t count) const;  // fewer at the end
  absl::Status Sync();
  absl::Status Cut(uint64_t size);
  absl::StatusOr<uint64_t> Size() const;

 private:
  int fd_ = -1;
};
absl::Status SyncFolder(const std::string& path);

struct Frame {
  char kind = 0;
  uint64_t file_offset = 0;     // of its head
  uint32_t sealed_size = 0;
  uint64_t content_offset = 0;  // of its first byte
  uint32_t content_size = 0;
};

class SealedFile {
 public:
  static absl::StatusOr<std::unique_ptr<SealedFile>> Create(const std::string& path, const FileKeys& keys);
  // Reads the heads of all frames; a frame that is not whole ends the list. NOT_FOUND, DATA_LOSS.
  static absl::StatusOr<std::unique_ptr<SealedFile>> Open(const std::string& path, const FileKeys& keys, bool write);

  const std::vector<Frame>& frames() const { return frames_; }
  uint64_t content_size() const;
  // Content in frames of kFrameBytes; the last may be shorter.
  absl::Status Append(std::string_view content);
  absl::Status AppendMark(char kind, std::string_view sealed);
  absl::Status Sync() { return file_.Sync(); }
  // Forgets the frames from number `count` on.
  absl::Status CutTo(size_t count);
  // DATA_LOSS: changed or moved.
  absl::StatusOr<std::string> ReadFrame(size_t number) const;

 private:
  SealedFile() = default;
  uint64_t end() const;
  void NextFrame(char kind, std::string_view content, std::string* out);
  static std::string Bound(char kind, size_t number);

  File file_;
  const rpc::Cipher* cipher_ = nullptr;
  std::string key_;
  size_t header_size_ = 0;
  std::vector<Frame> frames_;
};

}  // namespace media
