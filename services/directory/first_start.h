#pragma once
// Loads what every other service waits for, before the directory lets anybody in: calendar and policies from
// the policy folder, areas, grids and organisations from the folders of area lists. All of it as commands
// through the queue, in portions.
//
// Each list's digest is kept when it is through. A start with the same files sends nothing; a changed file
// sends everything again, and only what differs becomes an event. An interrupted import is continued by the
// next start. Policies changed through the API stay until their files change. A file that does not read, or a
// policy the rules refuse (a statutory period made longer), stops the start and says why: a city must never
// run on half of its policies.
//
// Accounts of a database that is older than the telling of staff are told of once, likewise.
//
// Runs on the thread that starts the process.

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <functional>
#include <string>

#include "services/directory/accounts.h"
#include "services/directory/domain/area_lists.h"
#include "services/kernel/command.h"

namespace directory {

inline constexpr int kPortionsInFlight = 16;

struct FirstStartParts {
  kernel::CommandQueue* queue = nullptr;
  std::function<DirectoryReader()> read;
  std::string policy_dir;  // empty: none
  std::string area_dir;    // a folder of folders, one a vintage; empty: none
};

// What happened, for the log.
struct FirstStartReport {
  bool calendar_loaded = false;
  bool policy_changed = false;
  int areas_sent = 0;
  int organisations_sent = 0;
  int staff_told = 0;
};

absl::StatusOr<FirstStartReport> LoadWhatMustBeThere(const FirstStartParts& parts);

// The files of one vintage; those that may be absent are empty.
absl::StatusOr<VintageFiles> ReadVintageFolder(const std::string& folder);

}  // namespace directory
