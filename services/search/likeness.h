#pragma once
// How much two texts have in common, from their tokens alone: nothing is read in clear. A word that few documents have
// weighs more than one that many have:
//
//   weight(t) = 1 / min(max(documents with t, 2), kFrequencyMax)
//   likeness(a, b) = weight(a and b) / min(weight(a), weight(b)), of 1000
//
// Of long texts a sample is compared, the same for both: the tokens with the smallest hashes. One asker, one thread.

#include <absl/status/statusor.h>

#include <unordered_map>
#include <vector>

#include "services/search/index.h"
#include "services/search/terms.h"

namespace search {

class Likeness {
 public:
  explicit Likeness(const Index* index) : index_(*index) {}

  // The words among the tokens of a document.
  static std::vector<Token> WordsOf(const std::vector<Token>& tokens);

  // What they share, by weight: cheap, to find the nearest of many. REQUIRES: WordsOf.
  absl::StatusOr<double> Shared(const std::vector<Token>& a, const std::vector<Token>& b);
  absl::StatusOr<int> Permille(const std::vector<Token>& a, const std::vector<Token>& b);

 private:
  absl::StatusOr<double> WeightOf(Token token);
  absl::StatusOr<double> WeightOf(const std::vector<Token>& tokens, Token up_to);

  const Index& index_;
  std::unordered_map<Token, double> weights_;
};

}  // namespace search
