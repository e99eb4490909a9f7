#include "services/mediation/sheets.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "services/mediation/document_words.h"
#include "services/mediation/domain/keys.h"
#include "services/mediation/domain/promise.h"
#include "services/mediation/domain/rules.h"
#include "services/mediation/exactly.h"
#include "services/reference/names.h"
#include "services/sheet/walk.h"

namespace mediation {
namespace {

using common::v1::SheetRequest;
using sheet::Cell, sheet::Row, sheet::Text, sheet::Moment;
using CaseReader = kernel::Reader<MediationDomain>;

std::vector<sheet::KeyRange> RangesOf(const sheet::Asked& asked) {
  return sheet::NewestFirstRanges({ListPrefix(asked.area_code, false), ListPrefix(asked.area_code, true)},
                                  asked.period);
}

std::string_view KindWord(v1::CaseKind kind) {
  switch (kind) {
    case v1::PEOPLE: return "人民调解";
    case v1::ADMINISTRATIVE: return "行政调解";
    case v1::INDUSTRY: return "行业性专业性调解";
    case v1::COURT_DELEGATED: return "法院委派";
    case v1::COURT_ENTRUSTED: return "法院委托";
    default: return "";
  }
}

// The six kinds of committees of the ministry's statistics.
enum class CommitteeKind { kVillage, kResidents, kTownship, kStreet, kEnterprise, kAssociation };
struct CommitteeWord {
  CommitteeKind kind;
  std::string_view code;
  std::string_view word;
};
constexpr CommitteeWord kCommitteeWords[] = {
    {CommitteeKind::kVillage, "VILLAGERS", "村人民调解委员会"},
    {CommitteeKind::kResidents, "RESIDENTS", "居民委员会人民调解委员会"},
    {CommitteeKind::kTownship, "RURAL_TOWNSHIP", "乡镇人民调解委员会"},
    {CommitteeKind::kStreet, "STREET", "街道人民调解委员会"},
    {CommitteeKind::kEnterprise, "ENTERPRISE", "企事业单位人民调解委员会"},
    {CommitteeKind::kAssociation, "ASSOCIATION", "社会团体和其他组织人民调解委员会"},
};

// By what the directory says of the committee (its duty) and of the place it is for. Committees of a trade, and those
// of counties and above, are of associations and other organisations (人民调解法第三十四条).
CommitteeKind KindOf(const v1::State& state, const reference::Reference& reference) {
  const auto* org = reference.FindOrg(state.committee_org());
  const std::string_view duty = org == nullptr ? std::string_view() : std::string_view(org->duty());
  if (duty.starts_with("enterprise")) return CommitteeKind::kEnterprise;
  const bool of_a_trade = duty.starts_with("industry");
  if (of_a_trade || state.committee_level() > common::v1::TOWNSHIP) return CommitteeKind::kAssociation;
  const auto* area = reference.FindArea(state.committee_area());
  const std::string_view place = area == nullptr ? std::string_view() : std::string_view(area->kind());
  if (state.committee_level() == common::v1::TOWNSHIP) {
    return place == "街道" ? CommitteeKind::kStreet : CommitteeKind::kTownship;
  }
  return place == "社区" ? CommitteeKind::kResidents : CommitteeKind::kVillage;
}

int PartiesOf(const v1::State& state) { return std::max(state.party_size(), state.referred_party_count()); }
bool Agreed(const v1::State& state) { return Binds(state); }
bool Ended(const v1::State& state) { return state.ended_at_ms() > 0 && !Agreed(state); }

const std::vector<sheet::Column>& CaseColumns() {
  static const std::vector<sheet::Column> kColumns = {
      {"matterCode", "事项编号", "Matter code"},
      {"fileNo", "案卷号", "File number"},
      {"registeredAt", "登记时间", "Registered"},
      {"areaCode", "发生地代码", "Area code"},
      {"areaName", "发生地", "Area"},
      {"disputeType", "纠纷类别代码", "Type of dispute"},
      {"disputeTypeName", "纠纷类别", "Type of dispute, in words"},
      {"disputeDetail", "纠纷细类", "Detail"},
      {"scale", "事件规模", "Scale"},
      {"source", "来源代码", "Source"},
      {"sourceName", "来源", "Source, in words"},
      {"kind", "化解方式代码", "Way"},
      {"kindName", "化解方式", "Way, in words"},
      {"committee", "化解组织", "Committee"},
      {"parties", "当事人数", "Parties"},
      {"difficult", "疑难复杂", "Difficult"},
      {"amountBand", "涉及金额区间", "Sum, in bands"},
      {"dueAt", "化解时限", "Due"},
      {"status", "状态", "Status"},
      {"succeeded", "化解是否成功", "Settled"},
      {"form", "协议形式", "Form of the agreement"},
      {"effectiveAt", "协议生效时间", "In effect since"},
      {"endReason", "终结原因代码", "Why it ended"},
      {"endReasonName", "终结原因", "Why it ended, in words"},
      {"performance", "履行情况", "Performance"},
      {"confirmation", "司法确认", "Judicial confirmation"},
      {"endedAt", "终结时间", "Ended"},
      {"archivedAt", "归档时间", "Archived"},
  };
  return kColumns;
}

Row CaseRow(const v1::State& state, const reference::Reference& reference) {
  const auto* area = reference.FindArea(state.area_code());
  const auto* type = reference.FindDisputeType(state.dispute_type());
  int64_t due = 0;
  for (const auto& clock : state.clock()) {
    if (clock.policy_id() == "DM-04") due = clock.due_at_ms();
  }
  const bool open = !Agreed(state) && !Ended(state) && state.refusal_code().empty();
  const v1::Agreement& agreement = state.agreement();
  const bool reasoned = state.end_reason() != v1::END_REASON_UNSPECIFIED;
  return {
      Text(state.matter_code()),
      Text(state.file_no()),
      Moment(state.registered_at_ms()),
      Text(state.area_code()),
      Text(area == nullptr ? "" : area->name()),
      Text(state.dispute_type()),
      Text(type == nullptr ? "" : type->name_zh()),
      Text(state.dispute_detail()),
      Text(sheet::ScaleWord(state.scale())),
      Text(v1::SourceKind_Name(state.source())),
      Text(SourceWord(state.source())),
      Text(v1::CaseKind_Name(state.kind())),
      Text(KindWord(state.kind())),
      Text(reference::OrgName(reference, state.committee_org())),
      int64_t{PartiesOf(state)},
      Cell(IsDifficult(state)),
      Text(Agreed(state) ? sheet::AmountWord(agreement.amount_band()) : ""),
      sheet::Due(due),
      Text(v1::CaseStatus_Name(state.status())),
      open ? Cell() : Cell(Agreed(state)),
      Text(Agreed(state) ? FormWord(agreement.form()) : ""),
      Moment(Agreed(state) ? agreement.effective_at_ms() : 0),
      Text(reasoned ? v1::EndReason_Name(state.end_reason()) : state.refusal_code()),
      Text(reasoned ? EndWord(state.end_reason()) : RefusalWord(state.refusal_code())),
      Text(Agreed(state) && state.follows_promises() ? PerformanceWord(PerformanceOf(state)) : ""),
      Text(Agreed(state) ? ConfirmationWord(state.confirmation()) : ""),
      Moment(state.ended_at_ms()),
      Moment(state.archived_at_ms()),
  };
}

// One line of the statistics.
struct Sums {
  int64_t cases = 0, parties = 0, open = 0, written = 0, oral = 0, ended = 0, refused = 0;
  int64_t difficult = 0, dangers = 0, confirmed = 0, followed = 0, performed = 0, amount_fen = 0;

