#pragma once
// Documents whose bytes media has, as a service that refers to them remembers it: an aggregate of its own for each, so
// that hearing of one costs one small record and no matter is looked for. Pure; any thread.

#include <string>
#include <string_view>

namespace reference {

inline constexpr std::string_view kDocumentPrefix = "doc/";

std::string DocumentId(std::string_view sha256);
bool IsDocumentId(std::string_view id);  // of a digest, and nothing else

}  // namespace reference
