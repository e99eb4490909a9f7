// Official papers: who may have them, what is recorded about it, how they leave. A paper holds names and addresses in
// clear, so giving one out is a reveal.
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include <functional>
#include <set>
#include <string>
#include <utility>

#include "base/status_macros.h"
#include "services/mediation/domain/file_index.h"
#include "services/mediation/domain/papers.h"
#include "services/mediation/domain/refusals.h"
#include "services/mediation/queries.h"
#include "services/mediation/shown_to_party.h"
#include "services/press/press.h"
#include "services/reference/kept.h"
#include "services/rpc/paper_answer.h"
#include "services/rpc/reveal.h"

namespace mediation {

using kernel::RefusalCode;

namespace {

// With the keys of the forms there are: whoever typed another finds theirs.
rpc::Answer NotInFile(const CaseFacts& facts) {
  const std::string keys = absl::StrJoin(Documents::KeysOf(facts), " ");
  auto refusal = Why(RefusalCode::kGuard, "NOT_IN_FILE", "form");
  refusal.metadata["form"] = keys;
  refusal.message_zh += "可填：" + keys + "。";
  refusal.message_en += " It is one of: " + keys + ".";
  return refusal;
}

}  // namespace

absl::StatusOr<std::set<std::string, std::less<>>> ReceivedOf(const CaseReader& reader, std::string_view id,
                                                              const v1::State& state) {
  std::set<std::string, std::less<>> named, received;
  FileIndexOf(state, [&named](std::string_view sha256) {
    named.emplace(sha256);
    return false;
  });
  for (const std::string& sha256 : named) {
    ASSIGN_OR_RETURN(const auto known, reader.Get(reference::DocumentId(sha256)));
    if (known && HasCome(&known->state, sha256, id)) received.insert(sha256);
  }
  return received;
}

absl::Status ShowHanded(const CaseReader& reader, std::string_view id, const v1::State& state, v1::Case* out) {
  for (const std::string& sha256 : state.handed_sha256()) {
    ASSIGN_OR_RETURN(const auto known, reader.Get(reference::DocumentId(sha256)));
    auto* paper = out->add_handed_paper();
    paper->set_sha256(sha256);
    paper->set_awaited(!HasCome(known ? &known->state : nullptr, sha256, id));
  }
  return absl::OkStatus();
}

absl::StatusOr<CaseFacts> Queries::FactsOf(const CaseReader& reader, const rpc::Caller& caller, std::string_view id,
                                           v1::State state) const {
  CaseFacts facts;
  facts.state = std::move(state);
  ASSIGN_OR_RETURN(facts.received, ReceivedOf(reader, id, facts.state));
  RETURN_IF_ERROR(rpc::RevealAll(*parts_.vault, *parts_.vault_view, id, &facts.state));
  ASSIGN_OR_RETURN(const auto records, reader.History(id));
  for (const auto& record : records) {
    CaseFacts::Step step{.event = {}, .at_ms = record.recorded_at_ms(), .actor_id = record.actor_id()};
    if (!step.event.ParseFromString(record.event())) return absl::DataLossError("cannot read an event");
    RETURN_IF_ERROR(rpc::RevealAll(*parts_.vault, *parts_.vault_view, id, &step.event));
    facts.steps.push_back(std::move(step));
  }
  ASSIGN_OR_RETURN(facts.staff, parts_.names->Of(caller, StaffIn(facts)));
  return facts;
}

rpc::Answer Queries::GetFileIndex(const rpc::Caller& caller, const v1::GetFileIndexRequest& request,
                                  v1::FileIndex* out) const {
  const CaseReader reader = parts_.read();
  kernel::Stored<v1::State> stored;
  int64_t as_of_ms = 0;
  if (auto answer = FindToRead(reader, caller, request.id(), &stored, &as_of_ms); !answer.ok()) return answer;
  const auto received = ReceivedOf(reader, request.id(), stored.state);
  if (!received.ok()) return received.status();
  *out = FileIndexOf(stored.state, [&](std::string_view sha256) { return received->contains(sha256); });
  return {};
}

rpc::Answer Queries::PrintDocument(const rpc::Caller& caller, const v1::PrintDocumentRequest& request,
                                   rpc::NextMessage<google::api::HttpBody>* next) const {
  return PrintPaper(caller, request, request.form(), next,
                    [this, &request](const CaseFacts& facts, const std::map<std::string, int>&) {
                      return parts_.documents->One(facts, request.form(), request.no());
                    });
}

rpc::Answer Queries::PrintFile(const rpc::Caller& caller, const v1::PrintFileRequest& request,
                               rpc::NextMessage<google::api::HttpBody>* next) const {
  return PrintPaper(caller, request, "file", next,
                    [this](const CaseFacts& facts, const std::map<std::string, int>& page_of) {
                      return parts_.documents->File(facts, page_of);
                    });
}

template <class Request, class Make>
rpc::Answer Queries::PrintPaper(const rpc::Caller& caller, const Request& request, std::string_view what,
                                rpc::NextMessage<google::api::HttpBody>* next, Make make) const {
  if (parts_.vault == nullptr) return absl::FailedPreconditionError("this process has no vault");
  const CaseReader reader = parts_.read();
  kernel::Stored<v1::State> stored;
  if (auto answer = Find(reader, caller, request.id(), &stored); !answer.ok()) return answer;
  if (auto refusal = WhyKeptFrom(stored.state, caller.actor)) return *std::move(refusal);
  if (!v1::PaperFormat_IsValid(request.format())) return Why(RefusalCode::kInvalid, "VALUE_NEEDED", "format");
  const bool pdf = request.format() == v1::PDF;
  caller.note->aggregate_id = request.id();  // the audit record says whose case, which paper, and why
  caller.note->field = absl::StrCat(std::string(what), pdf ? " pdf" : " html");
  caller.note->purpose = request.reason();
  auto facts = FactsOf(reader, caller, request.id(), std::move(stored.state));
  if (!facts.ok()) return facts.status();
  const auto reference = reader.Reference();
  facts->reference = reference.get();
  auto printed = press::Print([&](const auto& page_of) { return make(*facts, page_of); },
                              pdf ? parts_.printer : nullptr);
  if (absl::IsNotFound(printed.status())) return NotInFile(*facts);
  if (!printed.ok()) return rpc::PrintFailure(printed.status());
  absl::StrAppend(&caller.note->field, " sha256:", printed->code);
  *next = rpc::PiecesOf({std::move(printed->bytes), printed->content_type, printed->file_name});
  return {};
}

}  // namespace mediation
