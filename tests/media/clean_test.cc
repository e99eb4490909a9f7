// What a file is, and what of it is kept.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

#include "base/random.h"
#include "tests/media/pictures.h"

namespace media {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::optional<std::string> Cleaned(const std::string& file) {
  TextSource source(file);
  const auto pieces = Clean(Sniff(std::string_view(file).substr(0, kSniffBytes)), source);
  return pieces ? std::optional<std::string>(Joined(file, *pieces)) : std::nullopt;
}

TEST(Type, IsWhatTheContentSaysAndNotTheName) {
  EXPECT_EQ(Sniff(Jpeg()), Format::kJpeg);
  EXPECT_EQ(Sniff(Png()), Format::kPng);
  EXPECT_EQ(Sniff(Webp(WebpChunk("VP8 ", "x"))), Format::kWebp);
  EXPECT_EQ(Sniff("%PDF-1.7\n"), Format::kPdf);
  EXPECT_EQ(Sniff("#!AMR\n...."), Format::kAmr);
  EXPECT_EQ(Sniff("OggS...."), Format::kOgg);
  EXPECT_EQ(Sniff("ID3\3"), Format::kMp3);
  EXPECT_EQ(Sniff("\xff\xfb\x90\x64"), Format::kMp3);
  EXPECT_EQ(Sniff(std::string("\0\0\0\x1c" "ftypM4A \0\0\0\0", 16)), Format::kM4a);
  EXPECT_EQ(Sniff("RIFF....WAVEfmt "), Format::kWav);
  EXPECT_EQ(KindOf(Format::kPdf), v1::PAPER);
  EXPECT_EQ(KindOf(Format::kAmr), v1::VOICE);
}

TEST(Type, OfNothingElseIsTaken) {
  for (const std::string& file :
       {std::string("MZ\x90"), std::string("<html><script>"), std::string("<svg xmlns="), std::string("PK\3\4"),
        std::string("\x7f" "ELF"), std::string(""), std::string("\xff\xd8"), std::string("RIFF"),
        std::string("\0\0\0\x18" "ftypheic\0\0\0\0", 16), std::string("\0\0\0\x18" "ftypisom\0\0\0\0", 16),
        std::string("\xff\xfb\xf0\x64")}) {
    EXPECT_EQ(Sniff(file), Format::kNone) << file;
  }
}

TEST(Photograph, LosesWhereItWasTakenAndKeepsItsPixels) {
  const std::string dirty = Jpeg(JpegSegment(0xe1, ExifOf(1)) + JpegSegment(0xe1, "http://ns.adobe.com/xap/1.0/ me") +
                                 JpegSegment(0xfe, "by Zhang San") + JpegSegment(0xed, "Photoshop 3.0"));
  EXPECT_EQ(Cleaned(dirty), Jpeg());
}

TEST(Photograph, KeepsItsOrientationAlone) {
  const auto clean = Cleaned(Jpeg(JpegSegment(0xe1, ExifOf(6))));
  ASSERT_TRUE(clean);
  EXPECT_EQ(*clean, Jpeg(JpegSegment(0xe1, std::string("Exif\0\0", 6) + TiffWithOrientation(6))));
  EXPECT_THAT(*clean, Not(HasSubstr(kSecretPlace)));
  EXPECT_EQ(Cleaned(*clean), clean) << "what was cleaned stays as it is";
}

TEST(Photograph, MayHaveFillBytesBeforeItsMarkers) {
  EXPECT_EQ(Cleaned(Jpeg("\xff\xff" + JpegSegment(0xfe, "comment") + "\xff")), Jpeg());
}

TEST(Photograph, KeepsItsColours) {
  const std::string colours =
      JpegSegment(0xe2, std::string("ICC_PROFILE\0\1\1 profile", 22)) + JpegSegment(0xee, "Adobe");
  EXPECT_EQ(Cleaned(Jpeg(colours)), Jpeg(colours));
}

TEST(Photograph, LosesWhatFollowsItsEnd) {
  EXPECT_EQ(Cleaned(Jpeg("", "a film of two seconds")), Jpeg());
  EXPECT_EQ(Cleaned(Png("", "PK a zip archive")), Png());
}

TEST(Photograph, AsPngLosesTextsAndKeepsItsOrientation) {
  const std::string look = PngChunk("gAMA", "abcd") + PngChunk("tRNS", "ab");
  const std::string dirty = look + PngChunk("tEXt", "Author me") + PngChunk("iTXt", "x") + PngChunk("tIME", "1234567") +
                            PngChunk("eXIf", TiffWithOrientation(8) + kSecretPlace);
  const auto clean = Cleaned(Png(dirty));
  ASSERT_TRUE(clean);
  EXPECT_THAT(*clean, Not(HasSubstr(kSecretPlace)));
  EXPECT_THAT(*clean, Not(HasSubstr("Author")));
  EXPECT_THAT(*clean, HasSubstr("eXIf" + TiffWithOrientation(8)));
  EXPECT_EQ(Cleaned(Png(look + PngChunk("tEXt", "a"))), Png(look));
  EXPECT_EQ(Cleaned(Png(PngChunk("XyZz", "a critical chunk nobody knows"))), std::nullopt);
}

TEST(Photograph, AsWebpLosesExifAndXmp) {
  const std::string picture = WebpChunk("VP8 ", "pixel");
  const auto flags = [](char bits) { return WebpChunk("VP8X", std::string(1, bits) + std::string(9, '\0')); };
  EXPECT_EQ(Cleaned(Webp(flags('\x2c') + WebpChunk("ICCP", "c") + picture + WebpChunk("EXIF", TiffWithOrientation(1)) +
                         WebpChunk("XMP ", "me"))),
            Webp(flags('\x20') + WebpChunk("ICCP", "c") + picture));
  EXPECT_EQ(Cleaned(Webp(flags('\x08') + picture + WebpChunk("EXIF", ExifOf(6)))),
            Webp(flags('\x08') + picture + WebpChunk("EXIF", TiffWithOrientation(6))));
  EXPECT_EQ(Cleaned(Webp(picture)), Webp(picture));
  EXPECT_EQ(Cleaned(Webp(picture) + "behind"), Webp(picture));
}

TEST(Photograph, CutOffAnywhereIsRefused) {
  for (const std::string& whole :
       {Jpeg(JpegSegment(0xe1, ExifOf(6))), Png(PngChunk("eXIf", TiffWithOrientation(8))),
        Webp(WebpChunk("VP8X", std::string(10, '\0')) + WebpChunk("VP8 ", "pixel"))}) {
    ASSERT_TRUE(Cleaned(whole));
    for (size_t size = 0; size < whole.size(); ++size) {
      EXPECT_EQ(Cleaned(whole.substr(0, size)), std::nullopt) << size << " of " << whole.size();
    }
  }
}

TEST(Photograph, LyingAboutLengthsIsRefused) {
  EXPECT_EQ(Cleaned(Jpeg("\xff\xe1\xff\xff too short")), std::nullopt);
  EXPECT_EQ(Cleaned(Jpeg(std::string("\xff\xe1\0\1", 4))), std::nullopt);
  EXPECT_EQ(Cleaned(Png(std::string("\x7f\xff\xff\xff" "tEXtabcd", 12))), std::nullopt);
  EXPECT_EQ(Cleaned(Png(std::string("\xff\xff\xff\xf0" "tEXtabcd", 12))), std::nullopt);
  std::string webp = Webp(WebpChunk("VP8 ", "pixel"));
  webp[16] = '\xff';
  EXPECT_EQ(Cleaned(webp), std::nullopt);
}

// 0xFF 0x00 stood behind an Exif block and passed for a segment; with the block gone it was part of the coded data
// before, and what had been kept could not be read again.
TEST(Photograph, IsRefusedWithWhatIsNoMarkerBetweenItsSegments) {
  for (const uint8_t marker : {0x00, 0x01, 0x4d, 0xbf}) {
    EXPECT_EQ(Cleaned(Jpeg(JpegSegment(0xe1, ExifOf(1)) + JpegSegment(marker, "content"))), std::nullopt);
  }
}

TEST(Photograph, WhoseExifPointsAstrayHasNoOrientation) {
  std::string astray = TiffWithOrientation(6);
  astray[4] = '\x7f';  // the directory lies far behind the end
  EXPECT_EQ(OrientationOf(astray), 1);
  astray = TiffWithOrientation(6);
  astray[8] = '\xff';  // it claims 65281 entries, and the tag is another
  astray[11] = '\0';
  EXPECT_EQ(OrientationOf(astray), 1);
  EXPECT_EQ(OrientationOf("II*"), 1);
  EXPECT_EQ(OrientationOf(std::string("II*\0\x08\0\0\0\1\0\x12\1\3\0\1\0\0\0\3\0\0\0", 22)), 3) << "little-endian too";
}

TEST(Photograph, OfAnyBytesNeverBreaksTheReader) {
  base::Random random(20261122);
  for (int i = 0; i < 3000; ++i) {
    std::string file = i % 3 == 0   ? Jpeg(JpegSegment(0xe1, ExifOf(6)))
                       : i % 3 == 1 ? Png(PngChunk("eXIf", ExifOf(8)))
                                    : Webp(WebpChunk("VP8X", std::string(10, '\0')) + WebpChunk("VP8 ", "pixel"));
    for (int k = 0; k < 4; ++k) file[random.Below(file.size())] = static_cast<char>(random.Next());
    const auto clean = Cleaned(file);
    EXPECT_LE(clean ? clean->size() : 0, file.size() + 64);
  }
}

}  // namespace
}  // namespace media
