#include "gateway/rest_api.h"

#include <absl/strings/numbers.h>

#include "gateway/binder.h"
#include "gateway/file_answer.h"
#include "gateway/limits.h"
#include "gateway/render.h"
#include "gateway/transcode.h"

namespace gateway {
namespace {

namespace asio = boost::asio;

// "X-Timeout-Ms: 2500": how long the client will wait. Wrong values are as good as none.
int64_t ClientDeadlineMs(const HttpRequest& request) {
  const std::string* header = request.Header("x-timeout-ms");
  int64_t ms = 0;
  return header != nullptr && absl::SimpleAtoi(*header, &ms) && ms > 0 ? ms : 0;
}

std::optional<std::string> Copied(const std::string* header) {
  return header == nullptr ? std::nullopt : std::optional<std::string>(*header);
}

// The one field an answer is reduced to by response_body.
bool PickField(const Catalog& catalog, const Method& method, const Binding& binding, std::string* wire) {
  auto message = catalog.New(method.descriptor->output_type());
  if (!message->ParseFromString(*wire)) return false;
  *wire = message->GetReflection()->GetMessage(*message, binding.response_field).SerializeAsString();
  return true;
}

// The client said If-Match; what the service calls a conflict is then a failed precondition.
void Refine(const HttpRequest& request, Problem* problem) {
  if (problem->code == "ABORTED" && request.Header("if-match") != nullptr) problem->status = 412;
}

}  // namespace

std::optional<Problem> RestApi::CheckHeaders(const HttpRequest& request, const Method& method,
                                             const Binding& binding) {
  if (!method.gives_file && !Accepts(request.Header("accept"), "application/json")) {
    return MakeProblem(406, "INVALID_ARGUMENT", "NOT_ACCEPTABLE", "只能返回 application/json",
                       "only application/json can be answered");
  }
  const std::string* type = request.Header("content-type");
  const bool has_body = request.framing != HttpRequest::Framing::kNone;
  if (has_body && binding.body != Binding::Body::kNone &&
      (type == nullptr || !IsMediaType(*type, "application/json"))) {
    return MakeProblem(415, "INVALID_ARGUMENT", "UNSUPPORTED_MEDIA_TYPE",
                       "请求体必须是 UTF-8 的 application/json",
                       "the body must be application/json in UTF-8");
  }
  if (request.Header("content-encoding") != nullptr) {
    return MakeProblem(415, "INVALID_ARGUMENT", "UNSUPPORTED_CONTENT_ENCODING", "请求体不得压缩",
                       "the body must not be compressed");
  }
  return std::nullopt;
}

asio::awaitable<std::optional<Problem>> RestApi::BindRequest(MethodCall* call, HttpRequest* request,
                                                             std::string* wire) {
  BindInput input;
  input.method = call->method;
  input.binding = call->binding;
  input.captures = std::move(call->captures);
  input.query = request->query;
  input.body = request->body;
  input.idempotency_key = Copied(request->Header("idempotency-key"));
  input.if_match = Copied(request->Header("if-match"));
  std::optional<Problem> problem;
  const auto work = [&]() {
    std::unique_ptr<google::protobuf::Message> message;
    problem = Bind(catalog_, input, &message);
    if (!problem) problem = CheckRules(*input.method, message.get());
    if (!problem) problem = CheckIdempotencyKey(*input.method, *message);
    if (!problem) *wire = message->SerializeAsString();
  };
  if (request->body.size() > kInlineJsonBytes) {
    co_await calls_.OnWorker(work);
  } else {
    work();
  }
  co_return problem;
}

asio::awaitable<HttpResponse> RestApi::Answer(const MethodCall& call, const HttpRequest& request,
                                              const std::string& wire) {
  HttpResponse response;
  const auto* type = call.binding->response_field == nullptr ? call.method->descriptor->output_type()
                                                             : call.binding->response_field->message_type();
  std::string body = wire;
  bool good = true;
  const auto work = [&]() {
    if (call.binding->response_field != nullptr)
      good = PickField(catalog_, *call.method, *call.binding, &body);
    good = good && WireToJson(catalog_, type, body, &response.body);
  };
  if (wire.size() > kInlineJsonBytes) {
    co_await calls_.OnWorker(work);
  } else {
    work();
  }
  if (!good) co_return ProblemResponse(ProblemOfCall(13, "", "", call.method->service), request.request_id);
  const bool is_read = request.method == "GET" || request.method == "HEAD";
  const std::string tag = EntityTag(*call.method, is_read, wire, response.body);
  response.Add("Content-Type", "application/json").Add("X-Content-Type-Options", "nosniff");
  // Masking and scope depend on who asks, so no shared cache may keep it; the browser's own asks again each
  // time.
  response.Add("Cache-Control", is_read ? "private, no-cache" : "no-store");
  if (is_read) response.Add("Vary", "Authorization, Cookie");
  if (!tag.empty()) response.Add("ETag", tag);
  const std::string* none_match = request.Header("if-none-match");
  if (is_read && none_match != nullptr && TagMatches(*none_match, tag)) {
    response.status = 304;
    response.body.clear();
  }
  co_return response;
}

asio::awaitable<HttpResponse> RestApi::Handle(MethodCall* call, HttpRequest* request) {
  std::string wire;
  std::optional<Problem> problem = co_await BindRequest(call, request, &wire);
  if (problem) co_return ProblemResponse(*problem, request->request_id);
  if (call->method->streams) {
    OpenedStream opened = co_await calls_.Open(*call->method, &call->principal, std::move(wire), request,
                                               ClientDeadlineMs(*request));
    if (opened.problem) co_return ProblemResponse(*opened.problem, request->request_id);
    co_return StreamResponse(std::move(opened), *request);
  }
  CallResult result = co_await calls_.Call(*call->method, &call->principal, std::move(wire), request,
                                           ClientDeadlineMs(*request));
  if (result.problem) {
    Refine(*request, &*result.problem);
    co_return ProblemResponse(*result.problem, request->request_id);
  }
  if (call->method->gives_file) {
    google::api::HttpBody file;
    if (!file.ParseFromString(result.response)) {
      co_return ProblemResponse(ProblemOfCall(13, "", "", call->method->service), request->request_id);
    }
    co_return FileResponse(std::move(file), *request);
  }
  HttpResponse response = co_await Answer(*call, *request, result.response);
  co_return response;
}

}  // namespace gateway
