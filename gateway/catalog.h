#pragma once
// Every method the gateway offers, made from descriptors at start: HTTP bindings (google.api.http), access
// rule and field rules (kernel.v1). The only file that reads options. A method without an access rule, a
// method of people without a binding, a binding of a field that does not exist, or an ambiguous path is an
// error that names it, and the process does not start. Immutable afterwards; any thread.
//
// Methods that only processes may call (access.caller_service and nobody else) are left out: they are not for
// people.

#include <absl/container/flat_hash_map.h>
#include <absl/container/flat_hash_set.h>
#include <absl/status/statusor.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/dynamic_message.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/router.h"
#include "gateway/type_cache.h"
#include "kernel/v1/options.pb.h"
#include "services/rpc/field_rules.h"

namespace gateway {

inline constexpr char kUploadsPath[] = "/v1/uploads";

using FieldPath = std::vector<const google::protobuf::FieldDescriptor*>;

struct Binding {
  enum class Body { kNone, kAll, kField };
  std::string http_method;  // "GET"
  std::string path;         // the template as written
  Body body = Body::kNone;
  const google::protobuf::FieldDescriptor* body_field = nullptr;
  const google::protobuf::FieldDescriptor* response_field = nullptr;
  std::vector<FieldPath> variables;  // in the order of the template
};

struct Method {
  const google::protobuf::MethodDescriptor* descriptor = nullptr;
  std::string rpc_path;  // "/incident.v1.Incidents/Accept"
  std::string service;   // "incident.v1.Incidents"
  kernel::v1::AccessRule access;
  std::string rate_class;
  size_t max_body_bytes = 0;
  int64_t deadline_ms = 0;
  bool no_side_effects = false;
  bool gives_file = false;  // answers google.api.HttpBody: bytes instead of JSON
  bool streams = false;     // as a stream of them
  bool by_tus = false;      // its HTTP face is the resumable upload protocol (tus_api.h): it has no binding
  std::vector<Binding> bindings;
  std::unique_ptr<rpc::RequestRules> rules;
  FieldPath scope_field;                                          // with SCOPE_FIELD
  const google::protobuf::FieldDescriptor* request_id = nullptr;  // of the request
  const google::protobuf::FieldDescriptor* expected_version = nullptr;
  const google::protobuf::FieldDescriptor* version = nullptr;  // of the response
  const google::protobuf::FieldDescriptor* etag = nullptr;
};

class Catalog {
 public:
  // Services of `files`, which must come from one pool that outlives the catalog.
  static absl::StatusOr<std::unique_ptr<Catalog>> FromFiles(
      const std::vector<const google::protobuf::FileDescriptor*>& files);
  // Every service in a serialized FileDescriptorSet (protoc --include_imports).
  static absl::StatusOr<std::unique_ptr<Catalog>> FromDescriptorSet(std::string_view bytes);

  struct Target {
    const Method* method;
    const Binding* binding;
  };
  // Finds the method for an HTTP request; a problem otherwise (404, 405, 400).
  std::optional<Problem> Route(std::string_view http_method, std::string_view path, Target* target,
                               std::vector<RouteMatch::Capture>* captures) const;
  // "/incident.v1.Incidents/Accept"; null if there is none.
  const Method* FindRpc(std::string_view rpc_path) const;
  bool HasService(std::string_view full_name) const;

  const std::vector<std::unique_ptr<Method>>& methods() const { return methods_; }
  // Null: the field has no rule. What is checked is in rules; this is for the description of the interface.
  const kernel::v1::FieldRule* RuleOf(const google::protobuf::FieldDescriptor* field) const;

  TypeCache* types() const { return types_.get(); }
  const google::protobuf::DescriptorPool& pool() const { return *pool_; }
  std::unique_ptr<google::protobuf::Message> New(const google::protobuf::Descriptor* type) const;

 private:
  Catalog() = default;
  absl::Status Load(const std::vector<const google::protobuf::FileDescriptor*>& files);
  absl::Status AddMethod(const google::protobuf::MethodDescriptor& descriptor, RouterBuilder* routes);
  absl::Status AddBindings(const google::protobuf::MethodDescriptor& descriptor, Method* method,
                           RouterBuilder* routes);
  void CollectRules(const google::protobuf::Descriptor* message);

  std::unique_ptr<google::protobuf::DescriptorPool> own_pool_;
  const google::protobuf::DescriptorPool* pool_ = nullptr;
  std::unique_ptr<TypeCache> types_;
  mutable std::unique_ptr<google::protobuf::DynamicMessageFactory> factory_;  // it locks for itself
  std::vector<std::unique_ptr<Method>> methods_;
  std::vector<Target> targets_;
  Router router_;
  absl::flat_hash_map<std::string, const Method*> by_rpc_path_;
  absl::flat_hash_set<std::string> services_;
  absl::flat_hash_map<const google::protobuf::FieldDescriptor*, kernel::v1::FieldRule> rules_;
  absl::flat_hash_set<const google::protobuf::Descriptor*> visited_;
};

}  // namespace gateway