  void Add(const v1::State& state) {
    ++cases;
    parties += PartiesOf(state);
    difficult += IsDifficult(state) ? 1 : 0;
    if (!state.risk_report().empty()) ++dangers;
    if (!state.refusal_code().empty()) {
      ++refused;
    } else if (Ended(state)) {
      ++ended;
    } else if (!Agreed(state)) {
      ++open;
    } else {
      ++(state.agreement().form() == v1::ORAL ? oral : written);
      confirmed += state.confirmation() == v1::CONFIRMED ? 1 : 0;
      followed += state.follows_promises() ? 1 : 0;
      performed += state.follows_promises() && PerformanceOf(state) == v1::DONE ? 1 : 0;
      for (const auto& clause : state.agreement().clause()) amount_fen += clause.amount_fen();
    }
  }
};

const std::vector<sheet::Column>& StatisticsColumns() {
  static const std::vector<sheet::Column> kColumns = {
      {"group", "分组代码", "Group"},
      {"groupName", "分组", "Group, in words"},
      {"code", "代码", "Code"},
      {"name", "名称", "Name"},
      {"cases", "调解案件数", "Cases"},
      {"parties", "当事人数", "Parties"},
      {"difficult", "疑难复杂案件数", "Difficult cases"},
      {"succeeded", "调解成功数", "Settled"},
      {"written", "书面协议数", "Written agreements"},
      {"oral", "口头协议数", "Oral agreements"},
      {"ended", "未达成协议数", "Ended without an agreement"},
      {"refused", "不予受理数", "Refused"},
      {"open", "正在调解数", "Open"},
      {"dangers", "激化风险报告件数", "Cases with a reported danger"},
      {"confirmed", "司法确认有效数", "Confirmed by a court"},
      {"followed", "约定履行事项的协议数", "Agreements with promises to follow"},
      {"performed", "已全部履行数", "Wholly performed"},
      {"amountYuan", "协议涉及金额（元，不足5件不列）", "Sum agreed, yuan; not told below 5 agreements"},
  };
  return kColumns;
}

Row StatisticsRow(std::string_view group, std::string_view group_name, std::string_view code, std::string_view name,
                  const Sums& sums) {
  const int64_t agreed = sums.written + sums.oral;
  Cell amount;
  if (agreed >= kSumCasesMin) amount = absl::StrFormat("%d.%02d", sums.amount_fen / 100, sums.amount_fen % 100);
  return {std::string(group), std::string(group_name), std::string(code), std::string(name), sums.cases,
          sums.parties,       sums.difficult,          agreed,            sums.written,      sums.oral,
          sums.ended,         sums.refused,            sums.open,         sums.dangers,      sums.confirmed,
          sums.followed,      sums.performed,          std::move(amount)};
}

struct Statistics {
  std::map<std::string, Sums> by_type;
  std::map<int, Sums> by_source, by_level;
  std::map<CommitteeKind, Sums> by_committee;
  Sums all;

