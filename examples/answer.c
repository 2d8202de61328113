/* SPDX-FileCopyrightText: 2026 The Tradewind Authors
 * SPDX-License-Identifier: Apache-2.0
 * Goes on with a text, within five seconds:  answer MODEL TEXT
 * Build it by:  cc answer.c $(pkg-config --cflags --libs tradewind) -o answer */
#include <stdio.h>
#include <string.h>
#include <tradewind/c.h>

int main(int argc, char** argv) {
  if (argc != 3) return fprintf(stderr, "usage: answer MODEL TEXT\n"), 2;
  tw_model* model = NULL;
  tw_session* session = NULL;
  tw_error* error = tw_open(argv[1], "threads=2", "", &model);
  if (error == NULL) error = tw_start(model, "max_tokens=32", "deadline=5s", &session);
  if (error == NULL) error = tw_push_text(session, argv[2], strlen(argv[2]), "temperature=0");

  tw_event event;
  while (error == NULL && (error = tw_next(session, &event)) == NULL && event.kind == TW_TOKEN)
    fwrite(event.text, 1, event.text_length, stdout);

  const int failed = error != NULL;
  if (failed) fprintf(stderr, "answer: %s\n", tw_error_message(error));
  tw_error_free(error);
  tw_session_free(session);
  tw_close(model);
  return failed;
}
