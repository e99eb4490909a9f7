#include "services/directory/domain/area_changes.h"

#include <absl/status/status.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <set>
#include <utility>

#include "base/area_code.h"
#include "common/v1/common.pb.h"
#include "services/directory/domain/limits.h"

namespace directory {
namespace {

// Longest first, so that 村民委员会 is not cut to 村民.
constexpr std::array<std::string_view, 14> kEndings = {
    "社区居民委员会", "社区村民委员会", "社区居委会", "社区村委会", "村民委员会", "居民委员会", "村委会",
    "居委会",         "村民委员",       "民委会",     "委会员",     "委员会",     "村委",       "社区"};
constexpr std::string_view kCommonParts =
    "前后东西南北中大小新老上下庄村家屯寨店营镇街口集园楼庙桥河里坊堂社区";

std::u32string Characters(std::string_view utf8) {
  std::u32string out;
  for (size_t i = 0; i < utf8.size();) {
    const auto lead = static_cast<unsigned char>(utf8[i]);
    const size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    char32_t c = length == 1 ? lead : lead & (0xFF >> (length + 1));
    for (size_t k = 1; k < length && i + k < utf8.size(); ++k) {
      c = c << 6 | (static_cast<unsigned char>(utf8[i + k]) & 0x3F);
    }
    out.push_back(c);
    i += length;
  }
  return out;
}

bool CutEnding(std::string_view ending, std::string* name) {
  if (name->size() <= ending.size() || !name->ends_with(ending)) return false;
  name->resize(name->size() - ending.size());
  return true;
}

// How much two names share: the length of the longest run in both that holds a telling character.
size_t Shared(const std::u32string& a, const std::u32string& b, const std::u32string& common) {
  size_t best = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    for (size_t k = 0; k < b.size(); ++k) {
      size_t run = 0;
      bool telling = false;
      while (i + run < a.size() && k + run < b.size() && a[i + run] == b[k + run]) {
        telling |= common.find(a[i + run]) == std::u32string::npos;
        ++run;
      }
      if (telling) best = std::max(best, run);
    }
  }
  return best;
}

// The villages of one township that a former village may have gone to.
struct Township {
  std::map<std::string, std::vector<std::string>> by_core;   // core of the name -> codes
  std::vector<std::pair<std::string, std::u32string>> made;  // new in this list: code, core
};

class SuccessorFinder {
 public:
  SuccessorFinder(const std::map<std::string, v1::Area>& before, const Vintage& now) : now_(now) {
    for (const auto& [code, area] : now.area) {
      if (area.level() != common::v1::VILLAGE) continue;
      Township& township = townships_[area.parent()];
      const std::string core = CoreName(area.name());
      township.by_core[core].push_back(code);
      const auto old = before.find(code);
      if (old == before.end() || !old->second.valid_to().empty())
        township.made.emplace_back(code, Characters(core));
    }
  }

  void Find(v1::Area* former) const {
    const auto township = townships_.find(former->parent());
    if (former->level() == common::v1::VILLAGE && township != townships_.end()) {
      if (Names(township->second, former) || Merged(township->second, former)) return;
    }
    former->set_successor(Above(former->parent()));
    former->set_successor_rule(former->level() == common::v1::VILLAGE ? "township" : "above");
    former->set_successor_inferred(true);
  }

 private:
  static bool Only(const Township& township, const std::string& core, std::string_view rule,
                   v1::Area* former) {
    const auto at = township.by_core.find(core);
    if (at == township.by_core.end() || at->second.size() != 1) return false;
    former->set_successor(at->second.front());
    former->set_successor_rule(std::string(rule));
    return true;
  }

  static bool Names(const Township& township, v1::Area* former) {
    constexpr std::string_view kCommunity = "社区";
    if (Only(township, CoreName(former->name()), "same-name", former)) return true;
    const std::string& name = former->name();
    const size_t at = name.find(kCommunity);
    if (at == std::string::npos || at == 0) return false;
    const std::string rest = name.substr(at + kCommunity.size());
    if (!rest.empty() && Only(township, CoreName(rest), "same-name", former)) return true;
    return Only(township, CoreName(name.substr(0, at)), "community", former);
  }

