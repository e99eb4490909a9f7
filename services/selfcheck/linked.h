#pragma once
// Every file of proto/files.txt, linked in: what is stored and what is spoken, of all services. The list is made from
// files.txt when the build is configured, so a new file is looked at without anybody thinking of it.

#include <google/protobuf/descriptor.h>

#include <vector>

namespace selfcheck {

std::vector<const google::protobuf::FileDescriptor*> LinkedFiles();

}  // namespace selfcheck
