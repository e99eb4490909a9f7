#pragma once
// What the writer keeps beside the states of matters: numbers (counters and tallies), answers to request ids, cursors.
// Each book knows what this group has changed and what is stored; Flush puts the changes into the group's
// batch, one put
// per key however often it changed. Writer thread only.

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "kernel/v1/record.pb.h"
#include "services/kernel/command.h"
#include "storage/kv.h"

namespace kernel {

// Counters (kCounter) or tallies (kTally): name -> number, 0 when there is none.
class NumberBook {
 public:
  NumberBook(const storage::Kv& kv, storage::KeySpace space) : kv_(kv), space_(space) {}

  absl::StatusOr<uint64_t> Get(std::string_view name);
  absl::Status Add(std::string_view name, int64_t change);  // never below 0: that is our mistake
  void Flush(storage::Batch* batch);

 private:
  struct Number {
    uint64_t value = 0;
    bool dirty = false;
  };
  absl::StatusOr<std::unordered_map<std::string, Number>::iterator> Load(std::string_view name);

  const storage::Kv& kv_;
  const storage::KeySpace space_;
  std::unordered_map<std::string, Number> numbers_;
  std::vector<std::string> dirty_;  // in the order of the first change, so that batches are reproducible
};

// Answers by request id (kDedupe).
class AnswerBook {
 public:
  explicit AnswerBook(const storage::Kv& kv) : kv_(kv) {}

  static std::string KeyOf(const v1::Actor& actor, std::string_view command_name, std::string_view request_id);
  // nullopt: not answered, or longer ago than answers are kept.
  absl::StatusOr<std::optional<v1::Answered>> Find(const std::string& key, int64_t now_ms);
  void Remember(std::string key, v1::Answered answered, storage::Batch* batch);
  void GroupWritten() { fresh_.clear(); }

 private:
  const storage::Kv& kv_;
  std::unordered_map<std::string, v1::Answered> fresh_;  // of this group
};

// How far other services' logs have been applied (kCursor).
class CursorBook {
 public:
  explicit CursorBook(const storage::Kv& kv) : kv_(kv) {}

  static absl::StatusOr<std::optional<Cursor>> Load(const storage::View& view, std::string_view source);
  // False if the stored cursor of the same log and epoch is there already or further: the effects were applied before.
  absl::StatusOr<bool> Move(const CursorMove& move, storage::Batch* batch);
  void GroupWritten() { fresh_.clear(); }

 private:
  const storage::Kv& kv_;
  std::map<std::string, Cursor> fresh_;
};

// Refused commands (kRefusal): who asked what and why not.
class RefusalBook {
 public:
  explicit RefusalBook(uint64_t boots) : boot_bits_(static_cast<uint32_t>(boots & 0xfff) << 20) {}
  void Record(const Envelope& envelope, v1::Role acted_as, const Refusal& refusal, int64_t now_ms,
              storage::Batch* batch);

 private:
  const uint32_t boot_bits_;  // serials of different starts within one millisecond stay apart
  int64_t last_ms_ = 0;
  uint32_t serial_ = 0;
};

}  // namespace kernel
