// Law 7 for the systems of units. Each notice that is due to a webhook arrives there at least once, always under the
// same id, signed, those of one matter in their order; nothing that is not due, nothing before the system agreed or
// after the webhook ended, nothing of a petition that has left the lists or whose office is above. Which are due is
// worked out from told.h and from what the owner asked for. spec: R9

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "base/area_code.h"
#include "tests/sim/beside.h"
#include "tests/sim/laws.h"
#include "tests/sim/told.h"

namespace sim {
namespace {

bool IsDue(const Hook& hook, const Said& said) {
  const bool topic = std::ranges::any_of(hook.topics, [&](const std::string& wanted) {
    return said.topic == wanted || said.topic.starts_with(wanted + ".");
  });
  if (!topic || !base::Covers(hook.area, said.area)) return false;
  return !said.IsOfPetition() || base::LevelOf(hook.area) >= said.level || said.answers == hook.org;
}

class HookCheck {
 public:
  HookCheck(const Hook& hook, const MustKnow& must, const Told& told, const Book<notify::v1::State>& book,
            Broken* broken)
      : hook_(hook), told_(told), book_(book), broken_(*broken) {
    for (const auto& [seq, said] : told.told) {
      if (seq > hook.after_seq && must.RowOf(*said) != nullptr && IsDue(hook, *said)) due_[seq] = said;
    }
  }

  void Run() {
    for (const std::string& wrong : hook_.wrongs) Break(wrong);
    std::set<uint64_t> come;
    std::map<std::string, uint64_t> newest;  // by matter
    std::map<std::string, uint64_t> by_id;
    for (const Received& one : hook_.received) {
      if (!one.verified) Break("was sent a letter that is not signed: " + one.id);
      const auto at = due_.find(one.sequence);
      if (at == due_.end()) {
        Break(absl::StrCat("was sent ", one.sequence, ", which is not for it"));
        continue;
      }
      const bool one_id = by_id.emplace(one.id, one.sequence).first->second == one.sequence;
      if (!one_id) Break("two notices have one id: " + one.id);
      if (one.id != IdAt(one.sequence)) Break("a notice came under another id: " + one.id);
      if (!come.insert(one.sequence).second) continue;  // again
      uint64_t& before = newest[at->second->code];
      if (one.sequence < before) Break(absl::StrCat("heard of ", at->second->code, " out of order"));
      before = std::max(before, one.sequence);
    }
    Missing(come);
  }

 private:
  void Break(const std::string& text) {
    broken_.push_back(absl::StrCat("law 7: the webhook of ", hook_.org, " ", text));
  }

  std::string IdAt(uint64_t seq) const {
    return EventOf<notify::v1::Event>(book_.log[seq - 1]).told().heard().event_id();
  }

  // One that works to the end has all; one that ended has all up to the last that it has. Of a petition that has left,
  // it may have what was told before.
  void Missing(const std::set<uint64_t>& come) {
    const auto state = book_.states.find(hook_.id);
    if (state == book_.states.end()) return;  // never opened
    const bool works = state->second.webhook().status() == notify::v1::WEBHOOK_ACTIVE;
    const uint64_t last = works ? UINT64_MAX : come.empty() ? 0 : *come.rbegin();
    for (const auto& [seq, said] : due_) {
      if (seq > last || come.contains(seq)) continue;
      if (said->IsOfPetition() && told_.left.contains(said->LeavingId())) continue;
      Break(absl::StrCat("was never sent ", seq, " (", said->topic, ")"));
      return;  // one is enough
    }
  }

  const Hook& hook_;
  const Told& told_;
  const Book<notify::v1::State>& book_;
  Broken& broken_;
  std::map<uint64_t, const Said*> due_;  // by place in the log of notify
};

// Sent after it was heard that the petition has left.
void CheckLeft(const Beside& beside, const Told& told, const Book<notify::v1::State>& book, Broken* broken) {
  for (const auto& [id, hook] : beside.hooks()) {
    for (const Received& one : hook.received) {
      const auto at = told.told.find(one.sequence);
      if (at == told.told.end() || !at->second->IsOfPetition()) continue;
      const auto left = told.left.find(at->second->LeavingId());
      if (left == told.left.end() || one.sent_ms <= book.log[left->second - 1].recorded_at_ms()) continue;
      broken->push_back(absl::StrCat("law 7: the webhook of ", hook.org, " was sent a petition that had left"));
    }
  }
}

}  // namespace

void CheckHooks(const Beside& beside, const MustKnow& must, const Told& told, const Books& books, Broken* broken) {
  for (const auto& [id, hook] : beside.hooks()) HookCheck(hook, must, told, books.notify, broken).Run();
  CheckLeft(beside, told, books.notify, broken);
}

}  // namespace sim
