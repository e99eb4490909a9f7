// A command that kills the process is tried three times. Real processes die here: each attempt is a child.
#include "services/kernel/quarantine.h"

#include <gmock/gmock.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

#include "tests/kernel/crash_process.h"
#include "tests/support/temp_dir.h"

namespace jar {
namespace {

using storage::KeySpace;
using ::testing::SizeIs;

// Runs the child to its end; true if it died of the command.
bool Dies(const tests::TempDir& dir, std::vector<std::string> arguments) {
  std::string program = std::filesystem::read_symlink("/proc/self/exe").parent_path() / "kernel_crash_child";
  std::vector<char*> argv = {program.data(), const_cast<char*>(dir.path().c_str())};
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  pid_t child = 0;
  EXPECT_EQ(posix_spawn(&child, program.c_str(), nullptr, nullptr, argv.data(), environ), 0);
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

TEST(Quarantine, TakesACommandOfAPersonAfterTheThirdCrash) {
  tests::TempDir dir;
  EXPECT_FALSE(Dies(dir, {"ask", "make { area: 'a' }"}));
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(Dies(dir, {"ask", "crash {}"}));
  Process process(dir.path());
  const auto outcome = process.Ask("m1", "crash {}");
  ASSERT_TRUE(outcome.refusal);
  EXPECT_EQ(outcome.refusal->reason, "QUARANTINED");
  EXPECT_FALSE(process.Ask("m1", "add { beans: 1 }").refusal) << "others go on";
  const auto held = process.Read().Quarantined();
  ASSERT_THAT(*held, SizeIs(1));
  EXPECT_EQ(held->front().attempts(), 3u);
  EXPECT_EQ(held->front().origin(), "request/w1/r-crash {}");
  EXPECT_EQ(held->front().command(), "crash");
  v1::Command command;
  EXPECT_TRUE(command.ParseFromString(held->front().envelope()));
  EXPECT_TRUE(command.has_crash()) << "an operator can see what it was";
}

TEST(Quarantine, LetsTheRestOfABusBatchHappen) {
  tests::TempDir dir;
  EXPECT_FALSE(Dies(dir, {"ask", "make { area: 'a' }"}));
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(Dies(dir, {"notice"}));
  Process process(dir.path());
  process.HearNotice();
  EXPECT_EQ((*process.Read().Get("m1"))->state.beans(), 1);
  EXPECT_EQ((*process.engine().inbox().LoadCursor("other"))->seq, 1u);
}

TEST(Quarantine, ForgetsASuspectThatGoesWell) {
  tests::TempDir dir;
  EXPECT_FALSE(Dies(dir, {"ask", "make { area: 'a' }"}));
  EXPECT_TRUE(Dies(dir, {"ask", "crash {}"}));
  {
    Process process(dir.path());
    EXPECT_THAT(*process.Read().Quarantined(), SizeIs(1));
    auto idle = Envelope("m1", "idle {}");
    idle.request_id = "r-crash {}";  // the same request, repaired
    process.engine().Submit(std::move(idle));
    process.Run();
  }
  EXPECT_THAT(*Process(dir.path()).Read().Quarantined(), SizeIs(0));
}

TEST(CrashMarker, IsEmptyAfterAnOrderlyEnd) {
  tests::TempDir dir;
  EXPECT_FALSE(Dies(dir, {"ask", "make { area: 'a' }"}));
  const auto marker = kernel::CrashMarker::Open(dir / "in_flight");
  ASSERT_TRUE(marker.ok());
  EXPECT_EQ((*marker)->Read(), "");
}

TEST(CrashMarker, WithGarbageIsNoSuspicion) {
  tests::TempDir dir;
  {
    std::string garbage(100, '\xff');
    FILE* file = fopen((dir / "in_flight").c_str(), "w");
    fwrite(garbage.data(), 1, garbage.size(), file);
    fclose(file);
  }
  EXPECT_THAT(*Process(dir.path()).Read().Quarantined(), SizeIs(0));
}

TEST(CrashMarker, InADirectoryThatIsNotThereIsAnError) {
  const auto marker = kernel::CrashMarker::Open("/nonexistent/in_flight");
  EXPECT_EQ(marker.status().code(), absl::StatusCode::kInternal);
}

}  // namespace
}  // namespace jar
