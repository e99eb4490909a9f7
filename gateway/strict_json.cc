#include "gateway/strict_json.h"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "base/utf8.h"
#include "gateway/json_text.h"

namespace gateway {
namespace {

using Kind = JsonFault::Kind;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

void AppendUtf8(uint32_t point, std::string* out) {
  if (point < 0x80) {
    out->push_back(static_cast<char>(point));
  } else if (point < 0x800) {
    out->push_back(static_cast<char>(0xc0 | (point >> 6)));
    out->push_back(static_cast<char>(0x80 | (point & 0x3f)));
  } else if (point < 0x10000) {
    out->push_back(static_cast<char>(0xe0 | (point >> 12)));
    out->push_back(static_cast<char>(0x80 | ((point >> 6) & 0x3f)));
    out->push_back(static_cast<char>(0x80 | (point & 0x3f)));
  } else {
    out->push_back(static_cast<char>(0xf0 | (point >> 18)));
    out->push_back(static_cast<char>(0x80 | ((point >> 12) & 0x3f)));
    out->push_back(static_cast<char>(0x80 | ((point >> 6) & 0x3f)));
    out->push_back(static_cast<char>(0x80 | (point & 0x3f)));
  }
}

// A recursive descent whose depth is bounded by max_depth_. Every Read… leaves at_ behind what it read, or
// sets fault_.
class Scanner {
 public:
  Scanner(std::string_view text, JsonVisitor* visitor, int max_depth)
      : text_(text), visitor_(visitor), max_depth_(max_depth) {}

  std::optional<JsonFault> Run() {
    if (!base::IsValidUtf8(text_)) {
      Fail(Kind::kEncoding);
      return fault_;
    }
    SkipSpace();
    if (ReadValue(0)) {
      SkipSpace();
      if (at_ != text_.size()) Fail(Kind::kSyntax);
    }
    return fault_;
  }

 private:
  bool Fail(Kind kind) {
    JsonFault fault{.kind = kind, .offset = at_, .pointer = ""};
    for (const std::string& token : path_) fault.pointer += "/" + PointerToken(token);
    fault_ = std::move(fault);
    return false;
  }

