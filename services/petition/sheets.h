#pragma once
// Tables over petitions that leave the platform: the records, and the figures of the report that the petition office
// owes every year (信访工作条例 Art. 41). One moment a sheet, on a query thread. No name and no word of anybody.
// Accusations are in no sheet and in no sum: how many there are, their organ counts.

#include <functional>

#include "common/v1/sheet.pb.h"
#include "google/api/httpbody.pb.h"
#include "services/kernel/reader.h"
#include "services/petition/domain/petition.h"
#include "services/rpc/access.h"
#include "services/rpc/errors.h"
#include "services/rpc/server.h"

namespace petition {

inline constexpr size_t kUnitsInReportMax = 50;  // 被投诉较多的机关、单位: those with most petitions

class Sheets {
 public:
  using Next = rpc::NextMessage<google::api::HttpBody>;
  explicit Sheets(std::function<kernel::Reader<PetitionDomain>()> read) : read_(std::move(read)) {}

  // A row a petition, newest first.
  rpc::Answer ExportPetitions(const rpc::Caller&, const common::v1::SheetRequest&, Next*) const;
  // A row a figure: Art. 41 (1) numbers, fields, units and places complained of most; (2) forwarded, assigned,
  // supervised and with what result; (3) suggestions and adoption; (4) how the procedure went, and receptions.
  rpc::Answer ExportYearReport(const rpc::Caller&, const common::v1::SheetRequest&, Next*) const;

 private:
  const std::function<kernel::Reader<PetitionDomain>()> read_;
};

}  // namespace petition
