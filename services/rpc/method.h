#pragma once
// What the server knows of each method, built from descriptors once, before it listens. A method without a rule, or of
// which nobody says what it does, is an error that names it: the process then does not start.

#include <absl/status/statusor.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <array>
#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/metrics.h"
#include "services/kernel/command.h"
#include "services/rpc/access.h"
#include "services/rpc/errors.h"
#include "services/rpc/field_rules.h"

namespace rpc {

using QueryFunction =
    std::function<Answer(const Caller&, const google::protobuf::Message&, google::protobuf::Message*)>;
using PrepareFunction = std::function<std::optional<kernel::Refusal>(
    const Caller&, const google::protobuf::Message&, kernel::Envelope*)>;

// Fills the next message of a streamed answer; false: there is no more. May wait; is asked again only when the message
// before was written, and never again once the client is gone.
using NextFunction = std::function<absl::StatusOr<bool>(google::protobuf::Message*)>;
using StreamFunction = std::function<Answer(const Caller&, const google::protobuf::Message&, NextFunction*)>;

struct Method {
  std::string path;              // "/incident.v1.Incidents/Accept"
  kernel::v1::AccessRule access;
  const google::protobuf::Message* request = nullptr;   // prototypes
  const google::protobuf::Message* response = nullptr;
  std::unique_ptr<RequestRules> rules;
  std::vector<const google::protobuf::FieldDescriptor*> scope_path;  // of SCOPE_FIELD
  // Common fields; null where the request has none. Aggregate id: a command without it makes a new one.
  const google::protobuf::FieldDescriptor* id = nullptr;
  const google::protobuf::FieldDescriptor* request_id = nullptr;
  const google::protobuf::FieldDescriptor* expected_version = nullptr;
  const google::protobuf::FieldDescriptor* device_at_ms = nullptr;
  const google::protobuf::FieldDescriptor* field = nullptr;    // of a reveal, for the audit record
  const google::protobuf::FieldDescriptor* reason = nullptr;
  // A command: the union and the member of its oneof. A query: its function. A streamed query: what opens it.
  const google::protobuf::Message* command = nullptr;
  const google::protobuf::FieldDescriptor* member = nullptr;
  bool personal = false;
  PrepareFunction prepare;
  QueryFunction query;
  StreamFunction stream;

  base::Histogram* duration = nullptr;
  mutable std::array<std::atomic<base::Counter*>, 17> calls{};  // by gRPC code, made when first seen
};

struct Registered {
  const google::protobuf::Descriptor* request = nullptr;
  const google::protobuf::Descriptor* response = nullptr;  // null for a preparation
  QueryFunction query;
  PrepareFunction prepare;
  StreamFunction stream;
};

// `command` (may be null) is the service's union of commands; `registered` is by method name.
absl::StatusOr<std::vector<std::unique_ptr<Method>>> BuildMethods(
    const google::protobuf::ServiceDescriptor& service, const google::protobuf::Descriptor* command,
    const std::map<std::string, Registered>& registered, bool has_vault);

// Text of a string field that may be null or of another type: empty then.
std::string TextOf(const google::protobuf::Message& message, const google::protobuf::FieldDescriptor* field);

}  // namespace rpc
