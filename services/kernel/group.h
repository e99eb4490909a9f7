#pragma once
// Commands that are decided together: one batch, one sync, then all the answers. Passed from step to step and from the
// writer thread to the sync thread; never shared.

#include <cstdint>
#include <utility>
#include <vector>

#include "services/kernel/command.h"
#include "services/kernel/published.h"
#include "storage/kv.h"

namespace kernel {

struct Group {
  struct Reply {
    std::function<void(const Outcome&)> done;
    Outcome outcome;
  };
  int64_t now_ms = 0;               // one moment for all of them; never earlier than the group before
  std::vector<Envelope> envelopes;  // as taken from the queue
  std::vector<Reply> replies;       // given by Finish, or all with a failure by Fail
  storage::Batch batch;
  Published published;              // set by Write
  bool written = false;             // something went to the database

  void Clear() {
    envelopes.clear();
    replies.clear();
    batch.Clear();
    published = {};
    written = false;
  }
};

}  // namespace kernel
