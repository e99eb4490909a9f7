#pragma once
// Do the services of one installation agree? Each check compares what one service's log says with what another has
// made of it. Reads stopped databases only; one thread.

#include <absl/status/status.h>

#include <cstdint>
#include <map>
#include <string>

#include "services/kernel/inbox.h"
#include "tools/check/ledger.h"

namespace check {

// What became of the notices of one source in one consumer.
struct Heard {
  uint64_t head = 0;            // of the source
  uint64_t cursor = 0;          // as far as the consumer has applied it
  uint64_t notices = 0;         // that concern the consumer, up to its cursor
  uint64_t had_effect = 0;      // of these: something is in its log because of them
  uint64_t without_effect = 0;  // it knew already, or its rules made nothing of them
  uint64_t unheard = 0;         // that concern the consumer and lie beyond its cursor
};

// The consumer stands at a place of the very history the source has, and every notice up to there was heard: those
// that must leave a trace left one, once.
absl::StatusOr<Heard> CompareStream(const Ledger& source, const Ledger& consumer,
                                    const kernel::Subscriptions& subscriptions, Problems* problems);

// Reference data of `consumer` is what the directory last said.
absl::Status CompareReference(const Ledger& directory, const Ledger& consumer,
                              const kernel::Subscriptions& subscriptions, Problems* problems);

// Oversight's picture of every matter is what `source` last said of it: no part missing, none too many.
absl::Status CompareStandings(const Ledger& source, const Ledger& oversight, Problems* problems);

// A matter handed to mediation has its case there, and one that mediation has ended is not waiting for it any more.
// Returns how many were handed over.
absl::StatusOr<uint64_t> CompareReferrals(const Ledger& incident, const Ledger& mediation, Problems* problems);

// The same of a petition that went to mediation.
absl::StatusOr<uint64_t> ComparePetitionReferrals(const Ledger& petition, const Ledger& mediation,
                                                  Problems* problems);

// A matter handed to the petition office has one petition there. Returns how many were handed over.
absl::StatusOr<uint64_t> CompareHandedPetitions(const Ledger& incident, const Ledger& petition,
                                                Problems* problems);

}  // namespace check
