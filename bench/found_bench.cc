// Searches, and which petitions may be the same (3.5.4), at the size of a small town and of a city, in one run: first
// pages as the services answer them, from the index to the rows a person sees. The limit is the service itself with few
// matters: 1.5.
//
//   found_bench [FEW [MANY [SERVICE]]]     10000 1000000, incident and petition
//
// Besides the databases of bench/stock.h there are the vault, in which what petitioners say lies sealed, and the index,
// filled by its follower: a million take about ten minutes of a core. Texts are phrases of complaints with random
// characters between them; telephones end in 200 ways and are each the number of one or two people.
#include <absl/strings/str_cat.h>

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bench/stock.h"
#include "services/incident/queries.h"
#include "services/incident/searched.h"
#include "services/petition/queries.h"
#include "services/petition/searched.h"
#include "services/rpc/id_source.h"
#include "services/rpc/vault.h"

namespace bench {
namespace {

constexpr const char* kPhrases[] = {"路灯不亮", "楼上漏水", "拖欠工资", "占道经营", "垃圾没有清运", "供热温度不够", "下水道堵塞",
                                    "噪声扰民", "道路破损", "宅基地边界", "土地承包", "物业费", "电动车乱停", "违法建设",
                                    "树木遮挡", "彩礼返还", "赡养老人", "医疗费用", "工伤赔偿", "狗咬伤人"};
constexpr int kPhrasesOfOne = 3;
constexpr int kCharactersBetween = 8;

// Characters out of the 3,000 that begin the block, as UTF-8.
void AppendCharacters(base::Random& random, std::string* text) {
  for (int i = 0; i < kCharactersBetween; ++i) {
    const auto c = static_cast<unsigned>(0x4e00 + random.Below(3000));
    *text += {static_cast<char>(0xe0 | c >> 12), static_cast<char>(0x80 | (c >> 6 & 0x3f)),
              static_cast<char>(0x80 | (c & 0x3f))};
  }
}

std::string Story(base::Random& random) {
  std::string text;
  for (int i = 0; i < kPhrasesOfOne; ++i) {
    text += kPhrases[random.Below(std::size(kPhrases))];
    AppendCharacters(random, &text);
  }
  return text;
}

std::string Phone(base::Random& random) {
  const std::string middle = std::to_string(100'000 + random.Below(100'000));
  const std::string tail = std::to_string(10'000 + random.Below(200) * 50);
  return "13" + middle.substr(1) + tail.substr(1);
}

const rpc::Vault& TheVault() {
  static const rpc::Vault vault(rpc::CipherProfile::kAesGcm, std::string(32, 'm'));
  return vault;
}

// What the gateway of a service does before its domain hears of it.
template <class Request>
void Seal(const Fresh& fresh, int64_t now_ms, Request* request) {
  std::vector<storage::Batch::Op> ops;
  rpc::IdSource ids{base::Random(fresh.random.Next())};
  CHECK(TheVault().Seal(fresh.kv, fresh.id, now_ms, ids, request, &ops).ok());
  storage::Batch batch;
  for (const auto& op : ops) batch.Put(op.space, op.key, *op.value);
  CHECK(fresh.kv.Commit(batch, storage::Durability::kWritten).ok());
}

// A stock, and what finds its matters.
template <kernel::Domain D>
class Searched {
 public:
  template <class MakeDescribe>
  Searched(const std::string& folder, Stock<D>* stock, MakeDescribe describe) : stock_(*stock) {
    auto terms = std::make_shared<const search::Terms>(std::string(32, 'k'));
    auto opened = search::Search<D>::Open({folder, terms, &stock_.log(), [this] { return stock_.Read(); },
                                           describe(terms, &TheVault(), &stock_.kv()), nullptr});
    CHECK(opened.ok()) << opened.status();
    search_ = *std::move(opened);
    while (true) {
      const auto more = search_->follower().Step();
      CHECK(more.ok()) << more.status();
      if (!*more) return;
    }
  }
  Stock<D>& stock() { return stock_; }
  const search::Search<D>& search() const { return *search_; }

