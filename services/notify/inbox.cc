#include "services/notify/inbox.h"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <tuple>
#include <utility>

#include "base/coding.h"
#include "base/status_macros.h"
#include "services/notify/domain/audience.h"
#include "services/notify/domain/limits.h"
#include "services/notify/domain/refusals.h"
#include "services/reference/answers.h"
#include "services/rpc/page_token.h"
#include "services/rpc/server.h"

namespace notify {
namespace {

using kernel::RefusalCode;

rpc::Answer NoEntry(std::string_view field) { return Why(RefusalCode::kNotFound, "NO_ENTRY", field); }
rpc::Answer BadToken() { return Why(RefusalCode::kInvalid, "PAGE_TOKEN", "page_token"); }
size_t PageSize(int wanted) {
  return static_cast<size_t>(wanted <= 0 ? kPageDefault : std::min(wanted, kPageSizeMax));
}

std::string BoxOf(const v1::State& state) { return state.has_digest() ? state.digest().box() : state.item().box(); }

void SetText(const Rules& rules, const std::string& wording, auto* out) {
  const auto* words = rules.FindWording(wording);
  out->set_wording(wording);
  out->set_text_zh(words == nullptr ? wording : words->zh());
  out->set_text_en(words == nullptr ? wording : words->en());
}

void FillItem(const v1::Item& item, const Rules& rules, v1::InboxEntry* out) {
  const v1::Heard& heard = item.heard();
  SetText(rules, item.wording(), out);
  out->set_urgent(item.urgent());
  out->set_at_ms(item.at_ms());
  out->set_topic(heard.topic());
  out->set_service(heard.service());
  out->set_subject_id(heard.subject_id());
  out->set_matter_code(heard.matter_code());
  out->set_category(heard.category());
  out->set_area_code(heard.area_code());
  out->set_level(heard.level());
  out->set_unit(UnitOf(heard));
  out->set_due_at_ms(heard.due_at_ms());
  out->set_policy_id(heard.policy_id());
  out->set_light(heard.light());
  out->set_card(heard.card());
  out->set_reason_code(heard.reason_code());
  if (!heard.topic().ends_with("request_refused")) return;
  const reference::AnswerWords words = reference::AnswerWordsOf(heard.reason_code());
  out->set_reason_zh(std::string(words.zh));
  out->set_reason_en(std::string(words.en));
}

absl::Status FillDigest(const v1::Digest& digest, const NotifyReader& reader, v1::InboxEntry* out) {
  out->set_at_ms(digest.at_ms());
  const std::string prefix = DigestTallies(digest.box(), digest.at_ms());
  ASSIGN_OR_RETURN(const auto counts, reader.Tallies(prefix, kLinesMax));
  for (const auto& [key, count] : counts) {
    auto* line = out->add_line();
    SetText(*reader.Reference(), key.substr(prefix.size()), line);
    line->set_count(static_cast<uint32_t>(count));
  }
  return absl::OkStatus();
}

absl::Status FillEntry(const v1::State& state, const NotifyReader& reader, v1::InboxEntry* out) {
  if (state.has_digest()) return FillDigest(state.digest(), reader, out);
  FillItem(state.item(), *reader.Reference(), out);
  return absl::OkStatus();
}

// Where an entry stands in the list, as bytes that sort so.
std::string PositionOf(bool unread, int64_t at_ms, std::string_view id) {
  std::string position(1, unread ? 'a' : 'b');
  base::AppendU64(&position, ~static_cast<uint64_t>(at_ms));
  return position.append(id);
}

}  // namespace

absl::StatusOr<std::vector<std::string>> Inbox::BoxesOf(const rpc::Caller& caller, const NotifyReader& reader) const {
  std::vector<std::string> boxes = notify::BoxesOf(*reader.Reference(), caller.actor);
  ASSIGN_OR_RETURN(auto own, own_->BoxesOf(caller));
  boxes.insert(boxes.end(), std::make_move_iterator(own.begin()), std::make_move_iterator(own.end()));
  return boxes;
}

absl::StatusOr<std::vector<Inbox::Place>> Inbox::Places(const rpc::Caller& caller, const NotifyReader& reader) const {
  ASSIGN_OR_RETURN(const auto boxes, BoxesOf(caller, reader));
  ASSIGN_OR_RETURN(const auto read, marks_->ReadBy(reader.view(), caller.actor.user_id()));
  const int64_t oldest_ms = std::max<int64_t>(caller.now_ms - reader.Reference()->kept_ms(), 0);
  std::vector<Place> places;
  for (const std::string& box : boxes) {
    ASSIGN_OR_RETURN(const auto page,
                     reader.ListRange("inbox", InboxPrefix(box), InboxKey(box, oldest_ms), kEntriesMax));
    for (const auto& item : page.items) {
      places.push_back({TimeOfEntry(item.aggregate_id), item.aggregate_id, !read.contains(item.aggregate_id)});
    }
  }
  const auto newer = [](const Place& a, const Place& b) { return std::tie(b.at_ms, a.id) < std::tie(a.at_ms, b.id); };
  std::ranges::sort(places, newer);
  if (places.size() > kEntriesMax) places.resize(kEntriesMax);
  std::ranges::stable_sort(places, [](const Place& a, const Place& b) { return a.unread && !b.unread; });
  return places;
}

rpc::Answer Inbox::ListInbox(const rpc::Caller& caller, const v1::ListInboxRequest& request,
                             v1::ListInboxResponse* out) const {
  const std::string question = absl::StrCat("ListInbox ", caller.actor.user_id(), request.unread_only() ? " u" : "");
  const auto after = rpc::PagePosition(question, request.page_token());
  if (!after) return BadToken();
  const NotifyReader reader = read_();
  const auto places = Places(caller, reader);
  if (!places.ok()) return places.status();
  std::string last;
  for (const Place& place : *places) {
    if (request.unread_only() && !place.unread) break;
    std::string position = PositionOf(place.unread, place.at_ms, place.id);
    if (position <= *after) continue;
    if (static_cast<size_t>(out->entry_size()) == PageSize(request.page_size())) {
      out->set_next_page_token(rpc::PageToken(question, last));
      break;
    }
    const auto stored = reader.Get(place.id);
    if (!stored.ok()) return stored.status();
    if (!*stored) return absl::DataLossError("an entry of the inbox has no state");
    auto* entry = out->add_entry();
    entry->set_id(place.id);
    entry->set_unread(place.unread);
    if (absl::Status filled = FillEntry((*stored)->state, reader, entry); !filled.ok()) return filled;
    last = std::move(position);
  }
  return {};
}

rpc::Answer Inbox::Count(const rpc::Caller& caller, v1::InboxCount* out) const {
  const auto places = Places(caller, read_());
  if (!places.ok()) return places.status();
  out->set_unread(static_cast<int>(std::ranges::count(*places, true, &Place::unread)));
  out->set_total(static_cast<int>(places->size()));
  return {};
}

rpc::Answer Inbox::CountInbox(const rpc::Caller& caller, const v1::CountInboxRequest&, v1::InboxCount* out) const {
  return Count(caller, out);
}

rpc::Answer Inbox::ListDigest(const rpc::Caller& caller, const v1::ListDigestRequest& request,
                              v1::ListInboxResponse* out) const {
  const NotifyReader reader = read_();
  const auto boxes = BoxesOf(caller, reader);
  if (!boxes.ok()) return boxes.status();
  const auto digest = reader.Get(request.id());
  if (!digest.ok()) return digest.status();
  if (!*digest || !(*digest)->state.has_digest()) return NoEntry("id");
  const v1::Digest& of = (*digest)->state.digest();
  if (std::ranges::find(*boxes, of.box()) == boxes->end()) return NoEntry("id");
  const std::string question = "ListDigest " + request.id();
  const auto position = rpc::PagePosition(question, request.page_token());
  if (!position) return BadToken();
  const auto page = reader.List("digest", DigestPrefix(of.box(), of.at_ms()), PageSize(request.page_size()), *position);
  if (!page.ok()) return page.status();
  for (const auto& item : page->items) {
    const auto stored = reader.Get(item.aggregate_id);
    if (!stored.ok()) return stored.status();
    if (!*stored) return absl::DataLossError("an item of a digest has no state");
    auto* entry = out->add_entry();
    entry->set_id(item.aggregate_id);
    if (absl::Status filled = FillEntry((*stored)->state, reader, entry); !filled.ok()) return filled;
  }
  out->set_next_page_token(rpc::PageToken(question, page->next_page_token));
  return {};
}

// No command and no request id: what is written is asked of nobody and told to nobody.
rpc::Answer Inbox::MarkRead(const rpc::Caller& caller, const v1::MarkReadRequest& request, v1::InboxCount* out) const {
  const NotifyReader reader = read_();
  const auto boxes = BoxesOf(caller, reader);
  if (!boxes.ok()) return boxes.status();
  for (const std::string& id : request.id()) {
    const auto stored = reader.Get(id);
    if (!stored.ok()) return stored.status();
    const bool own = *stored && std::ranges::find(*boxes, BoxOf((*stored)->state)) != boxes->end();
    if (!own) return NoEntry("id");
  }
  const int64_t oldest_ms = caller.now_ms - reader.Reference()->kept_ms();
  auto ops = marks_->Mark(reader.view(), caller.actor.user_id(), {request.id().begin(), request.id().end()}, oldest_ms);
  if (!ops.ok()) return ops.status();
  if (!ops->empty()) {
    kernel::Envelope envelope;
    envelope.attached = *std::move(ops);
    if (const absl::Status status = rpc::Ask(*queue_, std::move(envelope)).status; !status.ok()) return status;
  }
  return Count(caller, out);
}

}  // namespace notify
