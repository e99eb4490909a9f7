#include "base/utf8.h"

namespace base {
namespace {

bool IsContinuation(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

// Length of the well-formed sequence at the front of `text`, 0 if there is none (table 3-7 of the Unicode
// standard).
size_t SequenceLength(std::string_view text) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return 1;
  if (first < 0xc2 || first > 0xf4) return 0;
  const size_t length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  if (text.size() < length) return 0;
  const unsigned char low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
  const unsigned char high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
  if (byte(1) < low || byte(1) > high) return 0;
  for (size_t i = 2; i < length; ++i) {
    if (!IsContinuation(text[i])) return 0;
  }
  return length;
}

// Length of the blank at the front of `text`, 0 if there is none.
size_t BlankLength(std::string_view text) {
  const auto first = static_cast<unsigned char>(text[0]);
  if (first == ' ' || (first >= 0x09 && first <= 0x0d)) return 1;
  if (text.starts_with("\xc2\xa0")) return 2;
  if (text.starts_with("\xe3\x80\x80") || text.starts_with("\xe2\x81\xa0") || text.starts_with("\xef\xbb\xbf")) {
    return 3;
  }
  if (text.size() < 3 || !text.starts_with("\xe2\x80")) return 0;
  const auto last = static_cast<unsigned char>(text[2]);
  return last <= 0x8f || (last >= 0xa8 && last <= 0xaf) ? 3 : 0;
}

}  // namespace

bool IsValidUtf8(std::string_view text) {
  while (!text.empty()) {
    const size_t length = SequenceLength(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

size_t CodePoints(std::string_view text) {
  size_t count = 0;
  for (char c : text) count += IsContinuation(c) ? 0 : 1;
  return count;
}

std::string CutCodePoints(std::string_view text, size_t limit) {
  size_t count = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (!IsContinuation(text[i]) && count++ == limit) return std::string(text.substr(0, i));
  }
  return std::string(text);
}

std::string_view Trimmed(std::string_view text) {
  while (!text.empty()) {
    const size_t blank = BlankLength(text);
    if (blank == 0) break;
    text.remove_prefix(blank);
  }
  while (!text.empty()) {
    size_t last = text.size() - 1;
    while (last > 0 && IsContinuation(text[last])) --last;
    if (BlankLength(text.substr(last)) == 0) break;
    text.remove_suffix(text.size() - last);
  }
  return text;
}

}  // namespace base
