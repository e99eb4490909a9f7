#include "services/kernel/messages.h"

#include "base/check.h"

namespace kernel {

using google::protobuf::FieldDescriptor;

EventNames::EventNames(const google::protobuf::Descriptor* event) : body_(event->FindOneofByName("body")) {
  CHECK(body_ != nullptr) << event->full_name() << " needs a oneof `body`";
}

const FieldDescriptor* EventNames::TypeOf(const google::protobuf::Message& event) const {
  return event.GetReflection()->GetOneofFieldDescriptor(event, body_);
}

bool EventNames::Knows(std::string_view type, int number) const {
  for (int i = 0; i < body_->field_count(); ++i) {
    if (body_->field(i)->name() == type && body_->field(i)->number() == number) return true;
  }
  return false;
}

ReceiptFields::ReceiptFields(const google::protobuf::Descriptor* state) {
  const FieldDescriptor* code = state->FindFieldByName("matter_code");
  if (code != nullptr && code->type() == FieldDescriptor::TYPE_STRING && !code->is_repeated())
    matter_code_ = code;
  const FieldDescriptor* status = state->FindFieldByName("status");
  if (status != nullptr && status->type() == FieldDescriptor::TYPE_ENUM && !status->is_repeated())
    status_ = status;
}

void ReceiptFields::Fill(const google::protobuf::Message& state, v1::Receipt* receipt) const {
  if (matter_code_ != nullptr) {
    std::string scratch;
    receipt->set_matter_code(state.GetReflection()->GetStringReference(state, matter_code_, &scratch));
  }
  if (status_ != nullptr) receipt->set_status(state.GetReflection()->GetEnum(state, status_)->name());
}

}  // namespace kernel
