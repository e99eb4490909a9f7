#include "gateway/problem.h"

#include <absl/strings/ascii.h>

#include <array>
#include <utility>

namespace gateway {
namespace {

struct CodeRow {
  std::string_view name;
  int status;
};

// Position is the gRPC code number.
constexpr std::array<CodeRow, 17> kCodes = {{{"OK", 200},
                                             {"CANCELLED", 499},
                                             {"UNKNOWN", 500},
                                             {"INVALID_ARGUMENT", 400},
                                             {"DEADLINE_EXCEEDED", 504},
                                             {"NOT_FOUND", 404},
                                             {"ALREADY_EXISTS", 409},
                                             {"PERMISSION_DENIED", 403},
                                             {"RESOURCE_EXHAUSTED", 429},
                                             {"FAILED_PRECONDITION", 400},
                                             {"ABORTED", 409},
                                             {"OUT_OF_RANGE", 400},
                                             {"UNIMPLEMENTED", 501},
                                             {"INTERNAL", 500},
                                             {"UNAVAILABLE", 503},
                                             {"DATA_LOSS", 500},
                                             {"UNAUTHENTICATED", 401}}};

constexpr std::pair<int, std::string_view> kTitles[] = {
    {200, "OK"},
    {204, "No Content"},
    {304, "Not Modified"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {411, "Length Required"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {417, "Expectation Failed"},
    {428, "Precondition Required"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {460, "Checksum Mismatch"},
    {499, "Client Closed Request"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {505, "HTTP Version Not Supported"},
};

}  // namespace

Problem MakeProblem(int status, std::string_view code, std::string_view reason, std::string_view zh,
                    std::string_view en) {
  Problem p;
  p.status = status;
  p.code = code;
  p.reason = reason;
  p.zh = zh;
  p.en = en;
  return p;
}

Problem BadRequest(std::string_view reason, std::string_view zh, std::string_view en) {
  return MakeProblem(400, "INVALID_ARGUMENT", reason, zh, en);
}

Problem BadField(FieldError error) {
  Problem p = BadRequest("INVALID_FIELD", error.zh, error.en);
  p.errors.push_back(std::move(error));
  return p;
}

std::string_view GrpcCodeName(int code) {
  return code >= 0 && code < static_cast<int>(kCodes.size()) ? kCodes[static_cast<size_t>(code)].name
                                                             : "UNKNOWN";
}

int HttpStatusOf(int grpc_code) {
  return grpc_code >= 0 && grpc_code < static_cast<int>(kCodes.size())
             ? kCodes[static_cast<size_t>(grpc_code)].status
             : 500;
}

std::string ConnectCodeOf(std::string_view grpc_code_name) {
  if (grpc_code_name == "CANCELLED") return "canceled";
  return absl::AsciiStrToLower({grpc_code_name.data(), grpc_code_name.size()});
}

std::string_view StatusTitle(int status) {
  for (const auto& [number, title] : kTitles) {
    if (number == status) return title;
  }
  return "Error";
}

}  // namespace gateway
