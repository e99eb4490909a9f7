#include "gateway/json_shape.h"

#include <absl/strings/str_cat.h>

#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "gateway/json_text.h"

namespace gateway {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;

template <class T>
bool Whole(std::string_view text, T* out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *out);
  return error == std::errc() && end == text.data() + text.size();
}

template <class T>
bool FitsInteger(std::string_view text) {
  T value;
  if (Whole(text, &value)) return true;
  // "1e3" and "5.0" are whole numbers too; beyond 2^53 a double cannot say which.
  double real = 0;
  if (!Whole(text, &real) || real != std::floor(real) || std::abs(real) > 9007199254740992.0) return false;
  return real >= static_cast<double>(std::numeric_limits<T>::min()) &&
         real <= static_cast<double>(std::numeric_limits<T>::max());
}

bool IsFinite(std::string_view text) {
  double real = 0;
  return Whole(text, &real) && std::isfinite(real);
}

struct KindName {
  const char* zh;
  const char* en;
};

KindName NameOf(const FieldDescriptor& field, bool whole) {
  if (whole && field.is_map()) return {"对象", "an object"};
  if (whole && field.is_repeated()) return {"数组", "an array"};
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return {"字符串", "a string"};
    case FieldDescriptor::CPPTYPE_BOOL:
      return {"true 或 false", "true or false"};
    case FieldDescriptor::CPPTYPE_ENUM:
      return {"枚举值的名称", "the name of an enum value"};
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return {"对象", "an object"};
    case FieldDescriptor::CPPTYPE_DOUBLE:
    case FieldDescriptor::CPPTYPE_FLOAT:
      return {"数字", "a number"};
    default:
      return {"整数", "a whole number"};
  }
}

}  // namespace

bool HasOwnJson(const Descriptor& message) {
  return message.file()->package() == "google.protobuf" && message.full_name() != "google.protobuf.Empty";
}

const FieldDescriptor* FieldByEitherName(const Descriptor& message, std::string_view name) {
  const std::string text(name);
  if (const FieldDescriptor* field = message.FindFieldByName(text)) return field;
  for (int i = 0; i < message.field_count(); ++i) {
    if (message.field(i)->json_name() == text) return message.field(i);
  }
  return nullptr;
}

std::string JsonShape::Pointer() const {
  std::string out;
  for (const Frame& frame : frames_) out += "/" + PointerToken(frame.token);
  return out;
}

void JsonShape::Error(std::string_view code, std::string_view zh, std::string_view en) {
  if (errors_.size() < kMaxFieldErrors) {
    errors_.push_back({Pointer(), std::string(code), std::string(zh), std::string(en)});
  }
}

void JsonShape::WrongKind(const Slot& slot) {
  const KindName name = NameOf(*slot.field, slot.whole);
  Error("WRONG_TYPE", absl::StrCat("此处应为", name.zh), absl::StrCat("must be ", name.en));
}

JsonShape::Slot JsonShape::Next() {
  if (frames_.empty()) return {};
  Frame& top = frames_.back();
  switch (top.kind) {
    case Kind::kMessage:
      return {top.current, true, top.current != nullptr};
    case Kind::kMap:
      return {top.field, true, true};
    case Kind::kList:
      top.token = absl::StrCat(top.index++);
      return {top.field, false, true};
    case Kind::kFree:
      break;
  }
  return {};
}

void JsonShape::Key(std::string_view name) {
  Frame& top = frames_.back();
  top.token = name;
  if (top.kind != Kind::kMessage) return;
  top.current = FieldByEitherName(*top.message, name);
  if (top.current == nullptr) {
    Error("UNKNOWN_FIELD", "没有这个字段", "there is no such field");
    return;
  }
  if (!top.numbers.insert(top.current->number()).second) {
    Error("GIVEN_TWICE", "同一字段出现两次", "the same field is given twice");
  }
  if (top.pathed) given_.insert(top.prefix + top.current->name());
}

void JsonShape::BeginObject() {
  Frame frame;
  if (frames_.empty()) {
    frame.kind = root_ != nullptr && !HasOwnJson(*root_) ? Kind::kMessage : Kind::kFree;
    frame.message = root_;
    frame.pathed = true;
    frames_.push_back(std::move(frame));
    return;
  }
  const Slot slot = Next();
  if (slot.known) {
    if (slot.whole && slot.field->is_map()) {
      frame.kind = Kind::kMap;
      frame.field = slot.field->message_type()->field(1);
    } else if (slot.field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE ||
               (slot.whole && slot.field->is_repeated())) {
      WrongKind(slot);
    } else if (!HasOwnJson(*slot.field->message_type())) {
      frame.kind = Kind::kMessage;
      frame.message = slot.field->message_type();
      const Frame& top = frames_.back();
      frame.pathed = top.kind == Kind::kMessage && top.pathed;
      if (frame.pathed) frame.prefix = top.prefix + slot.field->name() + ".";
    }
  }
  frames_.push_back(std::move(frame));
}

