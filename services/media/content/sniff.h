#pragma once
// What a file is, by its first bytes and never by what it is called. An allow list: whatever is not on it is nothing.
// Sources: ISO 10918-1, RFC 2083, RFC 9649 (WebP), ISO 32000-1, RFC 4867 (AMR), ISO 14496-12, RFC 3533 (Ogg),
// ISO 11172-3 (MP3), RIFF. Pure; any thread.

#include <string_view>

#include "media/v1/api.pb.h"

namespace media {

enum class Format { kNone, kJpeg, kPng, kWebp, kPdf, kAmr, kMp3, kM4a, kOgg, kWav };

inline constexpr size_t kSniffBytes = 64;

// `head`: the first kSniffBytes of the file, or all of it.
Format Sniff(std::string_view head);
v1::Kind KindOf(Format format);
std::string_view ContentTypeOf(Format format);

}  // namespace media
