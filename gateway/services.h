#pragma once
// The interfaces this gateway offers: one line a service in services.cc.

#include <google/protobuf/descriptor.h>

#include <vector>

namespace gateway {

std::vector<const google::protobuf::FileDescriptor*> LinkedServices();

}  // namespace gateway
