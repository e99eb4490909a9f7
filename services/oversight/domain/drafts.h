#pragma once
// Orders the platform drafts by rule (O2). A draft is a proposal: nobody hears of it but those who may issue it, and
// nothing is issued by a machine.

#include <string>
#include <string_view>

#include "services/oversight/domain/decide.h"

namespace oversight {

using OrderNotes = google::protobuf::RepeatedPtrField<v1::OrderNote>;  // of a matter or a task

// Whether an order of this card or a graver one to the unit is out already, or this very card waits to be signed. What
// nobody has signed stands in the way of nothing else.
bool Supersedes(const OrderNotes& notes, std::string_view to_org, common::v1::Card card);
// An order that is out and gives way to one of the same card by whoever asks: a lower level gave it, or the unit did.
// Else an order of one's own would keep the level above from giving any.
bool GivesWay(const v1::OrderNote& note, common::v1::Card card, const Ask& ask);
// The same as Supersedes, for whoever asks.
bool StandsInTheWay(const OrderNotes& notes, std::string_view to_org, common::v1::Card card, const Ask& ask);
// Out or proposed, this card or a graver one: a rule proposes no second one about a task.
bool IsDemanded(const OrderNotes& notes, std::string_view to_org, common::v1::Card card);
// The milder order to the unit that is out, which a graver one would replace; empty: none.
std::string Milder(const OrderNotes& notes, std::string_view to_org, common::v1::Card card);
v1::OrderState NewDraft(const v1::Matter& matter, common::v1::Card card, v1::OrderGround ground,
                        std::string_view to_org, int64_t now_ms);

// Drafts into one decision, each known to the next.
class Drafts {
 public:
  // `matter` as it is after the events the decision has so far; `matter_id` empty: it is the command's own aggregate.
  Drafts(v1::Matter matter, std::string matter_id, const Ask& ask, Decision* decision);
  void Add(common::v1::Card card, v1::OrderGround ground, std::string_view to_org, std::string_view policy_id = {});

 private:
  v1::Event* OnMatter() { return matter_id_.empty() ? decision_.Emit() : decision_.EmitTo(matter_id_); }

  v1::Matter matter_;
  const std::string matter_id_;
  const Ask& ask_;
  Decision& decision_;
};

// What a notice gives ground for: clocks that are red now and were not, two reworks, two refused returns,
// a completion found to be false after it was accepted.
void DraftAfterNotice(const v1::Observe& heard, const v1::Matter& before, const v1::Matter& after, const Ask& ask,
                      Decision* decision);
// The matter as it will be after this notice.
v1::Matter AfterNotice(const v1::Matter& before, const v1::StandingChanged& changed);

}  // namespace oversight
