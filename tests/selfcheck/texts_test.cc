// What people read: pages, papers, the columns of sheets, refusals, policies, and the comments that become the
// description of the interface. None of it asks for rankings, check-ins, quotas, tracks or scores.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <set>
#include <string>
#include <vector>

#include "services/selfcheck/walk.h"

namespace selfcheck {
namespace {

namespace fs = std::filesystem;

// A sentence that says the word and keeps the rule.
struct Allowed {
  const char* file;
  const char* rule;
  const char* part;  // of the line
  const char* why;
};
constexpr Allowed kAllowed[] = {
    {"proto/incident/v1/api.proto", "R2", "nobody is asked for a nil report", "it says that nobody is asked"},
    {"proto/incident/v1/requests.proto", "R2", "nobody is asked for a nil report",
     "it says that nobody is asked"},
    {"proto/kernel/v1/options.proto", "R1", "code points", "characters of a text"},
    {"proto/mediation/v1/requests.proto", "R14", "disability rated",
     "the day a disability was assessed, of a road accident"},
    {"proto/oversight/v1/grading.proto", "R1", "never a rank", "it says that nobody is ranked"},
    {"proto/petition/v1/requests.proto", "R14", "not rated", "the petitioner judges how the unit handled it"},
    {"proto/petition/v1/terms.proto", "R14", "are rated apart",
     "the petitioner judges the handling, of unit and office"},
    {"services/petition/domain/refusals.cc", "R14", "评分为1至5", "the petitioner judges the handling"},
    {"services/petition/sheets.cc", "R14", "core",
     "the petitioner's judgement of the handling, a column of units"},
};

bool EndsWithAny(const std::string& name, std::initializer_list<const char*> endings) {
  return std::ranges::any_of(endings, [&](const char* ending) { return name.ends_with(ending); });
}

std::vector<std::string> FilesOf(const std::string& folder, std::initializer_list<const char*> endings) {
  std::vector<std::string> out;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const std::string path = entry.path().generic_string();
    if (entry.is_regular_file() && EndsWithAny(path, endings)) out.push_back(path);
  }
  std::ranges::sort(out);
  return out;
}

// Names in a .proto are walked as descriptors; here only what becomes the interface's description.
std::string PartForPeople(const std::string& file, const std::string& line) {
  if (!file.ends_with(".proto")) return line;
  const size_t comment = line.find("//");
  return comment == std::string::npos ? "" : line.substr(comment);
}

class Texts : public testing::Test {
 protected:
  void Read(const std::vector<std::string>& files) {
    EXPECT_FALSE(files.empty());
    for (const std::string& file : files) {
      std::ifstream in(file);
      int number = 0;
      for (std::string line; std::getline(in, line);) {
        ++number;
        for (const Word& word : SaidIn(PartForPeople(file, line))) Judge(file, number, line, word);
      }
    }
  }
  void Judge(const std::string& file, int number, const std::string& line, const Word& word) {
    for (const Allowed& allowed : kAllowed) {
      if (file == allowed.file && word.rule == allowed.rule && line.find(allowed.part) != std::string::npos) {
        if (used_.insert(&allowed).second)
          std::cout << word.rule << " exception " << file << ": " << allowed.why << "\n";
        return;
      }
    }
    ADD_FAILURE() << file << ":" << number << ": breaks " << word.rule << " (" << word.en << " " << word.zh
                  << "): " << line;
  }
  std::set<const Allowed*> used_;
};

// spec: R1 R2 R3 R14 G37
TEST_F(Texts, OfPagesPapersSheetsPoliciesAndTheInterfaceAskForNoneOfIt) {
  Read(FilesOf("web", {".html", ".css", ".js"}));
  Read(FilesOf("policy", {".textproto"}));
  Read(FilesOf("proto", {".proto"}));
  std::vector<std::string> of_services =
      FilesOf("services", {"/sheets.cc", "/words.cc", "/refusals.cc", ".html"});
  EXPECT_GT(of_services.size(), 40u) << "papers, columns and refusals of the services";
  Read(of_services);
  for (const Allowed& allowed : kAllowed) {
    EXPECT_TRUE(used_.contains(&allowed))
        << allowed.file << ": nothing there says " << allowed.part << " any more";
  }
}

TEST(Sentences, ThatAskForItAreFoundInBothLanguages) {
  for (const char* said : {"网格员本月积分", "今日未打卡", "各镇上报率排名", "查看巡查轨迹", "每日零报告",
                           "重点人员管理", "群众评分", "在线时长不足", "Leaderboard of the week",
                           "daily target reached", "GPS tracking", "risk score"}) {
    EXPECT_FALSE(SaidIn(said).empty()) << said;
  }
  EXPECT_TRUE(SaidIn("邻里纠纷在村里化解；欠薪逐级上报到县。").empty());
}

}  // namespace
}  // namespace selfcheck
