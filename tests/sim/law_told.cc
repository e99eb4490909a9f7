// Law 7. Whoever must know is told: each notice stands once in exactly the boxes it must, whatever crashed or was cut;
// by day, or as one digest in the morning, unless it is urgent; of what has left the lists nothing stands anywhere; a
// person sees what their posts entitle to. What must be there is worked out in told.h; what is there is read from the
// states as they lie there. spec: R9, R12

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <tuple>

#include "services/notify/inbox.h"
#include "storage/keys.h"
#include "tests/sim/actors.h"
#include "tests/sim/beside.h"
#include "tests/sim/laws.h"
#include "tests/sim/told.h"

namespace sim {
namespace {

using notify::v1::State;
using EntryKey = std::tuple<std::string, std::string, uint64_t>;  // box, source, place
using DigestKey = std::pair<std::string, int64_t>;
using Lines = std::map<std::string, uint64_t>;  // by wording

constexpr size_t kUnits = 8;
constexpr char kOwnWord[] = "notify";  // of a webhook that was suspended: no service of the matters said it

class ToldCheck {
 public:
  ToldCheck(const MustKnow& must, const Book<State>& book, const storage::View& view, const Books& books,
            std::string_view who, Broken* broken)
      : must_(must),
        book_(book),
        tallies_(RowsOf(view, storage::KeySpace::kTally)),
        books_(books),
        who_(who),
        broken_(*broken),
        told_(must.Play(book, who, broken)) {}

  const Told& told() const { return told_; }

  void Run(int64_t now_ms) {
    DomainIsHeeded();
    Boxes();
    Digests(now_ms);
    NothingAtNight();
    NothingSealed();
  }

 private:
  void Break(std::string text) { broken_.push_back(absl::StrCat("law 7: ", who_, ": ", std::move(text))); }

  // Whoever the domain model names is among those the rows name.
  void DomainIsHeeded() {
    std::set<std::string> topics;
    for (const auto& [key, said] : must_.said()) {
      if (said.leaves || topics.contains(said.topic)) continue;
      const auto* row = must_.RowOf(said);
      const auto boxes = row == nullptr ? std::set<std::string>() : must_.BoxesOf(said, *row);
      if (!std::ranges::includes(boxes, must_.NamedByTheDomain(said)) && topics.insert(said.topic).second)
        Break(said.topic + " is not told to whom the domain names");
    }
  }

  void Boxes() {
    std::map<EntryKey, const Entry*> expected;
    for (const Entry& entry : told_.entries) {
      if (!entry.withdrawn) expected[{entry.box, entry.said->source, entry.said->seq}] = &entry;
    }
    std::set<EntryKey> seen;
    for (const auto& [id, state] : book_.states) {
      if (!state.has_item() || state.item().heard().source() == kOwnWord) continue;
      const notify::v1::Item& item = state.item();
      const EntryKey key{item.box(), item.heard().source(), item.heard().seq()};
      const auto at = expected.find(key);
      if (at == expected.end() || !seen.insert(key).second) {
        Break(absl::StrCat(item.heard().source(), "/", item.heard().seq(), " (", item.heard().topic(), ") stands in ",
                           item.box(), at == expected.end() ? ", where it does not belong" : " twice"));
        continue;
      }
      const Entry& entry = *at->second;
      const notify::v1::Heard& heard = item.heard();
      const bool as_said = item.wording() == entry.wording && item.urgent() == entry.urgent &&
                           heard.topic() == entry.said->topic && heard.matter_code() == entry.said->code &&
                           heard.subject_id() == entry.said->subject && heard.area_code() == entry.said->area &&
                           item.at_ms() == entry.at_ms;
      if (!as_said) Break(absl::StrCat("what stands in ", item.box(), " is not what was said: ", id));
      if (item.digest_at_ms() != entry.digest_at_ms)
        Break(absl::StrCat("digest: ", id, " in ", item.box(), " waits for ", item.digest_at_ms(), " instead of ",
                           entry.digest_at_ms));
    }
    for (const auto& [key, entry] : expected) {
      if (!seen.contains(key))
        Break(absl::StrCat(std::get<1>(key), "/", std::get<2>(key), " (", entry->said->topic, ") is not in ",
                           std::get<0>(key)));
    }
  }

