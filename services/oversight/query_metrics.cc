// Figures as people look them up: all of an area, one, the list it counts, a file.
#include <absl/strings/str_cat.h>

#include <algorithm>
#include <utility>

#include "base/area_code.h"
#include "base/coding.h"
#include "base/status_macros.h"
#include "services/oversight/disclosure.h"
#include "services/oversight/domain/figure_keys.h"
#include "services/oversight/domain/refusals.h"
#include "services/oversight/domain/standing.h"
#include "services/oversight/figure_sheet.h"
#include "services/oversight/figures.h"
#include "services/oversight/listed.h"
#include "services/oversight/queries.h"
#include "services/rpc/page_token.h"
#include "services/sheet/sheet.h"
#include "storage/keys.h"

namespace oversight {
namespace {

using base::Day;
using kernel::RefusalCode;

constexpr size_t kLooksMax = 5000;  // entries looked at for one page: then the rest is on the next

// The area and the days of a question; a refusal names what is wrong. A period ends with today at the latest: what
// falls due tomorrow is nobody's lateness.
template <class Request>
rpc::Answer Understand(const OversightReader& reader, const Request& request, int64_t now_ms, Days* days) {
  if (auto wrong = CheckArea(reader, request.area_code()); !wrong.ok()) return wrong;
  const Day today = base::LocalDay(now_ms);
  base::Date first = base::DateOf(today);
  first.day = 1;
  const auto from = request.from_day().empty() ? base::DayOf(first) : base::ParseDay(request.from_day());
  const auto until = request.until_day().empty() ? today + 1 : base::ParseDay(request.until_day());
  if (!from || *from > today) return Why(RefusalCode::kInvalid, "BAD_DAY", "from_day");
  if (!until || *until <= *from) return Why(RefusalCode::kInvalid, "BAD_DAY", "until_day");
  *days = {*from, std::min(*until, today + 1), 0};
  if (days->until > today) days->now_ms = now_ms - now_ms % base::kMinuteMs;
  if (days->until - days->from > kPeriodDaysMax) return Why(RefusalCode::kInvalid, "PERIOD_TOO_LONG", "from_day");
  return {};
}

// `only`: what alone is asked. Of what comes from outside no places are summed.
template <class Request>
absl::StatusOr<Counting> CountingOf(const OversightReader& reader, const rpc::Caller& caller, const Request& request,
                                    Days days, const Metric* only = nullptr) {
  const int looks = LooksFrom(caller, request.area_code());
  Places places;
  if (only == nullptr || only->shape != Shape::kOutside) {
    ASSIGN_OR_RETURN(places, FigurePlacesOf(reader, request.area_code(), looks));
  }
  return Counting(reader, request.area_code(), std::move(places), days, looks);
}

absl::StatusOr<std::vector<v1::Figure>> AllFigures(Counting counting, Day today) {
  std::vector<v1::Figure> figures;
  for (const Metric& metric : Metrics()) {
    ASSIGN_OR_RETURN(auto figure, counting.FigureOf(metric, today));
    figures.push_back(std::move(figure));
  }
  return figures;
}

// ---- the list behind a figure

bool Counts(const Term& term, const Listed& listed, Days days) {
  switch (term.of) {
    case Of::kStanding:
      return listed.until == 0 || listed.until >= days.until;
    case Of::kAtEnd:
      return listed.day < days.until;
    case Of::kAtStart:
      return listed.day < days.from;
    default:
      return true;
  }
}

int64_t WeightOf(const Term& term, const Listed& listed, Days days) {
  if (!Counts(term, listed, days)) return 0;
  const bool later = term.of == Of::kDone && listed.until != 0 && listed.until < days.until;
  return term.weight(later ? std::string_view("1") : std::string_view(listed.traits));
}

std::pair<std::string, std::string> RangeOf(const Term& term, const std::string& prefix, Days days) {
  switch (term.of) {
    case Of::kAtEnd:
      return {FigureListFrom(prefix, days.until), base::PrefixEnd(prefix)};
    case Of::kAtStart:
      return {FigureListFrom(prefix, days.from), base::PrefixEnd(prefix)};
    case Of::kEver:
      return {prefix, FigureListFrom(prefix, days.until)};
    default:
      break;
  }
  if (!IsStock(term.family)) return {FigureListFrom(prefix, days.from), FigureListFrom(prefix, days.until)};
  return {prefix, base::PrefixEnd(prefix)};
}

void ShowOne(const std::string& id, const v1::State& state, int level, Day day, int64_t count, v1::Counted* row) {
  row->set_id(id);
  row->set_count(count);
  row->set_day(base::DayText(day));
  row->set_area_code(FigureArea(state));
  if (state.has_order()) row->set_matter_code(state.order().matter_id());
  if (!state.has_matter()) return;
  v1::Matter scratch;
  const v1::Matter& matter = SeenAt(state.matter(), level, &scratch);
  row->set_matter_code(matter.matter_code());
  row->set_category(CategoryOf(matter));
}

// What one unit settled within a minute; `position`: behind which one.
absl::Status FillBursts(const OversightReader& reader, const std::string& area, int looks, Days days, size_t size,
                        const std::string& position, v1::ListCountedResponse* out, std::string* next) {
  ASSIGN_OR_RETURN(const auto bursts, Bursts(reader, area, days, looks));
  auto name = [](const Settled& one) { return absl::StrCat("0", one.id, " ", one.second); };
  auto at = position.empty() ? bursts.begin() : std::ranges::find(bursts, position, name);
  for (; at != bursts.end(); ++at) {
    if (static_cast<size_t>(out->counted_size()) == size) {
      *next = name(*at);
      return absl::OkStatus();
    }
    ASSIGN_OR_RETURN(const auto stored, reader.Get(at->id));
    if (!stored) continue;
    const auto day = static_cast<Day>(at->second / (base::kDayMs / 1000));
    ShowOne(at->id, stored->state, looks, day, 1, out->add_counted());
  }
  return absl::OkStatus();
}

class Listing {
 public:
  Listing(const OversightReader& reader, const v1::ListCountedRequest& request, int looks, const Metric& metric,
          Days days, size_t size)
      : reader_(reader),
        reference_(reader.Reference()),
        request_(request),
        days_(days),
        size_(size),
        level_(looks),
        terms_(request.numerator() ? metric.numerator : metric.denominator) {}

