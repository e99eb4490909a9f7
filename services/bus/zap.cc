#include "services/bus/zap.h"

#include <zmq.h>

#include <array>
#include <string>
#include <vector>

#include "base/check.h"
#include "base/log.h"
#include "services/bus/limits.h"

namespace bus {
namespace {

constexpr size_t kParts = 7;  // version, request id, domain, address, identity, mechanism, key

struct Request {
  std::string version, id, domain, address, mechanism, key;
};

// Part by part, because a handshake never has more than seven and the socket is ours alone.
bool ReadRequest(void* socket, Request* request) {
  std::array<std::string, kParts> parts;
  size_t count = 0;
  bool more = true;
  while (more) {
    zmq_msg_t part;
    zmq_msg_init(&part);
    if (zmq_msg_recv(&part, socket, ZMQ_DONTWAIT) < 0) {
      zmq_msg_close(&part);
      return false;
    }
    if (count < kParts)
      parts[count].assign(static_cast<const char*>(zmq_msg_data(&part)), zmq_msg_size(&part));
    ++count;
    more = zmq_msg_more(&part) != 0;
    zmq_msg_close(&part);
  }
  *request = {parts[0], parts[1], parts[2], parts[3], parts[5], count == kParts ? parts[6] : ""};
  return true;
}

std::string KeyText(const std::string& key) {
  if (key.size() != 32) return "";
  std::array<char, 41> text{};
  return zmq_z85_encode(text.data(), reinterpret_cast<const uint8_t*>(key.data()), key.size());
}

}  // namespace

ZapHandler::ZapHandler(const ZmqContext& context, AccessFile* access, const base::Clock* clock,
                       base::Metrics* metrics)
    : access_(access),
      clock_(clock),
      accepted_(metrics->AddCounter("esp_handshakes_total", "CURVE handshakes, by answer",
                                    {{"answer", "accepted"}})),
      refused_(metrics->AddCounter("esp_handshakes_total", "CURVE handshakes, by answer",
                                   {{"answer", "refused"}})),
      socket_(std::make_unique<ZmqSocket>(context, ZMQ_REP)) {
  socket_->Set(ZMQ_LINGER, 0);
  const absl::Status bound = socket_->Bind("inproc://zeromq.zap.01");
  CHECK(bound.ok()) << bound.ToString();
  socket_->GiveAway();
  thread_ = base::StartThread("bus-zap", [this](std::stop_token stop) { Run(std::move(stop)); });
}

void ZapHandler::Stop() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  wake_.Set();
  thread_.join();
}

void ZapHandler::Run(std::stop_token stop) {
  while (!stop.stop_requested()) {
    WaitFor({socket_->get()}, nullptr, wake_, limits::kTickMs);
    wake_.Clear();
    Answer();
  }
  socket_.reset();
}

void ZapHandler::Answer() {
  Request request;
  while (ReadRequest(socket_->get(), &request)) {
    // A key that was put on the list a moment ago is let in; a list that cannot be read leaves the last good
    // one.
    if (const auto refreshed = access_->Refresh(clock_->NowMs()); !refreshed.ok()) {
      base::Log(base::kError, "access list not read again",
                {{"why", std::string(refreshed.status().message())}});
    }
    const std::string user = KeyText(request.key);
    const bool allowed = request.version == "1.0" && request.mechanism == "CURVE" &&
                         request.domain == kZapDomain && !user.empty() && access_->Allows(user);
    (allowed ? accepted_ : refused_).Add();
    if (!allowed) {
      base::Log(base::kWarning, "connection refused", {{"address", request.address}, {"key", user}});
    }
    socket_->SendParts({"1.0", request.id, allowed ? "200" : "400", allowed ? "OK" : "not on the list",
                        allowed ? std::string_view(user) : std::string_view(), ""});
  }
}

}  // namespace bus
