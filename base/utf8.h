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

// Without the spaces around it: ASCII blanks and line ends, the ideographic space, spaces of no or other width (U+00A0,
// U+2000 to U+200F, U+2028 to U+202F, U+2060, U+FEFF).
std::string_view Trimmed(std::string_view text);

}  // namespace base
