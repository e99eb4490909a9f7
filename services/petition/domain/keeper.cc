// Who keeps an accusation 检举控告 until it goes to the discipline organ: never whom it accuses (Art. 28, 30).
#include <algorithm>
#include <string>
#include <vector>

#include "base/area_code.h"
#include "services/petition/domain/decide.h"

namespace petition {
namespace {

using directory::v1::Organisation;

// Whether the office would keep what accuses itself, or the leaders of the government it belongs to.
bool IsAccused(const Organisation& office, std::string_view accused, const reference::Reference& reference) {
  const auto* about = accused.empty() ? nullptr : reference.FindOrg(accused);
  if (about == nullptr) return false;
  const bool its_government = about->kind() == directory::v1::GOV && about->area_code() == office.area_code();
  return about->id() == office.id() || its_government;
}

}  // namespace

const Organisation* OfficeNotAccused(const Organisation* office, std::initializer_list<std::string_view> accused,
                                     const reference::Reference& reference) {
  const auto is_accused = [&](std::string_view one) { return IsAccused(*office, one, reference); };
  while (office != nullptr && std::ranges::any_of(accused, is_accused))
    office = FindReceiver("", base::ParentOf(office->area_code()), true, reference).org;
  return office;
}

const Organisation* KeeperOf(std::string_view respondent, const Ask& ask) {
  const v1::State& state = ask.state;
  std::vector<const Organisation*> offices;
  for (const std::string* id : {&ask.who.org, &state.office_org()}) {
    const auto* office = LiveOrg(*id, ask.reference);
    const bool keeps = office != nullptr && office->kind() == directory::v1::PETITION_OFFICE &&
                       office->level() >= common::v1::COUNTY;
    if (keeps) offices.push_back(office);
  }
  offices.push_back(FindReceiver("", state.office_area(), true, ask.reference).org);
  for (const auto* office : offices) {
    const auto* keeper = OfficeNotAccused(
        office, {respondent, state.respondent_org(), state.suggested_respondent_org()}, ask.reference);
    if (keeper != nullptr) return keeper;
  }
  return offices.front();
}

std::optional<kernel::Refusal> CheckRespondent(std::string_view respondent, const Ask& ask) {
  if (respondent.empty() || LiveOrg(respondent, ask.reference) != nullptr) return std::nullopt;
  return Why(kernel::RefusalCode::kInvalid, "UNKNOWN_ORG", "respondent_org");
}

}  // namespace petition
