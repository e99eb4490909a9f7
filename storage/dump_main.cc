// fengqiao-dump: looks at, copies and checks the database of a service.
//
//   fengqiao-dump show DIRECTORY [--space=NAME] [--limit=N] [--descriptors=api.desc]   (1)
//   fengqiao-dump verify DIRECTORY                                                     (1)
//   fengqiao-dump backup DIRECTORY NEW_DIRECTORY                                       (2)
//   fengqiao-dump restore BACKUP NEW_DIRECTORY
//
// (1) also while the service runs; (2) the service is stopped.
// Exit: 0 done, 1 failed (the reason is on standard error), 2 wrong arguments.

#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <google/protobuf/descriptor.pb.h>

#include <cstdio>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/status_macros.h"
#include "storage/backup.h"
#include "storage/dump.h"
#include "storage/rocks_kv.h"

namespace {

constexpr char kUsage[] =
    "fengqiao-dump show DIRECTORY [--space=NAME] [--limit=N] [--descriptors=FILE]\n"
    "fengqiao-dump verify DIRECTORY\n"
    "fengqiao-dump backup DIRECTORY NEW_DIRECTORY\n"
    "fengqiao-dump restore BACKUP NEW_DIRECTORY\n";

absl::Status LoadDescriptors(const std::string& path, google::protobuf::DescriptorPool* pool) {
  std::ifstream file(path, std::ios::binary);
  google::protobuf::FileDescriptorSet set;
  if (!file || !set.ParseFromIstream(&file))
    return absl::NotFoundError("cannot read the descriptors in " + path);
  for (const auto& one : set.file()) {
    if (pool->BuildFile(one) == nullptr)
      return absl::InvalidArgumentError("cannot use the descriptors in " + path);
  }
  return absl::OkStatus();
}

absl::Status Show(const std::string& directory, const std::vector<std::string>& flags) {
  storage::DumpOptions options;
  google::protobuf::DescriptorPool pool;
  for (const std::string& flag : flags) {
    const std::string value = flag.substr(flag.find('=') + 1);
    if (flag.starts_with("--space=")) {
      options.space = value;
    } else if (flag.starts_with("--limit=") && absl::SimpleAtoi(value, &options.limit)) {
    } else if (flag.starts_with("--descriptors=")) {
      RETURN_IF_ERROR(LoadDescriptors(value, &pool));
      options.pool = &pool;
    } else {
      return absl::InvalidArgumentError("unknown argument " + flag);
    }
  }
  storage::RocksKv::Options read_only;
  read_only.read_only = true;
  ASSIGN_OR_RETURN(const auto kv, storage::RocksKv::Open(directory, read_only));
  return storage::Dump(*kv, options, [](std::string_view line) {
    return std::fwrite(line.data(), 1, line.size(), stdout) == line.size() && std::fputc('\n', stdout) != EOF;
  });
}

absl::Status Run(const std::vector<std::string>& arguments) {
  const std::string& what = arguments[0];
  const std::string& directory = arguments[1];
  if (what == "show") return Show(directory, {arguments.begin() + 2, arguments.end()});
  if (what == "verify" && arguments.size() == 2) {
    ASSIGN_OR_RETURN(const auto report, storage::VerifyDatabase(directory));
    std::printf("完好 / whole: %llu entries, %llu matters\n", static_cast<unsigned long long>(report.entries),
                static_cast<unsigned long long>(report.matters));
    return absl::OkStatus();
  }
  if (what == "backup" && arguments.size() == 3) return storage::Backup(directory, arguments[2]);
  if (what == "restore" && arguments.size() == 3) {
    ASSIGN_OR_RETURN(const auto format, storage::Restore(directory, arguments[2]));
    std::printf("已恢复 / restored: service %s, epoch %llu\n", format.service().c_str(),
                static_cast<unsigned long long>(format.epoch()));
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(kUsage);
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  if (arguments.size() < 2) {
    std::fputs(kUsage, stderr);
    return 2;
  }
  const absl::Status status = Run(arguments);
  if (status.ok()) return 0;
  std::fprintf(stderr, "%s\n", std::string(status.message()).c_str());
  return absl::IsInvalidArgument(status) ? 2 : 1;
}
