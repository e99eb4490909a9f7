#pragma once
// Which units a notice concerns: those that have the matter or answer for it. Read from the message by its descriptor,
// wherever in it the unit stands. Any other unit that a notice names, such as the one that is complained about or that
// issued an order, is not concerned. Any thread.

#include <string>
#include <vector>

#include "bus/v1/stream.pb.h"
#include "gateway/catalog.h"

namespace gateway {

// A notice's data as people may read it: without what services tell each other only.
std::string ToldData(const Catalog& catalog, const google::protobuf::Descriptor* type, const std::string& data);

// A petition leaves the lists of its service, as a copy or as an accusation: others cannot tell which.
bool LeavesTheLists(const Catalog& catalog, const bus::v1::Event& event);

// Sorted, each once. Nothing for a notice of a type this gateway does not know, or that cannot be read.
std::vector<std::string> ConcernedUnits(const Catalog& catalog, const bus::v1::Event& event);

}  // namespace gateway
