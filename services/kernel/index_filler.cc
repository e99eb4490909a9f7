#include "services/kernel/index_filler.h"

#include <absl/strings/str_cat.h>

#include "base/coding.h"
#include "base/log.h"
#include "services/kernel/limits.h"

namespace kernel {
namespace {

using storage::KeySpace;

constexpr std::string_view kFilledKey = "indexes";

}  // namespace

absl::StatusOr<uint32_t> IndexesFilled(const storage::View& view, size_t known) {
  ASSIGN_OR_RETURN(const auto stored, view.Get(KeySpace::kMeta, kFilledKey));
  if (!stored) return 0;
  uint32_t filled = 0;
  std::string_view rest = *stored;
  if (!base::ReadU32(&rest, &filled)) {
    return absl::DataLossError("cannot open the database: its number of filled indexes is damaged");
  }
  if (filled > known) {
    return absl::FailedPreconditionError(absl::StrCat("cannot open the database: ", filled,
                                                      " indexes are filled, this program knows ", known,
                                                      "; a newer one wrote it"));
  }
  return filled;
}

absl::Status FillIndexes(storage::Kv& kv, const Sealer* sealer, uint32_t count, const RowsOf& rows) {
  const auto view = kv.Snapshot();
  storage::Batch batch;
  size_t states = 0;
  for (const KeySpace space : {KeySpace::kState, KeySpace::kSealedState}) {
    absl::Status failed;
    RETURN_IF_ERROR(view->Scan(space, "", "", [&](std::string_view id, std::string_view stored) {
      v1::StateRecord record;
      failed = record.ParseFromArray(stored.data(), static_cast<int>(stored.size()))
                   ? OpenState(sealer, id, &record)
                   : absl::DataLossError("cannot fill an index: a state is damaged");
      if (failed.ok()) failed = rows(id, record.state(), &batch);
      if (failed.ok() && batch.ops().size() >= kIndexFillOps) {
        failed = kv.Commit(batch, storage::Durability::kWritten);
        batch.Clear();
      }
      ++states;
      return failed.ok();
    }));
    RETURN_IF_ERROR(failed);
  }
  std::string filled;
  base::AppendU32(&filled, count);
  batch.Put(KeySpace::kMeta, std::string(kFilledKey), std::move(filled));
  if (states > 0) base::Log(base::kInfo, "new indexes are filled", {{"states", absl::StrCat(states)}});
  return kv.Commit(batch, storage::Durability::kSynced);
}

}  // namespace kernel
