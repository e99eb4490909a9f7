#pragma once
// The named maxima of a petition. Crossing one is a refusal, never a cut.

#include <cstddef>
#include <cstdint>

namespace petition {

inline constexpr int kPetitionersMax = 50;  // by name, in one command
inline constexpr int kNamedMax = 500;       // by name, with those who came with copies and their agents
inline constexpr int kRepresentativesMax = 5;  // Art. 20
inline constexpr int kAgentsMax = 2;           // 山东 28
inline constexpr int kPeopleMax = 100'000;     // who petition together, who come to one reception: more is a slip
inline constexpr int kEnteredLateDays = 366;   // what came in or took place longer ago is not entered any more
inline constexpr int kHearingsMax = 5;         // of one stage
inline constexpr int kStagesMax = 12;
inline constexpr int kRefusedRequestsKept = 20;  // for review or re-review; the log has all of them
inline constexpr size_t kSystemMax = 32;  // organisations above one, however many lines it stands in
inline constexpr int kHandlersMax = 60;
inline constexpr int kProgressPapersMax = 100;  // 办理材料 of one petition
inline constexpr int kRepeatLinksMax = 1000;  // from one earlier petition to the next
inline constexpr int kMergeHopsMax = 100;     // from a copy to its original, which may be a copy itself
inline constexpr int kLeadRecordsMax = 200;
inline constexpr int kFormerLeadersMax = 20;  // of one petition, with what they recorded
inline constexpr int kReceptionRefsMax = 50;
inline constexpr int kOrdersMax = 20;          // open supervision orders
inline constexpr int kInstructionsKept = 100;  // of leaders; the log has all of them
inline constexpr int kAdviceMax = 100;  // suggestions of the office to the unit, about one petition
inline constexpr int kQueryCodeTries = 8;
inline constexpr int kRedoDaysMax = 60;           // of a revocation: never longer than handling itself
inline constexpr int kMediationDays = 30;         // 访调对接: at most, and …
inline constexpr int kMediationReserveDays = 10;  // … over this long before the petition is due
inline constexpr int kLeaderTargetDays = 90;
inline constexpr size_t kSealedAlongStep = 100;  // copies and receptions sealed by one command; the rest follows
inline constexpr size_t kRecomputeStep = 100;  // petitions recomputed by one firing
inline constexpr int64_t kParkedFirstMs =
    10'000;  // a hand-over that cannot be registered yet is tried again, …
inline constexpr int64_t kParkedLongestMs = 3'600'000;  // … each time after twice as long, up to this

}  // namespace petition
