#include "services/directory/wiring.h"

#include <malloc.h>

#include <algorithm>
#include <string>
#include <utility>

#include "base/crypto.h"
#include "base/log.h"
#include "base/status_macros.h"
#include "services/directory/first_start.h"
#include "services/rpc/file.h"

namespace directory {
namespace {

constexpr size_t kSecretFileBytesMax = 4096;
constexpr uint64_t kRevocationsReadBack = 20'000;  // log entries: far more than happen while a token lives
constexpr std::string_view kSessionRevoked = "directory.session_revoked";

std::string Trimmed(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' ')) text.pop_back();
  return text;
}

absl::StatusOr<std::string> ReadKey(const std::string& path) {
  if (path.empty()) return absl::InvalidArgumentError("master_key_file is missing（缺少主密钥文件）");
  ASSIGN_OR_RETURN(const std::string text, rpc::ReadSecretFile(path, kSecretFileBytesMax));
  auto key = base::FromBase64(Trimmed(text));
  if (!key || key->size() != base::kAeadKeySize) {
    return absl::InvalidArgumentError(path + " must hold 32 bytes in base64");
  }
  return *std::move(key);
}

// The aggregate of a command that has only one.
void AimAt(std::string_view id, kernel::Envelope* envelope) {
  envelope->aggregate_id = std::string(id);
  envelope->creates = false;
  envelope->upserts = true;
}

}  // namespace

absl::Status Wiring::Setup(DirectoryHost& host) {
  const auto& config = host.config();
  ASSIGN_OR_RETURN(const std::string master_key, ReadKey(config.master_key_file()));
  if (host.vault() == nullptr) return absl::InvalidArgumentError("the directory needs a vault");
  secrets_ = std::make_unique<Secrets>(master_key);
  ASSIGN_OR_RETURN(auto signer,
                   rpc::TokenSigner::FromFile(config.token_signing_key_file(), config.tokens().issuer(),
                                              config.tokens().audience()));
  signer_ = std::make_unique<rpc::TokenSigner>(std::move(signer));
  std::string bootstrap_secret;
  if (!config.bootstrap_secret_file().empty()) {
    ASSIGN_OR_RETURN(bootstrap_secret,
                     rpc::ReadSecretFile(config.bootstrap_secret_file(), kSecretFileBytesMax));
  }
  auto* service = &host.service();
  const auto read = [service] { return service->Read(); };
  AccountParts accounts{&host.clock(),
                        service,
                        read,
                        host.vault(),
                        signer_.get(),
                        secrets_.get(),
                        Trimmed(std::move(bootstrap_secret))};
  accounts_ = std::make_unique<Accounts>(std::move(accounts));
  queries_ = std::make_unique<Queries>(QueryParts{&host.clock(), read, host.vault(), secrets_.get()});
  AddCommands(host);
  AddPlaceQueries(host);
  AddAccountQueries(host);
  HearOwnRevocations(host);
  return absl::OkStatus();
}

absl::Status Wiring::BeforeServing(DirectoryHost& host) {
  auto* service = &host.service();
  const FirstStartParts parts{service, [service] { return service->Read(); }, host.config().policy_dir(),
                              host.config().area_dir()};
  ASSIGN_OR_RETURN(const FirstStartReport report, LoadWhatMustBeThere(parts));
  // The lists of a city were in memory once: what they took goes back to the system.
  if (report.areas_sent > 0) malloc_trim(0);
  base::Log(base::kInfo, "policies and areas are there",
            {{"calendar_loaded", report.calendar_loaded},
             {"policy_changed", report.policy_changed},
             {"areas_sent", report.areas_sent},
             {"organisations_sent", report.organisations_sent},
             {"staff_told", report.staff_told}});
  return absl::OkStatus();
}

void Wiring::HearOwnRevocations(DirectoryHost& host) {
  auto* service = &host.service();
  auto* tokens = &host.tokens();
  const uint64_t head = service->Head().seq;
  heard_ = head > kRevocationsReadBack ? head - kRevocationsReadBack : 0;
  const auto hear = [this, service, tokens](uint64_t) {
    uint64_t seq = heard_.load();
    const absl::Status status = service->Read(seq, [&](const kernel::LogEntry& entry) {
      seq = entry.seq;
      if (entry.topic != kSessionRevoked) return true;
      kernel::v1::LogRecord record;
      v1::Notice notice;
      if (record.ParseFromArray(entry.record.data(), static_cast<int>(entry.record.size())) &&
          notice.ParseFromString(record.notice().payload())) {
        tokens->Revoke(notice.session_revoked().session_id(), notice.session_revoked().issued_before_ms());
      }
      return true;
    });
    if (!status.ok()) base::Log(base::kError, "cannot read own revocations", {{"error", status.ToString()}});
    heard_ = seq;
  };
  hear(head);
  service->AddWatch(hear);
}

void Wiring::AddCommands(DirectoryHost& host) {
  host.Prepare<v1::LoadCalendarRequest>("LoadCalendar",
                                        [](const rpc::Caller&, const v1::LoadCalendarRequest&,
                                           kernel::Envelope* envelope) -> std::optional<kernel::Refusal> {
                                          AimAt(kCalendarId, envelope);
                                          return std::nullopt;
                                        });
  host.Prepare<v1::ChangePolicyRequest>("ChangePolicy",
                                        [](const rpc::Caller&, const v1::ChangePolicyRequest&,
                                           kernel::Envelope* envelope) -> std::optional<kernel::Refusal> {
                                          AimAt(kPolicyId, envelope);
                                          return std::nullopt;
                                        });
}

