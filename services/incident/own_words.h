#pragma once
// What whoever reported a matter reads of it, who is not among those that deal with it: the own words and papers,
// what is said to them, whom it lies with and by when. What authorities write to each other, and what they know of
// the others in it, is not theirs (个人信息保护法 25). Pure.

#include <cstddef>
#include <set>
#include <span>
#include <string>
#include <string_view>

#include "incident/v1/incident.pb.h"
#include "incident/v1/views.pb.h"
#include "kernel/v1/record.pb.h"
#include "services/incident/domain/knowledge.h"

namespace incident {

// Where a document lies in an event; null: such events bring none.
const google::protobuf::RepeatedPtrField<v1::Attachment>* AttachmentsOf(const v1::Event& event);

// A step of the matter for them at all. The numbers of their steps leave some out.
bool IsToldToReporter(const v1::Event& event);
// Its note and papers too: they gave them, or they are an answer to them.
bool IsSaidWithReporter(const kernel::v1::LogRecord& record, const v1::Event& event, std::string_view user);

// Reads a matter's log from its first record on, in as many pieces as it comes.
class OwnWords {
 public:
  explicit OwnWords(std::string_view user) : user_(user) {}
  void Read(std::span<const kernel::v1::LogRecord> records);
  // Leaves of the view what is theirs.
  void LeaveIn(const v1::Incident& matter, const Knowledge& known, v1::IncidentView* view) const;

 private:
  void ReadIntake(const v1::Intake& intake, bool own);

  const std::string_view user_;
  int parties_ = 0;                 // read so far; a matter's only ever grow at the end
  std::set<int> own_party_;         // by position
  std::set<std::string> own_file_;  // by digest
  bool has_text_ = false, own_text_ = false;
};

}  // namespace incident
