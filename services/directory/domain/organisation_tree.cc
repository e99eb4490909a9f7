#include "services/directory/domain/organisation_tree.h"

#include <algorithm>
#include <cstdint>
#include <set>
#include <string_view>
#include <utility>

#include "common/v1/common.pb.h"

namespace directory {
namespace {

// Levels at which an organisation exists, as bits of common.v1.Level.
constexpr uint32_t At(auto... level) { return ((1u << static_cast<uint32_t>(level)) | ...); }
constexpr auto kVillage = common::v1::VILLAGE;
constexpr auto kTownship = common::v1::TOWNSHIP;
constexpr auto kCounty = common::v1::COUNTY;
constexpr auto kCity = common::v1::CITY;

// One row per organisation an area of a level has. `under`: suffix of the parent at the same level; empty:
// the same suffix one level up.
struct Row {
  std::string_view suffix;
  v1::OrgKind kind;
  uint32_t levels;
  std::string_view duty;
  std::string_view name;  // after the area's name
  std::string_view under;
};

constexpr Row kRows[] = {
    {"gov", v1::GOV, At(kTownship, kCounty, kCity), "", "人民政府", ""},
    {"centre", v1::CENTRE, At(kVillage, kTownship, kCounty, kCity), "", "综治中心", ""},
    {"committee", v1::COMMITTEE, At(kVillage, kTownship), "", "人民调解委员会", ""},
    {"petition", v1::PETITION_OFFICE, At(kTownship, kCounty, kCity), "petition", "信访局", "gov"},
    {"discipline", v1::DISCIPLINE, At(kCounty, kCity), "discipline", "纪委监委", "gov"},
    {"police", v1::POLICE, At(kTownship, kCounty, kCity), "police", "公安局", "gov"},
    {"justice", v1::DEPARTMENT, At(kTownship, kCounty, kCity), "justice", "司法局", "gov"},
    {"court", v1::COURT, At(kCounty, kCity), "court", "人民法院", "gov"},
    {"hotline", v1::HOTLINE, At(kCity), "hotline", "12345政务服务便民热线", "gov"},
    {"volunteer", v1::VOLUNTEER_TEAM, At(kCounty), "volunteer", "志愿服务队", "gov"},
    {"hrss", v1::DEPARTMENT, At(kCounty, kCity), "hrss", "人力资源和社会保障局", "gov"},
    {"housing", v1::DEPARTMENT, At(kCounty, kCity), "housing", "住房和城乡建设局", "gov"},
    {"market", v1::DEPARTMENT, At(kCounty, kCity), "market", "市场监督管理局", "gov"},
    {"urban", v1::DEPARTMENT, At(kCounty, kCity), "urban", "城市管理局", "gov"},
    {"emergency", v1::DEPARTMENT, At(kCounty, kCity), "emergency", "应急管理局", "gov"},
    {"agriculture", v1::DEPARTMENT, At(kCounty, kCity), "agriculture", "农业农村局", "gov"},
    {"land", v1::DEPARTMENT, At(kCounty, kCity), "land", "自然资源局", "gov"},
    {"environment", v1::DEPARTMENT, At(kCounty, kCity), "environment", "生态环境局", "gov"},
    {"civil", v1::DEPARTMENT, At(kCounty, kCity), "civil", "民政局", "gov"},
    {"health", v1::DEPARTMENT, At(kCounty, kCity), "health", "卫生健康局", "gov"},
    {"education", v1::DEPARTMENT, At(kCounty, kCity), "education", "教育和体育局", "gov"},
    {"transport", v1::DEPARTMENT, At(kCounty, kCity), "transport", "交通运输局", "gov"},
    {"industry", v1::DEPARTMENT, At(kCounty, kCity), "industry", "工业和信息化局", "gov"},
    {"water", v1::ENTERPRISE, At(kCounty), "water", "供水企业", "gov"},
    {"power", v1::ENTERPRISE, At(kCounty), "power", "供电企业", "gov"},
    {"gas", v1::ENTERPRISE, At(kCounty), "gas", "供气企业", "gov"},
    {"heating", v1::ENTERPRISE, At(kCounty), "heating", "供热企业", "gov"},
    {"committee-medical", v1::COMMITTEE, At(kCounty), "industry-medical", "医疗纠纷人民调解委员会",
     "justice"},
    {"committee-traffic", v1::COMMITTEE, At(kCounty), "industry-traffic", "交通事故纠纷人民调解委员会",
     "justice"},
    {"committee-consumer", v1::COMMITTEE, At(kCounty), "industry-consumer", "消费纠纷人民调解委员会",
     "justice"},
    {"committee-labour", v1::COMMITTEE, At(kCounty), "industry-labour", "劳动争议人民调解委员会", "justice"},
    {"committee-property", v1::COMMITTEE, At(kCounty), "industry-property", "物业纠纷人民调解委员会",
     "justice"},
};

// The departments of a province 省直部门, each above the city's of the same system (信访工作条例 35, 36). Where a province
// has no department of that name, another does its work: 城市管理 belongs to that of housing, so it stands here twice.
struct Department {
  std::string_view suffix;  // of the city's
  std::string_view id;      // of the province's
  std::string_view name;    // after the province's name
};

constexpr Department kDepartments[] = {
    {"discipline", "discipline", "纪委监委"},
    {"police", "police", "公安厅"},
    {"justice", "justice", "司法厅"},
    {"court", "court", "高级人民法院"},
    {"hrss", "hrss", "人力资源和社会保障厅"},
    {"housing", "housing", "住房和城乡建设厅"},
    {"urban", "housing", "住房和城乡建设厅"},
    {"market", "market", "市场监督管理局"},
    {"emergency", "emergency", "应急管理厅"},
    {"agriculture", "agriculture", "农业农村厅"},
    {"land", "land", "自然资源厅"},
    {"environment", "environment", "生态环境厅"},
    {"civil", "civil", "民政厅"},
    {"health", "health", "卫生健康委员会"},
    {"education", "education", "教育厅"},
    {"transport", "transport", "交通运输厅"},
    {"industry", "industry", "工业和信息化厅"},
};

// 张庄村村民委员会 -> 张庄村; 尉署社区居委会 -> 尉署社区.
std::string PlaceName(const v1::Area& area) {
  std::string name = area.name();
  if (area.level() != kVillage) return name;
  for (const std::string_view ending : {"村民委员会", "居民委员会", "村委会", "居委会"}) {
    if (!name.ends_with(ending) || name.size() == ending.size()) continue;
    name.resize(name.size() - ending.size());
    if (ending.starts_with("村") && !name.ends_with("村") && !name.ends_with("社区")) name += "村";
    break;
  }
  return name;
}

std::string Title(const Row& row, const v1::Area& area) {
  const std::string place = PlaceName(area);
  if (row.suffix == "gov" && area.kind() == "街道") return place + "办事处";
  if (row.suffix == "gov" && area.kind() == "办公室") return place;
  if (area.level() == kTownship) {
    if (row.suffix == "police") return place + "派出所";
    if (row.suffix == "justice") return place + "司法所";
    if (row.suffix == "petition") return place + "信访办公室";
  }
  if (row.suffix == "court" && area.level() == kCity) return place + "中级人民法院";
  if (row.suffix == "health" && area.level() == kCity) return place + "卫生健康委员会";
  return place + std::string(row.name);
}

std::string DutyOf(const Row& row, const v1::Area& area) {
  if (row.suffix != "committee") return std::string(row.duty);
  return area.level() == kVillage ? "village" : "township";
}

class Tree {
 public:
  explicit Tree(const std::map<std::string, v1::Area>& areas) : areas_(areas) {}

