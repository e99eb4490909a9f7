#pragma once
// Debian builds Abseil with its debug checks: every lock and unlock, gRPC's too, is entered into one graph of the
// process that is searched for cycles. Tests keep that. A serving process turns it off: profiles show a few per cent.

namespace base {

// First thing in main, before there are threads.
void TrustLockOrder();

}  // namespace base
