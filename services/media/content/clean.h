#pragma once
// What of a file is kept. A photograph carries where it was taken, when, with which device, often a small copy of
// what was cut away; none of that is anybody's business. The pixels are not touched: whole segments (JPEG) and chunks
// (PNG, WebP) are left out, so nothing is compressed again. The orientation survives, in an EXIF block that holds
// nothing else. Of a colour profile the numbers stay, and none of its words (colour_profile.h).
//
//   JPEG  kept: APP0 JFIF without the small copy in it, APP2 ICC profile, APP14 Adobe without what stands behind its
//         numbers, and all that is not APPn or COM, up to the end of the picture; what follows the end (a film of a
//         "live" photograph, a second picture) goes
//   PNG   kept: critical chunks, those that say how pixels look (tRNS gAMA cHRM sRGB iCCP sBIT bKGD pHYs hIST cICP),
//         those of animation; what follows IEND goes
//   WebP  gone: EXIF and XMP and chunks nobody knows
//   others are kept as they are
//
// Only headers are read, whatever the size; a file whose structure is not whole is refused, so what is kept can be
// shown. Sources: ISO 10918-1 annex B, PNG (third edition), RFC 9649, TIFF 6.0, Exif 2.3. Pure; any thread.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "services/media/content/sniff.h"
#include "services/media/content/source.h"

namespace media {

// Bytes of the source, or (length 0) bytes of our own.
struct Piece {
  uint64_t offset = 0;
  uint64_t length = 0;
  std::string text;
};
using Pieces = std::vector<Piece>;

// nullopt: the file is damaged, cut off, or not what its first bytes say.
std::optional<Pieces> Clean(Format format, Source& source);
uint64_t SizeOf(const Pieces& pieces);

// The three that have something to leave out.
std::optional<Pieces> CleanJpeg(Source& source);
std::optional<Pieces> CleanPng(Source& source);
std::optional<Pieces> CleanWebp(Source& source);

// The orientation (1 … 8) that a TIFF structure, as Exif holds it, gives its first picture; 1 if it says none.
int OrientationOf(std::string_view tiff);
// A TIFF structure that says the orientation and nothing else.
std::string TiffWithOrientation(int orientation);

}  // namespace media
