#include "services/media/case_door.h"

#include <absl/strings/str_cat.h>
#include <google/protobuf/empty.pb.h>
#include <google/protobuf/unknown_field_set.h>

#include "media/v1/api.pb.h"
#include "media/v1/notices.pb.h"
#include "services/rpc/limits.h"

namespace media {
namespace {

using google::protobuf::UnknownField, google::protobuf::UnknownFieldSet;

// What shows a matter to people; each takes `string id = 1`. The first answer that names the digest decides. What
// else is in an answer is none of media's business: it is not even parsed.
struct View {
  std::string_view service;
  const char* path;
  Shown shown = Shown::kOpenly;
};
constexpr View kViews[] = {
    {"incident", "/incident.v1.Incidents/GetIncident"},
    {"mediation", "/mediation.v1.Mediation/GetCase"},
    {"mediation", "/mediation.v1.Mediation/GetFileIndex"},
    {"petition", "/petition.v1.Petitions/GetPetition"},
    {"petition", "/petition.v1.Petitions/ListSealedDocuments", Shown::kSealed},
};

// Services whose notices do not mention every document they refer to: accusations keep silent.
constexpr View kSilent[] = {{"petition", "/petition.v1.Petitions/HoldsDocument"}};

bool Holds(const UnknownFieldSet& fields, std::string_view text, int depth) {
  for (int i = 0; i < fields.field_count(); ++i) {
    const UnknownField& field = fields.field(i);
    if (field.type() != UnknownField::TYPE_LENGTH_DELIMITED) continue;
    if (field.length_delimited() == text) return true;
    UnknownFieldSet inside;  // a message, or a text that reads as one: what matters is whether the digest is there
    const bool reads = depth > 0 && field.length_delimited().size() > text.size() &&
                       inside.ParseFromString(field.length_delimited());
    if (reads && Holds(inside, text, depth - 1)) return true;
  }
  return false;
}

}  // namespace

bool Mentions(std::string_view wire, std::string_view text) {
  UnknownFieldSet fields;
  return fields.ParseFromArray(wire.data(), static_cast<int>(wire.size())) &&
         Holds(fields, text, rpc::kMessageDepthMax);
}

absl::StatusOr<Shown> CaseDoor::Shows(const rpc::Caller& caller, const std::string& service, const std::string& id,
                                      std::string_view sha256) const {
  rpc::CallSettings settings;
  settings.token = caller.token;
  settings.request_id = caller.request_id;
  settings.traceparent = caller.traceparent;
  v1::GetUploadRequest request;  // `string id = 1` and nothing else, as theirs
  request.set_id(id);
  for (const View& view : kViews) {
    if (view.service != service) continue;
    google::protobuf::Empty response;
    const rpc::CallResult result = ask_(service, view.path, request, &response, settings);
    const grpc::StatusCode code = result.status.error_code();
    if (code == grpc::StatusCode::UNAVAILABLE || code == grpc::StatusCode::DEADLINE_EXCEEDED ||
        code == grpc::StatusCode::RESOURCE_EXHAUSTED) {
      return absl::UnavailableError(absl::StrCat("cannot ask ", service, " whether a document may be shown"));
    }
    if (result.ok() && Mentions(response.SerializeAsString(), sha256)) return view.shown;
  }
  return Shown::kNot;
}

absl::StatusOr<std::optional<std::string>> CaseDoor::HolderInSilence(const std::string& sha256) const {
  v1::HoldsDocumentRequest request;
  request.set_sha256(sha256);
  for (const View& view : kSilent) {
    const std::string service(view.service);
    v1::HoldsDocumentResponse response;
    const rpc::CallResult result = ask_(service, view.path, request, &response, {});
    if (!result.ok()) {
      return absl::UnavailableError(absl::StrCat("cannot ask ", service, " for what it refers to: ",
                                                 result.status.error_message()));
    }
    if (response.holds()) return std::optional<std::string>(service);
  }
  return std::optional<std::string>();
}

}  // namespace media
