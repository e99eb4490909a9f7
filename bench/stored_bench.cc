// Lists, counts and sheets at the size of a small town and of a city, in one run: two databases of each service side
// by side, each question asked of both in turn, medians. The limit is the service itself with few matters: 1.5.
//
//   stored_bench [FEW [MANY [SERVICE]]]     10000 1000000, incident, mediation and petition
//
// Matters come in by the real engine, one command each, spread over the days of a year: what is stored are the bytes of
// the product. Groups are large and not synced, and nothing travels: a million take a minute or two of a core. What a
// process keeps beside it (vault, search index) is not here; bench/search_bench.cc measures the index. 6 % of the
// matters lie in one village, 20 % in its township, 70 % in its county, so that pages are full at both sizes.
// Questions go to the services' own query classes: no network.
#include <absl/strings/str_cat.h>
#include <google/protobuf/text_format.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/area_code.h"
#include "base/check.h"
#include "base/clock.h"
#include "base/ids.h"
#include "base/random.h"
#include "bench/measure.h"
#include "services/incident/queries.h"
#include "services/incident/sheets.h"
#include "services/kernel/engine.h"
#include "services/mediation/queries.h"
#include "services/mediation/sheets.h"
#include "services/petition/queries.h"
#include "services/petition/sheets.h"
#include "services/reference/policy_files.h"
#include "storage/rocks_kv.h"
#include "tests/support/sim_clock.h"
#include "tests/support/test_sealer.h"

namespace bench {
namespace {

namespace dir = directory::v1;
using common::v1::SheetRequest;
using kernel::v1::Actor;
using kernel::v1::Role;

constexpr size_t kGroup = 500;
constexpr int kRounds = 200;
constexpr int kSheetRounds = 3;
constexpr int64_t kYearBegins = 1'767'315'600'000;  // 2026-01-02 09:00 in Beijing
constexpr int64_t kYearMs = int64_t{320} * 86'400'000;
constexpr std::string_view kCity = "3714", kCounty = "371403", kTownship = "371403001",
                           kVillage = "371403001001";

std::string Child(std::string_view parent, uint64_t number) {
  const std::string text = std::to_string(1000 + number);
  return std::string(parent) + text.substr(1);
}

// The city's own calendar and policy; two counties of 12 townships and 120 villages, and the units that are asked for.
template <class Known>
Known Learned() {
  Known known;
  const auto learn = [&known](const dir::Notice& notice) { CHECK(known.Learn(notice).ok()); };
  const auto org = [&](const std::string& area, std::string_view suffix, dir::OrgKind kind,
                       std::string_view duty) {
    dir::Notice notice;
    auto* changed = notice.mutable_org_changed();
    changed->set_id(absl::StrCat(area, "-", std::string(suffix)));
    changed->set_name(changed->id());
    changed->set_kind(kind);
    changed->set_area_code(area);
    changed->set_level(base::LevelOf(area));
    changed->set_duty(std::string(duty));
    learn(notice);
  };
  const auto area = [&](const std::string& code) {
    dir::Notice notice;
    auto* changed = notice.mutable_area_changed();
    changed->set_code(code);
    changed->set_name(code);
    changed->set_level(base::LevelOf(code));
    changed->set_parent(base::ParentOf(code));
    changed->set_valid_from("2020-01-01");
    learn(notice);
    org(code, "centre", dir::CENTRE, "");
    if (changed->level() > common::v1::TOWNSHIP) org(code, "petition", dir::PETITION_OFFICE, "petition");
    if (changed->level() == common::v1::COUNTY) org(code, "committee", dir::COMMITTEE, "county");
  };
  const auto files = reference::ReadPolicyFolder("policy");
  CHECK(files.ok()) << files.status() << " (run it from the root of the repository)";
  dir::Notice calendar, policies;
  *calendar.mutable_calendar_loaded() = files->calendar;
  *policies.mutable_policy_changed() = files->policies;
  learn(calendar);
  learn(policies);
  area(std::string(kCity));
  for (const char* county : {"371403", "371402"}) {
    area(county);
    for (uint64_t t = 1; t <= 12; ++t) {
      area(Child(county, t));
      for (uint64_t v = 1; v <= 10; ++v) area(Child(Child(county, t), v));
    }
  }
  return known;
}

Actor Person(Role role, std::string_view area, std::string_view unit) {
  Actor person;
  person.set_user_id(absl::StrCat("u-", std::string(area)));
  auto* grant = person.add_grant();
  grant->set_role(role);
  grant->set_org_id(absl::StrCat(std::string(area), "-", std::string(unit)));
  grant->set_area_code(std::string(area));
  return person;
}

std::string PlaceOf(base::Random& random) {
  const uint64_t draw = random.Below(100);
  const std::string county = draw < 70 ? std::string(kCounty) : "371402";
  const std::string township = draw < 20 ? std::string(kTownship) : Child(county, random.Below(11) + 2);
  return draw < 6 ? std::string(kVillage) : Child(township, random.Below(9) + 2);
}

// One database and its engine.
template <kernel::Domain D>
class Stock {
 public:
  Stock(const std::string& directory, size_t size, typename D::Reference known) {
    auto kv = storage::RocksKv::Open(directory, {});
    CHECK(kv.ok()) << kv.status();
    kv_ = *std::move(kv);
    typename kernel::Engine<D>::Options options;
    options.reference = std::move(known);
    options.sealer = &sealer_;
    options.fresh_log_id = std::string(16, 'L');
    options.queue = {kGroup, size_t{1} << 30};
    options.group_commands_max = kGroup;
    auto engine = kernel::Engine<D>::Open(clock_, *kv_, std::move(options));
    CHECK(engine.ok()) << engine.status();
    engine_ = *std::move(engine);
    size_ = size;
  }

