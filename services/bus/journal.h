#pragma once
// What the state machines have to tell people: the runner writes it to the log, tests look at it. Never
// personal data.

#include <string_view>

namespace bus {

class Journal {
 public:
  virtual ~Journal() = default;
  enum class Weight {
    kNote,   // worth a line: opened, superseded, reconnecting
    kAudit,  // security: refused, revoked, wrong key
    kAlarm,  // somebody has to act: halted, apply fails, log unreadable
  };
  // `who`: consumer id or source name; `what`: a word that stays the same; `detail`: for a person.
  virtual void Write(Weight weight, std::string_view who, std::string_view what, std::string_view detail) = 0;
};

}  // namespace bus
