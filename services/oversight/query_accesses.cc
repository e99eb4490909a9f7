// 查阅留痕 (3.6.6): who opened a matter here, and who opened which list of an area. For the auditor of the place; the log
// says what was opened and nothing is counted by person.
#include "services/oversight/domain/refusals.h"
#include "services/oversight/domain/standing.h"
#include "services/oversight/queries.h"
#include "services/reference/names.h"
#include "services/rpc/access_list.h"

namespace oversight {
namespace {

using kernel::RefusalCode;

rpc::AccessQuestion Everything(const std::string& about, const OversightReader& reader) {
  const auto name_of = [known = reader.Reference()](std::string_view org_id) {
    return reference::OrgName(*known, org_id);
  };
  const auto unit_today = [known = reader.Reference()](std::string_view org_id) {
    return reference::OrgToday(*known, org_id);
  };
  return {about, rpc::Told::kEverything, name_of, unit_today, Why(RefusalCode::kInvalid, "PAGE_TOKEN", "page_token")};
}

}  // namespace

rpc::Answer Queries::ListAccesses(const rpc::Caller& caller, const common::v1::ListAccessesRequest& request,
                                  common::v1::ListAccessesResponse* out) const {
  if (audit_ == nullptr) return absl::FailedPreconditionError("this process has no audit log");
  const OversightReader reader = read_();
  auto stored = reader.Get(request.id());
  if (!stored.ok()) return stored.status();
  const bool theirs = *stored && (*stored)->state.has_matter() && !LeftTheLists((*stored)->state.matter()) &&
                      rpc::Audits(caller, (*stored)->state.matter().area_code());
  if (!theirs) return Why(RefusalCode::kNotFound, "NOT_FOUND");
  return rpc::ListAccesses(*audit_, caller, Everything(request.id(), reader), request, out);
}

rpc::Answer Queries::ListAreaAccesses(const rpc::Caller&, const common::v1::ListAreaAccessesRequest& request,
                                      common::v1::ListAccessesResponse* out) const {
  if (audit_ == nullptr) return absl::FailedPreconditionError("this process has no audit log");
  const OversightReader reader = read_();
  if (auto wrong = CheckArea(reader, request.area_code(), common::v1::VILLAGE); !wrong.ok()) return wrong;
  return rpc::ListAreaAccesses(*audit_, Everything(request.area_code(), reader), request, out);
}

}  // namespace oversight
