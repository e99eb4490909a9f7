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

#include "media/v1/notices.pb.h"
#include "tests/sim/laws.h"

namespace sim {
namespace {

using Named = std::set<std::pair<std::string, std::string>>;  // service, digest

void AddNamed(const std::string& service, const std::vector<kernel::v1::LogRecord>& log, Named* named) {
  for (const auto& record : log) {
    media::v1::Mentions mentions;
    if (record.notice().classification() == kernel::v1::SEALED) continue;
    CHECK(mentions.ParseFromString(record.notice().payload()));
    for (const auto& sha256 : mentions.sha256()) named->emplace(service, sha256);
  }
}

void CheckTold(const Books& books, Broken* broken) {
  Named named;
  AddNamed("incident", books.incident.log, &named);
  AddNamed("mediation", books.mediation.log, &named);
  AddNamed("petition", books.petition.log, &named);
  std::map<std::pair<std::string, std::string>, int> told;
  for (const auto& record : books.media.log) {
    if (record.notice().topic().empty()) continue;
    media::v1::Notice notice;
    CHECK(notice.ParseFromString(record.notice().payload()));
    ++told[{notice.service(), notice.sha256()}];
    if (!record.notice().matter_code().empty() || !record.notice().area_code().empty())
      broken->push_back(absl::StrCat("law 5: media told whose document ", notice.sha256(), " is"));
  }
  for (const auto& [who, times] : told) {
    if (!named.contains(who))
      broken->push_back(absl::StrCat("law 5: ", who.first, " was told of ", who.second, ", which it never named"));
  }
  for (const auto& who : named) {
    const auto blob = books.media.states.find("blob/" + who.second);
    const int expected = blob != books.media.states.end() && blob->second.blob().present() ? 1 : 0;
    const auto at = told.find(who);
    const int times = at == told.end() ? 0 : at->second;
    if (times != expected)
      broken->push_back(absl::StrCat("law 2: ", who.first, " was told ", times, " times that ", who.second,
                                     " came, expected ", expected));
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
  std::set<std::string> came;
  std::map<std::string, std::set<std::string>> files;  // by case
  for (const auto& record : books.mediation.log) {
    const auto event = EventOf<mediation::v1::Event>(record);
    if (event.has_document_kept()) came.insert(record.aggregate_id().substr(4));
    auto& file = files[record.aggregate_id()];
    file.merge(PapersOf(event));
    if (!event.has_archived() || !event.archived().why_incomplete().empty()) continue;
    for (const auto& sha256 : file) {
      if (!came.contains(sha256))
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
