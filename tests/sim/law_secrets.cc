// Law 5. No personal value in clear in any key or value of any database (the vault's are sealed, so not there
// either), any answer, refusal, line of the log or frame of the bus. Of an accusation nobody hears but that there is
// one, of which level: no id, no code, no place, no unit (信访工作条例 30); in its own service it is in no list and no
// count; who has no right to it is answered as about one that never was; and what says the same is sealed with it.

#include <absl/strings/str_cat.h>

#include "tests/sim/laws.h"

#include <set>
#include <string>

namespace sim {
namespace {

using kernel::v1::LogRecord;
using storage::KeySpace;

// The one thing that is said of a hand-over to mediation that lapsed, of an accusation as of any other.
kernel::v1::Notice LapseOf(const petition::v1::HandOverLapsed& lapsed) {
  petition::v1::Notice said;
  said.mutable_referral()->set_referral_id(lapsed.referral_id());
  kernel::v1::Notice notice;
  notice.set_topic("petition.hand_over_lapsed");
  notice.set_classification(kernel::v1::SENSITIVE);
  notice.set_anonymous(true);
  notice.set_schema("petition.v1.Notice");
  notice.set_payload(said.SerializeAsString());
  return notice;
}

// What the log of petitions tells others once a petition is an accusation.
void CheckSealedNotices(const Books& books, Broken* broken) {
  std::set<std::string> sealed, known, copies;
  for (const LogRecord& record : books.petition.log) {
    const auto event = EventOf<petition::v1::Event>(record);
    const std::string& id = record.aggregate_id();
    const bool becomes = event.registered().type() == petition::v1::ACCUSATION ||
                         event.intake_completed().type() == petition::v1::ACCUSATION ||
                         event.retyped().to() == petition::v1::ACCUSATION;
    if (becomes) sealed.insert(id);
    if (event.has_merged()) copies.insert(id);
    const auto& notice = record.notice();
    if (event.has_hand_over_lapsed()) {
      if (notice.SerializeAsString() != LapseOf(event.hand_over_lapsed()).SerializeAsString())
        broken->push_back(absl::StrCat("law 5: the end of a hand-over tells more than which it was: ", id));
      continue;
    }
    if (!sealed.contains(id)) {
      if (!notice.topic().empty()) known.insert(id);
      continue;
    }
    if (notice.topic().empty()) continue;
    if (notice.topic() == "petition.sealed") {
      kernel::v1::Notice bare;
      bare.set_topic(notice.topic());
      bare.set_level(notice.level());
      bare.set_classification(kernel::v1::SEALED);
      if (bare.SerializeAsString() != notice.SerializeAsString())
        broken->push_back(absl::StrCat("law 5: the notice of a sealed petition says more than its level: ", id));
      continue;
    }
    // Known before as something else: it leaves the lists, once, at the moment its type is known.
    petition::v1::Notice said;
    CHECK(said.ParseFromString(notice.payload()));
    const bool there = known.contains(id) && !copies.contains(id);
    const bool leaves = becomes && there && said.petition_type().empty() && said.clock().empty() &&
                        (said.status() == petition::v1::MERGED || said.has_origin());
    if (!leaves) broken->push_back(absl::StrCat("law 5: others hear of a sealed petition: ", notice.topic()));
  }
}

// A copy of it has its words, and the record of a reception at which it was brought too.
void CheckAlong(const Books& books, Broken* broken) {
  std::set<std::string> sealed;
  for (const auto& [id, state] : books.petition.states) {
    if (state.type() != petition::v1::ACCUSATION) continue;
    sealed.insert(id);
    if (!state.respondent_org().empty() && state.respondent_org() == state.office_org())
      broken->push_back(absl::StrCat("law 5: an accusation lies with whom it accuses: ", id));
  }
  for (const auto& [id, state] : books.petition.states) {
    if (sealed.contains(id) || !state.sealed_with().empty()) continue;
    if (sealed.contains(state.primary_id()))
      broken->push_back(absl::StrCat("law 5: a copy of an accusation is open: ", id));
    for (const auto& met : state.reception().petition_id()) {
      if (sealed.contains(met)) broken->push_back(absl::StrCat("law 5: a reception tells of an accusation: ", id));
    }
  }
}

// Born sealed, it carries a mark: nobody else's database has it, nor any list, count, state or vault that others share.
void CheckTraces(const World& world, Broken* broken) {
  for (const Node* node : world.nodes) {
    const bool own = node->name() == "petition";
    for (size_t number = 0; number < storage::kKeySpaceNames.size(); ++number) {
      const auto space = static_cast<KeySpace>(number);
      const bool open = space == KeySpace::kIndex || space == KeySpace::kTally || space == KeySpace::kState ||
                        space == KeySpace::kVault;
      if (own && !open) continue;  // it lies in spaces of its own; in the log, its id alone can be read
      for (const auto& [key, value] : RowsOf(node->view(), space)) {
        const auto& names = petition::PetitionDomain::kIndexes;
        const std::string_view index =
            own && space == KeySpace::kIndex ? names.at(static_cast<size_t>(key.at(0))) : std::string_view();
        if (index == "sealed" || index == "provisional") continue;
        if (AccusationIn(key).empty() && AccusationIn(value).empty()) continue;
        broken->push_back(absl::StrCat("law 5: an accusation is in ", node->name(), " ",
                                       std::string(storage::kKeySpaceNames[number]), " ", std::string(index)));
        break;
      }
    }
  }
}

}  // namespace

void CheckRows(const World& world, Broken* broken) {
  CheckTraces(world, broken);
  for (const Node* node : world.nodes) {
    for (size_t space = 0; space < storage::kKeySpaceNames.size(); ++space) {
      for (const auto& [key, value] : RowsOf(node->view(), static_cast<storage::KeySpace>(space))) {
        std::string_view mark = PersonalMarkIn(key);
        if (mark.empty()) mark = PersonalMarkIn(value);
        if (mark.empty()) continue;
        broken->push_back(absl::StrCat("law 5: '", std::string(mark), "' is in clear in ", node->name(), " ",
                                       std::string(storage::kKeySpaceNames[space])));
        break;
      }
    }
  }
}

void CheckSecrets(const Evidence& evidence, const Books& books, Broken* broken) {
  CheckSealedNotices(books, broken);
  CheckAlong(books, broken);
  CheckRows(evidence.world, broken);
  Ears& ears = evidence.city.ears();
  ears.OnText("the log of the process", evidence.log_lines);
  for (const std::string& leak : ears.leaks()) broken->push_back(absl::StrCat("law 5: ", leak));
  if (ears.frames() == 0) broken->push_back("law 5: no frame was looked at");
}

}  // namespace sim
