/** How many requests of one kind are under way for each key, in this process. */
export type Slots = {
  /** Takes a slot and returns what gives it back, or undefined when all of this key are taken. */
  take(key: string): (() => void) | undefined
}

/** At most `perKey` slots for every key, so that one slow receiver does not hold what others wait for. */
export function createSlots(perKey: number): Slots {
  const taken = new Map<string, number>()
  return {
    take(key) {
      const count = taken.get(key) ?? 0
      if (count >= perKey) return
      taken.set(key, count + 1)
      let held = true
      return () => {
        if (!held) return
        held = false
        const left = (taken.get(key) ?? 1) - 1
        if (left === 0) taken.delete(key)
        else taken.set(key, left)
      }
    },
  }
}
