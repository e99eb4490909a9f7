#include "services/notify/domain/address.h"

#include <absl/strings/ascii.h>
#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

namespace notify {
namespace {

struct Network {
  uint32_t address;
  int bits;
};
// IANA special-purpose registry, and multicast.
constexpr std::array<Network, 15> kInside = {{{0x00000000, 8},  {0x0a000000, 8},  {0x64400000, 10}, {0xa9fe0000, 16},
                                              {0xac100000, 12}, {0xc0000000, 24}, {0xc0000200, 24}, {0xc0586300, 24},
                                              {0xc0a80000, 16}, {0xc6120000, 15}, {0xc6336400, 24}, {0xcb007100, 24},
                                              {0xe0000000, 4},  {0xf0000000, 4},  {0xffffffff, 32}}};

// What no list of inner networks opens: this network and machine, the own link, groups and what is reserved; loopback,
// mapped and translated addresses, Teredo, 6to4, the own link and groups of IPv6.
constexpr std::array<std::string_view, 9> kNever = {"0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16",
                                                    "224.0.0.0/3", "::/8",      "2001::/32",
                                                    "2002::/16",   "fe80::/10", "ff00::/8"};

bool SamePrefix(std::string_view a, std::string_view b, int bits) {
  if (a.size() != b.size()) return false;
  for (int bit = 0; bit < bits; ++bit) {
    const int mask = 0x80 >> (bit % 8);
    const size_t at = static_cast<size_t>(bit / 8);
    if ((a[at] & mask) != (b[at] & mask)) return false;
  }
  return true;
}

std::string_view WithoutMapping(std::string_view bytes) {
  const bool mapped = bytes.size() == 16 && bytes.starts_with(std::string(10, '\0') + "\xff\xff");
  return mapped ? bytes.substr(12) : bytes;
}

std::string_view WithoutLastDot(std::string_view host) {
  if (host.ends_with('.')) host.remove_suffix(1);
  return host;
}

bool IsNameCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

Reach ReachOf4(std::string_view bytes) {
  uint32_t address = 0;
  for (char c : bytes) address = address << 8 | static_cast<unsigned char>(c);
  if (address >> 24 == 127) return Reach::kLoopback;
  const bool inside = std::ranges::any_of(kInside, [&](const Network& network) {
    return address >> (32 - network.bits) == network.address >> (32 - network.bits);
  });
  return inside ? Reach::kInside : Reach::kPublic;
}

// Takes "host", "host:port" or "[address]:port".
bool TakeAuthority(std::string_view text, Url* url) {
  std::string_view port;
  if (text.starts_with('[')) {
    const size_t end = text.find(']');
    if (end == std::string_view::npos) return false;
    url->host = text.substr(1, end - 1);
    port = text.substr(end + 1);
    if (!ReachOfHost(url->host) || url->host.find(':') == std::string::npos) return false;
    if (!port.empty() && !port.starts_with(':')) return false;
    port = port.empty() ? port : port.substr(1);
  } else {
    const size_t colon = text.find(':');
    url->host = text.substr(0, colon);
    port = colon == std::string_view::npos ? "" : text.substr(colon + 1);
    if (colon != std::string_view::npos && port.empty()) return false;
    if (!std::ranges::all_of(url->host, IsNameCharacter)) return false;
  }
  if (url->host.empty() || port.size() > 5 || !std::ranges::all_of(port, [](char c) { return c >= '0' && c <= '9'; })) {
    return false;
  }
  url->port = port.empty() ? (url->tls ? "443" : "80") : std::string(port);
  const int number = std::stoi(url->port);
  return number > 0 && number <= 65535;
}

}  // namespace

std::string Url::Authority() const {
  const bool usual = port == (tls ? "443" : "80");
  const std::string name = host.find(':') == std::string::npos ? host : "[" + host + "]";
  return usual ? name : name + ":" + port;
}

std::optional<Url> ParseUrl(std::string_view text) {
  const bool printable = std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f && c != '\\' && c != '"'; });
  if (text.size() > kUrlMax || !printable || text.find('#') != std::string_view::npos) return std::nullopt;
  Url url;
  if (text.starts_with("https://")) {
    text.remove_prefix(8);
  } else if (text.starts_with("http://")) {
    url.tls = false;
    text.remove_prefix(7);
  } else {
    return std::nullopt;
  }
  const size_t slash = text.find_first_of("/?");
  const std::string_view authority = text.substr(0, slash);
  if (authority.find('@') != std::string_view::npos || !TakeAuthority(authority, &url)) return std::nullopt;
  url.target = slash == std::string_view::npos ? "/" : std::string(text.substr(slash));
  if (url.target.starts_with('?')) url.target.insert(0, "/");
  return url;
}

