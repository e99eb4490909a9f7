#include "services/rpc/reveal.h"

#include <string>
#include <utility>
#include <vector>

#include "base/status_macros.h"
#include "services/rpc/free_text.h"

namespace rpc {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

absl::StatusOr<std::string> Clear(const Vault& vault, const storage::View& view, std::string_view aggregate,
                                  const std::string& text) {
  if (IsVaultToken(text)) {
    auto value = vault.Unmask(view, aggregate, text);
    if (absl::IsNotFound(value.status())) return std::string(kErasedText);
    if (!value.ok()) return value.status();
    return std::move(value->text);
  }
  return HasInlineToken(text) ? vault.UnmaskWords(view, aggregate, text) : text;
}

}  // namespace

absl::Status RevealAll(const Vault& vault, const storage::View& view, std::string_view aggregate, Message* message) {
  const auto* reflection = message->GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection->ListFields(*message, &fields);
  for (const FieldDescriptor* field : fields) {
    const int count = field->is_repeated() ? reflection->FieldSize(*message, field) : 1;
    for (int i = 0; i < count; ++i) {
      if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
        RETURN_IF_ERROR(RevealAll(vault, view, aggregate,
                                  field->is_repeated() ? reflection->MutableRepeatedMessage(message, field, i)
                                                       : reflection->MutableMessage(message, field)));
      } else if (field->type() == FieldDescriptor::TYPE_STRING) {
        std::string scratch;
        const std::string& text = field->is_repeated()
                                      ? reflection->GetRepeatedStringReference(*message, field, i, &scratch)
                                      : reflection->GetStringReference(*message, field, &scratch);
        ASSIGN_OR_RETURN(std::string clear, Clear(vault, view, aggregate, text));
        field->is_repeated() ? reflection->SetRepeatedString(message, field, i, std::move(clear))
                             : reflection->SetString(message, field, std::move(clear));
      }
    }
  }
  return absl::OkStatus();
}

}  // namespace rpc
