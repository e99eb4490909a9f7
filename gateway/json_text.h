#pragma once
// Writing JSON by hand where the shape is fixed. Invalid UTF-8 is replaced by U+FFFD, so that whatever is
// echoed to a client stays valid JSON.

#include <string>
#include <string_view>

namespace gateway {

void AppendJsonString(std::string_view text, std::string* out);  // with its quotes
std::string JsonString(std::string_view text);
// Escapes one reference token of a JSON pointer (RFC 6901: "~" and "/").
std::string PointerToken(std::string_view token);

}  // namespace gateway
