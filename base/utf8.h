#pragma once
// UTF-8 (RFC 3629). Pure.

#include <cstddef>
#include <string>
#include <string_view>

namespace base {

// No overlong forms, no surrogates, nothing above U+10FFFF.
bool IsValidUtf8(std::string_view text);

// Number of characters (code points). Of invalid text: bytes that are not continuation bytes.
size_t CodePoints(std::string_view text);

// The first `limit` characters. REQUIRES: valid UTF-8.
std::string CutCodePoints(std::string_view text, size_t limit);

}  // namespace base
