#include "services/media/content/sniff.h"

#include <cstdint>

namespace media {
namespace {

uint8_t At(std::string_view bytes, size_t i) { return static_cast<uint8_t>(bytes[i]); }

// Eleven set bits, a layer III frame, a bit rate and a sampling rate that exist.
bool IsMp3Frame(std::string_view head) {
  if (head.size() < 4 || At(head, 0) != 0xff || (At(head, 1) & 0xe6) != 0xe2) return false;
  const bool version_exists = (At(head, 1) >> 3 & 3) != 1;
  const uint8_t bit_rate = At(head, 2) >> 4;
  return version_exists && bit_rate != 0 && bit_rate != 15 && (At(head, 2) >> 2 & 3) != 3;
}

// An MPEG-4 file that says it is for sound, or is made by a recorder that says so generically. Pictures (HEIF) and
// films carry other brands.
bool IsM4a(std::string_view head) {
  if (head.size() < 16 || head.substr(4, 4) != "ftyp") return false;
  const std::string_view brand = head.substr(8, 4);
  return brand == "M4A " || brand == "M4B ";
}

}  // namespace

Format Sniff(std::string_view head) {
  const auto starts = [head](std::string_view magic) { return head.starts_with(magic); };
  if (starts("\xff\xd8\xff")) return Format::kJpeg;
  if (starts(std::string_view("\x89PNG\r\n\x1a\n", 8))) return Format::kPng;
  if (starts("RIFF") && head.size() >= 12 && head.substr(8, 4) == "WEBP") return Format::kWebp;
  if (starts("RIFF") && head.size() >= 12 && head.substr(8, 4) == "WAVE") return Format::kWav;
  if (starts("%PDF-1.") || starts("%PDF-2.")) return Format::kPdf;
  if (starts("#!AMR\n") || starts("#!AMR-WB\n")) return Format::kAmr;
  if (starts("OggS")) return Format::kOgg;
  if (starts("ID3") || IsMp3Frame(head)) return Format::kMp3;
  if (IsM4a(head)) return Format::kM4a;
  return Format::kNone;
}

v1::Kind KindOf(Format format) {
  switch (format) {
    case Format::kJpeg:
    case Format::kPng:
    case Format::kWebp: return v1::PHOTO;
    case Format::kPdf: return v1::PAPER;
    case Format::kAmr:
    case Format::kMp3:
    case Format::kM4a:
    case Format::kOgg:
    case Format::kWav: return v1::VOICE;
    case Format::kNone: break;
  }
  return v1::KIND_UNSPECIFIED;
}

std::string_view ContentTypeOf(Format format) {
  switch (format) {
    case Format::kJpeg: return "image/jpeg";
    case Format::kPng: return "image/png";
    case Format::kWebp: return "image/webp";
    case Format::kPdf: return "application/pdf";
    case Format::kAmr: return "audio/amr";
    case Format::kMp3: return "audio/mpeg";
    case Format::kM4a: return "audio/mp4";
    case Format::kOgg: return "audio/ogg";
    case Format::kWav: return "audio/wav";
    case Format::kNone: break;
  }
  return "application/octet-stream";
}

}  // namespace media
