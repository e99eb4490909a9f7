#include "services/reference/mentions.h"

#include <absl/strings/str_cat.h>
#include <google/protobuf/descriptor.h>

#include <algorithm>

#include "media/v1/media.pb.h"
#include "media/v1/notices.pb.h"

namespace reference {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

bool NamesDocument(const FieldDescriptor* field) {
  const std::string_view name = field->name();
  return field->type() == FieldDescriptor::TYPE_STRING && (name == "sha256" || name.ends_with("_sha256"));
}

void Collect(const Message& message, std::vector<std::string>* out) {
  const auto* reflection = message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection->ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    const bool inside = field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
    if (!inside && !NamesDocument(field)) continue;
    const int count = field->is_repeated() ? reflection->FieldSize(message, field) : 1;
    for (int i = 0; i < count && out->size() < kMentionsMax; ++i) {
      if (inside) {
        Collect(field->is_repeated() ? reflection->GetRepeatedMessage(message, field, i)
                                     : reflection->GetMessage(message, field),
                out);
        continue;
      }
      std::string text = field->is_repeated() ? reflection->GetRepeatedString(message, field, i)
                                              : reflection->GetString(message, field);
      if (IsDigest(text)) out->push_back(std::move(text));
    }
  }
}

}  // namespace

bool IsDigest(std::string_view text) {
  return text.size() == 64 && std::ranges::all_of(text, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
  });
}

std::optional<std::string> FirstBadDigest(const Message& message) {
  const auto* reflection = message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection->ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    const bool inside = field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
    if (!inside && !NamesDocument(field)) continue;
    const int count = field->is_repeated() ? reflection->FieldSize(message, field) : 1;
    for (int i = 0; i < count; ++i) {
      std::string path(field->name());
      if (field->is_repeated()) absl::StrAppend(&path, "[", i, "]");
      if (!inside) {
        const std::string text = field->is_repeated() ? reflection->GetRepeatedString(message, field, i)
                                                      : reflection->GetString(message, field);
        if (!IsDigest(text) && (field->is_repeated() || !text.empty())) return path;
        continue;
      }
      const auto below = FirstBadDigest(field->is_repeated() ? reflection->GetRepeatedMessage(message, field, i)
                                                             : reflection->GetMessage(message, field));
      if (below) return absl::StrCat(path, ".", *below);
    }
  }
  return std::nullopt;
}

std::vector<std::string> MentionedDocuments(const Message& event) {
  std::vector<std::string> out;
  Collect(event, &out);
  std::ranges::sort(out);
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

void MentionDocuments(const Message& event, kernel::v1::Notice* notice) {
  if (notice->classification() == kernel::v1::SEALED) return;
  media::v1::Mentions mentions;
  for (std::string& sha256 : MentionedDocuments(event)) mentions.add_sha256(std::move(sha256));
  if (mentions.sha256_size() > 0) *notice->mutable_payload() += mentions.SerializeAsString();
}

void SayHandedFrom(std::string_view service, std::string_view id, kernel::v1::Notice* notice) {
  media::v1::HandedOver handed;
  handed.set_from(std::string(service).append("/").append(id));
  *notice->mutable_payload() += handed.SerializeAsString();
}

void SayHandedBack(const google::protobuf::RepeatedPtrField<std::string>& sha256, kernel::v1::Notice* notice) {
  media::v1::HandedOver handed;
  *handed.mutable_back() = sha256;
  if (handed.back_size() > 0) *notice->mutable_payload() += handed.SerializeAsString();
}

}  // namespace reference
