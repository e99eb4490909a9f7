// Who looked at a petition. Of an accusation nobody is told here that there is one.
#include "services/petition/domain/refusals.h"
#include "services/petition/domain/rules.h"
#include "services/petition/queries.h"
#include "services/reference/names.h"
#include "services/rpc/access_list.h"

namespace petition {

rpc::Answer Queries::ListAccesses(const rpc::Caller& caller, const common::v1::ListAccessesRequest& request,
                                  common::v1::ListAccessesResponse* out) const {
  if (parts_.audit == nullptr) return absl::FailedPreconditionError("this process has no audit log");
  const PetitionReader reader = parts_.read();
  const auto known = reader.Reference();
  StoredPetition stored;
  if (auto answer = Locate(reader, request.id(), false, &stored); !answer.ok()) return answer;
  const bool audits = rpc::Audits(caller, stored.state.area_code());
  if (!audits && !MaySee(stored.state, rpc::AsCitizen(caller.actor))) return NoSuchMatter();
  const auto name_of = [&known](std::string_view org_id) { return reference::OrgName(*known, org_id); };
  const auto unit_today = [&known](std::string_view org_id) { return reference::OrgToday(*known, org_id); };
  return rpc::ListAccesses(*parts_.audit, caller,
                           {request.id(), audits ? rpc::Told::kEverything : rpc::Told::kReveals, name_of, unit_today,
                            Why(kernel::RefusalCode::kInvalid, "PAGE_TOKEN", "page_token")},
                           request, out);
}

}  // namespace petition
