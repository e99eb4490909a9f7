#include "services/reference/policy_files.h"

#include <string>

#include "base/status_macros.h"
#include "services/reference/policy_text.h"
#include "services/reference/validate.h"

namespace reference {
namespace {

absl::Status In(const std::string& place, const absl::Status& status) {
  if (status.ok()) return status;
  return absl::Status(status.code(), place + ": " + std::string(status.message()));
}

}  // namespace

absl::StatusOr<PolicyFiles> ReadPolicyFolder(std::string_view folder) {
  const std::string root(folder);
  PolicyFiles files;
  policy::v1::PolicySet& set = files.policies;
  RETURN_IF_ERROR(ReadPolicyText(root + "/deadlines.textproto", set.mutable_deadlines()));
  RETURN_IF_ERROR(ReadPolicyText(root + "/categories.textproto", set.mutable_categories()));
  RETURN_IF_ERROR(ReadPolicyText(root + "/ladder.textproto", set.mutable_ladder()));
  RETURN_IF_ERROR(ReadPolicyText(root + "/incident.textproto", set.mutable_incident()));
  RETURN_IF_ERROR(ReadPolicyText(root + "/mediation.textproto", set.mutable_mediation()));
  RETURN_IF_ERROR(ReadPolicyText(root + "/petition.textproto", set.mutable_petition()));
  RETURN_IF_ERROR(ReadPolicyText(root + "/warnings.textproto", set.mutable_warning()));
  RETURN_IF_ERROR(ReadPolicyText(root + "/figures.textproto", set.mutable_figures()));
  RETURN_IF_ERROR(ReadPolicyText(root + "/calendar/calendar.textproto", &files.calendar));
  set.set_revision(set.deadlines().revision() + set.categories().revision() + set.ladder().revision() +
                   set.incident().revision() + set.mediation().revision() + set.petition().revision() +
                   set.warning().revision() + set.figures().revision());
  RETURN_IF_ERROR(In(root + "/deadlines.textproto", ValidateDeadlines(set.deadlines())));
  RETURN_IF_ERROR(In(root + "/categories.textproto", ValidateCategories(set.categories())));
  RETURN_IF_ERROR(In(root + "/ladder.textproto", ValidateLadder(set.ladder())));
  RETURN_IF_ERROR(In(root + "/incident.textproto", ValidateIncidentPolicy(set.incident())));
  RETURN_IF_ERROR(In(root + "/mediation.textproto", ValidateMediationPolicy(set.mediation())));
  RETURN_IF_ERROR(In(root + "/petition.textproto", ValidatePetitionPolicy(set.petition())));
  RETURN_IF_ERROR(In(root + "/warnings.textproto", ValidateWarningPolicy(set.warning())));
  RETURN_IF_ERROR(In(root + "/figures.textproto", ValidateFigurePolicy(set.figures())));
  RETURN_IF_ERROR(In(root + "/calendar/calendar.textproto", CalendarFrom(files.calendar).status()));
  return files;
}

}  // namespace reference
