// Matters that may be the same thing: same place, category and week, similar words. Only a suggestion; a
// person decides. Sealed matters stand in no area list and are therefore never suggested.

#include <algorithm>
#include <cmath>
#include <set>

#include "base/area_code.h"
#include "base/calendar.h"
#include "base/status_macros.h"
#include "services/incident/domain/index_keys.h"
#include "services/incident/domain/rules.h"
#include "services/incident/page.h"
#include "services/incident/show.h"
#include "services/rpc/free_text.h"

namespace incident {
namespace {

constexpr double kEarthRadiusM = 6'371'000;

// Pairs of neighbouring characters (UTF-8), which needs no dictionary.
std::set<std::string> Pairs(std::string_view text) {
  std::vector<std::string> characters;
  for (size_t i = 0; i < text.size();) {
    const auto c = static_cast<unsigned char>(text[i]);
    const size_t length = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
    characters.emplace_back(text.substr(i, length));
    i += length;
  }
  std::set<std::string> pairs;
  for (size_t i = 0; i + 1 < characters.size(); ++i) pairs.insert(characters[i] + characters[i + 1]);
  return pairs;
}

int TextPercent(std::string_view a, std::string_view b) {
  const auto left = Pairs(a);
  const auto right = Pairs(b);
  if (left.empty() || right.empty()) return 0;
  const auto both =
      std::ranges::count_if(left, [&](const std::string& pair) { return right.contains(pair); });
  return static_cast<int>(100 * both / static_cast<int64_t>(std::min(left.size(), right.size())));
}

double DistanceM(const common::v1::Place& a, const common::v1::Place& b) {
  if (!a.has_position() || !b.has_position()) return -1;
  const double to_radians = M_PI / 180;
  const double x = (b.lon() - a.lon()) * to_radians * std::cos((a.lat() + b.lat()) / 2 * to_radians);
  const double y = (b.lat() - a.lat()) * to_radians;
  return std::sqrt(x * x + y * y) * kEarthRadiusM;
}

struct Likeness {
  int percent = 0;
  double distance_m = -1;
  std::string zh;
  std::string en;
  void Add(int points, const char* why_zh, const char* why_en) {
    percent = std::min(100, percent + points);
    zh += (zh.empty() ? "" : "、") + std::string(why_zh);
    en += (en.empty() ? "" : ", ") + std::string(why_en);
  }
};

Likeness Compare(const v1::Intake& a, const v1::Intake& b, int radius_m) {
  Likeness like;
  like.distance_m = DistanceM(a.place(), b.place());
  if (!a.category().empty() && a.category() == b.category()) like.Add(30, "同一类", "same category");
  if (like.distance_m >= 0 && like.distance_m <= radius_m)
    like.Add(40, "位置很近", "close by");
  else if (like.distance_m < 0 && a.area_code() == b.area_code())
    like.Add(25, "同一网格或村", "same grid or village");
  const auto nothing = [](std::string_view) { return std::string(); };  // a sealed number is like no other
  const int text = TextPercent(rpc::ReplaceTokens(a.text(), nothing), rpc::ReplaceTokens(b.text(), nothing));
  if (text >= 30) like.Add(text * 2 / 5, "说法相似", "similar words");
  return like;
}

}  // namespace

rpc::Answer Queries::SuggestDuplicates(const rpc::Caller& caller, const v1::SuggestDuplicatesRequest& request,
                                       v1::SuggestDuplicatesResponse* response) const {
  const MatterReader reader = parts_.read();
  const auto known = reader.Reference();
  v1::Intake draft;
  std::string own_id;
  if (!request.id().empty()) {
    StoredState stored;
    if (rpc::Answer answer = Find(reader, caller, request.id(), &own_id, &stored); !answer.ok())
      return answer;
    draft = stored.state.incident().intake();
    if (draft.sealed()) return {};
  } else {
    draft.set_category(request.category());
    draft.set_area_code(request.area_code().empty() && !caller.areas.empty() ? caller.areas.front()
                                                                             : request.area_code());
    draft.set_text(request.text());
    *draft.mutable_place() = request.place();
  }
  const auto& policy = known->directory().policies().incident();
  const int64_t window = std::max(1, policy.merge_window().amount()) * base::kDayMs;
  const std::string column = TownshipColumn(draft.area_code());
  MergedRanges ranges(reader, "area", {column + '0', column + '1'}, std::nullopt, 64);
  std::vector<v1::SuggestDuplicatesResponse::Candidate> found;
  for (size_t scanned = 0; scanned < kDuplicatesScannedMax; ++scanned) {
    ASSIGN_OR_RETURN(const auto place, ranges.Next());
    if (!place) break;
    if (place->id == own_id) continue;
    ASSIGN_OR_RETURN(const auto stored, reader.Get(place->id));
    if (!stored || !stored->state.has_incident()) continue;
    const v1::Incident& other = stored->state.incident();
    if (other.reported_at_ms() < caller.now_ms - window) break;  // newest first
    if (!MaySee(other, caller.actor, *known)) continue;
    const Likeness like = Compare(draft, other.intake(), policy.merge_radius_m());
    if (like.percent < kSimilarPercentMin) continue;
    auto& candidate = found.emplace_back();
    ShowRow(place->id, other, stored->version, caller, *known, candidate.mutable_row());
    candidate.set_similarity_percent(like.percent);
    candidate.set_distance_m(like.distance_m);
    candidate.set_why_zh(like.zh);
    candidate.set_why_en(like.en);
  }
  std::ranges::stable_sort(found, std::greater<>(), [](const auto& c) { return c.similarity_percent(); });
  for (size_t i = 0; i < found.size() && i < kDuplicatesShownMax; ++i) {
    *response->add_candidate() = std::move(found[i]);
  }
  return {};
}

}  // namespace incident
