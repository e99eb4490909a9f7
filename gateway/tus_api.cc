#include "gateway/tus_api.h"

#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <absl/time/time.h>

#include <algorithm>
#include <utility>

#include "base/crypto.h"
#include "base/ids.h"
#include "gateway/limits.h"
#include "gateway/render.h"
#include "kernel/v1/record.pb.h"

namespace gateway {
namespace {

namespace asio = boost::asio;
using media::v1::Upload;

constexpr char kVersion[] = "1.0.0";
constexpr char kExtensions[] = "creation,checksum,termination,expiration";
constexpr char kAlgorithms[] = "sha1,sha256";
constexpr char kPatchType[] = "application/offset+octet-stream";
constexpr size_t kNumberDigitsMax = 15;

// The id behind the collection; empty for the collection itself, nullopt for what is neither.
std::optional<std::string_view> IdOf(std::string_view path) {
  constexpr std::string_view kBase = kUploadsPath;
  if (!path.starts_with(kBase)) return std::nullopt;
  path.remove_prefix(kBase.size());
  if (path.empty()) return path;
  path.remove_prefix(1);
  if (path.empty() || path.find('/') != std::string_view::npos) return std::nullopt;
  return path;
}

// Decimal digits and nothing else: no sign, no blanks.
std::optional<uint64_t> NumberOf(const std::string* header) {
  uint64_t number = 0;
  const bool digits = header != nullptr && !header->empty() && header->size() <= kNumberDigitsMax &&
                      std::ranges::all_of(*header, [](char c) { return c >= '0' && c <= '9'; });
  if (!digits || !absl::SimpleAtoi(*header, &number)) return std::nullopt;
  return number;
}

HttpResponse Bare(int status) {
  HttpResponse response;
  response.status = status;
  response.Add("Tus-Resumable", kVersion).Add("Cache-Control", "no-store");
  return response;
}

// RFC 9110 date.
std::string DateOf(int64_t ms) {
  return absl::FormatTime("%a, %d %b %Y %H:%M:%S GMT", absl::FromUnixMillis(ms), absl::UTCTimeZone());
}

void Describe(const Upload& upload, HttpResponse* response) {
  response->Add("Upload-Offset", absl::StrCat(upload.offset()));
  if (upload.expires_at_ms() > 0) response->Add("Upload-Expires", DateOf(upload.expires_at_ms()));
  if (upload.status() != media::v1::STORED) return;
  response->Add("Fengqiao-Sha256", upload.sha256()).Add("Fengqiao-Content-Type", upload.content_type());
}

// What the service says, in the statuses of the protocol.
void Refine(Problem* problem) {
  static constexpr std::pair<std::string_view, int> kStatuses[] = {
      {"OFFSET_CONFLICT", 409},  {"CHECKSUM_MISMATCH", 460}, {"CHECKSUM_UNKNOWN", 400}, {"TOO_LARGE", 413},
      {"UPLOAD_TOO_LONG", 413},  {"UPLOAD_ENDED", 410},      {"NO_UPLOAD", 404},        {"TYPE_NOT_ALLOWED", 415},
      {"DAMAGED", 415},          {"LENGTH_NEEDED", 400},     {"TOO_MANY_UPLOADS", 429},
  };
  for (const auto& [reason, status] : kStatuses) {
    if (problem->reason == reason) problem->status = status;
  }
}

Problem Gone() { return MakeProblem(410, "FAILED_PRECONDITION", "UPLOAD_ENDED", "这次上传已结束", "this upload has ended"); }

}  // namespace

struct TusApi::Patch {
  std::string id;
  uint64_t offset = 0;
  std::string algorithm;
  std::string checksum;
};

TusApi::TusApi(const Catalog& catalog, ServiceCalls& calls)
    : calls_(calls),
      random_(base::Random::FromEntropy()),
      create_(catalog.FindRpc("/media.v1.Media/CreateUpload")),
      append_(catalog.FindRpc("/media.v1.Media/AppendUpload")),
      terminate_(catalog.FindRpc("/media.v1.Media/TerminateUpload")),
      get_(catalog.FindRpc("/media.v1.Media/GetUpload")) {}

bool TusApi::IsMine(const HttpRequest& request) const {
  if (create_ == nullptr || append_ == nullptr || terminate_ == nullptr || get_ == nullptr) return false;
  return request.method != "GET" && IdOf(request.path).has_value();
}

const Method* TusApi::MethodOf(const HttpRequest& request) const {
  if (request.method == "POST") return create_;
  if (request.method == "HEAD") return get_;
  if (request.method == "PATCH") return append_;
  return request.method == "DELETE" ? terminate_ : nullptr;
}

HttpResponse TusApi::ErrorResponse(Problem problem, const HttpRequest& request) {
  Refine(&problem);
  HttpResponse response = ProblemResponse(problem, request.request_id);
  response.Add("Tus-Resumable", kVersion);
  if (problem.status == 412) response.Add("Tus-Version", kVersion);
  return response;
}

std::optional<Problem> TusApi::Admit(HttpRequest* request, size_t* body_limit) const {
  *body_limit = 0;
  if (request->method == "OPTIONS") return std::nullopt;
  const bool on_collection = IdOf(request->path)->empty();
  const bool known = MethodOf(*request) != nullptr && (request->method == "POST") == on_collection;
  if (!known) {
    Problem wrong = MakeProblem(405, "UNIMPLEMENTED", "METHOD_NOT_ALLOWED", "此地址不支持该请求方法",
                                "this path does not take this method");
    wrong.allow = on_collection ? "OPTIONS, POST" : "OPTIONS, GET, HEAD, PATCH, DELETE";
    return wrong;
  }
  const std::string* version = request->Header("tus-resumable");
  if (version == nullptr || *version != kVersion) {
    return MakeProblem(412, "FAILED_PRECONDITION", "TUS_VERSION", "只支持 tus 1.0.0", "tus 1.0.0 is spoken here");
  }
  if (request->method != "PATCH") return std::nullopt;
  const std::string* type = request->Header("content-type");
  if (type == nullptr || *type != kPatchType) {
    return MakeProblem(415, "INVALID_ARGUMENT", "UNSUPPORTED_MEDIA_TYPE", absl::StrCat("请求体必须是 ", kPatchType),
                       absl::StrCat("the body must be ", kPatchType));
  }
  request->streams_body = true;
  *body_limit = kUploadBodyBytes;
  return std::nullopt;
}

asio::awaitable<HttpResponse> TusApi::Handle(Principal* principal, HttpRequest* request) {
  HttpResponse response;
  if (request->method == "OPTIONS") {
    response = Bare(204);
    response.Add("Tus-Version", kVersion).Add("Tus-Extension", kExtensions).Add("Tus-Checksum-Algorithm", kAlgorithms);
  } else if (request->method == "POST") {
    response = co_await Create(principal, request);
  } else if (request->method == "HEAD") {
    response = co_await Head(principal, request);
  } else if (request->method == "PATCH") {
    response = co_await Append(principal, request);
  } else {
    response = co_await Terminate(principal, request);
  }
  co_return response;
}

asio::awaitable<std::optional<Problem>> TusApi::Ask(const Method& method, std::string wire, Principal* principal,
                                                    HttpRequest* request, Upload* upload) {
  CallResult result = co_await calls_.Call(method, principal, std::move(wire), request, 0);
  if (result.problem) co_return result.problem;
  if (!upload->ParseFromString(result.response)) co_return ProblemOfCall(13, "", "", method.service);
  co_return std::nullopt;
}

asio::awaitable<HttpResponse> TusApi::Create(Principal* principal, HttpRequest* request) {
  const std::optional<uint64_t> length = NumberOf(request->Header("upload-length"));
  if (!length) {
    const std::string* said = request->Header("upload-length");
    const bool huge = said != nullptr && said->size() > kNumberDigitsMax &&
                      std::ranges::all_of(*said, [](char c) { return c >= '0' && c <= '9'; });
    co_return ErrorResponse(
        MakeProblem(huge ? 413 : 400, "INVALID_ARGUMENT", huge ? "TOO_LARGE" : "LENGTH_NEEDED",
                    huge ? "文件太大" : "须以 Upload-Length 说明文件大小",
                    huge ? "the file is too large" : "Upload-Length must say the size of the file"),
        *request);
  }
  media::v1::CreateUploadRequest create;
  create.set_length(*length);
  const std::string* key = request->Header("idempotency-key");
  create.set_request_id(key != nullptr ? *key : base::Hex(random_.Bytes(16)));
  CallResult result = co_await calls_.Call(*create_, principal, create.SerializeAsString(), request, 0);
  if (result.problem) co_return ErrorResponse(*result.problem, *request);
  kernel::v1::Receipt receipt;
  if (!receipt.ParseFromString(result.response)) {
    co_return ErrorResponse(ProblemOfCall(13, "", "", create_->service), *request);
  }
  media::v1::GetUploadRequest get;
  get.set_id(receipt.id());
  Upload upload;
  auto problem = co_await Ask(*get_, get.SerializeAsString(), principal, request, &upload);
  if (problem) co_return ErrorResponse(*std::move(problem), *request);
  HttpResponse response = Bare(201);
  response.Add("Location", absl::StrCat(kUploadsPath, "/", receipt.id()));
  Describe(upload, &response);
  co_return response;
}

asio::awaitable<HttpResponse> TusApi::Head(Principal* principal, HttpRequest* request) {
  media::v1::GetUploadRequest get;
  get.set_id(std::string(*IdOf(request->path)));
  Upload upload;
  auto problem = co_await Ask(*get_, get.SerializeAsString(), principal, request, &upload);
  if (!problem && upload.status() != media::v1::RECEIVING && upload.status() != media::v1::STORED) problem = Gone();
  if (problem) co_return ErrorResponse(*std::move(problem), *request);
  HttpResponse response = Bare(200);
  response.Add("Upload-Length", absl::StrCat(upload.length()));
  Describe(upload, &response);
  co_return response;
}

asio::awaitable<HttpResponse> TusApi::Terminate(Principal* principal, HttpRequest* request) {
  media::v1::TerminateUploadRequest terminate;
  terminate.set_id(std::string(*IdOf(request->path)));
  terminate.set_request_id(base::Hex(random_.Bytes(16)));
  CallResult result = co_await calls_.Call(*terminate_, principal, terminate.SerializeAsString(), request, 0);
  if (result.problem) co_return ErrorResponse(*result.problem, *request);
  co_return Bare(204);
}

// Piece by piece; without a checksum each counts as it comes.
asio::awaitable<std::optional<Problem>> TusApi::PassOn(Patch* patch, Principal* principal, HttpRequest* request,
                                                       Upload* upload) {
  const bool all_or_nothing = !patch->algorithm.empty();
  std::string held = co_await request->source->Read(kUploadPieceBytes);
  while (true) {
    std::string next;
    if (!held.empty() && !request->source->whole() && all_or_nothing) {
      next = co_await request->source->Read(kUploadPieceBytes);
    }
    const bool lost = next.empty() && !request->source->whole();
    if (all_or_nothing && lost) co_return std::nullopt;  // nobody is there to be told
    media::v1::AppendUploadRequest append;
    append.set_id(patch->id);
    append.set_offset(patch->offset);
    append.set_checksum_algorithm(patch->algorithm);
    append.set_more(all_or_nothing && !next.empty());
    if (!append.more()) append.set_checksum(patch->checksum);
    patch->offset += held.size();
    const bool was_empty = held.empty();
    append.set_data(std::move(held));
    auto problem = co_await Ask(*append_, append.SerializeAsString(), principal, request, upload);
    if (problem) co_return problem;
    held = std::move(next);
    if (all_or_nothing && held.empty()) co_return std::nullopt;
    if (all_or_nothing) continue;
    if (was_empty || request->source->whole()) co_return std::nullopt;
    held = co_await request->source->Read(kUploadPieceBytes);
    if (held.empty()) co_return std::nullopt;
  }
}

asio::awaitable<HttpResponse> TusApi::Append(Principal* principal, HttpRequest* request) {
  Patch patch;
  patch.id = std::string(*IdOf(request->path));
  const std::optional<uint64_t> offset = NumberOf(request->Header("upload-offset"));
  if (!offset) {
    co_return ErrorResponse(BadRequest("OFFSET_NEEDED", "须以 Upload-Offset 说明起始位置",
                                       "Upload-Offset must say where this part begins"), *request);
  }
  patch.offset = *offset;
  if (const std::string* said = request->Header("upload-checksum")) {
    const size_t space = said->find(' ');
    patch.algorithm = said->substr(0, space);
    const auto digest = base::FromBase64(space == std::string::npos ? "" : said->substr(space + 1));
    const size_t size = patch.algorithm == "sha1" ? 20 : patch.algorithm == "sha256" ? 32 : 0;
    if (size == 0 || !digest || digest->size() != size) {
      co_return ErrorResponse(BadRequest("CHECKSUM_UNKNOWN", absl::StrCat("Upload-Checksum 只支持 ", kAlgorithms),
                                         absl::StrCat("Upload-Checksum takes ", kAlgorithms)), *request);
    }
    patch.checksum = *digest;
  }
  // Looked at before the body is read: who is wrong hears it without sending it all.
  media::v1::GetUploadRequest get;
  get.set_id(patch.id);
  Upload upload;
  auto problem = co_await Ask(*get_, get.SerializeAsString(), principal, request, &upload);
  if (!problem && upload.status() != media::v1::RECEIVING) problem = Gone();
  if (!problem && upload.offset() != patch.offset) {
    problem = MakeProblem(409, "ABORTED", "OFFSET_CONFLICT", "起始位置与已收到的数据不一致",
                          "the offset is not where the upload stands");
  }
  if (!problem && request->content_length > upload.length() - upload.offset()) {
    problem = MakeProblem(413, "INVALID_ARGUMENT", "UPLOAD_TOO_LONG", "发送的数据超出了说明的文件大小",
                          "more is sent than the size that was said");
  }
  if (!problem) problem = co_await PassOn(&patch, principal, request, &upload);
  if (problem) co_return ErrorResponse(*std::move(problem), *request);
  HttpResponse response = Bare(204);
  Describe(upload, &response);
  co_return response;
}

}  // namespace gateway
