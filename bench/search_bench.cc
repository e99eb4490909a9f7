// The first page of a search, at the size of a town and of a city. One index is filled in two steps and asked the same
// questions after each; the limit is itself at the smaller size: 1.5.
//
//   search_bench [SMALL [LARGE]]      10000 200000; a million takes eight minutes of a quiet machine to fill
//
// Texts are phrases of complaints with random characters between them. 6 % of the matters lie in one village, 20 % in
// its township, 70 % in its county, the rest in villages of eleven counties, so that a page is full at the smaller
// size, too: one that is not has less work there. Beside each time stand the rows.
#include <absl/strings/str_cat.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/random.h"
#include "services/search/index.h"
#include "services/search/question.h"
#include "services/search/terms.h"

namespace {

using search::Kind, search::Token;

constexpr const char* kPhrases[] = {"路灯不亮", "楼上漏水", "拖欠工资", "占道经营", "垃圾没有清运", "供热温度不够", "下水道堵塞",
                                    "噪声扰民", "道路破损", "宅基地边界", "土地承包", "物业费", "电动车乱停", "违法建设",
                                    "树木遮挡", "彩礼返还", "赡养老人", "医疗费用", "工伤赔偿", "狗咬伤人"};
constexpr size_t kBatch = 1000;
constexpr int kRounds = 200;

// One character out of the 3,000 that begin the block, as UTF-8.
std::string Character(base::Random& random) {
  const auto c = static_cast<unsigned>(0x4e00 + random.Below(3000));
  return {static_cast<char>(0xe0 | c >> 12), static_cast<char>(0x80 | (c >> 6 & 0x3f)),
          static_cast<char>(0x80 | (c & 0x3f))};
}

std::string Digits(uint64_t number, int width) {
  std::string text = std::to_string(number);
  const auto wanted = static_cast<size_t>(width);
  return std::string(wanted - std::min(text.size(), wanted), '0') + text;
}

class City {
 public:
  explicit City(const std::string& folder) : terms_(std::string(32, 'k')), pages_(&terms_) {
    auto opened = search::Index::Open(folder, terms_.Mark());
    CHECK(opened.ok()) << opened.status().ToString();
    index_ = *std::move(opened);
  }

  void FillTo(size_t size) {
    std::vector<search::Change> changes;
    while (row_ < size) {
      search::Document document = Matter(++row_);
      changes.push_back({document.id, std::move(document)});
      if (changes.size() < kBatch && row_ < size) continue;
      const auto status = index_->Commit(changes, index_->standing());
      CHECK(status.ok()) << status.ToString();
      changes.clear();
    }
    // As the service does when it has nothing else to do.
    for (bool all = true;; all = false) {
      const auto more = index_->Tidy(all);
      CHECK(more.ok()) << more.status().ToString();
      if (!*more) return;
    }
  }

  // Median microseconds of the first page; `rows` that were on it.
  double Ask(const search::Wish& wish, const std::string& scope, size_t* rows) {
    std::vector<double> took;
    for (int i = 0; i < kRounds; ++i) {
      const auto from = std::chrono::steady_clock::now();
      const auto question = pages_.Ask(wish, {terms_.Of(Kind::kScope, "a" + scope)}, "u1", "");
      CHECK(!question.refusal);
      *rows = 0;
      const auto next = pages_.Walk(*index_, question, 20, [rows](const std::string&) -> absl::StatusOr<bool> {
        ++*rows;
        return true;
      });
      CHECK(next.ok()) << next.status().ToString();
      took.push_back(std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - from).count());
    }
    std::ranges::nth_element(took, took.begin() + kRounds / 2);
    return took[kRounds / 2];
  }

 private:
  search::Document Matter(uint64_t row) {
    search::Document document{search::RowOf(row), absl::StrCat("m", row), {}};
    std::string text;
    for (int i = 0; i < 3; ++i) {
      text += kPhrases[random_.Below(std::size(kPhrases))];
      for (int j = 0; j < 8; ++j) text += Character(random_);
    }
    terms_.AddWords(text, &document.tokens);
    const uint64_t draw = random_.Below(100);
    std::string village = draw < 70 ? "371403" : absl::StrCat("3714", Digits(random_.Below(11) + 2, 2));
    village += draw < 20 ? "001" : Digits(random_.Below(12) + 1, 3);
    village += draw < 6 ? "001" : Digits(random_.Below(30) + 1, 3);
    terms_.AddAreas(Kind::kScope, "a", village, &document.tokens);
    terms_.AddAreas(Kind::kPlace, "", village, &document.tokens);
    terms_.AddPhone("1380000" + Digits(random_.Below(200) * 50, 4), &document.tokens);
    terms_.AddCode(absl::StrCat("37140320261123I", Digits(row, 6)), &document.tokens);
    if (random_.Chance(0.1)) document.tokens.push_back(terms_.Of(Kind::kOpen, ""));
    terms_.BindPhones(&document.tokens);
    search::Settle(&document.tokens);
    return document;
  }

  base::Random random_{1};
  const search::Terms terms_;
  const search::Pages pages_;
  std::unique_ptr<search::Index> index_;
  uint64_t row_ = 0;
};

struct Asked {
  const char* what;
  search::Wish wish;
  const char* scope;
};

}  // namespace

int main(int argc, char** argv) {
  const size_t small = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 10'000;
  const size_t large = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 200'000;
  std::string folder = (std::filesystem::temp_directory_path() / "fengqiao-search-XXXXXX").string();
  CHECK(mkdtemp(folder.data()) != nullptr);
  const Asked questions[] = {
      {"a common word, the city", {.q = "漏水"}, "3714"},
      {"a common word, a county", {.q = "拖欠工资"}, "371403"},
      {"a common word, a township", {.q = "路灯"}, "371403001"},
      {"two common words, a county", {.q = "漏水 噪声"}, "371403"},
      {"open ones of a township", {.area_code = "371403001", .open_only = true}, "371403"},
      {"a place, the city", {.area_code = "371403001001"}, "3714"},
      {"the end of a telephone, a county", {.phone_tail = "1250"}, "371403"},
      {"a code, the city", {.q = "37140320261123I000777"}, "3714"},
      {"a word that nobody wrote", {.q = "魑魅魍魉"}, "3714"},
  };
  {
    City city(folder + "/search");
    std::vector<std::pair<double, size_t>> at_small;  // and the rows
    size_t rows = 0;
    city.FillTo(small);
    for (const Asked& asked : questions) {
      const double took = city.Ask(asked.wish, asked.scope, &rows);
      at_small.emplace_back(took, rows);
    }
    const auto from = std::chrono::steady_clock::now();
    city.FillTo(large);
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - from).count();
    std::printf("filled with %.0f documents a second\n", static_cast<double>(large - small) / seconds);
    std::printf("%-34s %12zu rows %12zu rows   ratio\n", "first page, median microseconds at", small, large);
    for (size_t i = 0; i < std::size(questions); ++i) {
      const double took = city.Ask(questions[i].wish, questions[i].scope, &rows);
      std::printf("%-34s %12.0f %4zu %12.0f %4zu   %5.2f\n", questions[i].what, at_small[i].first, at_small[i].second,
                  took, rows, took / at_small[i].first);
    }
  }
  std::filesystem::remove_all(folder);
  return 0;
}
