#include "gateway/catalog.h"

#include <absl/status/status.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_split.h>
#include <google/protobuf/descriptor.pb.h>

#include <algorithm>
#include <utility>

#include "base/status_macros.h"
#include "gateway/limits.h"
#include "google/api/annotations.pb.h"

namespace gateway {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::FileDescriptor;
using google::protobuf::MethodDescriptor;
using kernel::v1::AccessRule;

constexpr char kHttpBody[] = "google.api.HttpBody";
constexpr char kTus[] = "TUS";

// Options of a pool of our own hold extensions as unknown fields; reading them again as generated code finds
// them.
template <class Options>
Options Known(const Options& options) {
  Options known;
  known.ParseFromString(options.SerializeAsString());
  return known;
}

absl::Status Bad(const MethodDescriptor& method, std::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat(method.full_name(), ": ", std::string(why)));
}

absl::StatusOr<FieldPath> ResolvePath(const MethodDescriptor& method, std::string_view path) {
  FieldPath out;
  const Descriptor* at = method.input_type();
  for (const auto part : absl::StrSplit(absl::string_view(path.data(), path.size()), '.')) {
    const FieldDescriptor* field = at == nullptr ? nullptr : at->FindFieldByName(std::string(part));
    if (field == nullptr) return Bad(method, absl::StrCat("has no field ", std::string(path)));
    if (field->is_repeated()) return Bad(method, absl::StrCat("field ", std::string(path), " is repeated"));
    out.push_back(field);
    at = field->message_type();
  }
  if (out.back()->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
    return Bad(method, absl::StrCat("field ", std::string(path), " is a message"));
  }
  return out;
}

absl::StatusOr<std::pair<std::string, std::string>> Pattern(const MethodDescriptor& method,
                                                            const google::api::HttpRule& rule) {
  switch (rule.pattern_case()) {
    case google::api::HttpRule::kGet:
      return std::pair{std::string("GET"), rule.get()};
    case google::api::HttpRule::kPost:
      return std::pair{std::string("POST"), rule.post()};
    case google::api::HttpRule::kPut:
      return std::pair{std::string("PUT"), rule.put()};
    case google::api::HttpRule::kPatch:
      return std::pair{std::string("PATCH"), rule.patch()};
    case google::api::HttpRule::kDelete:
      return std::pair{std::string("DELETE"), rule.delete_()};
    case google::api::HttpRule::kCustom:
    case google::api::HttpRule::PATTERN_NOT_SET:
      break;
  }
  return Bad(method, "its google.api.http names no get, post, put, patch or delete");
}

const FieldDescriptor* FieldOfType(const Descriptor& message, const char* name,
                                   FieldDescriptor::CppType type) {
  const FieldDescriptor* field = message.FindFieldByName(name);
  return field != nullptr && !field->is_repeated() && field->cpp_type() == type ? field : nullptr;
}

absl::StatusOr<Binding> MakeBinding(const MethodDescriptor& method, const google::api::HttpRule& rule) {
  ASSIGN_OR_RETURN(auto pattern, Pattern(method, rule));
  Binding binding;
  binding.http_method = pattern.first;
  binding.path = pattern.second;
  auto path = ParsePathTemplate(binding.path);
  if (!path.ok()) return Bad(method, path.status().ToString());
  for (const PathTemplate::Variable& variable : path->variables) {
    ASSIGN_OR_RETURN(FieldPath field, ResolvePath(method, variable.field_path));
    binding.variables.push_back(std::move(field));
  }
  if (rule.body() == "*") {
    binding.body = Binding::Body::kAll;
  } else if (!rule.body().empty()) {
    binding.body = Binding::Body::kField;
    binding.body_field = method.input_type()->FindFieldByName(rule.body());
    if (binding.body_field == nullptr || binding.body_field->is_repeated() ||
        binding.body_field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) {
      return Bad(method, absl::StrCat("body \"", rule.body(), "\" is not a message field"));
    }
  }
  if (binding.body != Binding::Body::kNone &&
      (binding.http_method == "GET" || binding.http_method == "DELETE")) {
    return Bad(method, absl::StrCat(binding.http_method, " has no body"));
  }
  if (!rule.response_body().empty()) {
    binding.response_field = method.output_type()->FindFieldByName(rule.response_body());
    if (binding.response_field == nullptr || binding.response_field->is_repeated() ||
        binding.response_field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) {
      return Bad(method, absl::StrCat("response_body \"", rule.response_body(), "\" is not a message field"));
    }
  }
  return binding;
}

