import type { SimDisk } from './disk.ts'
import type { SimNetwork } from './network.ts'
import { SimProcess, type Temper } from './process.ts'
import type { World } from './world.ts'

/** Where a machine stands. */
export interface Place {
  readonly world: World
  readonly network: SimNetwork
}

/**
 * Starts the process of a machine that has none.
 *
 * @param crash what ends it when its steps to live are over
 * @param boot runs in an event of its own, so that everything that follows from it is this process's doing
 */
export function startProcess(
  { world, network }: Place,
  address: string,
  temper: Temper,
  disk: SimDisk,
  crash: () => void,
  boot: (process: SimProcess) => void,
): SimProcess {
  const process = new SimProcess(world, address, temper)
  process.onStepsOver = crash
  disk.attach(process)
  network.host(address).occupy(process)
  world.note(`${address} starts`)
  process.postAfter(0, () => boot(process))
  return process
}
