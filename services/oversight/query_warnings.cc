// Early warnings as people look them up: one, those of an area, and how many were false, by rule. The matters behind a
// warning are named as far as the reader may see them; one that has become sealed is named to nobody.
#include <absl/strings/str_cat.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <utility>

#include "base/area_code.h"
#include "base/small_numbers.h"
#include "base/status_macros.h"
#include "services/oversight/disclosure.h"
#include "services/oversight/domain/keys.h"
#include "services/oversight/domain/metrics.h"
#include "services/oversight/domain/refusals.h"
#include "services/oversight/domain/rules.h"
#include "services/oversight/domain/standing.h"
#include "services/oversight/domain/warnings.h"
#include "services/oversight/domain/watch.h"
#include "services/oversight/queries.h"
#include "services/oversight/warning_words.h"
#include "services/reference/deadline.h"
#include "services/reference/month.h"
#include "services/rpc/page_token.h"
#include "services/sheet/sheet.h"

namespace oversight {
namespace {

using kernel::RefusalCode;

constexpr size_t kCountRowsMax = 20'000;  // months times rules times what became of them
constexpr int kMonthsMax = 120;

// A cluster of petitions names no petition that has left, though mediation goes on under its code: a warning that had
// ended by then is not changed any more, and would name it for ever.
absl::StatusOr<bool> MayName(const v1::WarningState& warning, const OversightReader& reader,
                             const rpc::Caller& caller, const std::string& code) {
  ASSIGN_OR_RETURN(auto matter, reader.Get(code));
  if (!matter || !matter->state.has_matter() || !MaySee(matter->state, caller.actor)) return false;
  return !IsOfPetitions(warning.category()) || !AroseAsWhatLeft(matter->state.matter());
}

// False: it is about a matter that is gone, and shown to nobody.
absl::StatusOr<bool> FillWarning(const std::string& id, const kernel::Stored<v1::State>& stored,
                                 const OversightReader& reader, const rpc::Caller& caller, v1::Warning* out) {
  const v1::WarningState& warning = stored.state.warning();
  if (!warning.matter_id().empty()) {
    ASSIGN_OR_RETURN(auto matter, reader.Get(warning.matter_id()));
    if (!matter || LeftTheLists(matter->state.matter())) return false;
    // Raised while somebody had a petition of it that has left since: what it says may be of that.
    const bool of_petition = warning.seen_from() > 0;
    if (of_petition && std::ranges::any_of(matter->state.matter().part(), [](const v1::Part& part) {
          return LeftTheLists(part);
        }))
      return false;
  }
  out->set_id(id);
  out->set_version(stored.version);
  out->set_rule(warning.rule());
  out->set_subject(warning.subject());
  out->set_area_code(warning.area_code());
  out->set_category(warning.category());
  out->set_org_id(warning.org_id());
  out->set_status(warning.status());
  out->set_high(warning.high());
  out->set_level(warning.level());
  out->set_first_level(warning.first_level());
  *out->mutable_fact() = warning.fact();
  for (const auto& code : warning.matter_code()) {
    ASSIGN_OR_RETURN(const bool named, MayName(warning, reader, caller, code));
    if (named) out->add_matter_code(code);
  }
  out->set_raised_at_ms(warning.raised_at_ms());
  out->set_acknowledged_at_ms(warning.acknowledged_at_ms());
  out->set_acknowledged_by_org(warning.acknowledged_by_org());
  *out->mutable_action() = warning.action();
  out->set_ended_at_ms(warning.ended_at_ms());
  out->set_ending_text(warning.ending_text());
  out->set_ending_code(warning.ending_code());
  for (auto& name : AllowedCommands(stored.state, caller.actor)) out->add_allowed_command(std::move(name));
  const auto reference = reader.Reference();
  const RuleName name = RuleNameOf(*reference, warning.rule());
  out->set_rule_zh(name.zh);
  out->set_rule_en(name.en);
  out->set_summary_zh(SummaryZh(warning));
  out->set_summary_en(SummaryEn(warning));
  if (warning.has_clock() && reference->HasCalendar()) {
    *out->mutable_deadline() =
        reference::Explain(warning.clock(), reference->light_rule(), caller.now_ms, reference->calendar());
  }
  return true;
}

// "2026-10" as 202610; 0: not a month.
int32_t MonthNumber(const std::string& text) {
  return reference::ParseMonth(text).value_or(0);
}

int MonthsBetween(int32_t from, int32_t until) {
  return (until / 100 - from / 100) * 12 + until % 100 - from % 100 + 1;
}

template <class Request>
rpc::Answer Understand(const OversightReader& reader, const Request& request) {
  if (auto wrong = CheckArea(reader, request.area_code()); !wrong.ok()) return wrong;
  const int32_t from = MonthNumber(request.from_month()), until = MonthNumber(request.until_month());
  if (from == 0) return Why(RefusalCode::kInvalid, "NO_SUCH_MONTH", "from_month");
  if (until == 0) return Why(RefusalCode::kInvalid, "NO_SUCH_MONTH", "until_month");
  if (until < from) return Why(RefusalCode::kInvalid, "MONTHS_REVERSED", "until_month");
  if (MonthsBetween(from, until) > kMonthsMax)
    return Why(RefusalCode::kInvalid, "PERIOD_TOO_LONG", "until_month");
  return {};
}

void Add(std::string_view became, int64_t count, v1::WarningCount* row) {
  if (became == "raised") row->set_raised(row->raised() + count);
  if (became == "open") row->set_open(row->open() + count);
  if (became == "cleared") row->set_cleared(row->cleared() + count);
  if (became == "false") row->set_was_false(row->was_false() + count);
  if (became == "overtaken") row->set_overtaken(row->overtaken() + count);
  if (became == "passed_up") row->set_passed_up(row->passed_up() + count);
}

// As whoever may open none of them reads it: 0 is anything below five, and rules with fewer are not there.
void Coarsen(std::vector<v1::WarningCount>* rows) {
  for (v1::WarningCount& row : *rows) {
    const int64_t judged = row.cleared() + row.was_false();
    row.clear_precision();
    if (judged >= kFew) row.set_precision(ShareText(Rounded(row.cleared()), Rounded(judged)));
    row.set_raised(base::Coarse(row.raised()));
    row.set_open(base::Coarse(row.open()));
    row.set_cleared(base::Coarse(row.cleared()));
    row.set_was_false(base::Coarse(row.was_false()));
    row.set_overtaken(base::Coarse(row.overtaken()));
    row.set_passed_up(base::Coarse(row.passed_up()));
  }
  std::erase_if(*rows, [](const v1::WarningCount& row) { return row.raised() == 0; });
}

template <class Request>
absl::StatusOr<std::vector<v1::WarningCount>> CountsOf(const OversightReader& reader, const rpc::Caller& caller,
                                                       const Request& request) {
  const std::string prefix = WarningTallies(request.area_code());
  const int32_t from = MonthNumber(request.from_month()), until = MonthNumber(request.until_month());
  ASSIGN_OR_RETURN(auto tallies, reader.Tallies(prefix, kCountRowsMax));
  std::map<std::string, v1::WarningCount> by_rule;
  for (const auto& tally : tallies) {
    const std::string_view rest = std::string_view(tally.key).substr(prefix.size());  // "202611/W1/raised"
    int32_t month = 0;
    std::from_chars(rest.data(), rest.data() + rest.size(), month);
    if (month < from || month > until) continue;
    const std::string_view rule = rest.substr(7, 2);
    Add(rest.substr(10), static_cast<int64_t>(tally.count), &by_rule[std::string(rule)]);
  }
  std::vector<v1::WarningCount> rows;
  const auto reference = reader.Reference();
  for (auto& [rule, row] : by_rule) {
    const RuleName name = RuleNameOf(*reference, rule);
    row.set_rule(rule);
    row.set_rule_zh(name.zh);
    row.set_rule_en(name.en);
    const int64_t judged = row.cleared() + row.was_false();
    if (judged > 0) row.set_precision(ShareText(row.cleared(), judged));
    rows.push_back(std::move(row));
  }
  if (!MayOpenWarnings(caller, request.area_code())) Coarsen(&rows);
  return rows;
}

std::vector<sheet::Column> CountColumns() {
  return {{"rule", "规则", "rule"},
          {"name", "名称", "name"},
          {"raised", "发出", "raised"},
          {"open", "未结", "open"},
          {"cleared", "解除", "cleared"},
          {"wasFalse", "误报", "false"},
          {"overtaken", "自行消除", "overtaken"},
          {"passedUp", "逾期上报", "passed up"},
          {"precision", "准确率%", "precision %"}};
}

}  // namespace

rpc::Answer Queries::GetWarning(const rpc::Caller& caller, const v1::GetWarningRequest& request,
                                v1::Warning* out) const {
  const OversightReader reader = read_();
  auto stored = reader.Get(request.id());
  if (!stored.ok()) return stored.status();
  if (!*stored || !(*stored)->state.has_warning() || !MaySee((*stored)->state, caller.actor))
    return Why(RefusalCode::kNotFound, "NOT_FOUND");
  caller.note->aggregate_id = request.id();
  auto shown = FillWarning(request.id(), **stored, reader, caller, out);
  if (!shown.ok()) return shown.status();
  if (*shown) return {};
  out->Clear();
  return Why(RefusalCode::kNotFound, "NOT_FOUND");
}

rpc::Answer Queries::ListWarnings(const rpc::Caller& caller, const v1::ListWarningsRequest& request,
                                  v1::ListWarningsResponse* out) const {
  const OversightReader reader = read_();
  if (auto wrong = CheckArea(reader, request.area_code()); !wrong.ok()) return wrong;
  const std::string prefix = WarningPrefix(request.area_code(), request.ended());
  const std::string question = "ListWarnings " + prefix;
  const auto position = rpc::PagePosition(question, request.page_token());
  if (!position) return Why(RefusalCode::kInvalid, "PAGE_TOKEN", "page_token");
  const int size = request.page_size() <= 0 ? kPageDefault : std::min(request.page_size(), kPageSizeMax);
  auto page = reader.List("warning", prefix, static_cast<size_t>(size), *position);
  if (!page.ok()) return page.status();
  for (const auto& item : page->items) {
    auto stored = reader.Get(item.aggregate_id);
    if (!stored.ok()) return stored.status();
    if (!*stored || !MaySee((*stored)->state, caller.actor)) continue;
    v1::Warning warning;
    auto shown = FillWarning(item.aggregate_id, **stored, reader, caller, &warning);
    if (!shown.ok()) return shown.status();
    if (*shown) *out->add_warning() = std::move(warning);
  }
  out->set_as_of_ms(reader.now_ms());
  out->set_next_page_token(rpc::PageToken(question, page->next_page_token));
  return {};
}

rpc::Answer Queries::CountWarnings(const rpc::Caller& caller, const v1::CountWarningsRequest& request,
                                   v1::CountWarningsResponse* out) const {
  const OversightReader reader = read_();
  if (auto wrong = Understand(reader, request); !wrong.ok()) return wrong;
  auto rows = CountsOf(reader, caller, request);
  if (!rows.ok()) return rows.status();
  for (auto& row : *rows) *out->add_row() = std::move(row);
  out->set_rounded(!MayOpenWarnings(caller, request.area_code()));
  out->set_as_of_ms(reader.now_ms());
  return {};
}

rpc::Answer Queries::ExportWarningCounts(const rpc::Caller& caller,
                                         const v1::ExportWarningCountsRequest& request,
                                         rpc::NextMessage<google::api::HttpBody>* next) const {
  const OversightReader reader = read_();
  if (auto wrong = Understand(reader, request); !wrong.ok()) return wrong;
  if (!v1::WarningsFormat_IsValid(request.format()))
    return Why(RefusalCode::kInvalid, "VALUE_NEEDED", "format");
  auto counts = CountsOf(reader, caller, request);
  if (!counts.ok()) return counts.status();
  std::vector<sheet::Row> rows;
  for (const auto& row : *counts) {
    rows.push_back({sheet::Text(row.rule()), sheet::Text(row.rule_zh()), row.raised(), row.open(),
                    row.cleared(), row.was_false(), row.overtaken(), row.passed_up(),
                    sheet::Text(row.precision())});
  }
  sheet::About about = {
      absl::StrCat("warnings-", request.area_code(), "-", request.from_month(), "-", request.until_month()),
      {{"areaCode", request.area_code()},
       {"fromMonth", request.from_month()},
       {"untilMonth", request.until_month()},
       {"asOf", base::LocalText(caller.now_ms)}}};
  if (!MayOpenWarnings(caller, request.area_code())) {
    about.name += "-rounded";
    about.fact.emplace_back("rounded", "multiples of five; 0 is anything below five 按五的倍数给出，0为不足五");
  }
  const auto format = request.format() == v1::WARNINGS_JSON ? sheet::Format::kJson : sheet::Format::kCsv;
  *next =
      sheet::StreamOf(sheet::Sheet(format, std::move(about), CountColumns(), sheet::RowsOf(std::move(rows))));
  return {};
}

}  // namespace oversight
