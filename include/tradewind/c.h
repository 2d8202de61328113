/* SPDX-FileCopyrightText: 2026 The Tradewind Authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Tradewind's C API: load a model, ask it within a budget, and choose among the settings that were measured on this machine. It is the
 * whole binary interface of libtradewind; tradewind/tradewind.h is the same for C++.
 *
 *   tw_model* model;
 *   tw_session* session;
 *   tw_error* error = tw_open("smollm2-135m", "threads=2", "", &model);
 *   if (error == NULL) error = tw_start(model, "max_tokens=64", "deadline=5s", &session);
 *   if (error == NULL) error = tw_push_text(session, "Once upon a time", 16, "temperature=0");
 *   for (tw_event event; error == NULL && (error = tw_next(session, &event)) == NULL && event.kind == TW_TOKEN;)
 *     fwrite(event.text, 1, event.text_length, stdout);
 *
 * Errors: a call that can fail gives NULL when it worked, else an error, which the caller frees; then nothing was changed and nothing put
 * into `out`. Ownership: what tw_X gives by `out` is freed by its tw_X_free or tw_close; freeing NULL does nothing. Texts given back
 * belong to the thing asked and live as long, unless said otherwise. Texts taken are copied. Threads: a model and a frontier may be used by
 * many threads at once; a session by one at a time, but tw_cancel by any.
 *
 * Settings, budgets and samplings are lines of name=value pairs parted by spaces (a space in a value is written %20); "" or NULL says
 * nothing. Settings: the names of `tradewind knobs`. Budgets: deadline, ttft, tpot (2s, 200ms), memory (600MiB), quality (0.95).
 * Samplings: seed, temperature, top_k and the others of docs/sampling.md by their names there with _ for -; stop (end before this text);
 * grammar (GBNF) or json_schema, which the answer then keeps. */
#ifndef TRADEWIND_C_H_
#define TRADEWIND_C_H_

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define TW_API __attribute__((visibility("default")))
#else
#define TW_API
#endif

/* ---- Errors ---- */

typedef enum tw_code {
  TW_INVALID_INPUT = 1, /* a file or argument is malformed or over a limit: change it */
  TW_NOT_FOUND = 2,     /* a named model, file, knob or workload does not exist */
  TW_UNSUPPORTED = 3,   /* well-formed, but not something this build or machine does */
  TW_BUDGET_MISSED = 4, /* a stated budget cannot be kept */
  TW_EXHAUSTED = 5,     /* memory, disk or another means ran out */
  TW_UNAVAILABLE = 6,   /* the network or another process did not answer: try again */
  TW_IO = 7,            /* the operating system refused a read, write or map */
  TW_CANCELLED = 8,     /* the caller asked to stop */
  TW_INTERNAL = 9       /* a bug in Tradewind */
} tw_code;

typedef struct tw_error tw_error;
TW_API tw_code tw_error_code(const tw_error* error);
TW_API const char* tw_error_message(const tw_error* error); /* one line, with the place and the remedy */
TW_API void tw_error_free(tw_error* error);

TW_API const char* tw_version(void); /* "0.1.0 abc1234" */

/* ---- Models ---- */

typedef struct tw_model tw_model;

/* The first tw_open installs a handler of SIGBUS, so that a model's file that becomes shorter while it is open fails that model's calls
 * with TW_IO and does not end the process; every other SIGBUS goes to the handler that was there before. Called before it, this leaves
 * SIGBUS alone: the loss then ends the process. */
TW_API void tw_leave_sigbus_alone(void);

/* Loads a model: its name (see `tradewind models`) or the path of its file; NULL: the one that the setting names. `setting`: knobs of
 * loading, such as threads and kv_type_k; those of requests are the default of its sessions. `budget`: of these, memory counts; where the
 * model cannot be held in it, TW_BUDGET_MISSED names the bytes needed. */
TW_API tw_error* tw_open(const char* model, const char* setting, const char* budget, tw_model** out);
/* Sessions that were started keep what they need: the order of closing does not matter. */
TW_API void tw_close(tw_model* model);
TW_API const char* tw_model_setting(const tw_model* model); /* with every default written out */
TW_API uint64_t tw_model_memory_bytes(const tw_model* model);
/* The ids of `length` bytes of text, without any marks of beginning or end. The ids are freed by tw_ids_free. */
TW_API tw_error* tw_tokenize(const tw_model* model, const char* text, size_t length, int32_t** ids, size_t* count);
TW_API void tw_ids_free(int32_t* ids);

