#include "tests/sim/city.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/substitute.h>
#include <google/protobuf/text_format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "base/area_code.h"
#include "services/directory/domain/organisation_tree.h"
#include "services/incident/subscriptions.h"
#include "services/mediation/subscriptions.h"
#include "services/oversight/subscriptions.h"
#include "services/reference/policy_files.h"

namespace sim {
namespace {

using kernel::v1::Actor;
using kernel::v1::Role;

constexpr int64_t kSettleMs = 3'600'000;
constexpr char kCounty[] = "371403";

Actor ActorOf(Role role, std::string org, std::string area, std::string user) {
  Actor actor;
  if (role == kernel::v1::ROLE_SYS) {
    actor.set_service("simulator");
  } else {
    actor.set_user_id(std::move(user));
  }
  auto* grant = actor.add_grant();
  grant->set_role(role);
  grant->set_org_id(std::move(org));
  grant->set_area_code(std::move(area));
  return actor;
}

void AddArea(std::map<std::string, directory::v1::Area>* areas, const std::string& code,
             const std::string& name, int level, const std::string& kind) {
  auto& area = (*areas)[code];
  area.set_code(code);
  area.set_name(name);
  area.set_level(level);
  area.set_parent(level == 6 ? "" : base::ParentOf(code));
  area.set_valid_from("2023-06-30");
  area.set_kind(kind);
}

// One county with two townships, a few villages in each, two grids in each village.
std::map<std::string, directory::v1::Area> SmallCounty(int villages) {
  std::map<std::string, directory::v1::Area> areas;
  AddArea(&areas, "37", "山东省", 6, "");
  AddArea(&areas, "3714", "德州市", 5, "");
  AddArea(&areas, kCounty, "陵城区", 4, "");
  for (int t = 1; t <= 2; ++t) {
    const std::string township = absl::StrCat(kCounty, "00", t);
    AddArea(&areas, township, absl::StrCat("第", t, "镇"), 3, "镇");
    for (int v = 1; v <= villages / 2; ++v) {
      const std::string village = absl::StrCat(township, "20", v);
      AddArea(&areas, village, absl::StrCat("第", v, "村"), 2, "村");
      for (int g = 1; g <= 2; ++g)
        AddArea(&areas, absl::StrCat(village, "00", g), absl::StrCat("第", g, "网格"), 1, "basic");
    }
  }
  return areas;
}

template <class D>
std::string CommandName(const typename D::Command& command) {
  const auto* oneof = command.GetDescriptor()->FindOneofByName("body");
  return command.GetReflection()->GetOneofFieldDescriptor(command, oneof)->name();
}

template <class D>
typename DomainNode<D>::Setup SetupOf(std::vector<std::string> follows, kernel::Subscriptions subscriptions) {
  return {std::move(follows), std::move(subscriptions)};
}

}  // namespace

City::City(World& world, Ledger& ledger, const CityOptions& options)
    : world_(world),
      ledger_(ledger),
      options_(options),
      vault_(rpc::CipherProfile::kAesGcm, std::string(32, 'k')),
      directory_(world.clock, world.network, world.random.Next(), {}),
      incident_(world.clock, world.network, world.random.Next(),
                SetupOf<incident::IncidentDomain>({"directory", "mediation", "oversight"},
                                                  incident::Subscriptions())),
      mediation_(world.clock, world.network, world.random.Next(),
                 SetupOf<mediation::MediationDomain>({"directory", "incident", "oversight"},
                                                     mediation::Subscriptions())),
      oversight_(world.clock, world.network, world.random.Next(),
                 SetupOf<oversight::OversightDomain>({"directory", "incident", "mediation"},
                                                     oversight::Subscriptions())),
      county_(kCounty) {
  world.nodes = {&directory_, &incident_, &mediation_, &oversight_};
  for (Node* node : world.nodes) node->Boot();
}

template <class D>
void City::Ask(DomainNode<D>& node, const std::string& id, bool creates, const Actor& actor,
               const std::string& text) {
  typename D::Command command;
  CHECK(google::protobuf::TextFormat::ParseFromString(text, &command)) << text;
  auto ids = std::make_shared<rpc::IdSource>(base::Random(world_.random.Next()));
  const std::string aggregate = creates && id.empty() ? ids->NewUlid(world_.clock.NowMs()) : id;
  auto make = [this, &node, command, aggregate, creates, actor, ids] {
    kernel::Envelope envelope;
    auto body = std::make_unique<typename D::Command>(command);
    envelope.command_name = CommandName<D>(*body);
    envelope.aggregate_id = aggregate;
    envelope.creates = creates;
    envelope.actor = actor;
    if (node.up()) {
      const auto sealed =
          vault_.Seal(node.view(), aggregate, world_.clock.NowMs(), *ids, body.get(), &envelope.attached);
      CHECK(sealed.ok()) << sealed;
    }
    envelope.command = std::move(body);
    return envelope;
  };
  auto submit = [&node](kernel::Envelope envelope) {
    if (!node.up()) return false;
    node.Submit(std::move(envelope));
    return true;
  };
  const bool is_case = std::is_same_v<D, mediation::MediationDomain>;
  const bool is_matter = std::is_same_v<D, incident::IncidentDomain>;
  ledger_.Ask(node.name(), make, submit,
              [this, creates, is_case, is_matter](const kernel::v1::Receipt& receipt) {
                if (creates && is_case) cases_.push_back(receipt.id());
                if (creates && is_matter) matters_.push_back(receipt.id());
              });
}

void City::Found() {
  const auto files = reference::ReadPolicyFolder(options_.policy_dir);
  CHECK(files.ok()) << files.status();
  const Actor system = ActorOf(kernel::v1::ROLE_SYS, "", "", "");
  directory::v1::Command command;
  *command.mutable_load_calendar()->mutable_calendar() = files->calendar;
  Ask(directory_, "ref/calendar", true, system, command.DebugString());
  command.Clear();
  *command.mutable_change_policy()->mutable_policy() = files->policies;
  command.mutable_change_policy()->set_reason("founding");
  Ask(directory_, "ref/policy", true, system, command.DebugString());
  const auto areas = SmallCounty(options_.villages);
  command.Clear();
  command.mutable_put_areas()->set_source("simulator");
  for (const auto& [code, area] : areas) {
    *command.mutable_put_areas()->add_area() = area;
    if (area.level() == 1) grids_.push_back(code);
  }
  Ask(directory_, "import/areas", true, system, command.DebugString());
  world_.Run(world_.clock.NowMs() + kSettleMs);
  command.Clear();
  command.mutable_put_organisations()->set_source("simulator");
  for (const auto& org : directory::BuildOrganisations(areas)) {
    *command.mutable_put_organisations()->add_organisation() = org;
    if (org.kind() == directory::v1::DEPARTMENT && org.level() == 4) departments_.push_back(org.id());
    if (org.kind() == directory::v1::COMMITTEE) committees_.push_back(org.id());
  }
  Ask(directory_, "import/organisations", true, system, command.DebugString());
  CHECK_EQ(world_.Settle(24 * kSettleMs), "");
  CHECK_EQ(ledger_.open(), 0u);
  CHECK_EQ(ledger_.promises().size(), 4u);
}

void City::Live(int64_t pause_ms, int64_t until_ms) {
  world_.After(1, [this, pause_ms, until_ms] { Act(pause_ms, until_ms); });
}

void City::Act(int64_t pause_ms, int64_t until_ms) {
  if (world_.clock.NowMs() >= until_ms) return;
  const uint64_t die = world_.random.Below(100);
  if (die < 25 || matters_.empty()) {
    Report();
  } else if (die < 75) {
    WorkOnIncident();
  } else if (die < 92) {
    WorkOnCase();
  } else if (die < 99) {
    Lead();
  } else {
    Campaign();
  }
  world_.After(static_cast<int64_t>(1 + world_.random.Below(static_cast<uint64_t>(2 * pause_ms))),
               [this, pause_ms, until_ms] { Act(pause_ms, until_ms); });
}

std::string City::Pick(std::initializer_list<const char*> texts) {
  return *(texts.begin() + world_.random.Below(texts.size()));
}

void City::Report() {
  const std::string grid = grids_[world_.random.Below(grids_.size())];
  const std::string name = absl::StrCat("秘密甲", ++people_, "乙");
  const std::string phone = absl::StrCat("139", 10'000'000 + people_);
  secrets_.push_back(name);
  secrets_.push_back(phone);
  const Actor worker =
      ActorOf(kernel::v1::ROLE_GW, absl::StrCat(grid.substr(0, 12), "-centre"), grid, "gw-" + grid);
  const std::string category =
      Pick({"0102", "0102", "0105", "0199", "0802", "0701", "0401", "0303", "0107", "1001", "1301"});
  Ask(incident_, "", true, worker,
      absl::Substitute(
          "report { category: '$0' text: '一件事' area_code: '$1' scale: $2 urgency: $3 kind: $6 "
          "party { name: '$4' phone: '$5' side: SIDE_A } party { name: '$4' phone: '$5' side: SIDE_B } }",
          category, grid, Pick({"S1_ONE", "S2_2_TO_4", "S3_5_TO_9", "S4_10_TO_49"}),
          Pick({"NORMAL", "NORMAL", "URGENT"}), name, phone,
          category == "1301"   ? "ENTERPRISE_APPEAL"
          : category == "1001" ? "SERVICE_REQUEST"
                               : "INCIDENT"));
}

void City::WorkOnIncident() {
  if (!incident_.up()) return;
  const std::string id = matters_[world_.random.Below(matters_.size())];
  const auto stored = incident_.Read().Get(id);
  CHECK(stored.ok()) << stored.status();
  if (!*stored || !(*stored)->state.has_incident()) return;
  Actor actor;
  const std::string step = StepFor((*stored)->state.incident(), &actor);
  if (!step.empty()) Ask(incident_, id, false, actor, step);
}

void City::WorkOnCase() {
  if (!mediation_.up()) return;
  const auto page =
      mediation_.Read().List("area", "", 50);  // referred cases are found here, nobody was told their id
  if (page.ok()) {
    for (const auto& item : page->items) {
      if (std::ranges::find(cases_, item.aggregate_id) == cases_.end()) cases_.push_back(item.aggregate_id);
    }
  }
  if (cases_.empty()) return;
  const std::string id = cases_[world_.random.Below(cases_.size())];
  const auto stored = mediation_.Read().Get(id);
  CHECK(stored.ok()) << stored.status();
  if (!*stored) return;
  Actor actor;
  const std::string step = StepFor((*stored)->state, &actor);
  if (!step.empty()) Ask(mediation_, id, false, actor, step);
}

void City::Lead() {
  if (!incident_.up() || !oversight_.up()) return;
  const auto stored = incident_.Read().Get(matters_[world_.random.Below(matters_.size())]);
  CHECK(stored.ok()) << stored.status();
  if (!*stored || !(*stored)->state.has_incident()) return;
  const std::string code = (*stored)->state.incident().matter_code();
  const Actor leader = ActorOf(kernel::v1::ROLE_CL, county_ + "-gov", county_, "leader");
  const std::string department = departments_[world_.random.Below(departments_.size())];
  switch (world_.random.Below(3)) {
    case 0:
      return Ask(
          oversight_, "", true, leader,
          absl::Substitute("instruct { matter_id: '$0' text: '请抓紧' due_at_ms: $1 addressee_org: '$2' }",
                           code, world_.clock.NowMs() + 7 * 86'400'000, department));
    case 1:
      return Ask(oversight_, code, false, leader,
                 absl::Substitute("assign_lead { id: '$0' to_org: '$1' }", code, department));
    default:
      return Ask(oversight_, code, false, leader,
                 absl::Substitute("send_down { id: '$0' to_level: $1 reason_code: 'BACK_TO_TOWNSHIP' }", code,
                                  2 + world_.random.Below(2)));
  }
}

void City::Campaign() {
  const std::string township = grids_[world_.random.Below(grids_.size())].substr(0, 9);
  const Actor dispatcher = ActorOf(kernel::v1::ROLE_TD, township + "-centre", township, "td-" + township);
  Ask(incident_, "", true, dispatcher,
      absl::Substitute("start_campaign { title: '排查' category: '1201' area_code: '$0' due_at_ms: $1 "
                       "minutes_per_task: 20 }",
                       township, world_.clock.NowMs() + 5 * 86'400'000));
}

std::vector<std::string> City::BrokenLaws() const {
  std::vector<std::string> broken;
  std::set<std::string> codes;
  const auto status = incident_.view().Scan(
      storage::KeySpace::kState, "", "", [&](std::string_view id, std::string_view stored) {
        kernel::v1::StateRecord record;
        incident::v1::State state;
        CHECK(record.ParseFromArray(stored.data(), static_cast<int>(stored.size())));
        CHECK(state.ParseFromString(record.state()));
        for (const auto& timer : incident::IncidentDomain::Timers(state)) {
          if (timer.due_ms <= world_.clock.NowMs() && !record.timer_postponed()) {
            broken.push_back(absl::StrCat("law 3: timer ", timer.name, " of ", std::string(id),
                                          " came due and did not fire"));
          }
        }
        if (!state.has_incident()) return true;
        const Incident& matter = state.incident();
        if (matter.standing().holder_org().empty() && !matter.procedural_closed()) {
          broken.push_back(absl::StrCat("law 3: nobody is responsible for ", matter.matter_code()));
        }
        if (!codes.insert(matter.matter_code()).second) {
          broken.push_back(absl::StrCat("law 4: two matters have the code ", matter.matter_code()));
        }
        return true;
      });
  CHECK(status.ok()) << status;
  return broken;
}

std::string City::Census() const {
  std::map<std::string, int> by_status;
  const auto status = incident_.view().Scan(
      storage::KeySpace::kState, "", "", [&](std::string_view, std::string_view stored) {
        kernel::v1::StateRecord record;
        incident::v1::State state;
        CHECK(record.ParseFromArray(stored.data(), static_cast<int>(stored.size())));
        CHECK(state.ParseFromString(record.state()));
        if (state.has_incident())
          ++by_status[incident::v1::Status_Name(state.incident().standing().status())];
        return true;
      });
  CHECK(status.ok()) << status;
  std::string text;
  for (const auto& [name, count] : by_status) absl::StrAppend(&text, " ", name, "=", count);
  return text;
}

}  // namespace sim
