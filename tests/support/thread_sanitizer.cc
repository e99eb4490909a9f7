// What the thread sanitizer must be told, linked into every program of the preset tsan and into nothing else.
//
// absl::Mutex: Debian builds abseil without the sanitizer, which therefore sees no lock and takes everything a
// mutex guards for a race. The dynamic linker looks for a symbol in the program first: the calls are caught
// here, announced, and passed on to the library. A condition runs inside such a call, in whichever thread
// unlocks; accesses within a call are not looked at. docs/SANITIZERS.md says how to read a report.
#include <absl/synchronization/mutex.h>
#include <absl/synchronization/notification.h>
#include <absl/time/time.h>
#include <dlfcn.h>
#include <sanitizer/tsan_interface.h>

#include <cstdio>
#include <cstdlib>

namespace {

constexpr unsigned kWrite = 0;
constexpr unsigned kRead = __tsan_mutex_read_lock;

// The library's own function. Dies if there is none: without it nothing would be locked.
template <class F>
F* Real(const char* symbol) {
  void* found = dlsym(RTLD_NEXT, symbol);
  if (found == nullptr) {
    std::fprintf(stderr, "%s is not in any library: this abseil has other names\n", symbol);
    std::abort();
  }
  return reinterpret_cast<F*>(found);
}

class Locking {
 public:
  Locking(void* mutex, unsigned flags) : mutex_(mutex), flags_(flags) {
    __tsan_mutex_pre_lock(mutex_, flags_);
  }
  ~Locking() { __tsan_mutex_post_lock(mutex_, flags_, 0); }

 private:
  void* const mutex_;
  const unsigned flags_;
};

class Unlocking {
 public:
  Unlocking(void* mutex, unsigned flags) : mutex_(mutex), flags_(flags) {
    __tsan_mutex_pre_unlock(mutex_, flags_);
  }
  ~Unlocking() { __tsan_mutex_post_unlock(mutex_, flags_); }

 private:
  void* const mutex_;
  const unsigned flags_;
};

// Lets go of the mutex and takes it again, as every wait does.
class Waiting {
 public:
  explicit Waiting(void* mutex) : released_(Release(mutex)), locking_(mutex, kWrite) {}

 private:
  static bool Release(void* mutex) {
    const Unlocking unlocking(mutex, kWrite);
    return true;
  }
  const bool released_;
  const Locking locking_;
};

bool Tried(void* mutex, unsigned flags, bool taken) {
  __tsan_mutex_post_lock(mutex, taken ? flags : flags | __tsan_mutex_try_lock_failed, 0);
  return taken;
}

}  // namespace

#define ABSL_MUTEX(rest) "_ZN4absl7debian35Mutex" rest
#define ABSL_CONDVAR(rest) "_ZN4absl7debian37CondVar" rest
#define ABSL_NOTIFICATION(rest) "_ZN4absl7debian312Notification" rest
#define ABSL_CONST_NOTIFICATION(rest) "_ZNK4absl7debian312Notification" rest
#define CONDITION "RKNS0_9ConditionE"

absl::Mutex::~Mutex() {
  static auto* const real = Real<void(Mutex*)>(ABSL_MUTEX("D1Ev"));
  real(this);
  __tsan_mutex_destroy(this, __tsan_mutex_not_static);
}

void absl::Mutex::Lock() {
  static auto* const real = Real<void(Mutex*)>(ABSL_MUTEX("4LockEv"));
  const Locking locking(this, kWrite);
  real(this);
}

void absl::Mutex::Unlock() {
  static auto* const real = Real<void(Mutex*)>(ABSL_MUTEX("6UnlockEv"));
  const Unlocking unlocking(this, kWrite);
  real(this);
}

bool absl::Mutex::TryLock() {
  static auto* const real = Real<bool(Mutex*)>(ABSL_MUTEX("7TryLockEv"));
  __tsan_mutex_pre_lock(this, __tsan_mutex_try_lock);
  return Tried(this, __tsan_mutex_try_lock, real(this));
}

