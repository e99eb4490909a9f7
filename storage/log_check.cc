#include "storage/log_check.h"

#include <absl/strings/str_cat.h>

#include <unordered_map>
#include <utility>

#include "base/crypto.h"
#include "base/status_macros.h"
#include "kernel/v1/record.pb.h"
#include "storage/keys.h"
#include "storage/log_value.h"

namespace storage {
namespace {

class Checker {
 public:
  // False at the first entry that is wrong.
  bool Entry(std::string_view key, std::string_view stored) {
    uint64_t seq = 0;
    if (!ReadLogKey(key, &seq)) return Bad(report_.last_seq + 1, "the key is not a sequence number");
    if (seq != report_.last_seq + 1) {
      return Bad(report_.last_seq + 1, absl::StrCat("the entry is missing; the next one is ", seq));
    }
    LogValue value;
    kernel::v1::LogRecord record;
    if (!DecodeLogValue(stored, &value) ||
        !record.ParseFromArray(value.record.data(), static_cast<int>(value.record.size()))) {
      return Bad(seq, "the entry cannot be read");
    }
    if (value.digest != DigestOf(stored, digest_)) return Bad(seq, "the digest of the log does not hold");
    if (const std::string wrong = CheckRecord(seq, value, record); !wrong.empty()) return Bad(seq, wrong);
    digest_ = value.digest;
    at_ms_ = record.recorded_at_ms();
    matters_[record.aggregate_id()] = {record.version(), record.hash()};
    report_.last_seq = seq;
    ++report_.entries;
    return true;
  }

  // Every state must end where the log says its matter ends: finds a log whose tail was cut off.
  bool State(std::string_view id, std::string_view stored) {
    kernel::v1::StateRecord record;
    if (!record.ParseFromArray(stored.data(), static_cast<int>(stored.size()))) {
      return Bad(report_.last_seq + 1, absl::StrCat("the state of ", std::string(id), " cannot be read"));
    }
    const uint64_t newest = record.seq_size() == 0 ? 0 : record.seq(record.seq_size() - 1);
    if (newest == 0) {
      return Bad(report_.last_seq + 1, absl::StrCat("the state of ", std::string(id), " names no entry"));
    }
    if (newest > report_.last_seq)
      return Bad(report_.last_seq + 1, "the entry is missing; a state was made from it");
    const auto at = matters_.find(std::string(id));
    if (at == matters_.end() || at->second.version != record.version() || at->second.hash != record.hash()) {
      return Bad(newest, absl::StrCat("the state of ", std::string(id), " does not end where the log does"));
    }
    return true;
  }

  LogReport Finish() {
    report_.matters = matters_.size();
    return std::move(report_);
  }

 private:
  struct Matter {
    uint64_t version = 0;
    std::string hash;
  };

  std::string CheckRecord(uint64_t seq, const LogValue& value, const kernel::v1::LogRecord& record) {
    if (record.seq() != seq) return absl::StrCat("the record says it is entry ", record.seq());
    if (HashOf(value.record) != record.hash()) return "the hash of the record does not hold";
    const auto at = matters_.find(record.aggregate_id());
    const Matter before = at == matters_.end() ? Matter{} : at->second;
    if (record.previous_hash() != before.hash) return "the hash chain of its matter does not hold";
    if (record.version() != before.version + 1) return "the version does not follow";
    if (record.recorded_at_ms() < at_ms_) return "time goes back";
    if (((value.flags & kHasNotice) != 0) != record.has_notice() || value.topic != record.notice().topic() ||
        value.division != record.notice().area_code()) {
      return "the header differs from the notice";
    }
    return {};
  }

  bool Bad(uint64_t seq, std::string problem) {
    report_.first_bad_seq = seq;
    report_.problem = std::move(problem);
    return false;
  }

  LogReport report_;
  uint32_t digest_ = 0;
  int64_t at_ms_ = 0;
  std::unordered_map<std::string, Matter> matters_;
};

}  // namespace

absl::StatusOr<LogReport> CheckLog(const View& view) {
  Checker checker;
  bool whole = true;
  RETURN_IF_ERROR(view.Scan(KeySpace::kLog, "", "", [&](std::string_view key, std::string_view stored) {
    return whole = checker.Entry(key, stored);
  }));
  if (whole) {
    for (const KeySpace space : {KeySpace::kState, KeySpace::kSealedState}) {
      RETURN_IF_ERROR(view.Scan(space, "", "", [&](std::string_view id, std::string_view stored) {
        return checker.State(id, stored);
      }));
    }
  }
  return checker.Finish();
}

}  // namespace storage
