#include "services/bus/zmq_socket.h"

#include <absl/strings/str_cat.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include <zmq.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/check.h"
#include "services/bus/limits.h"

namespace bus {

ZmqContext::ZmqContext() : context_(zmq_ctx_new()) {
  CHECK(context_ != nullptr);
  zmq_ctx_set(context_, ZMQ_IO_THREADS, 1);
}

ZmqContext::~ZmqContext() {
  zmq_ctx_shutdown(context_);
  while (zmq_ctx_term(context_) != 0 && errno == EINTR) {
  }
}

ZmqSocket::ZmqSocket(const ZmqContext& context, int type) : socket_(zmq_socket(context.get(), type)) {
  CHECK(socket_ != nullptr) << "cannot create socket: " << zmq_strerror(errno);
}

ZmqSocket::~ZmqSocket() { zmq_close(socket_); }

void* ZmqSocket::get() {
  CHECK(owner_.Here()) << "a socket was used from a thread that does not own it";
  return socket_;
}

void ZmqSocket::Set(int option, int value) {
  CHECK_EQ(zmq_setsockopt(get(), option, &value, sizeof(value)), 0) << "option " << option;
}

void ZmqSocket::Set(int option, int64_t value) {
  CHECK_EQ(zmq_setsockopt(get(), option, &value, sizeof(value)), 0) << "option " << option;
}

void ZmqSocket::Set(int option, const std::string& text) {
  CHECK_EQ(zmq_setsockopt(get(), option, text.data(), text.size()), 0) << "option " << option;
}

absl::Status ZmqSocket::Bind(const std::string& endpoint) {
  if (zmq_bind(get(), endpoint.c_str()) == 0) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat("cannot listen on ", endpoint, ": ", zmq_strerror(errno)));
}

absl::Status ZmqSocket::Connect(const std::string& endpoint) {
  if (zmq_connect(get(), endpoint.c_str()) == 0) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("cannot connect to ", endpoint, ": ", zmq_strerror(errno)));
}

std::string ZmqSocket::LastEndpoint() {
  std::string text(512, '\0');
  size_t size = text.size();
  CHECK_EQ(zmq_getsockopt(get(), ZMQ_LAST_ENDPOINT, text.data(), &size), 0);
  text.resize(size == 0 ? 0 : size - 1);  // it counts the final zero
  return text;
}

SendResult ZmqSocket::Send(std::string_view route, std::string_view bytes) {
  if (!route.empty() && zmq_send(get(), route.data(), route.size(), ZMQ_DONTWAIT | ZMQ_SNDMORE) < 0) {
    return errno == EHOSTUNREACH ? SendResult::kUnreachable : SendResult::kWouldBlock;
  }
  if (zmq_send(get(), bytes.data(), bytes.size(), ZMQ_DONTWAIT) >= 0) return SendResult::kSent;
  return errno == EHOSTUNREACH ? SendResult::kUnreachable : SendResult::kWouldBlock;
}

bool ZmqSocket::SendParts(const std::vector<std::string_view>& parts) {
  for (size_t i = 0; i < parts.size(); ++i) {
    const int flags = ZMQ_DONTWAIT | (i + 1 < parts.size() ? ZMQ_SNDMORE : 0);
    if (zmq_send(get(), parts[i].data(), parts[i].size(), flags) < 0) return false;
  }
  return true;
}

bool ZmqSocket::Receive(ZmqMessage* message) {
  message->parts.clear();
  message->part_count = 0;
  message->user.clear();
  zmq_msg_t part;
  bool more = true;
  while (more) {
    zmq_msg_init(&part);
    if (zmq_msg_recv(&part, get(), ZMQ_DONTWAIT) < 0) {
      zmq_msg_close(&part);
      return false;  // parts of one message come together or not at all
    }
    if (++message->part_count <= ZmqMessage::kPartsKept) {
      message->parts.emplace_back(static_cast<const char*>(zmq_msg_data(&part)), zmq_msg_size(&part));
      if (const char* user = zmq_msg_gets(&part, "User-Id"); user != nullptr) message->user = user;
    }
    more = zmq_msg_more(&part) != 0;
    zmq_msg_close(&part);
  }
  return true;
}

