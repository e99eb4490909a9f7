#pragma once
// What a party reads of the others. Whoever suffered violence at home 受保护人 must not be found through the case
// (反家庭暴力法 5), and must not be pointed out by it: were telephone and address missing of the protected alone, their
// absence would be the flag. So of whoever is not of one's own side the masked name is shown in every case, and nothing
// that leads to the person. Papers keep their own secret (document_people.cc). Pure.

#include <optional>

#include "common/v1/accesses.pb.h"
#include "kernel/v1/actor.pb.h"
#include "mediation/v1/mediation.pb.h"
#include "mediation/v1/views.pb.h"
#include "services/kernel/domain.h"

namespace mediation {

// A party reads what concerns it: not what was reported about danger from the other side, not what mediators wrote
// on their visits, not the others' papers or requests.
void HideFromParty(const kernel::v1::Actor& actor, v1::Case* out);

// Each does nothing for whoever is no party. Who is a party and works for the committee too reads as a party.
void HideOthers(const kernel::v1::Actor& actor, v1::Case* out);
void HideOthers(const v1::State& state, const kernel::v1::Actor& actor, v1::ListStepsResponse* out);
void HideOthers(const v1::State& state, const kernel::v1::Actor& actor, common::v1::ListAccessesResponse* out);

// Why somebody of the committee has neither identities nor papers of this case: a party of it, or asked to stand aside.
std::optional<kernel::Refusal> WhyKeptFrom(const v1::State& state, const kernel::v1::Actor& actor);

}  // namespace mediation
