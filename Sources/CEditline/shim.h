#ifndef GRAFT_CEDITLINE_H
#define GRAFT_CEDITLINE_H

// libedit's functions with a variable number of arguments, each use of them a function of its own:
// Swift calls no variadic C function, and the standard streams are no constants for it.

#include <errno.h>
#include <histedit.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

static inline EditLine *ce_init(const char *program) {
  return el_init(program, stdin, stdout, stderr);
}

// The line that was typed; what errno was, and how many bytes, or -1.
static inline const char *ce_gets(EditLine *editor, int *count, int *error) {
  errno = 0;
  const char *line = el_gets(editor, count);
  *error = errno;
  return line;
}

static inline int ce_set_prompt(EditLine *editor, char *(*prompt)(EditLine *)) {
  return el_set(editor, EL_PROMPT_ESC, prompt, '\1');
}

static inline int ce_set_right_prompt(EditLine *editor, char *(*prompt)(EditLine *)) {
  return el_set(editor, EL_RPROMPT_ESC, prompt, '\1');
}

static inline int ce_set_owner(EditLine *editor, void *owner) {
  return el_set(editor, EL_CLIENTDATA, owner);
}

static inline void *ce_owner(EditLine *editor) {
  void *owner = NULL;
  el_get(editor, EL_CLIENTDATA, &owner);
  return owner;
}

static inline int ce_catch_signals(EditLine *editor, int yes) {
  return el_set(editor, EL_SIGNAL, yes);
}

static inline int ce_use_emacs_keys(EditLine *editor) {
  return el_set(editor, EL_EDITOR, "emacs");
}

static inline int ce_has_vi_keys(EditLine *editor) {
  const char *name = NULL;
  el_get(editor, EL_EDITOR, &name);
  return name != NULL && strcmp(name, "vi") == 0;
}

static inline int ce_add_function(
    EditLine *editor, const char *name, const char *help,
    unsigned char (*function)(EditLine *, int)) {
  return el_set(editor, EL_ADDFN, name, help, function);
}

static inline int ce_bind(EditLine *editor, const char *key, const char *function) {
  return el_set(editor, EL_BIND, key, function, NULL);
}

static inline int ce_bind_command_key(EditLine *editor, const char *key, const char *function) {
  return el_set(editor, EL_BIND, "-a", key, function, NULL);
}

static inline int ce_use_history(EditLine *editor, History *past) {
  return el_set(editor, EL_HIST, history, past);
}

static inline int ce_history_size(History *past, int size) {
  HistEvent event;
  return history(past, &event, H_SETSIZE, size);
}

static inline int ce_history_add(History *past, const char *line) {
  HistEvent event;
  return history(past, &event, H_ENTER, line);
}

static inline int ce_history_unique(History *past, int yes) {
  HistEvent event;
  return history(past, &event, H_SETUNIQUE, yes);
}

// The line so far in UTF-8, and where in its bytes the cursor is.
static inline const char *ce_line(EditLine *editor, int *length, int *cursor) {
  const LineInfo *line = el_line(editor);
  *length = (int)(line->lastchar - line->buffer);
  *cursor = (int)(line->cursor - line->buffer);
  return line->buffer;
}

static inline void ce_write(const char *text) {
  fputs(text, stdout);
  fflush(stdout);
}

// A locale whose characters are UTF-8; true if there is one.
static inline int ce_use_utf8(void) {
  const char *name = setlocale(LC_CTYPE, "");
  if (name != NULL && MB_CUR_MAX > 1) return 1;
  return setlocale(LC_CTYPE, "C.UTF-8") != NULL;
}

// Columns of a character; 0 for one that combines, -1 for a control character.
static inline int ce_columns(unsigned int scalar) { return wcwidth((wchar_t)scalar); }

#endif
