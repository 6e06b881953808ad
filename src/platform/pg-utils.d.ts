declare module 'pg/lib/utils.js' {
  /** A parameter as Postgres reads it: arrays as array literals, objects as JSON. */
  export function prepareValue(value: unknown): string | Buffer | null
}
