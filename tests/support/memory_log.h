#pragma once
// An EventLog in memory for tests of the bus: what is appended is visible once synced, and a power failure
// takes the rest. Any thread.

#include <absl/base/thread_annotations.h>
#include <absl/status/status.h>
#include <absl/synchronization/mutex.h>

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "base/crypto.h"
#include "kernel/v1/record.pb.h"
#include "services/kernel/link.h"

namespace tests {

class MemoryLog final : public kernel::EventLog {
 public:
  explicit MemoryLog(std::string log_id, uint64_t epoch = 1) : log_id_(std::move(log_id)), epoch_(epoch) {}

  // The seq it got. Not visible before Sync.
  uint64_t Append(kernel::v1::LogRecord record) ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    const uint64_t seq = entries_.size() + 1;
    record.set_seq(seq);
    Entry entry;
    entry.topic = record.notice().topic();
    entry.division = record.notice().area_code();
    record.SerializeToString(&entry.record);
    entry.digest = base::Crc32cExtend(entries_.empty() ? 0 : entries_.back().digest, entry.record);
    entries_.push_back(std::move(entry));
    return seq;
  }
  void Sync() ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    durable_ = entries_.size();
  }
  void LosePower() ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    entries_.resize(durable_);
  }
  // A backup of an earlier time is put back.
  void RestoreTo(uint64_t seq, uint64_t epoch) ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    entries_.resize(seq);
    durable_ = seq;
    epoch_ = epoch;
  }
  void CutBefore(uint64_t first) ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    first_ = first;
  }
  void BreakReads(bool broken) ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    broken_ = broken;
  }
  // What a disk that flips bits would return.
  void Spoil(uint64_t seq) ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    entries_[seq - 1].record = "\xff\xff";
  }

  kernel::Cursor Head() const override {
    absl::MutexLock lock(&mutex_);
    return {log_id_, epoch_, durable_, durable_ == 0 ? 0 : entries_[durable_ - 1].digest, ""};
  }
  uint64_t FirstSeq() const override {
    absl::MutexLock lock(&mutex_);
    return first_;
  }
  absl::StatusOr<uint32_t> DigestAt(uint64_t seq) const override {
    absl::MutexLock lock(&mutex_);
    if (broken_) return absl::DataLossError("cannot read log: disk");
    if (seq == 0) return 0u;
    if (seq > entries_.size()) return absl::NotFoundError("cannot read log: no such entry");
    return entries_[seq - 1].digest;
  }
  absl::Status Read(uint64_t after_seq,
                    const std::function<bool(const kernel::LogEntry&)>& each) const override {
    absl::MutexLock lock(&mutex_);
    if (broken_) return absl::DataLossError("cannot read log: disk");
    for (uint64_t seq = after_seq + 1; seq <= durable_; ++seq) {
      const Entry& e = entries_[seq - 1];
      if (!each({seq, e.digest, e.topic, e.division, e.record})) break;
    }
    return absl::OkStatus();
  }

 private:
  struct Entry {
    std::string topic, division, record;
    uint32_t digest = 0;
  };

  const std::string log_id_;
  mutable absl::Mutex mutex_;
  uint64_t epoch_ ABSL_GUARDED_BY(mutex_);
  uint64_t first_ ABSL_GUARDED_BY(mutex_) = 1;
  uint64_t durable_ ABSL_GUARDED_BY(mutex_) = 0;
  bool broken_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<Entry> entries_ ABSL_GUARDED_BY(mutex_);
};

// A notice as a case service would log it. Empty topic: a record nobody is told of.
inline kernel::v1::LogRecord NoticeRecord(std::string topic, std::string division, std::string aggregate,
                                          uint64_t version, std::string payload) {
  kernel::v1::LogRecord record;
  record.set_aggregate_id(std::move(aggregate));
  record.set_version(version);
  record.set_recorded_at_ms(1'700'000'000'000);
  record.set_actor_id("u-1");
  record.set_actor_org("org-7");
  record.set_event("the inner event, which never leaves");
  if (topic.empty()) return record;
  kernel::v1::Notice& notice = *record.mutable_notice();
  notice.set_topic(std::move(topic));
  notice.set_area_code(std::move(division));
  notice.set_level(1);
  notice.set_classification(kernel::v1::INTERNAL);
  notice.set_schema("incident.v1.Notice");
  notice.set_payload(std::move(payload));
  notice.set_matter_code("M-1");
  return record;
}

}  // namespace tests
