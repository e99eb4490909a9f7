#include "services/kernel/quarantine.h"

#include <absl/strings/str_cat.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <utility>

#include "base/coding.h"
#include "base/crypto.h"
#include "base/log.h"
#include "base/status_macros.h"
#include "services/kernel/limits.h"

namespace kernel {
namespace {

constexpr size_t kLengthSize = 4;

absl::Status ErrnoStatus(std::string_view what, const std::string& path) {
  return absl::InternalError(
      absl::StrCat("cannot ", std::string(what), " ", path, ": ", std::strerror(errno)));
}

}  // namespace

absl::StatusOr<std::unique_ptr<CrashMarker>> CrashMarker::Open(const std::string& path) {
  std::unique_ptr<CrashMarker> marker(new CrashMarker());
  if (path.empty()) return marker;
  const int file = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return ErrnoStatus("open", path);
  void* map = MAP_FAILED;
  // Allocated now, because a page that cannot be written later would kill the process.
  const int failed = posix_fallocate(file, 0, kCrashMarkerBytes);
  if (failed == 0) map = mmap(nullptr, kCrashMarkerBytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (failed != 0) errno = failed;
  const absl::Status status = map == MAP_FAILED ? ErrnoStatus("map", path) : absl::OkStatus();
  close(file);
  RETURN_IF_ERROR(status);
  marker->map_ = static_cast<char*>(map);
  return marker;
}

CrashMarker::~CrashMarker() {
  if (map_ != nullptr) munmap(map_, kCrashMarkerBytes);
}

std::string CrashMarker::Read() const {
  if (map_ == nullptr) return {};
  std::string_view head(map_, kLengthSize);
  uint32_t length = 0;
  if (!base::ReadU32(&head, &length) || length == 0 || length > kCrashMarkerBytes - kLengthSize) return {};
  return std::string(map_ + kLengthSize, length);
}

void CrashMarker::Set(const v1::QuarantineRecord& record) {
  if (map_ == nullptr) return;
  const size_t size = record.ByteSizeLong();
  if (size == 0 || size > kCrashMarkerBytes - kLengthSize)
    return;  // too large to note: such a command is not tracked
  record.SerializeWithCachedSizesToArray(reinterpret_cast<uint8_t*>(map_ + kLengthSize));
  std::string length;
  base::AppendU32(&length, static_cast<uint32_t>(size));
  std::atomic_signal_fence(
      std::memory_order_seq_cst);  // the content before the length, in the order of the program
  std::memcpy(map_, length.data(), kLengthSize);
  std::atomic_signal_fence(std::memory_order_seq_cst);
}

void CrashMarker::Wipe() {
  if (map_ == nullptr) return;
  std::atomic_signal_fence(std::memory_order_seq_cst);
  std::memset(map_, 0, kLengthSize);
}

absl::StatusOr<std::unique_ptr<Quarantine>> Quarantine::Open(storage::Kv& kv, const std::string& marker_path,
                                                             int64_t now_ms) {
  std::unique_ptr<Quarantine> quarantine(new Quarantine());
  ASSIGN_OR_RETURN(quarantine->marker_, CrashMarker::Open(marker_path));
  auto& suspects = quarantine->suspects_;
  RETURN_IF_ERROR(
      kv.Scan(storage::KeySpace::kQuarantine, "", "", [&](std::string_view key, std::string_view value) {
        v1::QuarantineRecord record;
        if (record.ParseFromArray(value.data(), static_cast<int>(value.size())))
          suspects[std::string(key)] = record;
        return true;
      }));
  v1::QuarantineRecord died;
  const std::string note = quarantine->marker_->Read();
  if (!note.empty() && died.ParseFromString(note)) {
    const std::string fingerprint = base::Sha256(died.origin());
    v1::QuarantineRecord& record = suspects[fingerprint];
    const uint32_t attempts = record.attempts() + 1;
    const int64_t first_at_ms = attempts == 1 ? now_ms : record.first_at_ms();
    record = std::move(died);
    record.set_fingerprint(base::Hex(fingerprint));
    record.set_attempts(attempts);
    record.set_first_at_ms(first_at_ms);
    record.set_last_at_ms(now_ms);
    storage::Batch batch;
    batch.Put(storage::KeySpace::kQuarantine, fingerprint, record.SerializeAsString());
    RETURN_IF_ERROR(kv.Commit(batch, storage::Durability::kSynced));
    base::Log(base::kError,
              attempts < kCrashesMax ? "the process died while it decided this command"
                                     : "this command is in quarantine: the process died of it too often",
              {{"origin", record.origin()}, {"command", record.command()}, {"attempts", attempts}});
  }
  quarantine->marker_->Wipe();
  return quarantine;
}

std::string Quarantine::OriginOf(const Envelope& envelope) {
  if (envelope.timer_due_ms != 0) {
    return absl::StrCat("timer/", envelope.aggregate_id, "/", envelope.cause, "/", envelope.timer_due_ms);
  }
  if (!envelope.request_id.empty()) {
    const v1::Actor& actor = envelope.actor;
    return absl::StrCat("request/", actor.service().empty() ? actor.user_id() : "service:" + actor.service(),
                        "/", envelope.request_id);
  }
  if (!envelope.cause.empty()) {
    return absl::StrCat("inbox/", envelope.cause, "/", envelope.command_name, "/", envelope.aggregate_id);
  }
  std::string content = envelope.command_name + "/" + envelope.aggregate_id + "/";
  if (envelope.command != nullptr) content += envelope.command->SerializeAsString();
  return absl::StrCat("command/", base::Hex(base::Sha256(content)));
}

bool Quarantine::Begin(const Envelope& envelope) {
  note_.set_origin(OriginOf(envelope));
  if (!suspects_.empty()) {
    const auto at = suspects_.find(base::Sha256(note_.origin()));
    if (at != suspects_.end() && at->second.attempts() >= kCrashesMax) return false;
  }
  note_.set_command(envelope.command_name);
  note_.set_aggregate_id(envelope.aggregate_id);
  note_.clear_envelope();
  if (envelope.command != nullptr) envelope.command->SerializeToString(note_.mutable_envelope());
  if (note_.envelope().size() > kCrashMarkerBytes / 2) note_.clear_envelope();
  marker_->Set(note_);
  return true;
}

void Quarantine::Done(storage::Batch* batch) {
  marker_->Wipe();
  if (suspects_.empty()) return;
  const std::string fingerprint = base::Sha256(note_.origin());
  if (suspects_.erase(fingerprint) > 0) batch->Delete(storage::KeySpace::kQuarantine, fingerprint);
}

}  // namespace kernel
