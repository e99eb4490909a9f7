#pragma once
// Every maximum of the search. Crossing one is a refusal, a shorter answer that says so, or a wait, never growth.

#include <cstddef>
#include <cstdint>

namespace search {

// What is asked.
inline constexpr size_t kPartsMax = 8;           // words with a space between them, in one question
inline constexpr size_t kAskedTokensMax = 48;    // pairs of characters in one question
inline constexpr size_t kScopeTokensMax = 512;   // of one asker
inline constexpr size_t kPhoneTail = 4;          // digits
inline constexpr size_t kCodeTail = 6;           // characters of a matter code that people read to each other
inline constexpr int kPageDefault = 20;
inline constexpr int kPageMax = 100;
inline constexpr size_t kLookedAtMax = 2000;     // finds looked at for one page
inline constexpr int64_t kAwaitMs = 300;         // for what was written just before the question

// What is kept.
inline constexpr size_t kDocumentTokensMax = 12'000;
inline constexpr size_t kWordsBytesMax = 40'000;  // of one text that is read; the rest cannot be found
inline constexpr size_t kTokensCachedMax = 20'000;

// The pace.
inline constexpr size_t kFollowedMax = 500;      // log entries in one transaction
inline constexpr size_t kScannedMax = 500;       // states in one transaction, while the index is built anew
inline constexpr int64_t kMergedPages = 200;     // of the index file, in one portion of tidying
inline constexpr size_t kReadersMax = 8;         // connections kept open for questions
inline constexpr int kWriterCacheKib = 4096;
inline constexpr int kReaderCacheKib = 1024;
inline constexpr int kBusyMs = 2000;
inline constexpr int64_t kRetryMs = 1000;        // after an error of the disk
inline constexpr int kNice = 10;                 // below everybody who serves people

// Likeness of texts.
inline constexpr size_t kFrequencyMax = 200;     // counted up to here: more is as good as everywhere
inline constexpr size_t kComparedTokensMax = 1500;  // of one text

}  // namespace search
