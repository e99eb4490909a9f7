#include "tools/check/rejoin.h"

#include <absl/strings/str_cat.h>

#include <map>
#include <utility>

#include "base/status_macros.h"
#include "storage/keys.h"
#include "storage/log_value.h"

namespace check {
namespace {

using storage::KeySpace;

// Is the entry the cursor names in this very log?
absl::StatusOr<bool> LiesIn(const kernel::v1::CursorRecord& cursor, const Ledger& source) {
  if (cursor.log_id() != source.format.log_id()) return false;
  if (cursor.seq() == 0) return true;
  ASSIGN_OR_RETURN(const auto stored, source.kv->Get(KeySpace::kLog, storage::LogKey(cursor.seq())));
  storage::LogValue entry;
  return stored && storage::DecodeLogValue(*stored, &entry) && entry.digest == cursor.digest();
}

}  // namespace

absl::StatusOr<uint64_t> Rejoin(const std::string& data_dir, std::vector<Ledger> ledgers, Problems* problems) {
  std::map<std::string, storage::Batch> changes;  // by service
  uint64_t changed = 0;
  for (const Ledger& consumer : ledgers) {
    for (const Ledger& source : ledgers) {
      ASSIGN_OR_RETURN(const auto stored, consumer.kv->Get(KeySpace::kCursor, source.service));
      if (!stored) continue;
      kernel::v1::CursorRecord cursor;
      if (!cursor.ParseFromString(*stored)) return absl::DataLossError("a cursor is damaged");
      ASSIGN_OR_RETURN(const bool same, LiesIn(cursor, source));
      if (!same) {
        problems->Add(absl::StrCat(consumer.service, " has heard entry ", cursor.seq(), " of ", source.service,
                                   ", which is not in this database: they are not of one backup"));
      } else if (cursor.epoch() != source.format.epoch()) {
        cursor.set_epoch(source.format.epoch());
        changes[consumer.service].Put(KeySpace::kCursor, source.service, cursor.SerializeAsString());
        ++changed;
      }
    }
  }
  if (problems->count() > 0) return 0;
  ledgers.clear();  // closed before they are opened to be changed
  for (const auto& [service, batch] : changes) {
    ASSIGN_OR_RETURN(const auto kv, storage::RocksKv::Open(absl::StrCat(data_dir, "/", service, "/db"), {}));
    RETURN_IF_ERROR(kv->Commit(batch, storage::Durability::kSynced));
  }
  return changed;
}

}  // namespace check
