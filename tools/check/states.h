#pragma once
// The states of one stopped service, the sealed ones too.

#include <absl/status/status.h>
#include <absl/strings/str_cat.h>

#include <functional>
#include <string>
#include <string_view>

#include "base/status_macros.h"
#include "kernel/v1/record.pb.h"
#include "services/kernel/sealer.h"
#include "storage/keys.h"
#include "tools/check/ledger.h"

namespace check {

template <class State>
absl::Status ForEachState(const Ledger& ledger,
                          const std::function<void(const std::string& id, const State& state)>& each) {
  absl::Status status;
  const auto one = [&](std::string_view id, std::string_view stored) {
    kernel::v1::StateRecord record;
    State state;
    if (!record.ParseFromArray(stored.data(), static_cast<int>(stored.size())) ||
        !kernel::OpenState(ledger.sealer, id, &record).ok() || !state.ParseFromString(record.state())) {
      status = absl::DataLossError(absl::StrCat("the state of ", std::string(id), " is damaged"));
      return false;
    }
    each(std::string(id), state);
    return true;
  };
  RETURN_IF_ERROR(ledger.kv->Scan(storage::KeySpace::kState, "", "", one));
  RETURN_IF_ERROR(ledger.kv->Scan(storage::KeySpace::kSealedState, "", "", one));
  return status;
}

}  // namespace check
