#pragma once
// Reads a JSON text strictly (RFC 8259) before anything else believes it: protobuf's own reader accepts
// trailing commas, bare keys, single quotes and duplicate keys, and two readers that disagree are a hole.
//
// Refused besides bad syntax: bad UTF-8, lone surrogates, U+0000, a byte order mark, duplicate member names
// (compared after unescaping), more than kMaxJsonDepth levels, more than kMaxJsonMembers members, number
// literals longer than kMaxJsonNumberBytes, anything after the value. Pure; any thread; never allocates more
// than the text is long.

#include <optional>
#include <string>
#include <string_view>

#include "gateway/limits.h"

namespace gateway {

struct JsonFault {
  enum class Kind { kSyntax, kEncoding, kDuplicateKey, kTooDeep, kTooMany, kNumberTooLong };
  Kind kind = Kind::kSyntax;
  size_t offset = 0;    // bytes from the start
  std::string pointer;  // of the value at fault
};

// Told of every value in order. Strings are unescaped; views live during the call.
class JsonVisitor {
 public:
  virtual ~JsonVisitor() = default;
  virtual void BeginObject() = 0;
  virtual void Key(std::string_view name) = 0;
  virtual void EndObject() = 0;
  virtual void BeginArray() = 0;
  virtual void EndArray() = 0;
  virtual void String(std::string_view value) = 0;
  virtual void Number(std::string_view literal) = 0;
  virtual void Bool(bool value) = 0;
  virtual void Null() = 0;
};

// nullopt: the text is one JSON value. `visitor` may be null; it may have been told of a part when a fault is
// returned.
std::optional<JsonFault> CheckJson(std::string_view text, JsonVisitor* visitor = nullptr,
                                   int max_depth = kMaxJsonDepth);

}  // namespace gateway
