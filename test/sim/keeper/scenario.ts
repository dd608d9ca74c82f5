import { expect } from 'vitest'
import { calmSettings, Play, type PlaySettings, type Shape } from './play.ts'
import { World } from '../world/world.ts'

export const ALONE: Shape = { voters: 1, observers: 0 }
export const THREE: Shape = { voters: 3, observers: 0 }
export const FIVE: Shape = { voters: 5, observers: 0 }
export const WITH_OBSERVERS: Shape = { voters: 3, observers: 2 }

export interface Scene {
  readonly seed?: number
  readonly shape?: Shape
  readonly settings?: Partial<PlaySettings>
}

/** Plays a story that somebody wrote; every promise is judged as in a random one where the story ends with `finish`. */
export async function scenario(scene: Scene, story: (play: Play) => Promise<void>): Promise<void> {
  const { seed = 1, shape = ALONE, settings = {} } = scene
  const world = new World(seed, null)
  const merged = { ...calmSettings, ...settings, server: { ...calmSettings.server, ...settings.server } }
  const play = new Play(world, shape, merged)
  const broken = await world.play(() => story(play))
  expect(broken, `seed ${seed}: ${broken?.message}`).toBeUndefined()
}

/** All servers up, a leader and everybody in step with it. */
export async function started(play: Play): Promise<void> {
  play.startAll()
  await play.until(() => play.isWhole, 'no ensemble forms')
}
