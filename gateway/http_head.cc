#include "gateway/http_head.h"

#include <absl/strings/ascii.h>
#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/string_view.h>

#include <algorithm>
#include <cstdint>
#include <string>

#include "gateway/limits.h"

namespace gateway {
namespace {

constexpr std::string_view kOnce[] = {
    "authorization", "content-type",      "content-length", "idempotency-key",  "host",   "if-match",
    "if-none-match", "transfer-encoding", "expect",         "content-encoding", "origin", "last-event-id",
    "x-csrf-token",  "connect-timeout-ms"};

Problem Framing(std::string_view reason, std::string_view zh, std::string_view en) {
  return BadRequest(reason, zh, en);
}

Problem TargetTooLong() {
  return MakeProblem(414, "INVALID_ARGUMENT", "URL_TOO_LONG", "请求地址过长",
                     "the request target is too long");
}
Problem HeadTooLarge() {
  return MakeProblem(431, "INVALID_ARGUMENT", "HEADERS_TOO_LARGE", "请求头过大",
                     "the request headers are too large");
}

// RFC 9110 token.
bool IsTokenChar(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
         std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}
bool IsToken(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), IsTokenChar);
}

std::string_view Trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

std::string Lower(std::string_view text) { return absl::AsciiStrToLower({text.data(), text.size()}); }

std::optional<Problem> ParseRequestLine(std::string_view line, HttpRequest* out) {
  const size_t first = line.find(' ');
  const size_t last = line.rfind(' ');
  if (first == std::string_view::npos || first == last || line.find(' ', first + 1) != last) {
    return Framing("BAD_REQUEST_LINE", "请求行有误", "the request line is malformed");
  }
  const std::string_view method = line.substr(0, first);
  const std::string_view target = line.substr(first + 1, last - first - 1);
  const std::string_view version = line.substr(last + 1);
  if (!IsToken(method) || method.size() > 16) {
    return Framing("BAD_REQUEST_LINE", "请求行有误", "the request line is malformed");
  }
  if (version != "HTTP/1.1") {
    if (!absl::StartsWith({version.data(), version.size()}, "HTTP/")) {
      return Framing("BAD_REQUEST_LINE", "请求行有误", "the request line is malformed");
    }
    return MakeProblem(505, "UNIMPLEMENTED", "HTTP_VERSION", "只支持 HTTP/1.1",
                       "only HTTP/1.1 is spoken here");
  }
  if (target.size() > kMaxTargetBytes) return TargetTooLong();
  if (target.empty() || target[0] != '/') {
    return Framing("BAD_TARGET", "请求地址必须以 / 开头", "the request target must start with a slash");
  }
  for (char c : target) {
    if (c <= 0x20 || c >= 0x7f) {
      return Framing("BAD_TARGET", "请求地址含有必须编码的字符",
                     "the request target has characters that must be percent-encoded");
    }
  }
  const size_t question = target.find('?');
  out->method = method;
  out->path = target.substr(0, question);
  out->query = question == std::string_view::npos ? std::string_view() : target.substr(question + 1);
  return std::nullopt;
}

std::optional<Problem> ParseField(std::string_view line, HttpRequest* out) {
  if (line.front() == ' ' || line.front() == '\t') {
    return Framing("OBSOLETE_FOLDING", "请求头不得折行", "header lines must not be folded");
  }
  const size_t colon = line.find(':');
  const std::string_view name = line.substr(0, colon);
  if (colon == std::string_view::npos || !IsToken(name)) {
    return Framing("BAD_HEADER", "请求头格式有误", "a header line is malformed");
  }
  const std::string_view value = Trim(line.substr(colon + 1));
  for (char c : value) {
    if ((static_cast<uint8_t>(c) < 0x20 && c != '\t') || c == 0x7f) {
      return Framing("BAD_HEADER", "请求头含有控制字符", "a header value has control characters");
    }
  }
  if (out->headers.size() == kMaxHeaderFields) return HeadTooLarge();
  std::string lower = Lower(name);
  if (out->Header(lower) != nullptr &&
      std::find(std::begin(kOnce), std::end(kOnce), lower) != std::end(kOnce)) {
    Problem problem = Framing("DUPLICATE_HEADER", absl::StrCat("请求头出现两次：", lower),
                              absl::StrCat("a header is given twice: ", lower));
    problem.metadata["header"] = lower;
    return problem;
  }
  out->headers.emplace_back(std::move(lower), value);
  return std::nullopt;
}

bool IsHost(std::string_view host) {
  return !host.empty() && host.size() <= 255 && std::all_of(host.begin(), host.end(), [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
           std::string_view("-._~:[]%").find(c) != std::string_view::npos;
  });
}

