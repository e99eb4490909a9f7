#include "gateway/services.h"

#include "base/check.h"
#include "directory/v1/api.pb.h"
#include "incident/v1/api.pb.h"
#include "media/v1/api.pb.h"
#include "mediation/v1/api.pb.h"
#include "notify/v1/api.pb.h"
#include "oversight/v1/api.pb.h"
#include "petition/v1/api.pb.h"

namespace gateway {

std::vector<const google::protobuf::FileDescriptor*> LinkedServices() {
  // A file may hold a service and no message; naming its table is what keeps the linker from leaving it out.
  std::vector<const google::protobuf::FileDescriptor*> files;
  for (const char* name : {
           descriptor_table_directory_2fv1_2fapi_2eproto.filename,
           descriptor_table_incident_2fv1_2fapi_2eproto.filename,
           descriptor_table_media_2fv1_2fapi_2eproto.filename,
           descriptor_table_mediation_2fv1_2fapi_2eproto.filename,
           descriptor_table_notify_2fv1_2fapi_2eproto.filename,
           descriptor_table_oversight_2fv1_2fapi_2eproto.filename,
           descriptor_table_petition_2fv1_2fapi_2eproto.filename,
       }) {
    files.push_back(google::protobuf::DescriptorPool::generated_pool()->FindFileByName(name));
    CHECK(files.back() != nullptr) << name;
  }
  return files;
}

}  // namespace gateway
