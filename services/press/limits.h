#pragma once
// Every bound of what is printed, in one place.

#include <cstddef>
#include <cstdint>

namespace press {

inline constexpr size_t kHtmlBytesMax = 8 << 20;         // one paper or one whole file, as HTML
inline constexpr size_t kPdfBytesMax = 32 << 20;         // what is taken from the browser
inline constexpr size_t kBrowserFileBytesMax = 256 << 20;  // any file of the browser; it needs more than 64 MiB
inline constexpr size_t kPrintQueueMax = 1;              // waits while another is printed; more are told to come back
inline constexpr int64_t kPrintTimeoutMs = 30'000;       // of one run of the browser
inline constexpr int64_t kPrintRetryMs = 3'000;          // what who comes too early is told
inline constexpr size_t kTemplateBytesMax = 64 << 10;    // one page template
inline constexpr size_t kQrBytesMax = 200;

}  // namespace press
