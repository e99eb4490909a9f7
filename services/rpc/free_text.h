#pragma once
// Numbers of persons inside sentences. People write a telephone or identity number into the story itself; it deserves
// the vault as much as one in a marked field, so it is cut out of the words and leaves a token:
//
//   "⟦vault:" aggregate '/' ulid(26) "⟧"
//
// Recognised, in either width of digits, are
//   mobile numbers     eleven digits from 13 to 19, in groups of 3-4-4, with 86 before it, "(139)12345678", and as a
//                      name on WeChat: "wx13912345678"
//   landlines          whose area code stands in brackets: "（0534）2110000". With a hyphen they are mostly offices'
//                      and stay
//   identity numbers   eighteen places (GB 11643) whose date exists, in one run or in groups of 6-8-4
//   bank cards         sixteen to nineteen digits as cards begin, whose check digit fits, in one run or in groups of
//                      four; sealed and masked as an identity number is
// Names and addresses in sentences cannot be told from other words and stay. Pure.

#include <google/protobuf/descriptor.h>

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/v1/options.pb.h"

namespace rpc {

inline constexpr std::string_view kInlineOpen = "⟦";
inline constexpr std::string_view kInlineClose = "⟧";
inline constexpr std::string_view kInlineToken = "⟦vault:";  // how each begins
inline constexpr uint32_t kWordsMin = 100;  // a text field with room for this many characters holds sentences

// A text of a person's own words: not marked personal, and longer than codes are, or called so. Lists of texts always.
bool HoldsWords(const google::protobuf::FieldDescriptor* field);
// True if a field of this type, or of a message inside it, holds words.
bool HasWords(const google::protobuf::Descriptor* type);

struct NumberInText {
  size_t at = 0;
  size_t size = 0;
  kernel::v1::Personal kind = kernel::v1::PERSONAL_NONE;
};
std::vector<NumberInText> NumbersIn(std::string_view text);

inline bool HasInlineToken(std::string_view text) { return text.find(kInlineToken) != std::string_view::npos; }

// `text` with each inline token replaced by what `shown` makes of the plain token ("vault:…"). An opening without an
// end stays as it is.
std::string ReplaceTokens(std::string_view text, const std::function<std::string(std::string_view token)>& shown);

// `text` with each number replaced by what `shown` makes of it.
std::string ReplaceNumbers(std::string_view text,
                           const std::function<std::string(kernel::v1::Personal kind, std::string_view number)>& shown);

// `text` with each number replaced by its masked form: for records that keep no vault.
std::string WithMaskedNumbers(std::string_view text);

}  // namespace rpc
