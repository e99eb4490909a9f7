// The incident process as it runs: certificates, tokens, vault, database on disk, gRPC.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include "services/incident/subscriptions.h"
#include "services/incident/wiring.h"
#include "services/rpc/client.h"
#include "services/rpc/tls.h"
#include "tests/incident/world.h"
#include "tests/support/temp_dir.h"
#include "tools/keygen/key_folder.h"

namespace incident {
namespace {

class Process : public ::testing::Test {
 protected:
  Process() {
    std::ostringstream said;
    EXPECT_TRUE(
        keygen::FillKeyFolder(directory_ / "keys", {"incident", "gateway"}, clock_.NowMs(), said).ok());
    auto signer = rpc::TokenSigner::FromFile(directory_ / "keys/token.key", "fengqiao-directory", "fengqiao");
    signer_ = std::make_unique<rpc::TokenSigner>(*std::move(signer));
    const std::string keys = directory_ / "keys/";
    rpc::v1::Process config;
    config.set_service("incident");
    config.set_data_dir(directory_ / "data");
    config.set_listen("127.0.0.1:0");
    config.mutable_tls()->set_key_file(keys + "incident.key");
    config.mutable_tls()->set_certificate_file(keys + "incident.crt");
    config.mutable_tls()->set_ca_file(keys + "ca.crt");
    config.mutable_tokens()->set_jwks_file(keys + "jwks.json");
    config.mutable_tokens()->set_issuer("fengqiao-directory");
    config.mutable_tokens()->set_audience("fengqiao");
    config.set_master_key_file(keys + "incident.master");
    rpc::ServiceParts<IncidentDomain> parts;
    parts.service = v1::GetIncidentRequest::descriptor()->file()->FindServiceByName("Incidents");
    parts.subscriptions = Subscriptions();
    parts.reference = Known();
    parts.setup = [this](rpc::Host<IncidentDomain>& host) { return wiring_.Setup(host); };
    const absl::Status started = host_.Start(config, std::move(parts));
    EXPECT_TRUE(started.ok()) << started;
    const auto credentials =
        rpc::ClientCredentials({keys + "gateway.key", keys + "gateway.crt", keys + "ca.crt", 30});
    channel_ =
        rpc::MakeChannel("127.0.0.1:" + std::to_string(host_.server().port()), "incident", credentials);
  }
  ~Process() override { host_.Stop(); }

