#pragma once
// Named threads and the promise to stay on one.

#include <atomic>
#include <string>
#include <string_view>
#include <thread>
#include <type_traits>
#include <utility>

#include "base/check.h"

namespace base {

// What `top -H` and a debugger show for the calling thread; cut to 15 bytes by the kernel's limit.
void NameThisThread(std::string_view name);

// `run` gets the stop token if it takes one, as with std::jthread.
template <class F>
std::jthread StartThread(std::string name, F run) {
  if constexpr (std::is_invocable_v<F, std::stop_token>) {
    return std::jthread([name = std::move(name), run = std::move(run)](std::stop_token stop) mutable {
      NameThisThread(name);
      run(std::move(stop));
    });
  } else {
    return std::jthread([name = std::move(name), run = std::move(run)]() mutable {
      NameThisThread(name);
      run();
    });
  }
}

// Held by a class that belongs to one thread: the first that asks. CHECK(on_writer_.Here()) at the top of its
// methods.
class ThreadChecker {
 public:
  bool Here() const;
  void Release();  // the next thread that asks becomes the owner; only while nobody else is asking

 private:
  mutable std::atomic<std::thread::id> owner_{};
};

}  // namespace base
