#pragma once
// One entry of the log as bytes. The header comes first so that a filter by topic and division needs no parsing:
//
//   digest    u32be   CRC-32C over all bytes after it, continued from the digest of the entry before (0 before seq 1)
//   flags     u8      bit 0: carries a notice
//   division  u8 n, n bytes   area code of the notice
//   topic     u8 n, n bytes
//   record    kernel.v1.LogRecord whose last 35 bytes are field 16, `hash`
//
// hash = SHA-256 of the record without these 35 bytes. The record names the hash of the aggregate's record before in
// `previous_hash`, so each matter is a chain, and the digest is a chain over the whole log. Pure.

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "kernel/v1/record.pb.h"

namespace storage {

inline constexpr uint8_t kHasNotice = 1;
inline constexpr size_t kHashFieldSize = 35;  // tag(2) length(1) SHA-256(32)

struct LogValue {  // views into the stored bytes
  uint32_t digest = 0;
  uint8_t flags = 0;
  std::string_view division;
  std::string_view topic;
  std::string_view record;
};

struct EncodedLog {
  std::string value;
  std::string hash;
  uint32_t digest = 0;
};

// REQUIRES: record.hash is empty; topic and division of its notice have at most 255 bytes.
EncodedLog EncodeLogValue(const kernel::v1::LogRecord& record, uint32_t previous_digest);

bool DecodeLogValue(std::string_view stored, LogValue* value);

// The digest the entry must carry.
uint32_t DigestOf(std::string_view stored, uint32_t previous_digest);

// The hash the record must carry, or empty if it does not end with one.
std::string HashOf(std::string_view record);

}  // namespace storage
