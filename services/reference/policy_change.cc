// What a city may change in its policies, and what it may not.
#include <string>

#include "base/status_macros.h"
#include "services/reference/deadline.h"
#include "services/reference/validate.h"

namespace reference {
namespace {

absl::Status Refuse(const std::string& zh, const std::string& en) {
  return absl::FailedPreconditionError(zh + " / " + en);
}

// A part must carry a higher revision if its content changed, so that a clock's policy_revision says what was
// in force.
template <class Part>
absl::Status CheckRevision(const Part& before, const Part& after, const std::string& name) {
  if (after.revision() < before.revision()) {
    return Refuse(name + "：revision 变小", name + ": revision goes back");
  }
  if (after.revision() == before.revision() && after.SerializeAsString() != before.SerializeAsString()) {
    return Refuse(name + "：内容已变但 revision 未增加", name + ": changed, but revision stayed the same");
  }
  return absl::OkStatus();
}

template <class Rows>
absl::Status CheckNothingDeleted(const Rows& before, const Rows& after, auto key, const std::string& zh,
                                 const std::string& en) {
  for (const auto& old_row : before) {
    bool found = false;
    for (const auto& row : after) found = found || key(row) == key(old_row);
    if (found) continue;
    return Refuse(zh + " " + key(old_row) + "：不能删除，请设 retired: true",
                  en + " " + key(old_row) + ": cannot be deleted, set retired: true");
  }
  return absl::OkStatus();
}

absl::Status CheckFixedRule(const policy::v1::DeadlineRule& before, const policy::v1::DeadlineRule& after) {
  const auto refuse = [&](const std::string& field) {
    return Refuse("时限 " + before.id() + "：法定期限，" + field + " 只能从严，不能放宽",
                  "deadline " + before.id() + ": statutory, " + field + " may be made stricter only");
  };
  if (!after.fixed()) return refuse("fixed");
  if (after.article() != before.article()) return refuse("article");
  if (after.length().unit() != before.length().unit()) return refuse("length.unit");
  if (after.length().amount() > before.length().amount()) return refuse("length");
  if (before.length().amount() > 0 && after.length().amount() == 0) return refuse("length");
  if (after.extensions_at_most() > before.extensions_at_most()) return refuse("extensions_at_most");
  if (after.extension_up_to_length() && !before.extension_up_to_length())
    return refuse("extension_up_to_length");
  if (after.extension_max().amount() > before.extension_max().amount()) return refuse("extension_max");
  if (after.extension_max().amount() > 0 && after.extension_max().unit() != before.extension_max().unit()) {
    return refuse("extension_max.unit");
  }
  return absl::OkStatus();
}

absl::Status CheckRules(const policy::v1::Deadlines& before, const policy::v1::Deadlines& after) {
  for (const auto& old_rule : before.rule()) {
    for (const auto& rule : after.rule()) {
      if (rule.id() != old_rule.id()) continue;
      if (old_rule.fixed()) RETURN_IF_ERROR(CheckFixedRule(old_rule, rule));
      RETURN_IF_ERROR(CheckRevision(old_rule, rule, "deadline " + rule.id()));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status ValidatePolicyChange(const policy::v1::PolicySet& before, const policy::v1::PolicySet& after) {
  const auto by_id = [](const auto& row) { return row.id(); };
  const auto by_code = [](const auto& row) { return row.code(); };
  RETURN_IF_ERROR(ValidatePolicies(after));
  RETURN_IF_ERROR(CheckRevision(before, after, "policies"));
  RETURN_IF_ERROR(CheckRevision(before.deadlines(), after.deadlines(), "deadlines"));
  RETURN_IF_ERROR(CheckRevision(before.categories(), after.categories(), "categories"));
  RETURN_IF_ERROR(CheckRevision(before.ladder(), after.ladder(), "ladder"));
  RETURN_IF_ERROR(CheckRevision(before.incident(), after.incident(), "incident"));
  RETURN_IF_ERROR(CheckRevision(before.mediation(), after.mediation(), "mediation"));
  RETURN_IF_ERROR(CheckRevision(before.petition(), after.petition(), "petition"));
  RETURN_IF_ERROR(CheckRevision(before.warning(), after.warning(), "warnings"));
  RETURN_IF_ERROR(CheckRevision(before.figures(), after.figures(), "figures"));
  RETURN_IF_ERROR(
      CheckNothingDeleted(before.deadlines().rule(), after.deadlines().rule(), by_id, "时限", "deadline"));
  RETURN_IF_ERROR(CheckNothingDeleted(before.categories().category(), after.categories().category(), by_code,
                                      "事件分类", "category"));
  RETURN_IF_ERROR(CheckNothingDeleted(before.incident().suspend_reason(), after.incident().suspend_reason(),
                                      by_code, "缓办理由", "suspend reason"));
  RETURN_IF_ERROR(CheckNothingDeleted(before.mediation().dispute_type(), after.mediation().dispute_type(),
                                      by_code, "纠纷类型", "dispute type"));
  RETURN_IF_ERROR(
      CheckNothingDeleted(before.warning().rule(), after.warning().rule(), by_id, "预警规则", "warning rule"));
  return CheckRules(before.deadlines(), after.deadlines());
}

}  // namespace reference
