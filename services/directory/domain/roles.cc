#include "services/directory/domain/roles.h"

#include <algorithm>
#include <iterator>

#include "common/v1/common.pb.h"

namespace directory {
namespace {

using kernel::v1::Role;
constexpr int kGrid = common::v1::GRID;
constexpr int kVillage = common::v1::VILLAGE;
constexpr int kTownship = common::v1::TOWNSHIP;
constexpr int kCounty = common::v1::COUNTY;
constexpr int kCity = common::v1::CITY;

constexpr uint32_t kAny = ~0u;
constexpr uint32_t kCentre = Bit(v1::CENTRE);
constexpr uint32_t kGov = Bit(v1::GOV);
constexpr uint32_t kCommittee = Bit(v1::COMMITTEE);
constexpr uint32_t kPetition = Bit(v1::PETITION_OFFICE);
constexpr uint32_t kUnit = Bit(v1::DEPARTMENT) | Bit(v1::POLICE) | Bit(v1::ENTERPRISE) | Bit(v1::GOV) |
                           Bit(v1::COURT) | Bit(v1::PETITION_OFFICE) | Bit(v1::CENTRE) |
                           Bit(v1::VOLUNTEER_TEAM);
constexpr uint32_t kField = kCentre | kCommittee | Bit(v1::GRID_TEAM);
constexpr uint32_t kSa = Bit(kernel::v1::ROLE_SA);
constexpr uint32_t kSe = Bit(kernel::v1::ROLE_SE);

constexpr RoleRow kRoles[] = {
    {Role::ROLE_PUB, "PUB", "群众（企业）", kVillage, kCity, 0, kSa},
    {Role::ROLE_GW, "GW", "网格员", kGrid, kVillage, kField, kSa},
    {Role::ROLE_GH, "GH", "网格长", kGrid, kVillage, kField, kSa},
    {Role::ROLE_TD, "TD", "乡镇（街道）综治中心调度员", kTownship, kTownship, kCentre, kSa},
    {Role::ROLE_TL, "TL", "乡镇（街道）领导", kTownship, kTownship, kGov, kSa},
    {Role::ROLE_CD, "CD", "县综治中心调度员", kCounty, kCounty, kCentre, kSa},
    {Role::ROLE_CL, "CL", "县领导", kCounty, kCounty, kGov, kSa},
    {Role::ROLE_CC, "CC", "市综治中心", kCity, kCity, kCentre, kSa},
    {Role::ROLE_CYL, "CYL", "市领导", kCity, kCity, kGov, kSa},
    {Role::ROLE_DH, "DH", "承办人", kTownship, kCity, kUnit, kSa},
    {Role::ROLE_DM, "DM", "部门负责人", kTownship, kCity, kUnit, kSa},
    {Role::ROLE_VF, "VF", "核查员", kVillage, kCounty, kCentre, kSa},
    {Role::ROLE_MR, "MR", "调解受理员", kVillage, kCounty, kCentre | kCommittee, kSa},
    {Role::ROLE_MC, "MC", "调委会主任", kVillage, kCounty, kCommittee, kSa},
    {Role::ROLE_MD, "MD", "调解员", kVillage, kCounty, kCommittee, kSa},
    {Role::ROLE_CT, "CT", "法院联络员", kCounty, kCounty, Bit(v1::COURT), kSa},
    {Role::ROLE_PC, "PC", "信访登记员", kTownship, kCity, kPetition, kSa},
    {Role::ROLE_PO, "PO", "信访部门负责人", kTownship, kCity, kPetition, kSa},
    {Role::ROLE_PH, "PH", "信访承办人", kTownship, kCity, kUnit, kSa},
    {Role::ROLE_RV, "RV", "复查复核员", kCounty, kCity, kPetition | kGov, kSa},
    {Role::ROLE_LD, "LD", "包案领导", kTownship, kCity, kGov, kSa},
    {Role::ROLE_SV, "SV", "督查员", kCounty, kCity, kCentre | kGov, kSa},
    {Role::ROLE_DI, "DI", "纪检联络员", kCounty, kCity, Bit(v1::DISCIPLINE), kSa},
    {Role::ROLE_HA, "HA", "12345坐席", kCity, kCity, Bit(v1::HOTLINE), kSa},
    {Role::ROLE_VT, "VT", "志愿服务队", kVillage, kCounty, Bit(v1::VOLUNTEER_TEAM), kSa},
    {Role::ROLE_AN, "AN", "统计分析员", kTownship, kCity, kAny, kSa},
    {Role::ROLE_SA, "SA", "系统管理员", kCounty, kCity, kAny, kSe},
    {Role::ROLE_SE, "SE", "安全管理员", kCounty, kCity, kAny, kSa},
    {Role::ROLE_AU, "AU", "审计管理员", kCounty, kCity, kAny, kSa | kSe},
};

}  // namespace

const RoleRow* FindRole(kernel::v1::Role role) {
  const auto* at = std::ranges::find(kRoles, role, &RoleRow::role);
  return at == std::end(kRoles) ? nullptr : at;
}

bool IsAdministrator(kernel::v1::Role role) {
  return role == kernel::v1::ROLE_SA || role == kernel::v1::ROLE_SE || role == kernel::v1::ROLE_AU;
}

bool IsPost(const v1::User::Grant& grant) { return grant.role() != kernel::v1::ROLE_PUB; }

bool IsStaff(const v1::User& user) { return std::ranges::any_of(user.grant(), IsPost); }

}  // namespace directory
