#include "services/directory/domain/area_lists.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdlib>
#include <set>
#include <utility>

#include "base/area_code.h"
#include "base/status_macros.h"
#include "common/v1/common.pb.h"
#include "services/directory/domain/csv.h"
#include "services/directory/domain/limits.h"

namespace directory {
namespace {

bool IsDigits(std::string_view text, size_t length) {
  return text.size() == length && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

bool IsDate(std::string_view text) {
  return text.size() == 10 && text[4] == '-' && text[7] == '-' && IsDigits(text.substr(0, 4), 4) &&
         IsDigits(text.substr(5, 2), 2) && IsDigits(text.substr(8), 2);
}

bool ParseDouble(std::string_view text, double* out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *out);
  return error == std::errc() && end == text.data() + text.size();
}

std::string TownshipKind(std::string_view kind) {
  if (kind == "town") return "镇";
  if (kind == "township") return "乡";
  if (kind == "subdistrict") return "街道";
  if (kind == "functional_office") return "办公室";
  return "";
}

// A committee of residents 居委会 governs a community; a committee of villagers 村委会 a village.
std::string VillageKind(std::string_view name) {
  return name.find("居委会") != std::string_view::npos || name.find("居民委员会") != std::string_view::npos
             ? "社区"
             : "村";
}

// Reads the files in the order in which they lean on each other.
class VintageReader {
 public:
  explicit VintageReader(const VintageFiles& files) : files_(files) {}

  absl::StatusOr<Vintage> Read() {
    RETURN_IF_ERROR(ReadHead());
    RETURN_IF_ERROR(ReadCounties());
    RETURN_IF_ERROR(ReadStatutory());
    RETURN_IF_ERROR(ReadFolded());
    RETURN_IF_ERROR(ReadTownships());
    RETURN_IF_ERROR(ReadVillages());
    RETURN_IF_ERROR(ReadBoundaries());
    return std::move(vintage_);
  }

 private:
  struct Statutory {
    std::string kind;
    std::string county;
    int line = 0;
  };

  // Adds an area valid from the day of the list. The caller has checked the code.
  v1::Area* Add(const std::string& code, const std::string& name, int level, const std::string& parent) {
    v1::Area& area = vintage_.area[code];
    area.set_code(code);
    area.set_name(name);
    area.set_level(level);
    area.set_parent(parent);
    area.set_valid_from(vintage_.as_of);
    return &area;
  }

  // What every row of every list has: a code of so many digits below `prefix`, unseen so far, and a name.
  absl::Status CheckRow(const Csv& csv, const CsvRow& row, size_t digits, std::string_view prefix,
                        std::set<std::string>* seen) const {
    const std::string& code = row.field[0];
    if (!IsDigits(code, digits)) {
      return ListError(csv, row.line, csv.column[0],
                       std::to_string(digits) + " digits expected, got \"" + code + "\"",
                       "编码应为" + std::to_string(digits) + "位数字");
    }
    if (!code.starts_with(prefix)) {
      return ListError(csv, row.line, csv.column[0], code + " does not lie in " + std::string(prefix),
                       "编码不属于上级区划" + std::string(prefix));
    }
    if (!seen->insert(code).second) {
      return ListError(csv, row.line, csv.column[0], code + " is there twice", "编码重复");
    }
    if (row.field[1].empty()) return ListError(csv, row.line, csv.column[1], "empty", "名称为空");
    return absl::OkStatus();
  }

  absl::Status ReadHead() {
    ASSIGN_OR_RETURN(const Csv csv,
                     ReadCsv(files_.vintage.name, files_.vintage.text,
                             {"as_of", "city_code", "city_name", "province_code", "province_name"}));
    if (csv.row.size() != 1) return ListError(csv, 2, "", "exactly one row expected", "应只有一行数据");
    const CsvRow& row = csv.row.front();
    if (!IsDate(row.field[0]))
      return ListError(csv, row.line, "as_of", "a date like 2023-06-30 expected", "日期格式有误");
    if (!IsDigits(row.field[3], 2))
      return ListError(csv, row.line, "province_code", "2 digits expected", "应为2位数字");
    if (!IsDigits(row.field[1], 4) || !row.field[1].starts_with(row.field[3])) {
      return ListError(csv, row.line, "city_code", "4 digits inside the province expected",
                       "应为省内4位市码");
    }
    vintage_.as_of = row.field[0];
    vintage_.city = row.field[1];
    Add(row.field[3], row.field[4], common::v1::PROVINCE, "")->set_kind("省");
    Add(vintage_.city, row.field[2], common::v1::CITY, row.field[3])->set_kind("市");
    return absl::OkStatus();
  }