void Wiring::AddPlaceQueries(DirectoryHost& host) {
  using rpc::Caller;
  const Queries* q = queries_.get();
  host.Query<v1::GetAreaRequest, v1::AreaView>(
      "GetArea",
      [q](const Caller&, const auto& request, auto* response) { return q->GetArea(request, response); });
  host.Query<v1::ListAreasRequest, v1::ListAreasResponse>(
      "ListAreas",
      [q](const Caller&, const auto& request, auto* response) { return q->ListAreas(request, response); });
  host.Query<v1::ListGridsRequest, v1::ListAreasResponse>(
      "ListGrids",
      [q](const Caller&, const auto& request, auto* response) { return q->ListGrids(request, response); });
  host.Query<v1::SearchAreasRequest, v1::ListAreasResponse>(
      "SearchAreas",
      [q](const Caller&, const auto& request, auto* response) { return q->SearchAreas(request, response); });
  host.Query<v1::ResolveAreaRequest, v1::ResolveAreaResponse>(
      "ResolveArea",
      [q](const Caller&, const auto& request, auto* response) { return q->ResolveArea(request, response); });
  host.Query<v1::GetOrganisationRequest, v1::OrganisationView>(
      "GetOrganisation", [q](const Caller&, const auto& request, auto* response) {
        return q->GetOrganisation(request, response);
      });
  host.Query<v1::ListOrganisationsRequest, v1::ListOrganisationsResponse>(
      "ListOrganisations", [q](const Caller&, const auto& request, auto* response) {
        return q->ListOrganisations(request, response);
      });
  host.Query<v1::GetCalendarRequest, v1::CalendarView>(
      "GetCalendar", [q](const Caller&, const auto&, auto* response) { return q->GetCalendar(response); });
  host.Query<v1::GetPolicyRequest, v1::PolicyView>(
      "GetPolicy", [q](const Caller&, const auto&, auto* response) { return q->GetPolicy(response); });
}

void Wiring::AddAccountQueries(DirectoryHost& host) {
  using rpc::Caller;
  const Queries* q = queries_.get();
  Accounts* a = accounts_.get();
  host.Query<v1::GetUserRequest, v1::UserView>(
      "GetUser",
      [q](const Caller& c, const auto& request, auto* response) { return q->GetUser(c, request, response); });
  host.Query<v1::ListStaffRequest, v1::ListStaffResponse>(
      "ListStaff", [q](const Caller& c, const auto& request, auto* response) {
        return q->ListStaff(c, request, response);
      });
  host.Query<common::v1::NamesOfRequest, common::v1::NamesOfResponse>(
      "NamesOf",
      [q](const Caller& c, const auto& request, auto* response) { return q->NamesOf(c, request, response); });
  host.Query<v1::ListUsersRequest, v1::ListUsersResponse>(
      "ListUsers", [q](const Caller& c, const auto& request, auto* response) {
        return q->ListUsers(c, request, response);
      });
  host.Query<v1::ListUnsettledGrantsRequest, v1::ListUnsettledGrantsResponse>(
      "ListUnsettledGrants", [q](const Caller& c, const auto& request, auto* response) {
        return q->ListUnsettledGrants(c, request, response);
      });
  host.Query<v1::ListSessionsRequest, v1::ListSessionsResponse>(
      "ListSessions",
      [q](const Caller& c, const auto&, auto* response) { return q->ListSessions(c, response); });
  host.Query<v1::WhoAmIRequest, v1::WhoAmIResponse>(
      "WhoAmI", [q](const Caller& c, const auto&, auto* response) { return q->WhoAmI(c, response); });
  host.Query<v1::SignInRequest, v1::TokenResponse>(
      "SignIn",
      [a](const Caller& c, const auto& request, auto* response) { return a->SignIn(c, request, response); });
  host.Query<v1::RefreshSessionRequest, v1::TokenResponse>(
      "RefreshSession",
      [a](const Caller& c, const auto& request, auto* response) { return a->Refresh(c, request, response); });
  host.Query<v1::SignOutRequest, v1::SignOutResponse>(
      "SignOut", [a](const Caller& c, const auto&, auto*) { return a->SignOut(c); });
  host.Query<v1::ChangePasswordRequest, v1::ChangePasswordResponse>(
      "ChangePassword",
      [a](const Caller& c, const auto& request, auto*) { return a->ChangePassword(c, request); });
  host.Query<v1::ResetPasswordRequest, v1::ResetPasswordResponse>(
      "ResetPassword", [a](const Caller& c, const auto& request, auto* response) {
        return a->ResetPassword(c, request, response);
      });
  host.Query<v1::BootstrapRequest, v1::BootstrapResponse>(
      "Bootstrap", [a](const Caller& c, const auto& request, auto* response) {
        return a->Bootstrap(c, request, response);
      });
  host.Query<v1::GetJwksRequest, v1::Jwks>(
      "GetJwks", [a](const Caller&, const auto&, auto* response) { return a->Jwks(response); });
}

}  // namespace directory
