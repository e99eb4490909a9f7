#pragma once
// Small files made by hand, so that a test can say what each byte is for.

#include <zlib.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

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
// A colour profile of these tags. Its header says whose it is and when it was made, as the tags of a camera do.
inline std::string ProfileOf(const std::vector<std::pair<std::string, std::string>>& tags) {
  std::string table, data;
  base::AppendU32(&table, static_cast<uint32_t>(tags.size()));
  for (const auto& [name, content] : tags) {
    table += name;
    base::AppendU32(&table, static_cast<uint32_t>(132 + 12 * tags.size() + data.size()));
    base::AppendU32(&table, static_cast<uint32_t>(content.size()));
    data += content + std::string((4 - content.size() % 4) % 4, '\0');
  }
  std::string head;
  base::AppendU32(&head, static_cast<uint32_t>(128 + table.size() + data.size()));
  head += "lcms" + std::string("\x04\x30\0\0", 4) + "mntrRGB XYZ ";
  head += std::string("\x07\xea\0\x0b\0\x17\0\x09\0\x1e\0\0", 12);
  head += "acspAPPL" + std::string(4, '\0') + "HUAWP40P" + std::string(24, '\0') + "JDOE" + std::string(44, '\x7f');
  return head + table + data;
}
inline const std::string kCurve = std::string("curv\0\0\0\0\0\0\0\1\2\x33", 14);
inline const std::string kRed = std::string("XYZ \0\0\0\0\0\0\x6f\xa2\0\0\x38\xf5\0\0\3\x90", 20);
// What a camera writes: two numbers, and words of which each names something.
inline std::string CameraProfile() {
  const std::string words = "text" + std::string(4, '\0') + "(c) Zhang San";
  const std::string record("\0\0\0\0\0\0\0\1\0\0\0\x0c" "zhCN\0\0\0\x0d\0\0\0\x1c", 24);
  const std::string named = "mluc" + record + "P40 Zhang San";
  const std::string serial = "mmod" + std::string(4, '\0') + "SN-0534-7788";
  return ProfileOf({{"desc", named}, {"rXYZ", kRed}, {"cprt", words}, {"dmdd", named}, {"mmod", serial},
                    {"calt", "dtim" + std::string(16, '\2')}, {"rTRC", kCurve}, {"gTRC", kCurve}});
}

// One scan with a restart marker and a stuffed byte; `app` stands behind JFIF.
inline const std::string kJfif = std::string("JFIF\0\1\1\0\0\1\0\1\0\0", 14);
inline std::string Jpeg(const std::string& app = "", const std::string& tail = "", const std::string& jfif = kJfif) {
  return std::string("\xff\xd8", 2) + JpegSegment(0xe0, jfif) + app +
         JpegSegment(0xdb, std::string(65, '\1')) + JpegSegment(0xc0, std::string("\x08\0\1\0\1\1\1\x11\0", 9)) +
         JpegSegment(0xda, std::string("\1\1\0\0\x3f\0", 6)) +
         std::string("picture\xff\0data\xff\xd0more", 19) + std::string("\xff\xd9", 2) + tail;
}

inline std::string PngChunk(const std::string& type, std::string_view data) {
  std::string out;
  base::AppendU32(&out, static_cast<uint32_t>(data.size()));
  return out + type + std::string(data) + "CRC!";
}
// A chunk with its sum, which readers check; the name is of the profile's maker.
inline std::string PngProfile(const std::string& profile, const std::string& name = "Zhang San's screen") {
  std::string packed(compressBound(profile.size()), '\0');
  uLongf size = packed.size();
  const auto* from = reinterpret_cast<const Bytef*>(profile.data());
  compress(reinterpret_cast<Bytef*>(packed.data()), &size, from, profile.size());
  const std::string data = "iCCP" + name + std::string(2, '\0') + packed.substr(0, size);
  std::string out;
  base::AppendU32(&out, static_cast<uint32_t>(data.size() - 4));
  out += data;
  base::AppendU32(&out, static_cast<uint32_t>(
                            crc32(0, reinterpret_cast<const Bytef*>(data.data()), static_cast<uInt>(data.size()))));
  return out;
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
