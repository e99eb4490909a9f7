#include "gateway/binder.h"

#include <absl/strings/str_cat.h>

#include <charconv>
#include <set>
#include <utility>

#include "gateway/json_shape.h"
#include "gateway/limits.h"
#include "gateway/percent.h"
#include "gateway/set_field.h"
#include "gateway/transcode.h"

namespace gateway {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

FieldError Twice(const FieldPath& path) {
  return {PointerOf(path), "GIVEN_TWICE", "同一字段在路径、查询参数或请求体中出现了两次",
          "the same field is given twice, in the path, the query or the body"};
}

// Which fields have been given, by dotted path.
class Given {
 public:
  void AddBody(const std::set<std::string, std::less<>>& paths, std::string_view prefix) {
    for (const std::string& path : paths) paths_.insert(absl::StrCat(std::string(prefix), path));
  }
  // False if it, or another member of its oneof, is there already.
  bool Add(const FieldPath& path) {
    const std::string dotted = DottedOf(path);
    if (!paths_.insert(dotted).second) return false;
    std::string parent;
    for (const FieldDescriptor* field : path) {
      if (const auto* oneof = field->real_containing_oneof()) {
        for (int i = 0; i < oneof->field_count(); ++i) {
          if (oneof->field(i) != field && paths_.contains(parent + oneof->field(i)->name())) return false;
        }
      }
      parent += field->name() + ".";
      if (field != path.back()) paths_.insert(parent.substr(0, parent.size() - 1));
    }
    return true;
  }

 private:
  std::set<std::string, std::less<>> paths_;
};

std::optional<FieldPath> ResolveParameter(const Descriptor* type, std::string_view name) {
  FieldPath path;
  while (true) {
    const size_t dot = name.find('.');
    const FieldDescriptor* field = FieldByEitherName(*type, name.substr(0, dot));
    if (field == nullptr || field->is_map()) return std::nullopt;
    path.push_back(field);
    if (dot == std::string_view::npos) break;
    if (field->is_repeated() || field->message_type() == nullptr || path.size() >= 8) return std::nullopt;
    type = field->message_type();
    name.remove_prefix(dot + 1);
  }
  const FieldDescriptor* leaf = path.back();
  const bool message = leaf->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
  if (message && (leaf->is_repeated() || !HasOwnJson(*leaf->message_type()))) return std::nullopt;
  return path;
}

std::optional<Problem> BindQuery(const Catalog& catalog, const BindInput& input, Given* given,
                                 Message* message) {
  std::vector<QueryParameter> parameters;
  if (auto problem = ParseQuery(input.query, &parameters)) return problem;
  if (input.binding->body == Binding::Body::kAll && !parameters.empty()) {
    return BadRequest("QUERY_NOT_ALLOWED", "此接口的全部参数都在请求体中，不接受查询参数",
                      "every parameter of this method is in the body; it takes no query string");
  }
  std::set<std::string> repeated;
  for (const QueryParameter& parameter : parameters) {
    const auto path = ResolveParameter(message->GetDescriptor(), parameter.name);
    if (!path || (input.binding->body_field != nullptr && path->front() == input.binding->body_field)) {
      Problem problem = BadRequest("UNKNOWN_PARAMETER", absl::StrCat("没有这个查询参数：", parameter.name),
                                   absl::StrCat("there is no such query parameter: ", parameter.name));
      problem.metadata["parameter"] = parameter.name;
      return problem;
    }
    const bool again = path->back()->is_repeated() && !repeated.insert(DottedOf(*path)).second;
    if (!again && !given->Add(*path)) return BadField(Twice(*path));
    if (auto problem = SetField(catalog, *path, parameter.value, message)) return problem;
  }
  return std::nullopt;
}

std::optional<Problem> BindBody(const Catalog& catalog, const BindInput& input, Given* given,
                                Message* message) {
  const Binding& binding = *input.binding;
  if (binding.body == Binding::Body::kNone) {
    if (input.body.empty()) return std::nullopt;
    return BadRequest("BODY_NOT_ALLOWED", "此接口不接受请求体", "this method takes no body");
  }
  Message* target = message;
  std::string prefix;
  std::string pointer;
  if (binding.body == Binding::Body::kField) {
    target = message->GetReflection()->MutableMessage(message, binding.body_field);
    prefix = binding.body_field->name() + ".";
    pointer = "/" + binding.body_field->json_name();
  }
  std::string wire;
  std::set<std::string, std::less<>> paths;
  if (auto problem = JsonToWire(catalog, target->GetDescriptor(), input.body, pointer, &wire, &paths))
    return problem;
  if (!target->ParseFromString(wire))
    return BadRequest("BAD_JSON", "请求体无法解析", "the body cannot be read");
  given->AddBody(paths, prefix);
  return std::nullopt;
}

// The number in "7", "7-1a2b3c4d" (what our own ETag looks like) and their quoted forms.
std::optional<uint64_t> VersionOf(std::string_view text) {
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') text = text.substr(1, text.size() - 2);
  text = text.substr(0, text.find('-'));
  uint64_t version = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), version);
  if (error != std::errc() || end != text.data() + text.size() || version == 0) return std::nullopt;
  return version;
}

}  // namespace

