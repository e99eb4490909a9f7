// Nothing in schema and interface ranks, scores or tracks a person; and whoever adds it is told.
#include "services/selfcheck/walk.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iostream>
#include <map>
#include <set>
#include <string>

#include "breaches.pb.h"
#include "services/selfcheck/linked.h"

namespace selfcheck {
namespace {

std::string Shown(const Check& check) {
  std::string text = std::string(check.rule) + " " + std::string(check.en) + "\n";
  for (const Finding& finding : check.findings) text += "  " + finding.name + ": " + finding.en + "\n";
  return text;
}

Walked Platform() { return Walk(LinkedFiles(), Exceptions()); }
Walked Breaches(std::span<const Exception> exceptions = {}) {
  const google::protobuf::FileDescriptor* file = breaches::v1::Worker::descriptor()->file();
  return Walk({&file, 1}, exceptions);
}

std::map<std::string, std::set<std::string>> FoundByRule(const Walked& walked) {
  std::map<std::string, std::set<std::string>> found;
  for (const Check& check : walked.checks) {
    for (const Finding& finding : check.findings) found[std::string(check.rule)].insert(finding.name);
  }
  return found;
}

// spec: R1 R2 R3 R6 R9 R13 R14 G37
TEST(Platform, BreaksNoRuleInAnyMessageFieldValueOrMethod) {
  const Walked walked = Platform();
  for (const Check& check : walked.checks) {
    EXPECT_TRUE(check.findings.empty()) << Shown(check);
    EXPECT_GT(check.looked_at, 0u) << check.en << ": it was about nothing";
    for (const Excused& excused : check.excused) {
      EXPECT_FALSE(excused.exception.reason_zh.empty() || excused.exception.reason_en.empty());
      std::cout << check.rule << " exception " << excused.exception.name << " (" << excused.names.size()
                << "): " << excused.exception.reason_en << "\n";
    }
  }
}

TEST(Platform, IsLookedAtWhole) {
  std::set<std::string> linked, listed;
  for (const auto* file : LinkedFiles()) linked.insert(file->name());
  std::ifstream files("proto/files.txt");
  for (std::string name; std::getline(files, name);) {
    if (name.ends_with(".proto") && !name.starts_with("google/")) listed.insert(name);
  }
  EXPECT_EQ(linked, listed) << "what is stored and what is spoken, of every service";
  for (const char* name :
       {"incident/v1/incident.proto", "directory/v1/directory.proto", "kernel/v1/record.proto"}) {
    EXPECT_TRUE(linked.contains(name)) << name;
  }
  const Walked walked = Platform();
  EXPECT_GT(walked.messages, 800u);
  EXPECT_GT(walked.fields, 4'700u);
  EXPECT_GT(walked.values, 550u);
  EXPECT_GT(walked.methods, 240u);
}

TEST(Breaches, AreEachFoundByTheirRule) {
  const std::string b = "breaches.v1.";
  const std::map<std::string, std::set<std::string>> wanted = {
      {"R1",
       {b + "Worker.rank", b + "Worker.points", b + "Worker.online_minutes", b + "Worker.patrolStreak",
        b + "DayKind.CHECK_IN", b + "LeaderBoard", b + "Breaches.GetRanking"}},
      {"R2", {b + "GridDuty.monthly_quota", b + "GridDuty.nil_report", b + "GridDuty.min_reports"}},
      {"R3",
       {b + "Patrol.fix", b + "Patrol.trajectory", b + "Patrol.longitude", b + "Patrol.photo_sha256",
        b + "Patrol.photos"}},
      {"R6", {b + "ReportRequest.text"}},
      {"R9", {b + "Contact.name", b + "Notice.Inner.phone", b + "CallRequest.mobile"}},
      {"R13", {b + "StartFormRequest.asked"}},
      {"R14",
       {b + "Household.score", b + "Household.tag", b + "WatchList", b + "Worker.danger", b + "Worker.colour",
        b + "Worker.rank", b + "Breaches.ListWorkerScores"}},
  };
  EXPECT_EQ(FoundByRule(Breaches()), wanted);
}

TEST(Exception, ExcusesItsOwnRuleOnlyAndFallsDueWithWhatItWasFor) {
  const Exception exceptions[] = {{"R1", "breaches.v1.Worker.ra*", "理由", "a reason"},
                                  {"R3", "breaches.v1.Gone", "理由", "a reason"}};
  auto found = FoundByRule(Breaches(exceptions));
  EXPECT_FALSE(found["R1"].contains("breaches.v1.Worker.rank"));
  EXPECT_TRUE(found["R14"].contains("breaches.v1.Worker.rank"))
      << "excused of a ranking, not of judging a person";
  EXPECT_TRUE(found["R1"].contains("breaches.v1.Worker.points"));
  EXPECT_TRUE(found["R3"].contains("breaches.v1.Gone")) << "an exception for nothing";
  for (const Check& check : Breaches(exceptions).checks) {
    for (const Excused& excused : check.excused) {
      EXPECT_EQ(excused.exception.name, "breaches.v1.Worker.ra*");
      EXPECT_EQ(excused.names, std::vector<std::string>{"breaches.v1.Worker.rank"});
    }
  }
}

TEST(Names, AreReadWordByWord) {
  EXPECT_EQ(WordsOf("OnlineMinutes"), (std::vector<std::string>{"online", "minutes"}));
  EXPECT_EQ(WordsOf("online_minutes"), WordsOf("ONLINE_MINUTES"));
  EXPECT_EQ(WordsOf("onlineMinutes"), WordsOf("online minutes"));
  EXPECT_EQ(WordsOf("frank_points"), (std::vector<std::string>{"frank", "points"}))
      << "a rank is not in frank";
  EXPECT_TRUE(SaidIn("a frank word about the codepoints").empty());
  ASSERT_EQ(SaidIn("本月上报率最低的网格").size(), 1u);
  EXPECT_EQ(SaidIn("Check-in at the grid").front().rule, "R1");
}

}  // namespace
}  // namespace selfcheck
