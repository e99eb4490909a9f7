#pragma once
// What the benchmarks feed the incident domain: the city's own policies and calendar, a county of 12 townships and 120
// villages, its grid workers, and what one of them sends after a walk.

#include <cstdint>
#include <string>

#include "incident/v1/requests.pb.h"
#include "kernel/v1/actor.pb.h"
#include "services/incident/domain/knowledge.h"

namespace bench {

inline constexpr int kWorkers = 100;

// Reads policy/: run it from the root of the repository.
incident::Knowledge County();
kernel::v1::Actor Worker(int number);      // a grid worker: 0 … kWorkers - 1
kernel::v1::Actor Dispatcher(int number);  // of that worker's township
kernel::v1::Actor Handler(int number);     // of that township's urban unit
std::string UnitOf(int number);            // that unit
incident::v1::ReportRequest Report(const std::string& request_id, int64_t device_at_ms);

}  // namespace bench
