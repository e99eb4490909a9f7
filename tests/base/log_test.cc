#include "base/log.h"

#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>

namespace base {
namespace {

using nlohmann::json;

TEST(LogLine, IsOneJsonObjectWithTimeLevelServiceAndFields) {
  const std::string line =
      LogLine(1'795'000'000'123, kWarning, "incident", "queue full",
              {{"waiting", 4096}, {"limit", size_t{4096}}, {"ratio", 1.5}, {"late", true}});
  const json parsed = json::parse(line);
  EXPECT_EQ(parsed["time"], "2026-11-18T11:06:40.123Z");
  EXPECT_EQ(parsed["level"], "warning");
  EXPECT_EQ(parsed["service"], "incident");
  EXPECT_EQ(parsed["message"], "queue full");
  EXPECT_EQ(parsed["waiting"], 4096);
  EXPECT_EQ(parsed["ratio"], 1.5);
  EXPECT_EQ(parsed["late"], true);
  EXPECT_EQ(line.find('\n'), std::string::npos);
}

TEST(LogLine, CarriesAnyTextWithoutBreakingTheLine) {
  const std::string hostile =
      "quote\" back\\ newline\n tab\t nul" + std::string(1, '\0') + " 枫桥 \xff\xfe end";
  const json parsed = json::parse(LogLine(0, kInfo, "", "m", {{"text", hostile}}));
  EXPECT_EQ(parsed["text"], "quote\" back\\ newline\n tab\t nul" + std::string(1, '\0') +
                                " 枫桥 \xef\xbf\xbd\xef\xbf\xbd end");
  EXPECT_FALSE(parsed.contains("service"));
}

TEST(LogLine, CutsLongValuesAtACharacter) {
  std::string longer;
  while (longer.size() < 2 * kLogValueBytesMax) longer += "德";
  const json parsed = json::parse(LogLine(0, kInfo, "", "m", {{"text", longer}}));
  const std::string kept = parsed["text"];
  EXPECT_LE(kept.size(), kLogValueBytesMax);
  EXPECT_GT(kept.size(), kLogValueBytesMax - 3);
  EXPECT_EQ(kept.size() % 3, 0u);
}

TEST(LogLine, WritesNumbersThatJsonHasNot) {
  const json parsed =
      json::parse(LogLine(0, kInfo, "", "m", {{"nan", std::numeric_limits<double>::quiet_NaN()}}));
  EXPECT_TRUE(parsed["nan"].is_null());
}

TEST(Log, WritesOneLineToStandardErrorFromItsLevelOn) {
  testing::internal::CaptureStderr();
  StartLog("directory", kInfo);
  Log(kDebug, "not this");
  Log(kError, "this", {{"count", 3}});
  const std::string out = testing::internal::GetCapturedStderr();
  const json parsed = json::parse(out);
  EXPECT_EQ(parsed["message"], "this");
  EXPECT_EQ(parsed["service"], "directory");
  EXPECT_EQ(out.back(), '\n');
}

}  // namespace
}  // namespace base
