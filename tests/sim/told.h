#pragma once
// Who must know what, a second time: from what the services of the matters said, the city's rows
// (policy/notifications.textproto, as text: no code of notify reads them here), and the rules that stand above any row:
//
//   a petition 信访 is told to who has it, who is asked, whom it concerns, and areas from the level of its office upward;
//   what has left the lists, as a copy or as an accusation 检举控告, is told to nobody any more; of what is sealed, nobody
//   hears anything. Quiet from 20:00 to 07:00 but for what is urgent; in an hour five of one box come one by one, the
//   rest as one digest (ux.md R12).
//
// When a notice arrived is chance; that is all that is taken from notify's own log.

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "policy/v1/notifications.pb.h"
#include "tests/sim/books.h"

namespace sim {

// A notice of a service, as whoever is told needs it.
struct Said {
  std::string source, topic, event_id;
  uint64_t seq = 0;
  std::string service, subject, code;  // whose matter, which
  std::string area;
  int level = 0;
  common::v1::Card card = common::v1::CARD_NONE;
  bool pressing = false;
  bool demanded = false;  // oversight itself asks it of the unit
  bool unsolved = false;  // whoever reported it says so
  bool leaves = false;  // the petition leaves the lists
  std::map<policy::v1::Whom, std::vector<std::string>> units;
  std::string answers;  // the unit that has it or is asked

  bool IsOfPetition() const { return service == "petition"; }
  const std::string& LeavingId() const { return subject; }
};

// One notice in one box.
struct Entry {
  std::string box;
  const Said* said = nullptr;
  std::string wording;
  bool urgent = false;
  int64_t at_ms = 0;         // it came
  int64_t digest_at_ms = 0;  // 0: it stands by itself
  bool withdrawn = false;
};

// What is in the log of a notify that should be there: every box, and every notice that was told, by where it stands.
struct Told {
  std::vector<Entry> entries;
  std::map<uint64_t, const Said*> told;  // by its place in the log of notify
  std::map<std::string, int64_t> left;   // petitions that have left, and the place in the log where that was heard
};

class MustKnow {
 public:
  MustKnow(const Books& books, policy::v1::NotificationPolicy rows);

  const std::map<std::pair<std::string, uint64_t>, Said>& said() const { return said_; }
  const policy::v1::NotificationPolicy& rows() const { return rows_; }
  const policy::v1::TopicRule* RowOf(const Said& said) const;  // null: told to nobody
  std::set<std::string> BoxesOf(const Said& said, const policy::v1::TopicRule& row) const;
  // Whom the domain model names itself, whatever the rows say.
  std::set<std::string> NamedByTheDomain(const Said& said) const;
  // Boxes that somebody may open who holds this.
  std::set<std::string> BoxesOf(const kernel::v1::Grant& grant) const;
  // Plays the arrivals in `log`; says what was heard otherwise than once.
  Told Play(const Book<notify::v1::State>& book, std::string_view who, Broken* broken) const;
  bool IsQuiet(int64_t at_ms) const;
  int64_t Morning(int64_t at_ms) const;  // the next end of the quiet hours

 private:
  struct Box {
    int64_t waits_until_ms = 0, hour_from_ms = 0;
    int shown = 0;
  };
  void Read(std::string_view source, const kernel::v1::LogRecord& record);
  int64_t Arrive(Box* box, bool alone, int64_t at_ms) const;

  const policy::v1::NotificationPolicy rows_;
  std::map<std::string, const policy::v1::TopicRule*> row_of_;
  std::map<std::pair<std::string, uint64_t>, Said> said_;  // by source and place
};

}  // namespace sim