namespace {
std::string MonitorName(ZmqSocket* watched) {
  return absl::StrCat("inproc://monitor-", reinterpret_cast<uintptr_t>(watched->get()));
}
}  // namespace

ZmqMonitor::ZmqMonitor(const ZmqContext& context, ZmqSocket* watched)
    : watched_(watched), pair_(context, ZMQ_PAIR) {
  constexpr int kEvents = ZMQ_EVENT_ACCEPTED | ZMQ_EVENT_CONNECTED | ZMQ_EVENT_DISCONNECTED |
                          ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL | ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL |
                          ZMQ_EVENT_HANDSHAKE_FAILED_AUTH | ZMQ_EVENT_HANDSHAKE_SUCCEEDED;
  const std::string name = MonitorName(watched);
  CHECK_EQ(zmq_socket_monitor(watched->get(), name.c_str(), kEvents), 0) << zmq_strerror(errno);
  pair_.Set(ZMQ_LINGER, 0);
  const absl::Status connected = pair_.Connect(name);
  CHECK(connected.ok()) << connected.ToString();
}

ZmqMonitor::~ZmqMonitor() { zmq_socket_monitor(watched_->get(), nullptr, 0); }

std::optional<ZmqMonitor::Event> ZmqMonitor::Next() {
  ZmqMessage message;
  if (!pair_.Receive(&message) || message.parts.empty() || message.parts[0].size() < 6) return std::nullopt;
  Event event;  // libzmq writes it in the machine's byte order: u16 event, u32 value
  std::memcpy(&event.what, message.parts[0].data(), 2);
  std::memcpy(&event.value, message.parts[0].data() + 2, 4);
  return event;
}

WakeUp::WakeUp() : fd_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) { CHECK(fd_ >= 0); }
WakeUp::~WakeUp() { close(fd_); }

void WakeUp::Set() const {
  const uint64_t one = 1;
  // Full only after 2^64 - 2 unread calls, and then it is readable anyway.
  if (write(fd_, &one, sizeof(one)) < 0) CHECK(errno == EAGAIN || errno == EINTR);
}

void WakeUp::Clear() const {
  uint64_t count = 0;
  if (read(fd_, &count, sizeof(count)) < 0) CHECK(errno == EAGAIN || errno == EINTR);
}

void WaitFor(const std::vector<void*>& readable, void* writable, const WakeUp& wake, int64_t timeout_ms) {
  std::vector<zmq_pollitem_t> items;
  for (void* socket : readable) {
    items.push_back({socket, 0, static_cast<short>(ZMQ_POLLIN | (socket == writable ? ZMQ_POLLOUT : 0)), 0});
  }
  items.push_back({nullptr, wake.fd(), ZMQ_POLLIN, 0});
  const int64_t timeout = std::clamp<int64_t>(timeout_ms, 0, limits::kTickMs);
  zmq_poll(items.data(), static_cast<int>(items.size()), timeout);  // an interrupted poll is a short one
}

void SetCommonOptions(ZmqSocket* socket) {
  socket->Set(ZMQ_SNDHWM, limits::kSendPipeMessages);
  socket->Set(ZMQ_HEARTBEAT_IVL, limits::kZmtpHeartbeatMs);
  socket->Set(ZMQ_HEARTBEAT_TIMEOUT, limits::kZmtpHeartbeatTimeoutMs);
  socket->Set(ZMQ_HEARTBEAT_TTL, limits::kZmtpHeartbeatTtlMs);
  socket->Set(ZMQ_HANDSHAKE_IVL, limits::kHandshakeMs);
  socket->Set(ZMQ_TCP_KEEPALIVE, 1);
  socket->Set(ZMQ_TCP_KEEPALIVE_IDLE, 60);
  socket->Set(ZMQ_TCP_KEEPALIVE_INTVL, 15);
  socket->Set(ZMQ_TCP_KEEPALIVE_CNT, 4);
}

}  // namespace bus
