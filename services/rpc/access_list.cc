#include "services/rpc/access_list.h"

#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>

#include <algorithm>
#include <limits>
#include <optional>

#include "base/area_code.h"
#include "base/status_macros.h"
#include "services/rpc/limits.h"
#include "services/rpc/page_token.h"

namespace rpc {
namespace {

constexpr int kPageDefault = 20;
constexpr int kPageMax = 100;

// "RevealParty" of "/incident.v1.Incidents/RevealParty".
std::string ShortName(std::string_view method) {
  const size_t slash = method.rfind('/');
  return std::string(slash == std::string_view::npos ? method : method.substr(slash + 1));
}

bool IsReveal(const v1::AuditRecord& record) {
  return record.decision() == v1::AuditRecord::ALLOWED && !record.field().empty() && !record.actor_id().empty();
}

void Show(const v1::AuditRecord& record, const AccessQuestion& question, common::v1::Access* out) {
  out->set_at_ms(record.at_ms());
  out->set_method(ShortName(record.method()));
  out->set_allowed(record.decision() == v1::AuditRecord::ALLOWED);
  if (!out->allowed()) out->set_reason_code(record.reason());
  out->set_what(record.field());
  out->set_purpose(record.purpose());
  for (const auto& grant : record.grant()) {
    const std::string unit = grant.org_id().empty() ? "" : question.unit_today(grant.org_id());
    if (!unit.empty() && std::ranges::find(out->org_id(), unit) == out->org_id().end()) {
      out->add_org_name(question.name_of(unit));
      out->add_org_id(unit);
    }
    if (std::ranges::find(out->role(), static_cast<int>(grant.role())) == out->role().end())
      out->add_role(grant.role());
  }
  if (question.told == Told::kReveals) return;
  out->set_user_id(record.actor_id());
  out->set_serial(record.serial());
  if (record.area_code().empty()) return;
  out->set_id(record.aggregate_id());
  out->set_area_code(record.area_code());
}

// One page, newest first, of what `older` gives of the records before a serial.
template <class Request, class Older>
Answer FillPage(const std::string& list, const AccessQuestion& question, const Request& request, const Older& older,
                common::v1::ListAccessesResponse* out) {
  const auto position = PagePosition(list, request.page_token());
  uint64_t before = std::numeric_limits<uint64_t>::max();
  if (!position || (!position->empty() && !absl::SimpleAtoi(*position, &before))) return question.bad_token;
  const int size = request.page_size() <= 0 ? kPageDefault : std::min(request.page_size(), kPageMax);
  while (true) {
    ASSIGN_OR_RETURN(const auto records, older(before));
    for (const v1::AuditRecord& record : records) {
      if (question.told == Told::kReveals && !IsReveal(record)) continue;
      if (out->access_size() == size) {
        out->set_next_page_token(PageToken(list, absl::StrCat(before)));
        return {};
      }
      before = record.serial();
      Show(record, question, out->add_access());
    }
    if (records.size() < kAuditPageMax) return {};
    before = records.back().serial();
  }
}

}  // namespace

bool Audits(const Caller& caller, std::string_view area_code) {
  return std::ranges::any_of(caller.actor.grant(), [&](const kernel::v1::Grant& grant) {
    return grant.role() == kernel::v1::ROLE_AU && base::Covers(grant.area_code(), area_code);
  });
}

kernel::v1::Actor AsCitizen(const kernel::v1::Actor& actor) {
  kernel::v1::Actor citizen;
  citizen.set_user_id(actor.user_id());
  if (!actor.user_id().empty()) citizen.add_grant()->set_role(kernel::v1::ROLE_PUB);
  return citizen;
}

Answer ListAccesses(const AuditLog& log, const Caller& caller, const AccessQuestion& question,
                    const common::v1::ListAccessesRequest& request, common::v1::ListAccessesResponse* out) {
  caller.note->aggregate_id = question.matter;
  const auto older = [&](uint64_t before) { return log.OfMatter(question.matter, kAuditPageMax, before); };
  return FillPage(absl::StrCat("accesses ", question.matter), question, request, older, out);
}

Answer ListAreaAccesses(const AuditLog& log, const AccessQuestion& question,
                        const common::v1::ListAreaAccessesRequest& request, common::v1::ListAccessesResponse* out) {
  const auto older = [&](uint64_t before) { return log.OfArea(question.matter, kAuditPageMax, before); };
  return FillPage(absl::StrCat("accesses of area ", question.matter), question, request, older, out);
}

}  // namespace rpc
