#pragma once
// Where a webhook may go. Pure: no name is looked up here. A name is looked up when it is connected to, and each
// address it has is judged then again (outlet.h), so that a name cannot be turned inward after it was registered.

#include <absl/status/statusor.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

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
// Of the same host: its 4 or 16 bytes.
std::optional<std::string> BytesOfHost(std::string_view host);

// A name that means this machine wherever it is asked for (RFC 6761), and a number that is no address as it is written
// but that resolvers take for one: "127.1", "2130706433", "0x7f.1".
bool NamesThisMachine(std::string_view host);
bool IsOddNumber(std::string_view host);

// Inner networks that an installation opens for webhooks by name: the receiving systems of a city stand in its own.
// None unless somebody says so. Immutable; any thread.
class Networks {
 public:
  // "10.20.0.0/16", "fd12:3456::/32", written with no bit behind the prefix. What no list opens: this machine, the own
  // link, group addresses, and whatever stands for an IPv4 address in other words; a prefix that holds one of these is
  // refused.
  static absl::StatusOr<Networks> Parse(const std::vector<std::string>& texts);
  // An IPv4 address within IPv6 is that IPv4 address.
  bool Hold(std::string_view bytes) const;

 private:
  struct Network {
    std::string bytes;
    int bits = 0;
  };
  static std::optional<Network> Read(std::string_view text);

  std::vector<Network> networks_;
};

// What a process allows beyond https to the open network.
struct Allowed {
  bool plain_loopback = false;  // http and https to this machine: for tests and demonstrations
  Networks networks;            // https into these
};

// The one rule, for an address that is written in a URL and for each that a name turns out to have.
bool MayReach(std::string_view bytes, bool tls, const Allowed& allowed);

}  // namespace notify
