// Lists: every one is a walk over key ranges that the caller's own areas and units bound. Narrower wishes (a
// village inside a township, a status, a category) skip rows inside those ranges; a page looks at a bounded
// number of entries.

#include <algorithm>
#include <iterator>
#include <set>

#include "base/area_code.h"
#include "base/status_macros.h"
#include "services/incident/domain/deciding.h"
#include "services/incident/domain/index_keys.h"
#include "services/incident/domain/refusal.h"
#include "services/incident/domain/rules.h"
#include "services/incident/page.h"
#include "services/incident/queries.h"
#include "services/incident/show.h"

namespace incident {
namespace {

// What a request walks over.
struct Walk {
  std::string_view index;
  std::vector<std::string> prefixes;
  std::vector<std::string> areas;  // of the index "area": codes wanted, when narrower than a township
};

// A campaign of their own area, of a part of it, or of a wider area that they have to work in.
bool Concerns(const rpc::Caller& caller, std::string_view campaign_area) {
  return std::ranges::any_of(caller.areas, [&](const std::string& area) {
    return base::Covers(area, campaign_area) || base::Covers(campaign_area, area);
  });
}

void AddGroups(const std::string& column, const std::set<char>& groups, std::vector<std::string>* prefixes) {
  for (const char group : groups) prefixes->push_back(column + group);
}

std::set<char> GroupsOf(const v1::ListIncidentsRequest& request) {
  if (request.status().empty()) return {'0', '1'};  // what is open; the ended only when asked for
  std::set<char> groups;
  for (const int status : request.status()) {
    if (status == v1::REPORTED)
      groups.insert('0');
    else
      groups.insert(IsOpen(static_cast<v1::Status>(status)) ? '1' : '2');
  }
  return groups;
}

// Townships and villages by their townships, wider areas by their counties: a page of the whole city reads a dozen
// places of the index, not hundreds.
Walk ByArea(const v1::ListIncidentsRequest& request, const std::vector<std::string>& areas,
            const Knowledge& known) {
  const bool wide = std::ranges::all_of(
      areas, [](const std::string& area) { return base::LevelOf(area) >= common::v1::COUNTY; });
  Walk walk{wide ? "county" : "area", {}, {}};
  std::set<std::string> columns;
  for (const std::string& area : areas) {
    if (base::LevelOf(area) <= common::v1::VILLAGE) {
      // Matters of villages that merged into this one keep their old code.
      walk.areas.push_back(area);
      for (std::string& old : known.Predecessors(base::CutTo(area, common::v1::VILLAGE)))
        walk.areas.push_back(old);
      continue;
    }
    // Those of which only the county or the city is known.
    columns.insert(wide ? CountyColumn(area) : TownshipColumn(area));
    for (std::string& township : known.TownshipsOf(area)) {
      columns.insert(wide ? CountyColumn(township) : std::move(township));
    }
  }
  // Whoever has a village and a wider area elsewhere has all of the wider one.
  if (!walk.areas.empty()) {
    std::ranges::copy_if(areas, std::back_inserter(walk.areas),
                         [](const std::string& area) { return base::LevelOf(area) > common::v1::VILLAGE; });
  }
  for (const std::string& area : walk.areas) columns.insert(TownshipColumn(area));
  for (const std::string& column : columns) AddGroups(column, GroupsOf(request), &walk.prefixes);
  return walk;
}

Walk ByLeaderLevel(int min_level, const std::vector<std::string>& areas, const Knowledge& known) {
  Walk walk{"leader", {}, {}};
  std::set<std::string> columns;
  for (const std::string& area : areas) {
    columns.insert(CountyColumn(area));
    if (base::LevelOf(area) <= common::v1::COUNTY) continue;
    for (const std::string& township : known.TownshipsOf(area)) columns.insert(CountyColumn(township));
  }
  for (const std::string& column : columns) {
    for (int level = std::max<int>(min_level, common::v1::COUNTY); level <= common::v1::CITY; ++level) {
      walk.prefixes.push_back(column + static_cast<char>('0' + level));
    }
  }
  return walk;
}

bool Wanted(const v1::ListIncidentsRequest& request, const v1::Incident& matter) {
  const auto& statuses = request.status();
  if (!statuses.empty() && std::ranges::find(statuses, matter.standing().status()) == statuses.end())
    return false;
  return std::string_view(matter.intake().category()).starts_with(request.category());
}

// The code a key of the index "area" ends with: ~reported(8) area.
bool InAreas(const Walk& walk, const Place& place) {
  if (walk.areas.empty()) return true;
  const std::string_view code = std::string_view(place.order).substr(std::min<size_t>(8, place.order.size()));
  return std::ranges::any_of(walk.areas, [&](const std::string& area) { return base::Covers(area, code); });
}

}  // namespace

std::optional<std::vector<std::string>> AreasWanted(const rpc::Caller& caller, const std::string& asked) {
  if (asked.empty()) return caller.areas;
  if (base::LevelOf(asked) == 0) return std::nullopt;
  // Never by caller.service: every request of a person comes through the gateway's certificate.
  const bool own = std::ranges::any_of(
      caller.areas, [&](const std::string& area) { return base::Covers(area, asked); });
  if (!own) return std::nullopt;
  return std::vector<std::string>{asked};
}

rpc::Answer Queries::ListIncidents(const rpc::Caller& caller, const v1::ListIncidentsRequest& request,
                                   v1::ListIncidentsResponse* response) const {
  const MatterReader reader = parts_.read();
  const auto known = reader.Reference();
  const auto areas = AreasWanted(caller, request.area_code());
  if (!areas) return OutsideYourArea();
  Walk walk;
  if (request.mine()) {
    if (!caller.signed_in()) return OutsideYourArea();
    walk = {"reporter", {ReporterPrefix(caller.actor.user_id())}, {}};
  } else if (!request.campaign_id().empty()) {
    walk = {"campaign", {request.campaign_id() + "/i"}, {}};
  } else if (!request.primary_id().empty()) {
    walk = {"merged", {request.primary_id() + "/"}, {}};
  } else if (!request.holder_org().empty()) {
    walk = {"holder", {HolderPrefix(request.holder_org())}, {}};
  } else if (request.min_level() > 0) {
    walk = ByLeaderLevel(request.min_level(), *areas, *known);
  } else {
    walk = ByArea(request, *areas, *known);
  }
  v1::ListIncidentsRequest filters = request;
  filters.clear_page_token();
  filters.clear_page_size();
  const std::string bound = filters.SerializeAsString();
  std::optional<Place> after;
  if (!PlaceOf(request.page_token(), bound, &after)) return WrongPageToken();
  const int size = request.page_size() <= 0 ? kPageDefault : std::min(request.page_size(), kPageRowsMax);
  MergedRanges ranges(reader, walk.index, walk.prefixes, std::move(after), static_cast<size_t>(size) + 1);
  for (size_t scanned = 0; scanned < kScannedMax; ++scanned) {
    ASSIGN_OR_RETURN(const auto place, ranges.Next());
    if (!place) return {};
    if (!InAreas(walk, *place)) continue;
    ASSIGN_OR_RETURN(const auto stored, reader.Get(place->id));
    if (!stored || !stored->state.has_incident()) continue;
    const v1::Incident& matter = stored->state.incident();
    if (Wanted(request, matter) && MaySee(matter, caller.actor, *known)) {
      ShowRow(place->id, matter, stored->version, caller, *known, response->add_row());
    }
    if (response->row_size() == size || scanned + 1 == kScannedMax) {
      response->set_next_page_token(TokenOf(*place, bound));
      return {};
    }
  }
  return {};
}

rpc::Answer Queries::ListCampaigns(const rpc::Caller& caller, const v1::ListCampaignsRequest& request,
                                   v1::ListCampaignsResponse* response) const {
  const MatterReader reader = parts_.read();
  const auto areas = AreasWanted(caller, request.area_code());
  if (!areas) return OutsideYourArea();
  std::vector<std::string> prefixes;
  for (const std::string& area : *areas) {
    prefixes.push_back("@" + area);
    // A campaign of a wider area is also theirs to work on.
    for (std::string up = base::ParentOf(area); !up.empty(); up = base::ParentOf(up))
      prefixes.push_back("@" + up + '\0');
  }
  std::optional<Place> after;
  if (!PlaceOf(request.page_token(), request.area_code(), &after)) return WrongPageToken();
  if (request.page_token().empty()) {
    RETURN_IF_ERROR(AddUpAsked(reader, caller, *areas, response->mutable_asked_this_month()));
  }
  const int size = request.page_size() <= 0 ? kPageDefault : std::min(request.page_size(), kPageRowsMax);
  MergedRanges ranges(reader, "campaign", prefixes, std::move(after), static_cast<size_t>(size) + 1);
  while (true) {
    ASSIGN_OR_RETURN(const auto place, ranges.Next());
    if (!place) return {};
    v1::GetCampaignRequest one;
    one.set_id(place->id);
    if (rpc::Answer answer = GetCampaign(caller, one, response->add_campaign()); !answer.ok()) return answer;
    if (response->campaign_size() < size) continue;
    response->set_next_page_token(TokenOf(*place, request.area_code()));
    return {};
  }
}

rpc::Answer Queries::GetCampaign(const rpc::Caller& caller, const v1::GetCampaignRequest& request,
                                 v1::CampaignView* view) const {
  const MatterReader reader = parts_.read();
  ASSIGN_OR_RETURN(const auto stored, reader.Get(request.id()));
  if (!stored || !stored->state.has_campaign()) return NoSuchMatter();
  const v1::Campaign& campaign = stored->state.campaign();
  if (!Concerns(caller, campaign.area_code())) return NoSuchMatter();
  view->set_id(request.id());
  view->set_title(campaign.title());
  view->set_category(campaign.category());
  view->set_area_code(campaign.area_code());
  view->set_instruction(campaign.instruction());
  view->set_started_at_ms(campaign.started_at_ms());
  view->set_due_at_ms(campaign.due_at_ms());
  view->set_ended_at_ms(campaign.ended_at_ms());
  view->set_emergency(campaign.emergency());
  view->set_retain_until_ms(campaign.retain_until_ms());
  view->set_minutes_per_task(campaign.minutes_per_task());
  view->set_tasks(campaign.tasks());
  view->set_expanding(!campaign.expanded() && campaign.ended_at_ms() == 0);
  view->set_data_expired(campaign.data_expired());
  if (campaign.has_asked()) *view->mutable_asked() = campaign.asked();
  if (campaign.has_cost()) *view->mutable_cost() = campaign.cost();
  view->set_version(stored->version);
  ASSIGN_OR_RETURN(const uint64_t open, reader.Tally(CampaignTallyKey(request.id(), 'o')));
  ASSIGN_OR_RETURN(const uint64_t normal, reader.Tally(CampaignTallyKey(request.id(), 'n')));
  ASSIGN_OR_RETURN(const uint64_t found, reader.Tally(CampaignTallyKey(request.id(), 'f')));
  ASSIGN_OR_RETURN(const uint64_t withdrawn, reader.Tally(CampaignTallyKey(request.id(), 'x')));
  view->set_tasks_open(open);
  view->set_tasks_normal(normal);
  view->set_tasks_with_findings(found);
  view->set_tasks_withdrawn(withdrawn);
  return {};
}

rpc::Answer Queries::ListTasks(const rpc::Caller& caller, const v1::ListTasksRequest& request,
                               v1::ListTasksResponse* response) const {
  const MatterReader reader = parts_.read();
  const auto areas = AreasWanted(caller, request.area_code());
  if (!areas) return OutsideYourArea();
  const bool of_campaign = !request.campaign_id().empty();
  std::vector<std::string> prefixes;
  for (const std::string& area : *areas) {
    if (!of_campaign) prefixes.push_back(area);
    for (const char group : {'d', 'e', 'o', 'x'}) {
      if (of_campaign) prefixes.push_back(request.campaign_id() + "/" + group + area);
    }
  }
  const std::string bound = request.area_code() + "/" + request.campaign_id();
  std::optional<Place> after;
  if (!PlaceOf(request.page_token(), bound, &after)) return WrongPageToken();
  const int size = request.page_size() <= 0 ? kPageDefault : std::min(request.page_size(), kPageRowsMax);
  MergedRanges ranges(reader, of_campaign ? "campaign" : "task", prefixes, std::move(after),
                      static_cast<size_t>(size) + 1);
  while (true) {
    ASSIGN_OR_RETURN(const auto place, ranges.Next());
    if (!place) return {};
    ASSIGN_OR_RETURN(const auto stored, reader.Get(place->id));
    if (!stored || !stored->state.has_task()) continue;
    const v1::Task& task = stored->state.task();
    auto* row = response->add_task();
    row->set_id(place->id);
    row->set_campaign_id(task.campaign_id());
    row->set_title(task.title());
    row->set_category(task.category());
    row->set_grid_code(task.grid_code());
    row->set_due_at_ms(task.due_at_ms());
    row->set_done(task.done());
    row->set_all_normal(task.all_normal());
    *row->mutable_finding_code() = task.finding_code();
    row->set_version(stored->version);
    if (response->task_size() < size) continue;
    response->set_next_page_token(TokenOf(*place, bound));
    return {};
  }
}

}  // namespace incident
