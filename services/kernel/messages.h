#pragma once
// The few things the kernel reads from a service's messages by reflection, so that no domain has to repeat them:
// an Event names itself by its oneof `body`; a State may have `matter_code` (string) and `status` (enum) for receipts.

#include <google/protobuf/message.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "kernel/v1/record.pb.h"

namespace kernel {

class EventNames {
 public:
  explicit EventNames(const google::protobuf::Descriptor* event);  // CHECKs that it has a oneof `body`
  // The field of `body` that is set; null: none, which in a stored event means that this build does not know it.
  const google::protobuf::FieldDescriptor* TypeOf(const google::protobuf::Message& event) const;
  bool Knows(std::string_view type, int number) const;

 private:
  const google::protobuf::OneofDescriptor* body_;
};

class ReceiptFields {
 public:
  explicit ReceiptFields(const google::protobuf::Descriptor* state);
  void Fill(const google::protobuf::Message& state, v1::Receipt* receipt) const;

 private:
  const google::protobuf::FieldDescriptor* matter_code_ = nullptr;
  const google::protobuf::FieldDescriptor* status_ = nullptr;
};

}  // namespace kernel
