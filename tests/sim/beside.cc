#include "tests/sim/beside.h"

#include <absl/strings/str_cat.h>

#include <algorithm>

#include "services/notify/subscriptions.h"
#include "services/reference/policy_text.h"
#include "services/rpc/id_source.h"
#include "tests/sim/actors.h"
#include "tests/sim/tampering.h"

namespace sim {
namespace {

using notify::v1::Command;

constexpr int64_t kGrowthMsMax = 30'000;  // what comes within it is heard together
constexpr uint64_t kReconnectMsMax = 2'000;
constexpr int64_t kHourMs = 3'600'000;
constexpr int kHooks = 5;
constexpr size_t kHooksInAll = 25;

const std::vector<std::string>& Heard() {
  static const std::vector<std::string> kHeard = {"directory", "incident", "mediation", "petition", "oversight"};
  return kHeard;
}

std::string NameOf(const Command& command) {
  return Command::descriptor()->FindFieldByNumber(static_cast<int>(command.body_case()))->name();
}

}  // namespace

policy::v1::NotificationPolicy ReadNotifications(const std::string& policy_dir) {
  policy::v1::NotificationPolicy policy;
  const absl::Status read = reference::ReadPolicyText(policy_dir + "/notifications.textproto", &policy);
  CHECK(read.ok()) << read;
  return policy;
}

Beside::Beside(World& world, City& city, const CityOptions& options)
    : world_(world),
      city_(city),
      options_(options),
      secrets_(std::string(32, 'm')),
      ledger_(world),
      notify_(world.clock, world.network, world.random.Next(), SetupOf("notify")),
      anew_(world.clock, world.network, world.random.Next(), SetupOf(kNotifyAnew)) {
  world.nodes = {&notify_};
  world.network.SetTap([this](std::string_view bytes) { city_.ears().OnFrame(bytes); });
  ledger_.SetListener([this](std::string_view where, std::string_view text) { city_.ears().OnText(where, text); });
  notify_.hands().SetTamper(TamperNotify(options.sabotage));
  notify_.heartbeat_ms = world.heartbeat_ms;
  OpenDoors();
  notify_.Boot();
}

Beside::Node_::Setup Beside::SetupOf(std::string_view name) {
  const bool first = name == "notify";
  Node_::Setup setup{.follows = Heard(),
                     .subscriptions = first ? TamperedTold(options_.sabotage, notify::Subscriptions())
                                            : TamperedToldAnew(options_.sabotage, notify::Subscriptions()),
                     .group_max = 64,
                     .name = std::string(name)};
  setup.reference = [this] {
    auto rules = notify::Rules::From(TamperedRows(options_.sabotage, ReadNotifications(options_.policy_dir)));
    CHECK(rules.ok()) << rules.status();
    return *std::move(rules);
  };
  if (!first) return setup;  // one sends letters
  setup.on_life = [this](bool up) { OnLife(up); };
  setup.on_growth = [this] { LookSoon(); };
  return setup;
}

void Beside::OpenDoors() {
  for (const std::string& service : Heard()) {
    auto door = std::make_unique<Door>(service, world_.clock, world_.network, world_.random.Next(),
                                       std::vector<std::string>{"notify", std::string(kNotifyAnew)});
    door->heartbeat_ms = world_.heartbeat_ms;
    door->opened = [this, service] {
      for (Node* node : world_.nodes) {
        world_.After(static_cast<int64_t>(1 + world_.random.Below(kReconnectMsMax)),
                     [node, service] { node->SourceIsBack(service); });
      }
    };
    door->grown = [this, door = door.get(), soon = std::make_shared<bool>(false)] {
      if (*soon) return;
      *soon = true;
      world_.After(static_cast<int64_t>(1 + world_.random.Below(kGrowthMsMax)), [door, soon] {
        *soon = false;
        door->woken = true;
      });
    };
    city_.AddDoor(door.get());
    world_.doors.push_back(door.get());
    doors_.push_back(std::move(door));
  }
}

void Beside::Live(int64_t until_ms) {
  world_.After(1, [this, until_ms] { Own(until_ms); });
  if (anew_.up()) return;
  const int64_t left_ms = until_ms - world_.clock.NowMs();
  world_.After(left_ms / 4 + static_cast<int64_t>(world_.random.Below(static_cast<uint64_t>(left_ms / 2))), [this] {
    if (!anew_.up()) world_.Join(&anew_);
  });
}

// ---- Couriers: what services/notify/courier.h does with sockets and threads, in virtual time.

void Beside::OnLife(bool up) {
  ++life_;
  runs_.clear();
  if (up) LookSoon();
}

void Beside::LookSoon() {
  if (looks_soon_) return;
  looks_soon_ = true;
  world_.After(static_cast<int64_t>(1 + world_.random.Below(1'000)), [this] {
    looks_soon_ = false;
    if (notify_.up()) Look();
  });
}

// Wakes who sleeps, and begins with webhooks that are new.
void Beside::Look() {
  std::vector<std::string> awake;
  for (auto& [id, run] : runs_) {
    if (std::exchange(run.nap, 0) != 0) awake.push_back(id);
  }
  const auto page = notify_.Read().List("webhook_at_work", "", kernel::kPageMax);
  CHECK(page.ok()) << page.status();
  for (const auto& item : page->items) {
    if (runs_.contains(item.aggregate_id)) continue;
    runs_[item.aggregate_id].errand =
        std::make_unique<notify::Errand>([this] { return notify_.Read(); }, &secrets_, item.aggregate_id);
    awake.push_back(item.aggregate_id);
  }
  for (const std::string& id : awake) Turn(id);
}

void Beside::Turn(const std::string& id) {
  using Kind = notify::Errand::Step::Kind;
  Run& run = runs_.at(id);
  notify::Errand::Step step = run.errand->Next(world_.clock.NowMs());
  if (step.kind == Kind::kOver) {
    runs_.erase(id);
    if (options_.sabotage == Sabotage::kLetterTooLate && last_.contains(id))
      world_.After(kHourMs, [this, id] { Send(id, last_.at(id)); });
  } else if (step.kind == Kind::kTell) {
    Tell(id, std::move(step.command));
  } else if (step.kind == Kind::kSend) {
    Send(id, step.letter);
  } else {
    const uint64_t nap = run.nap = ++naps_;
    Later(std::max<int64_t>(step.wait_ms, 1), id, [this, id, nap] {
      Run& asleep = runs_.at(id);
      if (asleep.nap != nap) return;
      asleep.nap = 0;
      Turn(id);
    });
  }
}

// If notify is still in the same life, and the errand not over.
void Beside::Later(int64_t ms, const std::string& id, std::function<void()> what) {
  world_.After(ms, [this, id, life = life_, what = std::move(what)] {
    if (life == life_ && runs_.contains(id)) what();
  });
}

void Beside::Tell(const std::string& id, Command command) {
  kernel::Envelope envelope;
  envelope.command_name = NameOf(command);
  envelope.command = std::make_unique<Command>(std::move(command));
  envelope.aggregate_id = id;
  envelope.actor.set_service("notify");
  envelope.done = [this, id](const kernel::Outcome& outcome) {
    Later(1, id, [this, id, taken = outcome.status.ok()] {
      runs_.at(id).errand->OnTold(taken);
      Turn(id);
    });
  };
  notify_.Submit(std::move(envelope));
}

// A letter that has left arrives whatever becomes of notify.
void Beside::Send(const std::string& id, const notify::Letter& written) {
  const notify::Letter letter = TamperedLetter(options_.sabotage, written);
  if (options_.sabotage == Sabotage::kLetterTooLate) last_[id] = letter;
  const auto at = hooks_.find(id);
  CHECK(at != hooks_.end()) << id;
  Hook* const hook = &at->second;
  const int64_t sent_us = world_.clock.SteadyUs();
  city_.ears().OnText("a letter to a webhook", letter.body);
  if (const auto of = AccusationIn(letter.body); !of.empty())
    city_.ears().OnTold(absl::StrCat("an accusation, '", std::string(of), "', in a letter to a webhook"));
  if (hook->Ended(sent_us)) hook->wrongs.push_back("was sent a letter after it had ended");
  ChangeMood(hook, sent_us, false, world_.random);
  Fate fate = FateOf(*hook, letter, world_.random);
  fate = TamperedFate(options_.sabotage, letter, std::move(fate));
  if (fate.arrives) {
    const bool agrees = !fate.reply.allowed_origin.empty();
    world_.After(std::max<int64_t>(fate.delay_ms / 2, 1), [this, hook, letter, agrees, sent_ms = world_.clock.NowMs()] {
      std::vector<std::string> secrets;  // a rotation may not have been acknowledged yet
      for (uint32_t no = std::max(hook->rotations, 1u); no <= hook->rotations + 2; ++no)
        secrets.push_back(secrets_.Shown(hook->id, no));
      Receive(hook, letter, sent_ms, secrets);
      if (letter.asks && agrees) hook->agreed = true;
    });
  }
  Later(fate.delay_ms, id, [this, id, reply = fate.reply] {
    runs_.at(id).errand->OnReply(reply, world_.clock.NowMs());
    Turn(id);
  });
}

// ---- Owners

void Beside::Own(int64_t until_ms) {
  if (world_.clock.NowMs() >= until_ms) return;
  bool fewer = true;
  if (notify_.up()) {
    const auto living = std::ranges::count_if(hooks_, [](const auto& at) { return !at.second.deleted; });
    fewer = living < kHooks && hooks_.size() < kHooksInAll;
    if (hooks_.empty() || (fewer && world_.random.Chance(0.5))) {
      OpenHook();
    } else {
      LookAfter(std::next(hooks_.begin(), static_cast<int64_t>(world_.random.Below(hooks_.size())))->second);
    }
  }
  world_.After(static_cast<int64_t>(1 + world_.random.Below(fewer ? 6 * kHourMs : 30 * kHourMs)),
               [this, until_ms] { Own(until_ms); });
}

// Of the county, a township, the city and a unit that has petitions; of all, one service, or a few topics.
void Beside::OpenHook() {
  const std::pair<const char*, const char*> kOwners[] = {{"371403-centre", "371403"},
                                                         {"371403001-centre", "371403001"},
                                                         {"371403002-gov", "371403002"},
                                                         {"3714-centre", "3714"},
                                                         {"371403-petition", "371403"},
                                                         {"371403001-gov", "371403001"}};
  const std::vector<std::vector<std::string>> kTopics = {{"incident", "mediation", "petition", "oversight"},
                                                         {"petition", "oversight"},
                                                         {"incident.closed", "incident.dispatched", "oversight"},
                                                         {"mediation"}};
  const auto& [org, area] = kOwners[world_.random.Below(std::size(kOwners))];
  rpc::IdSource ids{base::Random(world_.random.Next())};
  Hook hook;
  hook.id = "webhook-" + ids.NewUlid(world_.clock.NowMs());
  hook.owner = As(world_.random.Chance(0.5) ? kernel::v1::ROLE_SV : kernel::v1::ROLE_SA, org, area,
                  absl::StrCat("owner-", hooks_.size()));
  hook.org = org;
  hook.area = area;
  hook.topics = world_.random.Chance(0.4) ? kTopics[0] : kTopics[world_.random.Below(kTopics.size())];
  hook.after_seq = notify_.Read().seq();
  Command command;
  auto* open = command.mutable_open_webhook();
  open->set_org_id(hook.org);
  open->set_area_code(hook.area);
  open->set_url(absl::StrCat("https://systems.example/", hooks_.size()));
  for (const std::string& topic : hook.topics) open->add_topic(topic);
  open->set_after_seq(hook.after_seq);
  Hook& there = hooks_.emplace(hook.id, std::move(hook)).first->second;
  Ask(there, true, command, [&there] { there.known = true; });
}

void Beside::LookAfter(Hook& hook) {
  const auto stored = notify_.Read().Get(hook.id);
  CHECK(stored.ok()) << stored.status();
  if (!*stored || !hook.known || hook.deleted || hook.asking) return;
  const notify::v1::Webhook& webhook = (*stored)->state.webhook();
  Command command;
  if (webhook.status() == notify::v1::WEBHOOK_SUSPENDED) {
    command.mutable_resume_webhook()->set_id(hook.id);
    if (!hook.closed.empty() && hook.closed.back().second == INT64_MAX)
      hook.closed.back().second = world_.clock.SteadyUs();
    return Ask(hook, false, command, [] {});
  }
  const auto ends = [this, &hook] { hook.closed.emplace_back(world_.clock.SteadyUs(), INT64_MAX); };
  switch (world_.random.Below(10)) {
    case 0:
    case 1:
    case 2:
    case 3: {
      const uint64_t done = webhook.delivered_seq();
      if (done < hook.after_seq) return;
      command.mutable_replay_webhook()->set_after_sequence(hook.after_seq +
                                                           world_.random.Below(done - hook.after_seq + 1));
      return Ask(hook, false, command, [] {});
    }
    case 4:
    case 5:
      command.mutable_rotate_secret();
      return Ask(hook, false, command, [&hook] { ++hook.rotations; });
    case 6:
    case 7:
    case 8:
      command.mutable_suspend_webhook()->set_id(hook.id);
      return Ask(hook, false, command, ends);
    default:
      command.mutable_delete_webhook()->set_id(hook.id);
      return Ask(hook, false, command, [&hook, ends] {
        hook.deleted = true;
        ends();
      });
  }
}

void Beside::Ask(Hook& hook, bool creates, const Command& command, std::function<void()> then) {
  hook.asking = true;
  auto make = [&hook, creates, command] {
    kernel::Envelope envelope;
    envelope.command_name = NameOf(command);
    envelope.command = std::make_unique<Command>(command);
    envelope.aggregate_id = hook.id;
    envelope.creates = creates;
    envelope.actor = hook.owner;
    return envelope;
  };
  auto submit = [this](kernel::Envelope envelope) {
    if (!notify_.up()) return false;
    notify_.Submit(std::move(envelope));
    return true;
  };
  ledger_.Ask(
      "notify", std::move(make), std::move(submit),
      [&hook, then = std::move(then)](const kernel::v1::Receipt&) {
        hook.asking = false;
        then();
      },
      [&hook](const kernel::Refusal&) { hook.asking = false; });
}

// ---- The end

// Nothing waits in a box, and every webhook at work has all there is.
bool Beside::AllTold() const {
  if (!notify_.up() || ledger_.open() > 0 || !RowsOf(notify_.view(), storage::KeySpace::kTimer).empty()) return false;
  if (anew_.up() && !RowsOf(anew_.view(), storage::KeySpace::kTimer).empty()) return false;
  const auto reader = notify_.Read();
  const auto page = reader.List("webhook_at_work", "", kernel::kPageMax);
  CHECK(page.ok()) << page.status();
  return std::ranges::all_of(page->items, [&](const auto& item) {
    const auto run = runs_.find(item.aggregate_id);
    return run != runs_.end() && run->second.nap != 0 && run->second.errand->done_seq() == reader.seq();
  });
}

// How far all webhooks at work are, together.
uint64_t Beside::LettersDone() const {
  uint64_t done = 0;
  for (const auto& [id, run] : runs_) done += run.errand->done_seq();
  return done;
}

std::string Beside::Settle(int64_t patience_ms) {
  for (auto& [id, hook] : hooks_) {
    ChangeMood(&hook, 0, true, world_.random);
    if (notify_.up() && world_.random.Chance(0.7)) {
      const auto stored = notify_.Read().Get(id);
      const bool there = stored.ok() && *stored;
      if (there && (*stored)->state.webhook().status() == notify::v1::WEBHOOK_SUSPENDED) LookAfter(hook);
    }
  }
  // A system that agreed to one letter a minute may take longer over what waits for it; stuck is who gets no further.
  while (true) {
    const uint64_t before = LettersDone();
    std::string left = world_.Settle(patience_ms, [this] { return AllTold(); });
    if (left.empty() || LettersDone() == before) return left;
  }
}

}  // namespace sim
