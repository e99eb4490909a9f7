#include "services/oversight/domain/checks.h"

#include <algorithm>

#include "base/area_code.h"
#include "services/oversight/domain/limits.h"
#include "services/oversight/domain/standing.h"

namespace oversight {

using kernel::Refusal, kernel::RefusalCode;

std::optional<Refusal> CheckText(std::string_view text, std::string_view field) {
  if (text.empty()) return Why(RefusalCode::kInvalid, "CONTENT_NEEDED", field);
  if (text.size() > kTextBytesMax) return Why(RefusalCode::kLimit, "TOO_LONG", field);
  return std::nullopt;
}

std::optional<Refusal> CheckMatters(const google::protobuf::RepeatedPtrField<std::string>& codes,
                                    const Ask& ask, int* seen_from) {
  if (codes.size() > kSuggestionMattersMax) return Why(RefusalCode::kLimit, "TOO_LONG", "matter_code");
  for (const auto& code : codes) {
    const v1::State* state = ask.ctx.lookup->Find(code);
    const bool theirs = state != nullptr && state->has_matter() && !LeftTheLists(state->matter()) &&
                        base::Covers(ask.who.area, state->matter().area_code()) &&
                        SeenFrom(state->matter()) <= ask.who.level;
    if (!theirs) return Why(RefusalCode::kNotFound, "NO_SUCH_MATTER", "matter_code");
    if (std::ranges::count(codes, code) > 1) return Why(RefusalCode::kInvalid, "VALUE_NEEDED", "matter_code");
    *seen_from = std::max(*seen_from, SeenFrom(state->matter()));
  }
  return std::nullopt;
}

std::optional<Refusal> CheckTheirs(const google::protobuf::RepeatedPtrField<std::string>& codes,
                                   std::string_view org_id, const Ask& ask) {
  for (const auto& code : codes) {
    const v1::Matter& matter = ask.ctx.lookup->Find(code)->matter();
    if (MayBeOfWhatLeft(matter, org_id)) return Why(RefusalCode::kNotFound, "NO_SUCH_MATTER", "matter_code");
    if (!IsTheirs(matter, org_id)) return Why(RefusalCode::kGuard, "MATTER_NOT_THEIRS", "matter_code");
  }
  return std::nullopt;
}

bool IsClosed(std::string_view org_id, const Ask& ask) {
  const auto* org = ask.reference.FindOrg(org_id);
  return org != nullptr && org->closed();
}

}  // namespace oversight