absl::Status CheckAccess(const MethodDescriptor& method, const AccessRule& access) {
  if (access.scope() == AccessRule::SCOPE_UNSPECIFIED) return Bad(method, "its access rule names no scope");
  if (access.audit() == AccessRule::AUDIT_UNSPECIFIED)
    return Bad(method, "its access rule names no audit level");
  if (access.role().empty() && access.caller_service().empty() && !access.public_() && !access.signed_in()) {
    return Bad(method, "its access rule lets nobody in");
  }
  if (access.max_body_bytes() > kMaxBodyBytes)
    return Bad(method, "its max_body_bytes is above the gateway's limit");
  return absl::OkStatus();
}

std::string DefaultRateClass(const MethodDescriptor& method, const Method& made) {
  if (!made.access.rate_class().empty()) return made.access.rate_class();
  const bool reads =
      made.no_side_effects || (!made.bindings.empty() && made.bindings[0].http_method == "GET");
  if (!reads) return "write";
  return method.input_type()->FindFieldByName("page_size") != nullptr ? "list" : "read";
}

}  // namespace

absl::StatusOr<std::unique_ptr<Catalog>> Catalog::FromFiles(const std::vector<const FileDescriptor*>& files) {
  std::unique_ptr<Catalog> catalog(new Catalog);
  catalog->pool_ = files.empty() ? google::protobuf::DescriptorPool::generated_pool() : files[0]->pool();
  RETURN_IF_ERROR(catalog->Load(files));
  return catalog;
}

absl::StatusOr<std::unique_ptr<Catalog>> Catalog::FromDescriptorSet(std::string_view bytes) {
  google::protobuf::FileDescriptorSet set;
  if (!set.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return absl::InvalidArgumentError("cannot read the descriptor set: not a FileDescriptorSet");
  }
  std::unique_ptr<Catalog> catalog(new Catalog);
  catalog->own_pool_ = std::make_unique<google::protobuf::DescriptorPool>();
  catalog->pool_ = catalog->own_pool_.get();
  std::vector<const FileDescriptor*> files;
  for (const auto& file : set.file()) {
    const FileDescriptor* built = catalog->own_pool_->BuildFile(file);
    if (built == nullptr) {
      return absl::InvalidArgumentError(absl::StrCat("cannot build ", file.name(), " of the descriptor set"));
    }
    files.push_back(built);
  }
  RETURN_IF_ERROR(catalog->Load(files));
  return catalog;
}

absl::Status Catalog::Load(const std::vector<const FileDescriptor*>& files) {
  types_ = std::make_unique<TypeCache>("type.googleapis.com", pool_);
  factory_ = std::make_unique<google::protobuf::DynamicMessageFactory>(pool_);
  factory_->SetDelegateToGeneratedFactory(true);
  RouterBuilder routes;
  for (const FileDescriptor* file : files) {
    for (int s = 0; s < file->service_count(); ++s) {
      const size_t before = methods_.size();
      for (int m = 0; m < file->service(s)->method_count(); ++m) {
        RETURN_IF_ERROR(AddMethod(*file->service(s)->method(m), &routes));
      }
      if (methods_.size() > before) services_.insert(file->service(s)->full_name());
    }
  }
  router_ = routes.Build();
  return absl::OkStatus();
}

