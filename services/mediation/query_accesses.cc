// Who looked at a case.
#include "services/mediation/domain/refusals.h"
#include "services/mediation/domain/rules.h"
#include "services/mediation/queries.h"
#include "services/mediation/shown_to_party.h"
#include "services/reference/names.h"
#include "services/rpc/access_list.h"

namespace mediation {

rpc::Answer Queries::ListAccesses(const rpc::Caller& caller, const common::v1::ListAccessesRequest& request,
                                  common::v1::ListAccessesResponse* out) const {
  if (parts_.audit == nullptr) return absl::FailedPreconditionError("this process has no audit log");
  const CaseReader reader = parts_.read();
  const auto known = reader.Reference();
  kernel::Stored<v1::State> stored;
  if (auto answer = Locate(reader, request.id(), &stored); !answer.ok()) return answer;
  const bool audits = rpc::Audits(caller, stored.state.area_code());
  if (!audits && !MaySee(stored.state, rpc::AsCitizen(caller.actor), *known))
    return Why(kernel::RefusalCode::kNotFound, "NOT_FOUND");
  const auto name_of = [&known](std::string_view org_id) { return reference::OrgName(*known, org_id); };
  const auto unit_today = [&known](std::string_view org_id) { return reference::OrgToday(*known, org_id); };
  auto answer = rpc::ListAccesses(*parts_.audit, caller,
                                  {request.id(), audits ? rpc::Told::kEverything : rpc::Told::kReveals, name_of,
                                   unit_today, Why(kernel::RefusalCode::kInvalid, "PAGE_TOKEN", "page_token")},
                                  request, out);
  if (answer.ok() && !audits) HideOthers(stored.state, caller.actor, out);
  return answer;
}

}  // namespace mediation
