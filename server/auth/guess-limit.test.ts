import { expect, it } from "vitest";
import { checkGuess } from "./guess-limit";

const WINDOW_MS = 5 * 60_000;
const wrong = () => false;
const right = () => true;

it("lets nobody in who has guessed too often, not even with the right word, until the window is over", () => {
  for (let count = 0; count < 30; count++) expect(checkGuess("page:a", wrong, 0)).toEqual({ right: false });
  expect(checkGuess("page:a", right, 1)).toEqual({ right: false, wait: 300 });
  expect(checkGuess("page:a", right, WINDOW_MS)).toEqual({ right: true });
});

it("counts for each subject alone, and no right word", () => {
  for (let count = 0; count < 100; count++) expect(checkGuess("page:b", right, 0)).toEqual({ right: true });
  expect(checkGuess("page:c", wrong, 0)).toEqual({ right: false });
});

it("keeps no more subjects than fit", () => {
  for (let count = 0; count < 20_000; count++) checkGuess(`flood:${count}`, wrong, 0);
  const { tolstoyGuesses } = globalThis as unknown as { tolstoyGuesses: Map<string, unknown> };
  expect(tolstoyGuesses.size).toBe(10_000);
});
