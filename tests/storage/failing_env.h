#pragma once
// A disk that fails when told to: every append and sync of a database file goes through here.

#include <rocksdb/env.h>

#include <atomic>
#include <memory>
#include <string>
#include <utility>

namespace tests {

class FailingEnv final : public rocksdb::EnvWrapper {
 public:
  FailingEnv() : EnvWrapper(rocksdb::Env::Default()) {}

  std::atomic<int64_t> bytes_left{INT64_MAX};  // then: no space left on device
  std::atomic<bool> fail_sync{false};

  rocksdb::Status NewWritableFile(const std::string& name, std::unique_ptr<rocksdb::WritableFile>* file,
                                  const rocksdb::EnvOptions& options) override {
    rocksdb::Status status = EnvWrapper::NewWritableFile(name, file, options);
    if (status.ok()) *file = std::make_unique<File>(this, std::move(*file));
    return status;
  }

 private:
  class File final : public rocksdb::WritableFileWrapper {
   public:
    File(FailingEnv* env, std::unique_ptr<rocksdb::WritableFile> inner)
        : WritableFileWrapper(inner.get()), env_(*env), inner_(std::move(inner)) {}
    rocksdb::Status Append(const rocksdb::Slice& data) override {
      if (env_.bytes_left.fetch_sub(static_cast<int64_t>(data.size())) < static_cast<int64_t>(data.size())) {
        return rocksdb::Status::NoSpace("no space left on device");
      }
      return inner_->Append(data);
    }
    rocksdb::Status Append(const rocksdb::Slice& data, const rocksdb::DataVerificationInfo&) override {
      return Append(data);
    }
    rocksdb::Status Sync() override {
      if (env_.fail_sync) return rocksdb::Status::IOError("sync failed");
      return inner_->Sync();
    }
    rocksdb::Status Fsync() override { return Sync(); }

   private:
    FailingEnv& env_;
    const std::unique_ptr<rocksdb::WritableFile> inner_;
  };
};

}  // namespace tests
