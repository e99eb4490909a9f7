// Marker segments of a JPEG stream. Between SOS and the next marker lie coded data, in which 0xFF is always followed by
// 0x00 or by a restart marker.
#include <algorithm>
#include <utility>

#include "base/coding.h"
#include "services/media/content/colour_profile.h"
#include "services/media/content/pieces.h"

namespace media {
namespace {

constexpr size_t kBlockBytes = 64 << 10;
constexpr size_t kAppHeadBytes = 32;
constexpr size_t kSegmentsMax = 4096;  // of one picture
// What a segment begins with that says how the pixels look; the small copy in a JFIF segment stands behind it.
constexpr size_t kJfifBytes = 14, kAdobeBytes = 12, kProfileHeadBytes = 14;
constexpr uint8_t kSoi = 0xd8, kEoi = 0xd9, kSos = 0xda, kApp0 = 0xe0, kApp1 = 0xe1, kApp2 = 0xe2, kApp14 = 0xee,
                  kApp15 = 0xef, kCom = 0xfe, kFirst = 0xc0;

bool IsRestart(uint8_t marker) { return marker >= 0xd0 && marker <= 0xd7; }
bool IsFrame(uint8_t marker) {
  return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
}

// Where the coded data from `at` on end: the offset of the next marker's 0xFF. nullopt: the file ends in them.
std::optional<uint64_t> EndOfCodedData(Source& source, uint64_t at) {
  bool escaped = false;  // the byte before was 0xFF
  while (at < source.size()) {
    const std::string block = source.Read(at, kBlockBytes);
    if (block.empty()) return std::nullopt;
    for (size_t i = 0; i < block.size(); ++i) {
      const auto byte = static_cast<uint8_t>(block[i]);
      if (escaped && byte != 0 && byte != 0xff && !IsRestart(byte)) return at + i - 1;
      escaped = byte == 0xff;
    }
    at += block.size();
  }
  return std::nullopt;
}

bool IsKept(uint8_t marker, std::string_view head) {
  if (marker == kCom) return false;
  if (marker < kApp0 || marker > kApp15) return true;
  if (marker == kApp0) return head.size() >= kJfifBytes && head.starts_with(std::string_view("JFIF\0", 5));
  if (marker == kApp2) {
    return head.size() >= kProfileHeadBytes && head.starts_with(std::string_view("ICC_PROFILE\0", 12));
  }
  return marker == kApp14 && head.size() >= kAdobeBytes && head.starts_with("Adobe");
}

std::string SegmentOf(uint8_t marker, std::string_view content) {
  std::string segment(1, '\xff');
  segment.push_back(static_cast<char>(marker));
  base::AppendU16(&segment, static_cast<uint16_t>(content.size() + 2));
  segment += content;
  return segment;
}

std::string ExifSegment(int orientation) {
  return SegmentOf(kApp1, std::string("Exif\0\0", 6) + TiffWithOrientation(orientation));
}

// A profile longer than a segment lies in several, each with its number and how many there are.
class ProfileParts {
 public:
  // `content`: of a segment, with its head. `at`: where it stands in the list of pieces.
  void Add(std::string content, size_t at) {
    bytes_ += content.size();
    // A profile of more is none; its segments are left empty all the same.
    if (bytes_ > 2 * kProfileBytesMax) content.resize(kProfileHeadBytes);
    parts_.push_back({std::move(content), at});
  }

  // Writes each segment again with what is kept of the profile, or leaves it out.
  void Clean(PieceList* out) {
    std::ranges::stable_sort(parts_, {}, [](const Part& part) { return part.number(); });
    bool whole = true;
    std::string profile;
    for (size_t i = 0; i < parts_.size(); ++i) {
      whole = whole && parts_[i].number() == i + 1 && parts_[i].count() == parts_.size();
      profile += parts_[i].content.substr(kProfileHeadBytes);
    }
    const std::optional<std::string> clean = whole ? CleanProfile(profile) : std::nullopt;
    size_t from = 0;
    for (Part& part : parts_) {
      const size_t length = part.content.size() - kProfileHeadBytes;
      if (clean) part.content.replace(kProfileHeadBytes, length, *clean, from, length);
      out->Rewrite(part.at, clean ? SegmentOf(kApp2, part.content) : std::string());
      from += length;
    }
  }

