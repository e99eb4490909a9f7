#include "gateway/render.h"

#include <absl/strings/ascii.h>
#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>

#include <algorithm>
#include <utility>

#include "base/crypto.h"
#include "gateway/json_text.h"
#include "gateway/transcode.h"
#include "kernel/v1/error.pb.h"

namespace gateway {
namespace {

using google::protobuf::internal::WireFormatLite;

struct Words {
  const char* zh;
  const char* en;
};

// For calls that failed without words of their own.
Words WordsOf(int grpc_code) {
  switch (grpc_code) {
    case 1:
      return {"请求已取消", "the request was cancelled"};
    case 3:
    case 11:
      return {"请求内容有误", "the request is not valid"};
    case 4:
      return {"处理超时，请重试", "this took too long; please try again"};
    case 5:
      return {"未找到", "not found"};
    case 6:
      return {"已经存在", "it exists already"};
    case 7:
      return {"您没有此项权限", "you may not do this"};
    case 8:
      return {"请求过多，请稍后再试", "too many requests; please try again later"};
    case 9:
      return {"当前状态下不能这样做", "this is not possible in the current state"};
    case 10:
      return {"内容已被他人更改，请刷新后再试", "it was changed meanwhile; reload and try again"};
    case 12:
      return {"此功能不可用", "this is not available"};
    case 14:
      return {"服务暂时不可用，请稍后再试", "the service is not available; please try again shortly"};
    case 16:
      return {"请先登录", "please sign in"};
    default:
      return {"系统内部错误，请凭请求编号联系管理员",
              "something went wrong inside; please quote the request id"};
  }
}

std::string LowerDashed(std::string_view reason) {
  std::string out = absl::AsciiStrToLower({reason.data(), reason.size()});
  std::replace(out.begin(), out.end(), '_', '-');
  return out;
}

std::string_view Trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// Calls `each` for the trimmed parts between `separator`; stops when it returns true.
template <class F>
bool AnyPart(std::string_view text, char separator, F each) {
  while (true) {
    const size_t end = text.find(separator);
    if (each(Trim(text.substr(0, end)))) return true;
    if (end == std::string_view::npos) return false;
    text.remove_prefix(end + 1);
  }
}

// The last value of a top-level field of a message, without reading the rest of it.
std::string TopLevelField(std::string_view wire, const google::protobuf::FieldDescriptor& field) {
  google::protobuf::io::CodedInputStream in(reinterpret_cast<const uint8_t*>(wire.data()),
                                            static_cast<int>(wire.size()));
  std::string out;
  while (const uint32_t tag = in.ReadTag()) {
    const bool ours = WireFormatLite::GetTagFieldNumber(tag) == field.number();
    const auto type = WireFormatLite::GetTagWireType(tag);
    uint64_t number = 0;
    uint32_t length = 0;
    if (ours && type == WireFormatLite::WIRETYPE_VARINT && in.ReadVarint64(&number)) {
      out = number == 0 ? "" : absl::StrCat(number);
    } else if (ours && type == WireFormatLite::WIRETYPE_LENGTH_DELIMITED && in.ReadVarint32(&length)) {
      if (!in.ReadString(&out, static_cast<int>(length))) return "";
    } else if (!WireFormatLite::SkipField(&in, tag)) {
      return "";
    }
  }
  return out;
}

}  // namespace

Problem ProblemOfCall(int grpc_code, std::string_view grpc_message, std::string_view detail,
                      std::string_view service) {
  Problem problem;
  problem.status = HttpStatusOf(grpc_code);
  problem.code = GrpcCodeName(grpc_code);
  problem.reason = problem.code;
  problem.domain = service;
  const Words words = WordsOf(grpc_code);
  problem.zh = words.zh;
  problem.en = words.en;
  (void)grpc_message;  // of the transport or the engine: logged by the caller, never shown
  kernel::v1::ErrorDetail read;
  if (!detail.empty() && read.ParseFromArray(detail.data(), static_cast<int>(detail.size()))) {
    if (!read.reason().empty()) problem.reason = read.reason();
    if (!read.message_zh().empty()) problem.zh = read.message_zh();
    if (!read.message_en().empty()) problem.en = read.message_en();
    problem.metadata.insert(read.metadata().begin(), read.metadata().end());
    problem.retry_after_ms = read.retry_after_ms();
    for (const auto& error : read.field_error()) {
      problem.errors.push_back(
          {PointerOfFieldPath(error.pointer()), error.code(), error.message_zh(), error.message_en()});
    }
    if (problem.errors.empty() && !read.field().empty()) {
      problem.errors.push_back({PointerOfFieldPath(read.field()), problem.reason, problem.zh, problem.en});
    }
    problem.error_detail = detail;
  }
  if ((problem.status == 429 || problem.status == 503) && problem.retry_after_ms == 0)
    problem.retry_after_ms = 1000;
  return problem;
}

std::string ProblemJson(const Problem& problem, std::string_view request_id) {
  std::string out =
      absl::StrCat("{\"type\":\"urn:fengqiao:problem:", LowerDashed(problem.reason), "\",\"title\":");
  AppendJsonString(StatusTitle(problem.status), &out);
  absl::StrAppend(&out, ",\"status\":", problem.status, ",\"detail\":");
  AppendJsonString(problem.zh, &out);
  out += ",\"detail_en\":";
  AppendJsonString(problem.en, &out);
  out += ",\"instance\":";
  AppendJsonString(absl::StrCat("urn:request:", std::string(request_id)), &out);
  out += ",\"code\":";
  AppendJsonString(problem.code, &out);
  out += ",\"reason\":";
  AppendJsonString(problem.reason, &out);
  out += ",\"domain\":";
  AppendJsonString(problem.domain, &out);
  out += ",\"metadata\":{";
  for (const auto& [key, value] : problem.metadata) {
    if (out.back() != '{') out += ',';
    AppendJsonString(key, &out);
    out += ':';
    AppendJsonString(value, &out);
  }
  out += "},\"errors\":[";
  for (const FieldError& error : problem.errors) {
    if (out.back() != '[') out += ',';
    out += "{\"pointer\":";
    AppendJsonString(error.pointer, &out);
    out += ",\"detail\":";
    AppendJsonString(error.zh, &out);
    out += ",\"detail_en\":";
    AppendJsonString(error.en, &out);
    out += ",\"code\":";
    AppendJsonString(error.code, &out);
    out += '}';
  }
  out += "],\"requestId\":";
  AppendJsonString(request_id, &out);
  if (problem.retry_after_ms > 0) absl::StrAppend(&out, ",\"retryAfterMs\":", problem.retry_after_ms);
  out += '}';
  return out;
}

HttpResponse ProblemResponse(const Problem& problem, std::string_view request_id) {
  HttpResponse response;
  response.status = problem.status;
  response.Add("Content-Type", "application/problem+json").Add("Cache-Control", "no-store");
  response.Add("X-Content-Type-Options", "nosniff");
  if (problem.retry_after_ms > 0) {
    response.Add("Retry-After", absl::StrCat((problem.retry_after_ms + 999) / 1000));
  }
  if (problem.status == 401) response.Add("WWW-Authenticate", "Bearer realm=\"fengqiao\"");
  if (!problem.allow.empty()) response.Add("Allow", problem.allow);
  response.body = ProblemJson(problem, request_id);
  return response;
}

std::string EntityTag(const Method& method, bool is_read, std::string_view wire, std::string_view json) {
  std::string version;
  if (method.version != nullptr) {
    version = TopLevelField(wire, *method.version);
  } else if (method.etag != nullptr) {
    version = TopLevelField(wire, *method.etag);
    version.erase(std::remove(version.begin(), version.end(), '"'), version.end());
  }
  if (is_read) return absl::StrCat("\"", version, "-", base::Hex(base::Sha256(json).substr(0, 8)), "\"");
  return version.empty() ? "" : absl::StrCat("\"", version, "\"");
}

bool TagMatches(std::string_view if_none_match, std::string_view tag) {
  if (tag.empty()) return false;
  return AnyPart(if_none_match, ',', [&](std::string_view part) {
    if (part.substr(0, 2) == "W/") part.remove_prefix(2);
    return part == "*" || part == tag;
  });
}

bool IsMediaType(std::string_view header, std::string_view type) {
  const std::string_view bare = Trim(header.substr(0, header.find(';')));
  if (!absl::EqualsIgnoreCase({bare.data(), bare.size()}, {type.data(), type.size()})) return false;
  if (header.find(';') == std::string_view::npos) return true;
  return !AnyPart(header.substr(header.find(';') + 1), ';', [](std::string_view parameter) {
    const std::string lower = absl::AsciiStrToLower({parameter.data(), parameter.size()});
    return lower.starts_with("charset=") && lower != "charset=utf-8" && lower != "charset=\"utf-8\"";
  });
}

bool Accepts(const std::string* accept, std::string_view type) {
  if (accept == nullptr || accept->empty()) return true;
  const std::string_view main = type.substr(0, type.find('/'));
  return AnyPart(*accept, ',', [&](std::string_view part) {
    const std::string_view bare = Trim(part.substr(0, part.find(';')));
    const bool refused = AnyPart(part, ';', [](std::string_view p) { return p == "q=0" || p == "q=0.0"; });
    if (refused) return false;
    if (bare == "*/*" || absl::EqualsIgnoreCase({bare.data(), bare.size()}, {type.data(), type.size()}))
      return true;
    return bare.size() == main.size() + 2 && bare.substr(0, main.size()) == main &&
           bare.substr(main.size()) == "/*";
  });
}

}  // namespace gateway
