#pragma once
// Small files made by hand, so that a test can say what each byte is for.

#include <string>
#include <string_view>

#include "base/coding.h"
#include "services/media/content/clean.h"

namespace media {

inline std::string JpegSegment(uint8_t marker, std::string_view content) {
  std::string out = {'\xff', static_cast<char>(marker)};
  base::AppendU16(&out, static_cast<uint16_t>(content.size() + 2));
  return out + std::string(content);
}
inline const std::string kSecretPlace = "37.435N 116.357E";
inline std::string ExifOf(int orientation) {
  return std::string("Exif\0\0", 6) + TiffWithOrientation(orientation) + kSecretPlace;
}
// One scan with a restart marker and a stuffed byte; `app` stands behind JFIF.
inline std::string Jpeg(const std::string& app = "", const std::string& tail = "") {
  return std::string("\xff\xd8", 2) + JpegSegment(0xe0, std::string("JFIF\0\1\1\0\0\1\0\1\0\0", 14)) + app +
         JpegSegment(0xdb, std::string(65, '\1')) + JpegSegment(0xc0, std::string("\x08\0\1\0\1\1\1\x11\0", 9)) +
         JpegSegment(0xda, std::string("\1\1\0\0\x3f\0", 6)) +
         std::string("picture\xff\0data\xff\xd0more", 19) + std::string("\xff\xd9", 2) + tail;
}

inline std::string PngChunk(const std::string& type, std::string_view data) {
  std::string out;
  base::AppendU32(&out, static_cast<uint32_t>(data.size()));
  return out + type + std::string(data) + "CRC!";
}
inline std::string Png(const std::string& between = "", const std::string& tail = "") {
  return std::string("\x89PNG\r\n\x1a\n", 8) + PngChunk("IHDR", std::string(13, '\1')) + between +
         PngChunk("IDAT", "picture") + PngChunk("IEND", "") + tail;
}

inline std::string Little(uint32_t value) {
  std::string out;
  for (int i = 0; i < 4; ++i) out.push_back(static_cast<char>(value >> (8 * i) & 0xff));
  return out;
}
inline std::string WebpChunk(const std::string& type, std::string_view data) {
  return type + Little(static_cast<uint32_t>(data.size())) + std::string(data) + std::string(data.size() % 2, '\0');
}
inline std::string Webp(const std::string& chunks) {
  return "RIFF" + Little(static_cast<uint32_t>(chunks.size() + 4)) + "WEBP" + chunks;
}

inline std::string Joined(std::string_view from, const Pieces& pieces) {
  std::string out;
  for (const Piece& piece : pieces) {
    out += piece.length > 0 ? std::string(from.substr(piece.offset, piece.length)) : piece.text;
  }
  return out;
}

}  // namespace media