  void Add(const v1::State& state, const reference::Reference& reference) {
    for (Sums* sums : {&by_type[state.dispute_type()], &by_source[state.source()], &by_level[state.committee_level()],
                       &by_committee[KindOf(state, reference)], &all}) {
      sums->Add(state);
    }
  }
};

// As whoever may not open the cases reads it. Beside a number that is not shown a zero would still say something of
// each of them, and a sum of money tells more than its cases.
Row RoundedRow(Row row) {
  constexpr size_t kCasesAt = 4, kAgreedAt = 7, kWrittenAt = 8, kOralAt = 9, kConfirmedAt = 14;
  const auto few = [&](size_t at) { return base::IsFew(std::get<int64_t>(row[at])); };
  const bool few_cases = few(kCasesAt), few_agreed = few(kAgreedAt);
  for (size_t at = kCasesAt; at < row.size(); ++at) {
    const bool of_agreed = at == kWrittenAt || at == kOralAt || at >= kConfirmedAt;
    const auto* count = std::get_if<int64_t>(&row[at]);
    const bool told = count != nullptr && !few_cases && !(few_agreed && of_agreed);
    row[at] = told ? sheet::RoundedCell(*count) : Cell();
  }
  return row;
}

// Every type, source, level and kind of committee stands in the table, those without a case too.
std::vector<Row> StatisticsRows(const reference::Reference& reference, Statistics statistics) {
  auto& [by_type, by_source, by_level, by_committee, all] = statistics;
  std::vector<Row> rows;
  for (const auto& type : reference.policies().mediation().dispute_type()) {
    rows.push_back(StatisticsRow("type", "纠纷类别", type.code(), type.name_zh(), by_type[type.code()]));
    by_type.erase(type.code());
  }
  for (const auto& [code, sums] : by_type) rows.push_back(StatisticsRow("type", "纠纷类别", code, code, sums));
  for (int source = v1::ON_APPLICATION; source <= v1::FROM_GRID; ++source) {
    const auto kind = static_cast<v1::SourceKind>(source);
    rows.push_back(StatisticsRow("source", "案件来源", v1::SourceKind_Name(kind), SourceWord(kind), by_source[source]));
  }
  for (int level = common::v1::VILLAGE; level <= common::v1::CITY; ++level) {
    const std::string& code = common::v1::Level_Name(static_cast<common::v1::Level>(level));
    rows.push_back(StatisticsRow("level", "调解组织层级", code, sheet::LevelWord(level), by_level[level]));
  }
  for (const auto& [kind, code, word] : kCommitteeWords) {
    rows.push_back(StatisticsRow("committee", "调解组织类别", code, word, by_committee[kind]));
  }
  rows.push_back(StatisticsRow("all", "合计", "all", "合计", all));
  return rows;
}

}  // namespace

rpc::Answer Sheets::ExportCases(const rpc::Caller& caller, const SheetRequest& request, Next* next) const {
  sheet::Asked asked;
  if (auto refusal = sheet::Understand(request, caller.now_ms, &asked)) return *std::move(refusal);
  CaseReader reader = read_();
  const auto reference = reader.Reference();
  auto rows = sheet::Walk<MediationDomain>(
      std::move(reader), "area", RangesOf(asked), sheet::Every,
      [reference](const std::string&, const v1::State& state) -> std::optional<Row> {
        return CaseRow(state, *reference);
      });
  *next = sheet::StreamOf(
      {asked.format, sheet::AboutOf("mediation-cases", asked, caller.now_ms), CaseColumns(), std::move(rows)});
  return {};
}

rpc::Answer Sheets::ExportStatistics(const rpc::Caller& caller, const SheetRequest& request, Next* next) const {
  sheet::Asked asked;
  if (auto refusal = sheet::Understand(request, caller.now_ms, &asked)) return *std::move(refusal);
  const CaseReader reader = read_();
  const auto reference = reader.Reference();
  Statistics statistics;
  const absl::Status walked = sheet::ForEach<MediationDomain>(
      reader, "area", RangesOf(asked), sheet::Every,
      [&](const std::string&, const v1::State& state) { statistics.Add(state, *reference); });
  if (!walked.ok()) return walked;
  std::vector<Row> rows = StatisticsRows(*reference, std::move(statistics));
  sheet::About about = sheet::AboutOf("mediation-statistics", asked, caller.now_ms);
  if (!ReadsExactly(caller, asked.area_code)) {
    for (Row& row : rows) row = RoundedRow(std::move(row));
    sheet::SayRounded(&about);
  }
  *next = sheet::StreamOf({asked.format, std::move(about), StatisticsColumns(), sheet::RowsOf(std::move(rows))});
  return {};
}

}  // namespace mediation
