#pragma once
// From a record of the log to what goes on the wire. Pure.
// A SEALED notice leaves only topic and level: no place, no matter, no actor, no time, no payload. For the
// same reason a consumer that filters by place never gets one: the filter itself would tell where it
// happened.

#include <absl/status/status.h>

#include <string>
#include <string_view>

#include "bus/v1/stream.pb.h"
#include "kernel/v1/record.pb.h"
#include "services/kernel/link.h"

namespace bus {

// 24 bytes: log id, big-endian seq. The same event always has the same id; effects outside a database key on
// it.
std::string EventId(std::string_view log_id, uint64_t seq);

// "incident.v1.Reported" -> 1; 0 if the name carries no version.
uint32_t SchemaVersion(std::string_view schema);

// Fills `event`; DATA_LOSS if the record cannot be read, RESOURCE_EXHAUSTED if its payload is over the limit.
// `record` is scratch, kept by the caller so that its memory is reused.
absl::Status MakeEvent(std::string_view log_id, const kernel::LogEntry& entry, kernel::v1::LogRecord* record,
                       v1::Event* event);

}  // namespace bus
