#pragma once
// Why a webhook could not be sent, in words for whoever looks after the receiving system. Stored are the codes. Pure.

#include <string_view>

#include "notify/v1/notify.pb.h"

namespace notify {

// Fills text_zh and text_en. A code of another build: that it failed.
void SayFailure(v1::WebhookFailure* failure);
bool HasWords(std::string_view code);

}  // namespace notify
