#include "gateway/openapi_schema.h"

#include <absl/strings/ascii.h>
#include <google/protobuf/descriptor.pb.h>

#include <vector>

#include "gateway/json_shape.h"

namespace gateway {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;
using Json = nlohmann::ordered_json;

constexpr char kPrefix[] = "#/components/schemas/";

template <class D>
std::string CommentOf(const D* descriptor) {
  google::protobuf::SourceLocation location;
  if (descriptor == nullptr || !descriptor->GetSourceLocation(&location)) return "";
  std::string text =
      location.leading_comments.empty() ? location.trailing_comments : location.leading_comments;
  std::string out;
  for (char c : text) {
    if (c != '\n') {
      out += c;
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
  }
  return std::string(absl::StripAsciiWhitespace(out));
}

// Messages with a JSON form of their own (the proto3 JSON mapping).
Json OwnJson(const Descriptor& message) {
  const std::string& name = message.name();
  if (name == "Timestamp") return {{"type", "string"}, {"format", "date-time"}};
  if (name == "Duration") return {{"type", "string"}, {"pattern", "^-?[0-9]+(\\.[0-9]{1,9})?s$"}};
  if (name == "FieldMask") return {{"type", "string"}};
  if (name == "Int64Value" || name == "UInt64Value") return {{"type", "string"}, {"format", "int64"}};
  if (name == "Int32Value" || name == "UInt32Value") return {{"type", "integer"}};
  if (name == "DoubleValue" || name == "FloatValue") return {{"type", "number"}};
  if (name == "BoolValue") return {{"type", "boolean"}};
  if (name == "StringValue") return {{"type", "string"}};
  if (name == "BytesValue") return {{"type", "string"}, {"contentEncoding", "base64"}};
  if (name == "ListValue") return {{"type", "array"}, {"items", Json::object()}};
  if (name == "Value") return Json::object();
  return {{"type", "object"}};
}

void AddMax(const char* name, uint32_t value, Json* schema) {
  if (value > 0) (*schema)[name] = value;
}

}  // namespace

Comments::Comments(std::string_view descriptor_set) {
  google::protobuf::FileDescriptorSet set;
  if (!set.ParseFromArray(descriptor_set.data(), static_cast<int>(descriptor_set.size()))) return;
  for (const auto& file : set.file()) pool_.BuildFile(file);
}

std::string Comments::OfMessage(const std::string& name) const {
  return CommentOf(pool_.FindMessageTypeByName(name));
}
std::string Comments::OfField(const std::string& name) const {
  return CommentOf(pool_.FindFieldByName(name));
}
std::string Comments::OfEnum(const std::string& name) const {
  return CommentOf(pool_.FindEnumTypeByName(name));
}
std::string Comments::OfMethod(const std::string& name) const {
  return CommentOf(pool_.FindMethodByName(name));
}
std::string Comments::OfService(const std::string& name) const {
  return CommentOf(pool_.FindServiceByName(name));
}

Json OpenApiSchemas::Ref(const Descriptor* message) {
  if (HasOwnJson(*message)) return OwnJson(*message);
  const std::string& name = message->full_name();
  if (!components_.contains(name)) {
    components_[name] = Json::object();  // a message within itself finds this and stops
    components_[name] = Build(message, {});
  }
  return {{"$ref", kPrefix + name}};
}

Json OpenApiSchemas::Without(const Descriptor* message, const std::set<std::string>& json_names) {
  return json_names.empty() ? Ref(message) : Build(message, json_names);
}

Json OpenApiSchemas::Build(const Descriptor* message, const std::set<std::string>& without) {
  Json schema = {{"type", "object"}};
  if (std::string comment = comments_.OfMessage(message->full_name()); !comment.empty())
    schema["description"] = comment;
  Json properties = Json::object();
  std::vector<std::string> required;
  for (int i = 0; i < message->field_count(); ++i) {
    const FieldDescriptor* field = message->field(i);
    if (without.contains(field->json_name())) continue;
    properties[field->json_name()] = OfField(field);
    const auto* rule = catalog_.RuleOf(field);
    if (rule != nullptr && rule->required() && !rule->output_only()) required.push_back(field->json_name());
  }
  if (!properties.empty()) schema["properties"] = std::move(properties);
  if (!required.empty()) schema["required"] = required;
  return schema;
}

Json OpenApiSchemas::Value(const FieldDescriptor* field) {
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return {{"type", "integer"}, {"format", "int32"}};
    case FieldDescriptor::CPPTYPE_UINT32:
      return {{"type", "integer"}, {"minimum", 0}, {"maximum", 4294967295u}};
    case FieldDescriptor::CPPTYPE_INT64:
      return {{"type", "string"}, {"format", "int64"}};
    case FieldDescriptor::CPPTYPE_UINT64:
      return {{"type", "string"}, {"format", "uint64"}};
    case FieldDescriptor::CPPTYPE_DOUBLE:
    case FieldDescriptor::CPPTYPE_FLOAT:
      return {{"type", "number"}};
    case FieldDescriptor::CPPTYPE_BOOL:
      return {{"type", "boolean"}};
    case FieldDescriptor::CPPTYPE_STRING:
      if (field->type() == FieldDescriptor::TYPE_BYTES)
        return {{"type", "string"}, {"contentEncoding", "base64"}};
      return {{"type", "string"}};
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return Ref(field->message_type());
    case FieldDescriptor::CPPTYPE_ENUM:
      break;
  }
  const EnumDescriptor& type = *field->enum_type();
  if (!components_.contains(type.full_name())) {
    Json schema = {{"type", "string"}, {"enum", Json::array()}};
    for (int i = 0; i < type.value_count(); ++i) schema["enum"].push_back(type.value(i)->name());
    if (std::string comment = comments_.OfEnum(type.full_name()); !comment.empty())
      schema["description"] = comment;
    components_[type.full_name()] = std::move(schema);
  }
  return {{"$ref", kPrefix + type.full_name()}};
}

void OpenApiSchemas::ApplyRule(const FieldDescriptor* field, Json* schema) {
  const auto* rule = catalog_.RuleOf(field);
  if (rule == nullptr) return;
  if (rule->output_only()) (*schema)["readOnly"] = true;
  const bool list = field->is_repeated() && !field->is_map();
  const bool text = field->type() == FieldDescriptor::TYPE_STRING;
  if (list || text) {
    AddMax(list ? "maxItems" : "maxLength", rule->max_length(), schema);
    AddMax(list ? "minItems" : "minLength", rule->min_length(), schema);
  }
  if (rule->personal() != kernel::v1::PERSONAL_NONE) {
    (*schema)["x-personal-data"] = kernel::v1::Personal_Name(rule->personal());
  }
}

Json OpenApiSchemas::OfField(const FieldDescriptor* field, bool whole) {
  Json schema;
  if (whole && field->is_map()) {
    schema = {{"type", "object"}, {"additionalProperties", Value(field->message_type()->field(1))}};
  } else if (whole && field->is_repeated()) {
    schema = {{"type", "array"}, {"items", Value(field)}};
  } else {
    schema = Value(field);
  }
  if (whole) ApplyRule(field, &schema);
  if (std::string comment = comments_.OfField(field->full_name()); whole && !comment.empty()) {
    schema["description"] = comment;
  }
  return schema;
}

}  // namespace gateway
