#pragma once
// What the directory answers. Reads one published moment per call, on a query thread; changes nothing.
// Lists walk an index from where the last page ended; an area is a range of keys, never a filter over more.

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "common/v1/names.pb.h"
#include "directory/v1/api.pb.h"
#include "services/directory/accounts.h"
#include "services/directory/domain/directory.h"
#include "services/directory/secrets.h"
#include "services/rpc/access.h"
#include "services/rpc/errors.h"
#include "services/rpc/vault.h"

namespace directory {

// All outlive Queries.
struct QueryParts {
  const base::Clock* clock = nullptr;
  std::function<DirectoryReader()> read;
  const rpc::Vault* vault = nullptr;
  const Secrets* secrets = nullptr;
};

class Queries {
 public:
  explicit Queries(QueryParts parts) : parts_(std::move(parts)) {}

  rpc::Answer GetArea(const v1::GetAreaRequest& request, v1::AreaView* response) const;
  rpc::Answer ListAreas(const v1::ListAreasRequest& request, v1::ListAreasResponse* response) const;
  rpc::Answer ListGrids(const v1::ListGridsRequest& request, v1::ListAreasResponse* response) const;
  rpc::Answer SearchAreas(const v1::SearchAreasRequest& request, v1::ListAreasResponse* response) const;
  // Follows codes of other lists, ended areas and grids of ended villages to what stands today.
  rpc::Answer ResolveArea(const v1::ResolveAreaRequest& request, v1::ResolveAreaResponse* response) const;

  rpc::Answer GetOrganisation(const v1::GetOrganisationRequest& request,
                              v1::OrganisationView* response) const;
  rpc::Answer ListOrganisations(const v1::ListOrganisationsRequest& request,
                                v1::ListOrganisationsResponse* response) const;

  // Whom one may know by name (query_staff.cc).
  rpc::Answer ListStaff(const rpc::Caller& caller, const v1::ListStaffRequest& request,
                        v1::ListStaffResponse* response) const;
  rpc::Answer NamesOf(const rpc::Caller& caller, const common::v1::NamesOfRequest& request,
                      common::v1::NamesOfResponse* response) const;

  rpc::Answer GetUser(const rpc::Caller& caller, const v1::GetUserRequest& request,
                      v1::UserView* response) const;
  rpc::Answer ListUsers(const rpc::Caller& caller, const v1::ListUsersRequest& request,
                        v1::ListUsersResponse* response) const;
  // Grants on areas that have ended, where a merger alone does not say for what they count today.
  rpc::Answer ListUnsettledGrants(const rpc::Caller& caller, const v1::ListUnsettledGrantsRequest& request,
                                  v1::ListUnsettledGrantsResponse* response) const;
  rpc::Answer ListSessions(const rpc::Caller& caller, v1::ListSessionsResponse* response) const;
  rpc::Answer WhoAmI(const rpc::Caller& caller, v1::WhoAmIResponse* response) const;

  rpc::Answer GetCalendar(v1::CalendarView* response) const;
  rpc::Answer GetPolicy(v1::PolicyView* response) const;

 private:
  using StoredState = kernel::Stored<v1::State>;
  // One walk over an index: the prefixes to cover, in order, and what must be the same for a page token to count.
  struct Listing {
    std::string index;
    std::vector<std::string> prefixes;
    std::string query;
    int page_size = 0;
    std::string page_token;
  };

  // Hands each state of a page to `each`; fills the token of the next one.
  rpc::Answer Walk(const DirectoryReader& reader, const Listing& listing, std::string* next_page_token,
                   const std::function<void(const std::string& id, const StoredState&)>& each) const;
  std::optional<rpc::Answer> ListAccounts(const rpc::Caller& caller, std::string_view what, const std::string& area,
                                          Listing* listing) const;
  // A person's name in clear.
  absl::StatusOr<std::string> NameOf(const DirectoryReader& reader, const std::string& user_id,
                                     const v1::User& user) const;
  rpc::Answer ListAreaIndex(const Listing& listing, bool boundary, v1::ListAreasResponse* response) const;

  const QueryParts parts_;
};

}  // namespace directory
