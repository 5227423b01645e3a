#include "cedit.h"

#include <histedit.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

struct glia_editor {
  EditLine *line;
  HistoryW *history;
  wchar_t *prompt;
  void *owner;
  glia_tab_function tab;
  int interrupted;
};

// MARK: - UTF-8

// Wide characters are code points on every system that libedit runs on. What is not valid becomes U+FFFD.

static wchar_t *widened(const char *text) {
  size_t length = strlen(text);
  wchar_t *wide = malloc((length + 1) * sizeof(wchar_t));
  if (!wide) return NULL;
  size_t count = 0;
  const unsigned char *at = (const unsigned char *)text;
  while (*at) {
    unsigned int code = *at++;
    int more = code >= 0xF0 ? 3 : code >= 0xE0 ? 2 : code >= 0xC0 ? 1 : 0;
    if (code >= 0x80 && (more == 0 || code >= 0xF8)) {
      code = 0xFFFD;
    } else if (more) {
      code &= 0x3F >> more;
      for (; more; more--) {
        if ((*at & 0xC0) != 0x80) {
          code = 0xFFFD;
          break;
        }
        code = code << 6 | (*at++ & 0x3F);
      }
    }
    wide[count++] = (wchar_t)code;
  }
  wide[count] = 0;
  return wide;
}

static char *narrowed(const wchar_t *wide, size_t count) {
  char *text = malloc(count * 4 + 1);
  if (!text) return NULL;
  char *at = text;
  for (size_t index = 0; index < count; index++) {
    unsigned int code = (unsigned int)wide[index];
    if (code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) code = 0xFFFD;
    if (code < 0x80) {
      *at++ = (char)code;
    } else if (code < 0x800) {
      *at++ = (char)(0xC0 | code >> 6);
      *at++ = (char)(0x80 | (code & 0x3F));
    } else if (code < 0x10000) {
      *at++ = (char)(0xE0 | code >> 12);
      *at++ = (char)(0x80 | (code >> 6 & 0x3F));
      *at++ = (char)(0x80 | (code & 0x3F));
    } else {
      *at++ = (char)(0xF0 | code >> 18);
      *at++ = (char)(0x80 | (code >> 12 & 0x3F));
      *at++ = (char)(0x80 | (code >> 6 & 0x3F));
      *at++ = (char)(0x80 | (code & 0x3F));
    }
  }
  *at = 0;
  return text;
}

// MARK: - Keys

static glia_editor *editor_of(EditLine *line) {
  void *editor = NULL;
  el_wget(line, EL_CLIENTDATA, &editor);
  return editor;
}

static wchar_t *prompt_of(EditLine *line) {
  static wchar_t empty[] = L"";
  glia_editor *editor = editor_of(line);
  return editor && editor->prompt ? editor->prompt : empty;
}

static unsigned char tab_key(EditLine *line, wint_t key) {
  (void)key;
  glia_editor *editor = editor_of(line);
  if (!editor || !editor->tab) return CC_NORM;
  switch (editor->tab(editor->owner)) {
  case GLIA_TAB_CHANGED: return CC_REFRESH;
  case GLIA_TAB_LISTED: return CC_REDISPLAY;
  default: return CC_REFRESH_BEEP;
  }
}

// The line stays visible, marked with ^C; the line end that follows closes it as if it had been typed.
static unsigned char interrupt_key(EditLine *line, wint_t key) {
  (void)key;
  glia_editor *editor = editor_of(line);
  if (!editor) return CC_NORM;
  const LineInfoW *info = el_wline(line);
  editor->interrupted = 1;
  el_cursor(line, (int)(info->lastchar - info->cursor));
  el_winsertstr(line, L"^C");
  el_wpush(line, L"\n");
  return CC_REFRESH;
}

static unsigned char suspend_key(EditLine *line, wint_t key) {
  (void)key;
  el_wset(line, EL_PREP_TERM, 0);
  fputs("\r\n", stdout);
  fflush(stdout);
  kill(0, SIGTSTP);
  el_wset(line, EL_PREP_TERM, 1);
  return CC_REDISPLAY;
}

static void bind_keys(EditLine *line) {
  el_wset(line, EL_ADDFN, L"glia-tab", L"complete, or list what fits", tab_key);
  el_wset(line, EL_ADDFN, L"glia-interrupt", L"leave the line", interrupt_key);
  el_wset(line, EL_ADDFN, L"glia-suspend", L"stop until fg", suspend_key);
  static const wchar_t *const keys[][2] = {
      {L"^I", L"glia-tab"},           {L"^C", L"glia-interrupt"},
      {L"^Z", L"glia-suspend"},       {L"^R", L"em-inc-search-prev"},
      {L"^W", L"ed-delete-prev-word"}, {L"\\e[H", L"ed-move-to-beg"},
      {L"\\eOH", L"ed-move-to-beg"},  {L"\\e[1~", L"ed-move-to-beg"},
      {L"\\e[F", L"ed-move-to-end"},  {L"\\eOF", L"ed-move-to-end"},
      {L"\\e[4~", L"ed-move-to-end"}, {L"\\e[3~", L"ed-delete-next-char"},
      {L"\\e[1;5C", L"em-next-word"}, {L"\\e[1;5D", L"ed-prev-word"},
  };
  for (size_t index = 0; index < sizeof keys / sizeof *keys; index++)
    el_wset(line, EL_BIND, keys[index][0], keys[index][1], NULL);
}

