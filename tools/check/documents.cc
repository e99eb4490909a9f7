#include "tools/check/documents.h"

#include <absl/strings/str_cat.h>

#include <filesystem>
#include <string_view>

#include "base/status_macros.h"
#include "incident/v1/incident.pb.h"
#include "media/v1/media.pb.h"
#include "mediation/v1/mediation.pb.h"
#include "petition/v1/petition.pb.h"
#include "services/reference/kept.h"
#include "services/reference/mentions.h"
#include "tools/check/states.h"

namespace check {
namespace {

// As services/media/blob_store.h lays them out.
bool HasFile(const std::string& folder, const std::string& sha256) {
  std::error_code error;
  return std::filesystem::exists(
      absl::StrCat(folder, "/", sha256.substr(0, 2), "/", sha256.substr(2, 2), "/", sha256), error);
}

struct Search {
  const std::set<std::string>& kept;
  Documents* out;
  Problems* problems;

  template <class State>
  absl::Status In(const Ledger& ledger) const {
    std::set<std::string> believed, referred;
    RETURN_IF_ERROR(ForEachState<State>(ledger, [&](const std::string& id, const State& state) {
      if constexpr (requires { state.has_kept_document(); }) {
        if (reference::IsDocumentId(id) && state.has_kept_document()) {
          believed.insert(id.substr(reference::kDocumentPrefix.size()));
        }
      }
      for (const std::string& sha256 : reference::MentionedDocuments(state)) referred.insert(sha256);
    }));
    for (const std::string& sha256 : believed) {
      if (kept.contains(sha256)) continue;
      problems->Add(absl::StrCat(ledger.service, " was told that the document ", sha256,
                                 " is here, and media has not got it: was media put back to an older state?"));
    }
    for (const std::string& sha256 : referred) {
      if (!kept.contains(sha256) && !believed.contains(sha256)) out->awaited.insert(sha256);
    }
    out->believed += believed.size();
    return absl::OkStatus();
  }
};

}  // namespace

absl::StatusOr<Documents> CompareDocuments(const Ledger& media, const std::string& blob_folder, const Ledger& incident,
                                           const Ledger& mediation, const Ledger& petition, Problems* problems) {
  Documents documents;
  std::set<std::string> kept;
  RETURN_IF_ERROR(ForEachState<media::v1::State>(media, [&](const std::string&, const auto& state) {
    if (!state.blob().present()) return;
    const std::string& sha256 = state.blob().stored().sha256();
    kept.insert(sha256);
    if (!HasFile(blob_folder, sha256)) {
      problems->Add(absl::StrCat("media: the document ", sha256, " is on record, and its file is not there"));
    }
  }));
  documents.kept = kept.size();
  const Search search{kept, &documents, problems};
  RETURN_IF_ERROR(search.In<incident::v1::State>(incident));
  RETURN_IF_ERROR(search.In<mediation::v1::State>(mediation));
  RETURN_IF_ERROR(search.In<petition::v1::State>(petition));
  return documents;
}

}  // namespace check
