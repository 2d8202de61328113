/* SPDX-FileCopyrightText: 2026 The Tradewind Authors
 * SPDX-License-Identifier: Apache-2.0
 * The C header as a C compiler reads it, and one call through it. */
#include "tradewind/c.h"

int OpensNothing(void);

/* What opening a model that is not there says; 0 if it says nothing. */
int OpensNothing(void) {
  tw_model* model = NULL;
  tw_error* error = tw_open("no-such-model", "", "", &model);
  const int code = (int)tw_error_code(error);
  tw_error_free(error);
  tw_close(model);
  return code;
}
