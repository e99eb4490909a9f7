#pragma once
// What stands for a person, an organisation or a matter beside one document: it can be compared, and whoever does not
// know both cannot read it. The same person has another mark beside every other document, so nobody can be followed by
// them. The stream says by such a mark who named a document (services/bus/event.cc), and media compares it with who
// uploaded it; media says by one to which matter of a service the bytes have come. Pure; any thread.

#include <algorithm>
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
inline constexpr uint32_t kHandedFromField = 1003;  // and of media.v1.HandedOver
inline constexpr uint32_t kHandedBackField = 1004;

// `kind` keeps a person from being taken for a matter of the same name: "user", "org", "matter", "code".
inline std::string DocumentMark(std::string_view sha256, std::string_view kind, std::string_view who) {
  std::string text(sha256);
  text.append("/").append(kind).append("/").append(who);
  return base::Sha256(text).substr(0, kDocumentMarkSize);
}

inline std::string MatterMark(std::string_view sha256, std::string_view service, std::string_view id) {
  return DocumentMark(sha256, "matter", std::string(service).append("/").append(id));
}

// What a service remembers of a document whose bytes media has (its KeptDocument): whether they are here for this one
// of its matters. Without any matter they are for each, as media told it before it knew the matters.
template <class Kept>
bool IsKeptFor(const Kept& kept, const std::string& mark) {
  return kept.matter().empty() || std::ranges::find(kept.matter(), mark) != kept.matter().end();
}

// One more matter for which they are here; empty: all.
template <class Kept>
void KeepFor(const std::string& mark, bool is_first, Kept* kept) {
  if (mark.empty()) {
    kept->clear_matter();
  } else if (is_first || !IsKeptFor(*kept, mark)) {
    kept->add_matter(mark);
  }
}

// The event a service writes of it, folded: when it was first heard of, and each matter the bytes are here for since.
template <class Event, class State>
void ApplyKept(const Event& e, int64_t now_ms, State* state) {
  const bool is_first = !state->has_kept_document();
  auto* kept = state->mutable_kept_document();
  KeepFor(e.matter(), is_first, kept);
  if (!is_first) return;
  kept->set_kind(e.kind());
  kept->set_heard_at_ms(now_ms);
}

}  // namespace kernel
