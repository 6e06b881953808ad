/** For every state the states it may go to; a terminal state is `[]`. A missing state does not compile. */
export type Transitions<State extends string> = { readonly [From in State]: readonly State[] }

/**
 * Checks a table once when its module is loaded: every state can be reached from `initial`, and no path leads back (I5).
 * @throws Error naming the state; a wrong table is a programming mistake and stops the boot.
 */
export function defineTransitions<State extends string>(
  name: string,
  initial: NoInfer<State>,
  table: Transitions<State>,
): Transitions<State> {
  const reached = new Set<State>()
  const visit = (state: State, path: readonly State[]) => {
    if (path.includes(state)) throw new Error(`${name}: ${[...path, state].join(' → ')} leads back`)
    reached.add(state)
    for (const next of table[state]) visit(next, [...path, state])
  }
  visit(initial, [])
  for (const state of Object.keys(table) as State[]) {
    if (!reached.has(state)) throw new Error(`${name}: ${state} cannot be reached from ${initial}`)
  }
  return table
}

/** `moves`: the table allows it. `same`: already there. `stale`: everything else; the event came late and is dropped. */
export type Verdict = 'moves' | 'same' | 'stale'

export function judge<State extends string>(table: Transitions<State>, from: State, to: State): Verdict {
  if (from === to) return 'same'
  return table[from].includes(to) ? 'moves' : 'stale'
}

/** The states from which any of `to` may be reached at once: what a statement that moves rows asks for. */
export const statesBefore = <State extends string>(
  table: Transitions<State>,
  ...to: readonly NoInfer<State>[]
): State[] => (Object.keys(table) as State[]).filter((from) => to.some((state) => table[from].includes(state)))
