#include "services/bus/event.h"

#include <absl/strings/str_cat.h>

#include "base/coding.h"
#include "services/bus/limits.h"
#include "services/kernel/limits.h"

namespace bus {

// What a service may publish can be streamed: the kernel refuses a command whose notice is larger.
static_assert(kernel::kNoticePayloadBytesMax <= limits::kEventDataBytes);

std::string EventId(std::string_view log_id, uint64_t seq) {
  std::string id(log_id);
  base::AppendU64(&id, seq);
  return id;
}

uint32_t SchemaVersion(std::string_view schema) {
  const size_t at = schema.find(".v");
  if (at == std::string_view::npos) return 0;
  uint32_t version = 0;
  for (size_t i = at + 2; i < schema.size() && schema[i] >= '0' && schema[i] <= '9' && version < 100'000;
       ++i) {
    version = version * 10 + static_cast<uint32_t>(schema[i] - '0');
  }
  return version;
}

absl::Status MakeEvent(std::string_view log_id, const kernel::LogEntry& entry, kernel::v1::LogRecord* record,
                       v1::Event* event) {
  event->Clear();
  if (!record->ParseFromArray(entry.record.data(), static_cast<int>(entry.record.size())) ||
      !record->has_notice()) {
    return absl::DataLossError(
        absl::StrCat("cannot read log entry ", entry.seq, ": it is not a record with a notice"));
  }
  const kernel::v1::Notice& notice = record->notice();
  event->set_seq(entry.seq);
  event->set_event_id(EventId(log_id, entry.seq));
  event->set_topic(notice.topic());
  event->set_level(notice.level());
  event->set_classification(notice.classification());
  if (notice.classification() == kernel::v1::SEALED) return absl::OkStatus();
  if (notice.payload().size() > limits::kEventDataBytes) {
    return absl::ResourceExhaustedError(absl::StrCat("cannot stream log entry ", entry.seq, ": payload of ",
                                                     notice.payload().size(), " bytes"));
  }
  event->set_division(notice.area_code());
  event->set_subject(record->aggregate_id());
  event->set_subject_version(record->version());
  event->set_recorded_at_us(record->recorded_at_ms() * 1000);
  event->set_schema(notice.schema());
  event->set_schema_version(SchemaVersion(notice.schema()));
  event->set_matter_code(notice.matter_code());
  event->set_actor_org(record->actor_org());
  event->set_actor_role(record->actor_role());
  event->set_correlation_id(notice.correlation_id());
  event->set_data(notice.payload());
  return absl::OkStatus();
}

}  // namespace bus
