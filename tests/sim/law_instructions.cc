// Law 4 for instructions 批示, from what the log says was given, distributed, reported, closed and withdrawn: what was
// withdrawn has no clock, asks for no report and is reminded of by nobody; what was asked of a petition that has left
// the lists ended with it, and nobody was told; no unit is named before it may open it, and whoever has the matter
// hears of none before; a unit's report stands there once; the lists show what is open and nothing else; the matter and
// the petition show what became of it. And whoever asked a case service for what it refused was told why, in words. No
// code of instructions is read. spec: O7, 3.6.6

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "services/reference/answers.h"
#include "tests/sim/laws.h"
#include "tests/sim/recount.h"

namespace sim {
namespace {

using absl::StrCat;
using kernel::v1::LogRecord;
using oversight::v1::Event;

struct Story {
  std::string area, issuer, matter, subject;
  std::vector<std::string> addressee;
  std::set<std::string> reported;
  bool distributed = false, closed = false, withdrawn = false, lapsed = false;
  int64_t distributed_at_ms = 0;
};

// Sealed, or a copy of another: others cannot tell which.
bool HasLeft(const petition::v1::State& state) {
  return state.status() == petition::v1::MERGED || petition::PetitionDomain::Sealed(state);
}

class InstructionCheck : Recount {
 public:
  InstructionCheck(const City& city, const Books& books, Broken* broken)
      : Recount(broken), city_(city), books_(books) {}

  void Run() {
    for (const LogRecord& record : books_.oversight.log) Hear(record);
    for (const auto& [id, story] : stories_) Compare(id, story);
    for (const auto& [id, story] : stories_) CompareReports(id, story);
    CompareLists();
    for (const auto& [id, state] : books_.petition.states) {
      // What has left the lists hears no more, whatever it left for.
      if (HasLeft(state)) continue;
      for (const auto& shown : state.instruction()) CompareShown(id, shown);
    }
    for (const auto& [id, state] : books_.incident.states) {
      for (const auto& noted : state.incident().instructed()) HeardOf(id, noted.instruction_id(), noted.at_ms());
    }
    for (const auto& [id, state] : books_.mediation.states) {
      for (const auto& asked : state.instruction_id()) {
        if (stories_.contains(asked)) HeardOf(id, asked, INT64_MAX);
      }
    }
  }

 private:
  void Hear(const LogRecord& record) {
    const auto event = EventOf<Event>(record);
    if (event.has_answer_heard()) return Answered(event.answer_heard(), record);
    if (event.has_instruction_issued()) {
      const auto& given = event.instruction_issued().instruction();
      Story& story = stories_[record.aggregate_id()];
      story = {given.area_code(), given.issuer_user_id(), given.matter_id(), given.subject_id(),
               {given.addressee_org().begin(), given.addressee_org().end()}, {}};
      return Named({}, record);
    }
    const auto known = stories_.find(record.aggregate_id());
    if (known == stories_.end()) return;
    Story& story = known->second;
    if (story.withdrawn) Break(StrCat(record.event_type(), " of ", record.aggregate_id(), " after it was withdrawn"));
    if (event.has_instruction_distributed()) {
      const auto& to = event.instruction_distributed().addressee_org();
      story.addressee.assign(to.begin(), to.end());
      story.distributed = true;
      story.distributed_at_ms = record.recorded_at_ms();
      Named(story.addressee, record);
    }
    if (event.has_instruction_reported()) story.reported.insert(event.instruction_reported().report().org_id());
    story.closed = story.closed || event.has_instruction_closed();
    if (event.has_instruction_withdrawn()) Withdrawn(event.instruction_withdrawn(), record, &story);
  }

  void Withdrawn(const oversight::v1::InstructionWithdrawn& event, const LogRecord& record, Story* story) {
    const std::string& id = record.aggregate_id();
    story->withdrawn = true;
    if (event.lapse() != oversight::v1::LAPSE_UNSPECIFIED) return Lapsed(event, record, story);
    if (story->reported.size() >= story->addressee.size()) Break(StrCat(id, " was withdrawn after all had reported"));
    if (event.reason().empty()) Break(StrCat(id, " was withdrawn without a reason"));
    if (record.actor_id() != story->issuer && record.actor_role() != kernel::v1::ROLE_SV)
      Break(StrCat(id, " was withdrawn by somebody who did not give it"));
    Named(story->distributed ? story->addressee : std::vector<std::string>(), record);
  }

  // With its matter before anybody distributed it, and its giver hears; or with a petition that left, and nobody does.
  void Lapsed(const oversight::v1::InstructionWithdrawn& event, const LogRecord& record, Story* story) {
    const std::string& id = record.aggregate_id();
    story->lapsed = true;
    if (record.actor_role() != kernel::v1::ROLE_SYS) Break(StrCat(id, " was made to lapse by a person"));
    if (event.lapse() == oversight::v1::LAPSE_MATTER_ENDED) {
      if (story->distributed) Break(StrCat(id, " ended with its matter although it was distributed"));
      return Named({}, record);
    }
    const auto petition = books_.petition.states.find(story->subject);
    if (petition == books_.petition.states.end() || !HasLeft(petition->second))
      Break(StrCat(id, " left with a petition that has not left"));
    if (!record.notice().topic().empty()) Break(StrCat("others hear that ", id, " left with its petition"));
  }

