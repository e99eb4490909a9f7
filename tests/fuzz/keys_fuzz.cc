// What is on disk, in both directions: every key that is written is read back as it was and sorts like what it
// stands for; bytes that nobody wrote are refused, or are exactly what a writer would have written; and a
// database full of them can be checked and printed.
//   input := 'k' two key tuples          what is encoded is decoded, and sorts
//          | 'l' LogRecord               an entry of the log and what is read of it
//          | 'd' { space:u8 key value }  a damaged database (key, value: length:u8 bytes)
//          | 'p' question position       page tokens (question: length:u8 bytes)
//          | bytes                       arbitrary keys
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "base/check.h"
#include "base/coding.h"
#include "base/crypto.h"
#include "services/rpc/page_token.h"
#include "storage/dump.h"
#include "storage/format.h"
#include "storage/keys.h"
#include "storage/log_check.h"
#include "storage/log_value.h"
#include "tests/support/mem_kv.h"

namespace storage {
namespace {

// What is accepted is canonical: the writer would have made the same bytes.
void ReadAnything(std::string_view bytes) {
  uint64_t number = 0;
  if (ReadLogKey(bytes, &number)) CHECK_EQ(LogKey(number), bytes);
  if (ReadNumberValue(bytes, &number)) CHECK_EQ(NumberValue(number), bytes);
  int64_t at_ms = 0;
  std::string_view key, id;
  if (ReadTimerKey(bytes, &at_ms, &id)) CHECK_EQ(TimerKey(at_ms, id), bytes);
  uint32_t serial = 0;
  if (ReadRefusalKey(bytes, &at_ms, &serial)) CHECK_EQ(RefusalKey(at_ms, serial), bytes);
  uint8_t index = 0;
  if (ReadIndexKey(bytes, &index, &key, &id)) CHECK_EQ(IndexKey(index, key, id), bytes);
  if (const auto position = rpc::PagePosition("", bytes)) CHECK_EQ(rpc::PageToken("", *position), bytes);
  if (const auto raw = base::FromBase64Url(bytes)) CHECK_EQ(base::Base64Url(*raw), bytes);
}

struct Tuple {
  uint64_t number = 0;
  uint32_t serial = 0;
  uint8_t index = 0;
  std::string key;
  std::string id;  // aggregate ids have no zero