  absl::Status ReadCounties() {
    ASSIGN_OR_RETURN(const Csv csv,
                     ReadCsv(files_.counties.name, files_.counties.text, {"code", "name", "cityCode"}));
    std::set<std::string> seen;
    for (const CsvRow& row : csv.row) {
      RETURN_IF_ERROR(CheckRow(csv, row, 6, vintage_.city, &seen));
      if (row.field[2] != vintage_.city) {
        return ListError(csv, row.line, "cityCode", row.field[2] + " is not the city", "上级市编码不符");
      }
      const std::string& name = row.field[1];
      const size_t last = name.size() >= 3 ? name.size() - 3 : 0;
      Add(row.field[0], name, common::v1::COUNTY, vintage_.city)->set_kind(name.substr(last));
    }
    return absl::OkStatus();
  }

  // Townships by law; a county whose townships belong to another is a functional zone.
  absl::Status ReadStatutory() {
    ASSIGN_OR_RETURN(const Csv csv, ReadCsv(files_.statutory.name, files_.statutory.text,
                                            {"code", "name", "kind", "statutory_county"}));
    std::set<std::string> seen;
    for (const CsvRow& row : csv.row) {
      RETURN_IF_ERROR(CheckRow(csv, row, 9, vintage_.city, &seen));
      const std::string kind = TownshipKind(row.field[2]);
      if (kind.empty()) {
        return ListError(csv, row.line, "kind",
                         "\"" + row.field[2] +
                             "\" is none of town, township, subdistrict, "
                             "functional_office",
                         "类别有误");
      }
      const std::string& county = row.field[3];
      if (!vintage_.area.contains(county) || county.size() != 6) {
        return ListError(csv, row.line, "statutory_county", county + " is not in " + files_.counties.name,
                         "所属县级区划不在名录中");
      }
      statutory_[row.field[0]] = {kind, county, row.line};
      const std::string listed_county = row.field[0].substr(0, 6);
      if (listed_county == county) continue;
      const auto zone = vintage_.area.find(listed_county);
      if (zone == vintage_.area.end()) {
        return ListError(csv, row.line, "code", listed_county + " is not in " + files_.counties.name,
                         "县级区划不在名录中");
      }
      zone->second.set_functional_zone(true);
      zone->second.set_kind("功能区");
      zone->second.set_successor(county);
      zone->second.set_successor_rule("functional-zone");
    }
    return absl::OkStatus();
  }

  absl::Status ReadFolded() {
    if (files_.folded.text.empty()) return absl::OkStatus();
    ASSIGN_OR_RETURN(const Csv csv, ReadCsv(files_.folded.name, files_.folded.text, {"listed_code", "code"}));
    std::set<std::string> seen;
    for (const CsvRow& row : csv.row) {
      RETURN_IF_ERROR(CheckRow(csv, row, 9, vintage_.city, &seen));
      const auto statutory = statutory_.find(row.field[0]);
      if (statutory == statutory_.end()) {
        return ListError(csv, row.line, "listed_code", row.field[0] + " is not in " + files_.statutory.name,
                         "不在法定隶属名录中");
      }
      if (!IsDigits(row.field[1], 9) || row.field[1].substr(0, 6) != statutory->second.county) {
        return ListError(csv, row.line, "code", row.field[1] + " does not lie in " + statutory->second.county,
                         "折算编码不属于法定县级区划");
      }
      folded_[row.field[0]] = row.field[1];
    }
    return absl::OkStatus();
  }

