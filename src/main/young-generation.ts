import { setFlagsFromString } from 'node:v8'

/**
 * Keeps the heap's young generation of this thread at what it starts with, two megabytes. Under load V8 lets it grow to 128
 * and gives nothing back; what a request makes is small and dies at once, so a larger one saves no time that could be
 * measured. Threads have a limit of their own (`YOUNG_GENERATION_SIZE_MB`); for the main thread this is the only way behind
 * the start of the process: the factor is asked at every growth.
 */
export function keepYoungGenerationSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1')
}
