#pragma once
// Fixed-width big-endian numbers: as bytes they sort like the numbers, so they serve in keys. Pure.
// Readers take from the front of `*in`; false if it is too short, and then nothing is taken.

#include <cstdint>
#include <string>
#include <string_view>

namespace base {

namespace coding_internal {
template <class T>
void AppendBigEndian(std::string* out, T value) {
  for (int shift = static_cast<int>(sizeof(T)) * 8 - 8; shift >= 0; shift -= 8) {
    out->push_back(static_cast<char>(static_cast<unsigned char>(value >> shift)));
  }
}
template <class T>
bool ReadBigEndian(std::string_view* in, T* value) {
  if (in->size() < sizeof(T)) return false;
  uint64_t read = 0;
  for (size_t i = 0; i < sizeof(T); ++i) read = read << 8 | static_cast<unsigned char>((*in)[i]);
  *value = static_cast<T>(read);
  in->remove_prefix(sizeof(T));
  return true;
}
}  // namespace coding_internal

inline void AppendU8(std::string* out, uint8_t value) { coding_internal::AppendBigEndian(out, value); }
inline void AppendU16(std::string* out, uint16_t value) { coding_internal::AppendBigEndian(out, value); }
inline void AppendU32(std::string* out, uint32_t value) { coding_internal::AppendBigEndian(out, value); }
inline void AppendU64(std::string* out, uint64_t value) { coding_internal::AppendBigEndian(out, value); }

[[nodiscard]] inline bool ReadU8(std::string_view* in, uint8_t* v) {
  return coding_internal::ReadBigEndian(in, v);
}
[[nodiscard]] inline bool ReadU16(std::string_view* in, uint16_t* v) {
  return coding_internal::ReadBigEndian(in, v);
}
[[nodiscard]] inline bool ReadU32(std::string_view* in, uint32_t* v) {
  return coding_internal::ReadBigEndian(in, v);
}
[[nodiscard]] inline bool ReadU64(std::string_view* in, uint64_t* v) {
  return coding_internal::ReadBigEndian(in, v);
}

// The smallest key greater than every key that starts with `prefix`; empty if there is none (all bytes 0xff).
inline std::string PrefixEnd(std::string_view prefix) {
  std::string end(prefix);
  while (!end.empty()) {
    const auto last = static_cast<unsigned char>(end.back());
    if (last != 0xff) {
      end.back() = static_cast<char>(last + 1);
      return end;
    }
    end.pop_back();
  }
  return end;
}

}  // namespace base
