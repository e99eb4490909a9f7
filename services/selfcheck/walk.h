#pragma once
// Walks the descriptors of messages, fields, values and methods and says which of them break a product rule. It reads
// names and options, so it sees what could be stored or said, not what was: a rule about behaviour needs a test
// (proofs.h). Pure; any thread.

#include <google/protobuf/descriptor.h>

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "services/selfcheck/rules.h"

namespace selfcheck {

struct Finding {
  std::string name;  // full name, or the exception that excuses nothing
  std::string zh;
  std::string en;
};

struct Excused {
  Exception exception;
  std::vector<std::string> names;
};

// One thing looked for.
struct Check {
  std::string_view rule;
  std::string_view zh;
  std::string_view en;
  size_t looked_at = 0;  // names, fields or messages that it is about
  std::vector<Finding> findings;
  std::vector<Excused> excused;
};

struct Walked {
  size_t files = 0, messages = 0, fields = 0, values = 0, methods = 0;
  std::vector<Check> checks;  // by rule
};

Walked Walk(std::span<const google::protobuf::FileDescriptor* const> files,
            std::span<const Exception> exceptions);

// What a sentence for people says that it may not, in either language.
std::vector<Word> SaidIn(std::string_view sentence);

// The words of a name: "OnlineMinutes", "online_minutes" and "ONLINE_MINUTES" are online, minutes.
std::vector<std::string> WordsOf(std::string_view name);

}  // namespace selfcheck
