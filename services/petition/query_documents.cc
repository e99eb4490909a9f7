// Official papers of a petition: who may have them, what is recorded about it, how they leave. A paper holds names and
// addresses in clear, so giving one out is a reveal. A sealed petition is not found here, whoever asks.
#include <absl/strings/str_cat.h>

#include <map>
#include <string>
#include <utility>

#include "base/status_macros.h"
#include "services/petition/domain/decide.h"
#include "services/petition/domain/refusals.h"
#include "services/petition/domain/rules.h"
#include "services/petition/queries.h"
#include "services/petition/show.h"
#include "services/reference/kept.h"
#include "services/rpc/paper_answer.h"
#include "services/rpc/reveal.h"

namespace petition {

using kernel::RefusalCode;

namespace {

constexpr size_t kMissingReasonMin = 5;

// Of these papers no reason takes the place: the petition ended by what is signed, or proved, on them.
bool RestsOn(const std::string& sha256, const v1::State& state) {
  return sha256 == state.withdrawal_proof_sha256() || sha256 == state.termination_proof_sha256() ||
         (state.status() == v1::SETTLED && sha256 == state.settlement_proof_sha256());
}

// The first paper the file of an ended petition waits for; empty: it is whole.
absl::StatusOr<std::string> AwaitedPaper(const PetitionReader& reader, const kernel::v1::Actor& actor,
                                         const std::string& id, const v1::State& state, bool excused) {
  google::protobuf::RepeatedPtrField<v1::PaperLine> papers;
  ShowPapers(state, &papers);
  if (!IsOfUnit(state, actor)) ShowOfficePapers(state, &papers);  // the unit is not shown them, nor that they exist
  for (const auto& paper : papers) {
    if (excused && !RestsOn(paper.sha256(), state)) continue;
    ASSIGN_OR_RETURN(const auto known, reader.Get(reference::DocumentId(paper.sha256())));
    const v1::State* kept = known ? &known->state : nullptr;
    bool here = HasCome(kept, paper.sha256(), id);
    for (const auto& one : state.petitioner()) {  // of those who came with copies some lie there
      here = here || (!one.copy_id().empty() && HasCome(kept, paper.sha256(), one.copy_id()));
    }
    if (!here) return paper.title_zh();
  }
  return std::string();
}

// The file is closed once, and whole: a withdrawal, a death and a settlement are taken before their papers have come.
absl::StatusOr<std::optional<kernel::Refusal>> WhyNotWhole(const PetitionReader& reader,
                                                           const kernel::v1::Actor& actor, const std::string& id,
                                                           const v1::State& state, const std::string& why) {
  const bool excused = base::CodePoints(base::Trimmed(why)) >= kMissingReasonMin;
  ASSIGN_OR_RETURN(const std::string title, AwaitedPaper(reader, actor, id, state, excused));
  if (title.empty()) return std::optional<kernel::Refusal>();
  kernel::Refusal refusal = Why(RefusalCode::kGuard, "FILE_PAPER_AWAITED", "missing_reason");
  refusal.message_zh = "“" + title + "”" + refusal.message_zh;
  return std::optional<kernel::Refusal>(std::move(refusal));
}

}  // namespace

absl::StatusOr<PetitionFacts> Queries::FactsOf(const PetitionReader& reader, std::string_view id, v1::State state,
                                               bool reveal) const {
  PetitionFacts facts;
  facts.state = std::move(state);
  if (reveal) {  // of those who came with copies by the copy's key
    for (auto& one : *facts.state.mutable_petitioner()) RETURN_IF_ERROR(ClearPerson(id, one.mutable_person()));
    for (auto& one : *facts.state.mutable_agent()) RETURN_IF_ERROR(ClearPerson(id, one.mutable_person()));
    RETURN_IF_ERROR(rpc::RevealAll(*parts_.vault, *parts_.vault_view, id, &facts.state));
  }
  ASSIGN_OR_RETURN(const auto records, reader.History(id));
  for (const auto& record : records) {
    PetitionFacts::Step step{
        .event = {}, .at_ms = record.recorded_at_ms(), .actor_id = record.actor_id(), .actor_org = record.actor_org()};
    if (!step.event.ParseFromString(record.event())) return absl::DataLossError("cannot read an event");
    if (reveal) RETURN_IF_ERROR(rpc::RevealAll(*parts_.vault, *parts_.vault_view, id, &step.event));
    facts.steps.push_back(std::move(step));
  }
  return facts;
}

rpc::Answer Queries::ListDocuments(const rpc::Caller& caller, const v1::ListDocumentsRequest& request,
                                   v1::ListDocumentsResponse* out) const {
  const PetitionReader reader = parts_.read();
  StoredPetition stored;
  if (auto answer = Find(reader, caller, request.id(), false, &stored); !answer.ok()) return answer;
  LeaveOutThoseOfCopies(caller.actor, &stored.state);
  auto facts = FactsOf(reader, request.id(), std::move(stored.state), false);
  if (!facts.ok()) return facts.status();
  const auto reference = reader.Reference();
  facts->reference = reference.get();
  for (const auto& entry : parts_.documents->List(*facts)) {
    auto* line = out->add_line();
    line->set_form(std::string(entry.key));
    line->set_title_zh(std::string(entry.title));
    line->set_count(entry.count);
  }
  ShowPapers(facts->state, out->mutable_paper());
  if (IsStaffHere(facts->state, caller.actor)) ShowStaffPapers(facts->state, out->mutable_paper());
  if (IsStaffHere(facts->state, caller.actor) && !IsOfUnit(facts->state, caller.actor))
    ShowOfficePapers(facts->state, out->mutable_paper());
  for (auto& paper : *out->mutable_paper()) {
    const auto known = reader.Get(reference::DocumentId(paper.sha256()));
    if (!known.ok()) return known.status();
    paper.set_awaited(!HasCome(*known ? &(*known)->state : nullptr, paper.sha256(), request.id()));
  }
  return {};
}

rpc::Answer Queries::PrintDocument(const rpc::Caller& caller, const v1::PrintDocumentRequest& request,
                                   rpc::NextMessage<google::api::HttpBody>* next) const {
  return PrintPaper(caller, request, request.form(), next, [this, &request](const PetitionFacts& facts, const auto&) {
    return parts_.documents->One(facts, request.form(), request.no());
  });
}

rpc::Answer Queries::PrintFile(const rpc::Caller& caller, const v1::PrintFileRequest& request,
                               rpc::NextMessage<google::api::HttpBody>* next) const {
  return PrintPaper(caller, request, "file", next,
                    [this](const PetitionFacts& facts, const std::map<std::string, int>& page_of) {
                      return parts_.documents->File(facts, page_of);
                    });
}

template <class Request, class Make>
rpc::Answer Queries::PrintPaper(const rpc::Caller& caller, const Request& request, std::string_view what,
                                rpc::NextMessage<google::api::HttpBody>* next, Make make) const {
  if (parts_.vault == nullptr) return absl::FailedPreconditionError("this process has no vault");
  const PetitionReader reader = parts_.read();
  StoredPetition stored;
  if (auto answer = Find(reader, caller, request.id(), false, &stored); !answer.ok()) return answer;
  if (!v1::PaperFormat_IsValid(request.format())) return Why(RefusalCode::kInvalid, "VALUE_NEEDED", "format");
  const bool closes = (what == "file" || what == "closing") && !IsOpen(stored.state.status());
  if (closes) {
    ASSIGN_OR_RETURN(auto not_whole,
                     WhyNotWhole(reader, caller.actor, request.id(), stored.state, request.missing_reason()));
    if (not_whole) return *std::move(not_whole);
  }
  const bool pdf = request.format() == v1::PDF;
  caller.note->aggregate_id = request.id();  // the audit record says whose petition, which paper, and why
  caller.note->field = absl::StrCat(std::string(what), pdf ? " pdf" : " html");
  caller.note->purpose = request.reason();
  if (closes && !request.missing_reason().empty())
    absl::StrAppend(&caller.note->purpose, "；", request.missing_reason());
  LeaveOutThoseOfCopies(caller.actor, &stored.state);  // how many they are the paper says all the same
  auto facts = FactsOf(reader, request.id(), std::move(stored.state), true);
  if (!facts.ok()) return facts.status();
  const auto reference = reader.Reference();
  facts->reference = reference.get();
  auto printed = press::Print([&](const auto& page_of) { return make(*facts, page_of); },
                              pdf ? parts_.printer : nullptr);
  if (absl::IsNotFound(printed.status())) return Why(RefusalCode::kGuard, "NO_SUCH_PAPER", "form");
  if (!printed.ok()) return rpc::PrintFailure(printed.status());
  absl::StrAppend(&caller.note->field, " sha256:", printed->code);
  *next = rpc::PiecesOf({std::move(printed->bytes), printed->content_type, printed->file_name});
  return {};
}

}  // namespace petition
