#include "services/kernel/view_filler.h"

#include <absl/strings/str_cat.h>

#include <map>
#include <utility>

#include "base/coding.h"
#include "base/log.h"
#include "services/kernel/limits.h"
#include "storage/keys.h"
#include "storage/log_value.h"

namespace kernel {
namespace {

using storage::KeySpace;

constexpr std::string_view kIndexesKey = "indexes";
constexpr std::string_view kRevisionKey = "views";

absl::StatusOr<uint32_t> ReadNote(const storage::View& view, std::string_view key, uint32_t absent) {
  ASSIGN_OR_RETURN(const auto stored, view.Get(KeySpace::kMeta, key));
  if (!stored) return absent;
  uint32_t number = 0;
  std::string_view rest = *stored;
  if (!base::ReadU32(&rest, &number))
    return absl::DataLossError(
        absl::StrCat("cannot open the database: its number of ", std::string(key), " is damaged"));
  return number;
}

// Rows to be written, in batches that fit into memory.
class Rows {
 public:
  explicit Rows(storage::Kv& kv) : kv_(kv) {}

  storage::Batch& batch() { return batch_; }

  absl::Status Full() { return batch_.ops().size() < kViewFillOps ? absl::OkStatus() : Write(); }
  absl::Status Finish(ViewsMade known) {
    Note(kIndexesKey, known.indexes);
    Note(kRevisionKey, known.revision);
    return kv_.Commit(batch_, storage::Durability::kSynced);
  }

 private:
  absl::Status Write() {
    const absl::Status written = kv_.Commit(batch_, storage::Durability::kWritten);
    batch_.Clear();
    return written;
  }
  void Note(std::string_view key, uint32_t number) {
    std::string value;
    base::AppendU32(&value, number);
    batch_.Put(KeySpace::kMeta, std::string(key), std::move(value));
  }

  storage::Kv& kv_;
  storage::Batch batch_;
};

// `see` gets each stored record as it is, and its state in clear.
absl::Status EachState(const storage::View& view, const Sealer* sealer, const auto& see) {
  for (const KeySpace space : {KeySpace::kState, KeySpace::kSealedState}) {
    absl::Status failed;
    RETURN_IF_ERROR(view.Scan(space, "", "", [&](std::string_view id, std::string_view stored) {
      v1::StateRecord record;
      if (!record.ParseFromArray(stored.data(), static_cast<int>(stored.size()))) {
        failed = absl::DataLossError("cannot make a view: a state is damaged");
        return false;
      }
      v1::StateRecord clear = record;
      failed = OpenState(sealer, id, &clear);
      if (failed.ok()) failed = see(space, id, std::move(record), clear.state());
      return failed.ok();
    }));
    RETURN_IF_ERROR(failed);
  }
  return absl::OkStatus();
}

// One that fired in vain sleeps on, as long as there is something to be woken for.
void SetTimer(KeySpace space, std::string_view id, v1::StateRecord record, int64_t earliest_ms,
              storage::Batch* batch) {
  const bool postponed = record.timer_postponed() && earliest_ms != 0 && record.timer_at_ms() > earliest_ms;
  if (!postponed && (record.timer_at_ms() != earliest_ms || record.timer_postponed())) {
    record.set_timer_at_ms(earliest_ms);
    record.clear_timer_postponed();
    batch->Put(space, std::string(id), record.SerializeAsString());
  }
  if (record.timer_at_ms() != 0)
    batch->Put(KeySpace::kTimer, storage::TimerKey(record.timer_at_ms(), id), "");
}

void AddHeads(const Heads& its, Heads* all) {
  for (const auto& [range, entry] : its) AddHead(range, entry, all);
}

absl::Status PutHeads(const Heads& heads, Rows* out) {
  for (const auto& [range, entry] : heads) {
    out->batch().Put(KeySpace::kDerived, range, entry);
    RETURN_IF_ERROR(out->Full());
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<ViewsMade> ReadViewsMade(const storage::View& view, ViewsMade known) {
  ViewsMade made;
  ASSIGN_OR_RETURN(made.indexes, ReadNote(view, kIndexesKey, 0));
  ASSIGN_OR_RETURN(made.revision, ReadNote(view, kRevisionKey, 1));
  if (made.indexes <= known.indexes && made.revision <= known.revision) return made;
  return absl::FailedPreconditionError(absl::StrCat(
      "cannot open the database: its views are of revision ", made.revision, " with ", made.indexes,
      " indexes, this program knows ", known.revision, " with ", known.indexes, "; a newer one wrote it"));
}

absl::Status FillIndexes(storage::Kv& kv, const Sealer* sealer, ViewsMade known, const ViewRowsOf& rows) {
  const auto view = kv.Snapshot();
  Rows out(kv);
  Heads heads;
  size_t states = 0;
  RETURN_IF_ERROR(EachState(
      *view, sealer,
      [&](KeySpace, std::string_view id, const v1::StateRecord&, std::string_view state) -> absl::Status {
        ASSIGN_OR_RETURN(auto its, rows(id, state));
        for (std::string& key : its.index) out.batch().Put(KeySpace::kIndex, std::move(key), "");
        AddHeads(its.heads, &heads);
        ++states;
        return out.Full();
      }));
  RETURN_IF_ERROR(PutHeads(heads, &out));
  if (states > 0) base::Log(base::kInfo, "new indexes are filled", {{"states", absl::StrCat(states)}});
  return out.Finish(known);
}

absl::Status RemakeViews(storage::Kv& kv, const Sealer* sealer, ViewsMade known, const ViewRowsOf& rows) {
  const auto view = kv.Snapshot();
  Rows out(kv);
  for (const KeySpace space : {KeySpace::kIndex, KeySpace::kTimer, KeySpace::kTally, KeySpace::kDerived}) {
    absl::Status failed;
    RETURN_IF_ERROR(view->Scan(space, "", "", [&](std::string_view key, std::string_view) {
      out.batch().Delete(space, std::string(key));
      failed = out.Full();
      return failed.ok();
    }));
    RETURN_IF_ERROR(failed);
  }
  std::map<std::string, uint64_t> tallies;
  Heads heads;
  size_t states = 0;
  RETURN_IF_ERROR(EachState(*view, sealer,
                            [&](KeySpace space, std::string_view id, v1::StateRecord record,
                                std::string_view state) -> absl::Status {
                              ASSIGN_OR_RETURN(auto its, rows(id, state));
                              for (std::string& key : its.index)
                                out.batch().Put(KeySpace::kIndex, std::move(key), "");
                              for (std::string& key : its.tallies) ++tallies[std::move(key)];
                              AddHeads(its.heads, &heads);
                              SetTimer(space, id, std::move(record), its.timer_at_ms, &out.batch());
                              ++states;
                              return out.Full();
                            }));
  for (const auto& [key, count] : tallies) {
    out.batch().Put(KeySpace::kTally, key, storage::NumberValue(count));
    RETURN_IF_ERROR(out.Full());
  }
  RETURN_IF_ERROR(PutHeads(heads, &out));
  if (states > 0) base::Log(base::kInfo, "views are made again", {{"states", absl::StrCat(states)}});
  return out.Finish(known);
}

}  // namespace kernel
