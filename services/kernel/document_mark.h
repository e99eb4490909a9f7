#pragma once
// What stands for a person, an organisation or a matter beside one document: it can be compared, and whoever does not
// know both cannot read it. The same person has another mark beside every other document, so nobody can be followed by
// them. The stream says by such a mark who named a document (services/bus/event.cc), and media compares it with who
// uploaded it. Pure; any thread.

#include <cstdint>
#include <string>
#include <string_view>

#include "base/crypto.h"

namespace kernel {

inline constexpr size_t kDocumentMarkSize = 16;
// Numbers on the wire, beside the mentions of a notice: fields of media.v1.Mentions and media.v1.NamedBy.
inline constexpr uint32_t kMentionField = 1000;
inline constexpr uint32_t kNamedByField = 1001;
inline constexpr uint32_t kByPlatformField = 1002;

// `kind` keeps a person from being taken for a matter of the same name: "user", "org", "matter", "code".
inline std::string DocumentMark(std::string_view sha256, std::string_view kind, std::string_view who) {
  std::string text(sha256);
  text.append("/").append(kind).append("/").append(who);
  return base::Sha256(text).substr(0, kDocumentMarkSize);
}

}  // namespace kernel
