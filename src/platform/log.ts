import { type DestinationStream, pino, stdSerializers, stdTimeFunctions } from 'pino'

/**
 * The process's logger. Personal data never enters a log line (I10): callers pass ids,
 * and an error is reduced to its name, code and stack without the values of its query. Of an order's id only the beginning is written,
 * which is its time: whoever knows the whole may read what was bought.
 */
export function createLog(level: string, name: string, destination?: DestinationStream) {
  const options = {
    level,
    base: { process: name },
    timestamp: stdTimeFunctions.isoTime,
    hooks: { streamWrite: withoutOrderIds },
    serializers: {
      err: (error: unknown) => {
        const { type, stack, code } = stdSerializers.err(error as Error) as {
          type: string
          stack?: string
          code?: string
        }
        // Only the frames: a driver's message may quote row values, also in lines that look like frames.
        const message = error instanceof Error ? error.message : ''
        const frames = stack
          ?.slice(message && stack.includes(message) ? stack.indexOf(message) + message.length : 0)
          .split('\n')
          .filter((line) => line.trimStart().startsWith('at '))
          .slice(0, 8)
        return { type, code, reason: error instanceof Error ? firstWords(error.message) : undefined, frames }
      },
    },
  }
  return destination ? pino(options, destination) : pino(options)
}

const withoutOrderIds = (line: string): string => line.replace(/\b(ord_[0-9a-z]{10})[0-9a-z]{16}\b/g, '$1…')

/** The beginning of a message up to its first quote or colon, where values would start. */
const firstWords = (message: string) => message.split(/["':\n]/, 1)[0]?.slice(0, 120)

export type Log = ReturnType<typeof createLog>
