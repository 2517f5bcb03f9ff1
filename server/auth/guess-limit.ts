/** Wrong tries of one subject. */
interface Tries {
  count: number;
  resetAt: number;
}

const WINDOW_MS = 5 * 60_000;
const MOST_WRONG = 30;
const MOST_SUBJECTS = 10_000;

const holder = globalThis as unknown as { tolstoyGuesses?: Map<string, Tries> };

/**
 * Bounds how often one address may guess the password of a page or webhook, without a query on the way of those who know it. Counts
 * in this process alone: several allow as many times more.
 * @returns whether the proof is right; `wait` in seconds when there were too many wrong ones before, whatever this one is
 */
export function checkGuess(subject: string, isRight: () => boolean, now = Date.now()): { right: boolean; wait?: number } {
  holder.tolstoyGuesses ??= new Map();
  const guesses = holder.tolstoyGuesses;
  const known = guesses.get(subject);
  const tries = known && known.resetAt > now ? known : { count: 0, resetAt: now + WINDOW_MS };
  if (tries.count >= MOST_WRONG) return { right: false, wait: Math.ceil((tries.resetAt - now) / 1000) };
  if (isRight()) return { right: true };
  tries.count++;
  guesses.delete(subject);
  guesses.set(subject, tries);
  const [oldest] = guesses.keys();
  if (guesses.size > MOST_SUBJECTS && oldest !== undefined) guesses.delete(oldest);
  return { right: false };
}
