#include "services/reference/validate.h"

#include <set>
#include <string>
#include <utility>

#include "base/area_code.h"
#include "base/status_macros.h"
#include "base/utf8.h"
#include "incident/v1/notices.pb.h"
#include "mediation/v1/notices.pb.h"
#include "services/reference/boundary.h"
#include "services/reference/count.h"

namespace reference {
namespace {

using common::v1::Length;

constexpr int kNameCharactersMax = 80;
constexpr int kIdBytesMax = 64;
constexpr int32_t kFillSecondsMax = 3600;

absl::Status Wrong(const std::string& where_zh, const std::string& where_en, std::string_view field,
                   std::string_view zh, std::string_view en) {
  std::string text = where_zh + "：" + std::string(field) + " " + std::string(zh) + " / " + where_en + ": ";
  text += std::string(field) + " " + std::string(en);
  return absl::InvalidArgumentError(text);
}

// One row of a file: knows how to name itself in both languages.
struct Row {
  std::string zh;
  std::string en;
  absl::Status Says(std::string_view field, std::string_view why_zh, std::string_view why_en) const {
    return Wrong(zh, en, field, why_zh, why_en);
  }
  absl::Status Missing(std::string_view field) const { return Says(field, "缺失", "is missing"); }
};

absl::Status CheckText(const Row& row, std::string_view field, std::string_view text) {
  if (text.empty()) return row.Missing(field);
  if (!base::IsValidUtf8(text)) return row.Says(field, "不是有效的 UTF-8", "is not valid UTF-8");
  if (base::CodePoints(text) > static_cast<size_t>(kNameCharactersMax)) {
    return row.Says(field, "超过80个字", "has more than 80 characters");
  }
  return absl::OkStatus();
}

// A fill that costs nothing would make every demand look free.
absl::Status CheckAskingCost(const policy::v1::AskingCost& cost) {
  const Row row{"填报成本", "asking cost"};
  const std::pair<const char*, int32_t> columns[] = {{"base_seconds", cost.base_seconds()},
                                                     {"question_seconds", cost.question_seconds()},
                                                     {"field_seconds", cost.field_seconds()},
                                                     {"photo_seconds", cost.photo_seconds()}};
  for (const auto& [name, seconds] : columns) {
    if (seconds < 1 || seconds > kFillSecondsMax) return row.Says(name, "应为1至3600秒", "must be from 1 to 3600 seconds");
  }
  return absl::OkStatus();
}

// Two digits, as the standard writes them; and no ending or size of ours stands for two codes.
template <class Known>
absl::Status CheckRecordCodes(std::string_view zh, std::string_view en,
                              const google::protobuf::RepeatedPtrField<policy::v1::RecordCode>& codes, Known known) {
  std::set<std::string> seen, named;
  for (const auto& code : codes) {
    const Row row{std::string(zh) + " " + code.code(), std::string(en) + " " + code.code()};
    const bool digits = code.code().size() == 2 && code.code().find_first_not_of("0123456789") == std::string::npos;
    if (!digits) return row.Says("code", "应为两位数字", "must be two digits");
    if (!seen.insert(code.code()).second) return row.Says("code", "重复", "is there twice");
    RETURN_IF_ERROR(CheckText(row, "name_zh", code.name_zh()));
    for (const std::string& ours : code.of()) {
      if (!known(ours)) return row.Says("of", "没有“" + ours + "”", "does not know \"" + ours + "\"");
      if (!named.insert(ours).second) {
        return row.Says("of", "“" + ours + "”已对应另一个代码", "names \"" + ours + "\", which has another code");
      }
    }
  }
  return absl::OkStatus();
}

bool IsEnding(const std::string& name) {
  const size_t slash = name.find('/');
  incident::v1::ClosureType ending = incident::v1::CLOSURE_TYPE_UNSPECIFIED;
  mediation::v1::CaseKind kind = mediation::v1::CASE_KIND_UNSPECIFIED;
  if (!incident::v1::ClosureType_Parse(name.substr(0, slash), &ending)) return false;
  if (slash == std::string::npos) return true;
  return ending == incident::v1::VIA_MEDIATION && mediation::v1::CaseKind_Parse(name.substr(slash + 1), &kind);
}

bool IsScale(const std::string& name) {
  common::v1::Scale scale = common::v1::SCALE_UNSPECIFIED;
  return common::v1::Scale_Parse(name, &scale);
}

int64_t RoughDays(const Length& length) {
  switch (length.unit()) {
    case common::v1::MO:
      return int64_t{length.amount()} * 31;
    case common::v1::WD:
      return int64_t{length.amount()} * 2;
    case common::v1::WH:
    case common::v1::UH:
      return length.amount() / 8;
    case common::v1::UM:
      return length.amount() / 480;
    default:
      return length.amount();
  }
}

// `optional`: an amount of 0 without a unit means "none".
absl::Status CheckLength(const Row& row, std::string_view field, const Length& length, bool optional) {
  if (length.amount() == 0 && length.unit() == common::v1::TIME_UNIT_UNSPECIFIED) {
    return optional ? absl::OkStatus() : row.Missing(field);
  }
  if (length.unit() == common::v1::TIME_UNIT_UNSPECIFIED || !common::v1::TimeUnit_IsValid(length.unit())) {
    return row.Says(field, "缺少单位", "has no unit");
  }
  if (length.amount() <= 0) return row.Says(field, "必须大于0", "must be greater than 0");
  if (RoughDays(length) > kPeriodDaysMax) return row.Says(field, "超过十年", "is longer than ten years");
  return absl::OkStatus();
}

absl::Status CheckUnique(const Row& row, std::string_view field, const std::string& key,
                         std::set<std::string>* seen) {
  if (key.empty()) return row.Missing(field);
  if (key.size() > static_cast<size_t>(kIdBytesMax)) return row.Says(field, "太长", "is too long");
  return seen->insert(key).second ? absl::OkStatus() : row.Says(field, "重复", "is used twice");
}

absl::Status CheckLevel(const Row& row, std::string_view field, int level) {
  return level >= 1 && level <= 5 ? absl::OkStatus()
                                  : row.Says(field, "应为1至5", "must be a level from 1 to 5");
}

absl::Status CheckRule(const policy::v1::DeadlineRule& rule, std::set<std::string>* seen) {
  const Row row{"时限 " + rule.id(), "deadline " + rule.id()};
  RETURN_IF_ERROR(CheckUnique(row, "id", rule.id(), seen));
  RETURN_IF_ERROR(CheckText(row, "name_zh", rule.name_zh()));
  RETURN_IF_ERROR(CheckText(row, "name_en", rule.name_en()));
  RETURN_IF_ERROR(CheckText(row, "article", rule.article()));
  RETURN_IF_ERROR(CheckLength(row, "length", rule.length(), true));
  RETURN_IF_ERROR(CheckLength(row, "urgent", rule.urgent(), true));
  RETURN_IF_ERROR(CheckLength(row, "extension_max", rule.extension_max(), true));
  if (rule.revision() < 1) return row.Says("revision", "应从1开始", "starts at 1");
  const bool has_limit = rule.extension_max().amount() > 0 || rule.extension_up_to_length();
  if (rule.extensions_at_most() < 0)
    return row.Says("extensions_at_most", "不能为负", "must not be negative");
  if (has_limit != (rule.extensions_at_most() > 0)) {
    return row.Says("extensions_at_most", "与延长上限不一致",
                    "and the limit of an extension must be given together");
  }
  if (rule.extension_max().amount() > 0 && rule.extension_up_to_length()) {
    return row.Says("extension_max", "与 extension_up_to_length 只能填一个",
                    "and extension_up_to_length exclude each other");
  }
  const bool mixed = rule.length().amount() > 0 && rule.extension_max().amount() > 0 &&
                     IsDayUnit(rule.length().unit()) != IsDayUnit(rule.extension_max().unit());
  if (mixed) return row.Says("extension_max", "与 length 单位不相容", "and length mix days and hours");
  if (rule.roll_forward() && rule.length().amount() > 0 && rule.length().unit() != common::v1::D &&
      rule.length().unit() != common::v1::MO) {
    return row.Says("roll_forward", "只适用于自然日和月", "applies to natural days and months only");
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status ValidateDeadlines(const policy::v1::Deadlines& deadlines) {
  const Row row{"时限目录", "deadlines"};
  if (deadlines.revision() < 1) return row.Missing("revision");
  if (deadlines.rule_size() > kRulesMax) return row.Says("rule", "太多", "has too many rows");
  if (deadlines.yellow_percent() < 1 || deadlines.yellow_percent() > 99) {
    return row.Says("yellow_percent", "应为1至99", "must be from 1 to 99");
  }
  RETURN_IF_ERROR(CheckLength(row, "yellow_at_least", deadlines.yellow_at_least(), true));
  if (deadlines.yellow_at_least().amount() > 0 && deadlines.yellow_at_least().unit() != common::v1::D &&
      deadlines.yellow_at_least().unit() != common::v1::WD) {
    return row.Says("yellow_at_least", "单位应为 D 或 WD", "must be in D or WD");
  }
  std::set<std::string> seen;
  for (const auto& rule : deadlines.rule()) RETURN_IF_ERROR(CheckRule(rule, &seen));
  return absl::OkStatus();
}

absl::Status ValidateCategories(const policy::v1::Categories& categories) {
  const Row all{"事件分类", "categories"};
  if (categories.revision() < 1) return all.Missing("revision");
  if (categories.category_size() > kCategoriesMax) return all.Says("category", "太多", "has too many rows");
  std::set<std::string> seen;
  for (const auto& category : categories.category()) {
    const Row row{"事件分类 " + category.code(), "category " + category.code()};
    RETURN_IF_ERROR(CheckUnique(row, "code", category.code(), &seen));
    const bool digits = category.code().find_first_not_of("0123456789") == std::string::npos;
    if (!digits || (category.code().size() != 2 && category.code().size() != 4)) {
      return row.Says("code", "应为2位或4位数字", "must have 2 or 4 digits");
    }
    if (category.code().size() == 4 && !seen.contains(category.code().substr(0, 2))) {
      return row.Says("code", "的大类不存在或在后面", "has no class of two digits before it");
    }
    RETURN_IF_ERROR(CheckText(row, "name_zh", category.name_zh()));
    RETURN_IF_ERROR(CheckText(row, "name_en", category.name_en()));
    if (category.lane() == policy::v1::LANE_UNSPECIFIED) return row.Missing("lane");
    RETURN_IF_ERROR(CheckLength(row, "limit", category.limit(), true));
    RETURN_IF_ERROR(CheckLevel(row, "min_level", category.min_level()));
    if (!category.photo_reason().empty() && !category.photo()) {
      return row.Says("photo_reason", "已填，但 photo 不是 true", "is given but photo is not true");
    }
  }
  return absl::OkStatus();
}

absl::Status ValidateLadder(const policy::v1::Ladder& ladder) {
  if (ladder.revision() < 1) return Row{"逐级上报", "ladder"}.Missing("revision");
  std::set<std::string> seen;
  for (const auto& step : ladder.step()) {
    const std::string from = std::to_string(step.from_level());
    const Row row{"逐级上报 第" + from + "级", "ladder from level " + from};
    if (step.category().empty()) RETURN_IF_ERROR(CheckUnique(row, "from_level", from, &seen));
    for (const std::string& category : step.category()) {
      if (category.empty()) return row.Missing("category");
      RETURN_IF_ERROR(CheckUnique(row, "category", from + " " + category, &seen));
    }
    RETURN_IF_ERROR(CheckLevel(row, "from_level", step.from_level()));
    RETURN_IF_ERROR(CheckLevel(row, "to_level", step.to_level()));
    if (step.to_level() <= step.from_level()) {
      return row.Says("to_level", "应高于 from_level", "must be above from_level");
    }
    RETURN_IF_ERROR(CheckLength(row, "open_longer_than", step.open_longer_than(), true));
    RETURN_IF_ERROR(CheckLength(row, "overdue_longer_than", step.overdue_longer_than(), true));
  }
  return absl::OkStatus();
}

absl::Status ValidateIncidentPolicy(const policy::v1::IncidentPolicy& policy) {
  const Row row{"事件政策", "incident policy"};
  if (policy.revision() < 1) return row.Missing("revision");
  std::set<std::string> seen;
  for (const auto& reason : policy.suspend_reason()) {
    const Row own{"缓办理由 " + reason.code(), "suspend reason " + reason.code()};
    RETURN_IF_ERROR(CheckUnique(own, "code", reason.code(), &seen));
    RETURN_IF_ERROR(CheckText(own, "name_zh", reason.name_zh()));
    RETURN_IF_ERROR(CheckText(own, "name_en", reason.name_en()));
  }
  if (policy.self_handle_sample_percent() < 0 || policy.self_handle_sample_percent() > 100) {
    return row.Says("self_handle_sample_percent", "应为0至100", "must be from 0 to 100");
  }
  RETURN_IF_ERROR(CheckLength(row, "reopen_window", policy.reopen_window(), false));
  RETURN_IF_ERROR(CheckLength(row, "referral_pause_cap", policy.referral_pause_cap(), false));
  RETURN_IF_ERROR(CheckLength(row, "merge_window", policy.merge_window(), false));
  if (policy.merge_radius_m() < 1 || policy.merge_radius_m() > 10000) {
    return row.Says("merge_radius_m", "应为1至10000", "must be from 1 to 10000");
  }
  RETURN_IF_ERROR(CheckRecordCodes("化解方式", "record way", policy.record_way(), IsEnding));
  RETURN_IF_ERROR(CheckRecordCodes("事件规模", "record scale", policy.record_scale(), IsScale));
  return policy.has_asking_cost() ? CheckAskingCost(policy.asking_cost()) : absl::OkStatus();
}

absl::Status ValidateMediationPolicy(const policy::v1::MediationPolicy& policy) {
  if (policy.revision() < 1) return Row{"调解政策", "mediation policy"}.Missing("revision");
  std::set<std::string> seen;
  for (const auto& type : policy.dispute_type()) {
    const Row row{"纠纷类型 " + type.code(), "dispute type " + type.code()};
    RETURN_IF_ERROR(CheckUnique(row, "code", type.code(), &seen));
    RETURN_IF_ERROR(CheckText(row, "name_zh", type.name_zh()));
    RETURN_IF_ERROR(CheckText(row, "article", type.article()));
    RETURN_IF_ERROR(CheckLength(row, "period", type.period(), false));
    if (!IsDayUnit(type.period().unit())) return row.Says("period", "应按日计", "must be in D, WD or MO");
  }
  return absl::OkStatus();
}

absl::Status ValidatePetitionPolicy(const policy::v1::PetitionPolicy& policy) {
  const Row row{"信访政策", "petition policy"};
  if (policy.revision() < 1) return row.Missing("revision");
  if (policy.same_matter_permille() < 1 || policy.same_matter_permille() > 1000) {
    return row.Says("same_matter_permille", "应为1至1000", "must be from 1 to 1000");
  }
  if (policy.new_facts_permille() < 1 || policy.new_facts_permille() > policy.same_matter_permille()) {
    return row.Says("new_facts_permille", "应为1至same_matter_permille", "must be from 1 to same_matter_permille");
  }
  return absl::OkStatus();
}

namespace {

using policy::v1::WarningRule;

bool IsShare(int percent) { return percent >= 1 && percent <= 1000; }

// What each rule cannot do without.
absl::Status CheckWarningFigures(const Row& row, const WarningRule& rule) {
  const std::string& id = rule.id();
  const bool counts = id == "W1" || id == "W6" || id == "W8";
  if (counts && rule.matters() < 1) return row.Says("matters", "应大于0", "must be greater than 0");
  const bool waits = id == "W1" || id == "W2" || id == "W5" || id == "W7" || id == "W9";
  if (waits && (rule.days() < 1 || rule.days() > kWarningDaysMax))
    return row.Says("days", "应为1至366", "must be from 1 to 366");
  if (id == "W1" && rule.times_the_mean() > 0 && (rule.mean_weeks() < 1 || rule.mean_weeks() > kMeanWeeksMax))
    return row.Says("mean_weeks", "应为1至52", "must be from 1 to 52");
  if (id == "W2" && rule.times() < 2) return row.Says("times", "应至少为2", "must be at least 2");
  if (id == "W3" && rule.scale() == common::v1::SCALE_UNSPECIFIED) return row.Missing("scale");
  if (id == "W3" && rule.joint() == common::v1::SCALE_UNSPECIFIED) return row.Missing("joint");
  if ((id == "W6" || id == "W8") && !IsShare(rule.percent())) return row.Missing("percent");
  if (id != "W8") return absl::OkStatus();
  if (rule.category().empty()) return row.Missing("category");
  for (const int month : rule.month()) {
    if (month < 1 || month > 12) return row.Says("month", "应为1至12", "must be from 1 to 12");
  }
  return rule.month().empty() ? row.Missing("month") : absl::OkStatus();
}

}  // namespace

absl::Status ValidateWarningPolicy(const policy::v1::WarningPolicy& policy) {
  if (policy.revision() < 1) return Row{"预警政策", "warning policy"}.Missing("revision");
  std::set<std::string> seen;
  for (const auto& rule : policy.rule()) {
    const Row row{"预警规则 " + rule.id(), "warning rule " + rule.id()};
    RETURN_IF_ERROR(CheckUnique(row, "id", rule.id(), &seen));
    const bool known = rule.id().size() == 2 && rule.id()[0] == 'W' && rule.id()[1] >= '1' && rule.id()[1] <= '9';
    if (!known) return row.Says("id", "应为W1至W9", "must be one of W1 to W9");
    RETURN_IF_ERROR(CheckText(row, "name_zh", rule.name_zh()));
    RETURN_IF_ERROR(CheckText(row, "name_en", rule.name_en()));
    RETURN_IF_ERROR(CheckText(row, "source", rule.source()));
    RETURN_IF_ERROR(CheckWarningFigures(row, rule));
  }
  return absl::OkStatus();
}

absl::Status ValidateFigurePolicy(const policy::v1::FigurePolicy& policy) {
  const Row row{"指标政策", "figure policy"};
  if (policy.revision() < 1) return row.Missing("revision");
  if (policy.fairly_satisfied_permille() < 0 || policy.fairly_satisfied_permille() > 1000)
    return row.Says("fairly_satisfied_permille", "应为0至1000", "must be from 0 to 1000");
  if (policy.partly_solved_permille() < 0 || policy.partly_solved_permille() > 500)
    return row.Says("partly_solved_permille", "应为0至500", "must be from 0 to 500");
  return absl::OkStatus();
}

absl::StatusOr<base::Calendar> CalendarFrom(const policy::v1::Calendar& calendar) {
  const Row row{"工作日历", "calendar"};
  base::Calendar::Contents contents;
  if (calendar.revision() < 1) return row.Missing("revision");
  contents.revision = calendar.revision();
  const std::optional<base::Day> first = base::ParseDay(calendar.first_day());
  const std::optional<base::Day> horizon = base::ParseDay(calendar.horizon());
  if (!first) return row.Says("first_day", "不是日期", "is not a date: " + calendar.first_day());
  if (!horizon) return row.Says("horizon", "不是日期", "is not a date: " + calendar.horizon());
  contents.first_day = *first;
  contents.horizon = *horizon;
  for (const auto& off : calendar.off()) {
    const std::optional<base::Day> day = base::ParseDay(off.date());
    if (!day) return row.Says("off.date", "不是日期", "is not a date: " + off.date());
    RETURN_IF_ERROR(
        CheckText({"工作日历 " + off.date(), "calendar " + off.date()}, "name_zh", off.name_zh()));
    contents.off.push_back({*day, off.name_zh()});
  }
  for (const std::string& work : calendar.work()) {
    const std::optional<base::Day> day = base::ParseDay(work);
    if (!day) return row.Says("work", "不是日期", "is not a date: " + work);
    contents.make_up.push_back(*day);
  }
  for (const auto& fixed : calendar.fixed()) {
    contents.fixed.push_back({fixed.month(), fixed.day(), fixed.name_zh()});
  }
  for (const auto& span : calendar.office_hours().span()) {
    contents.office_hours.push_back({span.from_minute(), span.to_minute()});
  }
  return base::Calendar::Make(contents);
}

absl::Status ValidatePolicies(const policy::v1::PolicySet& policies) {
  if (policies.revision() < 1) return Row{"政策", "policies"}.Missing("revision");
  RETURN_IF_ERROR(ValidateDeadlines(policies.deadlines()));
  RETURN_IF_ERROR(ValidateCategories(policies.categories()));
  RETURN_IF_ERROR(ValidateLadder(policies.ladder()));
  RETURN_IF_ERROR(ValidateIncidentPolicy(policies.incident()));
  RETURN_IF_ERROR(ValidateMediationPolicy(policies.mediation()));
  // Sets of before there was one of these stay in force without it.
  if (policies.has_petition()) RETURN_IF_ERROR(ValidatePetitionPolicy(policies.petition()));
  if (policies.has_figures()) RETURN_IF_ERROR(ValidateFigurePolicy(policies.figures()));
  return policies.has_warning() ? ValidateWarningPolicy(policies.warning()) : absl::OkStatus();
}

absl::Status ValidateArea(const directory::v1::Area& area) {
  const Row row{"区划 " + area.code(), "area " + area.code()};
  if (base::LevelOf(area.code()) == 0) {
    return row.Says("code", "应为2、4、6、9、12或15位数字", "must have 2, 4, 6, 9, 12 or 15 digits");
  }
  if (base::LevelOf(area.code()) != area.level())
    return row.Says("level", "与代码长度不符", "does not fit the code");
  RETURN_IF_ERROR(CheckText(row, "name", area.name()));
  if (!area.parent().empty() && base::LevelOf(area.parent()) <= area.level()) {
    return row.Says("parent", "应为上级区划", "must be an area of a higher level");
  }
  if (!area.successor().empty() &&
      (base::LevelOf(area.successor()) < area.level() || area.successor() == area.code())) {
    return row.Says("successor", "应为同级或上级的另一区划", "must be another area of the same or a higher level");
  }
  if (!area.boundary().empty()) {
    if (const auto boundary = ParseBoundary(area.boundary()); !boundary.ok()) {
      return row.Says("boundary", "不是有效的 GeoJSON 多边形",
                      std::string(boundary.status().message()));
    }
  }
  for (const auto& [field, text] : {std::pair<std::string_view, std::string>{"valid_from", area.valid_from()},
                                    {"valid_to", area.valid_to()}}) {
    if (!text.empty() && !base::ParseDay(text)) return row.Says(field, "不是日期", "is not a date");
  }
  return absl::OkStatus();
}

absl::Status ValidateOrganisation(const directory::v1::Organisation& org) {
  const Row row{"单位 " + org.id(), "organisation " + org.id()};
  if (org.id().empty() || org.id().size() > static_cast<size_t>(kIdBytesMax)) {
    return row.Says("id", "缺失或太长", "is missing or too long");
  }
  RETURN_IF_ERROR(CheckText(row, "name", org.name()));
  if (org.kind() == directory::v1::ORG_KIND_UNSPECIFIED) return row.Missing("kind");
  if (base::LevelOf(org.area_code()) == 0)
    return row.Says("area_code", "不是区划代码", "is not an area code");
  if (org.parent() == org.id()) return row.Says("parent", "不能是自己", "must not be itself");
  if (!org.term_ends().empty() && !base::ParseDay(org.term_ends()))
    return row.Says("term_ends", "不是日期", "is not a date");
  return absl::OkStatus();
}

absl::Status ValidateStaff(const directory::v1::Staff& staff) {
  const Row row{"工作人员 " + staff.user_id(), "staff " + staff.user_id()};
  if (staff.user_id().empty() || staff.user_id().size() > static_cast<size_t>(kIdBytesMax)) {
    return row.Says("user_id", "缺失或太长", "is missing or too long");
  }
  for (const auto& post : staff.post()) {
    if (post.role() == kernel::v1::ROLE_UNSPECIFIED) return row.Missing("post.role");
    if (base::LevelOf(post.area_code()) == 0) return row.Says("post.area_code", "不是区划代码", "is not an area code");
  }
  return absl::OkStatus();
}

}  // namespace reference
