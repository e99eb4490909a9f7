#include "services/directory/first_start.h"

#include <absl/synchronization/mutex.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <sstream>
#include <utility>
#include <vector>

#include "base/crypto.h"
#include "base/log.h"
#include "base/status_macros.h"
#include "common/v1/common.pb.h"
#include "services/directory/domain/area_changes.h"
#include "services/directory/domain/grid_layout.h"
#include "services/directory/domain/limits.h"
#include "services/directory/domain/organisation_tree.h"
#include "services/directory/domain/roles.h"
#include "services/reference/policy_files.h"
#include "services/rpc/server.h"

namespace directory {
namespace {

constexpr std::string_view kStaffVersion = "1";   // of what is told of an account of staff
constexpr size_t kPortionOfAccounts = 200;        // read at a time
constexpr std::string_view kLayoutVersion = "1";  // of grids and organisations computed from the lists

kernel::Envelope Envelope(std::string aggregate_id, std::string name, std::unique_ptr<v1::Command> command) {
  kernel::Envelope envelope;
  envelope.aggregate_id = std::move(aggregate_id);
  envelope.upserts = true;
  envelope.actor.set_service(std::string(DirectoryDomain::kService));
  envelope.command = std::move(command);
  envelope.command_name = std::move(name);
  return envelope;
}

absl::Status StatusOf(const kernel::Outcome& outcome, std::string_view what) {
  if (!outcome.status.ok()) return outcome.status;
  if (!outcome.refusal) return absl::OkStatus();
  const kernel::Refusal& why = *outcome.refusal;
  return absl::FailedPreconditionError("cannot load " + std::string(what) + ": " + why.field + ": " +
                                       why.message_zh + " / " + why.message_en);
}

// Sends commands without waiting for each; stops at the first that fails.
class Sender {
 public:
  explicit Sender(kernel::CommandQueue* queue) : queue_(queue) {}
  ~Sender() { Wait().IgnoreError(); }

  absl::Status Send(kernel::Envelope envelope, std::string_view what) {
    {
      absl::MutexLock lock(&mutex_);
      const auto room = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return in_flight_ < kPortionsInFlight; };
      mutex_.Await(absl::Condition(&room));
      if (!failed_.ok()) return failed_;
      ++in_flight_;
    }
    envelope.done = [this, what = std::string(what)](const kernel::Outcome& outcome) {
      absl::MutexLock lock(&mutex_);
      if (absl::Status status = StatusOf(outcome, what); !status.ok() && failed_.ok())
        failed_ = std::move(status);
      --in_flight_;
    };
    queue_->Submit(std::move(envelope));
    return absl::OkStatus();
  }

  absl::Status Wait() {
    absl::MutexLock lock(&mutex_);
    const auto all_answered = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return in_flight_ == 0; };
    mutex_.Await(absl::Condition(&all_answered));
    return failed_;
  }

 private:
  kernel::CommandQueue* const queue_;
  absl::Mutex mutex_;
  int in_flight_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::Status failed_ ABSL_GUARDED_BY(mutex_);
};

class FirstStart {
 public:
  explicit FirstStart(const FirstStartParts& parts) : parts_(parts) {}

  absl::StatusOr<FirstStartReport> Run() {
    if (!parts_.policy_dir.empty()) RETURN_IF_ERROR(LoadPolicies());
    if (!parts_.area_dir.empty()) RETURN_IF_ERROR(LoadPlaces());
    RETURN_IF_ERROR(TellStaff());
    return report_;
  }

 private:
  absl::StatusOr<bool> Imported(const std::string& list, const std::string& digest) const {
    ASSIGN_OR_RETURN(const auto stored, parts_.read().Get(std::string(kImportPrefix) + list));
    return stored && stored->state.import().digest() == digest;
  }

  absl::Status Finish(const std::string& list, const std::string& digest, const std::string& source,
                      int rows) {
    auto command = std::make_unique<v1::Command>();
    command->mutable_finish_import()->set_digest(digest);
    command->mutable_finish_import()->set_source(source);
    command->mutable_finish_import()->set_rows(rows);
    return StatusOf(rpc::Ask(*parts_.queue, Envelope(std::string(kImportPrefix) + list, "finish_import",
                                                     std::move(command))),
                    list);
  }

