#include "tests/sim/laws.h"

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>

#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "kernel/v1/record.pb.h"
#include "storage/keys.h"
#include "storage/log_value.h"

namespace sim {
namespace {

using kernel::v1::LogRecord;
using storage::KeySpace;

std::vector<LogRecord> ReadLog(const Node& node) {
  std::vector<LogRecord> records;
  const auto status =
      node.view().Scan(KeySpace::kLog, "", "", [&](std::string_view, std::string_view stored) {
        storage::LogValue value;
        CHECK(storage::DecodeLogValue(stored, &value));
        CHECK(records.emplace_back().ParseFromArray(value.record.data(),
                                                    static_cast<int>(value.record.size())));
        return true;
      });
  CHECK(status.ok()) << status;
  return records;
}

// Law 1, first half: an acknowledged request is in the log where its receipt says, and nowhere else.
void CheckPromises(const std::string& service, const std::vector<LogRecord>& log, const Ledger& ledger,
                   std::vector<std::string>* broken) {
  std::map<std::string, std::vector<uint64_t>> by_request;
  for (const LogRecord& record : log) {
    if (!record.request_id().empty()) by_request[record.request_id()].push_back(record.seq());
  }
  for (const auto& [request, seqs] : by_request) {
    if (seqs.back() - seqs.front() + 1 != seqs.size()) {
      broken->push_back(absl::StrCat("law 1: request ", request, " had its effect twice in ", service));
    }
  }
  for (const auto& [request, promise] : ledger.promises()) {
    if (promise.service != service || promise.receipt.seq() == 0) continue;
    const auto at = by_request.find(request);
    if (at == by_request.end()) {
      broken->push_back(
          absl::StrCat("law 1: acknowledged ", request, " (", promise.command, ") is lost in ", service));
    } else if (promise.receipt.seq() < at->second.front() || promise.receipt.seq() > at->second.back()) {
      broken->push_back(absl::StrCat("law 1: ", request, " is not where its receipt says in ", service));
    }
  }
}

// "<source>/<seq>": the cause that the inbox gives to what a notice led to. Timers have causes of other shapes.
bool IsNotice(std::string_view cause) {
  const size_t slash = cause.find('/');
  if (slash == std::string_view::npos) return false;
  const std::string_view source = cause.substr(0, slash);
  const std::string_view seq = cause.substr(slash + 1);
  const bool known =
      source == "directory" || source == "incident" || source == "mediation" || source == "oversight";
  return known && !seq.empty() && seq.find_first_not_of("0123456789") == std::string_view::npos;
}

// Law 2: what one notice led to was decided in one go, once.
void CheckCauses(const std::string& service, const std::vector<LogRecord>& log,
                 std::vector<std::string>* broken) {
  std::map<std::string, std::pair<uint64_t, int64_t>> last;  // cause -> last seq, moment of its group
  for (const LogRecord& record : log) {
    if (!IsNotice(record.cause())) continue;
    const auto [at, fresh] = last.try_emplace(record.cause(), record.seq(), record.recorded_at_ms());
    if (!fresh && at->second.second != record.recorded_at_ms()) {
      broken->push_back(absl::StrCat("law 2: notice ", record.cause(), " had its effect twice in ", service));
    }
    at->second.first = record.seq();
  }
}

void CheckOrder(const std::string& service, const std::vector<LogRecord>& log,
                std::vector<std::string>* broken) {
  std::map<std::string, uint64_t> version;
  int64_t before_ms = 0;
  for (size_t i = 0; i < log.size(); ++i) {
    const LogRecord& record = log[i];
    if (record.seq() != i + 1)
      broken->push_back(absl::StrCat("law 1: gap in the log of ", service, " at ", i + 1));
    if (record.recorded_at_ms() < before_ms)
      broken->push_back(absl::StrCat("law 1: time runs back in ", service));
    before_ms = record.recorded_at_ms();
    if (record.version() != ++version[record.aggregate_id()]) {
      broken->push_back(absl::StrCat("law 1: versions of ", record.aggregate_id(), " skip in ", service));
    }
  }
}

// Law 5: clear personal values are nowhere but, encrypted, in the vault; so they are found nowhere at all.
void CheckSecrets(const Node& node, const std::vector<std::string>& secrets,
                  std::vector<std::string>* broken) {
  for (size_t space = 0; space < storage::kKeySpaceNames.size(); ++space) {
    const auto status = node.view().Scan(
        static_cast<KeySpace>(space), "", "", [&](std::string_view key, std::string_view value) {
          for (const std::string& secret : secrets) {
            if (value.find(secret) != std::string_view::npos || key.find(secret) != std::string_view::npos) {
              broken->push_back(absl::StrCat("law 5: '", secret, "' is in clear in ", node.name(), " ",
                                             std::string(storage::kKeySpaceNames[space])));
              return false;
            }
          }
          return true;
        });
    CHECK(status.ok()) << status;
  }
}

}  // namespace

std::vector<std::string> BrokenLaws(const World& world, const Ledger& ledger,
                                    const std::vector<std::string>& secrets) {
  std::vector<std::string> broken;
  for (const Node* node : world.nodes) {
    const std::vector<LogRecord> log = ReadLog(*node);
    CheckOrder(node->name(), log, &broken);
    CheckPromises(node->name(), log, ledger, &broken);
    CheckCauses(node->name(), log, &broken);
    CheckSecrets(*node, secrets, &broken);
    const std::string difference = node->CheckAgainstLog();
    if (!difference.empty())
      broken.push_back(absl::StrCat("law 1: ", node->name(), " differs from its log: ", difference));
    for (const std::string& alarm : node->alarms()) {
      broken.push_back(absl::StrCat("law 2: the stream raised an alarm in ", node->name(), ": ", alarm));
    }
  }
  if (ledger.open() != 0)
    broken.push_back(absl::StrCat("law 6: ", ledger.open(), " requests were never answered"));
  return broken;
}

}  // namespace sim