  template <class Request, class Response>
  rpc::CallResult Call(const std::string& method, const Request& request, Response* response,
                       const Actor* who = nullptr) {
    rpc::CallSettings settings;
    if (who != nullptr) settings.token = signer_->Sign(*who, "t", clock_.NowMs(), 600'000);
    return rpc::CallUnary(channel_, "/incident.v1.Incidents/" + method, request, response, settings);
  }
  std::string BytesOnDisk() {
    std::string all;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(directory_ / "data")) {
      if (!entry.is_regular_file()) continue;
      std::ifstream in(entry.path(), std::ios::binary);
      all.append(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
    }
    return all;
  }

  tests::TempDir directory_;
  base::SystemClock clock_;
  std::unique_ptr<rpc::TokenSigner> signer_;
  Wiring wiring_;
  rpc::Host<IncidentDomain> host_;
  std::shared_ptr<grpc::Channel> channel_;
};

TEST_F(Process, TakesACitizensReportWithoutAccountAndKeepsTheirNameInTheVault) {
  v1::PublicReportRequest report;
  report.set_request_id("r1");
  report.set_text("路灯不亮");
  report.set_category("0802");
  report.set_area_code(kVillage);
  report.mutable_contact()->set_name("王小明");
  report.mutable_contact()->set_phone("13812341234");
  kernel::v1::Receipt receipt;
  auto result = Call("PublicReport", report, &receipt);
  ASSERT_TRUE(result.ok()) << result.status.error_message() << result.error.ShortDebugString();
  EXPECT_EQ(receipt.query_code().size(), 9u);
  EXPECT_EQ(receipt.status(), "REPORTED");

  v1::TrackIncidentRequest track;
  track.set_query_code(receipt.query_code());
  v1::TrackIncidentResponse tracked;
  ASSERT_TRUE(Call("TrackIncident", track, &tracked).ok());
  EXPECT_EQ(tracked.matter_code(), receipt.matter_code());

  const Actor td = Td();
  v1::GetIncidentRequest get;
  get.set_id(receipt.matter_code());
  v1::IncidentView view;
  result = Call("GetIncident", get, &view, &td);
  ASSERT_TRUE(result.ok()) << result.status.error_message();
  ASSERT_EQ(view.party_size(), 1);
  EXPECT_EQ(view.party(0).masked_phone(), "138****1234");
  EXPECT_NE(view.party(0).masked_name(), "王小明");

  v1::RevealPartyRequest reveal;
  reveal.set_id(receipt.id());
  reveal.set_index(-1);
  v1::RevealPartyResponse revealed;
  EXPECT_FALSE(Call("RevealParty", reveal, &revealed, &td).ok()) << "a reason is needed";
  reveal.set_reason("电话回访");
  result = Call("RevealParty", reveal, &revealed, &td);
  ASSERT_TRUE(result.ok()) << result.status.error_message();
  EXPECT_EQ(revealed.name(), "王小明");
  const auto looked = host_.audit().OfMatter(receipt.id(), 10);
  ASSERT_TRUE(looked.ok());
  EXPECT_FALSE(looked->empty()) << "who looked is on record";
  common::v1::ListAccessesRequest who;
  who.set_id(receipt.matter_code());
  common::v1::ListAccessesResponse accesses;
  const Actor auditor = tests::ActorOf(kernel::v1::ROLE_AU, "city-centre", "3714", "au1");
  result = Call("ListAccesses", who, &accesses, &auditor);
  ASSERT_TRUE(result.ok()) << result.status.error_message();
  ASSERT_FALSE(accesses.access().empty());
  EXPECT_EQ(accesses.access(0).method(), "RevealParty");
  EXPECT_EQ(accesses.access(0).purpose(), "电话回访");
  const Actor elsewhere = tests::ActorOf(kernel::v1::ROLE_AU, "other-centre", "371402", "au2");
  EXPECT_EQ(Call("ListAccesses", who, &accesses, &elsewhere).status.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(Call("ListAccesses", who, &accesses, &td).status.error_code(), grpc::StatusCode::PERMISSION_DENIED);
  ASSERT_NE(BytesOnDisk().find("路灯不亮"), std::string::npos) << "what is looked through holds the report";
  EXPECT_EQ(BytesOnDisk().find("王小明"), std::string::npos);
  EXPECT_EQ(BytesOnDisk().find("13812341234"), std::string::npos);
}

TEST_F(Process, LetsEachRoleDoItsPartAndRefusesTheRest) {
  v1::ReportRequest report;
  report.set_category("0706");
  report.set_text("小广告");
  kernel::v1::Receipt receipt;
  EXPECT_EQ(Call("Report", report, &receipt).status.error_code(), grpc::StatusCode::UNAUTHENTICATED);
  const Actor gw = Gw();
  const Actor td = Td();
  ASSERT_TRUE(Call("Report", report, &receipt, &gw).ok());
  v1::AcceptRequest accept;
  accept.set_id(receipt.id());
  EXPECT_EQ(Call("Accept", accept, &receipt, &gw).status.error_code(), grpc::StatusCode::PERMISSION_DENIED);
  ASSERT_TRUE(Call("Accept", accept, &receipt, &td).ok());
  EXPECT_EQ(receipt.status(), "ACCEPTED");
  const auto again = Call("Accept", accept, &receipt, &td);
  EXPECT_FALSE(again.ok());
  EXPECT_EQ(again.error.reason(), "WRONG_STATUS");
  v1::ListIncidentsResponse list;
  ASSERT_TRUE(Call("ListIncidents", v1::ListIncidentsRequest(), &list, &td).ok());
  EXPECT_EQ(list.row_size(), 1);
}

}  // namespace
}  // namespace incident