std::optional<Problem> ApplyIdempotencyKey(const Method& method, std::string_view header, Message* message) {
  if (header.size() >= 2 && header.front() == '"' && header.back() == '"') {
    header = header.substr(1, header.size() - 2);
  }
  bool clean = !header.empty() && header.size() <= kMaxRequestIdBytes;
  for (char c : header) clean = clean && c > 0x20 && c < 0x7f && c != '"' && c != '\\';
  if (!clean) {
    return BadRequest("BAD_IDEMPOTENCY_KEY", "Idempotency-Key 应为 1 至 36 个可见 ASCII 字符",
                      "Idempotency-Key must be 1 to 36 visible ASCII characters");
  }
  if (method.request_id == nullptr) return std::nullopt;  // reading twice does no harm
  const std::string in_body = message->GetReflection()->GetString(*message, method.request_id);
  if (!in_body.empty() && in_body != header) {
    return BadField({"/" + method.request_id->json_name(), "CONFLICT", "与 Idempotency-Key 请求头不一致",
                     "differs from the Idempotency-Key header"});
  }
  message->GetReflection()->SetString(message, method.request_id, std::string(header));
  return std::nullopt;
}

std::optional<Problem> CheckIdempotencyKey(const Method& method, const Message& message) {
  if (method.request_id == nullptr) return std::nullopt;
  if (!message.GetReflection()->GetString(message, method.request_id).empty()) return std::nullopt;
  Problem problem = BadRequest("IDEMPOTENCY_KEY_REQUIRED",
                               "请用 Idempotency-Key 请求头给这次操作一个编号（如 UUID），重发时用同一编号，不会重复办理",
                               "name this change with the Idempotency-Key header (a UUID, say); sent again with the "
                               "same key it has its effect once");
  problem.errors.push_back({"/" + method.request_id->json_name(), "REQUIRED", problem.zh, problem.en});
  return problem;
}

std::optional<Problem> ApplyIfMatch(const Method& method, std::string_view header, Message* message) {
  if (method.expected_version == nullptr || header == "*") return std::nullopt;
  const auto version = VersionOf(header);
  if (!version) {
    return BadRequest("BAD_IF_MATCH", "If-Match 应为带引号的版本号", "If-Match must be a quoted version");
  }
  const uint64_t in_body = message->GetReflection()->GetUInt64(*message, method.expected_version);
  if (in_body != 0 && in_body != *version) {
    return BadField({"/" + method.expected_version->json_name(), "CONFLICT", "与 If-Match 请求头不一致",
                     "differs from the If-Match header"});
  }
  message->GetReflection()->SetUInt64(message, method.expected_version, *version);
  return std::nullopt;
}

std::optional<Problem> Bind(const Catalog& catalog, const BindInput& input, std::unique_ptr<Message>* out) {
  std::unique_ptr<Message> message = catalog.New(input.method->descriptor->input_type());
  Given given;
  if (auto problem = BindBody(catalog, input, &given, message.get())) return problem;
  for (size_t i = 0; i < input.captures.size(); ++i) {
    const FieldPath& path = input.binding->variables[i];
    if (!given.Add(path)) return BadField(Twice(path));
    if (auto problem = SetField(catalog, path, input.captures[i].value, message.get())) return problem;
  }
  if (auto problem = BindQuery(catalog, input, &given, message.get())) return problem;
  if (input.idempotency_key) {
    if (auto problem = ApplyIdempotencyKey(*input.method, *input.idempotency_key, message.get()))
      return problem;
  }
  if (input.if_match) {
    if (auto problem = ApplyIfMatch(*input.method, *input.if_match, message.get())) return problem;
  }
  *out = std::move(message);
  return std::nullopt;
}

std::optional<Problem> CheckRules(const Method& method, Message* message) {
  const auto errors = method.rules->Check(message);
  if (errors.empty()) return std::nullopt;
  Problem problem = BadRequest("INVALID_FIELD", errors[0].message_zh(), errors[0].message_en());
  bool only_version = true;
  for (const auto& error : errors) {
    only_version = only_version && method.expected_version != nullptr &&
                   error.pointer() == method.expected_version->name();
    problem.errors.push_back(
        {PointerOfFieldPath(error.pointer()), error.code(), error.message_zh(), error.message_en()});
  }
  if (only_version) {
    problem.status = 428;
    problem.code = "FAILED_PRECONDITION";
    problem.reason = "PRECONDITION_REQUIRED";
    problem.zh = "请用 If-Match 请求头说明所依据的版本";
    problem.en = "say with If-Match which version this change is based on";
  }
  return problem;
}

}  // namespace gateway
