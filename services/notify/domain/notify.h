#pragma once
// Who must know what, and when they are told. Pure. Called from the writer thread and from replay only.
//
//   a notice is heard ─► its topic has a row? ─► told ─► for each box: shown at once
//                                                     └► held ─► 07:00, or the window is over ─► one digest
//
// Aggregates: notify.proto. What is told never says more than the notice did, and a notice says nothing personal. Of an
// accusation nothing is heard (subscriptions.h). Who has read what is no business of the domain: it is in no event and
// no state (inbox.h).

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "notify/v1/notify.pb.h"
#include "services/kernel/domain.h"
#include "services/notify/domain/rules.h"

namespace notify {

struct NotifyDomain {
  using State = v1::State;
  using Command = v1::Command;
  using Event = v1::Event;
  using Reference = Rules;
  static constexpr std::string_view kService = "notify";
  // Positions are numbers on disk: append only.
  //   inbox   box '/' ~shown(8)                what people read, newest first: items shown by themselves, and digests
  //   digest  box '/' digest at(8) came(8)     items of a digest, in the order they came
  //   webhook         unit '/'                 those of a unit that are not deleted
  //   webhook_at_work ""                       those to which something may be sent
  static constexpr std::array<std::string_view, 4> kIndexes = {"inbox", "digest", "webhook", "webhook_at_work"};
  // Tallies: "digest/" box '/' digest at '/' wording: how often it stands in that digest, or waits for it.
  static constexpr uint32_t kViewsRevision = 2;  // 2: digests are counted by their items

  static kernel::Decision<Event> Decide(const State&, const Command&, const kernel::CommandContext<State>&,
                                        const Rules&);
  static void Apply(const Event&, int64_t now_ms, State*);
  static std::vector<kernel::Timer> Timers(const State&);
  static std::vector<kernel::IndexEntry> Indexes(std::string_view id, const State&);
  static std::vector<kernel::TallyEntry> Tallies(const State&);
  static std::optional<kernel::v1::Notice> Publish(std::string_view id, const Event&, const State& before,
                                                   const State& after);
  static Command Fire(std::string_view timer, int64_t due_ms);
  static void Observe(std::string_view, const State&, Rules*) {}
  static void Answer(const State& after, kernel::v1::Receipt* receipt);
};
static_assert(kernel::Domain<NotifyDomain>);

// Into the log, where the webhooks read it, and into the boxes it is for.
void TellOn(const v1::Heard& heard, const kernel::CommandContext<v1::State>& ctx, const Rules& rules,
            kernel::Decision<v1::Event>* decision);

// The aggregate a notice is told on through: its matter, or what it is about if that has no code.
std::string SubjectOf(const v1::Heard& heard);

bool IsOfPetition(const v1::Heard& heard);
// The aggregate that says of one petition that it has left the lists. Another may come later under the same code: of a
// matter that was handed over again.
std::string PetitionId(const v1::Heard& heard);

// Ids of entries begin with the moment they came, in thirteen digits; 0 if it is none.
int64_t TimeOfEntry(std::string_view entry_id);

std::string InboxPrefix(std::string_view box);
std::string InboxKey(std::string_view box, int64_t shown_at_ms);
std::string DigestPrefix(std::string_view box, int64_t digest_at_ms);
std::string DigestTallies(std::string_view box, int64_t digest_at_ms);

}  // namespace notify
