#pragma once
// What the petition service answers. Reads one published moment a call, on a query thread; changes nothing.
// A list walks one range of one index, so a page costs the same whatever is stored. Who may not see a
// petition is told what the kernel tells about an id it has never seen; that is also the answer about every
// sealed one, but to its organ.

#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "google/api/httpbody.pb.h"
#include "media/v1/notices.pb.h"
#include "petition/v1/api.pb.h"
#include "policy/v1/policy.pb.h"
#include "services/kernel/reader.h"
#include "services/petition/documents.h"
#include "services/petition/domain/petition.h"
#include "services/press/press.h"
#include "services/petition/searched.h"
#include "services/rpc/access.h"
#include "services/rpc/audit.h"
#include "services/rpc/errors.h"
#include "services/rpc/server.h"
#include "services/rpc/vault.h"

namespace petition {

using PetitionReader = kernel::Reader<PetitionDomain>;
using StoredPetition = kernel::Stored<v1::State>;

inline constexpr int kPageDefault = 20;
inline constexpr int kPageSizeMax = 100;
inline constexpr size_t kRepeatsMax = 50;         // candidates of one FindRepeats
inline constexpr size_t kSamePeopleMax = 500;     // petitions of one person that are looked at for it
inline constexpr size_t kComparedMax = 2000;      // petitions whose words are looked at for it, newest first
inline constexpr size_t kComparedPortion = 200;   // at a time
inline constexpr size_t kNearestMax = 40;         // of them compared to the end

// Whether they see it by what they are, not because they petition.
bool IsStaffHere(const v1::State& state, const kernel::v1::Actor& actor);
// Those who brought copies of one matter need not know each other: of the others a petitioner is shown no person, and
// of a petition joined by a copy not its words.
void HideOthers(const v1::State& state, const kernel::v1::Actor& actor, v1::Petition* out);

// All outlive Queries.
struct QueryParts {
  std::function<PetitionReader()> read;
  const rpc::Vault* vault = nullptr;  // null: nothing can be revealed
  const storage::View* vault_view = nullptr;
  const Documents* documents = nullptr;
  press::Printer* printer = nullptr;
  const PetitionSearch* search = nullptr;  // null: nothing can be searched
  const rpc::AuditLog* audit = nullptr;    // null: nobody can be told who looked
};

class Queries {
 public:
  explicit Queries(QueryParts parts) : parts_(std::move(parts)) {}

  rpc::Answer GetPetition(const rpc::Caller&, const v1::GetPetitionRequest&, v1::Petition*) const;
  rpc::Answer ListPetitions(const rpc::Caller&, const v1::ListPetitionsRequest&,
                            v1::ListPetitionsResponse*) const;
  rpc::Answer ListPetitionSteps(const rpc::Caller&, const v1::ListPetitionStepsRequest&,
                                v1::ListPetitionStepsResponse*) const;
  rpc::Answer CountPetitions(const rpc::Caller&, const v1::CountPetitionsRequest&,
                             v1::CountPetitionsResponse*) const;
  rpc::Answer TrackPetition(const rpc::Caller&, const v1::TrackPetitionRequest&, v1::PetitionTrack*) const;
  rpc::Answer FindRepeats(const rpc::Caller&, const v1::FindRepeatsRequest&, v1::FindRepeatsResponse*) const;
  rpc::Answer SearchPetitions(const rpc::Caller&, const v1::SearchPetitionsRequest&,
                              v1::SearchPetitionsResponse*) const;
  rpc::Answer RevealPetitioner(const rpc::Caller&, const v1::RevealPetitionerRequest&,
                               v1::RevealPetitionerResponse*) const;
  rpc::Answer ListAccesses(const rpc::Caller&, const common::v1::ListAccessesRequest&,
                           common::v1::ListAccessesResponse*) const;
  rpc::Answer ListDocuments(const rpc::Caller&, const v1::ListDocumentsRequest&,
                            v1::ListDocumentsResponse*) const;
  rpc::Answer PrintDocument(const rpc::Caller&, const v1::PrintDocumentRequest&,
                            rpc::NextMessage<google::api::HttpBody>*) const;
  rpc::Answer PrintFile(const rpc::Caller&, const v1::PrintFileRequest&,
                        rpc::NextMessage<google::api::HttpBody>*) const;
  rpc::Answer OpenSealed(const rpc::Caller&, const v1::OpenSealedRequest&, v1::OpenSealedResponse*) const;
  rpc::Answer ListSealedDocuments(const rpc::Caller&, const v1::ListSealedDocumentsRequest&,
                                  v1::ListSealedDocumentsResponse*) const;
  // Asked by media alone. Opens every accusation: they are few, and so are documents that nobody claimed.
  rpc::Answer HoldsDocument(const rpc::Caller&, const media::v1::HoldsDocumentRequest&,
                            media::v1::HoldsDocumentResponse*) const;
  rpc::Answer ListSealed(const rpc::Caller&, const v1::ListSealedRequest&, v1::ListPetitionsResponse*) const;
  rpc::Answer ListReceptions(const rpc::Caller&, const v1::ListReceptionsRequest&,
                             v1::ListReceptionsResponse*) const;

