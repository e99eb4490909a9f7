// The policy folder: what is read, and what stops the reading.
#include "services/reference/policy_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>

#include "tests/reference/fixtures.h"

namespace reference {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

// A copy of the shipped folder that may be spoilt.
class PolicyFolder : public testing::Test {
 protected:
  PolicyFolder() {
    std::string pattern = (fs::temp_directory_path() / "policyXXXXXX").string();
    CHECK(mkdtemp(pattern.data()) != nullptr);
    root_ = pattern;
    fs::copy("policy", root_, fs::copy_options::recursive);
  }
  ~PolicyFolder() override { fs::remove_all(root_); }

  void Replace(const std::string& file, const std::string& from, const std::string& to) {
    std::ifstream in(root_ / file);
    std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    const size_t at = text.find(from);
    CHECK(at != std::string::npos) << from;
    std::ofstream(root_ / file) << text.replace(at, from.size(), to);
  }
  std::string Trouble() const { return std::string(ReadPolicyFolder(root_.string()).status().message()); }

  fs::path root_;
};

TEST_F(PolicyFolder, IsReadWhole) {
  const absl::StatusOr<PolicyFiles> files = ReadPolicyFolder(root_.string());
  ASSERT_TRUE(files.ok()) << files.status();
  // Eight files; ladder, mediation and warnings are at their second revision, incident is at its third, deadlines
  // are at their fifth.
  EXPECT_EQ(files->policies.revision(), 17);
  EXPECT_EQ(files->calendar.first_day(), "2004-01-01");
  EXPECT_EQ(files->calendar.horizon(), "2026-12-31");
  EXPECT_EQ(files->calendar.off_size(), 619);
  EXPECT_EQ(files->calendar.work_size(), 150);
  EXPECT_TRUE(fs::exists("policy/calendar/LICENSE.chinese-days"));
}

TEST_F(PolicyFolder, RaisesItsRevisionWithAnyFile) {
  const int before = ReadPolicyFolder(root_.string())->policies.revision();
  Replace("ladder.textproto", "revision: 2", "revision: 3");
  EXPECT_EQ(ReadPolicyFolder(root_.string())->policies.revision(), before + 1);
}

TEST_F(PolicyFolder, NamesTheFileThatIsMissing) {
  fs::remove(root_ / "ladder.textproto");
  EXPECT_THAT(Trouble(), AllOf(HasSubstr("ladder.textproto"), HasSubstr("打不开文件")));
}

TEST_F(PolicyFolder, NamesFileLineAndFieldOfAnUnknownField) {
  Replace("incident.textproto", "merge_radius_m: 100", "merge_radius: 100");
  EXPECT_THAT(Trouble(), AllOf(HasSubstr("incident.textproto:20:"), HasSubstr("merge_radius")));
}

TEST_F(PolicyFolder, NamesFileAndLineOfASlip) {
  Replace("deadlines.textproto", "amount: 15 unit: D }", "amount: fifteen unit: D }");
  EXPECT_THAT(Trouble(), HasSubstr("deadlines.textproto:"));
  EXPECT_THAT(Trouble(), HasSubstr("fifteen"));
}

TEST_F(PolicyFolder, NamesFileAndRowOfAWrongRow) {
  Replace("deadlines.textproto", "length { amount: 15 unit: D }", "length { amount: -15 unit: D }");
  EXPECT_THAT(Trouble(), AllOf(HasSubstr("deadlines.textproto"), HasSubstr("时限 DP-01：length 必须大于0"),
                               HasSubstr("deadline DP-01: length must be greater than 0")));
}

TEST_F(PolicyFolder, RefusesARowGivenTwice) {
  Replace("categories.textproto", "code: \"0102\"", "code: \"0101\"");
  EXPECT_THAT(Trouble(),
              AllOf(HasSubstr("categories.textproto"), HasSubstr("category 0101: code is used twice")));
}

TEST_F(PolicyFolder, RefusesACalendarThatContradictsItself) {
  Replace("calendar/calendar.textproto", "work: \"2026-02-14\"", "work: \"2026-02-15\"");
  EXPECT_THAT(Trouble(), AllOf(HasSubstr("calendar.textproto"), HasSubstr("2026-02-15 is also off")));
}

TEST_F(PolicyFolder, RefusesAFileBeyondItsLimit) {
  std::ofstream(root_ / "ladder.textproto") << std::string(kPolicyFileBytesMax + 1, '#');
  EXPECT_THAT(Trouble(), AllOf(HasSubstr("ladder.textproto"), HasSubstr("文件太大")));
}

}  // namespace
}  // namespace reference
