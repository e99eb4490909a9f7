#include "gateway/json_text.h"

#include "base/log.h"

namespace gateway {

void AppendJsonString(std::string_view text, std::string* out) { base::AppendJsonString(out, text); }

std::string JsonString(std::string_view text) {
  std::string out;
  AppendJsonString(text, &out);
  return out;
}

std::string PointerToken(std::string_view token) {
  std::string out;
  for (char c : token) {
    if (c == '~') {
      out += "~0";
    } else if (c == '/') {
      out += "~1";
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace gateway
