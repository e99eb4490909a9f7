#pragma once
// Does the search index of a stopped service hold what its states say? It is derived and thrown away when in doubt, so
// nothing is lost by a difference; but answers were wrong, and nobody would have noticed. An index that the service
// itself will build anew (none, of another key, format or history, half built) is no problem and is not compared.
// Nothing is written. One thread.

#include <absl/status/statusor.h>

#include <memory>
#include <string>

#include "services/kernel/domain.h"
#include "services/kernel/published.h"
#include "services/search/search.h"
#include "storage/keys.h"
#include "tools/check/ledger.h"

namespace check {

// Whether the index stands at a place of this very log; nullptr: it does not, or there is none. An index that is
// damaged is a problem.
absl::StatusOr<std::unique_ptr<search::Index>> IndexOf(const Ledger& ledger, const std::string& folder,
                                                       const search::Terms& terms, Problems* problems);
// What the comparison says, for people: as a problem if it is one.
void Tell(const Ledger& ledger, const absl::StatusOr<std::string>& difference, Problems* problems);

template <kernel::Domain D>
absl::StatusOr<kernel::Published> LastMoment(const Ledger& ledger) {
  auto reference = std::make_shared<typename D::Reference>();
  absl::Status damaged;
  const std::string prefix(kernel::kReferencePrefix);
  RETURN_IF_ERROR(ledger.kv->Scan(storage::KeySpace::kState, prefix, base::PrefixEnd(prefix),
                                  [&](std::string_view id, std::string_view stored) {
                                    kernel::v1::StateRecord record;
                                    typename D::State state;
                                    if (!record.ParseFromArray(stored.data(), static_cast<int>(stored.size())) ||
                                        !state.ParseFromString(record.state())) {
                                      damaged = absl::DataLossError("reference data is damaged");
                                      return false;
                                    }
                                    D::Observe(id, state, reference.get());
                                    return true;
                                  }));
  RETURN_IF_ERROR(damaged);
  kernel::Published moment;
  moment.view = ledger.kv->Snapshot();
  moment.reference = std::move(reference);
  moment.seq = ledger.head;
  moment.sealer = ledger.sealer;
  return moment;
}

template <kernel::Domain D>
absl::Status CompareSearch(const Ledger& ledger, const std::string& folder, std::shared_ptr<const search::Terms> terms,
                           const search::Describe<D>& describe, Problems* problems) {
  ASSIGN_OR_RETURN(const auto index, IndexOf(ledger, folder, *terms, problems));
  if (index == nullptr) return absl::OkStatus();
  ASSIGN_OR_RETURN(kernel::Published last, LastMoment<D>(ledger));
  const kernel::Reader<D> reader(std::make_shared<const kernel::Published>(std::move(last)));
  const search::MomentOf<D> moment(reader, terms.get(), &describe);
  Tell(ledger, search::CompareWithStates(*index, moment), problems);
  return absl::OkStatus();
}

}  // namespace check
