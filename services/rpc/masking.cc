#include "services/rpc/masking.h"

#include <array>

#include "base/utf8.h"

namespace rpc {
namespace {

constexpr std::string_view kHidden = "****";

std::string Name(std::string_view clear) { return base::CutCodePoints(clear, 1) + "**"; }

std::string Phone(std::string_view clear) {
  const std::string digits = Normalised(kernel::v1::PERSONAL_PHONE, clear);
  if (digits.size() < 7) return std::string(kHidden);
  if (digits.size() < 11) return digits.substr(0, 3) + std::string(kHidden);
  return digits.substr(0, 3) + std::string(kHidden) + digits.substr(digits.size() - 4);
}

std::string IdNumber(std::string_view clear) {
  const std::string number = Normalised(kernel::v1::PERSONAL_ID_NUMBER, clear);
  if (number.size() < 8 || base::CodePoints(number) != number.size()) return std::string(kHidden);
  return number.substr(0, 3) + std::string(number.size() - 7, '*') + number.substr(number.size() - 4);
}

std::string Address(std::string_view clear) {
  constexpr std::array<std::string_view, 3> kTownshipEnds = {"街道", "镇", "乡"};
  for (std::string_view end : kTownshipEnds) {
    const size_t at = clear.find(end);
    if (at == std::string_view::npos || at == 0) continue;
    return std::string(clear.substr(0, at + end.size())) + std::string(kHidden);
  }
  const size_t length = base::CodePoints(clear);
  return base::CutCodePoints(clear, length >= 12 ? 6 : length / 2) + std::string(kHidden);
}

}  // namespace

std::string Masked(kernel::v1::Personal kind, std::string_view clear) {
  if (clear.empty()) return "";
  switch (kind) {
    case kernel::v1::PERSONAL_NAME: return Name(clear);
    case kernel::v1::PERSONAL_PHONE: return Phone(clear);
    case kernel::v1::PERSONAL_ID_NUMBER: return IdNumber(clear);
    case kernel::v1::PERSONAL_ADDRESS: return Address(clear);
    default: return std::string(kHidden);
  }
}

std::string Normalised(kernel::v1::Personal kind, std::string_view clear) {
  std::string out;
  for (size_t i = 0; i < clear.size(); ++i) {
    const auto c = static_cast<unsigned char>(clear[i]);
    const bool three = i + 2 < clear.size();
    const auto second = static_cast<unsigned char>(three ? clear[i + 1] : 0);
    const auto last = static_cast<unsigned char>(three ? clear[i + 2] : 0);
    if (c == 0xEF && second == 0xBC) {  // U+FF00 to U+FF3F: full-width digits and capitals
      if (last >= 0x90 && last <= 0x99) out.push_back(static_cast<char>('0' + (last - 0x90)));
      if (last >= 0xA1 && last <= 0xBA) out.push_back(static_cast<char>('A' + (last - 0xA1)));
      i += 2;
    } else if (c == 0xEF && second == 0xBD) {  // U+FF40 to U+FF7F: full-width small letters
      if (last >= 0x81 && last <= 0x9A) out.push_back(static_cast<char>('A' + (last - 0x81)));
      i += 2;
    } else if (c == 0xE3 && clear.substr(i, 3) == "\u3000") {
      i += 2;  // ideographic space
    } else if (c >= 'a' && c <= 'z') {
      out.push_back(static_cast<char>(c - 'a' + 'A'));
    } else if (c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z')) {
      out.push_back(static_cast<char>(c));
    }
  }
  if (kind == kernel::v1::PERSONAL_PHONE) {
    std::erase_if(out, [](char c) { return c < '0' || c > '9'; });
    if (out.size() == 13 && out.starts_with("86")) out.erase(0, 2);
    if (out.size() == 15 && out.starts_with("0086")) out.erase(0, 4);
  }
  return out;
}

}  // namespace rpc
