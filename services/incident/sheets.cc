#include "services/incident/sheets.h"

#include <string>
#include <utility>
#include <vector>

#include "base/area_code.h"
#include "base/coding.h"
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

std::string_view WayWord(v1::ClosureType way) {
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

const std::vector<sheet::Column>& Columns() {
  static const std::vector<sheet::Column> kColumns = {
      {"matterCode", "事件编号", "Matter code"},
      {"category", "事件类别代码", "Category"},
      {"categoryName", "事件类别", "Category, in words"},
      {"occurredAt", "发生日期", "Happened"},
      {"reportedAt", "上报时间", "Reported"},
      {"gridCode", "网格编号", "Grid code"},
      {"areaCode", "发生地代码", "Area code"},
      {"areaName", "发生地点", "Area"},
      {"scale", "事件规模", "Scale"},
      {"parties", "当事人数", "Parties"},
      {"source", "来源代码", "Source"},
      {"sourceName", "来源", "Source, in words"},
      {"dueAt", "化解时限", "Due"},
      {"way", "化解方式代码", "Way"},
      {"wayName", "化解方式", "Way, in words"},
      {"lead", "主办单位", "Lead unit"},
      {"territorial", "属地单位", "Territorial unit"},
      {"status", "状态", "Status"},
      {"level", "现处层级", "Level it is at"},
      {"succeeded", "化解是否成功", "Settled"},
      {"resolvedLevel", "化解层级", "Level it was settled at"},
      {"onTime", "按期办结", "Closed on time"},
      {"evaluatedAt", "考评日期", "Evaluated"},
      {"satisfaction", "考评意见", "Evaluation, 1 to 5"},
      {"solvedByReporter", "反映人评价是否解决", "Solved, as the reporter says"},
      {"acceptedAt", "受理时间", "Accepted"},
      {"closedAt", "办结时间", "Closed"},
  };
  return kColumns;
}

Row RowOf(const v1::Incident& m, const reference::Reference& known) {
  const v1::Intake& intake = m.intake();
  const std::string village = base::CutTo(intake.area_code(), common::v1::VILLAGE);
  const std::string& place = village.empty() ? intake.area_code() : village;
  const auto* area = known.FindArea(place);
  int64_t due = 0;
  for (const auto& clock : m.clock()) {
    if (clock.policy_id().starts_with("DI-05")) due = clock.due_at_ms();
  }
  const bool closed = m.closed_at_ms() > 0 && m.closure_type() != v1::CLOSURE_TYPE_UNSPECIFIED;
  const bool in_grid = base::LevelOf(intake.area_code()) == common::v1::GRID;
  const bool evaluated = m.evaluation().at_ms() > 0 && !m.evaluation().expired();
  return {
      Text(m.matter_code()),
      Text(intake.category()),
      Text(intake.category_name()),
      Moment(intake.occurred_at_ms()),
      Moment(m.reported_at_ms()),
      Text(in_grid ? intake.area_code() : ""),
      Text(place),
      Text(area == nullptr ? "" : area->name()),
      Text(sheet::ScaleWord(intake.scale())),
      int64_t{intake.party_size()},
      Text(v1::Source_Name(intake.source())),
      Text(SourceWord(intake.source())),
      sheet::Due(due),
      Text(closed ? v1::ClosureType_Name(m.closure_type()) : ""),
      Text(closed ? WayWord(m.closure_type()) : ""),
      Text(m.standing().lead_org().empty() ? "" : reference::OrgName(known, m.standing().lead_org())),
      Text(m.standing().territorial_org().empty() ? "" : reference::OrgName(known, m.standing().territorial_org())),
      Text(v1::Status_Name(m.standing().status())),
      Text(sheet::LevelWord(m.standing().current_level())),
      closed ? Cell(CountsAsSolved(m)) : Cell(),
      Text(closed ? sheet::LevelWord(m.resolved_level()) : ""),
      closed ? Cell(m.on_time()) : Cell(),
      Moment(evaluated ? m.evaluation().at_ms() : 0),
      evaluated ? Cell(int64_t{m.evaluation().satisfied()}) : Cell(),
      Text(evaluated ? SolvedWord(m.evaluation().solved()) : ""),
      Moment(m.accepted_at_ms()),
      Moment(m.closed_at_ms()),
  };
}

}  // namespace

rpc::Answer Sheets::ExportDisputes(const rpc::Caller& caller, const common::v1::SheetRequest& request,
                                   Next* next) const {
  sheet::Asked asked;
  if (auto refusal = sheet::Understand(request, caller.now_ms, &asked)) return *std::move(refusal);
  kernel::Reader<IncidentDomain> reader = read_();
  const auto known = reader.Reference();
  auto rows = sheet::Walk<IncidentDomain>(
      std::move(reader), "area", RangesOf(asked), Within(asked.period),
      [known](const std::string&, const v1::State& state) -> std::optional<Row> {
        const v1::Incident& m = state.incident();
        const bool merged = m.standing().status() == v1::MERGED;  // counted with what it was merged into
        if (merged || m.intake().sealed() || !m.intake().category().starts_with(kDisputes)) return std::nullopt;
        return RowOf(m, known->directory());
      });
  *next = sheet::StreamOf({asked.format, sheet::AboutOf("disputes", asked, caller.now_ms), Columns(), std::move(rows)});
  return {};
}

}  // namespace incident
