#include "services/rpc/field_rules.h"

#include <absl/strings/str_cat.h>

#include <charconv>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/utf8.h"
#include "services/rpc/free_text.h"
#include "services/rpc/limits.h"
#include "services/rpc/vault.h"

namespace rpc {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

bool IsMasked(std::string_view text) {
  return text.find('*') != std::string_view::npos || text.find("＊") != std::string_view::npos;
}

// Characters that show nothing or make a screen show something else than what is stored: controls of C0 (but tab and
// line ends), DEL, C1, and the overrides and isolates of the bidirectional algorithm (U+202A to U+202E, U+2066 to
// U+2069). A carriage return is the first half of a line end. REQUIRES: valid UTF-8.
bool HidesSomething(std::string_view text, bool one_line) {
  for (size_t i = 0; i < text.size(); ++i) {
    const auto at = [&](size_t k) { return i + k < text.size() ? static_cast<unsigned char>(text[i + k]) : 0; };
    const unsigned char c = at(0);
    if (c == 0x7f || (c == 0xc2 && at(1) < 0xa0)) return true;
    if (c == 0xe2 && at(1) == 0x80 && at(2) >= 0xaa && at(2) <= 0xae) return true;
    if (c == 0xe2 && at(1) == 0x81 && at(2) >= 0xa6 && at(2) <= 0xa9) return true;
    if (c >= 0x20) continue;
    const bool line = c == '\n' || c == '\t' || (c == '\r' && at(1) == '\n');
    if (!line || one_line) return true;
  }
  return false;
}

// Names and numbers stand in one line; an address on an envelope has several.
bool IsOfOneLine(kernel::v1::Personal personal) {
  return personal == kernel::v1::PERSONAL_NAME || personal == kernel::v1::PERSONAL_PHONE ||
         personal == kernel::v1::PERSONAL_ID_NUMBER;
}

bool IsOfDevice(const FieldDescriptor* field) { return field->name().starts_with("device_"); }
bool IsMoment(const FieldDescriptor* field) { return field->name().ends_with("_ms"); }
bool IsMoney(const FieldDescriptor* field) { return field->name().ends_with("_fen"); }

// A day "2026-10-01" or a month "2026-10" by its name; whether it is one at all is seen by who reads it.
bool IsOfAnotherAge(const FieldDescriptor* field, std::string_view text) {
  const std::string_view name = field->name();
  if (!name.ends_with("day") && !name.ends_with("month") && name != "date") return false;
  int year = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), year);
  if (error != std::errc() || end - text.data() < 4 || end == text.data() + text.size() || *end != '-') return false;
  return year < kYearMin || year > kYearMax;
}

bool IsZero(const Message& message, const FieldDescriptor* field) {
  const Reflection* reflection = message.GetReflection();
  if (field->is_repeated()) return reflection->FieldSize(message, field) == 0;
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32: return reflection->GetInt32(message, field) == 0;
    case FieldDescriptor::CPPTYPE_INT64: return reflection->GetInt64(message, field) == 0;
    case FieldDescriptor::CPPTYPE_UINT32: return reflection->GetUInt32(message, field) == 0;
    case FieldDescriptor::CPPTYPE_UINT64: return reflection->GetUInt64(message, field) == 0;
    case FieldDescriptor::CPPTYPE_DOUBLE: return reflection->GetDouble(message, field) == 0;
    case FieldDescriptor::CPPTYPE_FLOAT: return reflection->GetFloat(message, field) == 0;
    case FieldDescriptor::CPPTYPE_BOOL: return !reflection->GetBool(message, field);
    case FieldDescriptor::CPPTYPE_ENUM: return reflection->GetEnumValue(message, field) == 0;
    case FieldDescriptor::CPPTYPE_STRING: {
      std::string scratch;
      return reflection->GetStringReference(message, field, &scratch).empty();
    }
    case FieldDescriptor::CPPTYPE_MESSAGE: return !reflection->HasField(message, field);
  }
  return false;
}

}  // namespace

std::string JsonPath(std::string_view path) {
  std::string out;
  bool capital = false;
  for (const char c : path) {
    if (c == '_') {
      capital = true;
      continue;
    }
    out.push_back(capital && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c);
    capital = false;
  }
  return out;
}