void absl::Mutex::ReaderLock() {
  static auto* const real = Real<void(Mutex*)>(ABSL_MUTEX("10ReaderLockEv"));
  const Locking locking(this, kRead);
  real(this);
}

void absl::Mutex::ReaderUnlock() {
  static auto* const real = Real<void(Mutex*)>(ABSL_MUTEX("12ReaderUnlockEv"));
  const Unlocking unlocking(this, kRead);
  real(this);
}

bool absl::Mutex::ReaderTryLock() {
  static auto* const real = Real<bool(Mutex*)>(ABSL_MUTEX("13ReaderTryLockEv"));
  __tsan_mutex_pre_lock(this, kRead | __tsan_mutex_try_lock);
  return Tried(this, kRead | __tsan_mutex_try_lock, real(this));
}

void absl::Mutex::LockWhen(const Condition& condition) {
  static auto* const real = Real<void(Mutex*, const Condition&)>(ABSL_MUTEX("8LockWhenE" CONDITION));
  const Locking locking(this, kWrite);
  real(this, condition);
}

void absl::Mutex::Await(const Condition& condition) {
  static auto* const real = Real<void(Mutex*, const Condition&)>(ABSL_MUTEX("5AwaitE" CONDITION));
  const Waiting waiting(this);
  real(this, condition);
}

// AwaitWithTimeout comes here too.
bool absl::Mutex::AwaitWithDeadline(const Condition& condition, absl::Time deadline) {
  static auto* const real = Real<bool(Mutex*, const Condition&, absl::Time)>(
      ABSL_MUTEX("17AwaitWithDeadlineE" CONDITION "NS0_4TimeE"));
  const Waiting waiting(this);
  return real(this, condition, deadline);
}

void absl::CondVar::Wait(Mutex* mutex) {
  static auto* const real = Real<void(CondVar*, Mutex*)>(ABSL_CONDVAR("4WaitEPNS0_5MutexE"));
  const Waiting waiting(mutex);
  real(this, mutex);
}

bool absl::CondVar::WaitWithTimeout(Mutex* mutex, absl::Duration timeout) {
  static auto* const real = Real<bool(CondVar*, Mutex*, absl::Duration)>(
      ABSL_CONDVAR("15WaitWithTimeoutEPNS0_5MutexENS0_8DurationE"));
  const Waiting waiting(mutex);
  return real(this, mutex, timeout);
}

bool absl::CondVar::WaitWithDeadline(Mutex* mutex, absl::Time deadline) {
  static auto* const real =
      Real<bool(CondVar*, Mutex*, absl::Time)>(ABSL_CONDVAR("16WaitWithDeadlineEPNS0_5MutexENS0_4TimeE"));
  const Waiting waiting(mutex);
  return real(this, mutex, deadline);
}

void absl::Notification::Notify() {
  static auto* const real = Real<void(Notification*)>(ABSL_NOTIFICATION("6NotifyEv"));
  __tsan_release(this);
  real(this);
}

void absl::Notification::WaitForNotification() const {
  static auto* const real =
      Real<void(const Notification*)>(ABSL_CONST_NOTIFICATION("19WaitForNotificationEv"));
  real(this);
  __tsan_acquire(const_cast<Notification*>(this));
}

bool absl::Notification::WaitForNotificationWithTimeout(absl::Duration timeout) const {
  static auto* const real = Real<bool(const Notification*, absl::Duration)>(
      ABSL_CONST_NOTIFICATION("30WaitForNotificationWithTimeoutENS0_8DurationE"));
  const bool notified = real(this, timeout);
  if (notified) __tsan_acquire(const_cast<Notification*>(this));
  return notified;
}

// Reports of accesses inside libraries that were built without the sanitizer say nothing: how those order their
// threads (atomics, eventfds) it cannot see. Their locks it does see, as they come from the C library.
extern "C" const char* __tsan_default_options() {
  return "ignore_noninstrumented_modules=1:halt_on_error=0:exitcode=66:second_deadlock_stack=1";
}
