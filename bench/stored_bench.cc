// Lists, counts and sheets at the size of a small town and of a city, in one run: two databases of each service side
// by side, each question asked of both in turn, medians. The limit is the service itself with few matters: 1.5.
//
//   stored_bench [FEW [MANY [SERVICE]]]     10000 1000000, incident, mediation, petition and oversight
//
// Medians are of whoever asks again: short ranges are kept in memory from the second question on (kept_ranges.h).
// A million take a minute or two of a core. What a process keeps beside it (vault, search index) is not here: see
// bench/found_bench.cc.
#include <absl/strings/str_cat.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bench/stock.h"
#include "services/incident/queries.h"
#include "services/incident/sheets.h"
#include "services/mediation/queries.h"
#include "services/mediation/sheets.h"
#include "services/oversight/domain/metrics.h"
#include "services/oversight/queries.h"
#include "services/petition/queries.h"
#include "services/petition/sheets.h"

namespace bench {
namespace {

using common::v1::SheetRequest;

constexpr int kSheetRounds = 3;

// Whole sheets of a township, the one after the other; what a row of them takes.
void Exports(const std::string& service, const std::vector<Question>& questions) {
  for (const Question& question : questions) {
    std::vector<double> few, many;
    size_t few_rows = 0, many_rows = 0;
    for (int i = 0; i < kSheetRounds; ++i) {
      for (int j = 0; j < 5; ++j) {
        const double took = Microseconds(question.few, &few_rows);
        few.push_back(took / static_cast<double>(few_rows));
      }
      const double took = Microseconds(question.many, &many_rows);
      many.push_back(took / static_cast<double>(many_rows));
    }
    Print(absl::StrCat(service, ": ", question.name, ", µs a row"), Median(few), few_rows, Median(many),
          many_rows);
  }
}

// The rows of a sheet that is read to its end: its lines, without the head.
template <class Sheets, class D>
Rows SheetRows(Stock<D>& stock, const Actor& who,
               rpc::Answer (Sheets::*method)(const rpc::Caller&, const SheetRequest&, typename Sheets::Next*)
                   const) {
  return [&stock, who, method] {
    const Sheets sheets([&stock] { return stock.Read(); });
    typename Sheets::Next next;
    const auto request =
        Ask<SheetRequest>(absl::StrCat("area_code: '", std::string(kTownship), "' format: CSV"));
    CHECK((sheets.*method)(stock.As(who), request, &next).ok());
    size_t lines = 0;
    google::api::HttpBody piece;
    while (true) {
      piece.Clear();
      const auto more = next(&piece);
      CHECK(more.ok()) << more.status();
      for (const char c : piece.data()) lines += c == '\n';
      if (!*more) return lines - 1;
    }
  };
}

void Incidents(const std::string& directory, size_t few_size, size_t many_size) {
  using incident::Queries, incident::Sheets;
  namespace v1 = incident::v1;
  Both<incident::IncidentDomain> both(directory, "incident", few_size, many_size);
  both.Fill("report", [](const Fresh& fresh, v1::Command* command) {
    const std::string& place = fresh.place;
    auto* report = command->mutable_report();
    report->set_category("0102");
    report->set_area_code(place + "001");
    report->set_text("两家因院墙外排水沟的走向争吵，雨水流到了邻居门口。");
    return Person(kernel::v1::ROLE_GW, place + "001", "grids");
  });
  const auto rows =
      +[](const v1::ListIncidentsResponse& page) { return static_cast<size_t>(page.row_size()); };
  const auto counts =
      +[](const v1::CountIncidentsResponse& page) { return static_cast<size_t>(page.count_size()); };
  const Actor worker = Person(kernel::v1::ROLE_GW, std::string(kVillage) + "001", "grids");
  const Actor head = Person(kernel::v1::ROLE_GH, kVillage, "centre"),
              town = Person(kernel::v1::ROLE_TD, kTownship, "centre");
  const Actor county = Person(kernel::v1::ROLE_CD, kCounty, "centre"),
              city = Person(kernel::v1::ROLE_CC, kCity, "centre");
  const auto page = [&](const char* name, const Actor& who, const std::string& text) {
    return Page(name, both.few, both.many, who, text, &Queries::ListIncidents, rows);
  };
  Pages("incident", {page("village", head, In(kVillage)), page("reported by me", worker, "mine: true"),
                     page("township", town, In(kTownship)), page("county", county, In(kCounty)),
                     page("county, one category", county, In(kCounty) + " category: '0102'"),
                     page("city", city, In(kCity)),
                     Page("counts of the county", both.few, both.many, county, In(kCounty),
                          &Queries::CountIncidents, counts)});
  Exports("incident", {{"sheet of disputes, a township", SheetRows(both.few, town, &Sheets::ExportDisputes),
                        SheetRows(both.many, town, &Sheets::ExportDisputes)}});
}

void Mediations(const std::string& directory, size_t few_size, size_t many_size) {
  using mediation::Queries, mediation::Sheets;
  namespace v1 = mediation::v1;
  Both<mediation::MediationDomain> both(directory, "mediation", few_size, many_size);
  both.Fill("apply", [](const Fresh& fresh, v1::Command* command) {
    const std::string& place = fresh.place;
    const std::string county = place.substr(0, 6);
    *command->mutable_apply() = Ask<v1::ApplyRequest>(absl::StrCat(
        "area_code: '", place, "' committee_org: '", county,
        "-committee' dispute_type: 'D02' voluntary: true ",
        "facts: '楼上漏水，墙面起皮，双方对修理办法和费用说法不一。' claim: '修好漏水' amount_fen: 80000 ",
        "party { applicant: true person { name: 'vault:a' side: SIDE_A } } party { person { name: 'vault:b' "
        "side: SIDE_B } }"));
    return Person(kernel::v1::ROLE_MR, county, "committee");
  });
  const auto rows = +[](const v1::ListCasesResponse& page) { return static_cast<size_t>(page.line_size()); };
  const auto counts = +[](const v1::CountCasesResponse& page) { return page.ByteSizeLong(); };
  const auto statistics = +[](const v1::CountStatisticsResponse& page) { return page.ByteSizeLong(); };
  const Actor registrar = Person(kernel::v1::ROLE_MR, kCounty, "committee");
  const Actor town = Person(kernel::v1::ROLE_TD, kTownship, "centre"),
              county = Person(kernel::v1::ROLE_CD, kCounty, "centre");
  const Actor city = Person(kernel::v1::ROLE_CC, kCity, "centre");
  const auto page = [&](const char* name, const Actor& who, const std::string& text) {
    return Page(name, both.few, both.many, who, text, &Queries::ListCases, rows);
  };
  Pages("mediation",
        {page("a committee's cases", registrar,
              absl::StrCat("committee_org: '", std::string(kCounty), "-committee'")),
         page("village", town, In(kVillage)), page("township", town, In(kTownship)),
         page("county", county, In(kCounty)), page("city", city, In(kCity)),
         Page("counts of the county", both.few, both.many, county, In(kCounty), &Queries::CountCases, counts),
         Page("statistics of the county", both.few, both.many, county, In(kCounty) + " year: 2026",
              &Queries::CountStatistics, statistics)});
  Exports("mediation", {{"sheet of cases, a township", SheetRows(both.few, town, &Sheets::ExportCases),
                         SheetRows(both.many, town, &Sheets::ExportCases)}});
}

void Petitions(const std::string& directory, size_t few_size, size_t many_size) {
  using petition::Queries, petition::Sheets;
  namespace v1 = petition::v1;
  Both<petition::PetitionDomain> both(directory, "petition", few_size, many_size);
  both.Fill("register", [](const Fresh& fresh, v1::Command* command) {
    const std::string& place = fresh.place;
    *command->mutable_register_() = Ask<v1::RegisterRequest>(absl::StrCat(
        "area_code: '", place,
        "' content_code: 'Q05' type: REQUEST channel: LETTER petitioner { person { name: 'vault:a' ",
        "phone: 'vault:b' address: 'vault:c' } } content { request: 'vault:d' facts: 'vault:e' }"));
    return Person(kernel::v1::ROLE_PC, place.substr(0, 6), "petition");
  });
  const auto rows =
      +[](const v1::ListPetitionsResponse& page) { return static_cast<size_t>(page.line_size()); };
  const auto counts = +[](const v1::CountPetitionsResponse& page) { return page.ByteSizeLong(); };
  const Actor office = Person(kernel::v1::ROLE_PO, kCounty, "petition"),
              city = Person(kernel::v1::ROLE_PO, kCity, "petition");
  const auto page = [&](const char* name, const Actor& who, const std::string& text) {
    return Page(name, both.few, both.many, who, text, &Queries::ListPetitions, rows);
  };
  Pages("petition", {page("an office's petitions", office,
                          absl::StrCat("office_org: '", std::string(kCounty), "-petition'")),
                     page("village", office, In(kVillage)), page("township", office, In(kTownship)),
                     page("county", office, In(kCounty)), page("city", city, In(kCity)),
                     Page("counts of the county", both.few, both.many, office, In(kCounty),
                          &Queries::CountPetitions, counts)});
  Exports("petition",
          {{"sheet of petitions, a township", SheetRows(both.few, office, &Sheets::ExportPetitions),
            SheetRows(both.many, office, &Sheets::ExportPetitions)}});
}

// One matter as its service tells of it: closed, or late, or neither.
Actor Observed(const Fresh& fresh, oversight::v1::Command* command) {
  const uint64_t draw = fresh.random.Below(100);
  const int64_t at_ms = kYearBegins + static_cast<int64_t>(fresh.random.Below(kYearMs));
  auto* heard = command->mutable_observe();
  heard->set_service("incident");
  heard->set_subject_id("i" + fresh.id);
  heard->set_subject_version(1);
  heard->set_topic(draw < 80 ? "incident.closed" : "incident.dispatched");
  heard->set_matter_code(fresh.id);
  heard->set_area_code(fresh.place);
  heard->set_level(3);
  heard->set_recorded_at_ms(at_ms);
  auto* incident = heard->mutable_incident();
  incident->set_kind(incident::v1::INCIDENT);
  incident->set_source(incident::v1::GRID_WORKER);
  incident->set_status(draw < 80 ? incident::v1::CLOSED : incident::v1::PROCESSING);
  incident->set_category("0102");
  incident->set_origin_level(2);
  incident->set_current_level(draw % 3 == 0 ? 2 : draw % 7 == 0 ? 4 : 3);
  incident->set_holder_org(absl::StrCat(std::string(kCounty), "-centre"));
  incident->set_substantively_resolved(draw < 70);
  incident->set_reported_at_ms(at_ms);
  incident->set_accepted_at_ms(at_ms - static_cast<int64_t>(draw) * 3'600'000);
  auto* clock = incident->add_clock();
  clock->set_policy_id("DI-05");
  clock->set_started_at_ms(incident->accepted_at_ms());
  clock->set_due_at_ms(at_ms + (static_cast<int64_t>(draw) - 10) * 3'600'000);
  clock->mutable_length()->set_amount(7);
  clock->mutable_length()->set_unit(common::v1::D);
  clock->set_holder_org(incident->holder_org());
  Actor platform;
  platform.set_service("self");
  platform.add_grant()->set_role(kernel::v1::ROLE_SYS);
  return platform;
}

// What leaders open first, and every figure of a county over this year.
void Figures(const std::string& directory, size_t few_size, size_t many_size) {
  using oversight::Queries;
  namespace v1 = oversight::v1;
  Both<oversight::OversightDomain> both(directory, "oversight", few_size, many_size);
  both.Fill("observe", Observed);
  const Actor leader = Person(kernel::v1::ROLE_CL, kCounty, "gov");
  const Actor head = Person(kernel::v1::ROLE_TL, kTownship, "gov"), city = Person(kernel::v1::ROLE_CYL, kCity, "gov");
  const auto ask = [&both]<class Request, class Response>(
                       const std::string& name, const Actor& who, const std::string& text,
                       rpc::Answer (Queries::*method)(const rpc::Caller&, const Request&, Response*) const,
                       int (*rows)(const Response&)) -> Question {
    const auto of = [=](Stock<oversight::OversightDomain>* stock) -> Rows {
      return [=] {
        Response response;
        CHECK((Queries([stock] { return stock->Read(); }).*method)(stock->As(who), Ask<Request>(text), &response).ok())
            << text;
        return static_cast<size_t>(rows(response));
      };
    };
    return {name, of(&both.few), of(&both.many)};
  };
  const auto items = +[](const v1::ListReviewResponse& page) { return page.item_size(); };
  std::vector<Question> questions = {
      ask("first page of leaders, a township", head, In(kTownship), &Queries::ListReview, items),
      ask("first page of leaders, a county", leader, In(kCounty), &Queries::ListReview, items),
      ask("first page of leaders, the city", city, In(kCity), &Queries::ListReview, items),
      ask("its counts, a county", leader, In(kCounty), &Queries::CountReview,
          +[](const v1::CountReviewResponse& of) { return of.by_group_size() + of.by_township_size(); }),
      ask("lights of a county", leader, In(kCounty), &Queries::ListLights,
          +[](const v1::ListLightsResponse& page) { return page.line_size(); }),
      ask("analysis of a county, by area", leader, In(kCounty) + " by: BY_AREA", &Queries::Analyse,
          +[](const v1::AnalyseResponse& of) { return of.row_size(); })};
  const std::string year = In(kCounty) + " from_day: '2026-01-01'";
  for (const auto& metric : oversight::Metrics())
    questions.push_back(ask(std::string(metric.id), leader, year + " id: '" + std::string(metric.id) + "'",
                            &Queries::GetMetric,
                            +[](const v1::Figure& figure) { return static_cast<int>(figure.denominator()); }));
  questions.push_back(ask("every figure of a county", leader, year, &Queries::ListMetrics,
                          +[](const v1::ListMetricsResponse& all) { return all.figure_size(); }));
  Pages("oversight", questions);
}

}  // namespace
}  // namespace bench

int main(int argc, char** argv) {
  return bench::Run(argc, argv,
                    {{"incident", bench::Incidents}, {"mediation", bench::Mediations}, {"petition", bench::Petitions},
                     {"oversight", bench::Figures}});
}
