#include "services/incident/searched.h"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <set>

#include "base/area_code.h"
#include "base/status_macros.h"
#include "services/incident/domain/deciding.h"
#include "services/incident/domain/rules.h"
#include "services/incident/show.h"
#include "services/reference/places.h"
#include "services/rpc/free_text.h"

namespace incident {
namespace {

using kernel::v1::Role;
using search::Kind, search::Terms, search::Token;
using namespace kernel::v1;  // NOLINT: roles by their names alone

// Tokens of scope: 'a' area, 'i' a unit that answers for it, 'u' who reported it.
constexpr std::string_view kByArea = "a";
constexpr std::string_view kInvolved = "i";
constexpr std::string_view kReporter = "u";
constexpr size_t kMergedMax = 64;  // places from elsewhere in one grant

constexpr Role kAreaRoles[] = {ROLE_GW, ROLE_GH, ROLE_TD, ROLE_TL,  ROLE_CD, ROLE_CL,
                               ROLE_CC, ROLE_CYL, ROLE_VF, ROLE_SV, ROLE_HA};
constexpr Role kNoContent[] = {ROLE_AN, ROLE_SA, ROLE_SE, ROLE_AU};
constexpr Role kRevealers[] = {ROLE_GH, ROLE_TD, ROLE_CD, ROLE_CC, ROLE_DH, ROLE_VF, ROLE_HA};  // RevealParty

bool IsIn(const auto& roles, Role role) { return std::ranges::find(roles, role) != std::end(roles); }

// A number cut out of the words is not found by them.
std::string WithoutNumbers(std::string_view text) {
  return rpc::ReplaceTokens(text, [](std::string_view) { return std::string(" "); });
}

class Describing {
 public:
  Describing(const Terms& terms, const v1::Incident& matter, const Knowledge& known)
      : terms_(terms), matter_(matter), known_(known) {}

  void AddWords() {
    const v1::Intake& intake = matter_.intake();
    for (const std::string* text : {&intake.title(), &intake.text(), &intake.category_name()}) {
      terms_.AddWords(WithoutNumbers(*text), &tokens_);
    }
    terms_.AddWords(WithoutNumbers(intake.place().text()), &tokens_);
    terms_.AddCode(matter_.matter_code(), &tokens_);
    terms_.AddCode(intake.external_no(), &tokens_);
  }

  void AddPlaceAndUnits() {
    const std::string& area = matter_.intake().area_code();
    terms_.AddAreas(Kind::kScope, kByArea, area, &tokens_);
    std::set<std::string> places = reference::PlacesOf(area, known_.directory());
    // A report that named a village after it had merged is found under what was given, too.
    places.merge(reference::PlacesOf(matter_.intake().reported_area_code(), known_.directory()));
    for (const std::string& place : places) {
      tokens_.push_back(terms_.Of(Kind::kPlace, place));
      terms_.AddWords(AreaName(known_, place), &tokens_);
    }
    const v1::Standing& at = matter_.standing();
    std::set<std::string> involved(at.co_handler_org().begin(), at.co_handler_org().end());
    involved.insert(at.lead_org());
    std::set<std::string> all = involved;
    all.insert(at.holder_org());
    all.insert(at.territorial_org());
    for (const std::string& org : involved) {
      if (!org.empty()) tokens_.push_back(terms_.Of(Kind::kScope, absl::StrCat(std::string(kInvolved), org)));
    }
    for (const std::string& org : all) {
      if (org.empty()) continue;
      tokens_.push_back(terms_.Of(Kind::kOrg, org));
      if (const auto* named = known_.directory().FindOrg(org)) terms_.AddWords(named->name(), &tokens_);
    }
    const std::string& reporter = matter_.reporter().user_id();
    if (!reporter.empty()) tokens_.push_back(terms_.Of(Kind::kScope, absl::StrCat(std::string(kReporter), reporter)));
    if (IsOpen(at.status())) tokens_.push_back(terms_.Of(Kind::kOpen, ""));
  }

  absl::Status AddPhones(const std::string& id, const rpc::Vault& vault, const storage::View& view) {
    std::set<std::string> phones{matter_.reporter().contact().phone()};
    for (const auto& person : matter_.intake().party()) phones.insert(person.phone());
    for (const std::string& phone : phones) {
      if (!rpc::IsVaultToken(phone)) continue;
      const auto clear = vault.Unmask(view, id, phone);
      if (absl::IsNotFound(clear.status())) continue;  // erased
      if (!clear.ok()) return clear.status();
      terms_.AddPhone(clear->text, &tokens_);
    }
    return absl::OkStatus();
  }

  std::vector<Token> Take() { return std::move(tokens_); }

 private:
  const Terms& terms_;
  const v1::Incident& matter_;
  const Knowledge& known_;
  std::vector<Token> tokens_;
};

}  // namespace

search::Describe<IncidentDomain> Describe(std::shared_ptr<const Terms> terms, const rpc::Vault* vault,
                                          const storage::View* vault_view) {
  return [terms = std::move(terms), vault, vault_view](
             const std::string& id, const v1::State& state,
             const Knowledge& known) -> absl::StatusOr<std::vector<Token>> {
    if (!state.has_incident() || state.incident().intake().sealed()) return std::vector<Token>();
    Describing describing(*terms, state.incident(), known);
    describing.AddWords();
    describing.AddPlaceAndUnits();
    if (vault != nullptr) RETURN_IF_ERROR(describing.AddPhones(id, *vault, *vault_view));
    return describing.Take();
  };
}

std::vector<Token> ScopeOf(const Actor& actor, const Knowledge& known, const Terms& terms, bool by_phone) {
  std::set<std::string> scope;
  if (!actor.user_id().empty() && !by_phone) scope.insert(absl::StrCat(std::string(kReporter), actor.user_id()));
  for (const Grant& grant : actor.grant()) {
    if (IsIn(kNoContent, grant.role()) || (by_phone && !IsIn(kRevealers, grant.role()))) continue;
    if (!grant.org_id().empty()) scope.insert(absl::StrCat(std::string(kInvolved), grant.org_id()));
    if (!IsIn(kAreaRoles, grant.role()) || base::LevelOf(grant.area_code()) == 0) continue;
    scope.insert(absl::StrCat(std::string(kByArea), grant.area_code()));
    for (const std::string& old : known.MergedFromOutside(grant.area_code(), kMergedMax)) {
      scope.insert(absl::StrCat(std::string(kByArea), old));
    }
  }
  std::vector<Token> tokens;
  for (const std::string& one : scope) tokens.push_back(terms.Of(Kind::kScope, one));
  return tokens;
}

}  // namespace incident
