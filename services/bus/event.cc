#include "services/bus/event.h"

#include <absl/strings/str_cat.h>

#include "base/coding.h"
#include "base/utf8.h"
#include "bus/v1/stream.pb.h"
#include "kernel/v1/record.pb.h"
#include "services/bus/limits.h"
#include "services/bus/wire.h"
#include "services/kernel/document_mark.h"
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

namespace {

using kernel::v1::LogRecord;
using kernel::v1::Notice;

// What of a record goes on the wire; views into its bytes.
struct NoticeView {
  std::string_view topic, matter_code, area_code, schema, payload, correlation_id;
  uint64_t level = 0, classification = 0, anonymous = 0;
};
struct RecordView {
  std::string_view aggregate_id, actor_id, actor_org, notice;
  uint64_t version = 0, recorded_at_ms = 0, actor_role = 0;
};

// What the consumer's parser would refuse must not be sent to it.
bool IsText(std::string_view bytes) { return base::IsValidUtf8(bytes); }

// False if the bytes are not of a message, or one of these fields is of another kind.
bool Read(std::string_view bytes, RecordView* record) {
  WireReader reader(bytes);
  for (WireField field; reader.Next(&field);) {
    std::string_view* text = nullptr;
    uint64_t* number = nullptr;
    switch (field.number) {
      case LogRecord::kAggregateIdFieldNumber: text = &record->aggregate_id; break;
      case LogRecord::kActorIdFieldNumber: text = &record->actor_id; break;
      case LogRecord::kActorOrgFieldNumber: text = &record->actor_org; break;
      case LogRecord::kNoticeFieldNumber: text = &record->notice; break;
      case LogRecord::kVersionFieldNumber: number = &record->version; break;
      case LogRecord::kRecordedAtMsFieldNumber: number = &record->recorded_at_ms; break;
      case LogRecord::kActorRoleFieldNumber: number = &record->actor_role; break;
      default: continue;
    }
    if (field.is_bytes != (text != nullptr)) return false;
    if (text != nullptr) *text = field.bytes;
    if (number != nullptr) *number = field.value;
  }
  return reader.AtEnd() && IsText(record->aggregate_id) && IsText(record->actor_org);
}

bool Read(std::string_view bytes, NoticeView* notice) {
  WireReader reader(bytes);
  for (WireField field; reader.Next(&field);) {
    std::string_view* text = nullptr;
    uint64_t* number = nullptr;
    switch (field.number) {
      case Notice::kTopicFieldNumber: text = &notice->topic; break;
      case Notice::kMatterCodeFieldNumber: text = &notice->matter_code; break;
      case Notice::kAreaCodeFieldNumber: text = &notice->area_code; break;
      case Notice::kSchemaFieldNumber: text = &notice->schema; break;
      case Notice::kPayloadFieldNumber: text = &notice->payload; break;
      case Notice::kCorrelationIdFieldNumber: text = &notice->correlation_id; break;
      case Notice::kLevelFieldNumber: number = &notice->level; break;
      case Notice::kClassificationFieldNumber: number = &notice->classification; break;
      case Notice::kAnonymousFieldNumber: number = &notice->anonymous; break;
      default: continue;
    }
    if (field.is_bytes != (text != nullptr)) return false;
    if (text != nullptr) *text = field.bytes;
    if (number != nullptr) *number = field.value;
  }
  return reader.AtEnd() && IsText(notice->topic) && IsText(notice->matter_code) && IsText(notice->area_code) &&
         IsText(notice->schema) && IsText(notice->correlation_id);
}

// Media gives a document to the readers of a matter when whoever named it there had it. Who that was is said by a mark
// for each document, which nobody can read who does not know both.
void AppendNamedBy(std::string_view payload, std::string_view actor_id, std::string* out) {
  const bool by_platform = actor_id.starts_with("service:");
  bool mentions = false;
  WireReader reader(payload);
  for (WireField field; reader.Next(&field);) {
    if (field.number != kernel::kMentionField || !field.is_bytes) continue;
    mentions = true;
    if (by_platform || actor_id.empty()) break;
    AppendBytesField(kernel::kNamedByField, kernel::DocumentMark(field.bytes, "user", actor_id), out);
  }
  if (mentions && by_platform) AppendNumberField(kernel::kByPlatformField, 1, out);
}

}  // namespace

absl::Status EncodeEvent(std::string_view log_id, const kernel::LogEntry& entry, std::string* bytes, bool* sealed) {
  RecordView record;
  NoticeView notice;
  if (!Read(entry.record, &record) || record.notice.empty() || !Read(record.notice, &notice)) {
    return absl::DataLossError(
        absl::StrCat("cannot read log entry ", entry.seq, ": it is not a record with a notice"));
  }
  *sealed = notice.classification == kernel::v1::SEALED;
  bytes->clear();
  AppendNumberField(v1::Event::kSeqFieldNumber, entry.seq, bytes);
  AppendBytesField(v1::Event::kEventIdFieldNumber, EventId(log_id, entry.seq), bytes);
  AppendBytesField(v1::Event::kTopicFieldNumber, notice.topic, bytes);
  if (*sealed) {
    AppendNumberField(v1::Event::kLevelFieldNumber, notice.level, bytes);
    AppendNumberField(v1::Event::kClassificationFieldNumber, notice.classification, bytes);
    return absl::OkStatus();
  }
  if (notice.payload.size() > limits::kEventDataBytes) {
    return absl::ResourceExhaustedError(
        absl::StrCat("cannot stream log entry ", entry.seq, ": payload of ", notice.payload.size(), " bytes"));
  }
  AppendBytesField(v1::Event::kDivisionFieldNumber, notice.area_code, bytes);
  AppendBytesField(v1::Event::kSubjectFieldNumber, record.aggregate_id, bytes);
  AppendNumberField(v1::Event::kSubjectVersionFieldNumber, record.version, bytes);
  AppendNumberField(v1::Event::kRecordedAtUsFieldNumber, record.recorded_at_ms * 1000, bytes);
  AppendBytesField(v1::Event::kSchemaFieldNumber, notice.schema, bytes);
  AppendNumberField(v1::Event::kSchemaVersionFieldNumber, SchemaVersion(notice.schema), bytes);
  AppendBytesField(v1::Event::kMatterCodeFieldNumber, notice.matter_code, bytes);
  AppendNumberField(v1::Event::kLevelFieldNumber, notice.level, bytes);
  AppendNumberField(v1::Event::kClassificationFieldNumber, notice.classification, bytes);
  if (notice.anonymous == 0) AppendBytesField(v1::Event::kActorOrgFieldNumber, record.actor_org, bytes);
  std::string named_by;
  // For media alone, of what is anonymous too: by a mark whoever knows person and paper learns nothing new.
  AppendNamedBy(notice.payload, record.actor_id, &named_by);
  if (!notice.payload.empty()) {
    AppendBytesHead(v1::Event::kDataFieldNumber, notice.payload.size() + named_by.size(), bytes);
    bytes->append(notice.payload).append(named_by);
  }
  AppendBytesField(v1::Event::kCorrelationIdFieldNumber, notice.correlation_id, bytes);
  if (notice.anonymous == 0) AppendNumberField(v1::Event::kActorRoleFieldNumber, record.actor_role, bytes);
  return absl::OkStatus();
}

}  // namespace bus