 private:
  // Whoever asks.
  rpc::Answer Locate(const PetitionReader&, std::string_view id, bool sealed, StoredPetition* out) const;
  // The petition, if there is one and the caller may see it. Sealed ones are found by OpenSealed only.
  rpc::Answer Find(const PetitionReader&, const rpc::Caller&, std::string_view id, bool sealed,
                   StoredPetition* out) const;
  // A petition and its history; in clear if `reveal`: then the caller's note must say who asks and why.
  absl::StatusOr<PetitionFacts> FactsOf(const PetitionReader&, std::string_view id, v1::State,
                                        bool reveal) const;
  template <class Request, class Make>
  rpc::Answer PrintPaper(const rpc::Caller&, const Request&, std::string_view what,
                         rpc::NextMessage<google::api::HttpBody>*, Make make) const;
  // The course of a petition, of a merged copy that of its original: query_copies.cc.
  absl::Status Track(const PetitionReader&, int64_t now_ms, const std::string& id, const v1::State& own,
                     v1::PetitionTrack* out) const;
  // Into what a petition was merged, and what was merged into it.
  absl::Status ShowMerged(const PetitionReader&, const rpc::Caller&, const std::string& id, const v1::State&,
                          v1::Petition* out) const;
  // Clear text in place of a token of this petition.
  absl::Status Clear(std::string_view id, std::string* field) const;
  // Of receptions at which a sealed petition was brought: for who may open it.
  absl::Status ShowSealedReceptions(const PetitionReader& reader, const std::string& id,
                                    google::protobuf::RepeatedPtrField<v1::Reception>* out) const;
  absl::Status ClearContent(std::string_view id, v1::Content* content) const;
  absl::Status ClearPerson(std::string_view id, common::v1::Person* person) const;
  // Parts of FindRepeats: query_repeats.cc.
  using People = std::vector<common::v1::Person>;  // opened for a comparison, shown to nobody
  absl::StatusOr<People> PeopleOf(const std::string& id, const v1::State& state) const;
  absl::StatusOr<std::set<std::string>> OfTheSamePeople(const std::string& id, const People& people) const;
  absl::StatusOr<std::map<std::string, int>> Alike(const std::string& id, const v1::State& state,
                                                   const rpc::Caller& caller,
                                                   const std::set<std::string>& ids) const;
  absl::StatusOr<bool> Compare(const std::string& own_id, const v1::State& own,
                               const People& own_people, const std::string& id,
                               const v1::State& other, const policy::v1::PetitionPolicy& policy, int permille,
                               v1::RepeatCandidate* candidate) const;

  const QueryParts parts_;
};

}  // namespace petition