// One pass over one request.
class RequestRules::Walk {
 public:
  std::vector<kernel::v1::FieldError> errors;
  bool personal = false;

  void Visit(const Plan& plan, const std::string& prefix, Message* message) {
    for (const Step& step : plan.step) {
      if (errors.size() >= kFieldErrorsMax) return;
      if (step.rule.output_only()) {
        message->GetReflection()->ClearField(message, step.field);
        continue;
      }
      if (!step.rule.required() && IsZero(*message, step.field)) continue;
      const std::string path = prefix + std::string(step.field->name());
      if (step.field->is_repeated()) {
        VisitList(step, path, message);
      } else {
        VisitOne(step, path, message);
      }
    }
  }

 private:
  void VisitOne(const Step& step, const std::string& path, Message* message) {
    const Reflection* reflection = message->GetReflection();
    if (IsZero(*message, step.field)) {
      if (step.rule.required()) Add(path, "REQUIRED", "必须填写", "is required");
      return;
    }
    if (step.nested != nullptr) {
      Visit(*step.nested, path + ".", reflection->MutableMessage(message, step.field));
    } else if (step.field->cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
      std::string scratch;
      CheckText(step, path, reflection->GetStringReference(*message, step.field, &scratch));
    } else if (step.field->cpp_type() == FieldDescriptor::CPPTYPE_INT64) {
      CheckNumber(step, path, reflection->GetInt64(*message, step.field));
    }
  }

  void CheckNumber(const Step& step, const std::string& path, int64_t number) {
    if (IsOfDevice(step.field)) return;
    if (IsMoment(step.field)) {
      if (number < 0 || number >= kMomentMaxMs)
        Add(path, "OUT_OF_RANGE", "不是1970年至2099年间的时间", "is not a moment of the years 1970 to 2099");
    } else if (IsMoney(step.field) && (number < -kMoneyMaxFen || number > kMoneyMaxFen)) {
      Add(path, "OUT_OF_RANGE", "金额过大", "is too great a sum");
    }
  }

  void VisitList(const Step& step, const std::string& path, Message* message) {
    const Reflection* reflection = message->GetReflection();
    const auto size = static_cast<uint32_t>(reflection->FieldSize(*message, step.field));
    const uint32_t max = step.rule.max_length() > 0 ? step.rule.max_length() : kRepeatedDefaultMax;
    if (size == 0 && step.rule.required()) Add(path, "REQUIRED", "必须填写", "is required");
    if (size > 0 && size < step.rule.min_length()) {
      Add(path, "TOO_FEW", absl::StrCat("至少 ", step.rule.min_length(), " 项"),
          absl::StrCat("needs at least ", step.rule.min_length(), " elements"));
    }
    if (size > max) {
      Add(path, "TOO_MANY", absl::StrCat("最多 ", max, " 项"), absl::StrCat("takes at most ", max, " elements"));
      return;
    }
    for (uint32_t i = 0; i < size && errors.size() < kFieldErrorsMax; ++i) {
      const std::string at = absl::StrCat(path, "[", i, "]");
      if (step.nested != nullptr) {
        Visit(*step.nested, at + ".", reflection->MutableRepeatedMessage(message, step.field, static_cast<int>(i)));
      } else if (step.field->cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
        Step element = {step.field, {}, nullptr};  // lengths of a list's rule count its elements
        element.rule.set_personal(step.rule.personal());
        std::string scratch;
        CheckText(element, at,
                  reflection->GetRepeatedStringReference(*message, step.field, static_cast<int>(i), &scratch));
      }
    }
  }

