#include "services/bus/wire.h"

namespace bus {
namespace {

constexpr unsigned kVarint = 0, kFixed64 = 1, kLengthDelimited = 2, kFixed32 = 5;
constexpr int kVarintBytesMax = 10;

}  // namespace

bool WireReader::ReadVarint(uint64_t* value) {
  *value = 0;
  for (int i = 0; i < kVarintBytesMax && static_cast<size_t>(i) < rest_.size(); ++i) {
    const auto byte = static_cast<uint8_t>(rest_[static_cast<size_t>(i)]);
    *value |= static_cast<uint64_t>(byte & 0x7f) << (7 * i);
    if (byte < 0x80) {
      rest_.remove_prefix(static_cast<size_t>(i) + 1);
      return true;
    }
  }
  return false;
}

bool WireReader::Take(size_t size, std::string_view* bytes) {
  if (size > rest_.size()) return false;
  *bytes = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return true;
}

bool WireReader::Next(WireField* field) {
  if (!good_ || rest_.empty()) return false;
  uint64_t tag = 0;
  uint64_t size = 0;
  std::string_view fixed;
  good_ = ReadVarint(&tag) && tag >> 3 != 0 && tag <= UINT32_MAX;
  if (!good_) return false;
  field->number = static_cast<uint32_t>(tag >> 3);
  field->is_bytes = false;
  switch (tag & 7) {
    case kVarint:
      good_ = ReadVarint(&field->value);
      break;
    case kLengthDelimited:
      field->is_bytes = true;
      good_ = ReadVarint(&size) && Take(size, &field->bytes);
      break;
    case kFixed64:  // nothing that is read here has such fields: they are passed over
      good_ = Take(8, &fixed);
      field->value = 0;
      break;
    case kFixed32:
      good_ = Take(4, &fixed);
      field->value = 0;
      break;
    default:
      good_ = false;
  }
  return good_;
}

void AppendVarint(uint64_t value, std::string* out) {
  while (value >= 0x80) {
    out->push_back(static_cast<char>((value & 0x7f) | 0x80));
    value >>= 7;
  }
  out->push_back(static_cast<char>(value));
}

void AppendNumberField(uint32_t number, uint64_t value, std::string* out) {
  if (value == 0) return;
  AppendVarint(uint64_t{number} << 3 | kVarint, out);
  AppendVarint(value, out);
}

void AppendBytesHead(uint32_t number, uint64_t size, std::string* out) {
  AppendVarint(uint64_t{number} << 3 | kLengthDelimited, out);
  AppendVarint(size, out);
}

void AppendBytesField(uint32_t number, std::string_view bytes, std::string* out) {
  if (bytes.empty()) return;
  AppendBytesHead(number, bytes.size(), out);
  out->append(bytes);
}

}  // namespace bus