absl::Status Catalog::AddMethod(const MethodDescriptor& descriptor, RouterBuilder* routes) {
  const auto options = Known(descriptor.options());
  if (!options.HasExtension(kernel::v1::access)) return Bad(descriptor, "it has no access rule");
  auto method = std::make_unique<Method>();
  method->access = options.GetExtension(kernel::v1::access);
  RETURN_IF_ERROR(CheckAccess(descriptor, method->access));
  const bool for_people =
      method->access.role_size() > 0 || method->access.public_() || method->access.signed_in();
  method->gives_file = descriptor.output_type()->full_name() == kHttpBody;
  method->streams = descriptor.server_streaming();
  if (!for_people || descriptor.client_streaming() || (method->streams && !method->gives_file)) {
    return absl::OkStatus();
  }
  method->descriptor = &descriptor;
  method->service = descriptor.service()->full_name();
  method->rpc_path = absl::StrCat("/", method->service, "/", descriptor.name());
  method->no_side_effects = options.idempotency_level() == google::protobuf::MethodOptions::NO_SIDE_EFFECTS;
  method->max_body_bytes =
      method->access.max_body_bytes() == 0 ? kDefaultBodyBytes : method->access.max_body_bytes();
  method->deadline_ms = method->access.default_deadline_ms() == 0
                            ? kDefaultDeadlineMs
                            : std::min<int64_t>(method->access.default_deadline_ms(), kMaxDeadlineMs);
  if (method->access.scope() == AccessRule::SCOPE_FIELD) {
    ASSIGN_OR_RETURN(method->scope_field, ResolvePath(descriptor, method->access.scope_field()));
    if (method->scope_field.back()->cpp_type() != FieldDescriptor::CPPTYPE_STRING) {
      return Bad(descriptor, "its scope_field is not a string");
    }
  }
  const Descriptor& in = *descriptor.input_type();
  const Descriptor& out = *descriptor.output_type();
  method->request_id = FieldOfType(in, "request_id", FieldDescriptor::CPPTYPE_STRING);
  method->expected_version = FieldOfType(in, "expected_version", FieldDescriptor::CPPTYPE_UINT64);
  method->version = FieldOfType(out, "version", FieldDescriptor::CPPTYPE_UINT64);
  method->etag = FieldOfType(out, "etag", FieldDescriptor::CPPTYPE_STRING);
  method->rules = std::make_unique<rpc::RequestRules>(&in);
  CollectRules(&in);
  CollectRules(&out);
  RETURN_IF_ERROR(AddBindings(descriptor, method.get(), routes));
  method->rate_class = DefaultRateClass(descriptor, *method);
  by_rpc_path_[method->rpc_path] = method.get();
  methods_.push_back(std::move(method));
  return absl::OkStatus();
}

absl::Status Catalog::AddBindings(const MethodDescriptor& descriptor, Method* method, RouterBuilder* routes) {
  const auto options = Known(descriptor.options());
  if (!options.HasExtension(google::api::http)) return Bad(descriptor, "it has no google.api.http binding");
  const google::api::HttpRule& first = options.GetExtension(google::api::http);
  method->by_tus = first.custom().kind() == kTus && first.custom().path() == kUploadsPath;
  if (method->by_tus) return absl::OkStatus();
  std::vector<const google::api::HttpRule*> rules{&first};
  for (const auto& more : first.additional_bindings()) {
    if (more.additional_bindings_size() > 0)
      return Bad(descriptor, "additional_bindings go one level deep only");
    rules.push_back(&more);
  }
  for (const google::api::HttpRule* rule : rules) {
    ASSIGN_OR_RETURN(Binding binding, MakeBinding(descriptor, *rule));
    method->bindings.push_back(std::move(binding));
  }
  for (const Binding& binding : method->bindings) {
    if (method->gives_file && binding.response_field != nullptr) {
      return Bad(descriptor, "a file has no response_body");
    }
    RETURN_IF_ERROR(routes->Add(binding.http_method, binding.path, targets_.size(), descriptor.full_name()));
    targets_.push_back({method, &binding});
  }
  return absl::OkStatus();
}

void Catalog::CollectRules(const Descriptor* message) {
  if (!visited_.insert(message).second) return;
  for (int i = 0; i < message->field_count(); ++i) {
    const FieldDescriptor* field = message->field(i);
    const auto options = Known(field->options());
    if (options.HasExtension(kernel::v1::field)) rules_[field] = options.GetExtension(kernel::v1::field);
    if (field->message_type() != nullptr) CollectRules(field->message_type());
  }
}

const kernel::v1::FieldRule* Catalog::RuleOf(const FieldDescriptor* field) const {
  const auto found = rules_.find(field);
  return found == rules_.end() ? nullptr : &found->second;
}

std::optional<Problem> Catalog::Route(std::string_view http_method, std::string_view path, Target* target,
                                      std::vector<RouteMatch::Capture>* captures) const {
  RouteMatch match;
  if (auto problem = router_.Match(http_method, path, &match)) return problem;
  *target = targets_[match.route];
  *captures = std::move(match.captures);
  return std::nullopt;
}

const Method* Catalog::FindRpc(std::string_view rpc_path) const {
  const auto found = by_rpc_path_.find(std::string(rpc_path));
  return found == by_rpc_path_.end() ? nullptr : found->second;
}

bool Catalog::HasService(std::string_view full_name) const {
  return services_.contains(std::string(full_name));
}

std::unique_ptr<google::protobuf::Message> Catalog::New(const Descriptor* type) const {
  return std::unique_ptr<google::protobuf::Message>(factory_->GetPrototype(type)->New());
}

}  // namespace gateway
