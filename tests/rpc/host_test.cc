// Two whole processes in one: keys from fengqiao-keys, TLS, bus, kernel, vault, audit, metrics. What one is told, the
// other hears; and what is personal is in no file and no log line.
#include "services/rpc/host.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include "directory/v1/notices.pb.h"
#include "google/api/httpbody.pb.h"
#include "services/rpc/client.h"
#include "services/rpc/file.h"
#include "services/rpc/tls.h"
#include "tests/rpc/notes.h"
#include "tests/support/temp_dir.h"
#include "tools/keygen/key_folder.h"

namespace notes {
namespace {

using ::testing::HasSubstr;
using google::api::HttpBody;
using testproto::v1::CountNotes;
using testproto::v1::CreateNote;
using testproto::v1::GetNote;
using testproto::v1::NoteCount;
using testproto::v1::NoteView;
using testproto::v1::PrintNotes;
using testproto::v1::RevealedNote;
using testproto::v1::RevealNote;
using testproto::v1::SweepNotes;
using Host = rpc::Host<NotesDomain>;

constexpr int64_t kPatienceUs = 60'000'000;

// Everything this process writes to standard error goes to a file while it lives.
class StandardError {
 public:
  explicit StandardError(const std::string& path) : kept_(dup(2)) {
    const int file = open(path.c_str(), O_CREAT | O_WRONLY | O_APPEND, 0600);
    dup2(file, 2);
    close(file);
  }
  ~StandardError() {
    dup2(kept_, 2);
    close(kept_);
  }

