#ifndef GLIA_CEDIT_H
#define GLIA_CEDIT_H

// libedit behind plain functions: its own interface is variadic and wants FILE pointers, which Swift cannot give.
// All texts are UTF-8. Texts that a function returns are the caller's to free.

typedef struct glia_editor glia_editor;

/// What the tab key did.
enum glia_tab { GLIA_TAB_NOTHING = 0, GLIA_TAB_CHANGED = 1, GLIA_TAB_LISTED = 2 };

/// How reading a line ended.
enum glia_outcome { GLIA_LINE = 0, GLIA_INTERRUPTED = 1, GLIA_END = 2 };

/// Called when the tab key is pressed; returns a `glia_tab`.
typedef int (*glia_tab_function)(void *owner);

/// Whether lines can be edited: input and output are a terminal that can move its cursor.
int glia_can_edit(void);

/// Starts an editor on standard input and output; null where that fails.
glia_editor *glia_editor_open(const char *program, int history_size, void *owner, glia_tab_function tab);
void glia_editor_close(glia_editor *editor);

/// Reads one line, without its end. `prompt` may hold escape sequences between pairs of \1. `initial` stands in the line
/// from the start, as if it had been typed. Null at the end of input.
char *glia_editor_read(glia_editor *editor, const char *prompt, const char *initial, int *outcome);

/// The part of the line before the cursor. Only within the tab function.
char *glia_editor_before_cursor(glia_editor *editor);
/// Removes `count` characters (code points) before the cursor and puts a text there. Only within the tab function.
void glia_editor_replace(glia_editor *editor, int count, const char *text);
/// Writes a text below the line, which is drawn again after it. Only within the tab function.
void glia_editor_show(glia_editor *editor, const char *text);

void glia_editor_history_clear(glia_editor *editor);
void glia_editor_history_enter(glia_editor *editor, const char *text);

/// Columns of the terminal; 80 where it does not say.
int glia_terminal_width(void);

/// Reads one line of any length from standard input without an editor, without its end; null at the end.
char *glia_plain_line(void);

#endif
