// Many petitions: lists, counts, receptions.
#include <algorithm>
#include <map>
#include <set>

#include "base/area_code.h"
#include "base/small_numbers.h"
#include "base/status_macros.h"
#include "services/petition/domain/keys.h"
#include "services/petition/domain/refusals.h"
#include "services/petition/domain/rules.h"
#include "services/petition/looking.h"
#include "services/petition/queries.h"
#include "services/petition/show.h"
#include "services/rpc/free_text.h"
#include "services/rpc/page_token.h"

namespace petition {
namespace {

using kernel::RefusalCode;

constexpr size_t kTalliesMax = 20'000;  // townships of a city times statuses

size_t PageSize(int wanted) {
  return static_cast<size_t>(wanted <= 0 ? kPageDefault : std::min(wanted, kPageSizeMax));
}

// The one list that was asked for: its index and prefix; a refusal if none, or one that is not the caller's.
struct Listing {
  std::string_view index;
  std::string prefix;
  std::optional<kernel::Refusal> refusal;
};

bool SeesOffice(const rpc::Caller& caller, std::string_view org_id, const reference::Reference& reference) {
  const auto* org = reference.FindOrg(org_id);
  v1::State as_if;  // a petition of that office, to ask the one rule there is
  as_if.set_office_org(std::string(org_id));
  as_if.set_office_area(org == nullptr ? "" : org->area_code());
  return MaySee(as_if, caller.actor);
}

bool SeesUnit(const rpc::Caller& caller, std::string_view org_id, const reference::Reference& reference) {
  const auto* org = reference.FindOrg(org_id);
  v1::State as_if;
  as_if.set_unit_org(std::string(org_id));
  as_if.set_office_area(org == nullptr ? "" : org->area_code());
  return MaySee(as_if, caller.actor);
}

bool SeesArea(const rpc::Caller& caller, std::string_view area) {
  v1::State as_if;
  as_if.set_office_area(std::string(area));
  return MaySee(as_if, caller.actor);
}

Listing ListingOf(const rpc::Caller& caller, const v1::ListPetitionsRequest& request,
                  const reference::Reference& reference) {
  const std::string& me = caller.actor.user_id();
  const Listing not_allowed{"", "", Why(RefusalCode::kNotAllowed, "NOT_ALLOWED")};
  if (request.mine() || request.led()) {
    if (me.empty()) return not_allowed;
    return {request.mine() ? "petitioner" : "leader", ListPrefix(me, request.ended()), {}};
  }
  if (!request.matter_code().empty()) return {"matter_code", request.matter_code() + "/", {}};
  if (!request.office_org().empty()) {
    if (!SeesOffice(caller, request.office_org(), reference)) return not_allowed;
    return {"office", ListPrefix(request.office_org(), request.ended()), {}};
  }
  if (!request.unit_org().empty()) {
    if (!SeesUnit(caller, request.unit_org(), reference)) return not_allowed;
    return {"unit", ListPrefix(request.unit_org(), request.ended()), {}};
  }
  const bool backlog = !request.backlog_area().empty();
  const std::string& area = backlog ? request.backlog_area() : request.area_code();
  const int level = base::LevelOf(area);
  if (level < common::v1::VILLAGE || level > common::v1::CITY) {
    return {"", "", Why(RefusalCode::kInvalid, "BAD_AREA", backlog ? "backlog_area" : "area_code")};
  }
  if (!SeesArea(caller, area)) return not_allowed;
  return {backlog ? "backlog" : "area", ListPrefix(area, !backlog && request.ended()), {}};
}

}  // namespace

rpc::Answer Queries::ListPetitions(const rpc::Caller& caller, const v1::ListPetitionsRequest& request,
                                   v1::ListPetitionsResponse* out) const {
  const PetitionReader reader = parts_.read();
  const auto reference = reader.Reference();
  const Listing listing = ListingOf(caller, request, *reference);
  if (listing.refusal) return *listing.refusal;
  const std::string question = "ListPetitions " + std::string(listing.index) + " " + listing.prefix;
  const auto position = rpc::PagePosition(question, request.page_token());
  if (!position) return Why(RefusalCode::kInvalid, "PAGE_TOKEN", "page_token");
  auto page = reader.List(listing.index, listing.prefix, PageSize(request.page_size()), *position);
  if (!page.ok()) return page.status();
  for (const auto& item : page->items) {
    auto stored = reader.Get(item.aggregate_id);
    if (!stored.ok()) return stored.status();
    // An area may hold petitions of a higher office; each is told to its own line.
    if (!*stored || !MaySee((*stored)->state, caller.actor)) continue;
    *out->add_line() =
        ShowLine(item.aggregate_id, (*stored)->version, (*stored)->state, *reference, caller.now_ms);
  }
  out->set_next_page_token(rpc::PageToken(question, page->next_page_token));
  return {};
}

rpc::Answer Queries::ListSealed(const rpc::Caller& caller, const v1::ListSealedRequest& request,
                                v1::ListPetitionsResponse* out) const {
  const PetitionReader reader = parts_.read();
  const auto reference = reader.Reference();
  const bool own = std::ranges::any_of(caller.actor.grant(), [&](const auto& grant) {
    const bool right = grant.role() == kernel::v1::ROLE_DI || grant.role() == kernel::v1::ROLE_PO;
    return right && grant.org_id() == request.org();
  });
  if (!own) return {};  // as an organ that has none
  const std::string prefix = ListPrefix(request.org(), false);
  const std::string question = "ListSealed " + prefix;
  const auto position = rpc::PagePosition(question, request.page_token());
  if (!position) return Why(RefusalCode::kInvalid, "PAGE_TOKEN", "page_token");
  auto page = reader.List("sealed", prefix, PageSize(request.page_size()), *position);
  if (!page.ok()) return page.status();
  for (const auto& item : page->items) {
    auto stored = reader.Get(item.aggregate_id);
    if (!stored.ok()) return stored.status();
    if (!*stored || !HasSealedRight((*stored)->state, caller.actor)) continue;
    *out->add_line() =
        ShowLine(item.aggregate_id, (*stored)->version, (*stored)->state, *reference, caller.now_ms);
  }
  out->set_next_page_token(rpc::PageToken(question, page->next_page_token));
  return {};
}

rpc::Answer Queries::CountPetitions(const rpc::Caller& caller, const v1::CountPetitionsRequest& request,
                                    v1::CountPetitionsResponse* out) const {
  const int level = base::LevelOf(request.area_code());
  if (level < common::v1::TOWNSHIP || level > common::v1::CITY) {
    return Why(RefusalCode::kInvalid, "BAD_AREA", "area_code");
  }
  const PetitionReader reader = parts_.read();
  const Looking looking = LookingAtNumbers(caller, request.area_code());
  auto sum = [&](const std::string& prefix, std::map<std::string, int64_t>* by) -> absl::Status {
    auto tallies = reader.Tallies(prefix + request.area_code(), kTalliesMax);
    if (!tallies.ok()) return tallies.status();
    for (const auto& tally : *tallies) {
      const size_t name = tally.key.rfind('/') + 1;
      const int office_level = tally.key[name - 2] - '0';
      if (office_level <= looking.from) (*by)[tally.key.substr(name)] += static_cast<int64_t>(tally.count);
    }
    return absl::OkStatus();
  };
  std::map<std::string, int64_t> by_status, by_content;
  if (auto status = sum("status/", &by_status); !status.ok()) return status;
  if (auto status = sum("content/", &by_content); !status.ok()) return status;
  for (const auto& [name, count] : by_status) {
    if (!looking.exact && count < base::kFew) continue;
    v1::PetitionStatus value = v1::PETITION_STATUS_UNSPECIFIED;
    v1::PetitionStatus_Parse(name, &value);
    auto* row = out->add_by_status();
    row->set_status(value);
    row->set_count(looking.exact ? count : base::Rounded(count));
  }
  for (const auto& [code, count] : by_content) {
    if (!looking.exact && count < base::kFew) continue;
    auto* row = out->add_by_content();
    row->set_content_code(code);
    row->set_count(looking.exact ? count : base::Rounded(count));
  }
  out->set_rounded(!looking.exact);
  return {};
}

rpc::Answer Queries::ListReceptions(const rpc::Caller& caller, const v1::ListReceptionsRequest& request,
                                    v1::ListReceptionsResponse* out) const {
  const int level = base::LevelOf(request.area_code());
  if (level < common::v1::VILLAGE || level > common::v1::CITY) {
    return Why(RefusalCode::kInvalid, "BAD_AREA", "area_code");
  }
  const PetitionReader reader = parts_.read();
  const std::string prefix = ListPrefix(request.area_code(), false);
  const std::string question = "ListReceptions " + prefix;
  const auto position = rpc::PagePosition(question, request.page_token());
  if (!position) return Why(RefusalCode::kInvalid, "PAGE_TOKEN", "page_token");
  auto page = reader.List("reception", prefix, PageSize(request.page_size()), *position);
  if (!page.ok()) return page.status();
  for (const auto& item : page->items) {
    auto stored = reader.Get(item.aggregate_id);
    if (!stored.ok()) return stored.status();
    if (!*stored) continue;
    auto* line = out->add_line();
    line->set_id(item.aggregate_id);
    *line->mutable_reception() = (*stored)->state.reception();
    std::string* record = line->mutable_reception()->mutable_record();
    RETURN_IF_ERROR(Clear(item.aggregate_id, record));
    *record = rpc::WithMaskedNumbers(*record);
    // Each petition met there is named to who may see it. One may have become an accusation since: the rest of the
    // list must not tell which.
    auto* ids = line->mutable_reception()->mutable_petition_id();
    for (int i = ids->size() - 1; i >= 0; --i) {
      auto met = reader.Get(ids->Get(i));
      if (!met.ok()) return met.status();
      const bool told = *met && !Sealed((*met)->state) && MaySee((*met)->state, caller.actor);
      if (!told) ids->DeleteSubrange(i, 1);
    }
  }
  out->set_next_page_token(rpc::PageToken(question, page->next_page_token));
  return {};
}

}  // namespace petition