  // `position`: which term, and an entry of the index.
  absl::Status Fill(const std::string& position, v1::ListCountedResponse* out, std::string* next) {
    const size_t first = position.empty() ? 0 : static_cast<size_t>(position[0] - '0');
    std::string resume = position.empty() ? "" : position.substr(1);
    for (size_t i = first; i < 2 && terms_[i].of != Of::kNone; ++i) {
      for (const char view : {'*', static_cast<char>('0' + level_)}) {
        ASSIGN_OR_RETURN(const auto townships, TownshipsListed(reader_, request_.area_code(), view));
        for (const auto& township : townships) {
          const std::string prefix = FigureListPrefix(township, view, terms_[i].family);
          std::string rest;
          RETURN_IF_ERROR(OneRange(terms_[i], prefix, resume, out, &rest));
          if (rest.empty()) continue;
          *next = absl::StrCat(i, rest);
          return absl::OkStatus();
        }
      }
      resume.clear();
    }
    return absl::OkStatus();
  }

 private:
  absl::Status OneRange(const Term& term, const std::string& prefix, const std::string& resume,
                        v1::ListCountedResponse* out, std::string* rest) {
    const auto [from, to] = RangeOf(term, prefix, days_);
    std::string position = resume;
    do {
      const size_t room = size_ - static_cast<size_t>(out->counted_size());
      ASSIGN_OR_RETURN(auto page, reader_.ListRange("figure", from, to, std::max<size_t>(room, 1), position));
      position = std::move(page.next_page_token);
      for (const auto& item : page.items) RETURN_IF_ERROR(Show(term, prefix.size(), item, out));
      looks_ += page.items.size();
      const bool full = static_cast<size_t>(out->counted_size()) >= size_ || looks_ >= kLooksMax;
      if (full && !position.empty()) {
        *rest = position;
        return absl::OkStatus();
      }
      if (full && !page.items.empty() && static_cast<size_t>(out->counted_size()) >= size_) {
        // The range is at its end: the next page begins behind its last entry.
        *rest = storage::IndexKey(kernel::IndexNumber<OversightDomain>("figure"), page.items.back().key,
                                  page.items.back().aggregate_id) +
                std::string(1, '\0');
        return absl::OkStatus();
      }
    } while (!position.empty());
    return absl::OkStatus();
  }

