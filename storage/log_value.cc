#include "storage/log_value.h"

#include "base/check.h"
#include "base/coding.h"
#include "base/crypto.h"

namespace storage {
namespace {

constexpr size_t kDigestSize = 4;
constexpr std::string_view kHashTag("\x82\x01\x20", 3);  // field 16, length-delimited, 32 bytes

void AppendShort(std::string* out, std::string_view text) {
  CHECK_LE(text.size(), 255u) << "topic or division too long";
  base::AppendU8(out, static_cast<uint8_t>(text.size()));
  out->append(text);
}

bool ReadShort(std::string_view* in, std::string_view* text) {
  uint8_t size = 0;
  if (!base::ReadU8(in, &size) || in->size() < size) return false;
  *text = in->substr(0, size);
  in->remove_prefix(size);
  return true;
}

}  // namespace

EncodedLog EncodeLogValue(const kernel::v1::LogRecord& record, uint32_t previous_digest) {
  EncodedLog encoded;
  std::string& out = encoded.value;
  const auto& notice = record.notice();
  out.reserve(record.ByteSizeLong() + notice.topic().size() + notice.area_code().size() + kHashFieldSize +
              16);
  out.resize(kDigestSize);
  base::AppendU8(&out, record.has_notice() ? kHasNotice : 0);
  AppendShort(&out, notice.area_code());
  AppendShort(&out, notice.topic());
  const size_t record_at = out.size();
  CHECK(record.AppendToString(&out)) << "cannot serialize a log record";
  encoded.hash = base::Sha256(std::string_view(out).substr(record_at));
  out.append(kHashTag);
  out.append(encoded.hash);
  encoded.digest = DigestOf(out, previous_digest);
  std::string digest;
  base::AppendU32(&digest, encoded.digest);
  out.replace(0, kDigestSize, digest);
  return encoded;
}

bool DecodeLogValue(std::string_view stored, LogValue* value) {
  if (!base::ReadU32(&stored, &value->digest) || !base::ReadU8(&stored, &value->flags)) return false;
  if (!ReadShort(&stored, &value->division) || !ReadShort(&stored, &value->topic)) return false;
  value->record = stored;
  return true;
}

uint32_t DigestOf(std::string_view stored, uint32_t previous_digest) {
  return base::Crc32cExtend(previous_digest, stored.substr(std::min(stored.size(), kDigestSize)));
}

std::string HashOf(std::string_view record) {
  if (record.size() < kHashFieldSize) return {};
  const std::string_view content = record.substr(0, record.size() - kHashFieldSize);
  if (record.substr(content.size(), kHashTag.size()) != kHashTag) return {};
  return base::Sha256(content);
}

}  // namespace storage
