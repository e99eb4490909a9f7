#include "services/notify/domain/notify.h"

#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "base/coding.h"
#include "base/crypto.h"
#include "services/kernel/rule_table.h"
#include "services/notify/domain/audience.h"
#include "services/notify/domain/limits.h"
#include "services/notify/domain/quiet.h"
#include "services/notify/domain/refusals.h"
#include "services/notify/domain/webhooks.h"

namespace notify {
namespace {

using kernel::RefusalCode;
using v1::Command, v1::Event, v1::State;
constexpr size_t kTimeDigits = 13;

std::string ItemId(int64_t now_ms, const v1::Heard& heard, size_t nth) {
  return absl::StrFormat("%013d.%s.%d.%d", now_ms, heard.source(), heard.seq(), nth);
}
std::string DigestId(std::string_view box, int64_t digest_at_ms) {
  return absl::StrFormat("%013d.digest.%s", digest_at_ms, base::Hex(base::Sha256(box)).substr(0, 16));
}

// Whether something stands in a digest, or waits for it, beside these.
bool HoldsMore(const std::string& box, int64_t digest_at_ms, const Context& ctx,
               const std::set<std::string>& but = {}) {
  const auto ids = ctx.lookup->Scan("digest", DigestPrefix(box, digest_at_ms), but.size() + 1);
  return std::ranges::any_of(ids, [&](const std::string& id) { return !but.contains(id); });
}

// What waited in a box becomes one digest; if all of it was taken back, none. How much that is is counted as it comes
// and goes (Tallies), so that it is right however much it is.
void Release(const std::string& id, const v1::Box& box, const Context& ctx, Decision* decision) {
  decision->EmitTo(id)->mutable_digest_released()->set_digest_at_ms(box.digest_at_ms());
  if (!HoldsMore(id, box.digest_at_ms(), ctx)) return;
  auto* made = decision->EmitTo(DigestId(id, box.digest_at_ms()))->mutable_digest_made();
  made->set_box(id);
  made->set_at_ms(box.digest_at_ms());
}

// An order of a card that stands by itself.
bool StandsAlone(const Rules& rules, const v1::Heard& heard) {
  const policy::v1::TopicRule* rule = rules.Find(heard.topic());
  return rule != nullptr && std::ranges::find(rule->alone(), heard.card()) != rule->alone().end();
}

// One more in a box.
void Deliver(const std::string& id, std::string item_id, v1::Item item, const Context& ctx, const Rules& rules,
             Decision* decision) {
  const State* state = ctx.lookup->Find(id);
  v1::Box box = state == nullptr ? v1::Box() : state->box();
  if (box.digest_at_ms() > 0 && box.digest_at_ms() <= ctx.now_ms) {  // due, and its timer has not fired yet
    Release(id, box, ctx, decision);
    box.clear_digest_at_ms();
  }
  item.set_box(id);
  if (item.urgent()) {
    *decision->EmitTo(std::move(item_id))->mutable_item_shown()->mutable_item() = std::move(item);
    return;
  }
  const Showing showing = ShowingOf(rules, box, ctx.now_ms, StandsAlone(rules, item.heard()));
  if (showing.digest_at_ms == 0) {
    auto* counted = decision->EmitTo(id)->mutable_window_counted();
    counted->set_window_from_ms(showing.window_from_ms);
    counted->set_window_count(showing.window_count);
    *decision->EmitTo(std::move(item_id))->mutable_item_shown()->mutable_item() = std::move(item);
    return;
  }
  decision->EmitTo(id)->mutable_line_held()->set_digest_at_ms(showing.digest_at_ms);
  item.set_digest_at_ms(showing.digest_at_ms);
  *decision->EmitTo(std::move(item_id))->mutable_item_held()->mutable_item() = std::move(item);
}

bool IsUrgent(const policy::v1::TopicRule& rule, const v1::Heard& heard) {
  return rule.urgent() == policy::v1::AT_ONCE || (rule.urgent() == policy::v1::BY_MATTER && heard.pressing());
}

// A petition leaves the lists of its service, as a copy or as an accusation: others cannot tell which, and it names
// nobody who has it. What stands in boxes about it goes too.
bool LeavesTheLists(const v1::Heard& heard) {
  return heard.source() == "petition" && heard.unit().empty() &&
         (heard.topic() == "petition.removed" || heard.topic() == "petition.accepted");
}

// Of that petition only: the incident it was handed over from, and another that may follow, have the same code. Nothing
// counts it any more, and a digest of nothing else goes with it: with nothing behind it, it would tell that something
// was here.
Decision Withdraw(const v1::Heard& heard, const v1::Matter& matter, const Context& ctx) {
  Decision decision;
  decision.EmitTo(PetitionId(heard))->mutable_matter_removed();
  std::map<std::pair<std::string, int64_t>, std::set<std::string>> gathered;  // by box and moment
  for (const std::string& id : matter.item()) {
    const State* state = ctx.lookup->Find(id);
    if (state == nullptr || state->item().heard().subject_id() != heard.subject_id()) continue;
    decision.EmitTo(id)->mutable_item_withdrawn();
    const v1::Item& item = state->item();
    if (item.digest_at_ms() > 0) gathered[{item.box(), item.digest_at_ms()}].insert(id);
  }
  for (const auto& [digest, items] : gathered) {
    const auto& [box, at_ms] = digest;
    const State* made = ctx.lookup->Find(DigestId(box, at_ms));
    if (made == nullptr || !made->has_digest()) continue;  // it waits: see Release
    if (!HoldsMore(box, at_ms, ctx, items)) decision.EmitTo(DigestId(box, at_ms))->mutable_item_withdrawn();
  }
  return decision;
}

// Streams are heard as they come: what oversight said of a petition may arrive after the petition has left.
bool HasLeft(const v1::Heard& heard, const Context& ctx) {
  if (!IsOfPetition(heard)) return false;
  const State* petition = ctx.lookup->Find(PetitionId(heard));
  return petition != nullptr && petition->matter().removed();
}

Decision Hear(const v1::Heard& heard, const State& state, const Context& ctx, const Rules& rules) {
  if (LeavesTheLists(heard)) return Withdraw(heard, state.matter(), ctx);
  Decision decision;
  if (!HasLeft(heard, ctx)) TellOn(heard, ctx, rules, &decision);
  return decision;
}

// Made already, by a notice that came when it was due: nothing to do.
Decision ReleaseDue(const State& state, const Context& ctx) {
  Decision decision;
  const int64_t due_ms = state.box().digest_at_ms();
  if (due_ms > 0 && due_ms <= ctx.now_ms) Release(std::string(ctx.aggregate_id), state.box(), ctx, &decision);
  return decision;
}

void Tell(const v1::Told& told, v1::Matter* matter) {
  matter->set_told(matter->told() + 1);
  for (const std::string& item : told.item()) matter->add_item(item);
  const int surplus = matter->item_size() - kItemsOfPetitionMax;
  if (surplus > 0) matter->mutable_item()->DeleteSubrange(0, surplus);
}

void Hold(const v1::LineHeld& held, v1::Box* box) {
  box->set_digest_at_ms(held.digest_at_ms());
  if (held.wording().empty()) return;
  // Written before digests were counted by their items: what it meant then it means still, and nobody reads it.
  for (auto& line : *box->mutable_line()) {
    if (line.wording() != held.wording()) continue;
    line.set_count(line.count() + 1);
    return;
  }
  auto* line = box->add_line();
  line->set_wording(held.wording());
  line->set_count(1);
}

}  // namespace

void TellOn(const v1::Heard& heard, const Context& ctx, const Rules& rules, Decision* decision) {
  const policy::v1::TopicRule* rule = rules.Find(heard.topic());
  if (rule == nullptr) return;  // told to nobody
  auto* told = decision->EmitTo(SubjectOf(heard))->mutable_told();
  *told->mutable_heard() = heard;
  told->set_wording(rule->wording());
  told->set_urgent(IsUrgent(*rule, heard));
  v1::Item item;
  *item.mutable_heard() = heard;
  item.set_wording(rule->wording());
  item.set_urgent(IsUrgent(*rule, heard));
  item.set_at_ms(ctx.now_ms);
  const auto boxes = BoxesFor(*rule, heard);
  for (size_t i = 0; i < boxes.size() && IsOfPetition(heard); ++i) told->add_item(ItemId(ctx.now_ms, heard, i));
  for (size_t i = 0; i < boxes.size(); ++i) {
    Deliver(boxes[i], ItemId(ctx.now_ms, heard, i), item, ctx, rules, decision);
  }
}

Decision NotifyDomain::Decide(const State& state, const Command& command, const Context& ctx, const Rules& rules) {
  if (auto webhook = DecideWebhook(state, command, ctx, rules)) return *std::move(webhook);
  if (!kernel::IsService(*ctx.actor)) return Decision::Refuse(Why(RefusalCode::kNotAllowed, "NOT_ALLOWED"));
  Decision decision;
  switch (command.body_case()) {  // no default: a new command does not compile until it is decided here
    case Command::kOpenWebhook:
    case Command::kRotateSecret:
    case Command::kSuspendWebhook:
    case Command::kResumeWebhook:
    case Command::kReplayWebhook:
    case Command::kDeleteWebhook:
    case Command::kReportConsent:
    case Command::kReportDelivered:
    case Command::kReportFailure:
      break;  // decided before
    case Command::kHearNotice:
      decision = Hear(command.hear_notice().heard(), state, ctx, rules);
      break;
    case Command::kReleaseDigest:
      decision = ReleaseDue(state, ctx);
      break;
    case Command::BODY_NOT_SET:
      return Decision::Refuse(Why(RefusalCode::kNotAllowed, "NOT_ALLOWED"));
  }
  decision.acted_as = kernel::v1::ROLE_SYS;
  return decision;
}

void NotifyDomain::Apply(const Event& event, int64_t now_ms, State* state) {
  switch (event.body_case()) {
    case Event::kTold:
      return Tell(event.told(), state->mutable_matter());
    case Event::kMatterRemoved:
      state->mutable_matter()->clear_item();
      return state->mutable_matter()->set_removed(true);
    case Event::kItemWithdrawn:
      return state->Clear();
    case Event::kItemShown:
      *state->mutable_item() = event.item_shown().item();
      return;
    case Event::kItemHeld:
      *state->mutable_item() = event.item_held().item();
      return;
    case Event::kWindowCounted:
      state->mutable_box()->set_window_from_ms(event.window_counted().window_from_ms());
      return state->mutable_box()->set_window_count(event.window_counted().window_count());
    case Event::kLineHeld:
      return Hold(event.line_held(), state->mutable_box());
    case Event::kDigestReleased:
      state->mutable_box()->clear_digest_at_ms();
      return state->mutable_box()->clear_line();
    case Event::kDigestMade:
      state->mutable_digest()->set_box(event.digest_made().box());
      state->mutable_digest()->set_at_ms(event.digest_made().at_ms());
      *state->mutable_digest()->mutable_line() = event.digest_made().line();
      return;
    case Event::kWebhookOpened:
    case Event::kWebhookAccepted:
    case Event::kWebhookDelivered:
    case Event::kWebhookFailed:
    case Event::kWebhookSuspended:
    case Event::kWebhookResumed:
    case Event::kWebhookReplayed:
    case Event::kSecretRotated:
    case Event::kWebhookDeleted:
      return ApplyWebhook(event, now_ms, state->mutable_webhook());
    case Event::BODY_NOT_SET:
      return;  // the kernel refuses to open a log with an event this build cannot name
  }
}

std::vector<kernel::Timer> NotifyDomain::Timers(const State& state) {
  if (state.box().digest_at_ms() == 0) return {};
  return {{"release_digest", state.box().digest_at_ms()}};
}

std::vector<kernel::IndexEntry> NotifyDomain::Indexes(std::string_view, const State& state) {
  if (state.has_digest()) return {{"inbox", InboxKey(state.digest().box(), state.digest().at_ms())}};
  if (state.has_webhook()) return IndexesOf(state.webhook());
  if (!state.has_item()) return {};
  const v1::Item& item = state.item();
  if (item.digest_at_ms() == 0) return {{"inbox", InboxKey(item.box(), item.at_ms())}};
  std::string key = DigestPrefix(item.box(), item.digest_at_ms());
  base::AppendU64(&key, static_cast<uint64_t>(item.at_ms()));
  return {{"digest", std::move(key)}};
}

void NotifyDomain::Answer(const State& after, kernel::v1::Receipt* receipt) {
  if (after.has_webhook()) receipt->set_status(v1::WebhookStatus_Name(after.webhook().status()));
}

// What stands in a digest, or waits for it, by wording. Nobody else is counted: neither how many notices a unit had nor
// how many it read.
std::vector<kernel::TallyEntry> NotifyDomain::Tallies(const State& state) {
  const v1::Item& item = state.item();
  if (item.digest_at_ms() == 0) return {};
  return {{DigestTallies(item.box(), item.digest_at_ms()) + item.wording()}};
}

std::optional<kernel::v1::Notice> NotifyDomain::Publish(std::string_view, const Event&, const State&, const State&) {
  return std::nullopt;  // it passes on what others said and has nothing to say itself
}

Command NotifyDomain::Fire(std::string_view timer, int64_t) {
  Command command;
  if (timer == "release_digest") command.mutable_release_digest();
  return command;
}

std::string SubjectOf(const v1::Heard& heard) {
  if (!heard.matter_code().empty()) return "matter/" + heard.matter_code();
  return absl::StrCat("subject/", heard.source(), "/", heard.subject_id());
}

bool IsOfPetition(const v1::Heard& heard) { return heard.service() == "petition"; }

std::string PetitionId(const v1::Heard& heard) { return "subject/petition/" + heard.subject_id(); }

int64_t TimeOfEntry(std::string_view entry_id) {
  int64_t at_ms = 0;
  const bool has_time = entry_id.size() > kTimeDigits && entry_id[kTimeDigits] == '.' &&
                        absl::SimpleAtoi(std::string(entry_id.substr(0, kTimeDigits)), &at_ms);
  return has_time ? at_ms : 0;
}

std::string InboxPrefix(std::string_view box) { return std::string(box) + "/"; }

std::string InboxKey(std::string_view box, int64_t shown_at_ms) {
  std::string key = InboxPrefix(box);
  base::AppendU64(&key, ~static_cast<uint64_t>(shown_at_ms));
  return key;
}

std::string DigestTallies(std::string_view box, int64_t digest_at_ms) {
  return absl::StrCat("digest/", std::string(box), "/", digest_at_ms, "/");
}

std::string DigestPrefix(std::string_view box, int64_t digest_at_ms) {
  std::string key = std::string(box) + "/";
  base::AppendU64(&key, static_cast<uint64_t>(digest_at_ms));
  return key;
}

}  // namespace notify
