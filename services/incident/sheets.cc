#include "services/incident/sheets.h"

#include <absl/strings/str_format.h>

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/area_code.h"
#include "base/calendar.h"
#include "base/coding.h"
#include "base/status_macros.h"
#include "services/incident/domain/evaluating.h"
#include "services/incident/domain/index_keys.h"
#include "services/reference/names.h"
#include "services/sheet/walk.h"

namespace incident {
namespace {

using sheet::Cell, sheet::Row, sheet::Text, sheet::Moment;

constexpr std::string_view kDisputes = "01";  // first two digits of their categories
constexpr char kReported = '0', kOpen = '1', kEnded = '2';  // see index_keys.h
constexpr size_t kTimeAt = kTownshipDigits + 1;

// Of a township the ranges are exact; of a wider area they hold every moment, and an entry is judged by its key.
std::vector<sheet::KeyRange> RangesOf(const sheet::Asked& asked) {
  if (base::LevelOf(asked.area_code) != common::v1::TOWNSHIP) {
    return {{asked.area_code, base::PrefixEnd(asked.area_code)}};
  }
  return sheet::NewestFirstRanges({asked.area_code + kReported, asked.area_code + kOpen, asked.area_code + kEnded},
                                  asked.period);
}

std::function<bool(const kernel::Page::Item&)> Within(const sheet::Period& period) {
  return [period](const kernel::Page::Item& item) {
    if (item.key.size() < kTimeAt) return false;
    std::string_view rest = std::string_view(item.key).substr(kTimeAt);
    uint64_t reported = 0;
    return base::ReadU64(&rest, &reported) && period.Has(static_cast<int64_t>(~reported));
  };
}

std::string_view SourceWord(v1::Source source) {
  switch (source) {
    case v1::GRID_WORKER: return "网格员";
    case v1::PUBLIC_REPORT: return "群众反映";
    case v1::HOTLINE: return "热线";
    case v1::VIDEO_ALERT: return "视频";
    case v1::IOT: return "物联网";
    case v1::DEPARTMENT_REPORT: return "部门";
    case v1::SUPERIOR: return "上级交办";
    case v1::MEDIA: return "媒体";
    case v1::PETITION: return "信访";
    case v1::MEDIATION: return "调解";
    default: return "";
  }
}

std::string_view EndingWord(v1::ClosureType way) {
  switch (way) {
    case v1::SELF_HANDLED: return "当场处置";
    case v1::HANDLED: return "办理";
    case v1::VIA_MEDIATION: return "调解";
    case v1::VIA_PETITION: return "信访";
    case v1::NOT_FOUND: return "查无此事";
    case v1::LONG_TERM: return "长期推进";
    case v1::EXPLAINED: return "解释说明";
    default: return "";
  }
}

std::string_view SolvedWord(v1::Resolved said) {
  switch (said) {
    case v1::YES: return "已解决";
    case v1::PARTLY: return "部分解决";
    case v1::NO: return "未解决";
    default: return "";
  }
}

// Where it stands, for whoever has the row and nothing else.
std::string_view StatusWord(v1::Status status) {
  switch (status) {
    case v1::REPORTED: return "待受理";
    case v1::REJECTED: return "不予受理";
    case v1::CANCELLED: return "已撤回";
    case v1::ACCEPTED: return "已受理，待派遣";
    case v1::DISPATCHED: return "已派遣，待接单";
    case v1::PROCESSING: return "办理中";
    case v1::SUSPENDED: return "缓办";
    case v1::PENDING_VERIFY: return "待核查";
    case v1::CLOSED: return "已办结，待评价";
    case v1::EVALUATED: return "已办结";
    case v1::ARCHIVED: return "已归档";
    case v1::REFERRED: return "已转办";
    default: return "";
  }
}

using Codes = google::protobuf::RepeatedPtrField<policy::v1::RecordCode>;

// The standard's code for one of our names, by the city's table; null: the table has none.
const policy::v1::RecordCode* CodeFor(const Codes& codes, std::string_view ours) {
  for (const auto& code : codes) {
    if (std::ranges::any_of(code.of(), [ours](const std::string& one) { return one == ours; })) return &code;
  }
  return nullptr;
}
const policy::v1::RecordCode* WayOf(const Codes& codes, const v1::Incident& m) {
  const std::string& ending = v1::ClosureType_Name(m.closure_type());
  const std::string exactly = ending + "/" + mediation::v1::CaseKind_Name(m.mediated().kind());
  const auto* found = m.has_mediated() ? CodeFor(codes, exactly) : nullptr;
  return found == nullptr ? CodeFor(codes, ending) : found;
}
Cell CodeCell(const policy::v1::RecordCode* code) { return Text(code == nullptr ? "" : code->code()); }
Cell CodeName(const policy::v1::RecordCode* code) { return Text(code == nullptr ? "" : code->name_zh()); }

bool IsClosed(const v1::Incident& m) {
  return m.closed_at_ms() > 0 && m.closure_type() != v1::CLOSURE_TYPE_UNSPECIFIED;
}

// 东关社区邻里纠纷: made of the place and the category. What whoever reported it calls it names people.
std::string NameOf(const v1::Intake& intake, std::string_view place) {
  std::string name(place);
  name += intake.category_name();
  if (intake.category_name().find("纠纷") == std::string::npos) name += "纠纷";
  return name;
}

void AddWord(std::string_view word, std::string* out) {
  if (word.empty()) return;
  if (!out->empty()) *out += "，";
  *out += word;
}

// 简述 and 化解情况 are sentences made of codes: nobody's words, for names stand in them and no machine finds them all.
std::string BriefOf(const v1::Intake& intake, std::string_view name) {
  std::string brief = base::DayText(base::LocalDay(intake.occurred_at_ms()));
  AddWord(name, &brief);
  AddWord(sheet::ScaleWord(intake.scale()), &brief);
  const std::string_view source = SourceWord(intake.source());
  if (!source.empty()) AddWord("来源：" + std::string(source), &brief);
  return brief;
}
std::string OutcomeOf(const v1::Incident& m) {
  if (!IsClosed(m)) return std::string(StatusWord(m.standing().status()));
  std::string outcome(EndingWord(m.closure_type()));
  AddWord(CountsAsSolved(m) ? "已化解" : "未化解", &outcome);
  AddWord(sheet::LevelWord(m.resolved_level()), &outcome);
  AddWord(m.on_time() ? "按期办结" : "超期办结", &outcome);
  const std::string_view said = m.evaluation().expired() ? "" : SolvedWord(m.evaluation().solved());
  if (!said.empty()) AddWord("反映人：" + std::string(said), &outcome);
  return outcome;
}

// 涉及单位: every unit of ours that deals with it. A party that is a unit is a party, and stays with the parties.
std::string UnitsOf(const v1::Standing& standing, const reference::Reference& known) {
  std::vector<std::string> units;
  const auto add = [&units](const std::string& org) {
    if (!org.empty() && std::ranges::find(units, org) == units.end()) units.push_back(org);
  };
  add(standing.lead_org());
  add(standing.territorial_org());
  for (const std::string& org : standing.co_handler_org()) add(org);
  std::string names;
  for (const std::string& org : units) {
    if (!names.empty()) names += "、";
    names += reference::OrgName(known, org);
  }
  return names;
}

// 主管部门: the department that leads or, if none does, the first that helps.
std::string CompetentOf(const v1::Standing& standing, const reference::Reference& known) {
  const auto is_department = [&known](const std::string& org_id) {
    const auto* org = org_id.empty() ? nullptr : known.FindOrg(org_id);
    return org != nullptr && org->kind() == directory::v1::DEPARTMENT;
  };
  if (is_department(standing.lead_org())) return reference::OrgName(known, standing.lead_org());
  const auto at = std::ranges::find_if(standing.co_handler_org(), is_department);
  return at == standing.co_handler_org().end() ? std::string() : reference::OrgName(known, *at);
}

// 化解组织: the committee where mediation ended it, else the unit that had it when it was closed.
std::string SettledBy(const v1::Incident& m, const reference::Reference& known) {
  if (!IsClosed(m)) return {};
  const bool mediated = m.closure_type() == v1::VIA_MEDIATION && !m.mediated().committee_org().empty();
  const std::string& org = mediated ? m.mediated().committee_org() : m.standing().lead_org();
  return org.empty() ? std::string() : reference::OrgName(known, org);
}

Cell Degrees(double degrees) { return Text(absl::StrFormat("%.3f", degrees)); }

const std::vector<sheet::Column>& Columns() {
  static const std::vector<sheet::Column> kColumns = {
      {"matterCode", "事件编号", "Matter code"},
      {"name", "事件名称", "Name, of place and category"},
      {"category", "事件类别代码", "Category"},
      {"categoryName", "事件类别", "Category, in words"},
      {"occurredAt", "发生日期", "Happened"},
      {"reportedAt", "上报时间", "Reported"},
      {"gridCode", "网格编号", "Grid code"},
      {"gridName", "网格名称", "Grid"},
      {"areaCode", "发生地代码", "Area code"},
      {"areaName", "发生地点", "Area"},
      {"lon", "经度（网格中心）", "Longitude of the grid's middle"},
      {"lat", "纬度（网格中心）", "Latitude of the grid's middle"},
      {"scale", "事件规模代码", "Scale"},
      {"scaleName", "事件规模", "Scale, in words"},
      {"people", "涉及人数区间", "People, in bands"},
      {"parties", "当事人数", "Parties"},
      {"amountBand", "涉及金额区间", "Sum, in bands"},
      {"brief", "事件简述", "In brief, of codes"},
      {"source", "来源代码", "Source"},
      {"sourceName", "来源", "Source, in words"},
      {"dueAt", "化解时限", "Due"},
      {"way", "化解方式代码", "Way"},
      {"wayName", "化解方式", "Way, in words"},
      {"ending", "办结方式代码", "How it was closed"},
      {"endingName", "办结方式", "How it was closed, in words"},
      {"settledBy", "化解组织", "Settled by"},
      {"lead", "主办单位", "Lead unit"},
      {"territorial", "属地单位", "Territorial unit"},
      {"competent", "主管部门", "Competent department"},
      {"units", "涉及单位", "Units that deal with it"},
      {"status", "状态代码", "Status"},
      {"level", "现处层级", "Level it is at"},
      {"succeeded", "化解是否成功", "Settled"},
      {"resolvedLevel", "化解层级", "Level it was settled at"},
      {"outcome", "化解情况", "How it came out, of codes"},
      {"onTime", "按期办结", "Closed on time"},
      {"evaluatedAt", "考评日期", "Evaluated"},
      {"satisfaction", "考评意见", "Evaluation, 1 to 5"},
      {"solvedByReporter", "反映人评价是否解决", "Solved, as the reporter says"},
      {"acceptedAt", "受理时间", "Accepted"},
      {"closedAt", "办结时间", "Closed"},
      {"createdAt", "新增时间", "Recorded"},
      {"changedAt", "修改时间", "Changed last"},
      {"uploadedAt", "上传时间", "Given out"},
  };
  return kColumns;
}

// When its record was begun and changed, and when this sheet is given out.
struct Times {
  int64_t created_ms = 0, changed_ms = 0, uploaded_ms = 0;
};

Row PlaceCells(const v1::Intake& intake, const Knowledge& known, std::string* name) {
  const std::string village = base::CutTo(intake.area_code(), common::v1::VILLAGE);
  const std::string& place = village.empty() ? intake.area_code() : village;
  const auto* area = known.directory().FindArea(place);
  const bool in_grid = base::LevelOf(intake.area_code()) == common::v1::GRID;
  const auto* grid = in_grid ? known.directory().FindArea(intake.area_code()) : nullptr;
  const auto middle = in_grid ? known.grid_map().MiddleOf(intake.area_code()) : std::nullopt;
  *name = NameOf(intake, area == nullptr ? std::string_view() : std::string_view(area->name()));
  return {Text(in_grid ? intake.area_code() : ""),    Text(grid == nullptr ? "" : grid->name()),
          Text(place),                                Text(area == nullptr ? "" : area->name()),
          middle ? Degrees(middle->lon) : Cell(),     middle ? Degrees(middle->lat) : Cell()};
}

Row EndingCells(const v1::Incident& m, const policy::v1::IncidentPolicy& policy, const reference::Reference& units) {
  const bool closed = IsClosed(m);
  const auto* way = closed ? WayOf(policy.record_way(), m) : nullptr;
  const v1::Standing& standing = m.standing();
  return {
      CodeCell(way),
      CodeName(way),
      Text(closed ? v1::ClosureType_Name(m.closure_type()) : ""),
      Text(closed ? EndingWord(m.closure_type()) : ""),
      Text(SettledBy(m, units)),
      Text(standing.lead_org().empty() ? "" : reference::OrgName(units, standing.lead_org())),
      Text(standing.territorial_org().empty() ? "" : reference::OrgName(units, standing.territorial_org())),
      Text(CompetentOf(standing, units)),
      Text(UnitsOf(standing, units)),
      Text(v1::Status_Name(standing.status())),
      Text(sheet::LevelWord(standing.current_level())),
      closed ? Cell(CountsAsSolved(m)) : Cell(),
      Text(closed ? sheet::LevelWord(m.resolved_level()) : ""),
      Text(OutcomeOf(m)),
      closed ? Cell(m.on_time()) : Cell(),
  };
}

void Append(const Row& cells, Row* row) { row->insert(row->end(), cells.begin(), cells.end()); }

Row RowOf(const v1::Incident& m, const Knowledge& known, const Times& times) {
  const v1::Intake& intake = m.intake();
  const policy::v1::IncidentPolicy& policy = known.directory().policies().incident();
  int64_t due = 0;
  for (const auto& clock : m.clock()) {
    if (clock.policy_id().starts_with("DI-05")) due = clock.due_at_ms();
  }
  const bool evaluated = m.evaluation().at_ms() > 0 && !m.evaluation().expired();
  const auto* scale = CodeFor(policy.record_scale(), common::v1::Scale_Name(intake.scale()));
  const bool mediated = IsClosed(m) && m.closure_type() == v1::VIA_MEDIATION;
  std::string name;
  const Row place = PlaceCells(intake, known, &name);
  Row row = {Text(m.matter_code()),           Text(name),
             Text(intake.category()),         Text(intake.category_name()),
             Moment(intake.occurred_at_ms()), Moment(m.reported_at_ms())};
  Append(place, &row);
  Append({CodeCell(scale),
          CodeName(scale),
          Text(sheet::ScaleWord(intake.scale())),
          int64_t{intake.party_size()},
          Text(mediated ? sheet::AmountWord(m.mediated().amount_band()) : ""),
          Text(BriefOf(intake, name)),
          Text(v1::Source_Name(intake.source())),
          Text(SourceWord(intake.source())),
          sheet::Due(due)},
         &row);
  Append(EndingCells(m, policy, known.directory()), &row);
  Append({Moment(evaluated ? m.evaluation().at_ms() : 0),
          evaluated ? Cell(int64_t{m.evaluation().satisfied()}) : Cell(),
          Text(evaluated ? SolvedWord(m.evaluation().solved()) : ""),
          Moment(m.accepted_at_ms()),
          Moment(m.closed_at_ms()),
          Moment(times.created_ms),
          Moment(times.changed_ms),
          Moment(times.uploaded_ms)},
         &row);
  return row;
}

// When the newest of its records was written; 0: the log of then was cut off.
absl::StatusOr<int64_t> ChangedAt(const kernel::Reader<IncidentDomain>& reader,
                                  const kernel::Stored<v1::State>& stored) {
  if (stored.seqs.empty()) return int64_t{0};
  ASSIGN_OR_RETURN(const auto newest, reader.Record(stored.seqs.back()));
  return newest ? newest->recorded_at_ms() : int64_t{0};
}

}  // namespace

rpc::Answer Sheets::ExportDisputes(const rpc::Caller& caller, const common::v1::SheetRequest& request,
                                   Next* next) const {
  sheet::Asked asked;
  if (auto refusal = sheet::Understand(request, caller.now_ms, &asked)) return *std::move(refusal);
  const kernel::Reader<IncidentDomain> reader = read_();
  const auto known = reader.Reference();
  auto rows = sheet::WalkStored<IncidentDomain>(
      reader, "area", RangesOf(asked), Within(asked.period),
      [known, reader, now_ms = caller.now_ms](const std::string&, const kernel::Stored<v1::State>& stored)
          -> absl::StatusOr<std::optional<Row>> {
        const v1::Incident& m = stored.state.incident();
        const bool merged = m.standing().status() == v1::MERGED;  // counted with what it was merged into
        const bool of_disputes = m.intake().category().starts_with(kDisputes);
        if (merged || m.intake().sealed() || !of_disputes) return std::optional<Row>();
        ASSIGN_OR_RETURN(const int64_t changed_ms, ChangedAt(reader, stored));
        return std::optional<Row>(RowOf(m, *known, {m.reported_at_ms(), changed_ms, now_ms}));
      });
  *next = sheet::StreamOf({asked.format, sheet::AboutOf("disputes", asked, caller.now_ms), Columns(), std::move(rows)});
  return {};
}

}  // namespace incident
