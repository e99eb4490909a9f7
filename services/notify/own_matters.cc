#include "services/notify/own_matters.h"

#include <absl/strings/str_cat.h>
#include <google/protobuf/empty.pb.h>
#include <google/protobuf/unknown_field_set.h>

#include <set>
#include <string_view>

#include "services/notify/domain/audience.h"

namespace notify {
namespace {

using google::protobuf::Empty, google::protobuf::UnknownField, google::protobuf::UnknownFieldSet;

// The lists of one's own, by the numbers of their fields: all of them take `bool mine = 4`, and the lines of the answer
// are field 1. What else is in an answer is none of notify's business: it is not even parsed.
struct OwnList {
  std::string_view service;
  const char* path;
  int page_size;    // field of the request
  int ended;        // the same; 0: the list holds open and ended ones alike
  int matter_code;  // field of a line
};
constexpr int kMine = 4;
constexpr int kLine = 1;
constexpr OwnList kLists[] = {
    {"incident", "/incident.v1.Incidents/ListIncidents", 9, 0, 2},
    {"mediation", "/mediation.v1.Mediation/ListCases", 7, 5, 2},
    {"petition", "/petition.v1.Petitions/ListPetitions", 9, 7, 3},
};

void ReadCodes(const OwnList& list, const Empty& response, std::set<std::string>* boxes) {
  const UnknownFieldSet& lines = response.GetReflection()->GetUnknownFields(response);
  for (int i = 0; i < lines.field_count(); ++i) {
    const UnknownField& line = lines.field(i);
    if (line.number() != kLine || line.type() != UnknownField::TYPE_LENGTH_DELIMITED) continue;
    UnknownFieldSet fields;
    if (!fields.ParseFromString(line.length_delimited())) continue;
    for (int j = 0; j < fields.field_count(); ++j) {
      const UnknownField& field = fields.field(j);
      const bool code = field.number() == list.matter_code && field.type() == UnknownField::TYPE_LENGTH_DELIMITED;
      if (code && !field.length_delimited().empty()) boxes->insert(OwnBox(list.service, field.length_delimited()));
    }
  }
}

bool IsAway(const rpc::CallResult& result) {
  const grpc::StatusCode code = result.status.error_code();
  return code == grpc::StatusCode::UNAVAILABLE || code == grpc::StatusCode::DEADLINE_EXCEEDED ||
         code == grpc::StatusCode::RESOURCE_EXHAUSTED;
}

}  // namespace

absl::StatusOr<std::vector<std::string>> OwnMatters::BoxesOf(const rpc::Caller& caller) const {
  std::set<std::string> boxes;
  if (!caller.signed_in() || !caller.HasRole(kernel::v1::ROLE_PUB)) return std::vector<std::string>();
  rpc::CallSettings settings;
  settings.token = caller.token;
  settings.request_id = caller.request_id;
  settings.traceparent = caller.traceparent;
  for (const OwnList& list : kLists) {
    for (int ended = 0; ended <= (list.ended == 0 ? 0 : 1); ++ended) {
      Empty request, response;
      UnknownFieldSet* fields = request.GetReflection()->MutableUnknownFields(&request);
      fields->AddVarint(kMine, 1);
      fields->AddVarint(list.page_size, kOwnMattersMax);
      if (ended == 1) fields->AddVarint(list.ended, 1);
      const std::string service(list.service);
      const rpc::CallResult result = ask_(service, list.path, request, &response, settings);
      if (IsAway(result)) {
        return absl::UnavailableError(absl::StrCat("cannot ask ", service, " which matters are the caller's own"));
      }
      if (result.ok()) ReadCodes(list, response, &boxes);
    }
  }
  return std::vector<std::string>(boxes.begin(), boxes.end());
}

}  // namespace notify