void JsonShape::BeginArray() {
  Frame frame;
  const Slot slot = Next();
  if (frames_.empty()) {
    Error("WRONG_TYPE", "请求体应为 JSON 对象", "the body must be a JSON object");
  } else if (slot.known) {
    const bool own = slot.field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && !slot.field->is_map() &&
                     HasOwnJson(*slot.field->message_type());
    if (slot.whole && slot.field->is_repeated() && !slot.field->is_map()) {
      frame.kind = Kind::kList;
      frame.field = slot.field;
    } else if (!own) {
      WrongKind(slot);
    }
  }
  frames_.push_back(std::move(frame));
}

void JsonShape::CheckInteger(const Field& field, std::string_view text) {
  bool fits = false;
  switch (field.cpp_type()) {
    case Field::CPPTYPE_INT32:
      fits = FitsInteger<int32_t>(text);
      break;
    case Field::CPPTYPE_INT64:
      fits = FitsInteger<int64_t>(text);
      break;
    case Field::CPPTYPE_UINT32:
      fits = FitsInteger<uint32_t>(text);
      break;
    default:
      fits = FitsInteger<uint64_t>(text);
      break;
  }
  if (!fits)
    Error("OUT_OF_RANGE", "不是该字段范围内的整数", "is not a whole number in the range of this field");
}

void JsonShape::CheckEnum(const Field& field, std::string_view text, bool by_number) {
  const EnumDescriptor& type = *field.enum_type();
  int number = 0;
  const bool known = by_number ? Whole(text, &number) && type.FindValueByNumber(number) != nullptr
                               : type.FindValueByName(std::string(text)) != nullptr;
  if (known) return;
  std::string names;
  for (int i = 0; i < type.value_count() && i < 40; ++i)
    absl::StrAppend(&names, i == 0 ? "" : ", ", type.value(i)->name());
  Error("UNKNOWN_VALUE", absl::StrCat("没有这个取值；可用：", names), absl::StrCat("is not one of: ", names));
}

void JsonShape::String(std::string_view value) {
  const Slot slot = Next();
  if (frames_.empty()) {
    Error("WRONG_TYPE", "请求体应为 JSON 对象", "the body must be a JSON object");
    return;
  }
  if (!slot.known) return;
  if (slot.whole && slot.field->is_repeated()) return WrongKind(slot);
  switch (slot.field->cpp_type()) {
    case Field::CPPTYPE_STRING:
      return;
    case Field::CPPTYPE_MESSAGE:
      if (!HasOwnJson(*slot.field->message_type())) WrongKind(slot);
      return;
    case Field::CPPTYPE_ENUM:
      return CheckEnum(*slot.field, value, false);
    case Field::CPPTYPE_BOOL:
      return WrongKind(slot);
    case Field::CPPTYPE_DOUBLE:
    case Field::CPPTYPE_FLOAT:
      if (!IsFinite(value)) WrongKind(slot);
      return;
    default:
      return CheckInteger(*slot.field, value);
  }
}

void JsonShape::Number(std::string_view literal) {
  const Slot slot = Next();
  if (frames_.empty()) {
    Error("WRONG_TYPE", "请求体应为 JSON 对象", "the body must be a JSON object");
    return;
  }
  if (!slot.known) return;
  if (slot.whole && slot.field->is_repeated()) return WrongKind(slot);
  switch (slot.field->cpp_type()) {
    case Field::CPPTYPE_STRING:
    case Field::CPPTYPE_BOOL:
      return WrongKind(slot);
    case Field::CPPTYPE_MESSAGE:
      if (!HasOwnJson(*slot.field->message_type())) WrongKind(slot);
      return;
    case Field::CPPTYPE_ENUM:
      return CheckEnum(*slot.field, literal, true);
    case Field::CPPTYPE_DOUBLE:
    case Field::CPPTYPE_FLOAT:
      if (!IsFinite(literal)) Error("OUT_OF_RANGE", "数字超出范围", "the number is out of range");
      return;
    default:
      return CheckInteger(*slot.field, literal);
  }
}

void JsonShape::Bool(bool) {
  const Slot slot = Next();
  if (frames_.empty()) {
    Error("WRONG_TYPE", "请求体应为 JSON 对象", "the body must be a JSON object");
    return;
  }
  if (!slot.known) return;
  const bool own = slot.field->cpp_type() == Field::CPPTYPE_MESSAGE && !slot.field->is_map() &&
                   HasOwnJson(*slot.field->message_type());
  if ((slot.whole && slot.field->is_repeated()) || (slot.field->cpp_type() != Field::CPPTYPE_BOOL && !own)) {
    WrongKind(slot);
  }
}

void JsonShape::Null() {
  const Slot slot = Next();
  if (frames_.empty()) {
    Error("WRONG_TYPE", "请求体应为 JSON 对象", "the body must be a JSON object");
  } else if (slot.known && !slot.whole) {
    WrongKind(slot);  // a member that is null is absent; an element cannot be
  }
}

}  // namespace gateway