  absl::Status ReadTownships() {
    ASSIGN_OR_RETURN(const Csv csv,
                     ReadCsv(files_.townships.name, files_.townships.text, {"code", "name", "areaCode"}));
    std::set<std::string> seen;
    for (const CsvRow& row : csv.row) {
      const std::string& listed = row.field[0];
      RETURN_IF_ERROR(CheckRow(csv, row, 9, row.field[2], &seen));
      if (!vintage_.area.contains(row.field[2])) {
        return ListError(csv, row.line, "areaCode", row.field[2] + " is not in " + files_.counties.name,
                         "上级县编码不在名录中");
      }
      const auto statutory = statutory_.find(listed);
      if (statutory == statutory_.end()) {
        return ListError(csv, row.line, "code", listed + " is not in " + files_.statutory.name,
                         "缺少法定隶属关系");
      }
      const auto folded = folded_.find(listed);
      const std::string code =
          folded != folded_.end() ? folded->second : statutory->second.county + listed.substr(6);
      if (vintage_.area.contains(code)) {
        return ListError(
            csv, row.line, "code",
            listed + " cannot become " + code + ", which is taken: add a row to " + files_.folded.name,
            "折算后的编码已被占用，请在折算表中补充");
      }
      v1::Area* area = Add(code, row.field[1], common::v1::TOWNSHIP, statutory->second.county);
      area->set_kind(statutory->second.kind);
      area->set_functional_zone(statutory->second.kind == "办公室");
      if (code != listed) {
        area->set_listed_under(row.field[2]);
        area->add_listed_code(listed);
      }
      code_of_[listed] = code;
    }
    for (const auto& [listed, statutory] : statutory_) {
      if (code_of_.contains(listed)) continue;
      return absl::InvalidArgumentError(files_.statutory.name + ":" + std::to_string(statutory.line) +
                                        ": code: " + listed + " is not in " + files_.townships.name +
                                        "（不在乡镇名录中）");
    }
    return absl::OkStatus();
  }

  absl::Status ReadVillages() {
    ASSIGN_OR_RETURN(const Csv csv,
                     ReadCsv(files_.villages.name, files_.villages.text, {"code", "name", "streetCode"}));
    if (csv.row.size() > kVillagesPerCityMax) {
      return ListError(csv, csv.row.back().line, "", "more than 20000 villages in one city",
                       "村（社区）数量超过上限");
    }
    std::set<std::string> seen;
    for (const CsvRow& row : csv.row) {
      RETURN_IF_ERROR(CheckRow(csv, row, 12, row.field[2], &seen));
      const auto township = code_of_.find(row.field[2]);
      if (township == code_of_.end()) {
        return ListError(csv, row.line, "streetCode", row.field[2] + " is not in " + files_.townships.name,
                         "上级乡镇编码不在名录中");
      }
      const std::string code = township->second + row.field[0].substr(9);
      v1::Area* area = Add(code, row.field[1], common::v1::VILLAGE, township->second);
      area->set_kind(VillageKind(row.field[1]));
      if (code != row.field[0]) {
        area->set_listed_under(row.field[2]);
        area->add_listed_code(row.field[0]);
      }
    }
    return absl::OkStatus();
  }

  absl::Status ReadBoundaries() {
    if (files_.boundaries.text.empty()) return absl::OkStatus();
    ASSIGN_OR_RETURN(const Csv csv,
                     ReadCsv(files_.boundaries.name, files_.boundaries.text, {"code", "name", "ring"}));
    std::set<std::string> seen;
    for (const CsvRow& row : csv.row) {
      RETURN_IF_ERROR(CheckRow(csv, row, 6, vintage_.city, &seen));
      if (!vintage_.area.contains(row.field[0])) {
        return ListError(csv, row.line, "code", row.field[0] + " is not in " + files_.counties.name,
                         "县级区划不在名录中");
      }
      Ring ring;
      std::string_view rest = row.field[2];
      while (!rest.empty()) {
        const std::string_view pair = rest.substr(0, rest.find(';'));
        rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
        const size_t space = pair.find(' ');
        Point p;
        if (space == std::string_view::npos || !ParseDouble(pair.substr(0, space), &p.lon) ||
            !ParseDouble(pair.substr(space + 1), &p.lat) || std::abs(p.lon) > 180 || std::abs(p.lat) > 90) {
          return ListError(csv, row.line, "ring",
                           "\"" + std::string(pair) + "\" is not \"longitude latitude\"",
                           "坐标格式应为“经度 纬度”");
        }
        ring.push_back(p);
      }
      if (ring.size() < 3)
        return ListError(csv, row.line, "ring", "at least 3 points expected", "边界至少需要3个点");
      vintage_.boundary[row.field[0]] = std::move(ring);
    }
    return absl::OkStatus();
  }

  const VintageFiles& files_;
  Vintage vintage_;
  std::map<std::string, Statutory> statutory_;  // by listed township code
  std::map<std::string, std::string> folded_;   // listed township code -> code inside the county by law
  std::map<std::string, std::string> code_of_;  // listed township code -> our code
};

}  // namespace

absl::StatusOr<Vintage> ReadVintage(const VintageFiles& files) { return VintageReader(files).Read(); }

}  // namespace directory
