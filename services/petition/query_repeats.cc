// Candidates for a repeat and for a joint petition: the same people, by keyed hashes of identity number and telephone;
// the same matter, by content, place, respondent and words, all of them tokens. Every candidate is one that the caller
// may see; accusations never are.
#include <algorithm>
#include <map>
#include <set>

#include "base/area_code.h"
#include "base/status_macros.h"
#include "services/petition/domain/keys.h"
#include "services/petition/domain/refusals.h"
#include "services/petition/domain/rules.h"
#include "services/petition/queries.h"
#include "services/petition/repeats.h"
#include "services/petition/same_people.h"
#include "services/petition/searched.h"
#include "services/petition/show.h"
#include "services/rpc/masking.h"
#include "services/search/likeness.h"

namespace petition {
namespace {

using search::Kind, search::Likeness, search::Token;

struct Nearest {
  double shared = 0;  // by weight
  std::string id;
  std::vector<Token> words;
};

// Those of `match` whose words have most in common with `words`, nearest first.
absl::StatusOr<std::vector<Nearest>> NearestOf(const search::Index& index, const search::Match& match,
                                               const std::vector<Token>& words, const std::string& own_id,
                                               Likeness* likeness) {
  std::vector<Nearest> nearest;
  uint64_t after = 0;
  for (size_t compared = 0; compared < kComparedMax;) {
    ASSIGN_OR_RETURN(const auto finds, index.Search(match, after, kComparedPortion));
    for (const search::Find& find : finds) {
      after = find.row;
      ++compared;
      if (find.id == own_id) continue;
      ASSIGN_OR_RETURN(const auto document, index.Get(find.id));
      if (!document) continue;
      Nearest one{0, find.id, Likeness::WordsOf(document->tokens)};
      ASSIGN_OR_RETURN(one.shared, likeness->Shared(words, one.words));
      if (one.shared > 0) nearest.push_back(std::move(one));
    }
    const auto by_shared = [](const Nearest& a, const Nearest& b) { return a.shared > b.shared; };
    std::ranges::stable_sort(nearest, by_shared);
    if (nearest.size() > kNearestMax) nearest.resize(kNearestMax);
    if (finds.size() < kComparedPortion) break;
  }
  return nearest;
}

bool Agrees(kernel::v1::Personal kind, const std::string& a, const std::string& b) {
  return !a.empty() && !b.empty() && rpc::Normalised(kind, a) == rpc::Normalised(kind, b);
}

void ComparePeople(const std::vector<common::v1::Person>& own, const std::vector<common::v1::Person>& others,
                   v1::RepeatCandidate* out) {
  for (const auto& a : own) {
    const bool known = std::ranges::any_of(others, [&](const auto& b) {
      return !a.user_id().empty() && a.user_id() == b.user_id();  // counted by their account
    });
    const bool in_both = !known && std::ranges::any_of(others, [&](const auto& b) { return SamePerson(a, b); });
    out->set_people_in_both(out->people_in_both() + in_both);
    for (const auto& b : others) {
      if (Agrees(kernel::v1::PERSONAL_ID_NUMBER, a.id_number(), b.id_number())) out->set_same_id_number(true);
      if (!Agrees(kernel::v1::PERSONAL_PHONE, a.phone(), b.phone())) continue;
      out->set_same_phone(true);
      if (Agrees(kernel::v1::PERSONAL_NAME, a.name(), b.name())) out->set_same_name(true);
    }
  }
}

}  // namespace

absl::StatusOr<Queries::People> Queries::PeopleOf(const std::string& id, const v1::State& state) const {
  People people;
  for (const auto& petitioner : state.petitioner()) {
    people.push_back(petitioner.person());
    RETURN_IF_ERROR(ClearPerson(id, &people.back()));
  }
  return people;
}

// Ids of petitions with the same identity number or telephone.
absl::StatusOr<std::set<std::string>> Queries::OfTheSamePeople(const std::string& id, const People& people) const {
  std::set<std::string> ids;
  for (const auto& person : people) {
    for (const auto& [kind, text] : {std::pair{kernel::v1::PERSONAL_ID_NUMBER, person.id_number()},
                                     std::pair{kernel::v1::PERSONAL_PHONE, person.phone()}}) {
      if (text.empty()) continue;
      ASSIGN_OR_RETURN(const auto matches, parts_.vault->Matches(*parts_.vault_view, kind, text, kSamePeopleMax));
      ids.insert(matches.begin(), matches.end());
    }
  }
  ids.erase(id);
  return ids;
}

// Likeness by id: of `ids`, and of petitions about the same content with the same respondent or township.
absl::StatusOr<std::map<std::string, int>> Queries::Alike(const std::string& id, const v1::State& state,
                                                          const rpc::Caller& caller,
                                                          const std::set<std::string>& ids) const {
  std::map<std::string, int> alike;
  const search::Index& index = parts_.search->index();
  const search::Terms& terms = parts_.search->terms();
  ASSIGN_OR_RETURN(const auto words, StoryOf(id, state, terms, *parts_.vault, *parts_.vault_view));
  ASSIGN_OR_RETURN(const Token respondent, RespondentOf(id, state, terms, *parts_.vault, *parts_.vault_view));
  if (words.empty()) return alike;
  std::vector<Token> about{terms.Of(Kind::kPlace, TownshipOf(state.area_code()))};
  if (respondent != 0) about.push_back(respondent);
  if (const Token unit = RespondentUnitOf(state, terms); unit != 0) about.push_back(unit);
  const search::Match match =
      search::AllOf({search::TextOf(terms.Of(Kind::kSubject, state.content_code())), search::AnyOf(about),
                     search::AnyOf(ScopeOf(caller.actor, terms, false))});
  Likeness likeness(&index);
  ASSIGN_OR_RETURN(auto nearest, NearestOf(index, match, words, id, &likeness));
  for (const std::string& other : ids) {
    ASSIGN_OR_RETURN(const auto document, index.Get(other));
    if (document) nearest.push_back({0, other, Likeness::WordsOf(document->tokens)});
  }
  for (const Nearest& one : nearest) {
    if (alike.contains(one.id)) continue;
    ASSIGN_OR_RETURN(alike[one.id], likeness.Permille(words, one.words));
  }
  return alike;
}

rpc::Answer Queries::FindRepeats(const rpc::Caller& caller, const v1::FindRepeatsRequest& request,
                                 v1::FindRepeatsResponse* out) const {
  if (parts_.vault == nullptr) return absl::FailedPreconditionError("this process has no vault");
  const PetitionReader reader = parts_.read();
  StoredPetition stored;
  if (auto answer = Find(reader, caller, request.id(), false, &stored); !answer.ok()) return answer;
  LeaveOutThoseOfCopies(caller.actor, &stored.state);  // nor does likeness tell who they are
  const auto reference = reader.Reference();
  const policy::v1::PetitionPolicy& policy = reference->policies().petition();
  ASSIGN_OR_RETURN(const People own, PeopleOf(request.id(), stored.state));
  ASSIGN_OR_RETURN(std::set<std::string> ids, OfTheSamePeople(request.id(), own));
  for (const std::string& id : std::set<std::string>(ids)) {  // who brought a copy petitions in its original
    StoredPetition copy;
    if (!Find(reader, caller, id, false, &copy).ok() || copy.state.status() != v1::MERGED) continue;
    if (copy.state.primary_id() != request.id()) ids.insert(copy.state.primary_id());
  }
  const std::set<std::string> same_people = ids;
  std::map<std::string, int> alike;
  const bool by_words = parts_.search != nullptr && policy.revision() > 0;
  if (by_words) {
    out->set_complete(parts_.search->Await(reader.seq()));
    ASSIGN_OR_RETURN(alike, Alike(request.id(), stored.state, caller, ids));
    for (const auto& [id, permille] : alike) ids.insert(id);
  }
  const PetitionReader now = parts_.read();  // no older than the index: what has become an accusation is not there
  out->set_policy_revision(by_words ? policy.revision() : 0);
  out->set_same_matter_permille(by_words ? policy.same_matter_permille() : 0);
  std::vector<v1::RepeatCandidate> candidates;
  for (const auto& id : ids) {
    StoredPetition other;
    if (auto answer = Find(now, caller, id, false, &other); !answer.ok()) continue;
    if (other.state.primary_id() == request.id()) continue;  // a copy of this one: its people are here already
    LeaveOutThoseOfCopies(caller.actor, &other.state);
    v1::RepeatCandidate candidate;
    ASSIGN_OR_RETURN(const bool shown, Compare(request.id(), stored.state, own, id, other.state, policy,
                                               alike.contains(id) ? alike[id] : 0, &candidate));
    if (!shown) continue;
    *candidate.mutable_line() = ShowLine(id, other.version, other.state, *reference, caller.now_ms);
    candidates.push_back(std::move(candidate));
  }
  std::ranges::stable_sort(candidates, std::greater<>(), [](const v1::RepeatCandidate& candidate) {
    return std::pair(candidate.same_matter(), candidate.likeness_permille());
  });
  if (candidates.size() > kRepeatsMax) candidates.resize(kRepeatsMax);
  for (auto& candidate : candidates) {
    if (same_people.contains(candidate.line().id())) *out->add_line() = candidate.line();
    *out->add_candidate() = std::move(candidate);
  }
  return {};
}

absl::StatusOr<bool> Queries::Compare(const std::string& own_id, const v1::State& own,
                                      const People& own_people, const std::string& id,
                                      const v1::State& other, const policy::v1::PetitionPolicy& policy, int permille,
                                      v1::RepeatCandidate* candidate) const {
  ASSIGN_OR_RETURN(const People people, PeopleOf(id, other));
  ComparePeople(own_people, people, candidate);
  candidate->set_same_content(own.content_code() == other.content_code());
  candidate->set_same_area(TownshipOf(own.area_code()) == TownshipOf(other.area_code()));
  // Where both name the unit they are about, that decides: one unit has many names, and one office handles what is
  // about many units.
  if (!own.respondent_org().empty() && !other.respondent_org().empty()) {
    candidate->set_same_respondent(own.respondent_org() == other.respondent_org());
  } else if (parts_.search != nullptr) {
    const search::Terms& terms = parts_.search->terms();
    ASSIGN_OR_RETURN(const Token mine, RespondentOf(own_id, own, terms, *parts_.vault, *parts_.vault_view));
    ASSIGN_OR_RETURN(const Token theirs, RespondentOf(id, other, terms, *parts_.vault, *parts_.vault_view));
    const bool same_unit = !own.unit_org().empty() && own.unit_org() == other.unit_org();
    candidate->set_same_respondent((mine != 0 && mine == theirs) || same_unit);
  }
  candidate->set_likeness_permille(permille);
  Suggest(own, other, policy, candidate);
  return IsCandidate(*candidate);
}

}  // namespace petition
