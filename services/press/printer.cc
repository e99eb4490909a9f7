#include "services/press/printer.h"

#include <absl/cleanup/cleanup.h>
#include <absl/strings/str_cat.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>
#include <utility>
#include <vector>

#include "base/log.h"
#include "base/status_macros.h"
#include "base/thread.h"

namespace press {
namespace {

namespace fs = std::filesystem;

constexpr char kMemoryFolder[] = "/dev/shm";

absl::StatusOr<std::string> NewFolder(const std::string& wanted) {
  std::error_code ignored;
  std::string parent = wanted;
  if (parent.empty()) {
    parent = ::access(kMemoryFolder, W_OK | X_OK) == 0 ? kMemoryFolder : fs::temp_directory_path(ignored).string();
  }
  std::string folder = parent + "/fengqiao-print-XXXXXX";
  if (::mkdtemp(folder.data()) == nullptr) {
    return absl::InternalError(absl::StrCat("cannot make a folder for printing: ", std::strerror(errno)));
  }
  return folder;
}

absl::Status WritePage(const std::string& path, const std::string& html) {
  std::ofstream out(path, std::ios::binary);
  out << html;
  out.close();
  return out ? absl::OkStatus() : absl::InternalError("cannot write the page to be printed");
}

absl::StatusOr<std::string> ReadPdf(const std::string& path, size_t bytes_max) {
  std::error_code error;
  const auto size = fs::file_size(path, error);
  if (error) return absl::InternalError("the browser wrote nothing");
  if (size > bytes_max) return absl::InternalError("the browser wrote too much");
  std::ifstream in(path, std::ios::binary);
  std::string bytes(size, '\0');
  in.read(bytes.data(), static_cast<std::streamsize>(size));
  if (!in || !bytes.starts_with("%PDF-")) return absl::InternalError("the browser wrote no PDF");
  return bytes;
}

std::vector<std::string> ArgumentsOf(const std::string& browser, const std::string& folder) {
  std::vector<std::string> arguments = {
      browser,
      "--headless",
      "--disable-gpu",
      "--disable-extensions",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--disable-breakpad",
      "--disable-dev-shm-usage",
      "--no-first-run",
      "--no-pings",
      "--proxy-server=socks5://127.0.0.1:9",        // nobody listens there: whatever wanted the network fails at once
      "--host-resolver-rules=MAP * ~NOTFOUND",
      "--no-pdf-header-footer",
      absl::StrCat("--user-data-dir=", folder, "/profile"),
      absl::StrCat("--print-to-pdf=", folder, "/paper.pdf"),
  };
  if (::geteuid() == 0) arguments.emplace_back("--no-sandbox");  // Chromium refuses its sandbox to the superuser
  arguments.push_back(absl::StrCat("file://", folder, "/paper.html"));
  return arguments;
}

std::vector<std::string> EnvironmentOf(const std::string& folder) {
  const char* path = ::getenv("PATH");
  return {absl::StrCat("PATH=", path == nullptr ? "/usr/bin:/bin" : path), absl::StrCat("HOME=", folder),
          absl::StrCat("TMPDIR=", folder), "LANG=C.UTF-8", "DBUS_SESSION_BUS_ADDRESS=disabled:"};
}

std::vector<char*> Pointers(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

absl::StatusOr<pid_t> Start(const std::string& browser, const std::string& folder, size_t bytes_max) {
  std::vector<std::string> arguments = ArgumentsOf(browser, folder), environment = EnvironmentOf(folder);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  for (const int fd : {0, 1, 2}) {
    posix_spawn_file_actions_addopen(&actions, fd, "/dev/null", fd == 0 ? O_RDONLY : O_WRONLY, 0);
  }
  posix_spawn_file_actions_addclosefrom_np(&actions, 3);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);  // the services hold signals back; a browser must not
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
  pid_t pid = 0;
  const int error = posix_spawnp(&pid, browser.c_str(), &actions, &attributes, Pointers(arguments).data(),
                                 Pointers(environment).data());
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  if (error == ENOENT || error == EACCES) return absl::UnavailableError(absl::StrCat("there is no ", browser));
  if (error != 0) return absl::InternalError(absl::StrCat("cannot start ", browser, ": ", std::strerror(error)));
  const rlimit limit{.rlim_cur = bytes_max, .rlim_max = bytes_max};
  ::prlimit(pid, RLIMIT_FSIZE, &limit, nullptr);
  return pid;
}

// Waits for the browser; afterwards nothing of its group is left.
absl::Status WaitFor(pid_t pid, int64_t timeout_ms) {
  const int watched = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
  pollfd poll_fd{.fd = watched, .events = POLLIN, .revents = 0};
  int ready = 0;
  if (watched >= 0) {
    do {
      ready = ::poll(&poll_fd, 1, static_cast<int>(timeout_ms));
    } while (ready < 0 && errno == EINTR);
    ::close(watched);
  }
  ::kill(-pid, SIGKILL);
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (watched < 0) return absl::InternalError("cannot watch the browser");
  if (ready == 0) return absl::DeadlineExceededError("the browser took too long");
  if (WIFEXITED(status) && WEXITSTATUS(status) == 127) return absl::UnavailableError("there is no browser");
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    return absl::InternalError(absl::StrCat("the browser failed, status ", status));
  }
  return absl::OkStatus();
}

}  // namespace

struct Printer::Job {
  std::string html;
  std::optional<absl::StatusOr<std::string>> result;
};

Printer::Printer(Options options)
    : options_(std::move(options)), thread_(base::StartThread("printer", [this] { Run(); })) {}

Printer::~Printer() {
  {
    absl::MutexLock lock(&mutex_);
    closed_ = true;
    changed_.SignalAll();
  }
  thread_.join();
}

absl::StatusOr<std::string> Printer::Print(std::string html) {
  auto job = std::make_shared<Job>();
  job->html = std::move(html);
  absl::MutexLock lock(&mutex_);
  if (closed_ || waiting_.size() + (busy_ ? 1 : 0) > options_.queue_max) {
    return absl::ResourceExhaustedError("other papers are being printed");
  }
  waiting_.push_back(job);
  changed_.SignalAll();
  while (!job->result) changed_.Wait(&mutex_);
  return *std::move(job->result);
}

void Printer::Run() {
  absl::MutexLock lock(&mutex_);
  while (true) {
    while (waiting_.empty() && !closed_) changed_.Wait(&mutex_);
    if (closed_) break;
    const std::shared_ptr<Job> job = waiting_.front();
    waiting_.pop_front();
    busy_ = true;
    mutex_.Unlock();
    auto result = PrintOne(job->html);
    mutex_.Lock();
    busy_ = false;
    job->result = std::move(result);
    changed_.SignalAll();
  }
  for (const auto& job : waiting_) job->result = absl::UnavailableError("the service is stopping");
  waiting_.clear();
  changed_.SignalAll();
}

absl::StatusOr<std::string> Printer::PrintOne(const std::string& html) const {
  ASSIGN_OR_RETURN(const std::string folder, NewFolder(options_.folder));
  const absl::Cleanup remove = [&folder] {
    std::error_code error;
    fs::remove_all(folder, error);
    if (error) base::Log(base::kError, "cannot remove what was printed", {{"error", error.message()}});
  };
  RETURN_IF_ERROR(WritePage(folder + "/paper.html", html));
  ASSIGN_OR_RETURN(const pid_t pid, Start(options_.browser, folder, options_.file_bytes_max));
  RETURN_IF_ERROR(WaitFor(pid, options_.timeout_ms));
  return ReadPdf(folder + "/paper.pdf", options_.pdf_bytes_max);
}

}  // namespace press
