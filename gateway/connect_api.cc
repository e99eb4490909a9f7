#include "gateway/connect_api.h"

#include <absl/strings/match.h>
#include <absl/strings/numbers.h>

#include <algorithm>

#include "base/crypto.h"
#include "gateway/binder.h"
#include "gateway/gzip.h"
#include "gateway/json_text.h"
#include "gateway/limits.h"
#include "gateway/percent.h"
#include "gateway/render.h"
#include "gateway/transcode.h"
#include "kernel/v1/error.pb.h"

namespace gateway {
namespace {

namespace asio = boost::asio;

constexpr size_t kCompressFromBytes = 1024;

std::string Unpadded(std::string text) {
  while (!text.empty() && text.back() == '=') text.pop_back();
  return text;
}

// Clients write either alphabet, padded or not.
std::optional<std::string> AnyBase64(std::string text) {
  text = Unpadded(std::move(text));
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  return base::FromBase64Url(text);
}

std::string DetailOf(const Problem& problem) {
  if (!problem.error_detail.empty()) return problem.error_detail;
  kernel::v1::ErrorDetail detail;
  detail.set_reason(problem.reason);
  detail.set_message_zh(problem.zh);
  detail.set_message_en(problem.en);
  detail.set_retry_after_ms(problem.retry_after_ms);
  detail.mutable_metadata()->insert(problem.metadata.begin(), problem.metadata.end());
  for (const FieldError& error : problem.errors) {
    auto* out = detail.add_field_error();
    out->set_pointer(error.pointer);
    out->set_code(error.code);
    out->set_message_zh(error.zh);
    out->set_message_en(error.en);
  }
  return detail.SerializeAsString();
}

Problem UnknownCompression() {
  return MakeProblem(501, "UNIMPLEMENTED", "UNSUPPORTED_COMPRESSION", "不支持的压缩方式，可用：gzip",
                     "unknown compression; supported encodings are gzip");
}

HttpResponse Bare(int status) {
  HttpResponse response;
  response.status = status;
  return response;
}

std::optional<Problem> TimeoutOf(const HttpRequest& request, int64_t* ms) {
  const std::string* header = request.Header("connect-timeout-ms");
  if (header == nullptr) return std::nullopt;
  const bool digits =
      !header->empty() && header->size() <= 10 &&
      std::all_of(header->begin(), header->end(), [](char c) { return c >= '0' && c <= '9'; });
  if (!digits || !absl::SimpleAtoi(*header, ms)) {
    return BadRequest("BAD_TIMEOUT", "connect-timeout-ms 应为 1 至 10 位数字",
                      "connect-timeout-ms must be 1 to 10 digits");
  }
  *ms = std::max<int64_t>(*ms, 1);
  return std::nullopt;
}

}  // namespace

bool ConnectApi::IsMine(std::string_view path) const {
  const size_t slash = path.find('/', 1);
  return slash != std::string_view::npos && catalog_.HasService(path.substr(1, slash - 1));
}

std::optional<HttpResponse> ConnectApi::Admit(const HttpRequest& request, const Method** method) const {
  *method = catalog_.FindRpc(request.path);
  if (*method == nullptr) return Bare(404);
  const bool get = request.method == "GET" || request.method == "HEAD";
  const bool reads = (*method)->no_side_effects;
  if ((get && !reads) || (!get && request.method != "POST")) {
    HttpResponse response = Bare(405);
    response.Add("Allow", reads ? "GET, POST" : "POST");
    return response;
  }
  if ((*method)->streams) {
    return ErrorResponse(MakeProblem(501, "UNIMPLEMENTED", "STREAMED_FILE", "文件请用其 HTTP 地址下载",
                                     "a streamed file is had at its HTTP path"));
  }
  if (get) return std::nullopt;
  const std::string* type = request.Header("content-type");
  if (type == nullptr ||
      !(IsMediaType(*type, "application/json") || IsMediaType(*type, "application/proto"))) {
    HttpResponse response = Bare(415);
    response.Add("Accept-Post", "application/json, application/proto");
    return response;
  }
  const std::string* version = request.Header("connect-protocol-version");
  if (version != nullptr && *version != "1") {
    return ErrorResponse(BadRequest("BAD_PROTOCOL_VERSION", "connect-protocol-version 应为 1",
                                    "connect-protocol-version must be 1"));
  }
  return std::nullopt;
}

HttpResponse ConnectApi::ErrorResponse(const Problem& problem) {
  HttpResponse response;
  response.status = problem.status;
  response.Add("Content-Type", "application/json").Add("Cache-Control", "no-store");
  if (problem.retry_after_ms > 0) {
    response.Add("Retry-After", std::to_string((problem.retry_after_ms + 999) / 1000));
  }
  if (problem.status == 401) response.Add("WWW-Authenticate", "Bearer realm=\"fengqiao\"");
  response.body = "{\"code\":" + JsonString(ConnectCodeOf(problem.code)) +
                  ",\"message\":" + JsonString(problem.zh) +
                  ",\"details\":[{\"type\":\"kernel.v1.ErrorDetail\",\"value\":" +
                  JsonString(Unpadded(base::Base64(DetailOf(problem)))) + "}]}";
  return response;
}

std::optional<Problem> ConnectApi::ReadGet(const HttpRequest& request, Input* input) const {
  std::vector<QueryParameter> parameters;
  if (auto problem = ParseQuery(request.query, &parameters)) return problem;
  bool base64 = false;
  std::string encoding, compression;
  for (QueryParameter& parameter : parameters) {
    if (parameter.name == "message") input->message = std::move(parameter.value);
    if (parameter.name == "encoding") encoding = parameter.value;
    if (parameter.name == "base64") base64 = parameter.value == "1";
    if (parameter.name == "compression") compression = parameter.value;
  }
  if (encoding != "json" && encoding != "proto") {
    return MakeProblem(415, "INVALID_ARGUMENT", "UNSUPPORTED_ENCODING", "encoding 应为 json 或 proto",
                       "encoding must be json or proto");
  }
  input->json = encoding == "json";
  if (base64) {
    auto bytes = AnyBase64(std::move(input->message));
    if (!bytes) return BadRequest("BAD_MESSAGE", "message 不是 base64", "message is not base64");
    input->message = *std::move(bytes);
  }
  if (!compression.empty() && compression != "identity") {
    if (compression != "gzip") return UnknownCompression();
    auto plain = Gunzip(input->message, kMaxInflatedBytes);
    if (!plain) return BadRequest("BAD_GZIP", "message 无法解压", "message is not good gzip");
    input->message = *std::move(plain);
  }
  return std::nullopt;
}

std::optional<Problem> ConnectApi::ReadInput(const HttpRequest& request, Input* input) const {
  if (request.method != "POST") return ReadGet(request, input);
  input->json = IsMediaType(*request.Header("content-type"), "application/json");
  input->message = request.body;
  const std::string* coding = request.Header("content-encoding");
  if (coding == nullptr || *coding == "identity" || request.body.empty()) return std::nullopt;
  if (*coding != "gzip") return UnknownCompression();
  auto plain = Gunzip(request.body, kMaxInflatedBytes);
  if (!plain) return BadRequest("BAD_GZIP", "请求体无法解压", "the body is not good gzip");
  input->message = *std::move(plain);
  return std::nullopt;
}

std::optional<Problem> ConnectApi::Decode(const MethodCall& call, const HttpRequest& request,
                                          const Input& input, std::string* wire) const {
  const auto* type = call.method->descriptor->input_type();
  std::string bytes = input.message;
  if (input.json) {
    bytes.clear();
    if (input.message.empty())
      return BadRequest("BAD_JSON", "请求体不是合法的 JSON", "the body is not valid JSON");
    if (auto problem = JsonToWire(catalog_, type, input.message, "", &bytes, nullptr)) return problem;
  }
  auto message = catalog_.New(type);
  if (!message->ParseFromString(bytes)) {
    return BadRequest("BAD_MESSAGE", "请求体无法解析", "the body is not a message of this method");
  }
  if (const std::string* key = request.Header("idempotency-key")) {
    if (auto problem = ApplyIdempotencyKey(*call.method, *key, message.get())) return problem;
  }
  if (auto problem = CheckRules(*call.method, message.get())) return problem;
  if (auto problem = CheckIdempotencyKey(*call.method, *message)) return problem;
  *wire = message->SerializeAsString();
  return std::nullopt;
}

asio::awaitable<HttpResponse> ConnectApi::Handle(MethodCall* call, HttpRequest* request) {
  int64_t timeout_ms = 0;
  Input input;
  std::string wire;
  std::optional<Problem> problem = TimeoutOf(*request, &timeout_ms);
  if (!problem) problem = ReadInput(*request, &input);
  if (!problem && input.message.size() > kInlineJsonBytes) {
    co_await calls_.OnWorker([&]() { problem = Decode(*call, *request, input, &wire); });
  } else if (!problem) {
    problem = Decode(*call, *request, input, &wire);
  }
  if (problem) co_return ErrorResponse(*problem);
  CallResult result =
      co_await calls_.Call(*call->method, &call->principal, std::move(wire), request, timeout_ms);
  if (result.problem) co_return ErrorResponse(*result.problem);
  HttpResponse response;
  if (input.json) {
    const auto* type = call->method->descriptor->output_type();
    if (!WireToJson(catalog_, type, result.response, &response.body)) {
      co_return ErrorResponse(ProblemOfCall(13, "", "", call->method->service));
    }
  } else {
    response.body = std::move(result.response);
  }
  response.Add("Content-Type", input.json ? "application/json" : "application/proto");
  response.Add("Cache-Control", request->method == "POST" ? "no-store" : "private, no-cache");
  response.Add("Vary", "Accept-Encoding, Authorization, Cookie");
  const std::string* accepts = request->Header("accept-encoding");
  if (response.body.size() >= kCompressFromBytes && accepts != nullptr &&
      absl::StrContains(*accepts, "gzip") && !absl::StrContains(*accepts, "gzip;q=0")) {
    response.body = Gzip(response.body);
    response.Add("Content-Encoding", "gzip");
  }
  co_return response;
}

}  // namespace gateway
