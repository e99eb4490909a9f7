// Law 2, of papers. Whoever named a document hears that its bytes came, once, whichever came first; of what an
// accusation alone refers to nobody hears anything. And no file of a mediation is closed before its papers came, unless
// it says why. What was named is read from the notices and events of those who named it; media's own state is asked
// only what lies in its store.

#include <absl/strings/str_cat.h>

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "media/v1/media.pb.h"
#include "media/v1/notices.pb.h"
#include "services/kernel/document_mark.h"
#include "tests/sim/laws.h"

namespace sim {
namespace {

using Paper = std::pair<std::string, std::string>;  // service, digest

// What the matters of all services named, and what hand-overs that are over have taken back.
struct Named {
  std::set<Paper> paper, back;
  std::set<std::pair<Paper, std::string>> matter;  // and the mark of the matter
};

void AddNamed(const std::string& service, const std::vector<kernel::v1::LogRecord>& log, Named* named) {
  for (const auto& record : log) {
    media::v1::Mentions mentions;
    if (record.notice().classification() == kernel::v1::SEALED) continue;
    CHECK(mentions.ParseFromString(record.notice().payload()));
    for (const auto& sha256 : mentions.sha256()) {
      named->paper.emplace(service, sha256);
      named->matter.emplace(Paper(service, sha256), kernel::MatterMark(sha256, service, record.aggregate_id()));
    }
    media::v1::HandedOver handed;
    CHECK(handed.ParseFromString(record.notice().payload()));
    for (const auto& sha256 : handed.back()) named->back.emplace(service, sha256);
  }
}

void CheckTold(const Books& books, Broken* broken) {
  Named named;
  AddNamed("incident", books.incident.log, &named);
  AddNamed("mediation", books.mediation.log, &named);
  AddNamed("petition", books.petition.log, &named);
  std::map<Paper, int> told;
  std::set<std::pair<Paper, std::string>> matters;
  for (const auto& record : books.media.log) {
    if (record.notice().topic().empty()) continue;
    media::v1::Notice notice;
    CHECK(notice.ParseFromString(record.notice().payload()));
    const Paper paper(notice.service(), notice.sha256());
    ++told[paper];
    if (!named.matter.contains({paper, notice.matter()}))
      broken->push_back(absl::StrCat("law 5: ", paper.first, " was told of ", paper.second, " for another matter"));
    if (!matters.emplace(paper, notice.matter()).second)
      broken->push_back(absl::StrCat("law 2: ", paper.first, " was told twice that ", paper.second, " came"));
    if (!record.notice().matter_code().empty() || !record.notice().area_code().empty())
      broken->push_back(absl::StrCat("law 5: media told whose document ", notice.sha256(), " is"));
  }
  for (const Paper& paper : named.paper) {
    const auto blob = books.media.states.find("blob/" + paper.second);
    const bool came = blob != books.media.states.end() && blob->second.blob().present();
    const bool heard = told.contains(paper);
    // What was taken back before its bytes came is told to nobody.
    if (came == heard || (came && named.back.contains(paper))) continue;
    broken->push_back(absl::StrCat("law 2: ", paper.first, heard ? " was told that " : " never heard that ",
                                   paper.second, " came"));
  }
}

// A paper of the file: put into it, or what a step rests on.
std::set<std::string> PapersOf(const mediation::v1::Event& event) {
  std::set<std::string> papers;
  if (event.has_document_filed()) papers.insert(event.document_filed().document().sha256());
  for (const auto& paper : event.paper()) papers.insert(paper.sha256());
  return papers;
}

void CheckFiles(const Books& books, Broken* broken) {
  std::set<std::string> came;                          // marks of a case and a document
  std::map<std::string, std::set<std::string>> files;  // by case
  for (const auto& record : books.mediation.log) {
    const auto event = EventOf<mediation::v1::Event>(record);
    if (event.has_document_kept()) came.insert(event.document_kept().matter());
    auto& file = files[record.aggregate_id()];
    file.merge(PapersOf(event));
    if (!event.has_archived() || !event.archived().why_incomplete().empty()) continue;
    for (const auto& sha256 : file) {
      if (!came.contains(kernel::MatterMark(sha256, "mediation", record.aggregate_id())))
        broken->push_back(absl::StrCat("law 2: ", record.aggregate_id(), " was archived without ", sha256));
    }
  }
}

}  // namespace

void CheckPapers(const Books& books, Broken* broken) {
  CheckTold(books, broken);
  CheckFiles(books, broken);
}

}  // namespace sim
