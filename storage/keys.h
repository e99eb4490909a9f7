#pragma once
// Keys as bytes: the code of the grammar in keyspace.h. Pure. Readers return false on bytes that are no such key.

#include <cstdint>
#include <string>
#include <string_view>

namespace storage {

inline constexpr std::string_view kFormatKey = "format";
inline constexpr std::string_view kEventTypePrefix = "event/";  // kMeta: "event/<type>" -> u32be field number

std::string LogKey(uint64_t seq);
bool ReadLogKey(std::string_view key, uint64_t* seq);

std::string IndexPrefix(uint8_t index, std::string_view key_prefix);
std::string IndexKey(uint8_t index, std::string_view key, std::string_view aggregate_id);
// Splits at the last 0x00: aggregate ids have none, keys may.
bool ReadIndexKey(std::string_view stored, uint8_t* index, std::string_view* key, std::string_view* aggregate_id);

std::string TimerKey(int64_t due_ms, std::string_view aggregate_id);
bool ReadTimerKey(std::string_view key, int64_t* due_ms, std::string_view* aggregate_id);

std::string RefusalKey(int64_t at_ms, uint32_t serial);
bool ReadRefusalKey(std::string_view key, int64_t* at_ms, uint32_t* serial);

std::string VaultKey(std::string_view aggregate_id, std::string_view field_id);

// Values of kCounter and kTally.
std::string NumberValue(uint64_t value);
bool ReadNumberValue(std::string_view stored, uint64_t* value);

}  // namespace storage
