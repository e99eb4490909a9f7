#include "services/notify/subscriptions.h"

#include <absl/strings/str_cat.h>
#include <google/protobuf/reflection.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/crypto.h"
#include "incident/v1/notices.pb.h"
#include "mediation/v1/notices.pb.h"
#include "notify/v1/notify.pb.h"
#include "oversight/v1/notices.pb.h"
#include "petition/v1/notices.pb.h"
#include "services/kernel/heard.h"
#include "services/notify/domain/limits.h"
#include "services/notify/domain/notify.h"

namespace notify {
namespace {

using google::protobuf::FieldDescriptor, google::protobuf::Message;

// What notices call the units that have a matter, answer for it, are asked to do something. Not among them: whom a
// petition is about (`against_org`).
constexpr std::array<std::string_view, 7> kUnits = {"holder_org", "lead_org",  "territorial_org", "committee_org",
                                                    "to_org",     "addressee", "issuer_org"};
// What a matter is about, as each service calls it.
constexpr std::array<std::string_view, 3> kCategories = {"category", "dispute_type", "content"};

std::string TextOf(const Message& message, std::string_view name) {
  const FieldDescriptor* field = message.GetDescriptor()->FindFieldByName(std::string(name));
  const bool text = field != nullptr && field->type() == FieldDescriptor::TYPE_STRING && !field->is_repeated();
  return text ? message.GetReflection()->GetString(message, field) : std::string();
}

int NumberOf(const Message& message, std::string_view name) {
  const FieldDescriptor* field = message.GetDescriptor()->FindFieldByName(std::string(name));
  const bool is_enum = field != nullptr && field->type() == FieldDescriptor::TYPE_ENUM && !field->is_repeated();
  return is_enum ? message.GetReflection()->GetEnumValue(message, field) : 0;
}

int64_t TimeOf(const Message& message, std::string_view name) {
  const FieldDescriptor* field = message.GetDescriptor()->FindFieldByName(std::string(name));
  const bool time = field != nullptr && field->type() == FieldDescriptor::TYPE_INT64 && !field->is_repeated();
  return time ? message.GetReflection()->GetInt64(message, field) : 0;
}

bool IsSet(const Message& message, std::string_view name) {
  const FieldDescriptor* field = message.GetDescriptor()->FindFieldByName(std::string(name));
  const bool flag = field != nullptr && field->type() == FieldDescriptor::TYPE_BOOL && !field->is_repeated();
  return flag && message.GetReflection()->GetBool(message, field);
}

void ReadUnits(const Message& message, v1::Heard* heard) {
  for (std::string_view name : kUnits) {
    const FieldDescriptor* field = message.GetDescriptor()->FindFieldByName(std::string(name));
    if (field == nullptr || field->type() != FieldDescriptor::TYPE_STRING) continue;
    const auto* reflection = message.GetReflection();
    const int size = field->is_repeated() ? reflection->FieldSize(message, field)
                                          : !reflection->GetString(message, field).empty();
    for (int i = 0; i < size && heard->unit_size() < kUnitsMax; ++i) {
      auto* unit = heard->add_unit();
      unit->set_field(std::string(name));
      unit->set_org_id(field->is_repeated() ? reflection->GetRepeatedString(message, field, i)
                                            : reflection->GetString(message, field));
    }
  }
}

// The next moment something is due, of the clocks that run.
void ReadClocks(const Message& message, v1::Heard* heard) {
  const FieldDescriptor* field = message.GetDescriptor()->FindFieldByName("clock");
  if (field == nullptr || field->message_type() != common::v1::Clock::descriptor() || !field->is_repeated()) return;
  for (const auto& clock : message.GetReflection()->GetRepeatedFieldRef<common::v1::Clock>(message, field)) {
    if (clock.stopped_at_ms() != 0 || clock.due_at_ms() == 0) continue;
    if (heard->due_at_ms() != 0 && heard->due_at_ms() <= clock.due_at_ms()) continue;
    heard->set_due_at_ms(clock.due_at_ms());
    heard->set_policy_id(clock.policy_id());
  }
}

// What oversight itself asks of a unit has an id of oversight's; a period of a matter has not.
bool IsDemanded(const Message& message) {
  constexpr std::array<std::string_view, 4> kDemands = {"order_id", "instruction_id", "suggestion_id", "task_id"};
  return std::ranges::any_of(kDemands, [&](std::string_view name) { return !TextOf(message, name).empty(); });
}

void ReadNotice(const Message& message, v1::Heard* heard) {
  ReadUnits(message, heard);
  for (std::string_view name : kCategories) {
    if (heard->category().empty()) heard->set_category(TextOf(message, name));
  }
  heard->set_due_at_ms(TimeOf(message, "due_at_ms"));
  heard->set_policy_id(TextOf(message, "policy_id"));
  if (heard->due_at_ms() == 0 && heard->policy_id().empty()) ReadClocks(message, heard);
  heard->set_light(static_cast<common::v1::Light>(NumberOf(message, "light")));
  heard->set_card(static_cast<common::v1::Card>(NumberOf(message, "card")));
  heard->set_pressing(NumberOf(message, "urgency") == common::v1::CRITICAL ||
                      NumberOf(message, "risk") == common::v1::HIGH || IsSet(message, "high"));
  heard->set_unsolved(NumberOf(message, "solved") == incident::v1::NO);
  heard->set_reason_code(TextOf(message, "reason_code"));
  if (heard->source() != "oversight") return;
  heard->set_demanded(IsDemanded(message));
  if (std::string service = TextOf(message, "service"); !service.empty()) heard->set_service(std::move(service));
  // Who opens it opens the matter, not what oversight made of it.
  if (std::string id = TextOf(message, "subject_id"); !id.empty()) heard->set_subject_id(std::move(id));
}

absl::StatusOr<kernel::Commands> Hear(std::string_view source, const bus::v1::Event& event) {
  if (event.classification() == kernel::v1::SEALED) return kernel::Commands();
  v1::Command command;
  v1::Heard* heard = command.mutable_hear_notice()->mutable_heard();
  heard->set_source(std::string(source));
  heard->set_service(std::string(source));
  heard->set_seq(event.seq());
  heard->set_event_id(base::Hex(event.event_id()));
  heard->set_topic(event.topic());
  heard->set_subject_id(event.subject());
  heard->set_matter_code(event.matter_code());
  heard->set_area_code(event.division());
  heard->set_level(event.level());
  heard->set_recorded_at_ms(event.recorded_at_us() / 1000);
  const auto* type = google::protobuf::DescriptorPool::generated_pool()->FindMessageTypeByName(event.schema());
  if (type == nullptr) {  // the stream waits for a build that knows it
    return absl::UnimplementedError(absl::StrCat("cannot read a notice of schema ", event.schema()));
  }
  const std::unique_ptr<Message> notice(
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(type)->New());
  if (!notice->ParseFromString(event.data())) {
    return absl::UnimplementedError(absl::StrCat("cannot read a notice of schema ", event.schema()));
  }
  ReadNotice(*notice, heard);
  kernel::Commands commands;
  std::string subject = SubjectOf(*heard);
  commands.push_back(kernel::CommandTo(std::move(subject), "hear_notice", std::move(command)));
  return commands;
}

// What can be heard is linked in, whatever else this program needs.
const void* Linked() {
  static const std::array<const void*, 4> kLinked = {
      incident::v1::Notice::descriptor(), mediation::v1::Notice::descriptor(), oversight::v1::Notice::descriptor(),
      petition::v1::Notice::descriptor()};
  return kLinked.data();
}

}  // namespace

kernel::Subscriptions Subscriptions() {
  Linked();
  return [](std::string_view source, const bus::v1::Event& event) -> absl::StatusOr<kernel::Commands> {
    // Of the directory only the end of sessions matters, and that is heard by the process (services/rpc).
    if (source == "directory") return kernel::Commands();
    return Hear(source, event);
  };
}

}  // namespace notify
