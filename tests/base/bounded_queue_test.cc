#include "base/bounded_queue.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "base/thread.h"

namespace base {
namespace {

TEST(BoundedQueue, KeepsTheOrderAndTheLimit) {
  BoundedQueue<int> queue(2);
  EXPECT_TRUE(queue.TryPush(1));
  EXPECT_TRUE(queue.TryPush(2));
  EXPECT_FALSE(queue.TryPush(3));
  EXPECT_EQ(queue.size(), 2u);
  EXPECT_EQ(queue.Take(10, 0), (std::vector<int>{1, 2}));
  EXPECT_TRUE(queue.TryPush(3));
}

TEST(BoundedQueue, TakesNoMoreThanAsked) {
  BoundedQueue<int> queue(8);
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(queue.TryPush(i));
  EXPECT_EQ(queue.Take(3, 0), (std::vector<int>{0, 1, 2}));
  EXPECT_EQ(queue.Take(3, 0), (std::vector<int>{3, 4}));
}

TEST(BoundedQueue, LeavesARefusedItemWithItsOwner) {
  BoundedQueue<std::unique_ptr<std::string>> queue(1);
  auto first = std::make_unique<std::string>("first");
  auto second = std::make_unique<std::string>("second");
  EXPECT_TRUE(queue.TryPush(first));
  EXPECT_FALSE(queue.TryPush(second));
  ASSERT_NE(second, nullptr);
  EXPECT_EQ(*second, "second");
}

TEST(BoundedQueue, TakesNothingWhenNothingComes) {
  BoundedQueue<int> queue(1);
  EXPECT_TRUE(queue.Take(1, 1000).empty());
}

TEST(BoundedQueue, GivesOutWhatIsInsideAfterClosing) {
  BoundedQueue<int> queue(4);
  ASSERT_TRUE(queue.TryPush(7));
  queue.Close();
  EXPECT_FALSE(queue.TryPush(8));
  EXPECT_EQ(queue.Take(4, -1), std::vector<int>{7});
  EXPECT_TRUE(queue.Take(4, -1).empty());  // does not wait for ever
  EXPECT_TRUE(queue.closed());
}

TEST(BoundedQueue, WakesAWaitingTakerWithoutAnItem) {
  BoundedQueue<int> queue(4);
  std::vector<int> taken = {1};
  {
    std::jthread taker = StartThread("taker", [&] { taken = queue.Take(4, -1); });
    queue.Wake();
  }
  EXPECT_TRUE(taken.empty());
}

TEST(BoundedQueue, LosesAndDoublesNothingBetweenThreads) {
  constexpr int kPushers = 4;
  constexpr int kEach = 5000;
  BoundedQueue<int> queue(64);
  std::vector<int> seen(kPushers * kEach, 0);
  std::vector<std::jthread> pushers;
  for (int p = 0; p < kPushers; ++p) {
    pushers.push_back(StartThread("pusher", [&queue, p] {
      for (int i = 0; i < kEach; ++i) {
        while (!queue.TryPush(p * kEach + i)) std::this_thread::yield();
      }
    }));
  }
  std::vector<int> last(kPushers, -1);
  for (int got = 0; got < kPushers * kEach;) {
    for (int item : queue.Take(16, -1)) {
      ++seen[static_cast<size_t>(item)];
      EXPECT_GT(item, last[static_cast<size_t>(item / kEach)]);  // each pusher's items stay in order
      last[static_cast<size_t>(item / kEach)] = item;
      ++got;
    }
  }
  for (int count : seen) ASSERT_EQ(count, 1);
}

}  // namespace
}  // namespace base
