#include "services/media/janitor.h"

#include "base/ids.h"
#include "base/log.h"
#include "base/status_macros.h"
#include "base/thread.h"
#include "services/rpc/server.h"

namespace media {

void Janitor::Start() {
  thread_ = base::StartThread("janitor", [this] { Run(); });
}

void Janitor::Wake() {
  absl::MutexLock lock(&mutex_);
  woken_ = true;
}

void Janitor::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stopped_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

void Janitor::Run() {
  uint64_t seq = read_().seq();
  if (const absl::Status swept = Sweep(); !swept.ok()) {
    base::Log(base::kWarning, "the first look at all files was not finished", {{"error", swept.ToString()}});
  }
  while (true) {
    {
      absl::MutexLock lock(&mutex_);
      const auto due = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return woken_ || stopped_; };
      mutex_.Await(absl::Condition(&due));
      if (stopped_) return;
      woken_ = false;
    }
    if (const absl::Status done = Follow(&seq); !done.ok()) {
      base::Log(base::kWarning, "a file could not be looked at; its timer or the next start tries again",
                {{"error", done.ToString()}});
    }
  }
}

absl::Status Janitor::Follow(uint64_t* seq) {
  const auto reader = read_();
  absl::Status first;
  while (*seq < reader.seq()) {
    ++*seq;
    const auto record = reader.Record(*seq);
    if (!record.ok()) return record.status();
    if (!*record) continue;
    if (absl::Status done = LookAt((*record)->aggregate_id()); !done.ok() && first.ok()) first = std::move(done);
  }
  return first;
}

absl::Status Janitor::LookAt(const std::string& aggregate_id) {
  if (const std::string_view sha256 = Sha256Of(aggregate_id); !sha256.empty()) {
    return LookAtBlob(aggregate_id, std::string(sha256));
  }
  if (!base::IsUlid(aggregate_id)) return absl::OkStatus();
  ASSIGN_OR_RETURN(const auto upload, read_().Get(aggregate_id));
  if (upload && upload->state.upload().status() == v1::RECEIVING) return absl::OkStatus();
  return staging_->Remove(aggregate_id);
}

absl::Status Janitor::LookAtBlob(const std::string& aggregate_id, const std::string& sha256) {
  ASSIGN_OR_RETURN(const auto known, read_().Get(aggregate_id));
  if (known && known->state.blob().doubted()) RETURN_IF_ERROR(Decide(aggregate_id, sha256));
  return blobs_->Remove(sha256, [&]() -> absl::StatusOr<bool> {
    ASSIGN_OR_RETURN(const auto blob, read_().Get(aggregate_id));
    return !blob || !blob->state.blob().present();
  });
}

absl::Status Janitor::Decide(const std::string& blob_id, const std::string& sha256) {
  ASSIGN_OR_RETURN(const auto holder, door_->HolderInSilence(sha256));
  auto command = std::make_unique<v1::Command>();
  kernel::Envelope envelope;
  if (holder) {
    command->mutable_hear_mention()->set_service(*holder);
    envelope.command_name = "hear_mention";
  } else {
    command->mutable_expire_blob()->set_unclaimed(true);
    envelope.command_name = "expire_blob";
  }
  envelope.command = std::move(command);
  envelope.aggregate_id = blob_id;
  envelope.actor.set_service(std::string(MediaDomain::kService));
  return rpc::Ask(*queue_, std::move(envelope)).status;
}

absl::Status Janitor::Sweep(int64_t unrecorded_age_s) {
  ASSIGN_OR_RETURN(const auto staged, staging_->Ids());
  for (const std::string& id : staged) RETURN_IF_ERROR(LookAt(id));
  return blobs_->ForEachOlder(unrecorded_age_s,
                              [this](const std::string& sha256) { return LookAt(BlobId(sha256)); });
}

}  // namespace media
