#include "services/reference/policy_files.h"

#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/text_format.h>

#include <fstream>
#include <iterator>
#include <string>

#include "base/status_macros.h"
#include "services/reference/validate.h"

namespace reference {
namespace {

// Keeps the first error with its line, counted from 1 as editors do.
class FirstError : public google::protobuf::io::ErrorCollector {
 public:
  void AddError(int line, google::protobuf::io::ColumnNumber column, const std::string& message) override {
    if (!text_.empty()) return;
    text_ = ":" + std::to_string(line + 1) + ":" + std::to_string(column + 1) + ": " + message;
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return absl::NotFoundError(path + "：打不开文件 / cannot open the file");
  std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  if (in.bad()) return absl::UnavailableError(path + "：读取失败 / cannot read the file");
  if (text.size() > kPolicyFileBytesMax)
    return absl::InvalidArgumentError(path + "：文件太大 / the file is too large");
  return text;
}

absl::Status ReadText(const std::string& path, google::protobuf::Message* message) {
  ASSIGN_OR_RETURN(const std::string text, ReadFile(path));
  google::protobuf::TextFormat::Parser parser;
  FirstError error;
  parser.RecordErrorsTo(&error);
  if (parser.ParseFromString(text, message)) return absl::OkStatus();
  return absl::InvalidArgumentError(path + error.text());
}

absl::Status In(const std::string& place, const absl::Status& status) {
  if (status.ok()) return status;
  return absl::Status(status.code(), place + ": " + std::string(status.message()));
}

}  // namespace

absl::StatusOr<PolicyFiles> ReadPolicyFolder(std::string_view folder) {
  const std::string root(folder);
  PolicyFiles files;
  policy::v1::PolicySet& set = files.policies;
  RETURN_IF_ERROR(ReadText(root + "/deadlines.textproto", set.mutable_deadlines()));
  RETURN_IF_ERROR(ReadText(root + "/categories.textproto", set.mutable_categories()));
  RETURN_IF_ERROR(ReadText(root + "/ladder.textproto", set.mutable_ladder()));
  RETURN_IF_ERROR(ReadText(root + "/incident.textproto", set.mutable_incident()));
  RETURN_IF_ERROR(ReadText(root + "/mediation.textproto", set.mutable_mediation()));
  RETURN_IF_ERROR(ReadText(root + "/petition.textproto", set.mutable_petition()));
  RETURN_IF_ERROR(ReadText(root + "/calendar/calendar.textproto", &files.calendar));
  set.set_revision(set.deadlines().revision() + set.categories().revision() + set.ladder().revision() +
                   set.incident().revision() + set.mediation().revision() + set.petition().revision());
  RETURN_IF_ERROR(In(root + "/deadlines.textproto", ValidateDeadlines(set.deadlines())));
  RETURN_IF_ERROR(In(root + "/categories.textproto", ValidateCategories(set.categories())));
  RETURN_IF_ERROR(In(root + "/ladder.textproto", ValidateLadder(set.ladder())));
  RETURN_IF_ERROR(In(root + "/incident.textproto", ValidateIncidentPolicy(set.incident())));
  RETURN_IF_ERROR(In(root + "/mediation.textproto", ValidateMediationPolicy(set.mediation())));
  RETURN_IF_ERROR(In(root + "/petition.textproto", ValidatePetitionPolicy(set.petition())));
  RETURN_IF_ERROR(In(root + "/calendar/calendar.textproto", CalendarFrom(files.calendar).status()));
  return files;
}

}  // namespace reference
