/** The terminal a picture would be shown on. */
export interface Terminal {
  /** Whether the stream written to is a terminal at all. */
  readonly isTTY: boolean | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface TerminalImageOptions {
  /** Width in character cells; the height follows. */
  readonly columns?: number;
}

/**
 * The escape sequence that shows a PNG file within the lines of a terminal, or `undefined` where the terminal is not
 * known to understand one: the graphics protocol of Kitty (also Ghostty) or the inline images of iTerm2 (also
 * WezTerm, mintty). Within tmux or screen nothing is shown, since they do not pass pictures on.
 */
export function terminalImage(
  png: Uint8Array,
  terminal: Terminal,
  { columns = 80 }: TerminalImageOptions = {},
): string | undefined {
  const protocol = terminalProtocol(terminal);
  if (!protocol) return undefined;
  const payload = Buffer.from(png).toString('base64');
  return protocol === 'kitty' ? kittyImage(payload, columns) : iterm2Image(payload, png.length, columns);
}

export function terminalProtocol({ isTTY, env }: Terminal): 'kitty' | 'iterm2' | undefined {
  const { TERM = '', TERM_PROGRAM = '', LC_TERMINAL } = env;
  if (!isTTY || env.TMUX || /^(screen|tmux)/.test(TERM)) return undefined;
  if (env.KITTY_WINDOW_ID || TERM === 'xterm-kitty') return 'kitty';
  if (TERM_PROGRAM.toLowerCase() === 'ghostty' || TERM === 'xterm-ghostty') return 'kitty';
  // iTerm2 also names itself in LC_TERMINAL, which ssh carries over.
  if (['iTerm.app', 'WezTerm', 'mintty'].includes(TERM_PROGRAM) || LC_TERMINAL === 'iTerm2') return 'iterm2';
  return undefined;
}

/** Kitty takes a payload in pieces of at most this many characters. */
const kittyPieceLength = 4096;

/** https://sw.kovidgoyal.net/kitty/graphics-protocol/: a=T transmit and show, f=100 PNG, c columns, q=2 no answer. */
function kittyImage(payload: string, columns: number): string {
  let sequence = '';
  for (let start = 0; start < payload.length; start += kittyPieceLength) {
    const keys = start === 0 ? `a=T,f=100,q=2,c=${columns},` : '';
    const more = start + kittyPieceLength < payload.length ? 1 : 0;
    sequence += `\x1b_G${keys}m=${more};${payload.slice(start, start + kittyPieceLength)}\x1b\\`;
  }
  return `${sequence}\n`;
}

/** https://iterm2.com/documentation-images.html */
function iterm2Image(payload: string, bytes: number, columns: number): string {
  return `\x1b]1337;File=inline=1;size=${bytes};width=${columns};preserveAspectRatio=1:${payload}\x07\n`;
}
