#include "storage/dump.h"

#include <absl/strings/str_cat.h>
#include <google/protobuf/dynamic_message.h>
#include <google/protobuf/text_format.h>

#include <algorithm>
#include <memory>

#include "base/coding.h"
#include "base/crypto.h"
#include "base/status_macros.h"
#include "base/utf8.h"
#include "kernel/v1/record.pb.h"
#include "storage/format.h"
#include "storage/keys.h"
#include "storage/log_value.h"

namespace storage {
namespace {

using google::protobuf::Message;

constexpr size_t kShownBytes = 32;

// Text if it is some, else hexadecimal.
std::string Show(std::string_view bytes) {
  const bool readable =
      base::IsValidUtf8(bytes) && std::ranges::none_of(bytes, [](unsigned char c) { return c < 0x20; });
  return readable ? std::string(bytes) : absl::StrCat("0x", base::Hex(bytes));
}

std::string Text(const Message& message) {
  google::protobuf::TextFormat::Printer printer;
  printer.SetSingleLineMode(true);
  printer.SetUseUtf8StringEscaping(true);
  std::string text;
  printer.PrintToString(message, &text);
  return text;
}

template <class M>
std::string TextOf(std::string_view value) {
  M message;
  if (!message.ParseFromArray(value.data(), static_cast<int>(value.size())))
    return "DAMAGED " + base::Hex(value);
  return Text(message);
}

class Dumper {
 public:
  Dumper(const kernel::v1::Format& format, const google::protobuf::DescriptorPool* pool)
      : format_(format), pool_(pool) {
    factory_.SetDelegateToGeneratedFactory(true);
  }

  std::string Line(KeySpace space, std::string_view key, std::string_view value) {
    return absl::StrCat(std::string(kKeySpaceNames[static_cast<size_t>(space)]), "  ", KeyText(space, key),
                        "  ", ValueText(space, key, value));
  }

 private:
  static std::string KeyText(KeySpace space, std::string_view key) {
    uint64_t seq = 0;
    int64_t at_ms = 0;
    uint32_t serial = 0;
    uint8_t index = 0;
    std::string_view bytes, id;
    switch (space) {
      case KeySpace::kLog:
      case KeySpace::kAudit:
        if (ReadLogKey(key, &seq)) return absl::StrCat(seq);
        break;
      case KeySpace::kIndex:
        if (ReadIndexKey(key, &index, &bytes, &id))
          return absl::StrCat("#", index, " ", Show(bytes), " ", Show(id));
        break;
      case KeySpace::kTimer:
        if (ReadTimerKey(key, &at_ms, &id)) return absl::StrCat(at_ms, " ", Show(id));
        break;
      case KeySpace::kRefusal:
        if (ReadRefusalKey(key, &at_ms, &serial)) return absl::StrCat(at_ms, "/", serial);
        break;
      default:
        break;
    }
    return Show(key);
  }

  std::string ValueText(KeySpace space, std::string_view key, std::string_view value) {
    uint64_t number = 0;
    uint32_t field = 0;
    switch (space) {
      case KeySpace::kMeta:
        if (key == kFormatKey) return TextOf<kernel::v1::Format>(value);
        if (base::ReadU32(&value, &field))
          return absl::StrCat(key.starts_with(kEventTypePrefix) ? "field " : "", field);
        break;
      case KeySpace::kLog:
        return LogText(value);
      case KeySpace::kState:
      case KeySpace::kSealedState:
        return StateText(value);
      case KeySpace::kIndex:
      case KeySpace::kTimer:
        return "";
      case KeySpace::kDedupe:
        return TextOf<kernel::v1::Answered>(value);
      case KeySpace::kCursor:
        return TextOf<kernel::v1::CursorRecord>(value);
      case KeySpace::kRefusal:
        return TextOf<kernel::v1::RefusalRecord>(value);
      case KeySpace::kQuarantine:
        return TextOf<kernel::v1::QuarantineRecord>(value);
      case KeySpace::kCounter:
      case KeySpace::kTally:
        if (ReadNumberValue(value, &number)) return absl::StrCat(number);
        break;
      case KeySpace::kVault:
      case KeySpace::kSealedVault:
        return absl::StrCat("sealed, ", value.size(), " bytes");
      case KeySpace::kAudit:
      case KeySpace::kDerived:
        break;
    }
    return Show(value);
  }

  std::string LogText(std::string_view stored) {
    LogValue value;
    kernel::v1::LogRecord record;
    if (!DecodeLogValue(stored, &value) ||
        !record.ParseFromArray(value.record.data(), static_cast<int>(value.record.size()))) {
      return "DAMAGED " + base::Hex(stored);
    }
    const std::string event = record.sealed().empty() ? Inner(format_.event_type(), record.event())
                                                      : SealedText(record.sealed());
    record.clear_event();
    record.clear_sealed();
    return absl::StrCat("digest ", base::Hex(stored.substr(0, 4)), "  ", Text(record), " event { ", event,
                        "}");
  }

  std::string StateText(std::string_view stored) {
    kernel::v1::StateRecord record;
    if (!record.ParseFromArray(stored.data(), static_cast<int>(stored.size())))
      return "DAMAGED " + base::Hex(stored);
    const std::string state = record.sealed_state().empty() ? Inner(format_.state_type(), record.state())
                                                            : SealedText(record.sealed_state());
    record.clear_state();
    record.clear_sealed_state();
    return absl::StrCat(Text(record), " state { ", state, "}");
  }

  // Without the key there is nothing to show, and this program is never given one.
  static std::string SealedText(const std::string& bytes) { return absl::StrCat("sealed, ", bytes.size(), " bytes "); }

  std::string Inner(const std::string& type, const std::string& bytes) {
    const auto* descriptor = pool_ == nullptr ? nullptr : pool_->FindMessageTypeByName(type);
    if (descriptor != nullptr) {
      const std::unique_ptr<Message> message(factory_.GetPrototype(descriptor)->New());
      if (message->ParseFromString(bytes)) return Text(*message);
    }
    return absl::StrCat(bytes.size(), " bytes 0x", base::Hex(std::string_view(bytes).substr(0, kShownBytes)),
                        " ");
  }

  const kernel::v1::Format format_;
  const google::protobuf::DescriptorPool* const pool_;
  google::protobuf::DynamicMessageFactory factory_;
};

}  // namespace

absl::Status Dump(const View& view, const DumpOptions& options,
                  const std::function<bool(std::string_view)>& line) {
  if (!options.space.empty() && std::ranges::find(kKeySpaceNames, options.space) == kKeySpaceNames.end()) {
    return absl::InvalidArgumentError(absl::StrCat("there is no key space '", options.space, "'"));
  }
  // A database of another format is shown as far as it can be: that is when one needs to look.
  const auto format = ReadFormat(view);
  Dumper dumper(format.ok() ? *format : kernel::v1::Format{}, options.pool);
  bool go_on = true;
  for (size_t i = 0; go_on && i < kKeySpaceNames.size(); ++i) {
    if (!options.space.empty() && kKeySpaceNames[i] != options.space) continue;
    const auto space = static_cast<KeySpace>(i);
    size_t shown = 0;
    RETURN_IF_ERROR(view.Scan(space, options.space.empty() ? std::string_view() : options.from, "",
                              [&](std::string_view key, std::string_view value) {
                                if (shown++ == options.limit) return false;
                                return go_on = line(dumper.Line(space, key, value));
                              }));
  }
  return absl::OkStatus();
}

}  // namespace storage
