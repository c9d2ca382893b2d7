import { type BackboneOptionFlags, backboneOptionsOf } from './backbone-options.js';
import { type EngineFlags, openOptionsOf, type SourceFlags } from './common-options.js';
import type { Session } from './session.js';

/** Flags of commands that embed the images of sources by a model. */
export interface EmbeddingFlags extends SourceFlags, EngineFlags, BackboneOptionFlags {}

/** What use cases that do so take, whatever else they are asked for. */
export function embeddingOptionsOf(flags: EmbeddingFlags, { onProgress, signal }: Session) {
  const { threads, device } = flags;
  return {
    threads,
    device,
    backbone: backboneOptionsOf(flags),
    open: openOptionsOf(flags),
    onProgress,
    signal,
  };
}
