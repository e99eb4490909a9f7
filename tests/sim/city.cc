#include "tests/sim/city.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>
#include <google/protobuf/text_format.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "base/area_code.h"
#include "base/calendar.h"
#include "base/log.h"
#include "services/directory/domain/organisation_tree.h"
#include "services/incident/subscriptions.h"
#include "services/media/subscriptions.h"
#include "services/mediation/subscriptions.h"
#include "services/oversight/subscriptions.h"
#include "services/petition/subscriptions.h"
#include "services/reference/mentions.h"
#include "services/reference/policy_files.h"
#include "tests/sim/actors.h"
#include "tests/sim/tampering.h"

namespace sim {
namespace {

constexpr int64_t kSettleMs = 3'600'000;
constexpr int64_t kMorningMs = 8 * 3'600'000;
constexpr int kAnnouncedMonth = 12, kAnnouncedDay = 8;  // of the next year's schedule

// What was announced up to the end of `year`.
policy::v1::Calendar KnownIn(int year, const policy::v1::Calendar& all) {
  const std::string horizon = absl::StrCat(year, "-12-31");
  policy::v1::Calendar known = all;
  known.clear_off();
  known.clear_work();
  for (const auto& day : all.off()) {
    if (day.date() <= horizon) *known.add_off() = day;
  }
  for (const auto& day : all.work()) {
    if (day <= horizon) known.add_work(day);
  }
  known.set_horizon(horizon);
  return known;
}

// With the real schedule where there is one; otherwise with a New Year of four days.
policy::v1::Calendar KnownAYearLater(int year, const policy::v1::Calendar& all) {
  policy::v1::Calendar next = KnownIn(year + 1, all);
  next.set_revision(all.revision() + 1);
  if (all.horizon() >= next.horizon()) return next;
  for (int day = 1; day <= 4; ++day) {
    auto* off = next.add_off();
    off->set_date(absl::StrFormat("%d-01-%02d", year + 1, day));
    off->set_name_zh("元旦");
  }
  return next;
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
  AddArea(&areas, kCity, "德州市", 5, "");
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

std::string SealingKey() { return std::string(32, 's'); }

rpc::Vault WithKeys() {
  rpc::Vault vault(rpc::CipherProfile::kAesGcm, std::string(32, 'k'));
  vault.SetSealingKey(SealingKey());
  return vault;
}

bool Knows(const DomainNode<oversight::OversightDomain>& node, int32_t calendar) {
  const auto reference = node.Read().Reference();
  return reference->Ready() && reference->calendar().revision() >= calendar;
}

template <class D>
std::string CommandName(const typename D::Command& command) {
  const auto* oneof = command.GetDescriptor()->FindOneofByName("body");
  return command.GetReflection()->GetOneofFieldDescriptor(command, oneof)->name();
}

}  // namespace

City::City(World& world, Ledger& ledger, const CityOptions& options)
    : world_(world),
      ledger_(ledger),
      options_(options),
      vault_(WithKeys()),
      sealed_(vault_, rpc::CipherProfile::kAesGcm, SealingKey()),
      directory_(world.clock, world.network, world.random.Next(), {}),
      incident_(world.clock, world.network, world.random.Next(),
                {{"directory", "mediation", "petition", "oversight"}, incident::Subscriptions()}),
      media_(world.clock, world.network, world.random.Next(),
             {{"directory", "incident", "mediation", "petition"}, media::Subscriptions()}),
      mediation_(world.clock, world.network, world.random.Next(),
                 {{"directory", "incident", "media", "petition", "oversight"},
                  TamperedCase(options.sabotage, mediation::Subscriptions())}),
      petition_(world.clock, world.network, world.random.Next(),
                {{"directory", "incident", "media", "mediation", "oversight"},
                 TamperedPetition(options.sabotage, petition::Subscriptions()),
                 &sealed_}),
      oversight_(world.clock, world.network, world.random.Next(),
                 {{"directory", "incident", "mediation", "petition"},
                  TamperedOversight(options.sabotage,
                                    oversight::Subscriptions([this](int32_t of) { return Knows(oversight_, of); }))}),
      newcomer_(world.clock, world.network, world.random.Next(),
                {.follows = {"directory", "incident", "mediation", "petition"},
                 .subscriptions = TamperedNewcomer(
                     options.sabotage, oversight::Subscriptions([this](int32_t of) { return Knows(newcomer_, of); })),
                 .name = std::string(kNewcomer)}) {
  world.nodes = {&directory_, &incident_, &media_, &mediation_, &petition_, &oversight_};
  world.network.SetTap([this](std::string_view bytes) { ears_.OnFrame(bytes); });
  ledger.SetListener([this](std::string_view where, std::string_view text) { ears_.OnText(where, text); });
  incident_.hands().SetTamper(TamperIncident(options.sabotage));
  petition_.hands().SetTamper(TamperPetition(options.sabotage));
  oversight_.hands().SetTamper(TamperOversight(options.sabotage));
  for (Node* node : world.nodes) {
    node->heartbeat_ms = world.heartbeat_ms;
    node->Boot();
  }
}

void City::AddDoor(Door* door) {
  const auto add = [door](auto& node) {
    if (node.name() == door->name()) node.AddDoor(door);
  };
  add(directory_);
  add(incident_);
  add(mediation_);
  add(petition_);
  add(oversight_);
}

template <class D>
void City::OnAccepted(bool creates, const std::string& id) {
  if (!creates) return;
  if (std::is_same_v<D, media::MediaDomain>) FinishUpload(id);
  if (std::is_same_v<D, mediation::MediationDomain>) cases_.push_back(id);
  if (std::is_same_v<D, oversight::OversightDomain> && !id.starts_with(kTaskIds) &&
      !id.starts_with(kInspectionIds))
    instructions_.push_back(id);
  if (std::is_same_v<D, petition::PetitionDomain>) {
    if (known_petitions_.insert(id).second) petitions_.push_back(id);
  }
  if (!std::is_same_v<D, incident::IncidentDomain>) return;
  (id.starts_with("campaign-") ? campaigns_ : matters_).push_back(id);
}

template <class D>
void City::Ask(DomainNode<D>& node, const std::string& id, bool creates, const Step& step,
               Ledger::Refused refused) {
  typename D::Command command;
  CHECK(google::protobuf::TextFormat::ParseFromString(step.text, &command)) << step.text;
  if (!std::is_same_v<D, media::MediaDomain> && !step.actor.user_id().empty()) {
    for (const std::string& sha256 : reference::MentionedDocuments(command)) namers_.emplace(sha256, step.actor);
  }
  auto ids = std::make_shared<rpc::IdSource>(base::Random(world_.random.Next()));
  const std::string aggregate = id.empty() ? ids->NewUlid(world_.clock.NowMs()) : id;
  // From the second day on, so that there is somebody to be hurt by it.
  const bool leak = options_.sabotage == Sabotage::kLeakIntoEvent && !leaked_ &&
                    step.text.starts_with("report") && std::is_same_v<D, incident::IncidentDomain>;
  leaked_ = leaked_ || leak;
  auto make = [this, &node, command, aggregate, creates, leak, actor = step.actor, ids] {
    kernel::Envelope envelope;
    auto body = std::make_unique<typename D::Command>(command);
    envelope.command_name = CommandName<D>(*body);
    envelope.aggregate_id = aggregate;
    envelope.creates = creates;
    envelope.actor = actor;
    if (node.up() && !leak) {
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
  ledger_.Ask(
      node.name(), make, submit,
      [this, creates](const kernel::v1::Receipt& receipt) { OnAccepted<D>(creates, receipt.id()); },
      std::move(refused));
}

template void City::Ask(DomainNode<incident::IncidentDomain>&, const std::string&, bool, const Step&,
                        Ledger::Refused);
template void City::Ask(DomainNode<media::MediaDomain>&, const std::string&, bool, const Step&, Ledger::Refused);
template void City::Ask(DomainNode<mediation::MediationDomain>&, const std::string&, bool, const Step&,
                        Ledger::Refused);
template void City::Ask(DomainNode<petition::PetitionDomain>&, const std::string&, bool, const Step&,
                        Ledger::Refused);
template void City::Ask(DomainNode<oversight::OversightDomain>&, const std::string&, bool, const Step&,
                        Ledger::Refused);

void City::Found() {
  const auto files = reference::ReadPolicyFolder(options_.policy_dir);
  CHECK(files.ok()) << files.status();
  directory::v1::Command command;
  calendar_ = KnownIn(options_.year, files->calendar);
  next_calendar_ = KnownAYearLater(options_.year, files->calendar);
  announced_ms_ = base::StartOfDayMs(base::DayOf({options_.year, kAnnouncedMonth, kAnnouncedDay})) + kMorningMs;
  *command.mutable_load_calendar()->mutable_calendar() = calendar_;
  Ask(directory_, "ref/calendar", true, {Platform(), command.DebugString()});
  command.Clear();
  *command.mutable_change_policy()->mutable_policy() = files->policies;
  command.mutable_change_policy()->set_reason("founding");
  Ask(directory_, "ref/policy", true, {Platform(), command.DebugString()});
  const auto areas = SmallCounty(options_.villages);
  command.Clear();
  command.mutable_put_areas()->set_source("simulator");
  for (const auto& [code, area] : areas) {
    *command.mutable_put_areas()->add_area() = area;
    if (area.level() == 1) grids_.push_back(code);
  }
  Ask(directory_, "import/areas", true, {Platform(), command.DebugString()});
  world_.Run(world_.clock.NowMs() + kSettleMs);
  command.Clear();
  command.mutable_put_organisations()->set_source("simulator");
  std::vector<std::string> mediating;
  for (const auto& org : directory::BuildOrganisations(areas)) {
    *command.mutable_put_organisations()->add_organisation() = org;
    if (org.kind() == directory::v1::DEPARTMENT && org.level() == 4) departments_.push_back(org.id());
    if (org.kind() == directory::v1::COMMITTEE) mediating.push_back(org.id());
    if (org.kind() == directory::v1::COMMITTEE && org.level() <= 3) committees_.push_back(org.id());
  }
  Ask(directory_, "import/organisations", true, {Platform(), command.DebugString()});
  CHECK_EQ(world_.Settle(24 * kSettleMs, [this] { return ledger_.open() == 0; }), "");
  CHECK_EQ(ledger_.open(), 0u);
  CHECK_EQ(ledger_.promises().size(), 4u);
  Appoint(mediating);
  CHECK_EQ(world_.Settle(24 * kSettleMs, [this] { return ledger_.open() == 0; }), "");
  CHECK_EQ(ledger_.open(), 0u);
}

void City::Live(int64_t pause_ms, int64_t until_ms, bool winding_down) {
  world_.sabotage = options_.sabotage;  // the city was founded in peace
  if (options_.sabotage == Sabotage::kLinkStaysCut) world_.network.Cut("incident", "oversight");
  world_.After(1, [this, pause_ms, until_ms, winding_down] { Act(pause_ms, until_ms, winding_down); });
  world_.After(2, [this, until_ms] { Grade(until_ms); });
  world_.After(3, [this, until_ms] { Inspect(until_ms); });
  if (newcomer_.up() || winding_down) return;
  const int64_t left_ms = until_ms - world_.clock.NowMs();
  world_.After(left_ms / 4 + static_cast<int64_t>(world_.random.Below(static_cast<uint64_t>(left_ms / 2))),
               [this] { world_.Join(&newcomer_); });
}

void City::Act(int64_t pause_ms, int64_t until_ms, bool winding_down) {
  if (world_.clock.NowMs() >= until_ms) return;
  Tamper();
  if (!next_year_announced_ && world_.clock.NowMs() >= announced_ms_) AnnounceNextYear();
  const bool begin = matters_.empty() || Chance(0.1);
  begin && !winding_down ? Begin() : Continue();
  world_.After(static_cast<int64_t>(1 + world_.random.Below(static_cast<uint64_t>(2 * pause_ms))),
               [this, pause_ms, until_ms, winding_down] { Act(pause_ms, until_ms, winding_down); });
}

// What was beyond the horizon becomes exact: provisional clocks move.
void City::AnnounceNextYear() {
  next_year_announced_ = true;
  calendar_ = next_calendar_;
  directory::v1::Command command;
  *command.mutable_load_calendar()->mutable_calendar() = calendar_;
  Ask(directory_, "ref/calendar", false, {Platform(), command.DebugString()});
}

void City::Begin() {
  const uint64_t die = world_.random.Below(100);
  if (die < 49) return Report();
  if (die < 62) return ReportByPublic();
  if (die < 75) return Apply();
  if (die < 80) return Campaign();
  Raise();
}

void City::Continue() {
  const uint64_t die = world_.random.Below(100);
  if (die < 37) return WorkOnIncident();
  if (die < 54) return WorkOnCase();
  if (die < 88) return WorkOnPetition();
  if (die < 89) return HeedWarning();
  if (die < 90) return Receive();
  if (die < 92) return Meddle();
  if (die < 95) return WorkOnTask();
  if (die < 98) return Lead();
  FollowInstruction();
}

std::string City::Pick(std::initializer_list<const char*> texts) {
  return *(texts.begin() + world_.random.Below(texts.size()));
}

std::string City::Words(std::string_view what) { return std::string(what) + std::string(kFreeTextMark); }

std::string City::Person(std::string_view more) {
  ++people_;
  return absl::StrFormat("name: '张%s%d' phone: '%s%04d' id_number: '371403%s%04d' address: '%s街%d号' %s",
                         std::string(kNameMark), people_, std::string(kPhoneMark), people_ % 10'000,
                         std::string(kIdMark), people_ % 10'000, std::string(kAddressMark), people_,
                         std::string(more));
}

// What the sabotages do that need no hand in the database.
void City::Tamper() {
  if (leaked_ || matters_.size() < 10) return;
  switch (options_.sabotage) {
    case Sabotage::kLeakIntoLogLine:
      base::Log(base::kInfo, "reported", {{"by", "张" + std::string(kNameMark)}});
      break;
    case Sabotage::kLeakIntoFrame: {
      const auto port = world_.network.Connect("incident", "oversight", [](std::string_view) {});
      port->Send("incident", "call " + std::string(kPhoneMark) + "0001");
      break;
    }
    case Sabotage::kLeakIntoRefusal:
      Ask(incident_, "matter-of-" + std::string(kNameMark), false, {Platform(), "accept {}"});
      break;
    case Sabotage::kLyingDisk:
      incident_.hands().SetSyncs(false);
      world_.After(6 * 3'600'000, [this] {
        world_.CrashAndRestart(&incident_, true);
        incident_.hands().SetSyncs(true);
      });
      break;
    default:
      return;
  }
  leaked_ = true;
}

}  // namespace sim
