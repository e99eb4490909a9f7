// Chunks of a WebP file: RIFF, its size, WEBP, then chunks of type, size (little-endian), data padded to an even
// number. The first one is VP8 or VP8L (a plain file, which can hold no metadata) or VP8X, whose flags say what
// follows.
#include "services/media/content/colour_profile.h"
#include "services/media/content/pieces.h"

namespace media {
namespace {

constexpr size_t kHeadBytes = 12;
constexpr size_t kChunkHeadBytes = 8;
constexpr size_t kChunksMax = 1 << 20;
constexpr size_t kExifBytesMax = 64 << 10;
constexpr char kXmpFlag = 0x04, kExifFlag = 0x08, kProfileFlag = 0x20;

uint64_t LittleU32(std::string_view bytes) {
  uint64_t value = 0;
  for (int i = 3; i >= 0; --i) value = value << 8 | static_cast<uint8_t>(bytes[static_cast<size_t>(i)]);
  return value;
}

std::string LittleU32(uint64_t value) {
  std::string out;
  for (int i = 0; i < 4; ++i) out.push_back(static_cast<char>(value >> (8 * i) & 0xff));
  return out;
}

struct Chunk {
  std::string type;
  uint64_t at = 0;      // of its head
  uint64_t length = 0;  // of its data
  uint64_t whole() const { return kChunkHeadBytes + length + length % 2; }
};

bool IsPicture(const std::string& type) { return type == "VP8 " || type == "VP8L" || type == "ANMF"; }
bool IsKept(const std::string& type) {
  return IsPicture(type) || type == "VP8X" || type == "ALPH" || type == "ANIM";
}

std::string ChunkOf(const std::string& type, const std::string& data) {
  return type + LittleU32(data.size()) + data + std::string(data.size() % 2, '\0');
}

std::optional<std::vector<Chunk>> ReadChunks(Source& source) {
  const std::string head = source.Read(0, kHeadBytes);
  if (head.size() < kHeadBytes) return std::nullopt;
  const uint64_t end = LittleU32(std::string_view(head).substr(4, 4)) + 8;
  if (end > source.size() || end < kHeadBytes) return std::nullopt;
  std::vector<Chunk> chunks;
  for (uint64_t at = kHeadBytes; at < end;) {
    const std::string next = source.Read(at, kChunkHeadBytes);
    if (next.size() < kChunkHeadBytes || chunks.size() >= kChunksMax) return std::nullopt;
    Chunk chunk{next.substr(0, 4), at, LittleU32(std::string_view(next).substr(4))};
    if (chunk.whole() > end - at) return std::nullopt;
    at += chunk.whole();
    chunks.push_back(std::move(chunk));
  }
  return chunks;
}

}  // namespace

std::optional<Pieces> CleanWebp(Source& source) {
  const auto chunks = ReadChunks(source);
  if (!chunks || chunks->empty()) return std::nullopt;
  const bool extended = chunks->front().type == "VP8X";
  if (!extended && !IsPicture(chunks->front().type)) return std::nullopt;
  int orientation = 1;
  bool picture = false;
  std::optional<std::string> profile;
  PieceList body;
  for (const Chunk& chunk : *chunks) {
    picture = picture || IsPicture(chunk.type);
    if (chunk.type == "EXIF" && chunk.length <= kExifBytesMax && orientation == 1) {
      std::string exif = source.Read(chunk.at + kChunkHeadBytes, chunk.length);
      if (exif.starts_with(std::string_view("Exif\0\0", 6))) exif.erase(0, 6);  // some writers put it there
      orientation = OrientationOf(exif);
    } else if (extended && chunk.type == "ICCP" && !profile && chunk.length <= kProfileBytesMax) {
      profile = CleanProfile(source.Read(chunk.at + kChunkHeadBytes, chunk.length));
    }
  }
  if (!picture) return std::nullopt;
  for (const Chunk& chunk : *chunks) {
    if (chunk.type == "VP8X") {
      std::string flags = source.Read(chunk.at, chunk.whole());
      if (chunk.length < 10 || flags.size() < kChunkHeadBytes + 10) return std::nullopt;
      const int gone = kXmpFlag | kExifFlag | (profile ? 0 : kProfileFlag);
      const int exif = orientation != 1 ? kExifFlag : 0;
      flags[kChunkHeadBytes] = static_cast<char>((flags[kChunkHeadBytes] & ~gone) | exif);
      body.Write(std::move(flags));
      // Behind the flags, before all that it is for.
      if (profile && chunk.at == chunks->front().at) body.Write(ChunkOf("ICCP", *profile));
    } else if (IsKept(chunk.type)) {
      body.Keep(chunk.at, chunk.whole());
    }
  }
  if (extended && orientation != 1) {
    body.Write(ChunkOf("EXIF", TiffWithOrientation(orientation)));
  }
  Pieces pieces = body.Take();
  pieces.insert(pieces.begin(), Piece{0, 0, "RIFF" + LittleU32(SizeOf(pieces) + 4) + "WEBP"});
  return pieces;
}

}  // namespace media