  std::vector<v1::Organisation> Build() {
    for (int level = common::v1::PROVINCE; level >= kVillage; --level) {
      for (const auto& [code, area] : areas_) {
        if (area.level() != level || !area.valid_to().empty() || !area.successor().empty()) continue;
        if (level == common::v1::PROVINCE) {
          AddOutside(area);
        } else {
          AddRows(area);
        }
      }
    }
    return std::move(all_);
  }

 private:
  // The province is outside the platform; its kind says so, and it is named because reviews end there.
  void AddOutside(const v1::Area& area) {
    AddExternal(area, "gov", "人民政府", "", "");
    AddExternal(area, "petition", "信访局", "", "");
    for (const Department& department : kDepartments) {
      if (ids_.contains(area.code() + "-" + std::string(department.id))) continue;
      AddExternal(area, department.id, department.name, department.id, area.code() + "-gov");
    }
  }

  void AddExternal(const v1::Area& area, std::string_view suffix, std::string_view name, std::string_view duty,
                   const std::string& parent) {
    v1::Organisation org;
    org.set_id(area.code() + "-" + std::string(suffix));
    org.set_name(area.name() + std::string(name));
    org.set_kind(v1::EXTERNAL);
    org.set_level(area.level());
    org.set_area_code(area.code());
    org.set_duty(std::string(duty));
    org.set_parent(parent);
    Keep(std::move(org));
  }

  void AddRows(const v1::Area& area) {
    for (const Row& row : kRows) {
      if ((row.levels & At(area.level())) == 0) continue;
      v1::Organisation org;
      org.set_id(area.code() + "-" + std::string(row.suffix));
      org.set_name(Title(row, area));
      org.set_kind(row.kind);
      org.set_level(area.level());
      org.set_area_code(area.code());
      org.set_duty(DutyOf(row, area));
      org.set_superior_for_review(Above(row, area));
      const std::string under = area.code() + "-" + std::string(row.under);
      org.set_parent(!row.under.empty() && ids_.contains(under) ? under : org.superior_for_review());
      Keep(std::move(org));
    }
  }

  // The same organisation one level up, above the city the province's department of the same system; else the
  // government there.
  std::string Above(const Row& row, const v1::Area& area) const {
    const auto* department = std::ranges::find(kDepartments, row.suffix, &Department::suffix);
    const bool of_province = area.level() == kCity && department != std::end(kDepartments);
    const std::string same = area.parent() + "-" + std::string(of_province ? department->id : row.suffix);
    return ids_.contains(same) ? same : area.parent() + "-gov";
  }

  void Keep(v1::Organisation org) {
    ids_.insert(org.id());
    all_.push_back(std::move(org));
  }

  const std::map<std::string, v1::Area>& areas_;
  std::set<std::string> ids_;
  std::vector<v1::Organisation> all_;
};

}  // namespace

std::vector<v1::Organisation> BuildOrganisations(const std::map<std::string, v1::Area>& areas) {
  return Tree(areas).Build();
}

}  // namespace directory
