#include "gateway/percent.h"

#include <cstdint>

#include "base/utf8.h"
#include "gateway/limits.h"

namespace gateway {
namespace {

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool IsDots(std::string_view decoded) { return decoded == "." || decoded == ".."; }

}  // namespace

std::optional<std::string> PercentDecode(std::string_view text, bool plus_is_space, bool keep_slash) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      const int high = i + 2 < text.size() ? HexDigit(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? HexDigit(text[i + 2]) : -1;
      if (high < 0 || low < 0) return std::nullopt;
      const auto byte = static_cast<uint8_t>(high * 16 + low);
      if (keep_slash && byte == '/') {
        out.append(text.substr(i, 3));
      } else {
        out.push_back(static_cast<char>(byte));
      }
      i += 2;
    } else {
      out.push_back(plus_is_space && c == '+' ? ' ' : c);
    }
  }
  for (char c : out) {
    // Line ends and tabs may stand in a query value (a text of several lines); no other control character
    // may.
    const auto byte = static_cast<uint8_t>(c);
    const bool layout = plus_is_space && (c == '\n' || c == '\r' || c == '\t');
    if ((byte < 0x20 && !layout) || byte == 0x7f) return std::nullopt;
  }
  if (!base::IsValidUtf8(out)) return std::nullopt;
  return out;
}

std::string PercentEncode(std::string_view text) {
  constexpr char kHex[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
                       c == '.' || c == '_' || c == '~';
    if (plain) {
      out.push_back(c);
    } else {
      out.append({'%', kHex[byte >> 4], kHex[byte & 15]});
    }
  }
  return out;
}

std::optional<Problem> ParseQuery(std::string_view query, std::vector<QueryParameter>* out) {
  while (!query.empty()) {
    const size_t end = query.find('&');
    const std::string_view part = query.substr(0, end);
    query = end == std::string_view::npos ? std::string_view() : query.substr(end + 1);
    if (part.empty()) continue;
    if (out->size() == kMaxQueryParameters) {
      return BadRequest("TOO_MANY_PARAMETERS", "查询参数过多", "too many query parameters");
    }
    const size_t equals = part.find('=');
    const auto name = PercentDecode(part.substr(0, equals), true);
    const auto value =
        PercentDecode(equals == std::string_view::npos ? std::string_view() : part.substr(equals + 1), true);
    if (!name || !value || name->empty()) {
      return BadRequest("BAD_QUERY", "查询字符串编码有误",
                        "the query string is not properly percent-encoded UTF-8");
    }
    out->push_back({*name, *value});
  }
  return std::nullopt;
}

std::optional<Problem> SplitPath(std::string_view path, std::vector<std::string_view>* segments) {
  const auto bad = [](std::string_view zh, std::string_view en) { return BadRequest("BAD_PATH", zh, en); };
  if (path.empty() || path[0] != '/') return bad("路径必须以 / 开头", "the path must start with a slash");
  for (char c : path) {
    if (c <= 0x20 || c >= 0x7f || std::string_view("\\\"<>^`{|}#").find(c) != std::string_view::npos) {
      return bad("路径含有必须编码的字符", "the path has characters that must be percent-encoded");
    }
  }
  path.remove_prefix(1);
  while (true) {
    const size_t end = path.find('/');
    const std::string_view segment = path.substr(0, end);
    if (segment.empty()) return bad("路径中有空段", "the path has an empty segment");
    const auto decoded = PercentDecode(segment);
    if (!decoded) return bad("路径编码有误", "the path is not properly percent-encoded UTF-8");
    if (IsDots(*decoded)) return bad("路径中不能有 . 或 ..", "the path must not have dot segments");
    if (segments->size() == kMaxPathSegments) return bad("路径段数过多", "the path has too many segments");
    segments->push_back(segment);
    if (end == std::string_view::npos) return std::nullopt;
    path.remove_prefix(end + 1);
  }
}

}  // namespace gateway