 private:
  Stock<D>& stock_;
  std::unique_ptr<search::Search<D>> search_;
};

template <class D>
struct BothSearched {
  template <class MakeDescribe>
  BothSearched(const std::string& directory, Both<D>* both, MakeDescribe describe)
      : few(directory + "/index-few", &both->few, describe), many(directory + "/index-many", &both->many, describe) {}
  Searched<D> few, many;
};

// One question for both.
template <class D, class MakeQueries, class Queries, class Request, class Response>
Question Found(const std::string& name, BothSearched<D>& both, MakeQueries queries, const Actor& who,
               const std::string& text,
               rpc::Answer (Queries::*method)(const rpc::Caller&, const Request&, Response*) const,
               size_t (*rows)(const Response&)) {
  const auto ask = [=](Searched<D>& searched) -> Rows {
    return [&searched, queries, who, text, method, rows] {
      Response response;
      const Queries asked = queries(searched);
      const auto answer = (asked.*method)(searched.stock().As(who), Ask<Request>(text), &response);
      CHECK(answer.ok()) << text;
      return rows(response);
    };
  };
  return {name, ask(both.few), ask(both.many)};
}

void Incidents(const std::string& directory, size_t few_size, size_t many_size) {
  using incident::Queries;
  namespace v1 = incident::v1;
  Both<incident::IncidentDomain> both(directory, "incident", few_size, many_size);
  both.Fill("report", [](const Fresh& fresh, v1::Command* command) {
    auto* report = command->mutable_report();
    report->set_category("0102");
    report->set_area_code(fresh.place + "001");
    report->set_text(Story(fresh.random));
    Seal(fresh, kYearBegins, report);
    return Person(kernel::v1::ROLE_GW, fresh.place + "001", "grids");
  });
  BothSearched<incident::IncidentDomain> found(directory, &both, incident::Describe);
  const auto queries = [](Searched<incident::IncidentDomain>& of) {
    return Queries({[&of] { return of.stock().Read(); }, &TheVault(), &of.stock().kv(), &of.search()});
  };
  const auto rows = +[](const v1::SearchIncidentsResponse& page) { return static_cast<size_t>(page.row_size()); };
  const Actor city = Person(kernel::v1::ROLE_CC, kCity, "centre"),
              town = Person(kernel::v1::ROLE_TD, kTownship, "centre"),
              county = Person(kernel::v1::ROLE_CD, kCounty, "centre");
  const auto question = [&](const char* name, const Actor& who, const std::string& text) {
    return Found(name, found, queries, who, text, &Queries::SearchIncidents, rows);
  };
  Pages("incident", {question("a word, the city", city, "q: '漏水'"),
                     question("a word, the county", county, "q: '拖欠工资'"),
                     question("a word, a township", town, "q: '漏水'"),
                     question("two words, the county", county, "q: '漏水 噪声扰民'"),
                     question("open ones of a township", town, In(kTownship) + " open_only: true"),
                     question("a place, the city", city, In(kVillage)),
                     question("a word that nobody wrote", city, "q: '航天飞机'")});
}

void Petitions(const std::string& directory, size_t few_size, size_t many_size) {
  using petition::Queries;
  namespace v1 = petition::v1;
  Both<petition::PetitionDomain> both(directory, "petition", few_size, many_size);
  std::map<const storage::RocksKv*, std::string> newest;  // of each: it is compared with the rest
  both.Fill("register", [&newest](const Fresh& fresh, v1::Command* command) {
    auto* request = command->mutable_register_();
    *request = Ask<v1::RegisterRequest>(
        absl::StrCat("area_code: '", fresh.place, "' content_code: 'Q05' type: REQUEST channel: LETTER"));
    auto* person = request->add_petitioner()->mutable_person();
    person->set_name("邵立群");
    person->set_phone(Phone(fresh.random));
    person->set_address("村里");
    request->mutable_content()->set_request(Story(fresh.random));
    request->mutable_content()->set_facts(Story(fresh.random));
    Seal(fresh, kYearBegins, request);
    newest[&fresh.kv] = fresh.id;
    return Person(kernel::v1::ROLE_PC, fresh.place.substr(0, 6), "petition");
  });
  BothSearched<petition::PetitionDomain> found(directory, &both, petition::Describe);
  const auto queries = [](Searched<petition::PetitionDomain>& of) {
    return Queries(
        {[&of] { return of.stock().Read(); }, &TheVault(), &of.stock().kv(), nullptr, nullptr, &of.search()});
  };
  const auto rows = +[](const v1::SearchPetitionsResponse& page) { return static_cast<size_t>(page.line_size()); };
  const Actor city = Person(kernel::v1::ROLE_PO, kCity, "petition"),
              office = Person(kernel::v1::ROLE_PO, kCounty, "petition");
  const auto repeats = [&](Searched<petition::PetitionDomain>& of) -> Rows {
    return [&of, &queries, &newest, city] {
      v1::FindRepeatsRequest request;
      request.set_id(newest.at(&of.stock().kv()));
      v1::FindRepeatsResponse response;
      CHECK(queries(of).FindRepeats(of.stock().As(city), request, &response).ok());
      return static_cast<size_t>(response.candidate_size());
    };
  };
  const auto question = [&](const char* name, const Actor& who, const std::string& text) {
    return Found(name, found, queries, who, text, &Queries::SearchPetitions, rows);
  };
  Pages("petition", {question("a word, the city", city, "q: '漏水'"),
                     question("a word, an office", office, "q: '拖欠工资'"),
                     question("two words, an office", office, "q: '漏水 噪声扰民'"),
                     question("the end of a telephone, an office", office, "phone_tail: '0050'"),
                     question("a word that nobody wrote", city, "q: '航天飞机'"),
                     {"which may be the same as the newest", repeats(found.few), repeats(found.many)}});
}

}  // namespace
}  // namespace bench

int main(int argc, char** argv) {
  return bench::Run(argc, argv, {{"incident", bench::Incidents}, {"petition", bench::Petitions}});
}
