#pragma once
// The little of Protobuf's wire format that the stream reads and writes without messages: an entry of the log
// becomes an event once for every consumer, and a message on either side would copy each text twice. Pure.
//
//   field := varint(number << 3 | type) value      type 0 varint, 1 eight bytes, 2 varint length + bytes, 5 four bytes

#include <cstdint>
#include <string>
#include <string_view>

namespace bus {

struct WireField {
  uint32_t number = 0;
  bool is_bytes = false;   // `bytes` is set, into what is read; otherwise `value`
  uint64_t value = 0;
  std::string_view bytes;
};

class WireReader {
 public:
  explicit WireReader(std::string_view bytes) : rest_(bytes) {}
  // False at the end, and at the first byte that cannot be read.
  bool Next(WireField* field);
  bool AtEnd() const { return good_ && rest_.empty(); }

 private:
  bool ReadVarint(uint64_t* value);
  bool Take(size_t size, std::string_view* bytes);

  std::string_view rest_;
  bool good_ = true;
};

void AppendVarint(uint64_t value, std::string* out);
// Like proto3, nothing for what is 0 or empty.
void AppendNumberField(uint32_t number, uint64_t value, std::string* out);
void AppendBytesField(uint32_t number, std::string_view bytes, std::string* out);
// The head of a field of bytes that are appended afterwards.
void AppendBytesHead(uint32_t number, uint64_t size, std::string* out);

}  // namespace bus
