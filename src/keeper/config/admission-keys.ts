import { type AdmissionRules, defaultAdmissionRules } from '../server/admission.ts'
import type { KeyReader } from './tls-keys.ts'

/** Each under the name of its system property, and under the one that ZooKeeper's documentation has for it. */
const names = {
  connectionsMax: ['maxCnxns'],
  perAddressMax: ['maxClientCnxns'],
  tokens: ['connection_throttle_tokens', 'connectionMaxTokens'],
  fillCount: ['connection_throttle_fill_count', 'connectionTokenFillCount'],
  fillTimeMs: ['connection_throttle_fill_time', 'connectionTokenFillTime'],
  freezeTimeMs: ['connection_throttle_freeze_time', 'connectionFreezeTime'],
  dropIncrease: ['connection_throttle_drop_increase', 'connectionDropIncrease'],
  dropDecrease: ['connection_throttle_drop_decrease', 'connectionDropDecrease'],
  decreaseRatio: ['connection_throttle_decrease_ratio', 'connectionDecreaseRatio'],
} as const

const weightNames = {
  global: 'connection_throttle_global_session_weight',
  local: 'connection_throttle_local_session_weight',
  renewed: 'connection_throttle_renew_session_weight',
} as const
const WEIGHTS_ENABLED = 'connection_throttle_weight_enabled'
const requestNames = ['request_throttle_max_requests', 'requestThrottleLimit'] as const

/** Every key that is read here. */
export const admissionKeyNames: ReadonlySet<string> = new Set([
  ...Object.values(names).flat(),
  ...Object.values(weightNames),
  ...requestNames,
  WEIGHTS_ENABLED,
])

export interface AdmissionKeys {
  readonly rules: AdmissionRules
  /** `requestThrottleLimit`: undecided requests beyond which connections are not read; undefined = no limit of its own. */
  readonly requestsMax: number | undefined
}

/** Reads the keys in {@link admissionKeyNames}. */
export function readAdmissionKeys(keys: KeyReader): AdmissionKeys {
  const whole = (name: keyof typeof names, least = 0): number => {
    const key = names[name].find((candidate) => keys.text(candidate) !== undefined)
    const value = key === undefined ? undefined : keys.number(key)
    // ZooKeeper takes what is below its bounds for its default.
    return value === undefined || value < least ? defaultAdmissionRules[name] : value
  }
  const fraction = (name: 'dropIncrease' | 'dropDecrease' | 'decreaseRatio'): number => {
    const key = names[name].find((candidate) => keys.text(candidate) !== undefined)
    const written = key === undefined ? undefined : Number(keys.text(key))
    if (written === undefined) return defaultAdmissionRules[name]
    if (written >= 0 && written <= 1) return written
    keys.error(`${key}=${keys.text(key ?? '') ?? ''}: a number from 0 to 1 is wanted`)
    return defaultAdmissionRules[name]
  }
  const request = requestNames.find((candidate) => keys.text(candidate) !== undefined)
  const requestsMax = request === undefined ? undefined : keys.number(request)
  return {
    rules: {
      connectionsMax: whole('connectionsMax'),
      perAddressMax: whole('perAddressMax'),
      tokens: whole('tokens'),
      fillCount: whole('fillCount', 1),
      fillTimeMs: whole('fillTimeMs', 1),
      freezeTimeMs: whole('freezeTimeMs'),
      dropIncrease: fraction('dropIncrease'),
      dropDecrease: fraction('dropDecrease'),
      decreaseRatio: fraction('decreaseRatio'),
      weights: keys.flag(WEIGHTS_ENABLED, false) ? readWeights(keys) : undefined,
    },
    requestsMax: requestsMax !== undefined && requestsMax > 0 ? requestsMax : undefined,
  }
}

/** A global session is never cheaper than a local one, nor is one taken up again. */
function readWeights(keys: KeyReader): NonNullable<AdmissionRules['weights']> {
  const weight = (name: keyof typeof weightNames, otherwise: number): number => {
    const written = keys.number(weightNames[name])
    return written === undefined || written <= 0 ? otherwise : written
  }
  const local = weight('local', 1)
  return { local, global: Math.max(local, weight('global', 3)), renewed: Math.max(local, weight('renewed', 2)) }
}
