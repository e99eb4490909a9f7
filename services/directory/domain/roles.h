#pragma once
// The roles of the platform as an administrator grants them: at which levels, in which kinds of organisation,
// by whom. One row a role; domain model 3.2. Pure.
//
// Separation of duties (三员分立): system, security and audit administrator are three people; none of them
// holds another role, so none sees the content of matters. Ordinary roles are granted by the system
// administrator; an administrator is made by another kind of administrator, so that nobody makes his own
// kind, and nobody grants to himself.

#include <cstdint>
#include <string_view>

#include "directory/v1/directory.pb.h"
#include "directory/v1/notices.pb.h"
#include "kernel/v1/actor.pb.h"

namespace directory {

struct RoleRow {
  kernel::v1::Role role;
  std::string_view code;  // "TD"
  std::string_view name_zh;
  int level_min, level_max;  // of the area granted
  uint32_t kinds;            // bits of OrgKind; 0: no organisation (residents)
  uint32_t granted_by;       // bits of Role: ROLE_SA, ROLE_SE
};

// Null: nobody can be granted this.
const RoleRow* FindRole(kernel::v1::Role role);
bool IsAdministrator(kernel::v1::Role role);
// A grant of any role but that of a resident 群众: what makes an account one of staff.
bool IsPost(const v1::User::Grant& grant);
bool IsStaff(const v1::User& user);

template <class T>
constexpr uint32_t Bit(T value) {
  return 1u << static_cast<uint32_t>(value);
}

}  // namespace directory
