import { ApiError, type ErrorCode } from '../platform/errors.ts'

/** @throws ApiError `code` naming every line of a basket that has a problem, each with the sentence that says which */
export function refuseLines<Line>(
  code: ErrorCode,
  lines: readonly Line[],
  problemOf: (line: Line) => string | undefined,
): void {
  const [first, ...further] = lines.flatMap((line, index) => {
    const message = problemOf(line)
    return message === undefined ? [] : [{ message, parameter: `items.${index}` }]
  })
  if (first) throw new ApiError(code, { ...first, further })
}
