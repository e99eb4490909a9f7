#include "services/media/staging.h"

#include <absl/strings/str_cat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include "base/crypto.h"
#include "base/ids.h"
#include "base/status_macros.h"
#include "services/media/domain/refusals.h"

namespace media {
namespace {

using kernel::Refusal, kernel::RefusalCode;

// The counted content of a sealed file, frame by frame; the frame last read is remembered.
class StagedSource final : public Source {
 public:
  StagedSource(const SealedFile& file, uint64_t size) : file_(file), size_(size) {}
  uint64_t size() const override { return size_; }
  std::string Read(uint64_t offset, size_t count) override {
    std::string out;
    while (out.size() < count && offset < size_) {
      const auto& frames = file_.frames();
      const auto after = std::ranges::upper_bound(frames, offset, {}, &Frame::content_offset);
      size_t number = static_cast<size_t>(after - frames.begin()) - 1;
      while (frames[number].content_size == 0 && number > 0) --number;  // a mark stands where the next content begins
      if (number != number_ || held_.empty()) {
        auto content = file_.ReadFrame(number);
        if (!content.ok()) break;
        held_ = *std::move(content);
        number_ = number;
      }
      const size_t inside = static_cast<size_t>(offset - frames[number].content_offset);
      if (inside >= held_.size()) break;
      const size_t wanted = std::min<uint64_t>(count - out.size(), size_ - offset);
      out.append(held_, inside, wanted);
      offset += std::min(wanted, held_.size() - inside);
    }
    return out;
  }

