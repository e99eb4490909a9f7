// What a file is, and what of it is kept.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <utility>
#include <vector>

#include "base/random.h"
#include "services/media/content/colour_profile.h"
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

const std::string kAdobe = std::string("Adobe\0\x64\0\0\0\0\1", 12);
std::string ProfilePart(int number, int count, std::string_view part) {
  std::string content = std::string("ICC_PROFILE\0", 12);
  content.push_back(static_cast<char>(number));
  content.push_back(static_cast<char>(count));
  content += part;
  return JpegSegment(0xe2, content);
}
void ExpectNamesNothing(const std::string& bytes, const std::string& where) {
  for (const char* word : {"Zhang", "P40", "SN-0534", "HUAW", "JDOE", "lcms", "APPL", "zhCN", "mmod", "dtim"}) {
    EXPECT_THAT(bytes, Not(HasSubstr(word))) << where;
  }
}

TEST(Photograph, KeepsItsColours) {
  const std::string profile = *CleanProfile(CameraProfile());
  const std::string colours = ProfilePart(1, 1, profile) + JpegSegment(0xee, kAdobe);
  EXPECT_EQ(Cleaned(Jpeg(colours)), Jpeg(colours));
  EXPECT_THAT(profile, HasSubstr(kRed));
  EXPECT_THAT(profile, HasSubstr(kCurve));
}

// A colour profile of a telephone names its maker and model, one of a screen its serial number and its owner.
TEST(ColourProfile, KeepsItsNumbersWhereTheyWereAndNoWord) {
  const std::string dirty = CameraProfile();
  const auto clean = CleanProfile(dirty);
  ASSERT_TRUE(clean);
  ASSERT_EQ(clean->size(), dirty.size());
  ExpectNamesNothing(*clean, "alone");
  EXPECT_EQ((*clean)[131], 5) << "desc, cprt and three of numbers";
  for (const std::string& number : {kRed, kCurve}) EXPECT_EQ(clean->find(number), dirty.find(number));
  EXPECT_EQ(clean->substr(36, 4), "acsp");
  EXPECT_EQ(clean->substr(8, 16), dirty.substr(8, 16)) << "what kind of profile it is";
  EXPECT_EQ(clean->substr(64, 16), dirty.substr(64, 16)) << "the light it is for";
  // Readers refuse a description whose record points outside of it.
  const size_t words = clean->find("mluc");
  ASSERT_NE(words, std::string::npos);
  EXPECT_EQ(clean->substr(words + 4, 24), std::string("\0\0\0\0\0\0\0\1\0\0\0\x0c" "enUS\0\0\0\0\0\0\0\x1c", 24));
  EXPECT_EQ(CleanProfile(*clean), clean) << "what was cleaned stays as it is";
}

TEST(ColourProfile, WhoseStructureIsNotWholeIsNone) {
  const std::string whole = CameraProfile();
  ASSERT_TRUE(CleanProfile(whole));
  for (size_t size = 0; size < whole.size(); size += 3) EXPECT_FALSE(CleanProfile(whole.substr(0, size))) << size;
  const std::vector<std::pair<size_t, char>> wrong = {{36, 'x'}, {128, 1}, {136, 1}, {140, 1}, {139, 0}};
  for (const auto& [at, byte] : wrong) {
    std::string broken = whole;
    broken[at] = byte;
    EXPECT_FALSE(CleanProfile(broken)) << at;
  }
  std::string overlapping = whole;
  overlapping.replace(148, 4, whole, 136, 4);  // the second tag begins where the first does, and is another
  EXPECT_FALSE(CleanProfile(overlapping));
}

TEST(Photograph, OfAnyKindHasAColourProfileThatNamesNothing) {
  const std::string dirty = CameraProfile(), clean = *CleanProfile(dirty);
  const size_t half = dirty.size() / 2;
  EXPECT_EQ(Cleaned(Jpeg(ProfilePart(1, 1, dirty))), Jpeg(ProfilePart(1, 1, clean)));
  const auto halves = [&](const std::string& of) {
    return ProfilePart(2, 2, of.substr(half)) + JpegSegment(0xdb, "between") + ProfilePart(1, 2, of.substr(0, half));
  };
  EXPECT_EQ(Cleaned(Jpeg(halves(dirty))), Jpeg(halves(clean))) << "whatever their order";
  EXPECT_EQ(Cleaned(Png(PngProfile(dirty))), Png(PngProfile(clean, "icc")));
  const std::string flags = WebpChunk("VP8X", std::string("\x20\0\0\0\0\0\0\0\0\0", 10));
  const std::string picture = WebpChunk("VP8 ", "pixel");
  EXPECT_EQ(Cleaned(Webp(flags + WebpChunk("ICCP", dirty) + picture)),
            Webp(flags + WebpChunk("ICCP", clean) + picture));
}

TEST(Photograph, IsKeptWithoutAColourProfileThatIsNone) {
  for (const std::string& parts : {ProfilePart(1, 1, "by Zhang San"), ProfilePart(1, 2, CameraProfile()),
                                   ProfilePart(1, 1, CameraProfile()) + ProfilePart(1, 1, CameraProfile()),
                                   JpegSegment(0xe2, std::string("ICC_PROFILE\0", 12))}) {
    EXPECT_EQ(Cleaned(Jpeg(parts)), Jpeg());
  }
  EXPECT_EQ(Cleaned(Jpeg(JpegSegment(0xe1, ExifOf(6)) + ProfilePart(1, 1, "by Zhang San"))),
            Jpeg(JpegSegment(0xe1, std::string("Exif\0\0", 6) + TiffWithOrientation(6))));
  EXPECT_EQ(Cleaned(Png(PngProfile("by Zhang San"))), Png());
  EXPECT_EQ(Cleaned(Png(PngChunk("iCCP", "Zhang San"))), Png());
  EXPECT_EQ(Cleaned(Png(PngChunk("iCCP", std::string("Zhang San\0\0not packed", 21)))), Png());
}

// A small copy of the picture, uncut, stood in the JFIF segment itself; another one and a text behind it.
TEST(Photograph, LosesTheSmallCopiesInItsFirstSegments) {
  const std::string copy = std::string("JFIF\0\1\1\0\0\1\0\1\2\1", 14) + "\x11\x22\x33\x44\x55\x66";
  EXPECT_EQ(Cleaned(Jpeg("", "", copy)), Jpeg());
  EXPECT_EQ(Cleaned(Jpeg("", "", kJfif + "by Zhang San")), Jpeg());
  EXPECT_EQ(Cleaned(Jpeg(JpegSegment(0xe0, std::string("JFXX\0\x10", 6) + "\xff\xd8small\xff\xd9"))), Jpeg());
  EXPECT_EQ(Cleaned(Jpeg(JpegSegment(0xe2, std::string("MPF\0", 4) + "a second picture"))), Jpeg());
  EXPECT_EQ(Cleaned(Jpeg(JpegSegment(0xee, kAdobe + "by Zhang San"))), Jpeg(JpegSegment(0xee, kAdobe)));
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
  EXPECT_EQ(Cleaned(Webp(flags('\x2c') + WebpChunk("ICCP", "by me") + picture +
                         WebpChunk("EXIF", TiffWithOrientation(1)) + WebpChunk("XMP ", "me"))),
            Webp(flags('\0') + picture));
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
