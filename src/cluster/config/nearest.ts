/** For a name nobody knows, the known one that was probably meant. */

/** More edits than this and the guess would puzzle more than it helps. */
const EDITS_MAX = 6

/** @returns the known name with the fewest edits, when they are few for the length of `name` */
export function nearestName(name: string, known: Iterable<string>): string | undefined {
  const limit = Math.min(EDITS_MAX, Math.max(1, Math.floor(name.length / 3)))
  let nearest: string | undefined
  let fewest = limit + 1
  for (const candidate of known) {
    if (Math.abs(candidate.length - name.length) >= fewest) continue
    const edits = editDistance(name, candidate)
    if (edits >= fewest) continue
    fewest = edits
    nearest = candidate
  }
  return nearest
}

function editDistance(left: string, right: string): number {
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index)
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row]
    for (let column = 1; column <= right.length; column += 1) {
      const replaced = (previous[column - 1] ?? 0) + (left[row - 1] === right[column - 1] ? 0 : 1)
      current.push(Math.min(replaced, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1))
    }
    previous = current
  }
  return previous[right.length] ?? 0
}
