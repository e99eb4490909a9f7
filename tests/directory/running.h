#pragma once
// A running directory without its gRPC port: kernel with all its threads over a database in memory, vault,
// token signer, accounts and queries. What a test asks goes the way a call goes.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <memory>
#include <string>
#include <utility>

#include "base/metrics.h"
#include "base/random.h"
#include "services/directory/accounts.h"
#include "services/directory/first_start.h"
#include "services/directory/queries.h"
#include "services/kernel/service.h"
#include "services/rpc/server.h"
#include "tests/support/mem_kv.h"
#include "tests/support/sim_clock.h"
#include "tests/support/temp_dir.h"

namespace directory {

inline constexpr std::string_view kIssuer = "test-directory";
inline constexpr std::string_view kAudience = "test";
inline constexpr std::string_view kBootstrapSecret = "the secret of this installation";

// The lists of a made-up city, as an installation reads them: one county, one town, and villages by code and name.
inline void WriteCity(const std::string& folder,
                      std::initializer_list<std::pair<const char*, const char*>> villages) {
  const std::string city = folder + "/city";
  std::filesystem::create_directory(city);
  const auto write = [&](const std::string& name, const std::string& text) {
    std::ofstream(city + "/" + name) << text;
  };
  write("vintage.csv", "as_of,city_code,city_name,province_code,province_name\n2023-06-30,9901,示例市,99,示例省\n");
  write("counties.csv", "code,name,cityCode\n990102,甲县,9901\n");
  write("townships.csv", "code,name,areaCode\n990102100,乙镇,990102\n");
  write("townships_statutory.csv", "code,name,kind,statutory_county\n990102100,乙镇,town,990102\n");
  std::string rows = "code,name,streetCode\n";
  for (const auto& [code, name] : villages) rows += std::string(code) + "," + name + ",990102100\n";
  write("villages.csv", rows);
}

class Running {
 public:
  Running()
      : vault_(rpc::CipherProfile::kAesGcm, std::string(32, 'm')),
        secrets_(std::string(32, 'm')),
        signer_(rpc::EcKey::Generate(), std::string(kIssuer), std::string(kAudience)) {
    auto kv = std::make_unique<tests::MemKv>();
    kv_ = kv.get();
    auto service = kernel::Service<DirectoryDomain>::Open(clock_, std::move(kv), &metrics_, {});
    EXPECT_TRUE(service.ok()) << service.status();
    service_ = *std::move(service);
    service_->Start();
    const auto read = [this] { return service_->Read(); };
    accounts_ = std::make_unique<Accounts>(AccountParts{&clock_, service_.get(), read, &vault_, &signer_,
                                                        &secrets_, std::string(kBootstrapSecret)});
    queries_ = std::make_unique<Queries>(QueryParts{&clock_, read, &vault_, &secrets_});
  }
  ~Running() { service_->Stop(); }

  absl::StatusOr<FirstStartReport> Load(const std::string& policy_dir = "policy",
                                        const std::string& area_dir = "policy/areas") {
    return LoadWhatMustBeThere({service_.get(), [this] { return service_->Read(); }, policy_dir, area_dir});
  }

  // A command of a person; personal fields of `request` are sealed first, as rpc does it.
  template <class Request>
  kernel::Outcome Do(const kernel::v1::Actor& actor, std::string id, const Request& request,
                     bool creates = false) {
    v1::Command command;
    const auto* body = v1::Command::descriptor()->FindOneofByName("body");
    kernel::Envelope envelope;
    for (int i = 0; i < body->field_count(); ++i) {
      if (body->field(i)->message_type() != Request::descriptor()) continue;
      command.GetReflection()->MutableMessage(&command, body->field(i))->CopyFrom(request);
      envelope.command_name = body->field(i)->name();
    }
    envelope.aggregate_id = creates ? ids_.NewUlid(clock_.NowMs()) : std::move(id);
    envelope.creates = creates;
    envelope.actor = actor;
    if (command.has_create_user()) {
      const auto reader = service_->Read();
      EXPECT_TRUE(vault_
                      .Seal(reader.view(), envelope.aggregate_id, clock_.NowMs(), ids_,
                            command.mutable_create_user(), &envelope.attached)
                      .ok());
    }
    envelope.command = std::make_unique<v1::Command>(std::move(command));
    return rpc::Ask(*service_, std::move(envelope));
  }

  // The first administrator, by the installation's secret.
  std::string Bootstrap(const std::string& password = "correct horse battery") {
    v1::BootstrapRequest request;
    request.set_secret(std::string(kBootstrapSecret));
    request.set_login("first-sa");
    request.set_password(password);
    request.set_name("王建国");
    v1::BootstrapResponse response;
    const auto answer = accounts_->Bootstrap(NewCaller(), request, &response);
    EXPECT_TRUE(answer.ok()) << Why(answer);
    return response.user_id();
  }

  rpc::Answer SignIn(const std::string& login, const std::string& password, v1::TokenResponse* response) {
    v1::SignInRequest request;
    request.set_login(login);
    request.set_password(password);
    request.set_device_id("pad-1");
    return accounts_->SignIn(NewCaller(), request, response);
  }
  rpc::Answer Refresh(const std::string& token, v1::TokenResponse* response) {
    v1::RefreshSessionRequest request;
    request.set_refresh_token(token);
    return accounts_->Refresh(NewCaller(), request, response);
  }

  rpc::Caller NewCaller(const kernel::v1::Actor& actor = {}) {
    rpc::Caller caller;
    caller.actor = actor;
    caller.now_ms = clock_.NowMs();
    for (const auto& grant : actor.grant()) caller.areas.push_back(grant.area_code());
    caller.note = &note_;
    return caller;
  }

  static std::string Why(const rpc::Answer& answer) {
    return answer.ok() ? std::string() : rpc::FailureOf(answer).detail.reason();
  }

  tests::SimClock& clock() { return clock_; }
  kernel::Service<DirectoryDomain>& service() { return *service_; }
  Accounts& accounts() { return *accounts_; }
  Queries& queries() { return *queries_; }
  const rpc::Vault& vault() const { return vault_; }
  const rpc::TokenSigner& signer() const { return signer_; }
  const rpc::AuditNote& note() const { return note_; }
  tests::MemKv& kv() { return *kv_; }

 private:
  tests::SimClock clock_;
  base::Metrics metrics_;
  rpc::Vault vault_;
  Secrets secrets_;
  rpc::TokenSigner signer_;
  rpc::IdSource ids_{base::Random(7)};
  rpc::AuditNote note_;
  tests::MemKv* kv_ = nullptr;
  std::unique_ptr<kernel::Service<DirectoryDomain>> service_;
  std::unique_ptr<Accounts> accounts_;
  std::unique_ptr<Queries> queries_;
};

}  // namespace directory
