#pragma once
// What speaks for two petitions being the same matter, and what may follow. Pure; a hint for a clerk, never a decision
// (个人信息保护法第二十四条).
//
//   the same person   identity number, or telephone and name
//   the same matter   content code, and respondent or township, and words alike by the policy's figure
//
//   same person, same matter    the earlier one open -> SAME_IN_PROCESS (NA01); after the re-review -> SAME_AFTER_FINAL
//                               (NA02); otherwise ended -> REPEAT
//   same person, nearly so      words alike by the lower figure only -> NEW_FACTS, to be asked for
//   same person, nothing else   -> DIFFERENT
//   others, same matter         perhaps one joint petition: the copy may be merged while both are open in one office

#include <string>

#include "petition/v1/api.pb.h"
#include "petition/v1/petition.pb.h"
#include "policy/v1/policy.pb.h"

namespace petition {

// Fills `suggested`, `suggested_refusal`, `merge_suggested`, `same_matter` and the reasons from what agrees.
void Suggest(const v1::State& own, const v1::State& other, const policy::v1::PetitionPolicy& policy,
             v1::RepeatCandidate* candidate);

// Whether it is shown: the same person or telephone, or the same matter.
bool IsCandidate(const v1::RepeatCandidate& candidate);

}  // namespace petition