  // `make` gives the command for a place and who sends it.
  void Fill(std::string_view name,
            const std::function<Actor(const std::string& place, typename D::Command*)>& make) {
    base::Random random(7);
    size_t accepted = 0;
    kernel::Group group;
    for (size_t i = 0; i < size_; ++i) {
      clock_.AdvanceTo(kYearBegins + static_cast<int64_t>(i) * kYearMs / static_cast<int64_t>(size_));
      kernel::Envelope envelope;
      auto command = std::make_unique<typename D::Command>();
      envelope.actor = make(PlaceOf(random), command.get());
      envelope.command = std::move(command);
      envelope.command_name = std::string(name);
      envelope.aggregate_id = base::NewUlid(clock_.NowMs(), random);
      envelope.creates = true;
      envelope.done = [&accepted](const kernel::Outcome& outcome) {
        CHECK(outcome.status.ok() && !outcome.refusal) << (outcome.refusal ? outcome.refusal->reason : "");
        ++accepted;
      };
      engine_->Submit(std::move(envelope));
      if ((i + 1) % kGroup == 0 || i + 1 == size_) Write(&group);
    }
    CHECK(engine_->Sync().ok());
    CHECK_EQ(accepted, size_);
  }

  kernel::Reader<D> Read() const { return kernel::Reader<D>(engine_->published().Get()); }
  rpc::Caller As(const Actor& actor) {
    rpc::Caller caller;
    caller.actor = actor;
    caller.now_ms = clock_.NowMs();
    for (const auto& grant : actor.grant()) {
      caller.areas.push_back(grant.area_code());
      caller.orgs.push_back(grant.org_id());
    }
    caller.note = &note_;
    return caller;
  }

 private:
  void Write(kernel::Group* group) {
    while (!engine_->queue().empty()) {
      CHECK(engine_->Take(group));
      CHECK(engine_->Process(group).ok());
      CHECK(engine_->Write(group).ok());
      engine_->Finish(group);
    }
  }

