#include "gateway/set_field.h"

#include <google/protobuf/util/json_util.h>

#include <charconv>
#include <cmath>
#include <string>
#include <utility>

#include "base/crypto.h"
#include "gateway/json_shape.h"
#include "gateway/json_text.h"

namespace gateway {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

template <class T>
std::optional<T> Number(std::string_view text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

Problem Bad(const FieldPath& path, std::string_view zh, std::string_view en) {
  return BadField({PointerOf(path), "WRONG_TYPE", std::string(zh), std::string(en)});
}

// Puts one value with the setter that fits whether the field is repeated.
template <class T, class Set, class Add>
void Put(Message* message, const FieldDescriptor* field, T value, Set set, Add add) {
  const Reflection* reflection = message->GetReflection();
  if (field->is_repeated()) {
    (reflection->*add)(message, field, std::move(value));
  } else {
    (reflection->*set)(message, field, std::move(value));
  }
}

bool SetNumber(const FieldDescriptor* field, std::string_view text, Message* message) {
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      if (const auto v = Number<int32_t>(text)) {
        return Put(message, field, *v, &Reflection::SetInt32, &Reflection::AddInt32), true;
      }
      return false;
    case FieldDescriptor::CPPTYPE_INT64:
      if (const auto v = Number<int64_t>(text)) {
        return Put(message, field, *v, &Reflection::SetInt64, &Reflection::AddInt64), true;
      }
      return false;
    case FieldDescriptor::CPPTYPE_UINT32:
      if (const auto v = Number<uint32_t>(text)) {
        return Put(message, field, *v, &Reflection::SetUInt32, &Reflection::AddUInt32), true;
      }
      return false;
    case FieldDescriptor::CPPTYPE_UINT64:
      if (const auto v = Number<uint64_t>(text)) {
        return Put(message, field, *v, &Reflection::SetUInt64, &Reflection::AddUInt64), true;
      }
      return false;
    case FieldDescriptor::CPPTYPE_DOUBLE:
    case FieldDescriptor::CPPTYPE_FLOAT: {
      const auto v = Number<double>(text);
      if (!v || !std::isfinite(*v)) return false;
      if (field->cpp_type() == FieldDescriptor::CPPTYPE_DOUBLE) {
        Put(message, field, *v, &Reflection::SetDouble, &Reflection::AddDouble);
      } else {
        Put(message, field, static_cast<float>(*v), &Reflection::SetFloat, &Reflection::AddFloat);
      }
      return true;
    }
    default:
      return false;
  }
}

bool SetEnum(const FieldDescriptor* field, std::string_view text, Message* message) {
  const auto* value = field->enum_type()->FindValueByName(std::string(text));
  if (value == nullptr) {
    if (const auto number = Number<int>(text)) value = field->enum_type()->FindValueByNumber(*number);
  }
  if (value == nullptr) return false;
  Put(message, field, value->number(), &Reflection::SetEnumValue, &Reflection::AddEnumValue);
  return true;
}

bool SetBytes(const FieldDescriptor* field, std::string_view text, Message* message) {
  auto bytes = base::FromBase64Url(text);
  if (!bytes) bytes = base::FromBase64(text);
  if (!bytes) return false;
  Put(message, field, *std::move(bytes), &Reflection::SetString, &Reflection::AddString);
  return true;
}

// Timestamp, Duration, FieldMask and the wrappers: their JSON form is a string or a bare scalar.
bool SetOwnJson(const Catalog& catalog, const FieldDescriptor* field, std::string_view text,
                Message* message) {
  const std::string url = "type.googleapis.com/" + field->message_type()->full_name();
  std::string wire;
  if (!google::protobuf::util::JsonToBinaryString(catalog.types(), url, JsonString(text), &wire).ok())
    return false;
  return message->GetReflection()->MutableMessage(message, field)->ParseFromString(wire);
}

}  // namespace

std::string PointerOf(const FieldPath& path) {
  std::string out;
  for (const FieldDescriptor* field : path) out += "/" + field->json_name();
  return out;
}

std::string DottedOf(const FieldPath& path) {
  std::string out;
  for (const FieldDescriptor* field : path) out += (out.empty() ? "" : ".") + field->name();
  return out;
}

std::optional<Problem> SetField(const Catalog& catalog, const FieldPath& path, std::string_view text,
                                Message* message) {
  for (size_t i = 0; i + 1 < path.size(); ++i) {
    message = message->GetReflection()->MutableMessage(message, path[i]);
  }
  const FieldDescriptor* field = path.back();
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      if (field->type() == FieldDescriptor::TYPE_BYTES) {
        if (!SetBytes(field, text, message)) return Bad(path, "不是 base64", "is not base64");
      } else {
        Put(message, field, std::string(text), &Reflection::SetString, &Reflection::AddString);
      }
      return std::nullopt;
    case FieldDescriptor::CPPTYPE_BOOL:
      if (text != "true" && text != "false") return Bad(path, "应为 true 或 false", "must be true or false");
      Put(message, field, text == "true", &Reflection::SetBool, &Reflection::AddBool);
      return std::nullopt;
    case FieldDescriptor::CPPTYPE_ENUM:
      if (!SetEnum(field, text, message)) return Bad(path, "没有这个取值", "is not one of the known values");
      return std::nullopt;
    case FieldDescriptor::CPPTYPE_MESSAGE:
      if (!HasOwnJson(*field->message_type()) || field->is_repeated() ||
          !SetOwnJson(catalog, field, text, message)) {
        return Bad(path, "字段的格式不对", "the value has the wrong form");
      }
      return std::nullopt;
    default:
      if (!SetNumber(field, text, message)) {
        return Bad(path, "不是该字段范围内的数字", "is not a number in the range of this field");
      }
      return std::nullopt;
  }
}

}  // namespace gateway
