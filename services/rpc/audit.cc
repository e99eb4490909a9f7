#include "services/rpc/audit.h"

#include <absl/strings/str_cat.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include <optional>
#include <utility>

#include "base/area_code.h"
#include "base/coding.h"
#include "base/crypto.h"
#include "base/log.h"
#include "base/status_macros.h"
#include "base/thread.h"
#include "services/rpc/limits.h"

namespace rpc {
namespace {

using storage::KeySpace;

std::string SerialKey(uint64_t serial) {
  std::string key;
  base::AppendU64(&key, serial);
  return key;
}

std::string MatterPrefix(std::string_view aggregate) { return std::string(aggregate) + '\0'; }

// Newest first, because lists of an area are opened all day: a page reads what it shows.
std::string AreaKey(std::string_view area, uint64_t serial) {
  std::string key = std::string(area) + '\0';
  base::AppendU64(&key, ~serial);
  return key;
}

// The area itself and every one around it.
std::vector<std::string> AreasAround(std::string area) {
  std::vector<std::string> around;
  for (; base::LevelOf(area) != 0; area = base::ParentOf(area)) around.push_back(area);
  return around;
}

absl::Status Broken(uint64_t serial, std::string_view why) {
  return absl::DataLossError(absl::StrCat("cannot trust audit record ", serial, ": ", std::string(why)));
}

}  // namespace

std::string AuditHash(const v1::AuditRecord& record) {
  v1::AuditRecord bare = record;
  bare.clear_hash();
  std::string text;
  {
    google::protobuf::io::StringOutputStream out(&text);
    google::protobuf::io::CodedOutputStream coded(&out);
    coded.SetSerializationDeterministic(true);
    bare.SerializeToCodedStream(&coded);
  }
  return base::Sha256(record.previous_hash() + text);
}

absl::StatusOr<std::unique_ptr<AuditLog>> AuditLog::Open(storage::Kv& kv, std::function<void(absl::Status)> fatal) {
  // The newest serial is found by doubling, then halving: the view has no reverse scan, and serials have no gaps.
  const auto exists = [&kv](uint64_t serial) -> absl::StatusOr<bool> {
    ASSIGN_OR_RETURN(const auto value, kv.Get(KeySpace::kAudit, SerialKey(serial)));
    return value.has_value();
  };
  uint64_t low = 0;
  uint64_t high = 1;
  while (true) {
    ASSIGN_OR_RETURN(const bool there, exists(high));
    if (!there) break;
    low = high;
    high *= 2;
  }
  while (high - low > 1) {
    const uint64_t middle = low + (high - low) / 2;
    ASSIGN_OR_RETURN(const bool there, exists(middle));
    (there ? low : high) = middle;
  }
  if (low == 0) return std::unique_ptr<AuditLog>(new AuditLog(kv, 0, "", std::move(fatal)));
  ASSIGN_OR_RETURN(const auto newest, kv.Get(KeySpace::kAudit, SerialKey(low)));
  v1::AuditRecord record;
  if (!newest || !record.ParseFromString(*newest)) return Broken(low, "it cannot be read");
  if (AuditHash(record) != record.hash()) return Broken(low, "it was altered");
  return std::unique_ptr<AuditLog>(new AuditLog(kv, low, record.hash(), std::move(fatal)));
}

AuditLog::AuditLog(storage::Kv& kv, uint64_t serial, std::string hash, std::function<void(absl::Status)> fatal)
    : kv_(kv), serial_(serial), hash_(std::move(hash)), fatal_(std::move(fatal)), queue_(kAuditQueueMax) {
  thread_ = base::StartThread("audit", [this] { Run(); });
}

AuditLog::~AuditLog() {
  queue_.Close();
  thread_.join();
}

void AuditLog::Note(v1::AuditRecord record) {
  if (!queue_.TryPush(Pending{std::move(record), nullptr})) unrecorded_.fetch_add(1, std::memory_order_relaxed);
}

bool AuditLog::Record(v1::AuditRecord record, std::function<void(absl::Status)> done) {
  return queue_.TryPush(Pending{std::move(record), std::move(done)});
}

void AuditLog::Run() {
  while (true) {
    std::vector<Pending> group = queue_.Take(kAuditGroupMax, -1);
    if (!group.empty()) {
      Write(std::move(group));
    } else if (queue_.closed()) {
      return;
    }
  }
}

void AuditLog::Write(std::vector<Pending> group) {
  bool first_failure = false;
  if (failed_.ok()) {
    storage::Batch batch;
    for (Pending& pending : group) {
      v1::AuditRecord& record = pending.record;
      record.set_serial(++serial_);
      record.set_unrecorded(unrecorded_.exchange(0, std::memory_order_relaxed));
      record.set_previous_hash(hash_);
      hash_ = AuditHash(record);
      record.set_hash(hash_);
      batch.Put(KeySpace::kAudit, SerialKey(serial_), record.SerializeAsString());
      if (!record.aggregate_id().empty()) {
        batch.Put(KeySpace::kDerived, MatterPrefix(record.aggregate_id()) + SerialKey(serial_), "");
      }
      for (const auto& area : AreasAround(record.area_code())) batch.Put(KeySpace::kIndex, AreaKey(area, serial_), "");
    }
    failed_ = kv_.Commit(batch, storage::Durability::kSynced);
    first_failure = !failed_.ok();
    if (first_failure) base::Log(base::kError, "the audit log cannot be written", {{"error", failed_.ToString()}});
  }
  for (Pending& pending : group) {
    if (pending.done) pending.done(failed_);
  }
  if (first_failure && fatal_) fatal_(failed_);
}

absl::StatusOr<std::vector<v1::AuditRecord>> AuditLog::OfMatter(std::string_view aggregate, size_t limit,
                                                                   uint64_t before) const {
  const std::string prefix = MatterPrefix(aggregate);
  std::vector<std::string> serials;
  RETURN_IF_ERROR(kv_.Scan(KeySpace::kDerived, prefix, prefix + SerialKey(before),
                           [&](std::string_view key, std::string_view) {
    serials.emplace_back(key.substr(prefix.size()));
    return true;
  }));
  std::vector<v1::AuditRecord> out;
  for (auto at = serials.rbegin(); at != serials.rend() && out.size() < std::min(limit, kAuditPageMax); ++at) {
    ASSIGN_OR_RETURN(const auto value, kv_.Get(KeySpace::kAudit, *at));
    if (!value || !out.emplace_back().ParseFromString(*value)) {
      return absl::DataLossError("cannot read audit record");
    }
  }
  return out;
}

absl::StatusOr<std::vector<v1::AuditRecord>> AuditLog::OfArea(std::string_view area_code, size_t limit,
                                                             uint64_t before) const {
  std::vector<std::string> serials;
  const std::string end = base::PrefixEnd(MatterPrefix(area_code));
  RETURN_IF_ERROR(kv_.Scan(KeySpace::kIndex, AreaKey(area_code, before - 1), end,
                           [&](std::string_view key, std::string_view) {
    key.remove_prefix(area_code.size() + 1);
    uint64_t inverted = 0;
    if (base::ReadU64(&key, &inverted)) serials.push_back(SerialKey(~inverted));
    return serials.size() < std::min(limit, kAuditPageMax);
  }));
  std::vector<v1::AuditRecord> out;
  for (const auto& serial : serials) {
    ASSIGN_OR_RETURN(const auto value, kv_.Get(KeySpace::kAudit, serial));
    if (!value || !out.emplace_back().ParseFromString(*value)) return absl::DataLossError("cannot read audit record");
  }
  return out;
}

absl::Status AuditLog::Each(std::string_view aggregate,
                           const std::function<void(const v1::AuditRecord&)>& each) const {
  const std::string prefix = MatterPrefix(aggregate);
  absl::Status unreadable;
  RETURN_IF_ERROR(kv_.Scan(KeySpace::kDerived, prefix, base::PrefixEnd(prefix),
                           [&](std::string_view key, std::string_view) {
    const auto value = kv_.Get(KeySpace::kAudit, key.substr(prefix.size()));
    v1::AuditRecord record;
    if (!value.ok()) {
      unreadable = value.status();
    } else if (!*value || !record.ParseFromString(**value)) {
      unreadable = absl::DataLossError("cannot read audit record");
    } else {
      each(record);
    }
    return unreadable.ok();
  }));
  return unreadable;
}

absl::Status AuditLog::Verify(const storage::View& view) {
  uint64_t expected = 1;
  std::string previous;
  absl::Status broken;
  RETURN_IF_ERROR(view.Scan(KeySpace::kAudit, "", "", [&](std::string_view key, std::string_view value) {
    v1::AuditRecord record;
    if (key != SerialKey(expected)) {
      broken = Broken(expected, "it is missing");
    } else if (!record.ParseFromArray(value.data(), static_cast<int>(value.size())) || record.serial() != expected) {
      broken = Broken(expected, "it cannot be read");
    } else if (record.previous_hash() != previous) {
      broken = Broken(expected, "its predecessor is another one");
    } else if (AuditHash(record) != record.hash()) {
      broken = Broken(expected, "it was altered");
    }
    previous = record.hash();
    ++expected;
    return broken.ok();
  }));
  return broken;
}

}  // namespace rpc
