#include "gateway/feed_units.h"

#include <google/protobuf/message.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace gateway {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// What notices call the unit that has a matter, answers for it, is asked to do something about it.
constexpr std::array<std::string_view, 6> kConcerned = {"holder_org",    "lead_org", "territorial_org",
                                                        "committee_org", "to_org",   "addressee"};

// What oversight asks of a service, and of no unit yet: whoever it names hears when it is done, or distributed.
constexpr std::array<std::string_view, 2> kAskedOfServices = {"oversight.assigned", "oversight.instructed"};

// What services tell each other and nobody else: whom a petition that was handed over is about, as its own people may
// be among those who follow the matter (信访工作条例第三十条); and which papers go along.
constexpr std::array<std::string_view, 2> kAmongServices = {"against_org", "handed_document"};

void Untell(Message* message) {
  const auto* reflection = message->GetReflection();
  std::vector<const FieldDescriptor*> set;
  reflection->ListFields(*message, &set);
  for (const FieldDescriptor* field : set) {
    if (std::ranges::find(kAmongServices, std::string_view(field->name())) != kAmongServices.end()) {
      reflection->ClearField(message, field);
    } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      const int size = field->is_repeated() ? reflection->FieldSize(*message, field) : 1;
      for (int i = 0; i < size; ++i) {
        Untell(field->is_repeated() ? reflection->MutableRepeatedMessage(message, field, i)
                                    : reflection->MutableMessage(message, field));
      }
    }
  }
}

void Collect(const Message& message, std::vector<std::string>* units) {
  const auto* reflection = message.GetReflection();
  std::vector<const FieldDescriptor*> set;
  reflection->ListFields(message, &set);
  for (const FieldDescriptor* field : set) {
    const bool nested = field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
    const bool unit = field->type() == FieldDescriptor::TYPE_STRING &&
                      std::ranges::find(kConcerned, std::string_view(field->name())) != kConcerned.end();
    if (!nested && !unit) continue;
    const int size = field->is_repeated() ? reflection->FieldSize(message, field) : 1;
    for (int i = 0; i < size; ++i) {
      if (nested) {
        Collect(field->is_repeated() ? reflection->GetRepeatedMessage(message, field, i)
                                     : reflection->GetMessage(message, field),
                units);
      } else {
        units->push_back(field->is_repeated() ? reflection->GetRepeatedString(message, field, i)
                                              : reflection->GetString(message, field));
      }
    }
  }
}

}  // namespace

std::string ToldData(const Catalog& catalog, const google::protobuf::Descriptor* type, const std::string& data) {
  const auto notice = catalog.New(type);
  if (!notice->ParseFromString(data)) return {};
  Untell(notice.get());
  return notice->SerializeAsString();
}

bool LeavesTheLists(const Catalog& catalog, const bus::v1::Event& event) {
  if (event.topic() == "petition.removed") return true;
  if (event.topic() != "petition.accepted") return false;
  const bool known = catalog.pool().FindMessageTypeByName(event.schema()) != nullptr;
  return known && ConcernedUnits(catalog, event).empty();  // of one that is accepted somebody has it
}

std::vector<std::string> ConcernedUnits(const Catalog& catalog, const bus::v1::Event& event) {
  std::vector<std::string> units;
  if (std::ranges::find(kAskedOfServices, std::string_view(event.topic())) != kAskedOfServices.end()) return units;
  const auto* type = catalog.pool().FindMessageTypeByName(event.schema());
  if (type == nullptr) return units;
  const auto notice = catalog.New(type);
  if (!notice->ParseFromString(event.data())) return units;
  Collect(*notice, &units);
  std::ranges::sort(units);
  units.erase(std::unique(units.begin(), units.end()), units.end());
  return units;
}

}  // namespace gateway
