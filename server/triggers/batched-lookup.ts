/**
 * Looks things up by id, many with one question: while one is being asked, whoever comes collects for the next. Alone a caller
 * waits for nobody; under load the cost of a question is shared. A caller is only ever answered by a question that was asked
 * after it came, so what it hears is never older than itself.
 */
export function batchedLookup<T>(ask: (ids: string[]) => Promise<ReadonlyMap<string, T>>): (id: string) => Promise<T | undefined> {
  let asking = false;
  let next: { ids: Set<string>; answer: Promise<ReadonlyMap<string, T>>; send: () => void } | null = null;

  const collect = () => {
    const ids = new Set<string>();
    let send = () => {};
    const answer = new Promise<void>((resolve) => {
      send = resolve;
    }).then(() => ask([...ids]));
    return { ids, answer, send };
  };

  const sendNext = (): void => {
    const batch = next;
    next = null;
    asking = batch !== null;
    if (!batch) return;
    batch.send();
    batch.answer.then(sendNext, sendNext);
  };

  return async (id) => {
    next ??= collect();
    next.ids.add(id);
    const { answer } = next;
    if (!asking) sendNext();
    return (await answer).get(id);
  };
}
