#pragma once
// A service to be searched, in memory: what it knows of each matter, and a log that names whose turn it was.

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "services/search/follow.h"
#include "services/search/limits.h"
#include "services/search/terms.h"
#include "tests/support/memory_log.h"

namespace search {

class Town {
 public:
  Town() : log(std::string(16, 'T')) {}

  // What is said of a matter from now on; empty: it must not be found any more.
  void Say(const std::string& id, const std::string& text, const std::string& area = "371403001002") {
    kernel::v1::LogRecord record;
    record.set_aggregate_id(id);
    const uint64_t seq = log.Append(std::move(record));
    log.Sync();
    ids.push_back(id);
    Matter& matter = matters[id];
    if (matter.row == 0) matter.row = RowOf(seq);
    matter.text = text;
    matter.area = area;
  }
  void Rename(const std::string& area, const std::string& name) {
    names[area] = name;
    kernel::v1::LogRecord record;
    record.set_aggregate_id("ref/area/" + area);
    log.Append(std::move(record));
    log.Sync();
    ids.push_back("ref/area/" + area);
  }
  // A village went into another: what it had is looked for in both.
  void Merge(const std::string& area, const std::string& into) {
    successors[area] = into;
    Rename(area, names[area]);
  }
  std::optional<Document> DocumentOf(const std::string& id) const {
    const auto at = matters.find(id);
    if (at == matters.end() || at->second.text.empty()) return std::nullopt;
    Document document{at->second.row, id, {}};
    terms.AddWords(at->second.text, &document.tokens);
    terms.AddAreas(Kind::kScope, "", at->second.area, &document.tokens);
    terms.AddAreas(Kind::kPlace, "", at->second.area, &document.tokens);
    if (const auto into = successors.find(at->second.area); into != successors.end())
      terms.AddAreas(Kind::kPlace, "", into->second, &document.tokens);
    if (const auto name = names.find(at->second.area); name != names.end())
      terms.AddWords(name->second, &document.tokens);
    return document;
  }

  struct Matter {
    uint64_t row = 0;
    std::string text;
    std::string area;
  };
  Terms terms{std::string(32, 'k')};
  tests::MemoryLog log;
  std::vector<std::string> ids;  // of the log, in order
  std::map<std::string, Matter> matters;
  std::map<std::string, std::string> names;
  std::map<std::string, std::string> successors;
};

class TownMoment final : public Moment {
 public:
  explicit TownMoment(const Town* town) : town_(*town), seq_(town->ids.size()) {}
  uint64_t seq() const override { return seq_; }
  absl::StatusOr<std::string> AggregateAt(uint64_t seq) const override { return town_.ids[seq - 1]; }
  absl::StatusOr<std::vector<std::string>> IdsAfter(std::string_view after, size_t limit) const override {
    std::vector<std::string> found;
    for (auto at = town_.matters.upper_bound(std::string(after)); at != town_.matters.end(); ++at) {
      if (found.size() == limit) break;
      found.push_back(at->first);
    }
    return found;
  }
  absl::StatusOr<std::optional<Document>> DocumentOf(const std::string& id) const override {
    if (id == "unreadable") return absl::DataLossError("a vault entry was altered");
    return town_.DocumentOf(id);
  }
  std::optional<Token> NamedBy(std::string_view reference_id) const override {
    return town_.terms.Of(Kind::kPlace, reference_id.substr(std::string_view("ref/area/").size()));
  }

 private:
  const Town& town_;
  const uint64_t seq_;
};

// An index of a town in a folder, and who keeps it up.
class Kept {
 public:
  Kept(const Town* town, const std::string& folder, const std::string& mark) {
    auto opened = Index::Open(folder, mark);
    EXPECT_TRUE(opened.ok()) << opened.status();
    index = *std::move(opened);
    follower = std::make_unique<Follower>(Follower::Parts{
        index.get(), &town->log, [town] { return std::make_unique<TownMoment>(town); }, nullptr});
  }
  Kept(const Town* town, const std::string& folder) : Kept(town, folder, town->terms.Mark()) {}

  // As many portions as there are; how many there were.
  int CatchUp() {
    for (int steps = 1;; ++steps) {
      const auto more = follower->Step();
      EXPECT_TRUE(more.ok()) << more.status();
      if (!more.ok() || !*more) return steps;
    }
  }

  std::unique_ptr<Index> index;
  std::unique_ptr<Follower> follower;
};

}  // namespace search
