#include "services/petition/sheets.h"

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/area_code.h"
#include "base/small_numbers.h"
#include "services/petition/document_values.h"
#include "services/petition/domain/clocks.h"
#include "services/petition/domain/keys.h"
#include "services/petition/domain/people.h"
#include "services/petition/domain/rules.h"
#include "services/petition/looking.h"
#include "services/reference/names.h"
#include "services/sheet/walk.h"

namespace petition {
namespace {

using common::v1::SheetRequest;
using sheet::Cell, sheet::Row, sheet::Text, sheet::Moment;
using PetitionReader = kernel::Reader<PetitionDomain>;

std::vector<sheet::KeyRange> RangesOf(const sheet::Asked& asked) {
  return sheet::NewestFirstRanges({ListPrefix(asked.area_code, false), ListPrefix(asked.area_code, true)},
                                  asked.period);
}

constexpr size_t kFieldDigits = 3;  // of a content code: the first level

int64_t PersonsOf(const v1::State& state) { return std::max({1, state.petitioner_count(), state.petitioner_size()}); }

const std::vector<sheet::Column>& PetitionColumns() {
  static const std::vector<sheet::Column> kColumns = {
      {"matterCode", "信访事项编号", "Matter code"},
      {"externalNo", "外部编号", "Number elsewhere"},
      {"registeredAt", "登记时间", "Registered"},
      {"areaCode", "问题属地代码", "Area code"},
      {"areaName", "问题属地", "Area"},
      {"channel", "信访形式代码", "Channel"},
      {"channelName", "信访形式", "Channel, in words"},
      {"type", "信访目的代码", "Type"},
      {"typeName", "信访目的", "Type, in words"},
      {"content", "内容分类代码", "Content"},
      {"contentName", "内容分类", "Content, in words"},
      {"persons", "人次", "Persons"},
      {"office", "登记机构", "Petition office"},
      {"unit", "责任单位", "Unit"},
      {"assigned", "是否交办", "Assigned"},
      {"urgent", "重大紧急", "Urgent"},
      {"repeat", "初次或重复", "Repeat"},
      {"status", "状态代码", "Status"},
      {"route", "办理途径", "Way (Art. 31)"},
      {"routeName", "办理途径说明", "Way, in words"},
      {"refusal", "不予受理原因代码", "Why not accepted"},
      {"refusalName", "不予受理原因", "Why not accepted, in words"},
      {"acceptedAt", "受理时间", "Accepted"},
      {"dueAt", "办理期限", "Due"},
      {"onTime", "按期办结", "Handled on time"},
      {"result", "办理结果代码", "Result"},
      {"stages", "程序", "Stages"},
      {"mediation", "访调对接状态", "Mediation"},
      {"unitScore", "对责任单位评价", "Rating of the unit"},
      {"officeScore", "对信访部门评价", "Rating of the office"},
      {"endedAt", "办结时间", "Ended"},
  };
  return kColumns;
}

Row PetitionRow(const v1::State& state, const reference::Reference& reference) {
  const auto* area = reference.FindArea(state.area_code());
  const common::v1::Clock* handling = FindClock(state, "DP-05");
  Cell on_time;
  if (handling != nullptr && handling->outcome() == common::v1::CLOCK_MET) on_time = true;
  if (handling != nullptr && handling->outcome() == common::v1::CLOCK_MISSED) on_time = false;
  const auto score = [](int given) { return given == 0 ? Cell() : Cell(int64_t{given}); };
  return {
      Text(state.matter_code()),
      Text(state.external_no()),
      Moment(state.registered_at_ms()),
      Text(state.area_code()),
      Text(area == nullptr ? "" : area->name()),
      Text(v1::Channel_Name(state.channel())),
      Text(ChannelWord(state.channel())),
      Text(state.type() == v1::PETITION_TYPE_UNSPECIFIED ? "" : v1::PetitionType_Name(state.type())),
      Text(TypeWord(state.type())),
      Text(state.content_code()),
      Text(ContentWord(state.content_code())),
      PersonsOf(state),
      Text(reference::OrgName(reference, state.office_org())),
      Text(state.unit_org().empty() ? "" : reference::OrgName(reference, state.unit_org())),
      state.assigned(),
      state.urgent(),
      Text(RepeatWord(state.repeat_class())),
      Text(v1::PetitionStatus_Name(state.status())),
      state.route() == 0 ? Cell() : Cell(int64_t{state.route()}),
      Text(RouteWord(state.route())),
      Text(state.refusal_code()),
      Text(RefusalWord(state.refusal_code())),
      Moment(state.accepted_at_ms()),
      sheet::Due(handling == nullptr ? 0 : handling->due_at_ms()),
      std::move(on_time),
      Text(state.result() == v1::RESULT_UNSPECIFIED ? "" : v1::Result_Name(state.result())),
      int64_t{state.stage_size()},
      Text(state.mediation() == v1::MEDIATION_NONE ? "" : v1::MediationState_Name(state.mediation())),
      score(EvaluationOf(state).unit()),
      score(EvaluationOf(state).office()),
      Moment(state.ended_at_ms()),
  };
}

// One figure of the report: petitions and persons.
struct Count {
  int64_t petitions = 0;
  int64_t persons = 0;
};

// Art. 41, added up petition by petition. Keys are codes.
struct Report {
  Count all;
  std::map<std::string, Count> channel, type, content, respondent, unit, area, repeat, route, refusal, result, course;
  std::map<std::string, Count> redirect;
  std::map<std::string, Count> sent, supervised, suggestion, proposal, backlog;
  int64_t receptions = 0;
  int64_t received = 0;  // persons