 private:
  const int kept_;
};

std::string AllBytesUnder(const std::string& path) {
  std::string all;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(path)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream in(entry.path(), std::ios::binary);
    all.append(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  }
  return all;
}

std::string HttpGet(const std::string& path, int port) {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
  const std::string request = "GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n";
  EXPECT_EQ(send(fd, request.data(), request.size(), 0), static_cast<ssize_t>(request.size()));
  std::string answer;
  char buffer[4096];
  for (ssize_t size; (size = recv(fd, buffer, sizeof(buffer), 0)) > 0;) answer.append(buffer, size);
  close(fd);
  return answer;
}

class TwoProcesses : public ::testing::Test {
 protected:
  TwoProcesses() {
    std::ostringstream said;
    const std::vector<std::string> names = {"notes", "mirror", "oversight"};
    EXPECT_TRUE(keygen::FillKeyFolder(directory_ / "keys", names, clock_.NowMs(), said).ok());
    auto signer = rpc::TokenSigner::FromFile(directory_ / "keys/token.key", "fengqiao-directory", "fengqiao");
    kernel::v1::Actor actor;
    actor.set_user_id("u-grid");
    for (const auto role : {kernel::v1::ROLE_GW, kernel::v1::ROLE_GH}) {
      auto* grant = actor.add_grant();
      grant->set_role(role);
      grant->set_area_code("371403");
    }
    token_ = signer->Sign(actor, "t", clock_.NowMs(), 600'000);
  }

  rpc::v1::Process Config(const std::string& name) {
    const std::string keys = directory_ / "keys/";
    rpc::v1::Process config;
    config.set_service(name);
    config.set_data_dir(directory_ / ("data-" + name));
    config.set_listen("127.0.0.1:0");
    config.mutable_tls()->set_key_file(keys + name + ".key");
    config.mutable_tls()->set_certificate_file(keys + name + ".crt");
    config.mutable_tls()->set_ca_file(keys + "ca.crt");
    config.mutable_tokens()->set_jwks_file(keys + "jwks.json");
    config.mutable_tokens()->set_issuer("fengqiao-directory");
    config.mutable_tokens()->set_audience("fengqiao");
    config.set_master_key_file(keys + name + ".master");
    config.mutable_bus()->set_curve_key_file(keys + name + ".curve");
    config.set_metrics_listen("127.0.0.1:0");
    return config;
  }

  static absl::Status AddQueries(Host& host) {
    host.Query<GetNote, NoteView>("Get", [&host](const rpc::Caller&, const GetNote& request, NoteView* view) {
      const auto stored = host.service().Read().Get(request.id());
      if (!stored.ok()) return rpc::Answer(stored.status());
      if (!*stored) return rpc::Answer(absl::NotFoundError(""));
      *view->mutable_party() = (*stored)->state.party();
      return rpc::Answer();
    });
    host.Query<RevealNote, RevealedNote>("Reveal", [&host](const rpc::Caller&, const RevealNote& request,
                                                           RevealedNote* answer) {
      const auto stored = host.service().Read().Get(request.id());
      if (!stored.ok() || !*stored) return rpc::Answer(absl::NotFoundError(""));
      const auto clear = host.vault()->Unmask(host.vault_view(), request.id(), (*stored)->state.party(0).name());
      if (!clear.ok()) return rpc::Answer(clear.status());
      answer->set_text(clear->text);
      return rpc::Answer();
    });
    host.Query<CountNotes, NoteCount>("Count", [&host](const rpc::Caller&, const CountNotes&, NoteCount* out) {
      out->set_count(host.service().Read().Tally("all").value_or(0));
      return rpc::Answer();
    });
    host.Query<SweepNotes, NoteCount>("Sweep", [](const rpc::Caller&, const SweepNotes&, NoteCount*) {
      return rpc::Answer();
    });
    host.Stream<PrintNotes, HttpBody>("Print", [](const rpc::Caller&, const PrintNotes&,
                                                  rpc::NextMessage<HttpBody>* next) {
      *next = [](HttpBody*) -> absl::StatusOr<bool> { return false; };  // nothing to print
      return rpc::Answer();
    });
    return absl::OkStatus();
  }

  rpc::ServiceParts<NotesDomain> Parts() {
    rpc::ServiceParts<NotesDomain> parts;
    parts.service = CreateNote::descriptor()->file()->FindServiceByName("Notes");
    parts.setup = AddQueries;
    return parts;
  }

  std::unique_ptr<Host> StartSource() {
    rpc::v1::Process config = Config("notes");
    config.mutable_bus()->set_listen("tcp://127.0.0.1:*");
    config.mutable_bus()->set_allow_file(directory_ / "keys/bus.allow");
    auto host = std::make_unique<Host>();
    const absl::Status status = host->Start(config, Parts());
    EXPECT_TRUE(status.ok()) << status;
    return host;
  }

  // Follows the other one and keeps a note of its own for each it hears of.
  std::unique_ptr<Host> StartFollower(const std::string& endpoint) {
    rpc::v1::Process config = Config("mirror");
    auto* upstream = config.add_upstream();
    upstream->set_source("notes");
    upstream->set_endpoint(endpoint);
    std::string key = rpc::ReadFile(directory_ / "keys/notes.curve.pub", 100).value();
    key.pop_back();
    upstream->set_public_key(key);
    auto parts = Parts();
    parts.topics = {{"notes", {"notes.created"}}};
    parts.subscriptions = [](std::string_view, const bus::v1::Event& event) {
      std::vector<kernel::Envelope> out(1);
      auto command = std::make_unique<testproto::v1::Command>();
      command->mutable_create()->set_text("heard");
      command->mutable_create()->set_area_code(event.division());
      out[0].command = std::move(command);
      out[0].command_name = "create";
      out[0].aggregate_id = "of/" + event.subject();
      out[0].upserts = true;
      return out;
    };
    auto host = std::make_unique<Host>();
    const absl::Status status = host->Start(config, std::move(parts));
    EXPECT_TRUE(status.ok()) << status;
    return host;
  }

  rpc::CallResult Call(Host& host, const std::string& method, const google::protobuf::Message& request,
                       google::protobuf::Message* response) {
    const std::string keys = directory_ / "keys/";
    const auto credentials =
        rpc::ClientCredentials({keys + "oversight.key", keys + "oversight.crt", keys + "ca.crt", 30});
    const auto channel =
        rpc::MakeChannel("127.0.0.1:" + std::to_string(host.server().port()), "notes", credentials);
    rpc::CallSettings settings;
    settings.token = token_;
    return rpc::CallUnary(channel, "/testproto.v1.Notes/" + method, request, response, settings);
  }

  std::string Create(Host& host) {
    CreateNote note;
    note.set_text("楼上漏水");
    note.set_area_code("371403001001");
    note.set_request_id("r-1");
    auto* party = note.add_party();
    party->set_name("欧阳建国");
    party->set_phone("13912345678");
    party->set_id_number("371402198001017777");
    party->set_address("德城区新湖街道东方红西路98号");
    kernel::v1::Receipt receipt;
    const auto result = Call(host, "Create", note, &receipt);
    EXPECT_TRUE(result.ok()) << result.status.error_message();
    return receipt.id();
  }

  tests::TempDir directory_;
  base::SystemClock clock_;
  std::string token_;
};

// A database may come from any of them, and its cursor was read with the filter of that one.
TEST(BusOptions, KnowWhatEachEarlierProgramWantedOfASource) {
  rpc::v1::Process config;
  config.set_service("petition");
  config.add_upstream()->set_source("oversight");
  config.add_upstream()->set_source("incident");
  const rpc::FormerTopics before = {{"oversight", {"oversight.a"}}, {"oversight", {"oversight.a", "oversight.b"}}};
  const bus::BusOptions options = rpc::BusOptionsOf(config, {{"oversight", {"oversight.c"}}}, before, 1);
  ASSERT_EQ(options.subscriptions.size(), 2u);
  const auto& consumer = options.subscriptions[0].consumer;
  EXPECT_EQ(consumer.filter.topic_prefix(0), "oversight.c");
  ASSERT_EQ(consumer.narrower_before.size(), 2u);
  EXPECT_EQ(consumer.narrower_before[0].topic_prefix_size() + consumer.narrower_before[1].topic_prefix_size(), 3);
  EXPECT_TRUE(options.subscriptions[1].consumer.narrower_before.empty());
}

TEST_F(TwoProcesses, TellEachOtherAndSurviveARestart) {
  auto source = StartSource();
  auto follower = StartFollower(source->bus()->endpoint());
  const std::string id = Create(*source);
  const auto heard = [&] { return follower->service().Read().Tally("all").value_or(0); };
  const int64_t until_us = clock_.SteadyUs() + kPatienceUs;
  while (heard() == 0 && clock_.SteadyUs() < until_us) {
  }
  EXPECT_EQ(heard(), 1u);
  follower->Stop();
  source->Stop();
  source.reset();
  source = StartSource();
  EXPECT_EQ(Create(*source), id) << "the same request after a restart has its effect once";
  NoteView view;
  GetNote get;
  get.set_id(id);
  ASSERT_TRUE(Call(*source, "Get", get, &view).ok());
  EXPECT_EQ(view.party(0).name(), "欧**");
  EXPECT_EQ(view.party(0).phone(), "139****5678");
  source->Stop();
}

TEST_F(TwoProcesses, KeepPersonalDataOutOfEveryFileAndLogLine) {  // spec: R9
  std::filesystem::create_directory(directory_ / "log");
  {
    StandardError captured(directory_ / "log/stderr");
    rpc::RouteLibraryLogs();
    auto source = StartSource();
    auto follower = StartFollower(source->bus()->endpoint());
    const std::string id = Create(*source);
    RevealNote reveal;
    reveal.set_id(id);
    reveal.set_field("party[0].name");
    reveal.set_reason("电话核实情况");
    RevealedNote revealed;
    EXPECT_TRUE(Call(*source, "Reveal", reveal, &revealed).ok());
    EXPECT_EQ(revealed.text(), "欧阳建国");
    CreateNote refused;
    refused.set_text("x");
    refused.add_party()->set_name("欧阳建国" + std::string(200, 'x'));
    kernel::v1::Receipt receipt;
    EXPECT_FALSE(Call(*source, "Create", refused, &receipt).ok());
    follower->Stop();
    source->Stop();
  }
  const std::string data = AllBytesUnder(directory_ / "data-notes") + AllBytesUnder(directory_ / "data-mirror");
  const std::string log = AllBytesUnder(directory_ / "log");
  EXPECT_THAT(data, HasSubstr("楼上漏水"));
  EXPECT_THAT(log, HasSubstr("ready"));
  for (const char* secret : {"欧阳建国", "13912345678", "371402198001017777", "东方红西路98号"}) {
    EXPECT_EQ(data.find(secret), std::string::npos) << secret;
    EXPECT_EQ(log.find(secret), std::string::npos) << secret;
  }
  EXPECT_EQ(log.find(token_), std::string::npos);
}

TEST_F(TwoProcesses, ShowMetricsAndHealth) {
  rpc::v1::Process config = Config("notes");
  config.clear_bus();
  config.clear_metrics_listen();
  Host host;
  ASSERT_TRUE(host.Start(config, Parts()).ok());
  bool well = true;
  auto page = rpc::MetricsPage::Open("127.0.0.1:0", host.metrics(), [&] { return well ? "" : "not well"; });
  ASSERT_TRUE(page.ok()) << page.status();
  EXPECT_THAT(HttpGet("/metrics", (*page)->port()), AllOf(HasSubstr("200 OK"), HasSubstr("rpc_call_seconds")));
  EXPECT_THAT(HttpGet("/healthz", (*page)->port()), HasSubstr("200 OK"));
  well = false;
  EXPECT_THAT(HttpGet("/healthz", (*page)->port()), AllOf(HasSubstr("503"), HasSubstr("not well")));
  EXPECT_THAT(HttpGet("/etc/passwd", (*page)->port()), HasSubstr("404"));
  page->reset();
  host.Stop();
}

TEST_F(TwoProcesses, RefuseASessionTheDirectoryHasEndedAlsoAfterARestart) {
  directory::v1::Notice notice;
  notice.mutable_session_revoked()->set_session_id("s-9");
  notice.mutable_session_revoked()->set_ended(true);
  bus::v1::Event event;
  event.set_topic("directory.session_revoked");
  event.set_data(notice.SerializeAsString());
  rpc::TokenVerifier verifier(clock_, {directory_ / "keys/jwks.json", "fengqiao-directory", "fengqiao"});
  ASSERT_TRUE(verifier.LoadKeys().ok());
  auto signer = rpc::TokenSigner::FromFile(directory_ / "keys/token.key", "fengqiao-directory", "fengqiao");
  kernel::v1::Actor actor;
  actor.set_user_id("u");
  actor.set_session_id("s-9");
  const std::string token = signer->Sign(actor, "t", clock_.NowMs(), 600'000);
  EXPECT_TRUE(verifier.Verify(token).ok());
  auto kv = storage::RocksKv::Open(directory_ / "audit-of-revocations", {});
  ASSERT_TRUE(kv.ok());
  auto audit = rpc::AuditLog::Open(**kv);
  ASSERT_TRUE(audit.ok());
  ASSERT_TRUE(rpc::HearRevocation(event, clock_.NowMs(), &verifier, audit->get()).ok());
  EXPECT_FALSE(verifier.Verify(token).ok());

  rpc::TokenVerifier restarted(clock_, {directory_ / "keys/jwks.json", "fengqiao-directory", "fengqiao"});
  ASSERT_TRUE(restarted.LoadKeys().ok());
  EXPECT_TRUE(restarted.Verify(token).ok());  // knows nothing yet
  ASSERT_TRUE(rpc::RecallRevocations(clock_.NowMs(), **audit, &restarted).ok());
  EXPECT_FALSE(restarted.Verify(token).ok());
}

TEST_F(TwoProcesses, DoNotStartWithoutTheirKeys) {
  rpc::v1::Process config = Config("notes");
  config.set_master_key_file(directory_ / "nowhere");
  Host host;
  EXPECT_FALSE(host.Start(config, Parts()).ok());
  host.Stop();
}

}  // namespace
}  // namespace notes
