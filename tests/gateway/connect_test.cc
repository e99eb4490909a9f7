// Runs the real Connect client of the web pages (connect/run.mjs, node) against a gateway of this process.
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "tests/gateway/fixture.h"

extern char** environ;

namespace gateway {
namespace {

class Connect : public GatewayTest {};

TEST_F(Connect, ServesTheTypedClientOfTheWebPages) {
  std::ifstream in(GATEWAY_TEST_DESCRIPTORS, std::ios::binary);
  options_.descriptor_set.assign(std::istreambuf_iterator<char>(in), {});
  ASSERT_FALSE(options_.descriptor_set.empty());
  const std::string url = "http://127.0.0.1:" + std::to_string(port());
  const std::string token = Token(kernel::v1::ROLE_TD, "371402");
  std::vector<std::string> words{"node", GATEWAY_TEST_CONNECT_DIR "/run.mjs", url,
                                 GATEWAY_TEST_CONNECT_DIR "/generated", token};
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  pid_t child = 0;
  ASSERT_EQ(::posix_spawnp(&child, "node", nullptr, nullptr, arguments.data(), environ), 0)
      << "node is not installed";
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << "see the client's words above";
}

}  // namespace
}  // namespace gateway
