#pragma once
// EventLog over the published view: what a bus may stream. Any thread.

#include <string>

#include "kernel/v1/record.pb.h"
#include "services/kernel/link.h"
#include "services/kernel/published.h"

namespace kernel {

class StoredLog final : public EventLog {
 public:
  StoredLog(const v1::Format& format, const Publisher& publisher) : format_(format), publisher_(publisher) {}

  Cursor Head() const override;
  uint64_t FirstSeq() const override;
  absl::StatusOr<uint32_t> DigestAt(uint64_t seq) const override;
  absl::Status Read(uint64_t after_seq, const std::function<bool(const LogEntry&)>& each) const override;

 private:
  const v1::Format format_;
  const Publisher& publisher_;
};

}  // namespace kernel
