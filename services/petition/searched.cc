#include "services/petition/searched.h"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <set>

#include "base/area_code.h"
#include "base/status_macros.h"
#include "services/petition/domain/rules.h"
#include "services/petition/tokens.h"
#include "services/reference/places.h"
#include "services/rpc/free_text.h"

namespace petition {
namespace {

using kernel::v1::Actor, kernel::v1::Grant, kernel::v1::Role;
using search::Kind, search::Terms, search::Token;
using namespace kernel::v1;  // NOLINT: roles by their names alone

// Tokens of scope: 'a' area of the office, 'f' the office, 'u' the unit, 'r' the body that reviews, 'b' its area,
// 'p' a petitioner, an agent or the case leader.
constexpr std::string_view kArea = "a";
constexpr std::string_view kOffice = "f";
constexpr std::string_view kUnit = "u";
constexpr std::string_view kReviewer = "r";
constexpr std::string_view kReviewArea = "b";
constexpr std::string_view kPerson = "p";

constexpr Role kLine[] = {ROLE_PC, ROLE_PO, ROLE_TL, ROLE_CL, ROLE_CYL, ROLE_SV};
constexpr Role kUnits[] = {ROLE_PH, ROLE_DM, ROLE_DH};
constexpr Role kRevealers[] = {ROLE_PC, ROLE_PO, ROLE_PH, ROLE_RV};  // RevealPetitioner

bool IsIn(const auto& roles, Role role) { return std::ranges::find(roles, role) != std::end(roles); }

// A token of the vault in clear; anything else as it is, what was erased as nothing.
absl::StatusOr<std::string> Clear(const std::string& id, const std::string& field, const rpc::Vault& vault,
                                  const storage::View& view) {
  if (!rpc::IsVaultToken(field)) return field;
  const auto clear = vault.Unmask(view, id, field);
  if (absl::IsNotFound(clear.status())) return std::string();
  if (!clear.ok()) return clear.status();
  return clear->text;
}

std::string WithoutNumbers(std::string_view text) {
  return rpc::ReplaceNumbers(text, [](kernel::v1::Personal, std::string_view) { return std::string(" "); });
}

class Describing {
 public:
  Describing(const std::string& id, const v1::State& state, const Terms& terms)
      : id_(id), state_(state), terms_(terms) {}

  absl::Status AddContent(const rpc::Vault& vault, const storage::View& view) {
    ASSIGN_OR_RETURN(tokens_, StoryOf(id_, state_, terms_, vault, view));
    for (const std::string* field : {&state_.content().respondent(), &state_.content().evidence()}) {
      ASSIGN_OR_RETURN(const std::string text, Clear(id_, *field, vault, view));
      terms_.AddWords(WithoutNumbers(text), &tokens_);
    }
    ASSIGN_OR_RETURN(const Token respondent, RespondentOf(id_, state_, terms_, vault, view));
    if (respondent != 0) tokens_.push_back(respondent);
    if (const Token unit = RespondentUnitOf(state_, terms_); unit != 0) tokens_.push_back(unit);
    std::set<std::string> phones;
    // Once the unit may not read who came with a copy, they are found by that copy alone, which it cannot find.
    const bool all = IsInFirstHandling(state_);
    for (const auto& petitioner : state_.petitioner()) {
      if (all || petitioner.copy_id().empty()) phones.insert(petitioner.person().phone());
    }
    for (const auto& agent : state_.agent()) {
      if (all || agent.copy_id().empty()) phones.insert(agent.person().phone());
    }
    for (const std::string& phone : phones) {
      if (!rpc::IsVaultToken(phone)) continue;
      ASSIGN_OR_RETURN(const std::string clear, Clear(std::string(OwnerOf(phone, id_)), phone, vault, view));
      terms_.AddPhone(clear, &tokens_);
    }
    return absl::OkStatus();
  }

  void AddPlaceAndUnits(const reference::Reference& reference) {
    terms_.AddCode(state_.matter_code(), &tokens_);
    terms_.AddCode(state_.external_no(), &tokens_);
    for (const std::string& place : reference::PlacesOf(state_.area_code(), reference)) {
      tokens_.push_back(terms_.Of(Kind::kPlace, place));
      if (const auto* area = reference.FindArea(place)) terms_.AddWords(area->name(), &tokens_);
    }
    const std::string holder = HolderOf(state_);
    for (const std::string& org : std::set<std::string>{state_.office_org(), state_.unit_org(), holder}) {
      if (org.empty()) continue;
      tokens_.push_back(terms_.Of(Kind::kOrg, org));
      if (const auto* named = reference.FindOrg(org)) terms_.AddWords(named->name(), &tokens_);
    }
    tokens_.push_back(terms_.Of(Kind::kSubject, state_.content_code()));
    if (IsOpen(state_.status())) tokens_.push_back(terms_.Of(Kind::kOpen, ""));
  }