  int64_t time_ms() const { return static_cast<int64_t>(number >> 1); }  // times are not before 1970
};

std::string TakeText(std::string_view* in) {
  uint8_t size = 0;
  if (!base::ReadU8(in, &size)) return "";
  std::string text(in->substr(0, size));
  in->remove_prefix(text.size());
  return text;
}

// A field is fresh or, by a bit of the first byte, the one of `like`: neighbours are the hard part of an order.
Tuple TakeTuple(std::string_view* in, const Tuple& like) {
  Tuple tuple = like;
  uint8_t same = 0;
  (void)base::ReadU8(in, &same);
  if ((same & 1) == 0) (void)base::ReadU64(in, &tuple.number);
  if ((same & 2) == 0) (void)base::ReadU32(in, &tuple.serial);
  if ((same & 4) == 0) (void)base::ReadU8(in, &tuple.index);
  if ((same & 8) == 0) tuple.key = TakeText(in);
  if ((same & 16) == 0) tuple.id = TakeText(in);
  if ((same & 32) != 0) tuple.key += TakeText(in);
  std::erase(tuple.id, '\0');
  return tuple;
}

void RoundTrip(const Tuple& t) {
  uint64_t number = 0;
  CHECK(ReadLogKey(LogKey(t.number), &number));
  CHECK_EQ(number, t.number);
  int64_t at_ms = 0;
  uint32_t serial = 0;
  CHECK(ReadRefusalKey(RefusalKey(t.time_ms(), t.serial), &at_ms, &serial));
  CHECK_EQ(at_ms, t.time_ms());
  CHECK_EQ(serial, t.serial);
  std::string_view key, id;
  const std::string timer = TimerKey(t.time_ms(), t.id);
  CHECK(ReadTimerKey(timer, &at_ms, &id));
  CHECK_EQ(at_ms, t.time_ms());
  CHECK_EQ(id, t.id);
  uint8_t index = 0;
  const std::string indexed = IndexKey(t.index, t.key, t.id);
  CHECK(ReadIndexKey(indexed, &index, &key, &id));
  CHECK_EQ(index, t.index);
  CHECK_EQ(key, t.key);
  CHECK_EQ(id, t.id);
}

int Sign(int order) { return (order > 0) - (order < 0); }
template <class A>
int Order(const A& a, const A& b) {
  return (b < a) - (a < b);
}

// A key of an index may hold zeros, as numbers do. It then sorts like its tuple unless one key is the other
// and a zero more, which no index has: its keys are of one shape.
bool ContinuesWithZero(std::string_view a, std::string_view b) {
  if (a.size() > b.size()) std::swap(a, b);
  return a.size() < b.size() && b.starts_with(a) && b[a.size()] == '\0';
}

void SortLikeWhatTheyStandFor(const Tuple& a, const Tuple& b) {
  CHECK_EQ(Sign(LogKey(a.number).compare(LogKey(b.number))), Order(a.number, b.number));
  CHECK_EQ(Sign(RefusalKey(a.time_ms(), a.serial).compare(RefusalKey(b.time_ms(), b.serial))),
           Order(std::pair(a.time_ms(), a.serial), std::pair(b.time_ms(), b.serial)));
  CHECK_EQ(Sign(TimerKey(a.time_ms(), a.id).compare(TimerKey(b.time_ms(), b.id))),
           Order(std::pair(a.time_ms(), a.id), std::pair(b.time_ms(), b.id)));
  if (!ContinuesWithZero(a.key, b.key)) {
    CHECK_EQ(Sign(IndexKey(a.index, a.key, a.id).compare(IndexKey(b.index, b.key, b.id))),
             Order(std::tie(a.index, a.key, a.id), std::tie(b.index, b.key, b.id)));
  }
  // A scan from a prefix to its end finds exactly the keys that begin with it.
  const std::string stored = IndexKey(a.index, a.key, a.id);
  const std::string prefix = IndexPrefix(b.index, b.key);
  const std::string end = base::PrefixEnd(prefix);
  const bool in_range = stored >= prefix && (end.empty() || stored < end);
  CHECK_EQ(in_range, stored.starts_with(prefix));
}

void LogEntry(std::string_view bytes) {
  kernel::v1::LogRecord record;
  if (!record.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return;
  record.clear_hash();
  if (record.notice().topic().size() > 255 || record.notice().area_code().size() > 255) return;
  const EncodedLog encoded = EncodeLogValue(record, 7);
  LogValue value;
  CHECK(DecodeLogValue(encoded.value, &value));
  CHECK_EQ(value.digest, encoded.digest);
  CHECK_EQ(value.digest, DigestOf(encoded.value, 7));
  CHECK_EQ((value.flags & kHasNotice) != 0, record.has_notice());
  CHECK_EQ(value.topic, record.notice().topic());
  CHECK_EQ(value.division, record.notice().area_code());
  CHECK_EQ(HashOf(value.record), encoded.hash);
  kernel::v1::LogRecord again;
  CHECK(again.ParseFromArray(value.record.data(), static_cast<int>(value.record.size())));
  CHECK_EQ(again.hash(), encoded.hash);
}

void Damaged(std::string_view in) {
  tests::MemKv kv;
  Batch batch;
  uint8_t space = 0;
  for (int records = 0; records < 64 && base::ReadU8(&in, &space); ++records) {
    std::string key = TakeText(&in);
    batch.Put(static_cast<KeySpace>(space % kKeySpaceNames.size()), std::move(key), TakeText(&in));
  }
  CHECK(kv.Commit(batch, Durability::kSynced).ok());
  const auto report = CheckLog(kv);
  CHECK(report.ok());
  CHECK_EQ(report->first_bad_seq == 0, report->problem.empty());
  (void)CheckFormat(kv, "incident");
  size_t lines = 0;
  const absl::Status dumped = Dump(kv, {}, [&](std::string_view line) {
    CHECK(line.find('\n') == std::string_view::npos) << "a record is one line";
    return ++lines > 0;
  });
  if (dumped.ok()) CHECK_LE(lines, batch.ops().size());
}

void PageTokens(std::string_view in) {
  const std::string question = TakeText(&in);
  const std::string token = rpc::PageToken(question, in);
  CHECK_EQ(token.empty(), in.empty());
  const auto position = rpc::PagePosition(question, token);
  CHECK(position.has_value());
  CHECK_EQ(*position, in);
  if (!in.empty()) CHECK(!rpc::PagePosition(question + "x", token)) << "a token of another list";
}

}  // namespace
}  // namespace storage

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string_view in(reinterpret_cast<const char*>(data), size);
  storage::ReadAnything(in);
  if (in.empty()) return 0;
  const char kind = in[0];
  in.remove_prefix(1);
  if (kind == 'k') {
    const storage::Tuple a = storage::TakeTuple(&in, {});
    const storage::Tuple b = storage::TakeTuple(&in, a);
    storage::RoundTrip(a);
    storage::RoundTrip(b);
    storage::SortLikeWhatTheyStandFor(a, b);
    storage::SortLikeWhatTheyStandFor(b, a);
  } else if (kind == 'l') {
    storage::LogEntry(in);
  } else if (kind == 'd') {
    storage::Damaged(in);
  } else if (kind == 'p') {
    storage::PageTokens(in);
  }
  return 0;
}
