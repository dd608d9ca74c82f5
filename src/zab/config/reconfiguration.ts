import { persist } from '../disk.ts'
import type { Turn } from '../state.ts'
import { type EnsembleConfig, formatEnsembleConfig, parseEnsembleConfig } from './ensemble-config.ts'

/** A configuration is on its way: from now on it must agree too. Without dynamic reconfiguration nothing is remembered. */
export function seeNextConfig(turn: Turn, text: string): void {
  const { state } = turn
  if (!state.settings.isReconfigEnabled) return
  const config = parseEnsembleConfig(text)
  const lastSeen = state.nextConfig ?? state.config
  if (config === undefined || config.version <= lastSeen.version) return
  state.nextConfig = config
  persist(turn, [{ kind: 'config', which: 'next', text: formatEnsembleConfig(config) }], { kind: 'nothing' })
}

/** A configuration was committed: it alone decides from here on. */
export function activateConfig(turn: Turn, config: EnsembleConfig): void {
  const { state } = turn
  if (!state.settings.isReconfigEnabled || config.version <= state.config.version) return
  state.config = config
  if (state.nextConfig !== null && state.nextConfig.version <= config.version) state.nextConfig = null
  const text = formatEnsembleConfig(config)
  persist(turn, [{ kind: 'config', which: 'current', text }], { kind: 'nothing' })
  turn.effects.push({ kind: 'configActivated', text })
}