// MARK: - Life

int glia_can_edit(void) {
  const char *terminal = getenv("TERM");
  return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) && terminal && *terminal && strcmp(terminal, "dumb") != 0;
}

glia_editor *glia_editor_open(const char *program, int history_size, void *owner, glia_tab_function tab) {
  // libedit decodes what is typed by the locale: it must be one with UTF-8. Numbers keep the plain locale.
  if (!setlocale(LC_CTYPE, "") || MB_CUR_MAX < 4) {
    if (!setlocale(LC_CTYPE, "C.UTF-8")) setlocale(LC_CTYPE, "en_US.UTF-8");
  }
  glia_editor *editor = calloc(1, sizeof *editor);
  if (!editor) return NULL;
  editor->owner = owner;
  editor->tab = tab;
  editor->line = el_init(program, stdin, stdout, stderr);
  editor->history = history_winit();
  if (!editor->line || !editor->history) {
    glia_editor_close(editor);
    return NULL;
  }
  HistEventW event;
  history_w(editor->history, &event, H_SETSIZE, history_size);
  el_wset(editor->line, EL_CLIENTDATA, editor);
  el_wset(editor->line, EL_EDITOR, L"emacs");
  el_wset(editor->line, EL_SIGNAL, 1);
  el_wset(editor->line, EL_PROMPT_ESC, prompt_of, L'\1');
  el_wset(editor->line, EL_HIST, history_w, editor->history);
  bind_keys(editor->line);
  // Ctrl-C and Ctrl-Z are keys while a line is edited, not signals.
  el_wset(editor->line, EL_SETTY, L"-d", L"-isig", NULL);
  el_source(editor->line, NULL);
  return editor;
}

void glia_editor_close(glia_editor *editor) {
  if (!editor) return;
  if (editor->line) el_end(editor->line);
  if (editor->history) history_wend(editor->history);
  free(editor->prompt);
  free(editor);
}

char *glia_editor_read(glia_editor *editor, const char *prompt, const char *initial, int *outcome) {
  free(editor->prompt);
  editor->prompt = widened(prompt);
  editor->interrupted = 0;
  if (*initial) {
    wchar_t *wide = widened(initial);
    if (wide) el_wpush(editor->line, wide);
    free(wide);
  }
  fflush(stdout);
  int count = 0;
  const wchar_t *line = el_wgets(editor->line, &count);
  if (!line || count <= 0) {
    *outcome = GLIA_END;
    return NULL;
  }
  *outcome = editor->interrupted ? GLIA_INTERRUPTED : GLIA_LINE;
  size_t length = (size_t)count;
  if (line[length - 1] == L'\n') length--;
  return narrowed(line, length);
}

char *glia_editor_before_cursor(glia_editor *editor) {
  const LineInfoW *info = el_wline(editor->line);
  return narrowed(info->buffer, (size_t)(info->cursor - info->buffer));
}

void glia_editor_replace(glia_editor *editor, int count, const char *text) {
  if (count > 0) el_deletestr(editor->line, count);
  wchar_t *wide = widened(text);
  if (wide && *wide) el_winsertstr(editor->line, wide);
  free(wide);
}

void glia_editor_show(glia_editor *editor, const char *text) {
  (void)editor;
  fputs("\n", stdout);
  fputs(text, stdout);
  fflush(stdout);
}

void glia_editor_history_clear(glia_editor *editor) {
  HistEventW event;
  history_w(editor->history, &event, H_CLEAR);
}

void glia_editor_history_enter(glia_editor *editor, const char *text) {
  HistEventW event;
  wchar_t *wide = widened(text);
  if (wide) history_w(editor->history, &event, H_ENTER, wide);
  free(wide);
}

int glia_terminal_width(void) {
  struct winsize size;
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return 80;
}

char *glia_plain_line(void) {
  char *line = NULL;
  size_t capacity = 0;
  ssize_t length = getline(&line, &capacity, stdin);
  if (length < 0) {
    free(line);
    return NULL;
  }
  while (length > 0 && (line[length - 1] == '\n' || line[length - 1] == '\r')) line[--length] = 0;
  return line;
}
