// Law 1. Every acknowledged command's events are in the log, once, in order; state, indexes, timers and
// tallies equal a replay (fold.h: the simulator's own; and the product's). The chains of hashes hold.

#include <absl/strings/str_cat.h>

#include <map>
#include <string>
#include <vector>

#include "storage/log_check.h"
#include "tests/sim/laws.h"

namespace sim {
namespace {

using kernel::v1::LogRecord;

void CheckOrder(const std::string& service, const std::vector<LogRecord>& log, Broken* broken) {
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

// An acknowledged request is in the log where its receipt says, once: its records lie together.
void CheckPromises(const std::string& service, const std::vector<LogRecord>& log, const Ledger& ledger,
                   Broken* broken) {
  std::map<std::string, std::vector<uint64_t>> by_request;
  for (const LogRecord& record : log) {
    if (!record.request_id().empty()) by_request[record.request_id()].push_back(record.seq());
  }
  for (const auto& [request, seqs] : by_request) {
    if (seqs.back() - seqs.front() + 1 != seqs.size()) {
      broken->push_back(absl::StrCat("law 1: request ", request, " had its effect twice in ", service));
    }
  }
  uint64_t acknowledged = 0;
  for (const Ledger::Promise& promise : ledger.promises()) {
    if (promise.service != service || promise.receipt.seq() == 0) continue;
    const auto at = by_request.find(promise.request);
    if (at == by_request.end()) {
      broken->push_back(absl::StrCat("law 1: acknowledged ", promise.request, " (", promise.command,
                                     ") is lost in ", service));
      continue;
    }
    const LogRecord& newest = log[at->second.back() - 1];
    if (promise.receipt.seq() != newest.seq() || promise.command != newest.command()) {
      broken->push_back(
          absl::StrCat("law 1: ", promise.request, " is not where its receipt says in ", service));
    }
    // Answers are given in the order of the log; a repeated answer is one that was given before and not
    // heard.
    if (!promise.receipt.repeated() && promise.receipt.seq() < acknowledged) {
      broken->push_back(absl::StrCat("law 1: ", promise.request, " was answered out of order by ", service));
    }
    if (!promise.receipt.repeated()) acknowledged = promise.receipt.seq();
  }
}

}  // namespace

void CheckLogs(const World& world, const Ledger& ledger, const Books& books, Broken* broken) {
  for (const Node* node : world.nodes) {
    const std::vector<LogRecord>& log = books.LogOf(node->name());
    CheckOrder(node->name(), log, broken);
    CheckPromises(node->name(), log, ledger, broken);
    for (const std::string& difference : node->CheckAgainstLog()) {
      broken->push_back(absl::StrCat("law 1: ", node->name(), " differs from its log: ", difference));
    }
    const auto report = storage::CheckLog(node->view());
    CHECK(report.ok()) << report.status();
    if (report->first_bad_seq != 0) {
      broken->push_back(absl::StrCat("law 1: the log of ", node->name(), " at ", report->first_bad_seq, ": ",
                                     report->problem));
    }
  }
}

}  // namespace sim