  // One of each box and moment, with everything that waited and nothing else; its timer makes it, once.
  void Digests(int64_t now_ms) {
    std::map<DigestKey, Lines> expected, found;
    for (const Entry& entry : told_.entries) {
      if (entry.digest_at_ms > 0 && entry.digest_at_ms <= now_ms && !entry.withdrawn)
        ++expected[{entry.box, entry.digest_at_ms}][entry.wording];
    }
    for (const auto& [id, state] : book_.states) {
      if (!state.has_digest()) continue;
      const DigestKey key{state.digest().box(), state.digest().at_ms()};
      if (OwnWords().contains(key.first)) continue;  // what notify says itself comes in between
      if (found.contains(key)) Break(absl::StrCat("digest: two of ", key.first, " at ", key.second));
      const std::string prefix = absl::StrCat("digest/", key.first, "/", key.second, "/");
      Lines& lines = found[key];
      for (auto at = tallies_.lower_bound(prefix); at != tallies_.end() && at->first.starts_with(prefix); ++at)
        CHECK(storage::ReadNumberValue(at->second, &lines[at->first.substr(prefix.size())]));
    }
    for (const auto& [key, lines] : expected) {
      if (OwnWords().contains(key.first)) continue;
      const auto at = found.find(key);
      if (at == found.end()) {
        Break(absl::StrCat("digest: none of ", key.first, " at ", key.second));
      } else if (at->second != lines) {
        Break(absl::StrCat("digest: that of ", key.first, " at ", key.second, " counts otherwise"));
      }
    }
    for (const auto& [key, lines] : found) {
      if (!expected.contains(key)) Break(absl::StrCat("digest: one of ", key.first, " that nothing waited for"));
    }
    std::set<std::string> made;
    for (const auto& record : book_.log) {
      if (record.event_type() != "digest_made") continue;
      const auto event = EventOf<notify::v1::Event>(record);
      if (record.recorded_at_ms() < event.digest_made().at_ms()) Break("digest: made before its time");
      if (!made.insert(record.aggregate_id()).second) Break("digest: made twice: " + record.aggregate_id());
    }
  }

  // Boxes that hear of webhooks too.
  const std::set<std::string>& OwnWords() {
    if (own_words_.empty()) {
      own_words_.insert("");
      for (const auto& [id, state] : book_.states) {
        if (state.item().heard().source() == kOwnWord) own_words_.insert(state.item().box());
      }
    }
    return own_words_;
  }

  void NothingAtNight() {
    for (const auto& [id, state] : book_.states) {
      const bool shown = state.has_item() && !state.item().urgent() && state.item().digest_at_ms() == 0;
      if (shown && must_.IsQuiet(state.item().at_ms())) Break("at night: " + id + " is shown and is not urgent");
      if (state.has_digest() && must_.IsQuiet(state.digest().at_ms())) Break("at night: digest " + id);
      if (state.has_item() && state.item().urgent() && state.item().digest_at_ms() != 0)
        Break("at night: " + id + " is urgent and waits");
    }
  }

  // By the petitions' own states: whatever the notices said.
  void NothingSealed() {
    for (const auto& [id, state] : book_.states) {
      if (!state.has_item() || state.item().heard().service() != "petition") continue;
      const auto at = books_.petition.states.find(state.item().heard().subject_id());
      if (at == books_.petition.states.end()) continue;
      if (at->second.type() == petition::v1::ACCUSATION || at->second.status() == petition::v1::MERGED)
        Break("sealed: " + state.item().box() + " tells of one that has left: " + state.item().heard().topic());
    }
  }

  const MustKnow& must_;
  const Book<State>& book_;
  const Rows tallies_;
  const Books& books_;
  const std::string who_;
  Broken& broken_;
  const Told told_;
  std::set<std::string> own_words_;
};

// ---- What a person sees

class PersonCheck {
 public:
  PersonCheck(const MustKnow& must, const Beside& beside, const Book<State>& book, Broken* broken)
      : must_(must),
        broken_(*broken),
        marks_(std::string(32, 'm')),
        own_([](const auto&...) { return rpc::CallResult{grpc::Status::CANCELLED, {}}; }),  // nobody here is the public
        inbox_([&beside] { return beside.notify().Read(); }, nullptr, &marks_, &own_) {
    for (const auto& [id, state] : book.states) {
      if (state.has_digest()) stands_[state.digest().box()].emplace_back(state.digest().at_ms(), id);
      if (state.has_item() && state.item().digest_at_ms() == 0)
        stands_[state.item().box()].emplace_back(state.item().at_ms(), id);
    }
  }

  void See(const kernel::v1::Actor& actor, int64_t now_ms) {
    rpc::AuditNote note;
    rpc::Caller caller;
    caller.actor = actor;
    caller.now_ms = now_ms;
    caller.note = &note;
    std::set<std::string> boxes;
    for (const auto& grant : actor.grant()) boxes.merge(must_.BoxesOf(grant));
    std::set<std::string> expected;
    for (const std::string& box : boxes) {
      for (const auto& [at_ms, id] : stands_[box]) {
        if (at_ms >= now_ms - kKeptMs) expected.insert(id);
      }
    }
    std::set<std::string> seen;
    notify::v1::ListInboxRequest request;
    request.set_page_size(notify::kPageSizeMax);
    do {
      notify::v1::ListInboxResponse page;
      CHECK(inbox_.ListInbox(caller, request, &page).ok());
      for (const auto& entry : page.entry()) {
        if (!seen.insert(entry.id()).second) Break(actor, "shows " + entry.id() + " twice");
        if (entry.line_size() > 0) Open(caller, entry);
      }
      request.set_page_token(page.next_page_token());
    } while (!request.page_token().empty());
    const bool all = expected.size() <= notify::kEntriesMax;
    const bool newest = seen.size() == notify::kEntriesMax && std::ranges::includes(expected, seen);
    if (all ? seen != expected : !newest)
      Break(actor, absl::StrCat("shows ", seen.size(), " entries, and ", expected.size(), " are due, or others"));
  }

