#pragma once
// Which aggregate of a service holds a piece of reference data: "ref/calendar", "ref/policy",
// "ref/area/371403", "ref/org/371403-centre",
// "ref/staff/01J8…". One a thing, so that what is told again replaces what was
// known. Pure.

#include <string>

#include "directory/v1/notices.pb.h"

namespace reference {

// Empty: a notice without reference data (a session that ended).
inline std::string IdOf(const directory::v1::Notice& notice) {
  switch (notice.body_case()) {
    case directory::v1::Notice::kCalendarLoaded:
      return "ref/calendar";
    case directory::v1::Notice::kPolicyChanged:
      return "ref/policy";
    case directory::v1::Notice::kAreaChanged:
      return "ref/area/" + notice.area_changed().code();
    case directory::v1::Notice::kOrgChanged:
      return "ref/org/" + notice.org_changed().id();
    case directory::v1::Notice::kStaffChanged:
      return "ref/staff/" + notice.staff_changed().user_id();
    default:
      return "";
  }
}

}  // namespace reference
