#pragma once
// Warnings the platform raises, and takes back when what it saw is no longer so. One open warning a rule and subject;
// what people have ended is not raised again for the same facts.

#include <string>
#include <string_view>
#include <vector>

#include "services/oversight/domain/decide.h"
#include "services/oversight/domain/warnings.h"

namespace oversight {

// What the rules look at of the matter from this notice on. `after`: the matter with it.
v1::Vigil VigilAfter(const v1::Observe& heard, const v1::Matter& before, const v1::Matter& after, const Ask& ask);
// All a notice gives reason for: counted where it arose, closed by a unit, raised, ended. `after` has its vigil.
void WarnAfterNotice(const v1::Observe& heard, const v1::Matter& before, const v1::Matter& after, const Ask& ask,
                     Decision* decision);
// W2: the matter `matter_id`, which is another than the command's, was said again.
void WarnOfRepeat(const std::string& matter_id, const v1::Matter& after, const Ask& ask, Decision* decision);
// W9: a calendar, a committee's term.
void WarnOfReference(const directory::v1::Notice& notice, const Ask& ask, Decision* decision);

// A warning as it begins, addressed to `level`, with its clock DO-05.
v1::WarningState NewWarning(const policy::v1::WarningRule& rule, std::string_view area, int level, int seen_from,
                            const Ask& ask);
common::v1::Clock AcknowledgeClock(bool high, std::string_view area, int level, const Ask& ask);
// Of what a watch counts.
struct Counted {
  const policy::v1::WarningRule* rule = nullptr;
  v1::WarningSubject subject = v1::ABOUT_PLACE;
  int level = 0;      // addressed
  int seen_from = 0;
  std::vector<v1::WarningFact> facts;
  std::vector<std::string> matters;
};
void RaiseOf(const std::string& watch_id, const v1::Watch& watch, const Counted& counted, const Ask& ask,
             Decision* decision);

// Warnings about one matter, in one decision, each known to the next.
class MatterWarnings {
 public:
  // `matter` as it is after the events the decision has so far; `matter_id` empty: the command's own aggregate.
  MatterWarnings(v1::Matter matter, std::string matter_id, const Ask& ask, Decision* decision);

  // Raised for the lowest level that can see what `sees` finds; false if none, or one is open.
  template <class Sees>
  bool Raise(std::string_view rule_id, Sees sees) {
    const auto* rule = FindWarningRule(ask_.reference, rule_id);
    if (rule == nullptr || OpenWarning(matter_, rule_id) != nullptr) return false;
    for (int level = common::v1::TOWNSHIP; level <= common::v1::CITY; ++level) {
      v1::Matter scratch;
      const v1::Matter& seen = Seen(level, &scratch);
      if (seen.part().empty()) continue;
      if (const std::optional<Sight> sight = sees(seen, level, *rule)) {
        RaiseAt(*rule, level, AddressOf(seen, level), *sight);
        return true;
      }
    }
    return false;
  }
  void End(const v1::WarningNote& note, std::string_view code);

 private:
  const v1::Matter& Seen(int level, v1::Matter* scratch) const;
  void RaiseAt(const policy::v1::WarningRule& rule, int seen_from, int level, const Sight& sight);
  v1::Event* OnMatter() { return matter_id_.empty() ? decision_.Emit() : decision_.EmitTo(matter_id_); }

  v1::Matter matter_;
  const std::string matter_id_;
  const Ask& ask_;
  Decision& decision_;
};

}  // namespace oversight
