#include "base/thread.h"

#include <pthread.h>

namespace base {
namespace {

constexpr size_t kThreadNameMax = 15;

}  // namespace

void NameThisThread(std::string_view name) {
  const std::string cut(name.substr(0, kThreadNameMax));
  pthread_setname_np(pthread_self(), cut.c_str());
}

bool ThreadChecker::Here() const {
  const std::thread::id here = std::this_thread::get_id();
  std::thread::id nobody;
  return owner_.compare_exchange_strong(nobody, here) || nobody == here;
}

void ThreadChecker::Release() { owner_.store(std::thread::id()); }

}  // namespace base
