#pragma once
// Where a webhook may go. Pure: no name is looked up here. A name is looked up when it is connected to, and each
// address it has is judged then again (outlet.h), so that a name cannot be turned inward after it was registered.

#include <optional>
#include <string>
#include <string_view>

namespace notify {

inline constexpr size_t kUrlMax = 500;

struct Url {
  bool tls = true;
  std::string host;    // a name, or an address without brackets
  std::string port;    // "443"
  std::string target;  // "/hooks?unit=3"

  std::string Authority() const;  // as it stands in the Host field
};

// nullopt: not an address a webhook can have: http or https, no user, no fragment, printable ASCII only.
std::optional<Url> ParseUrl(std::string_view text);

enum class Reach { kPublic, kLoopback, kInside };

// `bytes`: 4 of IPv4, 16 of IPv6, in network order. Only what is routed in the open counts as public: whatever is
// private, shared, link-local, reserved for documentation, multicast, or stands for such an address, lies inside.
Reach ReachOf(std::string_view bytes);
// Of a host that is an address; nullopt: it is a name.
std::optional<Reach> ReachOfHost(std::string_view host);

}  // namespace notify
