#pragma once
// The named maxima of a mediation case. Crossing one is a refusal, never a cut.

#include <cstddef>
#include <cstdint>

namespace mediation {

inline constexpr int kPartiesMax = 50;
inline constexpr int kInvitedMax = 20;  // to one session
inline constexpr int kClaimsMax = 20;
inline constexpr int kClauseMax = 50;
inline constexpr int kSessionsMax = 60;
inline constexpr int kInvestigationsMax = 60;
inline constexpr int kAskedMax = 20;  // in one investigation; and who else was there
inline constexpr int kOtherMediatorsMax = 8;
inline constexpr int kAttachmentsMax = 50;
inline constexpr int kInstructionsMax = 100;
inline constexpr int kOrdersMax = 20;  // open supervision orders
inline constexpr size_t kClaimCharactersMax = 500;
inline constexpr size_t kClauseCharactersMax = 500;
inline constexpr size_t kRecordCharactersMax = 20'000;
inline constexpr size_t kWhyIncompleteCharactersMin = 5;  // a file without what it must hold says why, in words
inline constexpr size_t kCourtWordCharactersMin = 6;  // who of the court agreed, and how
inline constexpr int64_t kReceivedOldestMs = 183 * int64_t{86'400'000};  // an application, before it is typed in
inline constexpr int kRecusalsMax = 20;
inline constexpr int kRiskReportsMax = 20;
inline constexpr int kPerformancesMax = 60;  // of one clause
inline constexpr int kVisitsMax = 100;
inline constexpr int kBreachesMax = 100;
inline constexpr int kDocumentsMax = 200;
inline constexpr int kPapersMax = 400;  // scans that the steps of a case rest on
inline constexpr int kAgreementsMax = 5;  // one after the other, by mediating anew
inline constexpr int kTransfersMax = 5;
inline constexpr size_t kCasesOfMatterMax = 20;  // looked at for one that is open
inline constexpr int kPropertyDocumentsMax = 20;
inline constexpr int64_t kPauseLongestMs = 366 * int64_t{86'400'000};
inline constexpr int64_t kDamageFixedLatestMs = 366 * int64_t{86'400'000};  // after acceptance
inline constexpr int kConfirmationReminderDays = 30;                        // after applying or filing
inline constexpr int kRetentionYears[] = {0, 10, 30, 0};                    // by v1::Retention; 0: for ever
inline constexpr int kQueryCodeTries = 8;
inline constexpr size_t kRecomputeStep = 100;  // cases recomputed by one firing
inline constexpr int64_t kParkedFirstMs =
    10'000;  // a referral that cannot be registered yet is tried again, …
inline constexpr int64_t kParkedLongestMs = 3'600'000;  // … each time after twice as long, up to this
inline constexpr int kWarningWorkingDays = 3;  // before the platform ends a case whose period is over
inline constexpr int64_t kWarningHourMs = 9 * 3'600'000;  // warnings go out in the morning, not at midnight
inline constexpr int kWindowWarningDays[] = {20, 27};     // DM-05

}  // namespace mediation
