// Chunks of a PNG file: length, type, data, CRC-32 of type and data.
#include <zlib.h>

#include <algorithm>

#include "base/check.h"
#include "base/coding.h"
#include "services/media/content/colour_profile.h"
#include "services/media/content/pieces.h"

namespace media {
namespace {

constexpr size_t kSignatureBytes = 8;
constexpr size_t kChunkOverhead = 12;
constexpr size_t kChunksMax = 1 << 20;
constexpr size_t kExifBytesMax = 64 << 10;

constexpr std::string_view kKept[] = {"IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "cHRM", "sRGB", "iCCP", "sBIT",
                                      "bKGD", "pHYs", "hIST", "cICP", "acTL", "fcTL", "fdAT"};

const Bytef* Bytes(std::string_view text) { return reinterpret_cast<const Bytef*>(text.data()); }

std::string ChunkOf(std::string_view type, std::string_view data) {
  std::string chunk;
  base::AppendU32(&chunk, static_cast<uint32_t>(data.size()));
  chunk += type;
  chunk += data;
  const std::string_view summed = std::string_view(chunk).substr(4);
  base::AppendU32(&chunk, static_cast<uint32_t>(crc32(0, Bytes(summed), static_cast<uInt>(summed.size()))));
  return chunk;
}

// A name, which people choose, a zero, a zero for the method, and the profile packed by zlib. Empty: not kept.
std::string ProfileChunk(std::string_view data) {
  const size_t name = data.find('\0');
  if (name == std::string_view::npos || name + 2 > data.size() || data[name + 1] != 0) return {};
  const std::string_view packed = data.substr(name + 2);
  std::string profile(kProfileBytesMax, '\0');
  uLongf size = profile.size();
  if (uncompress(reinterpret_cast<Bytef*>(profile.data()), &size, Bytes(packed), packed.size()) != Z_OK) return {};
  profile.resize(size);
  const std::optional<std::string> clean = CleanProfile(profile);
  if (!clean) return {};
  std::string repacked(compressBound(clean->size()), '\0');
  size = repacked.size();
  CHECK(compress(reinterpret_cast<Bytef*>(repacked.data()), &size, Bytes(*clean), clean->size()) == Z_OK);
  repacked.resize(size);
  return ChunkOf("iCCP", std::string("icc\0\0", 5) + repacked);
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
    if (ends && orientation != 1) out.Write(ChunkOf("eXIf", TiffWithOrientation(orientation)));
    const bool critical = type[0] >= 'A' && type[0] <= 'Z';
    const bool kept = std::ranges::find(kKept, type) != std::end(kKept);
    if (critical && !kept) return std::nullopt;
    if (type == "iCCP") {
      if (length <= 2 * kProfileBytesMax) out.Write(ProfileChunk(source.Read(at + 8, length)));
    } else if (kept) {
      out.Keep(at, length + kChunkOverhead);
    }
    at += length + kChunkOverhead;
    if (ends) return data ? std::optional<Pieces>(out.Take()) : std::nullopt;
  }
  return std::nullopt;
}

}  // namespace media