  char Peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  void SkipSpace() {
    while (at_ < text_.size() &&
           (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r')) {
      ++at_;
    }
  }

  bool ReadValue(int depth) {
    switch (Peek()) {
      case '{':
        return depth < max_depth_ ? ReadObject(depth) : Fail(Kind::kTooDeep);
      case '[':
        return depth < max_depth_ ? ReadArray(depth) : Fail(Kind::kTooDeep);
      case '"': {
        std::string value;
        if (!ReadString(&value)) return false;
        if (visitor_ != nullptr) visitor_->String(value);
        return true;
      }
      case 't':
        return ReadWord("true") && (visitor_ == nullptr || (visitor_->Bool(true), true));
      case 'f':
        return ReadWord("false") && (visitor_ == nullptr || (visitor_->Bool(false), true));
      case 'n':
        return ReadWord("null") && (visitor_ == nullptr || (visitor_->Null(), true));
      default:
        return ReadNumber();
    }
  }

  bool ReadWord(std::string_view word) {
    if (text_.substr(at_, word.size()) != word) return Fail(Kind::kSyntax);
    at_ += word.size();
    return true;
  }

  bool ReadNumber() {
    const size_t start = at_;
    if (Peek() == '-') ++at_;
    if (Peek() == '0') {
      ++at_;
    } else if (!SkipDigits()) {
      return Fail(Kind::kSyntax);
    }
    if (Peek() == '.') {
      ++at_;
      if (!SkipDigits()) return Fail(Kind::kSyntax);
    }
    if (Peek() == 'e' || Peek() == 'E') {
      ++at_;
      if (Peek() == '+' || Peek() == '-') ++at_;
      if (!SkipDigits()) return Fail(Kind::kSyntax);
    }
    if (at_ - start > kMaxJsonNumberBytes) return Fail(Kind::kNumberTooLong);
    if (visitor_ != nullptr) visitor_->Number(text_.substr(start, at_ - start));
    return true;
  }

  bool SkipDigits() {
    if (!IsDigit(Peek())) return false;
    while (IsDigit(Peek())) ++at_;
    return true;
  }

  bool ReadHex4(uint32_t* out) {
    if (at_ + 4 > text_.size()) return Fail(Kind::kSyntax);
    *out = 0;
    for (int i = 0; i < 4; ++i, ++at_) {
      const char c = text_[at_];
      uint32_t digit = 0;
      if (IsDigit(c)) {
        digit = static_cast<uint32_t>(c - '0');
      } else if (c >= 'a' && c <= 'f') {
        digit = static_cast<uint32_t>(c - 'a' + 10);
      } else if (c >= 'A' && c <= 'F') {
        digit = static_cast<uint32_t>(c - 'A' + 10);
      } else {
        return Fail(Kind::kSyntax);
      }
      *out = *out * 16 + digit;
    }
    return true;
  }

  bool ReadUnicodeEscape(std::string* out) {
    uint32_t point = 0;
    if (!ReadHex4(&point)) return false;
    if (point >= 0xdc00 && point <= 0xdfff) return Fail(Kind::kEncoding);
    if (point >= 0xd800 && point <= 0xdbff) {
      if (text_.substr(at_, 2) != "\\u") return Fail(Kind::kEncoding);
      at_ += 2;
      uint32_t low = 0;
      if (!ReadHex4(&low)) return false;
      if (low < 0xdc00 || low > 0xdfff) return Fail(Kind::kEncoding);
      point = 0x10000 + ((point - 0xd800) << 10) + (low - 0xdc00);
    }
    if (point == 0) return Fail(Kind::kEncoding);
    AppendUtf8(point, out);
    return true;
  }

  bool ReadEscape(std::string* out) {
    static constexpr std::string_view kNames = "\"\\/bfnrt";
    static constexpr std::string_view kValues = "\"\\/\b\f\n\r\t";
    const char c = Peek();
    if (at_ >= text_.size()) return Fail(Kind::kSyntax);
    ++at_;
    if (c == 'u') return ReadUnicodeEscape(out);
    const size_t known = kNames.find(c);
    if (known == std::string_view::npos) return Fail(Kind::kSyntax);
    out->push_back(kValues[known]);
    return true;
  }

  bool ReadString(std::string* out) {
    ++at_;  // the opening quote
    for (;;) {
      if (at_ >= text_.size()) return Fail(Kind::kSyntax);
      const char c = text_[at_];
      if (static_cast<uint8_t>(c) < 0x20) return Fail(Kind::kSyntax);
      ++at_;
      if (c == '"') return true;
      if (c != '\\') {
        out->push_back(c);
      } else if (!ReadEscape(out)) {
        return false;
      }
    }
  }

  bool ReadMember(int depth, std::vector<std::string>* names) {
    if (Peek() != '"') return Fail(Kind::kSyntax);
    if (++members_ > kMaxJsonMembers) return Fail(Kind::kTooMany);
    std::string name;
    if (!ReadString(&name)) return false;
    SkipSpace();
    if (Peek() != ':') return Fail(Kind::kSyntax);
    ++at_;
    SkipSpace();
    if (visitor_ != nullptr) visitor_->Key(name);
    names->push_back(name);
    path_.push_back(std::move(name));
    if (!ReadValue(depth + 1)) return false;
    path_.pop_back();
    SkipSpace();
    return true;
  }

  bool ReadObject(int depth) {
    ++at_;
    if (visitor_ != nullptr) visitor_->BeginObject();
    std::vector<std::string> names;
    SkipSpace();
    if (Peek() != '}') {
      for (;;) {
        SkipSpace();
        if (!ReadMember(depth, &names)) return false;
        if (Peek() != ',') break;
        ++at_;
      }
    }
    if (Peek() != '}') return Fail(Kind::kSyntax);
    // Sorting, not hashing: nobody can choose names that make this slow.
    std::sort(names.begin(), names.end());
    const auto twice = std::adjacent_find(names.begin(), names.end());
    if (twice != names.end()) {
      path_.push_back(*twice);
      return Fail(Kind::kDuplicateKey);
    }
    ++at_;
    if (visitor_ != nullptr) visitor_->EndObject();
    return true;
  }

  bool ReadArray(int depth) {
    ++at_;
    if (visitor_ != nullptr) visitor_->BeginArray();
    SkipSpace();
    if (Peek() != ']') {
      for (size_t index = 0;; ++index) {
        SkipSpace();
        path_.push_back(absl::StrCat(index));
        if (!ReadValue(depth + 1)) return false;
        path_.pop_back();
        SkipSpace();
        if (Peek() != ',') break;
        ++at_;
      }
    }
    if (Peek() != ']') return Fail(Kind::kSyntax);
    ++at_;
    if (visitor_ != nullptr) visitor_->EndArray();
    return true;
  }

  const std::string_view text_;
  JsonVisitor* const visitor_;
  const int max_depth_;
  size_t at_ = 0;
  size_t members_ = 0;
  std::vector<std::string> path_;
  std::optional<JsonFault> fault_;
};

}  // namespace

std::optional<JsonFault> CheckJson(std::string_view text, JsonVisitor* visitor, int max_depth) {
  return Scanner(text, visitor, max_depth).Run();
}

}  // namespace gateway