  void AddScope() {
    terms_.AddAreas(Kind::kScope, kArea, state_.office_area(), &tokens_);
    Seen(kOffice, state_.office_org());
    Seen(kUnit, state_.unit_org());
    for (const auto& petitioner : state_.petitioner()) Seen(kPerson, petitioner.person().user_id());
    for (const auto& agent : state_.agent()) Seen(kPerson, agent.person().user_id());
    Seen(kPerson, state_.leader().user_id());
    Seen(kPerson, state_.proposed_leader().user_id());
    if (state_.stage().empty() || state_.stage().rbegin()->kind() == v1::HANDLE) return;
    const v1::Stage& stage = *state_.stage().rbegin();
    if (stage.body_external()) return;  // the city's reviewer is of the line
    Seen(kReviewer, stage.body_org());
    Seen(kReviewArea, stage.body_area());
  }

  std::vector<Token> Take() { return std::move(tokens_); }

 private:
  void Seen(std::string_view by, const std::string& whom) {
    if (!whom.empty()) tokens_.push_back(terms_.Of(Kind::kScope, absl::StrCat(std::string(by), whom)));
  }

  const std::string& id_;
  const v1::State& state_;
  const Terms& terms_;
  std::vector<Token> tokens_;
};

}  // namespace

absl::StatusOr<std::vector<Token>> StoryOf(const std::string& id, const v1::State& state, const Terms& terms,
                                           const rpc::Vault& vault, const storage::View& vault_view) {
  std::vector<Token> words;
  for (const std::string* field : {&state.content().request(), &state.content().facts()}) {
    ASSIGN_OR_RETURN(const std::string text, Clear(id, *field, vault, vault_view));
    terms.AddWords(WithoutNumbers(text), &words);
  }
  search::Settle(&words);
  return words;
}

// The folded words of a name have no colon in them: no text is a unit.
Token RespondentUnitOf(const v1::State& state, const Terms& terms) {
  if (state.respondent_org().empty()) return Token{0};
  return terms.Of(Kind::kRespondent, absl::StrCat("org:", state.respondent_org()));
}

absl::StatusOr<Token> RespondentOf(const std::string& id, const v1::State& state, const Terms& terms,
                                   const rpc::Vault& vault, const storage::View& vault_view) {
  ASSIGN_OR_RETURN(const std::string text, Clear(id, state.content().respondent(), vault, vault_view));
  std::string named;  // however it is spaced and punctuated
  for (const std::string& gram : terms.GramsOf(text)) absl::StrAppend(&named, gram, " ");
  return named.empty() ? Token{0} : terms.Of(Kind::kRespondent, named);
}

search::Describe<PetitionDomain> Describe(std::shared_ptr<const Terms> terms, const rpc::Vault* vault,
                                          const storage::View* vault_view) {
  return [terms = std::move(terms), vault, vault_view](
             const std::string& id, const v1::State& state,
             const reference::Reference& reference) -> absl::StatusOr<std::vector<Token>> {
    if (state.status() == v1::PETITION_STATUS_UNSPECIFIED || Sealed(state)) return std::vector<Token>();
    Describing describing(id, state, *terms);
    RETURN_IF_ERROR(describing.AddContent(*vault, *vault_view));
    describing.AddPlaceAndUnits(reference);
    describing.AddScope();
    return describing.Take();
  };
}

std::vector<Token> ScopeOf(const Actor& actor, const Terms& terms, bool by_phone) {
  std::set<std::string> scope;
  const auto add = [&scope](std::string_view by, const std::string& whom) {
    if (!whom.empty()) scope.insert(absl::StrCat(std::string(by), whom));
  };
  if (!by_phone) add(kPerson, actor.user_id());
  for (const Grant& grant : actor.grant()) {
    if (by_phone && !IsIn(kRevealers, grant.role())) continue;
    const bool line = IsIn(kLine, grant.role());
    const bool reviews = grant.role() == ROLE_RV;
    if (!line && !reviews && !IsIn(kUnits, grant.role())) continue;
    add(kOffice, grant.org_id());
    if (!reviews) add(kUnit, grant.org_id());
    if (line || reviews) add(kArea, base::LevelOf(grant.area_code()) == 0 ? "" : grant.area_code());
    if (!reviews) continue;
    add(kReviewer, grant.org_id());
    add(kReviewArea, grant.area_code());
  }
  std::vector<Token> tokens;
  for (const std::string& one : scope) tokens.push_back(terms.Of(Kind::kScope, one));
  return tokens;
}

}  // namespace petition
