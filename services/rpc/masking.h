#pragma once
// How personal data looks to somebody who has no reason to see it. Pure.
//   name 张**    phone 138****1234    identity number 371***********1234    address: to the township, else its beginning

#include <string>
#include <string_view>

#include "kernel/v1/options.pb.h"

namespace rpc {

std::string Masked(kernel::v1::Personal kind, std::string_view clear);

// One spelling for each value, so that two entries of the same person compare equal: spaces and punctuation out, phones
// without country code, letters in upper case, full-width digits as ASCII.
std::string Normalised(kernel::v1::Personal kind, std::string_view clear);

}  // namespace rpc
