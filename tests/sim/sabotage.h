#pragma once
// Violations that are planted on purpose, one at a time, so that every law is seen to be able to fail. A
// simulator whose laws cannot be broken proves nothing.

#include <array>
#include <functional>
#include <string_view>
#include <utility>

#include "storage/kv.h"

namespace sim {

enum class Sabotage {
  kNone,
  kLyingDisk,          // law 1: a sync answers and keeps nothing; then the machine dies
  kChangedRecord,      // law 1: a record of the log is written otherwise than it was decided
  kSecondEffect,       // law 2: a referral opens two cases
  kLostNotice,         // law 2: a notice is swallowed, its cursor moves on
  kOtherNews,          // law 2: a notice arrives, but says something else
  kForgottenTimer,     // law 3: the timers of one matter are never stored
  kNobodyResponsible,  // law 3: an open matter loses its holder
  kCountedTwice,       // law 4: a live counter counts one too many
  kSameCode,           // law 4: two matters under one code
  kMissingFromList,    // law 4: an open matter in no list
  kForgetfulNewcomer,  // law 4: who begins anew does not hear that a matter was closed
  kLeakIntoEvent,      // law 5: a report is not sealed
  kLeakIntoLogLine,    // law 5: a name in the log of the process
  kLeakIntoFrame,      // law 5: a phone number on the bus
  kLeakIntoRefusal,    // law 5: a name in what is recorded of a refusal
  kLinkStaysCut,       // law 6: a link is never mended
  kForgottenAnswer,    // law 6: a request of oversight is never answered
  kDeafToMedia,        // law 2: a committee does not hear that papers came
  kUnheardMediation,   // law 2: a petition does not hear how its mediation ended
  kDayTooLate,         // law 3: the row for handling a petition says 61 days
  kWindowTooLong,      // law 3: the row for the joint application to the court says 31 days
  kFrozenTooLate,      // law 4: the row for verifying four-colour reports says 8 days
  kPausedByMediation,  // law 3: the period of a petition stands still while a committee mediates
  kSealedNotice,       // law 5: a notice about an accusation
  kSealedInList,       // law 5: an accusation in the list of its office
  kOutsiderNamed,      // law 3: mediation does not hear that a mediator has left
  kOutlivesPetition,   // law 6: what was withdrawn is still handed over to mediation
  kAnswerTells,        // law 5: who asks about an accusation is answered otherwise than about nothing
  kToldToAnother,      // law 7: notify hears that another unit has it
  kToldToNobody,       // law 7: a notice does not reach notify
  kWokenAtNight,       // law 7: the row for the quiet hours says 23:00
  kForgottenDigest,    // law 7: the timers of boxes are never stored
  kHiddenDigest,       // law 7: digests stand in no list
  kSealedInBox,        // law 7: notify does not hear that a petition has left the lists
  kToldAnewOtherwise,  // law 7: who begins anew does not hear of what was closed
  kLetterLost,         // law 7: a letter is taken for delivered that never arrived
  kLetterChanged,      // law 7: a letter is not what was signed
  kLetterTooLate,      // law 7: a system is sent letters after its webhook has ended
  kLeakIntoLetter,     // law 5: a name in a letter
  kToldTooEarly,       // law 4: a notice names the unit of an instruction before it is distributed
  kReportedTwice,      // law 4: a unit's report on an instruction stands there twice
  kLostInstruction,    // law 4: an instruction in no list
  kNotTheOldest,       // law 4: the oldest of what is stuck is not the first of its list
  kNewcomerSkipsSteps, // law 4: who begins anew does not hear what was sent to a unit, and hears all that came after
};

struct SabotageName {
  Sabotage what;
  std::string_view name;
  std::string_view law;  // what the broken law's text begins with
};

inline constexpr std::array kSabotages = {
    SabotageName{Sabotage::kLyingDisk, "lying-disk", "law 1"},
    SabotageName{Sabotage::kChangedRecord, "changed-record", "law 1"},
    SabotageName{Sabotage::kSecondEffect, "second-effect", "law 2"},
    SabotageName{Sabotage::kLostNotice, "lost-notice", "law 2"},
    SabotageName{Sabotage::kOtherNews, "other-news", "law 2"},
    SabotageName{Sabotage::kForgottenTimer, "forgotten-timer", "law 3"},
    SabotageName{Sabotage::kNobodyResponsible, "nobody-responsible", "law 3"},
    SabotageName{Sabotage::kCountedTwice, "counted-twice", "law 4"},
    SabotageName{Sabotage::kSameCode, "same-code", "law 4"},
    SabotageName{Sabotage::kMissingFromList, "missing-from-list", "law 4"},
    SabotageName{Sabotage::kForgetfulNewcomer, "forgetful-newcomer", "law 4"},
    SabotageName{Sabotage::kLeakIntoEvent, "leak-into-event", "law 5"},
    SabotageName{Sabotage::kLeakIntoLogLine, "leak-into-log-line", "law 5"},
    SabotageName{Sabotage::kLeakIntoFrame, "leak-into-frame", "law 5"},
    SabotageName{Sabotage::kLeakIntoRefusal, "leak-into-refusal", "law 5"},
    SabotageName{Sabotage::kLinkStaysCut, "link-stays-cut", "law 6"},
    SabotageName{Sabotage::kForgottenAnswer, "forgotten-answer", "law 6"},
    SabotageName{Sabotage::kDeafToMedia, "deaf-to-media", "law 2"},
    SabotageName{Sabotage::kUnheardMediation, "unheard-mediation", "law 2"},
    SabotageName{Sabotage::kDayTooLate, "day-too-late", "law 3: by 信访工作条例第三十四条"},
    SabotageName{Sabotage::kWindowTooLong, "window-too-long", "law 3: by 人民调解法第三十三条"},
    SabotageName{Sabotage::kFrozenTooLate, "frozen-too-late", "law 4: task-"},
    SabotageName{Sabotage::kPausedByMediation, "paused-by-mediation", "law 3: by 信访工作条例第三十四条"},
    SabotageName{Sabotage::kSealedNotice, "sealed-notice", "law 5: others hear of a sealed petition"},
    SabotageName{Sabotage::kSealedInList, "sealed-in-list", "law 5: an accusation is in petition"},
    SabotageName{Sabotage::kOutsiderNamed, "outsider-named", "law 3: named without the post"},
    SabotageName{Sabotage::kOutlivesPetition, "outlives-petition", "law 6: the hand-over of petition"},
    SabotageName{Sabotage::kAnswerTells, "answer-tells", "law 5: an accusation is answered otherwise"},
    SabotageName{Sabotage::kToldToAnother, "told-to-another", "law 7: notify: incident/"},
    SabotageName{Sabotage::kToldToNobody, "told-to-nobody", "law 7: notify told incident/"},
    SabotageName{Sabotage::kWokenAtNight, "woken-at-night", "law 7: notify: at night"},
    SabotageName{Sabotage::kForgottenDigest, "forgotten-digest", "law 7: notify: digest: none"},
    SabotageName{Sabotage::kHiddenDigest, "hidden-digest", "law 7: the box of"},
    SabotageName{Sabotage::kSealedInBox, "sealed-in-box", "law 7: notify: sealed"},
    SabotageName{Sabotage::kToldAnewOtherwise, "told-anew-otherwise", "law 7: begun anew"},
    SabotageName{Sabotage::kLetterLost, "letter-lost", "law 7: the webhook of"},
    SabotageName{Sabotage::kLetterChanged, "letter-changed", "law 7: the webhook of"},
    SabotageName{Sabotage::kLetterTooLate, "letter-too-late", "law 7: the webhook of"},
    SabotageName{Sabotage::kLeakIntoLetter, "leak-into-letter", "law 5"},
    SabotageName{Sabotage::kToldTooEarly, "told-too-early", "law 4: of instruction_issued"},
    SabotageName{Sabotage::kReportedTwice, "reported-twice", "law 4: the reports on"},
    SabotageName{Sabotage::kLostInstruction, "lost-instruction", "law 4: list instruction"},
    SabotageName{Sabotage::kNotTheOldest, "not-the-oldest", "law 4: the oldest of"},
    SabotageName{Sabotage::kNewcomerSkipsSteps, "newcomer-skips-steps", "law 4: begun anew, oversight tells"},
};

// A database that is written to through somebody's hands. Reads are honest.
class TamperedKv final : public storage::Kv {
 public:
  // `tamper` may change one operation; false: it is left out.
  using Tamper = std::function<bool(storage::Batch::Op* op)>;

