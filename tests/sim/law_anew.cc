// Law 4 for who comes late. Oversight that began empty in the middle of the run, while everybody went on, and heard all
// logs from their beginnings ends with the same matters, each at the same step, under the same lights, as the one that
// never stopped; and with the same counters and lists, as far as they come of the stream. What people asked of the one,
// its orders, listings and what climbed there, is not asked of the other and lost by beginning anew; so are warnings,
// which are raised by the hour in which something is looked at. All of it is compared with nothing here.

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "services/oversight/domain/trends.h"
#include "tests/sim/laws.h"

namespace sim {
namespace {

// What oversight holds of other services' matters, and nothing of its own.
std::string Heard(const oversight::v1::Matter& matter) {
  std::vector<std::string> parts;
  for (oversight::v1::Part part : matter.part()) {
    for (auto& light : *part.mutable_light()) {
      light.clear_climbed_to();  // the ladder looks at cards, which people give
      light.clear_card_drafted();
      light.clear_check_at_ms();
    }
    parts.push_back(part.DebugString());
  }
  std::ranges::sort(parts);  // which service was heard first is chance
  std::string all = absl::StrCat(matter.matter_code(), " ", matter.area_code(), "\n");
  for (const std::string& part : parts) all += part;
  return all;
}

// Around the first place where they differ.
std::string Difference(const std::string& a, const std::string& b) {
  const auto at = static_cast<size_t>(std::ranges::mismatch(a, b).in1 - a.begin());
  const size_t from = at < 80 ? 0 : at - 80;
  return absl::StrCat("\"", a.substr(from, 160), "\" instead of \"", b.substr(std::min(from, b.size()), 160), "\"");
}

// How it went, for figures.
std::string CourseOf(const oversight::v1::Matter& matter) {
  std::vector<std::string> courses;
  for (const auto& course : matter.course()) courses.push_back(course.DebugString());
  std::ranges::sort(courses);  // as above
  std::string all;
  for (const std::string& course : courses) all += course;
  for (const auto& repeat : matter.repeat()) all += repeat.DebugString();
  return all;
}

// ---- Counters

// The parts of a key between slashes.
std::vector<std::string> PartsOf(std::string_view key) {
  std::vector<std::string> parts(1);
  for (const char c : key) {
    if (c == '/') {
      parts.emplace_back();
    } else {
      parts.back().push_back(c);
    }
  }
  return parts;
}

// A counter of what the services said, under a name of its own; empty: of something else. Where two services ended a
// matter in the same moment, which of them says how long it took, by what evidence and under which unit is chance.
std::string CountedAs(const std::string& key) {
  constexpr size_t kTrendKind = 4, kFigureKind = 2, kEvidence = 8;
  std::vector<std::string> parts = PartsOf(key);
  if (parts[0] == "campaign") return key;
  if (parts[0] == "trend" && parts.size() > kTrendKind) {
    const std::string& kind = parts[kTrendKind];
    const bool of_stream = kind.size() == 1 && (kind[0] == oversight::kCame || kind[0] == oversight::kClosed);
    return of_stream ? key : "";
  }
  if (parts[0] != "figure" || parts.size() <= kFigureKind || parts[kFigureKind].empty()) return "";
  switch (parts[kFigureKind][0]) {
    case 's':  // orders and their answers
    case 'x':  // grades
    case 'u':
      return "";
    case 'c':
      if (parts.back().size() > kEvidence) parts.back()[kEvidence] = '*';
      break;
    default:
      return key;
  }
  std::string name;
  for (const std::string& part : parts) absl::StrAppend(&name, name.empty() ? "" : "/", part);
  return name;
}

uint64_t NumberIn(std::string_view bytes) {
  uint64_t number = 0;
  for (const char c : bytes) number = number << 8 | static_cast<uint8_t>(c);
  return number;
}

std::map<std::string, uint64_t> Counters(const storage::View& view) {
  std::map<std::string, uint64_t> counters;
  for (const auto& [key, value] : RowsOf(view, storage::KeySpace::kTally)) {
    if (const std::string name = CountedAs(key); !name.empty()) counters[name] += NumberIn(value);
  }
  return counters;
}

// ---- Lists

using States = std::map<std::string, oversight::v1::State>;

// What oversight itself made of it decides where it stands on the leaders' page.
bool HasOwnNotes(const oversight::v1::Matter& matter) {
  return !matter.order().empty() || !matter.warning().empty() || !matter.listing().empty() ||
         std::ranges::any_of(matter.escalation(), &oversight::v1::Escalation::by_oversight);
}

std::set<std::string> WithOwnNotes(const States& states) {
  std::set<std::string> ids;
  for (const auto& [id, state] : states) {
    if (HasOwnNotes(state.matter())) ids.insert(id);
  }
  return ids;
}

// Which matters stand where: lists of lights, and the leaders' page without the moment by which it is sorted, because
// which service was heard first is chance. Rows of others than matters are oversight's own.
std::set<std::string> Lists(const storage::View& view, const States& states, const std::set<std::string>& own) {
  constexpr size_t kMoment = 8;
  std::set<std::string> lists;
  for (const auto& [row, nothing] : RowsOf(view, storage::KeySpace::kIndex)) {
    const std::string_view index = oversight::OversightDomain::kIndexes[static_cast<uint8_t>(row[0])];
    const size_t end = row.rfind('\0');
    const std::string id = row.substr(end + 1);
    const auto state = states.find(id);
    if (state == states.end() || !state->second.has_matter()) continue;
    std::string key = row.substr(1, end - 1);
    if (index == "review" && !own.contains(id) && key.size() > kMoment) {
      key.resize(key.size() - kMoment);
    } else if (index != "light_holder" && index != "light_area") {
      continue;
    }
    lists.insert(absl::StrCat(std::string(index), " ", key, " ", id));
  }
  return lists;
}

template <class Both>
void CompareAll(const Both& all_along, const Both& anew, auto name, std::string_view what, Broken* broken) {
  std::vector<typename Both::value_type> differ;
  std::set_symmetric_difference(all_along.begin(), all_along.end(), anew.begin(), anew.end(),
                                std::back_inserter(differ));
  if (differ.empty()) return;
  broken->push_back(absl::StrCat("law 4: begun anew, oversight has other ", std::string(what), ": ", differ.size(),
                                 " rows, such as ", name(differ.front())));
}

}  // namespace

void CheckNewcomer(const City& city, const Books& books, Broken* broken) {
  size_t matters = 0, known = 0;
  for (const auto& [id, state] : books.anew.states) known += state.has_matter() ? 1 : 0;
  for (const auto& [id, state] : books.oversight.states) {
    if (!state.has_matter()) continue;
    ++matters;
    const auto at = books.anew.states.find(id);
    const std::string anew = at == books.anew.states.end() ? "" : Heard(at->second.matter());
    const std::string all_along = Heard(state.matter());
    if (anew != all_along) {
      broken->push_back(
          absl::StrCat("law 4: begun anew, oversight knows ", id, " otherwise: ", Difference(anew, all_along)));
    }
    if (at == books.anew.states.end()) continue;
    const std::string told_anew = CourseOf(at->second.matter()), told = CourseOf(state.matter());
    if (told_anew != told) {
      broken->push_back(absl::StrCat("law 4: begun anew, oversight tells otherwise how ", id,
                                     " went: ", Difference(told_anew, told)));
    }
  }
  if (known != matters)
    broken->push_back(absl::StrCat("law 4: begun anew, oversight knows ", known, " matters of ", matters));
  std::set<std::string> own = WithOwnNotes(books.oversight.states);
  own.merge(WithOwnNotes(books.anew.states));
  CompareAll(Counters(city.oversight().view()), Counters(city.newcomer().view()),
             [](const auto& row) { return absl::StrCat(row.first, " ", row.second); }, "counters", broken);
  CompareAll(Lists(city.oversight().view(), books.oversight.states, own),
             Lists(city.newcomer().view(), books.anew.states, own), [](const std::string& row) { return row; }, "lists",
             broken);
}

}  // namespace sim
