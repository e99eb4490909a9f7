#pragma once
// What each form is filled with. One function a form; a form that exists once for each session, visit or party gives
// several. Pure.

#include <string>
#include <string_view>
#include <vector>

#include "services/mediation/documents.h"
#include "services/press/template.h"

namespace mediation {

using Filled = std::vector<press::Values>;
// `no`: which of them, from 1; 0: all.
using Fill = Filled (*)(const CaseFacts& facts, int no);

struct Form {
  std::string_view key;
  std::string_view page;  // the template
  Fill fill;
};
const Form* FindForm(std::string_view key);  // null: there is none

Filled FillCover(const CaseFacts&, int);
Filled FillApplication(const CaseFacts&, int);
Filled FillRegister(const CaseFacts&, int);
Filled FillRights(const CaseFacts&, int);
Filled FillIdentity(const CaseFacts&, int);
Filled FillAuthority(const CaseFacts&, int);
Filled FillInvestigation(const CaseFacts&, int);
Filled FillEvidence(const CaseFacts&, int);
Filled FillRecords(const CaseFacts&, int);
Filled FillAgreement(const CaseFacts&, int);
Filled FillOral(const CaseFacts&, int);
Filled FillReceipts(const CaseFacts&, int);
Filled FillVisits(const CaseFacts&, int);
Filled FillConfirmation(const CaseFacts&, int);
Filled FillEndNotice(const CaseFacts&, int);
Filled FillCourtReport(const CaseFacts&, int);
Filled FillClosingReport(const CaseFacts&, int);
Filled FillStatement(const CaseFacts&, int);
Filled FillBackCover(const CaseFacts&, int);

// ---- what several forms share

press::Values BaseOf(const CaseFacts& facts);  // committee, file_no, cause, dispute, names, mediators
std::string NameOf(const CaseFacts& facts, std::string_view party_id);
std::string StaffOf(const CaseFacts& facts, std::string_view user_id);  // empty: not told
std::string MediatorsOf(const CaseFacts& facts);
std::string NamesOf(const CaseFacts& facts);  // "许某、何某"
std::string CauseOf(const CaseFacts& facts);  // "邻里（漏水）", as the statistics call it
// As a sentence names it: "邻里（漏水）纠纷", "劳动争议"; what the statistics count among the others is no "其他" of its own.
std::string DisputeOf(const CaseFacts& facts);
std::string DefaultVolumeTitle(const CaseFacts& facts);
void AddClauses(const CaseFacts& facts, press::Values* values);
// The newest event of a kind with its step; null: it did not happen.
const CaseFacts::Step* LastOf(const CaseFacts& facts, v1::Event::BodyCase body);
std::string VolumeOf(const CaseFacts& facts);  // 卷号, or that there is none
std::string Digest(std::string_view sha256);  // "校验码 9f2a 11bc 44de 0912"
std::string Numeral(int no);                  // "（一）" … "（二十）", then "（21）"

// ---- people (document_people.cc)

// As the forms ask for them: an organisation has a head instead of sex and age, a minor a guardian.
void AddPerson(const v1::Party& party, int64_t on_ms, std::string_view side, press::Values* row);
void AddPeople(const CaseFacts& facts, int64_t on_ms, press::Values* values);
// Of the committee or somebody without a name yet.
void AddSigner(std::string_view role, std::string_view name, int64_t at_ms, press::Values* values);
// A party, by whoever acts for it: the seal of an organisation, the guardian of a minor, an agent who signed. `at_ms`:
// when that was done here; 0: it is left to the pen. `finger`: with a square for a fingerprint.
struct Signing {
  std::string_view role;
  int64_t at_ms = 0;
  int64_t on_ms = 0;  // of the paper: who is a minor on that day
  bool finger = false;
  v1::Capacity as = v1::CAPACITY_UNSPECIFIED;  // and who did it, if not the party
  std::string_view by = {};
  std::string_view relation = {};  // of a guardian who was named when signing
  bool by_agent = false;  // somebody the party sent, with what authority was not told
};
void AddPartySigner(const v1::Party& party, const Signing& signing, press::Values* values);
std::string CameAs(const v1::Party& party, const v1::Attendance& who);  // "由法定代表人（负责人）金某（经理）到场"
bool IsGuarded(const v1::Party& party, int64_t on_ms);                  // a minor, or an adult with a guardian

}  // namespace mediation
