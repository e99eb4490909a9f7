#include "tools/repeats/pairs.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>

#include "base/random.h"
#include "base/status_macros.h"
#include "services/search/index.h"
#include "services/search/likeness.h"
#include "services/search/terms.h"

namespace repeats {
namespace {

using search::Token;
using Sentences = std::vector<std::string>;

constexpr uint64_t kSeed = 1;
constexpr size_t kSentenceBytesMin = 12;  // four characters

Sentences SentencesOf(std::string_view text) {
  Sentences sentences;
  std::string sentence;
  for (size_t at = 0; at < text.size();) {
    size_t size = 1;
    while (at + size < text.size() && (static_cast<unsigned char>(text[at + size]) & 0xc0) == 0x80) ++size;
    const std::string_view character = text.substr(at, size);
    at += size;
    const bool ends = character == "。" || character == "！" || character == "？" || character == "；";
    if (!ends) sentence += character;
    if (!ends && at < text.size()) continue;
    if (sentence.size() > kSentenceBytesMin) sentences.push_back(sentence);
    sentence.clear();
  }
  return sentences;
}

Sentences Part(const Sentences& all, size_t from, size_t to) {
  return {all.begin() + static_cast<ptrdiff_t>(std::min(from, all.size())),
          all.begin() + static_cast<ptrdiff_t>(std::min(to, all.size()))};
}

Sentences Shuffled(Sentences sentences, base::Random& random) {
  for (size_t i = sentences.size(); i > 1; --i) std::swap(sentences[i - 1], sentences[random.Below(i)]);
  return sentences;
}

Sentences Joined(Sentences a, const Sentences& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

std::string TextOf(const Sentences& sentences) { return absl::StrJoin(sentences, "。"); }

// The statements, tokenised as the petition service does it.
class Body {
 public:
  explicit Body(search::Index* index) : index_(*index), terms_(std::string(32, 'r')) {}

  absl::Status Add(const std::string& text) {
    search::Document document{search::RowOf(++row_), absl::StrCat("s", row_), WordsOf(text)};
    return index_.Commit({{document.id, document}}, index_.standing());
  }
  absl::StatusOr<int> Permille(const std::string& a, const std::string& b) {
    return search::Likeness(&index_).Permille(WordsOf(a), WordsOf(b));
  }
  std::vector<Token> WordsOf(const std::string& text) const {
    std::vector<Token> words;
    terms_.AddWords(text, &words);
    search::Settle(&words);
    return words;
  }

 private:
  search::Index& index_;
  const search::Terms terms_;
  uint64_t row_ = 0;
};

double InCommon(const std::vector<Token>& a, const std::vector<Token>& b) {
  std::vector<Token> both;
  std::ranges::set_intersection(a, b, std::back_inserter(both));
  const size_t smaller = std::min(a.size(), b.size());
  return smaller == 0 ? 0 : static_cast<double>(both.size()) / static_cast<double>(smaller);
}

// The half of each case: in turns, type by type.
std::vector<int> HalvesOf(const std::vector<Case>& cases) {
  std::map<std::string, int> seen;
  std::vector<int> halves;
  for (const Case& one : cases) halves.push_back(1 + seen[one.type]++ % 2);
  return halves;
}

absl::Status AddSame(const Case& one, int half_of_it, Body& body, base::Random& random, std::vector<Pair>* pairs) {
  const Sentences told = SentencesOf(one.description);
  const Sentences said = SentencesOf(one.talk);
  const std::string half = TextOf(Part(Shuffled(told, random), 0, std::max<size_t>(1, told.size() * 3 / 5)));
  const std::string some = TextOf(Part(Shuffled(said, random), 0, std::max<size_t>(3, said.size() * 2 / 3)));
  const std::string first = TextOf(Joined(Part(told, 0, told.size() / 2), Part(said, 3, 6)));
  const std::string second =
      TextOf(Shuffled(Joined(Part(told, told.size() / 2, told.size()), Part(said, 0, 3)), random));
  struct Texts {
    const char* kind;
    std::string a, b;
  };
  for (const Texts& texts : {Texts{"short", one.description, half}, Texts{"dialogue", one.description, one.talk},
                             Texts{"half", half, some}, Texts{"disjoint", first, second}}) {
    ASSIGN_OR_RETURN(const int permille, body.Permille(texts.a, texts.b));
    pairs->push_back({texts.kind, true, permille, half_of_it});
  }
  return absl::OkStatus();
}

absl::Status AddOthers(const Case& one, const Case& other, int half, Body& body, std::vector<Pair>* pairs) {
  for (const std::string* a : {&one.description, &one.talk}) {
    for (const std::string* b : {&other.description, &other.talk}) {
      ASSIGN_OR_RETURN(const int permille, body.Permille(*a, *b));
      pairs->push_back({"other", false, permille, half});
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<Case>> ReadCases(const std::string& path) {
  std::ifstream in(path);
  if (!in) return absl::NotFoundError(absl::StrCat("cannot read ", path));
  std::vector<Case> cases;
  for (std::string line; std::getline(in, line);) {
    const auto json = nlohmann::json::parse(line, nullptr, false);
    if (!json.is_object() || !json.contains("dialog")) {
      return absl::InvalidArgumentError(absl::StrCat(path, ": line ", cases.size() + 1, " is no case"));
    }
    Case one{json.value("event_type", ""), json.value("event_description", ""), ""};
    for (const auto& turn : json["dialog"]) {
      if (turn.value("speaker", "sys") != "sys") one.talk += turn.value("text", "");
    }
    cases.push_back(std::move(one));
  }
  return cases;
}

std::vector<Case> WithoutDoubles(std::vector<Case> cases) {
  constexpr double kOneCase = 0.6;
  const search::Terms terms(std::string(32, 'r'));
  std::vector<Case> kept;
  std::vector<std::vector<Token>> words;
  for (Case& one : cases) {
    std::vector<Token> own;
    terms.AddWords(one.description, &own);
    search::Settle(&own);
    const auto is_this = [&](const auto& other) { return InCommon(own, other) >= kOneCase; };
    if (std::ranges::any_of(words, is_this)) continue;
    kept.push_back(std::move(one));
    words.push_back(std::move(own));
  }
  return kept;
}

absl::StatusOr<std::vector<Pair>> Measure(const std::vector<Case>& cases, const std::string& folder) {
  ASSIGN_OR_RETURN(const auto index, search::Index::Open(folder, std::string(8, 'r')));
  Body body(index.get());
  for (const Case& one : cases) {
    RETURN_IF_ERROR(body.Add(one.description));
    RETURN_IF_ERROR(body.Add(one.talk));
  }
  base::Random random(kSeed);
  const std::vector<int> halves = HalvesOf(cases);
  std::vector<Pair> pairs;
  for (size_t i = 0; i < cases.size(); ++i) {
    RETURN_IF_ERROR(AddSame(cases[i], halves[i], body, random, &pairs));
    for (size_t j = i + 1; j < cases.size(); ++j) {
      if (cases[i].type != cases[j].type) continue;
      const int half = halves[i] == halves[j] ? halves[i] : 0;
      RETURN_IF_ERROR(AddOthers(cases[i], cases[j], half, body, &pairs));
    }
  }
  return pairs;
}

Quality At(const std::vector<Pair>& pairs, int permille) {
  Quality quality;
  for (const Pair& pair : pairs) {
    const bool shown = pair.permille >= permille;
    if (pair.same && shown) ++quality.hits;
    if (pair.same && !shown) ++quality.misses;
    if (!pair.same && shown) ++quality.false_alarms;
  }
  return quality;
}

double Quality::precision() const {
  return hits == 0 ? 0 : static_cast<double>(hits) / static_cast<double>(hits + false_alarms);
}

double Quality::recall() const {
  return hits == 0 ? 0 : static_cast<double>(hits) / static_cast<double>(hits + misses);
}

double Quality::f1() const { return hits == 0 ? 0 : 2 * precision() * recall() / (precision() + recall()); }

std::vector<Pair> HalfOf(const std::vector<Pair>& pairs, int half) {
  std::vector<Pair> out;
  std::ranges::copy_if(pairs, std::back_inserter(out), [half](const Pair& pair) { return pair.half == half; });
  return out;
}

int ChooseFigure(const std::vector<Pair>& pairs) {
  constexpr int kStep = 5;
  constexpr int kLast = 500;
  double best = -1;
  std::vector<int> figures;
  for (int figure = kStep; figure <= kLast; figure += kStep) {
    const double f1 = At(pairs, figure).f1();
    if (f1 > best) figures.clear();
    if (f1 >= best) figures.push_back(figure);
    best = std::max(best, f1);
  }
  return figures[figures.size() / 2];
}

}  // namespace repeats
