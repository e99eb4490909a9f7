#pragma once
// Messages and enums as JSON Schema (2020-12), as OpenAPI 3.1 wants them; names are full proto names. One
// use; one thread.

#include <google/protobuf/descriptor.h>

#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <string_view>

#include "gateway/catalog.h"

namespace gateway {

// Comments of a pool that was built with source info.
class Comments {
 public:
  explicit Comments(std::string_view descriptor_set);
  std::string OfMessage(const std::string& full_name) const;
  std::string OfField(const std::string& full_name) const;
  std::string OfEnum(const std::string& full_name) const;
  std::string OfMethod(const std::string& full_name) const;
  std::string OfService(const std::string& full_name) const;

 private:
  google::protobuf::DescriptorPool pool_;
};

class OpenApiSchemas {
 public:
  OpenApiSchemas(const Catalog& catalog, const Comments& comments) : catalog_(catalog), comments_(comments) {}

  // {"$ref": …} of a message; its schema and all it needs are in components() afterwards.
  nlohmann::ordered_json Ref(const google::protobuf::Descriptor* message);
  // The schema of one value of this field; `whole` also for lists and maps.
  nlohmann::ordered_json OfField(const google::protobuf::FieldDescriptor* field, bool whole = true);
  // A body whose listed fields are given elsewhere (in the path).
  nlohmann::ordered_json Without(const google::protobuf::Descriptor* message,
                                 const std::set<std::string>& json_names);
  const nlohmann::ordered_json& components() const { return components_; }

 private:
  nlohmann::ordered_json Build(const google::protobuf::Descriptor* message,
                               const std::set<std::string>& without);
  nlohmann::ordered_json Value(const google::protobuf::FieldDescriptor* field);
  void ApplyRule(const google::protobuf::FieldDescriptor* field, nlohmann::ordered_json* schema);

  const Catalog& catalog_;
  const Comments& comments_;
  nlohmann::ordered_json components_ = nlohmann::ordered_json::object();
};

}  // namespace gateway
