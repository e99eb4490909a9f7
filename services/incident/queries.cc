#include "services/incident/queries.h"

#include <absl/strings/numbers.h>

#include <algorithm>

#include "base/area_code.h"
#include "base/ids.h"
#include "base/small_numbers.h"
#include "base/status_macros.h"
#include "services/incident/domain/deciding.h"
#include "services/incident/domain/evaluating.h"
#include "services/incident/domain/index_keys.h"
#include "services/incident/domain/refusal.h"
#include "services/incident/domain/rules.h"
#include "services/incident/own_words.h"
#include "services/incident/show.h"
#include "services/rpc/standing_over.h"

namespace incident {
namespace {

using kernel::RefusalCode;

constexpr size_t kMatterCodeLength = 21;
constexpr int kReporter = -1;  // of RevealPartyRequest.index
constexpr int kWords = -2;

// `said`: with the note and the papers.
void ShowStep(const kernel::v1::LogRecord& record, const v1::Event& event, bool said, const Knowledge& known,
              v1::Step* step) {
  step->set_seq(record.seq());
  step->set_version(record.version());
  step->set_event(record.event_type());
  step->set_command(record.command());
  step->set_role(record.actor_role());
  *step->mutable_unit() = UnitOf(known, record.actor_org());
  step->set_at_ms(record.recorded_at_ms());
  step->set_device_at_ms(record.device_at_ms());
  const Words words = StepWords(event);
  step->set_text_zh(words.zh);
  step->set_text_en(words.en);
  step->set_previous_hash(record.previous_hash());
  step->set_hash(record.hash());
  step->set_automatic(record.actor_role() == kernel::v1::ROLE_SYS);
  if (!said) return;
  step->set_note(StepNote(event));
  if (const auto* attachments = AttachmentsOf(event)) *step->mutable_attachment() = *attachments;
}

uint64_t AsCoarse(uint64_t count) { return static_cast<uint64_t>(base::Coarse(static_cast<int64_t>(count))); }

}  // namespace

kernel::Refusal NoSuchMatter() {
  return Say(RefusalCode::kNotFound, "NO_SUCH_MATTER", "没有这件事。", "There is no such matter.", "id");
}
kernel::Refusal OutsideYourArea() {
  return Say(RefusalCode::kNotAllowed, "OUTSIDE_AREA", "不在您的辖区。", "Outside your area.", "area_code");
}

kernel::Refusal WrongPageToken() {
  return Say(RefusalCode::kInvalid, "PAGE_TOKEN", "分页标记与本次查询不符，请从第一页开始。",
             "The page token does not belong to this query; start from the first page.", "page_token");
}

absl::StatusOr<bool> Queries::Locate(const MatterReader& reader, std::string_view id, std::string* found_id,
                                     StoredState* out) const {
  *found_id = std::string(id);
  if (id.size() == kMatterCodeLength && !base::IsUlid(id)) {
    ASSIGN_OR_RETURN(const auto page, reader.List("code", id, 1));
    if (page.items.empty()) return false;
    *found_id = page.items.front().aggregate_id;
  }
  ASSIGN_OR_RETURN(auto stored, reader.Get(*found_id));
  if (!stored || !stored->state.has_incident()) return false;
  *out = *std::move(stored);
  return true;
}

rpc::Answer Queries::Find(const MatterReader& reader, const rpc::Caller& caller, std::string_view id,
                          std::string* found_id, StoredState* out) const {
  ASSIGN_OR_RETURN(const bool found, Locate(reader, id, found_id, out));
  if (!found || !MaySee(out->state.incident(), caller.actor, *reader.Reference())) return NoSuchMatter();
  return {};
}

rpc::Answer Queries::GetIncident(const rpc::Caller& caller, const v1::GetIncidentRequest& request,
                                 v1::IncidentView* view) const {
  const MatterReader reader = parts_.read();
  std::string id;
  StoredState stored;
  if (rpc::Answer answer = Find(reader, caller, request.id(), &id, &stored); !answer.ok()) return answer;
  const v1::Incident& matter = stored.state.incident();
  const auto known = reader.Reference();
  ASSIGN_OR_RETURN(const StoredState ended, Followed(reader, stored));
  ShowMatter(id, matter, ended.state.incident(), stored.version, caller, *known, view);
  if (IsStaffHere(matter, caller.actor, *known)) return {};
  OwnWords own(caller.actor.user_id());
  for (uint64_t after = 0; after < stored.version;) {
    ASSIGN_OR_RETURN(const auto records, reader.History(id, after, kStepsMax));
    if (records.empty()) break;
    own.Read(records);
    after = records.back().version();
  }
  own.LeaveIn(matter, *known, view);
  // What became of the matter their report was merged into is the answer to their report.
  const v1::Incident& primary = ended.state.incident();
  if (IsMerged(matter) && primary.procedural_closed()) view->set_result(primary.completion().result());
  return {};
}

rpc::Answer Queries::ListSteps(const rpc::Caller& caller, const v1::ListStepsRequest& request,
                               v1::ListStepsResponse* response) const {
  const MatterReader reader = parts_.read();
  std::string id;
  StoredState stored;
  if (rpc::Answer answer = Find(reader, caller, request.id(), &id, &stored); !answer.ok()) return answer;
  uint64_t after = 0;
  if (!request.page_token().empty() && !absl::SimpleAtoi(request.page_token(), &after)) {
    return WrongPageToken();
  }
  const size_t size = request.page_size() <= 0 ? kStepsDefault : std::min(request.page_size(), kStepsMax);
  ASSIGN_OR_RETURN(const auto records, reader.History(id, after, size));
  const auto known = reader.Reference();
  const bool staff = IsStaffHere(stored.state.incident(), caller.actor, *known);
  for (const auto& record : records) {
    v1::Event event;
    event.ParseFromString(record.event());
    if (!staff && !IsToldToReporter(event)) continue;
    const bool said = staff || IsSaidWithReporter(record, event, caller.actor.user_id());
    ShowStep(record, event, said, *known, response->add_step());
  }
  if (after + records.size() < stored.version)
    response->set_next_page_token(std::to_string(after + records.size()));
  return {};
}

rpc::Answer Queries::CountIncidents(const rpc::Caller& caller, const v1::CountIncidentsRequest& request,
                                    v1::CountIncidentsResponse* response) const {
  const int level = base::LevelOf(request.area_code());
  if (level < common::v1::TOWNSHIP || level > common::v1::CITY) {
    return Say(RefusalCode::kInvalid, "AREA_INVALID", "请给出市、县或乡镇的代码。",
               "Give the code of a city, county or township.", "area_code");
  }
  const bool exact = rpc::LevelOver(caller, request.area_code(), SeesItsArea) > 0;
  const MatterReader reader = parts_.read();
  ASSIGN_OR_RETURN(const auto tallies,
                   reader.Tallies(TallyKey(request.area_code(), ""), v1::Status_ARRAYSIZE));
  uint64_t open = 0;
  for (const auto& tally : tallies) {
    v1::Status status = v1::STATUS_UNSPECIFIED;
    if (!v1::Status_Parse(tally.key.substr(tally.key.rfind('/') + 1), &status) || status == v1::MERGED)
      continue;
    if (IsOpen(status)) open += tally.count;
    if (!exact && tally.count < static_cast<uint64_t>(base::kFew)) continue;
    auto* count = response->add_count();
    count->set_status(status);
    count->set_count(exact ? tally.count : AsCoarse(tally.count));
  }
  response->set_open(exact ? open : AsCoarse(open));
  response->set_rounded(!exact);
  return {};
}

rpc::Answer Queries::RevealParty(const rpc::Caller& caller, const v1::RevealPartyRequest& request,
                                 v1::RevealPartyResponse* response) const {
  const MatterReader reader = parts_.read();
  std::string id;
  StoredState stored;
  if (rpc::Answer answer = Find(reader, caller, request.id(), &id, &stored); !answer.ok()) return answer;
  const v1::Incident& matter = stored.state.incident();
  if (request.index() < kWords || request.index() >= matter.intake().party_size()) {
    return Say(RefusalCode::kInvalid, "NO_SUCH_PARTY", "没有这个当事人。", "There is no such party.",
               "index");
  }
  caller.note->aggregate_id = id;
  caller.note->field = request.index() == kWords      ? "text"
                       : request.index() == kReporter ? "reporter"
                                                      : "party[" + std::to_string(request.index()) + "]";
  caller.note->purpose = request.reason();
  if (parts_.vault == nullptr) return absl::FailedPreconditionError("this process has no identity vault");
  if (request.index() == kWords) {
    std::string words;
    const v1::Intake& said = matter.intake();
    for (const std::string* part : {&said.title(), &said.text(), &said.place().text()}) {
      if (!part->empty()) words += (words.empty() ? "" : "\n") + *part;
    }
    ASSIGN_OR_RETURN(*response->mutable_text(), parts_.vault->UnmaskWords(*parts_.vault_view, id, words));
    return {};
  }
  const common::v1::Person& person =
      request.index() == kReporter ? matter.reporter().contact() : matter.intake().party(request.index());
  const auto reveal = [&](const std::string& token, std::string* out) -> absl::Status {
    if (!rpc::IsVaultToken(token)) return absl::OkStatus();
    ASSIGN_OR_RETURN(auto clear, parts_.vault->Unmask(*parts_.vault_view, id, token));
    *out = std::move(clear.text);
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(reveal(person.name(), response->mutable_name()));
  RETURN_IF_ERROR(reveal(person.phone(), response->mutable_phone()));
  RETURN_IF_ERROR(reveal(person.id_number(), response->mutable_id_number()));
  RETURN_IF_ERROR(reveal(person.address(), response->mutable_address()));
  return {};
}

}  // namespace incident
