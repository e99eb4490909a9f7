#pragma once
// Why a case service did not do what oversight asked of it, in words. The answer travels as a code, so that no sentence
// about a matter passes between services; whoever shows it to people says it here. Pure.

#include <optional>
#include <string_view>

namespace reference {

struct AnswerWords {
  std::string_view zh, en;
};

// Empty: a code no case service gives today.
std::optional<AnswerWords> FindAnswerWords(std::string_view reason_code);

// The same, or that it was refused: an answer of another build has words too.
AnswerWords AnswerWordsOf(std::string_view reason_code);

}  // namespace reference
