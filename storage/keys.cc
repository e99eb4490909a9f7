#include "storage/keys.h"

#include "base/coding.h"

namespace storage {

std::string LogKey(uint64_t seq) {
  std::string key;
  base::AppendU64(&key, seq);
  return key;
}

bool ReadLogKey(std::string_view key, uint64_t* seq) { return base::ReadU64(&key, seq) && key.empty(); }

std::string IndexPrefix(uint8_t index, std::string_view key_prefix) {
  std::string key;
  key.reserve(1 + key_prefix.size());
  base::AppendU8(&key, index);
  key.append(key_prefix);
  return key;
}

std::string IndexKey(uint8_t index, std::string_view key, std::string_view aggregate_id) {
  std::string stored;
  stored.reserve(2 + key.size() + aggregate_id.size());
  base::AppendU8(&stored, index);
  stored.append(key);
  stored.push_back('\0');
  stored.append(aggregate_id);
  return stored;
}

bool ReadIndexKey(std::string_view stored, uint8_t* index, std::string_view* key,
                  std::string_view* aggregate_id) {
  if (!base::ReadU8(&stored, index)) return false;
  const size_t zero = stored.rfind('\0');
  if (zero == std::string_view::npos) return false;
  *key = stored.substr(0, zero);
  *aggregate_id = stored.substr(zero + 1);
  return true;
}

std::string TimerKey(int64_t due_ms, std::string_view aggregate_id) {
  std::string key;
  key.reserve(8 + aggregate_id.size());
  base::AppendU64(&key, static_cast<uint64_t>(due_ms));
  key.append(aggregate_id);
  return key;
}

bool ReadTimerKey(std::string_view key, int64_t* due_ms, std::string_view* aggregate_id) {
  uint64_t due = 0;
  if (!base::ReadU64(&key, &due)) return false;
  *due_ms = static_cast<int64_t>(due);
  *aggregate_id = key;
  return true;
}

std::string RefusalKey(int64_t at_ms, uint32_t serial) {
  std::string key;
  base::AppendU64(&key, static_cast<uint64_t>(at_ms));
  base::AppendU32(&key, serial);
  return key;
}

bool ReadRefusalKey(std::string_view key, int64_t* at_ms, uint32_t* serial) {
  uint64_t at = 0;
  if (!base::ReadU64(&key, &at) || !base::ReadU32(&key, serial)) return false;
  *at_ms = static_cast<int64_t>(at);
  return key.empty();
}

std::string VaultKey(std::string_view aggregate_id, std::string_view field_id) {
  std::string key(aggregate_id);
  key.push_back('/');
  key.append(field_id);
  return key;
}

std::string NumberValue(uint64_t value) { return LogKey(value); }

bool ReadNumberValue(std::string_view stored, uint64_t* value) { return ReadLogKey(stored, value); }

}  // namespace storage
