#include "services/media/content/clean.h"

#include <array>

namespace media {
namespace {

constexpr uint16_t kOrientationTag = 0x0112;
constexpr size_t kIfdEntryBytes = 12;

// Numbers of a TIFF structure, in its own byte order. Nothing behind its end is ever read.
class Tiff {
 public:
  explicit Tiff(std::string_view bytes) : bytes_(bytes) {
    little_ = bytes.starts_with("II");
    good_ = bytes.size() >= 8 && (little_ || bytes.starts_with("MM")) && Short(2) == 42;
  }
  bool good() const { return good_; }
  bool Has(size_t at, size_t count) const { return at <= bytes_.size() && count <= bytes_.size() - at; }
  uint32_t Number(size_t at, size_t count) const {
    uint32_t value = 0;
    for (size_t i = 0; i < count; ++i) {
      const auto byte = static_cast<uint8_t>(bytes_[at + (little_ ? count - 1 - i : i)]);
      value = value << 8 | byte;
    }
    return value;
  }
  uint32_t Short(size_t at) const { return Number(at, 2); }
  uint32_t Long(size_t at) const { return Number(at, 4); }

 private:
  const std::string_view bytes_;
  bool little_ = false;
  bool good_ = false;
};

}  // namespace

int OrientationOf(std::string_view bytes) {
  const Tiff tiff(bytes);
  if (!tiff.good()) return 1;
  const size_t ifd = tiff.Long(4);
  if (!tiff.Has(ifd, 2)) return 1;
  const size_t entries = tiff.Short(ifd);
  for (size_t i = 0; i < entries; ++i) {
    const size_t at = ifd + 2 + i * kIfdEntryBytes;
    if (!tiff.Has(at, kIfdEntryBytes)) return 1;
    if (tiff.Short(at) != kOrientationTag) continue;
    const uint32_t value = tiff.Short(at + 8);
    return value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
  }
  return 1;
}

std::string TiffWithOrientation(int orientation) {
  // Big-endian, one directory at 8 with one entry: tag 0x0112, type SHORT, count 1, value.
  const std::array<unsigned char, 26> bytes = {
      'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, static_cast<unsigned char>(orientation), 0, 0,
      0, 0, 0, 0};
  return std::string(bytes.begin(), bytes.end());
}

uint64_t SizeOf(const Pieces& pieces) {
  uint64_t size = 0;
  for (const Piece& piece : pieces) size += piece.length > 0 ? piece.length : piece.text.size();
  return size;
}

std::optional<Pieces> Clean(Format format, Source& source) {
  switch (format) {
    case Format::kJpeg: return CleanJpeg(source);
    case Format::kPng: return CleanPng(source);
    case Format::kWebp: return CleanWebp(source);
    case Format::kNone: return std::nullopt;
    default: return Pieces{{0, source.size(), ""}};
  }
}

}  // namespace media
