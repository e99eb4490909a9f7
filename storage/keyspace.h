#pragma once
// Every key space of every database, numbered. Numbers are never reused; a retired one keeps its line.
// Grammar of keys and values (u64be: big-endian, so that bytes sort like numbers):
//
//   kMeta       "format"                                      -> kernel.v1.Format
//   kLog        u64be seq                                     -> crc32c(4, rolling digest) flags(1)
//                                                                division(1+n) topic(1+n) LogRecord
//   kState      aggregate id                                  -> kernel.v1.StateRecord
//   kIndex      u8 index number, key bytes, 0x00, aggregate id -> empty
//   kTimer      u64be due ms, aggregate id                    -> empty     (the earliest timer of each aggregate only)
//   kDedupe     SHA-256(principal, method, request id)        -> kernel.v1.Answered
//   kCursor     source name                                   -> kernel.v1.CursorRecord
//   kRefusal    u64be at ms, u32be serial                     -> kernel.v1.RefusalRecord
//   kQuarantine fingerprint                                   -> kernel.v1.QuarantineRecord
//   kCounter    name                                          -> u64be last value
//   kTally      tally key                                     -> u64be count
//   kVault      aggregate id, '/', field id                   -> sealed text; keys, matches: services/rpc/vault.h
//   kAudit      u64be serial                                  -> rpc.v1.AuditRecord, in a database of its own
//   kDerived    the first entry of lists whose first is asked for (kernel/heads.h; rebuilt by replay)
//   kSealedState  aggregate id                                -> kernel.v1.StateRecord with `sealed_state`
//   kSealedVault  as kVault, without matches; data keys under the sealing key

#include <array>
#include <cstdint>
#include <string_view>

namespace storage {

enum class KeySpace : uint8_t {
  kMeta = 0,
  kLog = 1,
  kState = 2,
  kIndex = 3,
  kTimer = 4,
  kDedupe = 5,
  kCursor = 6,
  kRefusal = 7,
  kQuarantine = 8,
  kCounter = 9,
  kTally = 10,
  kVault = 11,
  kAudit = 12,
  kDerived = 13,
  kSealedState = 14,
  kSealedVault = 15,
};

inline constexpr std::array<std::string_view, 16> kKeySpaceNames = {
    "meta", "log", "state", "index", "timer", "dedupe", "cursor",
    "refusal", "quarantine", "counter", "tally", "vault", "audit", "derived", "sealed_state",
    "sealed_vault"};

// What this build reads and writes. A database with another number refuses to open.
inline constexpr uint32_t kFormatVersion = 1;

}  // namespace storage
