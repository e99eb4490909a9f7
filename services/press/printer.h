#pragma once
// Turns HTML into PDF by a headless Chromium, one paper at a time, on a thread of its own. The browser gets a folder
// that is removed afterwards (in memory where the system has such a place), no network, and no more than a fixed time,
// output and number of waiting papers. It runs no script: the pages forbid it (paper.h) and hold none.
//
// UNAVAILABLE: there is no browser. RESOURCE_EXHAUSTED: too many wait. DEADLINE_EXCEEDED: it took too long.
// INTERNAL: it failed. Print may be called from any thread and waits.

#include <absl/base/thread_annotations.h>
#include <absl/status/statusor.h>
#include <absl/synchronization/mutex.h>

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <thread>

#include "services/press/limits.h"

namespace press {

class Printer {
 public:
  struct Options {
    std::string browser = "chromium";  // a path, or a name looked for in PATH
    std::string folder;                // for what exists while printing; empty: /dev/shm, else the system's
    int64_t timeout_ms = kPrintTimeoutMs;
    size_t queue_max = kPrintQueueMax;
    size_t pdf_bytes_max = kPdfBytesMax;
    size_t file_bytes_max = kBrowserFileBytesMax;
  };
  explicit Printer(Options options);
  ~Printer();  // the paper that is being printed is finished, those that wait are refused

  absl::StatusOr<std::string> Print(std::string html) ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  struct Job;
  void Run() ABSL_LOCKS_EXCLUDED(mutex_);
  absl::StatusOr<std::string> PrintOne(const std::string& html) const;

  const Options options_;
  absl::Mutex mutex_;
  absl::CondVar changed_ ABSL_GUARDED_BY(mutex_);
  std::deque<std::shared_ptr<Job>> waiting_ ABSL_GUARDED_BY(mutex_);
  bool busy_ ABSL_GUARDED_BY(mutex_) = false;
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
  std::jthread thread_;
};

}  // namespace press