  void CheckText(const Step& step, const std::string& path, const std::string& text) {
    personal |= step.rule.personal() != kernel::v1::PERSONAL_NONE ||
                (HoldsWords(step.field) && !NumbersIn(text).empty());
    const bool bytes = step.field->type() == FieldDescriptor::TYPE_BYTES;
    const size_t length = bytes ? text.size() : base::CodePoints(text);
    const size_t fallback = bytes ? kBodyBytesDefault : kTextDefaultMax;
    const size_t max = step.rule.max_length() > 0 ? step.rule.max_length() : fallback;
    if (length > max) {
      Add(path, "TOO_LONG", absl::StrCat("最多 ", max, " 个字，现有 ", length, " 个"),
          absl::StrCat("takes at most ", max, " characters, has ", length));
    }
    // Blanks say nothing: not where something must be said, and not where it must be said at some length.
    const std::string_view said = bytes ? std::string_view(text) : base::Trimmed(text);
    if (said.empty() && step.rule.required()) return Add(path, "REQUIRED", "必须填写", "is required");
    if ((bytes ? length : base::CodePoints(said)) < step.rule.min_length()) {
      Add(path, "TOO_SHORT", absl::StrCat("至少 ", step.rule.min_length(), " 个字"),
          absl::StrCat("needs at least ", step.rule.min_length(), " characters"));
    }
    if (bytes) return;
    if (HidesSomething(text, IsOfOneLine(step.rule.personal()))) {
      return Add(path, "CONTROL_CHARACTER", "含有不可见的控制字符，请删除后再试",
                 "has control characters that cannot be seen; take them out");
    }
    if (IsOfAnotherAge(step.field, text)) {
      Add(path, "OUT_OF_RANGE", absl::StrCat("不在", kYearMin, "年至", kYearMax, "年之间"),
          absl::StrCat("is not of the years ", kYearMin, " to ", kYearMax));
    } else if (IsVaultToken(text) || HasInlineToken(text)) {
      Add(path, "VAULT_TOKEN", "不能以 vault: 开头，也不能含有 ⟦vault:", "must not start with vault: nor contain ⟦vault:");
    } else if (step.rule.personal() != kernel::v1::PERSONAL_NONE && IsMasked(text)) {
      Add(path, "MASKED", "含有 *，请填写完整内容或留空不改", "is masked; give the whole value or leave it empty");
    }
  }

  void Add(const std::string& path, std::string code, const std::string& zh, const std::string& en) {
    kernel::v1::FieldError& error = errors.emplace_back();
    error.set_pointer(path);
    error.set_code(std::move(code));
    const std::string shown = JsonPath(path);
    error.set_message_zh(absl::StrCat("“", shown, "”", zh, "。"));
    error.set_message_en(absl::StrCat("\"", shown, "\" ", en, "."));
  }
};

RequestRules::RequestRules(const google::protobuf::Descriptor* type) : root_(PlanFor(type)) {}

const RequestRules::Plan* RequestRules::PlanFor(const google::protobuf::Descriptor* type) {
  auto [at, inserted] = plans_.try_emplace(type, nullptr);
  if (!inserted) return at->second.get();
  at->second = std::make_unique<Plan>();
  Plan* plan = at->second.get();
  for (int i = 0; i < type->field_count(); ++i) {
    const FieldDescriptor* field = type->field(i);
    const bool nested = field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
    const kernel::v1::FieldRule& rule = field->options().GetExtension(kernel::v1::field);
    const bool checked = field->cpp_type() == FieldDescriptor::CPPTYPE_STRING ||
                         field->cpp_type() == FieldDescriptor::CPPTYPE_INT64;
    if (!nested && !checked && !field->is_repeated() && !rule.required() && !rule.output_only()) continue;
    plan->step.push_back({field, rule, nested ? PlanFor(field->message_type()) : nullptr});
  }
  return plan;
}

std::vector<kernel::v1::FieldError> RequestRules::Check(Message* request, bool* personal) const {
  Walk walk;
  walk.Visit(*root_, "", request);
  if (personal != nullptr) *personal = walk.personal;
  return std::move(walk.errors);
}

Failure FieldFailure(std::vector<kernel::v1::FieldError> errors) {
  const kernel::v1::FieldError& first = errors.front();
  Failure failure = MakeFailure(grpc::StatusCode::INVALID_ARGUMENT, "FIELD_" + first.code(), first.message_zh(),
                                first.message_en());
  failure.detail.set_field(first.pointer());
  for (kernel::v1::FieldError& error : errors) *failure.detail.add_field_error() = std::move(error);
  return failure;
}

}  // namespace rpc
