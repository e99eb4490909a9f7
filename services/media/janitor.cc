#include "services/media/janitor.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "base/ids.h"
#include "base/log.h"
#include "base/status_macros.h"
#include "base/thread.h"
#include "services/rpc/server.h"

namespace media {
namespace {

// Media itself took down what it was told when it asked; a service that spoke did so under its own name.
bool SpokeOfIt(const std::vector<kernel::v1::LogRecord>& records, std::string_view service) {
  return std::ranges::any_of(records, [service](const kernel::v1::LogRecord& record) {
    v1::Event event;
    return event.ParseFromString(record.event()) && event.blob_linked().service() == service &&
           record.actor_id() == "service:" + std::string(service);
  });
}

}  // namespace

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
  if (holder) {
    command->mutable_hear_mention()->set_service(*holder);
    command->mutable_hear_mention()->set_in_silence(true);
    return Submit(blob_id, "hear_mention", std::move(command));
  }
  command->mutable_expire_blob()->set_unclaimed(true);
  return Submit(blob_id, "expire_blob", std::move(command));
}

absl::Status Janitor::Sweep(int64_t unrecorded_age_s) {
  ASSIGN_OR_RETURN(const auto staged, staging_->Ids());
  for (const std::string& id : staged) RETURN_IF_ERROR(LookAt(id));
  RETURN_IF_ERROR(blobs_->ForEachOlder(unrecorded_age_s,
                                       [this](const std::string& sha256) { return LookAt(BlobId(sha256)); }));
  return blobs_->ForEachOlder(kAnyAgeS, [this](const std::string& sha256) { return TellLate(BlobId(sha256)); });
}

absl::Status Janitor::TellLate(const std::string& blob_id) {
  const auto reader = read_();
  ASSIGN_OR_RETURN(const auto known, reader.Get(blob_id));
  if (!known || !known->state.blob().present() || IsStopping()) return absl::OkStatus();
  const v1::Blob& blob = known->state.blob();
  for (const std::string& service : blob.service()) {
    if (!MayBeTold(blob, service)) continue;
    ASSIGN_OR_RETURN(const auto records, reader.History(blob_id));
    if (!SpokeOfIt(records, service)) continue;
    auto command = std::make_unique<v1::Command>();
    command->mutable_tell_kept()->set_service(service);
    RETURN_IF_ERROR(Submit(blob_id, "tell_kept", std::move(command)));
  }
  return absl::OkStatus();
}

bool Janitor::IsStopping() {
  absl::MutexLock lock(&mutex_);
  return stopped_;
}

absl::Status Janitor::Submit(const std::string& blob_id, std::string name, std::unique_ptr<v1::Command> command) {
  kernel::Envelope envelope;
  envelope.command = std::move(command);
  envelope.command_name = std::move(name);
  envelope.aggregate_id = blob_id;
  envelope.actor.set_service(std::string(MediaDomain::kService));
  return rpc::Ask(*queue_, std::move(envelope)).status;
}

}  // namespace media
