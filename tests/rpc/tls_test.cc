// Between processes only those with a certificate of the same authority talk, each under its own name.
#include "services/rpc/tls.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <sstream>

#include "services/rpc/file.h"
#include "tests/rpc/notes_server.h"
#include "tools/keygen/certificate.h"
#include "tools/keygen/key_folder.h"

namespace notes {
namespace {

using testproto::v1::NoteCount;
using testproto::v1::SweepNotes;

class MutualTls : public NotesServer {
 protected:
  MutualTls() {
    std::ostringstream said;
    EXPECT_TRUE(keygen::FillKeyFolder(directory_ / "keys", {"notes", "oversight", "media"}, clock_.NowMs(), said).ok());
    EXPECT_TRUE(keygen::FillKeyFolder(directory_ / "theirs", {"notes", "oversight"}, clock_.NowMs(), said).ok());
    rpc::ServerOptions options;
    options.credentials = rpc::ServerCredentials(Files("keys", "notes"));
    Build(options);
    Start();
  }
  rpc::TlsFiles Files(const std::string& folder, const std::string& name) {
    const std::string at = directory_ / folder;
    return {at + "/" + name + ".key", at + "/" + name + ".crt", at + "/ca.crt", 1};
  }
  rpc::CallResult Sweep(std::shared_ptr<grpc::ChannelCredentials> credentials, const std::string& server = "notes",
                        const std::string& token = "") {
    const auto channel =
        rpc::MakeChannel("127.0.0.1:" + std::to_string(server_->port()), server, std::move(credentials));
    rpc::CallSettings settings;
    settings.token = token;
    count_.Clear();
    return rpc::CallUnary(channel, "/testproto.v1.Notes/Sweep", SweepNotes(), &count_, settings);
  }
  NoteCount count_;
};

TEST_F(MutualTls, OpensWhatIsMeantForAService) {
  const auto result = Sweep(rpc::ClientCredentials(Files("keys", "oversight")));
  ASSERT_TRUE(result.ok()) << result.status.error_message();
  EXPECT_EQ(count_.service(), "oversight");
  EXPECT_EQ(Sweep(rpc::ClientCredentials(Files("keys", "media"))).status.error_code(),
            grpc::StatusCode::UNAUTHENTICATED);
}

TEST_F(MutualTls, DoesNotReplaceThePersonWhereOneCalls) {
  EXPECT_EQ(Sweep(rpc::ClientCredentials(Files("keys", "oversight")), "notes", grid_).status.error_code(),
            grpc::StatusCode::PERMISSION_DENIED);
}

TEST_F(MutualTls, IsRequired) {
  EXPECT_EQ(Sweep(nullptr).status.error_code(), grpc::StatusCode::UNAVAILABLE);
  grpc::SslCredentialsOptions only_root;
  only_root.pem_root_certs = rpc::ReadFile(directory_ / "keys/ca.crt", 1 << 20).value();
  EXPECT_EQ(Sweep(grpc::SslCredentials(only_root)).status.error_code(), grpc::StatusCode::UNAVAILABLE);
}

TEST_F(MutualTls, RefusesAnotherAuthorityOnBothSides) {
  rpc::TlsFiles stranger = Files("theirs", "oversight");
  EXPECT_EQ(Sweep(rpc::ClientCredentials(stranger)).status.error_code(), grpc::StatusCode::UNAVAILABLE);
  stranger.ca = directory_ / "keys/ca.crt";
  EXPECT_EQ(Sweep(rpc::ClientCredentials(stranger)).status.error_code(), grpc::StatusCode::UNAVAILABLE);
}

TEST_F(MutualTls, RefusesAServerOfAnotherName) {
  EXPECT_EQ(Sweep(rpc::ClientCredentials(Files("keys", "oversight")), "incident").status.error_code(),
            grpc::StatusCode::UNAVAILABLE);
}

TEST_F(MutualTls, UsesReplacedCertificatesWithoutARestart) {
  std::filesystem::copy(directory_ / "keys", directory_ / "old");
  const auto old_client = [this] { return Sweep(rpc::ClientCredentials(Files("old", "oversight"))); };
  ASSERT_TRUE(old_client().ok());
  // Another authority takes over: its certificate first, then key and certificate of the server.
  for (const char* name : {"ca.crt", "notes.key", "notes.crt"}) {
    const auto text = rpc::ReadFile((directory_ / "theirs/") + name, 1 << 20);
    ASSERT_TRUE(text.ok() && rpc::WriteFile((directory_ / "keys/") + name, *text).ok());
  }
  const int64_t until_us = clock_.SteadyUs() + 30'000'000;
  const auto new_client = [this] { return Sweep(rpc::ClientCredentials(Files("theirs", "oversight"))); };
  while (!new_client().ok() && clock_.SteadyUs() < until_us) {
  }
  EXPECT_TRUE(new_client().ok());
  EXPECT_FALSE(old_client().ok());
}

}  // namespace
}  // namespace notes