std::optional<Problem> CheckFraming(HttpRequest* out) {
  const std::string* host = out->Header("host");
  if (host == nullptr || !IsHost(*host)) {
    return Framing("BAD_HOST", "缺少 Host 请求头或其有误", "the Host header is missing or malformed");
  }
  const std::string* length = out->Header("content-length");
  const std::string* coding = out->Header("transfer-encoding");
  if (coding != nullptr) {
    if (length != nullptr) {
      return Framing("AMBIGUOUS_LENGTH", "不得同时给出 Content-Length 与 Transfer-Encoding",
                     "Content-Length and Transfer-Encoding must not come together");
    }
    if (Lower(*coding) != "chunked") {
      return Framing("BAD_TRANSFER_ENCODING", "Transfer-Encoding 只能是 chunked",
                     "Transfer-Encoding must be exactly chunked");
    }
    out->framing = HttpRequest::Framing::kChunked;
  }
  if (length != nullptr) {
    if (length->empty() || length->size() > 15 || !std::all_of(length->begin(), length->end(), [](char c) {
          return absl::ascii_isdigit(static_cast<unsigned char>(c));
        })) {
      return Framing("BAD_CONTENT_LENGTH", "Content-Length 有误", "Content-Length is malformed");
    }
    out->content_length = 0;
    for (char c : *length) out->content_length = out->content_length * 10 + static_cast<uint64_t>(c - '0');
    if (out->content_length > 0) out->framing = HttpRequest::Framing::kLength;
  }
  return std::nullopt;
}

std::optional<Problem> CheckConnection(HttpRequest* out) {
  for (const auto& [name, value] : out->headers) {
    if (name != "connection" && name != "proxy-connection") continue;
    const std::string lower = Lower(value);
    for (size_t at = 0; at <= lower.size();) {
      const size_t comma = std::min(lower.find(',', at), lower.size());
      const std::string_view option = Trim(std::string_view(lower).substr(at, comma - at));
      if (!option.empty() && !IsToken(option)) {
        return Framing("BAD_HEADER", "请求头格式有误", "a header line is malformed");
      }
      if (name == "connection" && option == "close") out->keep_alive = false;
      at = comma + 1;
    }
  }
  if (const std::string* expect = out->Header("expect")) {
    if (Lower(*expect) != "100-continue") {
      return MakeProblem(417, "INVALID_ARGUMENT", "EXPECTATION_FAILED", "不支持的 Expect 请求头",
                         "this expectation cannot be met");
    }
    out->expects_continue = out->framing != HttpRequest::Framing::kNone;
  }
  if (out->Header("upgrade") != nullptr && out->Header("http2-settings") != nullptr) {
    return Framing("NO_UPGRADE", "不支持协议升级", "this connection cannot be upgraded");
  }
  return std::nullopt;
}

}  // namespace

std::optional<Problem> FindHead(std::string_view arrived, size_t* scanned, size_t* size) {
  *size = 0;
  for (size_t i = *scanned; i < arrived.size(); ++i) {
    const char c = arrived[i];
    if (c == '\0') return Framing("BAD_HEADER", "请求含有空字节", "the request has a NUL byte");
    if (c == '\n' && (i == 0 || arrived[i - 1] != '\r')) {
      return Framing("BARE_LINE_FEED", "行尾必须是 CRLF", "lines must end with CRLF");
    }
    if (c != '\n' && i > 0 && arrived[i - 1] == '\r') {
      return Framing("BARE_CARRIAGE_RETURN", "行尾必须是 CRLF", "lines must end with CRLF");
    }
    if (c == '\n' && i >= 3 && arrived[i - 2] == '\n') {
      *size = i + 1;
      break;
    }
    if (i == 1 && c == '\n') {
      return Framing("BAD_REQUEST_LINE", "请求行有误", "the request line is malformed");
    }
  }
  *scanned = *size != 0 ? *size : arrived.size();
  const std::string_view seen = arrived.substr(0, *scanned);
  const size_t line_end = seen.find('\n');
  // A method of at most 16 letters, two spaces and the version stand beside the target.
  if (std::min(line_end, seen.size()) > kMaxTargetBytes + 32) return TargetTooLong();
  if (line_end != std::string_view::npos && seen.size() - line_end > kMaxHeadBytes) return HeadTooLarge();
  return std::nullopt;
}

std::optional<Problem> ParseHead(std::string_view head, HttpRequest* out) {
  bool first = true;
  while (true) {
    const size_t end = head.find("\r\n");
    if (end == std::string_view::npos) {
      return Framing("BAD_HEADER", "请求头格式有误", "a header line is malformed");
    }
    const std::string_view line = head.substr(0, end);
    head.remove_prefix(end + 2);
    if (first) {
      if (auto problem = ParseRequestLine(line, out)) return problem;
      first = false;
      continue;
    }
    if (line.empty()) break;
    if (auto problem = ParseField(line, out)) return problem;
  }
  if (auto problem = CheckFraming(out)) return problem;
  return CheckConnection(out);
}

}  // namespace gateway
