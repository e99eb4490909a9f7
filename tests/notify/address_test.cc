// Where a webhook may go, and where never: nothing inside can be reached through it.
#include "services/notify/domain/address.h"

#include <gtest/gtest.h>

namespace notify {
namespace {

Reach Of(const char* host) {
  const auto reach = ReachOfHost(host);
  EXPECT_TRUE(reach.has_value()) << host;
  return reach.value_or(Reach::kPublic);
}

TEST(Address, OfTheOpenNetworkMayBeReached) {
  for (const char* host : {"8.8.8.8", "172.15.255.255", "172.32.0.1", "100.63.255.255", "100.128.0.1", "223.5.5.5",
                           "2400:3200::1", "2606:4700::1111"}) {
    EXPECT_EQ(Of(host), Reach::kPublic) << host;
  }
}

TEST(Address, InsideIsNotReached) {
  for (const char* host : {"10.0.0.1",          "172.16.0.1",
                           "172.31.255.255",    "192.168.1.1",
                           "169.254.169.254",   "100.64.0.1",
                           "0.0.0.0",           "192.0.2.1",
                           "198.18.0.1",        "203.0.113.9",
                           "224.0.0.1",         "240.0.0.1",
                           "255.255.255.255",   "::",
                           "fe80::1",           "fc00::1",
                           "fd12::1",           "ff02::1",
                           "2001:db8::1",       "2001::1",
                           "2002:0a00:0001::1", "64:ff9b::10.0.0.1",
                           "::ffff:10.0.0.1",   "::ffff:169.254.169.254"}) {
    EXPECT_EQ(Of(host), Reach::kInside) << host;
  }
}

TEST(Address, OfThisMachineIsKnownHoweverItIsWritten) {
  for (const char* host : {"127.0.0.1", "127.255.255.254", "::1", "::ffff:127.0.0.1"}) {
    EXPECT_EQ(Of(host), Reach::kLoopback) << host;
  }
}

Allowed Open(const std::vector<std::string>& networks, bool plain_loopback = false) {
  auto parsed = Networks::Parse(networks);
  EXPECT_TRUE(parsed.ok()) << parsed.status();
  return {plain_loopback, parsed.ok() ? *std::move(parsed) : Networks()};
}
bool May(const char* host, const Allowed& allowed, bool tls = true) {
  return MayReach(*BytesOfHost(host), tls, allowed);
}

TEST(Network, ThatIsNamedMayBeReachedByHttps) {
  const Allowed named = Open({"10.20.0.0/16", "192.168.7.0/25", "172.16.5.9/32", "fd12:3456::/32"});
  for (const char* host : {"10.20.0.1", "10.20.255.255", "192.168.7.127", "172.16.5.9", "fd12:3456:7::1",
                           "::ffff:10.20.3.4", "8.8.8.8", "2400:3200::1"}) {
    EXPECT_TRUE(May(host, named)) << host;
    EXPECT_FALSE(May(host, named, false)) << host << " without TLS";
  }
  for (const char* host : {"10.21.0.1", "10.19.255.255", "192.168.7.128", "172.16.5.8", "fd12:3457::1",
                           "::ffff:10.21.0.1", "169.254.169.254", "127.0.0.1", "::1", "fe80::1", "2002:0a14:0001::1",
                           "64:ff9b::10.20.0.1"}) {
    EXPECT_FALSE(May(host, named)) << host;
  }
}

TEST(Network, ThatNobodyNamedIsNotReached) {
  for (const char* host : {"10.20.0.1", "192.168.7.1", "fd12::1", "::ffff:10.20.0.1", "127.0.0.1"}) {
    EXPECT_FALSE(May(host, Open({}))) << host;
  }
  EXPECT_TRUE(May("127.0.0.1", Open({}, true), false)) << "a demonstration";
  EXPECT_FALSE(May("10.0.0.1", Open({}, true))) << "and nothing beside";
}

TEST(Network, WrittenWronglyIsRefusedByName) {
  for (const char* text : {"", "10.0.0.0", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8x", "fd12::/129",
                           "inner/8", "10.0.0.1/8", "fd12::1/64"}) {
    const auto parsed = Networks::Parse({text});
    ASSERT_FALSE(parsed.ok()) << text;
    EXPECT_NE(parsed.status().message().find(text), std::string::npos);
  }
}

TEST(Network, OfThisMachineOfItsLinkAndOfGroupsIsOpenedByNoList) {
  for (const char* text : {"0.0.0.0/0", "127.0.0.0/8", "127.1.0.0/16", "169.254.169.254/32", "169.0.0.0/8",
                           "224.0.0.0/4", "239.1.1.1/32", "255.255.255.255/32", "0.0.0.0/8", "::/0", "::1/128",
                           "::ffff:10.0.0.0/104", "64:ff9b::/96", "fe80::/10", "fe80::1/128", "ff02::/16", "2002::/16",
                           "2001::/32"}) {
    EXPECT_FALSE(Networks::Parse({text}).ok()) << text;
  }
}

TEST(Url, IsTakenApart) {
  const auto url = ParseUrl("https://hooks.dezhou.example:8443/in?unit=3");
  ASSERT_TRUE(url.has_value());
  EXPECT_TRUE(url->tls);
  EXPECT_EQ(url->host, "hooks.dezhou.example");
  EXPECT_EQ(url->port, "8443");
  EXPECT_EQ(url->target, "/in?unit=3");
  EXPECT_EQ(url->Authority(), "hooks.dezhou.example:8443");
  EXPECT_EQ(ParseUrl("https://a.example")->target, "/");
  EXPECT_EQ(ParseUrl("https://a.example")->Authority(), "a.example");
  EXPECT_EQ(ParseUrl("http://a.example?x=1")->target, "/?x=1");
  EXPECT_EQ(ParseUrl("https://[2400:3200::1]:9000/")->host, "2400:3200::1");
  EXPECT_EQ(ParseUrl("https://[2400:3200::1]:9000/")->Authority(), "[2400:3200::1]:9000");
}

TEST(Url, ThatIsNoneIsRefused) {
  for (const char* text :
       {"", "https://", "ftp://a.example/", "https://user@a.example/", "https://user:pw@a.example/", "https://a.example/#x",
        "https://a.example:0/", "https://a.example:65536/", "https://a.example:/", "https://a.example:80a/",
        "https://a b.example/", "https://a.example/\r\nX: y", "https://[::1/", "https://[a.example]/", "https://[127.0.0.1]/",
        "https://中国.example/", "javascript:alert(1)", "https://a_b.example/", "//a.example/"}) {
    EXPECT_FALSE(ParseUrl(text).has_value()) << text;
  }
  EXPECT_FALSE(ParseUrl("https://a.example/" + std::string(kUrlMax, 'x')).has_value());
}

}  // namespace
}  // namespace notify
