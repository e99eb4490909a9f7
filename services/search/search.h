#pragma once
// The search of one service, as its process holds it:
//
//   Open (in setup) -> Start (with the kernel running) -> queries -> Stop (before the kernel)
//
// A domain says what a state is found by (`describe`) and, at each question, what the asker may see.

#include <absl/status/statusor.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/status_macros.h"
#include "services/kernel/reader.h"
#include "services/search/follow.h"
#include "services/search/index.h"
#include "services/search/question.h"
#include "services/search/terms.h"
#include "storage/keys.h"
#include "storage/log_value.h"

namespace search {

// Tokens of a state as of the reader's moment; empty: it is not to be found.
template <kernel::Domain D>
using Describe = std::function<absl::StatusOr<std::vector<Token>>(
    const std::string& id, const typename D::State& state, const typename D::Reference& reference)>;

template <kernel::Domain D>
class MomentOf final : public Moment {
 public:
  MomentOf(kernel::Reader<D> reader, const Terms* terms, const Describe<D>* describe)
      : reader_(std::move(reader)), reference_(reader_.Reference()), terms_(*terms), describe_(*describe) {}

  uint64_t seq() const override { return reader_.seq(); }

  absl::StatusOr<std::string> AggregateAt(uint64_t seq) const override {
    // Whose it is stands beside what is said of it, which may be sealed and is not looked at.
    ASSIGN_OR_RETURN(const auto stored, reader_.view().Get(storage::KeySpace::kLog, storage::LogKey(seq)));
    storage::LogValue value;
    kernel::v1::LogRecord record;
    if (!stored || !storage::DecodeLogValue(*stored, &value) ||
        !record.ParseFromArray(value.record.data(), static_cast<int>(value.record.size()))) {
      return std::string();
    }
    return std::move(*record.mutable_aggregate_id());
  }

  absl::StatusOr<std::vector<std::string>> IdsAfter(std::string_view after, size_t limit) const override {
    std::vector<std::string> ids;
    const std::string from = after.empty() ? "" : std::string(after) + '\0';
    const auto each = [&](std::string_view id, std::string_view) {
      if (!id.starts_with(kernel::kReferencePrefix)) ids.emplace_back(id);
      return ids.size() < limit;
    };
    RETURN_IF_ERROR(reader_.view().Scan(storage::KeySpace::kState, from, "", each));
    return ids;
  }

  absl::StatusOr<std::optional<Document>> DocumentOf(const std::string& id) const override {
    ASSIGN_OR_RETURN(const auto stored, reader_.Get(id));
    if (!stored || stored->seqs.empty()) return std::optional<Document>();
    ASSIGN_OR_RETURN(auto tokens, describe_(id, stored->state, *reference_));
    if (tokens.empty()) return std::optional<Document>();
    terms_.BindPhones(&tokens);
    return std::optional<Document>(Document{RowOf(stored->seqs.front()), id, std::move(tokens)});
  }

  std::optional<Token> NamedBy(std::string_view reference_id) const override {
    for (const auto& [prefix, kind] : {std::pair{kArea, Kind::kPlace}, std::pair{kOrg, Kind::kOrg}}) {
      if (reference_id.starts_with(prefix)) return terms_.Of(kind, reference_id.substr(prefix.size()));
    }
    return std::nullopt;
  }

 private:
  static constexpr std::string_view kArea = "ref/area/";  // services/reference/notice_id.h
  static constexpr std::string_view kOrg = "ref/org/";

  const kernel::Reader<D> reader_;
  const std::shared_ptr<const typename D::Reference> reference_;
  const Terms& terms_;
  const Describe<D>& describe_;
};

template <kernel::Domain D>
class Search {
 public:
  struct Parts {
    std::string folder;  // made if it is missing; holds nothing else
    std::shared_ptr<const Terms> terms;
    const kernel::EventLog* log = nullptr;
    std::function<kernel::Reader<D>()> read;
    Describe<D> describe;
    base::Metrics* metrics = nullptr;
  };

  static absl::StatusOr<std::unique_ptr<Search>> Open(Parts parts) {
    ASSIGN_OR_RETURN(auto index, Index::Open(parts.folder, parts.terms->Mark()));
    return std::unique_ptr<Search>(new Search(std::move(parts), std::move(index)));
  }

  // Of a service process (rpc::Host); null without a vault, whose key the tokens are made with. `describe` makes the
  // Describe out of terms, vault and its view.
  template <class Host, class MakeDescribe>
  static absl::StatusOr<std::unique_ptr<Search>> OpenFor(Host& host, MakeDescribe describe) {
    if (host.vault() == nullptr) return std::unique_ptr<Search>();
    auto* service = &host.service();
    auto terms = std::make_shared<const Terms>(host.vault()->Fingerprint(kKeyOf));
    auto described = describe(terms, host.vault(), &host.vault_view());
    ASSIGN_OR_RETURN(auto search, Open({host.config().data_dir() + "/search", std::move(terms), service,
                                        [service] { return service->Read(); }, std::move(described),
                                        &host.metrics()}));
    service->AddWatch([woken = search.get()](uint64_t) { woken->Wake(); });
    return search;
  }

  void Start() { follower_.Start(); }
  void Stop() { follower_.Stop(); }
  void Wake() { follower_.Wake(); }

  Follower& follower() { return follower_; }
  bool Await(uint64_t seq) const { return follower_.Await(seq); }
  kernel::Reader<D> Read() const { return parts_.read(); }
  const Index& index() const { return *index_; }
  const Terms& terms() const { return *parts_.terms; }
  const Pages& pages() const { return pages_; }
  std::unique_ptr<Moment> ThisMoment() const {
    return std::make_unique<MomentOf<D>>(parts_.read(), parts_.terms.get(), &parts_.describe);
  }

 private:
  Search(Parts parts, std::unique_ptr<Index> index)
      : parts_(std::move(parts)),
        index_(std::move(index)),
        pages_(parts_.terms.get()),
        follower_({index_.get(), parts_.log, [this] { return ThisMoment(); }, parts_.metrics}) {}

  const Parts parts_;
  const std::unique_ptr<Index> index_;
  const Pages pages_;
  Follower follower_;
};

}  // namespace search
