#pragma once
// Databases of a small town and of a city, side by side: matters come in by the real engine, one command each, spread
// over the days of a year, so that what is stored are the bytes of the product. Groups are large and not synced, and
// nothing travels. 6 % of the matters lie in one village, 20 % in its township, 70 % in its county, so that pages are
// full at both sizes. Questions go to the services' own query classes: no network.
#include <absl/strings/str_cat.h>
#include <google/protobuf/text_format.h>

#include <cstdint>
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
#include "directory/v1/notices.pb.h"
#include "services/kernel/engine.h"
#include "services/kernel/reader.h"
#include "services/reference/policy_files.h"
#include "services/rpc/exchange.h"
#include "storage/rocks_kv.h"
#include "tests/support/sim_clock.h"
#include "tests/support/test_sealer.h"

namespace bench {

namespace dir = directory::v1;
using kernel::v1::Actor;
using kernel::v1::Role;

inline constexpr size_t kGroup = 500;
inline constexpr int kRounds = 200;
inline constexpr int64_t kYearBegins = 1'767'315'600'000;  // 2026-01-02 09:00 in Beijing
inline constexpr int64_t kYearMs = int64_t{320} * 86'400'000;
inline constexpr std::string_view kCity = "3714", kCounty = "371403", kTownship = "371403001",
                           kVillage = "371403001001";

inline std::string Child(std::string_view parent, uint64_t number) {
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

inline Actor Person(Role role, std::string_view area, std::string_view unit) {
  Actor person;
  person.set_user_id(absl::StrCat("u-", std::string(area)));
  auto* grant = person.add_grant();
  grant->set_role(role);
  grant->set_org_id(absl::StrCat(std::string(area), "-", std::string(unit)));
  grant->set_area_code(std::string(area));
  return person;
}

inline std::string PlaceOf(base::Random& random) {
  const uint64_t draw = random.Below(100);
  const std::string county = draw < 70 ? std::string(kCounty) : "371402";
  const std::string township = draw < 20 ? std::string(kTownship) : Child(county, random.Below(11) + 2);
  return draw < 6 ? std::string(kVillage) : Child(township, random.Below(9) + 2);
}

// A matter that is about to come in.
struct Fresh {
  std::string place;   // a village
  std::string id;
  base::Random& random;
  storage::RocksKv& kv;  // the service's
};

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

  // `make` writes the command and says who sends it.
  using Make = std::function<Actor(const Fresh&, typename D::Command*)>;
  void Fill(std::string_view name, const Make& make) {
    base::Random random(7);
    size_t accepted = 0;
    kernel::Group group;
    for (size_t i = 0; i < size_; ++i) {
      clock_.AdvanceTo(kYearBegins + static_cast<int64_t>(i) * kYearMs / static_cast<int64_t>(size_));
      kernel::Envelope envelope;
      auto command = std::make_unique<typename D::Command>();
      std::string place = PlaceOf(random);
      envelope.aggregate_id = base::NewUlid(clock_.NowMs(), random);
      envelope.actor = make({std::move(place), envelope.aggregate_id, random, *kv_}, command.get());
      envelope.command = std::move(command);
      envelope.command_name = std::string(name);
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

  storage::RocksKv& kv() { return *kv_; }
  const kernel::EventLog& log() const { return engine_->log(); }
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

inline double Microseconds(const Rows& ask, size_t* rows) {
  const base::SystemClock clock;
  const int64_t from_us = clock.SteadyUs();
  *rows = ask();
  return static_cast<double>(clock.SteadyUs() - from_us);
}

inline void Print(const std::string& name, double few, size_t few_rows, double many, size_t many_rows) {
  std::printf("| %s | %zu | %zu | %.2f | %.2f | **%.2f** |\n", name.c_str(), few_rows, many_rows, few, many,
              many / few);
  std::fflush(stdout);
}

inline void Pages(const std::string& service, const std::vector<Question>& questions) {
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

inline std::string In(std::string_view area) { return absl::StrCat("area_code: '", std::string(area), "'"); }

template <class D>
struct Both {
  Both(const std::string& directory, const char* service, size_t few_size, size_t many_size)
      : few(absl::StrCat(directory, "/", service, "-few"), few_size, Learned<typename D::Reference>()),
        many(absl::StrCat(directory, "/", service, "-many"), many_size, Learned<typename D::Reference>()) {}
  void Fill(std::string_view name, const typename Stock<D>::Make& make) {
    few.Fill(name, make);
    many.Fill(name, make);
  }
  Stock<D> few, many;
};

// arguments: [FEW [MANY [NAME]]]. Each measures in a folder of its own, which is removed: a million of one service at a
// time.
using Measure = void (*)(const std::string& folder, size_t few, size_t many);
inline int Run(int argc, char** argv, const std::vector<std::pair<std::string_view, Measure>>& services) {
  const size_t few = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 10'000;
  const size_t many = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 1'000'000;
  const std::string_view which = argc > 3 ? argv[3] : "";
  CHECK(few > 0 && many > 0) << "usage: [few] [many] [service]";
  std::string directory = (std::filesystem::temp_directory_path() / "fengqiao-bench-XXXXXX").string();
  CHECK(mkdtemp(directory.data()) != nullptr);
  std::printf("| question | rows at %zu | rows at %zu | at %zu | at %zu | ratio |\n", few, many, few, many);
  std::printf("| --- | --- | --- | --- | --- | --- |\n");
  for (const auto& [name, measure] : services) {
    if (!which.empty() && which != name) continue;
    measure(directory, few, many);
    std::filesystem::remove_all(directory);
    std::filesystem::create_directories(directory);
  }
  std::filesystem::remove_all(directory);
  return 0;
}

}  // namespace bench
