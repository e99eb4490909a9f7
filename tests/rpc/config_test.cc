// A configuration is taken whole or refused with the place of the fault.
#include "services/rpc/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace rpc {
namespace {

using ::testing::HasSubstr;

std::string Good() {
  return R"(
    service: "incident" data_dir: "data" listen: "127.0.0.1:0"
    tokens { jwks_file: "jwks.json" issuer: "fengqiao-directory" audience: "fengqiao" }
  )";
}

std::string Refusal(const std::string& text) {
  const auto process = ParseProcess(text, "incident");
  EXPECT_FALSE(process.ok());
  return std::string(process.status().message());
}

TEST(Configuration, OfTheLeastIsEnough) {
  const auto process = ParseProcess(Good(), "incident");
  ASSERT_TRUE(process.ok()) << process.status();
  EXPECT_EQ(process->tokens().issuer(), "fengqiao-directory");
}

TEST(Configuration, WithAnUnknownFieldIsRefusedWithItsLine) {
  EXPECT_THAT(Refusal(Good() + "\nlissten: \"x\"\n"), AllOf(HasSubstr("line "), HasSubstr("lissten")));
}

TEST(Configuration, OfAnotherServiceIsRefused) {
  const auto process = ParseProcess(Good(), "petition");
  EXPECT_THAT(std::string(process.status().message()), AllOf(HasSubstr("`service`"), HasSubstr("petition")));
}

TEST(Configuration, NamesTheFieldThatIsMissing) {
  EXPECT_THAT(Refusal(R"(service: "incident" listen: "127.0.0.1:0")"), HasSubstr("`data_dir`"));
  EXPECT_THAT(Refusal(R"(service: "incident" data_dir: "d")"), HasSubstr("`listen`"));
  EXPECT_THAT(Refusal(R"(service: "incident" data_dir: "d" listen: "127.0.0.1:0")"), HasSubstr("`tokens.jwks_file`"));
  EXPECT_THAT(Refusal(Good() + R"(tls { key_file: "k" })"), HasSubstr("`tls.certificate_file`"));
  EXPECT_THAT(Refusal(Good() + R"(bus { listen: "tcp://127.0.0.1:1" curve_key_file: "k" })"),
              HasSubstr("`bus.allow_file`"));
  EXPECT_THAT(Refusal(Good() + R"(upstream { source: "directory" endpoint: "e" public_key: "short" })"),
              HasSubstr("`bus.curve_key_file`"));
  EXPECT_THAT(Refusal(Good() + R"(bus { curve_key_file: "k" }
                                  upstream { source: "directory" endpoint: "e" public_key: "short" })"),
              HasSubstr("`upstream[0].public_key`"));
  EXPECT_THAT(Refusal(Good() + R"(vault_profile: "rot13")"), HasSubstr("`vault_profile`"));
  EXPECT_THAT(Refusal(Good() + "limits { group_max: 257 }"), HasSubstr("`limits.group_max`"));
}

TEST(Configuration, IsShownWithPathsOnly) {
  const auto process = ParseProcess(Good() + R"(master_key_file: "keys/incident.master")", "incident");
  ASSERT_TRUE(process.ok());
  EXPECT_THAT(Shown(*process), HasSubstr("keys/incident.master"));
}

}  // namespace
}  // namespace rpc
