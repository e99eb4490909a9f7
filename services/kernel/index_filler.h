#pragma once
// Indexes that came with a newer program: what older programs stored puts its rows into them when the database is
// opened, before anybody reads. Known indexes are left alone; their keys do not change their meaning.
//
//   meta "indexes"  -> u32be how many indexes of D::kIndexes are filled; absent: not known, all are written again

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/status_macros.h"
#include "kernel/v1/record.pb.h"
#include "services/kernel/sealer.h"
#include "services/kernel/views.h"
#include "storage/kv.h"

namespace kernel {

// FAILED_PRECONDITION: more than this program knows; a newer one filled them, and this one would leave holes in them.
absl::StatusOr<uint32_t> IndexesFilled(const storage::View& view, size_t known);

// Calls `rows` with each stored state in clear and notes at the end that `count` indexes are filled. Ended in the
// middle it starts again: rows that are there are written once more.
using RowsOf = std::function<absl::Status(std::string_view id, std::string_view state, storage::Batch* batch)>;
absl::Status FillIndexes(storage::Kv& kv, const Sealer* sealer, uint32_t count, const RowsOf& rows);

// `filled`: what IndexesFilled said.
template <Domain D>
absl::Status FillNewIndexes(storage::Kv& kv, const Sealer* sealer, uint32_t filled) {
  constexpr uint32_t kKnown = D::kIndexes.size();
  if (filled == kKnown) return absl::OkStatus();
  return FillIndexes(kv, sealer, kKnown,
                     [filled](std::string_view id, std::string_view bytes, storage::Batch* batch) -> absl::Status {
                       typename D::State state;
                       if (!state.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
                         return absl::DataLossError("cannot fill an index: a state is damaged");
                       }
                       for (const IndexEntry& entry : D::Indexes(id, state)) {
                         const uint8_t number = IndexNumber<D>(entry.index);
                         if (number < filled) continue;
                         batch->Put(storage::KeySpace::kIndex, storage::IndexKey(number, entry.key, id), "");
                       }
                       return absl::OkStatus();
                     });
}

}  // namespace kernel
