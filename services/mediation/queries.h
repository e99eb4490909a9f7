#pragma once
// What the mediation service answers. Reads one published moment a call, on a query thread; changes nothing.
// A list walks one range of one index, so a page costs the same whatever is stored; who may not see a case is
// told there is none.

#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "google/api/httpbody.pb.h"
#include "mediation/v1/api.pb.h"
#include "services/kernel/reader.h"
#include "services/mediation/documents.h"
#include "services/mediation/domain/mediation.h"
#include "services/press/printer.h"
#include "services/mediation/searched.h"
#include "services/mediation/staff_names.h"
#include "services/rpc/access.h"
#include "services/rpc/audit.h"
#include "services/rpc/errors.h"
#include "services/rpc/server.h"
#include "services/rpc/vault.h"

namespace mediation {

using CaseReader = kernel::Reader<MediationDomain>;

inline constexpr int kPageDefault = 20;
inline constexpr int kPageSizeMax = 100;

inline constexpr size_t kTalliesMax = 20'000;  // townships of a city times what is counted in each

size_t PageSize(int wanted);
v1::CaseLine LineOf(const std::string& id, const kernel::Stored<v1::State>& stored,
                    const reference::Reference& reference, int64_t now_ms);
// A page of several ranges, one after the other; at most 255 of them. `list` reads a piece of one.
absl::StatusOr<kernel::Page> ListRanges(
    size_t count, size_t size, std::string_view position,
    const std::function<absl::StatusOr<kernel::Page>(size_t range, size_t size, std::string_view from)>& list);
// Of the documents the file of this case names, those whose bytes are here.
absl::StatusOr<std::set<std::string, std::less<>>> ReceivedOf(const CaseReader& reader, std::string_view id,
                                                              const v1::State& state);
// What the sender of a case gave along, for those who work on it.
absl::Status ShowHanded(const CaseReader& reader, std::string_view id, const v1::State& state, v1::Case* out);
// A committee or an area, and of the caller's own those that went into it 合村并居.
std::vector<std::string> WithFormer(const std::string& whose, const std::vector<std::string>& own,
                                    const std::function<std::string(std::string_view)>& today);
// Whether the caller sees what is this committee's.
bool SeesCommittee(const rpc::Caller& caller, std::string_view org_id, const reference::Reference& reference);

// All outlive Queries.
struct QueryParts {
  std::function<CaseReader()> read;
  const rpc::Vault* vault = nullptr;  // null: nothing can be revealed
  const storage::View* vault_view = nullptr;
  const Documents* documents = nullptr;
  press::Printer* printer = nullptr;
  const CaseSearch* search = nullptr;  // null: nothing can be searched
  const rpc::AuditLog* audit = nullptr;  // null: nobody can be told who looked
  const StaffNames* names = nullptr;
};

class Queries {
 public:
  explicit Queries(QueryParts parts) : parts_(std::move(parts)) {}

  rpc::Answer GetCase(const rpc::Caller&, const v1::GetCaseRequest&, v1::Case*) const;
  rpc::Answer ListCases(const rpc::Caller&, const v1::ListCasesRequest&, v1::ListCasesResponse*) const;
  rpc::Answer ListSteps(const rpc::Caller&, const v1::ListStepsRequest&, v1::ListStepsResponse*) const;
  rpc::Answer CountCases(const rpc::Caller&, const v1::CountCasesRequest&, v1::CountCasesResponse*) const;
  rpc::Answer TrackCase(const rpc::Caller&, const v1::TrackCaseRequest&, v1::CaseTrack*) const;
  rpc::Answer GetFileIndex(const rpc::Caller&, const v1::GetFileIndexRequest&, v1::FileIndex*) const;
  rpc::Answer ListPromises(const rpc::Caller&, const v1::ListPromisesRequest&,
                           v1::ListPromisesResponse*) const;
  rpc::Answer CountStatistics(const rpc::Caller&, const v1::CountStatisticsRequest&,
                              v1::CountStatisticsResponse*) const;
  rpc::Answer SearchCases(const rpc::Caller&, const v1::SearchCasesRequest&, v1::SearchCasesResponse*) const;
  rpc::Answer RevealParty(const rpc::Caller&, const v1::RevealPartyRequest&, v1::RevealPartyResponse*) const;
  rpc::Answer ListAccesses(const rpc::Caller&, const common::v1::ListAccessesRequest&,
                           common::v1::ListAccessesResponse*) const;
  rpc::Answer PrintDocument(const rpc::Caller&, const v1::PrintDocumentRequest&,
                            rpc::NextMessage<google::api::HttpBody>*) const;
  rpc::Answer PrintFile(const rpc::Caller&, const v1::PrintFileRequest&,
                        rpc::NextMessage<google::api::HttpBody>*) const;

 private:
  rpc::Answer Locate(const CaseReader&, std::string_view id, kernel::Stored<v1::State>* out) const;  // whoever asks
  // The case, if there is one and the caller may see it. Of one their committee has handed up: HANDED_UP.
  rpc::Answer Find(const CaseReader&, const rpc::Caller&, std::string_view id,
                   kernel::Stored<v1::State>* out) const;
  // To read: of one their committee has handed up, as it stood then. `as_of_ms`: 0, or when that was.
  rpc::Answer FindToRead(const CaseReader&, const rpc::Caller&, std::string_view id, kernel::Stored<v1::State>* out,
                         int64_t* as_of_ms) const;
  // A case and its history in clear. The caller's note must say who asks and why.
  absl::StatusOr<CaseFacts> FactsOf(const CaseReader&, const rpc::Caller&, std::string_view id, v1::State) const;
  template <class Request, class Make>
  rpc::Answer PrintPaper(const rpc::Caller&, const Request&, std::string_view what,
                         rpc::NextMessage<google::api::HttpBody>*, Make make) const;

  const QueryParts parts_;
};

}  // namespace mediation