  void Add(const v1::State& state, int64_t now_ms);

 private:
  void AddSupervision(const v1::State& state, int64_t now_ms);
  void AddAdvice(const v1::State& state);
};

void AddIf(bool holds, const v1::State& state, const std::string& code, std::map<std::string, Count>* by) {
  if (!holds) return;
  Count& count = (*by)[code];
  ++count.petitions;
  count.persons += PersonsOf(state);
}

// Orders of before were counted by nobody once they were closed: of these, those that are open still.
void Report::AddSupervision(const v1::State& state, int64_t now_ms) {
  const int64_t orders = std::max(state.orders_heard(), state.orders_closed() + state.order_size());
  const auto late = [&](const auto& order) { return order.due_at_ms() != 0 && order.due_at_ms() < now_ms; };
  const bool open = !state.order().empty();
  AddIf(orders > 0, state, "supervised", &supervised);
  AddIf(orders > 0 && open, state, "open", &supervised);
  AddIf(std::ranges::any_of(state.order(), late), state, "late", &supervised);
  AddIf(orders > 0 && !open, state, "closed", &supervised);
  AddIf(orders > 0 && !IsOpen(state.status()), state, "ended", &supervised);
  AddIf(std::ranges::any_of(state.order(), &v1::SupervisionOrder::listed), state, "listed", &supervised);
  AddIf(!state.instruction().empty(), state, "instructed", &supervised);
  if (orders == 0) return;
  supervised["orders"].petitions += orders;
  supervised["orders"].persons += PersonsOf(state);
}

// A suggestion of before is known while nobody has answered it.
void Report::AddAdvice(const v1::State& state) {
  const auto add = [&](v1::AdviceKind kind, v1::Adoption adoption) {
    const std::string of = kind == v1::IMPROVE_POLICY ? "policy" : "work";
    const char* how = adoption == v1::FULL ? "adopted" : adoption == v1::PART ? "partly"
                      : adoption == v1::NONE ? "notAdopted" : "open";
    AddIf(true, state, of, &suggestion);
    AddIf(true, state, of + "." + how, &suggestion);
    AddIf(true, state, how, &suggestion);
  };
  for (const auto& advice : state.advice()) add(advice.kind(), advice.adoption());
  const bool counted = !state.advice().empty() && state.advice().rbegin()->answered_at_ms() == 0;
  if (!state.improvement().empty() && !counted) add(v1::IMPROVE_WORK, v1::ADOPTION_UNSPECIFIED);
}

void Report::Add(const v1::State& state, int64_t now_ms) {
  if (state.status() == v1::MERGED) return;  // a copy: counted with the petition it was merged into
  const auto add = [&](Count& count) {
    ++count.petitions;
    count.persons += PersonsOf(state);
  };
  const auto add_if = [&](bool holds, std::map<std::string, Count>& by, const char* code) {
    AddIf(holds, state, code, &by);
  };
  add(all);
  add(channel[v1::Channel_Name(state.channel())]);
  if (state.type() != v1::PETITION_TYPE_UNSPECIFIED) add(type[v1::PetitionType_Name(state.type())]);
  if (!state.content_code().empty()) add(content[state.content_code().substr(0, kFieldDigits)]);
  if (!state.respondent_org().empty()) add(respondent[state.respondent_org()]);
  if (!state.unit_org().empty()) add(unit[state.unit_org()]);
  add(area[TownshipOf(state.area_code())]);
  if (state.route() > 0) add(route[std::to_string(state.route())]);
  // NA03 to NA05 lead into a procedure and refuse nothing (31, 1 to 4): counted apart.
  auto& not_taken = state.status() == v1::REDIRECTED ? redirect : refusal;
  if (!state.refusal_code().empty()) add(not_taken[state.refusal_code()]);
  if (state.result() != v1::RESULT_UNSPECIFIED) add(result[v1::Result_Name(state.result())]);
  add_if(state.repeat_class() == v1::REPEAT || state.repeat_class() == v1::SAME_IN_PROCESS ||
             state.repeat_class() == v1::SAME_AFTER_FINAL,
         repeat, "repeat");
  add_if(state.forwarded_at_ms() > 0 && !state.assigned(), sent, "forwarded");
  add_if(state.assigned(), sent, "assigned");
  add_if(!state.reported().empty(), sent, "reported");
  add_if(state.leader().accepted(), sent, "led");
  AddSupervision(state, now_ms);
  AddAdvice(state);
  add_if(state.adoption() == v1::FULL, proposal, "adopted");
  add_if(state.adoption() == v1::PART, proposal, "partly");
  add_if(state.adoption() == v1::NONE, proposal, "notAdopted");
  add_if(state.backlog().state() != v1::BACKLOG_NONE, backlog, "listed");
  add_if(state.backlog().state() == v1::WRITTEN_OFF, backlog, "writtenOff");
  const common::v1::Clock* handling = FindClock(state, "DP-05");
  add_if(handling != nullptr && handling->outcome() == common::v1::CLOCK_MET, course, "onTime");
  add_if(handling != nullptr && handling->outcome() == common::v1::CLOCK_MISSED, course, "late");
  add_if(state.mediation() != v1::MEDIATION_NONE, course, "toMediation");
  add_if(state.status() == v1::SETTLED, course, "settled");
  add_if(state.status() == v1::FINAL, course, "final");
  add_if(state.status() == v1::WITHDRAWN, course, "withdrawn");
  add_if(state.rests_on_agreement() && state.settlement() == v1::BROKEN, course, "broken");
  add_if(state.status() == v1::CLOSED && !state.closed_reason().empty() && !state.closed_reason().starts_with("DP-"),
         course, "terminated");
  for (const auto& stage : state.stage()) {
    add_if(stage.kind() == v1::REVIEW, course, "review");
    add_if(stage.kind() == v1::RECHECK, course, "recheck");
  }
}

const std::vector<sheet::Column>& ReportColumns() {
  static const std::vector<sheet::Column> kColumns = {
      {"item", "条例第四十一条", "Art. 41"},       {"group", "分组代码", "Group"},
      {"groupName", "分组", "Group, in words"}, {"code", "代码", "Code"},
      {"name", "名称", "Name"},                  {"petitions", "件次", "Petitions"},
      {"persons", "人次", "Persons"},
  };
  return kColumns;
}

class ReportRows {
 public:
  void Group(int64_t item, std::string_view group, std::string_view name) {
    item_ = item;
    group_ = group;
    group_name_ = name;
  }
  void Add(std::string_view code, std::string_view name, const Count& count) {
    rows_.push_back({item_, group_, group_name_, std::string(code), std::string(name.empty() ? code : name),
                     count.petitions, count.persons});
  }
  // Those named, in their order, whether they are counted or not.
  void AddAll(const std::vector<std::pair<std::string_view, std::string_view>>& named,
              const std::map<std::string, Count>& by) {
    for (const auto& [code, name] : named) {
      const auto it = by.find(std::string(code));
      Add(code, name, it == by.end() ? Count() : it->second);
    }
  }
  std::vector<Row> Take() { return std::move(rows_); }

