#include "services/search/likeness.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "base/status_macros.h"
#include "services/search/limits.h"

namespace search {
namespace {

// Up to which hash both are compared.
Token SampleOf(const std::vector<Token>& a, const std::vector<Token>& b) {
  Token up_to = ~Token{0};
  for (const auto* tokens : {&a, &b}) {
    if (tokens->size() > kComparedTokensMax) up_to = std::min(up_to, (*tokens)[kComparedTokensMax - 1]);
  }
  return up_to;
}

std::vector<Token> Both(const std::vector<Token>& a, const std::vector<Token>& b) {
  std::vector<Token> both;
  std::ranges::set_intersection(a, b, std::back_inserter(both));
  return both;
}

}  // namespace

std::vector<Token> Likeness::WordsOf(const std::vector<Token>& tokens) {
  std::vector<Token> words;
  std::ranges::copy_if(tokens, std::back_inserter(words), [](Token token) { return KindOf(token) == Kind::kWord; });
  return words;
}

absl::StatusOr<double> Likeness::WeightOf(Token token) {
  if (const auto at = weights_.find(token); at != weights_.end()) return at->second;
  ASSIGN_OR_RETURN(const size_t frequency, index_.Frequency(token, kFrequencyMax));
  const double weight = 1.0 / static_cast<double>(std::max<size_t>(frequency, 2));
  weights_.emplace(token, weight);
  return weight;
}

absl::StatusOr<double> Likeness::WeightOf(const std::vector<Token>& tokens, Token up_to) {
  double sum = 0;
  for (const Token token : tokens) {
    if (token > up_to) break;
    ASSIGN_OR_RETURN(const double weight, WeightOf(token));
    sum += weight;
  }
  return sum;
}

absl::StatusOr<double> Likeness::Shared(const std::vector<Token>& a, const std::vector<Token>& b) {
  return WeightOf(Both(a, b), SampleOf(a, b));
}

absl::StatusOr<int> Likeness::Permille(const std::vector<Token>& a, const std::vector<Token>& b) {
  const Token up_to = SampleOf(a, b);
  ASSIGN_OR_RETURN(const double shared, WeightOf(Both(a, b), up_to));
  if (shared == 0) return 0;
  ASSIGN_OR_RETURN(const double left, WeightOf(a, up_to));
  ASSIGN_OR_RETURN(const double right, WeightOf(b, up_to));
  return static_cast<int>(std::lround(1000 * shared / std::min(left, right)));
}

}  // namespace search
