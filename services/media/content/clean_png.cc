// Chunks of a PNG file: length, type, data, CRC-32 of type and data.
#include <algorithm>

#include "base/coding.h"
#include "services/media/content/pieces.h"

namespace media {
namespace {

constexpr size_t kSignatureBytes = 8;
constexpr size_t kChunkOverhead = 12;
constexpr size_t kChunksMax = 1 << 20;
constexpr size_t kExifBytesMax = 64 << 10;

constexpr std::string_view kKept[] = {"IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "cHRM", "sRGB", "iCCP", "sBIT",
                                      "bKGD", "pHYs", "hIST", "cICP", "acTL", "fcTL", "fdAT"};

uint32_t Crc32(std::string_view data) {  // ISO 3309, as PNG wants it; only for the 30 bytes we write
  uint32_t crc = 0xffffffff;
  for (const char c : data) {
    crc ^= static_cast<uint8_t>(c);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xedb88320u : 0u);
  }
  return ~crc;
}

std::string ExifChunk(int orientation) {
  const std::string content = "eXIf" + TiffWithOrientation(orientation);
  std::string chunk;
  base::AppendU32(&chunk, static_cast<uint32_t>(content.size() - 4));
  chunk += content;
  base::AppendU32(&chunk, Crc32(content));
  return chunk;
}

}  // namespace

std::optional<Pieces> CleanPng(Source& source) {
  PieceList out;
  out.Keep(0, kSignatureBytes);
  uint64_t at = kSignatureBytes;
  int orientation = 1;
  bool data = false;
  for (size_t chunks = 0; chunks < kChunksMax; ++chunks) {
    const std::string head = source.Read(at, 8);
    if (head.size() < 8) return std::nullopt;
    std::string_view number = head;
    uint32_t length32 = 0;
    if (!base::ReadU32(&number, &length32)) return std::nullopt;
    const uint64_t length = length32;
    const std::string type = head.substr(4);
    if (length > 0x7fffffff || at + length + kChunkOverhead > source.size()) return std::nullopt;
    if ((chunks == 0) != (type == "IHDR")) return std::nullopt;
    if (type == "eXIf" && length <= kExifBytesMax && orientation == 1) {
      orientation = OrientationOf(source.Read(at + 8, length));
    }
    const bool ends = type == "IEND";
    data = data || type == "IDAT";
    // Before IDAT or behind it is the same to a reader; before the end it is known.
    if (ends && orientation != 1) out.Write(ExifChunk(orientation));
    const bool critical = type[0] >= 'A' && type[0] <= 'Z';
    const bool kept = std::ranges::find(kKept, type) != std::end(kKept);
    if (critical && !kept) return std::nullopt;
    if (kept) out.Keep(at, length + kChunkOverhead);
    at += length + kChunkOverhead;
    if (ends) return data ? std::optional<Pieces>(out.Take()) : std::nullopt;
  }
  return std::nullopt;
}

}  // namespace media
