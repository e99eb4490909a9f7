#include "services/media/sealed_file.h"

#include <absl/strings/str_cat.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "base/check.h"
#include "base/coding.h"
#include "base/crypto.h"
#include "base/random.h"
#include "base/status_macros.h"
#include "services/rpc/file.h"

namespace media {
namespace {

constexpr std::string_view kMagic = "FQM1";
constexpr std::string_view kKeyBound = "media file key";
constexpr size_t kStartBytes = 7;         // before the wrapped key
constexpr size_t kHeaderBytesMax = 512;
constexpr size_t kFrameHeadBytes = 5;
constexpr size_t kSealOverheadMax = 64;
constexpr size_t kMasterFileMax = 1024;

absl::Status Failed(std::string_view what, const std::string& path = "") {
  const int error = errno;
  const std::string text = absl::StrCat("cannot ", std::string(what), " ", path, ": ", std::strerror(error));
  if (error == ENOENT) return absl::NotFoundError(text);
  return error == ENOSPC || error == EDQUOT ? absl::ResourceExhaustedError(text) : absl::UnavailableError(text);
}

}  // namespace

FileKeys::FileKeys(rpc::CipherProfile profile, std::string_view master_key)
    : master_key_(master_key), cipher_(rpc::CipherFor(profile)) {
  CHECK(cipher_ != nullptr && master_key.size() == rpc::kCipherKeySize);
}

absl::StatusOr<FileKeys> FileKeys::FromFile(rpc::CipherProfile profile, const std::string& master_key_file) {
  ASSIGN_OR_RETURN(std::string text, rpc::ReadSecretFile(master_key_file, kMasterFileMax));
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  const auto key = base::FromBase64(text);
  if (!key || key->size() != rpc::kCipherKeySize) {
    return absl::InvalidArgumentError(
        absl::StrCat("cannot use ", master_key_file, ": must be ", rpc::kCipherKeySize, " bytes in base64"));
  }
  return FileKeys(profile, *key);
}

std::string FileKeys::Derived(const rpc::Cipher& cipher, std::string_view master_key) {
  return cipher.Mac(master_key, "media files");
}

FileKeys::Fresh FileKeys::Make() const {
  Fresh fresh;
  fresh.key = base::SecureBytes(rpc::kCipherKeySize);
  const std::string wrapped = cipher_->Seal(Derived(*cipher_, master_key_), fresh.key, kKeyBound);
  fresh.header = std::string(kMagic);
  base::AppendU8(&fresh.header, static_cast<uint8_t>(cipher_->profile()));
  base::AppendU16(&fresh.header, static_cast<uint16_t>(wrapped.size()));
  fresh.header += wrapped;
  return fresh;
}

absl::StatusOr<FileKeys::Opened> FileKeys::Open(std::string_view start) const {
  if (start.size() < kStartBytes || !start.starts_with(kMagic)) return absl::DataLossError("not a file of media");
  Opened opened;
  const auto profile = static_cast<uint8_t>(start[4]);
  if (profile == 1 || profile == 2) opened.cipher = rpc::CipherFor(static_cast<rpc::CipherProfile>(profile));
  const size_t size = static_cast<size_t>(static_cast<uint8_t>(start[5])) << 8 | static_cast<uint8_t>(start[6]);
  if (opened.cipher == nullptr || start.size() - kStartBytes < size) return absl::DataLossError("a damaged header");
  auto key = opened.cipher->Open(Derived(*opened.cipher, master_key_), start.substr(kStartBytes, size), kKeyBound);
  if (!key) return absl::DataLossError("the key of a file does not open: damaged, or of another master key");
  opened.key = *std::move(key);
  opened.header_size = kStartBytes + size;
  return opened;
}

File::~File() {
  if (fd_ >= 0) ::close(fd_);
}

File& File::operator=(File&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

absl::StatusOr<File> File::Open(const std::string& path, int flags) {
  const int fd = ::open(path.c_str(), flags | O_CLOEXEC, 0600);
  if (fd < 0) return Failed("open", path);
  return File(fd);
}

absl::Status File::WriteAt(uint64_t offset, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::pwrite(fd_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return Failed("write");
    bytes.remove_prefix(static_cast<size_t>(n));
    offset += static_cast<uint64_t>(n);
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> File::ReadAt(uint64_t offset, size_t count) const {
  std::string out(count, '\0');
  size_t done = 0;
  while (done < count) {
    const ssize_t n = ::pread(fd_, out.data() + done, count - done, static_cast<off_t>(offset + done));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return Failed("read");
    if (n == 0) break;
    done += static_cast<size_t>(n);
  }
  out.resize(done);
  return out;
}

absl::Status File::Sync() { return ::fdatasync(fd_) == 0 ? absl::OkStatus() : Failed("sync"); }

absl::Status File::Cut(uint64_t size) {
  return ::ftruncate(fd_, static_cast<off_t>(size)) == 0 ? absl::OkStatus() : Failed("cut");
}

absl::StatusOr<uint64_t> File::Size() const {
  struct stat about {};
  if (::fstat(fd_, &about) != 0) return Failed("look at");
  return static_cast<uint64_t>(about.st_size);
}

absl::Status SyncFolder(const std::string& path) {
  ASSIGN_OR_RETURN(File folder, File::Open(path, O_RDONLY | O_DIRECTORY));
  return folder.Sync();
}

absl::StatusOr<std::unique_ptr<SealedFile>> SealedFile::Create(const std::string& path, const FileKeys& keys) {
  std::unique_ptr<SealedFile> made(new SealedFile);
  ASSIGN_OR_RETURN(made->file_, File::Open(path, O_RDWR | O_CREAT | O_TRUNC));
  FileKeys::Fresh fresh = keys.Make();
  RETURN_IF_ERROR(made->file_.WriteAt(0, fresh.header));
  made->cipher_ = &keys.cipher();
  made->key_ = std::move(fresh.key);
  made->header_size_ = fresh.header.size();
  return made;
}

absl::StatusOr<std::unique_ptr<SealedFile>> SealedFile::Open(const std::string& path, const FileKeys& keys,
                                                             bool write) {
  std::unique_ptr<SealedFile> made(new SealedFile);
  ASSIGN_OR_RETURN(made->file_, File::Open(path, write ? O_RDWR : O_RDONLY));
  ASSIGN_OR_RETURN(const std::string start, made->file_.ReadAt(0, kHeaderBytesMax));
  ASSIGN_OR_RETURN(FileKeys::Opened opened, keys.Open(start));
  made->cipher_ = opened.cipher;
  made->key_ = std::move(opened.key);
  made->header_size_ = opened.header_size;
  ASSIGN_OR_RETURN(const uint64_t size, made->file_.Size());
  const size_t overhead = made->cipher_->Seal(made->key_, "", "").size();
  uint64_t content = 0;
  for (uint64_t at = made->header_size_; at + kFrameHeadBytes <= size;) {
    ASSIGN_OR_RETURN(const std::string head, made->file_.ReadAt(at, kFrameHeadBytes));
    if (head.size() < kFrameHeadBytes) break;
    std::string_view number = std::string_view(head).substr(1);
    Frame frame{head[0], at, 0, content, 0};
    if (!base::ReadU32(&number, &frame.sealed_size)) break;
    const bool possible = frame.sealed_size >= overhead && frame.sealed_size <= kFrameBytes + kSealOverheadMax;
    if (!possible || frame.sealed_size > size - at - kFrameHeadBytes) break;
    if (frame.kind == 'd') frame.content_size = static_cast<uint32_t>(frame.sealed_size - overhead);
    content += frame.content_size;
    at += kFrameHeadBytes + frame.sealed_size;
    made->frames_.push_back(frame);
  }
  return made;
}

uint64_t SealedFile::content_size() const {
  return frames_.empty() ? 0 : frames_.back().content_offset + frames_.back().content_size;
}

uint64_t SealedFile::end() const {
  return frames_.empty() ? header_size_ : frames_.back().file_offset + kFrameHeadBytes + frames_.back().sealed_size;
}

std::string SealedFile::Bound(char kind, size_t number) {
  std::string bound(1, kind);
  base::AppendU64(&bound, number);
  return bound;
}

void SealedFile::NextFrame(char kind, std::string_view content, std::string* out) {
  const std::string sealed = cipher_->Seal(key_, content, Bound(kind, frames_.size()));
  Frame frame{kind, end(), static_cast<uint32_t>(sealed.size()), content_size(), 0};
  if (kind == 'd') frame.content_size = static_cast<uint32_t>(content.size());
  out->push_back(kind);
  base::AppendU32(out, frame.sealed_size);
  *out += sealed;
  frames_.push_back(frame);
}

absl::Status SealedFile::Append(std::string_view content) {
  const size_t before = frames_.size();
  const uint64_t at = end();
  std::string bytes;
  for (; !content.empty(); content.remove_prefix(std::min(content.size(), kFrameBytes))) {
    NextFrame('d', content.substr(0, kFrameBytes), &bytes);
  }
  absl::Status written = file_.WriteAt(at, bytes);
  if (!written.ok()) frames_.resize(before);
  return written;
}

absl::Status SealedFile::AppendMark(char kind, std::string_view sealed) {
  const uint64_t at = end();
  std::string bytes;
  NextFrame(kind, sealed, &bytes);
  absl::Status written = file_.WriteAt(at, bytes);
  if (!written.ok()) frames_.pop_back();
  return written;
}

absl::Status SealedFile::CutTo(size_t count) {
  if (count < frames_.size()) frames_.resize(count);
  return file_.Cut(end());
}

absl::StatusOr<std::string> SealedFile::ReadFrame(size_t number) const {
  const Frame& frame = frames_[number];
  ASSIGN_OR_RETURN(const std::string sealed, file_.ReadAt(frame.file_offset + kFrameHeadBytes, frame.sealed_size));
  auto content = cipher_->Open(key_, sealed, Bound(frame.kind, number));
  if (!content) return absl::DataLossError("a frame of a file of media was changed");
  return *std::move(content);
}

}  // namespace media