  bool Merged(const Township& township, v1::Area* former) const {
    const std::u32string core = Characters(CoreName(former->name()));
    size_t best = 0;
    std::string code;
    for (const auto& [candidate, other] : township.made) {
      const size_t shared = Shared(core, other, common_);
      if (shared > best) {
        best = shared;
        code = candidate;
      } else if (shared == best) {
        code.clear();
      }
    }
    if (best == 0 || code.empty()) return false;
    former->set_successor(code);
    former->set_successor_rule("merged-name");
    former->set_successor_inferred(true);
    return true;
  }

  // The nearest area above that still exists. The city always does.
  std::string Above(std::string code) const {
    while (!code.empty() && !now_.area.contains(code)) code = base::ParentOf(code);
    return code.empty() ? now_.city : code;
  }

  const Vintage& now_;
  const std::u32string common_ = Characters(kCommonParts);
  std::map<std::string, Township> townships_;
};

void KeepHistory(const v1::Area& old, v1::Area* area) {
  if (old.valid_to().empty()) area->set_valid_from(old.valid_from());
  std::set<std::string> listed(area->listed_code().begin(), area->listed_code().end());
  for (const std::string& code : old.listed_code()) {
    if (listed.insert(code).second && code != area->code()) area->add_listed_code(code);
  }
}

absl::Status CheckChains(const std::map<std::string, v1::Area>& areas) {
  for (const auto& [code, area] : areas) {
    std::string at = code;
    for (size_t step = 0; !areas.at(at).valid_to().empty(); ++step) {
      const std::string& next = areas.at(at).successor();
      if (step == kSuccessorStepsMax || !areas.contains(next)) {
        return absl::InternalError("cannot resolve area " + code + ": its successors lead nowhere");
      }
      at = next;
    }
  }
  return absl::OkStatus();
}

}  // namespace

std::string CoreName(std::string_view name) {
  std::string core(name);
  for (const auto& [open, close] : {std::pair<std::string_view, std::string_view>{"（", "）"}, {"(", ")"}}) {
    const size_t from = core.find(open);
    const size_t to = core.find(close);
    if (from != std::string::npos && from > 0 && to != std::string::npos && to > from) {
      core.erase(from, to + close.size() - from);
    }
  }
  for (bool cut = true; cut;) {
    cut = std::ranges::any_of(kEndings, [&](std::string_view ending) { return CutEnding(ending, &core); });
  }
  CutEnding("村", &core);
  CutEnding("新", &core);
  return core;
}

absl::StatusOr<std::map<std::string, v1::Area>> Combine(const std::vector<Vintage>& vintages) {
  if (vintages.empty()) return absl::InvalidArgumentError("no vintage of the area lists（没有任何区划名录）");
  std::map<std::string, v1::Area> areas = vintages.front().area;
  for (size_t i = 1; i < vintages.size(); ++i) {
    const Vintage& now = vintages[i];
    if (now.city != vintages.front().city || now.as_of <= vintages[i - 1].as_of) {
      return absl::InvalidArgumentError(
          "area lists must be of one city and of different days（名录须为同一城市且日期递增）: " + now.as_of);
    }
    const SuccessorFinder finder(areas, now);
    std::map<std::string, v1::Area> next = now.area;
    for (const auto& [code, old] : areas) {
      if (const auto kept = next.find(code); kept != next.end()) {
        KeepHistory(old, &kept->second);
        continue;
      }
      v1::Area former = old;
      if (former.valid_to().empty()) {
        former.set_valid_to(now.as_of);
        if (former.successor().empty()) finder.Find(&former);
      }
      next[code] = std::move(former);
    }
    areas = std::move(next);
  }
  if (absl::Status checked = CheckChains(areas); !checked.ok()) return checked;
  return areas;
}

}  // namespace directory
