#include "services/rpc/method.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_split.h>

#include <utility>

#include "base/status_macros.h"
#include "kernel/v1/record.pb.h"
#include "services/rpc/free_text.h"
#include "services/rpc/vault.h"

namespace rpc {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::MessageFactory;
using google::protobuf::MethodDescriptor;
using kernel::v1::AccessRule;

absl::Status Wrong(const MethodDescriptor& method, std::string_view why) {
  return absl::FailedPreconditionError(absl::StrCat("cannot serve ", method.full_name(), ": ", std::string(why)));
}

absl::Status CheckRule(const MethodDescriptor& method, const AccessRule& rule) {
  if (!method.options().HasExtension(kernel::v1::access)) return Wrong(method, "it has no access rule");
  if (rule.scope() == AccessRule::SCOPE_UNSPECIFIED) return Wrong(method, "its access rule names no scope");
  if (rule.audit() == AccessRule::AUDIT_UNSPECIFIED) return Wrong(method, "its access rule names no audit level");
  if (!rule.public_() && !rule.signed_in() && rule.role().empty() && rule.caller_service().empty()) {
    return Wrong(method, "its access rule lets nobody in");
  }
  if (rule.public_() && (rule.signed_in() || !rule.role().empty())) {
    return Wrong(method, "its access rule is public and asks for a person at once");
  }
  for (const int role : rule.role()) {
    if (role == kernel::v1::ROLE_UNSPECIFIED) return Wrong(method, "its access rule names an unspecified role");
  }
  if (method.client_streaming()) return Wrong(method, "streams of requests are not served here");
  return absl::OkStatus();
}

const FieldDescriptor* Field(const Descriptor& type, const char* name, FieldDescriptor::CppType cpp_type) {
  const FieldDescriptor* field = type.FindFieldByName(name);
  return field != nullptr && field->cpp_type() == cpp_type && !field->is_repeated() ? field : nullptr;
}

// "place.area_code" -> the fields on the way; empty if there is no such text field.
std::vector<const FieldDescriptor*> FieldPath(const Descriptor& type, const std::string& path) {
  std::vector<const FieldDescriptor*> out;
  const Descriptor* at = &type;
  for (const auto part : absl::StrSplit(path, '.')) {
    const FieldDescriptor* field = at == nullptr ? nullptr : at->FindFieldByName(std::string(part));
    if (field == nullptr || field->is_repeated()) return {};
    out.push_back(field);
    at = field->message_type();
  }
  if (out.back()->cpp_type() != FieldDescriptor::CPPTYPE_STRING) return {};
  return out;
}

// The one member of the oneof `body` that has this type.
const FieldDescriptor* MemberOf(const Descriptor* command, const Descriptor* request) {
  const auto* body = command == nullptr ? nullptr : command->FindOneofByName("body");
  if (body == nullptr) return nullptr;
  for (int i = 0; i < body->field_count(); ++i) {
    if (body->field(i)->message_type() == request) return body->field(i);
  }
  return nullptr;
}

absl::Status CheckPersonal(const MethodDescriptor& method, const Descriptor* type,
                           std::map<const Descriptor*, bool>* seen) {
  if (!seen->emplace(type, true).second) return absl::OkStatus();
  for (int i = 0; i < type->field_count(); ++i) {
    const FieldDescriptor* field = type->field(i);
    const bool marked = field->options().GetExtension(kernel::v1::field).personal() != kernel::v1::PERSONAL_NONE;
    if (marked && field->type() != FieldDescriptor::TYPE_STRING) {
      return Wrong(method, absl::StrCat("only a text can be personal: ", field->full_name()));
    }
    if (field->message_type() != nullptr) RETURN_IF_ERROR(CheckPersonal(method, field->message_type(), seen));
  }
  return absl::OkStatus();
}

void FindCommonFields(Method* method) {
  const Descriptor& type = *method->request->GetDescriptor();
  method->id = Field(type, "id", FieldDescriptor::CPPTYPE_STRING);
  method->request_id = Field(type, "request_id", FieldDescriptor::CPPTYPE_STRING);
  method->expected_version = Field(type, "expected_version", FieldDescriptor::CPPTYPE_UINT64);
  method->device_at_ms = Field(type, "device_at_ms", FieldDescriptor::CPPTYPE_INT64);
  method->field = Field(type, "field", FieldDescriptor::CPPTYPE_STRING);
  method->reason = Field(type, "reason", FieldDescriptor::CPPTYPE_STRING);
}

absl::Status BindWork(const MethodDescriptor& descriptor, const Descriptor* command, const Registered* registered,
                      bool has_vault, Method* method) {
  method->member = MemberOf(command, descriptor.input_type());
  const bool streams = registered != nullptr && registered->stream != nullptr;
  const bool is_query = streams || (registered != nullptr && registered->query != nullptr);
  if (method->member == nullptr && !is_query) {
    return Wrong(descriptor, "its request is no command and no query is registered for it");
  }
  if (method->member != nullptr && is_query) return Wrong(descriptor, "it is a command and a query at once");
  if (registered != nullptr && registered->request != descriptor.input_type()) {
    return Wrong(descriptor, absl::StrCat("it is registered with ", registered->request->full_name()));
  }
  if (is_query || descriptor.server_streaming()) {
    if (streams != descriptor.server_streaming()) {
      return Wrong(descriptor, "it is a stream where it is declared or where it is registered, but not in both");
    }
    if (registered->response != descriptor.output_type()) {
      return Wrong(descriptor, absl::StrCat("it is registered with ", registered->response->full_name()));
    }
    method->query = registered->query;
    method->stream = registered->stream;
    return absl::OkStatus();
  }
  if (descriptor.output_type() != kernel::v1::Receipt::descriptor()) {
    return Wrong(descriptor, "a command must answer kernel.v1.Receipt");
  }
  if (method->request_id == nullptr) return Wrong(descriptor, "a command needs `string request_id`");
  method->command = MessageFactory::generated_factory()->GetPrototype(command);
  method->personal = HasPersonal(descriptor.input_type());
  if (method->personal && !has_vault) return Wrong(descriptor, "it takes personal data and there is no vault");
  if (has_vault && HasWords(descriptor.input_type())) method->personal = true;
  if (registered != nullptr) method->prepare = registered->prepare;
  std::map<const Descriptor*, bool> seen;
  return CheckPersonal(descriptor, descriptor.input_type(), &seen);
}

}  // namespace

