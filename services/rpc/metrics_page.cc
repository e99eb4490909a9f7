#include "services/rpc/metrics_page.h"

#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "base/status_macros.h"
#include "base/thread.h"
#include "services/rpc/limits.h"

namespace rpc {
namespace {

absl::StatusOr<sockaddr_in> ParseAddress(const std::string& listen) {
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  const size_t colon = listen.rfind(':');
  int port = -1;
  if (colon == std::string::npos || !absl::SimpleAtoi(listen.substr(colon + 1), &port) || port < 0 || port > 65535 ||
      inet_pton(AF_INET, listen.substr(0, colon).c_str(), &address.sin_addr) != 1) {
    return absl::InvalidArgumentError(absl::StrCat("cannot listen on ", listen, ": must be a.b.c.d:port"));
  }
  address.sin_port = htons(static_cast<uint16_t>(port));
  return address;
}

// False: nothing came in time.
bool WaitFor(int fd, short what) {
  pollfd one = {fd, what, 0};
  return poll(&one, 1, kMetricsTimeoutMs) == 1 && (one.revents & what) != 0;
}

std::string Response(std::string_view status, std::string_view type, const std::string& body) {
  return absl::StrCat("HTTP/1.0 ", std::string(status), "\r\nContent-Type: ", std::string(type),
                      "\r\nContent-Length: ", body.size(), "\r\nConnection: close\r\n\r\n", body);
}

}  // namespace

absl::StatusOr<std::unique_ptr<MetricsPage>> MetricsPage::Open(const std::string& listen, const base::Metrics& metrics,
                                                               std::function<std::string()> healthy) {
  ASSIGN_OR_RETURN(sockaddr_in address, ParseAddress(listen));
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  const int wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  const int yes = 1;
  socklen_t size = sizeof(address);
  const bool ok = listener >= 0 && wake >= 0 &&
                  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) == 0 &&
                  bind(listener, reinterpret_cast<sockaddr*>(&address), size) == 0 && ::listen(listener, 16) == 0 &&
                  getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  if (!ok) {
    const int error = errno;
    if (listener >= 0) close(listener);
    if (wake >= 0) close(wake);
    return absl::UnavailableError(absl::StrCat("cannot listen on ", listen, ": ", std::strerror(error)));
  }
  return std::unique_ptr<MetricsPage>(
      new MetricsPage(listener, wake, ntohs(address.sin_port), metrics, std::move(healthy)));
}

MetricsPage::MetricsPage(int listener, int wake, int port, const base::Metrics& metrics,
                         std::function<std::string()> healthy)
    : listener_(listener), wake_(wake), port_(port), metrics_(metrics), healthy_(std::move(healthy)) {
  thread_ = base::StartThread("metrics", [this] { Run(); });
}

MetricsPage::~MetricsPage() {
  const uint64_t one = 1;
  while (write(wake_, &one, sizeof(one)) < 0 && errno == EINTR) {
  }
  thread_.join();
  close(listener_);
  close(wake_);
}

void MetricsPage::Run() {
  while (true) {
    pollfd both[2] = {{listener_, POLLIN, 0}, {wake_, POLLIN, 0}};
    if (poll(both, 2, -1) < 0 && errno != EINTR) return;
    if (both[1].revents != 0) return;
    if (both[0].revents == 0) continue;
    const int connection = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (connection < 0) continue;
    Answer(connection);
    close(connection);
  }
}

void MetricsPage::Answer(int connection) {
  std::string request;
  char buffer[1024];
  while (request.find("\r\n\r\n") == std::string::npos) {
    if (request.size() > kMetricsRequestBytesMax || !WaitFor(connection, POLLIN)) return;
    const ssize_t size = recv(connection, buffer, sizeof(buffer), 0);
    if (size <= 0) return;
    request.append(buffer, static_cast<size_t>(size));
  }
  const std::string page = Page(request);
  std::string_view rest = page;
  while (!rest.empty() && WaitFor(connection, POLLOUT)) {
    const ssize_t size = send(connection, rest.data(), rest.size(), MSG_NOSIGNAL);
    if (size <= 0) return;
    rest.remove_prefix(static_cast<size_t>(size));
  }
}

std::string MetricsPage::Page(const std::string& request) const {
  if (request.starts_with("GET /metrics ")) {
    return Response("200 OK", "text/plain; version=0.0.4; charset=utf-8", metrics_.Text());
  }
  if (request.starts_with("GET /healthz ")) {
    const std::string why = healthy_();
    return why.empty() ? Response("200 OK", "text/plain", "ok\n")
                       : Response("503 Service Unavailable", "text/plain", why + "\n");
  }
  return Response("404 Not Found", "text/plain", "not found\n");
}

}  // namespace rpc
