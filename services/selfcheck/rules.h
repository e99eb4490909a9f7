#pragma once
// What the platform promises not to do to people 减负: the product rules R1 to R14 as rows that a machine checks and
// anybody can read. Words that have no place in a name or a sentence, and the exceptions with their reasons. Tables
// only.

#include <span>
#include <string_view>

namespace selfcheck {

struct Rule {
  std::string_view id;  // "R1"
  std::string_view zh;
  std::string_view en;
};
std::span<const Rule> Rules();

// What no name (message, field, value, method) may say: words that follow each other, "online minutes" for
// online_minutes and OnlineMinutes. `zh`: what no sentence for people may say; empty: English only.
struct Word {
  std::string_view rule;
  std::string_view en;
  std::string_view zh;
};
std::span<const Word> Words();

// Why a name that looks like a breach is none. `name`: full name; "*" stands for any characters. An exception that
// excuses nothing any more is itself a finding, so the table never outlives what it was written for.
struct Exception {
  std::string_view rule;
  std::string_view name;
  std::string_view reason_zh;
  std::string_view reason_en;
};
std::span<const Exception> Exceptions();

}  // namespace selfcheck