  tests::SimClock clock_{kYearBegins};
  tests::TestSealer sealer_;
  rpc::AuditNote note_;
  size_t size_ = 0;
  std::unique_ptr<storage::RocksKv> kv_;
  std::unique_ptr<kernel::Engine<D>> engine_;
};

template <class Request>
Request Ask(const std::string& text) {
  Request request;
  CHECK(google::protobuf::TextFormat::ParseFromString(text, &request)) << text;
  return request;
}

using Rows = std::function<size_t()>;  // asks once; how many rows there were
struct Question {
  std::string name;
  Rows few, many;
};

double Microseconds(const Rows& ask, size_t* rows) {
  const base::SystemClock clock;
  const int64_t from_us = clock.SteadyUs();
  *rows = ask();
  return static_cast<double>(clock.SteadyUs() - from_us);
}

void Print(const std::string& name, double few, size_t few_rows, double many, size_t many_rows) {
  std::printf("| %s | %zu | %zu | %.2f | %.2f | **%.2f** |\n", name.c_str(), few_rows, many_rows, few, many,
              many / few);
  std::fflush(stdout);
}

void Pages(const std::string& service, const std::vector<Question>& questions) {
  for (const Question& question : questions) {
    std::vector<double> few, many;
    size_t few_rows = 0, many_rows = 0;
    for (int i = 0; i < kRounds; ++i) {
      few.push_back(Microseconds(question.few, &few_rows));
      many.push_back(Microseconds(question.many, &many_rows));
    }
    Print(absl::StrCat(service, ": ", question.name, ", µs"), Median(few), few_rows, Median(many), many_rows);
  }
}

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

// One question for both stocks.
template <class D, class Queries, class Request, class Response>
Question Page(const char* name, Stock<D>& few, Stock<D>& many, const Actor& who, const std::string& text,
              rpc::Answer (Queries::*method)(const rpc::Caller&, const Request&, Response*) const,
              size_t (*rows)(const Response&)) {
  const auto ask = [=](Stock<D>& stock) -> Rows {
    return [&stock, who, text, method, rows] {
      const Queries queries({[&stock] { return stock.Read(); }, nullptr, nullptr});
      Response response;
      CHECK((queries.*method)(stock.As(who), Ask<Request>(text), &response).ok()) << text;
      return rows(response);
    };
  };
  return {name, ask(few), ask(many)};
}

std::string In(std::string_view area) { return absl::StrCat("area_code: '", std::string(area), "'"); }

template <class D>
struct Both {
  Both(const std::string& directory, const char* service, size_t few_size, size_t many_size)
      : few(absl::StrCat(directory, "/", service, "-few"), few_size, Learned<typename D::Reference>()),
        many(absl::StrCat(directory, "/", service, "-many"), many_size, Learned<typename D::Reference>()) {}
  void Fill(std::string_view name,
            const std::function<Actor(const std::string& place, typename D::Command*)>& make) {
    few.Fill(name, make);
    many.Fill(name, make);
  }
  Stock<D> few, many;
};

void Incidents(const std::string& directory, size_t few_size, size_t many_size) {
  using incident::Queries, incident::Sheets;
  namespace v1 = incident::v1;
  Both<incident::IncidentDomain> both(directory, "incident", few_size, many_size);
  both.Fill("report", [](const std::string& place, v1::Command* command) {
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
  both.Fill("apply", [](const std::string& place, v1::Command* command) {
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
  both.Fill("register", [](const std::string& place, v1::Command* command) {
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

}  // namespace
}  // namespace bench

int main(int argc, char** argv) {
  const size_t few = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 10'000;
  const size_t many = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 1'000'000;
  const std::string_view which = argc > 3 ? argv[3] : "";
  CHECK(few > 0 && many > 0) << "usage: stored_bench [few] [many] [incident|mediation|petition]";
  std::string directory = (std::filesystem::temp_directory_path() / "fengqiao-bench-XXXXXX").string();
  CHECK(mkdtemp(directory.data()) != nullptr);
  std::printf(
      "| page, or sheet | rows at %zu | rows at %zu | at %zu | at %zu | ratio |\n| --- | --- | --- | --- | "
      "--- | --- |\n",
      few, many, few, many);
  const std::pair<std::string_view, void (*)(const std::string&, size_t, size_t)> services[] = {
      {"incident", bench::Incidents}, {"mediation", bench::Mediations}, {"petition", bench::Petitions}};
  for (const auto& [name, measure] : services) {
    if (!which.empty() && which != name) continue;
    measure(directory, few, many);
    std::filesystem::remove_all(directory);  // a million of one service at a time
    std::filesystem::create_directories(directory);
  }
  std::filesystem::remove_all(directory);
  return 0;
}