  // The units a notice names are those that may open the instruction.
  void Named(const std::vector<std::string>& expected, const LogRecord& record) {
    oversight::v1::Notice notice;
    CHECK(notice.ParseFromString(record.notice().payload()));
    const std::vector<std::string> named(notice.addressee().begin(), notice.addressee().end());
    if (record.notice().topic().empty() || named != expected || (expected.empty() && !notice.to_org().empty()))
      Break(StrCat("of ", record.event_type(), " ", record.aggregate_id(), " others hear than may open it"));
  }

  void Answered(const oversight::v1::AnswerHeard& answer, const LogRecord& record) {
    if (answer.answer() != oversight::v1::ANSWER_REFUSED) return;
    oversight::v1::Notice notice;
    CHECK(notice.ParseFromString(record.notice().payload()));
    const std::string& topic = record.notice().topic();
    const bool told = topic == "oversight.request_refused" || topic == "oversight.leaders_request_refused";
    if (!told || notice.reason_code() != answer.reason_code() || !notice.to_org().empty())
      Break(StrCat("nobody, or somebody else, was told that ", answer.instruction_id(), " was refused"));
    if (!reference::FindAnswerWords(answer.reason_code()))
      Break(StrCat(answer.instruction_id(), " was refused by a code without words: ", answer.reason_code()));
  }

  void Compare(const std::string& id, const Story& story) {
    const auto found = books_.oversight.states.find(id);
    if (found == books_.oversight.states.end()) return Break(StrCat("there is no instruction ", id));
    const auto& instruction = found->second.instruction();
    if (story.withdrawn != (instruction.status() == oversight::v1::WITHDRAWN) ||
        (story.withdrawn && !story.lapsed) == instruction.withdrawal_reason().empty())
      Break(StrCat("that ", id, " was withdrawn, or why, is not there"));
    if (story.withdrawn && instruction.clock().stopped_at_ms() == 0)
      Break(StrCat("the clock of ", id, " runs on after it was withdrawn"));
    const auto petition = books_.petition.states.find(story.subject);
    if (petition != books_.petition.states.end() && HasLeft(petition->second)) {
      if (!story.withdrawn && !story.closed) Break(StrCat(id, " is open, and its petition has left the lists"));
      return;  // and its matter shows nothing of it any more
    }
    const auto matter = books_.oversight.states.find(story.matter);
    if (matter == books_.oversight.states.end()) return;
    for (const auto& asked : matter->second.matter().asked()) {
      if (asked.instruction_id() == id && story.withdrawn != (asked.withdrawn_at_ms() != 0))
        Break(StrCat("the matter of ", id, " shows otherwise whether it was withdrawn"));
    }
  }

  // Of each unit that reported one, whatever became of the instruction.
  void CompareReports(const std::string& id, const Story& story) {
    const auto found = books_.oversight.states.find(id);
    if (found == books_.oversight.states.end()) return;
    Ids orgs;
    for (const auto& report : found->second.instruction().report()) orgs.insert(report.org_id());
    if (orgs != Ids(story.reported.begin(), story.reported.end()))
      Break(StrCat("the reports on ", id, " are not those that its units gave"));
  }

  void CompareLists() {
    std::map<std::string, Ids> lists;
    for (const auto& [id, story] : stories_) {
      const bool open = !story.closed && !story.withdrawn;
      const auto add = [&, &id = id](char list, const std::string& whose) {
        Ids& ids = lists[StrCat(std::string(1, list), "/", whose, "/0")];  // there also where it is to be empty
        if (open) ids.insert(id);
      };
      add('a', story.area);
      add('u', story.issuer);
      if (!story.distributed) continue;
      for (const std::string& org : story.addressee) add('o', org);
    }
    for (const auto& [prefix, ids] : lists) CompareList(city_.oversight(), "instruction", prefix, ids);
  }

  void HeardOf(const std::string& matter, const std::string& id, int64_t at_ms) {
    const auto known = stories_.find(id);
    if (known == stories_.end() || !known->second.distributed || at_ms < known->second.distributed_at_ms)
      Break(StrCat(matter, " knew of ", id, " before it was distributed"));
  }

  void CompareShown(const std::string& petition, const petition::v1::LeaderInstruction& shown) {
    const auto known = stories_.find(shown.instruction_id());
    if (known == stories_.end()) return Break(StrCat("petition ", petition, " shows an instruction nobody gave"));
    const Story& story = known->second;
    if (story.withdrawn != (shown.withdrawn_at_ms() != 0))
      Break(StrCat("petition ", petition, " shows otherwise whether ", known->first, " was withdrawn"));
    HeardOf(petition, known->first, shown.at_ms());
    if (shown.to_org() != story.addressee.front())
      Break(StrCat("petition ", petition, " names another unit for ", known->first));
  }

  const City& city_;
  const Books& books_;
  std::map<std::string, Story> stories_;
};

}  // namespace

void CheckInstructions(const City& city, const Books& books, Broken* broken) {
  InstructionCheck(city, books, broken).Run();
}

}  // namespace sim
