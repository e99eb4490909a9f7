#include "storage/watched_files.h"

#include <absl/strings/str_cat.h>
#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include <array>
#include <cstdarg>
#include <cstdio>
#include <string>
#include <string_view>
#include <utility>

#include "base/log.h"

namespace storage {
namespace {

using rocksdb::DirFsyncOptions, rocksdb::FSDirectory, rocksdb::FSWritableFile, rocksdb::FileOptions;
using rocksdb::IODebugContext, rocksdb::IOOptions, rocksdb::IOStatus, rocksdb::Slice;

IOStatus See(const DiskWatch& watch, std::string_view what, const std::string& file, IOStatus status) {
  if (!status.ok()) {
    watch.Report(
        absl::InternalError(absl::StrCat("cannot ", std::string(what), " ", file, ": ", status.ToString())));
  }
  return status;
}

IOStatus SeeSynced(const DiskWatch& watch, const std::string& file, IOStatus status) {
  if (status.ok()) {
    const absl::Status kept = watch.Kept();
    if (!kept.ok()) status = IOStatus::IOError(std::string(kept.message()));
  }
  return See(watch, "sync", file, std::move(status));
}

class WatchedFile final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  WatchedFile(std::unique_ptr<FSWritableFile> file, std::string name, const DiskWatch& watch)
      : FSWritableFileOwnerWrapper(std::move(file)), name_(std::move(name)), watch_(watch) {}

  IOStatus Append(const Slice& data, const IOOptions& options, IODebugContext* debug) override {
    return See(watch_, "write", name_, FSWritableFileOwnerWrapper::Append(data, options, debug));
  }
  IOStatus Append(const Slice& data, const IOOptions& options, const rocksdb::DataVerificationInfo& checked,
                  IODebugContext* debug) override {
    return See(watch_, "write", name_, FSWritableFileOwnerWrapper::Append(data, options, checked, debug));
  }
  IOStatus Flush(const IOOptions& options, IODebugContext* debug) override {
    return See(watch_, "write", name_, FSWritableFileOwnerWrapper::Flush(options, debug));
  }
  IOStatus Sync(const IOOptions& options, IODebugContext* debug) override {
    return SeeSynced(watch_, name_, FSWritableFileOwnerWrapper::Sync(options, debug));
  }
  IOStatus Fsync(const IOOptions& options, IODebugContext* debug) override {
    return SeeSynced(watch_, name_, FSWritableFileOwnerWrapper::Fsync(options, debug));
  }
  IOStatus RangeSync(uint64_t from, uint64_t bytes, const IOOptions& options, IODebugContext* debug) override {
    return See(watch_, "sync", name_, FSWritableFileOwnerWrapper::RangeSync(from, bytes, options, debug));
  }

 private:
  const std::string name_;
  const DiskWatch& watch_;
};

class WatchedDirectory final : public rocksdb::FSDirectoryWrapper {
 public:
  WatchedDirectory(std::unique_ptr<FSDirectory> directory, std::string name, const DiskWatch& watch)
      : FSDirectoryWrapper(std::move(directory)), name_(std::move(name)), watch_(watch) {}

  IOStatus Fsync(const IOOptions& options, IODebugContext* debug) override {
    return SeeSynced(watch_, name_, FSDirectoryWrapper::Fsync(options, debug));
  }
  IOStatus FsyncWithDirOptions(const IOOptions& options, IODebugContext* debug,
                               const DirFsyncOptions& what) override {
    return SeeSynced(watch_, name_, FSDirectoryWrapper::FsyncWithDirOptions(options, debug, what));
  }

 private:
  const std::string name_;
  const DiskWatch& watch_;
};

class WatchedFiles final : public rocksdb::FileSystemWrapper {
 public:
  WatchedFiles(const std::shared_ptr<rocksdb::FileSystem>& base, const DiskWatch& watch)
      : FileSystemWrapper(base), watch_(watch) {}

  const char* Name() const override { return "WatchedFiles"; }

  IOStatus NewWritableFile(const std::string& name, const FileOptions& options,
                           std::unique_ptr<FSWritableFile>* file, IODebugContext* debug) override {
    return Wrap(name, FileSystemWrapper::NewWritableFile(name, options, file, debug), file);
  }
  IOStatus ReopenWritableFile(const std::string& name, const FileOptions& options,
                              std::unique_ptr<FSWritableFile>* file, IODebugContext* debug) override {
    return Wrap(name, FileSystemWrapper::ReopenWritableFile(name, options, file, debug), file);
  }
  IOStatus ReuseWritableFile(const std::string& name, const std::string& old, const FileOptions& options,
                             std::unique_ptr<FSWritableFile>* file, IODebugContext* debug) override {
    return Wrap(name, FileSystemWrapper::ReuseWritableFile(name, old, options, file, debug), file);
  }
  IOStatus RenameFile(const std::string& from, const std::string& to, const IOOptions& options,
                      IODebugContext* debug) override {
    return See(watch_, "rename", from, FileSystemWrapper::RenameFile(from, to, options, debug));
  }
  IOStatus NewDirectory(const std::string& name, const IOOptions& options, std::unique_ptr<FSDirectory>* directory,
                        IODebugContext* debug) override {
    IOStatus status = FileSystemWrapper::NewDirectory(name, options, directory, debug);
    if (status.ok()) *directory = std::make_unique<WatchedDirectory>(std::move(*directory), name, watch_);
    return status;
  }

 private:
  IOStatus Wrap(const std::string& name, IOStatus status, std::unique_ptr<FSWritableFile>* file) {
    if (status.ok()) *file = std::make_unique<WatchedFile>(std::move(*file), name, watch_);
    return See(watch_, "make", name, std::move(status));
  }

  const DiskWatch& watch_;
};

class ProcessLog final : public rocksdb::Logger {
 public:
  ProcessLog() : Logger(rocksdb::ERROR_LEVEL) {}
  void Logv(const char* format, va_list arguments) override { Logv(rocksdb::ERROR_LEVEL, format, arguments); }
  void Logv(rocksdb::InfoLogLevel level, const char* format, va_list arguments) override {
    if (level < rocksdb::ERROR_LEVEL || level == rocksdb::HEADER_LEVEL) return;
    std::array<char, kLineMax> line{};
    std::vsnprintf(line.data(), line.size(), format, arguments);
    base::Log(base::kError, "storage engine", {{"text", std::string(line.data())}});
  }

 private:
  static constexpr size_t kLineMax = 1024;
};

}  // namespace

std::shared_ptr<rocksdb::Logger> EngineLog() { return std::make_shared<ProcessLog>(); }

std::unique_ptr<rocksdb::Env> WatchFiles(rocksdb::Env& base, const DiskWatch& watch) {
  return rocksdb::NewCompositeEnv(std::make_shared<WatchedFiles>(base.GetFileSystem(), watch));
}

}  // namespace storage
