#pragma once
// From a record of the log to what goes on the wire. Pure.
// A SEALED notice leaves only topic and level: no place, no matter, no actor, no time, no payload. For the
// same reason a consumer that filters by place never gets one: the filter itself would tell where it
// happened.

#include <absl/status/status.h>

#include <string>
#include <string_view>

#include "services/kernel/link.h"

namespace bus {

// 24 bytes: log id, big-endian seq. The same event always has the same id; effects outside a database key on
// it.
std::string EventId(std::string_view log_id, uint64_t seq);

// "incident.v1.Reported" -> 1; 0 if the name carries no version.
uint32_t SchemaVersion(std::string_view schema);

// The event as bytes of bus.v1.Event; DATA_LOSS if the record cannot be read, RESOURCE_EXHAUSTED if its payload is
// over the limit. `bytes` is overwritten, `sealed` says whether the notice is.
absl::Status EncodeEvent(std::string_view log_id, const kernel::LogEntry& entry, std::string* bytes, bool* sealed);

}  // namespace bus