 private:
  struct Part {
    std::string content;
    size_t at = 0;
    size_t number() const { return static_cast<uint8_t>(content[kProfileHeadBytes - 2]); }
    size_t count() const { return static_cast<uint8_t>(content[kProfileHeadBytes - 1]); }
  };
  std::vector<Part> parts_;
  size_t bytes_ = 0;
};

class Cleaner {
 public:
  explicit Cleaner(Source& source) : source_(source) {}

  std::optional<Pieces> Run() {
    out_.Keep(0, 2);
    at_ = 2;
    for (size_t segments = 0; segments < kSegmentsMax; ++segments) {
      const std::optional<uint8_t> marker = NextMarker();
      // What is no marker of a segment would be read as coded data once the segment before it is gone.
      if (!marker || *marker < kFirst || *marker == kSoi || IsRestart(*marker)) return std::nullopt;
      if (*marker == kEoi) {
        out_.Keep(at_, 2);
        profile_.Clean(&out_);
        return frame_ && scan_ ? std::optional<Pieces>(out_.Take()) : std::nullopt;
      }
      if (!Segment(*marker)) return std::nullopt;
    }
    return std::nullopt;
  }

 private:
  // The marker at at_, behind fill bytes.
  std::optional<uint8_t> NextMarker() {
    while (true) {
      const std::string two = source_.Read(at_, 2);
      if (two.size() < 2 || two[0] != '\xff') return std::nullopt;
      if (two[1] != '\xff') return static_cast<uint8_t>(two[1]);
      if (++fill_ > kSegmentsMax) return std::nullopt;
      ++at_;
    }
  }

  bool Segment(uint8_t marker) {
    const std::string head = source_.Read(at_ + 2, 2 + kAppHeadBytes);
    if (head.size() < 2) return false;
    const uint64_t length = static_cast<uint64_t>(static_cast<uint8_t>(head[0])) << 8 | static_cast<uint8_t>(head[1]);
    if (length < 2 || at_ + 2 + length > source_.size()) return false;
    const std::string_view content = std::string_view(head).substr(2, length - 2);
    if (marker == kApp1) ReadExif(content, length);
    const bool kept = IsKept(marker, content);
    // Before the first segment of the picture itself; behind JFIF, which must be the first.
    if (kept && marker != kApp0) WriteOrientation();
    if (kept && !KeepSegment(marker, content, length)) return false;
    frame_ = frame_ || IsFrame(marker);
    at_ += 2 + length;
    if (marker != kSos) return true;
    scan_ = true;
    const std::optional<uint64_t> end = EndOfCodedData(source_, at_);
    if (!end) return false;
    out_.Keep(at_, *end - at_);
    at_ = *end;
    return true;
  }

  // Whole, but for what in it is not about the pixels.
  bool KeepSegment(uint8_t marker, std::string_view content, uint64_t length) {
    const uint64_t bytes = length - 2;
    if (marker == kApp0 && (bytes > kJfifBytes || content[12] != 0 || content[13] != 0)) {
      out_.Write(SegmentOf(marker, std::string(content.substr(0, 12)) + std::string(2, '\0')));
    } else if (marker == kApp14 && bytes > kAdobeBytes) {
      out_.Write(SegmentOf(marker, content.substr(0, kAdobeBytes)));
    } else if (marker == kApp2) {
      std::string part = source_.Read(at_ + 4, bytes);
      if (part.size() != bytes) return false;
      profile_.Add(std::move(part), out_.Write(""));
    } else {
      out_.Keep(at_, 2 + length);
    }
    return true;
  }

  void ReadExif(std::string_view content, uint64_t length) {
    if (written_ || !content.starts_with(std::string_view("Exif\0", 5))) return;
    const int said = OrientationOf(source_.Read(at_ + 10, length - 2 > 6 ? length - 8 : 0));
    if (said != 1) orientation_ = said;
  }

  void WriteOrientation() {
    if (written_ || orientation_ == 1) return;
    written_ = true;
    out_.Write(ExifSegment(orientation_));
  }

  Source& source_;
  PieceList out_;
  ProfileParts profile_;
  uint64_t at_ = 0;
  size_t fill_ = 0;
  int orientation_ = 1;
  bool written_ = false;
  bool frame_ = false;
  bool scan_ = false;
};

}  // namespace

std::optional<Pieces> CleanJpeg(Source& source) { return Cleaner(source).Run(); }

}  // namespace media