 private:
  static constexpr int64_t kKeptMs = 90 * int64_t{86'400'000};

  void Break(const kernel::v1::Actor& actor, const std::string& text) {
    broken_.push_back(absl::StrCat("law 7: the box of ", actor.user_id(), " ", text));
  }
  // A digest opens into what it counts.
  void Open(const rpc::Caller& caller, const notify::v1::InboxEntry& digest) {
    Lines counted, listed;
    for (const auto& line : digest.line()) counted[line.wording()] += line.count();
    notify::v1::ListDigestRequest request;
    request.set_id(digest.id());
    request.set_page_size(notify::kPageSizeMax);
    do {
      notify::v1::ListInboxResponse page;
      CHECK(inbox_.ListDigest(caller, request, &page).ok());
      for (const auto& entry : page.entry()) ++listed[entry.wording()];
      request.set_page_token(page.next_page_token());
    } while (!request.page_token().empty());
    if (counted != listed) Break(caller.actor, absl::StrCat("counts in a digest what it does not list: ", digest.id()));
  }

  const MustKnow& must_;
  Broken& broken_;
  std::map<std::string, std::vector<std::pair<int64_t, std::string>>> stands_;  // by box: what it shows, since when
  const notify::Marks marks_;
  const notify::OwnMatters own_;
  const notify::Inbox inbox_;
};

// Some of an area, two of each of some units that were told something, and one with two posts.
std::vector<kernel::v1::Actor> SomePeople(const Told& told) {
  using kernel::v1::Role;
  const std::string township = std::string(kCounty) + "001";
  std::vector<kernel::v1::Actor> people = {
      As(Role::ROLE_CD, Centre(kCounty), kCounty, "a dispatcher of the county"),
      As(Role::ROLE_TD, Centre(township), township, "a dispatcher of a township"),
      As(Role::ROLE_CL, "371403-gov", kCounty, "a leader of the county"),
      As(Role::ROLE_SV, "371403-gov", kCounty, "a supervisor"),
      As(Role::ROLE_CYL, "3714-gov", kCity, "a leader of the city"),
  };
  std::set<std::string> units;
  for (const Entry& entry : told.entries) {
    if (entry.said->answers.empty() || units.size() == kUnits) continue;
    const std::string& org = entry.said->answers;
    if (!units.insert(org).second) continue;
    people.push_back(As(Role::ROLE_DH, org, AreaOfOrg(org), "a handler of " + org));
    people.push_back(As(Role::ROLE_DM, org, AreaOfOrg(org), "the head of " + org));
    people.push_back(As(Role::ROLE_DI, org, AreaOfOrg(org), "the discipline liaison of " + org));
  }
  auto both = people.back();
  both.set_user_id("somebody with two posts");
  *both.add_grant() = people.front().grant(0);
  people.push_back(std::move(both));
  return people;
}

// ---- Begun anew

// Which notices stand where, without when: who heard them later, heard them together.
std::set<EntryKey> Standing(const Book<State>& book) {
  std::set<EntryKey> all;
  for (const auto& [id, state] : book.states) {
    if (state.has_item() && state.item().heard().source() != kOwnWord)
      all.emplace(state.item().box(), state.item().heard().source(), state.item().heard().seq());
  }
  return all;
}

void CheckAnew(const Books& books, Broken* broken) {
  const auto all_along = Standing(books.notify), anew = Standing(books.notify_anew);
  if (all_along == anew) return;
  std::vector<EntryKey> differ;
  std::ranges::set_symmetric_difference(all_along, anew, std::back_inserter(differ));
  broken->push_back(absl::StrCat("law 7: begun anew, notify has other boxes: ", differ.size(), " entries, such as ",
                                 std::get<1>(differ[0]), "/", std::get<2>(differ[0]), " in ", std::get<0>(differ[0])));
}

}  // namespace

void CheckTold(const Beside& beside, const Books& books, Broken* broken) {
  const MustKnow must(books, ReadNotifications(beside.policy_dir()));
  const int64_t now_ms = beside.world().clock.NowMs();
  ToldCheck check(must, books.notify, beside.notify().view(), books, "notify", broken);
  check.Run(now_ms);
  CheckHooks(beside, must, check.told(), books, broken);
  PersonCheck person(must, beside, books.notify, broken);
  for (const auto& actor : SomePeople(check.told())) person.See(actor, now_ms);
  if (!beside.anew().up()) return;
  ToldCheck(must, books.notify_anew, beside.anew().view(), books, kNotifyAnew, broken).Run(now_ms);
  CheckAnew(books, broken);
}

}  // namespace sim
