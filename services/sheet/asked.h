#pragma once
// What somebody asked of a sheet (common/v1/sheet.proto), understood; and words that several sheets use. Pure.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/v1/common.pb.h"
#include "common/v1/sheet.pb.h"
#include "mediation/v1/notices.pb.h"
#include "services/kernel/domain.h"
#include "services/sheet/sheet.h"

namespace sheet {

// Moments from `from_ms` on and before `to_ms`.
struct Period {
  int64_t from_ms = 0;
  int64_t to_ms = 0;
  bool Has(int64_t at_ms) const { return at_ms >= from_ms && at_ms < to_ms; }
};

struct Asked {
  std::string area_code;
  Period period;
  Format format = Format::kCsv;
};

// A refusal names the field that is wrong.
std::optional<kernel::Refusal> Understand(const common::v1::SheetRequest& request, int64_t now_ms, Asked* asked);

// "<name>-371403-2026-01-01-2026-11-22", and the same in words.
About AboutOf(std::string_view name, const Asked& asked, int64_t now_ms);

// What whoever may not open the rows' matters reads of a number: nothing of one to four, multiples of five above.
Cell RoundedCell(int64_t count);
// A sheet of such numbers says so, in its name too: of CSV that is all there is beside the rows.
void SayRounded(About* about);

std::string_view ScaleWord(common::v1::Scale scale);
std::string_view LevelWord(int level);
std::string_view AmountWord(mediation::v1::AmountBand band);

}  // namespace sheet