  absl::Status Show(const Term& term, size_t prefix_size, const kernel::Page::Item& item,
                    v1::ListCountedResponse* out) {
    Listed listed;
    if (!ReadListed(term.family, std::string_view(item.key).substr(prefix_size), &listed)) return absl::OkStatus();
    if (IsStock(term.family) && term.of == Of::kIn && (listed.day < days_.from || listed.day >= days_.until))
      return absl::OkStatus();
    const int64_t weight = WeightOf(term, listed, days_);
    if (weight == 0) return absl::OkStatus();
    ASSIGN_OR_RETURN(const auto stored, reader_.Get(item.aggregate_id));
    if (!stored || !CountsFor(*reference_, request_.area_code(), FigureArea(stored->state)))
      return absl::OkStatus();
    int64_t count = 0;
    for (const auto& c : ContributionsAt(stored->state, level_)) {
      const bool same =
          c.family == term.family && c.day == listed.day && c.until == listed.until && c.traits == listed.traits;
      if (same && !IsAhead(c, days_.now_ms)) count += weight;
    }
    if (count > 0) ShowOne(item.aggregate_id, stored->state, level_, listed.day, count, out->add_counted());
    return absl::OkStatus();
  }

  const OversightReader& reader_;
  const std::shared_ptr<const reference::Reference> reference_;
  const v1::ListCountedRequest& request_;
  const Days days_;
  const size_t size_;
  const int level_;
  const Term (&terms_)[2];
  size_t looks_ = 0;
};

}  // namespace

rpc::Answer Queries::ListMetrics(const rpc::Caller& caller, const v1::ListMetricsRequest& request,
                                 v1::ListMetricsResponse* out) const {
  Days days;
  const OversightReader reader = read_();
  if (auto wrong = Understand(reader, request, caller.now_ms, &days); !wrong.ok()) return wrong;
  auto counting = CountingOf(reader, caller, request, days);
  if (!counting.ok()) return counting.status();
  auto figures = AllFigures(*std::move(counting), base::LocalDay(caller.now_ms));
  if (!figures.ok()) return figures.status();
  const bool exact = MayOpenLists(caller, request.area_code());
  for (auto& figure : *figures) {
    if (!exact) RoundFigure(&figure);
    *out->add_figure() = std::move(figure);
  }
  out->set_area_code(request.area_code());
  out->set_from_day(base::DayText(days.from));
  out->set_until_day(base::DayText(days.until));
  out->set_as_of_ms(reader.now_ms());
  *out->mutable_freshness() = FreshnessAt(caller.now_ms);
  return {};
}

rpc::Answer Queries::GetMetric(const rpc::Caller& caller, const v1::GetMetricRequest& request,
                               v1::Figure* out) const {
  const Metric* metric = FindMetric(request.id());
  if (metric == nullptr) return Why(RefusalCode::kNotFound, "NO_SUCH_METRIC", "id");
  Days days;
  const OversightReader reader = read_();
  if (auto wrong = Understand(reader, request, caller.now_ms, &days); !wrong.ok()) return wrong;
  auto counting = CountingOf(reader, caller, request, days, metric);
  if (!counting.ok()) return counting.status();
  auto figure = counting->FigureOf(*metric, base::LocalDay(caller.now_ms));
  if (!figure.ok()) return figure.status();
  *out = *std::move(figure);
  if (!MayOpenLists(caller, request.area_code())) RoundFigure(out);
  return {};
}

rpc::Answer Queries::ListCounted(const rpc::Caller& caller, const v1::ListCountedRequest& request,
                                 v1::ListCountedResponse* out) const {
  const Metric* metric = FindMetric(request.id());
  if (metric == nullptr) return Why(RefusalCode::kNotFound, "NO_SUCH_METRIC", "id");
  caller.note->field = absl::StrCat(request.id(), request.numerator() ? " numerator " : " denominator ",
                                    request.from_day(), " ", request.until_day());
  if (metric->shape == Shape::kOutside) return Why(RefusalCode::kGuard, "NOTHING_TO_LIST", "id");
  Days days;
  const OversightReader reader = read_();
  if (auto wrong = Understand(reader, request, caller.now_ms, &days); !wrong.ok()) return wrong;
  if (metric->of_persons) {
    auto counting = CountingOf(reader, caller, request, days);
    if (!counting.ok()) return counting.status();
    auto figure = counting->FigureOf(*metric, base::LocalDay(caller.now_ms));
    if (!figure.ok()) return figure.status();
    if (figure->hidden()) return Why(RefusalCode::kGuard, "TOO_FEW", "id");
  }
  const int looks = LooksFrom(caller, request.area_code());
  const std::string question = absl::StrCat("ListCounted ", request.id(), " ", request.area_code(), " ", days.from,
                                            " ", days.until, " ", request.numerator(), " ", looks);
  const auto position = rpc::PagePosition(question, request.page_token());
  const bool ours = position && (position->empty() || (*position)[0] == '0' || (*position)[0] == '1');
  if (!ours) return Why(RefusalCode::kInvalid, "PAGE_TOKEN", "page_token");
  const int size = request.page_size() <= 0 ? kPageDefault : std::min(request.page_size(), kPageSizeMax);
  std::string next;
  Listing listing(reader, request, looks, *metric, days, static_cast<size_t>(size));
  const bool bursts = metric->shape == Shape::kBursts && request.numerator();
  auto status =
      bursts ? FillBursts(reader, request.area_code(), looks, days, static_cast<size_t>(size), *position, out, &next)
             : listing.Fill(*position, out, &next);
  if (!status.ok()) return status;
  out->set_as_of_ms(reader.now_ms());
  out->set_next_page_token(rpc::PageToken(question, next));
  return {};
}

rpc::Answer Queries::ExportMetrics(const rpc::Caller& caller, const v1::ExportMetricsRequest& request,
                                   rpc::NextMessage<google::api::HttpBody>* next) const {
  Days days;
  const OversightReader reader = read_();
  if (auto wrong = Understand(reader, request, caller.now_ms, &days); !wrong.ok()) return wrong;
  if (!v1::MetricsFormat_IsValid(request.format())) return Why(RefusalCode::kInvalid, "VALUE_NEEDED", "format");
  auto counting = CountingOf(reader, caller, request, days);
  if (!counting.ok()) return counting.status();
  auto figures = AllFigures(*std::move(counting), base::LocalDay(caller.now_ms));
  if (!figures.ok()) return figures.status();
  std::vector<sheet::Row> rows;
  const bool exact = MayOpenLists(caller, request.area_code());
  for (auto& figure : *figures) {
    if (!exact) RoundFigure(&figure);
    AddFigureRows(figure, &rows);
  }
  const std::string from = base::DayText(days.from), until = base::DayText(days.until);
  sheet::About about = {absl::StrCat("figures-", request.area_code(), "-", from, "-", until),
                        {{"areaCode", request.area_code()},
                         {"fromDay", from},
                         {"untilDay", until},
                         {"asOf", base::LocalText(caller.now_ms)}}};
  const auto format = request.format() == v1::METRICS_JSON ? sheet::Format::kJson : sheet::Format::kCsv;
  *next = sheet::StreamOf(sheet::Sheet(format, std::move(about), FigureColumns(), sheet::RowsOf(std::move(rows))));
  return {};
}

}  // namespace oversight
