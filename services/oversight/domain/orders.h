#pragma once
// Supervision orders 督办单 and the ladder of late clocks: pure readings, used by decisions and views alike. Cards are
// about units and matters; nothing here is ever about a person.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "oversight/v1/oversight.pb.h"
#include "services/kernel/domain.h"
#include "services/reference/reference.h"

namespace oversight {

bool IsOut(v1::OrderStatus status);     // issued, and neither accepted, taken back nor replaced
bool HasEnded(v1::OrderStatus status);
v1::OrderNote NoteOf(std::string_view id, const v1::OrderState& order);
// One that is out was not answered in time.
bool UnansweredOut(const google::protobuf::RepeatedPtrField<v1::OrderNote>& notes, int64_t now_ms);
bool HasRedCard(const v1::Matter& matter);  // one that is out
bool IsViolation(std::string_view code);    // "V01" … "V14" (信访工作条例 42-46)
// The level that may sign a draft: an ordinary order's centre; of a yellow card supervision there and the centre above;
// of a red one the county's leader, or the city's if it is against a unit of the county (O3, O4, O5).
int SignLevelOf(const v1::OrderState& order, const reference::Reference& reference);
std::string_view AnswerRow(common::v1::Card card);  // of the deadline catalogue: DO-02 and its variants

// The first moment at which something due then is late by more than `length`.
int64_t LateMoment(int64_t due_at_ms, const common::v1::Length& length, const reference::Reference& reference);

// What was due then is late by more than the step of the ladder from `level` allows.
bool LateBeyond(int64_t due_at_ms, int level, const reference::Reference& reference, int64_t now_ms);

// The first moment at which what was due then is late by more than the county's step, counted from the newest yellow or
// red card (3.6.3, O5), answered or not. One meaning for the ladder, for what people ask and for what the platform
// proposes. 0: no card was given, or there is no such step.
int64_t LateAfterCardAt(const v1::Matter& matter, int64_t due_at_ms, const reference::Reference& reference);
// The first such moment of what this unit has, past or to come if it goes on. 0: none. `org` empty: of what anybody
// has.
int64_t RedCardAt(const v1::Matter& matter, const std::string& org, const reference::Reference& reference);

// Whether the ground holds for a card of this kind. What the platform can see it looks at; the rest needs facts.
std::optional<kernel::Refusal> GroundObjection(const v1::DraftOrderRequest& request, const v1::Matter& matter,
                                               const reference::Reference& reference, int64_t now_ms);

// The level a late clock has been shown to, or the one that holds the matter, whichever is higher.
int AttentionOf(const v1::Part& part, const v1::RunningLight& light);
// What is next for a late clock: `check_at_ms` 0 if nothing is before something changes. Incidents in hand climb by
// their own service's ladder; they are only looked at for the card.
v1::LateCheck NextCheck(const v1::Matter& matter, const v1::Part& part, const v1::RunningLight& light,
                        const reference::Reference& reference);
int64_t ClimbsAt(const v1::Matter& matter, const v1::Part& part, const v1::RunningLight& light,
                 const reference::Reference& reference);  // 0: not
int64_t CardAt(const v1::RunningLight& light, const reference::Reference& reference);  // 0: not, or drafted

}  // namespace oversight
