#pragma once
// What the gateway answers when it does not answer 200: one value, rendered as RFC 9457 problem+json
// (render.h) or as Connect error JSON (connect.h). Both languages are always there; Chinese is what people
// read first.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace gateway {

// One field of the request at fault. `pointer` is an RFC 6901 JSON pointer into the request body.
struct FieldError {
  std::string pointer;
  std::string code;  // "REQUIRED", "TOO_LONG", …
  std::string zh;
  std::string en;
};

struct Problem {
  int status = 500;                 // HTTP
  std::string code = "INTERNAL";    // the gRPC code's name
  std::string reason = "INTERNAL";  // UPPER_SNAKE, stable
  std::string zh;
  std::string en;
  std::string domain = "gateway";  // the process that said no
  std::map<std::string, std::string> metadata;
  std::vector<FieldError> errors;
  int64_t retry_after_ms = 0;
  std::string allow;         // with 405
  std::string error_detail;  // the service's kernel.v1.ErrorDetail as it came, for Connect
};

Problem BadRequest(std::string_view reason, std::string_view zh, std::string_view en);
Problem BadField(FieldError error);
Problem MakeProblem(int status, std::string_view code, std::string_view reason, std::string_view zh,
                    std::string_view en);

// gRPC code number -> its name, and the HTTP status of the table in google/rpc/code.proto.
std::string_view GrpcCodeName(int code);
int HttpStatusOf(int grpc_code);
// The other way for Connect: "INVALID_ARGUMENT" -> "invalid_argument"; one word differs: "CANCELLED" ->
// "canceled".
std::string ConnectCodeOf(std::string_view grpc_code_name);
std::string_view StatusTitle(int status);

}  // namespace gateway
