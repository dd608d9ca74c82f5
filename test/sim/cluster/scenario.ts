import { expect } from 'vitest'
import { evenTemper } from '../world/process.ts'
import { World } from '../world/world.ts'
import { ClusterPlay, type ClusterSettings } from './play.ts'
import { HURRIED } from './simulate.ts'

export interface Scene {
  readonly seed?: number
  readonly settings?: Partial<ClusterSettings>
}

export const calmCluster: ClusterSettings = {
  brokers: 3,
  keepers: 1,
  tickTimeMs: 500,
  overrides: [...HURRIED, 'zookeeper.session.timeout.ms=3000'],
  hotTailSizeBytes: 1 << 20,
  isDurable: false,
  temper: () => evenTemper,
}

/** Plays a story that somebody wrote; every promise is judged as in a random one where the story ends with `finish`. */
export async function scenario(scene: Scene, story: (play: ClusterPlay) => Promise<void>): Promise<void> {
  const { seed = 1, settings = {} } = scene
  const overrides = [...calmCluster.overrides, ...(settings.overrides ?? [])]
  const play = new ClusterPlay(new World(seed, null), { ...calmCluster, ...settings, overrides })
  const broken = await play.world.play(async () => {
    await play.start()
    await story(play)
  })
  expect(broken, `seed ${seed}: ${broken?.message}`).toBeUndefined()
}