/* ---- Sessions: one conversation each ---- */

typedef struct tw_session tw_session;
typedef struct tw_message {
  const char* role; /* "system", "user", "assistant" */
  const char* content;
} tw_message;

/* `setting`: knobs of a request, such as max_tokens and layers. The clock of `budget` starts with each push. */
TW_API tw_error* tw_start(tw_model* model, const char* setting, const char* budget, tw_session** out);
TW_API void tw_session_free(tw_session* session);

/* Asks: a conversation, rendered by the model's template, or plain text to continue. After an end, pushing again goes on; what the new
 * prompt shares with the last one from its beginning is not read again. */
TW_API tw_error* tw_push(tw_session* session, const tw_message* messages, size_t count, const char* sampling);
TW_API tw_error* tw_push_text(tw_session* session, const char* text, size_t length, const char* sampling);

typedef enum tw_event_kind { TW_TOKEN = 1, TW_END = 2 } tw_event_kind;
typedef enum tw_finish {
  TW_FINISH_STOP = 1,     /* the model or a stop text ended it */
  TW_FINISH_LENGTH = 2,   /* max_tokens */
  TW_FINISH_DEADLINE = 3, /* the budget's */
  TW_FINISH_CONTEXT = 4,  /* the context is full */
  TW_FINISH_CANCELLED = 5,
  TW_FINISH_ERROR = 6
} tw_finish;

typedef struct tw_event {
  tw_event_kind kind;
  double time_ms;     /* since the push */
  const char* text;   /* of a token: the bytes that it adds, perhaps part of a character; until the next call */
  size_t text_length; /* a zero byte follows them */
  int32_t token;
  float logprob;    /* natural logarithm, of the model's own distribution */
  tw_finish finish; /* of an end */
} tw_event;

/* Blocks until there is an event. */
TW_API tw_error* tw_next(tw_session* session, tw_event* out);
/* From any thread: the running answer ends by TW_FINISH_CANCELLED within one step. */
TW_API void tw_cancel(tw_session* session);

/* What the last answer took, complete once its end came. NaN where there is nothing to say. */
typedef struct tw_outcome {
  int64_t prompt_tokens;
  int64_t output_tokens;
  double prefill_ms; /* reading what of the prompt was new */
  double decode_ms;  /* from the first token to the last */
  double ttft_ms;    /* from the push to the first token */
  double tpot_ms;    /* decode_ms / (output_tokens - 1) */
} tw_outcome;
TW_API void tw_session_outcome(const tw_session* session, tw_outcome* out);

/* ---- The frontier: what was measured on this machine ---- */

typedef struct tw_frontier tw_frontier;

/* Reads the store (TRADEWIND_STORE, else the user's) for a workload's name; NULL or "": the default one. TW_NOT_FOUND says how to measure.
 */
TW_API tw_error* tw_frontier_open(const char* workload, tw_frontier** out);
TW_API void tw_frontier_free(tw_frontier* frontier);
TW_API size_t tw_frontier_size(const tw_frontier* frontier);
TW_API const char* tw_frontier_setting(const tw_frontier* frontier, size_t point); /* whole: for tw_open and tw_start alike */

typedef struct tw_measurement {
  double value, low, high; /* with its interval */
} tw_measurement;
/* 1 if the point has a measurement of that metric ("tpot_ms", "ttft_ms", "peak_memory_bytes", "bits_per_byte"), else 0. */
TW_API int tw_frontier_measured(const tw_frontier* frontier, size_t point, const char* metric, tw_measurement* out);

typedef struct tw_choice {
  int fits;           /* 1: `point` keeps the budget, and none that does is better; 0: nothing keeps it, and `point` misses by least */
  size_t point;       /* of the frontier */
  const char* reason; /* one sentence; until the next choice of this thread */
  tw_measurement ttft_ms, tpot_ms; /* predicted for this request on a loaded model; NaN if unknown */
} tw_choice;
TW_API tw_error* tw_frontier_choose(const tw_frontier* frontier, const char* budget, int64_t prompt_tokens, int64_t max_tokens,
                                    tw_choice* out);

#ifdef __cplusplus
}
#endif

#endif /* TRADEWIND_C_H_ */
