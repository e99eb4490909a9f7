#pragma once
// Promises 履约: the clauses of a binding agreement, each with its day. A clause nothing has happened to yet
// follows from the agreement; what has happened is in the state. Pure.
//
// A promise with a date is DUE from the morning of its day. If its day ends and nothing says that it was
// kept, it counts as BREACHED, marked as presumed: the committee sees it before anybody complains, and a
// record of performance takes the presumption back. A promise without a date (to refrain) is broken only by a
// finding. Before its day a promise is BREACHED when the debtor says or shows that it will not be kept (民法典 578): then
// nothing waits for the day any more, and only performance takes it back.

#include <vector>

#include "mediation/v1/mediation.pb.h"

namespace mediation {

// The end of the due day (民法典 203: 24:00); 0: no date.
int64_t DueEndOf(const v1::Clause& clause);

bool HasClause(const v1::State& state, int no);         // from 1
v1::Promise PromiseAt(const v1::State& state, int no);  // REQUIRES HasClause
// In the order of the clauses; empty unless the agreement binds.
std::vector<v1::Promise> PromisesOf(const v1::State& state);

bool Binds(const v1::State& state);  // there is an agreement and it has taken effect
// Something is still to be done or to be made good. A promise to refrain that nobody broke is not open.
bool IsOpenPromise(const v1::Promise& promise);
// Of all promises together: broken, else kept, else partly, else due, else not yet.
v1::PromiseState PerformanceOf(const v1::State& state);

// When the promise has to be looked at by itself; 0: never.
int64_t WakeAt(const v1::Promise& promise);

}  // namespace mediation
