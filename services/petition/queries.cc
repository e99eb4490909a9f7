// One petition: shown, revealed, opened.
#include "services/petition/queries.h"

#include <absl/strings/str_cat.h>

#include <algorithm>

#include "base/status_macros.h"
#include "services/petition/domain/keys.h"
#include "services/petition/domain/refusals.h"
#include "services/petition/domain/rules.h"
#include "services/petition/show.h"
#include "services/petition/tokens.h"
#include "services/reference/mentions.h"
#include "services/rpc/free_text.h"
#include "services/rpc/steps.h"

namespace petition {

using kernel::RefusalCode;

namespace {

// As RevealPetitioner names what was said, instead of a petitioner.
constexpr std::string_view kWords = "content";

// Numbers of persons stay masked until somebody asks for them with a reason.
void MaskNumbers(v1::Content* content) {
  for (std::string* field : {content->mutable_request(), content->mutable_facts(),
                             content->mutable_respondent(), content->mutable_evidence()}) {
    *field = rpc::WithMaskedNumbers(*field);
  }
}

bool IsOf(const kernel::v1::Grant& grant, std::string_view org) {
  return !org.empty() && grant.org_id() == org;
}

// Who registered it may tell the petitioner the code again; who handles it has no use for it.
bool IsClerkOf(std::string_view office, const kernel::v1::Actor& actor) {
  return std::ranges::any_of(actor.grant(), [&](const auto& grant) {
    const bool clerk = grant.role() == kernel::v1::ROLE_PC || grant.role() == kernel::v1::ROLE_PO;
    return clerk && IsOf(grant, office);
  });
}

// Whom a hand-over names is for clerks to look into, and for nobody of the unit it names (Art. 30).
bool MayReadSuggestion(std::string_view suggested, const kernel::v1::Actor& actor) {
  const auto clerk = [](const auto& grant) {
    return grant.role() == kernel::v1::ROLE_PC || grant.role() == kernel::v1::ROLE_PO;
  };
  return std::ranges::any_of(actor.grant(), clerk) &&
         std::ranges::none_of(actor.grant(), [&](const auto& grant) { return IsOf(grant, suggested); });
}

// Petitioners read what concerns them: not what the offices write to each other about how they work.
void HideFromPetitioner(v1::Petition* out) {
  out->clear_backlog();
  out->clear_improvement();
  out->clear_adoption();
  out->clear_order();
  out->clear_instruction();
  out->clear_handed_sha256();
  out->clear_progress_sha256();
  out->clear_proposed_leader();
  out->clear_former_leader();
  out->clear_urgent();
  out->clear_reported();
  out->mutable_leader()->clear_record();
  if (out->leader().user_id().empty() || !out->leader().accepted()) out->clear_leader();
}

// Nor by what steps they came to it. Of the numbers of a petitioner's steps some are left out.
bool IsAmongOffices(const kernel::v1::LogRecord& step) {
  static constexpr std::string_view kTheirs[] = {"order_set",          "instructed",        "backlog_listed",
                                                 "write_off_proposed", "write_off_decided", "improvement_suggested",
                                                 "improvement_answered", "leader_proposed", "lead_recorded",
                                                 "opinion_drafted",    "urgent_marked",     "objected",
                                                 "objection_decided",  "people_left"};
  return std::ranges::find(kTheirs, std::string_view(step.event_type())) != std::end(kTheirs);
}

// Somebody withdrew, or what they came with was sealed (Art. 30): by which command and whose the unit does not read.
bool LeavesOpenWhy(std::string_view event_type) {
  return event_type == "people_left" || event_type == "withdrawn" || event_type == "hand_over_lapsed";
}

// Of whom the unit does not read it is told that they petition, and by which number.
void HideThoseOfCopies(const v1::State& state, v1::Petition* out) {
  for (int i = 0; i < state.petitioner_size(); ++i) {
    if (state.petitioner(i).copy_id().empty()) continue;
    v1::Petitioner shown;
    shown.set_petitioner_id(state.petitioner(i).petitioner_id());
    shown.set_representative(state.petitioner(i).representative());
    *out->mutable_petitioner(i) = std::move(shown);
  }
  for (int i = state.agent_size() - 1; i >= 0; --i) {
    if (!state.agent(i).copy_id().empty()) out->mutable_agent()->DeleteSubrange(i, 1);
  }
}

}  // namespace

bool IsStaffHere(const v1::State& state, const kernel::v1::Actor& actor) {
  v1::State without_petitioners = state;
  without_petitioners.clear_petitioner();
  without_petitioners.clear_agent();
  return MaySee(without_petitioners, actor);
}

rpc::Answer Queries::Locate(const PetitionReader& reader, std::string_view id, bool sealed, StoredPetition* out) const {
  if (id.starts_with(kernel::kReferencePrefix)) return NoSuchMatter();
  if (!sealed) {  // what is sealed is not opened to be refused: not even time tells it from nothing
    const auto open = reader.view().Get(storage::KeySpace::kState, id);
    if (!open.ok()) return open.status();
    if (!*open) return NoSuchMatter();
  }
  auto stored = reader.Get(id);
  if (!stored.ok()) return stored.status();
  if (!*stored || (*stored)->state.status() == v1::PETITION_STATUS_UNSPECIFIED ||
      Sealed((*stored)->state) != sealed) {
    return NoSuchMatter();
  }
  *out = **std::move(stored);
  return {};
}

rpc::Answer Queries::Find(const PetitionReader& reader, const rpc::Caller& caller, std::string_view id,
                          bool sealed, StoredPetition* out) const {
  if (auto answer = Locate(reader, id, sealed, out); !answer.ok()) return answer;
  return MaySee(out->state, caller.actor) ? rpc::Answer() : NoSuchMatter();
}

absl::Status Queries::Clear(std::string_view id, std::string* field) const {
  if (parts_.vault == nullptr || !rpc::IsVaultToken(*field)) return absl::OkStatus();
  auto clear = parts_.vault->Unmask(*parts_.vault_view, id, *field);
  if (absl::IsNotFound(clear.status())) return absl::OkStatus();  // erased: it is shown as such
  if (!clear.ok()) return clear.status();
  *field = std::move(clear->text);
  return absl::OkStatus();
}

absl::Status Queries::ClearContent(std::string_view id, v1::Content* content) const {
  for (std::string* field : {content->mutable_request(), content->mutable_facts(),
                             content->mutable_respondent(), content->mutable_evidence()}) {
    if (absl::Status status = Clear(id, field); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status Queries::ClearPerson(std::string_view id, common::v1::Person* person) const {
  for (std::string* field : {person->mutable_name(), person->mutable_phone(), person->mutable_id_number(),
                             person->mutable_address()}) {
    const std::string owner(OwnerOf(*field, id));
    if (absl::Status status = Clear(owner, field); !status.ok()) return status;
  }
  return absl::OkStatus();
}

rpc::Answer Queries::GetPetition(const rpc::Caller& caller, const v1::GetPetitionRequest& request,
                                 v1::Petition* out) const {
  const PetitionReader reader = parts_.read();
  StoredPetition stored;
  if (auto answer = Find(reader, caller, request.id(), false, &stored); !answer.ok()) return answer;
  const v1::State& state = stored.state;
  ShowPetition(state, out);
  out->set_id(request.id());
  out->set_version(stored.version);
  if (auto status = ClearContent(request.id(), out->mutable_content()); !status.ok()) return status;
  MaskNumbers(out->mutable_content());
  // That it repeats another one stands in its steps for good, and stays. Which one is told to who may see that, while
  // it is on the lists: what has become an accusation since looks like a merged copy, or like one of elsewhere.
  StoredPetition earlier;
  if (!state.earlier_id().empty() && (!Find(reader, caller, state.earlier_id(), false, &earlier).ok() ||
                                      earlier.state.status() == v1::MERGED)) {
    out->clear_earlier_id();
  }
  for (auto& name : AllowedCommands(state, caller.actor)) out->add_allowed_command(std::move(name));
  if (IsPetitioner(state, caller.actor) || IsClerkOf(state.office_org(), caller.actor)) {
    out->set_query_code(state.query_code());
  }
  if (MayReadSuggestion(state.suggested_respondent_org(), caller.actor)) {
    out->set_suggested_respondent_org(state.suggested_respondent_org());
  }
  // What may accuse somebody is between the clerks who may say whether it does (Art. 30).
  const auto& allowed = out->allowed_command();
  const bool looks = std::ranges::find(allowed, "confirmType") != allowed.end();
  if (looks || IsClerkOf(state.office_org(), caller.actor)) {
    out->set_may_accuse(MayAccuse(state));
    out->set_not_accusation_reason(state.not_accusation_reason());
    RETURN_IF_ERROR(Clear(request.id(), out->mutable_not_accusation_reason()));
    *out->mutable_not_accusation_reason() = rpc::WithMaskedNumbers(out->not_accusation_reason());
  }
  const bool drafts = std::ranges::any_of(
      caller.actor.grant(), [&](const auto& grant) { return IsOf(grant, state.unit_org()); });
  if (state.has_draft() && drafts) *out->mutable_draft() = state.draft();
  const bool staff = IsStaffHere(state, caller.actor);
  if (!staff) {
    HideFromPetitioner(out);
    HideOthers(state, caller.actor, out);
  } else if (!ReadsThoseOfCopies(state, caller.actor)) {
    HideThoseOfCopies(state, out);
  }
  if (staff && IsOfUnit(state, caller.actor)) {  // signed by those of copies, too
    if (out->has_backlog()) out->mutable_backlog()->clear_proof_sha256();
  } else if (staff) {
    *out->mutable_left_proof_sha256() = state.left_proof_sha256();
  }
  RETURN_IF_ERROR(ShowMerged(reader, caller, request.id(), state, out));
  ShowDeadlines(state, *reader.Reference(), caller.now_ms, staff, out->mutable_deadline());
  return {};
}

rpc::Answer Queries::ListPetitionSteps(const rpc::Caller& caller, const v1::ListPetitionStepsRequest& request,
                                       v1::ListPetitionStepsResponse* out) const {
  const PetitionReader reader = parts_.read();
  StoredPetition stored;
  if (auto answer = Find(reader, caller, request.id(), false, &stored); !answer.ok()) return answer;
  const int wanted = request.page_size() <= 0 ? kPageDefault : std::min(request.page_size(), kPageSizeMax);
  const bool staff = IsStaffHere(stored.state, caller.actor);
  auto answer = rpc::ShowSteps(reader, "ListPetitionSteps", request, stored.version, static_cast<size_t>(wanted),
                               Why(RefusalCode::kInvalid, "PAGE_TOKEN", "page_token"), out,
                               [staff](const kernel::v1::LogRecord& step) { return staff || !IsAmongOffices(step); });
  const bool of_unit = IsOfUnit(stored.state, caller.actor);
  for (auto& step : *out->mutable_step()) {
    if (!of_unit || !LeavesOpenWhy(step.event_type())) continue;
    step.clear_command();
    step.clear_actor_id();
    step.clear_actor_role();
    step.clear_actor_org();
    step.clear_device_at_ms();
  }
  return answer;
}

rpc::Answer Queries::RevealPetitioner(const rpc::Caller& caller, const v1::RevealPetitionerRequest& request,
                                      v1::RevealPetitionerResponse* out) const {
  if (parts_.vault == nullptr) return absl::FailedPreconditionError("this process has no vault");
  const PetitionReader reader = parts_.read();
  StoredPetition stored;
  if (auto answer = Find(reader, caller, request.id(), false, &stored); !answer.ok()) return answer;
  const auto& petitioners = stored.state.petitioner();
  const auto found = std::ranges::find(petitioners, request.petitioner_id(), &v1::Petitioner::petitioner_id);
  const bool words = request.petitioner_id() == kWords;
  if (!words && found == petitioners.end()) {
    return Why(RefusalCode::kInvalid, "UNKNOWN_PETITIONER", "petitioner_id");
  }
  if (!words && !found->copy_id().empty() && !ReadsThoseOfCopies(stored.state, caller.actor)) {
    return Why(RefusalCode::kNotAllowed, "PETITIONER_OF_COPY", "petitioner_id");
  }
  caller.note->aggregate_id = request.id();  // the audit record says whose identity, and why
  caller.note->field = request.petitioner_id();
  caller.note->purpose = request.reason();
  if (words) {
    *out->mutable_content() = stored.state.content();
    return ClearContent(request.id(), out->mutable_content());
  }
  *out->mutable_person() = found->person();
  return ClearPerson(request.id(), out->mutable_person());
}

rpc::Answer Queries::OpenSealed(const rpc::Caller& caller, const v1::OpenSealedRequest& request,
                                v1::OpenSealedResponse* out) const {
  const PetitionReader reader = parts_.read();
  StoredPetition stored;
  if (auto answer = Find(reader, caller, request.id(), true, &stored); !answer.ok()) return answer;
  const v1::State& state = stored.state;
  caller.note->aggregate_id = request.id();
  caller.note->field = "content";
  caller.note->purpose = request.reason();
  out->set_id(request.id());
  out->set_version(stored.version);
  out->set_status(state.status());
  out->set_registered_at_ms(state.registered_at_ms());
  *out->mutable_content() = state.content();
  out->set_respondent_org(state.respondent_org());
  if (auto status = ClearContent(request.id(), out->mutable_content()); !status.ok()) return status;
  *out->mutable_petitioner() = state.petitioner();
  for (auto& petitioner : *out->mutable_petitioner()) {
    petitioner.clear_copy_id();
    if (auto status = ClearPerson(request.id(), petitioner.mutable_person()); !status.ok()) return status;
  }
  *out->mutable_agent() = state.agent();
  for (auto& agent : *out->mutable_agent()) {
    agent.clear_copy_id();
    if (auto status = ClearPerson(request.id(), agent.mutable_person()); !status.ok()) return status;
  }
  RETURN_IF_ERROR(ShowSealedReceptions(reader, request.id(), out->mutable_reception()));
  for (auto& name : AllowedCommands(state, caller.actor)) out->add_allowed_command(std::move(name));
  ShowDeadlines(state, *reader.Reference(), caller.now_ms, true, out->mutable_deadline());
  return {};
}

absl::Status Queries::ShowSealedReceptions(const PetitionReader& reader, const std::string& id,
                                           google::protobuf::RepeatedPtrField<v1::Reception>* out) const {
  const std::string prefix = absl::StrCat(std::string(kSealedWith), id, "/");
  ASSIGN_OR_RETURN(const auto page, reader.List("sealed", prefix, kPageSizeMax));
  for (const auto& item : page.items) {
    ASSIGN_OR_RETURN(const auto stored, reader.Get(item.aggregate_id));
    if (!stored) continue;
    *out->Add() = stored->state.reception();
    RETURN_IF_ERROR(Clear(item.aggregate_id, out->rbegin()->mutable_record()));
  }
  return absl::OkStatus();
}

rpc::Answer Queries::ListSealedDocuments(const rpc::Caller& caller, const v1::ListSealedDocumentsRequest& request,
                                         v1::ListSealedDocumentsResponse* out) const {
  StoredPetition stored;
  if (auto answer = Find(parts_.read(), caller, request.id(), true, &stored); !answer.ok()) return answer;
  caller.note->aggregate_id = request.id();
  caller.note->field = "documents";
  for (std::string& sha256 : reference::MentionedDocuments(stored.state)) out->add_sha256(std::move(sha256));
  return {};
}

rpc::Answer Queries::HoldsDocument(const rpc::Caller&, const media::v1::HoldsDocumentRequest& request,
                                   media::v1::HoldsDocumentResponse* out) const {
  const PetitionReader reader = parts_.read();
  std::string position;
  do {
    auto page = reader.List("sealed", "", kernel::kPageMax, position);
    if (!page.ok()) return page.status();
    for (const auto& item : page->items) {
      auto stored = reader.Get(item.aggregate_id);
      if (!stored.ok()) return stored.status();
      if (!*stored) continue;
      const auto documents = reference::MentionedDocuments((*stored)->state);
      if (std::ranges::find(documents, request.sha256()) == documents.end()) continue;
      out->set_holds(true);
      return {};
    }
    position = std::move(page->next_page_token);
  } while (!position.empty());
  return {};
}

}  // namespace petition