  explicit TamperedKv(storage::Kv& kv) : kv_(kv) {}
  void SetTamper(Tamper tamper) { tamper_ = std::move(tamper); }
  void SetSyncs(bool honest) { honest_syncs_ = honest; }

  absl::StatusOr<std::optional<std::string>> Get(storage::KeySpace space,
                                                 std::string_view key) const override {
    return kv_.Get(space, key);
  }
  absl::Status Scan(storage::KeySpace space, std::string_view from, std::string_view to,
                    const std::function<bool(std::string_view, std::string_view)>& each) const override {
    return kv_.Scan(space, from, to, each);
  }
  std::shared_ptr<const storage::View> Snapshot() const override { return kv_.Snapshot(); }
  absl::Status Commit(const storage::Batch& batch, storage::Durability durability) override {
    if (!honest_syncs_) durability = storage::Durability::kWritten;
    if (!tamper_ || batch.empty()) return kv_.Commit(batch, durability);
    storage::Batch changed;
    for (storage::Batch::Op op : batch.ops()) {
      if (!tamper_(&op)) continue;
      if (op.value) {
        changed.Put(op.space, std::move(op.key), *std::move(op.value));
      } else {
        changed.Delete(op.space, std::move(op.key));
      }
    }
    return kv_.Commit(changed, durability);
  }

 private:
  storage::Kv& kv_;
  Tamper tamper_;
  bool honest_syncs_ = true;
};

}  // namespace sim