 private:
  int64_t item_ = 0;
  std::string group_, group_name_;
  std::vector<Row> rows_;
};

// Most petitions first, as the article asks; units and places alone, never persons. Whoever reads rounded numbers
// learns nothing finer from the order, nor that there is anything about one with fewer than five.
void AddMost(const std::map<std::string, Count>& by, const std::function<std::string(const std::string&)>& name_of,
             bool exact, ReportRows* rows) {
  std::vector<std::pair<std::string, Count>> most(by.begin(), by.end());
  if (!exact) std::erase_if(most, [](const auto& one) { return base::IsFew(one.second.petitions); });
  std::ranges::stable_sort(most, std::greater<>(), [exact](const auto& one) {
    return exact ? one.second.petitions : base::Coarse(one.second.petitions);
  });
  most.resize(std::min(most.size(), kUnitsInReportMax));
  for (const auto& [code, count] : most) rows->Add(code, name_of(code), count);
}

void AddMostComplainedOf(const Report& report, const reference::Reference& reference, bool exact, ReportRows* rows) {
  const auto org = [&](const std::string& id) { return reference::OrgName(reference, id); };
  const auto place = [&](const std::string& code) {
    const auto* area = reference.FindArea(code);
    if (area == nullptr) area = reference.FindArea(base::CutTo(code, common::v1::COUNTY));  // of no township
    return area == nullptr ? code : std::string(area->name());
  };
  rows->Group(1, "respondent", "被投诉较多的机关、单位");
  AddMost(report.respondent, org, exact, rows);
  rows->Group(1, "unit", "办理信访事项较多的机关、单位");
  AddMost(report.unit, org, exact, rows);
  rows->Group(1, "area", "信访事项较多的地区");
  AddMost(report.area, place, exact, rows);
}

void AddSupervisionAndAdvice(const Report& report, ReportRows* rows) {
  rows->Group(2, "sent", "转送、交办");
  rows->AddAll({{"forwarded", "转送"}, {"assigned", "交办"}, {"reported", "重大紧急报告"}, {"led", "领导包案"}}, report.sent);
  rows->Group(2, "supervised", "督办");
  rows->AddAll({{"supervised", "督办的信访事项"}, {"orders", "督办单（份）"}, {"open", "督办中"}, {"late", "督办逾期未反馈"},
                {"closed", "督办单已办结"}, {"ended", "督办的信访事项已办结"}, {"listed", "挂牌督办中"}, {"instructed", "领导批示"}},
               report.supervised);
  rows->Group(3, "suggestion", "改进工作、完善政策建议以及被采纳情况（件）");
  rows->AddAll({{"work", "改进工作建议"}, {"work.open", "改进工作建议待反馈"}, {"work.adopted", "改进工作建议已采纳"},
                {"work.partly", "改进工作建议部分采纳"}, {"work.notAdopted", "改进工作建议未采纳"},
                {"policy", "完善政策建议"}, {"policy.open", "完善政策建议待反馈"}, {"policy.adopted", "完善政策建议已采纳"},
                {"policy.partly", "完善政策建议部分采纳"}, {"policy.notAdopted", "完善政策建议未采纳"},
                {"open", "待反馈"}, {"adopted", "已采纳"}, {"partly", "部分采纳"}, {"notAdopted", "未采纳"}},
               report.suggestion);
}

std::vector<Row> RowsOf(const Report& report, const reference::Reference& reference, bool exact) {
  ReportRows rows;
  rows.Group(1, "all", "信访事项总量");
  rows.Add("all", "合计", report.all);
  rows.Group(1, "channel", "信访形式");
  for (int i = v1::NET; i <= v1::HANDED_OVER; ++i) {
    const auto channel = static_cast<v1::Channel>(i);
    rows.AddAll({{v1::Channel_Name(channel), ChannelWord(channel)}}, report.channel);
  }
  rows.Group(1, "type", "信访目的");
  rows.AddAll({{"SUGGESTION", TypeWord(v1::SUGGESTION)}, {"REQUEST", TypeWord(v1::REQUEST)}}, report.type);
  rows.Group(1, "repeat", "重复信访");
  rows.AddAll({{"repeat", "重复信访"}}, report.repeat);
  rows.Group(1, "content", "信访事项涉及领域");
  rows.AddAll({ContentWords().begin(), ContentWords().end()}, report.content);
  AddMostComplainedOf(report, reference, exact, &rows);
  AddSupervisionAndAdvice(report, &rows);
  rows.Group(4, "route", "办理途径（条例第三十一条）");
  for (int route = 1; route <= 6; ++route) {
    const std::string code = std::to_string(route);
    rows.AddAll({{code, RouteWord(route)}}, report.route);
  }
  rows.Group(4, "redirect", "导入法定程序");
  for (const auto& [code, count] : report.redirect) rows.Add(code, RefusalWord(code), count);
  rows.Group(4, "refusal", "不予受理、不再受理");
  for (const auto& [code, count] : report.refusal) rows.Add(code, RefusalWord(code), count);
  rows.Group(4, "result", "处理意见");
  rows.AddAll({{"SUPPORTED", "予以支持"}, {"EXPLAINED", "解释说明"}, {"NOT_SUPPORTED", "不予支持"}}, report.result);
  rows.Group(4, "course", "程序");
  rows.AddAll({{"onTime", "按期办结"}, {"late", "超期"}, {"toMediation", "引导调解"}, {"settled", "和解、调解结案"},
               {"review", "复查"}, {"recheck", "复核"}, {"final", "终结"}, {"withdrawn", "撤回"},
               {"broken", "和解、调解结案后协议未履行"}, {"terminated", "信访人死亡（终止）终结"}},
              report.course);
  rows.Group(4, "proposal", "信访人建议意见的采纳");
  rows.AddAll({{"adopted", "已采纳"}, {"partly", "部分采纳"}, {"notAdopted", "未采纳"}}, report.proposal);
  rows.Group(4, "backlog", "信访积案");
  rows.AddAll({{"listed", "列入"}, {"writtenOff", "核销"}}, report.backlog);
  rows.Group(4, "reception", "领导干部接访、下访");
  rows.Add("reception", "场次、接待人次", {report.receptions, report.received});
  return rows.Take();
}

// As whoever may open none of them reads it: of few petitions not how many persons either.
Row RoundedRow(Row row) {
  constexpr size_t kPetitionsAt = 5, kPersonsAt = 6;
  const int64_t petitions = std::get<int64_t>(row[kPetitionsAt]);
  row[kPersonsAt] = base::IsFew(petitions) ? Cell() : sheet::RoundedCell(std::get<int64_t>(row[kPersonsAt]));
  row[kPetitionsAt] = sheet::RoundedCell(petitions);
  return row;
}

}  // namespace

rpc::Answer Sheets::ExportPetitions(const rpc::Caller& caller, const SheetRequest& request, Next* next) const {
  sheet::Asked asked;
  if (auto refusal = sheet::Understand(request, caller.now_ms, &asked)) return *std::move(refusal);
  PetitionReader reader = read_();
  const auto reference = reader.Reference();
  const int from = LookingFrom(caller, asked.area_code);
  auto rows = sheet::Walk<PetitionDomain>(
      std::move(reader), "area", RangesOf(asked), sheet::Every,
      [reference, from](const std::string&, const v1::State& state) -> std::optional<Row> {
        if (Sealed(state) || state.office_level() > from) return std::nullopt;  // sealed: not in this index either
        return PetitionRow(state, *reference);
      });
  *next = sheet::StreamOf(
      {asked.format, sheet::AboutOf("petitions", asked, caller.now_ms), PetitionColumns(), std::move(rows)});
  return {};
}

rpc::Answer Sheets::ExportYearReport(const rpc::Caller& caller, const SheetRequest& request, Next* next) const {
  sheet::Asked asked;
  if (auto refusal = sheet::Understand(request, caller.now_ms, &asked)) return *std::move(refusal);
  const PetitionReader reader = read_();
  const Looking looking = LookingAtNumbers(caller, asked.area_code);
  Report report;
  absl::Status walked = sheet::ForEach<PetitionDomain>(
      reader, "area", RangesOf(asked), sheet::Every, [&](const std::string&, const v1::State& state) {
        if (!Sealed(state) && state.office_level() <= looking.from) report.Add(state, caller.now_ms);
      });
  if (!walked.ok()) return walked;
  walked = sheet::ForEach<PetitionDomain>(
      reader, "reception", {sheet::NewestFirstRange(ListPrefix(asked.area_code, false), asked.period)}, sheet::Every,
      [&](const std::string&, const v1::State& state) {
        ++report.receptions;
        report.received += state.reception().petitioner_count();
      });
  if (!walked.ok()) return walked;
  std::vector<Row> rows = RowsOf(report, *reader.Reference(), looking.exact);
  sheet::About about = sheet::AboutOf("petition-report", asked, caller.now_ms);
  if (!looking.exact) {
    for (Row& row : rows) row = RoundedRow(std::move(row));
    sheet::SayRounded(&about);
  }
  *next = sheet::StreamOf({asked.format, std::move(about), ReportColumns(), sheet::RowsOf(std::move(rows))});
  return {};
}

}  // namespace petition
