#pragma once
// What each paper of a petition is filled with: one function a paper; none if there was no such step, several if there
// were several. Pure.

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "services/petition/documents.h"
#include "services/press/template.h"

namespace petition {

using Filled = std::vector<press::Values>;

Filled FillRegister(const PetitionFacts& facts);
Filled FillAcceptance(const PetitionFacts& facts);
Filled FillRefusal(const PetitionFacts& facts);
Filled FillForward(const PetitionFacts& facts);
Filled FillForwardNotice(const PetitionFacts& facts);
Filled FillObjection(const PetitionFacts& facts);
Filled FillExtension(const PetitionFacts& facts);
Filled FillOpinion(const PetitionFacts& facts);
Filled FillReceipt(const PetitionFacts& facts);
Filled FillReviewRequest(const PetitionFacts& facts);
Filled FillReviewOpinion(const PetitionFacts& facts);
Filled FillHearingNotice(const PetitionFacts& facts);
Filled FillHearing(const PetitionFacts& facts);
Filled FillHearingConclusion(const PetitionFacts& facts);
Filled FillReply(const PetitionFacts& facts);
Filled FillSettlement(const PetitionFacts& facts);
Filled FillImprovement(const PetitionFacts& facts);
Filled FillBacklog(const PetitionFacts& facts);
Filled FillSupervision(const PetitionFacts& facts);
Filled FillCommitment(const PetitionFacts& facts);
Filled FillTermination(const PetitionFacts& facts);
Filled FillClosing(const PetitionFacts& facts);

// ---- shared
// When a paper was written, as a text in the order of time: that of the papers in the file.
inline constexpr std::string_view kWrittenAt = "written_at_ms";
// matter_code, names, you, issuer, query_code, no signers yet
press::Values BaseOf(const PetitionFacts& facts, std::string_view issuer_org, int64_t at_ms);
std::string OrgName(const PetitionFacts& facts, std::string_view org_id);
// When the unit whose step this is got the petition: what was sent to it, later than the office did.
int64_t ReceivedBy(const PetitionFacts& facts, const PetitionFacts::Step& step);
// The last day of a clock as this event set it, which a later one may have moved; empty: it set none.
std::string ClockDue(const v1::Event& event, std::string_view policy_id);
// No paper is written to the dead, while others petition.
bool IsAddressee(const v1::Petitioner& petitioner, const v1::State& state);
void AddSigner(std::string_view role, std::string_view name, bool finger, press::Values* values);
// A petitioner, a respondent or whoever else is a person or an organisation: the one signs, the other puts its seal.
void AddPersonSigner(std::string_view role, const common::v1::Person& person, press::Values* values);
std::string_view ChannelWord(v1::Channel channel);
std::string_view TypeWord(v1::PetitionType type);
std::string_view RepeatWord(v1::RepeatClass repeat);
std::string_view RouteWord(int route);               // Art. 31, the six ways
std::string_view StageWord(v1::StageKind kind);      // "复查"
std::string_view StagePaper(v1::StageKind kind);     // "信访事项复查意见书"
std::string StepWord(const v1::Event& event, v1::StageKind at);  // "送达复查意见书"; empty: no step worth a line
v1::StageKind StageAfter(const v1::Event& event, v1::StageKind at);
std::string_view ResultWord(v1::Result result);      // Art. 32
std::string_view RefusalWord(std::string_view code);
std::span<const std::pair<std::string_view, std::string_view>> ContentWords();  // code, name; in order
std::string_view ContentWord(std::string_view code);  // "劳动和社会保障"; empty: no such code
// How it ended; of CLOSED: by what.
std::string_view EndWord(const v1::State& state);

}  // namespace petition