  absl::Status LoadPolicies() {
    ASSIGN_OR_RETURN(reference::PolicyFiles files, reference::ReadPolicyFolder(parts_.policy_dir));
    const std::string calendar_digest = base::Sha256(files.calendar.SerializeAsString());
    ASSIGN_OR_RETURN(const bool calendar_there, Imported("calendar", calendar_digest));
    if (!calendar_there) {
      ASSIGN_OR_RETURN(const auto now, parts_.read().Get(kCalendarId));
      if (now) files.calendar.set_revision(now->state.calendar().revision() + 1);
      auto command = std::make_unique<v1::Command>();
      *command->mutable_load_calendar()->mutable_calendar() = files.calendar;
      RETURN_IF_ERROR(StatusOf(
          rpc::Ask(*parts_.queue, Envelope(std::string(kCalendarId), "load_calendar", std::move(command))),
          "calendar"));
      RETURN_IF_ERROR(
          Finish("calendar", calendar_digest, files.calendar.source(), files.calendar.off_size()));
      report_.calendar_loaded = true;
    }
    const std::string policy_digest = base::Sha256(files.policies.SerializeAsString());
    ASSIGN_OR_RETURN(const bool policy_there, Imported("policy", policy_digest));
    if (policy_there) return absl::OkStatus();
    ASSIGN_OR_RETURN(const auto now, parts_.read().Get(kPolicyId));
    if (now) files.policies.set_revision(now->state.policy().revision() + 1);
    auto command = std::make_unique<v1::Command>();
    *command->mutable_change_policy()->mutable_policy() = files.policies;
    command->mutable_change_policy()->set_reason("政策文件");
    RETURN_IF_ERROR(StatusOf(
        rpc::Ask(*parts_.queue, Envelope(std::string(kPolicyId), "change_policy", std::move(command))),
        "policies"));
    report_.policy_changed = true;
    return Finish("policy", policy_digest, "policy", files.policies.deadlines().rule_size());
  }

  absl::Status LoadPlaces() {
    std::vector<std::string> folders;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(parts_.area_dir, error)) {
      if (entry.is_directory()) folders.push_back(entry.path().string());
    }
    if (error) return absl::NotFoundError("cannot read " + parts_.area_dir + ": " + error.message());
    std::string texts(kLayoutVersion);
    std::vector<VintageFiles> files;
    std::ranges::sort(folders);
    for (const std::string& folder : folders) {
      ASSIGN_OR_RETURN(files.emplace_back(), ReadVintageFolder(folder));
      for (const ListFile* file : Files(&files.back()))
        texts += base::Sha256(file->name) + base::Sha256(file->text);
    }
    const std::string digest = base::Sha256(texts);
    ASSIGN_OR_RETURN(const bool there, Imported("areas", digest));
    if (there) return absl::OkStatus();

