#pragma once
// What the incident service answers. Reads one published moment a call, on a query thread; changes nothing. A
// list walks ranges of one index, bounded a page; who may not see a matter is told there is none. Vault
// tokens in an answer are masked by services/rpc before it leaves.

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "incident/v1/api.pb.h"
#include "incident/v1/views.pb.h"
#include "services/incident/domain/incident.h"
#include "services/incident/searched.h"
#include "services/kernel/reader.h"
#include "services/rpc/access.h"
#include "services/rpc/audit.h"
#include "services/rpc/errors.h"
#include "services/rpc/vault.h"

namespace incident {

using MatterReader = kernel::Reader<IncidentDomain>;
using StoredState = kernel::Stored<v1::State>;

inline constexpr int kPageDefault = 50;
inline constexpr int kPageRowsMax = 200;
inline constexpr int kStepsDefault = 100;
inline constexpr int kStepsMax = 500;
inline constexpr size_t kScannedMax = 2000;  // index entries looked at for one page
inline constexpr size_t kAskedScannedMax = 10'000;  // campaigns added up for one sum
inline constexpr size_t kDuplicatesScannedMax = 400;
inline constexpr size_t kDuplicatesShownMax = 5;
inline constexpr int kSimilarPercentMin = 50;

// All outlive Queries.
struct QueryParts {
  std::function<MatterReader()> read;
  const rpc::Vault* vault = nullptr;  // null: nothing can be revealed
  const storage::View* vault_view = nullptr;
  const IncidentSearch* search = nullptr;  // null: nothing can be searched
  const rpc::AuditLog* audit = nullptr;    // null: nobody can be told who looked
};

class Queries {
 public:
  explicit Queries(QueryParts parts) : parts_(std::move(parts)) {}

  rpc::Answer GetIncident(const rpc::Caller&, const v1::GetIncidentRequest&, v1::IncidentView*) const;
  rpc::Answer ListIncidents(const rpc::Caller&, const v1::ListIncidentsRequest&,
                            v1::ListIncidentsResponse*) const;
  rpc::Answer ListSteps(const rpc::Caller&, const v1::ListStepsRequest&, v1::ListStepsResponse*) const;
  rpc::Answer CountIncidents(const rpc::Caller&, const v1::CountIncidentsRequest&,
                             v1::CountIncidentsResponse*) const;
  rpc::Answer TrackIncident(const rpc::Caller&, const v1::TrackIncidentRequest&,
                            v1::TrackIncidentResponse*) const;
  rpc::Answer SuggestDuplicates(const rpc::Caller&, const v1::SuggestDuplicatesRequest&,
                                v1::SuggestDuplicatesResponse*) const;
  rpc::Answer SearchIncidents(const rpc::Caller&, const v1::SearchIncidentsRequest&,
                              v1::SearchIncidentsResponse*) const;
  rpc::Answer RevealParty(const rpc::Caller&, const v1::RevealPartyRequest&, v1::RevealPartyResponse*) const;
  rpc::Answer ListAccesses(const rpc::Caller&, const common::v1::ListAccessesRequest&,
                           common::v1::ListAccessesResponse*) const;
  rpc::Answer ListCampaigns(const rpc::Caller&, const v1::ListCampaignsRequest&,
                            v1::ListCampaignsResponse*) const;
  rpc::Answer EstimateCampaign(const rpc::Caller&, const v1::EstimateCampaignRequest&,
                               v1::EstimateCampaignResponse*) const;
  rpc::Answer GetCampaign(const rpc::Caller&, const v1::GetCampaignRequest&, v1::CampaignView*) const;
  rpc::Answer ListTasks(const rpc::Caller&, const v1::ListTasksRequest&, v1::ListTasksResponse*) const;

 private:
  // Whether there is such a matter, whoever asks. `id`: aggregate id or matter code.
  absl::StatusOr<bool> Locate(const MatterReader&, std::string_view id, std::string* found_id, StoredState* out) const;
  // The matter, if there is one and the caller may see it.
  rpc::Answer Find(const MatterReader&, const rpc::Caller&, std::string_view id, std::string* found_id,
                   StoredState* out) const;
  // What mass tasks of this month cost the grids of these areas.
  absl::Status AddUpAsked(const MatterReader&, const rpc::Caller&, const std::vector<std::string>& areas,
                          v1::AskedThisMonth* sum) const;

  const QueryParts parts_;
};

// The primary of a merged matter: what became of it is what became of this. Any other: itself.
absl::StatusOr<StoredState> Followed(const MatterReader& reader, StoredState stored);
// The areas asked for, or all of the caller's; nullopt: not theirs.
std::optional<std::vector<std::string>> AreasWanted(const rpc::Caller& caller, const std::string& asked);
kernel::Refusal NoSuchMatter();
kernel::Refusal OutsideYourArea();
kernel::Refusal WrongPageToken();

}  // namespace incident