Reach ReachOf(std::string_view bytes) {
  if (bytes.size() == 4) return ReachOf4(bytes);
  if (bytes.size() != 16) return Reach::kInside;
  const std::string loopback = std::string(15, '\0') + '\x01';
  if (bytes == loopback) return Reach::kLoopback;
  if (bytes.starts_with(std::string(10, '\0') + "\xff\xff")) return ReachOf4(bytes.substr(12));
  const auto at = [&](size_t i) { return static_cast<unsigned char>(bytes[i]); };
  const int first = at(0) << 8 | at(1), second = at(2) << 8 | at(3);
  const bool global = (first & 0xe000) == 0x2000;      // 2000::/3
  const bool special = first == 0x2001 && second < 0x200;  // 2001::/23: Teredo and its like
  const bool documentation = (first == 0x2001 && second == 0xdb8) || (first & 0xfff0) == 0x3ff0;
  const bool six_to_four = first == 0x2002;
  return global && !special && !documentation && !six_to_four ? Reach::kPublic : Reach::kInside;
}

std::optional<std::string> BytesOfHost(std::string_view host) {
  const std::string text(host);
  std::array<char, 16> bytes{};
  if (inet_pton(AF_INET, text.c_str(), bytes.data()) == 1) return std::string(bytes.data(), 4);
  if (inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1) return std::string(bytes.data(), 16);
  return std::nullopt;
}

bool NamesThisMachine(std::string_view host) {
  std::string name(WithoutLastDot(host));
  absl::AsciiStrToLower(&name);
  return name == "localhost" || name.ends_with(".localhost");
}

bool IsOddNumber(std::string_view host) {
  if (BytesOfHost(host)) return false;
  std::string_view last = WithoutLastDot(host);
  if (const size_t dot = last.rfind('.'); dot != std::string_view::npos) last.remove_prefix(dot + 1);
  const bool hex = last.starts_with("0x") || last.starts_with("0X");
  if (hex) last.remove_prefix(2);
  return (hex || !last.empty()) && std::ranges::all_of(last, [hex](unsigned char c) {
    return hex ? absl::ascii_isxdigit(c) : absl::ascii_isdigit(c);
  });
}

std::optional<Reach> ReachOfHost(std::string_view host) {
  const auto bytes = BytesOfHost(host);
  return bytes ? std::optional<Reach>(ReachOf(*bytes)) : std::nullopt;
}

std::optional<Networks::Network> Networks::Read(std::string_view text) {
  const size_t slash = text.find('/');
  auto bytes = BytesOfHost(text.substr(0, slash));
  int bits = -1;
  const bool numbered = slash != std::string_view::npos && absl::SimpleAtoi(std::string(text.substr(slash + 1)), &bits);
  if (!bytes || !numbered || bits < 0 || bits > static_cast<int>(8 * bytes->size())) return std::nullopt;
  return Network{*std::move(bytes), bits};
}

absl::StatusOr<Networks> Networks::Parse(const std::vector<std::string>& texts) {
  Networks out;
  for (const std::string& text : texts) {
    const auto wrong = [&text](std::string_view zh, std::string_view en) {
      return absl::InvalidArgumentError(
          absl::StrCat("“", text, "”", std::string(zh), " / \"", text, "\" ", std::string(en)));
    };
    auto network = Read(text);
    if (!network) return wrong("不是网段，应如10.20.0.0/16", "is no network; it is written like 10.20.0.0/16");
    for (int bit = network->bits; bit < static_cast<int>(8 * network->bytes.size()); ++bit) {
      if ((network->bytes[static_cast<size_t>(bit / 8)] & (0x80 >> (bit % 8))) != 0)
        return wrong("是一个地址而不是网段", "has bits behind its prefix: it is an address, not a network");
    }
    const bool never = std::ranges::any_of(kNever, [&](std::string_view one) {
      const auto no = Read(one);
      return SamePrefix(no->bytes, network->bytes, std::min(no->bits, network->bits));
    });
    if (never) {
      return wrong("包含本机、链路本地、组播或映射地址，不能开放",
                   "holds addresses of this machine, of its link, of groups or mapped ones, which no list opens");
    }
    out.networks_.push_back(*std::move(network));
  }
  return out;
}

bool Networks::Hold(std::string_view bytes) const {
  const std::string_view plain = WithoutMapping(bytes);
  return std::ranges::any_of(networks_,
                             [&](const Network& network) { return SamePrefix(network.bytes, plain, network.bits); });
}

bool MayReach(std::string_view bytes, bool tls, const Allowed& allowed) {
  const Reach reach = ReachOf(bytes);
  if (reach == Reach::kLoopback) return allowed.plain_loopback;
  return tls && (reach == Reach::kPublic || allowed.networks.Hold(bytes));
}

}  // namespace notify
