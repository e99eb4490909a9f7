#include "services/media/blob_store.h"

#include <absl/strings/str_cat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "base/check.h"
#include "base/coding.h"
#include "base/crypto.h"
#include "base/status_macros.h"
#include "services/media/domain/media.h"

namespace media {
namespace {

namespace fs = std::filesystem;

absl::Status MakeFolder(const std::string& path) {
  std::error_code error;
  fs::create_directories(path, error);
  return error ? absl::UnavailableError(absl::StrCat("cannot make ", path, ": ", error.message())) : absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::string> BlobReader::Next(size_t at_least) {
  std::string out;
  while (!done_ && out.size() < at_least) {
    if (frame_ >= file_->frames().size()) return absl::DataLossError("a blob has no end");
    ASSIGN_OR_RETURN(std::string content, file_->ReadFrame(frame_));
    const Frame& frame = file_->frames()[frame_++];
    if (frame.kind == 'e') {
      std::string_view number = content;
      uint64_t size = 0;
      if (!base::ReadU64(&number, &size) || size != file_->content_size()) return absl::DataLossError("a cut blob");
      done_ = true;
      RETURN_IF_ERROR(Compare());
    } else {
      digest_.Update(content);
      out += content;
    }
  }
  return out;
}

absl::Status BlobReader::Compare() {
  if (base::Hex(digest_.Finish()) == sha256_) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat("the content of blob ", sha256_, " has another digest"));
}

absl::StatusOr<std::unique_ptr<BlobStore>> BlobStore::Make(const std::string& folder, FileKeys keys) {
  // What was being written when the process ended is nobody's.
  std::error_code ignored;
  fs::remove_all(folder + "/new", ignored);
  RETURN_IF_ERROR(MakeFolder(folder + "/new"));
  std::unique_ptr<BlobStore> store(new BlobStore(folder, std::move(keys)));
  // A wrong master key would seal what the right one cannot open: one file says which key is the right one.
  const std::string proof = folder + "/key";
  auto known = SealedFile::Open(proof, store->keys_, false);
  if (absl::IsNotFound(known.status())) {
    ASSIGN_OR_RETURN(auto made, SealedFile::Create(proof, store->keys_));
    RETURN_IF_ERROR(made->Sync());
    RETURN_IF_ERROR(SyncFolder(folder));
  } else if (!known.ok()) {
    return absl::FailedPreconditionError(
        absl::StrCat("cannot open ", folder, " with this master key: ", known.status().message()));
  }
  return store;
}

std::string BlobStore::FolderOf(std::string_view sha256) const {
  CHECK(IsDigest(sha256));
  return absl::StrCat(folder_, "/", std::string(sha256.substr(0, 2)), "/", std::string(sha256.substr(2, 2)));
}

absl::StatusOr<BlobStore::Written> BlobStore::Write(Source& source, const Pieces& pieces,
                                                    std::string_view unique_name) {
  Written written;
  written.path = absl::StrCat(folder_, "/new/", std::string(unique_name));
  ASSIGN_OR_RETURN(auto file, SealedFile::Create(written.path, keys_));
  base::Digest digest;
  std::string held;
  const auto flush = [&](size_t below) -> absl::Status {  // whole frames only, but for the last
    while (held.size() > below) {
      const size_t size = std::min(held.size(), kFrameBytes);
      RETURN_IF_ERROR(file->Append(std::string_view(held).substr(0, size)));
      held.erase(0, size);
    }
    return absl::OkStatus();
  };
  for (const Piece& piece : pieces) {
    if (piece.length == 0) {
      digest.Update(piece.text);
      held += piece.text;
    }
    for (uint64_t at = 0; at < piece.length;) {
      const std::string bytes = source.Read(piece.offset + at, std::min<uint64_t>(kFrameBytes, piece.length - at));
      if (bytes.empty()) return absl::DataLossError("a staged upload cannot be read");
      digest.Update(bytes);
      held += bytes;
      at += bytes.size();
      RETURN_IF_ERROR(flush(kFrameBytes));
    }
    RETURN_IF_ERROR(flush(kFrameBytes));
  }
  RETURN_IF_ERROR(flush(0));
  written.bytes = file->content_size();
  std::string size;
  base::AppendU64(&size, written.bytes);
  RETURN_IF_ERROR(file->AppendMark('e', size));
  RETURN_IF_ERROR(file->Sync());
  written.sha256 = base::Hex(digest.Finish());
  return written;
}

absl::Status BlobStore::Keep(const Written& written, const std::function<absl::Status()>& record) {
  const std::string folder = FolderOf(written.sha256);
  absl::MutexLock lock(&LockOf(written.sha256));
  const bool is_new = !fs::exists(folder);
  RETURN_IF_ERROR(MakeFolder(folder));
  const std::string path = absl::StrCat(folder, "/", written.sha256);
  if (std::rename(written.path.c_str(), path.c_str()) != 0) {
    return absl::UnavailableError(absl::StrCat("cannot rename to ", path, ": ", std::strerror(errno)));
  }
  RETURN_IF_ERROR(SyncFolder(folder));
  if (is_new) {
    RETURN_IF_ERROR(SyncFolder(fs::path(folder).parent_path().string()));
    RETURN_IF_ERROR(SyncFolder(folder_));
  }
  return record();
}

void BlobStore::Discard(const Written& written) { ::unlink(written.path.c_str()); }

absl::Status BlobStore::Remove(std::string_view sha256, const std::function<absl::StatusOr<bool>()>& is_gone) {
  const std::string path = absl::StrCat(FolderOf(sha256), "/", std::string(sha256));
  absl::MutexLock lock(&LockOf(sha256));
  ASSIGN_OR_RETURN(const bool gone, is_gone());
  if (!gone || ::unlink(path.c_str()) == 0 || errno == ENOENT) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat("cannot remove ", path, ": ", std::strerror(errno)));
}

absl::StatusOr<std::unique_ptr<BlobReader>> BlobStore::Read(std::string_view sha256) const {
  const std::string path = absl::StrCat(FolderOf(sha256), "/", std::string(sha256));
  ASSIGN_OR_RETURN(auto file, SealedFile::Open(path, keys_, false));
  return std::unique_ptr<BlobReader>(new BlobReader(std::move(file), std::string(sha256)));
}

absl::Status BlobStore::ForEachOlder(int64_t age_s,
                                     const std::function<absl::Status(const std::string& sha256)>& each) const {
  std::error_code error;
  const auto limit = fs::file_time_type::clock::now() - std::chrono::seconds(age_s);
  for (auto at = fs::recursive_directory_iterator(folder_, error); !error && at != fs::recursive_directory_iterator();
       at.increment(error)) {
    const std::string name = at->path().filename().string();
    std::error_code gone;
    if (!IsDigest(name) || !at->is_regular_file(gone) || at->last_write_time(gone) > limit || gone) continue;
    RETURN_IF_ERROR(each(name));
  }
  return error ? absl::UnavailableError(absl::StrCat("cannot list ", folder_, ": ", error.message()))
               : absl::OkStatus();
}

}  // namespace media