std::string TextOf(const Message& message, const FieldDescriptor* field) {
  if (field == nullptr) return "";
  return message.GetReflection()->GetString(message, field);
}

absl::StatusOr<std::vector<std::unique_ptr<Method>>> BuildMethods(
    const google::protobuf::ServiceDescriptor& service, const Descriptor* command,
    const std::map<std::string, Registered>& registered, bool has_vault) {
  std::vector<std::unique_ptr<Method>> out;
  for (const auto& [name, ignored] : registered) {
    if (service.FindMethodByName(name) == nullptr) {
      return absl::FailedPreconditionError(absl::StrCat("cannot serve ", service.full_name(), ": no method ", name));
    }
  }
  for (int i = 0; i < service.method_count(); ++i) {
    const MethodDescriptor& descriptor = *service.method(i);
    auto method = std::make_unique<Method>();
    method->path = absl::StrCat("/", service.full_name(), "/", descriptor.name());
    method->access = descriptor.options().GetExtension(kernel::v1::access);
    RETURN_IF_ERROR(CheckRule(descriptor, method->access));
    method->request = MessageFactory::generated_factory()->GetPrototype(descriptor.input_type());
    method->response = MessageFactory::generated_factory()->GetPrototype(descriptor.output_type());
    method->rules = std::make_unique<RequestRules>(descriptor.input_type());
    FindCommonFields(method.get());
    if (method->access.scope() == AccessRule::SCOPE_FIELD) {
      method->scope_path = FieldPath(*descriptor.input_type(), method->access.scope_field());
      if (method->scope_path.empty()) {
        return Wrong(descriptor, absl::StrCat("no text field `", method->access.scope_field(), "` for its scope"));
      }
    }
    const auto at = registered.find(std::string(descriptor.name()));
    RETURN_IF_ERROR(BindWork(descriptor, command, at == registered.end() ? nullptr : &at->second, has_vault,
                             method.get()));
    out.push_back(std::move(method));
  }
  return out;
}

}  // namespace rpc
