#pragma once
// What a text is found by. A text is folded (Unicode NFKC, lower case, traditional characters to simplified), runs of
// Chinese characters become pairs of neighbours, runs of letters and digits one word each. Nothing of it is stored in
// clear: each becomes a token.
//
//   token     64 bits: kind(8) HMAC-SHA-256(key, kind text)(56)
//   as text   kind, then 12 digits of base 32: what the index engine sees
//
// Without the key nobody can look a word up in the files or tell which word a token stands for, but how often each
// occurs can be counted: docs/decisions/20261122-search-index.md. Any thread.

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace search {

using Token = uint64_t;

// The key of a service's tokens is its vault's fingerprint of this. Requests are fingerprinted with their path before
// them: none begins like this.
inline constexpr std::string_view kKeyOf = "search terms 1";

enum class Kind : char {
  kWord = 'w',
  kScope = 's',       // who may see it; the domain makes these
  kPlace = 'p',       // area codes around it
  kOrg = 'o',         // units that have to do with it
  kCode = 'c',        // matter code, and its tail
  kPhone = 't',       // last four digits; in the index bound to a token of scope
  kOpen = 'n',
  kSubject = 'k',     // content code
  kRespondent = 'r',  // whom it is about
};

class Folding;  // ICU

class Terms {
 public:
  explicit Terms(std::string_view key);  // REQUIRES: 32 bytes
  ~Terms();

  Token Of(Kind kind, std::string_view text) const;
  std::string Fold(std::string_view text) const;
  // The grams of a text, folded; sorted, each once.
  std::vector<std::string> GramsOf(std::string_view text) const;
  void AddWords(std::string_view text, std::vector<Token>* out) const;
  // Every area around `code`, itself included.
  void AddAreas(Kind kind, std::string_view prefix, std::string_view code, std::vector<Token>* out) const;
  void AddCode(std::string_view matter_code, std::vector<Token>* out) const;
  // Nothing for what has no four digits at its end.
  void AddPhone(std::string_view phone, std::vector<Token>* out) const;
  // In the index the end of a telephone stands for each of those who may see the matter: whoever looks for one walks
  // what is theirs and ends so, and nothing that others have. Replaces the ends by these, one for each token of scope.
  void BindPhones(std::vector<Token>* tokens) const;
  std::vector<Token> PhonesFor(std::string_view tail, const std::vector<Token>& scope) const;

  // Tells an index that was made with another key. Says nothing of the key.
  std::string Mark() const;
  // For page tokens: another key from the same.
  std::string PageKey() const;

 private:
  Token Bound(Token phone, Token scope) const;

  const std::string key_;
  const std::unique_ptr<Folding> folding_;
  mutable absl::Mutex mutex_;
  mutable std::unordered_map<std::string, Token> cache_ ABSL_GUARDED_BY(mutex_);
};

// Sorted, each once, at most kDocumentTokensMax of them; words go first when there are more.
void Settle(std::vector<Token>* tokens);

inline Kind KindOf(Token token) { return static_cast<Kind>(token >> 56); }
std::string TextOf(Token token);  // as the engine sees it

}  // namespace search
