#pragma once
// The refusals the kernel itself gives, before the domain is asked.

#include <cstddef>
#include <cstdint>

#include "services/kernel/domain.h"

namespace kernel {

Refusal NoSuchMatter();
Refusal MatterExists();
Refusal VersionChanged(uint64_t current);
Refusal RequestIdReused();
Refusal InQuarantine();
Refusal NoticeTooLarge(size_t bytes);

}  // namespace kernel
