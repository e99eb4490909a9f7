// Header (128 bytes), number of tags, then for each tag its name, offset and length; the data of the tags, each
// beginning with its type. All numbers are big-endian.
#include "services/media/content/colour_profile.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <vector>

#include "base/check.h"
#include "base/coding.h"

namespace media {
namespace {

constexpr size_t kHeaderBytes = 128;
constexpr size_t kTableAt = kHeaderBytes + 4;
constexpr size_t kEntryBytes = 12;
constexpr size_t kTypeBytes = 8;  // of each tag: its type and four bytes of zero
constexpr size_t kTagsMax = 200;

// What is computed with. Everything else is for people to read: texts, dates, makes, serial numbers.
constexpr std::string_view kNumbers[] = {"XYZ ", "curv", "para", "sf32", "uf32", "mft1", "mft2", "mAB ",
                                         "mBA ", "mpet", "chrm", "cicp", "view", "meas", "sig "};
constexpr std::string_view kTexts[] = {"text", "desc", "mluc"};

// Length; version, class, colour spaces; the mark of a profile; flags; attributes, intent, illuminant.
struct Span {
  size_t at, length;
};
constexpr Span kKeptOfHeader[] = {{0, 4}, {8, 16}, {36, 4}, {44, 4}, {56, 24}};

struct Tag {
  std::string_view name;
  std::string_view data;
  size_t offset = 0;
};

bool IsOneOf(const auto& list, std::string_view one) { return std::ranges::find(list, one) != std::end(list); }

uint32_t NumberAt(std::string_view bytes, size_t at) {
  std::string_view rest = bytes.substr(at);
  uint32_t number = 0;
  CHECK(base::ReadU32(&rest, &number));
  return number;
}

void Put(std::string* out, size_t at, std::string_view bytes) { std::ranges::copy(bytes, out->begin() + at); }

void PutNumber(std::string* out, size_t at, size_t number) {
  std::string bytes;
  base::AppendU32(&bytes, static_cast<uint32_t>(number));
  Put(out, at, bytes);
}

std::optional<std::vector<Tag>> TagsOf(std::string_view profile) {
  if (profile.size() < kTableAt || profile.size() > kProfileBytesMax || profile.substr(36, 4) != "acsp") {
    return std::nullopt;
  }
  const size_t size = NumberAt(profile, 0);
  const size_t count = NumberAt(profile, kHeaderBytes);
  if (size > profile.size() || count > kTagsMax || kTableAt + count * kEntryBytes > size) return std::nullopt;
  std::vector<Tag> tags;
  for (size_t i = 0; i < count; ++i) {
    const size_t at = kTableAt + i * kEntryBytes;
    const size_t offset = NumberAt(profile, at + 4), length = NumberAt(profile, at + 8);
    if (offset < kTableAt + count * kEntryBytes || offset > size || length > size - offset || length < kTypeBytes) {
      return std::nullopt;
    }
    // Two may share their data (one curve for three colours), whole.
    const auto overlaps = [&](const Tag& other) {
      const bool same = other.offset == offset && other.data.size() == length;
      return !same && offset < other.offset + other.data.size() && other.offset < offset + length;
    };
    if (std::ranges::any_of(tags, overlaps)) return std::nullopt;
    tags.push_back({profile.substr(at, 4), profile.substr(offset, length), offset});
  }
  return tags;
}

// Maker, model, program and machine, when it was made, its fingerprint: gone.
std::string Header(std::string_view profile) {
  std::string header(kHeaderBytes, '\0');
  for (const Span& span : kKeptOfHeader) Put(&header, span.at, profile.substr(span.at, span.length));
  Put(&header, 24, std::string_view("\x07\xd0\0\1\0\1", 6));  // a date has to be one: the first of January 2000
  return header;
}

// As long as the one it stands for, and whole, so that readers that look at it find nothing in it and no fault.
std::string Emptied(std::string_view text) {
  std::string empty(text.size(), '\0');
  const std::string_view type = text.substr(0, 4);
  Put(&empty, 0, type);
  if (type == "desc" && text.size() > 12) empty[11] = 1;  // its length, with the zero at its end
  if (type != "mluc" || text.size() < 16) return empty;
  empty[15] = 12;  // bytes of a record
  if (text.size() < 28) return empty;
  empty[11] = 1;  // record: no bytes of American English, behind it
  Put(&empty, 16, "enUS");
  empty[27] = 28;
  return empty;
}

}  // namespace

std::optional<std::string> CleanProfile(std::string_view profile) {
  const auto tags = TagsOf(profile);
  if (!tags) return std::nullopt;
  std::string out(profile.size(), '\0');
  Put(&out, 0, Header(profile));
  std::vector<Tag> kept;
  for (const Tag& tag : *tags) {
    const std::string_view type = tag.data.substr(0, 4);
    const bool required = tag.name == "desc" || tag.name == "cprt";
    if (required && IsOneOf(kTexts, type)) {
      Put(&out, tag.offset, Emptied(tag.data));
    } else if (!IsOneOf(kNumbers, type)) {
      continue;
    }
    kept.push_back(tag);
  }
  PutNumber(&out, kHeaderBytes, kept.size());
  for (size_t i = 0; i < kept.size(); ++i) {
    const size_t at = kTableAt + i * kEntryBytes;
    Put(&out, at, kept[i].name);
    PutNumber(&out, at + 4, kept[i].offset);
    PutNumber(&out, at + 8, kept[i].data.size());
    if (IsOneOf(kNumbers, kept[i].data.substr(0, 4))) Put(&out, kept[i].offset, kept[i].data);
  }
  return out;
}

}  // namespace media
