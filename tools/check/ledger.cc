#include "tools/check/ledger.h"

#include <absl/strings/str_cat.h>

#include <set>
#include <tuple>
#include <utility>

#include "base/status_macros.h"
#include "storage/format.h"
#include "storage/keys.h"
#include "storage/log_value.h"

namespace check {
namespace {

using kernel::v1::LogRecord;

struct Request {
  uint64_t last_seq = 0;
  int64_t at_ms = 0;
};

// The walk over one log: what it must remember to see that something is there twice.
class Walk {
 public:
  Walk(Ledger* ledger, Problems* problems) : ledger_(*ledger), problems_(*problems) {}

  void See(uint64_t seq, const LogRecord& record) {
    if (seq != ledger_.head + 1) Say("its log has a gap before entry ", seq);
    ledger_.head = seq;
    if (record.recorded_at_ms() < before_ms_) Say("time runs back at entry ", seq);
    before_ms_ = record.recorded_at_ms();
    if (record.version() != ++versions_[record.aggregate_id()])
      Say("a version of ", record.aggregate_id(), " is missing or there twice at entry ", seq);
    if (!record.request_id().empty()) SeeRequest(seq, record);
    if (IsNoticeCause(record.cause())) SeeCause(seq, record);
  }

  uint64_t requests() const { return requests_.size(); }

 private:
  template <class... Part>
  void Say(const Part&... part) {
    problems_.Add(absl::StrCat(ledger_.service, ": ", part...));
  }

  // The records of one command stand side by side and bear one moment.
  void SeeRequest(uint64_t seq, const LogRecord& record) {
    auto [at, fresh] = requests_.try_emplace(
        absl::StrCat(record.actor_id(), "/", record.command(), "/", record.request_id()), Request{});
    if (!fresh && (at->second.last_seq + 1 != seq || at->second.at_ms != record.recorded_at_ms()))
      Say("request ", record.request_id(), " (", record.command(), ") had its effect twice, again at entry ", seq);
    at->second = {seq, record.recorded_at_ms()};
  }

  // One notice may change several aggregates, each by several events; but the first of them once only.
  void SeeCause(uint64_t seq, const LogRecord& record) {
    Effect& effect = ledger_.by_cause[record.cause()];
    const bool first = firsts_.emplace(record.cause(), record.aggregate_id()).second;
    const bool again = effect.records > 0 && effect.at_ms != record.recorded_at_ms();
    if (first) first_types_[{record.cause(), record.aggregate_id()}] = record.event_type();
    const bool doubled = !first && first_types_[{record.cause(), record.aggregate_id()}] == record.event_type();
    if (again || doubled) Say("notice ", record.cause(), " had its effect twice, again at entry ", seq);
    ++effect.records;
    effect.last_seq = seq;
    effect.at_ms = record.recorded_at_ms();
  }

  Ledger& ledger_;
  Problems& problems_;
  int64_t before_ms_ = 0;
  std::map<std::string, uint64_t> versions_;
  std::map<std::string, Request> requests_;
  std::set<std::pair<std::string, std::string>> firsts_;
  std::map<std::pair<std::string, std::string>, std::string> first_types_;
};

}  // namespace

void Problems::Add(std::string text) {
  if (++count_ <= kShownMax) shown_.push_back(std::move(text));
}

bool IsNoticeCause(std::string_view cause) {
  const size_t slash = cause.find('/');
  if (slash == std::string_view::npos) return false;
  const std::string_view source = cause.substr(0, slash);
  const std::string_view seq = cause.substr(slash + 1);
  const bool known = source == "directory" || source == "incident" || source == "mediation" ||
                     source == "media" || source == "oversight" || source == "petition";
  return known && !seq.empty() && seq.find_first_not_of("0123456789") == std::string_view::npos;
}

absl::Status ForEachRecord(const storage::View& view,
                           const std::function<void(uint64_t, uint32_t, std::string_view, const LogRecord&)>& each) {
  LogRecord record;
  std::string damaged;
  RETURN_IF_ERROR(view.Scan(storage::KeySpace::kLog, "", "", [&](std::string_view key, std::string_view stored) {
    uint64_t seq = 0;
    storage::LogValue value;
    if (!storage::ReadLogKey(key, &seq) || !storage::DecodeLogValue(stored, &value) ||
        !record.ParseFromArray(value.record.data(), static_cast<int>(value.record.size()))) {
      damaged = absl::StrCat("log entry ", seq, " is damaged");
      return false;
    }
    each(seq, value.digest, value.record, record);
    return true;
  }));
  return damaged.empty() ? absl::OkStatus() : absl::DataLossError(damaged);
}

absl::StatusOr<Ledger> ReadLedger(const std::string& directory, std::string service, Problems* problems) {
  Ledger ledger;
  ledger.service = std::move(service);
  storage::RocksKv::Options read_only;
  read_only.read_only = true;
  ASSIGN_OR_RETURN(ledger.kv, storage::RocksKv::Open(directory + "/db", read_only));
  ASSIGN_OR_RETURN(ledger.format, storage::ReadFormat(*ledger.kv));
  if (ledger.format.service() != ledger.service) {
    return absl::FailedPreconditionError(
        absl::StrCat(directory, " belongs to the service ", ledger.format.service(), ", not to ", ledger.service));
  }
  Walk walk(&ledger, problems);
  RETURN_IF_ERROR(ForEachRecord(*ledger.kv, [&](uint64_t seq, uint32_t, std::string_view, const LogRecord& record) {
    walk.See(seq, record);
  }));
  ledger.requests = walk.requests();
  return ledger;
}

}  // namespace check
