#pragma once
// A stored petition as clients see it. Pure.

#include <string>

#include "petition/v1/api.pb.h"
#include "petition/v1/petition.pb.h"
#include "services/reference/reference.h"

namespace petition {

void ShowPetition(const v1::State& state, v1::Petition* out);
v1::PetitionLine ShowLine(const std::string& id, uint64_t version, const v1::State& state,
                          const reference::Reference& reference, int64_t now_ms);
// The papers people brought, each by its digest. Which of them have come is for the caller to say.
void ShowPapers(const v1::State& state, google::protobuf::RepeatedPtrField<v1::PaperLine>* out);
// And those of the unit's work and those that whoever handed the petition over gave along: for staff alone.
void ShowStaffPapers(const v1::State& state, google::protobuf::RepeatedPtrField<v1::PaperLine>* out);
// And what those have signed who left it: for the petition office, and nobody of the unit.
void ShowOfficePapers(const v1::State& state, google::protobuf::RepeatedPtrField<v1::PaperLine>* out);
// Every clock, explained; nothing without a calendar.
void ShowDeadlines(const v1::State& state, const reference::Reference& reference, int64_t now_ms, bool staff,
                   google::protobuf::RepeatedPtrField<common::v1::Deadline>* out);

}  // namespace petition