    std::vector<Vintage> vintages;
    for (const VintageFiles& one : files) {
      ASSIGN_OR_RETURN(vintages.emplace_back(), ReadVintage(one));
    }
    std::ranges::sort(vintages, {}, &Vintage::as_of);
    ASSIGN_OR_RETURN(auto areas, Combine(vintages));
    LayOutGrids(vintages.back().boundary, &areas);
    RETURN_IF_ERROR(EndGridsWithTheirVillages(&areas));
    const std::string source = "统计用区划代码 " + vintages.back().as_of;
    RETURN_IF_ERROR(SendAreas(areas, source));
    RETURN_IF_ERROR(SendOrganisations(BuildOrganisations(areas), source));
    return Finish("areas", digest, source, report_.areas_sent + report_.organisations_sent);
  }

  // The lists know no grids: those that an earlier list gave to a village end with it, or campaigns would ask for
  // reports from places where nobody works any more.
  absl::Status EndGridsWithTheirVillages(std::map<std::string, v1::Area>* areas) const {
    const DirectoryReader reader = parts_.read();
    std::vector<v1::Area> ended;
    for (const auto& [code, village] : *areas) {
      if (village.level() != common::v1::VILLAGE || village.valid_to().empty()) continue;
      ASSIGN_OR_RETURN(const auto page, reader.List("parent", code + "/0/", kGridsPerVillageMax, ""));
      for (const auto& item : page.items) {
        ASSIGN_OR_RETURN(const auto stored, reader.Get(item.aggregate_id));
        if (!stored || !stored->state.has_area()) continue;
        v1::Area& grid = ended.emplace_back(stored->state.area());
        grid.set_valid_to(village.valid_to());
        grid.set_successor(village.successor());
        grid.set_successor_rule(village.successor_rule());
        grid.set_successor_inferred(village.successor_inferred());
      }
    }
    for (v1::Area& grid : ended) (*areas)[grid.code()] = std::move(grid);
    return absl::OkStatus();
  }

  static std::vector<const ListFile*> Files(const VintageFiles* f) {
    return {&f->vintage,  &f->counties, &f->townships, &f->statutory,
            &f->villages, &f->folded,   &f->boundaries};
  }

  // Parents first: by level from the province down, then by code.
  absl::Status SendAreas(const std::map<std::string, v1::Area>& areas, const std::string& source) {
    Sender sender(parts_.queue);
    std::unique_ptr<v1::Command> command;
    const auto flush = [&]() -> absl::Status {
      if (command == nullptr) return absl::OkStatus();
      command->mutable_put_areas()->set_source(source);
      return sender.Send(Envelope("import/areas/portion", "put_areas", std::move(command)), "areas");
    };
    for (int level = common::v1::PROVINCE; level >= common::v1::GRID; --level) {
      for (const auto& [code, area] : areas) {
        if (area.level() != level) continue;
        if (command == nullptr) command = std::make_unique<v1::Command>();
        *command->mutable_put_areas()->add_area() = area;
        ++report_.areas_sent;
        if (command->put_areas().area_size() == kPutRowsMax) RETURN_IF_ERROR(flush());
      }
    }
    RETURN_IF_ERROR(flush());
    return sender.Wait();
  }

  absl::Status SendOrganisations(const std::vector<v1::Organisation>& organisations,
                                 const std::string& source) {
    Sender sender(parts_.queue);
    for (size_t at = 0; at < organisations.size();) {
      auto command = std::make_unique<v1::Command>();
      command->mutable_put_organisations()->set_source(source);
      for (; at < organisations.size() && command->put_organisations().organisation_size() < kPutRowsMax;
           ++at) {
        *command->mutable_put_organisations()->add_organisation() = organisations[at];
        ++report_.organisations_sent;
      }
      RETURN_IF_ERROR(sender.Send(Envelope("import/areas/portion", "put_organisations", std::move(command)),
                                  "organisations"));
    }
    return sender.Wait();
  }

  // What an account holds is told when it changes. Those of a database from before that was so are told of here, once;
  // one that is interrupted begins again, and what is told twice says the same.
  absl::Status TellStaff() {
    ASSIGN_OR_RETURN(const bool told, Imported("staff", std::string(kStaffVersion)));
    if (told) return absl::OkStatus();
    Sender sender(parts_.queue);
    const DirectoryReader reader = parts_.read();
    std::string from;
    do {
      ASSIGN_OR_RETURN(const auto page, reader.List("login", "", kPortionOfAccounts, from));
      for (const auto& item : page.items) {
        ASSIGN_OR_RETURN(const auto stored, reader.Get(item.aggregate_id));
        if (!stored || !IsStaff(stored->state.user())) continue;
        auto command = std::make_unique<v1::Command>();
        command->mutable_tell_staff();
        RETURN_IF_ERROR(sender.Send(Envelope(item.aggregate_id, "tell_staff", std::move(command)), "staff"));
        ++report_.staff_told;
      }
      from = page.next_page_token;
    } while (!from.empty());
    RETURN_IF_ERROR(sender.Wait());
    return Finish("staff", std::string(kStaffVersion), "accounts", report_.staff_told);
  }

  const FirstStartParts& parts_;
  FirstStartReport report_;
};

absl::StatusOr<ListFile> ReadListFile(const std::string& folder, const std::string& name, bool wanted) {
  const std::filesystem::path path = std::filesystem::path(folder) / name;
  ListFile file{(path.parent_path().filename() / name).string(), ""};
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  if (error) {
    if (!wanted) return file;
    return absl::NotFoundError("cannot read " + path.string() + ": " + error.message());
  }
  if (size > kListFileBytesMax) return absl::InvalidArgumentError(path.string() + " is larger than 64 MiB");
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  file.text = std::move(text).str();
  return file;
}

}  // namespace

absl::StatusOr<VintageFiles> ReadVintageFolder(const std::string& folder) {
  VintageFiles files;
  ASSIGN_OR_RETURN(files.vintage, ReadListFile(folder, "vintage.csv", true));
  ASSIGN_OR_RETURN(files.counties, ReadListFile(folder, "counties.csv", true));
  ASSIGN_OR_RETURN(files.townships, ReadListFile(folder, "townships.csv", true));
  ASSIGN_OR_RETURN(files.statutory, ReadListFile(folder, "townships_statutory.csv", true));
  ASSIGN_OR_RETURN(files.villages, ReadListFile(folder, "villages.csv", true));
  ASSIGN_OR_RETURN(files.folded, ReadListFile(folder, "folded.csv", false));
  ASSIGN_OR_RETURN(files.boundaries, ReadListFile(folder, "boundaries.csv", false));
  return files;
}

absl::StatusOr<FirstStartReport> LoadWhatMustBeThere(const FirstStartParts& parts) {
  return FirstStart(parts).Run();
}

}  // namespace directory
