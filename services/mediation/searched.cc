#include "services/mediation/searched.h"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <set>

#include "base/area_code.h"
#include "base/status_macros.h"
#include "services/mediation/domain/rules.h"
#include "services/reference/places.h"
#include "services/rpc/free_text.h"

namespace mediation {
namespace {

using kernel::v1::Actor, kernel::v1::Grant, kernel::v1::Role;
using search::Kind, search::Terms, search::Token;
using namespace kernel::v1;  // NOLINT: roles by their names alone

// Tokens of scope: 'a' area of the committee, 'c' the committee, 'm' a mediator, 'p' a party; 'b' area of the committee
// while mediation has not begun, for the other committees of its line; 'i' the same of a committee of an industry, for
// the centre of the area alone.
constexpr std::string_view kArea = "a";
constexpr std::string_view kCommittee = "c";
constexpr std::string_view kMediator = "m";
constexpr std::string_view kParty = "p";
constexpr std::string_view kAreaBefore = "b";
constexpr std::string_view kIndustryBefore = "i";

constexpr Role kCommittees[] = {ROLE_MR, ROLE_MC};
constexpr Role kLine[] = {ROLE_CT, ROLE_TD, ROLE_TL, ROLE_CD, ROLE_CL, ROLE_CC, ROLE_CYL, ROLE_SV};
constexpr Role kRevealers[] = {ROLE_MR, ROLE_MC, ROLE_MD};  // RevealParty

bool IsIn(const auto& roles, Role role) { return std::ranges::find(roles, role) != std::end(roles); }

std::string WithoutNumbers(std::string_view text) {
  return rpc::ReplaceTokens(text, [](std::string_view) { return std::string(" "); });
}

void AddWordsAndPlace(const v1::State& state, const reference::Reference& reference, const Terms& terms,
                      std::vector<Token>* tokens) {
  terms.AddWords(WithoutNumbers(state.facts()), tokens);
  for (const std::string& claim : state.claim()) terms.AddWords(WithoutNumbers(claim), tokens);
  terms.AddWords(state.dispute_detail(), tokens);
  if (const auto* type = reference.FindDisputeType(state.dispute_type())) terms.AddWords(type->name_zh(), tokens);
  for (const std::string* code : {&state.matter_code(), &state.file_no(), &state.court_case_no()}) {
    terms.AddCode(*code, tokens);
  }
  for (const std::string& place : reference::PlacesOf(state.area_code(), reference)) {
    tokens->push_back(terms.Of(Kind::kPlace, place));
    if (const auto* area = reference.FindArea(place)) terms.AddWords(area->name(), tokens);
  }
  if (const auto* org = reference.FindOrg(state.committee_org())) terms.AddWords(org->name(), tokens);
}

void AddScope(const v1::State& state, const reference::Reference& reference, const Terms& terms,
              std::vector<Token>* tokens) {
  const auto seen = [&](std::string_view by, const std::string& whom) {
    if (!whom.empty()) tokens->push_back(terms.Of(Kind::kScope, absl::StrCat(std::string(by), whom)));
  };
  terms.AddAreas(Kind::kScope, kArea, state.committee_area(), tokens);
  if (!HasBegun(state)) {
    const bool industry = IsOfIndustry(state.committee_org(), reference);
    terms.AddAreas(Kind::kScope, industry ? kIndustryBefore : kAreaBefore, state.committee_area(), tokens);
  }
  seen(kCommittee, state.committee_org());
  for (const std::string& user : state.mediator_user_id()) seen(kMediator, user);
  for (const auto& party : state.party()) seen(kParty, party.person().user_id());
}

absl::Status AddPhones(const std::string& id, const v1::State& state, const Terms& terms, const rpc::Vault& vault,
                       const storage::View& view, std::vector<Token>* tokens) {
  for (const auto& party : state.party()) {
    if (!rpc::IsVaultToken(party.person().phone())) continue;
    const auto clear = vault.Unmask(view, id, party.person().phone());
    if (absl::IsNotFound(clear.status())) continue;  // erased
    if (!clear.ok()) return clear.status();
    terms.AddPhone(clear->text, tokens);
  }
  return absl::OkStatus();
}

}  // namespace

search::Describe<MediationDomain> Describe(std::shared_ptr<const Terms> terms, const rpc::Vault* vault,
                                           const storage::View* vault_view) {
  return [terms = std::move(terms), vault, vault_view](
             const std::string& id, const v1::State& state,
             const reference::Reference& reference) -> absl::StatusOr<std::vector<Token>> {
    std::vector<Token> tokens;
    if (state.status() == v1::CASE_STATUS_UNSPECIFIED) return tokens;
    AddWordsAndPlace(state, reference, *terms, &tokens);
    if (!state.committee_org().empty()) tokens.push_back(terms->Of(Kind::kOrg, state.committee_org()));
    if (IsOpen(state.status())) tokens.push_back(terms->Of(Kind::kOpen, ""));
    AddScope(state, reference, *terms, &tokens);
    if (vault != nullptr) RETURN_IF_ERROR(AddPhones(id, state, *terms, *vault, *vault_view, &tokens));
    return tokens;
  };
}

std::vector<Token> ScopeOf(const Actor& actor, const reference::Reference& reference, const Terms& terms,
                           bool by_phone) {
  std::set<std::string> scope;
  const auto add = [&scope](std::string_view by, const std::string& whom) {
    if (!whom.empty()) scope.insert(absl::StrCat(std::string(by), whom));
  };
  if (!by_phone) add(kParty, actor.user_id());
  for (const Grant& grant : actor.grant()) {
    if (by_phone && !IsIn(kRevealers, grant.role())) continue;
    const std::string area = base::LevelOf(grant.area_code()) == 0 ? "" : grant.area_code();
    if (IsIn(kCommittees, grant.role())) {
      add(kCommittee, grant.org_id());
      const Reach reach = ReachOf(grant.org_id(), reference);
      if (reach != Reach::kOwn) add(kAreaBefore, area);
      if (reach == Reach::kEvery) add(kIndustryBefore, area);
    } else if (IsIn(kLine, grant.role())) {
      add(kCommittee, grant.org_id());
      add(kArea, area);
    } else if (grant.role() == ROLE_MD) {
      add(kCommittee, grant.org_id());
      add(kMediator, actor.user_id());
    }
  }
  std::vector<Token> tokens;
  for (const std::string& one : scope) tokens.push_back(terms.Of(Kind::kScope, one));
  return tokens;
}

}  // namespace mediation
