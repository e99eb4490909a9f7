// Bytes from outside against the frame parser and both state machines: whatever comes, nothing crashes, nothing hangs,
// no effect happens twice or out of order, and no session gets more than its credit.
//   input := seed:u8 { length:u16 kind:u8 payload }*
// kind chooses the receiver, passing time, or a valid frame patched with the payload.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/coding.h"
#include "services/bus/consumer.h"
#include "services/bus/frame.h"
#include "services/bus/limits.h"
#include "services/bus/source.h"
#include "tests/support/memory_inbox.h"
#include "tests/support/memory_log.h"

namespace bus {
namespace {

// Keeps the newest frame, so that an input can answer with the right session and nonce.
class Sink final : public Transport {
 public:
  SendResult Send(std::string_view, std::string_view bytes) override {
    CHECK(Unpack(bytes, &last) == FrameFault::kNone) << "we sent what we would not read";
    if (last.has_opened() || last.has_reject() || last.has_close() || last.has_open()) session = last.session_id();
    return SendResult::kSent;
  }
  v1::Frame last;
  uint64_t session = 0;
};

class Arena {
 public:
  explicit Arena(uint64_t seed) : log_(std::string(16, 'L')), inbox_(true) {
    for (int i = 0; i < 20; ++i) {
      log_.Append(tests::NoticeRecord(i % 3 == 0 ? "" : "incident.reported", "371402", "a", 1, "payload"));
    }
    log_.Sync();
    AccessList access;
    access.Allow("u", {"svc", {"svc/*"}, {}});
    source_ = std::make_unique<Source>(SourceOptions{}, &log_, &to_consumer_, std::move(access), seed, nullptr);
    ConsumerOptions options;
    options.source = "incident";
    options.consumer_id = "svc/main";
    consumer_ = std::make_unique<Consumer>(
        options, &inbox_, &to_source_,
        [this](uint64_t token, absl::Status status) { applied_.push_back({token, std::move(status)}); }, seed, nullptr);
    Tick(0);
  }

  void Feed(uint8_t kind, std::string_view payload) {
    switch (kind % 8) {
      case 0: source_->OnFrame({"r", "u"}, payload, now_ms_); break;
      case 1: consumer_->OnFrame(payload, now_ms_); break;
      case 2: Tick(payload.empty() ? 1 : static_cast<uint8_t>(payload[0]) * int64_t{40}); break;
      case 3: source_->OnFrame({"r", "u"}, std::string(kMagic) + std::string(payload), now_ms_); break;
      case 4: consumer_->OnFrame(std::string(kMagic) + std::string(payload), now_ms_); break;
      case 5: source_->OnFrame({"r", "u"}, Patched(to_source_.last, to_consumer_.session, payload), now_ms_); break;
      case 6: consumer_->OnFrame(Patched(to_consumer_.last, to_consumer_.session, payload), now_ms_); break;
      case 7: log_.Append(tests::NoticeRecord(std::string(payload), "37", "b", 1, "x")), log_.Sync(); break;
    }
    Settle();
  }

  void CheckOrder() const {
    uint64_t last = 0;
    for (const uint64_t seq : inbox_.Seqs("incident")) {
      CHECK_LT(last, seq) << "an effect twice or out of order";
      last = seq;
    }
  }

 private:
  void Tick(int64_t ms) {
    now_ms_ += ms;
    source_->OnTick(now_ms_);
    CHECK_GE(consumer_->OnTick(now_ms_), now_ms_);
    Settle();
  }
  void Settle() {
    for (auto& [token, status] : std::exchange(applied_, {})) consumer_->OnApplied(token, status, now_ms_);
    CHECK_LE(source_->Sessions().size(), limits::kSessions);
  }
  // The frame the other side sent last, with the payload's fields over it and the session that is open.
  static std::string Patched(const v1::Frame& base, uint64_t session, std::string_view payload) {
    v1::Frame frame = base;
    v1::Frame patch;
    if (patch.ParseFromArray(payload.data(), static_cast<int>(payload.size()))) frame.MergeFrom(patch);
    frame.set_session_id(session);
    return Pack(frame);
  }

  tests::MemoryLog log_;
  tests::MemoryInbox inbox_;
  Sink to_consumer_, to_source_;
  std::unique_ptr<Source> source_;
  std::vector<std::pair<uint64_t, absl::Status>> applied_;
  std::unique_ptr<Consumer> consumer_;
  int64_t now_ms_ = 1'000;
};

}  // namespace
}  // namespace bus

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string_view in(reinterpret_cast<const char*>(data), size);
  uint8_t seed = 0, kind = 0;
  uint16_t length = 0;
  if (!base::ReadU8(&in, &seed)) return 0;
  bus::Arena arena(seed);
  for (int steps = 0; steps < 200 && base::ReadU16(&in, &length) && base::ReadU8(&in, &kind); ++steps) {
    const std::string_view payload = in.substr(0, length);
    in.remove_prefix(payload.size());
    arena.Feed(kind, payload);
  }
  arena.CheckOrder();
  return 0;
}
