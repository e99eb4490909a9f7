#include "services/kernel/books.h"

#include <utility>

#include "base/check.h"
#include "base/coding.h"
#include "base/crypto.h"
#include "base/status_macros.h"
#include "services/kernel/limits.h"
#include "storage/keys.h"

namespace kernel {

using storage::KeySpace;

absl::StatusOr<std::unordered_map<std::string, NumberBook::Number>::iterator> NumberBook::Load(
    std::string_view name) {
  const std::string key(name);
  const auto at = numbers_.find(key);
  if (at != numbers_.end()) return at;
  ASSIGN_OR_RETURN(const auto stored, kv_.Get(space_, key));
  Number number;
  if (stored && !storage::ReadNumberValue(*stored, &number.value)) {
    return absl::DataLossError("cannot read a number: its record is damaged");
  }
  return numbers_.emplace(key, number).first;
}

absl::StatusOr<uint64_t> NumberBook::Get(std::string_view name) {
  ASSIGN_OR_RETURN(const auto at, Load(name));
  return at->second.value;
}

absl::Status NumberBook::Add(std::string_view name, int64_t change) {
  ASSIGN_OR_RETURN(const auto at, Load(name));
  Number& number = at->second;
  CHECK(change >= 0 || number.value >= static_cast<uint64_t>(-change)) << "a tally below zero: " << at->first;
  number.value += static_cast<uint64_t>(change);
  if (!number.dirty) {
    number.dirty = true;
    dirty_.push_back(at->first);
  }
  return absl::OkStatus();
}

void NumberBook::Flush(storage::Batch* batch) {
  for (std::string& name : dirty_) {
    Number& number = numbers_.at(name);
    number.dirty = false;
    if (number.value == 0) {
      batch->Delete(space_, std::move(name));
    } else {
      batch->Put(space_, std::move(name), storage::NumberValue(number.value));
    }
  }
  dirty_.clear();
  if (numbers_.size() > kCachedNumbersMax) numbers_.clear();
}

std::string AnswerBook::KeyOf(const v1::Actor& actor, std::string_view command_name,
                              std::string_view request_id) {
  std::string text;
  for (const std::string_view part :
       {std::string_view(actor.user_id()), std::string_view(actor.service()), command_name, request_id}) {
    base::AppendU32(&text, static_cast<uint32_t>(part.size()));
    text.append(part);
  }
  return base::Sha256(text);
}

absl::StatusOr<std::optional<v1::Answered>> AnswerBook::Find(const std::string& key, int64_t now_ms) {
  const auto fresh = fresh_.find(key);
  if (fresh != fresh_.end()) return std::optional<v1::Answered>(fresh->second);
  ASSIGN_OR_RETURN(const auto stored, kv_.Get(KeySpace::kDedupe, key));
  if (!stored) return std::optional<v1::Answered>();
  v1::Answered answered;
  if (!answered.ParseFromString(*stored))
    return absl::DataLossError("cannot read an answer: its record is damaged");
  if (now_ms - answered.at_ms() > kAnswersKeptMs) return std::optional<v1::Answered>();
  return std::optional<v1::Answered>(std::move(answered));
}

void AnswerBook::Remember(std::string key, v1::Answered answered, storage::Batch* batch) {
  batch->Put(KeySpace::kDedupe, key, answered.SerializeAsString());
  fresh_.insert_or_assign(std::move(key), std::move(answered));
}

absl::StatusOr<std::optional<Cursor>> CursorBook::Load(const storage::View& view, std::string_view source) {
  ASSIGN_OR_RETURN(const auto stored, view.Get(KeySpace::kCursor, source));
  if (!stored) return std::optional<Cursor>();
  v1::CursorRecord record;
  if (!record.ParseFromString(*stored))
    return absl::DataLossError("cannot read a cursor: its record is damaged");
  return std::optional<Cursor>(Cursor{.log_id = record.log_id(),
                                      .epoch = record.epoch(),
                                      .seq = record.seq(),
                                      .digest = record.digest(),
                                      .filter_hash = record.filter_hash()});
}

absl::StatusOr<bool> CursorBook::Move(const CursorMove& move, storage::Batch* batch) {
  std::optional<Cursor> before;
  const auto fresh = fresh_.find(move.source);
  if (fresh != fresh_.end()) {
    before = fresh->second;
  } else {
    ASSIGN_OR_RETURN(before, Load(kv_, move.source));
  }
  const Cursor& to = move.cursor;
  if (before && before->log_id == to.log_id && before->epoch == to.epoch && to.seq <= before->seq) {
    // Only the filter may change without progress: the consumer starts anew from the same place.
    if (to.seq < before->seq || to.filter_hash == before->filter_hash) return false;
  }
  v1::CursorRecord record;
  record.set_log_id(to.log_id);
  record.set_epoch(to.epoch);
  record.set_seq(to.seq);
  record.set_digest(to.digest);
  record.set_filter_hash(to.filter_hash);
  batch->Put(KeySpace::kCursor, move.source, record.SerializeAsString());
  fresh_.insert_or_assign(move.source, to);
  return true;
}

void RefusalBook::Record(const Envelope& envelope, v1::Role acted_as, const Refusal& refusal, int64_t now_ms,
                         storage::Batch* batch) {
  if (now_ms != last_ms_) serial_ = 0;
  last_ms_ = now_ms;
  v1::RefusalRecord record;
  record.set_at_ms(now_ms);
  const v1::Actor& actor = envelope.actor;
  record.set_actor_id(actor.service().empty() ? actor.user_id() : "service:" + actor.service());
  if (acted_as == v1::ROLE_UNSPECIFIED && actor.grant_size() > 0) acted_as = actor.grant(0).role();
  record.set_actor_role(acted_as);
  if (actor.grant_size() > 0) record.set_actor_org(actor.grant(0).org_id());
  record.set_command(envelope.command_name);
  record.set_aggregate_id(envelope.aggregate_id);
  record.set_reason(refusal.reason);
  record.set_detail(refusal.field);
  batch->Put(KeySpace::kRefusal, storage::RefusalKey(now_ms, boot_bits_ | serial_++),
             record.SerializeAsString());
}

}  // namespace kernel
