// Who looked at a matter.
#include "base/status_macros.h"
#include "services/incident/domain/rules.h"
#include "services/incident/queries.h"
#include "services/reference/names.h"
#include "services/rpc/access_list.h"

namespace incident {

rpc::Answer Queries::ListAccesses(const rpc::Caller& caller, const common::v1::ListAccessesRequest& request,
                                  common::v1::ListAccessesResponse* response) const {
  if (parts_.audit == nullptr) return absl::FailedPreconditionError("this process has no audit log");
  const MatterReader reader = parts_.read();
  const auto known = reader.Reference();
  std::string matter_id;
  StoredState stored;
  ASSIGN_OR_RETURN(const bool found, Locate(reader, request.id(), &matter_id, &stored));
  if (!found) return NoSuchMatter();
  const v1::Incident& matter = stored.state.incident();
  const bool audits = !matter.intake().sealed() && rpc::Audits(caller, matter.intake().area_code());
  if (!audits && !MaySee(matter, rpc::AsCitizen(caller.actor), *known)) return NoSuchMatter();
  const auto name_of = [&known](std::string_view org_id) { return reference::OrgName(known->directory(), org_id); };
  const auto unit_today = [&known](std::string_view org_id) { return reference::OrgToday(known->directory(), org_id); };
  return rpc::ListAccesses(*parts_.audit, caller,
                           {matter_id, audits ? rpc::Told::kEverything : rpc::Told::kReveals, name_of, unit_today,
                            WrongPageToken()},
                           request, response);
}

}  // namespace incident
