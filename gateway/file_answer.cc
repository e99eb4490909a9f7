#include "gateway/file_answer.h"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "base/log.h"
#include "base/utf8.h"
#include "common/v1/download.pb.h"
#include "gateway/limits.h"
#include "gateway/percent.h"
#include "gateway/problem.h"
#include "gateway/render.h"

namespace gateway {
namespace {

namespace asio = boost::asio;

constexpr size_t kFileNameBytesMax = 600;  // 200 Chinese characters
constexpr size_t kContentTypeBytesMax = 128;

// A media type, perhaps with parameters; anything else is just bytes.
std::string SafeType(const std::string& type) {
  const size_t slash = type.find('/');
  const bool plain = std::ranges::all_of(type, [](char c) { return c >= 0x20 && c < 0x7f && c != ','; });
  const bool good = plain && slash != std::string::npos && slash > 0 && type.size() <= kContentTypeBytesMax;
  return good ? type : "application/octet-stream";
}

std::string Disposition(const common::v1::Download& download) {
  std::string name;
  for (const char c : download.file_name()) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte != 0x7f) name.push_back(c == '/' || c == '\\' ? '_' : c);
  }
  const std::string kind = download.inline_() ? "inline" : "attachment";
  if (name.empty() || name.size() > kFileNameBytesMax || !base::IsValidUtf8(name)) return kind;
  std::string ascii;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0xc0) ascii.push_back('_');  // one for each character
    if (byte < 0x80) ascii.push_back(c == '"' || c == '%' || c == ';' ? '_' : c);
  }
  return absl::StrCat(kind, "; filename=\"", ascii, "\"; filename*=UTF-8''", PercentEncode(name));
}

common::v1::Download DownloadOf(const google::api::HttpBody& body) {
  common::v1::Download download;
  for (const auto& extension : body.extensions()) {
    if (extension.Is<common::v1::Download>()) extension.UnpackTo(&download);
  }
  return download;
}

// Writes in portions that a poor line can take in the time one write has.
asio::awaitable<bool> WriteAll(BodySink& sink, const std::string& bytes) {
  for (size_t at = 0; at < bytes.size(); at += kStreamWriteBytes) {
    const bool sent = co_await sink.Write(bytes.substr(at, kStreamWriteBytes));
    if (!sent) co_return false;
  }
  co_return true;
}

asio::awaitable<void> WriteStream(std::shared_ptr<UpstreamStream> stream, std::string data, std::string request_id,
                                  BodySink& sink) {
  google::api::HttpBody body;
  while (true) {
    const bool sent = co_await WriteAll(sink, data);
    if (!sent) co_return;
    std::string message;
    const bool more = co_await stream->Next(kMaxStreamPauseMs, &message);
    if (!more && stream->reply().code == 0) co_return;
    if (!more || !body.ParseFromString(message)) break;
    data = std::move(*body.mutable_data());
  }
  base::Log(base::kWarning, "a streamed file broke off",
            {{"service", stream->reply().service},
             {"code", GrpcCodeName(stream->reply().code)},
             {"request_id", request_id}});
  sink.Abort();
}

// Everything but the bytes. True: the client has them.
bool FillHead(const google::api::HttpBody& body, const HttpRequest& request, HttpResponse* response) {
  const common::v1::Download download = DownloadOf(body);
  const bool is_read = request.method == "GET" || request.method == "HEAD";
  const bool pdf = body.content_type() == "application/pdf";  // browsers show none in a sandbox
  response->Add("Content-Type", SafeType(body.content_type()))
      .Add("X-Content-Type-Options", "nosniff")
      .Add("Content-Security-Policy",
           absl::StrCat("default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; "
                        "media-src 'self'; frame-ancestors 'self'",
                        pdf ? "" : "; sandbox"))
      .Add("Cross-Origin-Resource-Policy", "same-origin")
      .Add("Cache-Control", is_read ? "private, no-cache" : "no-store")
      .Add("Vary", "Authorization, Cookie");
  if (!download.file_name().empty() || !download.inline_()) {
    response->Add("Content-Disposition", Disposition(download));
  }
  const bool plain = std::ranges::all_of(download.etag(), [](char c) { return c > 0x20 && c < 0x7f && c != '"'; });
  if (download.etag().empty() || !plain) return false;
  const std::string tag = absl::StrCat("\"", download.etag(), "\"");
  response->Add("ETag", tag);
  const std::string* none_match = request.Header("if-none-match");
  if (none_match == nullptr || !TagMatches(*none_match, tag)) return false;
  response->status = 304;
  return true;
}

}  // namespace

HttpResponse FileResponse(google::api::HttpBody body, const HttpRequest& request) {
  HttpResponse response;
  if (!FillHead(body, request, &response)) response.body = std::move(*body.mutable_data());
  return response;
}

HttpResponse StreamResponse(OpenedStream opened, const HttpRequest& request) {
  HttpResponse response;
  google::api::HttpBody body;
  if (opened.first && !body.ParseFromString(*opened.first)) {
    return ProblemResponse(ProblemOfCall(13, "", "", ""), request.request_id);
  }
  if (FillHead(body, request, &response) || !opened.first) return response;
  response.stream = [stream = std::move(opened.stream), data = std::move(*body.mutable_data()),
                     id = request.request_id](BodySink& sink) { return WriteStream(stream, data, id, sink); };
  return response;
}

}  // namespace gateway
