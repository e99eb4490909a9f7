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
  rpc::AccessQuestion question;
  StoredState stored;
  ASSIGN_OR_RETURN(const bool found, Locate(reader, request.id(), &question.matter, &stored));
  if (!found) return NoSuchMatter();
  const v1::Incident& matter = stored.state.incident();
  const bool audits = !matter.intake().sealed() && rpc::Audits(caller, matter.intake().area_code());
  if (!audits && !MaySee(matter, rpc::AsCitizen(caller.actor), *known)) return NoSuchMatter();
  caller.note->aggregate_id = question.matter;
  question.told = audits ? rpc::Told::kEverything : rpc::Told::kReveals;
  question.name_of = [&known](std::string_view org_id) { return reference::OrgName(known->directory(), org_id); };
  question.bad_token = WrongPageToken();
  return rpc::ListAccesses(*parts_.audit, question, request, response);
}

}  // namespace incident
