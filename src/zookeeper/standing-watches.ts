import { writeSetWatches, writeSetWatches2 } from '../jute/generated/proto.ts'
import { Operation, SpecialXid } from '../jute/operations.ts'
import type { JuteWriter } from '../jute/writer.ts'
import type { WatchRegistry } from './watch-registry.ts'

/** Paths of one setWatches, so that it stays inside the frame that every server takes. */
const SET_WATCHES_BYTES = 128 << 10

/**
 * Writes the requests that set standing watches again on a new stream; nothing where there are none.
 *
 * @param relativeZxid the last one seen: what changed since then is told at once
 */
export function writeStandingWatches(out: JuteWriter, watches: WatchRegistry, relativeZxid: number): void {
  const remaining = {
    dataWatches: watches.paths('data'),
    existWatches: watches.paths('exists'),
    childWatches: watches.paths('child'),
    persistentWatches: watches.paths('persistent'),
    persistentRecursiveWatches: watches.paths('recursive'),
  }
  // Servers before 3.6 know only the older request; they cannot have persistent watches either.
  const isOlderEnough = remaining.persistentWatches.length + remaining.persistentRecursiveWatches.length === 0
  for (;;) {
    let sizeBytes = 0
    const take = (paths: string[]): string[] => {
      const taken: string[] = []
      while (sizeBytes < SET_WATCHES_BYTES) {
        const path = paths.pop()
        if (path === undefined) break
        sizeBytes += path.length * 3 + 4
        taken.push(path)
      }
      return taken
    }
    const batch = {
      dataWatches: take(remaining.dataWatches),
      existWatches: take(remaining.existWatches),
      childWatches: take(remaining.childWatches),
      persistentWatches: take(remaining.persistentWatches),
      persistentRecursiveWatches: take(remaining.persistentRecursiveWatches),
    }
    if (sizeBytes === 0) return
    const frame = out.beginFrame()
    out.int32(SpecialXid.setWatches)
    out.int32(isOlderEnough ? Operation.setWatches : Operation.setWatches2)
    if (isOlderEnough) writeSetWatches(out, { relativeZxid, ...batch })
    else writeSetWatches2(out, { relativeZxid, ...batch })
    out.endFrame(frame)
  }
}
