#pragma once
// Compares a JSON text with the message it is meant for, while CheckJson walks it: unknown members, a field
// written twice under its two names (pageSize, page_size), wrong kinds, numbers out of range, unknown enum
// values. Finds all of them at once and says where; protobuf's reader would stop at the first and name it in
// English only. Messages with a JSON form of their own (Timestamp, Duration, …) are left to protobuf. One use
// per text; any thread.

#include <google/protobuf/descriptor.h>

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/problem.h"
#include "gateway/strict_json.h"

namespace gateway {

class JsonShape final : public JsonVisitor {
 public:
  explicit JsonShape(const google::protobuf::Descriptor* root) : root_(root) {}

  const std::vector<FieldError>& errors() const { return errors_; }
  // Field paths ("case.title", names as in the proto) that the text gives a value, outside of lists and maps.
  const std::set<std::string, std::less<>>& given() const { return given_; }

  void BeginObject() override;
  void Key(std::string_view name) override;
  void EndObject() override { frames_.pop_back(); }
  void BeginArray() override;
  void EndArray() override { frames_.pop_back(); }
  void String(std::string_view value) override;
  void Number(std::string_view literal) override;
  void Bool(bool value) override;
  void Null() override;

 private:
  using Field = google::protobuf::FieldDescriptor;
  enum class Kind { kMessage, kMap, kList, kFree };
  struct Frame {
    Kind kind = Kind::kFree;
    const google::protobuf::Descriptor* message = nullptr;
    const Field* field = nullptr;    // of a list or map: what its elements are
    const Field* current = nullptr;  // of a message: the member being read; null if unknown
    std::string token;               // where we are in it
    size_t index = 0;
    std::set<int> numbers;  // fields already given
    std::string prefix;     // field path of this message, "case."
    bool pathed = false;    // reachable by a field path
  };
  struct Slot {
    const Field* field = nullptr;
    bool whole = false;  // the field itself, not one of its elements
    bool known = false;
  };

  Slot Next();
  void Error(std::string_view code, std::string_view zh, std::string_view en);
  void WrongKind(const Slot& slot);
  void CheckInteger(const Field& field, std::string_view text);
  void CheckEnum(const Field& field, std::string_view text, bool by_number);
  std::string Pointer() const;

  const google::protobuf::Descriptor* const root_;
  std::vector<Frame> frames_;
  std::vector<FieldError> errors_;
  std::set<std::string, std::less<>> given_;
};

// The field of `message` with this name, as in the proto (page_size) or as in JSON (pageSize).
const google::protobuf::FieldDescriptor* FieldByEitherName(const google::protobuf::Descriptor& message,
                                                           std::string_view name);
// True for messages whose JSON is not an object of their fields.
bool HasOwnJson(const google::protobuf::Descriptor& message);

}  // namespace gateway
