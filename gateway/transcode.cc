#include "gateway/transcode.h"

#include <absl/strings/str_cat.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/util/json_util.h>

#include <string>

#include "gateway/json_shape.h"
#include "gateway/json_text.h"
#include "gateway/strict_json.h"

namespace gateway {
namespace {

std::string TypeUrl(const google::protobuf::Descriptor* type) {
  return absl::StrCat("type.googleapis.com/", type->full_name());
}

Problem JsonProblem(const JsonFault& fault) {
  using Kind = JsonFault::Kind;
  const char* zh = "请求体不是合法的 JSON";
  const char* en = "the body is not valid JSON";
  const char* reason = "BAD_JSON";
  switch (fault.kind) {
    case Kind::kSyntax:
      break;
    case Kind::kEncoding:
      zh = "请求体不是合法的 UTF-8 文本";
      en = "the body is not valid UTF-8 text";
      break;
    case Kind::kDuplicateKey:
      zh = "JSON 中同一成员出现两次";
      en = "a JSON member is given twice";
      reason = "DUPLICATE_MEMBER";
      break;
    case Kind::kTooDeep:
      zh = "JSON 嵌套过深";
      en = "the JSON is nested too deeply";
      reason = "JSON_TOO_DEEP";
      break;
    case Kind::kTooMany:
      zh = "JSON 成员过多";
      en = "the JSON has too many members";
      reason = "JSON_TOO_LARGE";
      break;
    case Kind::kNumberTooLong:
      zh = "JSON 数字过长";
      en = "a JSON number is too long";
      break;
  }
  Problem problem = BadRequest(reason, absl::StrCat(zh, "（第 ", fault.offset + 1, " 字节）"),
                               absl::StrCat(en, " (at byte ", fault.offset + 1, ")"));
  problem.errors.push_back({fault.pointer, reason, zh, en});
  return problem;
}

// protobuf says "(party.birthday): invalid value …": what is in the brackets is where.
Problem ConversionProblem(std::string_view text, std::string_view prefix) {
  FieldError error{std::string(prefix), "WRONG_TYPE", "字段的格式不对", "the value has the wrong form"};
  const size_t open = text.find('(');
  const size_t close = text.find("):");
  if (open != std::string_view::npos && close != std::string_view::npos && open < close) {
    error.pointer += PointerOfFieldPath(text.substr(open + 1, close - open - 1));
  }
  return BadField(std::move(error));
}

}  // namespace

std::string PointerOfFieldPath(std::string_view path) {
  std::string out;
  bool upper = false;
  bool start = true;
  for (char c : path) {
    if (c == '.' || c == '[') {
      start = true;
      upper = false;
    } else if (c == ']' || c == '"') {
      continue;
    } else {
      if (start) out += '/';
      start = false;
      if (c == '_') {
        upper = true;
        continue;
      }
      if (c == '/' || c == '~') {
        out += PointerToken(std::string_view(&c, 1));
      } else {
        out += upper && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
      }
      upper = false;
    }
  }
  return out;
}

std::optional<Problem> JsonToWire(const Catalog& catalog, const google::protobuf::Descriptor* type,
                                  std::string_view json, std::string_view pointer_prefix, std::string* wire,
                                  std::set<std::string, std::less<>>* given) {
  if (json.empty()) return std::nullopt;
  JsonShape shape(type);
  if (const auto fault = CheckJson(json, &shape)) return JsonProblem(*fault);
  if (!shape.errors().empty()) {
    Problem problem = BadRequest("INVALID_FIELD", shape.errors()[0].zh, shape.errors()[0].en);
    problem.errors = shape.errors();
    for (FieldError& error : problem.errors)
      error.pointer = absl::StrCat(std::string(pointer_prefix), error.pointer);
    return problem;
  }
  if (given != nullptr) *given = shape.given();
  const std::string url = TypeUrl(type);
  google::protobuf::io::ArrayInputStream in(json.data(), static_cast<int>(json.size()));
  google::protobuf::io::StringOutputStream out(wire);
  const auto status = google::protobuf::util::JsonToBinaryStream(catalog.types(), url, &in, &out,
                                                                 google::protobuf::util::JsonParseOptions());
  if (!status.ok()) return ConversionProblem(status.ToString(), pointer_prefix);
  return std::nullopt;
}

bool WireToJson(const Catalog& catalog, const google::protobuf::Descriptor* type, std::string_view wire,
                std::string* json) {
  google::protobuf::io::ArrayInputStream in(wire.data(), static_cast<int>(wire.size()));
  google::protobuf::io::StringOutputStream out(json);
  return google::protobuf::util::BinaryToJsonStream(catalog.types(), TypeUrl(type), &in, &out,
                                                    google::protobuf::util::JsonPrintOptions())
      .ok();
}

}  // namespace gateway
