#include "base/thread.h"

#include <gtest/gtest.h>
#include <pthread.h>

#include <array>

namespace base {
namespace {

TEST(StartThread, NamesTheThreadAndCutsTheNameAtFifteenBytes) {
  std::array<char, 16> name{};
  StartThread("incident-writer-long", [&] {
    pthread_getname_np(pthread_self(), name.data(), name.size());
  }).join();
  EXPECT_STREQ(name.data(), "incident-writer");
}

TEST(StartThread, HandsOverTheStopToken) {
  bool stopped = false;
  {
    std::jthread thread = StartThread("t", [&](std::stop_token stop) {
      while (!stop.stop_requested()) std::this_thread::yield();
      stopped = true;
    });
  }
  EXPECT_TRUE(stopped);
}

TEST(ThreadChecker, BelongsToTheFirstThreadThatAsks) {
  ThreadChecker checker;
  EXPECT_TRUE(checker.Here());
  EXPECT_TRUE(checker.Here());
  bool there = true;
  StartThread("other", [&] { there = checker.Here(); }).join();
  EXPECT_FALSE(there);
  checker.Release();
  StartThread("other", [&] { there = checker.Here(); }).join();
  EXPECT_TRUE(there);
  EXPECT_FALSE(checker.Here());
}

}  // namespace
}  // namespace base