 private:
  const SealedFile& file_;
  const uint64_t size_;
  size_t number_ = 0;
  std::string held_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Staging>> Staging::Make(const std::string& folder, FileKeys keys) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return absl::UnavailableError(absl::StrCat("cannot make ", folder, ": ", error.message()));
  return std::unique_ptr<Staging>(new Staging(folder, std::move(keys)));
}

absl::StatusOr<std::shared_ptr<Staging::Open>> Staging::Hold(const std::string& id) {
  if (!base::IsUlid(id)) return absl::NotFoundError("no such upload");  // the name of a file is never what people say
  absl::MutexLock lock(&mutex_);
  if (const auto found = open_.find(id); found != open_.end()) return found->second;
  if (open_.size() >= kStagedOpenMax) {
    std::erase_if(open_, [](const auto& entry) { return entry.second.use_count() == 1; });
  }
  return open_[id] = std::make_shared<Open>();
}

absl::Status Staging::Load(const std::string& id, Open* open) {
  if (open->file != nullptr) return absl::OkStatus();
  auto file = SealedFile::Open(PathOf(id), keys_, true);
  if (absl::IsNotFound(file.status())) return absl::OkStatus();
  if (!file.ok()) return file.status();
  open->file = *std::move(file);
  return Forget(open);
}

// Back to the last mark.
absl::Status Staging::Forget(Open* open) {
  const auto& frames = open->file->frames();
  size_t kept = frames.size();
  while (kept > 0 && frames[kept - 1].kind != 'c') --kept;
  open->digest.reset();
  open->algorithm.clear();
  RETURN_IF_ERROR(open->file->CutTo(kept));
  open->counted = open->file->content_size();
  return absl::OkStatus();
}

absl::StatusOr<std::optional<Refusal>> Staging::Write(const std::string& id, const StagedPart& part, Open* open) {
  if (open->file == nullptr) {
    ASSIGN_OR_RETURN(open->file, SealedFile::Create(PathOf(id), keys_));
    RETURN_IF_ERROR(SyncFolder(folder_));
  }
  if (!part.checksum_algorithm.empty()) {
    if (!open->digest) {
      open->digest.emplace(part.checksum_algorithm == "sha1" ? base::Digest::Algorithm::kSha1
                                                             : base::Digest::Algorithm::kSha256);
      open->algorithm = std::string(part.checksum_algorithm);
    }
    open->digest->Update(part.data);
  }
  RETURN_IF_ERROR(open->file->Append(part.data));
  if (part.more) return std::optional<Refusal>();
  if (!part.checksum_algorithm.empty()) {
    const bool same = open->algorithm == part.checksum_algorithm &&
                      base::EqualInConstantTime(open->digest->Finish(), part.checksum);
    if (!same) {
      RETURN_IF_ERROR(Forget(open));
      return std::optional<Refusal>(Why(RefusalCode::kGuard, "CHECKSUM_MISMATCH"));
    }
  }
  open->digest.reset();
  RETURN_IF_ERROR(open->file->Sync());  // a mark on disk means that what it counts is there
  RETURN_IF_ERROR(open->file->AppendMark('c', ""));
  RETURN_IF_ERROR(open->file->Sync());
  open->counted = open->file->content_size();
  return std::optional<Refusal>();
}

absl::StatusOr<Staging::Added> Staging::Add(const std::string& id, uint64_t length, const StagedPart& part) {
  const std::string_view algorithm = part.checksum_algorithm;
  const size_t digest_size = algorithm == "sha1" ? 20 : 32;
  const bool known = algorithm.empty() || algorithm == "sha1" || algorithm == "sha256";
  if (!known || (!algorithm.empty() && !part.more && part.checksum.size() != digest_size)) {
    return Added{0, Why(RefusalCode::kInvalid, "CHECKSUM_UNKNOWN", "checksum")};
  }
  ASSIGN_OR_RETURN(const std::shared_ptr<Open> open, Hold(id));
  absl::MutexLock lock(&open->mutex);
  RETURN_IF_ERROR(Load(id, open.get()));
  // A part that begins where the upload counts begins anew; one that goes on where the last one ended goes on.
  const bool anew = part.offset == open->counted;
  if (anew && open->file != nullptr && open->file->content_size() > open->counted) {
    RETURN_IF_ERROR(Forget(open.get()));
  }
  const uint64_t at = open->file == nullptr ? 0 : open->file->content_size();
  if (part.offset != at) return Added{open->counted, Why(RefusalCode::kConflict, "OFFSET_CONFLICT", "offset")};
  if (part.data.size() > length - std::min(length, at)) {
    if (open->file != nullptr) RETURN_IF_ERROR(Forget(open.get()));
    return Added{open->counted, Why(RefusalCode::kLimit, "UPLOAD_TOO_LONG", "data")};
  }
  if (part.data.empty() && at == open->counted) return Added{open->counted, std::nullopt};
  auto refusal = Write(id, part, open.get());
  if (!refusal.ok()) {
    open->file.reset();  // read anew: what the disk holds is unknown
    return refusal.status();
  }
  return Added{part.more ? open->file->content_size() : open->counted, *std::move(refusal)};
}

absl::StatusOr<uint64_t> Staging::OffsetOf(const std::string& id) {
  ASSIGN_OR_RETURN(const std::shared_ptr<Open> open, Hold(id));
  absl::MutexLock lock(&open->mutex);
  RETURN_IF_ERROR(Load(id, open.get()));
  return open->counted;
}

absl::Status Staging::With(const std::string& id, const std::function<absl::Status(Source&)>& work) {
  ASSIGN_OR_RETURN(const std::shared_ptr<Open> open, Hold(id));
  absl::MutexLock lock(&open->mutex);
  RETURN_IF_ERROR(Load(id, open.get()));
  if (open->file == nullptr) return absl::NotFoundError("nothing has come of this upload");
  StagedSource source(*open->file, open->counted);
  return work(source);
}

absl::Status Staging::Remove(const std::string& id) {
  ASSIGN_OR_RETURN(const std::shared_ptr<Open> open, Hold(id));
  {
    absl::MutexLock lock(&open->mutex);
    open->file.reset();
    open->counted = 0;
    if (::unlink(PathOf(id).c_str()) != 0 && errno != ENOENT) {
      return absl::UnavailableError(absl::StrCat("cannot remove the staged upload ", id));
    }
  }
  absl::MutexLock lock(&mutex_);
  open_.erase(id);
  return absl::OkStatus();
}

absl::StatusOr<std::vector<std::string>> Staging::Ids() const {
  std::vector<std::string> ids;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder_, error)) {
    ids.push_back(entry.path().filename().string());
  }
  if (error) return absl::UnavailableError(absl::StrCat("cannot list ", folder_, ": ", error.message()));
  return ids;
}

}  // namespace media
